//! The trail, open: appending, and what becomes of what was appended.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::directory::{Directory, Format, private};
use crate::entry::{Mark, Note};
use crate::error::AuditError;
use crate::hash::Hash;
use crate::head::{Head, PublicKey, Signatory};
use crate::merkle::{self, Frontier};
use crate::receipt::{Namer, Receipt};
use crate::segment::{self, Index, Lines};

/// How often a head is kept at most.
const HEADS_EVERY: Duration = Duration::from_secs(1);

/// When entries reach the disk. They survive the process's end in any case: each is written to its file
/// before anything is answered. What may be lost is what a machine that stops had not yet put on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Before the answer leaves: answers that wait share one wait for the disk.
    Each,
    /// In groups, so far apart.
    Every(Duration),
}

/// How a trail is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// When entries reach the disk.
    pub sync: Sync,
    /// A file holds `1 << segment_bits` entries, from 1 to 24; counts only where the trail is made.
    pub segment_bits: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            sync: Sync::Every(Duration::from_millis(500)),
            segment_bits: 16,
        }
    }
}

/// Where an entry was written, and under what name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its place, from 0.
    pub sequence: u64,
    /// Its name.
    pub receipt: Receipt,
}

/// An audit trail.
pub struct Trail {
    pub(crate) shared: Arc<Shared>,
    keeper: Option<JoinHandle<()>>,
}

pub(crate) struct Shared {
    pub(crate) directory: Directory,
    pub(crate) format: Format,
    pub(crate) namer: Namer,
    signatory: Signatory,
    sync: Sync,
    state: Mutex<State>,
    /// Wakes the thread that puts entries on the disk.
    work: Condvar,
    /// Wakes those who wait for it.
    done: Condvar,
    /// Held as long as this is.
    lock: Option<File>,
}

/// A segment that is in memory.
#[derive(Clone)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    pub(crate) file: Option<Arc<File>>,
    pub(crate) lines: Lines,
}

pub(crate) struct State {
    /// The segment that is being written.
    pub(crate) active: Segment,
    /// Full segments whose index is not yet on the disk.
    pub(crate) sealing: VecDeque<Arc<Segment>>,
    /// The roots of all full segments.
    pub(crate) roots: Vec<Hash>,
    pub(crate) frontier: Frontier,
    last: Hash,
    pub(crate) instant: i64,
    synced: u64,
    closed: Option<String>,
    stop: bool,
}

impl State {
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }
}

impl Trail {
    /// Opens the trail in a directory for writing, made where there is none. An end that was torn when the
    /// machine stopped is cut off and kept aside in `torn-<sequence>`; the next entry says so.
    ///
    /// # Errors
    ///
    /// Another process has it open; a file cannot be read or written; entries that were on the disk for
    /// sure are not there any more, or changed.
    pub fn open(path: &Path, options: Options) -> Result<Trail, AuditError> {
        let (directory, format) = Directory::make(path, options.segment_bits)?;
        let lock = directory.lock()?;
        let loaded = crate::load::load(&directory, format, true)?;
        let trail = Trail::start(directory, format, Some(lock), options.sync, loaded.state)?;
        if let Some(torn) = loaded.torn {
            trail.append(&torn)?;
        }
        Ok(trail)
    }

    /// Opens the trail in a directory for reading, whether or not a server writes it meanwhile.
    ///
    /// # Errors
    ///
    /// There is none, a file cannot be read, or it is damaged.
    pub fn read(path: &Path) -> Result<Trail, AuditError> {
        let (directory, format) = Directory::find(path)?;
        let loaded = crate::load::load(&directory, format, false)?;
        Trail::start(directory, format, None, Sync::Each, loaded.state)
    }

    /// Whether a directory holds a trail.
    pub fn is_at(path: &Path) -> bool {
        path.join("format").is_file()
    }

    fn start(
        directory: Directory,
        format: Format,
        lock: Option<File>,
        sync: Sync,
        state: State,
    ) -> Result<Trail, AuditError> {
        let writes = lock.is_some();
        let shared = Arc::new(Shared {
            namer: directory.namer()?,
            signatory: directory.signatory()?,
            directory,
            format,
            sync,
            state: Mutex::new(state),
            work: Condvar::new(),
            done: Condvar::new(),
            lock,
        });
        let keeper = writes.then(|| {
            let shared = shared.clone();
            std::thread::spawn(move || keep(&shared))
        });
        Ok(Trail { shared, keeper })
    }

