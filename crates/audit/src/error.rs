//! Why the trail cannot be opened, written or read.

use std::io;
use std::path::{Path, PathBuf};

/// Why the trail cannot be opened, written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// Another process writes it.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// Its directory.
        path: PathBuf,
    },
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What was written and acknowledged is not there any more, or not as it was.
    #[error("the audit trail is damaged at entry {sequence}: {reason}")]
    Damaged {
        /// The first entry that cannot be trusted, from 0.
        sequence: u64,
        /// What was found.
        reason: String,
    },
    /// A file of the trail other than its entries cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// An earlier write failed and could not be taken back: nothing more is written until it is opened again.
    #[error("the audit trail takes no more entries since a write failed: {0}")]
    Closed(String),
    /// It was opened for reading.
    #[error("the audit trail is open for reading only")]
    ReadOnly,
    /// There are not so many entries.
    #[error("the audit trail has {size} entries, there is no entry {sequence}")]
    NoEntry {
        /// The entry asked for, from 0.
        sequence: u64,
        /// How many there are.
        size: u64,
    },
    /// An entry that cannot be written as JSON.
    #[error("an entry cannot be written: {0}")]
    Unwritable(String),
    /// A proof or a head that proves nothing.
    #[error("{0}")]
    Unproven(String),
}

impl AuditError {
    /// A closure that makes an `Io` error about `path`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> AuditError + use<> {
        let path = path.to_path_buf();
        move |source| AuditError::Io { path, source }
    }
}
