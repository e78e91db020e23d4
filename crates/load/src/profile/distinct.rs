//! How many distinct values a column has: exactly up to a bound, then by estimate.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use cardinality_estimator::CardinalityEstimator;

use register::Hashed;

/// Up to so many distinct values are counted exactly.
const EXACT: usize = 65_536;

/// An estimate within about one in a hundred (16,384 registers).
type Estimate = CardinalityEstimator<u64, Hashed, 14, 6>;

/// A counter of distinct values, by their hashes.
pub enum Distinct {
    /// All hashes, while they are few.
    Exact(HashSet<u64, BuildHasherDefault<Hashed>>),
    /// An estimate.
    Estimate(Box<Estimate>),
}

impl Default for Distinct {
    fn default() -> Distinct {
        Distinct::Exact(HashSet::default())
    }
}

impl Distinct {
    /// Notes a value.
    pub fn insert(&mut self, hash: u64) {
        match self {
            Distinct::Estimate(estimate) => estimate.insert_hash(hash),
            Distinct::Exact(hashes) => {
                hashes.insert(hash);
                if hashes.len() > EXACT {
                    let mut estimate = Box::new(Estimate::new());
                    hashes.iter().for_each(|hash| estimate.insert_hash(*hash));
                    *self = Distinct::Estimate(estimate);
                }
            }
        }
    }

    /// How many there are, and whether that is exact.
    pub fn count(&self) -> (u64, bool) {
        match self {
            Distinct::Exact(hashes) => (hashes.len() as u64, true),
            Distinct::Estimate(estimate) => (estimate.estimate() as u64, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::hash::hash;

    fn count(distinct: u64) -> (u64, bool) {
        let mut counter = Distinct::default();
        for _ in 0..2 {
            for number in 0..distinct {
                counter.insert(hash(&number.to_string()));
            }
        }
        counter.count()
    }

    #[test]
    fn few_are_exact_and_many_are_near() {
        assert_eq!(count(0), (0, true));
        assert_eq!(count(EXACT as u64), (EXACT as u64, true));
        for truth in [70_000, 200_000, 600_000] {
            let (found, exact) = count(truth);
            assert!(!exact);
            let error = found.abs_diff(truth) as f64 / truth as f64;
            assert!(error < 0.03, "{found} for {truth}");
        }
    }
}
