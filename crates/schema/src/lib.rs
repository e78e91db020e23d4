//! Reads `schemas/`: collections and their fields, code lists, source mappings, departments and
//! what they answer for, and the table of problems. Everything else in the platform takes its field names, labels, types and
//! mappings from here; a file with a mistake is refused with its name, its line and what was expected.
//!
//! [`Catalog::embedded`] gives the schemas the binary was built with, [`Catalog::from_dir`] those of a
//! folder. How the files are written is described in `schemas/README.md`.

pub mod authority;
pub mod catalog;
pub mod codelist;
pub mod collection;
pub mod error;
pub mod field;
pub mod json;
pub mod label;
pub mod matching;
pub mod narrow;
pub mod period;
pub mod problem;
mod read;
pub mod sharing;
pub mod source;
pub mod workdays;

pub use authority::{Authority, UpdateCycle};
pub use catalog::Catalog;
pub use codelist::{CodeEntry, CodeList};
pub use collection::Collection;
pub use error::{Mistake, SchemaError};
pub use field::{Derived, Field, FieldType, Search, Sensitivity};
pub use json::{json_schema, queryables};
pub use label::Label;
pub use matching::MatchRule;
pub use narrow::{Kept, Narrowed};
pub use period::{Period, PeriodError};
pub use problem::{ProblemText, Problems};
pub use read::SchemaFile;
pub use sharing::{
    ObjectionClocks, OpenData, OpenForm, OpenKey, OpenResource, RequestClocks, Sharing,
    SharingDesk, SharingMode, SharingType, Terms,
};
pub use source::{
    Column, DATE_FORMATS, Duplicates, Encoding, Ends, FileFormat, First, GeometryEncoding,
    PointColumns, Quarantine, RowOrder, RowValidity, Scope, Skip, Source, UnknownColumns, Unpivot,
};
pub use workdays::{Due, Workdays};

/// A value of a file, with the place where it stands: what [`SchemaFile`] says mistakes by.
pub use toml::Spanned;

#[cfg(test)]
mod tests;
