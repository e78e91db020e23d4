//! Groups beside DuckDB, a column store that runs in the asking process: the same persons, the same
//! groups. It is asked through Python, where its package is installed.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

/// Reads the file that PostgreSQL loads, asks for groups, and prints what [`Groups`] holds.
const PROGRAM: &str = include_str!("duckdb.py");

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Groups {
    /// By its own word.
    pub version: String,
    /// Half of the answers took no longer, in milliseconds.
    pub median: f64,
    /// Persons in each group, ascending.
    pub counts: Vec<u64>,
}

/// Why it cannot be measured here, if it cannot.
pub fn missing(python: &Path) -> Option<String> {
    let found = Command::new(python)
        .args(["-c", "import duckdb"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match found {
        Ok(status) if status.success() => None,
        _ => Some(format!(
            "{} has no package duckdb (pip install duckdb)",
            python.display()
        )),
    }
}

/// Groups of a file of persons.
pub fn measure(python: &Path, flat: &Path, columns: &[&str]) -> anyhow::Result<Groups> {
    let mut command = Command::new(python);
    command.args(["-c", PROGRAM]).arg(flat).args(columns);
    let output = command.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{python:?}: {}", output.status);
    serde_json::from_slice(&output.stdout).context("what DuckDB's program prints")
}
