//! Bodies of requests at the desk.

use serde_json::{Map, Value, json};

use crate::routes::Route;

/// The body that a route of the desk takes, by its name; and whether it may be absent.
pub fn body(route: &Route) -> Option<(&'static str, bool)> {
    if route.method != "post" {
        return None;
    }
    Some(match route.path {
        "/requests" | "/requests/{request}/resubmit" => ("Wish", false),
        "/requests/{request}/check" => ("Conformity", false),
        "/requests/{request}/answer" => ("ProviderAnswer", false),
        "/objections" => ("Objecting", false),
        "/objections/{objection}/verify" => ("Finding", false),
        path if path.starts_with("/requests/") || path.starts_with("/objections/") => {
            ("Note", true)
        }
        _ => return None,
    })
}

/// The bodies.
pub fn schemas() -> Map<String, Value> {
    let text = |said: &str| json!({ "type": "string", "minLength": 1, "maxLength": 1000, "description": said });
    let note = json!({ "type": "string", "maxLength": 1000, "description": "Why" });
    let forms = json!({
        "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" },
        "description": "By field: verify, full, or a mask of schemas/access/masks.toml",
    });
    let modes = json!({
        "type": "array", "minItems": 1,
        "items": { "enum": ["interface", "file", "verification", "comparison"] },
    });
    let wish = json!({
        "collection": { "type": "string" },
        "fields": forms,
        "modes": modes,
        "purpose": { "type": "string", "description": "A purpose of schemas/access/purposes.toml" },
        "legalBasis": text("The law or rule by which the department needs it"),
        "reason": text("The matter"),
        "days": { "type": "integer", "minimum": 1 },
        "caller": { "type": ["string", "null"], "description": "Only for this caller of the department" },
        "division": { "type": ["string", "null"], "pattern": "^[0-9]{12}$" },
        "quota": { "type": ["integer", "null"], "minimum": 1, "description": "Records a day" },
        "columns": { "type": "array", "description": "Columns agreed for list comparisons" },
    });
    let needed = [
        "collection",
        "fields",
        "modes",
        "purpose",
        "legalBasis",
        "reason",
        "days",
    ];
    let objecting = json!({
        "collection": { "type": "string" },
        "record": { "type": "string", "description": "The record's id" },
        "field": { "type": "string" },
        "reason": text("What is wrong, and how that is known"),
        "objector": { "enum": ["department", "subject"], "default": "department" },
    });
    let all: [(&str, Value, Value); 6] = [
        ("Wish", wish, json!(needed)),
        (
            "Conformity",
            json!({ "conforms": { "type": "boolean" }, "note": note }),
            json!(["conforms"]),
        ),
        (
            "ProviderAnswer",
            json!({ "agree": { "type": "boolean" }, "fields": forms, "note": note }),
            json!(["agree"]),
        ),
        (
            "Objecting",
            objecting,
            json!(["collection", "record", "field", "reason"]),
        ),
        (
            "Finding",
            json!({ "finding": { "enum": ["confirmed", "corrected"] }, "note": text("What was found") }),
            json!(["finding", "note"]),
        ),
        ("Note", json!({ "note": note }), json!([])),
    ];
    let described = all.into_iter().map(|(name, properties, required)| {
        let schema = json!({
            "type": "object", "additionalProperties": false,
            "required": required, "properties": properties,
        });
        (name.to_string(), schema)
    });
    described.collect()
}
