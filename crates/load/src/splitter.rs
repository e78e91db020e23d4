//! Splits a byte stream into raw records, in batches that can be handed to threads.
//!
//! Quotes are read strictly by RFC 4180: a quote opens a field only at the field's start, `""` inside
//! is an escaped quote, and after the closing quote comes the delimiter, a line end or the end of the
//! file. LF, CRLF and CR all end lines. Empty lines and comment lines are skipped, but counted.
//!
//! **A broken quote does not swallow the file.** Where a quoted field closes illegally, or is still
//! open after [`RECORD_LIMIT`] bytes or at the end of the file, only the physical line on which the
//! record begins is reported as broken ([`Fault::UnclosedQuote`]), and splitting resumes at the next
//! physical line. So every line of the file ends up in some record, sound or broken.
//!
//! **Memory is bounded.** A line longer than [`RECORD_LIMIT`] is reported ([`Fault::TooLong`]) with its
//! first [`KEPT_OF_TOO_LONG`] bytes, and the rest is read past.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use crate::encoding::TextEncoding;
use crate::rows::Flaw;

/// The longest record, in bytes.
pub const RECORD_LIMIT: usize = 1 << 20;
/// How much of a line that is too long is kept for the report, in bytes (a little less where a
/// character would be cut).
pub const KEPT_OF_TOO_LONG: usize = 1024;

/// Bytes of a full batch: a whole record and what follows it always fit.
const BATCH: usize = RECORD_LIMIT + (64 << 10);
/// The least that an open quote is followed for, once many have run on without end.
const LEAST_LOOKAHEAD: usize = 4 << 10;

/// What is wrong with a record's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A quoted field closes illegally or not at all; the range is the physical line.
    UnclosedQuote,
    /// The record is longer than [`RECORD_LIMIT`]; the range is its beginning.
    TooLong,
}

impl Fault {
    /// The code in `schemas/problems.toml`.
    pub fn code(self) -> &'static str {
        match self {
            Fault::UnclosedQuote => "unclosed-quote",
            Fault::TooLong => "too-long",
        }
    }
}

/// One record of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRange {
    /// The physical line on which it begins, from 1.
    pub line: u64,
    /// Its bytes in [`Batch::bytes`], without the line end.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub fault: Option<Fault>,
}

/// Some successive records, about 1 MB.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The physical line with which the batch begins, from 1.
    pub first_line: u64,
    /// The records, in the order of the file.
    pub records: Vec<RecordRange>,
    /// The bytes they lie in.
    pub bytes: Vec<u8>,
    /// Cells of workbooks that are damaged, in the order of the records.
    pub flaws: Vec<Flaw>,
}

impl Batch {
    /// The bytes of a record.
    pub fn raw(&self, record: &RecordRange) -> &[u8] {
        &self.bytes[record.range.clone()]
    }

    /// The damaged cells of a record, by its place in the batch.
    pub fn flaws(&self, record: usize) -> &[Flaw] {
        let start = self.flaws.partition_point(|flaw| flaw.record < record);
        let rest = &self.flaws[start..];
        &rest[..rest.partition_point(|flaw| flaw.record == record)]
    }
}

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What separates fields.
    pub delimiter: u8,
    /// Lines that begin with it are skipped.
    pub comment: Option<u8>,
    /// The encoding, for delimiters that may be the second byte of a character.
    pub encoding: TextEncoding,
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl LineEnd {
    fn of(bytes: &[u8]) -> Option<LineEnd> {
        [LineEnd::Lf, LineEnd::CrLf, LineEnd::Cr]
            .into_iter()
            .find(|line_end| line_end.bytes() == bytes)
    }

    /// Its bytes.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            LineEnd::Lf => b"\n",
            LineEnd::CrLf => b"\r\n",
            LineEnd::Cr => b"\r",
        }
    }
}

/// Reads a stream as batches of records.
pub struct Splitter<R> {
    reader: R,
    dialect: Dialect,
    /// Read, but not yet part of a batch.
    carry: Vec<u8>,
    at_end: bool,
    line: u64,
    /// Inside a line that is too long.
    skipping: bool,
    lookahead: usize,
    line_end: Option<LineEnd>,
}

/// How the scan of one record ended. Places are absolute.
enum Scan {
    /// It ends here; `next` is after the line end.
    Record {
        end: usize,
        next: usize,
        quoted: bool,
    },
    /// The buffer ends first.
    Incomplete,
    /// A quote is broken; `overrun` where it was followed to the limit.
    Broken { overrun: bool },
    /// The limit came first, outside quotes.
    Limit,
}

