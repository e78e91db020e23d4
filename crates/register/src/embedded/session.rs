//! A load, from its first row to its marker in the journal.
//!
//! Statements go to the ledger as they come, staged and invisible; documents of new entities go to the
//! uncommitted index beside them. Publishing writes one journal entry, then commits the index, then
//! composes what changed, then shows the new state. Dropping the session undoes everything.
//!
//! What was there before is looked up key by key in the state the session began with, so that beginning
//! costs nothing and memory does not grow with the city; what the session itself has said is kept in
//! `keys`, so that it does not grow with the file.
//!
//! A rehearsal is a session that writes nothing: all the same is asked of it, and it cannot be published.

use std::collections::BTreeSet;
use std::sync::Arc;

use index::{Part, Writer, key_hash};
use ledger::{Appender, BlockHeader, Ledger};
use parking_lot::MutexGuard;
use record::{
    Day, EntityId, FieldNumber, Fields, Statement, StatementKind, StatementPosition, Transaction,
    Validity, Value,
};
use roaring::RoaringTreemap;
use schema::Collection;
use serde::{Deserialize, Serialize};

use self::operations::Operations;
use super::Shared;
use super::composer::Composer;
use super::key_map::KeyMap;
use super::keys::{ChangeLog, KeyLog, Slot};
use super::single::{Said, Single, key_of, row_digest};
use super::spill::Scratch;
use super::view::EmbeddedView;
use crate::codec::{self, BLOCK_KIND, Origin};
use crate::fold::Targets as _;
use crate::journal::Journal;
use crate::rules::Register;
use crate::store::StoreError;

mod before;
mod operations;
mod publish;

pub use operations::OperationError;

/// Statements in a block: about 3 KB when compressed. A change reads a whole block for one statement.
const STATEMENTS_A_BLOCK: usize = 64;
/// A block is written earlier where its statements are long.
const BYTES_A_BLOCK: usize = 1 << 20;
/// Opened blocks of this load held at once.
const STAGED_HELD: usize = 256;
/// Changed entities whose old rectangles are removed from the index at once.
const FORGOTTEN: usize = 1 << 20;
const BUCKET: &str = "loads/unfinished";

/// What is remembered of a load while it runs, so that the next start can say what was cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedLoad {
    /// The load.
    pub load: String,
    /// The collection.
    pub collection: String,
    /// The department.
    pub department: String,
    /// The source mapping.
    pub source: String,
    /// The file's name, without its folder.
    pub file: String,
}

/// Loads that began and have no entry in the journal. They are remembered until [`forget`] is called.
pub(super) fn unfinished(
    ledger: &Ledger,
    journal: &Journal,
    writable: bool,
) -> Result<Vec<StartedLoad>, StoreError> {
    let mut unfinished = Vec::new();
    let started: Vec<_> = ledger.state_scan(BUCKET, b"").collect::<Result<_, _>>()?;
    for (key, value) in started {
        let load: StartedLoad = serde_json::from_slice(&value)
            .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        if !journal
            .entries()
            .iter()
            .any(|entry| entry.load.load == load.load)
        {
            unfinished.push(load);
        } else if writable {
            ledger.state_delete(BUCKET, &key)?;
        }
    }
    Ok(unfinished)
}

/// Forgets unfinished loads that somebody has been told of.
pub(super) fn forget(ledger: &Ledger, unfinished: &[StartedLoad]) -> Result<(), StoreError> {
    for load in unfinished {
        ledger.state_delete(BUCKET, load.load.as_bytes())?;
    }
    if !unfinished.is_empty() {
        ledger.flush()?;
    }
    Ok(())
}

/// A checked row.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// The line of the file.
    pub line: u64,
    /// When it holds.
    pub validity: Validity,
    /// The hash of the natural key.
    pub key: u64,
    /// The values given. Sorted.
    pub fields: Fields,
}

