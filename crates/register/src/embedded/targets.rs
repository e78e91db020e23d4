//! Tables of what references lead to, held in memory while many records are composed.

use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, thread};

use index::{Address, Part, Snapshot, key_hash};
use record::{CompactString, EntityId, RegisterLetter, Transaction, Validity, Value};
use schema::{Catalog, Collection, FieldType};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::key_map::KeyMap;
use super::spans::{NewKey, TargetKeys};
use crate::fold::union;
use crate::store::StoreError;

/// What a table knows of one target.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entity's number.
    pub number: u64,
    /// The first transaction that knew it.
    pub known_from: Transaction,
    /// It has been known ever since, under this key: else records that refer to it must be folded.
    pub whole: bool,
    /// Where its derived values are; `None` where its history has more than one rectangle, or one
    /// that is not for ever, so that records deriving from it must be folded.
    pub values: Option<u32>,
}

/// The targets in one collection, by the hash of their natural key.
pub struct TargetTable {
    register: RegisterLetter,
    /// The fields that are derived from these targets.
    pub wanted: Vec<String>,
    entries: KeyMap<Entry>,
    /// `wanted.len()` values a target.
    values: Vec<Value>,
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

impl TargetTable {
    /// Reads the table of a collection from its index.
    pub fn read(
        catalog: &Catalog,
        collection: &Collection,
        snapshot: &Snapshot,
    ) -> Result<TargetTable, StoreError> {
        let mut table = TargetTable {
            register: collection.register,
            wanted: wanted_fields(catalog, &collection.name),
            entries: KeyMap::with_capacity_and_hasher(
                snapshot.current_documents() as usize,
                Default::default(),
            ),
            values: Vec::new(),
        };
        let mut simple = Vec::new();
        let mut stretches: KeyMap<Vec<(Transaction, Transaction)>> = KeyMap::default();
        for part in [Part::Past, Part::Current] {
            snapshot.rows(part, |row| {
                let fresh = !table.entries.contains_key(&row.key);
                let entry = table.entries.entry(row.key).or_insert(Entry {
                    number: row.number,
                    known_from: row.known.0,
                    whole: true,
                    values: None,
                });
                entry.known_from = entry.known_from.min(row.known.0);
                if part == Part::Past {
                    stretches.entry(row.key).or_default().push(row.known);
                } else if let Some(stretches) = stretches.get_mut(&row.key) {
                    stretches.push(row.known);
                }
                if fresh && part == Part::Current && row.validity == Validity::ALWAYS {
                    simple.push((row.key, row.address));
                } else {
                    entry.values = Some(u32::MAX);
                }
            })?;
        }
        if !table.wanted.is_empty() {
            table.values = read_values(collection, &table.wanted, snapshot, &simple)?;
        }
        for (place, (key, _)) in simple.iter().enumerate() {
            // A key seen twice is marked: its history must be folded.
            if let Some(entry) = table.entries.get_mut(key) {
                entry.values.get_or_insert(place as u32);
            }
        }
        for (key, stretches) in stretches {
            if let Some(entry) = table.entries.get_mut(&key) {
                entry.whole = union(stretches) == [(entry.known_from, Transaction::MAX)];
            }
        }
        for entry in table.entries.values_mut() {
            entry.values = entry.values.filter(|place| *place != u32::MAX);
        }
        Ok(table)
    }

    /// Adds the targets that the index lacks, and marks those of which it may be wrong.
    pub fn complete(&mut self, keys: &TargetKeys) {
        for (key, NewKey { number, known_from }) in keys.new_keys() {
            self.entries.entry(key).or_insert(Entry {
                number,
                known_from,
                whole: true,
                values: None,
            });
        }
        for key in keys.shaken_keys() {
            if let Some(entry) = self.entries.get_mut(&key) {
                entry.whole = false;
            }
        }
    }

    /// The target of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(&key_hash(&[Value::text(key)]))
    }

    /// The id of a target.
    pub fn id(&self, entry: &Entry) -> Option<EntityId> {
        EntityId::new(self.register, entry.number)
    }

    /// A derived value of a target whose history is simple.
    pub fn value(&self, entry: &Entry, field: &str) -> Option<&Value> {
        let column = self.wanted.iter().position(|wanted| wanted == field)?;
        let value = self
            .values
            .get(entry.values? as usize * self.wanted.len() + column)?;
        Some(value).filter(|value| !value.is_null())
    }
}

/// Reads the derived values of many targets, on all processors: a load waits for it.
fn read_values(
    collection: &Collection,
    wanted: &[String],
    snapshot: &Snapshot,
    targets: &[(u64, Address)],
) -> Result<Vec<Value>, StoreError> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let share = targets.len().div_ceil(processors).max(1);
    let read = |targets: &[(u64, Address)]| -> Result<Vec<Value>, StoreError> {
        let mut values = Vec::with_capacity(targets.len() * wanted.len());
        for (_, address) in targets {
            values.extend(derived_values(
                collection,
                wanted,
                &snapshot.body(*address)?,
            )?);
        }
        Ok(values)
    };
    thread::scope(|scope| {
        let shares: Vec<_> = targets
            .chunks(share)
            .map(|targets| scope.spawn(move || read(targets)))
            .collect();
        let mut all = Vec::with_capacity(targets.len() * wanted.len());
        for values in shares {
            let values = values.join();
            let failed = || StoreError::Damaged("reading targets failed".to_string());
            all.extend(values.map_err(|_| failed())??);
        }
        Ok(all)
    })
}

/// The tables of all collections that one collection refers to.
#[derive(Default)]
pub struct TargetTables {
    tables: BTreeMap<String, TargetTable>,
}

impl TargetTables {
    /// Adds a table.
    pub fn insert(&mut self, collection: &str, table: TargetTable) {
        self.tables.insert(collection.to_string(), table);
    }

    /// The table of a collection.
    pub fn get(&self, collection: &str) -> Option<&TargetTable> {
        self.tables.get(collection)
    }
}

/// The collections that a collection refers to, besides itself.
pub fn referred(collection: &Collection) -> BTreeSet<&str> {
    collection
        .fields
        .iter()
        .filter_map(|field| field.target())
        .filter(|target| *target != collection.name)
        .collect()
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
pub fn derived_values<'b>(
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
