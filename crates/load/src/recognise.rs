//! Of which sources a file may be, by its header. Nothing is guessed: where several sources fit, or
//! none, the caller says so and asks.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::Path;

use schema::{Catalog, FileFormat, Source};
use serde::{Deserialize, Serialize};

use crate::encoding::{TextEncoding, carried, mark, refuse_what_is_no_text};
use crate::error::LoadError;
use crate::header::{Header, HeaderError, Misfit};
use crate::input::{self, Counter, InputError, Packing};
use crate::json_rows;
use crate::rows::Rows;
use crate::sheet::Workbook;
use crate::splitter::{Dialect, RECORD_LIMIT, Splitter};

/// How much of a file is read for its header.
const START: usize = RECORD_LIMIT + (64 << 10);
/// How many near sources are named.
const NEAR: usize = 5;

/// The sources that a file may be of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognition {
    /// Sources whose mappings take the file's columns as they are; first those that read most of them.
    pub fits: Vec<String>,
    /// Sources whose mappings nearly do; the nearest first.
    pub near: Vec<Near>,
}

impl Recognition {
    /// The source, where exactly one fits.
    pub fn only(&self) -> Option<&str> {
        match &self.fits[..] {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// A source that a file nearly fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// The source.
    pub source: String,
    /// Columns that it wants and the file lacks.
    pub missing: Vec<String>,
    /// Columns of the file that it does not name.
    pub unknown: Vec<String>,
}

impl fmt::Display for Near {
    /// The source, `-` before each column that the file lacks, `+` before each that is too much.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.source)?;
        let missing = self.missing.iter().map(|column| format!("-{column}"));
        let unknown = self.unknown.iter().map(|column| format!("+{column}"));
        let columns: Vec<String> = missing.chain(unknown).collect();
        match columns.is_empty() {
            true => Ok(()),
            false => write!(out, " ({})", columns.join(" ")),
        }
    }
}

/// What the headers of sources are compared with.
enum Found {
    Header(Header),
    /// The file cannot be read in this way; the reason, until it has been noted.
    Not(Option<LoadError>),
}

/// Tells of which sources a file may be. Of text no more than the beginning is read.
///
/// # Errors
///
/// [`LoadError`] for files that cannot be read at all, or as no source's files are.
pub fn recognise(catalog: &Catalog, path: &Path) -> Result<Recognition, LoadError> {
    let packing = input::packing(path).map_err(|error| LoadError::input(path, error))?;
    let mut sought = Sought::default();
    if packing == Packing::Workbook {
        let mut book = Workbook::open(path, &Counter::default())
            .map_err(|error| LoadError::input(path, error))?;
        let mut sheets: BTreeMap<Option<&str>, Found> = BTreeMap::new();
        for source in tables(catalog) {
            let sheet = source.sheet.as_deref();
            let found = sheets
                .entry(sheet)
                .or_insert_with(|| sheet_header(path, &mut book, sheet).into());
            sought.compare(source, found);
        }
        return sought.finish();
    }
    let start = beginning(path)?;
    let text = start.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if text.trim_ascii_start().starts_with(b"{") || text.trim_ascii_start().starts_with(b"[") {
        for source in json_sources(catalog) {
            if let Some(header) = json_header(path, source)? {
                sought.compare_json(source, &header);
            }
        }
        return sought.finish();
    }
    refuse_what_is_no_text(&start).map_err(|error| LoadError::at(path, 0, &error.to_string()))?;
    let mut dialects: BTreeMap<(u8, Option<u8>), Found> = BTreeMap::new();
    for source in tables(catalog) {
        let found = dialects
            .entry((source.delimiter, source.comment))
            .or_insert_with(|| text_header(path, &start, source).into());
        sought.compare(source, found);
    }
    sought.finish()
}

fn tables(catalog: &Catalog) -> impl Iterator<Item = &Source> {
    let sources = catalog.sources.values().map(|source| &**source);
    sources.filter(|source| source.format == FileFormat::Csv)
}

fn json_sources(catalog: &Catalog) -> impl Iterator<Item = &Source> {
    let sources = catalog.sources.values().map(|source| &**source);
    sources.filter(|source| source.format != FileFormat::Csv)
}

impl From<Result<Header, LoadError>> for Found {
    fn from(header: Result<Header, LoadError>) -> Found {
        match header {
            Ok(header) => Found::Header(header),
            Err(error) => Found::Not(Some(error)),
        }
    }
}

/// The first bytes of a file's content.
fn beginning(path: &Path) -> Result<Vec<u8>, LoadError> {
    let file = input::open(path).map_err(|error| LoadError::input(path, error))?;
    let mut start = Vec::new();
    file.reader
        .take(START as u64)
        .read_to_end(&mut start)
        .map_err(|error| LoadError::file(path, error))?;
    Ok(start)
}

fn text_header(path: &Path, start: &[u8], source: &Source) -> Result<Header, LoadError> {
    let wrong = |error: std::io::Error| LoadError::file(path, error);
    let marked = mark(start);
    let length = marked.map_or(0, |encoding| encoding.byte_order_mark().len());
    let content = &start[length..];
    // The beginning may be cut within a character of two bytes.
    let whole = match marked {
        Some(encoding) if encoding.carried() != encoding => &content[..content.len() & !1],
        _ => content,
    };
    let mut text = Vec::new();
    carried(whole, marked.unwrap_or(TextEncoding::Utf8))
        .read_to_end(&mut text)
        .map_err(wrong)?;
    let dialect = |encoding| Dialect {
        delimiter: source.delimiter,
        comment: source.comment,
        encoding,
    };
    let encodings = match marked {
        Some(encoding) => vec![encoding.carried()],
        None => vec![TextEncoding::Utf8, TextEncoding::Gb18030],
    };
    let mut outcome = Err(HeaderError::Empty);
    for encoding in encodings {
        let mut splitter = Splitter::new(&text[..], dialect(encoding));
        let Some(head) = splitter.next_record().map_err(wrong)? else {
            break;
        };
        outcome = Header::read(&head, encoding, source.delimiter).map(|(header, _)| header);
        if !matches!(outcome, Err(HeaderError::Undecodable { .. })) {
            break;
        }
    }
    outcome.map_err(|error| LoadError::at(path, 1, &error.to_string()))
}

fn sheet_header(
    path: &Path,
    book: &mut Workbook,
    sheet: Option<&str>,
) -> Result<Header, LoadError> {
    const DELIMITER: u8 = b',';
    let refused = |error: InputError| LoadError::input(path, error);
    let (sheet, _) = book.choose(sheet).map_err(refused)?;
    let mut rows = book.rows(&sheet, DELIMITER).map_err(refused)?;
    let head = rows
        .next_record()
        .map_err(|error| LoadError::file(path, error))?;
    let header = match &head {
        Some(head) => Header::read(head, TextEncoding::Utf8, DELIMITER),
        None => Err(HeaderError::Empty),
    };
    match header {
        Ok((header, _)) => Ok(header),
        Err(error) => Err(LoadError::at(path, 1, &error.to_string())),
    }
}

/// The columns of a JSON file's first row; none where the source's rows are not in it.
fn json_header(path: &Path, source: &Source) -> Result<Option<Header>, LoadError> {
    let file = input::open(path).map_err(|error| LoadError::input(path, error))?;
    let columns = json_rows::first_columns(source, file.reader);
    Ok(columns.and_then(|columns| Header::new(&columns).ok()))
}

/// What has been found so far.
#[derive(Default)]
struct Sought {
    /// Columns read, source.
    fits: Vec<(usize, String)>,
    near: Vec<(usize, Near)>,
    refusal: Option<LoadError>,
    compared: bool,
}

impl Sought {
    fn compare(&mut self, source: &Source, found: &mut Found) {
        match found {
            Found::Header(header) => {
                let misfit = header.misfit(source);
                self.take(source, header, misfit);
            }
            Found::Not(reason) => self.refusal = self.refusal.take().or(reason.take()),
        }
    }

