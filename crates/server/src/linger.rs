//! Staying awake for the next request.
//!
//! A thread that sleeps takes longer to wake than most queries take to answer: on a virtual machine
//! with two processors, half of a look-up's time went by between its bytes and the thread that reads
//! them. Who asks once mostly asks again at once, so a thread that has answered looks for the next
//! request for a while before it sleeps. That costs at most so much of one processor a request, and
//! nothing where there are none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long after an answer it goes on looking.
const WHILE: Duration = Duration::from_micros(150);

/// Keeps a thread of the runtime awake after answers.
#[derive(Clone, Debug)]
pub struct Linger(Arc<State>);

#[derive(Debug)]
struct State {
    begun: Instant,
    /// Until when to look, in microseconds since `begun`.
    until: AtomicU64,
    looking: AtomicBool,
}

impl Default for Linger {
    /// Nothing answered yet.
    fn default() -> Linger {
        Linger(Arc::new(State {
            begun: Instant::now(),
            until: AtomicU64::new(0),
            looking: AtomicBool::new(false),
        }))
    }
}

impl Linger {
    /// An answer was given: to be called in a runtime.
    pub fn answered(&self) {
        let until = self.0.begun.elapsed() + WHILE;
        self.0
            .until
            .store(until.as_micros() as u64, Ordering::Relaxed);
        if !self.0.looking.swap(true, Ordering::AcqRel) {
            tokio::spawn(look(self.0.clone()));
        }
    }
}

/// Comes back to the runtime again and again: each time, it first sees to what has arrived.
async fn look(state: Arc<State>) {
    while (state.begun.elapsed().as_micros() as u64) < state.until.load(Ordering::Relaxed) {
        tokio::task::yield_now().await;
    }
    state.looking.store(false, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_looks_for_a_while_and_then_no_longer() {
        let linger = Linger::default();
        for _ in 0..2 {
            linger.answered();
            linger.answered();
            assert!(linger.0.looking.load(Ordering::Acquire));
            while linger.0.looking.load(Ordering::Acquire) {
                tokio::task::yield_now().await;
            }
            let until = Duration::from_micros(linger.0.until.load(Ordering::Relaxed));
            assert!(linger.0.begun.elapsed() >= until);
        }
    }
}
