//! Source mappings: how one department's file becomes statements. The meaning of every key, for
//! those who write them, is in `schemas/README.md`; the loading desk carries it out.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{CompactString, Decimal, FieldNumber};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::{Collection, Label};

/// The form of a source's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Comma-separated values (RFC 4180, read tolerantly), or the same table as an Excel workbook.
    Csv,
    /// A GeoJSON feature collection (RFC 7946).
    Geojson,
    /// Any JSON; [`Source::rows`] says where the rows are.
    Json,
}

/// The character encoding of a source's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Byte order mark, then strict UTF-8, then GB18030.
    #[default]
    Auto,
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030.
    Gb18030,
}

/// What a file of the source covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only what changed.
    #[default]
    Delta,
    /// All of the source's entities: those a file lacks are ended as of the load's date.
    Whole,
}

/// What is done with a column that the mapping does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownColumns {
    /// The file is refused.
    #[default]
    Refuse,
    /// The column is dropped.
    Ignore,
}

/// The order in which rows become statements: of two that contradict each other, the later wins.
/// Orders other than the file's are for JSON and GeoJSON; rows of one date stay as in the file,
/// except that endings ([`Ends`]) come before what begins on that date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowOrder {
    /// As in the file.
    #[default]
    File,
    /// By the date of `validity.from`, or else `validity.to`: the earliest first.
    Ascending,
    /// By the date of `validity.from`, or else `validity.to`: the latest first.
    Descending,
}

/// What two rows of one file with the same natural key mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// A mistake: the second is rejected with `duplicate-key`, unless their validities are apart.
    #[default]
    Refuse,
    /// Where their validities overlap, the later row wins: tables of changes.
    LaterWins,
}

/// Where a new entity's first statement starts when no column says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum First {
    /// It has always been so, as far as we know.
    #[default]
    #[serde(rename = "open")]
    Open,
    /// On the load's date.
    #[serde(rename = "as-of")]
    AsOf,
}

/// The columns with the dates between which a row holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowValidity {
    /// The column with the date from which it holds; its first day.
    pub from: Option<String>,
    /// The column with the date from which it no longer holds; its first day.
    pub to: Option<String>,
    /// Where a new entity's first statement starts without `from`.
    pub first: First,
}

/// A row also ends another entity, its predecessor (or, read backwards, its successor): throughout
/// the row's validity the source says nothing of it. A row without a key of its own, but with a value
/// here, does nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The column with the natural key of the entity that ends; shaped like the key's own column.
    pub column: String,
    /// Nothing ends where that column has the same value as this one.
    pub unless_same: Option<String>,
}

/// How a geometry is written in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GeometryEncoding {
    /// A GeoJSON geometry object.
    Geojson,
    /// Well-known text.
    Wkt,
}

/// One column of a file and the field it fills.
#[derive(Clone, Debug)]
pub struct Column {
    /// The headers it may bear; the first that the file has counts.
    pub headers: Vec<String>,
    /// The field.
    pub field: FieldNumber,
    /// The field's name.
    pub field_name: CompactString,
    /// The column may be missing from the file.
    pub optional: bool,
    /// Date forms in place of the source's.
    pub date_formats: Option<Vec<String>>,
    /// Texts that mean no value, in addition to the source's.
    pub null: Vec<String>,
    /// Decimal and integer fields: the number is multiplied by this.
    pub factor: Option<Decimal>,
    /// Translation of the file's values; values not listed pass unchanged.
    pub codes: BTreeMap<String, String>,
    /// Values are translated by the Chinese names of the field's code list.
    pub by_name: bool,
    /// What separates several values in one cell.
    pub split: Option<String>,
    /// Taken from the front, where it is there.
    pub strip_prefix: Option<String>,
    /// Put in front.
    pub prefix: Option<String>,
    /// Filled with zeros on the right to this many characters.
    pub pad_right: Option<usize>,
    /// Numbers may have thousands separators.
    pub quoted_thousands: bool,
    /// How geometries are written.
    pub geometry: Option<GeometryEncoding>,
    /// The cell counts as empty where it equals this other column's.
    pub unless_same: Option<String>,
}

