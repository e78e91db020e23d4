//! One frozen state of all collections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use index::{CollectionIndex, Search, Snapshot, Sort, SortKey, TimeScope};
use ledger::Ledger;
use record::{
    CompactString, EntityId, Predicate, RegisterLetter, StatementPosition, Transaction, Value,
};
use schema::{Catalog, Collection};

use super::targets::Snapshots;
use crate::codec;
use crate::fold::Spoken;
use crate::journal::Journal;
use crate::standing::Standing;
use crate::store::{
    Deadline, Direction, Group, GroupKey, Grouping, Page, Record, SourcedStatement, StoreError,
    View, last_change,
};

/// The most rectangles of one record that are listed.
const MAXIMUM_VERSIONS: usize = 10_000;

/// A frozen state.
pub struct EmbeddedView {
    catalog: Arc<Catalog>,
    ledger: Ledger,
    journal: Arc<Journal>,
    snapshots: Snapshots,
}

impl EmbeddedView {
    pub(super) fn open(
        catalog: &Arc<Catalog>,
        ledger: &Ledger,
        journal: &Arc<Journal>,
        indexes: &BTreeMap<String, CollectionIndex>,
    ) -> Result<EmbeddedView, StoreError> {
        let snapshots = snapshots(indexes)?;
        Ok(EmbeddedView {
            catalog: catalog.clone(),
            ledger: ledger.clone(),
            journal: journal.clone(),
            snapshots,
        })
    }

    /// The journal as of this state.
    pub(super) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// The indexes as of this state.
    pub(super) fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    pub(super) fn snapshot(&self, collection: &str) -> Result<&Snapshot, StoreError> {
        self.snapshots
            .get(collection)
            .ok_or_else(|| StoreError::UnknownCollection(collection.to_string()))
    }

    fn collection(&self, name: &str) -> Result<&Arc<Collection>, StoreError> {
        self.catalog
            .collection(name)
            .ok_or_else(|| StoreError::UnknownCollection(name.to_string()))
    }

    fn one(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let search = Search {
            predicate,
            time,
            sort: &[],
            after: None,
            limit: 1,
            deadline: Deadline::NONE,
        };
        Ok(self.search(collection, &search)?.records.into_iter().next())
    }

    fn rectangles(&self, id: EntityId, collection: &str) -> Result<index::Found, StoreError> {
        let predicate = Predicate::Ids(vec![id]);
        let by = |key| Sort {
            key,
            direction: Direction::Ascending,
        };
        let search = Search {
            predicate: &predicate,
            time: TimeScope::All,
            sort: &[by(SortKey::KnownFrom), by(SortKey::ValidFrom)],
            after: None,
            limit: MAXIMUM_VERSIONS,
            deadline: Deadline::NONE,
        };
        Ok(self.snapshot(collection)?.search(&search)?)
    }
}

/// The committed state of all indexes.
pub(super) fn snapshots(
    indexes: &BTreeMap<String, CollectionIndex>,
) -> Result<Snapshots, StoreError> {
    let snapshots = indexes
        .iter()
        .map(|(name, index)| Ok((name.clone(), index.snapshot()?)));
    Ok(Arc::new(snapshots.collect::<Result<_, StoreError>>()?))
}

fn record_of(
    snapshot: &Snapshot,
    register: RegisterLetter,
    hit: index::Hit,
) -> Result<Record, StoreError> {
    let damaged = |reason: String| StoreError::Damaged(reason);
    let id = EntityId::new(register, hit.number)
        .ok_or_else(|| damaged("an entity number past 45 bits".to_string()))?;
    let body = String::from_utf8(snapshot.body(hit.address)?)
        .map_err(|_| damaged(format!("the body of {id} is no UTF-8")))?;
    Ok(Record {
        id,
        body,
        validity: hit.validity,
        known: hit.known,
        values: hit.values,
    })
}

impl View for EmbeddedView {
    fn transaction(&self) -> Transaction {
        self.journal.last()
    }

