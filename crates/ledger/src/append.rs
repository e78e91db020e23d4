//! Appending: blocks are staged at the end of a log, and one journal entry makes them visible.

use std::collections::BTreeSet;
use std::sync::Arc;

use sled::Tree;

use crate::block::{self, Block, BlockHeader, Packed, Packer, checked_length};
use crate::entry::{Entry, Head, NewEntry, Range};
use crate::error::LedgerError;
use crate::hash::Hash;
use crate::ledger::Ledger;
use crate::shared::{LogEnd, Shared, ends_of};
use crate::store::held;

/// Stages blocks at the end of one log. Nobody sees them until they are published; dropped without
/// that, they are removed again.
pub struct Appender {
    tree: Tree,
    shared: Arc<Shared>,
    log: String,
    first: u64,
    next: u64,
    head: Hash,
    unflushed: u64,
    packer: Option<Packer>,
    settled: bool,
}

impl Appender {
    /// Takes the log's only place for an appender.
    pub(crate) fn begin(
        shared: Arc<Shared>,
        tree: Tree,
        log: &str,
    ) -> Result<Appender, LedgerError> {
        let mut positions = held(&shared.positions);
        if !positions.busy.insert(log.to_owned()) {
            return Err(LedgerError::Busy {
                log: log.to_owned(),
            });
        }
        let end = positions.logs.get(log).copied().unwrap_or_default();
        drop(positions);
        Ok(Appender {
            shared,
            tree,
            log: log.to_owned(),
            first: end.length,
            next: end.length,
            head: end.hash,
            unflushed: 0,
            packer: None,
            settled: false,
        })
    }

    /// The log it appends to.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// The sequence of the first block it stages.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The number of blocks staged so far.
    pub fn staged(&self) -> u64 {
        self.next - self.first
    }

    /// Compresses a payload and stages it as the next block; gives its sequence.
    ///
    /// # Errors
    /// `TooLarge`, `Compression`, and as [`Appender::append_packed`].
    pub fn append(&mut self, header: BlockHeader, payload: &[u8]) -> Result<u64, LedgerError> {
        let packer = match &mut self.packer {
            Some(packer) => packer,
            empty => empty.insert(Packer::new(self.shared.options.compression_level)?),
        };
        let packed = packer.pack(header, payload)?;
        self.append_packed(&packed)
    }

    /// Stages a block compressed elsewhere as the next one; gives its sequence. Flushes after each
    /// [`Options::flush_every_bytes`](crate::Options::flush_every_bytes).
    ///
    /// # Errors
    /// `Damaged` where the ledger only reads, `Store` or `Io` where the disk fails.
    pub fn append_packed(&mut self, packed: &Packed) -> Result<u64, LedgerError> {
        self.shared.writable()?;
        let sequence = self.next;
        let (bytes, hash) = packed.chain(&self.log, sequence, self.head);
        let length = bytes.len() as u64;
        self.tree
            .insert(sequence.to_be_bytes(), bytes)
            .map_err(LedgerError::store("insert a block"))?;
        self.next += 1;
        self.head = hash;
        self.unflushed += length;
        if self.unflushed >= self.shared.options.flush_every_bytes {
            self.shared.flush()?;
            self.unflushed = 0;
        }
        Ok(sequence)
    }

    /// Reads a block that it has staged itself.
    ///
    /// # Errors
    /// `NotFound` for any other block, `Store` where the disk fails, `Corrupt`.
    pub fn read(&self, sequence: u64) -> Result<Block, LedgerError> {
        let bytes = self
            .tree
            .get(sequence.to_be_bytes())
            .map_err(LedgerError::store("read a block"))?
            .filter(|_| sequence >= self.first)
            .ok_or_else(|| LedgerError::NotFound {
                log: self.log.clone(),
                sequence,
                length: self.next,
            })?;
        block::decode(&self.log, sequence, &bytes).map_err(|reason| LedgerError::Corrupt {
            log: self.log.clone(),
            sequence,
            reason,
        })
    }

    /// Makes the staged blocks visible with one journal entry; returns when that is on the disk.
    ///
    /// # Errors
    /// As [`Ledger::publish_many`].
    pub fn publish(self, entry: NewEntry) -> Result<Entry, LedgerError> {
        let ledger = Ledger {
            shared: Arc::clone(&self.shared),
        };
        ledger.publish_many(vec![self], entry)
    }

    /// Removes the staged blocks. Dropping the appender does the same and keeps silent about errors:
    /// what could not be removed goes when the ledger is next opened.
    ///
    /// # Errors
    /// `Store` where a block cannot be removed.
    pub fn abandon(mut self) -> Result<(), LedgerError> {
        self.withdraw()
    }

