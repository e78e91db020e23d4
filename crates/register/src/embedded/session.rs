//! A load, from its first row to its marker in the journal.
//!
//! Statements go to the ledger as they come, staged and invisible; documents of new entities go to the
//! uncommitted index beside them. Publishing writes one journal entry, then commits the index, then
//! composes what changed, then shows the new state. Dropping the session undoes everything.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use index::{Part, Snapshot, Writer, key_hash};
use ledger::{Appender, BlockHeader, Ledger, NewEntry};
use parking_lot::MutexGuard;
use record::{
    Day, EntityId, FieldNumber, Fields, Statement, StatementKind, StatementPosition, Transaction,
    Validity, Value,
};
use schema::Collection;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::composer::Composer;
use super::key_map::KeyMap;
use super::single::{Said, Single, key_of, row_digest};
use super::targets::{TargetTable, TargetTables, referred};
use crate::codec::{self, BLOCK_KIND, Origin};
use crate::fold::Spoken;
use crate::journal::{Journal, LoadEntry, SilentEntity};
use crate::rules::Register;
use crate::store::StoreError;

/// Statements in a block: about 12 KB when compressed.
const STATEMENTS_A_BLOCK: usize = 256;
/// A block is written earlier where its statements are long.
const BYTES_A_BLOCK: usize = 1 << 20;
/// Decoded blocks of this load held at once.
const STAGED_HELD: usize = 256;
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

/// What is known of a natural key.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The entity's number.
    pub number: u64,
    /// The digest of the latest row; 0 where only a comparison of values can tell.
    pub digest: u64,
    /// The line of this load that last spoke of it; 0 for none.
    pub line: u64,
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

/// A running load.
pub struct LoadSession<'a> {
    shared: &'a Shared,
    started: StartedLoad,
    collection: std::sync::Arc<Collection>,
    register: std::sync::Arc<dyn Register>,
    origin: Origin,
    known: Transaction,
    tables: TargetTables,
    slots: KeyMap<Slot>,
    first_number: u64,
    next_number: u64,
    pending: Vec<Statement>,
    pending_bytes: usize,
    appender: Option<Appender>,
    writer: Option<Writer>,
    /// Entities to fold when the load is published, and the statements that this load adds to them.
    changed: BTreeMap<u64, Vec<StatementPosition>>,
    /// Where the first statements of this load's new entities stand, by number.
    births: Vec<StatementPosition>,
    /// Entities without a day before this load.
    silent: BTreeSet<u64>,
    /// Entities new or without a day before, which this load ends.
    ended_early: BTreeSet<u64>,
    held: u64,
    ended: u64,
    /// Reads the state before the load, once it is needed.
    composer: Option<Composer<'a>>,
    /// Dropped last: until then nobody else writes.
    _lock: MutexGuard<'a, ()>,
}

