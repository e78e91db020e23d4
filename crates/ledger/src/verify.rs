//! Verification: walks the chain of the journal and of every log and lists every fault.

use std::collections::BTreeMap;

use crate::anchor::Recorded;
use crate::block;
use crate::entry::{Entry, Range};
use crate::error::LedgerError;
use crate::fault::{Fault, Finding, Place};
use crate::hash::Hash;
use crate::ledger::Ledger;
use crate::shared::{LogEnd, LogEnds, Shared, ends_of};
use crate::store::held;

/// After how many blocks progress is told.
const PROGRESS_EVERY: u64 = 64;

/// How far a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Blocks walked.
    pub blocks: u64,
    /// Blocks there are.
    pub total_blocks: u64,
    /// Journal entries walked.
    pub entries: u64,
    /// Journal entries there are.
    pub total_entries: u64,
}

/// What a verification walked and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// The journal entries walked.
    pub entries: u64,
    /// The blocks walked.
    pub blocks: u64,
    /// The bytes of the payloads of the sound ones among them, before compression.
    pub bytes: u64,
    /// Every fault, in the order of the walk: by journal entry, then by log and sequence.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Ledger {
    /// Walks the journal and every log as of the time of the call: every entry and block is read,
    /// checked against its own hash and against the one before it, blocks are decompressed, and
    /// ranges and heads are compared with the logs. Appends may go on meanwhile.
    ///
    /// # Errors
    /// `Io` where the record of the last entry cannot be read. Faults are no error: they are
    /// listed.
    pub fn verify(&self, mut progress: impl FnMut(Progress)) -> Result<Verification, LedgerError> {
        let publishing = held(&self.shared.publishing);
        let recorded = self.shared.anchor.read()?;
        let positions = held(&self.shared.positions);
        let (number, ends) = (positions.number, positions.logs.clone());
        drop(positions);
        drop(publishing);
        let walk = Walk {
            shared: &self.shared,
            told: Progress {
                blocks: 0,
                total_blocks: ends.values().map(|end| end.length).sum(),
                entries: 0,
                total_entries: number,
            },
            progress: &mut progress,
            cursors: BTreeMap::new(),
            before: Some(Before {
                hash: Hash::ORIGIN,
                instant_micros: None,
                ends: LogEnds::new(),
            }),
            verification: Verification::default(),
        };
        Ok(walk.run(number, &ends, recorded))
    }
}

/// What the entry before says; absent where it could not be read.
struct Before {
    hash: Hash,
    instant_micros: Option<i64>,
    ends: LogEnds,
}

/// How far a log has been walked.
struct Cursor {
    next: u64,
    /// The hash of the block before; `None` where it could not be trusted.
    previous: Option<Hash>,
}

/// One walk through journal and logs.
struct Walk<'a> {
    shared: &'a Shared,
    progress: &'a mut dyn FnMut(Progress),
    told: Progress,
    cursors: BTreeMap<String, Cursor>,
    before: Option<Before>,
    verification: Verification,
}

