//! Takes what Vite built from `dist/` to where it is embedded from: an empty folder where nothing was built,
//! so that the binary still builds.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let (from, to) = (Path::new(&here).join("dist"), Path::new(&out).join("dist"));
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    fs::create_dir_all(&to)?;
    if from.exists() {
        println!("cargo::rerun-if-changed=dist");
        return copy(&from, &to);
    }
    // What does not exist counts as changed at every build: its folder tells when it comes.
    println!("cargo::rerun-if-changed=.");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&place)?;
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), &place)?;
        }
    }
    Ok(())
}
