//! Bringing indexes up to the ledger: what a cut-off commit lacks, or everything.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use index::{Writer, key_hash};
use record::{EntityId, Statement, StatementKind, StatementPosition, Transaction};
use roaring::RoaringTreemap;
use schema::Collection;

use super::Shared;
use super::composer::Composer;
use super::crew::{Crew, Job, Statements};
use super::single::{Said, Single, key_of};
use super::spans::{Lacking, TargetKeys, keys_said, shakes};
use crate::codec;
use crate::journal::{Journal, Published};
use crate::store::StoreError;

/// How many statements pass between two reports of progress.
const STEP: u64 = 10_000;
/// So many records are read one by one; more are composed in a walk over the whole ledger.
const FEW: usize = 2_000;

/// An entity that must be folded, and where its statements stand, where that is known.
type ToFold = (u64, Option<Vec<StatementPosition>>);
/// Hears a statement: its transaction, department and position, and what it says.
pub(super) type EachStatement<'e> =
    dyn FnMut(Transaction, &str, StatementPosition, Statement) -> Result<(), StoreError> + 'e;

/// Brings every index up to the journal. Returns the collections that lacked entries, and how many.
pub fn all(
    shared: &Shared,
    progress: &dyn Fn(&str, u64, u64),
) -> Result<Vec<(String, u64)>, StoreError> {
    let journal = shared.journal.load_full();
    let mut lacking: BTreeMap<&str, Vec<&Arc<Published>>> = BTreeMap::new();
    for (name, index) in &shared.indexes {
        let position = index.position()?;
        let entries: Vec<&Arc<Published>> = journal
            .entries()
            .iter()
            .filter(|entry| entry.transaction.0 > position)
            .filter(|entry| entry.load.collection == *name || entry.load.rederived.contains(name))
            .collect();
        if !entries.is_empty() {
            lacking.insert(name, entries);
        }
    }
    if lacking.is_empty() {
        return Ok(Vec::new());
    }
    // References lead back and forth between collections, so that no order brings every target first:
    // what an index lacks is found by these.
    let mut keys = Lacking::new();
    for (name, entries) in &lacking {
        let whole = shared.index(name)?.position()? == 0;
        let all: Vec<&Arc<Published>> = journal.entries().iter().collect();
        let entries = if whole { &all } else { entries };
        let schema = shared.collection(name)?;
        let table = TargetKeys::read(shared, &journal, entries, schema, whole)?;
        keys.insert((*name).to_string(), table);
    }
    let mut replayed = Vec::new();
    for collection in order(shared) {
        let Some(entries) = lacking.get(collection.name.as_str()) else {
            continue;
        };
        let replay = Replay {
            shared,
            journal: &journal,
            collection,
            progress,
        };
        if shared.index(&collection.name)?.position()? == 0 {
            replay.build_whole(&keys)?;
        } else {
            replay.missing(entries, &keys)?;
        }
        keys.remove(&collection.name);
        replayed.push((collection.name.clone(), entries.len() as u64));
    }
    Ok(replayed)
}

/// The collections in an order in which whatever others derive values from comes first.
fn order(shared: &Shared) -> Vec<&Arc<Collection>> {
    let mut ordered: Vec<&Arc<Collection>> = Vec::new();
    let mut left: Vec<&Arc<Collection>> = shared.catalog.collections.iter().collect();
    while !left.is_empty() {
        let done: BTreeSet<&str> = ordered.iter().map(|one| one.name.as_str()).collect();
        let ready = |collection: &Collection| {
            let rules = collection
                .fields
                .iter()
                .filter_map(|field| field.derived.as_ref());
            rules.flat_map(|rule| &rule.through).all(|number| {
                let target = collection.at(*number).target().unwrap_or_default();
                target == collection.name || done.contains(target)
            })
        };
        let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| ready(one));
        if now.is_empty() {
            // A circle of derivations: the schema should not have one; take them as they come.
            ordered.extend(later);
            break;
        }
        ordered.extend(now);
        left = later;
    }
    ordered
}

