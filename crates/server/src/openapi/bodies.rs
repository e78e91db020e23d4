//! Bodies of requests.

use serde_json::{Map, Value, json};

/// The body of `POST /subjects/log`.
pub fn subject() -> Value {
    json!({
        "type": "object",
        "required": ["collection"],
        "additionalProperties": false,
        "properties": {
            "collection": { "type": "string" },
            "key": { "description": "The natural key: one value, or an object with a member for each field" },
            "id": { "type": ["string", "null"], "description": "The id, in place of the key" },
            "limit": { "type": ["integer", "null"], "minimum": 1, "maximum": 1000 },
            "cursor": { "type": ["string", "null"] },
        },
    })
}

/// The body of `POST /query`.
pub fn query() -> Value {
    let text = json!({ "type": ["string", "null"] });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "type": "object",
        "required": ["from"],
        "additionalProperties": false,
        "properties": {
            "from": {
                "description": "The name of a collection, or a list of one",
                "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1, "maxItems": 1 }],
            },
            "q": text,
            "filter": { "type": ["string", "object", "boolean", "null"], "description": "CQL2 text, or CQL2 JSON" },
            "filterCrs": text,
            "near": {
                "type": ["object", "null"],
                "required": ["lon", "lat"],
                "additionalProperties": false,
                "properties": {
                    "lon": { "type": "number" },
                    "lat": { "type": "number" },
                    "metres": { "type": ["number", "null"], "minimum": 0 },
                    "k": { "type": ["integer", "null"], "minimum": 1, "maximum": 1000 },
                },
            },
            "select": texts,
            "expand": texts,
            "sort": texts,
            "group": {
                "type": "array", "maxItems": 3, "items": { "type": ["string", "object"] },
                "description": "sex, division:county, year:birthDate, quarter:…, month:…, age:10:birthDate, grid:1000, head.sex",
            },
            "measures": {
                "type": "array", "items": { "type": "string" },
                "description": "count, count:field, sum:field, min:field, max:field, mean:field, p50:field",
            },
            "having": { "type": ["string", "object", "null"], "description": "CQL2 over count, keys, measures, and what is computed" },
            "beside": {
                "type": "object", "maxProperties": 8,
                "additionalProperties": { "$ref": "#/components/schemas/Query" },
                "description": "Queries whose groups are put beside those with the same keys",
            },
            "compute": {
                "type": "object", "maxProperties": 8, "additionalProperties": { "type": "string" },
                "description": "Numbers of each group, such as gdp.sum:value / count",
            },
            "limit": { "type": ["integer", "null"], "minimum": 0 },
            "cursor": text,
            "validAt": text,
            "knownAt": text,
            "explain": { "type": "boolean" },
        },
    })
}

/// The body of a look-up by natural key.
pub fn lookup() -> Value {
    json!({
        "type": "object",
        "required": ["keys"],
        "additionalProperties": false,
        "properties": {
            "keys": {
                "type": "array", "maxItems": query::lookup::MOST_KEYS,
                "description": "Values of the natural key; a list of values where it has several fields",
            },
            "validAt": { "type": ["string", "null"] },
            "knownAt": { "type": ["string", "null"] },
        },
    })
}

/// The body of a write.
pub fn written() -> Value {
    let text = json!({ "type": "string" });
    let day = |description: &str| json!({ "type": ["string", "null"], "description": description });
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "A GeoJSON feature. Of a PATCH, fields not named stay, and null takes a value away",
        "properties": {
            "type": { "const": "Feature" },
            "id": text,
            "geometry": { "type": ["object", "null"] },
            "properties": {
                "type": "object",
                "description": "Fields as the collection's JSON Schema has them; references as ids or natural keys",
            },
            "validFrom": day("The first day on which it holds"),
            "validTo": day(
                "The first day on which it no longer does. Without it, what the department has said to begin later \
                 stands; '..' is an open end that does not stop there",
            ),
            "department": text,
        },
    })
}

/// The bodies of operations on records.
pub fn operations() -> Map<String, Value> {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let position = json!({
        "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2,
        "description": "The member position of a statement",
    });
    let day = json!({
        "type": "string", "format": "date",
        "description": "The first day on which it holds no more; default today",
    });
    let last = json!({ "const": "last", "description": "The last that the department made and that stands; the default" });
    let states: Vec<&str> = record::DisputeState::ALL
        .iter()
        .map(|one| one.name())
        .collect();
    let mut split = written();
    split["required"] = json!(["statements"]);
    split["description"] = json!("The properties are of the new record, its natural key as a rule");
    split["properties"]["statements"] =
        json!({ "type": "array", "minItems": 1, "items": position });
    if let Some(members) = split["properties"].as_object_mut() {
        members.remove("id");
    }
    let mut all = Map::new();
    for (name, properties, required) in [
        ("End", json!({ "from": day }), json!([])),
        (
            "Retract",
            json!({ "statement": { "anyOf": [last, position] } }),
            json!([]),
        ),
        (
            "Merge",
            json!({ "into": text("The id of the other record") }),
            json!(["into"]),
        ),
        (
            "Dispute",
            json!({
                "field": text("The field's name"),
                "state": { "type": "string", "enum": states, "default": "raised" },
                "note": text("Why; up to 1000 characters"),
            }),
            json!(["field"]),
        ),
    ] {
        let mut properties = properties;
        properties["department"] = text("Who speaks, where the header does not say");
        let body = json!({
            "type": "object", "additionalProperties": false,
            "required": required, "properties": properties,
        });
        all.insert(name.to_string(), body);
    }
    all.insert("Split".to_string(), split);
    all
}
