//! What a request has read: a store that notes what it hands out.
//!
//! It lies outside all that narrows or masks, so that it notes what its caller got and nothing that was
//! only looked at to decide. A record whose body was handed out is noted by its id. Of what was only
//! counted, grouped or compared, the collection and the number of records are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use record::{EntityId, Predicate, Transaction, Value};
use register::{
    Deadline, Group, GroupKey, Grouping, Keyed, Listing, Name, NameQuery, Page, Publication,
    Record, Search, SourcedStatement, Store, StoreError, TimeScope, View,
};
use schema::Catalog;

/// What has been read so far, by one request.
#[derive(Debug, Default)]
pub struct Touched {
    collections: Mutex<Vec<OfCollection>>,
    /// The last transaction of the first state that was read.
    transaction: OnceLock<Transaction>,
}

/// What has been read of one collection. A request reads few of them: a list is searched faster than a map.
#[derive(Clone, Debug)]
struct OfCollection {
    collection: String,
    records: Vec<EntityId>,
    counted: u64,
}

/// What was read, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// The records whose bodies were handed out, by collection: ascending, each once.
    pub records: BTreeMap<String, Vec<EntityId>>,
    /// How many records were counted, grouped or compared, by collection; one that was read twice
    /// counts twice.
    pub counted: BTreeMap<String, u64>,
}

/// What had been read at some moment.
#[derive(Debug)]
pub struct Mark(Vec<OfCollection>);

impl Touches {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.counted.is_empty()
    }
}

impl Touched {
    /// A record was handed out.
    pub fn record(&self, collection: &str, id: EntityId) {
        self.of(collection, |of| of.records.push(id));
    }

    /// Records were handed out.
    pub fn records(&self, collection: &str, ids: impl Iterator<Item = EntityId>) {
        self.of(collection, |of| of.records.extend(ids));
    }

    /// So many records were counted, grouped or compared.
    pub fn counted(&self, collection: &str, number: u64) {
        self.of(collection, |of| of.counted += number);
    }

    /// The last transaction of the first state that was read; `None` where none was.
    pub fn transaction(&self) -> Option<Transaction> {
        self.transaction.get().copied()
    }

    /// How far reading has come, for what may have to be begun again.
    pub fn mark(&self) -> Mark {
        Mark(self.held().clone())
    }

    /// Forgets what was read since a mark by an attempt of which nothing was handed out.
    pub fn return_to(&self, mark: Mark) {
        *self.held() = mark.0;
    }

    /// What was read since it was last taken.
    pub fn take(&self) -> Touches {
        let mut touches = Touches::default();
        for of in self.held().drain(..) {
            let OfCollection {
                collection,
                mut records,
                counted,
            } = of;
            if counted > 0 {
                touches.counted.insert(collection.clone(), counted);
            }
            if !records.is_empty() {
                records.sort_unstable();
                records.dedup();
                touches.records.insert(collection, records);
            }
        }
        touches
    }

    fn of(&self, collection: &str, note: impl FnOnce(&mut OfCollection)) {
        let mut all = self.held();
        let place = all.iter().position(|of| of.collection == collection);
        let place = place.unwrap_or_else(|| {
            all.push(OfCollection {
                collection: collection.to_owned(),
                records: Vec::new(),
                counted: 0,
            });
            all.len() - 1
        });
        note(&mut all[place]);
    }

    /// A thread that panicked while it held the list has left it whole: notes are only pushed.
    fn held(&self) -> MutexGuard<'_, Vec<OfCollection>> {
        self.collections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store that notes what it hands out.
pub struct Traced {
    store: Arc<dyn Store>,
    touched: Arc<Touched>,
    now: i64,
}

impl Traced {
    /// This store, noting there. "Now" is one instant for the whole request, so that what is answered
    /// can be answered again.
    pub fn new(store: Arc<dyn Store>, touched: Arc<Touched>) -> Traced {
        let now = store.now();
        Traced {
            store,
            touched,
            now,
        }
    }
}

impl Store for Traced {
    fn catalog(&self) -> &Arc<Catalog> {
        self.store.catalog()
    }

    fn view(&self) -> Arc<dyn View> {
        let view = self.store.view();
        self.touched.transaction.get_or_init(|| view.transaction());
        Arc::new(TracedView {
            view,
            touched: self.touched.clone(),
        })
    }

