//! Why an operation on the ledger failed.

use std::io;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, Finding};

/// Why an operation on the ledger failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Another process, or another `Ledger` in this one, has the directory open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The ledger's directory.
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
    /// The store below failed.
    #[error("the store failed to {action}: {message}")]
    Store {
        /// What was being done, as a verb phrase.
        action: &'static str,
        /// What the store said.
        message: String,
    },
    /// The directory is the target of a backup that did not finish.
    #[error("{} holds an unfinished backup", path.display())]
    Incomplete {
        /// The ledger's directory.
        path: PathBuf,
    },
    /// The directory was written by a later format.
    #[error("{} has format {found}, this program reads format {supported}", path.display())]
    UnsupportedFormat {
        /// The ledger's directory.
        path: PathBuf,
        /// The format found; 0 where there is data but no format.
        found: u32,
        /// The format this program reads.
        supported: u32,
    },
    /// Another appender stages blocks in this log.
    #[error("log {log:?} already has an appender")]
    Busy {
        /// The log.
        log: String,
    },
    /// A log or bucket name with other than 1 to 100 of `a-z A-Z 0-9 _ - . /`.
    #[error("{name:?} is no name for a log or bucket")]
    InvalidName {
        /// The name given.
        name: String,
    },
    /// The position is beyond what is published.
    #[error("log {log:?} has {length} blocks, there is no block {sequence}")]
    NotFound {
        /// The log.
        log: String,
        /// The sequence asked for, from 0.
        sequence: u64,
        /// The number of published blocks.
        length: u64,
    },
    /// No such journal entry.
    #[error("the journal has {length} entries, there is no entry {number}")]
    NoEntry {
        /// The number asked for, from 1.
        number: u64,
        /// The number of the last entry.
        length: u64,
    },
    /// A published block cannot be trusted.
    #[error("block {sequence} of log {log:?}: {reason}")]
    Corrupt {
        /// The log.
        log: String,
        /// The sequence, from 0.
        sequence: u64,
        /// What is wrong.
        reason: Fault,
    },
    /// A published journal entry cannot be trusted.
    #[error("journal entry {number}: {reason}")]
    CorruptEntry {
        /// The number, from 1.
        number: u64,
        /// What is wrong.
        reason: Fault,
    },
    /// A payload above the limit.
    #[error("a payload of {length} bytes is above the limit of {limit}")]
    TooLarge {
        /// Its bytes.
        length: usize,
        /// The most allowed.
        limit: usize,
    },
    /// The payload could not be compressed.
    #[error("cannot compress a payload: {0}")]
    Compression(io::Error),
    /// An appender of another `Ledger` was given to publish.
    #[error("the appender of log {log:?} belongs to another ledger")]
    ForeignAppender {
        /// Its log.
        log: String,
    },
    /// The journal's instants have reached the end of their range.
    #[error("no instant later than that of the last journal entry can be written")]
    InstantsExhausted,
    /// The end of the journal is damaged, or a write failed: the ledger only reads until it is
    /// repaired or restored and opened again.
    #[error("the ledger only reads: {reason}")]
    Damaged {
        /// What was found.
        reason: String,
    },
    /// The target of a backup exists and is not an empty directory.
    #[error("{} is not an empty directory", path.display())]
    TargetNotEmpty {
        /// The target.
        path: PathBuf,
    },
    /// A backup was written but does not verify.
    #[error("the backup has {} faults, the first: {}", findings.len(), first(findings))]
    BackupFaulty {
        /// What is wrong with it.
        findings: Vec<Finding>,
    },
}

/// The first finding as text.
fn first(findings: &[Finding]) -> String {
    findings.first().map(Finding::to_string).unwrap_or_default()
}

impl LedgerError {
    /// A closure that makes an `Io` error about `path`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> LedgerError + use<> {
        let path = path.to_path_buf();
        move |source| LedgerError::Io { path, source }
    }

    /// A closure that makes a `Store` error about `action`.
    pub(crate) fn store(action: &'static str) -> impl FnOnce(sled::Error) -> LedgerError {
        move |error| LedgerError::Store {
            action,
            message: error.to_string(),
        }
    }
}
