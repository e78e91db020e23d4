//! The book of loads: every file that came, what became of it, and what may be asked of it next.
//!
//! A load is received, rehearsed, published, undone:
//!
//! ```text
//! received → rehearsing → rehearsed → publishing → published → undoing → undone
//!                ↓ ↓          ↑ ↓          ↓
//!           failed │          └─│──────────┘ the state has moved, and the load would do something else
//!                  └─────── discarded
//! ```
//!
//! - [`Upload`] streams a file to `<data>/loads/<id>/upload/`; what a rehearsal finds is beside it, as
//!   `rehearsal.json` and the reject file. Nothing of an upload that is cut off stays.
//! - The load's object is in the ledger's keyed state; its name is the one the journal knows. Whether it
//!   is published the journal alone decides: the next start after any stop asks it.
//! - [`Workers`] rehearse and publish in the background. Without them, as for a command on a directory
//!   that nobody serves, what waits stays waiting.
//! - A load is published only if it does what its rehearsal said. Where other loads were published since,
//!   it is rehearsed again, and goes back to `rehearsed` if that differs.
//! - An undo is a load too, of kind [`Kind::Undo`]: a statement of the ledger as any other.
//! - Uploads are kept once published: they are the evidence for what was said, and what is loaded again
//!   after an undo. [`Book::discard`] frees them one by one; the load itself is remembered for ever.
//!
//! To add a state: name it in [`State`], say in `recovery.rs` what becomes of it at a start, and who
//! leads to it and from it in `steps.rs`.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use register::{Embedded, Store};
use schema::Source;
use tokio::sync::watch;

mod describe;
mod error;
mod load;
mod names;
mod recovery;
mod shelf;
mod steps;
mod upload;
mod withdrawal;
mod worker;

pub use describe::{describe_source, summarise_source};
pub use error::BookError;
pub use load::{Kind, Load, State, Step, Withdrawn};
pub use shelf::{Pace, Snapshot};
pub use upload::{Announced, Upload};
pub use worker::{Lane, Workers};

use crate::error::LoadError;
use crate::limit::RejectLimit;
use crate::pipeline::{LoadOptions, Progress};
use crate::report::{LoadReport, Outcome};
use shelf::Shelf;
use worker::Queue;

/// The book of loads of one store. Clones are the same book.
#[derive(Clone)]
pub struct Book {
    inner: Arc<Inner>,
}

struct Inner {
    shelf: Shelf,
    rehearsals: Queue,
    publications: Queue,
    stopping: watch::Sender<bool>,
}

/// Which loads a list holds.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those of these sources.
    pub among: Option<BTreeSet<String>>,
    /// Only those older than the load of this name.
    pub before: Option<String>,
    /// So many at most.
    pub limit: usize,
}

/// A table that a load has made: of rows refused, or of notices.
#[derive(Debug)]
pub struct Table {
    /// Where it is.
    pub path: PathBuf,
    /// The file, open.
    pub file: File,
    /// What to call it.
    pub name: String,
    /// The encoding of its text.
    pub encoding: String,
}

impl Book {
    /// Opens the book of a store, and brings every load that was at something to a state in which it can
    /// go on. There is one open book a store.
    ///
    /// # Errors
    ///
    /// What is kept of loads cannot be read; remains of uploads cannot be removed.
    pub fn open(store: Embedded) -> Result<Book, BookError> {
        let inner = Inner {
            shelf: Shelf::open(store)?,
            rehearsals: Queue::default(),
            publications: Queue::default(),
            stopping: watch::Sender::new(false),
        };
        let book = Book {
            inner: Arc::new(inner),
        };
        book.recover()?;
        Ok(book)
    }

    /// The store.
    pub fn store(&self) -> &Embedded {
        &self.inner.shelf.store
    }

    fn shelf(&self) -> &Shelf {
        &self.inner.shelf
    }

    fn queue(&self, lane: Lane) -> &Queue {
        match lane {
            Lane::Rehearse => &self.inner.rehearsals,
            Lane::Publish => &self.inner.publications,
        }
    }

    fn rehearse_soon(&self, id: &str) {
        self.queue(Lane::Rehearse).push(id);
    }

