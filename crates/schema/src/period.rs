//! Periods of statistics: a year, half-year, quarter or month, written as SDMX has it.

use std::fmt;
use std::str::FromStr;

use record::Day;

/// A period. Its canonical text is `2019`, `2019-S1`, `2019-Q1` or `2019-03`; canonical texts of one
/// length sort in time, and a period's text begins with its year's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    year: i16,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Year,
    Half(u8),
    Quarter(u8),
    Month(u8),
}

/// A text is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a period: expected 2019, 2019-S1, 2019-Q1 or 2019-03")]
pub struct PeriodError(pub String);

impl Period {
    /// A year.
    pub fn year(year: i16) -> Option<Period> {
        (1..=9999).contains(&year).then_some(Period {
            year,
            part: Part::Year,
        })
    }

    /// The code of its frequency in the code list `frequency`: `A`, `S`, `Q` or `M`.
    pub fn frequency(self) -> &'static str {
        match self.part {
            Part::Year => "A",
            Part::Half(_) => "S",
            Part::Quarter(_) => "Q",
            Part::Month(_) => "M",
        }
    }

    /// Its first month, and how many months it has.
    fn months(self) -> (u8, u8) {
        match self.part {
            Part::Year => (1, 12),
            Part::Half(half) => (half * 6 - 5, 6),
            Part::Quarter(quarter) => (quarter * 3 - 2, 3),
            Part::Month(month) => (month, 1),
        }
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        Day::from_calendar(self.year, self.months().0, 1).unwrap_or(Day::MIN)
    }

    /// The first day after it.
    pub fn end_day(self) -> Day {
        let (first, count) = self.months();
        let next = match first + count {
            13 => Day::from_calendar(self.year + 1, 1, 1),
            month => Day::from_calendar(self.year, month, 1),
        };
        next.unwrap_or(Day::MAX)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}", self.year)?;
        match self.part {
            Part::Year => Ok(()),
            Part::Half(half) => write!(out, "-S{half}"),
            Part::Quarter(quarter) => write!(out, "-Q{quarter}"),
            Part::Month(month) => write!(out, "-{month:02}"),
        }
    }
}

/// A number of `digits` digits between the bounds.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>, most: u8) -> Option<u8> {
    if !digits.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    (1..=most).contains(&number).then_some(number)
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads the canonical forms and `2019Q1`, `201903`, `2019年`, `2019年3月`, `2019年第1季度`,
    /// `2019年一季度`, `2019年上半年`.
    fn from_str(input: &str) -> Result<Period, PeriodError> {
        parse(input.trim()).ok_or_else(|| PeriodError(input.to_string()))
    }
}

fn parse(input: &str) -> Option<Period> {
    let (year, rest) = input.split_at_checked(4)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = Period::year(year.parse().ok()?)?.year;
    let part = match rest.strip_prefix('年') {
        Some(chinese) => chinese_part(chinese)?,
        None => {
            let dashed = rest.strip_prefix('-');
            let bare = dashed.unwrap_or(rest);
            if rest.is_empty() {
                Part::Year
            } else if let Some(quarter) = bare.strip_prefix(['Q', 'q']) {
                Part::Quarter(number(quarter, 1..=1, 4)?)
            } else if let Some(half) = bare.strip_prefix(['S', 'H', 's', 'h']) {
                Part::Half(number(half, 1..=1, 2)?)
            } else {
                Part::Month(number(bare, 2..=2, 12)?)
            }
        }
    };
    Some(Period { year, part })
}

fn chinese_part(text: &str) -> Option<Part> {
    if let Some(month) = text.strip_suffix('月') {
        return Some(Part::Month(number(month, 1..=2, 12)?));
    }
    if let Some(quarter) = text
        .strip_suffix("季度")
        .or_else(|| text.strip_suffix('季'))
    {
        let quarter = quarter.strip_prefix('第').unwrap_or(quarter);
        let place = ["一", "二", "三", "四"]
            .iter()
            .position(|name| *name == quarter);
        return match place {
            Some(place) => Some(Part::Quarter(place as u8 + 1)),
            None => Some(Part::Quarter(number(quarter, 1..=1, 4)?)),
        };
    }
    match text {
        "" => Some(Part::Year),
        "上半年" => Some(Part::Half(1)),
        "下半年" => Some(Part::Half(2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_become_canonical() {
        for (text, canonical, first, end) in [
            ("2019", "2019", "2019-01-01", "2020-01-01"),
            ("2019年", "2019", "2019-01-01", "2020-01-01"),
            ("2019Q1", "2019-Q1", "2019-01-01", "2019-04-01"),
            ("2019年第四季度", "2019-Q4", "2019-10-01", "2020-01-01"),
            ("2019年2季度", "2019-Q2", "2019-04-01", "2019-07-01"),
            ("2019-03", "2019-03", "2019-03-01", "2019-04-01"),
            ("201912", "2019-12", "2019-12-01", "2020-01-01"),
            ("2019年3月", "2019-03", "2019-03-01", "2019-04-01"),
            ("2019-S2", "2019-S2", "2019-07-01", "2020-01-01"),
        ] {
            let period: Period = text.parse().expect(text);
            assert_eq!(period.to_string(), canonical);
            assert_eq!(period.to_string().parse(), Ok(period));
            assert_eq!(period.first_day().to_string(), first);
            assert_eq!(period.end_day().to_string(), end);
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "19",
            "0000",
            "2019-00",
            "2019-13",
            "2019-Q5",
            "2019-Q",
            "2019-3",
            "二〇一九",
            "2019年13月",
            "2019-03-01",
            "2019-S3",
            "2019年半",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
