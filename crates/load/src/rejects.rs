//! The reject file: refused rows as they came, and what is wrong with each.
//!
//! Rows keep their bytes (those of a workbook become CSV), the file its encoding, line ends and column order; four columns are added
//! behind. A damaged row (a broken quote, too many columns) is cut at its delimiters without regard to
//! quotes, its quotes doubled, and filled up or joined to the width of the header, so that a
//! spreadsheet shows every character of it and the four columns stand where they belong. The file can
//! be mended and loaded again as it is: the four columns are known and dropped, and rows of it that are
//! refused again go out with new ones.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use memchr::memchr;
use record::Problem;
use schema::{Collection, Problems};

use crate::encoding::TextEncoding;
use crate::header::REJECT_COLUMNS;

/// How the rows of a reject file are written.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The encoding.
    pub encoding: TextEncoding,
    /// Whether the file begins with a byte order mark.
    pub marked: bool,
    /// What separates cells.
    pub delimiter: u8,
    /// How lines end.
    pub line_end: &'static [u8],
    /// How many columns the header has, besides the four of an earlier reject file.
    pub width: usize,
}

/// Writes one reject file; it is made when the first row is refused.
pub struct RejectWriter<'a> {
    path: PathBuf,
    form: Form,
    header: Vec<u8>,
    problems: &'a Problems,
    collection: &'a Collection,
    file: Option<BufWriter<File>>,
    rows: u64,
}

impl<'a> RejectWriter<'a> {
    /// A writer for a file with this header, in its bytes as they are carried, without a line end.
    pub fn new(
        path: &Path,
        form: Form,
        header: &[u8],
        problems: &'a Problems,
        collection: &'a Collection,
    ) -> RejectWriter<'a> {
        RejectWriter {
            path: path.to_path_buf(),
            form,
            header: first_cells(header, form).to_vec(),
            problems,
            collection,
            file: None,
            rows: 0,
        }
    }

    /// Writes one row and what is wrong with it. `damaged` rows have no sound cells.
    pub fn write(
        &mut self,
        line: u64,
        raw: &[u8],
        damaged: bool,
        problems: &[Problem],
    ) -> io::Result<()> {
        let mut row = Vec::with_capacity(raw.len() + 128);
        if damaged {
            push_mendable(&mut row, raw, self.form);
        } else {
            row.extend_from_slice(first_cells(raw, self.form));
        }
        let (fields, codes, messages) = self.describe(line, problems);
        for cell in [line.to_string(), fields, codes, messages] {
            row.push(self.form.delimiter);
            push_cell(&mut row, &cell, self.form)?;
        }
        row.extend_from_slice(self.form.line_end);
        self.rows += 1;
        let row = self.form.encoding.outward(&row).into_owned();
        self.file()?.write_all(&row)
    }

    fn describe(&self, line: u64, problems: &[Problem]) -> (String, String, String) {
        let mut parts: [Vec<String>; 3] = Default::default();
        for problem in problems {
            let label = self
                .collection
                .field(&problem.field)
                .map(|(_, field)| &field.label);
            let (zh, en) = match label {
                Some(label) => (label.zh.as_str(), label.en.as_str()),
                None => (problem.field.as_str(), problem.field.as_str()),
            };
            let text = self.problems.text_with(problem, zh, en, line);
            parts[0].push(zh.to_string());
            parts[1].push(problem.code.to_string());
            parts[2].push(format!("{} / {}", text.zh, text.en));
        }
        let [fields, codes, messages] = parts.map(|part| part.join("；"));
        (fields, codes, messages)
    }

    fn file(&mut self) -> io::Result<&mut BufWriter<File>> {
        if self.file.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut file = BufWriter::new(File::create(&self.path)?);
            if self.form.marked {
                file.write_all(self.form.encoding.byte_order_mark())?;
            }
            let mut header = self.header.clone();
            for name in REJECT_COLUMNS {
                header.push(self.form.delimiter);
                push_cell(&mut header, name, self.form)?;
            }
            header.extend_from_slice(self.form.line_end);
            file.write_all(&self.form.encoding.outward(&header))?;
            self.file = Some(file);
        }
        self.file
            .as_mut()
            .ok_or_else(|| io::Error::other("the reject file is not open"))
    }

    /// Closes the file. Returns where it is, and how many rows it holds; none where no row was refused.
    pub fn finish(mut self) -> io::Result<Option<(PathBuf, u64)>> {
        let Some(file) = self.file.take() else {
            return Ok(None);
        };
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        Ok(Some((std::mem::take(&mut self.path), self.rows)))
    }
}