/// A running load, or the rehearsal of one.
pub struct LoadSession<'a> {
    shared: &'a Shared,
    started: StartedLoad,
    collection: Arc<Collection>,
    register: Arc<dyn Register>,
    origin: Origin,
    known: Transaction,
    as_of: Day,
    /// The state before the load.
    view: Arc<EmbeddedView>,
    /// Composes over that state.
    composer: Composer<'a>,
    /// What this load has said under each key.
    keys: KeyLog,
    first_number: u64,
    next_number: u64,
    pending: Vec<Statement>,
    pending_bytes: usize,
    /// None in a rehearsal.
    output: Option<Output<'a>>,
    /// Entities to fold when the load is published, and the statements that this load adds to them.
    changed: ChangeLog,
    /// Entities there before of which a row of this load has spoken.
    touched: RoaringTreemap,
    /// The first entity that each block introduces, and the block: in order.
    births: Vec<(u64, u64)>,
    /// Entities without a day before this load, and their keys.
    silent: Silent,
    /// Entities new or without a day before, which this load ends.
    ended_early: BTreeSet<u64>,
    /// Entities of which references may lead elsewhere from now on.
    shaken: RoaringTreemap,
    /// Keys, by their hashes, that this load gives to entities that were there.
    renamed: BTreeSet<u64>,
    operations: Operations,
    held: u64,
    ended: u64,
}

/// Where a load writes to.
struct Output<'a> {
    appender: Appender,
    writer: Writer,
    /// Dropped last: until then nobody else writes.
    _lock: MutexGuard<'a, ()>,
}

/// Entities without a day, which no index knows.
#[derive(Default)]
struct Silent {
    numbers: BTreeSet<u64>,
    keys: KeyMap<u64>,
}

