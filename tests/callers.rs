//! Who is let in: keys, tokens, certificates, and attempts to be taken for another.

mod attacks;
mod keys;
pub mod stage;
mod tokens;
mod transport;
