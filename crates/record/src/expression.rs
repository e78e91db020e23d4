//! Expressions over one record: what a filter says that no single index answers.
//!
//! An expression is evaluated in three-valued logic (Kleene's): an operation on a value that is not
//! there is unknown, `false AND unknown` is false, `true OR unknown` is true, and a record matches
//! only where the whole is true. Division by zero, and numbers past the range of floating ones, are
//! unknown too. Of a field with several values, a comparison and a pattern hold where they hold for
//! one of them; only `<>` asks all.

use compact_str::CompactString;
use serde::Serialize;

use crate::{Comparison, Day};

/// How two geometries lie to one another, by OGC Simple Features (DE-9IM).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Relation {
    /// They are the same set of points.
    Equals,
    /// They share no point.
    Disjoint,
    /// They share a point.
    Intersects,
    /// They share points, but none of both interiors.
    Touches,
    /// The first lies in the second.
    Within,
    /// The second lies in the first.
    Contains,
    /// They share a part of their own dimension, and each has more besides.
    Overlaps,
    /// One runs through the other.
    Crosses,
}

/// How two lists lie to one another, as sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SetRelation {
    /// The same elements.
    Equals,
    /// The first has every element of the second.
    Contains,
    /// The second has every element of the first.
    ContainedBy,
    /// They have an element in common.
    Overlaps,
}

/// What is done with the arguments of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Function {
    /// All arguments hold.
    And,
    /// One argument holds.
    Or,
    /// The argument does not hold.
    Not,
    /// Two values compare so.
    Compare(Comparison),
    /// The text matches the pattern, as with `Predicate::Like`.
    Like,
    /// There is no value.
    IsNull,
    /// The first argument, or the second where that has no value.
    OrElse,
    /// The text without differences of case (`CASEI`).
    FoldCase,
    /// The text without accents (`ACCENTI`).
    FoldAccents,
    /// The sum.
    Add,
    /// The difference.
    Subtract,
    /// The product.
    Multiply,
    /// The quotient.
    Divide,
    /// The remainder, with the sign of the first number.
    Modulo,
    /// The quotient without its fraction.
    Quotient,
    /// The power.
    Power,
    /// Two geometries lie so.
    Relate(Relation),
    /// Two lists lie so.
    Sets(SetRelation),
    /// Metres between two geometries.
    Distance,
    /// Completed years from the first day to the second.
    Age,
    /// The name is read so: whole syllables, initials, or a mixture, from any of its characters on.
    Pinyin,
    /// The names differ by so many characters at most, or sound the same.
    Fuzzy,
}

/// A value of a record, a given one, or one computed of others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Expression {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text, a code, a period or a division code of twelve digits.
    Text(CompactString),
    /// A day.
    Day(Day),
    /// A reference: the number of an entity.
    Entity(u64),
    /// A geometry as well-known binary.
    Shape(Vec<u8>),
    /// Several values.
    List(Vec<Expression>),
    /// The value of a field. Dates are their first day.
    Field(CompactString),
    /// The record's geometry.
    Location,
    /// The first day on which the record holds; no value where it has no known beginning.
    ValidFrom,
    /// The first day on which it no longer holds; no value where it has not ended.
    ValidTo,
    /// An operation.
    Call(Function, Vec<Expression>),
}

impl Expression {
    /// The negation.
    #[must_use]
    pub fn negated(self) -> Expression {
        match self {
            Expression::Call(Function::Not, mut arguments) if arguments.len() == 1 => {
                arguments.remove(0)
            }
            other => Expression::Call(Function::Not, vec![other]),
        }
    }

    /// Calls `each` with every field named.
    pub fn visit_fields<'a>(&'a self, each: &mut dyn FnMut(&'a str)) {
        match self {
            Expression::Field(name) => each(name),
            Expression::List(items) | Expression::Call(_, items) => {
                items.iter().for_each(|item| item.visit_fields(each));
            }
            _ => {}
        }
    }
}