/// Two columns that make a point.
#[derive(Clone, Debug)]
pub struct PointColumns {
    /// The field.
    pub field: FieldNumber,
    /// The field's name.
    pub field_name: CompactString,
    /// The column with the longitude, or the easting.
    pub lon: String,
    /// The column with the latitude, or the northing.
    pub lat: String,
    /// The columns may be missing from the file.
    pub optional: bool,
}

/// A wide table: each cell of the columns matched becomes a row.
#[derive(Clone, Debug)]
pub struct Unpivot {
    /// Matches the headers.
    pub columns: Regex,
    /// How the header's text becomes a field's value; it has no headers of its own.
    pub name: Column,
    /// How the cell becomes a field's value; it has no headers of its own. An empty cell is no row.
    pub value: Column,
}

/// Rows that are no data. Every condition given must hold; a cell that means no value is empty.
#[derive(Clone, Debug)]
pub struct Skip {
    /// The column looked at.
    pub column: String,
    /// It has one of these values.
    pub equals: Vec<String>,
    /// It has none of these values.
    pub unless: Vec<String>,
    /// It is empty.
    pub empty: bool,
    /// It matches this.
    pub matches: Option<Regex>,
    /// It has the same value as this column.
    pub same_as: Option<String>,
    /// Why.
    pub reason: Label,
}

/// Rows set aside with the code `quarantined`, never published.
#[derive(Clone, Debug)]
pub struct Quarantine {
    /// The field looked at.
    pub field: FieldNumber,
    /// The field's name.
    pub field_name: CompactString,
    /// The least value set aside, as text of the field's canonical form.
    pub from: Option<String>,
    /// The greatest value set aside: a value that begins with it is still meant (`2017-Q4` by `2017`).
    pub to: Option<String>,
    /// Only these values.
    pub equals: Vec<String>,
    /// Why.
    pub reason: Label,
}

impl Quarantine {
    /// Whether a value of the field, as canonical text, is set aside.
    pub fn applies(&self, value: &str) -> bool {
        let after_start = self.from.as_deref().is_none_or(|from| value >= from);
        let before_end = self
            .to
            .as_deref()
            .is_none_or(|to| value <= to || value.starts_with(to));
        let listed = self.equals.is_empty() || self.equals.iter().any(|one| one == value);
        after_start && before_end && listed
    }
}

/// The forms of dates where a source does not say.
pub const DATE_FORMATS: [&str; 6] = [
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y/%m/%d",
    "%Y-%m",
    "%Y",
];

/// How one department's file becomes statements.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name: the file's name without `.toml`.
    pub name: String,
    /// Its label.
    pub label: Label,
    /// What it is, whence, under which licence.
    pub description: Option<Label>,
    /// The collection it feeds.
    pub collection: Arc<Collection>,
    /// The department that speaks, a key of [`crate::Catalog::departments`].
    pub department: String,
    /// The form of its files.
    pub format: FileFormat,
    /// JSON: where the rows are.
    pub rows: Option<String>,
    /// The character encoding.
    pub encoding: Encoding,
    /// What separates cells.
    pub delimiter: u8,
    /// Lines that begin with it are no rows.
    pub comment: Option<u8>,
    /// The sheet of a workbook that holds the rows, where it may have several.
    pub sheet: Option<String>,
    /// What a file covers.
    pub scope: Scope,
    /// The coordinate reference system of its points and geometries.
    pub crs: String,
    /// Texts that mean no value.
    pub null: Vec<String>,
    /// The forms of dates, tried in order (`strftime` directives).
    pub date_formats: Vec<String>,
    /// What is done with columns not named.
    pub unknown_columns: UnknownColumns,
    /// Headers known and dropped.
    pub ignore: Vec<String>,
    /// Accepted only in a data directory made for synthetic data.
    pub synthetic: bool,
    /// The order of rows.
    pub order: RowOrder,
    /// What two rows with the same key mean.
    pub duplicates: Duplicates,
    /// When rows hold.
    pub validity: RowValidity,
    /// The entity that each row ends.
    pub ends: Option<Ends>,
    /// Fields with one value for every row, as text of the field's canonical form.
    pub constants: Vec<(FieldNumber, String)>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Pairs of columns that make points.
    pub points: Vec<PointColumns>,
    /// Set for wide tables.
    pub unpivot: Option<Unpivot>,
    /// Rows that are no data.
    pub skip: Vec<Skip>,
    /// Rows set aside.
    pub quarantine: Vec<Quarantine>,
}