/// Composes anew the records of other collections that depend on what a transaction changed.
pub fn rederive(
    shared: &Shared,
    journal: &Arc<Journal>,
    dependents: &BTreeMap<String, Vec<u64>>,
    known: Transaction,
) -> Result<(), StoreError> {
    if dependents.is_empty() {
        return Ok(());
    }
    for (name, numbers) in dependents {
        let collection = shared.collection(name)?;
        let mut writer = shared.writer(name)?;
        writer.forget(numbers.clone())?;
        let folded = if numbers.len() < FEW {
            numbers.iter().map(|number| (*number, None)).collect()
        } else {
            rederive_many(shared, journal, collection, numbers, &mut writer)?
        };
        crew(shared, journal, collection, None)?.compose(&mut writer, |give| {
            folded.into_iter().try_for_each(|(number, positions)| {
                let statements = match positions {
                    Some(positions) => Statements::Just(positions),
                    None => Statements::Besides(Vec::new()),
                };
                give(Job { number, statements })
            })
        })?;
        writer.commit(known.0)?;
        writer.finish()?;
    }
    Ok(())
}

/// Composes many records anew in one walk over the ledger. Returns those that must be folded, with the
/// positions of their statements.
fn rederive_many(
    shared: &Shared,
    journal: &Arc<Journal>,
    collection: &Arc<Collection>,
    numbers: &[u64],
    writer: &mut Writer,
) -> Result<Vec<ToFold>, StoreError> {
    let (mut folded, mut counts) = parted(journal, collection, numbers);
    each_statement(
        shared,
        journal.entries(),
        collection,
        &mut |_, _, _, statement| {
            if let Some(count) = counts.get_mut(&statement.entity.number()) {
                *count += 1;
            }
            Ok(())
        },
    )?;
    let composer = Composer::new(shared, journal.clone(), None)?;
    let register = shared.register(&collection.register_name)?.clone();
    let single = Single {
        collection,
        register: register.as_ref(),
        targets: &composer,
        today: shared.today(),
    };
    let entries = journal.entries();
    each_statement(
        shared,
        entries,
        collection,
        &mut |known, department, position, statement| {
            let number = statement.entity.number();
            let Some(count) = counts.get(&number) else {
                return Ok(());
            };
            if let (StatementKind::Assert(fields), 1) = (&statement.kind, count) {
                let key = key_hash(&key_of(collection, fields));
                let validity = statement.validity;
                let said = Said {
                    number,
                    position,
                    known,
                    department,
                    validity,
                    fields,
                    key,
                };
                if let Some(documents) = single.compose(&said)? {
                    for (part, document) in &documents {
                        writer.add(*part, document)?;
                    }
                    return Ok(());
                }
            }
            folded
                .entry(number)
                .or_default()
                .get_or_insert_default()
                .push(position);
            Ok(())
        },
    )?;
    Ok(folded.into_iter().collect())
}

/// What must be folded, as [`rederive_many`] returns it.
type Folded = BTreeMap<u64, Option<Vec<StatementPosition>>>;

/// Entities with a family, of which the index tells what counts for them; and the others, whose
/// statements are to be counted.
fn parted(
    journal: &Journal,
    collection: &Collection,
    numbers: &[u64],
) -> (Folded, HashMap<u64, u32>) {
    let is_linked = |number: &u64| journal.is_linked(&collection.name, *number);
    let (linked, plain): (Vec<u64>, Vec<u64>) = numbers.iter().partition(|one| is_linked(one));
    let folded = linked.into_iter().map(|number| (number, None));
    let counts = plain.into_iter().map(|number| (number, 0));
    (folded.collect(), counts.collect())
}

/// Entities to compose, each with its statements.
fn jobs(
    positions: BTreeMap<u64, Vec<StatementPosition>>,
    statements: fn(Vec<StatementPosition>) -> Statements,
) -> impl Iterator<Item = Job> {
    positions.into_iter().map(move |(number, positions)| Job {
        number,
        statements: statements(positions),
    })
}

/// Composes over the committed state.
fn crew<'a>(
    shared: &'a Shared,
    journal: &Arc<Journal>,
    collection: &'a Collection,
    lacking: Option<&'a Lacking>,
) -> Result<Crew<'a>, StoreError> {
    Ok(Crew {
        shared,
        journal: journal.clone(),
        snapshots: super::view::snapshots(&shared.indexes)?,
        lacking,
        collection,
    })
}

