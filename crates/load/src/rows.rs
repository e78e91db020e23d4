//! What gives a file's rows, in batches: lines of text ([`crate::splitter`]) or a workbook's sheet
//! ([`crate::sheet`]). Either way a row is text of the file's delimiter, with its line in the file.

use std::io::{self, Read};

use crate::mapper::Mapper;
use crate::splitter::{Batch, LineEnd, Splitter};

/// What is wrong with a cell before anybody asks what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// A whole number of more than 15 digits, of which Excel has lost the last ones.
    Digits,
    /// An error value, such as `#REF!`.
    Error,
    /// A date that Excel itself cannot show.
    Date,
}

impl CellFault {
    /// The code in `schemas/problems.toml`.
    pub fn code(self) -> &'static str {
        match self {
            CellFault::Digits => "excel-digits-lost",
            CellFault::Error => "excel-error",
            CellFault::Date => "excel-date",
        }
    }
}

/// A cell with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The row, by its place in the batch.
    pub record: usize,
    /// The cell, by its place in the row.
    pub place: usize,
    /// What is wrong.
    pub fault: CellFault,
}

/// Gives rows.
pub trait Rows {
    /// The next row alone: the header.
    fn next_record(&mut self) -> io::Result<Option<Batch>>;

    /// The next rows: at least one, or none at the end.
    fn next_batch(&mut self) -> io::Result<Option<Batch>>;

    /// How lines end, as far as the file has said.
    fn line_end(&self) -> Option<LineEnd>;

    /// Learns how the columns are read.
    fn fit(&mut self, mapper: &Mapper);
}

impl<R: Read> Rows for Splitter<R> {
    fn next_record(&mut self) -> io::Result<Option<Batch>> {
        Splitter::next_record(self)
    }

    fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        Splitter::next_batch(self)
    }

    fn line_end(&self) -> Option<LineEnd> {
        Splitter::line_end(self)
    }

    fn fit(&mut self, _: &Mapper) {}
}
