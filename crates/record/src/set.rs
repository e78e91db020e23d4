//! Sets that conditions carry: entities found before, and places found before.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A set of entities of one collection, by their numbers. Cheap to copy.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IdSet(Arc<[u64]>);

impl IdSet {
    /// The set of these numbers, in any order.
    pub fn new(mut numbers: Vec<u64>) -> IdSet {
        numbers.sort_unstable();
        numbers.dedup();
        IdSet(numbers.into())
    }

    /// The numbers, ascending.
    pub fn numbers(&self) -> &Arc<[u64]> {
        &self.0
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an entity is among them.
    pub fn contains(&self, number: u64) -> bool {
        self.0.binary_search(&number).is_ok()
    }
}

/// How many, not which: sets have millions.
impl fmt::Debug for IdSet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "IdSet({})", self.len())
    }
}

impl Serialize for IdSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{} ids", self.len()))
    }
}

/// Places, each a geometry as well-known binary. Cheap to copy.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Places(pub Arc<[Vec<u8>]>);

impl fmt::Debug for Places {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Places({})", self.0.len())
    }
}

impl Serialize for Places {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{} places", self.0.len()))
    }
}
