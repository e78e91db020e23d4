//! Heads: how many entries there are, and the root of the tree over them, signed.
//!
//! Whoever keeps a head elsewhere can prove later that the trail still begins with exactly those entries.
//! The signature is Ed25519 over `jiku audit head 1`, the size (`u64`, big-endian), the root's 32 bytes, and
//! the instant (microseconds since 1970 UTC, `i64`, big-endian).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::AuditError;
use crate::hash::{self, Hash};

const DOMAIN: &[u8] = b"jiku audit head 1";

/// A key that heads are checked with. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Hash(self.0.to_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = AuditError;

    fn from_str(text: &str) -> Result<PublicKey, AuditError> {
        let wrong = || AuditError::Unproven(format!("'{text}' is no public key"));
        let bytes = hash::bytes_of(text.trim()).ok_or_else(wrong)?;
        VerifyingKey::from_bytes(&bytes)
            .map(PublicKey)
            .map_err(|_| wrong())
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'a> Deserialize<'a> for PublicKey {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<PublicKey, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// What the first so many entries are, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// How many entries.
    pub size: u64,
    /// The root of the Merkle tree over them.
    pub root: Hash,
    /// When it was signed, in microseconds since 1970 UTC.
    pub instant: i64,
    /// Whose signature.
    pub public_key: PublicKey,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

impl Head {
    /// Whether the signature is that of the key it names; whose key that is, is for the reader to know.
    ///
    /// # Errors
    ///
    /// `Unproven` where it is not.
    pub fn check(&self) -> Result<(), AuditError> {
        let unproven =
            || AuditError::Unproven("the head's signature is not that of its key".into());
        let bytes: [u8; 64] = hash::bytes_of(&self.signature).ok_or_else(unproven)?;
        let message = message(self.size, &self.root, self.instant);
        let signature = Signature::from_bytes(&bytes);
        let key = &self.public_key.0;
        key.verify_strict(&message, &signature)
            .map_err(|_| unproven())
    }
}

/// What signs heads.
#[derive(Clone)]
pub(crate) struct Signatory(SigningKey);

impl Signatory {
    pub(crate) fn new(secret: [u8; 32]) -> Signatory {
        Signatory(SigningKey::from_bytes(&secret))
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, size: u64, root: Hash, instant: i64) -> Head {
        let signature = self.0.sign(&message(size, &root, instant)).to_bytes();
        let (mut first, mut second) = ([0; 32], [0; 32]);
        first.copy_from_slice(&signature[..32]);
        second.copy_from_slice(&signature[32..]);
        Head {
            size,
            root,
            instant,
            public_key: self.public_key(),
            signature: format!("{}{}", Hash(first), Hash(second)),
        }
    }
}

fn message(size: u64, root: &Hash, instant: i64) -> Vec<u8> {
    let size = size.to_be_bytes();
    [DOMAIN, &size[..], &root.0[..], &instant.to_be_bytes()[..]].concat()
}
