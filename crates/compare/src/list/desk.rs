//! Who receives comparisons, has them answered one after another, and hands answers out.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use access::{Caller, Purpose};
use query::times;
use record::Day;
use register::Store;
use serde_json::Value as Json;

use super::MOST_COLUMNS;
use super::agreement::{Agreement, AsOfText, Terms};
use super::error::ListError;
use super::job::{Comparison, State, Word};
use super::request::{self, Request};
use super::shelf::Shelf;
use super::work::{self, Before, Work};

/// Who asks, and what for.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// Who.
    pub caller: &'a Caller,
    /// What for.
    pub purpose: &'a Purpose,
}

impl Asking<'_> {
    /// To whom comparisons belong: all callers of a department share its period, so that two of its keys
    /// find out no more than one.
    pub fn owner(&self) -> String {
        match &self.caller.department {
            Some(department) => format!("department:{department}"),
            None => format!("caller:{}", self.caller.id),
        }
    }
}

/// The rows of a comparison that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    columns: usize,
    keys: Vec<Json>,
    records: Vec<Option<u64>>,
    words: Vec<Word>,
}

/// One row: the key as it was given, the number of its record, and a word for each column. Whose record it
/// is must not be told: that there is one would be.
pub type Row<'a> = (&'a Json, Option<u64>, &'a [Word]);

impl Answers {
    /// All rows, in the order of the list.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = self.keys.iter().zip(&self.records);
        let words = self.words.chunks_exact(self.columns.max(1));
        rows.zip(words)
            .map(|((key, record), words)| (key, *record, words))
    }
}

/// All comparisons of a data directory. Dropping it stops the thread that answers; what it was at goes on
/// when it is opened again.
pub struct Comparisons {
    inner: Arc<Inner>,
    worker: Option<JoinHandle<()>>,
}

struct Inner {
    store: Arc<dyn Store>,
    shelf: Shelf,
    terms: Terms,
    held: Mutex<Held>,
    /// Told whenever a comparison has come on.
    moved: Condvar,
    stops: AtomicBool,
}

#[derive(Default)]
struct Held {
    all: BTreeMap<String, Comparison>,
    queue: VecDeque<String>,
}

impl Comparisons {
    /// Opens the comparisons kept in a folder, over all data.
    ///
    /// # Errors
    ///
    /// What is kept cannot be read.
    pub fn open(
        folder: &Path,
        store: Arc<dyn Store>,
        terms: Terms,
    ) -> Result<Comparisons, ListError> {
        let shelf = Shelf::open(folder)?;
        let mut held = Held::default();
        let mut kept = shelf.all()?;
        kept.sort_by_key(|one| one.received);
        for mut one in kept {
            if one.state != State::Discarded {
                one.answered = shelf.answered(&one.id, one.columns.len())?.min(one.keys);
            }
            if one.state.is_moving() {
                held.queue.push_back(one.id.clone());
            }
            held.all.insert(one.id.clone(), one);
        }
        let inner = Arc::new(Inner {
            store,
            shelf,
            terms,
            held: Mutex::new(held),
            moved: Condvar::new(),
            stops: AtomicBool::new(false),
        });
        inner.sweep(times::today())?;
        let working = inner.clone();
        let worker = std::thread::Builder::new()
            .name("comparisons".to_string())
            .spawn(move || working.run())
            .map_err(|error| ListError::file(folder, error))?;
        Ok(Comparisons {
            inner,
            worker: Some(worker),
        })
    }

