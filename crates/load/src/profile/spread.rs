//! How the numbers or days of a column are spread, and which lie far out.
//!
//! Values are counted in bins that drop just as many of the last bits of the mantissa as it takes to
//! stay within a bound. A coarser bin is a union of finer ones, so that the same values give the same
//! bins in whatever order they come and however they are merged. The median and the median absolute
//! deviation are read off the bins: exactly while values are few, else within the width of a bin.

use std::collections::BTreeMap;

use super::hash::ByHash;

/// So many bins there are at most.
const BINS: usize = 32_768;
/// Extreme values that are kept with their lines.
const EXTREMES: usize = 5;
/// How many robust standard deviations from the median a value must lie to be an outlier.
const FAR: f64 = 8.0;
/// A normal distribution's standard deviation, in median absolute deviations.
const OF_MEDIAN_DEVIATION: f64 = 1.4826;
/// A normal distribution's standard deviation, in mean absolute deviations.
const OF_MEAN_DEVIATION: f64 = 1.2533;

/// Counts of values.
#[derive(Clone, Debug, Default)]
struct Bins {
    /// Low bits dropped.
    dropped: u32,
    counts: ByHash<u64>,
}

impl Bins {
    fn add(&mut self, ordered: u64, count: u64) {
        *self.counts.entry(ordered >> self.dropped).or_default() += count;
        while self.counts.len() > BINS {
            self.coarsen(self.dropped + 1);
        }
    }

    fn coarsen(&mut self, dropped: u32) {
        let by = dropped - self.dropped;
        let mut coarser = ByHash::default();
        for (bin, count) in self.counts.drain() {
            *coarser.entry(bin >> by).or_default() += count;
        }
        (self.counts, self.dropped) = (coarser, dropped);
    }

    fn merge(&mut self, other: Bins) {
        if other.dropped > self.dropped {
            self.coarsen(other.dropped);
        }
        let by = self.dropped - other.dropped;
        for (bin, count) in other.counts {
            *self.counts.entry(bin >> by).or_default() += count;
        }
        while self.counts.len() > BINS {
            self.coarsen(self.dropped + 1);
        }
    }

    /// The middle of each bin, and its count, in order.
    fn values(&self) -> Vec<(f64, u64)> {
        let sorted: BTreeMap<u64, u64> = self.counts.iter().map(|(bin, n)| (*bin, *n)).collect();
        let half = if self.dropped == 0 {
            0
        } else {
            1 << (self.dropped - 1)
        };
        sorted
            .into_iter()
            .map(|(bin, count)| (number((bin << self.dropped) | half), count))
            .collect()
    }
}

/// A number of 64 bits that is ordered as the value is.
fn ordered(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn number(ordered: u64) -> f64 {
    f64::from_bits(if ordered >> 63 == 1 {
        ordered & !(1 << 63)
    } else {
        !ordered
    })
}

/// The values of a column.
#[derive(Clone, Debug, Default)]
pub struct Values {
    count: u64,
    sum: f64,
    bins: Bins,
    lowest: Vec<(f64, u64)>,
    highest: Vec<(f64, u64)>,
}

/// What is to be said of the values of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// The smallest.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
    /// The mean.
    pub mean: f64,
    /// Half of the values are smaller.
    pub median: f64,
    /// Between which values nothing is an outlier.
    pub usual: (f64, f64),
    /// Values outside.
    pub outliers: u64,
    /// The furthest of them, with their lines.
    pub examples: Vec<(f64, u64)>,
}

impl Values {
    /// Notes a value of a line.
    pub fn add(&mut self, value: f64, line: u64) {
        if !value.is_finite() {
            return;
        }
        self.count += 1;
        self.sum += value;
        self.bins.add(ordered(value), 1);
        keep(&mut self.lowest, (value, line), |one, other| one < other);
        keep(&mut self.highest, (value, line), |one, other| one > other);
    }

    /// Adds the values of the next batch.
    pub fn merge(&mut self, batch: Values) {
        self.count += batch.count;
        self.sum += batch.sum;
        self.bins.merge(batch.bins);
        for one in batch.lowest {
            keep(&mut self.lowest, one, |one, other| one < other);
        }
        for one in batch.highest {
            keep(&mut self.highest, one, |one, other| one > other);
        }
    }

    /// What is to be said; nothing of no values.
    pub fn spread(&self) -> Option<Spread> {
        let minimum = self.lowest.first()?.0;
        let maximum = self.highest.first()?.0;
        let values = self.bins.values();
        let mean = self.sum / self.count as f64;
        let middle = median(&values).clamp(minimum, maximum);
        // Amounts of money, areas and the like are spread over powers of ten.
        let logarithmic = minimum > 0.0 && mean > 2.0 * middle;
        let usual = if logarithmic {
            let logs: Vec<(f64, u64)> = values.iter().map(|(v, n)| (v.ln(), *n)).collect();
            let (low, high) = usual(&logs, middle.ln());
            (low.exp(), high.exp())
        } else {
            usual(&values, middle)
        };
        let outside = |value: f64| value < usual.0 || value > usual.1;
        let outliers = values.iter().filter(|(value, _)| outside(*value));
        let outliers: u64 = outliers.map(|(_, count)| count).sum();
        let mut examples: Vec<(f64, u64)> =
            self.highest.iter().chain(&self.lowest).copied().collect();
        examples.retain(|(value, _)| outliers > 0 && outside(*value));
        Some(Spread {
            count: self.count,
            minimum,
            maximum,
            mean,
            median: middle,
            usual,
            outliers,
            examples,
        })
    }
}

/// Keeps an extreme; of equal ones the earlier.
fn keep(kept: &mut Vec<(f64, u64)>, one: (f64, u64), before: impl Fn(f64, f64) -> bool) {
    let place = kept.partition_point(|(value, _)| !before(one.0, *value));
    if place < EXTREMES {
        kept.truncate(EXTREMES - 1);
        kept.insert(place, one);
    }
}

/// The weighted median of sorted values.
fn median(values: &[(f64, u64)]) -> f64 {
    let all: u64 = values.iter().map(|(_, count)| count).sum();
    let mut before = 0;
    for (value, count) in values {
        before += count;
        if before * 2 >= all {
            return *value;
        }
    }
    0.0
}

/// Between which values nothing is an outlier.
fn usual(values: &[(f64, u64)], middle: f64) -> (f64, f64) {
    let mut deviations: Vec<(f64, u64)> = values
        .iter()
        .map(|(value, count)| ((value - middle).abs(), *count))
        .collect();
    deviations.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let mut deviation = OF_MEDIAN_DEVIATION * median(&deviations);
    if deviation == 0.0 {
        // More than half of the values are equal.
        let count: u64 = deviations.iter().map(|(_, count)| count).sum();
        let sum: f64 = deviations
            .iter()
            .map(|(one, count)| one * *count as f64)
            .sum();
        deviation = OF_MEAN_DEVIATION * sum / count.max(1) as f64;
    }
    (middle - FAR * deviation, middle + FAR * deviation)
}

#[cfg(test)]
mod tests;
