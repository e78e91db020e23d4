//! What is asked for, and what is answered.

use record::{Day, EntityId, Transaction};
use register::Record;
use serde::{Deserialize, Serialize};

/// What is done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// A new record.
    Create,
    /// Some fields get other values; the others stay.
    Change,
    /// All that the department says of the record is what the call says.
    Replace,
    /// The department says nothing of it from a day on.
    End,
    /// A statement on it is withdrawn.
    Retract,
    /// It is another one.
    Merge,
    /// Some of what was said of it is of a new record.
    Split,
    /// A field of it is in doubt, or no longer.
    Dispute,
}

impl Verb {
    /// Whether the caller must say which version of the record it has seen: wherever its content may
    /// become another. A withdrawal names the statement it is about, and a doubt changes no value.
    pub fn needs_version(self) -> bool {
        match self {
            Verb::Change | Verb::Replace | Verb::End | Verb::Merge | Verb::Split => true,
            Verb::Create | Verb::Retract | Verb::Dispute => false,
        }
    }
}

/// Which version of the record the caller has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The caller does not say.
    Unsaid,
    /// Whatever it is.
    Any,
    /// One of these.
    Versions(Vec<Transaction>),
}

impl Expected {
    /// Whether this version is expected.
    pub fn allows(&self, version: Transaction) -> bool {
        match self {
            Expected::Unsaid | Expected::Any => true,
            Expected::Versions(versions) => versions.contains(&version),
        }
    }
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is to be done.
    pub verb: Verb,
    /// The collection.
    pub collection: String,
    /// The record's id; none for a new one.
    pub id: Option<String>,
    /// Who speaks, where the body does not say.
    pub department: Option<String>,
    /// A JSON object; see [`super::body`].
    pub body: Vec<u8>,
    /// The version the caller has seen.
    pub expected: Expected,
    /// By which the same call is recognised when it comes again.
    pub key: Option<String>,
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is a record more.
    Created,
    /// Something new was said.
    Changed,
    /// It said what was known already.
    Unchanged,
}

/// What a call did, and the record then.
#[derive(Clone, Debug)]
pub struct Written {
    /// The collection.
    pub collection: String,
    /// The record's id.
    pub id: EntityId,
    /// What happened.
    pub outcome: Outcome,
    /// The state that knows it: every later read sees it.
    pub transaction: Transaction,
    /// The version of the record in that state.
    pub version: Transaction,
    /// The record in that state, on [`Written::day`]; `None` where there is none on it.
    pub record: Option<Record>,
    /// Today, or the day nearest to it on which what was said holds.
    pub day: Day,
    /// The call came before; nothing was done this time.
    pub replayed: bool,
}
