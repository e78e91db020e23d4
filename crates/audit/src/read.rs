//! Reading: one entry, by place or by name; those of a record or a caller; proofs.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use jiff::Timestamp;
use record::EntityId;

use crate::entry::{Entry, Mark};
use crate::error::AuditError;
use crate::hash::Hash;
use crate::merkle::{self, Subtrees};
use crate::receipt::Receipt;
use crate::segment::{self, Index};
use crate::trail::{Segment, Shared, State, Trail};

/// What entries are listed under.
#[derive(Clone, Copy, Debug)]
pub enum Listed<'a> {
    /// A record that was handed out.
    Record(EntityId),
    /// A caller, by its name.
    Caller(&'a str),
    /// The parts and the end of an answer that an entry began.
    Of(u64),
}

impl Listed<'_> {
    fn mark(self) -> Mark {
        match self {
            Listed::Record(id) => Mark::record(id),
            Listed::Caller(id) => Mark::caller(id),
            Listed::Of(sequence) => Mark::of(sequence),
        }
    }
}

impl Trail {
    /// An entry's text, of which its leaf hash is made.
    ///
    /// # Errors
    ///
    /// There is no such entry, or a file cannot be read.
    pub fn line(&self, sequence: u64) -> Result<Vec<u8>, AuditError> {
        self.shared.line(sequence)
    }

    /// An entry.
    ///
    /// # Errors
    ///
    /// There is no such entry, or it cannot be read.
    pub fn entry(&self, sequence: u64) -> Result<Entry, AuditError> {
        let line = self.line(sequence)?;
        serde_json::from_slice(&line).map_err(|error| AuditError::Damaged {
            sequence,
            reason: error.to_string(),
        })
    }

