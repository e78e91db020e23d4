//! Random numbers whose sequence never changes: SplitMix64 streams and weighted choice.
//!
//! The generator is our own few lines rather than a crate's, because the same seed must write the
//! same bytes for ever, whatever version of a library is in use.

/// A stream of random numbers (SplitMix64), told from other streams of the same seed by a number.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

/// SplitMix64's finaliser: spreads every bit of the input over all bits of the output.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Random {
    /// The stream numbered `stream` of `seed`.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let start = mix(seed ^ 0x6A69_6B75_0000_0000);
        Random {
            state: mix(start ^ mix(stream.wrapping_add(1))),
        }
    }

    /// 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// A number below `limit` (0 when `limit` is 0).
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        ((u64::from(limit) * (self.next() >> 32)) >> 32) as u32
    }

    /// A position in a list of `length` entries.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as u32) as i32
    }

    /// A number from 0 up to, but not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with the given probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the entries of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, entries: &'a [T]) -> &'a T {
        &entries[self.index(entries.len())]
    }

    /// Brings a list into random order.
    pub(crate) fn shuffle<T>(&mut self, entries: &mut [T]) {
        for last in (1..entries.len()).rev() {
            entries.swap(last, self.index(last + 1));
        }
    }
}

/// Choice among entries by weight, in constant time (Vose's alias method).
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    /// Share of a column that belongs to its own entry, of 2^32.
    share: Vec<u64>,
    /// The entry that has the rest of the column.
    other: Vec<u32>,
}

impl Weighted {
    /// A choice among as many entries as there are weights; weights are not negative.
    pub(crate) fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let length = weights.len();
        let mut rest: Vec<f64> = weights
            .iter()
            .map(|weight| weight * length as f64 / total)
            .collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..length).partition(|&entry| rest[entry] < 1.0);
        let mut share = vec![1u64 << 32; length];
        let mut other: Vec<u32> = (0..length as u32).collect();
        while let (Some(less), Some(&more)) = (small.pop(), large.last()) {
            share[less] = (rest[less] * (1u64 << 32) as f64) as u64;
            other[less] = more as u32;
            rest[more] -= 1.0 - rest[less];
            if rest[more] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        Weighted { share, other }
    }

    /// One entry's position.
    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        let bits = random.next();
        let column = (((bits >> 32) * self.share.len() as u64) >> 32) as usize;
        if bits & 0xFFFF_FFFF < self.share[column] {
            column
        } else {
            self.other[column] as usize
        }
    }
}
