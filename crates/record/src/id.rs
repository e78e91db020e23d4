//! Entity ids: opaque, stable, never derived from personal data.
//!
//! Inside, an id is a `u64` counted up in its register, so that columns of ids stay small. Outside,
//! it is one register letter, nine digits of Crockford's base 32 and a check symbol (modulo 37), over
//! the counter mixed by a fixed bijection of 45 bits: neighbours in time are no neighbours in print.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const BITS: u32 = 45;
const MASK: u64 = (1 << BITS) - 1;
const DIGITS: usize = 9;
/// Odd, so that multiplication by it is a bijection modulo 2^45.
const MULTIPLIER: u64 = 0x0F4A_7C15_D2B5 | 1;

/// The register an entity belongs to, as the first letter of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RegisterLetter {
    /// Population.
    Person = b'P',
    /// Legal entities.
    Organization = b'O',
    /// Spatial.
    Spatial = b'S',
    /// Macroeconomy.
    Macroeconomy = b'M',
}

impl RegisterLetter {
    /// The register whose crate and schema folder has this name.
    pub fn from_name(name: &str) -> Option<RegisterLetter> {
        match name {
            "person" => Some(RegisterLetter::Person),
            "organization" => Some(RegisterLetter::Organization),
            "spatial" => Some(RegisterLetter::Spatial),
            "macroeconomy" => Some(RegisterLetter::Macroeconomy),
            _ => None,
        }
    }

    fn from_byte(byte: u8) -> Option<RegisterLetter> {
        match byte.to_ascii_uppercase() {
            b'P' => Some(RegisterLetter::Person),
            b'O' => Some(RegisterLetter::Organization),
            b'S' => Some(RegisterLetter::Spatial),
            b'M' => Some(RegisterLetter::Macroeconomy),
            _ => None,
        }
    }
}

/// The id of one entity: its register and its number there (45 bits).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId {
    register: RegisterLetter,
    number: u64,
}

impl EntityId {
    /// The id of the entity with this number; `None` past 45 bits.
    pub fn new(register: RegisterLetter, number: u64) -> Option<EntityId> {
        (number <= MASK).then_some(EntityId { register, number })
    }

    /// The register the entity belongs to.
    pub fn register(self) -> RegisterLetter {
        self.register
    }

    /// The number inside the register: for columns and ledgers, never for print.
    pub fn number(self) -> u64 {
        self.number
    }

    /// The printed form as ASCII bytes: letter, nine digits, check symbol.
    pub fn ascii(self) -> [u8; DIGITS + 2] {
        let mixed = mix(self.number);
        let mut out = [0u8; DIGITS + 2];
        out[0] = self.register as u8;
        for (place, digit) in out[1..=DIGITS].iter_mut().enumerate() {
            let shift = 5 * (DIGITS - 1 - place);
            *digit = ALPHABET[((mixed >> shift) & 31) as usize];
        }
        out[DIGITS + 1] = CHECK[check(self.register, mixed)];
        out
    }
}

fn check(register: RegisterLetter, mixed: u64) -> usize {
    ((mixed + u64::from(register as u8)) % 37) as usize
}

/// xor-shift, multiply, xor-shift: each step is a bijection on 45 bits.
fn mix(number: u64) -> u64 {
    let mut mixed = number ^ (number >> 23);
    mixed = mixed.wrapping_mul(MULTIPLIER) & MASK;
    mixed ^ (mixed >> 23)
}

fn unmix(mixed: u64) -> u64 {
    let undo_shift = |value: u64| value ^ (value >> 23);
    let number = undo_shift(mixed).wrapping_mul(inverse(MULTIPLIER)) & MASK;
    undo_shift(number)
}

/// The multiplicative inverse of an odd number modulo 2^64, by Newton's iteration.
const fn inverse(odd: u64) -> u64 {
    let mut guess = odd;
    let mut round = 0;
    while round < 6 {
        guess = guess.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(guess)));
        round += 1;
    }
    guess
}

impl fmt::Display for EntityId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ascii()
            .iter()
            .try_for_each(|byte| fmt::Write::write_char(out, char::from(*byte)))
    }
}

impl fmt::Debug for EntityId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Why a text is no entity id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not one of P, O, S, M followed by nine base 32 digits and a check symbol.
    #[error("'{0}' is not an id: expected P, O, S or M, nine base 32 digits and a check symbol")]
    Form(String),
    /// The check symbol does not fit: a digit was mistyped.
    #[error("the check symbol of id '{0}' does not fit: a character is wrong")]
    Check(String),
}

impl FromStr for EntityId {
    type Err = IdError;

    /// Reads the printed form; lower case, and `I L O` for `1 1 0`, are accepted as Crockford has it.
    fn from_str(input: &str) -> Result<EntityId, IdError> {
        let form = || IdError::Form(input.to_string());
        let bytes: [u8; DIGITS + 2] = input.as_bytes().try_into().map_err(|_| form())?;
        let register = RegisterLetter::from_byte(bytes[0]).ok_or_else(form)?;
        let mut mixed = 0u64;
        for byte in &bytes[1..=DIGITS] {
            let digit = match byte.to_ascii_uppercase() {
                b'I' | b'L' => 1,
                b'O' => 0,
                upper => ALPHABET
                    .iter()
                    .position(|symbol| *symbol == upper)
                    .ok_or_else(form)?,
            };
            mixed = mixed << 5 | digit as u64;
        }
        let symbol = bytes[DIGITS + 1].to_ascii_uppercase();
        if CHECK[check(register, mixed)] != symbol {
            return Err(IdError::Check(input.to_string()));
        }
        Ok(EntityId {
            register,
            number: unmix(mixed),
        })
    }
}

impl Serialize for EntityId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntityId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EntityId, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn print_and_read_agree(number in 0..=MASK) {
            let id = EntityId::new(RegisterLetter::Spatial, number).expect("within 45 bits");
            prop_assert_eq!(id.to_string().parse::<EntityId>(), Ok(id));
            prop_assert_eq!(id.to_string().to_lowercase().parse::<EntityId>(), Ok(id));
        }

        #[test]
        fn one_wrong_digit_is_noticed(number in 0..=MASK, place in 1usize..10, other in 0usize..32) {
            let id = EntityId::new(RegisterLetter::Person, number).expect("within 45 bits");
            let mut bytes = id.ascii();
            prop_assume!(bytes[place] != ALPHABET[other]);
            bytes[place] = ALPHABET[other];
            let text = String::from_utf8(bytes.to_vec()).expect("ASCII");
            prop_assert!(text.parse::<EntityId>().is_err());
        }
    }

    #[test]
    fn neighbours_do_not_look_alike() {
        let print = |number| {
            EntityId::new(RegisterLetter::Person, number)
                .expect("small")
                .to_string()
        };
        assert_ne!(print(1)[..8], print(2)[..8]);
        assert_eq!(EntityId::new(RegisterLetter::Person, MASK + 1), None);
    }
}