    /// Lets nothing new begin, and lets those who follow loads go.
    pub fn stop(&self) {
        self.inner.rehearsals.stop();
        self.inner.publications.stop();
        self.inner.stopping.send_replace(true);
    }

    /// Becomes true once the book stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.inner.stopping.subscribe()
    }

    /// A load as it stands.
    ///
    /// # Errors
    ///
    /// [`BookError::NoSuchLoad`].
    pub fn get(&self, id: &str) -> Result<Snapshot, BookError> {
        self.shelf().get(id)
    }

    /// Hears of every change of a load.
    ///
    /// # Errors
    ///
    /// [`BookError::NoSuchLoad`].
    pub fn follow(&self, id: &str) -> Result<watch::Receiver<Snapshot>, BookError> {
        self.shelf().follow(id)
    }

    /// The newest loads that pass, and whether there are more.
    pub fn list(&self, filter: &Filter) -> (Vec<Snapshot>, bool) {
        self.shelf().list(filter)
    }

    /// Has a rehearsed load published. It is `publishing` when this returns; how it ends, it says itself.
    ///
    /// # Errors
    ///
    /// A load that is not rehearsed, or that has more refused rows than it may have.
    pub fn publish(
        &self,
        id: &str,
        limit: Option<RejectLimit>,
        by: &str,
    ) -> Result<Arc<Load>, BookError> {
        let load = self.shelf().change(id, |load| {
            load.expect(&[State::Rehearsed])?;
            load.limit = limit.unwrap_or(load.limit);
            let report = load.report.as_ref();
            let over =
                report.filter(|report| !load.limit.allows(&report.counts, report.quarantined));
            if let Some(report) = over {
                return Err(BookError::TooManyRejects {
                    load: load.id.clone(),
                    rejected: report.counts.rejected - report.quarantined,
                    read: report.counts.read,
                    limit: load.limit.to_string(),
                });
            }
            load.step(State::Publishing, by, None);
            Ok(())
        })?;
        self.queue(Lane::Publish).push(id);
        Ok(load)
    }

    /// Throws away what was uploaded. A load that was not published is `discarded`, and its rehearsal
    /// stops if one is under way; a load that was stays what it is, without its file.
    ///
    /// # Errors
    ///
    /// A load that something is being done with, or that is discarded already; a disk that cannot be
    /// written.
    pub fn discard(&self, id: &str, by: &str) -> Result<Arc<Load>, BookError> {
        use State::{Failed, Published, Received, Rehearsed, Rehearsing, Undone};
        let mut is_rehearsing = false;
        let load = self.shelf().change(id, |load| {
            is_rehearsing = load.state == Rehearsing;
            load.expect(&[Received, Rehearsing, Rehearsed, Published, Undone, Failed])?;
            load.upload = None;
            let note = record::Problem::new("upload-discarded", "", "", "");
            match load.state {
                Published | Undone => load.note(load.state, by, Some(note)),
                // Why it failed stays to be read.
                Failed => load.note(State::Discarded, by, None),
                _ => load.step(State::Discarded, by, None),
            }
            if load.state == State::Discarded
                && let Some(report) = &mut load.report
            {
                report.rejects = None;
            }
            Ok(())
        })?;
        let folder = self.shelf().folder(id);
        let folder = match load.state {
            State::Discarded => folder,
            _ => folder.join(shelf::UPLOAD),
        };
        // A rehearsal that writes there removes it when it stops.
        if !is_rehearsing {
            self.shelf().remove(&folder)?;
        }
        Ok(load)
    }

    /// A load's reject file.
    ///
    /// # Errors
    ///
    /// There is none, or it is being written.
    pub fn rejects(&self, id: &str) -> Result<Table, BookError> {
        let none = || BookError::NoRejects(id.to_string());
        self.table(id, |report| report.rejects.as_ref(), none)
    }

    /// The table of a load's rows that say what their department does not answer for. It is UTF-8.
    ///
    /// # Errors
    ///
    /// There is none, or it is being written.
    pub fn notices(&self, id: &str) -> Result<Table, BookError> {
        let none = || BookError::NoNotices(id.to_string());
        let table = self.table(id, |report| report.notices.as_ref(), none)?;
        Ok(Table {
            encoding: "UTF-8".to_string(),
            ..table
        })
    }

    fn table(
        &self,
        id: &str,
        which: impl Fn(&LoadReport) -> Option<&PathBuf>,
        none: impl Fn() -> BookError,
    ) -> Result<Table, BookError> {
        let load = self.get(id)?.load;
        if load.state.is_moving() && load.state != State::Undoing {
            let settled = State::ALL.into_iter().filter(|state| !state.is_moving());
            load.expect(&settled.collect::<Vec<_>>())?;
        }
        let report = load.report.as_ref().ok_or_else(&none)?;
        let path = which(report).ok_or_else(&none)?;
        let file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(none()),
            file => file.map_err(|error| BookError::file(path, error))?,
        };
        let on_disk = path.file_name().unwrap_or_default().to_string_lossy();
        let name = on_disk.strip_prefix(&format!("{id}."));
        Ok(Table {
            path: path.clone(),
            file,
            name: name.unwrap_or(&on_disk).to_string(),
            encoding: report.encoding.clone(),
        })
    }

    /// Loads a file from where it lies, at once and on this thread: published, or failed. The file is
    /// not kept.
    ///
    /// # Errors
    ///
    /// As [`crate::load`].
    pub fn load_file(
        &self,
        source: &Arc<Source>,
        path: &Path,
        options: &LoadOptions,
        by: &str,
        progress: &dyn Progress,
    ) -> Result<LoadReport, LoadError> {
        let id = self.shelf().reserve();
        let added = self.shelf().add(at_once(&id, source, path, options, by));
        if let Err(error) = added {
            self.shelf().release(&id);
            return Err(match error {
                BookError::Store(error) => LoadError::Store(error),
                other => LoadError::at(path, 0, &other.to_string()),
            });
        }
        let options = LoadOptions {
            load: Some(id.clone()),
            ..options.clone()
        };
        let done = crate::load(self.store(), source, path, &options, progress);
        match &done {
            Ok(report) => self.shelf().settle(&id, |load| {
                load.transaction = report.transaction;
                load.heed(report.clone());
                if report.outcome == Outcome::Refused {
                    let counts = report.counts;
                    let rejected = counts.rejected - report.quarantined;
                    let found = format!("{rejected}/{}", counts.read);
                    let limit = load.limit.to_string();
                    let problem =
                        record::Problem::new("too-many-rejects", "maxRejects", found, limit);
                    load.step(State::Failed, "", Some(problem));
                } else {
                    load.hash = self.hash_of(&id);
                    load.step(State::Published, "", None);
                }
            }),
            Err(error) => {
                self.settle_by_journal(&id, State::Failed, &error::problem_of(error));
            }
        }
        done
    }

    /// The hash that the journal has of a load's file.
    fn hash_of(&self, id: &str) -> String {
        let journal = self.store().journal();
        let mut entries = journal.entries().iter().rev();
        let found = entries.find(|entry| entry.load.load == id);
        found.map_or_else(String::new, |entry| entry.load.file_hash.clone())
    }

    /// The source mappings, by name.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        self.store().catalog().sources.values()
    }
}

/// A load that is published as it comes.
fn at_once(id: &str, source: &Source, path: &Path, options: &LoadOptions, by: &str) -> Load {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut load = Load {
        id: id.to_string(),
        kind: Kind::File,
        state: State::Received,
        source: source.name.clone(),
        collection: source.collection.name.clone(),
        department: source.department.clone(),
        file: name.into_owned(),
        size: std::fs::metadata(path).map_or(0, |file| file.len()),
        hash: String::new(),
        upload: None,
        as_of: Some(options.as_of),
        limit: options.limit,
        counts: None,
        report: None,
        rehearsed_at: None,
        transaction: None,
        problem: None,
        undoes: None,
        undone_by: None,
        withdrawn: None,
        history: Vec::new(),
    };
    load.step(State::Received, by, None);
    load.step(State::Publishing, by, None);
    load
}
