//! Rebuilds the crate when a file of `schemas/` is added: the embedded copy must not lag behind.

fn main() {
    println!("cargo::rerun-if-changed=../../schemas");
}
