//! A CSV file under way: rows are put together field by field, then encoded in large pieces.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::dates::{Day, civil};
use crate::error::SynthError;

/// Bytes gathered before they are encoded and written.
const PIECE: usize = 1 << 18;
/// Bytes that neither UTF-8 nor GB18030 can decode.
const UNDECODABLE: &[u8] = &[0xFF, 0xFF];

/// How a file's text becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark, lines end with LF.
    Utf8,
    /// UTF-8 with a byte order mark, lines end with CRLF: Excel's "CSV UTF-8".
    Utf8Bom,
    /// GB18030, lines end with CRLF: Excel's "CSV" on a Chinese Windows.
    Gb18030,
}

impl Encoding {
    /// The name used in source mappings and the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom => "utf-8",
            Encoding::Gb18030 => "gb18030",
        }
    }

    fn line_end(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => b"\n",
            Encoding::Utf8Bom | Encoding::Gb18030 => b"\r\n",
        }
    }
}

/// The quotes around a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Both,
    /// Only the opening one: a spoiled row.
    Opening,
}

#[derive(Clone, Copy)]
struct Field {
    end: usize,
    quotes: Quotes,
}

/// The row being put together: pieces are pushed, `end` closes a field.
#[derive(Default)]
pub(crate) struct Row {
    bytes: Vec<u8>,
    fields: Vec<Field>,
    undecodable: Option<usize>,
}

impl Row {
    /// Starts an empty row.
    pub(crate) fn clear(&mut self) -> &mut Self {
        self.bytes.clear();
        self.fields.clear();
        self.undecodable = None;
        self
    }

    /// Adds text to the field under way.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// Adds characters that are ASCII.
    pub(crate) fn push_ascii(&mut self, ascii: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(ascii);
        self
    }

    /// Adds a number, with leading zeros up to `width` digits.
    pub(crate) fn push_number(&mut self, value: u64, width: usize) -> &mut Self {
        let mut digits = [b'0'; 20];
        let mut rest = value;
        let mut start = digits.len();
        while rest > 0 || start == digits.len() {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        start = start.min(digits.len() - width.min(digits.len()));
        self.push_ascii(&digits[start..])
    }

    /// Adds degrees or metres with `decimals` digits after the point.
    pub(crate) fn push_decimal(&mut self, value: f64, decimals: u32) -> &mut Self {
        let scale = 10u64.pow(decimals);
        let scaled = (value.abs() * scale as f64).round() as u64;
        if value < 0.0 {
            self.push_ascii(b"-");
        }
        self.push_number(scaled / scale, 1).push_ascii(b".");
        self.push_number(scaled % scale, decimals as usize)
    }

    /// Adds a date as `2019-03-01` (`-`) or `20190301` (no separator).
    pub(crate) fn push_date(&mut self, day: Day, separator: &str) -> &mut Self {
        let (year, month, of_month) = civil(day);
        self.push_number(year as u64, 4).push(separator);
        self.push_number(month as u64, 2)
            .push(separator)
            .push_number(of_month as u64, 2)
    }

    /// Adds a date as `2019年3月1日`.
    pub(crate) fn push_chinese_date(&mut self, day: Day) -> &mut Self {
        let (year, month, of_month) = civil(day);
        self.push_number(year as u64, 4)
            .push("年")
            .push_number(month as u64, 1)
            .push("月");
        self.push_number(of_month as u64, 1).push("日")
    }

    /// Ends the field.
    pub(crate) fn end(&mut self) -> &mut Self {
        self.fields.push(Field {
            end: self.bytes.len(),
            quotes: Quotes::None,
        });
        self
    }

    /// Ends the field; it is written in quotes and holds none itself.
    pub(crate) fn end_quoted(&mut self) -> &mut Self {
        self.fields.push(Field {
            end: self.bytes.len(),
            quotes: Quotes::Both,
        });
        self
    }

    /// A whole field at once.
    pub(crate) fn field(&mut self, text: &str) -> &mut Self {
        self.push(text).end()
    }

    /// Replaces the text of field number `number`.
    pub(crate) fn replace(&mut self, number: usize, text: &[u8]) {
        let start = if number == 0 {
            0
        } else {
            self.fields[number - 1].end
        };
        let end = self.fields[number].end;
        self.bytes.splice(start..end, text.iter().copied());
        for field in &mut self.fields[number..] {
            field.end = field.end - (end - start) + text.len();
        }
    }

    /// Leaves out the closing quote of field number `number`.
    pub(crate) fn leave_open(&mut self, number: usize) {
        self.fields[number].quotes = Quotes::Opening;
    }

    /// Puts bytes that no encoding knows at the end of field number `number`.
    pub(crate) fn make_undecodable(&mut self, number: usize) {
        self.undecodable = Some(number);
    }

    /// Appends the row as UTF-8; returns where the undecodable bytes belong, if there are any.
    fn write(&self, target: &mut Vec<u8>) -> Option<usize> {
        let mut start = 0;
        let mut undecodable = None;
        for (number, field) in self.fields.iter().enumerate() {
            if number > 0 {
                target.push(b',');
            }
            if field.quotes != Quotes::None {
                target.push(b'"');
            }
            target.extend_from_slice(&self.bytes[start..field.end]);
            if self.undecodable == Some(number) {
                undecodable = Some(target.len());
            }
            if field.quotes == Quotes::Both {
                target.push(b'"');
            }
            start = field.end;
        }
        undecodable
    }
}

/// A CSV file under way.
pub(crate) struct Table {
    /// File name.
    pub(crate) name: &'static str,
    /// The row being put together.
    pub(crate) row: Row,
    encoding: Encoding,
    path: PathBuf,
    file: File,
    pending: Vec<u8>,
    lines: u64,
    bytes: u64,
    /// Rows spoiled so far: the problems take turns.
    pub(crate) spoiled: usize,
}

impl Table {
    /// Creates the file and writes its header.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn create(
        folder: &Path,
        name: &'static str,
        encoding: Encoding,
        headers: &[&str],
    ) -> Result<Self, SynthError> {
        let path = folder.join(name);
        let file = File::create(&path).map_err(|source| SynthError::Write {
            path: path.clone(),
            source,
        })?;
        let mut table = Table {
            name,
            row: Row::default(),
            encoding,
            path,
            file,
            pending: Vec::with_capacity(PIECE + (1 << 12)),
            lines: 0,
            bytes: 0,
            spoiled: 0,
        };
        if encoding == Encoding::Utf8Bom {
            table.pending.extend_from_slice("\u{FEFF}".as_bytes());
        }
        for header in headers {
            table.row.field(header);
        }
        table.finish_row()?;
        Ok(table)
    }