    fn transaction_at(&self, instant: i64) -> Transaction {
        self.store.transaction_at(instant)
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn instant_of(&self, transaction: Transaction) -> Option<i64> {
        self.store.instant_of(transaction)
    }

    fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        self.store.publications()
    }

    fn reads(&self, collection: &str) -> bool {
        self.store.reads(collection)
    }

    fn is_synthetic(&self) -> bool {
        self.store.is_synthetic()
    }

    fn size_on_disk(&self) -> (u64, u64) {
        self.store.size_on_disk()
    }
}

struct TracedView {
    view: Arc<dyn View>,
    touched: Arc<Touched>,
}

impl TracedView {
    fn handed_out(&self, collection: &str, record: Option<&Record>) {
        if let Some(record) = record {
            self.touched.record(collection, record.id);
        }
    }
}

impl View for TracedView {
    fn transaction(&self) -> Transaction {
        self.view.transaction()
    }

    fn search(&self, collection: &str, search: &Search) -> Result<Page, StoreError> {
        let page = self.view.search(collection, search)?;
        let ids = page.records.iter().map(|record| record.id);
        self.touched.records(collection, ids);
        Ok(page)
    }

    fn each(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        each: &mut dyn FnMut(Record) -> bool,
    ) -> Result<(), StoreError> {
        self.view.each(collection, predicate, time, &mut |record| {
            self.touched.record(collection, record.id);
            each(record)
        })
    }

    fn count(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        let count = self.view.count(collection, predicate, time, deadline)?;
        self.touched.counted(collection, count);
        Ok(count)
    }

    fn group(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        deadline: Deadline,
    ) -> Result<Vec<Group>, StoreError> {
        let groups = self
            .view
            .group(collection, predicate, time, grouping, deadline)?;
        let count = groups.iter().map(|group| group.count).sum();
        self.touched.counted(collection, count);
        Ok(groups)
    }

    fn names(
        &self,
        collection: &str,
        field: &str,
        asked: &NameQuery,
        time: TimeScope,
        limit: usize,
    ) -> Result<Vec<Name>, StoreError> {
        let names = self.view.names(collection, field, asked, time, limit)?;
        self.touched.counted(collection, names.len() as u64);
        Ok(names)
    }

    fn estimate(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        // It looks at no record.
        self.view.estimate(collection, predicate, time, deadline)
    }

    fn numbers(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        field: Option<&str>,
    ) -> Result<Vec<u64>, StoreError> {
        let numbers = self.view.numbers(collection, listing, field)?;
        self.touched.counted(collection, numbers.len() as u64);
        Ok(numbers)
    }

    fn keyed(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        key: &GroupKey,
    ) -> Result<Keyed, StoreError> {
        let keyed = self.view.keyed(collection, listing, key)?;
        let count = keyed.rows.len() as u64;
        self.touched.counted(collection, count);
        Ok(keyed)
    }

    fn shapes(&self, collection: &str, listing: &Listing<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
        let shapes = self.view.shapes(collection, listing)?;
        self.touched.counted(collection, shapes.len() as u64);
        Ok(shapes)
    }

    fn read(
        &self,
        collection: &str,
        id: EntityId,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let record = self.view.read(collection, id, time)?;
        self.handed_out(collection, record.as_ref());
        Ok(record)
    }

    fn successor(
        &self,
        collection: &str,
        id: EntityId,
        known: Transaction,
    ) -> Result<Option<EntityId>, StoreError> {
        let successor = self.view.successor(collection, id, known)?;
        if successor.is_some() {
            self.touched.record(collection, id);
        }
        Ok(successor)
    }

    fn lookup(
        &self,
        collection: &str,
        key: &[Value],
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let record = self.view.lookup(collection, key, time)?;
        self.handed_out(collection, record.as_ref());
        Ok(record)
    }

    fn versions(&self, collection: &str, id: EntityId) -> Result<Vec<Record>, StoreError> {
        let versions = self.view.versions(collection, id)?;
        self.handed_out(collection, versions.first());
        Ok(versions)
    }

    fn version(&self, collection: &str, id: EntityId) -> Result<Option<Transaction>, StoreError> {
        self.view.version(collection, id)
    }

    fn bounds(&self, collection: &str) -> Result<Option<[f64; 4]>, StoreError> {
        self.view.bounds(collection)
    }

    fn statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError> {
        let statements = self.view.statements(collection, id)?;
        if !statements.is_empty() {
            self.touched.record(collection, id);
        }
        Ok(statements)
    }
}
