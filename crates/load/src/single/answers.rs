//! Calls that may come twice: a call that bears a key is carried out once.
//!
//! What it was answered is remembered with the ledger, for [`KEPT`] and at most [`MOST`] of them; the
//! record itself is read again as of the transaction that wrote it. Of a call that failed nothing is
//! remembered: it may be mended and sent again.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use register::{Embedded, StoreError};
use serde::{Deserialize, Serialize};

use super::call::{Call, Outcome};
use super::error::WriteError;

/// How long answers are kept.
pub const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How many answers are kept at most.
pub const MOST: usize = 10_000;

/// The key under which an answer is remembered.
type Key = Vec<u8>;

/// What is remembered of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The hash of the call.
    pub call: String,
    /// When it was carried out, in microseconds since 1970 UTC.
    pub at: i64,
    /// The load that it became; none where it said nothing new.
    pub load: Option<String>,
    /// The transaction that published the load, or the state that needed none.
    pub transaction: u64,
    /// The record's number.
    pub entity: u64,
    /// What it did.
    pub outcome: Outcome,
    /// The day on which the record was shown.
    pub day: i32,
}

/// The answers of one store.
pub struct Answers {
    store: Embedded,
    /// When each was given, and its key; the oldest first.
    given: Mutex<VecDeque<(i64, Key)>>,
    running: Mutex<HashSet<Key>>,
}

/// A call with a key that is being carried out; dropping it lets the key be used again.
pub struct Running<'a> {
    answers: &'a Answers,
    key: Key,
    call: String,
}

/// What becomes of a call that bears a key.
pub enum Begun<'a> {
    /// It is carried out.
    New(Running<'a>),
    /// It was carried out before.
    Known(Remembered),
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is whole after every step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Answers {
    /// The answers that a store remembers.
    pub fn open(store: Embedded) -> Result<Answers, StoreError> {
        let mut given = Vec::new();
        for pair in store.answers() {
            let (key, value) = pair?;
            match serde_json::from_slice::<Remembered>(&value) {
                Ok(remembered) => given.push((remembered.at, key)),
                // Of a later version: nothing can be told from it.
                Err(_) => store.forget_answer(&key)?,
            }
        }
        given.sort_unstable();
        Ok(Answers {
            store,
            given: Mutex::new(given.into()),
            running: Mutex::default(),
        })
    }

    /// Begins a call by a department, if it has not been carried out.
    pub fn begin(
        &self,
        call: &Call,
        department: &str,
        key: &str,
        now: i64,
    ) -> Result<Begun<'_>, WriteError> {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(department.as_bytes())
            .update(b"\0")
            .update(key.as_bytes());
        let key = hasher.finalize().as_bytes().to_vec();
        if !held(&self.running).insert(key.clone()) {
            return Err(WriteError::InProgress);
        }
        let running = Running {
            answers: self,
            key,
            call: digest(call),
        };
        let Some(value) = self.store.answer(&running.key)? else {
            return Ok(Begun::New(running));
        };
        let Ok(known) = serde_json::from_slice::<Remembered>(&value) else {
            return Ok(Begun::New(running));
        };
        if is_past(known.at, now) || !self.was_published(&known) {
            return Ok(Begun::New(running));
        }
        if known.call != running.call {
            return Err(WriteError::KeyReused);
        }
        Ok(Begun::Known(known))
    }

    /// Whether the load of an answer is in the ledger: otherwise it was cut off.
    fn was_published(&self, known: &Remembered) -> bool {
        let Some(load) = &known.load else {
            return true;
        };
        let journal = self.store.journal();
        let place = known.transaction.checked_sub(1).map(|place| place as usize);
        let entry = place.and_then(|place| journal.entries().get(place));
        entry.is_some_and(|entry| entry.load.load == *load)
    }
}

fn is_past(at: i64, now: i64) -> bool {
    now.saturating_sub(at) > KEPT.as_micros() as i64
}

/// All that makes a call what it is, but not which version its caller has seen: an answer that got lost
/// is asked for again with the same.
fn digest(call: &Call) -> String {
    let mut hasher = blake3::Hasher::new();
    let verb = format!("{:?}", call.verb);
    let parts = [
        verb.as_bytes(),
        call.collection.as_bytes(),
        call.id.as_deref().unwrap_or_default().as_bytes(),
    ];
    for part in parts {
        hasher.update(part).update(b"\0");
    }
    hasher.update(&call.body);
    hasher.finalize().to_hex().to_string()
}

impl Running<'_> {
    /// The hash of the call.
    pub fn call(&self) -> &str {
        &self.call
    }

    /// Remembers the answer: with the load that is about to be published, or at once where there is
    /// none.
    pub fn remember(&self, remembered: &Remembered) -> Result<(), StoreError> {
        let store = &self.answers.store;
        let value = serde_json::to_vec(remembered)
            .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        store.remember_answer(&self.key, &value, remembered.load.is_none())?;
        let mut given = held(&self.answers.given);
        given.push_back((remembered.at, self.key.clone()));
        while given.len() > MOST
            || given
                .front()
                .is_some_and(|(at, _)| is_past(*at, remembered.at))
        {
            let Some((_, key)) = given.pop_front() else {
                break;
            };
            let is_newer = given.iter().any(|(_, other)| *other == key);
            if !is_newer {
                store.forget_answer(&key)?;
            }
        }
        Ok(())
    }

    /// Forgets the answer of a load that could not be published.
    pub fn forget(&self) -> Result<(), StoreError> {
        held(&self.answers.given).retain(|(_, key)| *key != self.key);
        self.answers.store.forget_answer(&self.key)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        held(&self.answers.running).remove(&self.key);
    }
}