impl<R: Read> Splitter<R> {
    /// A splitter over a stream whose byte order mark, if any, has been read.
    pub fn new(reader: R, dialect: Dialect) -> Splitter<R> {
        Splitter {
            reader,
            dialect,
            carry: Vec::new(),
            at_end: false,
            line: 1,
            skipping: false,
            lookahead: RECORD_LIMIT,
            line_end: None,
        }
    }

    /// Bytes held that are no part of a batch yet: bounded, whatever the stream.
    pub fn held(&self) -> usize {
        self.carry.capacity()
    }

    /// How the first line that was read ends; none before, or where the file has but one line.
    pub fn line_end(&self) -> Option<LineEnd> {
        self.line_end
    }

    /// The next batch: at least one record, or none at the end of the stream.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        let mut batch = Batch::default();
        Ok(self.next_batch_into(&mut batch)?.then_some(batch))
    }

    /// As [`Splitter::next_batch`], with the memory of a batch that is done with. False at the end.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn next_batch_into(&mut self, batch: &mut Batch) -> io::Result<bool> {
        self.take(batch, usize::MAX)
    }

    /// The next record alone: the header.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn next_record(&mut self) -> io::Result<Option<Batch>> {
        let mut batch = Batch::default();
        Ok(self.take(&mut batch, 1)?.then_some(batch))
    }

    fn take(&mut self, batch: &mut Batch, most: usize) -> io::Result<bool> {
        loop {
            batch.records.clear();
            batch.bytes.clear();
            if self.skipping {
                self.skip_line()?;
            }
            batch.first_line = self.line;
            batch.bytes.append(&mut self.carry);
            self.fill(&mut batch.bytes)?;
            if batch.bytes.is_empty() {
                return Ok(false);
            }
            let done = self.split(batch, most);
            self.carry.extend_from_slice(&batch.bytes[done..]);
            batch.bytes.truncate(done);
            if !batch.records.is_empty() {
                return Ok(true);
            }
        }
    }

    fn fill(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        let wanted = BATCH.saturating_sub(buffer.len());
        if !self.at_end && wanted > 0 {
            buffer.reserve(wanted);
            let read = (&mut self.reader).take(wanted as u64).read_to_end(buffer)?;
            self.at_end = read < wanted;
        }
        Ok(())
    }

    /// Splits the batch's bytes and returns how many of them are done with.
    fn split(&mut self, batch: &mut Batch, most: usize) -> usize {
        let Batch { records, bytes, .. } = batch;
        let mut place = 0;
        while place < bytes.len() && records.len() < most {
            let first = bytes[place];
            if first == b'\n' || first == b'\r' {
                let Some(next) = self.after_line_end(bytes, place) else {
                    break;
                };
                self.note_line_end(&bytes[place..next]);
                self.line += 1;
                place = next;
                continue;
            }
            let comment = Some(first) == self.dialect.comment;
            let line = self.line;
            let (range, next, fault) = match self.scan(bytes, place, comment) {
                Scan::Incomplete => break,
                Scan::Record { end, next, quoted } => {
                    self.line += if quoted {
                        self.lookahead = (self.lookahead * 2).min(RECORD_LIMIT);
                        count_lines(&bytes[place..next])
                    } else {
                        1
                    };
                    (place..end, next, None)
                }
                Scan::Broken { overrun } => {
                    if overrun {
                        self.lookahead = (self.lookahead / 2).max(LEAST_LOOKAHEAD);
                    }
                    match self.physical_line(bytes, place) {
                        Some((end, next)) => {
                            self.line += 1;
                            (place..end, next, Some(Fault::UnclosedQuote))
                        }
                        None => self.begin_skipping(bytes, place),
                    }
                }
                Scan::Limit => self.begin_skipping(bytes, place),
            };
            self.note_line_end(&bytes[range.end..next]);
            place = next;
            if !comment {
                records.push(RecordRange { line, range, fault });
            }
            if self.skipping {
                break;
            }
        }
        place
    }

    fn begin_skipping(
        &mut self,
        bytes: &[u8],
        start: usize,
    ) -> (Range<usize>, usize, Option<Fault>) {
        self.skipping = true;
        let wanted = (start + KEPT_OF_TOO_LONG).min(bytes.len());
        let end = self.dialect.encoding.boundary(bytes, start, wanted);
        (start..end, end, Some(Fault::TooLong))
    }

    /// Reads past the end of the line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            self.read_some()?;
            match memchr2(b'\n', b'\r', &self.carry) {
                Some(at) => {
                    self.carry.drain(..at);
                    self.read_some()?;
                    let next = self.after_line_end(&self.carry, 0).unwrap_or(1);
                    self.carry.drain(..next);
                    break;
                }
                None if self.at_end => {
                    self.carry.clear();
                    break;
                }
                None => self.carry.clear(),
            }
        }
        self.line += 1;
        self.skipping = false;
        Ok(())
    }

    /// Makes sure of two bytes in the carry, but at the end of the stream.
    fn read_some(&mut self) -> io::Result<()> {
        if self.carry.len() < 2 {
            let mut carry = std::mem::take(&mut self.carry);
            let result = self.fill(&mut carry);
            self.carry = carry;
            result?;
        }
        Ok(())
    }

    fn note_line_end(&mut self, bytes: &[u8]) {
        if self.line_end.is_none() {
            self.line_end = LineEnd::of(bytes);
        }
    }

    /// The place after the line end at `at`; none where the buffer ends with a CR that may be half of
    /// a CRLF.
    fn after_line_end(&self, bytes: &[u8], at: usize) -> Option<usize> {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\r', Some(b'\n')) => Some(at + 2),
            (b'\r', None) if !self.at_end => None,
            _ => Some(at + 1),
        }
    }

    fn physical_line(&self, bytes: &[u8], start: usize) -> Option<(usize, usize)> {
        let limit = bytes.len().min(start + RECORD_LIMIT);
        match memchr2(b'\n', b'\r', &bytes[start..limit]) {
            Some(at) => {
                let end = start + at;
                // A CR is never the last byte of the buffer here: the scan looked past it.
                Some((end, self.after_line_end(bytes, end).unwrap_or(end + 1)))
            }
            None => (self.at_end && limit == bytes.len()).then_some((limit, limit)),
        }
    }

    fn scan(&self, bytes: &[u8], start: usize, comment: bool) -> Scan {
        let limit = bytes.len().min(start + RECORD_LIMIT);
        let mut place = start;
        let mut quoted = false;
        loop {
            let found = if comment {
                memchr2(b'\n', b'\r', &bytes[place..limit])
            } else {
                memchr3(b'\n', b'\r', b'"', &bytes[place..limit])
            };
            let Some(found) = found else {
                return self.ran_out(bytes, start, limit, quoted);
            };
            let at = place + found;
            if bytes[at] != b'"' {
                return match self.after_line_end(bytes, at) {
                    Some(next) => Scan::Record {
                        end: at,
                        next,
                        quoted,
                    },
                    None => Scan::Incomplete,
                };
            }
            if !self.opens_field(bytes, start, at) {
                place = at + 1;
                continue;
            }
            quoted = true;
            match self.closing_quote(bytes, start, at) {
                Ok(after) => place = after,
                Err(scan) => return scan,
            }
        }
    }

    /// The scan outside quotes came to the end of the buffer or to the limit.
    fn ran_out(&self, bytes: &[u8], start: usize, limit: usize, quoted: bool) -> Scan {
        if limit < bytes.len() || bytes.len() - start >= RECORD_LIMIT {
            Scan::Limit
        } else if self.at_end {
            Scan::Record {
                end: limit,
                next: limit,
                quoted,
            }
        } else {
            Scan::Incomplete
        }
    }

    /// Whether a quote stands at the start of a field.
    fn opens_field(&self, bytes: &[u8], start: usize, at: usize) -> bool {
        let delimiter = self.dialect.delimiter;
        at == start
            || bytes[at - 1] == delimiter
                && (delimiter < 0x40 || self.dialect.encoding.is_character(bytes, start, at - 1))
    }

    /// From the opening quote at `open` to the place after the closing one.
    fn closing_quote(&self, bytes: &[u8], start: usize, open: usize) -> Result<usize, Scan> {
        let limit = bytes.len().min(start + self.lookahead);
        let mut place = open + 1;
        loop {
            let found = bytes.get(place..limit).and_then(|rest| memchr(b'"', rest));
            let Some(found) = found else {
                let whole = limit < bytes.len() || bytes.len() - start >= self.lookahead;
                return Err(if whole || self.at_end {
                    Scan::Broken { overrun: true }
                } else {
                    Scan::Incomplete
                });
            };
            let after = place + found + 1;
            match bytes.get(after) {
                Some(b'"') => place = after + 1,
                Some(b'\n' | b'\r') => return Ok(after),
                Some(byte) if *byte == self.dialect.delimiter => return Ok(after),
                Some(_) => return Err(Scan::Broken { overrun: false }),
                None if self.at_end => return Ok(after),
                None => return Err(Scan::Incomplete),
            }
        }
    }
}

/// Line ends in some bytes; a record without one, at the end of the file, counts as a line.
fn count_lines(bytes: &[u8]) -> u64 {
    let mut lines = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        lines += u64::from(bytes[at] == b'\r' || at == 0 || bytes[at - 1] != b'\r');
    }
    lines.max(1)
}

#[cfg(test)]
#[path = "splitter/tests.rs"]
mod tests;
