//! The header row against the mapping: which column stands where.

use std::collections::HashMap;

use schema::{Source, UnknownColumns};
use unicode_normalization::UnicodeNormalization;

/// Columns that a reject file adds, and that a file sent back may still have.
pub const REJECT_COLUMNS: [&str; 4] = ["行号/line", "字段/field", "错误码/code", "说明/message"];

/// A header row that does not fit the mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
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
    /// A column that the mapping does not know.
    #[error(
        "the column '{0}' is not in the mapping (映射中没有列“{0}”): name it there, or list it under 'ignore'"
    )]
    Unknown(String),
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

    /// Refuses columns that the mapping does not name.
    pub fn refuse_unknown(&self, source: &Source) -> Result<(), HeaderError> {
        if source.unknown_columns == UnknownColumns::Ignore {
            return Ok(());
        }
        let known = named(source);
        for name in self
            .names
            .iter()
            .filter(|name| !name.is_empty() && !name.starts_with('@'))
        {
            let unpivoted = source
                .unpivot
                .as_ref()
                .is_some_and(|unpivot| unpivot.columns.is_match(name));
            let added = REJECT_COLUMNS.iter().any(|column| normal(column) == *name);
            if !unpivoted && !added && !known.contains(name) {
                return Err(HeaderError::Unknown(name.clone()));
            }
        }
        Ok(())
    }
}

/// Every header that a mapping names, in normal form.
pub fn named(source: &Source) -> std::collections::HashSet<String> {
    let columns = source
        .columns
        .iter()
        .flat_map(|column| column.headers.iter().chain(&column.unless_same));
    let points = source
        .points
        .iter()
        .flat_map(|point| [&point.lon, &point.lat]);
    let validity = source.validity.from.iter().chain(&source.validity.to);
    let ends = source
        .ends
        .iter()
        .flat_map(|ends| std::iter::once(&ends.column).chain(&ends.unless_same));
    let skips = source
        .skip
        .iter()
        .flat_map(|skip| std::iter::once(&skip.column).chain(&skip.same_as));
    columns
        .chain(points)
        .chain(validity)
        .chain(ends)
        .chain(skips)
        .chain(&source.ignore)
        .map(|header| normal(header))
        .collect()
}
