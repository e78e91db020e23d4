//! The store as a caller sees it.

use std::sync::Arc;

use record::Transaction;
use register::{Publication, Store, StoreError, View};
use schema::Catalog;

use crate::policy::Verb;

use super::view::SeenView;
use super::{History, Sight};

/// The store as a caller sees it: what is hidden is not there.
pub struct SeenStore {
    sight: Arc<Sight>,
    whole: Arc<dyn Store>,
    history: Arc<History>,
}

impl SeenStore {
    /// The whole store through a sight. `history` belongs to the whole store.
    pub fn new(sight: Arc<Sight>, whole: Arc<dyn Store>, history: Arc<History>) -> SeenStore {
        SeenStore {
            sight,
            whole,
            history,
        }
    }
}

impl Store for SeenStore {
    fn catalog(&self) -> &Arc<Catalog> {
        self.sight.catalog()
    }

    fn view(&self) -> Arc<dyn View> {
        Arc::new(SeenView {
            sight: self.sight.clone(),
            view: self.whole.view(),
            history: self.history.clone(),
        })
    }

    fn transaction_at(&self, instant: i64) -> Transaction {
        self.whole.transaction_at(instant)
    }

    fn instant_of(&self, transaction: Transaction) -> Option<i64> {
        self.whole.instant_of(transaction)
    }

    fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let mut all = self.whole.publications()?;
        all.retain(|one| self.sight.knows(&one.collection));
        Ok(all)
    }

    fn reads(&self, collection: &str) -> bool {
        self.sight.may_with(Verb::Read, Some(collection))
    }

    fn is_synthetic(&self) -> bool {
        self.whole.is_synthetic()
    }

    fn size_on_disk(&self) -> (u64, u64) {
        self.whole.size_on_disk()
    }
}
