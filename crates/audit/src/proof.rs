//! Proofs as documents that an outside auditor checks without the trail, and without seeing other entries.

use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::error::AuditError;
use crate::hash::Hash;
use crate::head::{Head, PublicKey};
use crate::merkle;
use crate::trail::Trail;

/// That an entry stands in the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inclusion {
    /// The entry's text, as it stands there: the leaf is SHA-256 of a byte 0 and this.
    pub entry: String,
    /// Its place, from 0.
    pub sequence: u64,
    /// Hashes from the leaf up (RFC 6962, 2.1.1).
    pub path: Vec<Hash>,
    /// The head of the tree that it is in.
    pub head: Head,
}

/// That a later trail begins with an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consistency {
    /// The earlier head.
    pub old: Head,
    /// The later one.
    pub head: Head,
    /// Hashes (RFC 6962, 2.1.2).
    pub path: Vec<Hash>,
}

impl Inclusion {
    /// Checks it; where a key is given, against that one. Gives the entry.
    ///
    /// # Errors
    ///
    /// `Unproven`, saying what does not hold.
    pub fn check(&self, key: Option<&PublicKey>) -> Result<Entry, AuditError> {
        check_head(&self.head, key)?;
        let leaf = merkle::leaf(self.entry.as_bytes());
        let (root, size) = (&self.head.root, self.head.size);
        if !merkle::includes(root, size, self.sequence, &leaf, &self.path) {
            return Err(unproven("the entry is not in the tree of this head"));
        }
        let entry: Entry = serde_json::from_str(&self.entry)
            .map_err(|error| AuditError::Unproven(format!("the entry cannot be read: {error}")))?;
        if entry.sequence != self.sequence {
            return Err(unproven("the entry bears another number"));
        }
        Ok(entry)
    }
}

impl Consistency {
    /// Checks it; where a key is given, against that one.
    ///
    /// # Errors
    ///
    /// `Unproven`, saying what does not hold.
    pub fn check(&self, key: Option<&PublicKey>) -> Result<(), AuditError> {
        check_head(&self.old, key)?;
        check_head(&self.head, key)?;
        if self.old.public_key != self.head.public_key {
            return Err(unproven("the two heads are signed with different keys"));
        }
        let (old, new) = (&self.old, &self.head);
        if !merkle::continues((old.size, &old.root), (new.size, &new.root), &self.path) {
            return Err(unproven(
                "the later trail does not begin with the earlier one",
            ));
        }
        Ok(())
    }
}

fn check_head(head: &Head, key: Option<&PublicKey>) -> Result<(), AuditError> {
    if key.is_some_and(|key| *key != head.public_key) {
        return Err(unproven("the head is signed with another key"));
    }
    head.check()
}

fn unproven(what: &str) -> AuditError {
    AuditError::Unproven(what.to_owned())
}

impl Trail {
    /// The proof that an entry is in the tree of a head.
    ///
    /// # Errors
    ///
    /// As [`Trail::inclusion`].
    pub fn prove(&self, sequence: u64, head: &Head) -> Result<Inclusion, AuditError> {
        let entry = String::from_utf8(self.line(sequence)?);
        Ok(Inclusion {
            entry: entry.map_err(|error| AuditError::Damaged {
                sequence,
                reason: error.to_string(),
            })?,
            sequence,
            path: self.inclusion(sequence, head.size)?,
            head: head.clone(),
        })
    }

    /// The proof that all there is now continues an earlier head.
    ///
    /// # Errors
    ///
    /// As [`Trail::consistency`].
    pub fn prove_since(&self, old: &Head) -> Result<Consistency, AuditError> {
        let head = self.head();
        Ok(Consistency {
            path: self.consistency(old.size, head.size)?,
            old: old.clone(),
            head,
        })
    }
}
