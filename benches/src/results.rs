//! What was measured, as it is written to JSON.

use serde::Serialize;

use crate::child::{Loaded, Opened};
use crate::duckdb;
use crate::machine::Machine;
use crate::postgresql;
use crate::side::Timing;
use crate::steady::Steady;
use crate::throughput::Throughput;
use crate::tiles::Tiles;

/// A run.
#[derive(Debug, Serialize)]
pub struct Results {
    /// Persons of the city.
    pub persons: u64,
    /// Its seed.
    pub seed: u64,
    /// Where it ran.
    pub machine: Machine,
    /// Jiku's side.
    pub jiku: Jiku,
    /// The other side, where it is installed.
    pub postgresql: Option<Postgresql>,
    /// Questions.
    pub rows: Vec<Row>,
    /// Key look-ups a second over HTTP.
    pub throughput: Throughput,
    /// Key look-ups at a fixed rate.
    pub steady: Steady,
    /// Vector tiles.
    pub tiles: Tiles,
    /// Groups in DuckDB, where it is installed.
    pub duckdb: Option<duckdb::Groups>,
}

/// What is measured of Jiku once.
#[derive(Debug, Serialize)]
pub struct Jiku {
    /// What persons refer to: divisions, addresses, households and so on.
    pub prepared: Loaded,
    /// The persons alone.
    pub loaded: Loaded,
    /// Bytes by which the ledger grew with the persons.
    pub ledger_bytes: u64,
    /// Bytes of the persons' index.
    pub index_bytes: u64,
    /// Bytes of the whole data directory.
    pub directory_bytes: u64,
    /// Opening in a process of its own.
    pub opened: Opened,
    /// Memory of the serving process after all questions, in bytes.
    pub serving_bytes: u64,
}

impl Jiku {
    /// What the persons take on disk.
    pub fn bytes(&self) -> u64 {
        self.ledger_bytes + self.index_bytes
    }
}

/// What is measured of PostgreSQL once.
#[derive(Debug, Serialize)]
pub struct Postgresql {
    /// By its own word.
    pub version: String,
    /// Loading.
    pub loaded: postgresql::Loaded,
    /// Seconds from a stop in good order to the first answer.
    pub start_seconds: f64,
    /// Memory of all its processes after all questions, in bytes.
    pub resident_bytes: u64,
}

/// One question of the table.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Records that match, in the mean.
    pub matches: f64,
    /// Jiku as a library.
    pub library: Timing,
    /// Jiku over HTTP.
    pub http: Timing,
    /// PostgreSQL, with the better of its ways to plan.
    pub postgresql: Option<Timing>,
    /// Which that was.
    pub plans: Option<&'static str>,
    /// Questions to which all sides gave the same answer.
    pub agreed: usize,
    /// Questions to which they did not.
    pub differed: usize,
}

impl Row {
    /// How many times as fast as PostgreSQL, over HTTP.
    pub fn ratio(&self) -> Option<f64> {
        Some(self.postgresql?.median / self.http.median)
    }
}
