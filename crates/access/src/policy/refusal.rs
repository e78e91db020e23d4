//! Why a request is refused.

use record::{Problem, prose};

/// Why a request is refused. What the caller may not know of is no refusal: it is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No role of the caller may do that.
    #[error("no role of the caller may do '{0}'")]
    Verb(String),
    /// The role asked for in `Jiku-Role` is not one of the caller's.
    #[error("the caller has no role '{0}'")]
    Role(String),
    /// No purpose is given, and one is demanded.
    #[error("a purpose is demanded")]
    PurposeRequired {
        /// Those the caller may give.
        known: String,
    },
    /// There is no such purpose, or the caller may not have it.
    #[error("the purpose '{purpose}' is not one of the caller's")]
    PurposeUnknown {
        /// As it was given.
        purpose: String,
        /// Those the caller may give.
        known: String,
    },
    /// The purpose demands the number of a case, and none is given, or one of another form.
    #[error("the purpose '{purpose}' demands a case number")]
    CaseRequired {
        /// The purpose.
        purpose: String,
        /// What was given.
        given: String,
        /// Of what form case numbers are; empty where any will do.
        form: String,
    },
    /// Who writes speaks for another department.
    #[error("the caller does not speak for '{0}'")]
    Department(String),
}

impl Refusal {
    /// As a problem of `schemas/problems.toml`.
    pub fn problem(&self) -> Problem {
        match self {
            Refusal::Verb(verb) => Problem::new("not-permitted", "", verb.as_str(), ""),
            Refusal::Role(role) => {
                let expected = prose!("本调用方的角色", "a role of this caller");
                Problem::new("not-permitted", "Jiku-Role", role.as_str(), expected)
            }
            Refusal::PurposeRequired { known } => {
                Problem::new("purpose-required", "Jiku-Purpose", "", known.as_str())
            }
            Refusal::PurposeUnknown { purpose, known } => Problem::new(
                "purpose-unknown",
                "Jiku-Purpose",
                purpose.as_str(),
                known.as_str(),
            ),
            Refusal::CaseRequired { given, form, .. } => {
                Problem::new("case-required", "Jiku-Case", given.as_str(), form.as_str())
            }
            Refusal::Department(department) => {
                let expected = prose!("本调用方的部门", "the caller's department");
                Problem::new(
                    "not-permitted",
                    "Jiku-Department",
                    department.as_str(),
                    expected,
                )
            }
        }
    }
}
