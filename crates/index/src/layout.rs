//! How a collection's fields become tantivy fields, and a document a tantivy document.

use std::sync::Arc;

use record::{FieldNumber, Value};
use schema::{Collection, FieldType};
use tantivy::TantivyDocument;
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use text::name::Form;
use text::tokenizer::{CHINESE, ChineseTokenizer};

use crate::bodies::BodyFields;
use crate::document::Document;
use crate::lexicon::plugin::NamedColumn;
use crate::spatial::BOX_COLUMNS;

/// The version of what this module writes; a change makes every index stale.
pub const FORMAT: u32 = 4;

/// How the values of a columnar field are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, by dictionary.
    Text,
    /// Days since 1970-01-01, of a date's first day.
    Day,
    /// Whole numbers.
    Integer,
    /// Decimal numbers, rounded to binary ones.
    Float,
    /// 0 or 1.
    Boolean,
    /// Numbers of entities.
    Entity,
}

/// A columnar field.
#[derive(Clone, Debug)]
pub struct ColumnLayout {
    /// The column's name.
    pub name: String,
    /// Its tantivy field.
    pub field: Field,
    /// What it holds.
    pub kind: ColumnKind,
}

/// The tantivy fields of one schema field.
#[derive(Clone, Debug, Default)]
pub struct FieldLayout {
    /// Raw terms.
    pub term: Option<Field>,
    /// Bigrams with positions.
    pub text: Option<Field>,
    /// The column.
    pub column: Option<ColumnLayout>,
    /// The place among the ordered columns.
    pub order: Option<usize>,
}

/// Fields every index has.
#[derive(Clone, Copy, Debug)]
pub struct SystemFields {
    /// The entity's number: ordered column.
    pub number: Field,
    /// The hash of the natural key: ordered column.
    pub key: Field,
    /// The digest of the latest row: column.
    pub digest: Field,
    /// Validity and knowledge: columns.
    pub valid_from: Field,
    /// See `valid_from`.
    pub valid_to: Field,
    /// See `valid_from`.
    pub known_from: Field,
    /// See `valid_from`.
    pub known_to: Field,
    /// Marks: terms.
    pub marks: Field,
    /// What is stored.
    pub stored: BodyFields,
}

/// Names of the system columns.
pub mod columns {
    /// The entity's number.
    pub const NUMBER: &str = "_number";
    /// The hash of the natural key.
    pub const KEY: &str = "_key";
    /// The digest of the latest row.
    pub const DIGEST: &str = "_digest";
    /// The first valid day.
    pub const VALID_FROM: &str = "_valid_from";
    /// The first day no longer valid.
    pub const VALID_TO: &str = "_valid_to";
    /// The first transaction that knew it.
    pub const KNOWN_FROM: &str = "_known_from";
    /// The first transaction that no longer believed it.
    pub const KNOWN_TO: &str = "_known_to";
}

/// The place of the entity's number among the ordered columns.
pub const ORDERED_NUMBER: usize = 0;
/// The place of the hash of the natural key.
pub const ORDERED_KEY: usize = 1;

/// The index's form for one collection.
#[derive(Debug)]
pub struct Layout {
    /// The collection.
    pub collection: Arc<Collection>,
    /// The tantivy schema.
    pub schema: Schema,
    /// Fields every index has.
    pub system: SystemFields,
    /// The collection's fields, by number.
    pub fields: Vec<FieldLayout>,
    /// The columns by which documents are found: [`ORDERED_NUMBER`], [`ORDERED_KEY`], then references
    /// and exact texts.
    pub ordered: Arc<[String]>,
    /// The columns of names.
    pub named: Arc<[NamedColumn]>,
    boxes: Option<[Field; 4]>,
}

impl Layout {
    /// The form for a collection.
    pub fn new(collection: &Arc<Collection>) -> Layout {
        let mut builder = Schema::builder();
        let column = || NumericOptions::default().set_fast();
        let raw = TextOptions::default().set_indexing_options(raw_terms());
        let boxes = collection
            .location
            .map(|_| BOX_COLUMNS.map(|name| builder.add_i64_field(name, column())));
        let system = SystemFields {
            number: builder.add_u64_field(columns::NUMBER, column()),
            key: builder.add_u64_field(columns::KEY, column()),
            digest: builder.add_u64_field(columns::DIGEST, column()),
            valid_from: builder.add_i64_field(columns::VALID_FROM, column()),
            valid_to: builder.add_i64_field(columns::VALID_TO, column()),
            known_from: builder.add_u64_field(columns::KNOWN_FROM, column()),
            known_to: builder.add_u64_field(columns::KNOWN_TO, column()),
            marks: builder.add_text_field("_marks", raw.clone()),
            stored: BodyFields {
                body: builder.add_bytes_field("_body", BytesOptions::default()),
                statements: builder.add_bytes_field("_statements", BytesOptions::default()),
                shape: builder.add_bytes_field("_shape", BytesOptions::default()),
            },
        };
        let mut ordered = vec![columns::NUMBER.to_string(), columns::KEY.to_string()];
        let fields = collection
            .fields
            .iter()
            .map(|field| field_layout(&mut builder, field, &mut ordered))
            .collect();
        Layout {
            collection: collection.clone(),
            schema: builder.build(),
            system,
            fields,
            ordered: ordered.into(),
            named: named(collection),
            boxes,
        }
    }

