//! The clock: the only place of this crate that asks what time it is.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use record::Day;

/// Today in China Standard Time (UTC+8), which is legal time in all of China.
pub fn today() -> Day {
    let zone = TimeZone::fixed(Offset::constant(8));
    let date = Timestamp::now().to_zoned(zone).date();
    Day::from_calendar(date.year(), date.month() as u8, date.day() as u8).unwrap_or(Day(0))
}

/// Now, in microseconds since 1970 UTC.
pub fn now() -> i64 {
    Timestamp::now().as_microsecond()
}
