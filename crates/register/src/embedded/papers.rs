//! What is kept of requests, objections and editions, in the small keyed state beside the log: it changes
//! in place, and a backup holds it.

use super::Embedded;
use crate::store::StoreError;

/// How the buckets of papers begin.
const BUCKET: &str = "papers/";

impl Embedded {
    /// Keeps a paper of a kind under its name, in place of what was kept before. It is on the disk when
    /// this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ledger`], also where the ledger only reads.
    pub fn keep_paper(&self, kind: &str, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let bucket = format!("{BUCKET}{kind}");
        let ledger = &self.shared.ledger;
        Ok(ledger.state_put_durable(&bucket, name.as_bytes(), value)?)
    }

    /// All papers of a kind, ordered by their names.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ledger`].
    pub fn kept_papers(&self, kind: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let bucket = format!("{BUCKET}{kind}");
        let kept = self.shared.ledger.state_scan(&bucket, b"");
        kept.map(|pair| Ok(pair?.1)).collect()
    }
}
