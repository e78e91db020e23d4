//! Why something asked of the book of loads is not done. Nothing has changed then.

use std::io;
use std::path::{Path, PathBuf};

use record::{Problem, prose};
use register::StoreError;

use super::State;
use crate::error::LoadError;

/// Why something asked of the book is not done.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// There is no such load.
    #[error("there is no load '{0}'")]
    NoSuchLoad(String),
    /// There is no such source mapping.
    #[error("there is no source '{name}': there are {}", known.join(", "))]
    NoSuchSource {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No source's header fits the file's.
    #[error("no source fits the header of '{file}'; nearest: {}", near.join("; "))]
    NotRecognised {
        /// The file's name.
        file: String,
        /// Sources that nearly fit, and what keeps them from it.
        near: Vec<String>,
    },
    /// The headers of several sources fit.
    #[error("the header of '{file}' fits several sources: {}", fits.join(", "))]
    Ambiguous {
        /// The file's name.
        file: String,
        /// The sources.
        fits: Vec<String>,
    },
    /// The load is in a state in which this cannot be done.
    #[error("load '{load}' is {state}")]
    State {
        /// The load.
        load: String,
        /// Its state.
        state: State,
        /// The states in which it could be done.
        expected: Vec<State>,
    },
    /// More rows were refused than the load may have.
    #[error("{rejected} of {read} rows of load '{load}' were rejected, at most {limit} may be")]
    TooManyRejects {
        /// The load.
        load: String,
        /// Rows refused, besides those set aside.
        rejected: u64,
        /// Rows read.
        read: u64,
        /// The limit.
        limit: String,
    },
    /// The load changed nothing, or is an undo itself.
    #[error("load '{0}' has nothing to undo")]
    NothingToUndo(String),
    /// The upload ended before its end.
    #[error("the upload was cut off after {got} bytes")]
    CutOff {
        /// Bytes that came.
        got: u64,
        /// Bytes announced.
        announced: Option<u64>,
    },
    /// The upload holds nothing.
    #[error("the upload holds no byte")]
    Empty,
    /// There is no reject file.
    #[error("load '{0}' has no reject file")]
    NoRejects(String),
    /// The load has no table of notices.
    #[error("load '{0}' has no notices")]
    NoNotices(String),
    /// There is no report.
    #[error("load '{0}' has no report")]
    NoReport(String),
    /// The disk is full.
    #[error("the disk is full: {0}")]
    DiskFull(PathBuf),
    /// A file of the book cannot be read or written.
    #[error("{path}: {error}")]
    Files {
        /// Which.
        path: PathBuf,
        /// What.
        error: io::Error,
    },
    /// The file, or its load.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is kept of a load cannot be read.
    #[error("what is kept of a load cannot be read: {0}")]
    Damaged(String),
}

/// Whether a write failed for want of room.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl BookError {
    /// Of a file.
    pub(super) fn file(path: &Path, error: io::Error) -> BookError {
        let path = path.to_path_buf();
        if is_full(&error) {
            BookError::DiskFull(path)
        } else {
            BookError::Files { path, error }
        }
    }

    /// The problem that a caller is told of; `None` where it lies inside, and only the log should hold
    /// the reason.
    pub fn problem(&self) -> Option<Problem> {
        Some(match self {
            BookError::NoSuchLoad(load) => Problem::new("load-not-found", "", load, ""),
            BookError::NoSuchSource { name, known } => {
                Problem::new("source-not-found", "source", name, known.join(", "))
            }
            BookError::NotRecognised { file, near } => {
                Problem::new("source-not-recognised", "source", file, listed(near))
            }
            BookError::Ambiguous { file, fits } => {
                Problem::new("source-ambiguous", "source", file, fits.join(", "))
            }
            BookError::State {
                state, expected, ..
            } => {
                let expected: Vec<&str> = expected.iter().map(|state| state.name()).collect();
                Problem::new("load-state", "", state.name(), expected.join(", "))
            }
            BookError::TooManyRejects {
                rejected,
                read,
                limit,
                ..
            } => Problem::new(
                "too-many-rejects",
                "maxRejects",
                format!("{rejected}/{read}"),
                limit,
            ),
            BookError::NothingToUndo(load) => Problem::new("nothing-to-undo", "", load, ""),
            BookError::CutOff { got, announced } => {
                let announced = announced.map(|bytes| bytes.to_string());
                let end = prose!("完整的内容", "all of it");
                let expected = announced.map_or(end, Into::into);
                Problem::new("upload-cut-off", "", got.to_string(), expected)
            }
            BookError::Empty => Problem::new("upload-empty", "", "", ""),
            BookError::NoRejects(load) => Problem::new("rejects-absent", "", load, ""),
            BookError::NoNotices(load) => Problem::new("notices-absent", "", load, ""),
            BookError::NoReport(load) => Problem::new("report-absent", "", load, ""),
            BookError::DiskFull(_) => Problem::new("disk-full", "", "", ""),
            BookError::Load(error) => problem_of(error),
            BookError::Files { .. } | BookError::Store(_) | BookError::Damaged(_) => return None,
        })
    }

    /// The names that a caller may choose from.
    pub fn candidates(&self) -> &[String] {
        match self {
            BookError::NoSuchSource { known, .. } => known,
            BookError::NotRecognised { near, .. } => near,
            BookError::Ambiguous { fits, .. } => fits,
            _ => &[],
        }
    }
}

fn listed(near: &[String]) -> record::Prose {
    if near.is_empty() {
        prose!("无相近的来源", "none is near")
    } else {
        near.join("; ").into()
    }
}

/// Why a load could not be done, as it is kept and told.
pub(super) fn problem_of(error: &LoadError) -> Problem {
    match error {
        LoadError::File { .. } => Problem::new("file-refused", "", error.prose_for_sender(), ""),
        LoadError::Io { error, .. } if is_full(error) => Problem::new("disk-full", "", "", ""),
        LoadError::Synthetic(source) => Problem::new("synthetic-source", "source", source, ""),
        LoadError::Moved => Problem::new("state-moved", "", "", ""),
        LoadError::Io { .. } | LoadError::Store(_) | LoadError::Panicked | LoadError::Cancelled => {
            Problem::new("load-stopped", "", error.prose_for_sender(), "")
        }
    }
}