    /// A text that differs whenever an index of the one form cannot be read as the other.
    pub fn fingerprint(&self) -> String {
        let schema = serde_json::to_string(&self.schema).unwrap_or_default();
        let hash = xxhash_rust::xxh3::xxh3_64(schema.as_bytes());
        format!(
            "format {FORMAT}, text {}, names {:?}, schema {hash:016x}",
            text::VERSION,
            self.named
        )
    }

    /// The layout of a field.
    pub fn field(&self, number: FieldNumber) -> &FieldLayout {
        &self.fields[usize::from(number)]
    }

    /// The tantivy document of a rectangle.
    pub fn document(&self, document: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        let system = &self.system;
        out.add_u64(system.number, document.number);
        out.add_u64(system.key, document.key);
        out.add_u64(system.digest, document.digest);
        out.add_i64(system.valid_from, i64::from(document.validity.from.0));
        out.add_i64(system.valid_to, i64::from(document.validity.to.0));
        out.add_u64(system.known_from, document.known_from.0);
        out.add_u64(system.known_to, document.known_to.0);
        for mark in &document.marks {
            out.add_text(system.marks, mark);
        }
        for (number, value) in &document.fields {
            self.add_field(&mut out, *number, value);
        }
        out.add_bytes(system.stored.body, &document.body);
        out.add_bytes(system.stored.statements, &document.statements);
        out
    }

    fn add_field(&self, out: &mut TantivyDocument, number: FieldNumber, value: &Value) {
        if self.collection.location == Some(number) {
            self.add_location(out, value);
            return;
        }
        let layout = self.field(number);
        for value in value.each() {
            add_value(out, layout, value);
        }
    }

    fn add_location(&self, out: &mut TantivyDocument, value: &Value) {
        let Some(boxes) = self.boxes else { return };
        match value {
            Value::Point { lon, lat } => {
                out.add_i64(boxes[0], i64::from(*lon));
                out.add_i64(boxes[1], i64::from(*lat));
            }
            Value::Geometry(wkb) => {
                let Ok(shape) = geometry::Shape::from_wkb(wkb) else {
                    return;
                };
                let bounds = shape.bounds();
                let corners = [
                    bounds.min.lon,
                    bounds.min.lat,
                    bounds.max.lon,
                    bounds.max.lat,
                ];
                for (field, corner) in boxes.iter().zip(corners) {
                    out.add_i64(*field, i64::from(corner));
                }
                out.add_bytes(self.system.stored.shape, wkb);
            }
            _ => {}
        }
    }
}

/// The columns of fields that hold names.
fn named(collection: &Collection) -> Arc<[NamedColumn]> {
    let fields = collection.fields.iter();
    let named = fields.filter_map(|field| {
        let form = field.name_of.filter(|form| *form != Form::Address)?;
        Some(NamedColumn {
            name: field.name.to_string(),
            form,
        })
    });
    named.collect()
}

fn raw_terms() -> TextFieldIndexing {
    TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false)
}

