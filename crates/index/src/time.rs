//! Which rectangles a search sees, and how long it may take.

use std::time::{Duration, Instant};

use record::{AsOf, Day, Transaction, Validity};

/// Which rectangles of validity × knowledge a read sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeScope {
    /// What is believed now of this day, which is today: answered from `current` alone.
    Present(Day),
    /// Any other pair of times.
    At(AsOf),
    /// Of each record the last rectangle that holds on some of these days, as known by a transaction:
    /// how it was at their end, or when it ended among them.
    During(Validity, Transaction),
    /// Every rectangle there is.
    All,
}

/// The instant after which a search gives up with [`crate::IndexError::TimeLimit`].
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// No limit.
    pub const NONE: Deadline = Deadline(None);

    /// This long from now.
    pub fn within(limit: Duration) -> Deadline {
        Deadline(Instant::now().checked_add(limit))
    }

    /// Whether it has passed.
    pub fn passed(&self) -> bool {
        self.0.is_some_and(|instant| Instant::now() >= instant)
    }

    pub(crate) fn check(&self) -> tantivy::Result<()> {
        if self.passed() {
            return Err(tantivy::TantivyError::InternalError(
                crate::error::OUT_OF_TIME.to_string(),
            ));
        }
        Ok(())
    }
}
