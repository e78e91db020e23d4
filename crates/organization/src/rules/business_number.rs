//! Business registration numbers of before 2015 (工商注册号, GS 15-2006): fifteen digits.
//!
//! Region (6, GB/T 2260), sequence (8), check (1, ISO 7064 MOD 11,10). Firms that have not changed to
//! the unified social credit code are still found by it. Regions are not checked, for the reason given
//! in [`super::credit_code`].

use std::fmt;

use record::CompactString;

use super::character::{capitals, text};

/// A well-formed business number whose check digit fits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessNumber(CompactString);

/// Why a text is no business number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusinessNumberError {
    /// Not fifteen digits.
    #[error("expected 15 digits")]
    Form,
    /// The check digit does not fit.
    #[error("the check digit should be {expected}, found {found}")]
    Check {
        /// What the first fourteen digits ask for.
        expected: char,
        /// What stands there.
        found: char,
    },
}

/// The check digit of fourteen digits in ASCII; `None` where one is no digit.
pub fn check_digit(body: &[u8; 14]) -> Option<u8> {
    let mut product = 10;
    for byte in body {
        let digit = char::from(*byte).to_digit(10)?;
        let sum = match (product + digit) % 10 {
            0 => 10,
            sum => sum,
        };
        product = sum * 2 % 11;
    }
    Some(b'0' + ((11 - product) % 10) as u8)
}

/// Reads a number of fifteen digits, full-width or not.
///
/// # Errors
/// See [`BusinessNumberError`].
pub fn parse(input: &str) -> Result<BusinessNumber, BusinessNumberError> {
    let bytes = capitals::<15>(input).ok_or(BusinessNumberError::Form)?;
    let [body @ .., found] = bytes;
    let expected = check_digit(&body).ok_or(BusinessNumberError::Form)?;
    if !found.is_ascii_digit() {
        return Err(BusinessNumberError::Form);
    }
    if found != expected {
        return Err(BusinessNumberError::Check {
            expected: char::from(expected),
            found: char::from(found),
        });
    }
    Ok(BusinessNumber(text(&bytes)))
}

impl BusinessNumber {
    /// The fifteen digits.
    pub fn canonical(&self) -> &str {
        &self.0
    }

    /// The six digits of the registering authority's region.
    pub fn region(&self) -> &str {
        &self.0[..6]
    }
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
