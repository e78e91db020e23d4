//! The text of an API key: made once, shown once, and kept only as a keyed hash.
//!
//! `jiku_<id>_<secret>`: the id finds the key and is in lists and logs; the secret, 256 random bits, is
//! in neither. A demo's key begins with `jiku_demo_`, so that nobody takes it for another.

use std::fmt::Write;
use std::io;

use serde::{Deserialize, Serialize};

/// Bytes of an id.
const ID: usize = 6;
/// Bytes of a secret.
const SECRET: usize = 32;

/// The secret of a data directory, with which keys are hashed: a copy of the hashes alone tells nothing.
pub struct Pepper([u8; 32]);

/// The keyed BLAKE3 hash of a key's whole text, in hexadecimal digits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// A key that was just made.
pub struct Minted {
    /// What finds it again.
    pub id: String,
    /// The whole text, which nobody can show again.
    pub text: String,
    /// What is kept.
    pub fingerprint: Fingerprint,
}

impl Pepper {
    /// A new one.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn new() -> io::Result<Pepper> {
        Ok(Pepper(random()?))
    }

    /// Reads one from its 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Pepper> {
        let hash = blake3::Hash::from_hex(text.trim()).ok()?;
        Some(Pepper(*hash.as_bytes()))
    }

    /// Its hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// Hashes a key's text.
    pub fn hash(&self, text: &[u8]) -> blake3::Hash {
        blake3::keyed_hash(&self.0, text)
    }

    /// Makes a key.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn mint(&self, is_demo: bool) -> io::Result<Minted> {
        let id = hex(&random::<ID>()?);
        let secret = hex(&random::<SECRET>()?);
        let kind = if is_demo { "jiku_demo" } else { "jiku" };
        let text = format!("{kind}_{id}_{secret}");
        let fingerprint = Fingerprint(self.hash(text.as_bytes()).to_hex().to_string());
        Ok(Minted {
            id,
            text,
            fingerprint,
        })
    }
}

impl Fingerprint {
    /// The hash; `None` where the file that holds it was spoiled.
    pub fn hash(&self) -> Option<blake3::Hash> {
        blake3::Hash::from_hex(&self.0).ok()
    }
}

/// The id in a key's text; `None` where it is no key's.
pub fn id_of(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text).ok()?;
    let mut parts = text.rsplitn(3, '_');
    let (secret, id, kind) = (parts.next()?, parts.next()?, parts.next()?);
    let is_key = matches!(kind, "jiku" | "jiku_demo") && secret.len() == 2 * SECRET;
    is_key.then_some(id)
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::from)?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
