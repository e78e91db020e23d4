//! Days, and dates of any precision: year, month or day.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day, counted from 1970-01-01 in the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// Before every day: an interval that begins here has no known beginning.
    pub const MIN: Day = Day(i32::MIN);
    /// After every day: an interval that ends here has not ended.
    pub const MAX: Day = Day(i32::MAX);

    /// The day of a calendar date; `None` where there is no such date (2024-02-30) or the year is
    /// outside 1..=9999.
    pub fn from_calendar(year: i16, month: u8, day: u8) -> Option<Day> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        let date = civil::Date::new(year, month as i8, day as i8).ok()?;
        Some(Day::from_civil(date))
    }

    fn from_civil(date: civil::Date) -> Day {
        // Days from civil, by eras of 400 years; the calendar itself was checked by `civil::Date`.
        let (year, month, day) = (
            i64::from(date.year()),
            i64::from(date.month()),
            i64::from(date.day()),
        );
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted - era * 400;
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Day((era * 146_097 + day_of_era - 719_468) as i32)
    }

    /// Year, month and day; `None` for [`Day::MIN`], [`Day::MAX`] and years outside 1..=9999.
    pub fn calendar(self) -> Option<(i16, u8, u8)> {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days - era * 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (1..=9999)
            .contains(&year)
            .then_some((year as i16, month as u8, day as u8))
    }

    /// The next day; [`Day::MAX`] and [`Day::MIN`] stay what they are.
    #[must_use]
    pub fn next(self) -> Day {
        if self == Day::MIN || self == Day::MAX {
            self
        } else {
            Day(self.0 + 1)
        }
    }
}

/// The completed years from a day of birth to another day; none where one of them has no calendar
/// date, or the birth is the later. Who is born on 29 February turns older on 1 March of common years.
pub fn age(born: Day, day: Day) -> Option<u16> {
    let (from, to) = (born.calendar()?, day.calendar()?);
    let is_before_birthday = (to.1, to.2) < (from.1, from.2);
    let years = to.0 - from.0 - i16::from(is_before_birthday);
    u16::try_from(years).ok().filter(|_| born <= day)
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calendar() {
            Some((year, month, day)) => write!(out, "{year:04}-{month:02}-{day:02}"),
            None => out.write_str(".."),
        }
    }
}

impl FromStr for Day {
    type Err = DateError;

    /// Reads `2024-03-01` (ISO 8601).
    fn from_str(input: &str) -> Result<Day, DateError> {
        match input.parse::<PartialDate>()? {
            date if date.day().is_some() => Ok(date.first_day()),
            _ => Err(DateError::Form(input.to_string())),
        }
    }
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not of the form `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[error("'{0}' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")]
    Form(String),
    /// The form is right, but the calendar has no such day.
    #[error("'{0}' is not in the calendar")]
    Calendar(String),
}

/// A date known to the year, the month or the day. Ordered by first day, coarser first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: u8,
    day: u8,
}

impl PartialDate {
    /// A date to the precision given; `None` where the calendar has no such date.
    pub fn new(year: i16, month: Option<u8>, day: Option<u8>) -> Option<PartialDate> {
        Day::from_calendar(year, month.unwrap_or(1), day.unwrap_or(1))?;
        if month.is_none() && day.is_some() {
            return None;
        }
        Some(PartialDate {
            year,
            month: month.unwrap_or(0),
            day: day.unwrap_or(0),
        })
    }

    /// The date of a day; `None` for a day without a calendar date.
    pub fn from_day(day: Day) -> Option<PartialDate> {
        let (year, month, day) = day.calendar()?;
        Some(PartialDate { year, month, day })
    }

    /// The year, 1..=9999.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1..=12, where it is known.
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month, where it is known.
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// The first day the date may mean.
    pub fn first_day(self) -> Day {
        Day::from_calendar(self.year, self.month.max(1), self.day.max(1)).unwrap_or(Day::MIN)
    }

    /// The first day after the period the date may mean.
    pub fn end_day(self) -> Day {
        let end = if self.day > 0 {
            return self.first_day().next();
        } else if matches!(self.month, 0 | 12) {
            Day::from_calendar(self.year + 1, 1, 1)
        } else {
            Day::from_calendar(self.year, self.month + 1, 1)
        };
        end.unwrap_or(Day::MAX)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}", self.year)?;
        if self.month > 0 {
            write!(out, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(out, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(input: &str) -> Result<PartialDate, DateError> {
        let form = || DateError::Form(input.to_string());
        let bytes = input.as_bytes();
        let number = |from: usize, to: usize| -> Option<u16> {
            let digits = bytes.get(from..to)?;
            digits.iter().try_fold(0u16, |sum, byte| {
                byte.is_ascii_digit()
                    .then(|| sum * 10 + u16::from(byte - b'0'))
            })
        };
        let separated = |at: usize| bytes.get(at) == Some(&b'-');
        let year = number(0, 4).ok_or_else(form)?;
        let (month, day) = match bytes.len() {
            4 => (None, None),
            7 if separated(4) => (Some(number(5, 7).ok_or_else(form)?), None),
            10 if separated(4) && separated(7) => (
                Some(number(5, 7).ok_or_else(form)?),
                Some(number(8, 10).ok_or_else(form)?),
            ),
            _ => return Err(form()),
        };
        PartialDate::new(year as i16, month.map(|m| m as u8), day.map(|d| d as u8))
            .filter(|_| month != Some(0) && day != Some(0))
            .ok_or_else(|| DateError::Calendar(input.to_string()))
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PartialDate, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_goes_both_ways() {
        for (text, number) in [
            ("1970-01-01", 0),
            ("2000-03-01", 11_017),
            ("1969-12-31", -1),
        ] {
            let day: Day = text.parse().expect("a day");
            assert_eq!(day, Day(number));
            assert_eq!(day.to_string(), text);
        }
        let mut day = Day::from_calendar(1, 1, 1).expect("a day");
        while let Some((year, month, date)) = day.calendar() {
            assert_eq!(Day::from_calendar(year, month, date), Some(day));
            day = Day(day.0 + 97);
        }
    }

    #[test]
    fn precision_is_kept() {
        let year: PartialDate = "1985".parse().expect("a year");
        assert_eq!(year.to_string(), "1985");
        assert_eq!(year.first_day().to_string(), "1985-01-01");
        assert_eq!(year.end_day().to_string(), "1986-01-01");
        let month: PartialDate = "1984-02".parse().expect("a month");
        assert_eq!(month.end_day().to_string(), "1984-03-01");
        for wrong in [
            "2024-02-30",
            "2024-13",
            "2024-00",
            "24",
            "2024-1-1",
            "20240101",
            "0000",
        ] {
            assert!(wrong.parse::<PartialDate>().is_err(), "{wrong}");
        }
    }
}
