//! What a load did.

use std::collections::BTreeMap;
use std::path::PathBuf;

use register::Counts;
use serde::{Deserialize, Serialize};

/// How a load ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The state is the one with the load.
    Published,
    /// The file said nothing new: the state is what it was.
    Unchanged,
    /// Too many rows were refused: the state is what it was.
    Refused,
    /// It was rehearsed, and would be published: the state is what it was.
    Rehearsed,
}

/// Something about the file that a steward should know, and that is no problem of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The code in `schemas/problems.toml`.
    pub code: String,
    /// How many cells, sheets or rows it is about.
    pub count: u64,
    /// Its text in Chinese.
    pub zh: String,
    /// Its text in English.
    pub en: String,
}

/// What a load did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The form of the file: `csv`, `csv.gz`, `csv.zip`, `xlsx`, `geojson` and so on.
    pub format: String,
    /// The encoding of the file.
    pub encoding: String,
    /// Values taken otherwise than they were written, by the kind of change ([`crate::cell::changes`]).
    pub normalised: BTreeMap<String, u64>,
    /// What a steward should know of the file.
    pub remarks: Vec<Remark>,
    /// How long it took, in seconds.
    pub seconds: f64,
}
