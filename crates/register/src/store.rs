//! The store as a trait: what everything above this crate sees of the data, and all it may assume.
//!
//! A [`View`] is one frozen state of all collections: every read through it sees the same. No type
//! of an engine crosses this trait, so that another store can take its place.

use std::sync::Arc;

use record::{EntityId, Predicate, Statement, StatementPosition, Transaction, Validity, Value};
use schema::Catalog;
use serde::{Deserialize, Serialize};

pub use index::{
    After, Deadline, Direction, Group, GroupKey, Grouping, Keyed, Listing, Measure, MeasureKind,
    MeasureValue, Name, NameQuery, Search, Sort, SortKey, SortValue, TimeScope,
};

/// Why a store cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such collection.
    #[error("there is no collection '{0}'")]
    UnknownCollection(String),
    /// The index: bad queries, time limits, files.
    #[error(transparent)]
    Index(#[from] index::IndexError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] ledger::LedgerError),
    /// A stored record or statement cannot be read.
    #[error("stored data cannot be read: {0}")]
    Damaged(String),
    /// A file or folder of the data directory.
    #[error("{path}: {source}")]
    Files {
        /// Where.
        path: std::path::PathBuf,
        /// What.
        source: std::io::Error,
    },
    /// What a load must remember cannot be kept on disk.
    #[error("the scratch folder of the data directory: {0}")]
    Scratch(#[from] std::io::Error),
    /// Whoever asks may know of the collection, but not do this with it, or not ask by this field.
    #[error("'{what}' is not permitted with the collection '{collection}'")]
    NotPermitted {
        /// The collection.
        collection: String,
        /// What is done, or the field.
        what: String,
    },
    /// The data directory does not fit what is asked of it.
    #[error("{0}")]
    Refused(String),
}

/// One record as of a pair of times.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Whose.
    pub id: EntityId,
    /// A JSON object: `{"geometry":…,"properties":{…}}`. Geometry is GeoJSON or null; properties are in
    /// schema order, absent where there is no value; references are ids. Where there is cause, it has
    /// `"held":{field:[key…]}` for references that do not resolve,
    /// `"conflicts":{field:[{"department","value","since"}…]}` for values that lost, and
    /// `"disputes":{field:{"state","by","since"}}` for fields in doubt.
    pub body: String,
    /// When it is true in the world.
    pub validity: Validity,
    /// From which transaction on it is believed, and from which no longer.
    pub known: (Transaction, Transaction),
    /// The values it was ordered by.
    pub values: Vec<SortValue>,
}

/// One page of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records, in order.
    pub records: Vec<Record>,
    /// How many match in all.
    pub total: u64,
    /// Where to go on, if there is more.
    pub next: Option<After>,
}

/// A statement, with who made it and when it became known.
#[derive(Clone, Debug, PartialEq)]
pub struct SourcedStatement {
    /// Where it stands in the ledger.
    pub position: StatementPosition,
    /// The transaction that published it.
    pub known: Transaction,
    /// The collection its fields belong to.
    pub collection: String,
    /// The department that said it.
    pub department: String,
    /// The source mapping it came through.
    pub source: String,
    /// The load it came with.
    pub load: String,
    /// What it says. Field numbers are the collection's.
    pub statement: Statement,
}

/// The last time that a department published something through a source, or sent what it had published
/// before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The collection.
    pub collection: String,
    /// The source.
    pub source: String,
    /// The department.
    pub department: String,
    /// When, in microseconds since 1970 UTC.
    pub instant: i64,
}

/// One frozen state of all collections.
pub trait View: Send + Sync {
    /// The last transaction it knows.
    fn transaction(&self) -> Transaction;

    /// A page of the records that match.
    fn search(&self, collection: &str, search: &Search) -> Result<Page, StoreError>;

