//! Rules by which two entities of one collection are suspected to be one.

use record::FieldNumber;

use crate::Label;

/// Two entities with different natural keys and equal values of all these fields are suspected to be
/// one. Texts are compared in the normal form of the search. Nothing is ever merged by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRule {
    /// Its name, unique in the collection.
    pub name: String,
    /// What it says to those who read a report.
    pub label: Label,
    /// The fields, as the file lists them.
    pub fields: Vec<FieldNumber>,
}