impl<'a> LoadSession<'a> {
    pub(super) fn begin(
        shared: &'a Shared,
        lock: MutexGuard<'a, ()>,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<LoadSession<'a>, StoreError> {
        let collection = shared.collection(&started.collection)?.clone();
        let register = shared.register(&collection.register_name)?.clone();
        let value = serde_json::to_vec(&started)
            .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        shared
            .ledger
            .state_put_durable(BUCKET, started.load.as_bytes(), &value)?;
        let view = shared.view.load();
        let mut slots = read_slots(view.snapshot(&collection.name)?, as_of)?;
        let silent = add_silent(shared, &collection, &mut slots)?;
        let mut tables = TargetTables::default();
        for target in referred(&collection) {
            let schema = shared.collection(target)?;
            let table = TargetTable::read(&shared.catalog, schema, view.snapshot(target)?)?;
            tables.insert(target, table);
        }
        let journal = shared.journal.load();
        let next_number = journal.next_number(&collection.register_name);
        let appender = shared.ledger.begin(&collection.register_name)?;
        let origin = Origin {
            collection: collection.name.clone(),
            department: started.department.clone(),
            source: started.source.clone(),
            load: started.load.clone(),
        };
        Ok(LoadSession {
            known: Transaction(journal.last().0 + 1),
            writer: Some(shared.writer(&collection.name)?),
            appender: Some(appender),
            shared,
            started,
            collection,
            register,
            origin,
            tables,
            slots,
            first_number: next_number,
            next_number,
            pending: Vec::new(),
            pending_bytes: 0,
            changed: BTreeMap::new(),
            births: Vec::new(),
            silent,
            ended_early: BTreeSet::new(),
            held: 0,
            ended: 0,
            composer: None,
            _lock: lock,
        })
    }

    /// The collection loaded.
    pub fn collection(&self) -> &Collection {
        &self.collection
    }

    /// What is known of a natural key, by its hash.
    pub fn slot(&self, key: u64) -> Option<Slot> {
        self.slots.get(&key).copied()
    }

    /// Notes that a row that says nothing new spoke of a key.
    pub fn touch(&mut self, key: u64, line: u64) {
        if let Some(slot) = self.slots.get_mut(&key) {
            slot.line = line;
        }
    }

    /// Notes the digest by which the row that last spoke of a key is recognised; 0 where none can be.
    pub fn set_digest(&mut self, key: u64, digest: u64) {
        if let Some(slot) = self.slots.get_mut(&key) {
            slot.digest = digest;
        }
    }

    /// Whether this load has said something new of an entity.
    pub fn has_changed(&self, number: u64) -> bool {
        number >= self.first_number || self.changed.contains_key(&number)
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
        self.births.push(position);
        let single = Single {
            collection: &self.collection,
            register: self.register.as_ref(),
            tables: &self.tables,
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
        match single.compose(&said) {
            Some(documents) => {
                for (part, document) in &documents {
                    digest = document.digest;
                    self.held += document.held.len() as u64;
                    self.writer()?.add(*part, document)?;
                }
            }
            None => {
                self.changed.entry(number).or_default().push(position);
            }
        }
        self.slots.insert(
            row.key,
            Slot {
                number,
                digest,
                line: row.line,
            },
        );
        self.push(
            number,
            row.line,
            row.validity,
            StatementKind::Assert(row.fields),
        )
    }

    /// Says something new of an entity.
    pub fn change(&mut self, number: u64, row: NewRow) -> Result<(), StoreError> {
        self.note(number);
        self.slots.insert(
            row.key,
            Slot {
                number,
                digest: 0,
                line: row.line,
            },
        );
        self.push(
            number,
            row.line,
            row.validity,
            StatementKind::Assert(row.fields),
        )
    }

    /// Ends the department's view of an entity.
    pub fn end(&mut self, number: u64, line: u64, validity: Validity) -> Result<(), StoreError> {
        self.note(number);
        if number >= self.first_number || self.silent.contains(&number) {
            self.ended_early.insert(number);
        }
        self.ended += 1;
        self.push(number, line, validity, StatementKind::End)
    }

    fn note(&mut self, number: u64) {
        let position = self.position();
        let birth = number
            .checked_sub(self.first_number)
            .and_then(|place| self.births.get(place as usize).copied());
        let positions = self.changed.entry(number).or_default();
        if positions.is_empty() {
            positions.extend(birth);
        }
        positions.push(position);
    }

    /// Whether the department already says just this of an entity throughout the validity.
    pub fn is_said(
        &mut self,
        number: u64,
        validity: Validity,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        if self.has_changed(number) {
            // This load spoke of it before: another statement is the safe answer.
            return Ok(false);
        }
        let (collection, department) = (self.collection.clone(), self.origin.department.clone());
        self.composer()?
            .says(&collection, number, &department, validity, fields)
    }

    /// Whether values only add to what the department has ever said of an entity.
    pub fn only_adds(&mut self, number: u64, fields: &Fields) -> Result<bool, StoreError> {
        if self.has_changed(number) {
            return Ok(false);
        }
        let (collection, department) = (self.collection.clone(), self.origin.department.clone());
        self.composer()?
            .only_adds(&collection, number, &department, fields)
    }

    /// How values that hold from the beginning of `validity` on, without an end of their own, are said
    /// so that what the department said before this load to begin later stands; see [`crate::late`].
    pub fn stretches(
        &mut self,
        number: u64,
        validity: Validity,
        fields: &Fields,
    ) -> Result<Vec<(Validity, Fields)>, StoreError> {
        let (collection, department) = (self.collection.clone(), self.origin.department.clone());
        let spoken = self
            .composer()?
            .of_department(&collection, number, &department)?;
        Ok(crate::late::stretches(&spoken, validity, fields))
    }

    /// The fields to which the department gives a value on some day of the validity. Sorted.
    pub fn valued(
        &mut self,
        number: u64,
        validity: Validity,
    ) -> Result<Vec<FieldNumber>, StoreError> {
        let (collection, department) = (self.collection.clone(), self.origin.department.clone());
        self.composer()?
            .valued(&collection, number, &department, validity)
    }

    /// Whether the department says anything at all of an entity on the days given; with
    /// `through_source`: only if it has done so through this load's source.
    pub fn is_claimed(
        &mut self,
        number: u64,
        validity: Validity,
        through_source: bool,
    ) -> Result<bool, StoreError> {
        let (collection, origin) = (self.collection.clone(), self.origin.clone());
        let source = through_source.then_some(origin.source.as_str());
        self.composer()?
            .claims(&collection, number, (&origin.department, source), validity)
    }

    fn composer(&mut self) -> Result<&Composer<'a>, StoreError> {
        if self.composer.is_none() {
            let journal = self.shared.journal.load_full();
            self.composer = Some(Composer::new(self.shared, journal, None)?);
        }
        self.composer
            .as_ref()
            .ok_or_else(|| StoreError::Damaged("no composer".to_string()))
    }

    /// Entities that exist and that no row of this load has spoken of.
    pub fn untouched(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self
            .slots
            .values()
            .filter(|slot| slot.line == 0)
            .map(|slot| slot.number)
            .collect();
        numbers.sort_unstable();
        numbers
    }

    fn writer(&mut self) -> Result<&mut Writer, StoreError> {
        self.writer
            .as_mut()
            .ok_or_else(|| StoreError::Damaged("the load is over".to_string()))
    }

    fn appender(&mut self) -> Result<&mut Appender, StoreError> {
        self.appender
            .as_mut()
            .ok_or_else(|| StoreError::Damaged("the load is over".to_string()))
    }

    fn position(&self) -> StatementPosition {
        let block = self
            .appender
            .as_ref()
            .map_or(0, |appender| appender.first() + appender.staged());
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
        let payload = codec::encode(&self.collection, &self.origin, &statements)?;
        let header = BlockHeader {
            kind: BLOCK_KIND,
            count: statements.len() as u32,
        };
        self.appender()?.append(header, &payload)?;
        Ok(())
    }

    /// How many references are held so far.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
            && self
                .appender
                .as_ref()
                .is_none_or(|appender| appender.staged() == 0)
    }

