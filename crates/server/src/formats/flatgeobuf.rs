//! Records as FlatGeobuf 3, written as they come: the header, then a feature after the other, without the
//! spatial index, for which all of them would have to be known first.
//!
//! The crate's own writer holds some fifty bytes a feature and writes nothing before the last one is known;
//! its generated builders are used in its place.

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use flatgeobuf::{
    Column, ColumnArgs, ColumnType, Feature, FeatureArgs, Geometry, GeometryArgs, GeometryType,
    Header, HeaderArgs,
};
use geometry::Crs;
use geometry::parts::{Pair, Parts};
use query::body::Body;
use query::{FoundRecord, QueryError};
use record::CompactString;
use schema::{Collection, FieldType};
use serde_json::Value;

use crate::crs;

/// What a file begins with: `fgb`, the major version, `fgb`, the patch level.
const MAGIC: [u8; 8] = [b'f', b'g', b'b', flatgeobuf::VERSION, b'f', b'g', b'b', 0];

/// Writes one file.
pub struct Writer {
    columns: Vec<(CompactString, ColumnType)>,
    is_point: bool,
    has_place: bool,
    crs: Crs,
    builder: FlatBufferBuilder<'static>,
}

impl Writer {
    /// A file of some fields of a collection, or all.
    pub fn new(collection: &Collection, select: &[CompactString], crs: Crs) -> Writer {
        let location = collection.location;
        let wanted = |name: &CompactString| select.is_empty() || select.contains(name);
        let fields = collection
            .fields
            .iter()
            .filter(|field| Some(field.number) != location && wanted(&field.name))
            .map(|field| (field.name.clone(), column_type(&field.kind, field.many)));
        let id = (CompactString::from("id"), ColumnType::String);
        let kind = location.map(|number| &collection.at(number).kind);
        Writer {
            columns: std::iter::once(id).chain(fields).collect(),
            is_point: matches!(kind, Some(FieldType::Point)),
            has_place: kind.is_some(),
            crs,
            builder: FlatBufferBuilder::new(),
        }
    }

    /// What stands before all features, of which there will be so many.
    pub fn header(&mut self, collection: &Collection, count: u64) -> Vec<u8> {
        let builder = &mut self.builder;
        let columns: Vec<WIPOffset<Column>> = self
            .columns
            .iter()
            .map(|(name, type_)| {
                let label = collection
                    .field(name)
                    .map(|(_, field)| field.label.zh.as_str());
                let arguments = ColumnArgs {
                    name: Some(builder.create_string(name)),
                    type_: *type_,
                    title: label.map(|label| builder.create_string(label)),
                    nullable: name != "id",
                    primary_key: name == "id",
                    ..ColumnArgs::default()
                };
                Column::create(builder, &arguments)
            })
            .collect();
        // CRS84 has no number; what the registers hold are CGCS2000 degrees, and these are the same.
        let crs = match self.crs {
            Crs::Crs84 => Crs::Cgcs2000,
            other => other,
        };
        let code = i32::from(crs.epsg().unwrap_or_default());
        let organization = Some(builder.create_string("EPSG"));
        let crs = flatgeobuf::Crs::create(
            builder,
            &flatgeobuf::CrsArgs {
                org: organization,
                code,
                ..flatgeobuf::CrsArgs::default()
            },
        );
        let arguments = HeaderArgs {
            name: Some(builder.create_string(&collection.name)),
            title: Some(builder.create_string(&collection.label.zh)),
            description: Some(builder.create_string(&collection.description.zh)),
            geometry_type: match self.is_point {
                true => GeometryType::Point,
                false => GeometryType::Unknown,
            },
            columns: Some(builder.create_vector(&columns)),
            features_count: count,
            index_node_size: 0,
            crs: Some(crs),
            ..HeaderArgs::default()
        };
        let header = Header::create(builder, &arguments);
        builder.finish_size_prefixed(header, None);
        let mut out = MAGIC.to_vec();
        out.extend(builder.finished_data());
        builder.reset();
        out
    }

    /// Appends a record.
    ///
    /// # Errors
    ///
    /// Its place is out of reach of the system, or what is stored cannot be read.
    pub fn feature(&mut self, out: &mut Vec<u8>, found: &FoundRecord) -> Result<(), QueryError> {
        let body = Body::parse(&found.record.body)?;
        let shape = match self.has_place {
            true => crs::shape(&body)?,
            false => None,
        };
        let outside = |_| crs::outside(self.crs, found.record.id);
        let parts = shape
            .map(|shape| shape.parts_in(self.crs))
            .transpose()
            .map_err(outside)?;
        let geometry = parts.map(|parts| geometry(&mut self.builder, &parts));
        let properties = self.properties(&body, &found.record.id.to_string());
        let properties = self.builder.create_vector(&properties);
        let feature = Feature::create(
            &mut self.builder,
            &FeatureArgs {
                geometry,
                properties: Some(properties),
                columns: None,
            },
        );
        self.builder.finish_size_prefixed(feature, None);
        out.extend(self.builder.finished_data());
        self.builder.reset();
        Ok(())
    }

