//! What a tile shows: records while they are few, clusters where they are many.

use geometry::Shape;
use record::{CompactString, Predicate};
use register::{Deadline, GroupKey, Grouping, Record, Search, StoreError, TimeScope, View};
use schema::{Collection, FieldType, Sensitivity};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::encoding::{EXTENT, Layer, ValueMessage};
use crate::matrix::Tile;
use crate::shape::{self, MARGIN};

/// The most records that a tile shows one by one.
pub const MOST_FEATURES: usize = 4096;
/// Clusters along the side of a tile.
const CLUSTERS: f64 = 32.0;
/// The most clusters of a tile: some are narrower than the others by the poles.
const MOST_CLUSTERS: usize = 16 * 1024;
/// The levels of records without a name on the map: what is small tells little.
const FIRST_LEVEL_OF_FIELDS: u8 = 10;

/// Why a tile cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    /// The collection has no geometry.
    #[error("the collection has no geometry")]
    NoPlaces,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which tile of which records.
pub struct Request<'a> {
    /// The state.
    pub view: &'a dyn View,
    /// The collection.
    pub collection: &'a Collection,
    /// Which of its records.
    pub predicate: &'a Predicate,
    /// As of when.
    pub time: TimeScope,
    /// Which fields go with them; none means those that tell most in little room.
    pub select: &'a [CompactString],
    /// Where.
    pub tile: Tile,
    /// Until when.
    pub deadline: Deadline,
}

/// A tile with one layer, of the collection's name. Empty where nothing is there.
///
/// Records have the entity's number as their id, `id`, and some fields. Where there are more than
/// [`MOST_FEATURES`], those of each cell of a grid are one point with `cluster` (true) and `point_count`;
/// a record belongs to one cell of one tile, so the counts of all tiles of a level add up.
///
/// # Errors
///
/// The store, its time limit among them.
pub fn render(request: &Request<'_>) -> Result<Vec<u8>, TileError> {
    if request.collection.location.is_none() {
        return Err(TileError::NoPlaces);
    }
    let margin = MARGIN / f64::from(EXTENT);
    let around = Predicate::Box(request.tile.degrees(margin));
    let predicate = request.predicate.clone().and(around);
    let name = &request.collection.name;
    let (view, time, deadline) = (request.view, request.time, request.deadline);
    let count = view.count(name, &predicate, time, deadline)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > MOST_FEATURES as u64 {
        return clusters(request);
    }
    let page = view.search(
        name,
        &Search {
            predicate: &predicate,
            time,
            sort: &[],
            after: None,
            limit: MOST_FEATURES,
            deadline,
        },
    )?;
    let mut layer = Layer::new(name);
    let fields = fields(request);
    for record in &page.records {
        draw(request, &fields, record, &mut layer)?;
    }
    Ok(layer.tile())
}

/// The fields that go with a record.
fn fields(request: &Request<'_>) -> Vec<CompactString> {
    if !request.select.is_empty() {
        return request.select.to_vec();
    }
    let collection = request.collection;
    let default = attributes(collection);
    match request.tile.level < FIRST_LEVEL_OF_FIELDS {
        true => default.into_iter().take(1).collect(),
        false => default,
    }
}

/// What goes with records where nothing is asked for: the title, then codes, divisions, dates, numbers and
/// truth values, none of which identify a person.
pub fn attributes(collection: &Collection) -> Vec<CompactString> {
    let title = collection.at(collection.title);
    let is_short = |kind: &FieldType| {
        matches!(
            kind,
            FieldType::Code(_)
                | FieldType::Division
                | FieldType::Date
                | FieldType::Period
                | FieldType::Integer
                | FieldType::Decimal
                | FieldType::Boolean
        )
    };
    let others = collection
        .fields
        .iter()
        .filter(|field| field.number != title.number && !field.many && is_short(&field.kind));
    std::iter::once(title)
        .chain(others)
        .filter(|field| field.sensitivity < Sensitivity::Restricted)
        .map(|field| field.name.clone())
        .collect()
}

/// What is needed of a stored record.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(default)]
    properties: Map<String, Value>,
}

fn draw(
    request: &Request<'_>,
    fields: &[CompactString],
    record: &Record,
    layer: &mut Layer,
) -> Result<(), TileError> {
    let damaged = |reason: String| StoreError::Damaged(format!("{}: {reason}", record.id));
    let body: Body<'_> =
        serde_json::from_str(&record.body).map_err(|error| damaged(error.to_string()))?;
    let Some(geometry) = body.geometry.filter(|text| text.get() != "null") else {
        return Ok(());
    };
    let shape =
        Shape::from_geojson_str(geometry.get()).map_err(|error| damaged(error.to_string()))?;
    for drawn in shape::draw(&shape, &request.tile) {
        let id = ("id".to_string(), Value::from(record.id.to_string()));
        let others = fields.iter().filter_map(|name| {
            let value = body.properties.get(name.as_str())?;
            Some((name.to_string(), value.clone()))
        });
        let attributes = std::iter::once(id)
            .chain(others)
            .filter_map(|(name, value)| Some((name, ValueMessage::of_json(&value)?)));
        let number = record.id.number();
        layer.add(Some(number), drawn.kind, drawn.commands, attributes);
    }
    Ok(())
}

/// One point for all records of a cell, with their count.
fn clusters(request: &Request<'_>) -> Result<Vec<u8>, TileError> {
    let Some(bounds) = request.tile.bounds() else {
        return Ok(Vec::new());
    };
    let [west, south, east, north] = bounds.degrees();
    let predicate = request
        .predicate
        .clone()
        .and(Predicate::Box([west, south, east, north]));
    let metres = (request.tile.metres() / CLUSTERS).round();
    let metres = metres.clamp(1.0, f64::from(geometry::grid::MAXIMUM_METRES)) as u32;
    let groups = request.view.group(
        &request.collection.name,
        &predicate,
        request.time,
        &Grouping {
            keys: vec![GroupKey::Grid(metres)],
            measures: Vec::new(),
            limit: MOST_CLUSTERS,
        },
        request.deadline,
    )?;
    let mut layer = Layer::new(&request.collection.name);
    let side = f64::from(EXTENT);
    for group in groups {
        let Some(Some(key)) = group.key.first() else {
            continue;
        };
        let Some(cell) = key
            .parse()
            .ok()
            .and_then(|cell| geometry::grid::cell_bounds(cell).ok())
        else {
            continue;
        };
        // A cell that the tile's edge cuts is drawn in the part that is in the tile.
        let [left, bottom, right, top] = cell.degrees();
        if right < west || left > east || top < south || bottom > north {
            // Where a record reaches into several tiles, the one that holds its middle counts it.
            continue;
        }
        let lon = (left.max(west) + right.min(east)) / 2.0;
        let lat = (bottom.max(south) + top.min(north)) / 2.0;
        let Some([x, y]) = request.tile.place(lon, lat) else {
            continue;
        };
        let attributes = [
            ("cluster".to_string(), Value::from(true)),
            ("point_count".to_string(), Value::from(group.count)),
        ];
        let attributes = attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name, ValueMessage::of_json(&value)?)));
        layer.add(None, 1, shape::point(x * side, y * side), attributes);
    }
    Ok(layer.tile())
}
