//! One record as a page.

use query::QueryError;
use query::body::Body;
use register::Record;
use schema::Collection;
use serde_json::Value;

use super::items::{shown, way};
use super::{anchor, both, escaped, value};

/// The page.
///
/// # Errors
///
/// The stored record cannot be read.
pub fn page(collection: &Collection, record: &Record) -> Result<String, QueryError> {
    let body = Body::parse(&record.body)?;
    let id = record.id.to_string();
    let value_of = |name: &str| -> Value {
        let raw = body.get(name).map(|raw| serde_json::from_str(raw.get()));
        raw.and_then(Result::ok).unwrap_or_default()
    };
    let title = value_of(&collection.at(collection.title).name);
    let title = title.as_str().unwrap_or(&id).to_string();
    let mut content = String::from("<table>");
    for field in collection
        .fields
        .iter()
        .filter(|field| !field.kind.is_spatial())
    {
        let found = value_of(&field.name);
        if found.is_null() {
            continue;
        }
        // A reference that was followed holds the other record.
        let cell = match &found {
            Value::Object(_) => value::of(&found, 1),
            other => shown(field, other),
        };
        content.push_str(&format!(
            "<tr><th>{}</th><td>{cell}</td></tr>\n",
            both(&field.label)
        ));
    }
    let day = |day: record::Day| day.calendar().map_or("–".to_string(), |_| day.to_string());
    let (from, to) = (day(record.validity.from), day(record.validity.to));
    content.push_str(&format!(
        "<tr><th>有效期 <span class=\"en\">validity</span></th><td>{from} / {to}</td></tr>\n</table>\n"
    ));
    if let Some(text) = body
        .geometry
        .as_ref()
        .map(|text| text.get())
        .filter(|text| *text != "null")
    {
        let short: String = text.chars().take(2000).collect();
        let rest = if short.len() < text.len() { " …" } else { "" };
        content.push_str(&format!(
            "<p>图形 <span class=\"en\">geometry</span></p><pre>{}{rest}</pre>\n",
            escaped(&short)
        ));
    }
    let here = format!("/collections/{}/items/{id}", collection.name);
    let links = [
        anchor(&format!("{here}?f=geojson"), "GeoJSON"),
        anchor(&format!("{here}/versions"), "历史版本 versions"),
        anchor(&format!("{here}/statements"), "来源陈述 statements"),
    ];
    content.push_str(&format!("<p>{}</p>", links.join(" · ")));
    Ok(super::page(&title, &id, &way(collection), &content))
}
