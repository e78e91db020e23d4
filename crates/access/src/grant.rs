//! Grants: what a department or a caller may see beyond its roles, for a purpose and a time.
//!
//! Where they come from is for whoever keeps them; the policy asks for those in force ([`Grants`]).

use std::collections::{BTreeMap, BTreeSet};

use record::{Day, EntityId};
use serde::{Deserialize, Serialize};

use crate::policy::Verb;
use crate::{Caller, Form};

/// To whom something is granted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Grantee {
    /// To all callers of a department.
    Department(String),
    /// To one caller, by its id.
    Caller(String),
}

impl Grantee {
    /// Whether a caller is meant.
    pub fn is(&self, caller: &Caller) -> bool {
        match self {
            Grantee::Department(department) => caller.department.as_ref() == Some(department),
            Grantee::Caller(id) => caller.id == *id,
        }
    }
}

/// Which records of its collection a grant is about. What is not said limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GrantRows {
    /// Those within a division, by its code.
    pub division: Option<String>,
    /// Those of a list.
    pub subjects: Option<BTreeSet<EntityId>>,
}

/// What one collection shows to whom, for what, from when to when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Its name, which no other grant ever has.
    pub id: String,
    /// To whom.
    pub to: Grantee,
    /// The collection.
    pub collection: String,
    /// What of each field is seen. Fields not named stay as the caller's roles say.
    pub fields: BTreeMap<String, Form>,
    /// What may be done.
    pub verbs: BTreeSet<Verb>,
    /// With which records.
    #[serde(default)]
    pub rows: GrantRows,
    /// For which purposes, of `schemas/access/purposes.toml`; empty means any that the caller may have.
    #[serde(default)]
    pub purposes: BTreeSet<String>,
    /// The first day.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub until: Day,
    /// How many records a day, at most; whoever answers counts.
    #[serde(default)]
    pub quota: Option<u64>,
    /// The columns agreed for list comparisons, as these read them.
    #[serde(default)]
    pub columns: Vec<serde_json::Value>,
}

impl Grant {
    /// Whether it holds for a caller on a day.
    pub fn holds(&self, caller: &Caller, day: Day) -> bool {
        self.to.is(caller) && self.from <= day && day < self.until
    }

    /// Whether it is for this purpose.
    pub fn is_for(&self, purpose: Option<&str>) -> bool {
        self.purposes.is_empty() || purpose.is_some_and(|one| self.purposes.contains(one))
    }
}

/// The grants there are.
pub trait Grants: Send + Sync {
    /// Those in force for a caller on a day, for whatever purpose.
    fn in_force(&self, caller: &Caller, day: Day) -> Vec<Grant>;

    /// A number that is another one after any grant was given, changed or ended: what was decided under
    /// an earlier one is decided anew.
    fn version(&self) -> u64;
}

/// No grants at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoGrants;

impl Grants for NoGrants {
    fn in_force(&self, _: &Caller, _: Day) -> Vec<Grant> {
        Vec::new()
    }

    fn version(&self) -> u64 {
        0
    }
}
