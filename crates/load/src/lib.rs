//! The loading desk: files to records.

pub mod encoding;
pub mod fields;
pub mod splitter;
