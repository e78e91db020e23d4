//! What is done with a load in the background: rehearsing, publishing, undoing.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use record::{Problem, Prose, Transaction};
use register::{Store, StoreError};
use schema::Source;

use super::error::problem_of;
use super::load::{Kind, Load, State};
use super::shelf::{Pace, Shelf};
use super::{Book, BookError};
use crate::error::LoadError;
use crate::pipeline::{LoadOptions, Progress, load};
use crate::report::{LoadReport, Outcome};
use crate::{Rehearsal, rehearsal, rehearse};

/// What a rehearsal found is kept under this name in the load's folder.
const REHEARSAL: &str = "rehearsal.json";
/// How often a publication begins anew because another load came between.
const TRIES: usize = 4;

/// How a publication ended.
enum Published {
    /// As rehearsed.
    Done(Box<LoadReport>),
    /// It would do something else than what was rehearsed.
    Moved(Box<Rehearsal>),
    /// Other loads came between again and again.
    Crowded,
}

impl Book {
    /// Rehearses a load that was received.
    pub(super) fn rehearse(&self, id: &str) {
        let shelf = self.shelf();
        let begun = shelf.change(id, |load| {
            load.expect(&[State::Received])?;
            load.step(State::Rehearsing, "", None);
            Ok(())
        });
        // One that was discarded meanwhile is done with; where a change cannot be stored, the load waits
        // for the next start.
        let Ok(load) = begun else { return };
        let rehearsed = self
            .rehearsal_of(&load)
            .and_then(|rehearsal| self.keep_rehearsal(id, &rehearsal).map(|()| rehearsal));
        let is_unwanted = |load: &Load| load.state == State::Discarded;
        if shelf.get(id).is_ok_and(|found| is_unwanted(&found.load)) {
            // What was written since it was discarded goes too; the next start would remove it as well.
            let _ = shelf.remove(&shelf.folder(id));
            return;
        }
        shelf.settle(id, |load| match rehearsed {
            _ if is_unwanted(load) => (),
            Ok(rehearsal) => {
                load.rehearsed_at = Some(rehearsal.against);
                load.heed(rehearsal.report);
                load.step(State::Rehearsed, "", None);
            }
            Err(error) => load.step(State::Failed, "", Some(reason(&error))),
        });
    }

    /// Publishes a load, or what an undo says.
    pub(super) fn publish_or_undo(&self, id: &str) {
        let Ok(found) = self.shelf().get(id) else {
            return;
        };
        if found.load.state != State::Publishing {
            return;
        }
        match found.load.kind {
            Kind::File => self.publish_file(&found.load),
            Kind::Undo => self.publish_undo(&found.load),
        }
    }

    fn publish_file(&self, load: &Load) {
        let outcome = self.as_rehearsed(load);
        let (shelf, id) = (self.shelf(), load.id.as_str());
        let back = |code: &'static str| Some(Problem::new(code, "", "", ""));
        match outcome {
            Ok(Published::Done(report)) if report.outcome == Outcome::Refused => {
                let limit = load.limit.to_string();
                let rejected = report.counts.rejected - report.quarantined;
                let found = format!("{rejected}/{}", report.counts.read);
                let problem = Problem::new("too-many-rejects", "maxRejects", found, limit);
                shelf.settle(id, |load| load.step(State::Rehearsed, "", Some(problem)));
            }
            Ok(Published::Done(report)) => shelf.settle(id, |load| {
                load.transaction = report.transaction;
                load.heed(*report);
                load.step(State::Published, "", None);
            }),
            Ok(Published::Moved(rehearsal)) => shelf.settle(id, |load| {
                load.rehearsed_at = Some(rehearsal.against);
                load.heed(rehearsal.report);
                load.step(State::Rehearsed, "", back("state-moved"));
            }),
            Ok(Published::Crowded) => {
                shelf.settle(id, |load| load.step(State::Rehearsed, "", back("crowded")));
            }
            Err(error) => self.settle_by_journal(id, State::Rehearsed, &reason(&error)),
        }
    }