    /// Makes the load durable and visible, in that order. `entry` gives counts and the file; the rest
    /// is filled in here.
    pub fn publish(mut self, mut entry: LoadEntry) -> Result<Transaction, StoreError> {
        self.write_block()?;
        let shared = self.shared;
        let before = shared.journal.load_full();
        let composer = Composer::new(shared, before.clone(), None)?;
        let dependents = self.dependents(&composer)?;
        entry.load = self.started.load.clone();
        entry.source = self.started.source.clone();
        entry.file = self.started.file.clone();
        entry.register = self.collection.register_name.clone();
        entry.collection = self.collection.name.clone();
        entry.next_number = self.next_number;
        entry.held = self.held;
        entry.ended = self.ended;
        entry.rederived = dependents.keys().cloned().collect();
        entry.silent = self.silenced(&composer)?;
        let payload =
            serde_json::to_vec(&entry).map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        let over = || StoreError::Damaged("the load is over".to_string());
        let appender = self.appender.take().ok_or_else(over)?;
        let mut writer = self.writer.take().ok_or_else(over)?;
        let published = appender.publish(NewEntry {
            payload,
            instant_micros: super::clock::now(),
        })?;
        let known = Transaction(published.number);
        let mut journal = (*before).clone();
        journal.push(&published)?;
        shared
            .ledger
            .state_delete(BUCKET, self.started.load.as_bytes())?;
        // From here on the load is a fact: what fails below is made good by the next start.
        let journal = std::sync::Arc::new(journal);
        let composer = Composer::new(shared, journal.clone(), None)?;
        let changed = std::mem::take(&mut self.changed);
        writer.forget(changed.keys().copied().collect())?;
        for (number, positions) in changed {
            let mut all = composer.positions(&self.collection, number)?;
            all.extend(positions);
            let spoken = composer.spoken(&self.collection, all)?;
            for (part, document) in composer.documents(&self.collection, number, &spoken)? {
                writer.add(part, &document)?;
            }
        }
        writer.commit(known.0)?;
        drop(composer);
        super::replay::rederive(shared, &journal, &dependents, known)?;
        shared.journal.store(journal);
        shared.publish_view()?;
        writer.finish()?;
        shared.publish_view()?;
        Ok(known)
    }

