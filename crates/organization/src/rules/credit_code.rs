//! Unified social credit codes (统一社会信用代码, GB 32100-2015): eighteen characters.
//!
//! Registering department (1), category (1), region (6), organization code (9, GB 11714 with a check
//! of its own) and check (1), of an alphabet of 31 characters without I, O, S, V and Z. With the
//! weights 3^i modulo 31 the check makes the weighted sum a multiple of 31.
//!
//! The checks run in the order form, last check character, organization code, category, and the first
//! that fails is reported: while the last character does not fit, any other may be the wrong one.
//!
//! The region is not checked. It names the registering authority's area, which need not be in GB/T
//! 2260: authorities of the nation write 100000, and those of development zones write codes of their
//! own (310141, 320594). [`CreditCode::region`] gives it to whoever wants to doubt it.

use std::fmt;
use std::sync::LazyLock;

use record::CompactString;

use super::character::{capitals, text};
use super::organization_code::{self, OrganizationCode, OrganizationCodeError};

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

const WEIGHTS: [u32; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

const CATEGORIES: &str = include_str!("../../data/credit_code_categories.csv");

/// A well-formed credit code: both check characters fit, and the category exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode {
    text: CompactString,
    organization_code: OrganizationCode,
}

/// A registering department and one of its categories of organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// The two characters: department, category.
    pub pair: &'static str,
    /// The registering department's name.
    pub department: &'static str,
    /// The category's name.
    pub name: &'static str,
    /// The legal form in ISO 20275.
    pub elf: &'static str,
}

/// Why a text is no credit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not eighteen characters.
    #[error("expected 18 characters")]
    Length,
    /// A character outside the alphabet, or a letter in the region.
    #[error("character {place} is none that may stand there (I, O, S, V and Z never do)")]
    Character {
        /// Its place, from 1.
        place: usize,
    },
    /// The last check character does not fit.
    #[error("the check character should be {expected}, found {found}")]
    Check {
        /// What the first seventeen characters ask for.
        expected: char,
        /// What stands there.
        found: char,
    },
    /// The organization code at places 9 to 17 does not fit its own check character.
    #[error("the check character of the organization code should be {expected}, found {found}")]
    OrganizationCheck {
        /// What places 9 to 16 ask for.
        expected: char,
        /// What stands at place 17.
        found: char,
    },
    /// No department registers such a category.
    #[error("there is no category {category} of department {department}")]
    Category {
        /// The department, place 1.
        department: char,
        /// The category, place 2.
        category: char,
    },
}

static TABLE: LazyLock<Vec<Category>> = LazyLock::new(|| {
    let cells = |line: &'static str| {
        let mut cells = line.split(',');
        Some(Category {
            pair: cells.next()?,
            department: cells.next()?,
            name: cells.next()?,
            elf: cells.next()?,
        })
    };
    CATEGORIES.lines().skip(1).filter_map(cells).collect()
});

/// Every pair of department and category there is, in the order of the standard.
pub fn categories() -> &'static [Category] {
    &TABLE
}

/// The check character of seventeen characters of the alphabet in ASCII; `None` where one is not of
/// it.
pub fn check_character(body: &[u8; 17]) -> Option<u8> {
    let mut sum = 0;
    for (byte, weight) in body.iter().zip(WEIGHTS) {
        sum += ALPHABET.iter().position(|symbol| symbol == byte)? as u32 * weight;
    }
    Some(ALPHABET[((31 - sum % 31) % 31) as usize])
}

/// Reads a code; full-width and small letters are accepted. O is not taken for 0, nor I for 1: which
/// was meant is for the source to say.
///
/// # Errors
/// See [`CreditCodeError`].
pub fn parse(input: &str) -> Result<CreditCode, CreditCodeError> {
    let bytes = capitals::<18>(input).ok_or(CreditCodeError::Length)?;
    let allowed = |place: usize, byte: u8| match place {
        2..8 => byte.is_ascii_digit(),
        16 => byte.is_ascii_digit() || byte == b'X',
        _ => ALPHABET.contains(&byte),
    };
    for (place, byte) in bytes.iter().enumerate() {
        if !allowed(place, *byte) {
            return Err(CreditCodeError::Character { place: place + 1 });
        }
    }
    let [body @ .., found] = bytes;
    let expected = check_character(&body).ok_or(CreditCodeError::Length)?;
    if found != expected {
        return Err(CreditCodeError::Check {
            expected: char::from(expected),
            found: char::from(found),
        });
    }
    let text = text(&bytes);
    let organization_code =
        organization_code::parse(&text[8..17]).map_err(|error| match error {
            OrganizationCodeError::Form => CreditCodeError::Character { place: 17 },
            OrganizationCodeError::Check { expected, found } => {
                CreditCodeError::OrganizationCheck { expected, found }
            }
        })?;
    let code = CreditCode {
        text,
        organization_code,
    };
    if code.category().is_none() {
        return Err(CreditCodeError::Category {
            department: char::from(bytes[0]),
            category: char::from(bytes[1]),
        });
    }
    Ok(code)
}

impl CreditCode {
    /// The eighteen characters in capitals.
    pub fn canonical(&self) -> &str {
        &self.text
    }

    /// The department that registered the organization, and the category it is in. There always is
    /// one in a code that was read.
    pub fn category(&self) -> Option<&'static Category> {
        categories()
            .iter()
            .find(|category| category.pair == &self.text[..2])
    }

    /// The six digits of the registering authority's region; not checked.
    pub fn region(&self) -> &str {
        &self.text[2..8]
    }

    /// The organization code inside.
    pub fn organization_code(&self) -> &OrganizationCode {
        &self.organization_code
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
