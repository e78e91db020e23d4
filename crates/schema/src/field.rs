//! Fields of a collection: their types, how they are searched, where derived values come from.

use std::sync::Arc;

use record::{CompactString, FieldNumber};
use serde::{Deserialize, Serialize};
use text::name::Form;

use crate::{Authority, CodeList, Label};

/// How much harm a disclosed value does; ordered from least to most.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Anybody may see it.
    Public,
    /// Every department may see it.
    #[default]
    Internal,
    /// It says something of a living person.
    Personal,
    /// It identifies a person or harms one when disclosed.
    Restricted,
}

/// The type of a field's values.
#[derive(Clone, Debug)]
pub enum FieldType {
    /// Any text; stored as `Value::Text`.
    Text,
    /// A code of the list; stored as `Value::Text`.
    Code(Arc<CodeList>),
    /// A date of any precision; stored as `Value::Date`.
    Date,
    /// A whole number; stored as `Value::Integer`.
    Integer,
    /// A decimal number; stored as `Value::Decimal`.
    Decimal,
    /// True or false; stored as `Value::Boolean`.
    Boolean,
    /// A period in canonical form (see [`crate::Period`]); stored as `Value::Text`.
    Period,
    /// A division code of twelve digits; stored as `Value::Text`.
    Division,
    /// Another entity, by its single-field natural key; stored as `Value::Reference`.
    Reference {
        /// The collection referred to.
        target: String,
    },
    /// A point; stored as `Value::Point`.
    Point,
    /// Any geometry; stored as `Value::Geometry` or `Value::Point`.
    Geometry,
}

impl FieldType {
    /// The type's name in the schema files.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Code(_) => "code",
            FieldType::Date => "date",
            FieldType::Integer => "integer",
            FieldType::Decimal => "decimal",
            FieldType::Boolean => "boolean",
            FieldType::Period => "period",
            FieldType::Division => "division",
            FieldType::Reference { .. } => "reference",
            FieldType::Point => "point",
            FieldType::Geometry => "geometry",
        }
    }

    /// Whether values are a point or a geometry.
    pub fn is_spatial(&self) -> bool {
        matches!(self, FieldType::Point | FieldType::Geometry)
    }
}

/// How a field is searched. Division, reference and code fields are always exact and columnar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Indexed as a term: `=`, `in`, prefix `like`, look-up.
    pub exact: bool,
    /// Full text.
    pub text: bool,
    /// Columnar: range, sort, group, measures.
    pub column: bool,
}

impl Search {
    /// Whether the field can be searched at all.
    pub fn any(self) -> bool {
        self.exact || self.text || self.column
    }
}

/// A value copied from an entity referred to; never given by a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// Reference fields of the same collection, in order; the first whose target has a value wins.
    pub through: Vec<FieldNumber>,
    /// The field of the target.
    pub field: String,
}

/// One field of a collection.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its place in the collection, from 0.
    pub number: FieldNumber,
    /// Its name: camel case.
    pub name: CompactString,
    /// Its label.
    pub label: Label,
    /// What it means.
    pub description: Option<Label>,
    /// The standard that defines it.
    pub standard: Option<String>,
    /// The type of its values.
    pub kind: FieldType,
    /// Every statement that introduces an entity must give it.
    pub required: bool,
    /// It may hold several values.
    pub many: bool,
    /// The name of a validation rule of the register's crate.
    pub rule: Option<String>,
    /// Set when the value is copied from an entity referred to.
    pub derived: Option<Derived>,
    /// Set when the register's crate computes the value from the same record: the computation's name.
    pub computed: Option<String>,
    /// How much harm its disclosure does.
    pub sensitivity: Sensitivity,
    /// Whose value wins.
    pub authority: Authority,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// How it is searched.
    pub search: Search,
    /// Whose names its values are: they are found by their sound too.
    pub name_of: Option<Form>,
    /// The field whose former values these are.
    pub former_of: Option<CompactString>,
}

impl Field {
    /// Whether a source may give it: it is neither derived nor computed.
    pub fn is_given(&self) -> bool {
        self.derived.is_none() && self.computed.is_none()
    }

    /// The code list of a code field.
    pub fn codelist(&self) -> Option<&Arc<CodeList>> {
        match &self.kind {
            FieldType::Code(list) => Some(list),
            _ => None,
        }
    }

    /// The target of a reference field.
    pub fn target(&self) -> Option<&str> {
        match &self.kind {
            FieldType::Reference { target } => Some(target),
            _ => None,
        }
    }
}
