//! Entities composed on all processors.
//!
//! Reading an entity's statements back and folding them is most of the work of a load of changes, and
//! each entity is a matter of its own. Documents are added in the order in which entities were given,
//! whoever composed them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope};

use index::{Document, Part, Writer};
use record::StatementPosition;
use schema::Collection;

use super::Shared;
use super::composer::Composer;
use super::spans::Lacking;
use super::targets::Snapshots;
use crate::journal::Journal;
use crate::store::StoreError;

/// Entities handed to a thread at once. So few are composed without one.
const BATCH: usize = 512;
/// Batches that a thread has, at it or waiting.
const WAITING: usize = 2;

/// An entity to compose.
pub struct Job {
    /// Which.
    pub number: u64,
    /// The statements on it.
    pub statements: Statements,
}

/// Statements on an entity.
pub enum Statements {
    /// These and no others.
    Just(Vec<StatementPosition>),
    /// Those that the index knows of, and these.
    Besides(Vec<StatementPosition>),
}

/// Composes entities of one collection over one state.
pub struct Crew<'a> {
    /// The store.
    pub shared: &'a Shared,
    /// Knows every block that is read.
    pub journal: Arc<Journal>,
    /// The indexes before.
    pub snapshots: Snapshots,
    /// What is to be found although its index lacks it as yet.
    pub lacking: Option<&'a Lacking>,
    /// The collection.
    pub collection: &'a Collection,
}

/// One thread: its work, and what comes of it.
struct Line {
    work: SyncSender<Vec<Job>>,
    done: Receiver<Composed>,
}

type Composed = Result<Vec<(Part, Document)>, StoreError>;

impl Crew<'_> {
    /// Adds the documents of all entities that `give` hands over.
    ///
    /// # Errors
    ///
    /// Those of `give`, the ledger and the index.
    pub fn compose(
        &self,
        writer: &mut Writer,
        give: impl FnOnce(&mut dyn FnMut(Job) -> Result<(), StoreError>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        thread::scope(|scope| {
            let mut lines: Vec<Line> = Vec::new();
            let mut under_way: VecDeque<usize> = VecDeque::new();
            let mut batch = Vec::new();
            let mut next = 0;
            give(&mut |job| {
                batch.push(job);
                if batch.len() < BATCH {
                    return Ok(());
                }
                if lines.is_empty() {
                    let processors = thread::available_parallelism().map_or(1, usize::from);
                    lines.extend((0..processors).map(|_| self.line(scope)));
                }
                if under_way.len() == WAITING * lines.len()
                    && let Some(first) = under_way.pop_front()
                {
                    add(writer, receive(&lines[first])?)?;
                }
                let batch = std::mem::take(&mut batch);
                lines[next].work.send(batch).map_err(|_| ended())?;
                under_way.push_back(next);
                next = (next + 1) % lines.len();
                Ok(())
            })?;
            for line in under_way {
                add(writer, receive(&lines[line])?)?;
            }
            add(writer, self.composed(&self.composer(), batch)?)
        })
    }

    fn line<'s>(&'s self, scope: &'s Scope<'s, '_>) -> Line {
        let (work, jobs) = sync_channel::<Vec<Job>>(WAITING);
        let (results, done) = sync_channel(WAITING);
        scope.spawn(move || {
            let composer = self.composer();
            for batch in jobs {
                if results.send(self.composed(&composer, batch)).is_err() {
                    return;
                }
            }
        });
        Line { work, done }
    }

    fn composer(&self) -> Composer<'_> {
        let (journal, snapshots) = (self.journal.clone(), self.snapshots.clone());
        Composer::over(self.shared, journal, snapshots, self.lacking)
    }

    fn composed(&self, composer: &Composer, batch: Vec<Job>) -> Composed {
        let mut documents = Vec::with_capacity(batch.len());
        for Job { number, statements } in batch {
            let positions = match statements {
                Statements::Just(positions) => positions,
                Statements::Besides(positions) => {
                    let mut all = composer.positions(self.collection, number)?;
                    all.extend(positions);
                    all
                }
            };
            let spoken = composer.spoken(self.collection, positions)?;
            documents.extend(composer.documents(self.collection, number, &spoken)?);
        }
        Ok(documents)
    }
}

fn receive(line: &Line) -> Composed {
    line.done.recv().map_err(|_| ended())?
}

fn ended() -> StoreError {
    StoreError::Refused("a thread that composes records has ended".to_string())
}

fn add(writer: &mut Writer, documents: Vec<(Part, Document)>) -> Result<(), StoreError> {
    for (part, document) in &documents {
        writer.add(*part, document)?;
    }
    Ok(())
}
