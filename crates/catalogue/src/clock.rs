//! Days and instants by China's civil time, in which offices work.

use jiff::Timestamp;
use record::Day;

/// China's civil time is eight hours ahead of UTC, without summer time.
const AHEAD: i64 = 8 * 3600;
const SECONDS_A_DAY: i64 = 86_400;

/// Now, in microseconds since 1970 UTC.
pub fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The day of an instant (microseconds since 1970 UTC).
pub fn day_of(instant: i64) -> Day {
    let seconds = instant.div_euclid(1_000_000) + AHEAD;
    let day = seconds.div_euclid(SECONDS_A_DAY);
    Day(i32::try_from(day).unwrap_or(i32::MAX - 1))
}

/// An instant (microseconds since 1970 UTC) as RFC 3339 text in UTC.
pub fn instant_text(instant: i64) -> Option<String> {
    let at = Timestamp::from_microsecond(instant).ok()?;
    Some(at.to_string())
}
