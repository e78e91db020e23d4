//! Bodies and answers of what tells without disclosing: claims and comparisons.

use serde_json::{Value, json};

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
pub fn verified() -> Value {
    let words = ["match", "match-under-variant", "unknown", "disputed", "mismatch"];
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
