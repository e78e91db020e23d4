//! Loads, opens and serves in processes of their own, so that time and memory are of that alone.
//!
//! A child answers with one line of JSON. It ends when its standard input does, so that none outlives
//! the run.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{self, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use access::callers::register::Register;
use anyhow::{Context as _, ensure};
use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use axum::serve::ListenerExt as _;
use clap::Subcommand;
use record::Predicate;
use register::{Deadline, Embedded, Store as _, TimeScope};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use server::guard::Guard;
use tokio::net::TcpListener;

use crate::http::Host;
use crate::{audit, city, machine};

/// What a child does.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Loads the city's files but persons and organizations
    #[command(hide = true)]
    Prepare { data: PathBuf, city: PathBuf },
    /// Loads one file
    #[command(hide = true)]
    Load {
        data: PathBuf,
        source: String,
        file: PathBuf,
    },
    /// Opens the store
    #[command(hide = true)]
    Open { data: PathBuf },
    /// Serves the store
    #[command(hide = true)]
    Serve { data: PathBuf },
    /// What the audit trail costs: key look-ups with and without it
    Audit {
        /// How many persons
        #[arg(long, default_value_t = 20_000)]
        persons: u64,
    },
    /// Serves the bytes of a file on every route
    #[command(hide = true)]
    Bare { body: PathBuf },
}

/// What loading took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Loaded {
    /// Rows of the file.
    pub rows: u64,
    /// From the call to the answer, in seconds: checked, durable and searchable.
    pub seconds: f64,
    /// The most memory the process ever held, in bytes.
    pub peak_bytes: u64,
}

/// What opening took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// From the start of the work to the first answer, in seconds.
    pub seconds: f64,
    /// Persons it then answered with.
    pub persons: u64,
    /// The memory it then held, in bytes.
    pub resident_bytes: u64,
}

/// Where a server listens, and the key by which it knows who asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Listening {
    address: SocketAddr,
    key: Option<String>,
}

impl Task {
    /// Does it, and says how it went on standard output.
    pub fn run(self) -> anyhow::Result<()> {
        if let Task::Audit { persons } = self {
            let scratch = tempfile::tempdir()?;
            return audit::measure(persons, 1, scratch.path());
        }
        thread::spawn(|| {
            // Until the parent is done, or gone.
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            process::exit(0);
        });
        match self {
            // Measured above: it is nobody's child.
            Task::Audit { .. } => Ok(()),
            Task::Prepare { data, city } => prepare(&data, &city),
            Task::Load { data, source, file } => load(&data, &source, &file),
            Task::Open { data } => open(&data),
            Task::Serve { data } => {
                let store = city::open(&data)?;
                let (guard, key) = guard(&data, &store)?;
                let guarded = server::Data::from(Arc::new(store.clone())).guarded(guard);
                let router = server::router(guarded, server::Options::default());
                let router = router.route(LOAD, post(move |order| load_here(store, order)));
                serve(router, Some(key))
            }
            Task::Bare { body } => serve(bare(Bytes::from(std::fs::read(body)?)), None),
        }
    }
}

fn say(answer: &impl Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, answer)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

fn prepare(data: &Path, files: &Path) -> anyhow::Result<()> {
    register::DataDirectory::create(data, true)?;
    let store = city::open(data)?;
    let mut rows = 0;
    let needed = synth::FILES
        .iter()
        .filter(|file| !matches!(file.source, "synth-persons" | "synth-organizations"));
    let begun = Instant::now();
    for file in needed {
        rows += city::load(&store, file.source, &files.join(file.file))?
            .counts
            .read;
    }
    let seconds = begun.elapsed().as_secs_f64();
    say(&Loaded {
        rows,
        seconds,
        peak_bytes: machine::peak_bytes(),
    })
}

fn load(data: &Path, source: &str, file: &Path) -> anyhow::Result<()> {
    say(&loaded(&city::open(data)?, source, file)?)
}

