//! Predicates over the records of one collection: what a filter means once it is parsed, and before
//! any store has seen it. Fields are named; a store resolves them against its schema.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::{EntityId, Expression, IdSet, Places, Value};

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A condition on a record. A comparison with a field that has no value is false, and so is its
/// negation by [`Comparison::NotEqual`]; [`Predicate::Not`] is the plain complement of its operand,
/// in two-valued logic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Predicate {
    /// Every record.
    All,
    /// All of them hold.
    And(Vec<Predicate>),
    /// At least one of them holds.
    Or(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
    /// The field compares so with the value. A field with several values: any of them. Dates: the
    /// first days compare, except [`Comparison::Equal`] with a coarser date, which means within it.
    Compare {
        /// The field.
        field: CompactString,
        /// How.
        comparison: Comparison,
        /// With what.
        value: Value,
    },
    /// The field equals one of the values.
    In {
        /// The field.
        field: CompactString,
        /// The values.
        values: Vec<Value>,
    },
    /// The field has no value.
    IsNull {
        /// The field.
        field: CompactString,
    },
    /// The text matches the pattern: `%` any run of characters, `_` one character, `\` escapes.
    Like {
        /// The field.
        field: CompactString,
        /// The pattern.
        pattern: CompactString,
    },
    /// Full text: every phrase of the query (split at white space and punctuation) occurs in one of
    /// the fields, compared by normal form; phrases in any order.
    Text {
        /// The fields; none means every full-text field of the collection.
        fields: Vec<CompactString>,
        /// The query.
        query: CompactString,
    },
    /// The division field lies within the division of this code, at any level (2, 4, 6, 9 or 12
    /// digits, or padded with zeros).
    WithinDivision {
        /// The field; empty means the collection's own division field.
        field: CompactString,
        /// The code.
        code: CompactString,
    },
    /// The record's geometry has a point in common with the box: minimum longitude, minimum
    /// latitude, maximum longitude, maximum latitude, in degrees.
    Box([f64; 4]),
    /// The record's geometry has a point in common with the shape, given as well-known binary.
    Intersects(Vec<u8>),
    /// The record's geometry lies within a distance of a point.
    Near {
        /// Longitude, degrees.
        lon: f64,
        /// Latitude, degrees.
        lat: f64,
        /// Metres on the sphere of radius 6,371,008.8 m.
        metres: f64,
    },
    /// The record is one of these.
    Ids(Vec<EntityId>),
    /// The record has this natural key: the values of the schema's key fields, in their order.
    Key(Vec<Value>),
    /// The record has this mark: `conflict=` or `dispute=` and a field.
    Marked(CompactString),
    /// The reference field names one of these entities; without a field, the record is one of them.
    Among {
        /// The field; empty means the record itself.
        field: CompactString,
        /// The entities.
        ids: IdSet,
    },
    /// The record's geometry lies within a distance of one of the places.
    NearAny {
        /// The places.
        places: Places,
        /// Metres, as with [`Predicate::Near`].
        metres: f64,
    },
    /// The expression is true of the record: evaluated for each that meets the conditions beside it.
    Exact(Box<Expression>),
    /// The same, of few candidates: every record of which the expression is true meets `by`. Where it
    /// is unknown `by` says nothing, so that the negation is that of the expression alone.
    Narrowed {
        /// What an index answers.
        by: Box<Predicate>,
        /// What decides.
        expression: Box<Expression>,
    },
}

impl Predicate {
    /// Both hold; [`Predicate::All`] and nested conjunctions are folded away.
    #[must_use]
    pub fn and(self, other: Predicate) -> Predicate {
        match (self, other) {
            (Predicate::All, one) | (one, Predicate::All) => one,
            (Predicate::And(mut left), Predicate::And(right)) => {
                left.extend(right);
                Predicate::And(left)
            }
            (Predicate::And(mut left), one) => {
                left.push(one);
                Predicate::And(left)
            }
            (one, Predicate::And(mut right)) => {
                right.insert(0, one);
                Predicate::And(right)
            }
            (left, right) => Predicate::And(vec![left, right]),
        }
    }
}
