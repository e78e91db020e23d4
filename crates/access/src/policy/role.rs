//! Roles: what a file of `schemas/access/roles/` says, checked against the schemas.

use std::collections::{BTreeMap, BTreeSet};

use record::CompactString;
use schema::Label;

use crate::Form;
use crate::policy::Verb;

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name: the file's name without `.toml`.
    pub name: String,
    /// Its label.
    pub label: Label,
    /// What it is for.
    pub description: Option<Label>,
    /// What it may do beside collections.
    pub verbs: BTreeSet<Verb>,
    /// A request that touches records must say what it is for.
    pub needs_purpose: bool,
    /// The purposes it may have.
    pub purposes: BTreeSet<String>,
    /// It may write and load for any department, not only for the caller's own.
    pub any_department: bool,
    /// What it sees of each collection; of those that are not here, nothing.
    pub collections: BTreeMap<String, Entry>,
}

/// What is seen of a collection, and what may be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What may be done.
    pub verbs: BTreeSet<Verb>,
    /// With which records.
    pub rows: RowRule,
    /// In which form each field is seen, by its number.
    pub forms: Vec<Form>,
    /// Groups of fewer records are not told.
    pub least: u64,
    /// Only where the caller's department answers for the collection, or for a field of it.
    pub own_department: bool,
}

/// Which records are seen. Every condition must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowRule {
    /// Only those of the caller's division.
    pub own_division: bool,
    /// Only those of this division.
    pub division: Option<String>,
    /// What is seen of those that have left the division.
    pub moved_away: MovedAway,
    /// Fields that must have, or must not have, one of some values.
    pub conditions: Vec<RowCondition>,
}

/// What is seen of a record that has left the caller's division.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MovedAway {
    /// Nothing at all, of no time.
    Hidden,
    /// How it was while it was here.
    #[default]
    WhileHere,
}

/// A field that must have, or must not have, one of some values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowCondition {
    /// The field: a code, a text or a boolean.
    pub field: CompactString,
    /// The values.
    pub values: Vec<CompactString>,
    /// It must have one of them; otherwise none. A record without a value has none.
    pub is: bool,
}

impl RowRule {
    /// Whether it lets every record be seen.
    pub fn is_all(&self) -> bool {
        !self.own_division && self.division.is_none() && self.conditions.is_empty()
    }
}
