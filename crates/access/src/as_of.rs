//! A store as it stood: what a reader was told at another time is told again.
//!
//! "Now" is the instant it was, the last transaction the one that was known then. What was written since
//! is not there, and what it ended has not ended yet.

use std::sync::Arc;

use record::{AsOf, EntityId, Predicate, Transaction, Value};
use register::{
    Deadline, Group, GroupKey, Grouping, Keyed, Listing, Name, NameQuery, Page, Publication,
    Record, Search, SourcedStatement, Store, StoreError, TimeScope, View,
};
use schema::Catalog;

/// When a store was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The last transaction that was known.
    pub transaction: Transaction,
    /// What "now" meant (microseconds since 1970 UTC).
    pub instant: i64,
}

/// A store as it stood.
pub struct Earlier {
    store: Arc<dyn Store>,
    moment: Moment,
}

impl Earlier {
    /// This store as it stood then.
    pub fn new(store: Arc<dyn Store>, moment: Moment) -> Earlier {
        Earlier { store, moment }
    }
}

impl Store for Earlier {
    fn catalog(&self) -> &Arc<Catalog> {
        self.store.catalog()
    }

    fn view(&self) -> Arc<dyn View> {
        let view = self.store.view();
        Arc::new(EarlierView {
            known: self.moment.transaction.min(view.transaction()),
            view,
        })
    }

    fn transaction_at(&self, instant: i64) -> Transaction {
        self.store.transaction_at(instant)
    }

    fn now(&self) -> i64 {
        self.moment.instant
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

struct EarlierView {
    view: Arc<dyn View>,
    known: Transaction,
}

impl EarlierView {
    /// The same question, asked then.
    fn scope(&self, time: TimeScope) -> TimeScope {
        match time {
            TimeScope::Present(valid) => TimeScope::At(AsOf {
                valid,
                known: self.known,
            }),
            TimeScope::At(AsOf { valid, known }) => TimeScope::At(AsOf {
                valid,
                known: known.min(self.known),
            }),
            TimeScope::During(days, known) => TimeScope::During(days, known.min(self.known)),
            TimeScope::All => TimeScope::All,
        }
    }

    /// What was known of a record; nothing where it was not known yet.
    fn then(&self, mut record: Record) -> Option<Record> {
        if record.known.0 > self.known {
            return None;
        }
        if record.known.1 > self.known {
            record.known.1 = Transaction::MAX;
        }
        Some(record)
    }
}

impl View for EarlierView {
    fn transaction(&self) -> Transaction {
        self.known
    }

    fn search(&self, collection: &str, search: &Search) -> Result<Page, StoreError> {
        let time = self.scope(search.time);
        let page = self.view.search(collection, &Search { time, ..*search })?;
        let records = page.records.into_iter();
        Ok(Page {
            records: records.filter_map(|record| self.then(record)).collect(),
            ..page
        })
    }

    fn each(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        each: &mut dyn FnMut(Record) -> bool,
    ) -> Result<(), StoreError> {
        let time = self.scope(time);
        self.view.each(collection, predicate, time, &mut |record| {
            self.then(record).is_none_or(&mut *each)
        })
    }

    fn count(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        let time = self.scope(time);
        self.view.count(collection, predicate, time, deadline)
    }

    fn group(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        deadline: Deadline,
    ) -> Result<Vec<Group>, StoreError> {
        let time = self.scope(time);
        self.view
            .group(collection, predicate, time, grouping, deadline)
    }

    fn names(
        &self,
        collection: &str,
        field: &str,
        asked: &NameQuery,
        time: TimeScope,
        limit: usize,
    ) -> Result<Vec<Name>, StoreError> {
        let time = self.scope(time);
        self.view.names(collection, field, asked, time, limit)
    }

    fn estimate(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        let time = self.scope(time);
        self.view.estimate(collection, predicate, time, deadline)
    }

    fn numbers(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        field: Option<&str>,
    ) -> Result<Vec<u64>, StoreError> {
        let time = self.scope(listing.time);
        let listing = Listing { time, ..*listing };
        self.view.numbers(collection, &listing, field)
    }

    fn keyed(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        key: &GroupKey,
    ) -> Result<Keyed, StoreError> {
        let time = self.scope(listing.time);
        let listing = Listing { time, ..*listing };
        self.view.keyed(collection, &listing, key)
    }

    fn shapes(&self, collection: &str, listing: &Listing<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
        let time = self.scope(listing.time);
        let listing = Listing { time, ..*listing };
        self.view.shapes(collection, &listing)
    }

    fn read(
        &self,
        collection: &str,
        id: EntityId,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let found = self.view.read(collection, id, self.scope(time))?;
        Ok(found.and_then(|record| self.then(record)))
    }

    fn successor(
        &self,
        collection: &str,
        id: EntityId,
        known: Transaction,
    ) -> Result<Option<EntityId>, StoreError> {
        let known = known.min(self.known);
        self.view.successor(collection, id, known)
    }

    fn lookup(
        &self,
        collection: &str,
        key: &[Value],
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let found = self.view.lookup(collection, key, self.scope(time))?;
        Ok(found.and_then(|record| self.then(record)))
    }

    fn versions(&self, collection: &str, id: EntityId) -> Result<Vec<Record>, StoreError> {
        let versions = self.view.versions(collection, id)?.into_iter();
        Ok(versions.filter_map(|record| self.then(record)).collect())
    }

    fn bounds(&self, collection: &str) -> Result<Option<[f64; 4]>, StoreError> {
        self.view.bounds(collection)
    }

    fn statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError> {
        let mut statements = self.view.statements(collection, id)?;
        statements.retain(|statement| statement.known <= self.known);
        Ok(statements)
    }
}
