//! Dates in the forms that a source names.
//!
//! Directives: `%Y` four digits, `%m` and `%d` one or two (two where a number follows directly), and
//! `%H`, `%M`, `%S` likewise, which are read and dropped. All else stands for itself. A form without
//! `%d`, or without `%m` and `%d`, gives a date of that precision. Nothing is guessed: a text in
//! another form is no date.

use record::PartialDate;

/// The forms of dates of one column, made ready.
#[derive(Clone, Debug)]
pub struct DateFormats {
    formats: Vec<Format>,
    expected: String,
}

#[derive(Clone, Debug)]
enum Format {
    /// `%Y-%m-%d`, when written with ten characters.
    Dashed,
    /// `%Y%m%d`
    Compact,
    Pieces(Vec<Piece>),
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(Box<str>),
    Number {
        part: Part,
        least: usize,
        most: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Time { most: u16 },
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// In none of the forms.
    Form,
    /// In one of the forms, but not in the calendar.
    Calendar,
}

/// A date form that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no date form: expected %Y, %m, %d (and %H, %M, %S), each at most once, coarse ones present"
)]
pub struct FormatError(pub String);

impl DateFormats {
    /// Makes the forms ready; the order counts.
    ///
    /// # Errors
    ///
    /// The first form with an unknown directive, without a year, or with a day but no month.
    pub fn compile(formats: &[String]) -> Result<DateFormats, FormatError> {
        let mut compiled = Vec::new();
        for format in formats {
            match format.as_str() {
                "%Y-%m-%d" => {
                    compiled.push(Format::Dashed);
                    compiled.push(pieces(format)?);
                }
                "%Y%m%d" => compiled.push(Format::Compact),
                _ => compiled.push(pieces(format)?),
            }
        }
        Ok(DateFormats {
            formats: compiled,
            expected: formats.join(" | "),
        })
    }

    /// The forms, for messages.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Reads a text in the first form that it has.
    pub fn read(&self, text: &str) -> Result<PartialDate, DateFault> {
        let mut fault = DateFault::Form;
        for format in &self.formats {
            match format.read(text) {
                Err(DateFault::Form) => {}
                Err(DateFault::Calendar) => fault = DateFault::Calendar,
                Ok(date) => return Ok(date),
            }
        }
        Err(fault)
    }
}

impl Format {
    fn read(&self, text: &str) -> Result<PartialDate, DateFault> {
        let bytes = text.as_bytes();
        match (self, bytes.len()) {
            (Format::Dashed, 10) if bytes[4] == b'-' && bytes[7] == b'-' => date(
                digits(&bytes[..4]),
                digits(&bytes[5..7]),
                digits(&bytes[8..]),
            ),
            (Format::Compact, 8) => date(
                digits(&bytes[..4]),
                digits(&bytes[4..6]),
                digits(&bytes[6..]),
            ),
            (Format::Dashed | Format::Compact, _) => Err(DateFault::Form),
            (Format::Pieces(pieces), _) => read_pieces(pieces, text),
        }
    }
}

fn date(year: Option<u16>, month: Option<u16>, day: Option<u16>) -> Result<PartialDate, DateFault> {
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => calendar(year, Some(month), Some(day)),
        _ => Err(DateFault::Form),
    }
}

fn calendar(year: u16, month: Option<u16>, day: Option<u16>) -> Result<PartialDate, DateFault> {
    // At most two digits each, so nothing is cut.
    PartialDate::new(year as i16, month.map(|m| m as u8), day.map(|d| d as u8))
        .filter(|_| month != Some(0) && day != Some(0))
        .ok_or(DateFault::Calendar)
}

fn digits(bytes: &[u8]) -> Option<u16> {
    bytes.iter().try_fold(0u16, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u16::from(byte - b'0'))
    })
}

fn read_pieces(pieces: &[Piece], text: &str) -> Result<PartialDate, DateFault> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut in_range = true;
    let mut rest = text;
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => {
                rest = rest.strip_prefix(&**literal).ok_or(DateFault::Form)?;
            }
            Piece::Number { part, least, most } => {
                let found = rest
                    .bytes()
                    .take(*most)
                    .take_while(u8::is_ascii_digit)
                    .count();
                if found < *least {
                    return Err(DateFault::Form);
                }
                let number = digits(&rest.as_bytes()[..found]);
                rest = &rest[found..];
                match part {
                    Part::Year => year = number,
                    Part::Month => month = number,
                    Part::Day => day = number,
                    Part::Time { most } => in_range &= number <= Some(*most),
                }
            }
        }
    }
    match year {
        Some(year) if rest.is_empty() && in_range => calendar(year, month, day),
        Some(_) if rest.is_empty() => Err(DateFault::Calendar),
        _ => Err(DateFault::Form),
    }
}

