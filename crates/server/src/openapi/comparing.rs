//! Bodies and answers of what tells without disclosing: claims and comparisons.

use serde_json::{Map, Value, json};

use super::parameters::one;

fn object(required: &[&str], properties: Value) -> Value {
    json!({
        "type": "object", "required": required, "additionalProperties": false,
        "properties": properties,
    })
}

fn optional_text() -> Value {
    json!({ "type": ["string", "null"] })
}

/// What is claimed of records.
pub fn claims() -> Value {
    let claim = object(
        &["key"],
        json!({
            "key": { "description": "A natural key, as a look-up takes it" },
            "values": {
                "type": "object", "maxProperties": compare::verify::MOST_VALUES,
                "description": "Values by field; null claims that there is none",
            },
        }),
    );
    object(
        &["claims"],
        json!({
            "claims": { "type": "array", "maxItems": compare::verify::MOST_CLAIMS, "items": claim },
            "validAt": optional_text(),
            "knownAt": optional_text(),
        }),
    )
}

/// What became of claims.
fn verified() -> Value {
    let words = [
        "match",
        "match-under-variant",
        "unknown",
        "disputed",
        "mismatch",
    ];
    let agreement = object(
        &["outcome"],
        json!({
            "outcome": { "type": "string", "enum": words },
            "variants": { "type": "array", "items": { "type": "string" } },
        }),
    );
    let whole: Vec<&str> = words.into_iter().chain(["no-record"]).collect();
    let result = object(
        &["outcome"],
        json!({
            "outcome": { "type": "string", "enum": whole },
            "key": agreement,
            "values": { "type": "object", "additionalProperties": agreement },
        }),
    );
    object(
        &["results", "validAt", "knownAt"],
        json!({
            "results": { "type": "array", "items": result },
            "validAt": { "type": "string" },
            "knownAt": optional_text(),
        }),
    )
}

/// The schemas of answers, by name.
pub fn answers() -> Vec<(&'static str, Value)> {
    vec![
        ("Verified", verified()),
        ("Comparisons", comparisons()),
        ("Comparison", comparison()),
        ("Compared", compared()),
    ]
}

/// Parameters of comparisons.
pub fn parameters() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let all = [
        one(
            "grant",
            "The grant under which a CSV file is compared",
            text(),
        ),
        one(
            "columns",
            "Agreed columns, with commas between; all where none is named",
            text(),
        ),
        one(
            "offset",
            "From which row on",
            json!({ "type": "integer", "minimum": 0 }),
        ),
    ];
    let named = all.into_iter().map(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default().to_string();
        (name, parameter)
    });
    named.collect()
}

/// The body of a list: JSON, or a CSV file.
pub fn list() -> Value {
    json!({
        "required": true,
        "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/List" } },
            "text/csv": { "schema": { "type": "string" } },
        },
    })
}

/// A list as JSON.
pub fn keys() -> Value {
    let key = json!({ "type": ["string", "object"] });
    object(
        &["grant", "keys"],
        json!({
            "grant": { "type": "string" },
            "columns": { "type": "array", "items": { "type": "string" } },
            "keys": {
                "type": "array", "minItems": 1, "maxItems": compare::list::MOST_KEYS, "items": key,
                "description": "Natural keys: texts, or objects where the key has several fields",
            },
        }),
    )
}

fn open_object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

/// A list comparison.
fn comparison() -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    let totals = object(
        &["yes", "no", "unknown"],
        json!({ "yes": count(), "no": count(), "unknown": count() }),
    );
    let column = open_object(
        &["name", "label"],
        json!({ "name": { "type": "string" }, "label": { "type": "object" }, "totals": totals }),
    );
    let states = [
        "waiting",
        "running",
        "done",
        "refused",
        "failed",
        "discarded",
    ];
    open_object(
        &[
            "id",
            "state",
            "grant",
            "collection",
            "columns",
            "keys",
            "answered",
            "links",
        ],
        json!({
            "id": { "type": "string" },
            "state": { "type": "string", "enum": states },
            "grant": { "type": "string" },
            "collection": { "type": "string" },
            "columns": { "type": "array", "items": column },
            "keys": count(),
            "answered": count(),
            "purpose": optional_text(),
            "case": optional_text(),
            "received": optional_text(),
            "rested": optional_text(),
            "validAt": { "type": "string" },
            "knownAt": optional_text(),
            "problem": { "type": "object" },
            "links": { "type": "array", "items": { "type": "object" } },
        }),
    )
}

/// A caller's list comparisons.
fn comparisons() -> Value {
    let comparison = json!({ "$ref": "#/components/schemas/Comparison" });
    open_object(
        &["comparisons", "numberReturned"],
        json!({
            "comparisons": { "type": "array", "items": comparison },
            "numberReturned": { "type": "integer" },
        }),
    )
}

/// Answers to a list.
fn compared() -> Value {
    let word = json!({ "type": "string", "enum": ["yes", "no", "unknown"] });
    let row = object(
        &["key", "answers"],
        json!({
            "key": { "type": ["string", "object"] },
            "answers": { "type": "object", "additionalProperties": word },
        }),
    );
    open_object(
        &[
            "id",
            "rows",
            "numberMatched",
            "numberReturned",
            "validAt",
            "links",
        ],
        json!({
            "id": { "type": "string" },
            "rows": { "type": "array", "items": row },
            "numberMatched": { "type": "integer" },
            "numberReturned": { "type": "integer" },
            "validAt": { "type": "string" },
            "knownAt": optional_text(),
            "links": { "type": "array", "items": { "type": "object" } },
        }),
    )
}
