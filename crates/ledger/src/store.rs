//! The sled database below the ledger: opening, trees, and a flush that reaches the disk.
//!
//! What was learnt of sled 0.34.7 and is handled here:
//!
//! - On Linux its `flush` ends in `sync_file_range`, which writes the data but neither the file's
//!   metadata (its new length) nor the disk's cache. That survives a killed process, not a power
//!   cut. So [`Store::flush`] adds an `fdatasync` of the data file.
//! - A page above a quarter of a segment becomes a file of its own under `blobs/`, and is not
//!   synced at all. With segments of 4 MiB a full leaf of ordinary blocks (16 of 12 KB) stays far
//!   below that; at the default of 512 KB it does not. What still becomes such a file (one very
//!   large payload) is synced by [`Store::flush`]. Larger segments also wrote faster: 600 MB of
//!   12 KB values at 124 MB/s against 68 MB/s, the same memory, 10 % more space.
//! - Dropping the database leaves its own lock held for a moment, by a thread that still writes.
//!   Since our lock already proves that nobody else has it, opening waits for that.
//! - What remains: sled moves live pages and reuses freed segments between two flushes of ours. A
//!   power cut (not a killed process) in that time, on a file system that reorders, is beyond what
//!   can be done from outside. [`crate::Ledger::verify`] finds it and a backup mends it.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sled::Tree;

use crate::error::LedgerError;

/// The name of the tree of published journal entries.
pub(crate) const JOURNAL: &str = "journal";
/// The name of the tree of the ledger's own few values.
pub(crate) const META: &str = "meta";
/// Before the names of logs.
pub(crate) const LOG_PREFIX: &str = "ledger/";
/// Before the names of buckets.
pub(crate) const STATE_PREFIX: &str = "state/";
/// Marks a directory into which a backup is being written.
pub(crate) const INCOMPLETE: &str = "incomplete";

const LOCK: &str = "lock";
const DIRECTORY: &str = "store";
/// Written once into the store's own configuration: it can never change for existing ledgers.
const SEGMENT_BYTES: usize = 4 << 20;
/// How long to wait for the threads of a database that was dropped in this process.
const OWN_LOCK_PATIENCE: Duration = Duration::from_secs(10);

/// The open database, and the lock on its directory.
pub(crate) struct Store {
    trees: Mutex<BTreeMap<String, Tree>>,
    database: sled::Db,
    data: File,
    directory: PathBuf,
    synced_blobs: Mutex<HashSet<OsString>>,
    // The last field: released after the database is closed.
    _lock: File,
}

impl Store {
    /// Locks the directory, made where there is none, and opens the database in it.
    pub(crate) fn open(directory: &Path, cache_bytes: u64) -> Result<Store, LedgerError> {
        let path = directory.join(DIRECTORY);
        let new = !path.exists();
        fs::create_dir_all(&path).map_err(LedgerError::io(&path))?;
        let lock = lock(directory)?;
        remove_half_written(&path)?;
        let database = open_database(&path, cache_bytes)?;
        let data_path = path.join("db");
        let data = File::open(&data_path).map_err(LedgerError::io(&data_path))?;
        sync_directory(&path)?;
        if new {
            sync_directory(directory)?;
            if let Some(parent) = directory.parent() {
                sync_directory(parent)?;
            }
        }
        let mut trees = BTreeMap::new();
        for name in database.tree_names() {
            let tree = database
                .open_tree(&name)
                .map_err(LedgerError::store("open a tree"))?;
            trees.insert(String::from_utf8_lossy(&name).into_owned(), tree);
        }
        Ok(Store {
            trees: Mutex::new(trees),
            database,
            data,
            directory: path,
            synced_blobs: Mutex::new(HashSet::new()),
            _lock: lock,
        })
    }

    /// A tree, if there is one.
    pub(crate) fn find(&self, prefix: &str, name: &str) -> Option<Tree> {
        held(&self.trees).get(&format!("{prefix}{name}")).cloned()
    }

