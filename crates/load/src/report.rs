//! What a load did.

use std::collections::BTreeMap;
use std::path::PathBuf;

use register::Counts;
use serde::Serialize;

/// How a load ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The state is the one with the load.
    Published,
    /// The file said nothing new: the state is what it was.
    Unchanged,
    /// Too many rows were refused: the state is what it was.
    Refused,
}

/// What a load did.
#[derive(Clone, Debug, Serialize)]
pub struct LoadReport {
    /// The load.
    pub load: String,
    /// The source mapping.
    pub source: String,
    /// The collection.
    pub collection: String,
    /// The file's name.
    pub file: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Rows by outcome; they balance.
    pub counts: Counts,
    /// Rows that are no data, by the mapping's word.
    pub skipped: u64,
    /// Of the rejected: set aside by the mapping's word.
    pub quarantined: u64,
    /// Entities ended.
    pub ended: u64,
    /// A whole-set file has rows of which nobody can tell whom they are about, so that entities it
    /// seems to lack were not ended.
    pub ends_withheld: bool,
    /// References whose targets are not known yet.
    pub held: u64,
    /// Problems by code.
    pub problems: BTreeMap<String, u64>,
    /// Rows that say something of a field for which the source's department does not answer, by field.
    /// They are taken; such a value overwrites none of a department that does.
    pub not_responsible: BTreeMap<String, u64>,
    /// The table of such rows, where there is one.
    pub notices: Option<PathBuf>,
    /// The reject file, where there is one.
    pub rejects: Option<PathBuf>,
    /// The transaction that published it.
    pub transaction: Option<u64>,
    /// The encoding of the file.
    pub encoding: String,
    /// How long it took, in seconds.
    pub seconds: f64,
}
