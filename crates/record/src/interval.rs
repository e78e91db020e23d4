//! Half-open intervals of validity (days, true in the world) and knowledge (transactions, known to us).

use serde::{Deserialize, Serialize};

use crate::Day;

/// The number of a journal entry of the ledger, from 1: the unit in which knowledge grows. The
/// ledger's journal turns instants into transactions and back, so that "as known at an instant"
/// means one state for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Transaction(pub u64);

impl Transaction {
    /// Before anything was known.
    pub const ZERO: Transaction = Transaction(0);
    /// Still believed.
    pub const MAX: Transaction = Transaction(u64::MAX);
}

/// `[from, to)` in days. [`Day::MIN`] and [`Day::MAX`] are open ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Validity {
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub to: Day,
}

impl Validity {
    /// For ever, in both directions.
    pub const ALWAYS: Validity = Validity {
        from: Day::MIN,
        to: Day::MAX,
    };

    /// `[from, to)`; `None` where that is empty.
    pub fn new(from: Day, to: Day) -> Option<Validity> {
        (from < to).then_some(Validity { from, to })
    }

    /// Whether the day lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day < self.to
    }

    /// The days in both; `None` where there are none.
    pub fn intersection(self, other: Validity) -> Option<Validity> {
        Validity::new(self.from.max(other.from), self.to.min(other.to))
    }
}

/// The pair of times a read is answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The day in the world.
    pub valid: Day,
    /// The state of knowledge: everything up to and including this transaction.
    pub known: Transaction,
}