    /// The values that there are, each after the number of its column.
    fn properties(&self, body: &Body, id: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for (number, (name, kind)) in (0u16..).zip(&self.columns) {
            let value = match name.as_str() {
                "id" => Value::from(id),
                name => match body.get(name).map(|raw| serde_json::from_str(raw.get())) {
                    Some(Ok(value)) => value,
                    _ => Value::Null,
                },
            };
            if value.is_null() {
                continue;
            }
            let bytes = match (*kind, &value) {
                (ColumnType::Long, value) => {
                    value.as_i64().map(|number| number.to_le_bytes().to_vec())
                }
                (ColumnType::Double, value) => {
                    value.as_f64().map(|number| number.to_le_bytes().to_vec())
                }
                (ColumnType::Bool, value) => value.as_bool().map(|is| vec![u8::from(is)]),
                (_, Value::String(text)) => Some(text_bytes(text)),
                (_, other) => Some(text_bytes(&other.to_string())),
            };
            if let Some(bytes) = bytes {
                out.extend(number.to_le_bytes());
                out.extend(bytes);
            }
        }
        out
    }
}

fn text_bytes(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut out = length.to_le_bytes().to_vec();
    out.extend(text.as_bytes());
    out
}

/// Dates have a precision, so they are text; so are lists, as JSON.
fn column_type(kind: &FieldType, many: bool) -> ColumnType {
    match kind {
        _ if many => ColumnType::Json,
        FieldType::Integer => ColumnType::Long,
        FieldType::Decimal => ColumnType::Double,
        FieldType::Boolean => ColumnType::Bool,
        _ => ColumnType::String,
    }
}

type Builder = FlatBufferBuilder<'static>;

fn geometry(builder: &mut Builder, parts: &Parts) -> WIPOffset<Geometry<'static>> {
    match parts {
        Parts::Point(at) => flat(builder, GeometryType::Point, &[std::slice::from_ref(at)]),
        Parts::MultiPoint(points) => flat(builder, GeometryType::MultiPoint, &[points.as_slice()]),
        Parts::Line(line) => flat(builder, GeometryType::LineString, &[line.as_slice()]),
        Parts::MultiLine(lines) => {
            let lines: Vec<&[Pair]> = lines.iter().map(Vec::as_slice).collect();
            flat(builder, GeometryType::MultiLineString, &lines)
        }
        Parts::Polygon(rings) => polygon(builder, rings),
        Parts::MultiPolygon(all) => {
            let parts: Vec<_> = all.iter().map(|rings| polygon(builder, rings)).collect();
            nested(builder, GeometryType::MultiPolygon, &parts)
        }
        Parts::Collection(members) => {
            let parts: Vec<_> = members.iter().map(|one| geometry(builder, one)).collect();
            nested(builder, GeometryType::GeometryCollection, &parts)
        }
    }
}

fn polygon(builder: &mut Builder, rings: &[Vec<Pair>]) -> WIPOffset<Geometry<'static>> {
    let rings: Vec<&[Pair]> = rings.iter().map(Vec::as_slice).collect();
    flat(builder, GeometryType::Polygon, &rings)
}

/// Lines of positions in one list, with the place where each ends if there are several.
fn flat(
    builder: &mut Builder,
    type_: GeometryType,
    lines: &[&[Pair]],
) -> WIPOffset<Geometry<'static>> {
    let numbers: Vec<f64> = lines
        .iter()
        .flat_map(|line| line.iter().flatten().copied())
        .collect();
    let mut end = 0u32;
    let ends: Vec<u32> = lines
        .iter()
        .map(|line| {
            end += u32::try_from(line.len()).unwrap_or(u32::MAX);
            end
        })
        .collect();
    let xy = builder.create_vector(&numbers);
    let ends = (ends.len() > 1).then(|| builder.create_vector(&ends));
    let arguments = GeometryArgs {
        xy: Some(xy),
        ends,
        type_,
        ..GeometryArgs::default()
    };
    Geometry::create(builder, &arguments)
}

fn nested(
    builder: &mut Builder,
    type_: GeometryType,
    parts: &[WIPOffset<Geometry<'static>>],
) -> WIPOffset<Geometry<'static>> {
    let parts = builder.create_vector(parts);
    let arguments = GeometryArgs {
        parts: Some(parts),
        type_,
        ..GeometryArgs::default()
    };
    Geometry::create(builder, &arguments)
}
