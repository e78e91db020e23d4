//! What a caller may have compared: claims on fields that it does not see, and agreed questions.
//!
//! The store in which claims are answered has the caller's rows and all fields; which of these may be
//! claimed is asked of its sight, and nothing of a record leaves the comparison but a word.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::policy::Verb;
use access::sight::SeenStore;
use access::{Form, Sight, Traced};
use compare::list::{Agreement, ListError};
use register::Store;

use crate::app::App;
use crate::visit::{Visit, then};

/// How many stores are kept; past that all are made anew.
const MOST_KEPT: usize = 1000;

/// The stores in which claims are answered, one for each sight.
#[derive(Default)]
pub struct Claiming {
    by_sight: Mutex<HashMap<u64, Arc<dyn Store>>>,
}

impl Claiming {
    fn store(&self, app: &App, sight: &Sight) -> Arc<dyn Store> {
        // What is guarded is whole after every step.
        let mut kept = self.by_sight.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        let made = kept.entry(sight.digest()).or_insert_with(|| {
            let unmasked = Arc::new(sight.unmasked());
            Arc::new(SeenStore::new(unmasked, app.whole.clone(), Arc::default()))
        });
        made.clone()
    }
}

impl Visit {
    /// The visit in which claims are answered: what the caller may only verify is there as well. Nothing
    /// of a record may be answered from it.
    #[must_use]
    pub fn claiming(mut self) -> Visit {
        if let Some(asker) = &self.asker {
            let store = self.claims.store(&self, &asker.sight);
            // Whose records were compared is written down as of those that were shown.
            let store = Arc::new(Traced::new(store, asker.touched.clone()));
            self.store = then(store, self.moment);
        }
        self
    }

    /// Whether the caller may claim values of a field.
    pub fn may_claim(&self, collection: &str, field: &str) -> bool {
        let asker = self.asker.as_ref();
        asker.is_none_or(|asker| *asker.sight.form(collection, field) != Form::Hidden)
    }

    /// What has been agreed with the caller on list comparisons, for this purpose.
    ///
    /// # Errors
    ///
    /// A grant with a column that is none.
    pub fn agreements(&self) -> Result<Vec<Agreement>, ListError> {
        let asker = self.asker.as_ref();
        let grants = asker.map(|asker| asker.sight.grants()).unwrap_or_default();
        let allowed = grants
            .iter()
            .filter(|grant| grant.verbs.contains(&Verb::Compare));
        let agreed = allowed.map(|grant| Agreement::of_grant(grant).transpose());
        agreed
            .flatten()
            .collect::<Result<_, _>>()
            .map_err(ListError::Agreement)
    }
}