    /// Publishes a load if it still does what its rehearsal said.
    fn as_rehearsed(&self, load: &Load) -> Result<Published, BookError> {
        let mut agreed = self.rehearsal(&load.id)?;
        let watched = Watched::new(self.shelf(), &load.id);
        for _ in 0..TRIES {
            if self.store().view().transaction().0 != agreed.against {
                let again = self.rehearsal_of(load)?;
                self.keep_rehearsal(&load.id, &again)?;
                if again.differs(&agreed) {
                    return Ok(Published::Moved(Box::new(again)));
                }
                agreed = again;
            }
            let options = LoadOptions {
                expects: Some(Transaction(agreed.against)),
                ..self.options(load)
            };
            match self.publication(load, &options, &watched) {
                Err(BookError::Load(LoadError::Moved)) => continue,
                done => return done.map(|report| Published::Done(Box::new(report))),
            }
        }
        Ok(Published::Crowded)
    }

    fn publication(
        &self,
        entry: &Load,
        options: &LoadOptions,
        progress: &dyn Progress,
    ) -> Result<LoadReport, BookError> {
        let (source, path) = self.material(entry)?;
        Ok(load(self.store(), &source, &path, options, progress)?)
    }

    fn rehearsal_of(&self, load: &Load) -> Result<Rehearsal, BookError> {
        let (source, path) = self.material(load)?;
        let watched = Watched::new(self.shelf(), &load.id);
        let options = self.options(load);
        Ok(rehearse(self.store(), &source, &path, &options, &watched)?)
    }

    /// The source and the file of a load.
    fn material(&self, load: &Load) -> Result<(Arc<Source>, PathBuf), BookError> {
        let source = self.source(&load.source)?;
        let gone = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let path = self.shelf().upload(load);
        let path = path.ok_or_else(|| LoadError::Io {
            file: load.file.clone().into(),
            error: gone(),
        })?;
        Ok((source, path))
    }

    fn options(&self, load: &Load) -> LoadOptions {
        LoadOptions {
            as_of: load.as_of.unwrap_or_else(register::today),
            limit: load.limit,
            rejects: Some(self.shelf().folder(&load.id)),
            load: Some(load.id.clone()),
            ..LoadOptions::default()
        }
    }

    fn publish_undo(&self, undo: &Load) {
        let undone = undo.undoes.clone().unwrap_or_default();
        let watched = Watched::new(self.shelf(), &undo.id);
        match self.withdraw(&undone, &undo.id, &watched) {
            Ok((transaction, withdrawn)) => {
                // Who waits for the undo finds the load undone.
                self.shelf()
                    .settle(&undone, |load| load.step(State::Undone, "", None));
                self.shelf().settle(&undo.id, |load| {
                    load.transaction = Some(transaction.0);
                    load.withdrawn = Some(withdrawn);
                    load.step(State::Published, "", None);
                });
            }
            Err(error) => {
                let problem = reason(&BookError::Store(error));
                self.settle_by_journal(&undo.id, State::Failed, &problem);
            }
        }
    }

    /// After a failure: a load that the journal has is published, any other goes back to a state.
    pub(super) fn settle_by_journal(&self, id: &str, otherwise: State, problem: &Problem) {
        let published = self.store().published_as(id).unwrap_or_default();
        let found = self.shelf().get(id).ok();
        if let Some(undone) = found.and_then(|found| found.load.undoes.clone()) {
            self.shelf().settle(&undone, |load| match published {
                Some(_) if load.state == State::Undoing => load.note(State::Undone, "", None),
                Some(_) => (),
                None => {
                    load.undone_by = None;
                    load.step(State::Published, "", Some(problem.clone()));
                }
            });
        }
        self.shelf().settle(id, |load| match published {
            Some(transaction) => {
                load.transaction = Some(transaction.0);
                load.note(State::Published, "", Some(problem.clone()));
            }
            None => load.step(otherwise, "", Some(problem.clone())),
        });
    }

    /// Notes that the work on a load stopped unexpectedly.
    pub(super) fn give_up(&self, id: &str) {
        let Ok(found) = self.shelf().get(id) else {
            return;
        };
        let back = match (found.load.kind, found.load.state) {
            (Kind::File, State::Publishing) => State::Rehearsed,
            _ => State::Failed,
        };
        self.settle_by_journal(id, back, &problem_of(&LoadError::Panicked));
    }