impl Walk<'_> {
    fn run(mut self, number: u64, ends: &LogEnds, recorded: Recorded) -> Verification {
        for number in 1..=number {
            self.entry(number, ends, recorded);
            self.told.entries = number;
            (self.progress)(self.told);
        }
        // Blocks whose entries could not be read.
        for (log, end) in ends {
            self.blocks(log, end.length);
        }
        match recorded {
            Recorded::Entry(last, _) if last > number => {
                self.entry_fault(number + 1, Fault::MissingFromHere { last });
            }
            Recorded::Entry(last, _) if last < number => {
                self.entry_fault(number, Fault::NotTheLast { last });
            }
            Recorded::Entry(..) => {}
            Recorded::Nothing | Recorded::Unreadable => {
                self.entry_fault(number, Fault::NoRecord);
            }
        }
        self.verification.entries = self.told.entries;
        self.verification.blocks = self.told.blocks;
        (self.progress)(self.told);
        self.verification
    }

    /// Checks one entry and the blocks it covers.
    fn entry(&mut self, number: u64, ends: &LogEnds, recorded: Recorded) {
        let entry = match self.shared.entry(number) {
            Ok(entry) => entry,
            Err(fault) => {
                self.entry_fault(number, fault);
                self.before = None;
                return;
            }
        };
        if let Recorded::Entry(last, hash) = recorded
            && last == number
            && hash != entry.hash
        {
            self.entry_fault(number, Fault::NotTheLast { last });
        }
        if let Some(before) = self.before.take() {
            self.follows(&entry, before);
        }
        for range in &entry.ranges {
            // Never beyond the log's end, whatever the entry says.
            let end = ends.get(&range.log).map_or(0, |end| end.length);
            self.blocks(&range.log, range.last.saturating_add(1).min(end));
            self.compare_head(number, range);
        }
        self.before = Some(Before {
            hash: entry.hash,
            instant_micros: Some(entry.instant_micros),
            ends: ends_of(&entry),
        });
    }

    /// Checks an entry against the one before it.
    fn follows(&mut self, entry: &Entry, before: Before) {
        let number = entry.number;
        if entry.previous != before.hash {
            self.entry_fault(number, Fault::BrokenChain);
        }
        if before.instant_micros >= Some(entry.instant_micros) {
            self.entry_fault(number, Fault::InstantNotLater);
        }
        let mut ends = before.ends;
        for range in &entry.ranges {
            let end = ends.entry(range.log.clone()).or_default();
            let continues = range.first == end.length && range.last >= range.first;
            *end = LogEnd {
                length: range.last.saturating_add(1),
                hash: range.head,
            };
            if !continues {
                let log = range.log.clone();
                self.entry_fault(number, Fault::RangesDoNotContinue { log });
            }
        }
        let stated = ends_of(entry);
        let differs = ends
            .keys()
            .chain(stated.keys())
            .find(|log| ends.get(*log) != stated.get(*log));
        if let Some(log) = differs.cloned() {
            self.entry_fault(number, Fault::RangesDoNotContinue { log });
        }
    }

    /// Walks a log to before `end`.
    fn blocks(&mut self, log: &str, end: u64) {
        let mut cursor = self.cursors.remove(log).unwrap_or(Cursor {
            next: 0,
            previous: Some(Hash::ORIGIN),
        });
        while cursor.next < end {
            let sequence = cursor.next;
            let block = self
                .shared
                .block_bytes(log, sequence)
                .and_then(|bytes| block::decode(log, sequence, &bytes));
            cursor.next += 1;
            match block {
                Ok(block) => {
                    if cursor.previous.is_some_and(|hash| hash != block.previous) {
                        self.block_fault(log, sequence, Fault::BrokenChain);
                    }
                    cursor.previous = Some(block.hash);
                    self.verification.bytes += block.payload.len() as u64;
                }
                Err(fault) => {
                    self.block_fault(log, sequence, fault);
                    cursor.previous = None;
                }
            }
            self.told.blocks += 1;
            if self.told.blocks.is_multiple_of(PROGRESS_EVERY) {
                (self.progress)(self.told);
            }
        }
        self.cursors.insert(log.to_owned(), cursor);
    }

    /// Compares the last block of a range just walked with what its entry recorded.
    fn compare_head(&mut self, number: u64, range: &Range) {
        let found = self.cursors.get(&range.log);
        let Some(cursor) = found.filter(|cursor| cursor.next == range.last.saturating_add(1))
        else {
            return;
        };
        if cursor.previous.is_some_and(|hash| hash != range.head) {
            let fault = Fault::NotAsRecorded { entry: number };
            self.block_fault(&range.log, range.last, fault);
        }
    }

    fn entry_fault(&mut self, number: u64, fault: Fault) {
        let place = Place::Entry { number };
        self.verification.findings.push(Finding { place, fault });
    }

    fn block_fault(&mut self, log: &str, sequence: u64, fault: Fault) {
        let place = Place::Block {
            log: log.to_owned(),
            sequence,
        };
        self.verification.findings.push(Finding { place, fault });
    }
}
