//! `<register>/sources/<source>.toml`: the file's form, and the checks of a mapping as a whole. What
//! fills single fields is in `mappings`.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::SchemaFile;
use super::mappings::{Given, RawColumn, RawPoint, RawUnpivot};
use crate::{
    Catalog, Collection, DATE_FORMATS, Duplicates, Encoding, Ends, FieldType, FileFormat, First,
    Label, Mistake, Quarantine, RowOrder, RowValidity, SchemaError, Scope, Skip, Source,
    UnknownColumns,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    source: Spanned<String>,
    label: Label,
    description: Option<Label>,
    collection: Spanned<String>,
    department: Spanned<String>,
    format: FileFormat,
    rows: Option<Spanned<String>>,
    #[serde(default)]
    encoding: Encoding,
    delimiter: Option<Spanned<String>>,
    comment: Option<Spanned<String>>,
    sheet: Option<Spanned<String>>,
    #[serde(default)]
    scope: Scope,
    crs: Option<Spanned<String>>,
    null: Option<Vec<String>>,
    date_formats: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    unknown_columns: UnknownColumns,
    #[serde(default)]
    ignore: Vec<Spanned<String>>,
    #[serde(default)]
    synthetic: bool,
    order: Option<Spanned<RowOrder>>,
    #[serde(default)]
    duplicates: Duplicates,
    #[serde(default)]
    validity: RawValidity,
    ends: Option<RawEnds>,
    #[serde(default)]
    constants: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    column: Vec<RawColumn>,
    #[serde(default)]
    point: Vec<RawPoint>,
    unpivot: Option<RawUnpivot>,
    #[serde(default)]
    skip: Vec<RawSkip>,
    #[serde(default)]
    quarantine: Vec<RawQuarantine>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawValidity {
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    first: First,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnds {
    column: Spanned<String>,
    unless_same: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSkip {
    column: Spanned<String>,
    #[serde(default)]
    equals: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    empty: bool,
    matches: Option<Spanned<String>>,
    same_as: Option<String>,
    reason: Label,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuarantine {
    field: Spanned<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    equals: Vec<String>,
    reason: Label,
}

/// What means no value where a source does not say.
const NULL: [&str; 1] = [""];

pub(super) fn read(
    file: &SchemaFile,
    register: &str,
    catalog: &Catalog,
) -> Result<Source, SchemaError> {
    let raw: RawSource = file.toml()?;
    let collection = check_names(file, register, catalog, &raw)?;
    check_form(file, &raw)?;
    let date_formats = match &raw.date_formats {
        Some(formats) => super::mappings::date_formats(file, formats)?,
        None => DATE_FORMATS.map(str::to_string).to_vec(),
    };
    let start = raw.collection.span().start;
    let mut given = Given::new(file, &collection, raw.format);
    for header in &raw.ignore {
        given.header(header)?;
    }
    let columns = each(raw.column, |column| given.column(column))?;
    let points = each(raw.point, |point| given.point(point))?;
    let unpivot = raw.unpivot.map(|table| given.unpivot(table)).transpose()?;
    let constants = each(raw.constants, |(name, value)| given.constant(&name, value))?;
    given.check_required(start)?;
    let skip = each(raw.skip, |skip| read_skip(file, skip))?;
    let quarantine = each(raw.quarantine, |one| {
        read_quarantine(file, &collection, one)
    })?;
    Ok(Source {
        name: raw.source.into_inner(),
        label: raw.label,
        description: raw.description,
        department: raw.department.into_inner(),
        format: raw.format,
        rows: raw.rows.map(Spanned::into_inner),
        encoding: raw.encoding,
        delimiter: single_byte(file, "delimiter", raw.delimiter.as_ref())?.unwrap_or(b','),
        comment: single_byte(file, "comment", raw.comment.as_ref())?,
        sheet: raw.sheet.map(Spanned::into_inner),
        scope: raw.scope,
        crs: raw.crs.map_or("CGCS2000".to_string(), Spanned::into_inner),
        null: raw
            .null
            .unwrap_or_else(|| NULL.map(str::to_string).to_vec()),
        date_formats,
        unknown_columns: raw.unknown_columns,
        ignore: raw.ignore.into_iter().map(Spanned::into_inner).collect(),
        synthetic: raw.synthetic,
        order: raw.order.map(Spanned::into_inner).unwrap_or_default(),
        duplicates: raw.duplicates,
        validity: RowValidity {
            from: raw.validity.from,
            to: raw.validity.to,
            first: raw.validity.first,
        },
        ends: raw.ends.map(|ends| Ends {
            column: ends.column.into_inner(),
            unless_same: ends.unless_same,
        }),
        constants,
        columns,
        points,
        unpivot,
        skip,
        quarantine,
        collection,
    })
}

/// Reads each of several, up to the first mistake.
fn each<T, U>(
    raw: impl IntoIterator<Item = T>,
    read: impl FnMut(T) -> Result<U, SchemaError>,
) -> Result<Vec<U>, SchemaError> {
    raw.into_iter().map(read).collect()
}

/// The source's name, its collection and its department.
fn check_names(
    file: &SchemaFile,
    register: &str,
    catalog: &Catalog,
    raw: &RawSource,
) -> Result<Arc<Collection>, SchemaError> {
    if raw.source.get_ref() != file.stem() {
        return Err(file.invalid("source", &raw.source, "the file's name"));
    }
    let Some(collection) = catalog.collection(raw.collection.get_ref()) else {
        return Err(file.missing("collection", &raw.collection, ""));
    };
    if collection.register_name != register {
        let expected = format!("a collection of the register '{register}'");
        return Err(file.invalid("collection", &raw.collection, &expected));
    }
    super::collections::check_department(file, &raw.department, catalog)?;
    Ok(collection.clone())
}

/// Keys that belong to one format only, and those that need each other.
fn check_form(file: &SchemaFile, raw: &RawSource) -> Result<(), SchemaError> {
    match (&raw.rows, raw.format) {
        (Some(rows), FileFormat::Json) => {
            let pointer = rows.get_ref();
            if !pointer.is_empty() && !pointer.starts_with('/') {
                let expected = "a JSON pointer: \"\" or one that begins with /";
                return Err(file.invalid("rows", rows, expected));
            }
        }
        (Some(rows), _) => return Err(file.invalid("rows", rows, "format = \"json\"")),
        (None, FileFormat::Json) => {
            let expected = "rows = \"/…\" beside format = \"json\"";
            return Err(file.invalid("source", &raw.source, expected));
        }
        (None, _) => {}
    }
    let of_tables = [
        ("delimiter", &raw.delimiter),
        ("comment", &raw.comment),
        ("sheet", &raw.sheet),
    ];
    for (name, value) in of_tables {
        if let Some(value) = value
            && raw.format != FileFormat::Csv
        {
            return Err(file.invalid(name, value, "format = \"csv\""));
        }
    }
    if let Some(crs) = &raw.crs {
        check_crs(file, crs)?;
    }
    if let Some(order) = &raw.order
        && *order.get_ref() != RowOrder::File
    {
        let dated = raw.validity.from.is_some() || raw.validity.to.is_some();
        if raw.format == FileFormat::Csv || !dated {
            let expected = "file; other orders are for JSON with a column of validity";
            let start = order.span().start;
            return Err(file.invalid_at(start, "order", &file.text[order.span()], expected));
        }
    }
    if let Some(ends) = &raw.ends
        && raw.validity.from.is_none()
        && raw.validity.to.is_none()
    {
        let expected = "validity.from or validity.to beside it";
        return Err(file.invalid("ends", &ends.column, expected));
    }
    Ok(())
}

fn check_crs(file: &SchemaFile, crs: &Spanned<String>) -> Result<(), SchemaError> {
    let name = crs.get_ref().as_str();
    let known = ["CGCS2000", "WGS84", "GCJ-02", "BD-09"].contains(&name)
        || name
            .strip_prefix("EPSG:")
            .and_then(|code| code.parse::<u16>().ok())
            .is_some_and(|code| code == 4326 || (4490..=4554).contains(&code));
    if known {
        return Ok(());
    }
    let expected = "CGCS2000, WGS84, GCJ-02, BD-09, EPSG:4326 or EPSG:4490 to EPSG:4554";
    Err(file.invalid("crs", crs, expected))
}

fn single_byte(
    file: &SchemaFile,
    what: &'static str,
    text: Option<&Spanned<String>>,
) -> Result<Option<u8>, SchemaError> {
    match text {
        None => Ok(None),
        Some(text) => match text.get_ref().as_bytes() {
            [byte] => Ok(Some(*byte)),
            _ => Err(file.invalid(what, text, "one ASCII character")),
        },
    }
}

/// A regular expression of a mapping.
pub(super) fn pattern(file: &SchemaFile, text: &Spanned<String>) -> Result<Regex, SchemaError> {
    Regex::new(text.get_ref()).map_err(|error| file.invalid("pattern", text, &error.to_string()))
}

fn read_skip(file: &SchemaFile, raw: RawSkip) -> Result<Skip, SchemaError> {
    let conditions = !raw.equals.is_empty()
        || !raw.unless.is_empty()
        || raw.empty
        || raw.matches.is_some()
        || raw.same_as.is_some();
    if !conditions {
        let expected = "equals, unless, empty, matches or same_as beside it";
        return Err(file.invalid("skip", &raw.column, expected));
    }
    Ok(Skip {
        column: raw.column.into_inner(),
        equals: raw.equals,
        unless: raw.unless,
        empty: raw.empty,
        matches: raw
            .matches
            .as_ref()
            .map(|text| pattern(file, text))
            .transpose()?,
        same_as: raw.same_as,
        reason: raw.reason,
    })
}

fn read_quarantine(
    file: &SchemaFile,
    collection: &Collection,
    raw: RawQuarantine,
) -> Result<Quarantine, SchemaError> {
    let Some((number, field)) = collection.field(raw.field.get_ref()) else {
        return Err(file.missing("field", &raw.field, ""));
    };
    let bounded = raw.from.is_some() || raw.to.is_some();
    // Canonical texts of other types do not sort as their values do.
    let sorts = matches!(
        field.kind,
        FieldType::Period
            | FieldType::Date
            | FieldType::Text
            | FieldType::Code(_)
            | FieldType::Division
    );
    if bounded && !sorts {
        let expected = "a period, date, text, code or division with from and to";
        return Err(file.invalid("quarantine", &raw.field, expected));
    }
    if !bounded && raw.equals.is_empty() {
        let form = Mistake::Form("quarantine has neither from, to nor equals".to_string());
        return Err(file.mistake_at(raw.field.span().start, form));
    }
    Ok(Quarantine {
        field: number,
        field_name: field.name.clone(),
        from: raw.from,
        to: raw.to,
        equals: raw.equals,
        reason: raw.reason,
    })
}
