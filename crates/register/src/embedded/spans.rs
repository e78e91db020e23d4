//! Whom keys lead to, and when, worked out from the ledger: where an index does not know it yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use index::key_hash;
use record::{EntityId, RegisterLetter, StatementKind, StatementPosition, Transaction, Value};
use schema::Collection;

use super::Shared;
use super::composer::Composer;
use super::key_map::KeyMap;
use super::replay::each_statement;
use super::single::key_of;
use crate::fold::{Spoken, TargetSpan, presence};
use crate::journal::{Journal, Published};
use crate::standing::Standing;
use crate::store::StoreError;

/// Whether a statement may change whom a reference leads to, besides giving somebody a first day.
pub fn shakes(kind: &StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::End
            | StatementKind::Retract(_)
            | StatementKind::Merge { .. }
            | StatementKind::Split { .. }
    )
}

/// The stretches of knowledge in which an entity is merged into another, and into which, given the
/// statements on its family.
pub fn redirections(number: u64, spoken: &[Spoken]) -> Vec<((Transaction, Transaction), u64)> {
    let mut knowledge: Vec<Transaction> = spoken.iter().map(|one| one.known).collect();
    knowledge.dedup();
    let ends = knowledge.iter().skip(1).copied().chain([Transaction::MAX]);
    let mut all: Vec<((Transaction, Transaction), u64)> = Vec::new();
    for (from, to) in knowledge.iter().copied().zip(ends) {
        let successor = Standing::at(spoken, from).successor(number);
        match all.last_mut() {
            Some((known, other)) if *other == successor && known.1 == from => known.1 = to,
            _ => all.push(((from, to), successor)),
        }
    }
    all.retain(|(_, successor)| *successor != number);
    all
}

/// What indexes lack as yet, by collection.
pub type Lacking = HashMap<String, TargetKeys>;

/// A key that an index lacks: whose it is, and since when.
#[derive(Clone, Copy, Debug)]
struct NewKey {
    number: u64,
    known_from: Transaction,
}

/// Whom the keys of one collection lead to that its index lacks as yet, or knows wrongly.
pub struct TargetKeys {
    register: RegisterLetter,
    /// By the hash of the key.
    new: KeyMap<NewKey>,
    /// Keys that some statements take from their entity, or give back, in full.
    shaken: KeyMap<Vec<TargetSpan>>,
}

impl TargetKeys {
    /// Reads what these entries say. `whole`: they are all there are, and the index is empty.
    pub fn read(
        shared: &Shared,
        journal: &Arc<Journal>,
        entries: &[&Arc<Published>],
        collection: &Collection,
        whole: bool,
    ) -> Result<TargetKeys, StoreError> {
        let name = &collection.name;
        // What an entity without a day was called leads to nobody.
        let silent: BTreeSet<StatementPosition> = entries
            .iter()
            .filter(|entry| entry.load.collection == *name)
            .flat_map(|entry| &entry.load.silent)
            .flat_map(|one| one.positions.iter().copied())
            .collect();
        let mut new: KeyMap<NewKey> = KeyMap::default();
        let mut shaken: BTreeSet<u64> = BTreeSet::new();
        let mut each = |known, _: &str, position, statement: record::Statement| {
            let number = statement.entity.number();
            if shakes(&statement.kind) || journal.is_linked(name, number) {
                shaken.extend(journal.family(name, number));
            }
            if let StatementKind::Assert(fields) = &statement.kind
                && !silent.contains(&position)
            {
                let key = key_hash(&key_of(collection, fields));
                let known_from = known;
                new.entry(key).or_insert(NewKey { number, known_from });
            }
            Ok(())
        };
        each_statement(shared, entries.iter().copied(), collection, &mut each)?;
        let mut keys = TargetKeys {
            register: collection.register,
            new,
            shaken: KeyMap::default(),
        };
        if !shaken.is_empty() {
            keys.add_shaken(shared, journal, entries, collection, (&shaken, whole))?;
        }
        Ok(keys)
    }

    fn add_shaken(
        &mut self,
        shared: &Shared,
        journal: &Arc<Journal>,
        entries: &[&Arc<Published>],
        collection: &Collection,
        (shaken, whole): (&BTreeSet<u64>, bool),
    ) -> Result<(), StoreError> {
        let mut positions: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
        let mut each = |_, _: &str, position, statement: record::Statement| {
            let number = statement.entity.number();
            if shaken.contains(&number) {
                positions.entry(number).or_default().push(position);
            }
            Ok(())
        };
        each_statement(shared, entries.iter().copied(), collection, &mut each)?;
        let composer = Composer::new(shared, journal.clone(), None)?;
        for number in shaken {
            let family = journal.family(&collection.name, *number);
            let staged = family.iter().filter_map(|member| positions.get(member));
            let mut all: Vec<StatementPosition> = staged.flatten().copied().collect();
            if !whole {
                all.extend(composer.positions(collection, *number)?);
            }
            let spoken = composer.spoken(collection, all)?;
            let spans = self.spans_of(*number, &spoken);
            for key in keys_said(collection, *number, &spoken) {
                self.shaken.insert(key_hash(&key), spans.clone());
            }
        }
        Ok(())
    }

    /// Whom an entity's key leads to.
    fn spans_of(&self, number: u64, spoken: &[Spoken]) -> Vec<TargetSpan> {
        let mut spans = Vec::new();
        let mut add = |number: u64, within: (Transaction, Transaction)| {
            let Some(id) = EntityId::new(self.register, number) else {
                return;
            };
            for stretch in presence(number, spoken) {
                let known = (stretch.0.max(within.0), stretch.1.min(within.1));
                if known.0 < known.1 {
                    spans.push(TargetSpan { id, known });
                }
            }
        };
        add(number, (Transaction::ZERO, Transaction::MAX));
        for (known, successor) in redirections(number, spoken) {
            add(successor, known);
        }
        spans.sort_by_key(|span| span.known);
        spans
    }

    /// Whom the key of a hash leads to, where that is known better here than in the index; `indexed`
    /// says whether the index knows the key at all.
    pub fn spans(&self, key: u64, indexed: bool) -> Option<Vec<TargetSpan>> {
        if let Some(spans) = self.shaken.get(&key) {
            return Some(spans.clone());
        }
        let new = self.new.get(&key).filter(|_| !indexed)?;
        let id = EntityId::new(self.register, new.number)?;
        let known = (new.known_from, Transaction::MAX);
        Some(vec![TargetSpan { id, known }])
    }
}

/// The natural keys that statements made of an entity give it.
pub fn keys_said(collection: &Collection, number: u64, spoken: &[Spoken]) -> Vec<Vec<Value>> {
    let mut keys: Vec<Vec<Value>> = Vec::new();
    for one in spoken {
        if let StatementKind::Assert(fields) = &one.statement.kind
            && one.statement.entity.number() == number
        {
            let key = key_of(collection, fields);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}