    /// Appends an entry. When this returns, the entry survives the end of the process; where entries are
    /// to be on the disk before anything is answered, [`Trail::settle`] waits for that.
    ///
    /// # Errors
    ///
    /// The disk is full or fails: the entry is not there, and what it is about must not be answered.
    pub fn append(&self, note: &Note) -> Result<Written, AuditError> {
        let text = serde_json::to_string(note)
            .map_err(|error| AuditError::Unwritable(error.to_string()))?;
        let shared = &*self.shared;
        if shared.lock.is_none() {
            return Err(AuditError::ReadOnly);
        }
        let mut state = shared.held();
        if let Some(reason) = &state.closed {
            return Err(AuditError::Closed(reason.clone()));
        }
        let sequence = state.size();
        let instant = Timestamp::now().as_microsecond().max(state.instant);
        let receipt = shared.namer.name(sequence, instant);
        let line = line(sequence, state.last, receipt, instant, &text);
        shared.write(&mut state, &line)?;
        let leaf = merkle::leaf(&line[..line.len() - 1]);
        let caller = note.caller.as_ref().map(|who| who.id.as_str());
        let marks = Mark::all(&note.records, caller, note.of);
        state.active.lines.push(leaf, line.len() as u64 - 1, marks);
        state.frontier.push(leaf);
        state.last = leaf;
        state.instant = instant;
        if state.active.lines.leaves.len() == 1 << shared.format.segment_bits {
            shared.roll(&mut state);
        }
        if shared.sync == Sync::Each {
            shared.work.notify_one();
        }
        Ok(Written { sequence, receipt })
    }

    /// Waits until an entry is on the disk, where each is to be before anything is answered.
    ///
    /// # Errors
    ///
    /// The disk fails: the entry may be lost when the machine stops.
    pub fn settle(&self, sequence: u64) -> Result<(), AuditError> {
        if self.shared.sync != Sync::Each || self.shared.lock.is_none() {
            return Ok(());
        }
        let waits = |state: &mut State| state.synced <= sequence && state.closed.is_none();
        let state = self.shared.done.wait_while(self.shared.held(), waits);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        match &state.closed {
            Some(reason) if state.synced <= sequence => Err(AuditError::Closed(reason.clone())),
            _ => Ok(()),
        }
    }

    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.shared.held().size()
    }

    /// The head over all entries there are, signed now.
    pub fn head(&self) -> Head {
        let state = self.shared.held();
        let (size, root) = (state.size(), state.frontier.root());
        drop(state);
        let instant = Timestamp::now().as_microsecond();
        self.shared.signatory.sign(size, root, instant)
    }

    /// The key that heads are signed with.
    pub fn public_key(&self) -> PublicKey {
        self.shared.signatory.public_key()
    }
}

impl Drop for Trail {
    fn drop(&mut self) {
        self.shared.held().stop = true;
        self.shared.work.notify_one();
        if let Some(keeper) = self.keeper.take() {
            // A keeper that panicked has closed nothing and lost nothing that was promised.
            let _ = keeper.join();
        }
    }
}

/// An entry's line.
fn line(sequence: u64, previous: Hash, receipt: Receipt, instant: i64, note: &str) -> Vec<u8> {
    let mut line = Vec::with_capacity(note.len() + 192);
    let at = Timestamp::from_microsecond(instant).unwrap_or(Timestamp::UNIX_EPOCH);
    // Writing into memory does not fail.
    let _ = write!(line, "{{\"sequence\":{sequence},\"previous\":\"");
    line.extend_from_slice(&previous.hex());
    line.extend_from_slice(b"\",\"receipt\":\"");
    line.extend_from_slice(&receipt.ascii());
    let _ = write!(line, "\",\"instant\":\"{at}\",");
    line.extend_from_slice(&note.as_bytes()[1..]);
    line.push(b'\n');
    line
}

impl State {
    /// What was found in the files.
    pub(crate) fn found(
        active: Segment,
        sealing: VecDeque<Arc<Segment>>,
        roots: Vec<Hash>,
        frontier: Frontier,
        last: Hash,
        instant: i64,
    ) -> State {
        State {
            active,
            sealing,
            roots,
            // What is in the files may not be on the disk.
            synced: 0,
            frontier,
            last,
            instant,
            closed: None,
            stop: false,
        }
    }
}

