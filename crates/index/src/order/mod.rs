//! The documents of a segment in the order of a column.
//!
//! Entity numbers, hashes of natural keys, references, names and numbers of identity have nearly as
//! many values as there are documents. A term dictionary over them took more time to write than all
//! else of a load but the full text. What a look-up needs is less: the column, and the documents sorted
//! by it, which are searched by halving. The order is written with the segment and merged with it, like
//! the spatial trees.

pub mod checked;
pub mod file;
pub mod plugin;
pub mod query;
pub mod text;

/// The extension of the file in a segment.
pub const EXTENSION: &str = "order";

#[cfg(test)]
mod tests;
