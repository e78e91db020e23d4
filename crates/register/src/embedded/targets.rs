//! What references lead to, read from the indexes as it is needed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use index::{Row, Snapshot, key_hash};
use record::{CompactString, EntityId, Transaction, Value};
use schema::{Catalog, Collection, FieldType};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::key_map::KeyMap;
use crate::fold::{Target, TargetRectangle, Targets};
use crate::store::StoreError;

/// The indexes of all collections, frozen.
pub type Snapshots = Arc<BTreeMap<String, Snapshot>>;

/// Targets remembered of one collection.
const TARGETS_HELD: usize = 50_000;

/// The first that is known of an entity which its index lacks as yet.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The entity's number.
    pub number: u64,
    /// The first transaction that knew it.
    pub known_from: Transaction,
}

/// Entities by natural key that indexes lack as yet, by collection.
pub type Lacking = HashMap<String, KeyMap<Known>>;

/// Finds targets in frozen indexes. A bounded number is remembered: records that stand together often
/// refer to the same.
pub struct TargetReader<'a> {
    catalog: &'a Catalog,
    snapshots: Snapshots,
    lacking: Option<&'a Lacking>,
    found: RefCell<HashMap<String, Remembered>>,
}

/// What is remembered of one collection.
struct Remembered {
    /// The fields that others derive from.
    wanted: Vec<String>,
    targets: KeyMap<Option<Arc<Target>>>,
}

impl<'a> TargetReader<'a> {
    /// A reader over frozen indexes and what they lack.
    pub fn new(
        catalog: &'a Catalog,
        snapshots: Snapshots,
        lacking: Option<&'a Lacking>,
    ) -> TargetReader<'a> {
        TargetReader {
            catalog,
            snapshots,
            lacking,
            found: RefCell::default(),
        }
    }

    fn find(&self, name: &str, hash: u64, wanted: &[String]) -> Result<Option<Target>, StoreError> {
        let unknown = || StoreError::UnknownCollection(name.to_string());
        let collection = self.catalog.collection(name).ok_or_else(unknown)?;
        let snapshot = self.snapshots.get(name).ok_or_else(unknown)?;
        let mut rows: Vec<Row> = Vec::new();
        snapshot.rows_of_key(hash, |row| rows.push(row))?;
        let id_of = |number| EntityId::new(collection.register, number);
        let Some(id) = rows.first().and_then(|row| id_of(row.number)) else {
            let known = self
                .lacking
                .and_then(|lacking| lacking.get(name)?.get(&hash));
            return Ok(known.and_then(|known| {
                Some(Target {
                    id: id_of(known.number)?,
                    known_from: known.known_from,
                    rectangles: Vec::new(),
                })
            }));
        };
        let mut target = Target {
            id,
            known_from: Transaction::MAX,
            rectangles: Vec::new(),
        };
        for row in rows {
            target.known_from = target.known_from.min(row.known.0);
            if wanted.is_empty() {
                continue;
            }
            let values = derived_values(collection, wanted, &snapshot.body(row.address)?)?;
            let pairs = wanted.iter().cloned().zip(values);
            target.rectangles.push(TargetRectangle {
                validity: row.validity,
                known: row.known,
                values: pairs.filter(|(_, value)| !value.is_null()).collect(),
            });
        }
        Ok(Some(target))
    }
}

impl Targets for TargetReader<'_> {
    fn target(&self, name: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError> {
        let hash = key_hash(&[Value::text(key)]);
        let mut found = self.found.borrow_mut();
        if !found.contains_key(name) {
            let remembered = Remembered {
                wanted: wanted_fields(self.catalog, name),
                targets: KeyMap::default(),
            };
            found.insert(name.to_string(), remembered);
        }
        let unknown = || StoreError::UnknownCollection(name.to_string());
        let remembered = found.get_mut(name).ok_or_else(unknown)?;
        if let Some(target) = remembered.targets.get(&hash) {
            return Ok(target.clone());
        }
        let target = self.find(name, hash, &remembered.wanted)?.map(Arc::new);
        if remembered.targets.len() >= TARGETS_HELD {
            remembered.targets.clear();
        }
        remembered.targets.insert(hash, target.clone());
        Ok(target)
    }
}

