//! Resident identity numbers (公民身份号码, GB 11643-1999).
//!
//! Eighteen characters: region of issue (6, GB/T 2260), birth date (8), sequence (3, odd for men and
//! even for women), check (1, ISO 7064 MOD 11-2). The form of before 1999 has fifteen: no century and
//! no check.
//!
//! What a text alone can tell is checked by [`parse`]; whether the region existed is asked of a
//! [`RegionHistory`] by [`IdentityNumber::check_region`]. [`validate`] does both. The checks run in
//! the order form, check digit, birth date, region, and the first that fails is reported: while the
//! check digit does not fit, any other digit may be the wrong one.

use std::fmt;

use record::{CompactString, Day, PartialDate};

/// The weights of the first seventeen digits, 2^(17 - place) modulo 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check character by the weighted sum modulo 11.
const CHECKS: &[u8; 11] = b"10X98765432";

/// Numbers have been issued since 1984, so nobody who bears one was born before this year.
const EARLIEST_BIRTH_YEAR: i16 = 1800;

/// From this sequence on, numbers of fifteen digits were kept for people over a hundred years old,
/// whose century of birth is not the twentieth.
const CENTENARIAN_SEQUENCE: u16 = 996;

/// Residence permits carry one of these instead of a region: Hong Kong, Macao, Taiwan.
const PERMIT_REGIONS: [&str; 3] = ["810000", "820000", "830000"];

/// Regions of synthetic persons. They were never assigned, so that no synthetic number is a real
/// person's.
const SYNTHETIC_REGIONS: std::ops::RangeInclusive<u32> = 110_130..=110_199;

/// A well-formed identity number: eighteen characters, check digit right, birth date in the calendar.
///
/// `Debug` hides the number, since it is personal data.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityNumber {
    text: CompactString,
    birth_date: PartialDate,
    sequence: u16,
}

/// The sex an identity number states, by the parity of its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// An odd sequence.
    Male,
    /// An even sequence.
    Female,
}

impl Sex {
    /// The code of GB/T 2261.1: 1 male, 2 female.
    pub fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }
}

/// What kind of document a number stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberKind {
    /// A resident identity card.
    ResidentIdentity,
    /// A residence permit for residents of Hong Kong, Macao or Taiwan (since 2018).
    ResidencePermit,
    /// Nobody's: a generated number of a synthetic city.
    Synthetic,
}

/// Why a text is no identity number. No variant repeats the number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityNumberError {
    /// Not eighteen characters (digits, the last may be X) or fifteen digits.
    #[error("expected 18 characters (17 digits and a digit or X) or 15 digits")]
    Form,
    /// The check character does not fit: at least one character is wrong.
    #[error("the check character should be {expected}, found {found}")]
    Check {
        /// What the first seventeen digits ask for.
        expected: char,
        /// What stands there.
        found: char,
    },
    /// The birth date is not in the calendar, or lies before 1800.
    #[error("{0} is no birth date")]
    BirthDate(CompactString),
    /// A fifteen-digit number from the sequences 996 to 999, which were kept for people over a
    /// hundred: the century of birth, and so the number of eighteen, cannot be told.
    #[error("15-digit numbers with sequence {0} do not tell the century of birth")]
    Century(u16),
    /// No region of this code existed at any time from the birth date on.
    #[error("region {0} did not exist at any time from the birth date on")]
    Region(CompactString),
    /// The region is one of those kept for synthetic persons, and this data is not synthetic.
    #[error("region {0} is kept for synthetic persons")]
    SyntheticRegion(CompactString),
}

/// What is known of the regions that numbers were issued in. Any `Fn(&str, Day) -> bool` is one.
///
/// A number is issued on some day on or after the birth, which the number does not tell: newborns
/// get theirs at registration, but everybody alive in the middle of the 1980s got theirs then, by the
/// region code of that time. So all that can be asked is whether the region existed *at any time*
/// from the birth date on. Someone born in 1949 may well bear 110103 (崇文区, ended in 2010); someone
/// born in 2015 may not.
pub trait RegionHistory {
    /// Whether a region with this code (six digits) existed on the day or at any time after it.
    /// Where the history does not know from when or until when a code was used, the answer is yes.
    fn was_valid(&self, code: &str, on: Day) -> bool;
}

impl<F: Fn(&str, Day) -> bool> RegionHistory for F {
    fn was_valid(&self, code: &str, on: Day) -> bool {
        self(code, on)
    }
}