impl Drop for RejectWriter<'_> {
    /// A load that fails leaves no reject file behind.
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn push_cell(row: &mut Vec<u8>, cell: &str, form: Form) -> io::Result<()> {
    let delimiter = char::from(form.delimiter);
    let needs_quotes = cell.contains([delimiter, '"', '\n', '\r']);
    let text = if needs_quotes {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_string()
    };
    let bytes = form.encoding.encode(&text).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("U+{:04X}", u32::from(error.character)),
        )
    })?;
    row.extend_from_slice(&bytes);
    Ok(())
}

/// The cells of a sound row, without what an earlier reject file has added.
fn first_cells(raw: &[u8], form: Form) -> &[u8] {
    let mut end = 0;
    for place in 0..form.width.max(1) {
        let start = end + usize::from(place > 0);
        end = cell_end(raw, start, form);
        if end >= raw.len() {
            return raw;
        }
    }
    &raw[..end]
}

/// Where the cell ends that begins at `start`.
fn cell_end(raw: &[u8], start: usize, form: Form) -> usize {
    let mut place = start;
    if raw.get(place) == Some(&b'"') {
        place += 1;
        loop {
            let Some(quote) = memchr(b'"', &raw[place..]) else {
                return raw.len();
            };
            place += quote + 1;
            if raw.get(place) != Some(&b'"') {
                break;
            }
            place += 1;
        }
    }
    while place < raw.len() && raw[place] != form.delimiter {
        place = form.encoding.after_character(raw, place);
    }
    place
}

/// Cuts a row at its first delimiters, into so many pieces at most.
fn pieces(raw: &[u8], form: Form, most: usize) -> Vec<&[u8]> {
    let (mut pieces, mut start, mut place) = (Vec::new(), 0, 0);
    while place < raw.len() && pieces.len() + 1 < most {
        if raw[place] == form.delimiter {
            pieces.push(&raw[start..place]);
            start = place + 1;
        }
        place = form.encoding.after_character(raw, place);
    }
    pieces.push(&raw[start..]);
    pieces
}

/// Writes a damaged row so that it has as many cells as the header: cut at delimiters, each cell
/// quoted where it holds quotes, what is too much joined into the last cell.
fn push_mendable(row: &mut Vec<u8>, raw: &[u8], form: Form) {
    let width = form.width.max(1);
    let mut cells = pieces(raw, form, width);
    while cells.len() < width {
        cells.push(b"");
    }
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            row.push(form.delimiter);
        }
        let special = |byte: &u8| {
            *byte == b'"' || *byte == form.delimiter || *byte == b'\r' || *byte == b'\n'
        };
        if !cell.iter().any(special) {
            row.extend_from_slice(cell);
            continue;
        }
        row.push(b'"');
        for byte in *cell {
            if *byte == b'"' {
                row.push(b'"');
            }
            row.push(*byte);
        }
        row.push(b'"');
    }
}

/// Writes refused rows of JSON files as lines of JSON: the row, and what is wrong with it.
pub struct JsonRejectWriter<'a> {
    path: PathBuf,
    problems: &'a Problems,
    file: Option<BufWriter<File>>,
    rows: u64,
}

impl<'a> JsonRejectWriter<'a> {
    /// A writer; the file is made when the first row is refused.
    pub fn new(path: &Path, problems: &'a Problems) -> JsonRejectWriter<'a> {
        JsonRejectWriter {
            path: path.to_path_buf(),
            problems,
            file: None,
            rows: 0,
        }
    }

    /// Writes one row and what is wrong with it.
    pub fn write(&mut self, line: u64, raw: &str, problems: &[Problem]) -> io::Result<()> {
        if self.file.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            self.file = Some(BufWriter::new(File::create(&self.path)?));
        }
        let problems: Vec<_> = problems
            .iter()
            .map(|problem| {
                let text = self.problems.text(problem);
                serde_json::json!({
                    "code": problem.code.as_str(),
                    "field": problem.field.as_str(),
                    "zh": text.zh,
                    "en": text.en,
                })
            })
            .collect();
        let row: serde_json::Value = serde_json::from_str(raw)?;
        let line = serde_json::json!({ "line": line, "problems": problems, "row": row });
        self.rows += 1;
        match &mut self.file {
            Some(file) => writeln!(file, "{line}"),
            None => Ok(()),
        }
    }

    /// Closes the file. Returns where it is, and how many rows it holds.
    pub fn finish(mut self) -> io::Result<Option<(PathBuf, u64)>> {
        let Some(file) = self.file.take() else {
            return Ok(None);
        };
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        Ok(Some((std::mem::take(&mut self.path), self.rows)))
    }
}

impl Drop for JsonRejectWriter<'_> {
    /// A load that fails leaves no reject file behind.
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
