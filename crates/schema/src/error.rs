//! What can be wrong with a file of `schemas/`.

/// A file of `schemas/` is refused: which, where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {mistake}")]
pub struct SchemaError {
    /// The file, from the folder of schemas.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub mistake: Mistake,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The file cannot be read, or is not UTF-8.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// Not TOML, a key that is not known or missing, or a value of the wrong type.
    #[error("{0}")]
    Form(String),
    /// A name that must differ occurs twice.
    #[error("{what} '{name}' occurs twice")]
    Duplicate {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Something is named that does not exist.
    #[error("there is no {what} '{name}'{expected}")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is, as the end of a sentence; may be empty.
        expected: String,
    },
    /// A value that has no meaning here.
    #[error("{what} '{value}': expected {expected}")]
    Invalid {
        /// What kind of thing.
        what: &'static str,
        /// The value.
        value: String,
        /// What was expected.
        expected: String,
    },
}
