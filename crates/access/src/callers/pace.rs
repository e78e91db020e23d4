//! How often a caller may ask: a rate a minute, and a quota a day.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;

use super::usage::Used;

/// What one caller may, and what it has used.
pub struct Pace {
    rate: Option<DefaultDirectRateLimiter>,
    quota: Option<Daily>,
}

struct Daily {
    most: u64,
    used: Mutex<Used>,
}

/// Seconds of a day, and by how many China's civil time is ahead.
const DAY: i64 = 86_400;
const AHEAD: i64 = 8 * 3600;

impl Pace {
    /// With a rate and a quota; without limits where nothing is said.
    pub fn new(per_minute: Option<u32>, per_day: Option<u64>) -> Pace {
        let rate = per_minute.and_then(NonZeroU32::new);
        Pace {
            rate: rate.map(|rate| RateLimiter::direct(Quota::per_minute(rate))),
            quota: per_day.map(|most| Daily {
                most,
                used: Mutex::new(Used {
                    day: 0,
                    requests: 0,
                }),
            }),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// It is one too many: after how many seconds, at least one, the next is let through.
    pub fn step(&self) -> Result<(), u64> {
        if let Some(rate) = &self.rate {
            rate.check().map_err(|until| {
                let wait = until.wait_time_from(DefaultClock::default().now());
                seconds(wait)
            })?;
        }
        match &self.quota {
            Some(quota) => quota.step(Timestamp::now().as_second()),
            None => Ok(()),
        }
    }

    /// The requests of the day under way, where there is a quota.
    pub fn used(&self) -> Option<Used> {
        let quota = self.quota.as_ref()?;
        Some(*quota.used.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what was used before a restart.
    pub fn resume(&self, used: Used) {
        if let Some(quota) = &self.quota {
            *quota.used.lock().unwrap_or_else(PoisonError::into_inner) = used;
        }
    }
}

impl Daily {
    fn step(&self, now: i64) -> Result<(), u64> {
        let day = (now + AHEAD).div_euclid(DAY);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.day != day {
            *used = Used { day, requests: 0 };
        }
        if used.requests >= self.most {
            let next = (day + 1) * DAY - AHEAD;
            return Err(u64::try_from(next - now).unwrap_or(1).max(1));
        }
        used.requests += 1;
        Ok(())
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