    /// Receives a list under one of the agreements in force for the caller. It is kept when this returns.
    ///
    /// # Errors
    ///
    /// No such agreement or column; a key that is none; a quota used up.
    pub fn receive(
        &self,
        asking: Asking<'_>,
        agreements: &[Agreement],
        request: &Request,
    ) -> Result<Comparison, ListError> {
        let agreement = agreements.iter().find(|one| one.grant == request.grant);
        let agreement = agreement.ok_or_else(|| ListError::NotGranted(request.grant.clone()))?;
        let columns = agreement.chosen(&request.columns).map_err(|name| {
            let known = agreement.columns.iter().map(|column| column.name.as_str());
            let known = known.collect::<Vec<_>>().join(", ");
            ListError::NotAgreed { name, known }
        })?;
        if columns.len() > MOST_COLUMNS {
            return Err(ListError::Query(query::QueryError::Limit {
                parameter: "columns".to_string(),
                value: columns.len().to_string(),
                limit: MOST_COLUMNS.to_string().into(),
            }));
        }
        let collection =
            query::plan::collection(self.inner.store.catalog(), &agreement.collection)?;
        let keys = request.read_keys(collection)?;
        let id = self.inner.shelf.name()?;
        let today = times::today();
        self.inner.sweep(today)?;
        let mut held = self.inner.held();
        let owner = asking.owner();
        held.check_waiting(&owner, self.inner.terms.waiting)?;
        held.check_quota(agreement, keys.len(), today)?;
        let (period, at) = self
            .inner
            .period(&held, &owner, &agreement.collection, today);
        let comparison = Comparison {
            id: id.clone(),
            state: State::Waiting,
            agreement: agreement.clone(),
            columns,
            key: request::key_names(collection),
            keys: keys.len(),
            answered: 0,
            caller: asking.caller.id.clone(),
            owner,
            purpose: asking.purpose.purpose.clone(),
            case: asking.purpose.case.clone(),
            received: times::now_microseconds(),
            rested: None,
            period,
            at,
            counts: false,
            totals: Vec::new(),
            problem: None,
        };
        self.inner.shelf.add(&comparison, &keys)?;
        held.all.insert(id.clone(), comparison.clone());
        held.queue.push_back(id);
        self.inner.moved.notify_all();
        Ok(comparison)
    }

    /// A comparison of this owner, after it has come to rest or so long a wait.
    ///
    /// # Errors
    ///
    /// There is none: one of another owner is no other case.
    pub fn get(&self, owner: &str, id: &str, wait: Duration) -> Result<Comparison, ListError> {
        let until = Instant::now() + wait;
        let mut held = self.inner.held();
        loop {
            let found = held.of(owner, id)?;
            let left = until.saturating_duration_since(Instant::now());
            if !found.state.is_moving() || left.is_zero() || self.inner.is_stopping() {
                return Ok(found.clone());
            }
            let woken = self.inner.moved.wait_timeout(held, left);
            held = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// All comparisons of an owner, the newest first.
    pub fn list(&self, owner: &str) -> Vec<Comparison> {
        let held = self.inner.held();
        let own = held.all.values().filter(|one| one.owner == owner);
        let mut own: Vec<Comparison> = own.cloned().collect();
        own.sort_by_key(|one| std::cmp::Reverse(one.received));
        own
    }

    /// A comparison that is done, and its rows.
    ///
    /// # Errors
    ///
    /// There is none, or it is not done.
    pub fn answers(&self, owner: &str, id: &str) -> Result<(Comparison, Answers), ListError> {
        let found = self.get(owner, id, Duration::ZERO)?;
        if found.state != State::Done {
            return Err(ListError::State(found.state.name()));
        }
        let answers = Answers {
            columns: found.columns.len(),
            keys: self.inner.shelf.keys(id)?,
            records: self.inner.shelf.records(id)?.unwrap_or_default(),
            words: self.inner.shelf.answers(id)?,
        };
        Ok((found, answers))
    }

    /// Has a comparison go on that failed.
    ///
    /// # Errors
    ///
    /// There is none, or it did not fail.
    pub fn resume(&self, owner: &str, id: &str) -> Result<Comparison, ListError> {
        let mut held = self.inner.held();
        let mut found = held.of(owner, id)?.clone();
        if found.state != State::Failed {
            return Err(ListError::State(found.state.name()));
        }
        found.state = State::Waiting;
        found.problem = None;
        found.rested = None;
        self.inner.shelf.keep(&found)?;
        held.all.insert(id.to_string(), found.clone());
        held.queue.push_back(id.to_string());
        self.inner.moved.notify_all();
        Ok(found)
    }

    /// Removes a comparison's keys and answers. That there was one is remembered until its period ends,
    /// for its list counts among those that later ones are held against.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn discard(&self, owner: &str, id: &str) -> Result<Comparison, ListError> {
        let mut held = self.inner.held();
        let mut found = held.of(owner, id)?.clone();
        found.state = State::Discarded;
        found.answered = 0;
        found.rested = found.rested.or_else(|| Some(times::now_microseconds()));
        self.inner.shelf.keep(&found)?;
        self.inner.shelf.empty(id)?;
        held.queue.retain(|waiting| waiting != id);
        held.all.insert(id.to_string(), found.clone());
        self.inner.moved.notify_all();
        Ok(found)
    }
}

impl Drop for Comparisons {
    fn drop(&mut self) {
        self.inner.stops.store(true, Ordering::SeqCst);
        self.inner.moved.notify_all();
        if let Some(worker) = self.worker.take() {
            // It has noted what it was at.
            let _ = worker.join();
        }
    }
}

impl Held {
    fn of(&self, owner: &str, id: &str) -> Result<&Comparison, ListError> {
        let found = self.all.get(id).filter(|one| one.owner == owner);
        found.ok_or_else(|| ListError::NotFound(id.to_string()))
    }

