//! The threads that do what takes long: one rehearses, one publishes and undoes, each one load after the
//! other, so that memory is bounded and a publication never waits for a rehearsal of somebody else's.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::Book;

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Rehearse.
    Rehearse,
    /// Publish and undo.
    Publish,
}

/// Loads that wait for their turn.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

#[derive(Default)]
struct Waiting {
    loads: VecDeque<String>,
    stopped: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a load at the end.
    pub fn push(&self, id: &str) {
        self.lock().loads.push_back(id.to_string());
        self.ready.notify_one();
    }

    /// Takes the first; waits for it. `None` once the queue is stopped.
    fn pop(&self) -> Option<String> {
        let mut waiting = self.lock();
        loop {
            if waiting.stopped {
                return None;
            }
            match waiting.loads.pop_front() {
                Some(load) => return Some(load),
                None => {
                    let woken = self.ready.wait(waiting);
                    waiting = woken.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// Lets whoever takes from it go home. What waits is taken up by the next start.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.ready.notify_all();
    }
}

/// The threads of a book. Dropped, they finish what they are at, and end.
pub struct Workers {
    book: Book,
    threads: Vec<JoinHandle<()>>,
}

impl Book {
    /// Starts a thread for each of these lanes.
    ///
    /// # Errors
    ///
    /// A thread cannot be started.
    pub fn work(&self, lanes: &[Lane]) -> std::io::Result<Workers> {
        let mut workers = Workers {
            book: self.clone(),
            threads: Vec::new(),
        };
        for lane in lanes.iter().copied() {
            let book = self.clone();
            let thread = std::thread::Builder::new().name("loads".to_string());
            workers.threads.push(thread.spawn(move || book.run(lane))?);
        }
        Ok(workers)
    }

    fn run(&self, lane: Lane) {
        crate::priority::give_way();
        while let Some(id) = self.queue(lane).pop() {
            let work = AssertUnwindSafe(|| match lane {
                Lane::Rehearse => self.rehearse(&id),
                Lane::Publish => self.publish_or_undo(&id),
            });
            if catch_unwind(work).is_err() {
                self.give_up(&id);
            }
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.book.stop();
        for thread in self.threads.drain(..) {
            // What panicked in it was caught and noted there.
            let _ = thread.join();
        }
    }
}
