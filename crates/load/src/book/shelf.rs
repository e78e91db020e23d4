//! Where loads are kept: in memory for readers, in the ledger's keyed state for the next start.
//!
//! A change is stored first and shown then. Readers never wait for the disk: they share a lock that is
//! held for moments, while those who change a load queue at another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use register::{Embedded, Store};
use serde::Serialize;
use tokio::sync::watch;

use super::load::{Kind, Load, State, Step};
use super::{BookError, Filter};
use crate::limit::RejectLimit;
use crate::pipeline::load_name;

/// How far a load has come in its present state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// What it is at: `read`, `publish`, and others that a rehearsal has.
    pub stage: String,
    /// Bytes of the file read.
    pub bytes: u64,
    /// Of how many.
    pub of: u64,
    /// Rows ruled on.
    pub rows: u64,
    /// Rows a second.
    pub rate: f64,
}

/// A load as it stands, and how far it has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The load.
    pub load: Arc<Load>,
    /// How far it has come, while something is done with it.
    pub pace: Option<Pace>,
}

/// All loads.
pub(super) struct Shelf {
    pub store: Embedded,
    /// Held by whoever changes a load; names that are taken and have no load yet.
    changing: Mutex<BTreeSet<String>>,
    loads: RwLock<BTreeMap<String, watch::Sender<Snapshot>>>,
    /// The last journal entry whose load is here.
    seen: AtomicU64,
}

impl Shelf {
    /// The loads kept in a store.
    pub fn open(store: Embedded) -> Result<Shelf, BookError> {
        let mut loads = BTreeMap::new();
        for kept in store.kept_loads()? {
            let load: Load = serde_json::from_slice(&kept)
                .map_err(|reason| BookError::Damaged(reason.to_string()))?;
            loads.insert(load.id.clone(), shown(load));
        }
        let shelf = Shelf {
            store,
            changing: Mutex::default(),
            loads: RwLock::new(loads),
            seen: AtomicU64::new(0),
        };
        shelf.take_published();
        Ok(shelf)
    }

    /// The folder of a load.
    pub fn folder(&self, id: &str) -> PathBuf {
        self.store.directory().loads().join(id)
    }

