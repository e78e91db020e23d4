//! The store on this machine: the ledger is the truth, one index a collection answers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use index::{CollectionIndex, IndexError};
use ledger::{Ledger, Verification};
use parking_lot::{Mutex, MutexGuard};
use record::{Day, Transaction};
use schema::{Catalog, Collection};

use crate::directory::DataDirectory;
use crate::journal::Journal;
use crate::rules::{CheckContext, Checker, Register};
use crate::store::{Publication, Store, StoreError, View};

mod answers;
mod clock;
mod composer;
mod crew;
mod key_map;
mod keys;
mod loads;
mod papers;
mod replay;
mod session;
mod single;
mod spans;
mod spill;
mod targets;
mod undo;
mod verify;
mod view;

pub use clock::{now, today};
pub use composer::Stretch;
pub use key_map::{Hashed, KeyMap};
pub use keys::Slot;
pub use session::{LoadSession, NewRow, OperationError, StartedLoad};
pub use single::key_of;
pub use undo::Undone;
pub use verify::{Disagreement, StoreVerification};
use view::EmbeddedView;

/// Memory for the writers of one index, in bytes.
const WRITER_MEMORY: usize = 512 << 20;
/// Threads that build an index.
const WRITER_THREADS: usize = 2;

/// The store on this machine.
#[derive(Clone)]
pub struct Embedded {
    shared: Arc<Shared>,
}

struct Shared {
    directory: DataDirectory,
    catalog: Arc<Catalog>,
    registers: BTreeMap<String, Arc<dyn Register>>,
    ledger: Ledger,
    indexes: BTreeMap<String, CollectionIndex>,
    journal: ArcSwap<Journal>,
    view: ArcSwap<EmbeddedView>,
    /// Held by whoever writes: there is one at a time. It guards no data of its own: after a panic the
    /// state is still the published one.
    writing: Mutex<()>,
}

/// What opening found and mended.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Loads that were cut off: the state is the one before them.
    pub unfinished: Vec<StartedLoad>,
    /// Blocks of such loads that were removed from the ledger.
    pub removed_blocks: u64,
    /// Collections whose index was brought up to the ledger, and how many entries it lacked.
    pub replayed: Vec<(String, u64)>,
    /// Collections whose index was of another form and was built anew.
    pub rebuilt: Vec<String>,
    /// Why the ledger is read-only, if it is: restore a backup.
    pub damage: Option<String>,
}

impl Embedded {
    /// Opens the store of a data directory: removes what unfinished loads left, and brings indexes
    /// up to the ledger. `progress` hears of what takes long: a collection, statements done, of how
    /// many.
    pub fn open(
        directory: DataDirectory,
        catalog: Arc<Catalog>,
        registers: Vec<Arc<dyn Register>>,
        progress: &dyn Fn(&str, u64, u64),
    ) -> Result<(Embedded, Opening), StoreError> {
        let (ledger, recovery) = Ledger::open(&directory.ledger())?;
        let mut opening = Opening {
            removed_blocks: recovery.abandoned.iter().map(|one| one.blocks).sum(),
            damage: recovery.damage.clone(),
            ..Opening::default()
        };
        let journal = Journal::read(&ledger)?;
        opening.unfinished = session::unfinished(&ledger, &journal, opening.damage.is_none())?;
        let mut indexes = BTreeMap::new();
        for collection in &catalog.collections {
            let folder = directory.index(&collection.name);
            let index = match CollectionIndex::open(&folder, collection) {
                Err(IndexError::Stale(_)) => {
                    CollectionIndex::remove(&folder)?;
                    opening.rebuilt.push(collection.name.clone());
                    CollectionIndex::open(&folder, collection)?
                }
                other => other?,
            };
            indexes.insert(collection.name.clone(), index);
        }
        let registers = registers
            .into_iter()
            .map(|register| (register.name().to_string(), register))
            .collect();
        let journal = Arc::new(journal);
        let view = EmbeddedView::open(&catalog, &ledger, &journal, &indexes)?;
        let shared = Arc::new(Shared {
            directory,
            catalog,
            registers,
            ledger,
            indexes,
            journal: ArcSwap::new(journal),
            view: ArcSwap::from_pointee(view),
            writing: Mutex::new(()),
        });
        opening.replayed = replay::all(&shared, progress)?;
        shared.publish_view()?;
        Ok((Embedded { shared }, opening))
    }

