//! Where requests, objections and editions are kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use register::{Embedded, StoreError};

/// Keeps papers by kind and name.
pub trait Papers: Send + Sync {
    /// Keeps a paper in place of the one before. It is there after any stop once this returns.
    ///
    /// # Errors
    ///
    /// It cannot be kept.
    fn keep(&self, kind: &str, name: &str, value: &[u8]) -> Result<(), StoreError>;

    /// All papers of a kind, ordered by their names.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    fn kept(&self, kind: &str) -> Result<Vec<Vec<u8>>, StoreError>;
}

impl Papers for Embedded {
    fn keep(&self, kind: &str, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.keep_paper(kind, name, value)
    }

    fn kept(&self, kind: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        self.kept_papers(kind)
    }
}

/// Papers that are gone with the process: for a store that keeps none.
#[derive(Debug, Default)]
pub struct Loose {
    all: Mutex<BTreeMap<(String, String), Vec<u8>>>,
}

impl Papers for Loose {
    fn keep(&self, kind: &str, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((kind.to_string(), name.to_string()), value.to_vec());
        Ok(())
    }

    fn kept(&self, kind: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = all.iter().filter(|((one, _), _)| one == kind);
        Ok(of_kind.map(|(_, value)| value.clone()).collect())
    }
}

/// Reads a paper.
pub(crate) fn read<T: serde::de::DeserializeOwned>(value: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(value).map_err(|reason| StoreError::Damaged(reason.to_string()))
}

/// Writes a paper.
pub(crate) fn written<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|reason| StoreError::Damaged(reason.to_string()))
}

/// A name that nobody can guess: a letter, then sixteen of Crockford's digits.
pub(crate) fn new_name(letter: char) -> Result<String, StoreError> {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|reason| StoreError::Refused(format!("no randomness: {reason}")))?;
    let digits = bytes
        .iter()
        .map(|byte| char::from(DIGITS[usize::from(byte % 32)]));
    Ok(std::iter::once(letter).chain(digits).collect())
}
