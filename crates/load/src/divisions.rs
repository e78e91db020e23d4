//! Which divisions rows may name.

use record::{Comparison, FieldNumber, Predicate, Value};
use register::{Deadline, StoreError, TimeScope, View};
use schema::{Catalog, Collection, FieldType};

/// The collection of divisions, and its key.
pub const DIVISION: (&str, &str) = ("division", "code");
/// The nation, and Hong Kong, Macao and Taiwan as places of birth.
pub const OUTSIDE: [&str; 4] = [
    "000000000000",
    "710000000000",
    "810000000000",
    "820000000000",
];

/// Where codes of divisions are looked up, ended ones too.
pub trait DivisionCodes {
    /// Whether there is or was a division of this code of 12 digits.
    fn has(&self, code: &str) -> Result<bool, StoreError>;

    /// Whether anything below this county is known; its 6 digits.
    fn has_towns(&self, county: &str) -> Result<bool, StoreError>;
}

/// Whether rows may name a division. Below a county whose towns nobody has loaded, any code passes.
pub fn knows(codes: &dyn DivisionCodes, code: &str) -> Result<bool, StoreError> {
    if codes.has(code)? {
        return Ok(true);
    }
    let Some(county) = code.get(..6) else {
        return Ok(false);
    };
    let whole = format!("{county}000000");
    Ok(code != whole && codes.has(&whole)? && !codes.has_towns(county)?)
}

/// The fields of a collection whose divisions must be known. Divisions themselves bring their codes,
/// and name successors that come later.
pub fn fields(collection: &Collection) -> Vec<FieldNumber> {
    let (division, _) = DIVISION;
    collection
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::Division) && collection.name != division)
        .map(|field| field.number)
        .collect()
}

/// The divisions of a state of the store, one looked up at a time: for those who need few.
pub struct StoredDivisions<'a> {
    /// The state.
    pub view: &'a dyn View,
    /// The schemas, with the list of ended codes.
    pub catalog: &'a Catalog,
}

impl DivisionCodes for StoredDivisions<'_> {
    fn has(&self, code: &str) -> Result<bool, StoreError> {
        let (division, _) = DIVISION;
        let region = code.strip_suffix("000000").unwrap_or(code);
        let list = self.catalog.codelist("region-history");
        if OUTSIDE.contains(&code) || list.is_some_and(|list| list.get(region).is_some()) {
            return Ok(true);
        }
        if self.catalog.collection(division).is_none() {
            return Ok(false);
        }
        let key = [Value::text(code)];
        let found = self.view.lookup(division, &key, TimeScope::All)?;
        Ok(found.is_some())
    }

    fn has_towns(&self, county: &str) -> Result<bool, StoreError> {
        let (division, code) = DIVISION;
        let itself = Predicate::Compare {
            field: code.into(),
            comparison: Comparison::Equal,
            value: Value::Text(format!("{county}000000").into()),
        };
        let below = Predicate::Like {
            field: code.into(),
            pattern: format!("{county}%").into(),
        };
        let towns = Predicate::And(vec![below, Predicate::Not(Box::new(itself))]);
        let count = self
            .view
            .count(division, &towns, TimeScope::All, Deadline::NONE)?;
        Ok(count > 0)
    }
}
