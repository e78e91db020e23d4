//! Records as JSON text, taken apart and put together again without touching a single value.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::QueryError;

/// A record's body: `{"geometry":…,"properties":{…}}` and what may follow, every value as it stands.
#[derive(Debug, Deserialize)]
pub struct Body {
    /// GeoJSON or null.
    #[serde(default)]
    pub geometry: Option<Box<RawValue>>,
    /// Field names and values, in the schema's order.
    #[serde(default)]
    pub properties: Properties,
    /// References that do not resolve, by field.
    #[serde(default)]
    pub held: Option<Box<RawValue>>,
    /// Values that lost, by field.
    #[serde(default)]
    pub conflicts: Properties,
    /// Doubts, by field.
    #[serde(default)]
    pub disputes: Properties,
}

/// Members of an object, in order.
#[derive(Debug, Default)]
pub struct Properties(pub Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Properties, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Properties;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Properties(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Properties {
    fn write(&self, out: &mut String) {
        out.push('{');
        for (place, (name, value)) in self.0.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(&quoted(name));
            out.push(':');
            out.push_str(value.get());
        }
        out.push('}');
    }
}

impl Body {
    /// Takes a record's text apart.
    pub fn parse(text: &str) -> Result<Body, QueryError> {
        serde_json::from_str(text).map_err(damaged)
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.properties
            .0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
    }

    /// Keeps only these fields, and what is said of them.
    pub fn select(&mut self, names: &[impl AsRef<str>]) {
        for members in [
            &mut self.properties,
            &mut self.conflicts,
            &mut self.disputes,
        ] {
            members
                .0
                .retain(|(key, _)| names.iter().any(|name| name.as_ref() == key));
        }
    }

    /// The text again, in the form it was read from.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(512);
        out.push('{');
        self.write_members(&mut out);
        out.push('}');
        out
    }

    /// The members of the text, without the braces around them.
    pub fn write_members(&self, out: &mut String) {
        out.push_str("\"geometry\":");
        out.push_str(
            self.geometry
                .as_ref()
                .map_or("null", |geometry| geometry.get()),
        );
        out.push_str(",\"properties\":");
        self.properties.write(out);
        if let Some(held) = &self.held {
            out.push_str(",\"held\":");
            out.push_str(held.get());
        }
        for (name, members) in [("conflicts", &self.conflicts), ("disputes", &self.disputes)] {
            if !members.0.is_empty() {
                out.push_str(&format!(",\"{name}\":"));
                members.write(out);
            }
        }
    }
}

/// A text as a JSON string.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// JSON text as a raw value.
pub fn raw(text: String) -> Result<Box<RawValue>, QueryError> {
    RawValue::from_string(text).map_err(damaged)
}

fn damaged(error: serde_json::Error) -> QueryError {
    QueryError::Store(register::StoreError::Damaged(error.to_string()))
}

/// The one text of a JSON string, or the texts of a list of them; nothing for other values.
pub fn texts(value: &RawValue) -> Vec<String> {
    match serde_json::from_str::<serde_json::Value>(value.get()) {
        Ok(serde_json::Value::String(text)) => vec![text],
        Ok(serde_json::Value::Array(items)) => items
            .into_iter()
            .filter_map(|item| item.as_str().map(str::to_string))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_changed_on_the_way() {
        let text = r#"{"geometry":{"type":"Point","coordinates":[116.30,39.90]},"properties":{"name":"王\n芳","value":1.10,"many":["a","b"]},"held":{"household":["7"]}}"#;
        let mut body = Body::parse(text).expect("a body");
        assert_eq!(body.text(), text);
        body.select(&["value"]);
        assert!(body.text().contains(r#""properties":{"value":1.10}"#));
        assert!(Body::parse("{").is_err());
        let text = r#"{"geometry":null,"properties":{"name":"王芳","sex":"2"},"conflicts":{"sex":[{"department":"health","value":"1","since":null}]},"disputes":{"name":{"state":"raised","by":"health","since":"2024-01-01"}}}"#;
        let mut body = Body::parse(text).expect("a body");
        assert_eq!(body.text(), text);
        body.select(&["name"]);
        assert!(body.conflicts.0.is_empty());
        assert!(body.text().ends_with(r#""since":"2024-01-01"}}}"#));
    }
}