fn field_layout(
    builder: &mut tantivy::schema::SchemaBuilder,
    field: &schema::Field,
    ordered: &mut Vec<String>,
) -> FieldLayout {
    let name = field.name.as_str();
    let mut layout = FieldLayout::default();
    let numeric = || NumericOptions::default().set_fast();
    let column = |field: Field, name: &str, kind: ColumnKind| {
        Some(ColumnLayout {
            name: name.to_string(),
            field,
            kind,
        })
    };
    match &field.kind {
        // Few codes, many records each: terms. Texts are found by their order.
        FieldType::Code(_) => {
            let terms = TextOptions::default().set_indexing_options(raw_terms());
            let id = builder.add_text_field(name, terms.set_fast("raw"));
            layout.term = Some(id);
            layout.column = column(id, name, ColumnKind::Text);
        }
        FieldType::Text | FieldType::Period if field.search.exact || field.search.column => {
            let id = builder.add_text_field(name, TextOptions::default().set_fast("raw"));
            layout.column = column(id, name, ColumnKind::Text);
            if field.search.exact {
                layout.order = Some(ordered.len());
                ordered.push(name.to_string());
            }
        }
        FieldType::Division => {
            let terms = TextOptions::default().set_indexing_options(raw_terms());
            layout.term = Some(builder.add_text_field(name, terms));
            let whole = format!("{name}#");
            let id = builder.add_text_field(&whole, TextOptions::default().set_fast("raw"));
            layout.column = column(id, &whole, ColumnKind::Text);
        }
        FieldType::Reference { .. } => {
            let id = builder.add_u64_field(name, FAST);
            layout.column = column(id, name, ColumnKind::Entity);
            layout.order = Some(ordered.len());
            ordered.push(name.to_string());
        }
        FieldType::Date | FieldType::Integer if field.search.any() => {
            let id = builder.add_i64_field(name, numeric());
            let is_date = matches!(field.kind, FieldType::Date);
            let kind = if is_date {
                ColumnKind::Day
            } else {
                ColumnKind::Integer
            };
            layout.column = column(id, name, kind);
        }
        FieldType::Decimal if field.search.any() => {
            layout.column = column(
                builder.add_f64_field(name, numeric()),
                name,
                ColumnKind::Float,
            );
        }
        FieldType::Boolean if field.search.any() => {
            layout.column = column(
                builder.add_u64_field(name, numeric()),
                name,
                ColumnKind::Boolean,
            );
        }
        _ => {}
    }
    if field.search.text {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(CHINESE)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(true);
        let options = TextOptions::default().set_indexing_options(indexing);
        layout.text = Some(builder.add_text_field(&format!("{name}~"), options));
    }
    layout
}

fn add_value(out: &mut TantivyDocument, layout: &FieldLayout, value: &Value) {
    match value {
        Value::Text(text) => {
            if let Some(ColumnLayout {
                field,
                kind: ColumnKind::Text,
                ..
            }) = &layout.column
                && layout.term != Some(*field)
            {
                if layout.term.is_some() {
                    // A division: its column holds the whole code, its terms every level.
                    out.add_text(*field, text);
                    for level in division_levels(text) {
                        out.add_text(layout.term.unwrap_or(*field), level);
                    }
                } else {
                    out.add_text(*field, text);
                }
            } else if let Some(field) = layout.term {
                out.add_text(field, text);
            }
            if let Some(field) = layout.text {
                out.add_text(field, text);
            }
        }
        Value::Reference(reference) => {
            if let (Some(column), Some(target)) = (&layout.column, reference.target) {
                out.add_u64(column.field, target.number());
            }
        }
        Value::Date(date) => add_i64(out, layout, i64::from(date.first_day().0)),
        Value::Integer(number) => add_i64(out, layout, *number),
        Value::Decimal(number) => {
            if let (Some(column), Ok(number)) = (&layout.column, f64::try_from(*number)) {
                out.add_f64(column.field, number);
            }
        }
        Value::Boolean(is) => {
            if let Some(column) = &layout.column {
                out.add_u64(column.field, u64::from(*is));
            }
        }
        Value::Null | Value::Point { .. } | Value::Geometry(_) | Value::List(_) => {}
    }
}

fn add_i64(out: &mut TantivyDocument, layout: &FieldLayout, number: i64) {
    match &layout.column {
        Some(ColumnLayout {
            field,
            kind: ColumnKind::Day | ColumnKind::Integer,
            ..
        }) => {
            out.add_i64(*field, number);
        }
        Some(ColumnLayout {
            field,
            kind: ColumnKind::Float,
            ..
        }) => {
            out.add_f64(*field, number as f64);
        }
        _ => {}
    }
}

/// The prefixes of a 12-digit division code that name a division: province, city, county, town,
/// village. A code with zeros at its end names one of the upper levels: shorter prefixes only.
pub fn division_levels(code: &str) -> impl Iterator<Item = &str> {
    [2, 4, 6, 9, 12].into_iter().filter_map(move |length| {
        let prefix = code.get(..length)?;
        let start = match length {
            2 => 0,
            4 => 2,
            6 => 4,
            9 => 6,
            _ => 9,
        };
        let own = &prefix[start..];
        (length == 2 || own.bytes().any(|digit| digit != b'0')).then_some(prefix)
    })
}

/// The tokenizers every index is opened with.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(CHINESE, TextAnalyzer::from(ChineseTokenizer::default()));
    manager
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_is_found_by_each_of_its_levels() {
        let levels = |code| division_levels(code).collect::<Vec<_>>();
        assert_eq!(
            levels("110108001002"),
            ["11", "1101", "110108", "110108001", "110108001002"]
        );
        assert_eq!(levels("110108000000"), ["11", "1101", "110108"]);
        assert_eq!(levels("110000000000"), ["11"]);
        // A county directly below its province.
        assert_eq!(levels("429004000000"), ["42", "4290", "429004"]);
    }
}
