//! Groups and measures over the records that match.

use std::sync::Arc;

use record::{CompactString, Day};

use crate::snapshot::Keyed;

/// By what records are grouped.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupKey {
    /// The value of a columnar field.
    Field(CompactString),
    /// The division that holds the record, at a level.
    Division {
        /// The field; empty means the collection's own division.
        field: CompactString,
        /// 2 province, 4 city, 6 county, 9 town, 12 village.
        digits: usize,
    },
    /// The year of a date or period.
    Year(CompactString),
    /// The month of a date: `2019-03`.
    Month(CompactString),
    /// The quarter of a date or period: `2019-Q1`. Periods of a year have none.
    Quarter(CompactString),
    /// Completed years on a day since a date, in bands of so many: `10-19`.
    Age {
        /// The date.
        field: CompactString,
        /// How wide a band is, in years.
        years: u16,
        /// The day.
        day: Day,
    },
    /// What a list, ascending by number, says of the entity that a reference names.
    Through {
        /// The reference.
        field: CompactString,
        /// The list.
        keys: Arc<Keyed>,
    },
    /// A square cell of about this many metres (see `geometry::grid`).
    Grid(u32),
}

/// What is computed of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// How many records; with a field: how many have a value.
    Count,
    /// The sum of a number.
    Sum,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The mean of a number.
    Mean,
    /// The value below which so many thousandths of the values lie, interpolated between the two next
    /// to it: 500 is the median.
    Percentile(u16),
}

/// One measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Which.
    pub kind: MeasureKind,
    /// Of which field; none only for counts.
    pub field: Option<CompactString>,
}

/// What to group by, and what to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouping {
    /// The keys, at most three.
    pub keys: Vec<GroupKey>,
    /// The measures.
    pub measures: Vec<Measure>,
    /// How many groups there may be at most.
    pub limit: usize,
}

/// The value of a measure.
#[derive(Clone, Debug, PartialEq)]
pub enum MeasureValue {
    /// No record of the group has a value.
    Missing,
    /// How many.
    Count(u64),
    /// A number.
    Number(f64),
    /// A day, of the smallest or largest of dates.
    Day(record::Day),
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// One value a key; `None` for the records that have none. References are entity numbers.
    pub key: Vec<Option<CompactString>>,
    /// How many records.
    pub count: u64,
    /// The measures asked for.
    pub measures: Vec<MeasureValue>,
}
