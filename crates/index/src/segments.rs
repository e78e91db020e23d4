//! What a snapshot keeps open of each segment: its tree, its orders, its columns.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use record::{Day, Transaction, Validity};
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::FastFieldReaders;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader, u64_to_i64};

use crate::bodies::Bodies;
use crate::error::IndexError;
use crate::layout::{Layout, columns};
use crate::lexicon::file::Lexicon;
use crate::lexicon::plugin as lexicons;
use crate::order::file::Order;
use crate::order::plugin as orders;
use crate::spatial::plugin as trees;
use crate::spatial::tree::Tree;

/// The open segments of a snapshot. They are opened with it: a file opened later may have been merged
/// away.
pub type Segments = Arc<HashMap<SegmentId, OpenSegment>>;

/// One open segment.
pub struct OpenSegment {
    /// Its spatial tree; none without geometry.
    pub tree: Option<Tree>,
    /// Its documents by the layout's ordered columns.
    pub orders: Vec<Order>,
    /// The names of the layout's named columns.
    pub lexicons: Vec<Lexicon>,
    /// The records as they are answered.
    pub bodies: Bodies,
    /// The columns that every segment has.
    pub system: SystemColumns,
    /// All columns, by name.
    pub columns: Columns,
}

impl OpenSegment {
    fn open(reader: &SegmentReader, layout: &Layout) -> Result<OpenSegment, IndexError> {
        Ok(OpenSegment {
            tree: trees::open(reader)?,
            orders: orders::open(reader, &layout.ordered)?,
            lexicons: lexicons::open(reader, &layout.named)?,
            bodies: Bodies::of(reader)?,
            system: SystemColumns::open(reader.fast_fields())?,
            columns: Columns::new(reader.fast_fields().clone()),
        })
    }
}

/// Opens the segments of a searcher.
pub fn open(
    searcher: &Searcher,
    layout: &Layout,
    into: &mut HashMap<SegmentId, OpenSegment>,
) -> Result<(), IndexError> {
    for reader in searcher.segment_readers() {
        into.insert(reader.segment_id(), OpenSegment::open(reader, layout)?);
    }
    Ok(())
}

/// The columns that every segment has; dates as order-preserving unsigned numbers.
pub struct SystemColumns {
    /// The entity's number.
    pub number: Column<u64>,
    /// The hash of the natural key.
    pub key: Column<u64>,
    /// The digest of the latest row.
    pub digest: Column<u64>,
    valid: [Column<u64>; 2],
    known: [Column<u64>; 2],
}

impl SystemColumns {
    fn open(fast: &FastFieldReaders) -> Result<SystemColumns, IndexError> {
        let column = |name: &str| match fast.u64_lenient(name)? {
            Some((column, _)) => Ok(column),
            None => Err(IndexError::from(tantivy::TantivyError::FieldNotFound(
                name.to_string(),
            ))),
        };
        Ok(SystemColumns {
            number: column(columns::NUMBER)?,
            key: column(columns::KEY)?,
            digest: column(columns::DIGEST)?,
            valid: [column(columns::VALID_FROM)?, column(columns::VALID_TO)?],
            known: [column(columns::KNOWN_FROM)?, column(columns::KNOWN_TO)?],
        })
    }

    /// The number of a document's entity.
    pub fn number(&self, document: DocId) -> u64 {
        self.number.first(document).unwrap_or_default()
    }

    /// When a document is true in the world.
    pub fn validity(&self, document: DocId) -> Validity {
        let [from, to] = &self.valid;
        let day = |column: &Column<u64>| {
            Day(u64_to_i64(column.first(document).unwrap_or_default()) as i32)
        };
        Validity {
            from: day(from),
            to: day(to),
        }
    }

    /// From which transaction to which a document is believed.
    pub fn known(&self, document: DocId) -> (Transaction, Transaction) {
        let [from, to] = &self.known;
        let transaction =
            |column: &Column<u64>| Transaction(column.first(document).unwrap_or_default());
        (transaction(from), transaction(to))
    }

    /// The latest first day and the earliest last one of all documents.
    pub fn boundaries(&self) -> (i64, i64) {
        let [from, to] = &self.valid;
        (u64_to_i64(from.max_value()), u64_to_i64(to.min_value()))
    }
}

/// Columns by name, opened when first asked for: opening one reads its dictionary.
pub struct Columns {
    fast: FastFieldReaders,
    numbers: RwLock<HashMap<String, Option<Column<u64>>>>,
    texts: RwLock<HashMap<String, Option<StrColumn>>>,
}

impl Columns {
    fn new(fast: FastFieldReaders) -> Columns {
        Columns {
            fast,
            numbers: RwLock::default(),
            texts: RwLock::default(),
        }
    }

    /// A column of numbers, mapped so that unsigned comparison orders them; none where the segment has
    /// no value.
    pub fn number(&self, name: &str) -> tantivy::Result<Option<Column<u64>>> {
        cached(&self.numbers, name, || {
            Ok(self.fast.u64_lenient(name)?.map(|(column, _)| column))
        })
    }

    /// A column of texts; none where the segment has no value.
    pub fn text(&self, name: &str) -> tantivy::Result<Option<StrColumn>> {
        cached(&self.texts, name, || self.fast.str(name))
    }
}

fn cached<C: Clone>(
    cache: &RwLock<HashMap<String, C>>,
    name: &str,
    open: impl FnOnce() -> tantivy::Result<C>,
) -> tantivy::Result<C> {
    // After a panic elsewhere the cache still holds whole columns.
    let held = cache.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(column) = held.get(name) {
        return Ok(column.clone());
    }
    drop(held);
    let column = open()?;
    let mut held = cache.write().unwrap_or_else(PoisonError::into_inner);
    held.insert(name.to_string(), column.clone());
    Ok(column)
}
