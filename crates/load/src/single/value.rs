//! JSON values become values of fields, by the readers of cells: what a file may say, a call may say.
//!
//! | field | JSON |
//! |---|---|
//! | text, code, date, period, division | a string, as a cell would have it |
//! | integer, decimal | a number, whose digits are kept, or a string |
//! | boolean | `true`, `false` or a string |
//! | reference | an id or a natural key; `{"id": …}` or `{"key": …}` where it could be either |
//! | point, geometry | a GeoJSON geometry, longitude first, in CGCS2000 |
//! | several values | an array of these |
//!
//! `null`, a text of white space and an empty array mean that there is no value.

use record::{EntityId, Problem, Prose, Reference, Value, prose};
use register::{StoreError, TimeScope, View, key_of};
use schema::{Catalog, Collection, Field, FieldType};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::Located;
use crate::cell::{CellReader, shortened};

/// Reads values of one collection.
pub struct ValueReader<'a> {
    /// The schemas.
    pub catalog: &'a Catalog,
    /// The state in which ids are looked up.
    pub view: &'a dyn View,
}

/// The only ways to name what a reference leads to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Named {
    Id(String),
    Key(String),
}

/// What becomes of one JSON value.
type Read = Result<Value, Problem>;

impl ValueReader<'_> {
    /// Reads the value of a field. Problems are noted, with where they are; then there is no value.
    pub fn read(
        &self,
        field: &Field,
        raw: &RawValue,
        pointer: &str,
        problems: &mut Vec<Located>,
    ) -> Result<Option<Value>, StoreError> {
        let mut noted = |pointer: String, problem| problems.push(Located { pointer, problem });
        let json = raw.get();
        if json == "null" {
            return Ok(Some(Value::Null));
        }
        if !field.many {
            return Ok(match self.one(field, json)? {
                Ok(value) => Some(value),
                Err(problem) => {
                    noted(pointer.to_string(), problem);
                    None
                }
            });
        }
        let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(json) else {
            let expected = prose!("数组", "an array");
            noted(pointer.to_string(), wrong_type(field, json, expected));
            return Ok(None);
        };
        let mut values = Vec::with_capacity(items.len());
        let mut is_sound = true;
        for (place, item) in items.iter().enumerate() {
            match self.one(field, item.get())? {
                Ok(value) => values.extend(Some(value).filter(|value| !value.is_null())),
                Err(problem) => {
                    is_sound = false;
                    noted(format!("{pointer}/{place}"), problem);
                }
            }
        }
        let value = if values.is_empty() {
            Value::Null
        } else {
            Value::List(values)
        };
        Ok(is_sound.then_some(value))
    }

    fn one(&self, field: &Field, json: &str) -> Result<Read, StoreError> {
        if let FieldType::Reference { target } = &field.kind {
            return self.reference(field, target, json);
        }
        let Some(text) = text_of(&field.kind, json) else {
            return Ok(Err(wrong_type(field, json, expected(&field.kind))));
        };
        let reader = CellReader::plain(field)
            .map_err(|reason| StoreError::Refused(format!("{}: {reason}", field.name)))?;
        let read = reader.read(&text);
        let is_area =
            matches!(field.kind, FieldType::Point) && matches!(read, Ok(Value::Geometry(_)));
        if is_area {
            return Ok(Err(wrong_type(field, json, expected(&field.kind))));
        }
        Ok(read)
    }

    /// A reference: the natural key that a file would give.
    fn reference(&self, field: &Field, target: &str, json: &str) -> Result<Read, StoreError> {
        let named = match serde_json::from_str::<String>(json) {
            Ok(text) => match text.parse::<EntityId>() {
                Ok(id) if self.is_of(id, target) => Named::Id(text),
                _ => Named::Key(text),
            },
            Err(_) => match serde_json::from_str::<Named>(json) {
                Ok(named) => named,
                Err(_) => return Ok(Err(wrong_type(field, json, expected(&field.kind)))),
            },
        };
        let id = match named {
            Named::Id(id) => id,
            Named::Key(key) => {
                let reader = CellReader::plain(field)
                    .map_err(|reason| StoreError::Refused(format!("{}: {reason}", field.name)))?;
                return Ok(reader.read(&key));
            }
        };
        let key = match id.parse::<EntityId>() {
            Ok(entity) if self.is_of(entity, target) => self.key_of(target, entity)?,
            _ => None,
        };
        Ok(key
            .map(|key| Value::Reference(Reference { key, target: None }))
            .ok_or_else(|| Problem::new("reference-unresolved", &field.name, id, target)))
    }

    fn is_of(&self, id: EntityId, target: &str) -> bool {
        let target = self.catalog.collection(target);
        target.is_some_and(|target| target.register == id.register())
    }

    /// The natural key of an entity of a collection whose key has one field.
    fn key_of(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Option<record::CompactString>, StoreError> {
        let Some(schema) = self.catalog.collection(collection) else {
            return Ok(None);
        };
        let Some(record) = self.view.read(collection, id, TimeScope::All)? else {
            return Ok(None);
        };
        let fields = self.key_fields(schema, &record.body)?;
        Ok(match key_of(schema, &fields).as_slice() {
            [Value::Text(key)] => Some(key.clone()),
            _ => None,
        })
    }

    /// The fields of the natural key, as they stand in a record's body.
    pub fn key_fields(
        &self,
        collection: &Collection,
        body: &str,
    ) -> Result<record::Fields, StoreError> {
        self.fields(collection, body, |field| {
            collection.key.contains(&field.number)
        })
    }

    /// The values of a record that may be given, as they stand in its body. What cannot be read back, a
    /// reference to a record that is gone say, is left out, unless it belongs to the natural key.
    pub fn record_fields(
        &self,
        collection: &Collection,
        body: &str,
    ) -> Result<record::Fields, StoreError> {
        self.fields(collection, body, Field::is_given)
    }

    fn fields(
        &self,
        collection: &Collection,
        body: &str,
        is_wanted: impl Fn(&Field) -> bool,
    ) -> Result<record::Fields, StoreError> {
        #[derive(Deserialize)]
        struct Body<'b> {
            #[serde(borrow, default)]
            geometry: Option<&'b RawValue>,
            #[serde(borrow)]
            properties: std::collections::BTreeMap<std::borrow::Cow<'b, str>, &'b RawValue>,
            #[serde(borrow, default)]
            held: std::collections::BTreeMap<std::borrow::Cow<'b, str>, Vec<String>>,
        }
        let damaged = |reason: String| StoreError::Damaged(reason);
        let body: Body = serde_json::from_str(body).map_err(|error| damaged(error.to_string()))?;
        let mut fields = record::Fields::new();
        for field in collection.fields.iter().filter(|field| is_wanted(field)) {
            let name = field.name.as_str();
            // A reference that leads nowhere yet is known by its key.
            if let Some(key) = body.held.get(name).and_then(|keys| keys.first()) {
                let key = key.into();
                let reference = Value::Reference(Reference { key, target: None });
                fields.push((field.number, reference));
                continue;
            }
            let raw = if collection.location == Some(field.number) {
                body.geometry
            } else {
                body.properties.get(name).copied()
            };
            let Some(raw) = raw.filter(|raw| raw.get() != "null") else {
                continue;
            };
            match self.read(field, raw, "", &mut Vec::new())? {
                Some(value) => fields.push((field.number, value)),
                None if collection.key.contains(&field.number) => {
                    return Err(damaged(format!("the key field {name}")));
                }
                None => {}
            }
        }
        fields.sort_unstable_by_key(|(number, _)| *number);
        Ok(fields)
    }
}