    fn check_waiting(&self, owner: &str, most: usize) -> Result<(), ListError> {
        let of_owner = self.all.values().filter(|one| one.owner == owner);
        let waiting = of_owner.filter(|one| one.state.is_moving()).count();
        if waiting < most {
            Ok(())
        } else {
            Err(ListError::Waiting(waiting))
        }
    }

    fn check_quota(&self, agreement: &Agreement, keys: usize, today: Day) -> Result<(), ListError> {
        let Some(quota) = agreement.quota else {
            return Ok(());
        };
        let of_today = self.all.values().filter(|one| {
            one.agreement.grant == agreement.grant && times::day_of(one.received) == today
        });
        let used: usize = of_today.map(|one| one.keys).sum();
        let left = quota.saturating_sub(used as u64);
        if keys as u64 <= left {
            return Ok(());
        }
        let tomorrow = times::begins(today.next()) - times::now_microseconds();
        let again = Duration::from_micros(u64::try_from(tomorrow).unwrap_or_default());
        Err(ListError::Quota { left, again })
    }
}

impl Inner {
    fn held(&self) -> MutexGuard<'_, Held> {
        // What is guarded is whole after every step.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.stops.load(Ordering::SeqCst)
    }

    /// The period that a new list belongs to, and the pair of times of all its lists.
    fn period(&self, held: &Held, owner: &str, collection: &str, today: Day) -> (i32, AsOfText) {
        let of_owner = held
            .all
            .values()
            .filter(|one| one.owner == owner && one.agreement.collection == collection);
        let running = of_owner
            .filter(|one| one.period <= today.0 && today.0 < one.period + self.terms.period_days)
            .max_by_key(|one| one.period);
        if let Some(one) = running {
            return (one.period, one.at.clone());
        }
        let known = self.store.view().transaction();
        let known_at = self.store.instant_of(known).and_then(times::instant_text);
        let valid_at = today.to_string();
        (today.0, AsOfText { valid_at, known_at })
    }

    /// Removes what has been kept long enough.
    fn sweep(&self, today: Day) -> Result<(), ListError> {
        let mut held = self.held();
        let mut gone = Vec::new();
        for one in held.all.values_mut() {
            let Some(rested) = one.rested else { continue };
            let is_old = times::day_of(rested).0 + self.terms.kept_days <= today.0;
            if is_old && one.state != State::Discarded {
                one.state = State::Discarded;
                self.shelf.keep(one)?;
                self.shelf.empty(&one.id)?;
            }
            let is_over = one.period + self.terms.period_days <= today.0;
            if one.state == State::Discarded && is_over && times::day_of(rested) < today {
                self.shelf.remove(&one.id)?;
                gone.push(one.id.clone());
            }
        }
        for id in gone {
            held.all.remove(&id);
        }
        Ok(())
    }

