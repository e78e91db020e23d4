//! The header row against the mapping: which column stands where.

use std::collections::HashMap;

use schema::{Source, UnknownColumns};
use unicode_normalization::UnicodeNormalization;

use crate::encoding::TextEncoding;
use crate::fields::fields;
use crate::splitter::{Batch, Fault, RECORD_LIMIT};

/// Columns that a reject file adds, and that a file sent back may still have.
pub const REJECT_COLUMNS: [&str; 4] = ["行号/line", "字段/field", "错误码/code", "说明/message"];

/// The most columns that a file may have.
pub const MOST_COLUMNS: usize = 4096;

/// A header row that cannot be read, or does not fit the mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// There is none.
    #[error("the file is empty, expected a header row (文件为空，应有表头)")]
    Empty,
    /// A quote in it is not closed.
    #[error("the header row is damaged: a quote is not closed (表头的引号没有闭合)")]
    UnclosedQuote,
    /// It is longer than a record may be.
    #[error(
        "the header row is longer than {RECORD_LIMIT} bytes; at most {MOST_COLUMNS} columns are read (表头过长，最多 {MOST_COLUMNS} 列)"
    )]
    TooLong,
    /// It is no text in the file's encoding.
    #[error("the header row is no {encoding} at byte {place} (表头不是有效的 {encoding} 文本)")]
    Undecodable {
        /// The encoding.
        encoding: &'static str,
        /// The first bad byte, from 1.
        place: usize,
    },
    /// A workbook's header has error values, or numbers that Excel has altered.
    #[error("the header row has cells that Excel has damaged (表头中有 Excel 已损坏的单元格)")]
    DamagedCells,
    /// More columns than any table has.
    #[error(
        "the header row has {0} columns, at most {MOST_COLUMNS} are read; is the delimiter right? (表头有 {0} 列，最多 {MOST_COLUMNS} 列，请检查分隔符)"
    )]
    TooMany(usize),
    /// Two columns bear one name.
    #[error("two columns are headed '{0}' (两列的表头都是“{0}”)")]
    Duplicate(String),
    /// A column that the mapping wants is missing.
    #[error("the column '{expected}' is missing (缺少列“{expected}”); the file has: {found}")]
    Missing {
        /// The headers it may bear.
        expected: String,
        /// The headers found.
        found: String,
    },
    /// Columns that the mapping wants or does not know.
    #[error("{0}")]
    Misfit(Box<Misfit>),
}

/// How a header differs from what a mapping wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misfit {
    /// Columns that must be there and are not; the headers they may bear.
    pub missing: Vec<String>,
    /// Columns that the mapping does not name.
    pub unknown: Vec<String>,
}

impl Misfit {
    /// Whether the header is as the mapping wants it.
    pub fn is_none(&self) -> bool {
        self.missing.is_empty() && self.unknown.is_empty()
    }

    /// Unknown columns that may be missing ones under another name.
    fn hints(&self) -> Vec<(&str, &str)> {
        if let ([missing], [unknown]) = (&self.missing[..], &self.unknown[..]) {
            return vec![(unknown, missing)];
        }
        let near = |unknown: &str| {
            let likeness = |missing: &&String| {
                let alike = strsim::normalized_damerau_levenshtein(unknown, missing);
                (alike * 100.0) as u32
            };
            let best = self.missing.iter().max_by_key(likeness)?;
            (likeness(&best) >= 50).then_some(best.as_str())
        };
        self.unknown
            .iter()
            .filter_map(|unknown| Some((unknown.as_str(), near(unknown)?)))
            .collect()
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMED: usize = 20;
        let list = |names: &[String]| {
            let more = if names.len() > NAMED { ", …" } else { "" };
            names[..names.len().min(NAMED)].join(", ") + more
        };
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("missing columns (缺少列): {}", list(&self.missing)));
        }
        if !self.unknown.is_empty() {
            let unknown = list(&self.unknown);
            parts.push(format!(
                "columns that the mapping does not name (映射中没有的列): {unknown}; name them there, or list them under 'ignore'"
            ));
        }
        for (unknown, missing) in self.hints() {
            parts.push(format!(
                "is '{unknown}' meant to be '{missing}'? (“{unknown}”是否应为“{missing}”？)"
            ));
        }
        out.write_str(&parts.join("; "))
    }
}

/// Where each header stands.
#[derive(Clone, Debug)]
pub struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

/// The form in which headers are compared.
fn normal(header: &str) -> String {
    crate::cell::trim(header).nfkc().collect()
}

impl Header {
    /// Reads a header row. Columns without a name are allowed while nobody wants them.
    pub fn new(cells: &[impl AsRef<str>]) -> Result<Header, HeaderError> {
        if cells.len() > MOST_COLUMNS {
            return Err(HeaderError::TooMany(cells.len()));
        }
        let names: Vec<String> = cells.iter().map(|cell| normal(cell.as_ref())).collect();
        let mut places = HashMap::new();
        for (place, name) in names
            .iter()
            .enumerate()
            .filter(|(_, name)| !name.is_empty())
        {
            if places.insert(name.clone(), place).is_some() {
                return Err(HeaderError::Duplicate(name.clone()));
            }
        }
        Ok(Header { names, places })
    }