impl<'a> LoadSession<'a> {
    pub(super) fn begin(
        shared: &'a Shared,
        lock: MutexGuard<'a, ()>,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<LoadSession<'a>, StoreError> {
        let mut session = LoadSession::rehearse(shared, started, as_of)?;
        let value = serde_json::to_vec(&session.started)
            .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        shared
            .ledger
            .state_put_durable(BUCKET, session.started.load.as_bytes(), &value)?;
        session.output = Some(Output {
            appender: shared.ledger.begin(&session.collection.register_name)?,
            writer: shared.writer(&session.collection.name)?,
            _lock: lock,
        });
        Ok(session)
    }

    /// A session that writes nothing.
    pub(super) fn rehearse(
        shared: &'a Shared,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<LoadSession<'a>, StoreError> {
        let collection = shared.collection(&started.collection)?.clone();
        let register = shared.register(&collection.register_name)?.clone();
        let view = shared.view.load_full();
        let (journal, snapshots) = (view.journal().clone(), view.snapshots().clone());
        let next_number = journal.next_number(&collection.register_name);
        let scratch = Scratch::new(shared.directory.scratch());
        let origin = Origin {
            collection: collection.name.clone(),
            department: started.department.clone(),
            source: started.source.clone(),
            load: started.load.clone(),
        };
        let known = Transaction(journal.last().0 + 1);
        let composer = Composer::over(shared, journal, snapshots, None);
        Ok(LoadSession {
            silent: silent(&view, &composer, &collection)?,
            shared,
            started,
            collection,
            register,
            origin,
            known,
            as_of,
            view,
            composer,
            keys: KeyLog::new(scratch.clone()),
            first_number: next_number,
            next_number,
            pending: Vec::new(),
            pending_bytes: 0,
            output: None,
            changed: ChangeLog::new(scratch),
            touched: RoaringTreemap::new(),
            births: Vec::new(),
            ended_early: BTreeSet::new(),
            shaken: RoaringTreemap::new(),
            renamed: BTreeSet::new(),
            operations: Operations::default(),
            held: 0,
            ended: 0,
        })
    }

    /// What is remembered of the load while it runs.
    pub fn started(&self) -> &StartedLoad {
        &self.started
    }

    /// The collection loaded.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The last transaction of the state before the load.
    pub fn before(&self) -> Transaction {
        self.view.journal().last()
    }

    /// What is known of a natural key, by its hash.
    pub fn slot(&self, key: u64) -> Result<Option<Slot>, StoreError> {
        match self.keys.get(key)? {
            Some(slot) => Ok(Some(slot)),
            None => self.slot_before(key),
        }
    }

    /// What was known of a natural key before this load.
    fn slot_before(&self, key: u64) -> Result<Option<Slot>, StoreError> {
        let snapshot = self.view.snapshot(&self.collection.name)?;
        let mut slot: Option<Slot> = None;
        snapshot.rows_of_key(key, |row| {
            // Where the latest state begins after the load's date, the same row is news for the days
            // before.
            let later = row.address.part() == Part::Current && row.validity.from > self.as_of;
            let doubted = slot.is_some_and(|slot| slot.number == row.number && slot.digest == 0);
            slot = Some(Slot {
                number: row.number,
                digest: if later || doubted { 0 } else { row.digest },
                line: 0,
            });
        })?;
        let silent = || {
            let number = *self.silent.keys.get(&key)?;
            Some(Slot {
                number,
                digest: 0,
                line: 0,
            })
        };
        Ok(slot.or_else(silent))
    }

    /// Notes that a row that says nothing new spoke of a key.
    pub fn touch(&mut self, key: u64, line: u64) -> Result<(), StoreError> {
        if let Some(slot) = self.slot(key)? {
            self.touched.insert(slot.number);
            self.keys.set(key, Slot { line, ..slot })?;
        }
        Ok(())
    }

    /// Notes the digest by which the row that last spoke of a key is recognised; 0 where none can be.
    pub fn set_digest(&mut self, key: u64, digest: u64) -> Result<(), StoreError> {
        match self.slot(key)? {
            Some(slot) if slot.digest != digest => {
                Ok(self.keys.set(key, Slot { digest, ..slot })?)
            }
            _ => Ok(()),
        }
    }

    /// Whether this load has said something new of an entity.
    pub fn has_changed(&self, number: u64) -> bool {
        number >= self.first_number || self.changed.numbers().contains(number)
    }

    /// The digest of a row; `validity` only where the row itself gives it.
    pub fn digest(&self, validity: Option<Validity>, fields: &Fields) -> u64 {
        row_digest(&self.collection, &self.origin.department, validity, fields)
    }

    /// Introduces an entity.
    pub fn insert(&mut self, row: NewRow) -> Result<(), StoreError> {
        let number = self.next_number;
        self.next_number += 1;
        let position = self.position();
        if self
            .births
            .last()
            .is_none_or(|(_, block)| *block != position.block)
        {
            self.births.push((number, position.block));
        }
        let single = Single {
            collection: &self.collection,
            register: self.register.as_ref(),
            targets: &self.composer,
            today: self.shared.today(),
        };
        let said = Said {
            number,
            position,
            known: self.known,
            department: &self.origin.department,
            validity: row.validity,
            fields: &row.fields,
            key: row.key,
        };
        let mut digest = 0;
        self.held += self.unresolved(&row.fields)?;
        match single.compose(&said)? {
            Some(documents) => {
                for (part, document) in &documents {
                    digest = document.digest;
                    if let Some(output) = &mut self.output {
                        output.writer.add(*part, document)?;
                    }
                }
            }
            None => self.changed.push(number, position)?,
        }
        let line = row.line;
        self.keys.set(
            row.key,
            Slot {
                number,
                digest,
                line,
            },
        )?;
        self.push(
            number,
            line,
            row.validity,
            StatementKind::Assert(row.fields),
        )
    }

    /// Says something new of an entity.
    pub fn change(&mut self, number: u64, row: NewRow) -> Result<(), StoreError> {
        let line = row.line;
        self.held += self.unresolved(&row.fields)?;
        self.note(number)?;
        if self.slot(row.key)?.map(|slot| slot.number) != Some(number) {
            self.renamed.insert(row.key);
            self.shaken.insert(number);
        }
        self.keys.set(
            row.key,
            Slot {
                number,
                digest: 0,
                line,
            },
        )?;
        self.push(
            number,
            line,
            row.validity,
            StatementKind::Assert(row.fields),
        )
    }

    /// Ends the department's view of an entity.
    pub fn end(&mut self, number: u64, line: u64, validity: Validity) -> Result<(), StoreError> {
        self.note(number)?;
        if number >= self.first_number || self.silent.numbers.contains(&number) {
            self.ended_early.insert(number);
        }
        self.shaken.insert(number);
        self.ended += 1;
        self.push(number, line, validity, StatementKind::End)
    }

    /// How many references among these values lead to nobody as yet.
    fn unresolved(&self, fields: &Fields) -> Result<u64, StoreError> {
        let mut unresolved = 0;
        for (number, value) in fields {
            let Some(target) = self.collection.at(*number).target() else {
                continue;
            };
            for value in value.each() {
                if let Value::Reference(reference) = value {
                    let found = self.composer.target(target, &reference.key)?;
                    unresolved += u64::from(found.is_none());
                }
            }
        }
        Ok(unresolved)
    }

    /// Notes that the next statement is on this entity.
    fn note(&mut self, number: u64) -> Result<(), StoreError> {
        if number < self.first_number {
            self.touched.insert(number);
        } else if !self.changed.numbers().contains(number)
            && let Some(birth) = self.birth(number)?
        {
            self.changed.push(number, birth)?;
        }
        Ok(self.changed.push(number, self.position())?)
    }

    /// Where the first statement on an entity stands that this load has introduced.
    fn birth(&self, number: u64) -> Result<Option<StatementPosition>, StoreError> {
        let after = self.births.partition_point(|(first, _)| *first <= number);
        let Some((_, block)) = after
            .checked_sub(1)
            .and_then(|place| self.births.get(place))
        else {
            return Ok(None);
        };
        let (block, place) = match &self.output {
            Some(output) if *block < output.appender.first() + output.appender.staged() => {
                let stored = output.appender.read(*block)?;
                let opened = codec::open(stored, self.collection.register, |_| {
                    Some(&*self.collection)
                })?;
                let statements: Vec<Statement> = opened.statements().collect::<Result<_, _>>()?;
                (*block, born(number, &statements))
            }
            _ => (*block, born(number, &self.pending)),
        };
        Ok(place.map(|place| StatementPosition {
            block,
            place: place as u32,
        }))
    }

    /// Whether the department already says just this of an entity throughout the validity.
    pub fn is_said(
        &self,
        number: u64,
        validity: Validity,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        if self.has_changed(number) {
            // This load spoke of it before: another statement is the safe answer.
            return Ok(false);
        }
        let department = &self.origin.department;
        self.composer
            .says(&self.collection, number, department, validity, fields)
    }

    /// Whether values only add to what the department has ever said of an entity.
    pub fn only_adds(&self, number: u64, fields: &Fields) -> Result<bool, StoreError> {
        if self.has_changed(number) {
            return Ok(false);
        }
        let department = &self.origin.department;
        self.composer
            .only_adds(&self.collection, number, department, fields)
    }

    /// How values that hold from the beginning of `validity` on, without an end of their own, are said
    /// so that what the department said before this load to begin later stands; see [`crate::late`].
    pub fn stretches(
        &self,
        number: u64,
        validity: Validity,
        fields: &Fields,
    ) -> Result<Vec<(Validity, Fields)>, StoreError> {
        let department = &self.origin.department;
        let spoken = self
            .composer
            .of_department(&self.collection, number, department)?;
        Ok(crate::late::stretches(&spoken, validity, fields))
    }

    /// The fields to which the department gives a value on some day of the validity. Sorted.
    pub fn valued(&self, number: u64, validity: Validity) -> Result<Vec<FieldNumber>, StoreError> {
        let department = &self.origin.department;
        self.composer
            .valued(&self.collection, number, department, validity)
    }

    /// Whether the department says anything at all of an entity on the days given; with
    /// `through_source`: only if it has done so through this load's source.
    pub fn is_claimed(
        &self,
        number: u64,
        validity: Validity,
        through_source: bool,
    ) -> Result<bool, StoreError> {
        let source = through_source.then_some(self.origin.source.as_str());
        let who = (self.origin.department.as_str(), source);
        self.composer
            .claims(&self.collection, number, who, validity)
    }

    /// Entities that were there before and that no row of this load has spoken of.
    pub fn untouched(&self) -> Result<RoaringTreemap, StoreError> {
        let snapshot = self.view.snapshot(&self.collection.name)?;
        let mut untouched: RoaringTreemap = self.silent.numbers.iter().copied().collect();
        for part in [Part::Past, Part::Current] {
            snapshot.rows(part, |row| {
                untouched.insert(row.number);
            })?;
        }
        Ok(untouched - &self.touched)
    }

    /// Where the next statement stands; in a rehearsal, where it would stand in a block of its own.
    fn position(&self) -> StatementPosition {
        let block = self.output.as_ref().map_or(0, |output| {
            output.appender.first() + output.appender.staged()
        });
        StatementPosition {
            block,
            place: self.pending.len() as u32,
        }
    }

    fn push(
        &mut self,
        number: u64,
        line: u64,
        validity: Validity,
        kind: StatementKind,
    ) -> Result<(), StoreError> {
        let entity = EntityId::new(self.collection.register, number)
            .ok_or_else(|| StoreError::Refused("entity numbers are used up".to_string()))?;
        if let StatementKind::Assert(fields) = &kind {
            self.pending_bytes += fields
                .iter()
                .map(|(_, value)| size_of_value(value))
                .sum::<usize>();
        }
        self.pending.push(Statement {
            entity,
            line,
            validity,
            kind,
        });
        if self.pending.len() >= STATEMENTS_A_BLOCK || self.pending_bytes >= BYTES_A_BLOCK {
            self.write_block()?;
        }
        Ok(())
    }

    fn write_block(&mut self) -> Result<(), StoreError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let statements = std::mem::take(&mut self.pending);
        self.pending_bytes = 0;
        let Some(output) = &mut self.output else {
            return Ok(());
        };
        let payload = codec::encode(&self.collection, &self.origin, &statements)?;
        let header = BlockHeader {
            kind: BLOCK_KIND,
            count: statements.len() as u32,
        };
        output.appender.append(header, &payload)?;
        Ok(())
    }

    /// How many references are held so far.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.next_number == self.first_number && self.changed.numbers().is_empty()
    }