    /// A load's upload, where it is kept.
    pub fn upload(&self, load: &Load) -> Option<PathBuf> {
        let name = load.upload.as_ref()?;
        Some(self.folder(&load.id).join(UPLOAD).join(name))
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, watch::Sender<Snapshot>>> {
        self.loads.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows loads of the journal that nobody kept: those of earlier versions, and of programs that
    /// load without the book. Writes of single records are no loads of a steward's.
    pub fn take_published(&self) {
        let journal = self.store.journal();
        let last = journal.last().0;
        let seen = self.seen.load(Ordering::Acquire);
        if last == seen {
            return;
        }
        let mut loads = self.loads.write().unwrap_or_else(PoisonError::into_inner);
        for entry in journal.entries().iter().skip(seen as usize) {
            let is_single = entry.load.source == crate::single::SOURCE;
            if !is_single && !loads.contains_key(&entry.load.load) {
                let load = of_journal(&self.store, entry);
                loads.insert(load.id.clone(), shown(load));
            }
        }
        self.seen.fetch_max(last, Ordering::Release);
    }

    /// A load as it stands.
    pub fn get(&self, id: &str) -> Result<Snapshot, BookError> {
        self.take_published();
        let loads = self.read();
        let found = loads.get(id).map(|load| load.borrow().clone());
        found.ok_or_else(|| BookError::NoSuchLoad(id.to_string()))
    }

    /// Hears of every change of a load.
    pub fn follow(&self, id: &str) -> Result<watch::Receiver<Snapshot>, BookError> {
        self.take_published();
        let loads = self.read();
        let found = loads.get(id).map(watch::Sender::subscribe);
        found.ok_or_else(|| BookError::NoSuchLoad(id.to_string()))
    }

    /// Whether there is such a load.
    pub fn has(&self, id: &str) -> bool {
        self.read().contains_key(id)
    }

    /// The newest loads that pass, and whether there are more.
    pub fn list(&self, filter: &Filter) -> (Vec<Snapshot>, bool) {
        self.take_published();
        let loads = self.read();
        let end = match &filter.before {
            Some(id) => std::ops::Bound::Excluded(id.as_str()),
            None => std::ops::Bound::Unbounded,
        };
        let older = loads.range::<str, _>((std::ops::Bound::Unbounded, end));
        let mut passing = older
            .rev()
            .map(|(_, load)| load.borrow().clone())
            .filter(|one| filter.state.is_none_or(|state| one.load.state == state))
            .filter(|one| {
                let source = filter.source.as_ref();
                let among = filter.among.as_ref();
                source.is_none_or(|source| one.load.source == *source)
                    && among.is_none_or(|among| among.contains(&one.load.source))
            });
        let page: Vec<Snapshot> = passing.by_ref().take(filter.limit).collect();
        (page, passing.next().is_some())
    }

    /// All ids in a state, the oldest first.
    pub fn in_state(&self, state: State) -> Vec<String> {
        let loads = self.read();
        let loads = loads.values().map(|load| load.borrow().load.clone());
        loads
            .filter(|load| load.state == state)
            .map(|load| load.id.clone())
            .collect()
    }

    /// A name for a new load that no other has or will get, whatever the clock does.
    pub fn reserve(&self) -> String {
        let mut reserved = self.changing();
        loop {
            let name = load_name();
            if !self.has(&name) && reserved.insert(name.clone()) {
                return name;
            }
        }
    }

    /// Gives up a name that no load got.
    pub fn release(&self, id: &str) {
        self.changing().remove(id);
    }

    /// Adds a load under a reserved name; it is stored when this returns.
    pub fn add(&self, load: Load) -> Result<Arc<Load>, BookError> {
        let mut reserved = self.changing();
        self.keep(&load)?;
        reserved.remove(&load.id);
        let load = shown(load);
        let added = load.borrow().load.clone();
        let mut loads = self.loads.write().unwrap_or_else(PoisonError::into_inner);
        loads.insert(added.id.clone(), load);
        Ok(added)
    }

    fn changing(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a load, unless `change` refuses to; it is stored when this returns.
    pub fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut Load) -> Result<(), BookError>,
    ) -> Result<Arc<Load>, BookError> {
        let _changing = self.changing();
        let mut load = (*self.get(id)?.load).clone();
        change(&mut load)?;
        self.keep(&load)?;
        Ok(self.show(load))
    }

    /// Notes what has become of a load. It is a fact whether or not it can be stored: the next start
    /// finds it out again.
    pub fn settle(&self, id: &str, change: impl FnOnce(&mut Load)) {
        let _changing = self.changing();
        let Ok(found) = self.get(id) else { return };
        let mut load = (*found.load).clone();
        change(&mut load);
        let _ = self.keep(&load);
        self.show(load);
    }

    /// Tells how far a load has come.
    pub fn tell(&self, id: &str, pace: Pace) {
        if let Some(load) = self.read().get(id) {
            load.send_modify(|one| one.pace = Some(pace));
        }
    }

    fn show(&self, load: Load) -> Arc<Load> {
        let load = Arc::new(load);
        if let Some(shown) = self.read().get(&load.id) {
            let load = load.clone();
            shown.send_modify(|one| *one = Snapshot { load, pace: None });
        }
        load
    }

    fn keep(&self, load: &Load) -> Result<(), BookError> {
        let value =
            serde_json::to_vec(load).map_err(|reason| BookError::Damaged(reason.to_string()))?;
        Ok(self.store.keep_load(&load.id, &value)?)
    }

    /// Removes a file or folder of a load; that there is none is no error.
    pub fn remove(&self, path: &std::path::Path) -> Result<(), BookError> {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(BookError::file(path, error))
            }
            _ => Ok(()),
        }
    }
}

/// The folder of the upload in a load's folder.
pub(super) const UPLOAD: &str = "upload";

fn shown(load: Load) -> watch::Sender<Snapshot> {
    watch::Sender::new(Snapshot {
        load: Arc::new(load),
        pace: None,
    })
}

/// A load as far as the journal knows it.
fn of_journal(store: &Embedded, entry: &register::journal::Published) -> Load {
    let said = &entry.load;
    let source = store.catalog().source(&said.source);
    Load {
        id: said.load.clone(),
        kind: Kind::File,
        state: State::Published,
        source: said.source.clone(),
        collection: said.collection.clone(),
        department: source.map_or_else(String::new, |source| source.department.clone()),
        file: said.file.clone(),
        size: 0,
        hash: said.file_hash.clone(),
        upload: None,
        as_of: None,
        limit: RejectLimit::NONE,
        counts: Some(said.counts),
        report: None,
        rehearsed_at: None,
        transaction: Some(entry.transaction.0),
        problem: None,
        undoes: None,
        undone_by: None,
        withdrawn: None,
        history: vec![Step {
            state: State::Published,
            at: entry.instant,
            by: String::new(),
            note: None,
        }],
    }
}
