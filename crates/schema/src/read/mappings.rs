//! What fills the fields of a source's rows: columns, points, wide tables, constants.

use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

use record::{CompactString, Decimal, FieldNumber, PartialDate};
use serde::Deserialize;
use toml::Spanned;

use super::SchemaFile;
use super::document::OneOrMany;
use crate::{
    Collection, Column, Field, FieldType, FileFormat, GeometryEncoding, Mistake, Period,
    PointColumns, SchemaError, Unpivot,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawColumn {
    header: Spanned<OneOrMany>,
    field: Spanned<String>,
    #[serde(default)]
    optional: bool,
    date_formats: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    null: Vec<String>,
    factor: Option<Spanned<String>>,
    #[serde(default)]
    codes: BTreeMap<String, Spanned<String>>,
    by_name: Option<Spanned<bool>>,
    split: Option<Spanned<String>>,
    strip_prefix: Option<String>,
    prefix: Option<String>,
    pad_right: Option<usize>,
    quoted_thousands: Option<Spanned<bool>>,
    geometry: Option<Spanned<GeometryEncoding>>,
    unless_same: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPoint {
    field: Spanned<String>,
    lon: Spanned<String>,
    lat: Spanned<String>,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnpivot {
    columns: Spanned<String>,
    name_field: Spanned<String>,
    value_field: Spanned<String>,
    #[serde(default)]
    name_codes: BTreeMap<String, Spanned<String>>,
    factor: Option<Spanned<String>>,
    quoted_thousands: Option<Spanned<bool>>,
}

/// Date forms have a year, perhaps a month and a day, and a time of day that is read and dropped.
pub(super) fn date_formats(
    file: &SchemaFile,
    formats: &[Spanned<String>],
) -> Result<Vec<String>, SchemaError> {
    for format in formats {
        let text = format.get_ref();
        let directives: Vec<Option<char>> = text
            .split('%')
            .skip(1)
            .map(|part| part.chars().next())
            .collect();
        let known = directives
            .iter()
            .all(|one| matches!(one, Some('Y' | 'm' | 'd' | 'H' | 'M' | 'S')));
        let in_use = |letter| directives.contains(&Some(letter));
        if !known || !in_use('Y') || (in_use('d') && !in_use('m')) {
            let expected = "%Y with or without %m and %d, and %H, %M or %S";
            return Err(file.invalid("date format", format, expected));
        }
    }
    Ok(formats.iter().map(|one| one.get_ref().clone()).collect())
}

/// The fields and headers a mapping has named so far.
pub(super) struct Given<'a> {
    file: &'a SchemaFile,
    collection: &'a Collection,
    format: FileFormat,
    fields: HashSet<FieldNumber>,
    headers: HashSet<String>,
}

impl<'a> Given<'a> {
    pub fn new(file: &'a SchemaFile, collection: &'a Collection, format: FileFormat) -> Given<'a> {
        Given {
            file,
            collection,
            format,
            fields: HashSet::new(),
            headers: HashSet::new(),
        }
    }

    /// A header is named once.
    pub fn header(&mut self, header: &Spanned<String>) -> Result<(), SchemaError> {
        if self.headers.insert(header.get_ref().clone()) {
            Ok(())
        } else {
            Err(self.file.duplicate("header", header))
        }
    }

    /// A field exists, may be given by a source, and is filled once.
    fn field(&mut self, name: &Spanned<String>) -> Result<&'a Field, SchemaError> {
        let Some((number, field)) = self.collection.field(name.get_ref()) else {
            let names: Vec<&str> = self
                .collection
                .fields
                .iter()
                .filter(|field| field.is_given())
                .map(|field| field.name.as_str())
                .collect();
            return Err(self.file.missing("field", name, &names.join(", ")));
        };
        if !field.is_given() {
            let expected = "a field that is neither derived nor computed";
            return Err(self.file.invalid("field", name, expected));
        }
        if !self.fields.insert(number) {
            return Err(self.file.duplicate("field", name));
        }
        Ok(field)
    }

    /// Refuses a key that has no meaning for the field's type.
    fn only_for(
        &self,
        field: &Field,
        offset: Option<usize>,
        key: &'static str,
        fits: bool,
        expected: &str,
    ) -> Result<(), SchemaError> {
        match offset {
            Some(offset) if !fits => {
                let value = format!("on field {} of type {}", field.name, field.kind.name());
                Err(self.file.invalid_at(offset, key, &value, expected))
            }
            _ => Ok(()),
        }
    }

    /// Refuses the keys of a column that have no meaning for its field.
    fn check_keys(&self, field: &Field, raw: &RawColumn) -> Result<(), SchemaError> {
        let at = |span: Option<std::ops::Range<usize>>| span.map(|span| span.start);
        let numeric = matches!(field.kind, FieldType::Decimal | FieldType::Integer);
        let is_code = matches!(field.kind, FieldType::Code(_));
        let is_date = matches!(field.kind, FieldType::Date);
        let dates = raw.date_formats.as_ref().and_then(|all| all.first());
        let thousands = at(raw.quoted_thousands.as_ref().map(Spanned::span));
        let factor_at = at(raw.factor.as_ref().map(Spanned::span));
        let by_name_at = at(raw.by_name.as_ref().map(Spanned::span));
        let split_at = at(raw.split.as_ref().map(Spanned::span));
        let geometry_at = at(raw.geometry.as_ref().map(Spanned::span));
        self.only_for(field, factor_at, "factor", numeric, "an integer or decimal")?;
        self.only_for(
            field,
            thousands,
            "quoted_thousands",
            numeric,
            "an integer or decimal",
        )?;
        self.only_for(field, by_name_at, "by_name", is_code, "a code field")?;
        self.only_for(
            field,
            split_at,
            "split",
            field.many,
            "a field with many = true",
        )?;
        self.only_for(
            field,
            at(dates.map(Spanned::span)),
            "date_formats",
            is_date,
            "a date",
        )?;
        let spatial = field.kind.is_spatial();
        self.only_for(
            field,
            geometry_at,
            "geometry",
            spatial,
            "a point or geometry",
        )?;
        Ok(())
    }

    pub fn column(&mut self, raw: RawColumn) -> Result<Column, SchemaError> {
        let file = self.file;
        let field = self.field(&raw.field)?;
        if raw.header.get_ref().0.is_empty() {
            return Err(file.invalid("header", &raw.field, "at least one header"));
        }
        for header in &raw.header.get_ref().0 {
            let header = Spanned::new(raw.header.span(), header.clone());
            self.header(&header)?;
        }
        self.check_keys(field, &raw)?;
        let spatial = field.kind.is_spatial();
        let geometry = match raw.geometry.map(Spanned::into_inner) {
            None if spatial && self.format == FileFormat::Geojson => {
                Some(GeometryEncoding::Geojson)
            }
            None if spatial => {
                let expected = "geometry = \"geojson\" or \"wkt\" beside it";
                return Err(file.invalid("field", &raw.field, expected));
            }
            given => given,
        };
        Ok(Column {
            headers: raw.header.into_inner().0,
            field: field.number,
            field_name: field.name.clone(),
            optional: raw.optional,
            date_formats: raw
                .date_formats
                .map(|formats| date_formats(file, &formats))
                .transpose()?,
            null: raw.null,
            factor: self.factor(raw.factor.as_ref())?,
            codes: self.codes(field, raw.codes)?,
            by_name: raw.by_name.is_some_and(Spanned::into_inner),
            split: raw.split.map(Spanned::into_inner),
            strip_prefix: raw.strip_prefix,
            prefix: raw.prefix,
            pad_right: raw.pad_right,
            quoted_thousands: raw.quoted_thousands.is_some_and(Spanned::into_inner),
            geometry,
            unless_same: raw.unless_same,
        })
    }

    fn factor(&self, text: Option<&Spanned<String>>) -> Result<Option<Decimal>, SchemaError> {
        let Some(text) = text else {
            return Ok(None);
        };
        match Decimal::from_str(text.get_ref()) {
            Ok(factor) if !factor.is_zero() => Ok(Some(factor)),
            _ => Err(self.file.invalid("factor", text, "a number other than 0")),
        }
    }

    /// The translations lead to values that the field may have.
    fn codes(
        &self,
        field: &Field,
        raw: BTreeMap<String, Spanned<String>>,
    ) -> Result<BTreeMap<String, String>, SchemaError> {
        for value in raw.values() {
            self.check_value(field, "codes", value)?;
        }
        Ok(raw
            .into_iter()
            .map(|(from, to)| (from, to.into_inner()))
            .collect())
    }

    /// A value written in the mapping itself is one the field may have.
    fn check_value(
        &self,
        field: &Field,
        what: &'static str,
        value: &Spanned<String>,
    ) -> Result<(), SchemaError> {
        let text = value.get_ref().as_str();
        let (fits, expected) = match &field.kind {
            FieldType::Text | FieldType::Reference { .. } => (!text.is_empty(), "a text"),
            FieldType::Code(list) => (list.get(text).is_some(), "a code of the field's code list"),
            FieldType::Date => (
                text.parse::<PartialDate>().is_ok(),
                "a date like 2024-03-01",
            ),
            FieldType::Integer => (text.parse::<i64>().is_ok(), "a whole number"),
            FieldType::Decimal => (Decimal::from_str(text).is_ok(), "a number"),
            FieldType::Boolean => (matches!(text, "true" | "false"), "true or false"),
            FieldType::Period => (
                text.parse::<Period>()
                    .is_ok_and(|period| period.to_string() == text),
                "a period like 2019, 2019-Q1 or 2019-03",
            ),
            FieldType::Division => (
                text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
                "a division code of 12 digits",
            ),
            FieldType::Point | FieldType::Geometry => (false, "a field that is no geometry"),
        };
        if fits {
            Ok(())
        } else {
            Err(self.file.invalid(what, value, expected))
        }
    }

    pub fn point(&mut self, raw: RawPoint) -> Result<PointColumns, SchemaError> {
        let field = self.field(&raw.field)?;
        if !field.kind.is_spatial() {
            let expected = "a field of type point or geometry";
            return Err(self.file.invalid("field", &raw.field, expected));
        }
        self.header(&raw.lon)?;
        self.header(&raw.lat)?;
        Ok(PointColumns {
            field: field.number,
            field_name: field.name.clone(),
            lon: raw.lon.into_inner(),
            lat: raw.lat.into_inner(),
            optional: raw.optional,
        })
    }

    pub fn unpivot(&mut self, raw: RawUnpivot) -> Result<Unpivot, SchemaError> {
        let name_field = self.field(&raw.name_field)?;
        let value_field = self.field(&raw.value_field)?;
        let numeric = matches!(value_field.kind, FieldType::Decimal | FieldType::Integer);
        for (key, span) in [
            ("factor", raw.factor.as_ref().map(Spanned::span)),
            (
                "quoted_thousands",
                raw.quoted_thousands.as_ref().map(Spanned::span),
            ),
        ] {
            let at = span.map(|span| span.start);
            self.only_for(value_field, at, key, numeric, "an integer or decimal")?;
        }
        Ok(Unpivot {
            columns: super::sources::pattern(self.file, &raw.columns)?,
            name: Column {
                codes: self.codes(name_field, raw.name_codes)?,
                ..plain(name_field)
            },
            value: Column {
                factor: self.factor(raw.factor.as_ref())?,
                quoted_thousands: raw.quoted_thousands.is_some_and(Spanned::into_inner),
                ..plain(value_field)
            },
        })
    }

    pub fn constant(
        &mut self,
        name: &str,
        value: Spanned<String>,
    ) -> Result<(FieldNumber, String), SchemaError> {
        let spanned = Spanned::new(value.span(), name.to_string());
        let field = self.field(&spanned)?;
        self.check_value(field, "constant", &value)?;
        Ok((field.number, value.into_inner()))
    }

    /// Every field of the key that must be there is given.
    pub fn check_required(&self, offset: usize) -> Result<(), SchemaError> {
        for number in &self.collection.key {
            let field = self.collection.at(*number);
            if field.required && !self.fields.contains(number) {
                let form = format!("the mapping does not fill the key field '{}'", field.name);
                return Err(self.file.mistake_at(offset, Mistake::Form(form)));
            }
        }
        Ok(())
    }
}

/// A column without a header that takes values as they are.
fn plain(field: &Field) -> Column {
    Column {
        headers: Vec::new(),
        field: field.number,
        field_name: CompactString::clone(&field.name),
        optional: false,
        date_formats: None,
        null: Vec::new(),
        factor: None,
        codes: BTreeMap::new(),
        by_name: false,
        split: None,
        strip_prefix: None,
        prefix: None,
        pad_right: None,
        quoted_thousands: false,
        geometry: None,
        unless_same: None,
    }
}