    /// What the last rehearsal of a load found.
    ///
    /// # Errors
    ///
    /// [`BookError::NoReport`] where there was none.
    pub fn rehearsal(&self, id: &str) -> Result<Rehearsal, BookError> {
        let path = self.shelf().folder(id).join(REHEARSAL);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BookError::NoReport(id.to_string()));
            }
            read => read.map_err(|error| BookError::file(&path, error))?,
        };
        serde_json::from_slice(&bytes)
            .map_err(|reason| BookError::Damaged(format!("{}: {reason}", path.display())))
    }

    /// What a load would do, or has done, as JSON: its last rehearsal; of a load that had none, what its
    /// publication reported.
    ///
    /// # Errors
    ///
    /// [`BookError::NoReport`].
    pub fn report(&self, id: &str) -> Result<serde_json::Value, BookError> {
        let load = self.get(id)?.load;
        let json = |reason: serde_json::Error| BookError::Damaged(reason.to_string());
        match (self.rehearsal(id), &load.report) {
            (Ok(rehearsal), _) => serde_json::to_value(rehearsal).map_err(json),
            (Err(BookError::NoReport(_)), Some(report)) => {
                Ok(serde_json::json!({ "report": report }))
            }
            (Err(error), _) => Err(error),
        }
    }

    /// What a load's rehearsal found, as a page that needs nothing else.
    ///
    /// # Errors
    ///
    /// [`BookError::NoReport`].
    pub fn report_page(&self, id: &str) -> Result<String, BookError> {
        self.get(id)?;
        Ok(rehearsal::page(&self.rehearsal(id)?))
    }

    /// Keeps what a rehearsal found: the whole of it or what was there before.
    fn keep_rehearsal(&self, id: &str, rehearsal: &Rehearsal) -> Result<(), BookError> {
        let bytes = serde_json::to_vec(rehearsal)
            .map_err(|reason| BookError::Damaged(reason.to_string()))?;
        let folder = self.shelf().folder(id);
        let (path, new) = (folder.join(REHEARSAL), folder.join("rehearsal.new"));
        let write = || {
            let mut file = File::create(&new)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            File::open(&folder)?.sync_all()
        };
        write().map_err(|error| BookError::file(&path, error))
    }
}

/// Why a step failed, as it is kept.
fn reason(error: &BookError) -> Problem {
    error.problem().unwrap_or_else(|| {
        let zh = match error {
            BookError::Store(StoreError::Refused(what)) => what.clone(),
            BookError::Store(_) => format!("数据目录出错：{error}"),
            _ => format!("文件无法读写：{error}"),
        };
        let en = error.to_string();
        Problem::new("load-stopped", "", Prose::new(zh, en), "")
    })
}

/// Shows how a load goes on to all who follow it, a few times a second.
pub(super) struct Watched<'a> {
    shelf: &'a Shelf,
    id: &'a str,
    now: Mutex<Stage>,
}

struct Stage {
    name: String,
    began: Instant,
    told: Option<Instant>,
}

/// The shortest time between two reports of progress.
const PAUSE: Duration = Duration::from_millis(200);

impl<'a> Watched<'a> {
    pub fn new(shelf: &'a Shelf, id: &'a str) -> Watched<'a> {
        let now = Mutex::new(Stage {
            name: String::new(),
            began: Instant::now(),
            told: None,
        });
        Watched { shelf, id, now }
    }
}

impl Progress for Watched<'_> {
    fn stage(&self, name: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = Stage {
            name: name.to_string(),
            began: Instant::now(),
            told: None,
        };
        self.shelf.tell(
            self.id,
            Pace {
                stage: name.to_string(),
                bytes: 0,
                of: 0,
                rows: 0,
                rate: 0.0,
            },
        );
    }

    fn advance(&self, bytes: u64, of: u64, rows: u64) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.told.is_some_and(|told| told.elapsed() < PAUSE) {
            return;
        }
        now.told = Some(Instant::now());
        let rate = rows as f64 / now.began.elapsed().as_secs_f64().max(0.001);
        let stage = now.name.clone();
        drop(now);
        self.shelf.tell(
            self.id,
            Pace {
                stage,
                bytes,
                of,
                rows,
                rate: rate.round(),
            },
        );
    }

    fn is_cancelled(&self) -> bool {
        let found = self.shelf.get(self.id);
        found.is_ok_and(|found| found.load.state == State::Discarded)
    }
}
