//! The table, as it is printed.

use std::fmt::Write as _;

use crate::cluster::SETTINGS;
use crate::duckdb::Groups;
use crate::results::{Jiku, Postgresql, Results, Row};
use crate::side::Timing;
use crate::steady::{RATE, Steady};
use crate::throughput::Throughput;
use crate::tiles::Tiles;

/// Questions by name: what is asked, and how many times as fast as PostgreSQL it shall be.
const QUESTIONS: [(&str, &str, f64); 8] = [
    ("key", "key look-up", 1.0),
    ("name", "two characters inside a name", 20.0),
    ("address", "phrase in an address", 5.0),
    ("box", "all in a box", 4.0),
    ("nearest", "10 nearest", 3.0),
    ("radius", "count within a radius", 10.0),
    ("group", "group by county and sex", 10.0),
    ("combined", "name prefix + county + box", 10.0),
];
/// How many times as fast loading shall be.
const LOADING: f64 = 3.0;
/// What share of the bare route's throughput key look-ups shall reach.
const THROUGHPUT: f64 = 0.7;

/// The 99th percentile of key look-ups at a fixed rate, in milliseconds.
const LATENCY: f64 = 5.0;

/// Vector tiles a second and processor.
const TILES: f64 = 200.0;
/// How many times DuckDB's time groups may take.
const DUCKDB: f64 = 2.0;

const MB: f64 = 1e6;

/// The whole text.
pub fn text(results: &Results, missing: Option<&str>) -> String {
    let mut out = String::new();
    let machine = &results.machine;
    let persons = results.persons;
    let _ = writeln!(
        out,
        "\n{persons} persons (synthetic), seed {}; {} cores ({}), {:.0} GB of memory",
        results.seed,
        machine.cores,
        machine.processor,
        machine.memory_bytes as f64 / 1e9,
    );
    match (&results.postgresql, missing) {
        (Some(other), _) => {
            let settings: Vec<String> = SETTINGS
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let _ = writeln!(out, "{}; {}", other.version, settings.join(" "));
        }
        (None, reason) => {
            let reason = reason.unwrap_or("PostgreSQL was not measured");
            let _ = writeln!(out, "{reason}: only Jiku was measured.");
        }
    }
    if machine.is_busy() {
        let load = machine.load;
        let _ = writeln!(
            out,
            "THE MACHINE WAS BUSY (load {load:.1} at the start): repeat the run before quoting figures."
        );
    }
    once(&mut out, results);
    let _ = writeln!(
        out,
        "\nOne connection, warm, different values each time: median (95th percentile) in ms\n\n\
         | question | matches | PostgreSQL | Jiku, library | Jiku, HTTP | times as fast, HTTP | goal | |\n\
         |---|---:|---:|---:|---:|---:|---:|---|"
    );
    for row in &results.rows {
        question(&mut out, row);
    }
    out
}

/// What is measured once.
fn once(out: &mut String, results: &Results) {
    let (jiku, other) = (&results.jiku, results.postgresql.as_ref());
    out.push_str("\n| work | PostgreSQL | Jiku | Jiku to PostgreSQL | goal | |\n");
    out.push_str("|---|---:|---:|---:|---:|---|\n");
    loading(out, jiku, other);
    disk(out, jiku, other);
    running(out, jiku, other);
    throughput(out, results.throughput);
    steady(out, &results.steady);
    tiles(out, results.tiles);
    if let Some(duckdb) = &results.duckdb {
        groups(out, results, duckdb);
    }
}

fn tiles(out: &mut String, tiles: Tiles) {
    line(
        out,
        [
            "vector tiles of a dense district, zoom 15, one connection",
            "",
            &format!(
                "{:.0}/s of {:.0} kB, 99th percentile {:.1} ms",
                tiles.rate,
                tiles.bytes / 1000.0,
                tiles.p99
            ),
            "",
            &format!("{TILES:.0}/s"),
            reached(Some(tiles.rate), TILES),
        ],
    );
}

/// The only row whose other side is not PostgreSQL.
fn groups(out: &mut String, results: &Results, other: &Groups) {
    let Some(ours) = results.rows.iter().find(|row| row.name == "group") else {
        return;
    };
    let share = ours.http.median / other.median;
    line(
        out,
        [
            &format!("group by county and sex, beside {}", other.version),
            &format!("{:.1} ms (in its own process)", other.median),
            &format!("{:.1} ms over HTTP", ours.http.median),
            &format!("{share:.2} × its time"),
            &format!("at most {DUCKDB:.0} ×"),
            if share <= DUCKDB { "reached" } else { "missed" },
        ],
    );
}