fn pieces(format: &str) -> Result<Format, FormatError> {
    let error = || FormatError(format.to_owned());
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            literal.push(character);
            continue;
        }
        let part = match characters.next() {
            Some('Y') => Part::Year,
            Some('m') => Part::Month,
            Some('d') => Part::Day,
            Some('H') => Part::Time { most: 23 },
            Some('M') => Part::Time { most: 59 },
            Some('S') => Part::Time { most: 60 },
            _ => return Err(error()),
        };
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
        }
        let (least, most) = match part {
            Part::Year => (4, 4),
            _ if characters.peek() == Some(&'%') => (2, 2),
            _ => (1, 2),
        };
        pieces.push(Piece::Number { part, least, most });
    }
    // `%Y%m%d%H`: what follows a number directly has two digits, and so has its own last one.
    let mut after_number = false;
    for piece in &mut pieces {
        match piece {
            Piece::Number { least, .. } => {
                *least = if after_number { 2.max(*least) } else { *least };
                after_number = true;
            }
            Piece::Literal(_) => after_number = false,
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal.into()));
    }
    let count = |wanted: Part| {
        let is = |piece: &&Piece| matches!(piece, Piece::Number { part, .. } if *part == wanted);
        pieces.iter().filter(is).count()
    };
    let (years, months, days) = (count(Part::Year), count(Part::Month), count(Part::Day));
    if years != 1 || months > 1 || days > months {
        return Err(error());
    }
    Ok(Format::Pieces(pieces))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(list: &[&str]) -> DateFormats {
        let list: Vec<String> = list.iter().map(|one| (*one).to_owned()).collect();
        DateFormats::compile(&list).expect("forms")
    }

    #[test]
    fn every_form_is_read_to_its_precision() {
        let forms = formats(&[
            "%Y-%m-%d",
            "%Y%m%d",
            "%Y年%m月%d日",
            "%Y/%m/%d",
            "%Y-%m",
            "%Y年%m月",
            "%Y",
            "%Y-%m-%d %H:%M:%S",
        ]);
        for (text, expected) in [
            ("2024-03-01", "2024-03-01"),
            ("2024-3-1", "2024-03-01"),
            ("20240301", "2024-03-01"),
            ("2024年3月1日", "2024-03-01"),
            ("2024/3/01", "2024-03-01"),
            ("2024-02-29", "2024-02-29"),
            ("2024-03", "2024-03"),
            ("2024年11月", "2024-11"),
            ("2024", "2024"),
            ("2024-03-01 00:00:00", "2024-03-01"),
        ] {
            assert_eq!(
                forms.read(text).map(|date| date.to_string()),
                Ok(expected.to_owned())
            );
        }
    }

    #[test]
    fn other_forms_and_other_calendars_differ() {
        let forms = formats(&["%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M"]);
        for text in [
            "",
            "01/03/2024",
            "2024-03",
            "2024.03.01",
            "2024031",
            "２０２４-01-01",
            "2024-03-01x",
            "甲乙丙丁",
        ] {
            assert_eq!(forms.read(text), Err(DateFault::Form), "{text}");
        }
        for text in [
            "2024-02-30",
            "20230229",
            "2024-13-01",
            "20240100",
            "0000-01-01",
            "2024-01-01 24:00",
        ] {
            assert_eq!(forms.read(text), Err(DateFault::Calendar), "{text}");
        }
        let either = formats(&["%m/%d/%Y", "%d/%m/%Y"]);
        assert_eq!(
            either.read("13/02/2024").map(|d| d.to_string()),
            Ok("2024-02-13".to_owned())
        );
    }

    #[test]
    fn forms_that_say_too_little_are_refused() {
        for form in ["%d.%m", "%y-%m-%d", "%Y-%d", "%Y-%m-%Y", "%Y-%", "heute"] {
            assert!(DateFormats::compile(&[form.to_owned()]).is_err(), "{form}");
        }
    }
}
