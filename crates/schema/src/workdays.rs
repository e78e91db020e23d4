//! Working days: the ordinary week, holidays, and weekends that are worked.

use std::collections::BTreeSet;

use record::Day;

/// The days on which offices work, as far as they are announced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workdays {
    /// The first and the last day of which holidays are known.
    pub known: Option<(Day, Day)>,
    /// Days off besides weekends.
    pub holidays: BTreeSet<Day>,
    /// Weekend days that are worked.
    pub worked: BTreeSet<Day>,
}

/// The end of a time that is counted in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day of it.
    pub day: Day,
    /// Whether it reaches into days of which holidays are not announced yet.
    pub is_provisional: bool,
}

impl Workdays {
    /// Whether offices work on a day.
    pub fn is_worked(&self, day: Day) -> bool {
        self.worked.contains(&day) || !(is_weekend(day) || self.holidays.contains(&day))
    }

    /// Whether the holidays around a day are announced.
    pub fn is_known(&self, day: Day) -> bool {
        self.known
            .is_some_and(|(from, to)| from <= day && day <= to)
    }

    /// The last of so many working days after a day, which does not count itself.
    pub fn after(&self, day: Day, count: u16) -> Due {
        let mut left = count;
        let mut at = day;
        let mut is_provisional = !self.is_known(day);
        while left > 0 {
            at = Day(at.0.saturating_add(1));
            is_provisional |= !self.is_known(at);
            if self.is_worked(at) {
                left -= 1;
            }
        }
        Due {
            day: at,
            is_provisional,
        }
    }

    /// How many working days there are after one day up to another, which counts; negative where the
    /// other lies before.
    pub fn between(&self, from: Day, to: Day) -> i32 {
        let (first, last, sign) = if from <= to {
            (from, to, 1)
        } else {
            (to, from, -1)
        };
        let worked = (first.0 + 1..=last.0).filter(|day| self.is_worked(Day(*day)));
        sign * i32::try_from(worked.count()).unwrap_or(i32::MAX)
    }
}

/// Saturday or Sunday. 1970-01-01 was a Thursday.
fn is_weekend(day: Day) -> bool {
    matches!(day.0.rem_euclid(7), 2 | 3)
}
