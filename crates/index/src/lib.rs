//! The index of one collection: documents, columns, full text and space in shared segments.
//!
//! A document is one rectangle of validity × knowledge of one record. Each collection has two
//! indexes: `current` holds what is still believed and valid now or later, `past` all else, so that a
//! plain query pays nothing for history. Everything here can be rebuilt from the ledger.
//!
//! This is the only crate that knows tantivy, and none of tantivy's types leave it.

mod bodies;
mod collect;
mod compile;
pub mod document;
mod documents;
pub mod error;
mod exact;
pub mod group;
pub mod hash;
mod layout;
mod lexicon;
mod like;
mod order;
pub mod search;
mod segments;
pub mod snapshot;
mod spatial;
pub mod store;
mod time;

pub use document::{Document, Part};
pub use error::IndexError;
pub use group::{Group, GroupKey, Grouping, Measure, MeasureKind, MeasureValue};
pub use hash::{digest, key_hash};
pub use lexicon::query::{Name, NameQuery};
pub use search::{Address, After, Direction, Found, Hit, Search, Sort, SortKey, SortValue};
pub use snapshot::{Keyed, Listing, Row, Snapshot, Stored};
pub use store::{CollectionIndex, Writer};
pub use time::{Deadline, TimeScope};
