//! What one load has said so far: of which keys, of which entities, and where.
//!
//! The memory this takes is bounded, whatever the file: what is over goes to sorted runs on disk.
//! Entities are remembered in bitmaps: their numbers are dense.

use std::io;

use record::StatementPosition;
use roaring::RoaringTreemap;

use super::key_map::KeyMap;
use super::spill::{Merged, Run, Scratch};

/// Keys held in memory: a table of 2^20 places is full then.
const KEYS_HELD: usize = 900_000;
/// Changes held in memory.
const CHANGES_HELD: usize = 1 << 20;

/// What is known of a natural key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The entity's number.
    pub number: u64,
    /// The digest of the latest row; 0 where only a comparison of values can tell.
    pub digest: u64,
    /// The line of this load that last spoke of it; 0 for none.
    pub line: u64,
}

/// What a load has said under each natural key, by its hash.
pub struct KeyLog {
    scratch: Scratch,
    recent: KeyMap<Slot>,
    /// The latest last: what it says of a key counts.
    runs: Vec<Run<4>>,
    held: usize,
}

impl KeyLog {
    /// Nothing said yet.
    pub fn new(scratch: Scratch) -> KeyLog {
        KeyLog {
            scratch,
            recent: KeyMap::default(),
            runs: Vec::new(),
            held: KEYS_HELD,
        }
    }

    /// What was last said under a key.
    pub fn get(&self, key: u64) -> io::Result<Option<Slot>> {
        if let Some(slot) = self.recent.get(&key) {
            return Ok(Some(*slot));
        }
        for run in self.runs.iter().rev() {
            if let Some([_, number, digest, line]) = run.find(key)? {
                return Ok(Some(Slot {
                    number,
                    digest,
                    line,
                }));
            }
        }
        Ok(None)
    }

    /// Says something under a key.
    pub fn set(&mut self, key: u64, slot: Slot) -> io::Result<()> {
        if self.recent.len() >= self.held && !self.recent.contains_key(&key) {
            let mut rows: Vec<[u64; 4]> = self
                .recent
                .drain()
                .map(|(key, slot)| [key, slot.number, slot.digest, slot.line])
                .collect();
            rows.sort_unstable();
            self.runs.push(Run::write(&self.scratch, &rows)?);
        }
        self.recent.insert(key, slot);
        Ok(())
    }
}

/// The entities that a load changes, and where its statements on them stand.
pub struct ChangeLog {
    scratch: Scratch,
    numbers: RoaringTreemap,
    recent: Vec<[u64; 3]>,
    runs: Vec<Run<3>>,
    held: usize,
}

impl ChangeLog {
    /// No changes yet.
    pub fn new(scratch: Scratch) -> ChangeLog {
        ChangeLog {
            scratch,
            numbers: RoaringTreemap::new(),
            recent: Vec::new(),
            runs: Vec::new(),
            held: CHANGES_HELD,
        }
    }

    /// Notes a statement on an entity.
    pub fn push(&mut self, number: u64, position: StatementPosition) -> io::Result<()> {
        if self.recent.len() >= self.held {
            self.spill()?;
        }
        self.numbers.insert(number);
        self.recent
            .push([number, position.block, u64::from(position.place)]);
        Ok(())
    }

    /// The entities.
    pub fn numbers(&self) -> &RoaringTreemap {
        &self.numbers
    }

    fn spill(&mut self) -> io::Result<()> {
        self.recent.sort_unstable();
        self.runs.push(Run::write(&self.scratch, &self.recent)?);
        self.recent.clear();
        Ok(())
    }

    /// Calls `each` with every entity, in the order of their numbers, and its statements in the order
    /// in which they stand.
    pub fn each<E: From<io::Error>>(
        &mut self,
        mut each: impl FnMut(u64, Vec<StatementPosition>) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.recent.is_empty() {
            self.spill()?;
        }
        let mut entity: Option<(u64, Vec<StatementPosition>)> = None;
        for row in Merged::new(&self.runs)? {
            let [number, block, place] = row?;
            let position = StatementPosition {
                block,
                place: place as u32,
            };
            match &mut entity {
                Some((same, positions)) if *same == number => positions.push(position),
                _ => {
                    if let Some((number, positions)) = entity.replace((number, vec![position])) {
                        each(number, positions)?;
                    }
                }
            }
        }
        match entity {
            Some((number, positions)) => each(number, positions),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