    /// Removes the staged blocks and gives the place up.
    fn withdraw(&mut self) -> Result<(), LedgerError> {
        if self.settled {
            return Ok(());
        }
        self.settled = true;
        // After a failed write it is unknown whether an entry that covers them is on the disk:
        // the next opening decides.
        let mut result = self.shared.writable();
        if result.is_ok() {
            result = (self.first..self.next).try_for_each(|sequence| {
                let removed = self.tree.remove(sequence.to_be_bytes());
                removed
                    .map(drop)
                    .map_err(LedgerError::store("remove a block"))
            });
        }
        held(&self.shared.positions).busy.remove(&self.log);
        result
    }

    /// The blocks it staged, if any.
    fn range(&self) -> Option<Range> {
        (self.next > self.first).then(|| Range {
            log: self.log.clone(),
            first: self.first,
            last: self.next - 1,
            head: self.head,
        })
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        // There is nobody to tell; `abandon` says that the next opening removes the rest.
        let _ = self.withdraw();
    }
}

impl Ledger {
    /// Makes the blocks staged by several appenders, each of another log, visible with one journal
    /// entry; returns when that is on the disk. Without appenders, or with ones that staged nothing,
    /// the entry has no ranges and is all payload. State put before the call is on the disk too.
    ///
    /// The entry's instant is the one given, or one microsecond after the previous entry's where
    /// that is later.
    ///
    /// # Errors
    /// `TooLarge` payload, `ForeignAppender`, `InstantsExhausted`, `Damaged` where the ledger only
    /// reads: nothing is published and the appenders are abandoned. After `Store` or `Io` the ledger
    /// only reads, and whether the entry was published shows when it is opened again.
    pub fn publish_many(
        &self,
        mut appenders: Vec<Appender>,
        entry: NewEntry,
    ) -> Result<Entry, LedgerError> {
        checked_length(&entry.payload)?;
        let foreign = |appender: &&Appender| !Arc::ptr_eq(&appender.shared, &self.shared);
        if let Some(appender) = appenders.iter().find(foreign) {
            return Err(LedgerError::ForeignAppender {
                log: appender.log.clone(),
            });
        }
        let mut ranges: Vec<Range> = appenders.iter().filter_map(Appender::range).collect();
        ranges.sort_by(|a, b| a.log.cmp(&b.log));

        let _publishing = held(&self.shared.publishing);
        let mut entry = self.next_entry(ranges, entry)?;
        let bytes = entry.seal()?;
        if !entry.ranges.is_empty() {
            self.shared.flush()?;
        }
        let key = entry.number.to_be_bytes();
        let written = self
            .shared
            .journal
            .insert(key, bytes)
            .map_err(LedgerError::store("insert a journal entry"))
            .and_then(|_| self.shared.flush())
            .and_then(|()| self.shared.anchor.record(entry.number, entry.hash));
        if let Err(error) = written {
            self.shared
                .damaged(format!("writing the journal failed: {error}"));
            return Err(error);
        }

        let released: BTreeSet<&str> = appenders.iter().map(|a| a.log.as_str()).collect();
        let mut positions = held(&self.shared.positions);
        positions.number = entry.number;
        positions.hash = entry.hash;
        positions.instant_micros = entry.instant_micros;
        positions.logs = ends_of(&entry);
        positions
            .busy
            .retain(|log| !released.contains(log.as_str()));
        drop(positions);
        for appender in &mut appenders {
            appender.settled = true;
        }
        Ok(entry)
    }

    /// The entry that follows the last one. The caller holds `publishing`.
    fn next_entry(&self, ranges: Vec<Range>, entry: NewEntry) -> Result<Entry, LedgerError> {
        let positions = held(&self.shared.positions);
        positions.writable()?;
        let mut instant_micros = entry.instant_micros;
        if positions.number > 0 {
            let earliest = positions.instant_micros.checked_add(1);
            instant_micros = instant_micros.max(earliest.ok_or(LedgerError::InstantsExhausted)?);
        }
        let mut ends = positions.logs.clone();
        for range in &ranges {
            let end = LogEnd {
                length: range.last + 1,
                hash: range.head,
            };
            ends.insert(range.log.clone(), end);
        }
        let heads = ends.into_iter().map(|(log, end)| Head {
            log,
            length: end.length,
            hash: end.hash,
        });
        Ok(Entry {
            number: positions.number + 1,
            instant_micros,
            ranges,
            heads: heads.collect(),
            payload: entry.payload,
            previous: positions.hash,
            hash: Hash::ORIGIN,
        })
    }
}
