//! Why a comparison is not received, or not answered.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use query::QueryError;
use record::{Problem, prose};

/// Why a comparison is not received, or not answered.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The request makes no sense, or the store fails.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// No grant in force allows it.
    #[error("no grant allows comparisons under '{0}'")]
    NotGranted(String),
    /// A grant has a column that is none: it should not have been given.
    #[error("{0}")]
    Agreement(String),
    /// A column that was not agreed, or is named twice.
    #[error("the column '{name}' is not agreed; there are {known}")]
    NotAgreed {
        /// What was named.
        name: String,
        /// What there is.
        known: String,
    },
    /// More keys than the grant has left today.
    #[error("the quota has {left} keys left")]
    Quota {
        /// How many are left.
        left: u64,
        /// How long until there are more.
        again: Duration,
    },
    /// Too many comparisons wait.
    #[error("{0} comparisons are waiting already")]
    Waiting(usize),
    /// The list, or what it differs by from others, is about too few records.
    #[error("fewer than {minimum} records are singled out")]
    SinglesOut {
        /// The fewest there may be.
        minimum: usize,
    },
    /// Areas that hold, or differ by, too few records.
    #[error("{columns}: fewer than {minimum} records are told apart")]
    Narrow {
        /// The questions.
        columns: String,
        /// The fewest there may be.
        minimum: usize,
    },
    /// There is no such comparison of this owner.
    #[error("there is no comparison '{0}'")]
    NotFound(String),
    /// It is not in a state in which this can be done.
    #[error("the comparison is {0}")]
    State(&'static str),
    /// The thread that answers met something unexpected.
    #[error("it stopped unexpectedly")]
    Stopped,
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Files {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What is kept makes no sense.
    #[error("{path}: {reason}")]
    Damaged {
        /// Where.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl ListError {
    pub(super) fn file(path: &Path, source: io::Error) -> ListError {
        ListError::Files {
            path: path.to_path_buf(),
            source,
        }
    }

    pub(super) fn damaged(path: &Path, reason: impl ToString) -> ListError {
        ListError::Damaged {
            path: path.to_path_buf(),
            reason: reason.to_string(),
        }
    }

    /// Whether the list itself is at fault, so that to go on is no use.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(
            self,
            ListError::SinglesOut { .. } | ListError::Narrow { .. }
        )
    }

    /// How long to wait, where waiting helps.
    pub fn again(&self) -> Option<Duration> {
        match self {
            ListError::Quota { again, .. } => Some(*again),
            ListError::Waiting(_) => Some(Duration::from_secs(60)),
            _ => None,
        }
    }

    /// The problem of the table `schemas/problems.toml` that this is; `internal` where the fault is the
    /// server's own.
    pub fn problem(&self) -> Problem {
        match self {
            ListError::Query(error) => error.problem(),
            ListError::NotGranted(grant) => {
                Problem::new("comparison-not-granted", "grant", grant, "")
            }
            ListError::NotAgreed { name, known } => {
                Problem::new("comparison-not-agreed", "columns", name, known)
            }
            ListError::Quota { left, .. } => {
                Problem::new("comparison-quota", "keys", left.to_string(), "")
            }
            ListError::Waiting(waiting) => {
                Problem::new("comparisons-waiting", "", waiting.to_string(), "")
            }
            ListError::SinglesOut { minimum } => {
                Problem::new("comparison-singles-out", "keys", "", minimum.to_string())
            }
            ListError::Narrow { columns, minimum } => {
                Problem::new("comparison-too-narrow", columns, "", minimum.to_string())
            }
            ListError::NotFound(id) => Problem::new("not-found", "", id, ""),
            ListError::State(state) => Problem::new(
                "comparison-state",
                "",
                *state,
                prose!("已完成的比对", "one that is done"),
            ),
            ListError::Agreement(_)
            | ListError::Stopped
            | ListError::Files { .. }
            | ListError::Damaged { .. } => Problem::new("internal", "", "", ""),
        }
    }
}
