//! What can go wrong in an index.

use std::path::PathBuf;

/// Why an index cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The collection has no such field.
    #[error("collection '{collection}' has no field '{field}'")]
    UnknownField {
        /// The collection.
        collection: String,
        /// The name asked for.
        field: String,
    },
    /// The field is there, but not searchable this way.
    #[error("field '{field}' cannot be used so: {reason}")]
    NotSearchable {
        /// The field.
        field: String,
        /// What is missing.
        reason: String,
    },
    /// A value of the wrong kind for the field.
    #[error("field '{field}' expects {expected}, not '{value}'")]
    BadValue {
        /// The field.
        field: String,
        /// What was given.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// The geometry of a spatial condition cannot be used.
    #[error("the geometry cannot be used: {0}")]
    BadGeometry(String),
    /// The query took longer than it may.
    #[error("the query took longer than its time limit")]
    TimeLimit,
    /// The groups asked for are more than an answer may hold.
    #[error("the answer would have more than {0} groups: narrow the query")]
    TooManyGroups(usize),
    /// A join would pass on more records than it may.
    #[error("a join would pass on more than {0} records: narrow the query")]
    TooManyRows(usize),
    /// The index was written by another version of the schema or of the tokenizers.
    #[error("the index at {0} is of another form and must be rebuilt")]
    Stale(PathBuf),
    /// The files of the index.
    #[error("index at {path}: {source}")]
    Files {
        /// Where.
        path: PathBuf,
        /// What.
        source: std::io::Error,
    },
    /// The search library.
    #[error("index: {0}")]
    Engine(String),
}

/// The text by which a search that ran out of time is told apart from the library's own errors.
pub(crate) const OUT_OF_TIME: &str = "jiku: out of time";

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> IndexError {
        match error {
            tantivy::TantivyError::InternalError(text) if text == OUT_OF_TIME => {
                IndexError::TimeLimit
            }
            other => IndexError::Engine(other.to_string()),
        }
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> IndexError {
        IndexError::Engine(error.to_string())
    }
}
