//! The run, from the city's files to the table.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, ensure};
use register::Store as _;

use crate::child::{Server, call};
use crate::cluster::{self, Cluster};
use crate::flat::Sampled;
use crate::http::Connection;
use crate::library::Library;
use crate::machine::{self, Machine};
use crate::postgresql::{PLANS, Postgresql};
use crate::results::{Jiku, Results, Row};
use crate::sampling::{Random, Series, series};
use crate::scratch::{Scratch, bytes_below};
use crate::side::{Side, Timing, answers, time};
use crate::steady::{self, Steady};
use crate::throughput::{self, Throughput};
use crate::tiles::{self, Tiles};
use crate::{Arguments, answer::Answer, city, duckdb, flat, postgresql, results, table};

/// Measures everything, prints the table, and writes the figures.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let machine = Machine::read();
    let missing = cluster::missing(&arguments.postgresql);
    let scratch = Scratch::make(arguments.scratch.as_deref(), &arguments.postgresql)?;
    let mut random = Random::new(arguments.seed);
    say(&format!(
        "writing a city of {} persons in {}",
        arguments.persons,
        scratch.path().display()
    ));
    city::write(&scratch.city(), arguments.persons, arguments.seed)?;
    let mut jiku = load(&scratch)?;
    say("joining persons with their addresses for PostgreSQL");
    let flat = scratch.path().join("flat.csv");
    let sample = flat::write(&scratch.city(), &flat, &mut random)?;

    let (series, mut rows, mut given) = ask_library(&scratch, &sample, arguments, &mut random)?;
    let Served {
        throughput,
        steady,
        tiles,
    } = ask_http(
        &scratch,
        (&series, &sample),
        &mut rows,
        &mut given,
        &mut jiku,
    )?;
    let duckdb = ask_duckdb(arguments, &flat, &given)?;
    let postgresql = match &missing {
        Some(reason) => {
            say(&format!("{reason}: only Jiku is measured"));
            None
        }
        None => Some(ask_postgresql(
            &scratch, arguments, &flat, &series, &mut rows, &given,
        )?),
    };
    let results = Results {
        persons: arguments.persons,
        seed: arguments.seed,
        machine,
        jiku,
        postgresql,
        rows,
        throughput,
        steady,
        tiles,
        duckdb,
    };
    print!("{}", table::text(&results, missing.as_deref()));
    write(&results, &arguments.json)?;
    let differed: usize = results.rows.iter().map(|row| row.differed).sum();
    ensure!(
        differed == 0,
        "{differed} questions were answered differently by the sides"
    );
    Ok(())
}

fn say(what: &str) {
    eprintln!("- {what}");
}

fn write(results: &Results, file: &Path) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let out = File::create(file).with_context(|| file.display().to_string())?;
    serde_json::to_writer_pretty(out, results)?;
    say(&format!("figures in {}", file.display()));
    Ok(())
}

/// Loads the city in processes of their own, and opens it in another.
fn load(scratch: &Scratch) -> anyhow::Result<Jiku> {
    let (data, city) = (scratch.data(), scratch.city());
    let persons = city.join("persons.csv").display().to_string();
    let (data_text, city_text) = (data.display().to_string(), city.display().to_string());
    say("loading divisions, roads, buildings, addresses, places and households into Jiku");
    let prepared = call(&["prepare", &data_text, &city_text])?;
    let before = bytes_below(&data.join("ledger"));
    say("loading persons into Jiku");
    let loaded = call(&["load", &data_text, "synth-persons", &persons])?;
    say("opening Jiku");
    let opened = call(&["open", &data_text])?;
    Ok(Jiku {
        prepared,
        loaded,
        ledger_bytes: bytes_below(&data.join("ledger")).saturating_sub(before),
        index_bytes: bytes_below(&data.join("index").join("person")),
        directory_bytes: bytes_below(&data),
        opened,
        serving_bytes: 0,
    })
}

/// The answers of each series.
type Given = Vec<Vec<Answer>>;

/// Makes the questions, and asks the library.
fn ask_library(
    scratch: &Scratch,
    sample: &[Sampled],
    arguments: &Arguments,
    random: &mut Random,
) -> anyhow::Result<(Vec<Series>, Vec<Row>, Given)> {
    let store = city::open(&scratch.data())?;
    say("choosing what to ask");
    let all = series(sample, arguments.persons, store.view().as_ref(), random)?;
    let mut library = Library::new(store);
    let (mut rows, mut given) = (Vec::new(), Vec::new());
    for Series { name, questions } in &all {
        say(&format!("asking the library: {name}"));
        let answers = answers(&mut library, questions)?;
        let timing = time(&mut library, questions)?;
        let matches: u64 = answers.iter().map(|answer| answer.total).sum();
        rows.push(Row {
            name,
            matches: matches as f64 / answers.len().max(1) as f64,
            library: timing,
            http: timing,
            postgresql: None,
            plans: None,
            agreed: answers.len(),
            differed: 0,
        });
        given.push(answers);
    }
    Ok((all, rows, given))
}

/// What is measured of a server besides questions.
struct Served {
    throughput: Throughput,
    steady: Steady,
    tiles: Tiles,
}

