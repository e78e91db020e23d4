//! The table of speeds: a synthetic city in Jiku, the same persons in PostgreSQL + PostGIS, the same
//! questions to both.
//!
//! | module | what |
//! |---|---|
//! | `scratch` | the temporary folder, removed however the run ends |
//! | `city` | the synthetic city, and the store that holds it |
//! | `child` | loads, opens and serves in processes of their own, to measure each alone |
//! | `flat` | persons joined with their addresses: PostgreSQL's file, and what is asked about |
//! | `question`, `sampling` | what is asked, and of whom |
//! | `side`, `library`, `http`, `postgresql` | who is asked: one trait, three sides |
//! | `answer` | what they answer, and whether it is the same |
//! | `cluster` | PostgreSQL's own server for the run |
//! | `audit` | what writing every answer down costs |
//! | `throughput` | key look-ups by several clients, against a bare route |
//! | `steady` | key look-ups at a fixed rate, idle and while a file is loaded |
//! | `tiles` | vector tiles of a dense district |
//! | `duckdb` | groups beside a column store |
//! | `machine`, `results`, `table` | where it ran, what was measured, how it is printed |
//!
//! To add a question: a variant of `question::Question`, its JSON there, its SQL in `postgresql`,
//! its goal in `table`.

mod answer;
mod audit;
mod child;
mod city;
mod cluster;
mod duckdb;
mod flat;
mod http;
mod library;
mod machine;
mod postgresql;
mod question;
mod results;
mod run;
mod sampling;
mod scratch;
mod side;
mod steady;
mod table;
mod throughput;
mod tiles;

use std::path::PathBuf;

use clap::Parser;
use mimalloc::MiMalloc;

/// The one that `jiku` has.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Measures Jiku beside PostgreSQL + PostGIS.
#[derive(Debug, Parser)]
#[command(name = "jiku-benches")]
pub struct Arguments {
    /// How many persons
    #[arg(long, default_value_t = 2_000_000)]
    pub persons: u64,
    /// The seed of the city and of what is asked
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// In which folder the temporary one is made
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
    /// Programs of PostgreSQL 15
    #[arg(long, value_name = "DIR", default_value = cluster::PROGRAMS)]
    pub postgresql: PathBuf,
    /// A Python that has the package duckdb
    #[arg(long, value_name = "FILE", default_value = "python3")]
    pub python: PathBuf,
    /// Where the figures go
    #[arg(long, value_name = "FILE", default_value = "target/bench.json")]
    pub json: PathBuf,
    #[command(subcommand)]
    child: Option<child::Task>,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::parse();
    match arguments.child.take() {
        Some(task) => task.run(),
        None => run::run(&arguments),
    }
}
