//! `validAt` and `knownAt`: the pair of times a query is answered for; and `datetime`, the days that
//! OGC API - Features asks about.
//!
//! Days in place of one day ask for the records that hold on some of them. A record may have held
//! in several states meanwhile; its id stands in an answer once, with the last of them: as it was at
//! the end of these days, or when it ended. Every other condition is asked of that state. So
//! `datetime=2024-03-01/2024-03-01`, `datetime=2024-03-01` and `validAt=2024-03-01` are one question.

use jiff::Timestamp;
use record::{AsOf, Day, Prose, Transaction, Validity, prose};
use register::{Store, TimeScope, View};

use crate::QueryError;

/// China's civil time is eight hours ahead of UTC, without summer time: where days begin.
const DAY_BEGINS_MICROSECONDS: i64 = 8 * 3600 * 1_000_000;
const MICROSECONDS_A_DAY: i64 = 86_400 * 1_000_000;

/// Today, by China's civil time.
pub fn today() -> Day {
    day_of(Timestamp::now().as_microsecond())
}

/// What "now" means in a store, as RFC 3339 text in UTC, to the millisecond.
pub fn now_text(store: &dyn Store) -> String {
    let now = Timestamp::from_microsecond(store.now());
    format!("{:.3}", now.unwrap_or_default())
}

/// This instant, in microseconds since 1970 UTC.
pub fn now_microseconds() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The day, by China's civil time, of an instant (microseconds since 1970 UTC).
pub fn day_of(instant: i64) -> Day {
    let days = (instant + DAY_BEGINS_MICROSECONDS).div_euclid(MICROSECONDS_A_DAY);
    Day(i32::try_from(days).unwrap_or(i32::MAX - 1))
}

/// The instant (microseconds since 1970 UTC) at which a day begins by China's civil time.
pub fn begins(day: Day) -> i64 {
    i64::from(day.0) * MICROSECONDS_A_DAY - DAY_BEGINS_MICROSECONDS
}

/// An instant (microseconds since 1970 UTC) as RFC 3339 text in UTC.
pub fn instant_text(instant: i64) -> Option<String> {
    Timestamp::from_microsecond(instant)
        .ok()
        .map(|at| at.to_string())
}

/// The pair of times, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// What the store is asked for.
    pub scope: TimeScope,
    /// The days in the world; mostly one.
    pub valid: Validity,
    /// The state of knowledge.
    pub known: Transaction,
    /// Whether it is the present, as when no time is given.
    pub is_present: bool,
}

impl Times {
    /// One day in one state of knowledge.
    pub fn at(valid: Day, known: Transaction) -> Times {
        Times {
            scope: TimeScope::At(AsOf { valid, known }),
            valid: Validity {
                from: valid,
                to: valid.next(),
            },
            known,
            is_present: false,
        }
    }

    /// The day, as `2024-03-01`, or the days, as `2024-03-01/2024-03-31` or `../2024-03-31`.
    pub fn valid_text(&self) -> String {
        let Validity { from, to } = self.valid;
        let last = if to == Day::MAX { to } else { Day(to.0 - 1) };
        if from == last {
            from.to_string()
        } else {
            format!("{from}/{last}")
        }
    }

    /// The same state of knowledge on other days: whatever holds on some of them.
    #[must_use]
    pub fn during(self, days: Validity) -> Times {
        let Validity { from, to } = days;
        let scope = if to == from.next() {
            let (valid, known) = (from, self.known);
            TimeScope::At(AsOf { valid, known })
        } else {
            TimeScope::During(days, self.known)
        };
        Times {
            scope,
            valid: days,
            is_present: false,
            ..self
        }
    }
}

/// Resolves `validAt` (a day) and `knownAt` (a day, meaning its end, or an RFC 3339 instant).
pub fn resolve(
    store: &dyn Store,
    view: &dyn View,
    today: Day,
    valid_at: Option<&str>,
    known_at: Option<&str>,
) -> Result<Times, QueryError> {
    let valid = match valid_at {
        None => today,
        Some(text) => text.parse::<Day>().map_err(|_| {
            QueryError::bad(
                "validAt",
                text,
                prose!("日期，如 2024-03-01", "a day such as 2024-03-01"),
            )
        })?,
    };
    let known = match known_at {
        None => view.transaction(),
        Some(text) => {
            let instant = instant(text).ok_or_else(|| {
                let expected = prose!(
                    "日期，如 2024-03-01；或时刻，如 2024-03-01T12:00:00Z",
                    "a day such as 2024-03-01, or an instant such as 2024-03-01T12:00:00Z"
                );
                QueryError::bad("knownAt", text, expected)
            })?;
            store.transaction_at(instant).min(view.transaction())
        }
    };
    let times = Times::at(valid, known);
    if valid != today || known_at.is_some() {
        return Ok(times);
    }
    Ok(Times {
        scope: TimeScope::Present(today),
        is_present: true,
        ..times
    })
}

