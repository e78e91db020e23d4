//! No value is found out by claiming one after another: of one field of one record a caller may be wrong
//! a few times a day, and of keys without a record some hundreds of times.
//!
//! Only hashes of what was claimed are kept, and only in memory: a restart forgives.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many different wrong values of one field of one record may be claimed in a [`WINDOW`].
pub const MOST_VALUES: usize = 3;
/// How many different keys without a record may be asked in a [`WINDOW`].
pub const MOST_KEYS: usize = 2_000;
/// After how long wrong claims are forgotten.
pub const WINDOW: Duration = Duration::from_secs(24 * 3600);
/// How many subjects are remembered before those past their window are swept out.
const SWEEP_AT: usize = 100_000;

/// What wrong claims are about, as a hash.
type Subject = [u8; 16];

/// Wrong claims on one subject.
#[derive(Debug)]
struct Wrong {
    since: Instant,
    values: HashSet<u64>,
}

/// The wrong claims of a day, of all callers.
#[derive(Debug, Default)]
pub struct Guesses {
    wrong: Mutex<HashMap<Subject, Wrong>>,
}

/// What a caller may be wrong about only so often.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    subject: Subject,
    most: usize,
}

impl Limit {
    /// The values of one field of one record.
    pub fn field(caller: &str, collection: &str, record: &str, field: &str) -> Limit {
        Limit {
            subject: hash(&["field", caller, collection, record, field]),
            most: MOST_VALUES,
        }
    }

    /// Keys of a collection.
    pub fn keys(caller: &str, collection: &str) -> Limit {
        Limit {
            subject: hash(&["keys", caller, collection]),
            most: MOST_KEYS,
        }
    }
}

impl Guesses {
    /// How long a caller has to wait who has been wrong too often; `None` where it may go on. A claim
    /// that was wrong before may be repeated: its answer is known.
    pub fn check(&self, limit: Limit, claimed: &str) -> Option<Duration> {
        let held = self.held();
        let wrong = held.get(&limit.subject)?;
        let passed = wrong.since.elapsed();
        let is_spent = passed < WINDOW
            && wrong.values.len() >= limit.most
            && !wrong.values.contains(&short(claimed));
        is_spent.then(|| WINDOW.saturating_sub(passed))
    }

    /// Notes a wrong claim.
    pub fn note(&self, limit: Limit, claimed: &str) {
        let mut held = self.held();
        if held.len() >= SWEEP_AT {
            held.retain(|_, wrong| wrong.since.elapsed() < WINDOW);
        }
        let wrong = held.entry(limit.subject).or_insert_with(|| Wrong {
            since: Instant::now(),
            values: HashSet::new(),
        });
        if wrong.since.elapsed() >= WINDOW {
            wrong.since = Instant::now();
            wrong.values.clear();
        }
        wrong.values.insert(short(claimed));
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Subject, Wrong>> {
        // What is guarded is whole after every step.
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(parts: &[&str]) -> Subject {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        // Lengths first, so that no two lists of parts are one text.
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut out = [0; 16];
    hasher.finalize_xof().fill(&mut out);
    out
}

fn short(text: &str) -> u64 {
    let mut out = [0; 8];
    blake3::Hasher::new()
        .update(text.as_bytes())
        .finalize_xof()
        .fill(&mut out);
    u64::from_be_bytes(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_wrong_too_often_waits() {
        let guesses = Guesses::default();
        let limit = Limit::field("a", "person", "P1", "name");
        for value in ["1", "2", "2", "3"] {
            assert_eq!(guesses.check(limit, value), None);
            guesses.note(limit, value);
        }
        // What is known to be wrong may be said again, nothing new may.
        assert_eq!(guesses.check(limit, "2"), None);
        assert!(guesses.check(limit, "4").is_some_and(|left| left <= WINDOW));
        for other in [
            Limit::field("b", "person", "P1", "name"),
            Limit::field("a", "person", "P2", "name"),
            Limit::field("a", "person", "P1", "sex"),
            Limit::keys("a", "person"),
        ] {
            assert_eq!(guesses.check(other, "4"), None);
        }
    }
}