fn loading(out: &mut String, jiku: &Jiku, other: Option<&Postgresql>) {
    let rate =
        |rows: u64, seconds: f64| format!("{seconds:.1} s, {:.0} rows/s", rows as f64 / seconds);
    let seconds = jiku.loaded.seconds;
    let speed = other.map(|other| other.loaded.seconds() / seconds);
    let theirs = other.map(|other| {
        let parts = (other.loaded.copy_seconds, other.loaded.index_seconds);
        let all = rate(other.loaded.rows, other.loaded.seconds());
        format!("{all} (COPY {:.1}, indexes {:.1})", parts.0, parts.1)
    });
    line(
        out,
        [
            "CSV to checked, durable, searchable",
            &theirs.unwrap_or_else(dash),
            &rate(jiku.loaded.rows, seconds),
            &times(speed),
            &format!("{LOADING:.0} ×"),
            reached(speed, LOADING),
        ],
    );
}

fn disk(out: &mut String, jiku: &Jiku, other: Option<&Postgresql>) {
    let share = other.map(|other| jiku.bytes() as f64 / other.loaded.bytes as f64);
    let (ledger, index) = (megabytes(jiku.ledger_bytes), megabytes(jiku.index_bytes));
    line(
        out,
        [
            "disk",
            &other.map_or_else(dash, |other| megabytes(other.loaded.bytes)),
            &format!(
                "{} (ledger {ledger}, index {index})",
                megabytes(jiku.bytes())
            ),
            &times(share),
            "at most 1 ×",
            share.map_or("", |share| if share <= 1.0 { "reached" } else { "missed" }),
        ],
    );
}

/// Start and memory, for which there is no goal beside PostgreSQL.
fn running(out: &mut String, jiku: &Jiku, other: Option<&Postgresql>) {
    line(
        out,
        [
            "start until the first answer",
            &other.map_or_else(dash, |other| format!("{:.2} s", other.start_seconds)),
            &format!("{:.2} s", jiku.opened.seconds),
            "",
            "",
            "",
        ],
    );
    let sizes = [
        jiku.loaded.peak_bytes,
        jiku.opened.resident_bytes,
        jiku.serving_bytes,
    ];
    line(
        out,
        [
            "memory: peak of the load; just opened; after all questions",
            &other.map_or_else(dash, |other| {
                format!("–; –; {}", megabytes(other.resident_bytes))
            }),
            &sizes.map(megabytes).join("; "),
            "",
            "",
            "",
        ],
    );
}

fn throughput(out: &mut String, Throughput { jiku, bare }: Throughput) {
    let share = jiku / bare;
    line(
        out,
        [
            "key look-ups over HTTP, 2 clients",
            "",
            &format!("{jiku:.0}/s; bare axum route {bare:.0}/s"),
            &format!("{:.0} % of bare", share * 100.0),
            &format!("{:.0} %", THROUGHPUT * 100.0),
            reached(Some(share), THROUGHPUT),
        ],
    );
}

fn steady(out: &mut String, steady: &Steady) {
    let rate = steady.load.rows as f64 / steady.load.seconds;
    let states = [
        (steady.idle, String::new()),
        (
            steady.loading,
            format!(", while {rate:.0} organizations/s are loaded"),
        ),
    ];
    for (latency, state) in states {
        line(
            out,
            [
                &format!("key look-ups at {RATE}/s{state}"),
                "",
                &format!(
                    "median {:.2} ms, 99th percentile {:.2} ms, longest {:.1} ms",
                    latency.median, latency.p99, latency.longest
                ),
                "",
                &format!("99th percentile {LATENCY:.0} ms"),
                reached(Some(LATENCY / latency.p99), 1.0),
            ],
        );
    }
}

fn question(out: &mut String, row: &Row) {
    let known = QUESTIONS.iter().find(|(name, ..)| *name == row.name);
    let (_, what, goal) = known.copied().unwrap_or((row.name, row.name, 1.0));
    let verdict = match row.differed {
        0 => reached(row.ratio(), goal).to_string(),
        differed => format!("{differed} ANSWERS DIFFER"),
    };
    line(
        out,
        [
            what,
            &format!("{:.0}", row.matches),
            &row.postgresql.map_or(dash(), milliseconds),
            &milliseconds(row.library),
            &milliseconds(row.http),
            &times(row.ratio()),
            &format!("{goal:.0} ×"),
            &verdict,
        ],
    );
}

fn line<const N: usize>(out: &mut String, cells: [&str; N]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn dash() -> String {
    "–".to_string()
}

fn milliseconds(timing: Timing) -> String {
    format!("{:.3} ({:.3})", timing.median, timing.p95)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / MB)
}

fn times(ratio: Option<f64>) -> String {
    ratio.map_or(dash(), |ratio| format!("{ratio:.2} ×"))
}

fn reached(ratio: Option<f64>, goal: f64) -> &'static str {
    match ratio {
        None => "",
        Some(ratio) if ratio >= goal => "reached",
        Some(_) => "missed",
    }
}
