//! Field values.

use compact_str::CompactString;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{EntityId, PartialDate};

/// The place of a field in its collection's schema, from 0. Valid for one run of a process: what is
/// stored names fields in full.
pub type FieldNumber = u16;

/// A reference from one entity to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The natural key of the target, as the source gave it.
    pub key: CompactString,
    /// The target, once it is known.
    pub target: Option<EntityId>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// The source says that there is no value (which differs from not saying anything).
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal number, with the digits it was given.
    Decimal(Decimal),
    /// Text, or a code of a code list, or a division code, or a period.
    Text(CompactString),
    /// A date of any precision.
    Date(PartialDate),
    /// Another entity.
    Reference(Reference),
    /// A point: longitude and latitude in 1e-7 degrees, CGCS2000.
    Point {
        /// Longitude, 1e-7 degrees east.
        lon: i32,
        /// Latitude, 1e-7 degrees north.
        lat: i32,
    },
    /// Any other geometry as well-known binary (OGC 06-103r4), longitude first, CGCS2000.
    Geometry(Vec<u8>),
    /// Several values, in the source's order.
    List(Vec<Value>),
}

impl Value {
    /// Text.
    pub fn text(text: &str) -> Value {
        Value::Text(CompactString::new(text))
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The values of a list, or the one value; nothing for null.
    pub fn each(&self) -> &[Value] {
        match self {
            Value::Null => &[],
            Value::List(values) => values,
            one => std::slice::from_ref(one),
        }
    }
}
