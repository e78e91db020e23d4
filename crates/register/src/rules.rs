//! What the crate of each register provides.

use std::sync::Arc;

use record::{Day, Fields, Problem};
use schema::{Catalog, Collection};

use crate::store::{StoreError, View};

/// What checks may depend on besides the row.
#[derive(Clone, Copy, Debug)]
pub struct CheckContext<'a> {
    /// The day of the load.
    pub today: Day,
    /// The data directory was made for synthetic data: never-assigned regions pass.
    pub synthetic: bool,
    /// The schemas: code lists among them.
    pub catalog: &'a Catalog,
}

/// Checks the rows of one load. Shared by threads.
pub trait Checker: Send + Sync {
    /// Checks one row, brings its values into normal form, and reports every problem.
    fn check(&self, fields: &mut Fields, problems: &mut Vec<Problem>);
}

/// One register: rules no table can say.
pub trait Register: Send + Sync {
    /// The register's name: its folder in `schemas/`, its crate, its log in the ledger.
    fn name(&self) -> &'static str;

    /// A checker for a load into a collection, over the state the load begins with.
    fn checker(
        &self,
        collection: &Arc<Collection>,
        context: CheckContext,
        view: &dyn View,
    ) -> Result<Box<dyn Checker>, StoreError>;

    /// Fills the computed fields of a composed record. The fields stay sorted.
    fn compute(&self, collection: &Collection, fields: &mut Fields);
}

/// Sets a field of sorted fields.
pub fn set(fields: &mut Fields, number: record::FieldNumber, value: record::Value) {
    match fields.binary_search_by_key(&number, |(number, _)| *number) {
        Ok(place) => fields[place].1 = value,
        Err(place) => fields.insert(place, (number, value)),
    }
}

/// The value of a field of sorted fields; `None` where it is absent or null.
pub fn get(fields: &Fields, number: record::FieldNumber) -> Option<&record::Value> {
    let place = fields
        .binary_search_by_key(&number, |(number, _)| *number)
        .ok()?;
    Some(&fields[place].1).filter(|value| !value.is_null())
}
