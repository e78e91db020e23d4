//! Why something asked of the desk is not done. Nothing has changed then.

use record::{Problem, Prose, prose};
use register::StoreError;

/// One thing wrong in what was sent: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// RFC 6901, into the request's body.
    pub pointer: String,
    /// What is wrong.
    pub problem: Problem,
}

impl Fault {
    /// A value that has no meaning at a place of the body.
    pub fn new(pointer: &str, found: impl Into<Prose>, expected: impl Into<Prose>) -> Fault {
        let field = pointer.trim_start_matches('/');
        Fault {
            pointer: pointer.to_string(),
            problem: Problem::new("wish-value", field, found, expected),
        }
    }
}

/// Why something asked of the desk is not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such paper, or none of which the caller may know.
    #[error("there is no '{0}'")]
    NotFound(String),
    /// Its state does not allow it.
    #[error("it is {found}, expected {expected}")]
    State {
        /// Its state.
        found: &'static str,
        /// The states in which it could be done.
        expected: String,
    },
    /// It is for another department to do.
    #[error("this is for {0} to do")]
    NotYours(String),
    /// The caller speaks for no department.
    #[error("the caller speaks for no department")]
    NoDepartment,
    /// What was sent is wrong.
    #[error("{} things are wrong", .0.len())]
    Invalid(Vec<Fault>),
    /// What is said to be corrected stands as it was.
    #[error("nothing was said of the field since the objection was raised")]
    NotCorrected,
    /// Papers, or the registers.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DeskError {
    /// The problem as the caller hears it; none for an error inside.
    pub fn problem(&self) -> Option<Problem> {
        let same = |text: &str| Prose::from(text);
        Some(match self {
            DeskError::NotFound(what) => Problem::new("not-found", "", same(what), ""),
            DeskError::State { found, expected } => {
                Problem::new("paper-state", "", *found, same(expected))
            }
            DeskError::NotYours(department) => {
                Problem::new("not-yours", "", same(department), same(department))
            }
            DeskError::NoDepartment => Problem::new("department-none", "", "", ""),
            DeskError::Invalid(faults) => {
                let count = faults.len();
                Problem::new("wish-invalid", "", prose!("{count}", "{count}"), "")
            }
            DeskError::NotCorrected => Problem::new("not-corrected", "", "", ""),
            DeskError::Store(_) => return None,
        })
    }
}
