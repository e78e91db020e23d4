//! The names of entries outside: unguessable, and without a trace of their order.
//!
//! A name is 16 bytes: eight that nobody can foretell, and the entry's place, hidden under a mask that only
//! the trail's secret gives. The trail finds the entry from its name alone; everybody else learns nothing
//! from two names, not even how many entries lie between. As each entry holds its name, nobody can guess
//! an entry's bytes from its leaf hash either, which proofs for other entries disclose.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 128 bits in digits of five.
const DIGITS: usize = 26;

/// The name of an entry: `R` and 26 digits of Crockford's base 32.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Receipt(u128);

impl Receipt {
    /// Its characters in ASCII.
    pub fn ascii(self) -> [u8; DIGITS + 1] {
        let mut out = [b'R'; DIGITS + 1];
        for (place, digit) in out[1..].iter_mut().enumerate() {
            let shift = 5 * (DIGITS - 1 - place);
            *digit = ALPHABET[((self.0 >> shift) & 31) as usize];
        }
        out
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(std::str::from_utf8(&self.ascii()).unwrap_or_default())
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Receipt({self})")
    }
}

/// A text that is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no receipt: expected R and 26 digits")]
pub struct NoReceipt(String);

impl FromStr for Receipt {
    type Err = NoReceipt;

    fn from_str(text: &str) -> Result<Receipt, NoReceipt> {
        let wrong = || NoReceipt(text.to_owned());
        let digits = text.strip_prefix(['R', 'r']).ok_or_else(wrong)?;
        if digits.len() != DIGITS {
            return Err(wrong());
        }
        let mut number: u128 = 0;
        for (place, byte) in digits.bytes().enumerate() {
            let upper = byte.to_ascii_uppercase();
            let value = ALPHABET
                .iter()
                .position(|digit| *digit == upper)
                .ok_or_else(wrong)?;
            // 26 digits hold 130 bits: the first has only three.
            if place == 0 && value > 7 {
                return Err(wrong());
            }
            number = number << 5 | value as u128;
        }
        Ok(Receipt(number))
    }
}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'a> Deserialize<'a> for Receipt {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Receipt, D::Error> {
        let text = <std::borrow::Cow<'a, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// What makes and reads names.
#[derive(Clone)]
pub(crate) struct Namer {
    secret: [u8; 32],
}

impl Namer {
    pub(crate) fn new(secret: [u8; 32]) -> Namer {
        Namer { secret }
    }

    /// The name of an entry.
    pub(crate) fn name(&self, sequence: u64, instant: i64) -> Receipt {
        let nonce = self.keyed(b"nonce", &[sequence, instant as u64]);
        let hidden = sequence ^ self.keyed(b"place", &[nonce]);
        Receipt(u128::from(nonce) << 64 | u128::from(hidden))
    }

    /// The place of the entry with this name; of a name that was never given, any place.
    pub(crate) fn place(&self, receipt: Receipt) -> u64 {
        let nonce = (receipt.0 >> 64) as u64;
        (receipt.0 as u64) ^ self.keyed(b"place", &[nonce])
    }

    fn keyed(&self, what: &[u8; 5], numbers: &[u64]) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(what);
        for number in numbers {
            hasher.update(&number.to_be_bytes());
        }
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_be_bytes(first)
    }
}
