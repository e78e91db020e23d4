//! What the ledger and its appenders share: the store, and the ends of the journal and of the logs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, RwLock};

use sled::{IVec, Tree};

use crate::anchor::Anchor;
use crate::entry::{Entry, Head};
use crate::error::LedgerError;
use crate::fault::Fault;
use crate::hash::Hash;
use crate::ledger::Options;
use crate::store::{LOG_PREFIX, Store, held};

/// The end of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct LogEnd {
    pub(crate) length: u64,
    pub(crate) hash: Hash,
}

/// The ends of the logs, by name.
pub(crate) type LogEnds = BTreeMap<String, LogEnd>;

/// What is published, and who appends.
pub(crate) struct Positions {
    /// The number of the last entry; 0 before the first.
    pub(crate) number: u64,
    /// Its hash.
    pub(crate) hash: Hash,
    /// Its instant.
    pub(crate) instant_micros: i64,
    pub(crate) logs: LogEnds,
    /// The logs with an appender.
    pub(crate) busy: BTreeSet<String>,
    /// Why the ledger only reads.
    pub(crate) damage: Option<String>,
}

impl Positions {
    /// Before the first entry.
    pub(crate) fn origin() -> Positions {
        Positions {
            number: 0,
            hash: Hash::ORIGIN,
            instant_micros: i64::MIN,
            logs: LogEnds::new(),
            busy: BTreeSet::new(),
            damage: None,
        }
    }

    /// An error where the ledger only reads.
    pub(crate) fn writable(&self) -> Result<(), LedgerError> {
        match &self.damage {
            None => Ok(()),
            Some(reason) => Err(LedgerError::Damaged {
                reason: reason.clone(),
            }),
        }
    }
}

/// The ledger's inside.
pub(crate) struct Shared {
    pub(crate) journal: Tree,
    pub(crate) anchor: Anchor,
    pub(crate) options: Options,
    /// Held for moments only.
    pub(crate) positions: Mutex<Positions>,
    /// Held while one entry is published.
    pub(crate) publishing: Mutex<()>,
    /// Read by those who change the keyed state, written by a backup while it copies it.
    pub(crate) state_gate: RwLock<()>,
    // The last field: its lock is released after the trees above are closed.
    pub(crate) store: Store,
}

impl Shared {
    /// The stored bytes of a block, published or not.
    pub(crate) fn block_bytes(&self, log: &str, sequence: u64) -> Result<IVec, Fault> {
        let tree = self.store.find(LOG_PREFIX, log).ok_or(Fault::Missing)?;
        let found = tree.get(sequence.to_be_bytes());
        found
            .map_err(|error| Fault::Unreadable(error.to_string()))?
            .ok_or(Fault::Missing)
    }

    /// The stored bytes of a journal entry.
    pub(crate) fn entry_bytes(&self, number: u64) -> Result<IVec, Fault> {
        let found = self.journal.get(number.to_be_bytes());
        found
            .map_err(|error| Fault::Unreadable(error.to_string()))?
            .ok_or(Fault::Missing)
    }

    /// A journal entry, read and checked.
    pub(crate) fn entry(&self, number: u64) -> Result<Entry, Fault> {
        Entry::decode(number, &self.entry_bytes(number)?)
    }

    /// Flushes. After a failure nobody can say what reached the disk, so the ledger only reads from
    /// then on.
    pub(crate) fn flush(&self) -> Result<(), LedgerError> {
        let result = self.store.flush();
        if let Err(error) = &result {
            self.damaged(format!("a flush failed: {error}"));
        }
        result
    }

    /// Lets the ledger only read from now on.
    pub(crate) fn damaged(&self, reason: String) {
        held(&self.positions).damage.get_or_insert(reason);
    }

    /// An error where the ledger only reads.
    pub(crate) fn writable(&self) -> Result<(), LedgerError> {
        held(&self.positions).writable()
    }
}

/// The ends of the logs that an entry recorded.
pub(crate) fn ends_of(entry: &Entry) -> LogEnds {
    let end = |head: &Head| LogEnd {
        length: head.length,
        hash: head.hash,
    };
    entry
        .heads
        .iter()
        .map(|head| (head.log.clone(), end(head)))
        .collect()
}
