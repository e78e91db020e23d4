//! `validAt` and `knownAt`: the pair of times a query is answered for.

use jiff::Timestamp;
use record::{AsOf, Day, Transaction};
use register::{Store, TimeScope, View};

use crate::QueryError;

/// China's civil time is eight hours ahead of UTC, without summer time: where days begin.
const DAY_BEGINS_MICROSECONDS: i64 = 8 * 3600 * 1_000_000;
const MICROSECONDS_A_DAY: i64 = 86_400 * 1_000_000;

/// Today, by China's civil time.
pub fn today() -> Day {
    day_of(Timestamp::now().as_microsecond())
}

/// The day, by China's civil time, of an instant (microseconds since 1970 UTC).
pub fn day_of(instant: i64) -> Day {
    let days = (instant + DAY_BEGINS_MICROSECONDS).div_euclid(MICROSECONDS_A_DAY);
    Day(i32::try_from(days).unwrap_or(i32::MAX - 1))
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
    /// The day in the world.
    pub valid: Day,
    /// The state of knowledge.
    pub known: Transaction,
    /// Whether it is the present, as when no time is given.
    pub is_present: bool,
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
        Some(text) => text
            .parse::<Day>()
            .map_err(|_| QueryError::bad("validAt", text, "a day such as 2024-03-01"))?,
    };
    let known = match known_at {
        None => view.transaction(),
        Some(text) => {
            let instant = instant(text).ok_or_else(|| {
                let expected =
                    "a day such as 2024-03-01, or an instant such as 2024-03-01T12:00:00Z";
                QueryError::bad("knownAt", text, expected)
            })?;
            store.transaction_at(instant).min(view.transaction())
        }
    };
    let is_present = valid == today && known_at.is_none();
    let scope = if is_present {
        TimeScope::Present(today)
    } else {
        TimeScope::At(AsOf { valid, known })
    };
    Ok(Times {
        scope,
        valid,
        known,
        is_present,
    })
}

/// The last microsecond meant by a text.
fn instant(text: &str) -> Option<i64> {
    if let Ok(day) = text.parse::<Day>() {
        let begins = i64::from(day.0) * MICROSECONDS_A_DAY - DAY_BEGINS_MICROSECONDS;
        return Some(begins + MICROSECONDS_A_DAY - 1);
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
        for wrong in ["", "yesterday", "2024", "2024-02-30", "2024-03-01T12:00:00"] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }
}