impl Shared {
    pub(crate) fn held(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line at the end of the active segment: the whole of it, or nothing.
    fn write(&self, state: &mut State, line: &[u8]) -> Result<(), AuditError> {
        let path = || self.directory.path(&segment::name(state.active.number));
        let Some(file) = state.active.file.clone() else {
            return Err(AuditError::ReadOnly);
        };
        let Err(source) = (&*file).write_all(line) else {
            return Ok(());
        };
        let path = path();
        if let Err(error) = file.set_len(state.active.lines.end) {
            state.closed = Some(format!("{source}; and it could not be taken back: {error}"));
        }
        Err(AuditError::Io { path, source })
    }

    /// Goes on in a new segment.
    fn roll(&self, state: &mut State) {
        let number = state.active.number + 1;
        let opened = crate::load::create(&self.directory, number);
        let file = match opened {
            Ok(file) => file,
            Err(error) => {
                // The entry is written and stands; there is nowhere to write the next one.
                state.closed = Some(error.to_string());
                return;
            }
        };
        let next = Segment {
            number,
            file: Some(Arc::new(file)),
            lines: Lines::default(),
        };
        let full = std::mem::replace(&mut state.active, next);
        state.roots.push(merkle::perfect(full.lines.leaves.clone()));
        state.sealing.push_back(Arc::new(full));
    }
}

/// Puts entries on the disk in groups, seals full segments and keeps heads, until the trail is dropped.
fn keep(shared: &Shared) {
    let mut kept: Option<Instant> = None;
    let mut size_kept = 0;
    loop {
        let state = shared.held();
        let idle = |state: &mut State| !state.stop && state.synced == state.size();
        let waited = match shared.sync {
            Sync::Each => shared
                .work
                .wait_while(state, idle)
                .map_err(PoisonError::into_inner),
            Sync::Every(pause) => {
                let waited = shared
                    .work
                    .wait_timeout_while(state, pause, |state| !state.stop);
                waited
                    .map(|(state, _)| state)
                    .map_err(|error| error.into_inner().0)
            }
        };
        let state = waited.unwrap_or_else(|state| state);
        let (stop, size, root) = (state.stop, state.size(), state.frontier.root());
        let (sealing, file) = (state.sealing.clone(), state.active.file.clone());
        let is_dirty = state.synced < size || !sealing.is_empty();
        drop(state);
        if is_dirty {
            let outcome = put_on_disk(shared, &sealing, file.as_deref());
            let mut state = shared.held();
            state
                .sealing
                .drain(..if outcome.is_ok() { sealing.len() } else { 0 });
            match outcome {
                Ok(()) => state.synced = size,
                Err(error) => state.closed = Some(error.to_string()),
            }
            let failed = state.closed.is_some();
            drop(state);
            shared.done.notify_all();
            if failed {
                return;
            }
        }
        let is_due = stop || kept.is_none_or(|kept| kept.elapsed() >= HEADS_EVERY);
        if is_due && size > size_kept {
            let instant = Timestamp::now().as_microsecond();
            let head = shared.signatory.sign(size, root, instant);
            // Only a floor for the next opening: an older one serves as well.
            let _ = shared.directory.keep_head(&head);
            (kept, size_kept) = (Some(Instant::now()), size);
        }
        if stop {
            return;
        }
    }
}

/// Syncs what was written and seals full segments.
fn put_on_disk(
    shared: &Shared,
    sealing: &VecDeque<Arc<Segment>>,
    file: Option<&File>,
) -> Result<(), AuditError> {
    let directory = &shared.directory;
    for full in sealing {
        let path = directory.path(&segment::name(full.number));
        if let Some(file) = &full.file {
            file.sync_data().map_err(AuditError::io(&path))?;
        }
        Index::write(directory, full.number, &full.lines)?;
        let root = merkle::perfect(full.lines.leaves.clone());
        let path = directory.path("roots");
        let write = || {
            let mut file = private()
                .create(true)
                .write(true)
                .truncate(false)
                .open(&path)?;
            std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(32 * full.number))?;
            file.write_all(&root.0)?;
            file.sync_data()
        };
        write().map_err(AuditError::io(&path))?;
    }
    if let Some(file) = file {
        file.sync_data().map_err(AuditError::io(directory.root()))?;
    }
    if !sealing.is_empty() {
        directory.sync()?;
    }
    Ok(())
}