    /// Undoes everything.
    pub fn abandon(mut self) -> Result<(), StoreError> {
        self.undo()
    }

    fn undo(&mut self) -> Result<(), StoreError> {
        if let Some(mut output) = self.output.take() {
            output.writer.rollback()?;
            output.appender.abandon()?;
            self.shared
                .ledger
                .state_delete(BUCKET, self.started.load.as_bytes())?;
            self.shared.ledger.flush()?;
        }
        Ok(())
    }
}

impl Drop for LoadSession<'_> {
    fn drop(&mut self) {
        // A published session has nothing left to undo. What cannot be undone now, the next start
        // removes.
        let _ = self.undo();
    }
}

/// The entities without a day, and their keys.
fn silent(
    view: &EmbeddedView,
    composer: &Composer,
    collection: &Collection,
) -> Result<Silent, StoreError> {
    let mut silent = Silent::default();
    let snapshot = view.snapshot(&collection.name)?;
    for (number, positions) in view.journal().silent(&collection.name) {
        for one in composer.spoken(collection, positions.to_vec())? {
            let StatementKind::Assert(fields) = &one.statement.kind else {
                continue;
            };
            let key = key_hash(&key_of(collection, fields));
            let mut known = silent.keys.contains_key(&key);
            snapshot.rows_of_key(key, |_| known = true)?;
            if !known {
                silent.numbers.insert(number);
                silent.keys.insert(key, number);
            }
        }
    }
    Ok(silent)
}

/// The place of the first statement on an entity.
fn born(number: u64, statements: &[Statement]) -> Option<usize> {
    let mut entities = statements.iter().map(|one| one.entity.number());
    entities.position(|one| one == number)
}

fn size_of_value(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Geometry(wkb) => wkb.len(),
        Value::List(values) => values.iter().map(size_of_value).sum(),
        _ => 8,
    }
}