    /// Calls `each` with every record that matches, in no order that means anything, until it answers
    /// `false`. However many there are, no more than a page is in memory.
    fn each(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        each: &mut dyn FnMut(Record) -> bool,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.search(
                collection,
                &Search {
                    predicate,
                    time,
                    sort: &[],
                    after: after.as_ref(),
                    limit: 1000,
                    deadline: Deadline::NONE,
                },
            )?;
            after = page.next;
            if !page.records.into_iter().all(&mut *each) || after.is_none() {
                return Ok(());
            }
        }
    }

    /// How many records match.
    fn count(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError>;

    /// Groups of the records that match, ordered by key. A reference's key is printed as its id.
    fn group(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        deadline: Deadline,
    ) -> Result<Vec<Group>, StoreError>;

    /// Names of a field that begin so or are read so, the most frequent first, at most so many; the field
    /// is one of names. It is bounded work: of very many some are told. They are names of records that a
    /// read at these times may see: whether it sees one is for a search to tell.
    fn names(
        &self,
        collection: &str,
        field: &str,
        asked: &NameQuery,
        time: TimeScope,
        limit: usize,
    ) -> Result<Vec<Name>, StoreError>;

    /// About how many records match, without looking at them: for choosing what to do first.
    fn estimate(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError>;

    /// The numbers of the records that match, or of those that a reference field of theirs names:
    /// ascending, each once.
    fn numbers(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        field: Option<&str>,
    ) -> Result<Vec<u64>, StoreError>;

    /// The records that match, ascending, each with its value of a key. A reference's key is the number
    /// of the entity it names.
    fn keyed(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        key: &GroupKey,
    ) -> Result<Keyed, StoreError>;

    /// The geometries of the records that match, as well-known binary.
    fn shapes(&self, collection: &str, listing: &Listing<'_>) -> Result<Vec<Vec<u8>>, StoreError>;

    /// One record; `None` where there is none at that time.
    fn read(
        &self,
        collection: &str,
        id: EntityId,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError>;

    /// The entity that another one was merged into, as known by a transaction, and that one into which;
    /// `None` where it was not merged by then.
    fn successor(
        &self,
        collection: &str,
        id: EntityId,
        known: Transaction,
    ) -> Result<Option<EntityId>, StoreError>;

    /// The record with this natural key; where its entity was merged, the other one's.
    fn lookup(
        &self,
        collection: &str,
        key: &[Value],
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError>;

    /// Every rectangle of a record, ordered by knowledge, then validity.
    fn versions(&self, collection: &str, id: EntityId) -> Result<Vec<Record>, StoreError>;

    /// The last transaction that changed anything of a record, on any day; `None` where there never was
    /// one. What happened to other records does not move it.
    fn version(&self, collection: &str, id: EntityId) -> Result<Option<Transaction>, StoreError> {
        let all = self.versions(collection, id)?;
        Ok(last_change(all.iter().map(|record| record.known)))
    }

    /// A box around the geometries of a collection, whenever they hold: minimum longitude, minimum
    /// latitude, maximum longitude, maximum latitude, in degrees. It may be wider than need be.
    fn bounds(&self, collection: &str) -> Result<Option<[f64; 4]>, StoreError>;

    /// Every statement made of an entity, and every one that counts for it or did, in the order in which
    /// they became known.
    fn statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError>;
}

/// The last transaction at which one of these intervals of knowledge began or ended.
pub(crate) fn last_change(
    known: impl Iterator<Item = (Transaction, Transaction)>,
) -> Option<Transaction> {
    known
        .flat_map(|(from, to)| [from, to])
        .filter(|one| *one < Transaction::MAX)
        .max()
}

/// A store of all registers.
pub trait Store: Send + Sync {
    /// The schemas it was opened with.
    fn catalog(&self) -> &Arc<Catalog>;

    /// The state last published.
    fn view(&self) -> Arc<dyn View>;

    /// The last transaction published at or before an instant (microseconds since 1970 UTC).
    fn transaction_at(&self, instant: i64) -> Transaction;

    /// What "now" means to whoever reads (microseconds since 1970 UTC): the clock's instant, unless the
    /// store shows another.
    fn now(&self) -> i64 {
        crate::now()
    }

    /// When a transaction was published (microseconds since 1970 UTC).
    fn instant_of(&self, transaction: Transaction) -> Option<i64>;

    /// When each department last published something of a collection, by source, or confirmed that
    /// what it has published still holds.
    fn publications(&self) -> Result<Vec<Publication>, StoreError>;

    /// Whether whoever is given this store may read records of a collection, and not only know of it.
    fn reads(&self, _collection: &str) -> bool {
        true
    }

    /// Whether the data directory was made for synthetic data.
    fn is_synthetic(&self) -> bool;

    /// Bytes on disk: ledger and index.
    fn size_on_disk(&self) -> (u64, u64);
}
