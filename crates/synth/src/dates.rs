//! Days of the proleptic Gregorian calendar as numbers.

/// A day, counted from 1970-01-01.
pub(crate) type Day = i32;

/// The day whose population the city shows: the end of 2020, year of the 7th national census.
pub(crate) const REFERENCE_YEAR: i32 = 2020;

/// Days before each month of a year that starts in March.
const MONTH_STARTS: [i32; 12] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

/// The number of a day given by year, month (1–12) and day of the month.
pub(crate) fn day(year: i32, month: i32, day_of_month: i32) -> Day {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + MONTH_STARTS[month as usize] + day_of_month - 1 - 719_468
}

/// The year, month and day of the month of a day.
pub(crate) fn civil(day_number: Day) -> (i32, i32, i32) {
    let since_march_0 = day_number + 719_468;
    let era = since_march_0.div_euclid(146_097);
    let of_era = since_march_0.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = MONTH_STARTS
        .iter()
        .rposition(|&start| start <= of_year)
        .unwrap_or(0) as i32;
    let day_of_month = of_year - MONTH_STARTS[month as usize] + 1;
    let year = year_of_era + era * 400;
    if month < 10 {
        (year, month + 3, day_of_month)
    } else {
        (year + 1, month - 9, day_of_month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!(day(2000, 2, 29), 11_016);
        let mut expected = (1900, 1, 1);
        for number in day(1900, 1, 1)..day(2030, 1, 1) {
            assert_eq!(civil(number), expected);
            assert_eq!(day(expected.0, expected.1, expected.2), number);
            let (year, month, of_month) = expected;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 => 28 + i32::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (month, of_month) {
                (12, 31) => (year + 1, 1, 1),
                (_, end) if end == last => (year, month + 1, 1),
                _ => (year, month, of_month + 1),
            };
        }
    }
}
