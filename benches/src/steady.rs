//! Key look-ups at a fixed rate, while the server does nothing else and while it loads a file.
//!
//! Each request has the moment at which it is due, and its time counts from there: a server that stands
//! still for a moment is charged for every request that had to wait, not for one.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use serde::Serialize;

use crate::child::Loaded;
use crate::http::{Connection, Host, path};
use crate::question::Question;
use crate::sampling::Random;

/// Requests a second, of all clients together.
pub const RATE: u32 = 500;
const CLIENTS: u32 = 4;
/// How long the server is asked while it does nothing else.
const IDLE: Duration = Duration::from_secs(10);

/// How long answers took, in milliseconds from when they were due.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latency {
    /// Half of them took no longer.
    pub median: f64,
    /// 99 in 100 took no longer.
    pub p99: f64,
    /// The longest.
    pub longest: f64,
    /// How many were timed.
    pub asked: usize,
}

/// Look-ups at [`RATE`].
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Steady {
    /// While the server does nothing else.
    pub idle: Latency,
    /// While it loads organizations.
    pub loading: Latency,
    /// That load.
    pub load: Loaded,
}

/// Asks the server at a fixed rate, then again while it loads a file.
pub fn measure(
    host: &Host,
    questions: &[Question],
    source: &str,
    file: &Path,
) -> anyhow::Result<Steady> {
    let begun = Instant::now();
    let idle = ask_until(host, questions, &|| begun.elapsed() > IDLE)?;
    let loaded = &AtomicBool::new(false);
    let (loading, load) = thread::scope(|scope| {
        let load = scope.spawn(move || -> anyhow::Result<Loaded> {
            let done = order_load(host, source, file);
            loaded.store(true, Ordering::Release);
            done
        });
        let loading = ask_until(host, questions, &|| loaded.load(Ordering::Acquire));
        let load = load.join().map_err(|_| anyhow!("the load panicked"))?;
        Ok::<_, anyhow::Error>((loading?, load?))
    })?;
    Ok(Steady {
        idle,
        loading,
        load,
    })
}

/// Has the serving process load a file.
fn order_load(host: &Host, source: &str, file: &Path) -> anyhow::Result<Loaded> {
    let mut connection = Connection::patient(host)?;
    let order = serde_json::json!({ "source": source, "file": file });
    let mut answer = Vec::new();
    connection.post(
        crate::child::LOAD,
        order.to_string().as_bytes(),
        &mut answer,
    )?;
    Ok(serde_json::from_slice(&answer)?)
}

fn ask_until(
    host: &Host,
    questions: &[Question],
    is_over: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Latency> {
    let bodies: Vec<String> = questions.iter().map(|one| one.json().to_string()).collect();
    let (bodies, path) = (&bodies, path(&questions[0]));
    let every = Duration::from_secs(1) * CLIENTS / RATE;
    let mut times = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || -> anyhow::Result<Vec<f64>> {
                    let mut connection = Connection::open(host)?;
                    let mut random = Random::new(u64::from(client) + 17);
                    let (mut times, mut answer) = (Vec::new(), Vec::new());
                    // The clients are due one after the other.
                    let mut due = Instant::now() + every * client / CLIENTS;
                    while !is_over() {
                        thread::sleep(due.saturating_duration_since(Instant::now()));
                        let body = &bodies[random.below(bodies.len())];
                        connection.post(path, body.as_bytes(), &mut answer)?;
                        times.push(due.elapsed().as_secs_f64() * 1000.0);
                        due += every;
                    }
                    Ok(times)
                })
            })
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.join().map_err(|_| anyhow!("a client panicked"))??);
        }
        Ok::<_, anyhow::Error>(times)
    })?;
    times.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times
            .get(place.min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0.0)
    };
    Ok(Latency {
        median: at(0.5),
        p99: at(0.99),
        longest: at(1.0),
        asked: times.len(),
    })
}