    /// The line on which the next row will start, from 1.
    pub(crate) fn next_line(&self) -> u64 {
        self.lines + 1
    }

    /// Writes the row; it stays as it is until it is cleared.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn finish_row(&mut self) -> Result<(), SynthError> {
        if self.row.undecodable.is_some() {
            self.flush()?;
        }
        let undecodable = self.row.write(&mut self.pending);
        self.pending.extend_from_slice(self.encoding.line_end());
        self.lines += 1;
        if let Some(place) = undecodable {
            let rest = self.pending.split_off(place);
            self.flush()?;
            self.write(UNDECODABLE)?;
            self.pending.extend_from_slice(&rest);
            self.flush()?;
        } else if self.pending.len() >= PIECE {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is left; returns rows (without the header) and bytes.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn close(mut self) -> Result<(u64, u64), SynthError> {
        self.flush()?;
        self.file.flush().map_err(|source| SynthError::Write {
            path: self.path,
            source,
        })?;
        Ok((self.lines - 1, self.bytes))
    }

    fn flush(&mut self) -> Result<(), SynthError> {
        let pending = std::mem::take(&mut self.pending);
        let result = match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => self.write(&pending),
            Encoding::Gb18030 => match std::str::from_utf8(&pending) {
                Ok(text) => self.write(&encoding_rs::GB18030.encode(text).0),
                Err(error) => Err(SynthError::Write {
                    path: self.path.clone(),
                    source: io::Error::new(io::ErrorKind::InvalidData, error),
                }),
            },
        };
        self.pending = pending;
        self.pending.clear();
        result
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SynthError> {
        self.bytes += bytes.len() as u64;
        self.file
            .write_all(bytes)
            .map_err(|source| SynthError::Write {
                path: self.path.clone(),
                source,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(encoding: Encoding, spoil: impl Fn(&mut Row)) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let mut table = Table::create(folder.path(), "t.csv", encoding, &["甲", "乙"]).unwrap();
        assert_eq!(table.next_line(), 2);
        table
            .row
            .clear()
            .push("一")
            .push_number(7, 3)
            .end()
            .push("二")
            .end_quoted();
        spoil(&mut table.row);
        table.finish_row().unwrap();
        let (rows, bytes) = table.close().unwrap();
        let content = std::fs::read(folder.path().join("t.csv")).unwrap();
        assert_eq!((rows, bytes), (1, content.len() as u64));
        content
    }

    #[test]
    fn rows_are_written_in_the_declared_encoding() {
        assert_eq!(
            written(Encoding::Utf8, |_| ()),
            "甲,乙\n一007,\"二\"\n".as_bytes()
        );
        assert_eq!(
            written(Encoding::Utf8Bom, |_| ()),
            "\u{FEFF}甲,乙\r\n一007,\"二\"\r\n".as_bytes()
        );
        assert_eq!(
            written(Encoding::Gb18030, |row| row.replace(0, "龘".as_bytes())),
            b"\xBC\xD7,\xD2\xD2\r\n\xFD\x93,\"\xB6\xFE\"\r\n"
        );
    }

    #[test]
    fn spoiled_rows_keep_to_their_line() {
        assert_eq!(
            written(Encoding::Utf8, |row| row.leave_open(1)),
            "甲,乙\n一007,\"二\n".as_bytes()
        );
        assert_eq!(
            written(Encoding::Gb18030, |row| row.make_undecodable(0)),
            b"\xBC\xD7,\xD2\xD2\r\n\xD2\xBB007\xFF\xFF,\"\xB6\xFE\"\r\n"
        );
    }
}