/// What [`days`] reads.
pub fn days_form() -> Prose {
    prose!(
        "日期，如 2024-03-01；时刻，如 2024-03-01T12:00:00Z；或以斜线相连的起止两者，起在前，其中一端可写作“..”",
        "a day such as 2024-03-01, an instant such as 2024-03-01T12:00:00Z, or two of these with a slash between, the earlier first, one of which may be '..'"
    )
}

/// Reads `datetime` as OGC API - Features (17-069r4, 7.15.4) has it: an instant, or two with a slash
/// between, one of which may be `..` or nothing. Instants of RFC 3339 mean the day they are on by
/// China's civil time; days are taken too, and the end is included. `None` for anything else.
pub fn days(text: &str) -> Option<Validity> {
    let open = |text: &str| matches!(text, "" | "..");
    let (first, last) = match text.split_once('/') {
        None => {
            let day = day_meant(text)?;
            (day, day)
        }
        Some((first, last)) if open(first) && !open(last) => (Day::MIN, day_meant(last)?),
        Some((first, last)) if open(last) && !open(first) => (day_meant(first)?, Day::MAX),
        Some((first, last)) => (day_meant(first)?, day_meant(last)?),
    };
    Validity::new(first, last.next())
}

/// The day, or the day of the instant.
fn day_meant(text: &str) -> Option<Day> {
    match text.parse::<Day>() {
        Ok(day) => Some(day),
        Err(_) => instant(text).map(day_of),
    }
}

/// The last microsecond meant by a text.
fn instant(text: &str) -> Option<i64> {
    if let Ok(day) = text.parse::<Day>() {
        return Some(begins(day) + MICROSECONDS_A_DAY - 1);
    }
    if !text.contains(['T', 't']) {
        return None;
    }
    // A plus sign that was not escaped in a URL arrives as a space.
    let at: Timestamp = text.replace(' ', "+").parse().ok()?;
    Some(at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_days() {
        assert_eq!(instant("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(instant("1970-01-01T08:00:00 08:00"), Some(0));
        assert_eq!(instant("1970-01-01"), Some(16 * 3600 * 1_000_000 - 1));
        assert_eq!(day_of(16 * 3600 * 1_000_000 - 1), Day(0));
        assert_eq!(day_of(16 * 3600 * 1_000_000), Day(1));
        assert_eq!(days("2024-02-28T16:00:00Z"), days("2024-02-29"));
        for wrong in ["", "yesterday", "2024", "2024-02-30", "2024-03-01T12:00:00"] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_as_the_standard_writes_them() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let of = |text: &str| days(text).map(|days| (days.from, days.to));
        let (first, after) = (day("2024-02-28"), day("2024-03-01"));
        for (text, expected) in [
            ("2024-02-28/2024-02-29", (first, after)),
            (
                "2024-02-28T00:00:00+08:00/2024-02-29T23:59:59+08:00",
                (first, after),
            ),
            ("2024-02-27T16:00:00Z/2024-02-29", (first, after)),
            ("2024-02-28/..", (first, Day::MAX)),
            ("2024-02-28/", (first, Day::MAX)),
            ("../2024-02-29", (Day::MIN, after)),
            ("/2024-02-29", (Day::MIN, after)),
            ("2024-02-29", (day("2024-02-29"), after)),
        ] {
            assert_eq!(of(text), Some(expected), "{text}");
        }
        for wrong in [
            "",
            "/",
            "..",
            "../..",
            "../",
            "/..",
            "2024",
            "2024-02-30/..",
            "2024-03-01/2024-02-28",
            "2024-02-28/2024-02-29/2024-03-01",
            "2024-02-28T00:00:00/..",
            "now/..",
            ".",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
