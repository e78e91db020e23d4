//! Space inside the segments: a packed Hilbert R-tree a segment, written and merged with it.
//!
//! Text and space so share segments, commits, snapshots and deletes. The tree is read straight from
//! the memory-mapped file; a query turns its candidates into a sorted list of documents, refined
//! exactly where a box does not decide.

pub mod plugin;
pub mod query;
pub mod tree;

#[cfg(test)]
mod tests;

/// The columns of a document's box, in 1e-7 degrees: minimum longitude, minimum latitude, maximum
/// longitude, maximum latitude. A point has only the first two.
pub const BOX_COLUMNS: [&str; 4] = ["_min_lon", "_min_lat", "_max_lon", "_max_lat"];

/// The extension of the tree's file in a segment.
pub const EXTENSION: &str = "rtree";
