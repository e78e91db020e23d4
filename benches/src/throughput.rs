//! Key look-ups by several clients at once, against a bare route that returns the same bytes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use serde::Serialize;

use crate::http::{Connection, Host, path};
use crate::question::Question;
use crate::sampling::Random;

/// Clients, each with a thread and a connection of its own.
const CLIENTS: usize = 2;
const WARM: Duration = Duration::from_secs(1);
const TIMED: Duration = Duration::from_secs(5);

/// Requests a second.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Throughput {
    /// Jiku's key look-up.
    pub jiku: f64,
    /// The bare route.
    pub bare: f64,
}

/// Look-ups a second: the clients post the questions' keys, in random order, one after the other.
pub fn measure(host: &Host, questions: &[Question], seed: u64) -> anyhow::Result<f64> {
    let bodies: Vec<String> = questions.iter().map(|one| one.json().to_string()).collect();
    let (bodies, path) = (&bodies, path(&questions[0]));
    let (counting, ended) = (&AtomicBool::new(false), &AtomicBool::new(false));
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS as u64)
            .map(|client| {
                scope.spawn(move || -> anyhow::Result<u64> {
                    let mut connection = Connection::open(host)?;
                    let mut random = Random::new(seed * 31 + client + 1);
                    let mut answer = Vec::new();
                    let mut answered = 0;
                    while !ended.load(Ordering::Relaxed) {
                        let body = &bodies[random.below(bodies.len())];
                        connection.post(path, body.as_bytes(), &mut answer)?;
                        answered += u64::from(counting.load(Ordering::Relaxed));
                    }
                    Ok(answered)
                })
            })
            .collect();
        thread::sleep(WARM);
        counting.store(true, Ordering::Relaxed);
        let begun = Instant::now();
        thread::sleep(TIMED);
        let seconds = begun.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        let mut answered = 0;
        for client in clients {
            answered += client.join().map_err(|_| anyhow!("a client panicked"))??;
        }
        Ok(answered as f64 / seconds)
    })
}
