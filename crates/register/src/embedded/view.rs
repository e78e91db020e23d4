//! One frozen state of all collections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use index::{CollectionIndex, Search, Snapshot, Sort, SortKey, TimeScope};
use ledger::Ledger;
use record::{
    CompactString, EntityId, Predicate, RegisterLetter, StatementPosition, Transaction, Value,
};
use schema::{Catalog, Collection};

use crate::codec;
use crate::journal::Journal;
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
    snapshots: BTreeMap<String, Snapshot>,
}

impl EmbeddedView {
    pub(super) fn open(
        catalog: &Arc<Catalog>,
        ledger: &Ledger,
        journal: &Arc<Journal>,
        indexes: &BTreeMap<String, CollectionIndex>,
    ) -> Result<EmbeddedView, StoreError> {
        let snapshots = indexes
            .iter()
            .map(|(name, index)| Ok((name.clone(), index.snapshot()?)))
            .collect::<Result<_, StoreError>>()?;
        Ok(EmbeddedView {
            catalog: catalog.clone(),
            ledger: ledger.clone(),
            journal: journal.clone(),
            snapshots,
        })
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
        self.one(collection, &Predicate::Key(key.to_vec()), time)
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
        let snapshot = self.snapshot(collection)?;
        let schema = self.collection(collection)?;
        let silent = self.journal.silent_positions(collection, id.number());
        let mut positions: BTreeSet<StatementPosition> = silent.iter().copied().collect();
        for hit in self.rectangles(id, collection)?.hits {
            positions.extend(codec::decode_positions(
                &snapshot.stored(hit.address)?.statements,
            )?);
        }
        positions
            .into_iter()
            .map(|position| self.sourced(schema, position))
            .collect()
    }
}

impl EmbeddedView {
    fn sourced(
        &self,
        collection: &Collection,
        position: StatementPosition,
    ) -> Result<SourcedStatement, StoreError> {
        let log = &collection.register_name;
        let block = self.ledger.read(log, position.block)?;
        let block = codec::decode(&block.payload, collection.register, |_| Some(collection))?;
        let missing = || StoreError::Damaged(format!("{log} block {} is short", position.block));
        let statement = block
            .statements
            .into_iter()
            .nth(position.place as usize)
            .ok_or_else(missing)?;
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
