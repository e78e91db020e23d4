//! The small keyed state: buckets of key and value, both the caller's bytes.
//!
//! Meant for what is small and changes in place (counters, grants, settings), not for records. It
//! is not chained and not versioned; a backup holds it as of one moment.

use std::sync::{Arc, PoisonError, RwLockReadGuard};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::name;
use crate::store::STATE_PREFIX;

/// A key and its value.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

impl Ledger {
    /// The value of a key.
    ///
    /// # Errors
    /// `InvalidName`, `Store`.
    pub fn state_get(&self, bucket: &str, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        name::check(bucket)?;
        let Some(tree) = self.shared.store.find(STATE_PREFIX, bucket) else {
            return Ok(None);
        };
        let value = tree.get(key).map_err(LedgerError::store("read a state"))?;
        Ok(value.map(|value| value.to_vec()))
    }

    /// Sets a key. Seen at once; on the disk after the next flush, durable put or publish.
    ///
    /// # Errors
    /// `InvalidName`, `Damaged` where the ledger only reads, `Store`.
    pub fn state_put(&self, bucket: &str, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        name::check(bucket)?;
        let _gate = self.changing_state()?;
        let tree = self.shared.store.tree(STATE_PREFIX, bucket)?;
        tree.insert(key, value)
            .map_err(LedgerError::store("write a state"))?;
        Ok(())
    }

    /// [`Ledger::state_put`], on the disk when it returns, with everything put before.
    ///
    /// # Errors
    /// As [`Ledger::state_put`] and [`Ledger::flush`].
    pub fn state_put_durable(
        &self,
        bucket: &str,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), LedgerError> {
        self.state_put(bucket, key, value)?;
        self.flush()
    }

    /// Removes a key; `false` where there was none. On the disk as [`Ledger::state_put`].
    ///
    /// # Errors
    /// As [`Ledger::state_put`].
    pub fn state_delete(&self, bucket: &str, key: &[u8]) -> Result<bool, LedgerError> {
        name::check(bucket)?;
        let _gate = self.changing_state()?;
        let Some(tree) = self.shared.store.find(STATE_PREFIX, bucket) else {
            return Ok(false);
        };
        let removed = tree
            .remove(key)
            .map_err(LedgerError::store("remove a state"))?;
        Ok(removed.is_some())
    }

    /// The keys of a bucket that begin with a prefix, and their values, in the order of the keys'
    /// bytes; none for an unknown bucket. Changes made meanwhile may or may not be seen.
    ///
    /// # Errors
    /// Each item `Store`.
    pub fn state_scan(
        &self,
        bucket: &str,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), LedgerError>> + Send + use<> {
        let tree = self.shared.store.find(STATE_PREFIX, bucket);
        let pairs = tree.map(|tree| tree.scan_prefix(prefix));
        let shared = Arc::clone(&self.shared);
        pairs.into_iter().flatten().map(move |pair| {
            // The pairs are read from an open store.
            let _ = &shared;
            let (key, value) = pair.map_err(LedgerError::store("read a state"))?;
            Ok((key.to_vec(), value.to_vec()))
        })
    }

    /// All the state, by bucket. The caller keeps others from changing it.
    pub(crate) fn state_all(&self) -> Result<Vec<(String, Vec<Pair>)>, LedgerError> {
        let mut buckets = Vec::new();
        for (bucket, _) in self.shared.store.trees_with(STATE_PREFIX) {
            let pairs: Result<Vec<Pair>, LedgerError> = self.state_scan(&bucket, b"").collect();
            buckets.push((bucket, pairs?));
        }
        Ok(buckets)
    }

    /// Held while a value changes, so that a backup sees one moment.
    fn changing_state(&self) -> Result<RwLockReadGuard<'_, ()>, LedgerError> {
        self.shared.writable()?;
        let gate = self.shared.state_gate.read();
        Ok(gate.unwrap_or_else(PoisonError::into_inner))
    }
}
