//! The records as they are answered, beside each segment: a store that gives one at little cost.
//!
//! tantivy's own store unpacks a block of many documents for each one read, and makes a new
//! decompressor every time; a page of a hundred records scattered over a city paid that a hundred
//! times. Here a block holds four documents, and what small blocks lose in compression a dictionary
//! gives back: the first records of the segment, which look like all others.

mod file;
mod plugin;

pub use file::{Bodies, Record};
pub use plugin::{BodyFields, BodyPlugin};

/// The extension of the file in a segment.
const EXTENSION: &str = "body";