    /// Removes the index of a data directory, so that opening builds it anew from the ledger. The
    /// store must not be open.
    pub fn forget_index(directory: &DataDirectory) -> Result<(), StoreError> {
        let path = directory.path().join("index");
        match std::fs::remove_dir_all(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Files { path, source })
            }
            _ => Ok(()),
        }
    }

    /// The data directory.
    pub fn directory(&self) -> &DataDirectory {
        &self.shared.directory
    }

    /// Begins a load, whose rows hold from `as_of` where they do not say. There is one at a time: others
    /// wait.
    pub fn begin_load(
        &self,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<LoadSession<'_>, StoreError> {
        LoadSession::begin(&self.shared, self.shared.writing.lock(), started, as_of)
    }

    /// [`Embedded::begin_load`] that waits so long and no longer; `None` where another load was still
    /// under way.
    pub fn begin_load_within(
        &self,
        limit: Duration,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<Option<LoadSession<'_>>, StoreError> {
        let lock: Option<MutexGuard<'_, ()>> = self.shared.writing.try_lock_for(limit);
        lock.map(|lock| LoadSession::begin(&self.shared, lock, started, as_of))
            .transpose()
    }

    /// Begins the rehearsal of a load: a session that is asked the same and writes nothing. Others are
    /// not kept waiting.
    pub fn begin_rehearsal(
        &self,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<LoadSession<'_>, StoreError> {
        LoadSession::rehearse(&self.shared, started, as_of)
    }

    /// Forgets what [`Opening::unfinished`] lists, now that somebody has been told. Until then each
    /// opening lists it again.
    pub fn told(&self, opening: &Opening) -> Result<(), StoreError> {
        if opening.damage.is_some() {
            // The ledger only reads.
            return Ok(());
        }
        session::forget(&self.shared.ledger, &opening.unfinished)
    }

    /// A checker for rows of a collection, over the present state.
    pub fn checker(
        &self,
        collection: &Arc<Collection>,
        context: CheckContext,
    ) -> Result<Box<dyn Checker>, StoreError> {
        let view = self.shared.view.load_full();
        self.shared
            .register(&collection.register_name)?
            .checker(collection, context, view.as_ref())
    }

    /// The journal up to the state last published.
    pub fn journal(&self) -> Arc<Journal> {
        self.shared.journal.load_full()
    }

    /// Walks the hash chain of the ledger, and compares index and ledger record by record.
    pub fn verify(
        &self,
        progress: &dyn Fn(&str, u64, u64),
    ) -> Result<StoreVerification, StoreError> {
        verify::verify(&self.shared, progress)
    }

    /// Copies the ledger, as of its last entry, into a new data directory while the store goes on;
    /// the copy is verified. Its index is built when it is first opened.
    pub fn backup(&self, target: &Path) -> Result<ledger::Backup, StoreError> {
        let copy = DataDirectory::create(target, self.shared.directory.is_synthetic())?;
        Ok(self.shared.ledger.backup(&copy.ledger())?)
    }

    /// Walks only the hash chain of the ledger.
    pub fn verify_ledger(&self) -> Result<Verification, StoreError> {
        Ok(self.shared.ledger.verify(|_| {})?)
    }
}

impl Store for Embedded {
    fn catalog(&self) -> &Arc<Catalog> {
        &self.shared.catalog
    }

    fn view(&self) -> Arc<dyn View> {
        self.shared.view.load_full()
    }

    fn transaction_at(&self, instant: i64) -> Transaction {
        self.shared.journal.load().transaction_at(instant)
    }

    fn instant_of(&self, transaction: Transaction) -> Option<i64> {
        self.shared.journal.load().instant_of(transaction)
    }

    fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let journal = self.shared.journal.load();
        let mut last: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
        for entry in journal.entries() {
            let load = &entry.load;
            let mut department = load.department.as_str();
            if department.is_empty()
                && let Some(source) = self.shared.catalog.source(&load.source)
            {
                // Entries of earlier versions do not name it.
                department = &source.department;
            }
            last.insert((&load.collection, &load.source, department), entry.instant);
        }
        let confirmed = self.confirmed()?;
        for one in &confirmed {
            let at = last.entry((&one.collection, &one.source, &one.department));
            let at = at.or_insert(one.instant);
            *at = one.instant.max(*at);
        }
        let publications = last.into_iter();
        Ok(publications
            .map(|((collection, source, department), instant)| Publication {
                collection: collection.to_string(),
                source: source.to_string(),
                department: department.to_string(),
                instant,
            })
            .collect())
    }

    fn is_synthetic(&self) -> bool {
        self.shared.directory.is_synthetic()
    }

    fn size_on_disk(&self) -> (u64, u64) {
        let index = self
            .shared
            .indexes
            .values()
            .map(CollectionIndex::size_on_disk)
            .sum();
        (self.shared.ledger.size_on_disk().unwrap_or(0), index)
    }
}

impl Shared {
    fn register(&self, name: &str) -> Result<&Arc<dyn Register>, StoreError> {
        self.registers
            .get(name)
            .ok_or_else(|| StoreError::Refused(format!("no register '{name}' was built in")))
    }

    fn collection(&self, name: &str) -> Result<&Arc<Collection>, StoreError> {
        let unknown = || StoreError::UnknownCollection(name.to_string());
        self.catalog.collection(name).ok_or_else(unknown)
    }

    fn index(&self, name: &str) -> Result<&CollectionIndex, StoreError> {
        self.indexes
            .get(name)
            .ok_or_else(|| StoreError::UnknownCollection(name.to_string()))
    }

    fn writer(&self, collection: &str) -> Result<index::Writer, StoreError> {
        Ok(self
            .index(collection)?
            .writer(WRITER_THREADS, WRITER_MEMORY)?)
    }

    /// Makes the committed state of all indexes the one that new reads see.
    fn publish_view(&self) -> Result<(), StoreError> {
        let journal = self.journal.load_full();
        let view = EmbeddedView::open(&self.catalog, &self.ledger, &journal, &self.indexes)?;
        self.view.store(Arc::new(view));
        Ok(())
    }

    fn today(&self) -> Day {
        clock::today()
    }
}
