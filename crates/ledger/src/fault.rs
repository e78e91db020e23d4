//! What can be wrong with a stored block or journal entry, and where.

use std::fmt;

/// What is wrong with one block or one journal entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is nothing where it should be.
    #[error("missing")]
    Missing,
    /// The store below could not read it.
    #[error("the store cannot read it: {0}")]
    Unreadable(String),
    /// Its bytes end too early or go on too long for its version's layout.
    #[error("malformed, {length} bytes long")]
    Malformed {
        /// The number of bytes found.
        length: usize,
    },
    /// A format version this program does not know.
    #[error("written in unknown version {0}")]
    UnknownVersion(u8),
    /// Its bytes do not give its own hash: something was changed in place.
    #[error("the content does not match its own hash")]
    Checksum,
    /// The payload does not decompress to its declared length.
    #[error("the payload does not decompress: {0}")]
    Undecodable(String),
    /// The link to the one before it is broken: this one or the one before was replaced.
    #[error("the previous hash is not that of the one before")]
    BrokenChain,
    /// The block is not the one that a journal entry recorded as the last of its range.
    #[error("the hash is not the one that journal entry {entry} recorded")]
    NotAsRecorded {
        /// The entry whose range ends here.
        entry: u64,
    },
    /// The entry carries another number than the place where it is stored.
    #[error("numbered {found}")]
    WrongNumber {
        /// The number inside the entry.
        found: u64,
    },
    /// The entry's instant is not later than that of the one before.
    #[error("the instant is not later than that of the one before")]
    InstantNotLater,
    /// The entry's ranges and heads do not continue those of the one before.
    #[error("the ranges of log {log:?} do not continue those of the entry before")]
    RangesDoNotContinue {
        /// The log concerned.
        log: String,
    },
    /// Acknowledged entries are gone, from this one to the last published. The store drops what it
    /// wrote after a place that it cannot read.
    #[error("missing, with all after it to the last published entry, number {last}")]
    MissingFromHere {
        /// The number of the last entry ever published.
        last: u64,
    },
    /// The entry is not the one recorded as the last published, by number or by hash.
    #[error("not the entry recorded as the last published, number {last}")]
    NotTheLast {
        /// The number recorded.
        last: u64,
    },
    /// The record of the last published entry is missing or damaged.
    #[error("the record of the last published entry cannot be read")]
    NoRecord,
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A block.
    Block {
        /// Its log.
        log: String,
        /// Its sequence, from 0.
        sequence: u64,
    },
    /// A journal entry.
    Entry {
        /// Its number, from 1.
        number: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Block { log, sequence } => {
                write!(formatter, "block {sequence} of log {log:?}")
            }
            Place::Entry { number } => write!(formatter, "journal entry {number}"),
        }
    }
}

/// One fault and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.fault)
    }
}