    /// Reads a header row; also gives its bytes.
    pub fn read(
        head: &Batch,
        encoding: TextEncoding,
        delimiter: u8,
    ) -> Result<(Header, Vec<u8>), HeaderError> {
        let record = head.records.first().ok_or(HeaderError::Empty)?;
        match record.fault {
            None => {}
            Some(Fault::UnclosedQuote) => return Err(HeaderError::UnclosedQuote),
            Some(Fault::TooLong) => return Err(HeaderError::TooLong),
        }
        if !head.flaws.is_empty() {
            return Err(HeaderError::DamagedCells);
        }
        let raw = head.raw(record).to_vec();
        let text = encoding
            .decode(&raw)
            .map_err(|error| HeaderError::Undecodable {
                encoding: encoding.name(),
                place: encoding.outward_offset(&raw, error.offset) + 1,
            })?;
        let mut cells = Vec::new();
        fields(&text, delimiter, &mut cells);
        Ok((Header::new(&cells)?, raw))
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// How many columns there are besides those that an earlier reject file has added at the end.
    pub fn own_width(&self) -> usize {
        let own = self.names.len().saturating_sub(REJECT_COLUMNS.len());
        let added = REJECT_COLUMNS.iter().map(|column| normal(column));
        if own > 0 && added.eq(self.names[own..].iter().cloned()) {
            own
        } else {
            self.names.len()
        }
    }

    /// The names, in normal form.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where a header stands.
    pub fn place(&self, header: &str) -> Option<usize> {
        self.places.get(&normal(header)).copied()
    }

    /// Where the first of several headers stands that the file has.
    pub fn first(&self, headers: &[String], optional: bool) -> Result<Option<usize>, HeaderError> {
        let place = headers.iter().find_map(|header| self.place(header));
        if place.is_none() && !optional {
            return Err(HeaderError::Missing {
                expected: headers.join(" / "),
                found: self.names.join(", "),
            });
        }
        Ok(place)
    }

    /// Where a header stands that must be there.
    pub fn required(&self, header: &str) -> Result<usize, HeaderError> {
        self.place(header).ok_or_else(|| HeaderError::Missing {
            expected: header.to_string(),
            found: self.names.join(", "),
        })
    }

    /// How the header differs from what a mapping wants.
    pub fn misfit(&self, source: &Source) -> Misfit {
        let mut misfit = Misfit::default();
        let mut want = |headers: &[String]| {
            let text = headers.join(" / ");
            if headers.iter().all(|header| self.place(header).is_none())
                && !misfit.missing.contains(&text)
            {
                misfit.missing.push(text);
            }
        };
        for column in source.columns.iter().filter(|column| !column.optional) {
            want(&column.headers);
        }
        for point in source.points.iter().filter(|point| !point.optional) {
            want(std::slice::from_ref(&point.lon));
            want(std::slice::from_ref(&point.lat));
        }
        for header in others(source) {
            want(std::slice::from_ref(header));
        }
        if let Some(unpivot) = &source.unpivot
            && !self.names.iter().any(|name| unpivot.columns.is_match(name))
        {
            misfit.missing.push(unpivot.columns.to_string());
        }
        if source.unknown_columns == UnknownColumns::Refuse {
            misfit.unknown = self.unknown(source);
        }
        misfit
    }

    /// How many columns a mapping reads.
    pub fn read_by(&self, source: &Source) -> usize {
        let named = named(source);
        let ignored: Vec<String> = source.ignore.iter().map(|header| normal(header)).collect();
        let is_read = |name: &&String| {
            let unpivot = source.unpivot.as_ref();
            named.contains(*name) && !ignored.contains(*name)
                || unpivot.is_some_and(|unpivot| unpivot.columns.is_match(name))
        };
        self.names.iter().filter(is_read).count()
    }

    /// The columns that a mapping does not name.
    fn unknown(&self, source: &Source) -> Vec<String> {
        let known = named(source);
        let is_known = |name: &String| {
            let unpivot = source.unpivot.as_ref();
            known.contains(name)
                || unpivot.is_some_and(|unpivot| unpivot.columns.is_match(name))
                || REJECT_COLUMNS.iter().any(|column| normal(column) == *name)
        };
        self.names
            .iter()
            .filter(|name| !name.is_empty() && !name.starts_with('@'))
            .filter(|name| !is_known(name))
            .cloned()
            .collect()
    }

    /// Refuses a header that is not as the mapping wants it.
    pub fn refuse_misfit(&self, source: &Source) -> Result<(), HeaderError> {
        let misfit = self.misfit(source);
        if misfit.is_none() {
            return Ok(());
        }
        Err(HeaderError::Misfit(Box::new(misfit)))
    }
}

/// The headers that a mapping wants besides those of columns and points: they must all be there.
fn others(source: &Source) -> impl Iterator<Item = &String> {
    let columns = source
        .columns
        .iter()
        .filter_map(|column| column.unless_same.as_ref());
    let validity = source.validity.from.iter().chain(&source.validity.to);
    let ends = source
        .ends
        .iter()
        .flat_map(|ends| std::iter::once(&ends.column).chain(&ends.unless_same));
    let skips = source
        .skip
        .iter()
        .flat_map(|skip| std::iter::once(&skip.column).chain(&skip.same_as));
    columns.chain(validity).chain(ends).chain(skips)
}

/// Every header that a mapping names, in normal form.
pub fn named(source: &Source) -> std::collections::HashSet<String> {
    let columns = source.columns.iter().flat_map(|column| &column.headers);
    let points = source
        .points
        .iter()
        .flat_map(|point| [&point.lon, &point.lat]);
    columns
        .chain(points)
        .chain(others(source))
        .chain(&source.ignore)
        .map(|header| normal(header))
        .collect()
}
