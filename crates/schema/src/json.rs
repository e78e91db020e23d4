//! JSON Schema of a collection (draft 2020-12), and the queryables of OGC API - Features part 3.

use serde_json::{Map, Value, json};

use crate::{Collection, Field, FieldType};

/// Code lists with more entries than this are named, not spelled out.
pub const LONGEST_ENUMERATION: usize = 100;

/// The JSON Schema of a collection's records: the `properties` of a GeoJSON feature. Labels, units,
/// sensitivity and the like stand under keys that begin with `x-`.
pub fn json_schema(collection: &Collection) -> Value {
    let properties = collection
        .fields
        .iter()
        .map(|field| (field.name.to_string(), field_schema(collection, field)))
        .collect::<Map<_, _>>();
    let required: Vec<&str> = collection
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name.as_str())
        .collect();
    let key: Vec<&str> = collection
        .key
        .iter()
        .map(|number| collection.at(*number).name.as_str())
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("/collections/{}/schema", collection.name),
        "type": "object",
        "title": collection.label.zh,
        "description": collection.description.zh,
        "x-title-en": collection.label.en,
        "x-description-en": collection.description.en,
        "x-register": collection.register_name,
        "x-department": collection.authority.responsible,
        "x-sensitivity": collection.sensitivity,
        "x-key": key,
        "properties": properties,
        "required": required,
    })
}

/// The queryables of a collection: the JSON Schema of the fields that a filter may name.
pub fn queryables(collection: &Collection) -> Value {
    let properties = collection
        .fields
        .iter()
        .filter(|field| field.search.any() || field.kind.is_spatial())
        .map(|field| (field.name.to_string(), field_schema(collection, field)))
        .collect::<Map<_, _>>();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("/collections/{}/queryables", collection.name),
        "type": "object",
        "title": collection.label.zh,
        "description": collection.description.zh,
        "x-title-en": collection.label.en,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn field_schema(collection: &Collection, field: &Field) -> Value {
    let mut one = value_schema(&field.kind);
    if field.many {
        one = Map::from_iter([
            ("type".to_string(), json!("array")),
            ("items".to_string(), Value::Object(one)),
        ]);
    }
    let mut put = |key: &str, value: Value| {
        one.insert(key.to_string(), value);
    };
    put("title", json!(field.label.zh));
    put("x-title-en", json!(field.label.en));
    if let Some(description) = &field.description {
        put("description", json!(description.zh));
        put("x-description-en", json!(description.en));
    }
    put("x-type", json!(field.kind.name()));
    if let Some(standard) = &field.standard {
        put("x-standard", json!(standard));
    }
    if let Some(unit) = &field.unit {
        put("x-unit", json!(unit));
    }
    if let Some(list) = field.codelist() {
        put("x-codelist", json!(list.name));
    }
    if let Some(target) = field.target() {
        put("x-target", json!(target));
    }
    if !field.is_given() {
        put("readOnly", json!(true));
    }
    put("x-department", json!(field.authority.responsible));
    put("x-sensitivity", json!(field.sensitivity));
    put("x-search", json!(search_names(field)));
    let role = if collection.key.contains(&field.number) {
        Some("key")
    } else if collection.location == Some(field.number) {
        Some("primary-geometry")
    } else if collection.title == field.number {
        Some("title")
    } else {
        None
    };
    if let Some(role) = role {
        put("x-ogc-role", json!(role));
    }
    Value::Object(one)
}

fn search_names(field: &Field) -> Vec<&'static str> {
    let search = field.search;
    [
        (search.exact, "exact"),
        (search.text, "text"),
        (search.column, "column"),
    ]
    .iter()
    .filter_map(|(given, name)| given.then_some(*name))
    .collect()
}

/// The schema of one value, as it stands in answers.
fn value_schema(kind: &FieldType) -> Map<String, Value> {
    let schema = match kind {
        FieldType::Text => json!({ "type": "string" }),
        FieldType::Code(list) if list.entries.len() <= LONGEST_ENUMERATION => {
            let entries: Vec<Value> = list
                .entries
                .iter()
                .map(|entry| json!({ "const": entry.code, "title": entry.name_zh, "x-title-en": entry.name_en }))
                .collect();
            json!({ "type": "string", "oneOf": entries })
        }
        FieldType::Code(_) => json!({ "type": "string" }),
        // Dates have a precision: a year or a month is a date too.
        FieldType::Date => json!({
            "type": "string",
            "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
        }),
        FieldType::Integer => json!({ "type": "integer" }),
        FieldType::Decimal => json!({ "type": "number" }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Period => json!({
            "type": "string",
            "pattern": "^[0-9]{4}(-(S[12]|Q[1-4]|(0[1-9]|1[0-2])))?$",
        }),
        FieldType::Division => json!({ "type": "string", "pattern": "^[0-9]{12}$" }),
        FieldType::Reference { .. } => json!({ "type": "string" }),
        FieldType::Point => json!({ "format": "geometry-point" }),
        FieldType::Geometry => json!({ "format": "geometry-any" }),
    };
    match schema {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
