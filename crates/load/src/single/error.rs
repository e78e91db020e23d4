//! Why a call is not carried out. Nothing has changed then.

use std::time::Duration;

use record::{EntityId, Problem, Prose, prose};
use register::StoreError;

/// One thing wrong with a body, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// A JSON pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What.
    pub problem: Problem,
}

/// Why a call is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no such collection.
    #[error("there is no collection '{name}'")]
    UnknownCollection {
        /// What was named.
        name: String,
        /// What there is.
        known: String,
    },
    /// The body is no JSON object.
    #[error("the body cannot be used: {found}; expected {expected}")]
    Body {
        /// What was found.
        found: Prose,
        /// What was expected.
        expected: Prose,
    },
    /// The body has a member that means nothing here.
    #[error("there is no member '{name}'; there are {known}")]
    UnknownMember {
        /// What was given.
        name: String,
        /// What there is.
        known: String,
    },
    /// A header or member outside the record with a value that it cannot have.
    #[error("{parameter} is '{value}'; expected {expected}")]
    Parameter {
        /// Which.
        parameter: &'static str,
        /// What was given.
        value: String,
        /// What was expected.
        expected: Prose,
    },
    /// There is no such record.
    #[error("there is no '{0}'")]
    NotFound(String),
    /// The record was merged into another one.
    #[error("{0} was merged into {1}")]
    Merged(EntityId, EntityId),
    /// The values do not pass the checks.
    #[error("{} problems in the body", .0.len())]
    Invalid(Vec<Located>),
    /// The natural key is another record's.
    #[error("the key is that of {0}")]
    KeyTaken(EntityId),
    /// The caller did not say which version it has seen.
    #[error("the version of the record must be given")]
    VersionMissing,
    /// The record is no longer what the caller has seen.
    #[error("the record has changed since")]
    VersionMoved,
    /// The department says nothing that could be ended.
    #[error("the department says nothing of the record from that day on")]
    NothingToEnd,
    /// Which records there are is for other departments to say.
    #[error("department '{department}' does not answer for the keys of '{collection}'")]
    NotAnswering {
        /// The department.
        department: String,
        /// The collection.
        collection: String,
        /// Who answers.
        responsible: String,
    },
    /// The same key, but another call.
    #[error("the key was used for another call")]
    KeyReused,
    /// The call with this key is being carried out.
    #[error("the call with this key is being carried out")]
    InProgress,
    /// Another load is being carried out.
    #[error("another load was still under way after {0:?}")]
    Busy(Duration),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl WriteError {
    /// The problem of the table `schemas/problems.toml` that this is; `None` for an error of the
    /// store, which is no fault of the call.
    pub fn problem(&self) -> Option<Problem> {
        Some(match self {
            WriteError::UnknownCollection { name, known } => {
                Problem::new("collection-not-found", "", name, known)
            }
            WriteError::Body { found, expected } => Problem::new("bad-body", "", found, expected),
            WriteError::UnknownMember { name, known } => {
                Problem::new("unknown-parameter", name, name, known)
            }
            WriteError::Parameter {
                parameter,
                value,
                expected,
            } => Problem::new("bad-parameter", parameter, value, expected),
            WriteError::NotFound(what) => Problem::new("not-found", "", what, ""),
            WriteError::Merged(id, successor) => {
                Problem::new("merged", "", id.to_string(), successor.to_string())
            }
            WriteError::Invalid(problems) => {
                Problem::new("record-invalid", "", problems.len().to_string(), "")
            }
            WriteError::KeyTaken(id) => Problem::new("key-taken", "", id.to_string(), ""),
            WriteError::VersionMissing => {
                let expected = prose!(
                    "读取该记录时所得的 ETag，或 *",
                    "the ETag that came with the record, or *"
                );
                Problem::new("version-missing", "If-Match", "", expected)
            }
            WriteError::VersionMoved => Problem::new("version-moved", "If-Match", "", ""),
            WriteError::NothingToEnd => Problem::new("nothing-to-end", "", "", ""),
            WriteError::NotAnswering {
                department,
                collection,
                responsible,
            } => Problem::new("not-answering", collection, department, responsible),
            WriteError::KeyReused => {
                Problem::new("idempotency-key-reused", "Idempotency-Key", "", "")
            }
            WriteError::InProgress => Problem::new("call-in-progress", "Idempotency-Key", "", ""),
            WriteError::Busy(limit) => {
                let seconds = limit.as_secs_f32();
                Problem::new("busy", "", prose!("{seconds:.1} 秒", "{seconds:.1} s"), "")
            }
            WriteError::Store(_) => return None,
        })
    }

    /// What is wrong inside the body, one by one.
    pub fn into_problems(self) -> Vec<Located> {
        match self {
            WriteError::Invalid(problems) => problems,
            _ => Vec::new(),
        }
    }
}
