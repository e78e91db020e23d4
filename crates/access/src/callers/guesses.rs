//! Who shows what is not known, again and again.
//!
//! A key has 256 random bits: it is not found by trying. What this spares is work and noise. Only what
//! is not known counts, and only that is turned away: whoever shares an address with one who guesses,
//! and shows a key that is in force, is let in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many guesses are answered as such in one span.
const MOST: u32 = 20;
const SPAN: Duration = Duration::from_secs(60);
/// So many addresses are watched.
const ADDRESSES: usize = 10_000;

/// The guesses of late, by address.
#[derive(Default)]
pub struct Guesses {
    by_address: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Guesses {
    /// Counts a guess.
    ///
    /// # Errors
    ///
    /// It is one too many: after how many seconds another one is looked at.
    pub fn count(&self, address: IpAddr) -> Result<(), u64> {
        self.count_at(address, Instant::now())
    }

    fn count_at(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let mut all = self
            .by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if all.len() >= ADDRESSES && !all.contains_key(&address) {
            all.retain(|_, (begun, _)| now.duration_since(*begun) < SPAN);
            if all.len() >= ADDRESSES {
                return Err(SPAN.as_secs());
            }
        }
        let (begun, count) = all.entry(address).or_insert((now, 0));
        let passed = now.duration_since(*begun);
        if passed >= SPAN {
            (*begun, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        match *count > MOST {
            true => Err((SPAN - passed.min(SPAN)).as_secs().max(1)),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_counted_by_address_and_forgotten() {
        let guesses = Guesses::default();
        let (one, other) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let begun = Instant::now();
        for _ in 0..MOST {
            assert_eq!(guesses.count_at(one, begun), Ok(()));
        }
        assert_eq!(guesses.count_at(one, begun), Err(60));
        assert_eq!(guesses.count_at(other, begun), Ok(()));
        assert_eq!(guesses.count_at(one, begun + SPAN), Ok(()));
    }
}