fn loaded(store: &Embedded, source: &str, file: &Path) -> anyhow::Result<Loaded> {
    let begun = Instant::now();
    let report = city::load(store, source, file)?;
    Ok(Loaded {
        rows: report.counts.read,
        seconds: begun.elapsed().as_secs_f64(),
        peak_bytes: machine::peak_bytes(),
    })
}

fn open(data: &Path) -> anyhow::Result<()> {
    let begun = Instant::now();
    let store = city::open(data)?;
    let now = TimeScope::Present(register::today());
    let persons = store
        .view()
        .count("person", &Predicate::All, now, Deadline::NONE)?;
    let seconds = begun.elapsed().as_secs_f64();
    say(&Opened {
        seconds,
        persons,
        resident_bytes: machine::resident_bytes(process::id()),
    })
}

/// Where a serving child is told to load a file.
pub const LOAD: &str = "/bench/load";

/// A file to load.
#[derive(Debug, Deserialize)]
struct Order {
    source: String,
    file: PathBuf,
}

/// Loads a file in the process that serves.
async fn load_here(
    store: Embedded,
    Json(order): Json<Order>,
) -> Result<Json<Loaded>, (StatusCode, String)> {
    let failed = |reason: String| (StatusCode::INTERNAL_SERVER_ERROR, reason);
    let load = move || loaded(&store, &order.source, &order.file);
    let done = tokio::task::spawn_blocking(load).await;
    let done = done.map_err(|reason| failed(reason.to_string()))?;
    Ok(Json(done.map_err(|reason| failed(reason.to_string()))?))
}

/// One answer to everything: what HTTP itself costs.
fn bare(body: Bytes) -> axum::Router {
    axum::Router::new().fallback(move |_: Bytes| {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/json")], body) }
    })
}

/// What guards a store as `jiku serve` does, its audit trail included, and a key that may see all of it.
fn guard(data: &Path, store: &Embedded) -> anyhow::Result<(Guard, String)> {
    let entry = json!({ "name": "bench", "label": "", "roles": ["administrator"], "keys": [] });
    let minted = Register::open(data)?.create(serde_json::from_value(entry)?, None)?;
    let key = minted.context("a new caller without a key")?.text;
    Ok((Guard::open(data, store.catalog(), Vec::new())?, key))
}

fn serve(router: axum::Router, key: Option<String>) -> anyhow::Result<()> {
    let runtime = server::runtime()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    say(&Listening {
        address: listener.local_addr()?,
        key,
    })?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(runtime.block_on(async { axum::serve(listener, router).await })?)
}

fn spawn(arguments: &[&str]) -> anyhow::Result<(process::Child, ChildStdout)> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn()?;
    let out = child.stdout.take().context("a child's standard output")?;
    Ok((child, out))
}

/// Has a child do something, and waits for it.
pub fn call<T: DeserializeOwned>(arguments: &[&str]) -> anyhow::Result<T> {
    let (mut child, mut out) = spawn(arguments)?;
    // Waiting closes the child's input, which ends it: first it must have ended its output.
    let mut answer = Vec::new();
    out.read_to_end(&mut answer)?;
    let status = child.wait()?;
    ensure!(
        status.success(),
        "'{}' failed: {status}",
        arguments.join(" ")
    );
    serde_json::from_slice(&answer).with_context(|| format!("the answer of '{}'", arguments[0]))
}

/// A child that serves, until it is dropped.
pub struct Server {
    child: process::Child,
    /// Where it listens.
    pub host: Host,
}

impl Server {
    /// Starts it.
    pub fn start(arguments: &[&str]) -> anyhow::Result<Server> {
        let (mut child, out) = spawn(arguments)?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        match serde_json::from_str(&line) {
            Ok(Listening { address, key }) => Ok(Server {
                child,
                host: Host { address, key },
            }),
            Err(_) => {
                let _ = child.kill();
                let status = child.wait()?;
                anyhow::bail!("'{}' does not serve: {status}", arguments.join(" "))
            }
        }
    }

    /// The memory it holds, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        machine::resident_bytes(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
