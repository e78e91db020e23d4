//! Groups as a table, and as features to draw.

use query::Groups;
use query::choropleth::Place;
use register::Store;
use serde_json::{Map, Value, json};

use super::csv::{cell, raw_cell};
use super::{Charset, feature};

/// Groups as CSV: a column a key, the count, a column a measure.
pub fn table(groups: &Groups, charset: Charset) -> String {
    let names = |member: &str| -> Vec<String> {
        let first = groups
            .groups
            .first()
            .and_then(|group| group[member].as_object());
        first
            .map(|members| members.keys().cloned().collect())
            .unwrap_or_default()
    };
    let (keys, measures) = (names("key"), names("measures"));
    // A count that was asked for by that name is there once.
    let measures: Vec<String> = measures
        .into_iter()
        .filter(|name| name != "count")
        .collect();
    let mut out = String::from(charset.mark());
    let mut heads = keys.clone();
    heads.push("count".to_string());
    heads.extend(measures.iter().cloned());
    line(
        &mut out,
        heads.iter().map(|name| Value::from(name.as_str())),
    );
    for group in &groups.groups {
        let keys = keys.iter().map(|name| group["key"][name].clone());
        let count = std::iter::once(group["count"].clone());
        let measures = measures.iter().map(|name| group["measures"][name].clone());
        line(&mut out, keys.chain(count).chain(measures));
    }
    out
}

fn line(out: &mut String, values: impl Iterator<Item = Value>) {
    for (place, value) in values.enumerate() {
        if place > 0 {
            out.push(',');
        }
        match value {
            Value::String(text) => cell(out, &text),
            other => raw_cell(out, &other.to_string()),
        }
    }
    out.push_str("\r\n");
}

/// Groups as a FeatureCollection: the geometry of each group's division or grid cell, and its keys, count
/// and measures as properties.
pub fn features(store: &dyn Store, groups: &Groups, places: &[Place]) -> String {
    let mut out = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    for (number, (group, place)) in groups.groups.iter().zip(places).enumerate() {
        if number > 0 {
            out.push(',');
        }
        let mut properties: Map<String, Value> = Map::new();
        let members = |member: &str| group[member].as_object().cloned().unwrap_or_default();
        properties.extend(members("key"));
        if let Some(name) = &place.name {
            properties.insert("name".to_string(), json!(name));
        }
        properties.insert("count".to_string(), group["count"].clone());
        properties.extend(members("measures"));
        out.push_str(&format!(
            "{{\"type\":\"Feature\",\"id\":{},\"geometry\":{},\"properties\":{}}}",
            json!(number.to_string()),
            place.geometry.as_deref().unwrap_or("null"),
            Value::Object(properties),
        ));
    }
    out.push_str(&format!(
        "],\"numberMatched\":{},\"numberReturned\":{}",
        groups.number_matched, groups.number_returned
    ));
    if let Some(times) = &groups.times {
        for (name, value) in feature::stamps(store, times) {
            out.push_str(&format!(",\"{name}\":{value}"));
        }
    }
    out.push('}');
    out
}