    /// A tree, made where there is none.
    pub(crate) fn tree(&self, prefix: &str, name: &str) -> Result<Tree, LedgerError> {
        let name = format!("{prefix}{name}");
        let mut trees = held(&self.trees);
        if let Some(tree) = trees.get(&name) {
            return Ok(tree.clone());
        }
        let tree = self
            .database
            .open_tree(&name)
            .map_err(LedgerError::store("make a tree"))?;
        trees.insert(name, tree.clone());
        Ok(tree)
    }

    /// The trees whose names have a prefix, sorted by name, with the rest of the name.
    pub(crate) fn trees_with(&self, prefix: &str) -> Vec<(String, Tree)> {
        let trees = held(&self.trees);
        let matching = trees.iter().filter_map(|(name, tree)| {
            let rest = name.strip_prefix(prefix)?;
            Some((rest.to_owned(), tree.clone()))
        });
        matching.collect()
    }

    /// Returns when everything inserted before the call is on the disk.
    pub(crate) fn flush(&self) -> Result<(), LedgerError> {
        // Listed before the database flushes: a file listed here may still be half written, but the
        // flush waits for it; one that begins later belongs to a later insert.
        let blobs = self.directory.join("blobs");
        let listed = list(&blobs)?;
        self.database.flush().map_err(LedgerError::store("flush"))?;
        let mut synced = held(&self.synced_blobs);
        let mut any = false;
        for name in listed.difference(&synced) {
            any = true;
            let path = blobs.join(name);
            match File::open(&path).and_then(|file| file.sync_all()) {
                Ok(()) => {}
                // Its page was rewritten meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(source) => return Err(LedgerError::Io { path, source }),
            }
        }
        if any {
            sync_directory(&blobs)?;
        }
        *synced = listed;
        drop(synced);
        self.data
            .sync_data()
            .map_err(LedgerError::io(&self.directory))
    }

    /// The bytes of the store's files.
    pub(crate) fn size_on_disk(&self) -> Result<u64, LedgerError> {
        self.database
            .size_on_disk()
            .map_err(LedgerError::store("measure its files"))
    }
}

/// Locks a mutex; a panic elsewhere while it was held leaves nothing half changed here.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The sequence or entry number that a key stands for, or `None` where the key is none.
pub(crate) fn number_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}

/// Syncs a directory, so that files made or removed in it stay so.
pub(crate) fn sync_directory(path: &Path) -> Result<(), LedgerError> {
    // The parent of a relative path of one part is empty.
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(LedgerError::io(path))
}

/// The names of the files in a directory; none where it does not exist.
fn list(directory: &Path) -> Result<HashSet<OsString>, LedgerError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(HashSet::new()),
        Err(error) => return Err(LedgerError::io(directory)(error)),
    };
    entries
        .map(|entry| Ok(entry.map_err(LedgerError::io(directory))?.file_name()))
        .collect()
}

/// Takes the lock of a ledger's directory; the system releases it when the process ends.
fn lock(directory: &Path) -> Result<File, LedgerError> {
    let path = directory.join(LOCK);
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(LedgerError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse {
            path: directory.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(LedgerError::Io { path, source }),
    }
}

/// Removes what a process killed while it opened the database left half written. sled writes a snapshot
/// beside the one it has and then renames it; it leaves out half-written ones by a name they no longer
/// bear, takes the unfinished file for the newest snapshot, and refuses to open.
fn remove_half_written(path: &Path) -> Result<(), LedgerError> {
    for name in list(path)? {
        let text = name.to_string_lossy();
        if text.starts_with("snap.") && text.ends_with(".generating") {
            let path = path.join(&name);
            fs::remove_file(&path).map_err(LedgerError::io(&path))?;
        }
    }
    Ok(())
}

/// Opens the database, waiting for the threads of one just dropped in this process.
fn open_database(path: &Path, cache_bytes: u64) -> Result<sled::Db, LedgerError> {
    let configuration = sled::Config::new()
        .path(path)
        .cache_capacity(cache_bytes)
        .segment_size(SEGMENT_BYTES)
        .flush_every_ms(None);
    let started = Instant::now();
    loop {
        match configuration.open() {
            Ok(database) => return Ok(database),
            Err(sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock")
                    && started.elapsed() < OWN_LOCK_PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(LedgerError::store("open")(error)),
        }
    }
}