/// The check character (`0`..=`9` or `X`) of the first seventeen digits, given as ASCII.
///
/// Bytes that are no digits have no check character; the answer for them means nothing.
pub fn check_digit(digits: &[u8; 17]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

/// Reads a number of eighteen or fifteen characters; see [`IdentityNumber::canonical`] for what
/// becomes of it. White space around it is ignored.
///
/// # Errors
/// Every variant but the two on regions.
pub fn parse(input: &str) -> Result<IdentityNumber, IdentityNumberError> {
    let (bytes, length) = half_width(input).ok_or(IdentityNumberError::Form)?;
    let mut body = [b'0'; 17];
    match length {
        18 => body.copy_from_slice(&bytes[..17]),
        15 => {
            body[..6].copy_from_slice(&bytes[..6]);
            body[6..8].copy_from_slice(b"19");
            body[8..].copy_from_slice(&bytes[6..15]);
        }
        _ => return Err(IdentityNumberError::Form),
    }
    if !body.iter().all(u8::is_ascii_digit) {
        return Err(IdentityNumberError::Form);
    }
    let expected = check_digit(&body);
    if length == 18 {
        let found = bytes[17];
        if !CHECKS.contains(&found) {
            return Err(IdentityNumberError::Form);
        }
        if found != expected {
            return Err(IdentityNumberError::Check {
                expected: char::from(expected),
                found: char::from(found),
            });
        }
    }
    let sequence = number(&body[14..17]) as u16;
    if length == 15 && sequence >= CENTENARIAN_SEQUENCE {
        return Err(IdentityNumberError::Century(sequence));
    }
    let birth_date = PartialDate::new(
        number(&body[6..10]) as i16,
        Some(number(&body[10..12]) as u8),
        Some(number(&body[12..14]) as u8),
    )
    .filter(|date| date.year() >= EARLIEST_BIRTH_YEAR)
    .ok_or_else(|| IdentityNumberError::BirthDate(ascii(&body[6..14])))?;
    let mut text = ascii(&body);
    text.push(char::from(expected));
    Ok(IdentityNumber {
        text,
        birth_date,
        sequence,
    })
}

/// Reads a number and checks its region: [`parse`], then [`IdentityNumber::check_region`].
///
/// # Errors
/// Every variant.
pub fn validate(
    input: &str,
    regions: &impl RegionHistory,
    synthetic: bool,
) -> Result<IdentityNumber, IdentityNumberError> {
    let number = parse(input)?;
    number.check_region(regions, synthetic)?;
    Ok(number)
}

impl IdentityNumber {
    /// The eighteen characters, the last a digit or a capital X. A number of fifteen digits has got
    /// `19` before its year and the check character; full-width characters have become ASCII.
    pub fn canonical(&self) -> &str {
        &self.text
    }

    /// The six digits of the region of issue, or of the kind of permit.
    pub fn region(&self) -> &str {
        &self.text[..6]
    }

    /// The birth date, to the day.
    pub fn birth_date(&self) -> PartialDate {
        self.birth_date
    }

    /// The sequence among those born on one day in one region, 0..=999.
    pub fn sequence(&self) -> u16 {
        self.sequence
    }

    /// The sex it states.
    pub fn sex(&self) -> Sex {
        if self.sequence % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// What kind of document it stands on, by its region.
    pub fn kind(&self) -> NumberKind {
        if PERMIT_REGIONS.contains(&self.region()) {
            NumberKind::ResidencePermit
        } else if SYNTHETIC_REGIONS.contains(&number(&self.text.as_bytes()[..6])) {
            NumberKind::Synthetic
        } else {
            NumberKind::ResidentIdentity
        }
    }

    /// Checks the region: one of the permits, or one that existed at any time from the birth date on
    /// (see [`RegionHistory`]), or, where `synthetic` says that the data are, one of the synthetic.
    ///
    /// # Errors
    /// [`IdentityNumberError::Region`] and [`IdentityNumberError::SyntheticRegion`].
    pub fn check_region(
        &self,
        regions: &impl RegionHistory,
        synthetic: bool,
    ) -> Result<(), IdentityNumberError> {
        let region = || CompactString::from(self.region());
        match self.kind() {
            NumberKind::ResidencePermit => Ok(()),
            NumberKind::Synthetic if synthetic => Ok(()),
            NumberKind::Synthetic => Err(IdentityNumberError::SyntheticRegion(region())),
            NumberKind::ResidentIdentity => regions
                .was_valid(self.region(), self.birth_date.first_day())
                .then_some(())
                .ok_or_else(|| IdentityNumberError::Region(region())),
        }
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "IdentityNumber({}…)", self.region())
    }
}

/// The text in capital ASCII, without white space around it, and its length; `None` past eighteen
/// characters. Characters without an ASCII form become `?`, which no number contains.
fn half_width(input: &str) -> Option<([u8; 18], usize)> {
    let mut bytes = [0u8; 18];
    let mut length = 0;
    for character in input.trim().chars() {
        *bytes.get_mut(length)? = match character {
            '0'..='9' | 'X' => character as u8,
            '０'..='９' => b'0' + (character as u32 - '０' as u32) as u8,
            'x' | 'Ｘ' | 'ｘ' => b'X',
            _ => b'?',
        };
        length += 1;
    }
    Some((bytes, length))
}

/// The number that ASCII digits write.
fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

fn ascii(bytes: &[u8]) -> CompactString {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests;