/// Asks the server, and measures its throughput, its steadiness and its tiles.
fn ask_http(
    scratch: &Scratch,
    (series, sample): (&[Series], &[Sampled]),
    rows: &mut [Row],
    given: &mut Given,
    jiku: &mut Jiku,
) -> anyhow::Result<Served> {
    let server = Server::start(&["serve", &scratch.data().display().to_string()])?;
    let mut connection = Connection::open(&server.host)?;
    for ((series, row), given) in series.iter().zip(rows).zip(given) {
        say(&format!("asking over HTTP: {}", series.name));
        let answers = answers(&mut connection, &series.questions)?;
        compare(series, row, given, &answers, "over HTTP");
        row.http = time(&mut connection, &series.questions)?;
    }
    jiku.serving_bytes = server.resident_bytes();
    let keys = &series[0].questions;
    say("counting key look-ups over HTTP");
    let looked_up = throughput::measure(&server.host, keys, 1)?;
    let body = scratch.path().join("answer.json");
    fs::write(&body, connection.ask(&keys[0])?)?;
    drop(connection);
    say("asking for vector tiles");
    let tiles = tiles::measure(&server.host, sample)?;
    say("looking up keys at a fixed rate, and while organizations are loaded");
    let organizations = scratch.city().join("organizations.csv");
    let steady = steady::measure(&server.host, keys, "synth-organizations", &organizations)?;
    drop(server);
    let bare = Server::start(&["bare", &body.display().to_string()])?;
    let bare = throughput::measure(&bare.host, keys, 1)?;
    let throughput = Throughput {
        jiku: looked_up,
        bare,
    };
    Ok(Served {
        throughput,
        steady,
        tiles,
    })
}

/// Asks DuckDB for groups, where it is installed.
fn ask_duckdb(
    arguments: &Arguments,
    flat: &Path,
    given: &Given,
) -> anyhow::Result<Option<duckdb::Groups>> {
    if let Some(reason) = duckdb::missing(&arguments.python) {
        say(&format!("{reason}: groups are not compared with it"));
        return Ok(None);
    }
    say("asking DuckDB for groups");
    let theirs = duckdb::measure(&arguments.python, flat, &flat::COLUMNS)?;
    let mut answers = given.iter().flatten();
    let grouped = answers.find(|answer| !answer.groups.is_empty());
    let counts = grouped.map(|answer| answer.groups.values().copied().collect());
    let mut ours: Vec<u64> = counts.unwrap_or_default();
    ours.sort_unstable();
    ensure!(
        ours == theirs.counts,
        "DuckDB's groups are others: {theirs:?}"
    );
    Ok(Some(theirs))
}

/// Loads the persons into PostgreSQL, and asks it the same.
fn ask_postgresql(
    scratch: &Scratch,
    arguments: &Arguments,
    flat: &Path,
    series: &[Series],
    rows: &mut [Row],
    given: &Given,
) -> anyhow::Result<results::Postgresql> {
    say("starting PostgreSQL");
    let cluster = Cluster::start(&arguments.postgresql, &scratch.cluster())?;
    say("loading persons into PostgreSQL");
    let loaded = postgresql::load(&cluster, flat)?;
    let start_seconds = cluster.restart()?;
    let mut resident_bytes = 0;
    for ((series, row), given) in series.iter().zip(rows).zip(given) {
        say(&format!("asking PostgreSQL: {}", series.name));
        let mut best: Option<(Timing, &'static str)> = None;
        for plans in PLANS {
            let mut side = Postgresql::new(&cluster, plans)?;
            let answers = answers(&mut side, &series.questions)?;
            if best.is_none() {
                compare(series, row, given, &answers, "by PostgreSQL");
            }
            let timing = time(&mut side, &series.questions)?;
            if best.is_none_or(|(best, _)| timing.median < best.median) {
                best = Some((timing, plans));
            }
            // While the connection is open: its process maps the pages it has read.
            resident_bytes = machine::family_bytes(cluster.process()?).max(resident_bytes);
        }
        row.postgresql = best.map(|(timing, _)| timing);
        row.plans = best.map(|(_, plans)| plans);
    }
    Ok(results::Postgresql {
        version: cluster.version()?,
        loaded,
        start_seconds,
        resident_bytes,
    })
}

/// Counts the questions whose answers differ, and shows the first of them.
fn compare(series: &Series, row: &mut Row, ours: &[Answer], theirs: &[Answer], whose: &str) {
    let both = series.questions.iter().zip(ours.iter().zip(theirs));
    let different: Vec<_> = both
        .filter(|(question, (ours, theirs))| !ours.agrees(theirs, question))
        .collect();
    if let Some((question, (ours, theirs))) = different.first() {
        say(&format!(
            "DIFFERENT: {} of {} answers {whose}, the first to {}:\n  library: {ours:?}\n  {whose}: {theirs:?}",
            different.len(),
            series.name,
            question.json(),
        ));
    }
    row.differed = row.differed.max(different.len());
    row.agreed = ours.len().min(theirs.len()).saturating_sub(row.differed);
}
