//! A window over what was written lately, from which references to existing things are drawn.

use crate::random::Random;

/// Entries kept: enough for variety, whatever the size of the city.
const CAPACITY: usize = 1 << 13;

/// The last entries pushed.
pub(crate) struct Pool<T> {
    entries: Vec<T>,
    oldest: usize,
}

impl<T: Copy> Pool<T> {
    pub(crate) fn new() -> Self {
        Pool {
            entries: Vec::with_capacity(CAPACITY),
            oldest: 0,
        }
    }

    /// Whether nothing was pushed yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry; the oldest gives way when the pool is full.
    pub(crate) fn push(&mut self, entry: T) {
        if self.entries.len() < CAPACITY {
            self.entries.push(entry);
        } else {
            self.entries[self.oldest] = entry;
            self.oldest = (self.oldest + 1) % CAPACITY;
        }
    }

    /// One of the entries.
    pub(crate) fn draw(&self, random: &mut Random) -> Option<T> {
        if self.entries.is_empty() {
            None
        } else {
            Some(*random.pick(&self.entries))
        }
    }
}
