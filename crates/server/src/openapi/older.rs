//! The description in OpenAPI 3.0.3: what its schemas cannot say as 3.1 does is said another way.

use serde_json::{Map, Value, json};

/// The same description in OpenAPI 3.0.3.
pub fn older(description: &Value) -> Value {
    let mut out = down(description.clone());
    out["openapi"] = json!("3.0.3");
    if let Some(members) = out.as_object_mut() {
        members.remove("jsonSchemaDialect");
    }
    if let Some(licence) = out["info"]["license"].as_object_mut() {
        licence.remove("identifier");
    }
    out
}

fn down(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(down).collect(),
        Value::Object(members) => {
            let mut out: Map<String, Value> = Map::new();
            for (name, value) in members {
                member(&mut out, name, value);
            }
            Value::Object(out)
        }
        other => other,
    }
}

fn member(out: &mut Map<String, Value>, name: String, value: Value) {
    match (name.as_str(), value) {
        // Several types are one that may be null, or none that is said.
        ("type", Value::Array(types)) => {
            let is_null = |one: &Value| one == "null";
            if types.iter().any(is_null) {
                out.insert("nullable".to_string(), json!(true));
            }
            let mut others = types.into_iter().filter(|one| !is_null(one));
            if let (Some(only), None) = (others.next(), others.next()) {
                out.insert(name, only);
            }
        }
        ("type", Value::String(kind)) if kind == "null" => {
            out.insert("nullable".to_string(), json!(true));
        }
        ("const", value) if !value.is_object() => {
            out.insert("enum".to_string(), json!([value]));
        }
        ("examples", Value::Array(examples)) => {
            if let Some(first) = examples.into_iter().next() {
                out.insert("example".to_string(), first);
            }
        }
        ("prefixItems", _) => {
            out.insert("items".to_string(), json!({}));
        }
        (_, value) => {
            out.insert(name, down(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_3_0_cannot_say_is_said_another_way() {
        let newer = json!({
            "openapi": "3.1.0",
            "a": { "type": ["string", "null"] },
            "b": { "type": ["string", "object"], "const": 1 },
            "c": { "properties": { "type": { "const": "Feature" } } },
        });
        let old = older(&newer);
        assert_eq!(old["openapi"], "3.0.3");
        assert_eq!(old["a"], json!({ "nullable": true, "type": "string" }));
        assert_eq!(old["b"], json!({ "enum": [1] }));
        assert_eq!(
            old["c"]["properties"]["type"],
            json!({ "enum": ["Feature"] })
        );
    }
}