    fn search(&self, collection: &str, search: &Search) -> Result<Page, StoreError> {
        let snapshot = self.snapshot(collection)?;
        let register = self.collection(collection)?.register;
        let found = snapshot.search(search)?;
        let next = found.next(search.limit);
        let records = found
            .hits
            .into_iter()
            .map(|hit| record_of(snapshot, register, hit))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page {
            records,
            total: found.total,
            next,
        })
    }

    fn count(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        Ok(self
            .snapshot(collection)?
            .count(predicate, time, deadline)?)
    }

    fn group(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        deadline: Deadline,
    ) -> Result<Vec<Group>, StoreError> {
        let schema = self.collection(collection)?;
        let mut groups = self
            .snapshot(collection)?
            .group(predicate, time, grouping, deadline)?;
        for (place, key) in grouping.keys.iter().enumerate() {
            let GroupKey::Field(name) = key else { continue };
            let target = schema.field(name).and_then(|(_, field)| field.target());
            let Some(target) = target.and_then(|target| self.catalog.collection(target)) else {
                continue;
            };
            for group in &mut groups {
                if let Some(number) = &mut group.key[place]
                    && let Some(id) = number
                        .parse()
                        .ok()
                        .and_then(|number| EntityId::new(target.register, number))
                {
                    *number = CompactString::from(id.to_string());
                }
            }
        }
        Ok(groups)
    }

    fn read(
        &self,
        collection: &str,
        id: EntityId,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        self.one(collection, &Predicate::Ids(vec![id]), time)
    }

    fn lookup(
        &self,
        collection: &str,
        key: &[Value],
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let predicate = Predicate::Key(key.to_vec());
        let found = self.one(collection, &predicate, time)?;
        if found.is_some() || self.journal.linked(collection).next().is_none() {
            return Ok(found);
        }
        let known = match time {
            TimeScope::At(as_of) => as_of.known,
            TimeScope::During(_, known) => known,
            TimeScope::Present(_) | TimeScope::All => self.journal.last(),
        };
        let Some(before) = self.one(collection, &predicate, TimeScope::All)? else {
            return Ok(None);
        };
        let successor = self.successor(collection, before.id, known)?;
        self.read(collection, successor.unwrap_or(before.id), time)
    }

    fn successor(
        &self,
        collection: &str,
        id: EntityId,
        known: Transaction,
    ) -> Result<Option<EntityId>, StoreError> {
        if !self.journal.is_linked(collection, id.number()) {
            return Ok(None);
        }
        let said = self.family_statements(collection, id)?;
        let spoken: Vec<Spoken> = said.into_iter().map(spoken).collect();
        let successor = Standing::at(&spoken, known).successor(id.number());
        Ok(EntityId::new(id.register(), successor).filter(|successor| *successor != id))
    }

    fn versions(&self, collection: &str, id: EntityId) -> Result<Vec<Record>, StoreError> {
        let snapshot = self.snapshot(collection)?;
        let register = self.collection(collection)?.register;
        let found = self.rectangles(id, collection)?;
        found
            .hits
            .into_iter()
            .map(|hit| record_of(snapshot, register, hit))
            .collect()
    }

    fn version(&self, collection: &str, id: EntityId) -> Result<Option<Transaction>, StoreError> {
        // Bodies are not read.
        let hits = self.rectangles(id, collection)?.hits;
        Ok(last_change(hits.iter().map(|hit| hit.known)))
    }

    fn bounds(&self, collection: &str) -> Result<Option<[f64; 4]>, StoreError> {
        Ok(self.snapshot(collection)?.bounds()?)
    }

    fn statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError> {
        let mut said = self.family_statements(collection, id)?;
        if self.journal.is_linked(collection, id.number()) {
            let number = id.number();
            let all: Vec<Spoken> = said.iter().cloned().map(spoken).collect();
            let mut knowledge: Vec<Transaction> = all.iter().map(|one| one.known).collect();
            knowledge.dedup();
            let standings: Vec<Standing> = knowledge
                .iter()
                .map(|known| Standing::at(&all, *known))
                .collect();
            said.retain(|one| {
                let entity = one.statement.entity.number();
                let counts = |standing: &Standing| standing.owner(entity, one.position) == number;
                entity == number || standings.iter().any(counts)
            });
        }
        Ok(said)
    }
}

/// What a statement says, and who said it when.
fn spoken(sourced: SourcedStatement) -> Spoken {
    Spoken {
        position: sourced.position,
        known: sourced.known,
        department: Arc::from(sourced.department),
        statement: sourced.statement,
    }
}

impl EmbeddedView {
    /// The statements on an entity and its family, in the order in which they became known.
    fn family_statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError> {
        let snapshot = self.snapshot(collection)?;
        let schema = self.collection(collection)?;
        let mut positions: BTreeSet<StatementPosition> = BTreeSet::new();
        for member in self.journal.family(collection, id.number()) {
            positions.extend(
                self.journal
                    .silent_positions(collection, member)
                    .iter()
                    .copied(),
            );
            let Some(member) = EntityId::new(id.register(), member) else {
                continue;
            };
            for hit in self.rectangles(member, collection)?.hits {
                positions.extend(codec::decode_positions(
                    &snapshot.stored(hit.address)?.statements,
                )?);
            }
        }
        positions
            .into_iter()
            .map(|position| self.sourced(schema, position))
            .collect()
    }

    fn sourced(
        &self,
        collection: &Collection,
        position: StatementPosition,
    ) -> Result<SourcedStatement, StoreError> {
        let log = &collection.register_name;
        let block = self.ledger.read(log, position.block)?;
        let block = codec::open(block, collection.register, |_| Some(collection))?;
        let missing = || StoreError::Damaged(format!("{log} block {} is short", position.block));
        let statement = block.statement(position.place)?.ok_or_else(missing)?;
        Ok(SourcedStatement {
            position,
            known: self
                .journal
                .transaction_of(log, position.block)
                .ok_or_else(missing)?,
            collection: block.origin.collection,
            department: block.origin.department,
            source: block.origin.source,
            load: block.origin.load,
            statement,
        })
    }
}
