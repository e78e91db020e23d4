//! What one cell of a workbook says, as the text that a CSV file would have.

use std::fmt::Write;

use calamine::{DataRef, ExcelDateTime};

use crate::rows::CellFault;

/// The form of dates where a column names none.
pub const ISO: &str = "%Y-%m-%d";
/// Digits that Excel keeps of a number; those after them it has replaced by zeros.
const DIGITS: usize = 15;
/// The first whole number that Excel may have altered.
const ALTERED: f64 = 1e15;
/// The first day after those that Excel can show: 1 January 10000.
const DAYS: f64 = 2_958_466.0;

/// A cell's text, added to `out`, and what is wrong with it. Numbers are filled up with zeros to `width`
/// digits, as the cell's format shows them; dates are written in `form`.
pub fn write(value: &DataRef, width: usize, form: &str, out: &mut String) -> Option<CellFault> {
    match value {
        DataRef::Empty => None,
        DataRef::String(text) | DataRef::DurationIso(text) => {
            out.push_str(text);
            None
        }
        DataRef::SharedString(text) => {
            out.push_str(text);
            None
        }
        DataRef::Int(number) => {
            let _ = write!(out, "{number:0width$}");
            None
        }
        DataRef::Float(number) => write_number(*number, width, out),
        DataRef::Bool(holds) => {
            out.push_str(if *holds { "true" } else { "false" });
            None
        }
        DataRef::DateTime(date) => write_date(date, form, out),
        DataRef::DateTimeIso(text) => {
            let day = text.strip_suffix("T00:00:00").unwrap_or(text);
            match day
                .split('-')
                .map(str::parse)
                .collect::<Result<Vec<u16>, _>>()
            {
                Ok(parts) if parts.len() == 3 => {
                    push_date(form, (parts[0], parts[1], parts[2]), out);
                }
                _ => out.push_str(day),
            }
            None
        }
        DataRef::Error(error) => {
            let _ = write!(out, "{error}");
            Some(CellFault::Error)
        }
    }
}

/// A number as Excel shows it with all its digits, never with an exponent.
fn write_number(number: f64, width: usize, out: &mut String) -> Option<CellFault> {
    if number.fract() == 0.0 && number.abs() < ALTERED {
        let _ = write!(out, "{:0width$}", number as i64);
        return None;
    }
    if number.abs() >= ALTERED || !number.is_finite() {
        let _ = match number.abs() < 1e30 {
            true => write!(out, "{number:.0}"),
            false => write!(out, "{number:e}"),
        };
        return Some(CellFault::Digits);
    }
    let shown = format!("{number}");
    if shown.bytes().filter(u8::is_ascii_digit).count() <= DIGITS {
        out.push_str(&shown);
        return None;
    }
    // Binary fractions have a tail that nobody typed: 0.1 + 0.2 is shown as 0.3.
    let rounded = format!("{number:.*e}", DIGITS - 1)
        .parse()
        .unwrap_or(number);
    let _ = write!(out, "{rounded}");
    None
}

/// A date in the column's form; a time of day follows where there is one.
fn write_date(date: &ExcelDateTime, form: &str, out: &mut String) -> Option<CellFault> {
    let serial = date.as_f64();
    if !(0.0..DAYS).contains(&serial) {
        let _ = write!(out, "{serial}");
        return Some(CellFault::Date);
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if date.is_duration() || serial < 1.0 {
        out.push_str(&time);
        return None;
    }
    if form.contains("%H") {
        let form = form
            .replace("%H", &time[..2])
            .replace("%M", &time[3..5])
            .replace("%S", &time[6..]);
        push_date(&form, (year, u16::from(month), u16::from(day)), out);
        return None;
    }
    push_date(form, (year, u16::from(month), u16::from(day)), out);
    if (hour, minute, second) != (0, 0, 0) {
        let _ = write!(out, " {time}");
    }
    None
}

fn push_date(form: &str, (year, month, day): (u16, u16, u16), out: &mut String) {
    let text = form
        .replace("%Y", &format!("{year:04}"))
        .replace("%m", &format!("{month:02}"))
        .replace("%d", &format!("{day:02}"));
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn text(value: DataRef, width: usize, form: &str) -> (String, Option<CellFault>) {
        let mut out = String::new();
        let fault = write(&value, width, form, &mut out);
        (out, fault)
    }

    #[test]
    fn numbers_keep_the_digits_that_excel_kept() {
        for (number, expected) in [
            (0.0, "0"),
            (-3.0, "-3"),
            (110101.0, "110101"),
            (999_999_999_999_999.0, "999999999999999"),
            (1.5, "1.5"),
            (116.391_28, "116.39128"),
            (0.1 + 0.2, "0.3"),
            (1e-7, "0.0000001"),
            (110_101_199_003_070_011.0 / 1e17, "1.10101199003070"),
        ] {
            let (found, fault) = text(DataRef::Float(number), 0, ISO);
            assert_eq!(fault, None);
            let (found, expected): (f64, f64) = (
                found.parse().expect("a number"),
                expected.parse().expect("a number"),
            );
            assert_eq!(found, expected);
        }
        assert_eq!(text(DataRef::Float(0.1 + 0.2), 0, ISO).0, "0.3");
        assert_eq!(text(DataRef::Float(101.0), 6, ISO).0, "000101");
        for (number, shown) in [
            (110_101_199_003_070_011.0, "110101199003070016"),
            (1e15, "1000000000000000"),
            (f64::INFINITY, "inf"),
        ] {
            let found = text(DataRef::Float(number), 0, ISO);
            assert_eq!(found, (shown.to_owned(), Some(CellFault::Digits)));
        }
    }

    #[test]
    fn dates_are_written_as_the_column_has_them() {
        let date = |serial| {
            DataRef::DateTime(ExcelDateTime::new(
                serial,
                ExcelDateTimeType::DateTime,
                false,
            ))
        };
        for (serial, form, expected) in [
            (45_351.0, ISO, "2024-02-29"),
            (45_351.0, "%Y%m%d", "20240229"),
            (45_351.0, "%Y年%m月%d日", "2024年02月29日"),
            (45_351.5, ISO, "2024-02-29 12:00:00"),
            (45_351.5, "%Y/%m/%d %H:%M", "2024/02/29 12:00"),
            (0.25, ISO, "06:00:00"),
        ] {
            assert_eq!(text(date(serial), 0, form), (expected.to_owned(), None));
        }
        for serial in [-1.0, 3e6, f64::NAN] {
            assert_eq!(text(date(serial), 0, ISO).1, Some(CellFault::Date));
        }
        let iso = DataRef::DateTimeIso("2024-02-29T00:00:00".to_owned());
        assert_eq!(text(iso, 0, "%Y%m%d").0, "20240229");
    }

    #[test]
    fn other_cells_say_what_they_show() {
        assert_eq!(text(DataRef::Bool(true), 0, ISO), ("true".to_owned(), None));
        let error = text(DataRef::Error(CellErrorType::Ref), 0, ISO);
        assert_eq!(error, ("#REF!".to_owned(), Some(CellFault::Error)));
        assert_eq!(text(DataRef::Empty, 0, ISO), (String::new(), None));
    }
}
