//! What references lead to, read from the indexes as it is needed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use index::{Address, Row, Snapshot, key_hash};
use record::{CompactString, EntityId, Transaction, Validity, Value};
use schema::{Catalog, Collection, FieldType};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::key_map::KeyMap;
use super::spans::{Lacking, TargetKeys};
use crate::fold::{Target, TargetRectangle, TargetSpan, Targets, union};
use crate::store::StoreError;

/// The indexes of all collections, frozen.
pub type Snapshots = Arc<BTreeMap<String, Snapshot>>;

/// Targets remembered of one collection.
const TARGETS_HELD: usize = 50_000;

/// Finds targets in frozen indexes. A bounded number is remembered: records that stand together often
/// refer to the same.
pub struct TargetReader<'a> {
    catalog: &'a Catalog,
    snapshots: Snapshots,
    lacking: Option<&'a Lacking>,
    found: RefCell<Vec<Remembered>>,
}

/// What is remembered of one collection.
struct Remembered {
    collection: String,
    /// The fields that others derive from.
    wanted: Vec<String>,
    /// The key asked for last, and its target: records that stand together mostly ask for the same.
    last: Option<(CompactString, Option<Arc<Target>>)>,
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
        let mut history = History::new(collection, snapshot, wanted);
        let mut rows: Vec<Row> = Vec::new();
        snapshot.rows_of_key(hash, |row| rows.push(row))?;
        for row in rows {
            history.add(row.number, row.validity, row.known, row.address)?;
        }
        let lacking = self.lacking.and_then(|lacking| lacking.get(name));
        Ok(history.target(hash, lacking))
    }
}

/// What an index says of whom a key leads to, gathered.
pub struct History<'s> {
    collection: &'s Collection,
    snapshot: &'s Snapshot,
    wanted: &'s [String],
    spans: BTreeMap<u64, Vec<(Transaction, Transaction)>>,
    rectangles: Vec<TargetRectangle>,
}

impl<'s> History<'s> {
    /// Nothing yet of a target in a collection, of which others derive the fields wanted.
    pub fn new(
        collection: &'s Collection,
        snapshot: &'s Snapshot,
        wanted: &'s [String],
    ) -> History<'s> {
        History {
            collection,
            snapshot,
            wanted,
            spans: BTreeMap::new(),
            rectangles: Vec::new(),
        }
    }

    /// Adds a rectangle, believed for so long.
    pub fn add(
        &mut self,
        number: u64,
        validity: Validity,
        known: (Transaction, Transaction),
        address: Address,
    ) -> Result<(), StoreError> {
        self.spans.entry(number).or_default().push(known);
        if !self.wanted.is_empty() {
            let body = self.snapshot.body(address)?;
            let values = derived_values(self.collection, self.wanted, &body)?;
            let pairs = self.wanted.iter().cloned().zip(values);
            self.rectangles.push(TargetRectangle {
                validity,
                known,
                values: pairs.filter(|(_, value)| !value.is_null()).collect(),
            });
        }
        Ok(())
    }

    /// Whom the key of this hash leads to; `lacking` knows what the index does not know yet.
    pub fn target(self, key: u64, lacking: Option<&TargetKeys>) -> Option<Target> {
        let register = self.collection.register;
        let mut spans = Vec::new();
        for (number, stretches) in self.spans {
            let Some(id) = EntityId::new(register, number) else {
                continue;
            };
            let stretches = union(stretches).into_iter();
            spans.extend(stretches.map(|known| TargetSpan { id, known }));
        }
        spans.sort_by_key(|span| span.known);
        let better = lacking.and_then(|keys| keys.spans(key, !spans.is_empty()));
        let spans = better.unwrap_or(spans);
        (!spans.is_empty()).then_some(Target {
            spans,
            rectangles: self.rectangles,
        })
    }
}

impl Targets for TargetReader<'_> {
    fn target(&self, name: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError> {
        let mut found = self.found.borrow_mut();
        let place = match found.iter().position(|one| one.collection == name) {
            Some(place) => place,
            None => {
                found.push(Remembered {
                    collection: name.to_string(),
                    wanted: wanted_fields(self.catalog, name),
                    last: None,
                    targets: KeyMap::default(),
                });
                found.len() - 1
            }
        };
        let remembered = &mut found[place];
        if let Some((last, target)) = &remembered.last
            && last == key
        {
            return Ok(target.clone());
        }
        let hash = key_hash(&[Value::text(key)]);
        let target = match remembered.targets.get(&hash) {
            Some(target) => target.clone(),
            None => {
                let target = self.find(name, hash, &remembered.wanted)?.map(Arc::new);
                if remembered.targets.len() >= TARGETS_HELD {
                    remembered.targets.clear();
                }
                remembered.targets.insert(hash, target.clone());
                target
            }
        };
        remembered.last = Some((key.into(), target.clone()));
        Ok(target)
    }
}

/// The fields of a collection that other collections derive values from.
pub fn wanted_fields(catalog: &Catalog, target: &str) -> Vec<String> {
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
