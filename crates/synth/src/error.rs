//! What can go wrong while a city is written.

use std::path::PathBuf;

/// The largest city that can be asked for, in persons.
pub const MOST_PERSONS: u64 = 100_000_000;

/// Why no city was written, or why it was left unfinished.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// The number of persons cannot be met.
    #[error("a city has 1 to {MOST_PERSONS} persons, not {asked}")]
    Persons {
        /// The number asked for.
        asked: u64,
    },
    /// The share of spoiled rows is no share.
    #[error("the share of spoiled rows is a number from 0 to 1, not {asked}")]
    Dirt {
        /// The share asked for.
        asked: f64,
    },
    /// A table inside the program is not as it should be.
    #[error("table {table}, line {line}: {expected}")]
    Table {
        /// The table's file name.
        table: &'static str,
        /// Its line, from 1; 0 when the fault has none.
        line: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// More people of one sex share a birth date and district than there are numbers.
    #[error("no identity number is left for district {district}, birth date {date}")]
    NumbersUsedUp {
        /// The district's code.
        district: u32,
        /// The birth date as YYYYMMDD.
        date: String,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}
