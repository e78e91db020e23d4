//! Legal entity identifiers (LEI, ISO 17442-1): eighteen digits or capitals and two check digits.
//!
//! With letters written as two digits (A 10 … Z 35) the whole is a number that leaves 1 modulo 97
//! (ISO 7064 MOD 97-10). Check digits are 02 to 98: 00, 01 and 99 would leave the same remainder as
//! 97, 98 and 02, and are refused.

use std::fmt;

use record::CompactString;

use super::character::{capitals, text, value};

/// A well-formed LEI whose check digits fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lei(CompactString);

/// Why a text is no LEI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeiError {
    /// Not eighteen digits or capitals and two digits.
    #[error("expected 18 digits or capitals, then 2 digits")]
    Form,
    /// The check digits do not fit.
    #[error("the check digits should be {expected:02}, found {found:02}")]
    Check {
        /// What the first eighteen characters ask for.
        expected: u8,
        /// What stands there.
        found: u8,
    },
}

/// The check digits, 2..=98, of eighteen digits or capitals in ASCII; `None` where one is neither.
pub fn check_digits(body: &[u8; 18]) -> Option<u8> {
    let mut rest = 0;
    for byte in body {
        let value = value(*byte)?;
        let shift = if value < 10 { 10 } else { 100 };
        rest = (rest * shift + value) % 97;
    }
    Some((98 - rest * 100 % 97) as u8)
}

/// Reads an LEI; full-width and small letters are accepted.
///
/// # Errors
/// See [`LeiError`].
pub fn parse(input: &str) -> Result<Lei, LeiError> {
    let bytes = capitals::<20>(input).ok_or(LeiError::Form)?;
    let [body @ .., tens, ones] = bytes;
    let expected = check_digits(&body).ok_or(LeiError::Form)?;
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return Err(LeiError::Form);
    }
    let found = (tens - b'0') * 10 + (ones - b'0');
    if found != expected {
        return Err(LeiError::Check { expected, found });
    }
    Ok(Lei(text(&bytes)))
}

impl Lei {
    /// The twenty characters.
    pub fn canonical(&self) -> &str {
        &self.0
    }

    /// The four characters of the operating unit that issued it.
    pub fn issuer(&self) -> &str {
        &self.0[..4]
    }
}

impl fmt::Display for Lei {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