/// The fields of a collection that other collections derive values from.
fn wanted_fields(catalog: &Catalog, target: &str) -> Vec<String> {
    let mut wanted = BTreeSet::new();
    for collection in &catalog.collections {
        for rule in collection
            .fields
            .iter()
            .filter_map(|field| field.derived.as_ref())
        {
            let through_target = rule
                .through
                .iter()
                .any(|number| collection.at(*number).target() == Some(target));
            if through_target {
                wanted.insert(rule.field.clone());
            }
        }
    }
    wanted.into_iter().collect()
}

/// The values of some members of a record's body, unread.
struct Members<'w> {
    wanted: &'w [String],
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, body: D) -> Result<Self::Value, D::Error> {
        body.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a record's fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = vec![None; self.wanted.len()];
        while let Some(name) = members.next_key::<&str>()? {
            match self.wanted.iter().position(|wanted| wanted == name) {
                Some(place) => found[place] = Some(members.next_value()?),
                None => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// A GeoJSON point.
#[derive(Deserialize)]
struct PointJson {
    coordinates: [f64; 2],
}

/// Reads values of a record's body, one for each field wanted; null where there is none.
fn derived_values<'b>(
    collection: &Collection,
    wanted: &[String],
    body: &'b [u8],
) -> Result<Vec<Value>, StoreError> {
    let damaged = |reason| StoreError::Damaged(format!("a record's body: {reason}"));
    let outer = ["geometry", "properties"].map(String::from);
    let read = |body: &'b [u8], wanted: &[String]| {
        Members { wanted }.deserialize(&mut serde_json::Deserializer::from_slice(body))
    };
    let parts = read(body, &outer).map_err(damaged)?;
    let properties = match parts[1] {
        Some(properties) => read(properties.get().as_bytes(), wanted).map_err(damaged)?,
        None => vec![None; wanted.len()],
    };
    Ok(wanted
        .iter()
        .zip(properties)
        .map(|(name, property)| {
            let Some((number, field)) = collection.field(name) else {
                return Value::Null;
            };
            let json = if collection.location == Some(number) {
                parts[0]
            } else {
                property
            };
            json.and_then(|json| value_of(json.get(), &field.kind))
                .unwrap_or(Value::Null)
        })
        .collect())
}

/// The value that a body's JSON stands for; `None` for null.
fn value_of(json: &str, kind: &FieldType) -> Option<Value> {
    if json.starts_with('[') {
        let values: Vec<&RawValue> = serde_json::from_str(json).ok()?;
        return Some(Value::List(
            values
                .iter()
                .filter_map(|json| value_of(json.get(), kind))
                .collect(),
        ));
    }
    match kind {
        FieldType::Point => {
            let PointJson {
                coordinates: [lon, lat],
            } = serde_json::from_str(json).ok()?;
            let position = geometry::Position::from_degrees(lon, lat)?;
            Some(Value::Point {
                lon: position.lon,
                lat: position.lat,
            })
        }
        FieldType::Geometry => {
            let shape = geometry::Shape::from_geojson_str(json).ok()?;
            Some(match shape.position() {
                Some(position) => Value::Point {
                    lon: position.lon,
                    lat: position.lat,
                },
                None => Value::Geometry(shape.to_wkb()),
            })
        }
        FieldType::Date => serde_json::from_str::<&str>(json)
            .ok()?
            .parse()
            .ok()
            .map(Value::Date),
        FieldType::Integer => json.parse().ok().map(Value::Integer),
        FieldType::Decimal => json.parse().ok().map(Value::Decimal),
        FieldType::Boolean => json.parse().ok().map(Value::Boolean),
        FieldType::Reference { .. } => None,
        _ => serde_json::from_str::<CompactString>(json)
            .ok()
            .map(Value::Text),
    }
}
