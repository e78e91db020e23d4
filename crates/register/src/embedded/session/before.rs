//! What there was before the load, for those who compare with it.

use std::sync::Arc;

use record::Validity;

use super::LoadSession;
use crate::embedded::composer::Stretch;
use crate::fold::{Target, Targets};
use crate::store::{StoreError, View};

impl LoadSession<'_> {
    /// Whether an entity is one that this load introduces.
    pub fn is_new(&self, number: u64) -> bool {
        number >= self.first_number
    }

    /// The state before the load.
    pub fn view(&self) -> Arc<dyn View> {
        self.view.clone()
    }

    /// What the department said of an entity before this load, on each stretch of days of the validity.
    pub fn said(&self, number: u64, validity: Validity) -> Result<Vec<Stretch>, StoreError> {
        let department = &self.origin.department;
        self.composer
            .said(&self.collection, number, department, validity)
    }

    /// Whether departments other than the load's own said anything of an entity on any of these days.
    pub fn others_claim(&self, number: u64, validity: Validity) -> Result<bool, StoreError> {
        let department = &self.origin.department;
        self.composer
            .others_claim(&self.collection, number, department, validity)
    }

    /// What a reference led to before the load.
    pub fn target(&self, collection: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError> {
        self.composer.target(collection, key)
    }
}
