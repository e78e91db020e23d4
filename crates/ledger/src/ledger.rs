//! The ledger: opening, reading blocks and journal entries.

use std::path::Path;
use std::sync::Arc;

use crate::append::Appender;
use crate::block::{self, Block, DEFAULT_LEVEL};
use crate::entry::Entry;
use crate::error::LedgerError;
use crate::hash::Hash;
use crate::name;
use crate::recovery::{self, Recovery};
use crate::shared::Shared;
use crate::store::{INCOMPLETE, LOG_PREFIX, Store, held};

/// Settings of an open ledger. None of them changes what is stored in a way that another value
/// could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The zstd level of [`Appender::append`]; 1 by default.
    pub compression_level: i32,
    /// The bytes of the store's page cache; 64 MiB by default.
    pub cache_bytes: u64,
    /// After how many appended bytes an appender flushes, so that what waits to be written stays
    /// small; 64 MiB by default.
    pub flush_every_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            compression_level: DEFAULT_LEVEL,
            cache_bytes: 64 << 20,
            flush_every_bytes: 64 << 20,
        }
    }
}

/// The ledger of one data directory. Clones share it; the directory is released when the last clone
/// and the last appender are dropped.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) shared: Arc<Shared>,
}

impl Ledger {
    /// Opens the ledger in a directory, made where there is none, and removes the blocks that no
    /// journal entry covers.
    ///
    /// # Errors
    /// `InUse` where another process has it open, `Incomplete` for the target of a backup that did
    /// not finish, `UnsupportedFormat` for a later format, `Io` and `Store` where the disk fails.
    /// Damage to the journal's end is no error: see [`Recovery::damage`].
    pub fn open(directory: &Path) -> Result<(Ledger, Recovery), LedgerError> {
        Ledger::open_with(directory, Options::default())
    }

    /// [`Ledger::open`] with settings.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_with(
        directory: &Path,
        options: Options,
    ) -> Result<(Ledger, Recovery), LedgerError> {
        if directory.join(INCOMPLETE).exists() {
            return Err(LedgerError::Incomplete {
                path: directory.to_path_buf(),
            });
        }
        Ledger::open_unfinished(directory, options)
    }

    /// Opens the target of a backup, finished or not.
    pub(crate) fn open_unfinished(
        directory: &Path,
        options: Options,
    ) -> Result<(Ledger, Recovery), LedgerError> {
        let store = Store::open(directory, options.cache_bytes)?;
        recovery::check_format(&store, directory)?;
        let (shared, recovery) = recovery::recover(store, directory, options)?;
        let shared = Arc::new(shared);
        Ok((Ledger { shared }, recovery))
    }

    /// Why the ledger only reads, if it does: damage found at opening, or a failed write since.
    pub fn damage(&self) -> Option<String> {
        held(&self.shared.positions).damage.clone()
    }

    /// Begins to stage blocks at the end of a log. The log exists from its first published block.
    ///
    /// # Errors
    /// `Busy` while another appender stages blocks in the same log, `InvalidName`, `Damaged` where
    /// the ledger only reads, `Store`.
    pub fn begin(&self, log: &str) -> Result<Appender, LedgerError> {
        name::check(log)?;
        self.shared.writable()?;
        let tree = self.shared.store.tree(LOG_PREFIX, log)?;
        Appender::begin(Arc::clone(&self.shared), tree, log)
    }

    /// The logs that have published blocks, sorted by name.
    pub fn logs(&self) -> Vec<String> {
        let positions = held(&self.shared.positions);
        positions.logs.keys().cloned().collect()
    }

    /// The number of published blocks of a log: the sequence of the next one. 0 for an unknown log.
    pub fn length(&self, log: &str) -> u64 {
        let positions = held(&self.shared.positions);
        positions.logs.get(log).map_or(0, |end| end.length)
    }

    /// Reads one published block and checks it against its own hash.
    ///
    /// # Errors
    /// `NotFound` beyond the end, `Corrupt` where the block is missing, unreadable or changed.
    pub fn read(&self, log: &str, sequence: u64) -> Result<Block, LedgerError> {
        let length = self.length(log);
        if sequence >= length {
            return Err(LedgerError::NotFound {
                log: log.to_owned(),
                sequence,
                length,
            });
        }
        let block = self
            .shared
            .block_bytes(log, sequence)
            .and_then(|bytes| block::decode(log, sequence, &bytes));
        block.map_err(|reason| LedgerError::Corrupt {
            log: log.to_owned(),
            sequence,
            reason,
        })
    }

    /// Reads the published blocks from `from` to before `to`, as far as there are at the time of
    /// the call. A block that fails [`Ledger::read`] gives its error and the next ones follow.
    pub fn scan(
        &self,
        log: &str,
        from: u64,
        to: u64,
    ) -> impl Iterator<Item = Result<Block, LedgerError>> + Send + use<> {
        let end = to.min(self.length(log));
        let ledger = self.clone();
        let log = log.to_owned();
        (from..end).map(move |sequence| ledger.read(&log, sequence))
    }

    /// The number of the last journal entry; 0 before the first.
    pub fn journal_length(&self) -> u64 {
        held(&self.shared.positions).number
    }

    /// The number and hash of the last journal entry: what to keep elsewhere to prove later that
    /// nothing up to it was rewritten.
    pub fn journal_head(&self) -> (u64, Hash) {
        let positions = held(&self.shared.positions);
        (positions.number, positions.hash)
    }

    /// Reads one journal entry and checks it against its own hash.
    ///
    /// # Errors
    /// `NoEntry` for 0 and beyond the end, `CorruptEntry` where it is missing, unreadable or
    /// changed.
    pub fn entry(&self, number: u64) -> Result<Entry, LedgerError> {
        let length = self.journal_length();
        if number == 0 || number > length {
            return Err(LedgerError::NoEntry { number, length });
        }
        let entry = self.shared.entry(number);
        entry.map_err(|reason| LedgerError::CorruptEntry { number, reason })
    }

    /// Reads the journal from an entry on, to the last at the time of the call. Entries are numbered
    /// from 1. An entry that fails [`Ledger::entry`] gives its error and the next ones follow.
    pub fn journal(
        &self,
        from: u64,
    ) -> impl Iterator<Item = Result<Entry, LedgerError>> + Send + use<> {
        let end = self.journal_length();
        let ledger = self.clone();
        (from.max(1)..=end).map(move |number| ledger.entry(number))
    }

    /// Returns when everything put before the call is on the disk.
    ///
    /// # Errors
    /// `Store` or `Io`; the ledger only reads from then on.
    pub fn flush(&self) -> Result<(), LedgerError> {
        self.shared.flush()
    }

    /// The bytes of the ledger's files.
    ///
    /// # Errors
    /// `Store` where they cannot be measured.
    pub fn size_on_disk(&self) -> Result<u64, LedgerError> {
        self.shared.store.size_on_disk()
    }
}
