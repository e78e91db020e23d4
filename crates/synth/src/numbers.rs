//! Identity numbers (GB 11643) and unified social credit codes (GB 32100) that nobody has.
//!
//! Region codes 110130–110199 were never assigned. District number `d` (0–15) takes the four from
//! `110130 + 4d`, so that no generated number or code is a real one and every one passes its
//! check.

use crate::dates::{Day, civil, day};
use crate::error::SynthError;

/// The first region code that was never assigned.
const FIRST_REGION: u32 = 110_130;
/// Region codes used by each district.
const REGIONS_A_DISTRICT: u32 = 4;
/// Sequence numbers of one sex in a region and day: 001, 003 … 999 or 002, 004 … 998.
const SEQUENCES: [u32; 2] = [500, 499];
/// The first birth date that counters are kept for.
const FIRST_BIRTH: Day = -27_000;

/// Alphabet of GB 32100: digits and letters without I, O, S, V and Z.
pub(crate) const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const IDENTITY_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CREDIT_WEIGHTS: [u32; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
const ORGANIZATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The sexes as far as identity numbers know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    /// Odd sequence numbers.
    Male,
    /// Even sequence numbers.
    Female,
}

/// An identity number as text.
pub(crate) type IdentityNumber = [u8; 18];
/// A unified social credit code as text.
pub(crate) type CreditCode = [u8; 18];

/// The check character of the first 17 digits (GB 11643, ISO 7064 MOD 11-2).
pub(crate) fn identity_check(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(IDENTITY_WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    b"10X98765432"[(sum % 11) as usize]
}

/// The check character of an organization code's eight characters (GB 11714).
pub(crate) fn organization_check(body: &[u8]) -> u8 {
    let value = |character: u8| match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        other => u32::from(other - b'A') + 10,
    };
    let sum: u32 = body
        .iter()
        .zip(ORGANIZATION_WEIGHTS)
        .map(|(&body, weight)| value(body) * weight)
        .sum();
    b"0X987654321"[(sum % 11) as usize]
}

/// The check character of a credit code's first 17 characters (GB 32100).
pub(crate) fn credit_check(code: &[u8]) -> u8 {
    let value = |character: u8| {
        CREDIT_ALPHABET
            .iter()
            .position(|&known| known == character)
            .unwrap_or(0) as u32
    };
    let sum: u32 = code
        .iter()
        .zip(CREDIT_WEIGHTS)
        .map(|(&code, weight)| value(code) * weight)
        .sum();
    CREDIT_ALPHABET[((31 - sum % 31) % 31) as usize]
}

/// Writes a number into bytes as decimal digits with leading zeros.
pub(crate) fn put_digits(target: &mut [u8], mut value: u32) {
    for digit in target.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Gives out identity numbers, each once, with one counter for a district, birth date and sex.
pub(crate) struct IdentityNumbers {
    counters: Vec<u16>,
    days: usize,
}

impl IdentityNumbers {
    /// Counters for `districts` districts and births up to the reference year.
    pub(crate) fn new(districts: usize) -> Self {
        let days = (day(crate::dates::REFERENCE_YEAR + 1, 1, 1) - FIRST_BIRTH) as usize;
        IdentityNumbers {
            counters: vec![0; districts * days * 2],
            days,
        }
    }

    /// The next number of a person born on `birth`, registered in district number `district`.
    ///
    /// # Errors
    ///
    /// [`SynthError::NumbersUsedUp`] when the district's numbers of that day are all given.
    pub(crate) fn next(
        &mut self,
        district: usize,
        birth: Day,
        sex: Sex,
    ) -> Result<IdentityNumber, SynthError> {
        let (year, month, of_month) = civil(birth);
        let offset = (birth - FIRST_BIRTH) as usize;
        let date = (year * 10_000 + month * 100 + of_month) as u32;
        let count = self
            .counters
            .get_mut((district * self.days + offset) * 2 + sex as usize);
        let sequences = SEQUENCES[sex as usize];
        let Some(count) = count.filter(|count| u32::from(**count) < REGIONS_A_DISTRICT * sequences)
        else {
            return Err(SynthError::NumbersUsedUp {
                district: district as u32,
                date: date.to_string(),
            });
        };
        let number = u32::from(*count);
        *count += 1;
        // Both steps are one-to-one: region by rotation, sequence by a multiplier coprime to 500 and 499.
        let region = FIRST_REGION
            + REGIONS_A_DISTRICT * district as u32
            + (number + date) % REGIONS_A_DISTRICT;
        let place = (number / REGIONS_A_DISTRICT * 137 + date % 97 * 5 + region) % sequences;
        let sequence = match sex {
            Sex::Male => place * 2 + 1,
            Sex::Female => place * 2 + 2,
        };
        let mut text = [b'0'; 18];
        put_digits(&mut text[..6], region);
        put_digits(&mut text[6..14], date);
        put_digits(&mut text[14..17], sequence);
        text[17] = identity_check(&text[..17]);
        Ok(text)
    }
}

/// Gives out unified social credit codes, each once.
#[derive(Default)]
pub(crate) struct CreditCodes {
    given: u64,
}

impl CreditCodes {
    /// The next code of registering department and category `pair`, for district number `district`.
    pub(crate) fn next(&mut self, pair: [u8; 2], district: usize) -> CreditCode {
        let number = self.given;
        self.given += 1;
        let mut text = [b'0'; 18];
        text[..2].copy_from_slice(&pair);
        let region = FIRST_REGION + REGIONS_A_DISTRICT * district as u32 + (number % 4) as u32;
        put_digits(&mut text[2..8], region);
        if pair[0] == b'9' {
            // Market regulators give MA + six characters; the multiplier is coprime to 31^6.
            let mut rest = (number * 387_420_489 + 40_353_607) % 31u64.pow(6);
            text[8..10].copy_from_slice(b"MA");
            for character in text[10..16].iter_mut().rev() {
                *character = CREDIT_ALPHABET[(rest % 31) as usize];
                rest /= 31;
            }
        } else {
            // The multiplier is coprime to 10^8.
            put_digits(
                &mut text[8..16],
                ((number * 38_742_049 + 7_654_321) % 100_000_000) as u32,
            );
        }
        text[16] = organization_check(&text[8..16]);
        text[17] = credit_check(&text[..17]);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_agree_with_the_standards_examples() {
        assert_eq!(identity_check(b"11010519491231002"), b'X');
        assert_eq!(identity_check(b"44052418800101001"), b'4');
        assert_eq!(organization_check(b"D2143569"), b'X');
        for code in [
            b"91350100M000100Y43",
            b"91110000600037341L",
            b"9144030071526726XG",
        ] {
            assert_eq!(credit_check(&code[..17]), code[17]);
            assert_eq!(organization_check(&code[8..16]), code[16]);
        }
    }

    #[test]
    fn a_day_gives_all_its_numbers_once_and_then_says_so() {
        let mut numbers = IdentityNumbers::new(16);
        for (sex, most) in [(Sex::Male, 2_000), (Sex::Female, 1_996)] {
            let mut seen = std::collections::BTreeSet::new();
            for _ in 0..most {
                let number = numbers.next(15, day(1970, 5, 17), sex).unwrap();
                assert_eq!(number[16] % 2 == 1, sex == Sex::Male);
                assert!(seen.insert(number));
            }
            assert!(numbers.next(15, day(1970, 5, 17), sex).is_err());
        }
    }
}