    /// Rows of JSON leave out members without a value: those of the key must be there.
    fn compare_json(&mut self, source: &Source, header: &Header) {
        let mut misfit = header.misfit(source);
        let key = &source.collection.key;
        let keys = source
            .columns
            .iter()
            .filter(|column| key.contains(&column.field));
        if keys
            .flat_map(|column| &column.headers)
            .any(|name| header.place(name).is_some())
        {
            misfit.missing.clear();
        }
        self.take(source, header, misfit);
    }

    fn take(&mut self, source: &Source, header: &Header, misfit: Misfit) {
        self.compared = true;
        let read = header.read_by(source);
        if misfit.is_none() {
            self.fits.push((read, source.name.clone()));
        } else if read > misfit.missing.len() / 2 {
            let distance = misfit.missing.len() + misfit.unknown.len();
            let near = Near {
                source: source.name.clone(),
                missing: misfit.missing,
                unknown: misfit.unknown,
            };
            self.near.push((distance, near));
        }
    }

    fn finish(mut self) -> Result<Recognition, LoadError> {
        if let (Some(refusal), false) = (self.refusal, self.compared) {
            return Err(refusal);
        }
        self.fits.sort_by_key(|(read, _)| std::cmp::Reverse(*read));
        self.near.sort_by_key(|(distance, _)| *distance);
        self.near.truncate(NEAR);
        Ok(Recognition {
            fits: self.fits.into_iter().map(|(_, name)| name).collect(),
            near: self.near.into_iter().map(|(_, near)| near).collect(),
        })
    }
}

#[cfg(test)]
mod tests;
