//! What requests that may come twice were answered, kept beside the ledger's logs.
//!
//! Who writes remembers the answer before publishing: publishing puts it on the disk together with
//! the journal entry. It names the load that it tells of, so that an answer whose load was cut off is
//! known as one that never was.

use super::Embedded;
use crate::store::StoreError;

/// The bucket of the keyed state.
const BUCKET: &str = "answers";

impl Embedded {
    /// The answer remembered under a key.
    pub fn answer(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.shared.ledger.state_get(BUCKET, key)?)
    }

    /// All keys, and the answers remembered under them.
    pub fn answers(&self) -> impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<> {
        let pairs = self.shared.ledger.state_scan(BUCKET, b"");
        pairs.map(|pair| pair.map_err(StoreError::from))
    }

    /// Remembers an answer. It is on the disk with the next load that is published, or at once where
    /// it is `durable`.
    pub fn remember_answer(
        &self,
        key: &[u8],
        answer: &[u8],
        durable: bool,
    ) -> Result<(), StoreError> {
        let ledger = &self.shared.ledger;
        let put = if durable {
            ledger.state_put_durable(BUCKET, key, answer)
        } else {
            ledger.state_put(BUCKET, key, answer)
        };
        Ok(put?)
    }

    /// Forgets an answer.
    pub fn forget_answer(&self, key: &[u8]) -> Result<(), StoreError> {
        self.shared.ledger.state_delete(BUCKET, key)?;
        Ok(())
    }
}
