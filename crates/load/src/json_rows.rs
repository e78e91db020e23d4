//! Rows of JSON and GeoJSON files, as rows of cells.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use schema::{FileFormat, RowOrder, Source};
use serde_json::Value;

use crate::header::named;

mod first;

/// The largest JSON file that is read: it is held in memory whole.
pub const LARGEST: u64 = 256 << 20;

/// A JSON file that cannot be read as the mapping says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// No JSON.
    #[error("line {line}, column {column}: no JSON (不是 JSON): {reason}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// The pointer of the mapping leads nowhere.
    #[error("the file has no rows at '{0}' (文件在“{0}”处没有数据行)")]
    NoRows(String),
    /// Too large.
    #[error("the file has {0} bytes; JSON files may have {LARGEST} (JSON 文件过大)")]
    TooLarge(u64),
}

/// One row.
#[derive(Clone, Debug)]
pub struct JsonRow {
    /// Its place among the rows, from 1.
    pub line: u64,
    /// Its cells, in the order of [`JsonRows::headers`].
    pub cells: Vec<Cow<'static, str>>,
    /// The row as JSON.
    pub raw: String,
}

/// All rows of a file.
#[derive(Clone, Debug)]
pub struct JsonRows {
    /// The columns: all that any row has, and all that the mapping names.
    pub headers: Vec<String>,
    /// The rows, in the order in which they are carried out.
    pub rows: Vec<JsonRow>,
}

/// Reads the rows of a file.
pub fn read(source: &Source, bytes: &[u8]) -> Result<JsonRows, JsonError> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| JsonError::Syntax {
        line: error.line(),
        column: error.column(),
        reason: error.to_string(),
    })?;
    let mut found: Vec<BTreeMap<String, Cow<'static, str>>> = Vec::new();
    let mut raw: Vec<String> = Vec::new();
    let pointer = pointer(source);
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let mut each = |key: &str, walked: &[String], row: &Value| {
        found.push(cells_of(source, key, walked, row));
        raw.push(row.to_string());
    };
    if !walk(&document, &steps, &mut Vec::new(), &mut each) {
        return Err(JsonError::NoRows(pointer.to_string()));
    }
    let mut headers: BTreeSet<String> = named(source).into_iter().collect();
    headers.extend(found.iter().flat_map(|row| row.keys().cloned()));
    let headers: Vec<String> = headers.into_iter().collect();
    let mut rows: Vec<JsonRow> = found
        .into_iter()
        .zip(raw)
        .enumerate()
        .map(|(place, (mut cells, raw))| JsonRow {
            line: place as u64 + 1,
            cells: headers
                .iter()
                .map(|header| cells.remove(header).unwrap_or_default())
                .collect(),
            raw,
        })
        .collect();
    order(source, &headers, &mut rows);
    Ok(JsonRows { headers, rows })
}

/// Where the rows of a source's files are.
fn pointer(source: &Source) -> &str {
    match source.format {
        FileFormat::Geojson => "/features",
        _ => source.rows.as_deref().unwrap_or_default(),
    }
}

/// The cells of a row, by column.
fn cells_of(
    source: &Source,
    key: &str,
    walked: &[String],
    row: &Value,
) -> BTreeMap<String, Cow<'static, str>> {
    let mut cells = BTreeMap::new();
    if source.format == FileFormat::Geojson {
        feature(row, &mut cells);
        return cells;
    }
    cells.insert("@key".to_string(), Cow::Owned(key.to_string()));
    for (place, name) in walked.iter().enumerate() {
        cells.insert(format!("@{}", place + 1), Cow::Owned(name.clone()));
    }
    match row {
        Value::Object(_) => flatten("", row, &mut cells),
        scalar => {
            cells.insert("@value".to_string(), text(scalar));
        }
    }
    cells
}

/// The columns of a file's first row, read no further than its end; none where it has none.
pub fn first_columns(source: &Source, reader: impl Read) -> Option<Vec<String>> {
    let (key, walked, row) = first::row(pointer(source), reader)?;
    let cells = cells_of(source, &key, &walked, &row);
    Some(cells.into_keys().collect())
}

/// Calls `each` for every row that the steps lead to; false where they lead nowhere.
fn walk(
    value: &Value,
    steps: &[&str],
    walked: &mut Vec<String>,
    each: &mut impl FnMut(&str, &[String], &Value),
) -> bool {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(place, value)| (place.to_string(), value))
            .collect(),
        _ => return false,
    };
    let Some((step, rest)) = steps.split_first() else {
        for (name, row) in members {
            each(&name, walked, row);
        }
        return true;
    };
    if *step == "*" {
        let mut any = false;
        for (name, value) in members {
            walked.push(name);
            any |= walk(value, rest, walked, each);
            walked.pop();
        }
        return any;
    }
    let name = member(step);
    match members.into_iter().find(|(member, _)| *member == name) {
        Some((_, value)) => walk(value, rest, walked, each),
        None => false,
    }
}

/// The member that a step of a pointer names. RFC 6901: `~1` is a slash, `~0` a tilde.
fn member(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn feature(row: &Value, cells: &mut BTreeMap<String, Cow<'static, str>>) {
    if let Some(properties) = row.get("properties") {
        flatten("", properties, cells);
    }
    for member in ["geometry", "id"] {
        if let Some(value) = row.get(member) {
            cells.insert(member.to_string(), text(value));
        }
    }
}

fn flatten(prefix: &str, value: &Value, cells: &mut BTreeMap<String, Cow<'static, str>>) {
    let Value::Object(members) = value else {
        return;
    };
    for (name, value) in members {
        let name = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        let is_geometry = value.get("coordinates").is_some();
        match value {
            Value::Object(_) if !is_geometry => flatten(&name, value, cells),
            other => {
                cells.insert(name, text(other));
            }
        }
    }
}

fn text(value: &Value) -> Cow<'static, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Owned(text.clone()),
        other => Cow::Owned(other.to_string()),
    }
}

/// Sorts rows by the date of their validity, where the mapping asks for it; endings come first within
/// a date.
fn order(source: &Source, headers: &[String], rows: &mut [JsonRow]) {
    if source.order == RowOrder::File {
        return;
    }
    let validity = &source.validity;
    let Some(column) = validity.from.as_ref().or(validity.to.as_ref()) else {
        return;
    };
    let Some(place) = headers.iter().position(|header| header == column) else {
        return;
    };
    let key = source
        .columns
        .iter()
        .find(|column| source.collection.key.contains(&column.field));
    let key = key.and_then(|column| {
        headers
            .iter()
            .position(|header| column.headers.contains(header))
    });
    let is_more = |row: &JsonRow| key.is_some_and(|key| !row.cells[key].is_empty());
    rows.sort_by(|left, right| {
        let dates = left.cells[place].cmp(&right.cells[place]);
        let dates = if source.order == RowOrder::Descending {
            dates.reverse()
        } else {
            dates
        };
        dates.then_with(|| is_more(left).cmp(&is_more(right)))
    });
}
