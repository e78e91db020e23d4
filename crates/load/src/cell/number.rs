//! Numbers: exact decimals and integers, full-width digits, thousands separators where allowed.

use std::borrow::Cow;

use record::Decimal;

/// Why a text is no number of the kind wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// No number, or in a form that is not taken (`1.2E5`, `12%`, `1,234` where not allowed).
    Form,
    /// A number, but not a whole one.
    NotWhole,
    /// More digits than can be kept exactly.
    Range,
}

/// How the numbers of a column are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberForm {
    /// `1,234.5` is allowed.
    pub thousands: bool,
    /// The number is multiplied by this.
    pub factor: Option<Decimal>,
}

impl NumberForm {
    /// An exact decimal; the digits after the point are kept, zeros included.
    pub fn decimal(self, text: &str) -> Result<Decimal, NumberFault> {
        let plain = self.plain(text)?;
        let number = Decimal::from_str_exact(&plain).map_err(|_| NumberFault::Range)?;
        match self.factor {
            Some(factor) => number.checked_mul(factor).ok_or(NumberFault::Range),
            None => Ok(number),
        }
    }

    /// A whole number. `3.0` is none, but with a factor `1.5` may become one.
    pub fn integer(self, text: &str) -> Result<i64, NumberFault> {
        if self.factor.is_some() {
            let number = self.decimal(text)?;
            return match number.fract().is_zero() {
                true => i64::try_from(number).map_err(|_| NumberFault::Range),
                false => Err(NumberFault::NotWhole),
            };
        }
        let plain = self.plain(text)?;
        if plain.contains('.') {
            return Err(NumberFault::NotWhole);
        }
        plain.parse().map_err(|_| NumberFault::Range)
    }

    /// A coordinate.
    pub fn coordinate(self, text: &str) -> Result<f64, NumberFault> {
        self.plain(text)?.parse().map_err(|_| NumberFault::Form)
    }

    /// Sign, digits, point, digits; ASCII only.
    fn plain(self, text: &str) -> Result<Cow<'_, str>, NumberFault> {
        let mut plain = half_width(text);
        if self.thousands && plain.contains(',') {
            plain = Cow::Owned(without_thousands(&plain).ok_or(NumberFault::Form)?);
        }
        let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // `.5` says all; `5.` and `.` do not.
        if part.is_empty() || !all_digits(whole) || !all_digits(part) || unsigned.is_empty() {
            return Err(NumberFault::Form);
        }
        Ok(plain)
    }
}

/// Takes the commas out of `1,234,567.8`; none where they do not stand before groups of three.
fn without_thousands(text: &str) -> Option<String> {
    let (whole, part) = match text.split_once('.') {
        Some((_, part)) if part.contains(',') => return None,
        Some((whole, _)) => (whole, &text[whole.len()..]),
        None => (text, ""),
    };
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let mut groups = unsigned.split(',');
    let first = groups.next()?;
    if !(1..=3).contains(&first.len()) || !groups.all(|group| group.len() == 3) {
        return None;
    }
    Some(whole.replace(',', "") + part)
}

/// Full-width forms (U+FF01 to U+FF5E), the ideographic space and the minus sign as ASCII.
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let narrow = |character: char| match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        '\u{2212}' => '-',
        other => other,
    };
    Cow::Owned(text.chars().map(narrow).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: NumberForm = NumberForm {
        thousands: false,
        factor: None,
    };

    #[test]
    fn decimals_keep_their_digits() {
        for (text, expected) in [
            ("1.50", "1.50"),
            ("-0.001", "-0.001"),
            ("+7", "7"),
            (".5", "0.5"),
            ("１２．５", "12.5"),
            ("－３", "-3"),
            (
                "79228162514264337593543950335",
                "79228162514264337593543950335",
            ),
        ] {
            assert_eq!(
                PLAIN.decimal(text).map(|n| n.to_string()),
                Ok(expected.to_owned())
            );
        }
        for text in [
            "", "-", ".", "5.", "1e5", "1.2E+05", "12%", "1,234", "1_000", "0x1", "一", "NaN",
            "1.2.3", "--1",
        ] {
            assert_eq!(PLAIN.decimal(text), Err(NumberFault::Form), "{text}");
        }
        let long = "1.00000000000000000000000000001";
        assert_eq!(PLAIN.decimal(long), Err(NumberFault::Range));
    }

    #[test]
    fn thousands_must_be_in_threes() {
        let form = NumberForm {
            thousands: true,
            factor: None,
        };
        for (text, expected) in [
            ("1,234.50", "1234.50"),
            ("-12,345,678", "-12345678"),
            ("12", "12"),
            ("１，２３４", "1234"),
        ] {
            assert_eq!(
                form.decimal(text).map(|n| n.to_string()),
                Ok(expected.to_owned())
            );
        }
        for text in ["1,23", ",123", "1234,567", "1,2345", "1.234,5", "1,,234"] {
            assert_eq!(form.decimal(text), Err(NumberFault::Form), "{text}");
        }
        assert_eq!(form.integer("1,234"), Ok(1234));
    }

    #[test]
    fn factors_and_whole_numbers() {
        let tenthousand = NumberForm {
            thousands: false,
            factor: Some(Decimal::from(10_000)),
        };
        assert_eq!(tenthousand.integer("1.5"), Ok(15_000));
        assert_eq!(tenthousand.integer("1.00005"), Err(NumberFault::NotWhole));
        assert_eq!(
            tenthousand
                .decimal("0.01")
                .map(|n| n.normalize().to_string()),
            Ok("100".to_owned())
        );
        assert_eq!(PLAIN.integer("007"), Ok(7));
        assert_eq!(PLAIN.integer("3.0"), Err(NumberFault::NotWhole));
        assert_eq!(
            PLAIN.integer("9223372036854775808"),
            Err(NumberFault::Range)
        );
        let huge = "79228162514264337593543950335";
        assert_eq!(tenthousand.decimal(huge), Err(NumberFault::Range));
    }
}