/// Calls `each` with every statement on a collection in these entries: its transaction, department,
/// position and the statement.
pub(super) fn each_statement<'j>(
    shared: &Shared,
    entries: impl IntoIterator<Item = &'j Arc<Published>>,
    collection: &Collection,
    each: &mut EachStatement,
) -> Result<(), StoreError> {
    let log = &collection.register_name;
    for entry in entries {
        let Some((first, last)) = entry.ranges.get(log) else {
            continue;
        };
        if entry.load.collection != collection.name {
            continue;
        }
        for block in shared.ledger.scan(log, *first, last + 1) {
            let block = block?;
            let sequence = block.sequence;
            let opened = codec::open(block, collection.register, |_| Some(collection))?;
            for (place, statement) in opened.statements().enumerate() {
                let position = StatementPosition {
                    block: sequence,
                    place: place as u32,
                };
                each(
                    entry.transaction,
                    &opened.origin.department,
                    position,
                    statement?,
                )?;
            }
        }
    }
    Ok(())
}

struct Replay<'a> {
    shared: &'a Shared,
    journal: &'a Arc<Journal>,
    collection: &'a Arc<Collection>,
    progress: &'a dyn Fn(&str, u64, u64),
}

impl Replay<'_> {
    /// Indexes everything: entities with one statement as they come, the others folded at the end.
    fn build_whole(&self, keys: &Lacking) -> Result<(), StoreError> {
        let (shared, collection) = (self.shared, self.collection);
        let register = shared.register(&collection.register_name)?.clone();
        let mut counts: HashMap<u64, u32> = HashMap::new();
        let mut total = 0u64;
        each_statement(
            shared,
            self.journal.entries(),
            collection,
            &mut |_, _, _, statement| {
                *counts.entry(statement.entity.number()).or_default() += 1;
                total += 1;
                Ok(())
            },
        )?;
        let composer = Composer::new(shared, self.journal.clone(), Some(keys))?;
        let single = Single {
            collection,
            register: register.as_ref(),
            targets: &composer,
            today: shared.today(),
        };
        let mut writer = shared.writer(&collection.name)?;
        let mut folded: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
        let mut done = 0u64;
        let entries = self.journal.entries();
        each_statement(
            shared,
            entries,
            collection,
            &mut |known, department, position, statement| {
                let number = statement.entity.number();
                done += 1;
                if done.is_multiple_of(STEP) {
                    (self.progress)(&collection.name, done, total);
                }
                if let (StatementKind::Assert(fields), Some(1)) =
                    (&statement.kind, counts.get(&number))
                    && !self.journal.is_linked(&collection.name, number)
                {
                    let said = Said {
                        number,
                        position,
                        known,
                        department,
                        validity: statement.validity,
                        fields,
                        key: key_hash(&key_of(collection, fields)),
                    };
                    if let Some(documents) = single.compose(&said)? {
                        for (part, document) in &documents {
                            writer.add(*part, document)?;
                        }
                        return Ok(());
                    }
                }
                folded.entry(number).or_default().push(position);
                Ok(())
            },
        )?;
        let folded = with_families(self.journal, collection, folded);
        let crew = crew(shared, self.journal, collection, Some(keys))?;
        crew.compose(&mut writer, |give| {
            jobs(folded, Statements::Just).try_for_each(give)
        })?;
        writer.commit(self.journal.last().0)?;
        writer.finish()?;
        Ok(())
    }

    /// Composes what the missing entries speak of, and what depends on it.
    fn missing(&self, entries: &[&Arc<Published>], keys: &Lacking) -> Result<(), StoreError> {
        let (shared, collection) = (self.shared, self.collection);
        let mut touched: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
        each_statement(
            shared,
            entries.iter().copied(),
            collection,
            &mut |_, _, at, statement| {
                touched
                    .entry(statement.entity.number())
                    .or_default()
                    .push(at);
                Ok(())
            },
        )?;
        let composer = Composer::new(shared, self.journal.clone(), Some(keys))?;
        for number in self.dependent(entries, &composer)? {
            touched.entry(number).or_default();
        }
        let touched = with_families(self.journal, collection, touched);
        let mut writer = shared.writer(&collection.name)?;
        writer.forget(touched.keys().copied().collect())?;
        let crew = crew(shared, self.journal, collection, Some(keys))?;
        crew.compose(&mut writer, |give| {
            jobs(touched, Statements::Besides).try_for_each(give)
        })?;
        writer.commit(self.journal.last().0)?;
        writer.finish()?;
        Ok(())
    }

    /// Records of this collection that depend on what the entries say of other collections.
    fn dependent(
        &self,
        entries: &[&Arc<Published>],
        composer: &Composer,
    ) -> Result<BTreeSet<u64>, StoreError> {
        let mut numbers = BTreeSet::new();
        for entry in entries
            .iter()
            .filter(|entry| entry.load.collection != self.collection.name)
        {
            let other = self.shared.collection(&entry.load.collection)?;
            let mut touched: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
            let mut keys: BTreeSet<String> = BTreeSet::new();
            let mut shaken = RoaringTreemap::new();
            each_statement(
                self.shared,
                [*entry],
                other,
                &mut |_, _, position, statement| {
                    let number = statement.entity.number();
                    touched.entry(number).or_default().push(position);
                    if shakes(&statement.kind) || self.journal.is_linked(&other.name, number) {
                        shaken.extend(self.journal.family(&other.name, number));
                    }
                    if let StatementKind::Assert(fields) = &statement.kind
                        && let [record::Value::Text(key)] = key_of(other, fields).as_slice()
                    {
                        keys.insert(key.to_string());
                    }
                    Ok(())
                },
            )?;
            let touched = with_families(self.journal, other, touched);
            for number in &shaken {
                let mut all = composer.positions(other, number)?;
                all.extend(touched.get(&number).into_iter().flatten());
                for key in keys_said(other, number, &composer.spoken(other, all)?) {
                    if let [record::Value::Text(key)] = key.as_slice() {
                        keys.insert(key.to_string());
                    }
                }
            }
            let changed: RoaringTreemap = touched.into_keys().collect();
            let mut is_new = |key: &str| keys.contains(key);
            let dependents = composer.dependents(other, &mut is_new, &changed, &shaken)?;
            numbers.extend(dependents.get(&self.collection.name).into_iter().flatten());
        }
        Ok(numbers)
    }
}

