//! Copies a trail, also while it is written.

use std::path::Path;

use crate::directory::Directory;
use crate::error::AuditError;
use crate::segment;
use crate::verify::{Verification, verify};

/// Copies the trail of a directory into another one that holds none, and proves the copy. What is appended
/// meanwhile may be in it or not.
///
/// # Errors
///
/// A file cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<Verification, AuditError> {
    let (source, format) = Directory::find(from)?;
    let (target, _) = Directory::make(to, format.segment_bits)?;
    // What speaks of entries first, the entries after: these may then only be more.
    let mut names: Vec<String> = ["secret-names", "secret-heads", "format", "head", "roots"]
        .map(str::to_owned)
        .to_vec();
    let count = crate::load::segments(&source);
    names.extend((0..count).map(segment::index_name));
    names.extend((0..count).map(segment::name));
    for name in names.iter().filter(|name| source.path(name).is_file()) {
        let path = source.path(name);
        let bytes = std::fs::read(&path).map_err(AuditError::io(&path))?;
        target.write_whole(name, &bytes)?;
    }
    target.sync()?;
    verify(to, &|_, _| ())
}
