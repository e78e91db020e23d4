//! What can be wrong with a row: a code from the error table, the field, and what was found.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::Prose;

/// A code of `schemas/problems.toml`, in kebab case, for instance `identity-number-check`.
pub type ProblemCode = &'static str;

/// One thing wrong with one row. The texts a steward reads, in Chinese and English, are in
/// `schemas/problems.toml` under the code; `{value}` and `{expected}` there are filled from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The code of the error table.
    pub code: CompactString,
    /// The field of the collection, or empty where the whole row is meant.
    pub field: CompactString,
    /// What was found.
    pub value: Prose,
    /// What was expected.
    pub expected: Prose,
}

impl Problem {
    /// A problem with a field's value.
    pub fn new(
        code: ProblemCode,
        field: &str,
        value: impl Into<Prose>,
        expected: impl Into<Prose>,
    ) -> Problem {
        Problem {
            code: CompactString::const_new(code),
            field: field.into(),
            value: value.into(),
            expected: expected.into(),
        }
    }
}
