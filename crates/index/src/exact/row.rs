//! The values of a document: from its columns where there are, or else from its body.

use std::sync::Arc;

use geometry::{Position, Shape};
use record::{CompactString, Day, EntityId, PartialDate};
use schema::{Collection, FieldType};
use serde_json::Value as Json;
use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;

use super::evaluate::Datum;
use crate::error::IndexError;
use crate::layout::{ColumnKind, Layout};
use crate::segments::{OpenSegment, Segments};
use crate::spatial::BOX_COLUMNS;

/// Where the values of a field are read.
pub enum Source {
    /// A column of numbers.
    Number(Column<u64>, ColumnKind),
    /// A column of texts.
    Text(StrColumn),
    /// The body, where the value has this name and this type.
    Body(CompactString, FieldType),
    /// The segment has no value.
    Absent,
}

/// How the documents of one segment are read.
pub struct Reader {
    segments: Segments,
    segment: SegmentId,
    boxes: Option<[Option<Column<u64>>; 4]>,
}

/// One document, read as far as it was asked about.
pub struct Row<'a> {
    reader: &'a Reader,
    /// Which.
    pub document: DocId,
    body: Option<Json>,
    shape: Option<Option<Arc<Shape>>>,
}

impl Source {
    /// The source of a field in a segment.
    pub fn of(name: &str, layout: &Layout, open: &OpenSegment) -> Result<Source, IndexError> {
        let collection: &Collection = &layout.collection;
        let number = collection
            .number(name)
            .ok_or_else(|| IndexError::UnknownField {
                collection: collection.name.clone(),
                field: name.to_string(),
            })?;
        let field = collection.at(number);
        let Some(column) = &layout.field(number).column else {
            return Ok(Source::Body(field.name.clone(), field.kind.clone()));
        };
        Ok(match column.kind {
            ColumnKind::Text => open
                .columns
                .text(&column.name)?
                .map_or(Source::Absent, Source::Text),
            kind => open
                .columns
                .number(&column.name)?
                .map_or(Source::Absent, |column| Source::Number(column, kind)),
        })
    }
}

impl Reader {
    /// A reader of a segment's documents; `with_location` where their geometries are asked for.
    pub fn new(
        segments: &Segments,
        segment: SegmentId,
        with_location: bool,
    ) -> Result<Reader, IndexError> {
        let mut boxes = None;
        if let Some(open) = segments.get(&segment).filter(|_| with_location) {
            let [west, south, east, north] = BOX_COLUMNS.map(|name| open.columns.number(name));
            boxes = Some([west?, south?, east?, north?]);
        }
        Ok(Reader {
            segments: segments.clone(),
            segment,
            boxes,
        })
    }

    fn open(&self) -> Option<&OpenSegment> {
        self.segments.get(&self.segment)
    }

    /// A document.
    pub fn row(&self, document: DocId) -> Row<'_> {
        Row {
            reader: self,
            document,
            body: None,
            shape: None,
        }
    }
}

impl Row<'_> {
    /// The value of a field.
    pub fn field(&mut self, source: &Source) -> Datum {
        let document = self.document;
        match source {
            Source::Absent => Datum::Null,
            Source::Number(column, kind) => several(
                column
                    .values_for_doc(document)
                    .map(|value| number(*kind, value)),
            ),
            Source::Text(column) => {
                let text = |ordinal| {
                    let mut text = String::new();
                    // A damaged dictionary has no value here.
                    match column.ord_to_str(ordinal, &mut text) {
                        Ok(true) => Datum::Text(text.into()),
                        _ => Datum::Null,
                    }
                };
                several(column.term_ords(document).map(text))
            }
            Source::Body(name, kind) => {
                let body = self.body();
                match &body["properties"][name.as_str()] {
                    Json::Array(items) => {
                        Datum::List(items.iter().map(|item| json(kind, item)).collect())
                    }
                    one => json(kind, one),
                }
            }
        }
    }

    fn body(&mut self) -> &Json {
        let (reader, document) = (self.reader, self.document);
        self.body.get_or_insert_with(|| {
            let read = reader.open().map(|open| {
                open.bodies.with(document, |record| {
                    serde_json::from_slice(record.body).unwrap_or(Json::Null)
                })
            });
            read.and_then(Result::ok).unwrap_or(Json::Null)
        })
    }

    /// The geometry.
    pub fn location(&mut self) -> Option<Arc<Shape>> {
        if self.shape.is_none() {
            self.shape = Some(self.read_location());
        }
        self.shape.clone().flatten()
    }

    /// The position, where the geometry is a point.
    pub fn position(&self) -> Option<Position> {
        let [west, south, east, _] = self.reader.boxes.as_ref()?;
        if east
            .as_ref()
            .is_some_and(|east| east.first(self.document).is_some())
        {
            return None;
        }
        let at = |column: &Option<Column<u64>>| {
            let value = column.as_ref()?.first(self.document)?;
            i32::try_from(tantivy::u64_to_i64(value)).ok()
        };
        Some(Position {
            lon: at(west)?,
            lat: at(south)?,
        })
    }

    fn read_location(&self) -> Option<Arc<Shape>> {
        if let Some(position) = self.position() {
            return Some(Arc::new(Shape::point(position)));
        }
        let shape = crate::spatial::query::shape(self.reader.open()?, self.document);
        shape.ok().flatten().map(Arc::new)
    }

    /// The first day on which the record holds, and the first on which it no longer does.
    pub fn validity(&self) -> (Datum, Datum) {
        let Some(open) = self.reader.open() else {
            return (Datum::Null, Datum::Null);
        };
        let validity = open.system.validity(self.document);
        let day = |day: Day| match day {
            Day::MIN | Day::MAX => Datum::Null,
            day => Datum::Day(day),
        };
        (day(validity.from), day(validity.to))
    }
}

/// None, one or several values.
fn several(mut values: impl Iterator<Item = Datum>) -> Datum {
    let Some(first) = values.next() else {
        return Datum::Null;
    };
    let Some(second) = values.next() else {
        return first;
    };
    Datum::List([first, second].into_iter().chain(values).collect())
}

fn number(kind: ColumnKind, value: u64) -> Datum {
    match kind {
        ColumnKind::Day => Datum::Day(Day(tantivy::u64_to_i64(value) as i32)),
        ColumnKind::Integer => Datum::Number(tantivy::u64_to_i64(value) as f64),
        ColumnKind::Float => Datum::Number(tantivy::u64_to_f64(value)),
        ColumnKind::Boolean => Datum::Boolean(value == 1),
        ColumnKind::Entity | ColumnKind::Text => Datum::Entity(value),
    }
}

/// A value of a body, by the type of its field.
fn json(kind: &FieldType, value: &Json) -> Datum {
    match (kind, value) {
        (FieldType::Date, Json::String(text)) => text
            .parse::<PartialDate>()
            .map_or(Datum::Null, |date| Datum::Day(date.first_day())),
        (FieldType::Reference { .. }, Json::String(text)) => text
            .parse::<EntityId>()
            .map_or(Datum::Null, |id| Datum::Entity(id.number())),
        (_, Json::String(text)) => Datum::Text(text.as_str().into()),
        (_, Json::Number(number)) => number.as_f64().map_or(Datum::Null, Datum::Number),
        (_, Json::Bool(is)) => Datum::Boolean(*is),
        _ => Datum::Null,
    }
}