/// Adds the families of entities, each with what is known of the statements on all of its family.
pub fn with_families(
    journal: &Journal,
    collection: &Collection,
    mut positions: BTreeMap<u64, Vec<StatementPosition>>,
) -> BTreeMap<u64, Vec<StatementPosition>> {
    let name = &collection.name;
    let is_linked = |number: &u64| journal.is_linked(name, *number);
    let linked: Vec<u64> = positions.keys().copied().filter(is_linked).collect();
    let mut families: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
    for number in linked {
        if families.contains_key(&number) {
            continue;
        }
        let family = journal.family(name, number);
        let known = family.iter().filter_map(|member| positions.get(member));
        let all: Vec<StatementPosition> = known.flatten().copied().collect();
        families.extend(family.into_iter().map(|member| (member, all.clone())));
    }
    positions.extend(families);
    positions
}

/// The number of every entity of a collection that the ledger speaks of, and of those that it speaks of
/// through others, with the statements on its family.
pub fn statements_by_entity(
    shared: &Shared,
    journal: &Journal,
    collection: &Collection,
) -> Result<BTreeMap<u64, Vec<StatementPosition>>, StoreError> {
    let mut all: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
    each_statement(
        shared,
        journal.entries(),
        collection,
        &mut |_, _, position, statement| {
            all.entry(statement.entity.number())
                .or_default()
                .push(position);
            Ok(())
        },
    )?;
    Ok(with_families(journal, collection, all))
}

/// The printed id of an entity of a collection.
pub fn id_of(collection: &Collection, number: u64) -> String {
    EntityId::new(collection.register, number).map_or_else(String::new, |id| id.to_string())
}
