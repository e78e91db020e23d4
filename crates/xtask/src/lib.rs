//! Checks of the whole workspace that no compiler makes: `cargo xtask tidy`.
//!
//! - [`source`]: Rust source without its comments and strings, and the functions in it.
//! - [`workspace`]: the files and manifests that are checked.
//! - [`mod@tidy`]: the checks, one a file.

pub mod source;
pub mod tidy;
pub mod workspace;

pub use tidy::tidy;
pub use workspace::{Finding, Workspace};
