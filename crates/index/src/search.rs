//! What a search asks and what it finds.

use record::{CompactString, Predicate, Transaction, Validity};

use crate::document::Part;
use crate::time::{Deadline, TimeScope};

/// In which direction values are ordered. Records without a value come last in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Small first.
    Ascending,
    /// Large first.
    Descending,
}

/// By what records are ordered.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey {
    /// A columnar field.
    Field(CompactString),
    /// How well the full text matches.
    Score,
    /// Distance in metres from a point: longitude and latitude in degrees.
    Distance(f64, f64),
    /// The first day of validity.
    ValidFrom,
    /// When it became known.
    KnownFrom,
}

/// One sort key; ties are broken by the next, and at last by the entity's number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// In which direction.
    pub direction: Direction,
}

/// The value a record was ordered by.
#[derive(Clone, Debug, PartialEq)]
pub enum SortValue {
    /// No value.
    Missing,
    /// A number, mapped so that unsigned comparison orders it.
    Number(u64),
    /// Text.
    Text(CompactString),
}

/// Where the page before ended: the answer goes on after this record.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    /// The values it was ordered by, one for each sort key.
    pub values: Vec<SortValue>,
    /// Its entity's number.
    pub number: u64,
}

/// A search in one collection.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// Which records.
    pub predicate: &'a Predicate,
    /// As of when.
    pub time: TimeScope,
    /// In which order; at most three keys.
    pub sort: &'a [Sort],
    /// From where on.
    pub after: Option<&'a After>,
    /// How many at most.
    pub limit: usize,
    /// Until when.
    pub deadline: Deadline,
}

/// One record found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The entity's number.
    pub number: u64,
    /// The values it was ordered by.
    pub values: Vec<SortValue>,
    /// The rectangle's validity.
    pub validity: Validity,
    /// The rectangle's knowledge: from, to.
    pub known: (Transaction, Transaction),
    /// Where it stands in the snapshot.
    pub address: Address,
}

/// Where a document stands in one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    pub(crate) part: Part,
    pub(crate) segment: u32,
    pub(crate) document: u32,
}

impl Address {
    /// Which half of the index the document is in.
    pub fn part(&self) -> Part {
        self.part
    }
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The page, in order.
    pub hits: Vec<Hit>,
    /// How many records match in all, whatever the page.
    pub total: u64,
}

impl Found {
    /// The place to go on from, where there may be more.
    pub fn next(&self, limit: usize) -> Option<After> {
        let last = self.hits.last().filter(|_| self.hits.len() >= limit)?;
        Some(After {
            values: last.values.clone(),
            number: last.number,
        })
    }
}

/// The distance of a sort value by [`SortKey::Distance`], in metres.
pub fn distance_of(value: &SortValue) -> Option<f64> {
    match value {
        SortValue::Number(number) => Some(tantivy::u64_to_f64(*number)),
        _ => None,
    }
}

/// The score of records of which none matches better than another.
pub fn even_score() -> SortValue {
    SortValue::Number(tantivy::f64_to_u64(1.0))
}

/// The score of a sort value by [`SortKey::Score`].
pub fn score_of(value: &SortValue) -> Option<f64> {
    distance_of(value)
}
