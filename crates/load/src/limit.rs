//! How many refused rows a load may have.

use std::fmt;
use std::str::FromStr;

use record::{Prose, prose};
use register::Counts;
use serde::{Deserialize, Serialize};

/// How many refused rows a load may have and still be published. Rows set aside do not count. Written
/// `100`, or `0.5%`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum RejectLimit {
    /// So many rows.
    Rows(u64),
    /// So many in a hundred of the rows read.
    Percent(f64),
}

impl RejectLimit {
    /// No row may be refused.
    pub const NONE: RejectLimit = RejectLimit::Rows(0);

    /// Whether a load with these counts, of which so many rows were set aside, keeps to it.
    pub fn allows(self, counts: &Counts, quarantined: u64) -> bool {
        let rejected = counts.rejected.saturating_sub(quarantined);
        match self {
            RejectLimit::Rows(rows) => rejected <= rows,
            RejectLimit::Percent(percent) => {
                rejected as f64 * 100.0 <= percent * counts.read as f64
            }
        }
    }

    /// How it is written.
    pub fn form() -> Prose {
        prose!(
            "行数（如 100）或占比（如 1%）",
            "a number of rows such as 100, or a share such as 1%"
        )
    }
}

/// A text that is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number of rows such as 100, or a share such as 1%")]
pub struct NoLimit;

impl FromStr for RejectLimit {
    type Err = NoLimit;

    fn from_str(text: &str) -> Result<RejectLimit, NoLimit> {
        match text.strip_suffix('%') {
            None => text.parse().map(RejectLimit::Rows).map_err(|_| NoLimit),
            Some(share) => {
                let share: f64 = share.trim().parse().map_err(|_| NoLimit)?;
                let sound = (0.0..=100.0).contains(&share);
                sound.then_some(RejectLimit::Percent(share)).ok_or(NoLimit)
            }
        }
    }
}

impl fmt::Display for RejectLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RejectLimit::Rows(rows) => write!(out, "{rows}"),
            RejectLimit::Percent(percent) => write!(out, "{percent}%"),
        }
    }
}

impl From<RejectLimit> for String {
    fn from(limit: RejectLimit) -> String {
        limit.to_string()
    }
}

impl TryFrom<String> for RejectLimit {
    type Error = NoLimit;

    fn try_from(text: String) -> Result<RejectLimit, NoLimit> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_rows_or_a_share() {
        for (text, limit) in [
            ("100", RejectLimit::Rows(100)),
            ("0.5%", RejectLimit::Percent(0.5)),
        ] {
            assert_eq!(text.parse(), Ok(limit));
            assert_eq!(limit.to_string(), text);
        }
        for wrong in ["", "-1", "x", "101%", "%", "1.5", "NaN%"] {
            assert_eq!(wrong.parse::<RejectLimit>(), Err(NoLimit), "{wrong}");
        }
    }

    #[test]
    fn rows_set_aside_do_not_count() {
        let counts = Counts {
            read: 200,
            rejected: 3,
            ..Counts::default()
        };
        assert!(RejectLimit::Rows(2).allows(&counts, 1));
        assert!(!RejectLimit::Rows(2).allows(&counts, 0));
        assert!(RejectLimit::Percent(1.5).allows(&counts, 0));
        assert!(!RejectLimit::Percent(1.0).allows(&counts, 0));
    }
}