    /// The entry of a name; `None` where the name was never given.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn find(&self, receipt: Receipt) -> Result<Option<Entry>, AuditError> {
        let sequence = self.shared.namer.place(receipt);
        if sequence >= self.size() {
            return Ok(None);
        }
        let entry = self.entry(sequence)?;
        Ok((entry.receipt == receipt).then_some(entry))
    }

    /// The entries listed so, newest first, before a place: at most so many.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn listed(
        &self,
        listed: Listed<'_>,
        before: u64,
        limit: usize,
    ) -> Result<Vec<u64>, AuditError> {
        let before = before.min(self.size());
        let mut found = Vec::new();
        let bits = self.shared.format.segment_bits;
        let mut number = if before == 0 {
            0
        } else {
            ((before - 1) >> bits) + 1
        };
        while number > 0 && found.len() < limit {
            number -= 1;
            let places = self.shared.listed(number, listed.mark())?;
            let sequences = places
                .iter()
                .rev()
                .map(|place| (number << bits) + u64::from(*place));
            found.extend(sequences.filter(|sequence| *sequence < before));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The place of the first entry at or after an instant (microseconds since 1970 UTC).
    ///
    /// # Errors
    ///
    /// An entry cannot be read.
    pub fn since(&self, instant: i64) -> Result<u64, AuditError> {
        let (mut low, mut high) = (0, self.size());
        while low < high {
            let middle = low + (high - low) / 2;
            if instant_of(&self.entry(middle)?) < instant {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The audit path of an entry in the tree over the first `size` entries.
    ///
    /// # Errors
    ///
    /// There are not so many entries, or a file cannot be read.
    pub fn inclusion(&self, sequence: u64, size: u64) -> Result<Vec<Hash>, AuditError> {
        self.shared.has(size)?;
        if sequence >= size {
            return Err(AuditError::NoEntry { sequence, size });
        }
        merkle::inclusion(&*self.shared, sequence, size)
    }

    /// The proof that the tree over the first `size` entries continues that over the first `old`.
    ///
    /// # Errors
    ///
    /// There are not so many entries, or a file cannot be read.
    pub fn consistency(&self, old: u64, size: u64) -> Result<Vec<Hash>, AuditError> {
        self.shared.has(size)?;
        if old > size {
            return Err(AuditError::NoEntry {
                sequence: old,
                size,
            });
        }
        merkle::consistency(&*self.shared, old, size)
    }
}

/// An entry's instant, in microseconds since 1970 UTC.
pub fn instant_of(entry: &Entry) -> i64 {
    let instant = entry.instant.parse::<Timestamp>();
    instant.map_or(0, Timestamp::as_microsecond)
}

/// Where a segment is.
enum Found {
    Memory(Arc<File>, u64, u64),
    Disk,
}

impl State {
    /// A segment that is in memory.
    fn segment(&self, number: u64) -> Option<&Segment> {
        let sealing = self.sealing.iter().map(|segment| &**segment);
        sealing
            .chain([&self.active])
            .find(|segment| segment.number == number)
    }
}

impl Shared {
    fn has(&self, size: u64) -> Result<(), AuditError> {
        let there = self.held().size();
        if size > there {
            return Err(AuditError::NoEntry {
                sequence: size - 1,
                size: there,
            });
        }
        Ok(())
    }

    fn each(&self) -> u64 {
        1 << self.format.segment_bits
    }

    fn line(&self, sequence: u64) -> Result<Vec<u8>, AuditError> {
        let number = sequence >> self.format.segment_bits;
        let place = sequence & (self.each() - 1);
        let found = {
            let state = self.held();
            let size = state.size();
            if sequence >= size {
                return Err(AuditError::NoEntry { sequence, size });
            }
            let segment = state.segment(number);
            let span = segment.and_then(|segment| segment.lines.span(place as usize));
            let file = segment.and_then(|segment| segment.file.clone());
            match (file, span) {
                (Some(file), Some((from, to))) => Found::Memory(file, from, to),
                _ => Found::Disk,
            }
        };
        let path = self.directory.path(&segment::name(number));
        let (file, from, to) = match found {
            Found::Memory(file, from, to) => (file, from, to),
            Found::Disk => {
                let (from, to) = self.index(number)?.span(place)?;
                let file = File::open(&path).map_err(AuditError::io(&path))?;
                (Arc::new(file), from, to)
            }
        };
        let mut bytes = vec![0; to.saturating_sub(from) as usize];
        file.read_exact_at(&mut bytes, from)
            .map_err(AuditError::io(&path))?;
        Ok(bytes)
    }

    /// The index of a full segment, made again where it is missing.
    fn index(&self, number: u64) -> Result<Index, AuditError> {
        if let Some(index) = Index::open(&self.directory, number, self.each())? {
            return Ok(index);
        }
        let bytes = crate::load::text(&self.directory, number)?;
        let before = match number.checked_sub(1) {
            None => Hash::ORIGIN,
            Some(before) => {
                let leaves = self.index(before)?.leaves(self.each() - 1, 1)?;
                leaves.first().copied().unwrap_or(Hash::ORIGIN)
            }
        };
        let scan = segment::scan(&bytes, number << self.format.segment_bits, before);
        if let Some(reason) = scan.wrong {
            let sequence = (number << self.format.segment_bits) + scan.lines.leaves.len() as u64;
            return Err(AuditError::Damaged { sequence, reason });
        }
        Index::write(&self.directory, number, &scan.lines)?;
        let made = Index::open(&self.directory, number, self.each())?;
        made.ok_or_else(|| AuditError::Unreadable {
            path: self.directory.path(&segment::index_name(number)),
            reason: "it does not fit its segment".to_owned(),
        })
    }

    fn listed(&self, number: u64, mark: Mark) -> Result<Vec<u32>, AuditError> {
        let in_memory = self
            .held()
            .segment(number)
            .map(|segment| segment.lines.listed(mark));
        match in_memory {
            Some(places) => Ok(places),
            None => self.index(number)?.listed(mark),
        }
    }

    /// So many leaf hashes of one segment.
    fn leaves(&self, number: u64, from: u64, count: u64) -> Result<Vec<Hash>, AuditError> {
        let state = self.held();
        if let Some(segment) = state.segment(number) {
            let leaves = &segment.lines.leaves;
            let part = leaves.get(from as usize..(from + count) as usize);
            return Ok(part.map(<[Hash]>::to_vec).unwrap_or_default());
        }
        drop(state);
        self.index(number)?.leaves(from, count)
    }
}

impl Subtrees for Shared {
    type Error = AuditError;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, AuditError> {
        let bits = self.format.segment_bits;
        if let Some(above) = level.checked_sub(bits) {
            let (from, count) = ((index << above) as usize, 1 << above);
            let state = self.held();
            let roots = state.roots.get(from..from + count);
            return Ok(merkle::perfect(
                roots.map(<[Hash]>::to_vec).unwrap_or_default(),
            ));
        }
        let first = index << level;
        let leaves = self.leaves(first >> bits, first & (self.each() - 1), 1 << level)?;
        Ok(merkle::perfect(leaves))
    }
}
