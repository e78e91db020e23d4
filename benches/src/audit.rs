//! What writing every answer down costs: key look-ups of a guarded server, with and without its audit trail.
//!
//! The server and its clients share the machine, and the ways take turns, so that whatever else the machine
//! does falls on all of them.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use access::callers::register::Register;
use anyhow::{Context as _, anyhow};
use audit::subject::Deferrals;
use audit::{Options, Sync, Trail};
use record::Predicate;
use register::{Deadline, Embedded, Search, Store as _, TimeScope};
use serde_json::{Value, json};
use server::guard::Guard;
use server::guard::receipt::Receipts;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::http::Host;
use crate::question::Question;
use crate::{city, throughput};

/// How often each way is measured.
const ROUNDS: u64 = 3;
/// Of how many persons the keys are.
const KEYS: usize = 5_000;

/// In what way a server answers.
#[derive(Clone, Copy)]
enum Way {
    /// It lets in whom it knows, and writes nothing down.
    Silent,
    /// It writes down, and the disk follows in groups.
    Grouped,
    /// It writes down, and waits for the disk.
    Each,
}

/// Measures, and prints.
pub fn measure(persons: u64, seed: u64, scratch: &Path) -> anyhow::Result<()> {
    let (files, data) = (scratch.join("city"), scratch.join("data"));
    city::write(&files, persons, seed)?;
    register::DataDirectory::create(&data, true)?;
    let store = city::open(&data)?;
    for file in synth::FILES {
        city::load(&store, file.source, &files.join(file.file))?;
    }
    let entry = json!({ "name": "bench", "label": "", "roles": ["administrator"], "keys": [] });
    let minted = Register::open(&data)?.create(serde_json::from_value(entry)?, None)?;
    let key = minted.context("a new caller without a key")?.text;
    let questions = questions(&store)?;
    let ways = [Way::Silent, Way::Grouped, Way::Each];
    let mut sums = [0.0; 3];
    for round in 0..ROUNDS {
        for (sum, way) in sums.iter_mut().zip(ways) {
            let server = Serving::start(&store, (&data, &key), scratch, way)?;
            *sum += throughput::measure(&server.host, &questions, seed + round)?;
        }
    }
    let [silent, grouped, each] = sums.map(|sum| sum / ROUNDS as f64);
    let cost = |rate: f64| 100.0 * (1.0 - rate / silent);
    println!("| key look-ups, {persons} persons | a second | cost |");
    println!("|---|---|---|");
    println!("| guarded, nothing written down | {silent:.0} | |");
    println!(
        "| audit trail, disk in groups | {grouped:.0} | {:.1} % |",
        cost(grouped)
    );
    println!(
        "| audit trail, disk before each answer | {each:.0} | {:.1} % |",
        cost(each)
    );
    Ok(())
}

/// Keys of persons that there are.
fn questions(store: &Embedded) -> anyhow::Result<Vec<Question>> {
    let search = Search {
        predicate: &Predicate::All,
        time: TimeScope::Present(register::today()),
        sort: &[],
        after: None,
        limit: KEYS,
        deadline: Deadline::NONE,
    };
    let page = store.view().search("person", &search)?;
    let key = |record: &register::Record| {
        let body: Value = serde_json::from_str(&record.body).ok()?;
        let number = body["properties"]["identityNumber"].as_str()?;
        Some(Question::Key(number.to_owned()))
    };
    let keys: Option<Vec<Question>> = page.records.iter().map(key).collect();
    keys.context("a person without a number")
}

/// A server in a thread, which stops when this is dropped.
struct Serving {
    host: Host,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Serving {
    fn start(
        store: &Embedded,
        (data, key): (&Path, &str),
        scratch: &Path,
        way: Way,
    ) -> anyhow::Result<Serving> {
        let mut guard = Guard::open(data, store.catalog(), Vec::new())?;
        guard.receipts = match way {
            Way::Silent => Receipts::default(),
            Way::Grouped => receipts(scratch, Options::default().sync)?,
            Way::Each => receipts(scratch, Sync::Each)?,
        };
        let data = server::Data::from(Arc::new(store.clone())).guarded(guard);
        let runtime = server::runtime()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let until = async move {
                let _ = stopped.await;
            };
            let options = server::Options::default();
            let served = runtime.block_on(server::serve(data, listener, options, until));
            if let Err(error) = served {
                eprintln!("{error}");
            }
            // Connections that the clients have left are not waited for.
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        let key = Some(key.to_string());
        Ok(Serving {
            host: Host { address, key },
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// A new trail.
fn receipts(scratch: &Path, sync: Sync) -> anyhow::Result<Receipts> {
    let folder = tempfile::tempdir_in(scratch)?.keep();
    let options = Options {
        sync,
        ..Options::default()
    };
    let trail = Trail::open(&folder, options).map_err(|error| anyhow!("{error}"))?;
    Ok(Receipts::new(Arc::new(trail), sync, Deferrals::new()))
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(thread::JoinHandle::join);
    }
}
