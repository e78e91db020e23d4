//! What the loading desk remembers of its loads, in the small keyed state beside the log: it changes in
//! place, a backup holds it, and what is published it never decides. That the journal does.

use record::Transaction;

use super::{Embedded, StartedLoad, clock};
use crate::store::{Publication, StoreError};

const BUCKET: &str = "loads/book";
/// By source: when its department last sent what it had published before.
const CONFIRMED: &str = "loads/confirmed";

impl Embedded {
    /// Keeps what is known of a load, by the load's name, in place of what was kept before. It is on the
    /// disk when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ledger`], also where the ledger only reads.
    pub fn keep_load(&self, load: &str, value: &[u8]) -> Result<(), StoreError> {
        let ledger = &self.shared.ledger;
        Ok(ledger.state_put_durable(BUCKET, load.as_bytes(), value)?)
    }

    /// All that is kept of loads, ordered by their names.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ledger`].
    pub fn kept_loads(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let kept = self.shared.ledger.state_scan(BUCKET, b"");
        kept.map(|pair| Ok(pair?.1)).collect()
    }

    /// Notes that a department has sent what it had published before: nothing is published, but what was
    /// is up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ledger`], also where the ledger only reads.
    pub fn confirm(&self, load: &StartedLoad) -> Result<(), StoreError> {
        let confirmed = Publication {
            collection: load.collection.clone(),
            source: load.source.clone(),
            department: load.department.clone(),
            instant: clock::now(),
        };
        let value = serde_json::to_vec(&confirmed)
            .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        let ledger = &self.shared.ledger;
        Ok(ledger.state_put_durable(CONFIRMED, load.source.as_bytes(), &value)?)
    }

    /// When departments last sent what they had published before.
    pub(super) fn confirmed(&self) -> Result<Vec<Publication>, StoreError> {
        let kept = self.shared.ledger.state_scan(CONFIRMED, b"");
        kept.map(|pair| {
            serde_json::from_slice(&pair?.1)
                .map_err(|reason| StoreError::Damaged(reason.to_string()))
        })
        .collect()
    }

    /// The transaction that published a load, if any did: also one whose entry stands in the ledger, but
    /// whose publication failed before this process could show it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Ledger`], [`StoreError::Damaged`].
    pub fn published_as(&self, load: &str) -> Result<Option<Transaction>, StoreError> {
        let journal = self.journal();
        let mut shown = journal.entries().iter().rev();
        if let Some(entry) = shown.find(|entry| entry.load.load == load) {
            return Ok(Some(entry.transaction));
        }
        let mut unseen = crate::journal::Journal::default();
        for entry in self.shared.ledger.journal(journal.last().0 + 1) {
            unseen.push(&entry?)?;
        }
        let mut unseen = unseen.entries().iter();
        let found = unseen.find(|entry| entry.load.load == load);
        Ok(found.map(|entry| entry.transaction))
    }
}
