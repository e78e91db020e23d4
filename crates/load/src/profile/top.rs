//! The most frequent values of a column, in bounded memory.
//!
//! Each batch gives its most frequent values and the highest count among those it leaves out; the sum
//! of these, with what is pruned later, bounds by how much any count can be too low ("mergeable
//! summaries", Agarwal and others, 2012). Values that may owe their place to that error are not shown.

use std::cmp::Reverse;

use record::CompactString;

use super::hash::ByHash;

/// Values of one batch that are kept.
const OF_A_BATCH: usize = 128;
/// Values kept over all batches; pruned to half where they are more.
const KEPT: usize = 2_048;

/// A value, and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frequent {
    /// The value.
    pub text: CompactString,
    /// How often it was counted.
    pub count: u64,
}

/// The most frequent values of a batch.
#[derive(Default)]
pub struct BatchTop {
    values: Vec<(u64, Frequent)>,
    dropped: u64,
}

impl BatchTop {
    /// Of all values of a batch, by hash.
    pub fn of<'a>(all: impl Iterator<Item = (u64, u64, &'a CompactString)>) -> BatchTop {
        let mut all: Vec<_> = all.collect();
        let mut dropped = 0;
        if all.len() > OF_A_BATCH {
            let order = |one: &(u64, u64, &'a CompactString)| (Reverse(one.1), one.2);
            all.select_nth_unstable_by(OF_A_BATCH, |one, other| order(one).cmp(&order(other)));
            dropped = all[OF_A_BATCH].1;
            all.truncate(OF_A_BATCH);
        }
        let frequent = |(hash, count, text): (u64, u64, &CompactString)| {
            let text = text.clone();
            (hash, Frequent { text, count })
        };
        BatchTop {
            values: all.into_iter().map(frequent).collect(),
            dropped,
        }
    }
}

/// The most frequent values of a column.
#[derive(Default)]
pub struct Top {
    values: ByHash<Frequent>,
    /// By how much any count may be too low.
    error: u64,
}

impl Top {
    /// Adds the values of the next batch.
    pub fn merge(&mut self, batch: BatchTop) {
        for (hash, frequent) in batch.values {
            match self.values.get_mut(&hash) {
                Some(known) => known.count += frequent.count,
                None => {
                    self.values.insert(hash, frequent);
                }
            }
        }
        self.error += batch.dropped;
        if self.values.len() > KEPT {
            self.prune();
        }
    }

    fn prune(&mut self) {
        let mut counts: Vec<(u64, Frequent)> = self.values.drain().collect();
        counts.sort_unstable_by(|one, other| order(&one.1).cmp(&order(&other.1)));
        self.error += counts
            .get(KEPT / 2)
            .map_or(0, |(_, frequent)| frequent.count);
        counts.truncate(KEPT / 2);
        self.values.extend(counts);
    }

    /// The most frequent, and by how much their counts may be too low. A value that occurs once is
    /// none, and so is one that another, left out, may exceed.
    pub fn best(&self, most: usize) -> (Vec<Frequent>, u64) {
        let mut best: Vec<&Frequent> = self.values.values().collect();
        best.retain(|frequent| frequent.count > 1 && frequent.count > self.error);
        best.sort_unstable_by(|one, other| order(one).cmp(&order(other)));
        (best.into_iter().take(most).cloned().collect(), self.error)
    }
}

fn order(frequent: &Frequent) -> (Reverse<u64>, &CompactString) {
    (Reverse(frequent.count), &frequent.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::hash::hash;

    fn batch(values: &[(String, u64)]) -> BatchTop {
        let texts: Vec<CompactString> = values.iter().map(|(text, _)| text.into()).collect();
        let counted = values.iter().zip(&texts);
        BatchTop::of(counted.map(|((text, count), kept)| (hash(text), *count, kept)))
    }

    #[test]
    fn what_is_frequent_is_found_among_many_that_are_not() {
        let mut top = Top::default();
        for round in 0..100u64 {
            let mut values: Vec<(String, u64)> = (0..1_000)
                .map(|n| (format!("rare {round} {n}"), 1))
                .collect();
            values.push(("甲".to_string(), 300));
            values.push(("乙".to_string(), 200));
            top.merge(batch(&values));
        }
        let (best, error) = top.best(10);
        let found: Vec<_> = best
            .iter()
            .map(|one| (one.text.as_str(), one.count))
            .collect();
        assert_eq!(found, [("甲", 30_000), ("乙", 20_000)]);
        assert!(error > 0 && error < 20_000, "{error}");
    }

    #[test]
    fn few_values_are_counted_exactly() {
        let mut top = Top::default();
        for _ in 0..7 {
            top.merge(batch(&[
                ("男".into(), 3),
                ("女".into(), 4),
                ("未知".into(), 1),
            ]));
        }
        let (best, error) = top.best(2);
        let found: Vec<_> = best
            .iter()
            .map(|one| (one.text.as_str(), one.count))
            .collect();
        assert_eq!((found, error), (vec![("女", 28), ("男", 21)], 0));
    }

    #[test]
    fn values_that_occur_once_are_not_frequent() {
        let mut top = Top::default();
        top.merge(batch(&[("a".into(), 1), ("b".into(), 1)]));
        assert!(top.best(10).0.is_empty());
    }
}