    /// Answers one comparison after another until it is stopped.
    fn run(&self) {
        while let Some(id) = self.next() {
            // Whatever one comparison meets, the next ones are answered.
            let working = AssertUnwindSafe(|| self.work(&id));
            let outcome = catch_unwind(working).unwrap_or(Err(ListError::Stopped));
            if let Ok(false) = outcome {
                // Stopped, or discarded meanwhile.
                continue;
            }
            self.settle(&id, outcome.map(|_| ()));
        }
    }

    fn next(&self) -> Option<String> {
        let mut held = self.held();
        loop {
            if self.is_stopping() {
                return None;
            }
            if let Some(id) = held.queue.pop_front() {
                return Some(id);
            }
            let woken = self.moved.wait(held);
            held = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Changes a comparison that is still there; `false` where it was discarded.
    fn change(&self, id: &str, change: impl FnOnce(&mut Comparison)) -> Result<bool, ListError> {
        let mut held = self.held();
        let Some(one) = held
            .all
            .get_mut(id)
            .filter(|one| one.state != State::Discarded)
        else {
            return Ok(false);
        };
        change(one);
        self.shelf.keep(one)?;
        self.moved.notify_all();
        Ok(true)
    }

    /// Answers a comparison; `false` where it did not come to its end.
    fn work(&self, id: &str) -> Result<bool, ListError> {
        if !self.change(id, |one| one.state = State::Running)? {
            return Ok(false);
        }
        let Some((comparison, before)) = self.with_those_before(id) else {
            return Ok(false);
        };
        let work = Work::new(work::context(self.store.as_ref()), &self.shelf, &comparison)?;
        let numbers = match self.shelf.records(id)? {
            Some(numbers) => numbers,
            None => {
                let numbers = work.numbers(&self.shelf.keys(id)?)?;
                self.shelf.put_records(id, &numbers)?;
                numbers
            }
        };
        let asked = work.asked(&comparison.columns)?;
        if !comparison.counts {
            let marks = work.marks(&numbers);
            work.admit(&marks, &asked, &before, self.terms.minimum)?;
            self.shelf.put_marks(id, &marks)?;
            if !self.change(id, |one| one.counts = true)? {
                return Ok(false);
            }
        }
        let is_gone = || {
            let held = self.held();
            let one = held.all.get(id);
            one.is_none_or(|one| one.state == State::Discarded)
        };
        let note = |answered| {
            if let Some(one) = self.held().all.get_mut(id) {
                one.answered = answered;
            }
        };
        work.answer(&numbers, &asked, note, || self.is_stopping() || is_gone())
    }

    /// A comparison, and what has been asked before it in its period.
    fn with_those_before(&self, id: &str) -> Option<(Comparison, Before)> {
        let held = self.held();
        let comparison = held.all.get(id)?.clone();
        let mut before = Before {
            lists: Vec::new(),
            columns: Vec::new(),
        };
        for one in held.all.values() {
            let is_alike = one.id != comparison.id
                && one.counts
                && one.owner == comparison.owner
                && one.agreement.collection == comparison.agreement.collection
                && one.period == comparison.period;
            if !is_alike {
                continue;
            }
            before.lists.push(one.id.clone());
            for column in &one.columns {
                if !before
                    .columns
                    .iter()
                    .any(|known| known.filter == column.filter)
                {
                    before.columns.push(column.clone());
                }
            }
        }
        Some((comparison, before))
    }

    /// Notes what has become of a comparison.
    fn settle(&self, id: &str, outcome: Result<(), ListError>) {
        let outcome = outcome.and_then(|()| self.shelf.answers(id));
        let changed = self.change(id, |one| {
            one.rested = Some(times::now_microseconds());
            match outcome {
                Ok(words) => {
                    one.totals = work::totals(&words, one.columns.len());
                    one.answered = one.keys;
                    one.state = State::Done;
                }
                Err(error) => {
                    if !error.is_refusal() {
                        tracing::error!(comparison = one.id, reason = %error, "failed");
                    }
                    one.state = if error.is_refusal() {
                        State::Refused
                    } else {
                        State::Failed
                    };
                    one.problem = Some(error.problem());
                }
            }
        });
        // What cannot be noted is found out by the next start: it goes on from the answers on the disk.
        let _ = changed;
    }
}
