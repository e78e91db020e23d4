//! Organization codes (全国组织机构代码, GB 11714-1997): eight characters and a check.
//!
//! Digits and capitals count 0 to 35; with the weights 3 7 9 10 5 8 4 2 the check is 11 less the sum
//! modulo 11, written X for 10 and 0 for 11. Since 2015 the code stands inside the unified social
//! credit code, at places 9 to 17.

use std::fmt;

use record::CompactString;

use super::character::{capitals, text, value};

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A well-formed organization code whose check character fits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganizationCode(CompactString);

/// Why a text is no organization code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationCodeError {
    /// Not eight digits or capitals, with or without a hyphen, and a digit or X.
    #[error("expected 8 digits or capitals, then a digit or X")]
    Form,
    /// The check character does not fit.
    #[error("the check character should be {expected}, found {found}")]
    Check {
        /// What the first eight characters ask for.
        expected: char,
        /// What stands there.
        found: char,
    },
}

/// The check character (`0`..=`9` or `X`) of eight digits or capitals in ASCII; `None` where one is
/// neither.
pub fn check_character(body: &[u8; 8]) -> Option<u8> {
    let mut sum = 0;
    for (byte, weight) in body.iter().zip(WEIGHTS) {
        sum += value(*byte)? * weight;
    }
    Some(match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    })
}

/// Reads a code of nine characters, or of ten with the hyphen that is often printed before the check.
/// Full-width and small letters are accepted.
///
/// # Errors
/// See [`OrganizationCodeError`].
pub fn parse(input: &str) -> Result<OrganizationCode, OrganizationCodeError> {
    let form = OrganizationCodeError::Form;
    let bytes: [u8; 9] = match (capitals::<9>(input), capitals::<10>(input)) {
        (Some(bytes), _) => bytes,
        (None, Some([b0, b1, b2, b3, b4, b5, b6, b7, b'-', check])) => {
            [b0, b1, b2, b3, b4, b5, b6, b7, check]
        }
        _ => return Err(form),
    };
    let [body @ .., found] = bytes;
    let expected = check_character(&body).ok_or(form.clone())?;
    if !found.is_ascii_digit() && found != b'X' {
        return Err(form);
    }
    if found != expected {
        return Err(OrganizationCodeError::Check {
            expected: char::from(expected),
            found: char::from(found),
        });
    }
    Ok(OrganizationCode(text(&bytes)))
}

impl OrganizationCode {
    /// The nine characters, without a hyphen.
    pub fn canonical(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganizationCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
