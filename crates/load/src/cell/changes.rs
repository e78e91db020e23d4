//! How often a value was taken otherwise than it was written. Nothing is changed silently: the report
//! counts it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// A way in which a value is brought to its normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// White space at its ends was taken off.
    Trimmed,
    /// Full-width digits, letters or signs became half-width ones.
    HalfWidth,
    /// Characters written as several code points became one (NFC).
    Composed,
    /// A number of identity, or the like, was brought to the form in which it is compared.
    Canonical,
}

impl Change {
    const ALL: [Change; 4] = [
        Change::Trimmed,
        Change::HalfWidth,
        Change::Composed,
        Change::Canonical,
    ];

    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Change::Trimmed => "trimmed",
            Change::HalfWidth => "half-width",
            Change::Composed => "composed",
            Change::Canonical => "canonical",
        }
    }
}

/// Counts changes; shared by the threads of a load.
#[derive(Debug, Default)]
pub struct Changes {
    counts: [AtomicU64; Change::ALL.len()],
    private_use: AtomicU64,
}

impl Changes {
    /// Counts one value.
    pub fn note(&self, change: Change) {
        self.counts[change as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a value with characters of private use, which is kept as it is.
    pub fn note_private_use(&self) {
        self.private_use.fetch_add(1, Ordering::Relaxed);
    }

    /// The values with characters of private use.
    pub fn private_use(&self) -> u64 {
        self.private_use.load(Ordering::Relaxed)
    }

    /// The values changed, by the name of the change; those that did not occur are left out.
    pub fn counted(&self) -> BTreeMap<String, u64> {
        let count = |change: Change| self.counts[change as usize].load(Ordering::Relaxed);
        Change::ALL
            .into_iter()
            .map(|change| (change.name().to_string(), count(change)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}