    /// The entities that the statements before this load and in it leave without a day.
    fn silenced(&self, composer: &Composer) -> Result<Vec<SilentEntity>, StoreError> {
        let mut silenced = Vec::new();
        let mut blocks = HashMap::new();
        for number in &self.ended_early {
            let positions = self.changed.get(number).cloned().unwrap_or_default();
            let before = composer.positions(&self.collection, *number)?;
            let mut spoken = composer.spoken(&self.collection, before)?;
            for position in &positions {
                spoken.push(self.staged(*position, &mut blocks)?);
            }
            let documents = composer.documents(&self.collection, *number, &spoken)?;
            if documents.is_empty() {
                let number = *number;
                silenced.push(SilentEntity { number, positions });
            }
        }
        Ok(silenced)
    }

    /// A statement of this load.
    fn staged(
        &self,
        position: StatementPosition,
        blocks: &mut HashMap<u64, codec::Block>,
    ) -> Result<Spoken, StoreError> {
        let damaged = || StoreError::Damaged(format!("staged block {}", position.block));
        if blocks.len() >= STAGED_HELD && !blocks.contains_key(&position.block) {
            blocks.clear();
        }
        let block = match blocks.entry(position.block) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let appender = self.appender.as_ref().ok_or_else(damaged)?;
                let block = appender.read(position.block)?;
                let register = self.collection.register;
                place.insert(codec::decode(&block.payload, register, |_| {
                    Some(&*self.collection)
                })?)
            }
        };
        let statement = block.statements.get(position.place as usize);
        Ok(Spoken {
            position,
            known: self.known,
            department: self.origin.department.as_str().into(),
            statement: statement.ok_or_else(damaged)?.clone(),
        })
    }

    fn dependents(&self, composer: &Composer) -> Result<BTreeMap<String, Vec<u64>>, StoreError> {
        let changed: Vec<u64> = self
            .changed
            .keys()
            .copied()
            .filter(|number| *number < self.first_number)
            .collect();
        let mut is_new = |key: &str| {
            let slot = self.slots.get(&key_hash(&[Value::text(key)]));
            slot.is_some_and(|slot| {
                slot.number >= self.first_number
                    || self.silent.contains(&slot.number) && self.changed.contains_key(&slot.number)
            })
        };
        composer.dependents(&self.collection, &mut is_new, &changed)
    }

    /// Undoes everything.
    pub fn abandon(mut self) -> Result<(), StoreError> {
        self.undo()
    }

    fn undo(&mut self) -> Result<(), StoreError> {
        if let Some(mut writer) = self.writer.take() {
            writer.rollback()?;
        }
        if let Some(appender) = self.appender.take() {
            appender.abandon()?;
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

/// What an index says of each natural key.
fn read_slots(snapshot: &Snapshot, as_of: Day) -> Result<KeyMap<Slot>, StoreError> {
    let mut slots: KeyMap<Slot> = KeyMap::default();
    slots.reserve(snapshot.current_documents() as usize);
    for part in [Part::Past, Part::Current] {
        snapshot.rows(part, |row| {
            // Where the latest state begins after the load's date, the same row is news for the days
            // before.
            let later = part == Part::Current && row.validity.from > as_of;
            let doubted = slots
                .get(&row.key)
                .is_some_and(|slot| slot.number == row.number && slot.digest == 0);
            slots.insert(
                row.key,
                Slot {
                    number: row.number,
                    digest: if later || doubted { 0 } else { row.digest },
                    line: 0,
                },
            );
        })?;
    }
    Ok(slots)
}

/// Adds the entities without a day, whose keys no index knows, and returns their numbers.
fn add_silent(
    shared: &Shared,
    collection: &Collection,
    slots: &mut KeyMap<Slot>,
) -> Result<BTreeSet<u64>, StoreError> {
    let mut added = BTreeSet::new();
    let journal = shared.journal.load_full();
    if journal.silent(&collection.name).next().is_none() {
        return Ok(added);
    }
    let composer = Composer::new(shared, journal.clone(), None)?;
    for (number, positions) in journal.silent(&collection.name) {
        for one in composer.spoken(collection, positions.to_vec())? {
            let StatementKind::Assert(fields) = &one.statement.kind else {
                continue;
            };
            let key = key_hash(&key_of(collection, fields));
            slots.entry(key).or_insert_with(|| {
                added.insert(number);
                Slot {
                    number,
                    digest: 0,
                    line: 0,
                }
            });
        }
    }
    Ok(added)
}

fn size_of_value(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Geometry(wkb) => wkb.len(),
        Value::List(values) => values.iter().map(size_of_value).sum(),
        _ => 8,
    }
}
