//! What may be done.

use serde::{Deserialize, Serialize};

/// What a route does, and a role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// What there is, and of what form: schemas, code lists, who answers for what.
    Describe,
    /// Records are read: searched, filtered, drawn on a map.
    Read,
    /// Records are counted and measured in groups.
    Aggregate,
    /// Who said what when, and what was known before.
    History,
    /// Records are found by their natural key.
    Lookup,
    /// All that match at once, however many.
    Export,
    /// Claimed values are compared with a record.
    Verify,
    /// Lists are compared with a register.
    Compare,
    /// Single records are written.
    Write,
    /// Doubts are raised and settled.
    Dispute,
    /// Files are loaded.
    Load,
    /// What others share is asked for, and objected to.
    Request,
    /// Requests are decided, grants given and ended.
    Share,
    /// One's own receipts are read.
    Receipts,
    /// Everybody's receipts and the trail are read.
    Audit,
    /// A subject's own log is read.
    SubjectLog,
    /// Measurements of the server are read.
    Operate,
    /// Callers, keys and roles are given and taken.
    Administer,
}

impl Verb {
    /// All of them.
    pub const ALL: [Verb; 18] = [
        Verb::Describe,
        Verb::Read,
        Verb::Aggregate,
        Verb::History,
        Verb::Lookup,
        Verb::Export,
        Verb::Verify,
        Verb::Compare,
        Verb::Write,
        Verb::Dispute,
        Verb::Load,
        Verb::Request,
        Verb::Share,
        Verb::Receipts,
        Verb::Audit,
        Verb::SubjectLog,
        Verb::Operate,
        Verb::Administer,
    ];

    /// Its name in the files.
    pub fn name(self) -> &'static str {
        match self {
            Verb::Describe => "describe",
            Verb::Read => "read",
            Verb::Aggregate => "aggregate",
            Verb::History => "history",
            Verb::Lookup => "lookup",
            Verb::Export => "export",
            Verb::Verify => "verify",
            Verb::Compare => "compare",
            Verb::Write => "write",
            Verb::Dispute => "dispute",
            Verb::Load => "load",
            Verb::Request => "request",
            Verb::Share => "share",
            Verb::Receipts => "receipts",
            Verb::Audit => "audit",
            Verb::SubjectLog => "subject-log",
            Verb::Operate => "operate",
            Verb::Administer => "administer",
        }
    }

    /// The verb of this name.
    pub fn of(name: &str) -> Option<Verb> {
        Verb::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// Whether it is done with the records of one collection, and said for each.
    pub fn is_of_collections(self) -> bool {
        self >= Verb::Read && self <= Verb::Dispute
    }

    /// Whether it needs a purpose, where a role needs one at all: whatever touches records.
    pub fn needs_purpose(self) -> bool {
        self.is_of_collections()
    }
}
