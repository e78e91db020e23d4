//! The desk: where departments ask one another for what they share, object to values, and are answered.
//!
//! | module | what |
//! |---|---|
//! | [`request`] | a request and its states |
//! | [`check`] | what a machine can tell of a wish before people read it |
//! | [`steps`] | what may be done to a request, by whom |
//! | [`objection`] | an objection, its states, and what may be done to it |
//! | [`clock`] | clocks of working days |
//! | [`board`] | what waits for whom, the overdue first |
//! | [`grants`] | what was granted, as the access policy obeys it |
//!
//! Every step is kept before anybody hears of it. Whoever has no part in a paper hears that there is none.

pub mod board;
pub mod check;
pub mod clock;
pub mod grants;
pub mod objection;
pub mod request;
pub mod steps;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use access::Grant;
use record::Day;
use register::StoreError;
use schema::{Catalog, SharingDesk};

pub use board::Board;
pub use check::Vocabulary;
pub use objection::Objection;
pub use request::{Answer, Request, Speaker, State, Wish};

use crate::error::DeskError;
use crate::papers::{self, Papers};

/// Under which kinds papers are kept.
const REQUESTS: &str = "requests";
const OBJECTIONS: &str = "objections";

/// The desk of one store.
pub struct Desk {
    papers: Arc<dyn Papers>,
    catalog: Arc<Catalog>,
    rules: Arc<SharingDesk>,
    words: Vocabulary,
    requests: Shelf<Request>,
    objections: Shelf<Objection>,
    /// What was granted and not taken back, by department: asked for at every request.
    granted: RwLock<HashMap<String, Vec<Grant>>>,
    /// Another number after every change of a grant.
    version: AtomicU64,
}

impl Desk {
    /// Opens the desk of a store's papers; `None` where the schemas have no catalogue.
    ///
    /// # Errors
    ///
    /// The papers cannot be read.
    pub fn open(
        papers: Arc<dyn Papers>,
        catalog: Arc<Catalog>,
        words: Vocabulary,
    ) -> Result<Option<Desk>, StoreError> {
        let Some(rules) = catalog.desk.clone() else {
            return Ok(None);
        };
        let requests = Shelf::open(papers.as_ref(), REQUESTS, |one: &Request| one.id.clone())?;
        let objections = Shelf::open(papers.as_ref(), OBJECTIONS, |one: &Objection| {
            one.id.clone()
        })?;
        let desk = Desk {
            papers,
            catalog,
            rules,
            words,
            requests,
            objections,
            granted: RwLock::default(),
            version: AtomicU64::new(1),
        };
        desk.changed();
        Ok(Some(desk))
    }

    /// Who keeps the catalogue, and the clocks.
    pub fn rules(&self) -> &SharingDesk {
        &self.rules
    }

    /// Whether a department keeps the catalogue and sees every paper.
    pub fn is_supervisor(&self, department: &str) -> bool {
        self.rules.supervisor == department
    }

    /// A request that a department has a part in.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotFound`], also where it has none.
    pub fn request(&self, id: &str, department: &str) -> Result<Arc<Request>, DeskError> {
        let found = self.requests.get(id);
        let found = found.filter(|one| self.is_supervisor(department) || one.concerns(department));
        found.ok_or_else(|| DeskError::NotFound(id.to_string()))
    }

    /// The requests that a department has a part in, the newest first.
    pub fn requests(&self, department: &str) -> Vec<Arc<Request>> {
        let mut all = self.requests.all();
        all.retain(|one| self.is_supervisor(department) || one.concerns(department));
        all.sort_by(|one, other| began(&other.history).cmp(began(&one.history)));
        all
    }

    /// Gathers what is granted anew.
    fn changed(&self) {
        let mut granted: HashMap<String, Vec<Grant>> = HashMap::new();
        for one in self.requests.all() {
            if one.state == State::Granted
                && let Some(grant) = grants::grant(&one)
            {
                granted
                    .entry(one.applicant.clone())
                    .or_default()
                    .push(grant);
            }
        }
        *self.granted.write().unwrap_or_else(PoisonError::into_inner) = granted;
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    fn keep_request(&self, request: Request) -> Result<Arc<Request>, DeskError> {
        let kept =
            self.requests
                .keep(self.papers.as_ref(), REQUESTS, &request.id.clone(), request)?;
        self.changed();
        Ok(kept)
    }
}

/// When a paper was first written.
fn began<S>(history: &[request::Step<S>]) -> &str {
    history.first().map_or("", |step| step.at.as_str())
}

/// A step that is done now.
fn step<S>(by: &Speaker, state: S, note: &str) -> request::Step<S> {
    request::Step {
        at: crate::clock::instant_text(crate::clock::now()).unwrap_or_default(),
        by: by.clone(),
        state,
        note: note.to_string(),
    }
}

/// The day of now.
pub fn today() -> Day {
    crate::clock::day_of(crate::clock::now())
}

/// Papers of a kind, in memory for readers. A change is kept first and shown then.
struct Shelf<T> {
    all: RwLock<BTreeMap<String, Arc<T>>>,
    /// Held by whoever changes one.
    changing: Mutex<()>,
}

impl<T: serde::Serialize + serde::de::DeserializeOwned> Shelf<T> {
    fn open(
        papers: &dyn Papers,
        kind: &str,
        name: impl Fn(&T) -> String,
    ) -> Result<Shelf<T>, StoreError> {
        let mut all = BTreeMap::new();
        for kept in papers.kept(kind)? {
            let one: T = papers::read(&kept)?;
            all.insert(name(&one), Arc::new(one));
        }
        Ok(Shelf {
            all: RwLock::new(all),
            changing: Mutex::default(),
        })
    }

    fn get(&self, id: &str) -> Option<Arc<T>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned()
    }

    fn all(&self) -> Vec<Arc<T>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(
        &self,
        papers: &dyn Papers,
        kind: &str,
        id: &str,
        one: T,
    ) -> Result<Arc<T>, StoreError> {
        papers.keep(kind, id, &papers::written(&one)?)?;
        let one = Arc::new(one);
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id.to_string(), one.clone());
        Ok(one)
    }
}

#[cfg(test)]
mod tests;