/// The text that a cell with the same value would have; `None` where the JSON is of another type.
fn text_of(kind: &FieldType, json: &str) -> Option<String> {
    let is_number = json.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    match kind {
        FieldType::Integer | FieldType::Decimal if is_number => Some(json.to_string()),
        FieldType::Boolean if matches!(json, "true" | "false") => Some(json.to_string()),
        FieldType::Point | FieldType::Geometry => json.starts_with('{').then(|| json.to_string()),
        _ => serde_json::from_str(json).ok(),
    }
}

/// What a field of this type takes.
fn expected(kind: &FieldType) -> Prose {
    match kind {
        FieldType::Integer | FieldType::Decimal => prose!("数字", "a number"),
        FieldType::Boolean => "true | false".into(),
        FieldType::Point => prose!("GeoJSON 点", "a GeoJSON Point"),
        FieldType::Geometry => prose!("GeoJSON 几何", "a GeoJSON geometry"),
        FieldType::Reference { .. } => prose!(
            "标识、主键，或含 id 或 key 的对象",
            "an id, a natural key, or an object with id or key"
        ),
        _ => prose!("字符串", "a string"),
    }
}

/// A value of another type. Of what was given the type is told, not the value.
fn wrong_type(field: &Field, json: &str, expected: Prose) -> Problem {
    let found = match json.as_bytes().first() {
        Some(b'"') => prose!("字符串", "a string"),
        Some(b'{') => prose!("对象", "an object"),
        Some(b'[') => prose!("数组", "an array"),
        Some(b't' | b'f') => prose!("真假值", "a truth value"),
        Some(b'n') => "null".into(),
        _ => prose!("数字 {}", "the number {}", shortened(json)),
    };
    Problem::new("wrong-type", &field.name, found, expected)
}
