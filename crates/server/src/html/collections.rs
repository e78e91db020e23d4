//! The collections, and one of them, as pages.

use schema::Collection;
use serde_json::Value;

use super::{anchor, both, escaped, value};

/// All collections.
pub fn list<'a>(collections: impl Iterator<Item = &'a Collection>) -> String {
    super::page("数据集", "Collections", &[], &table(collections))
}

/// A table of collections.
pub fn table<'a>(collections: impl Iterator<Item = &'a Collection>) -> String {
    let rows = collections.map(|one| {
        let name = &one.name;
        let here = format!("/collections/{name}");
        format!(
            "<tr><td>{} <span class=\"en\">{}</span></td><td>{}</td><td>{}</td></tr>\n",
            anchor(&here, &one.label.zh),
            escaped(&one.label.en),
            both(&one.description),
            anchor(&format!("{here}/items"), "记录 items"),
        )
    });
    format!("<table>{}</table>", rows.collect::<String>())
}

/// One collection: its fields, and where its records, schema and tiles are.
pub fn one(collection: &Collection, described: &Value) -> String {
    let mut content = format!("<p>{}</p>\n<p>", both(&collection.description));
    let here = format!("/collections/{}", collection.name);
    let mut links = vec![
        anchor(&format!("{here}/items"), "记录 items"),
        anchor(&format!("{here}/queryables"), "可查询字段 queryables"),
        anchor(&format!("{here}/schema"), "模式 schema"),
    ];
    if collection.location.is_some() {
        links.push(anchor(&format!("{here}/tiles"), "矢量瓦片 vector tiles"));
    }
    content.push_str(&links.join(" · "));
    content.push_str("</p>\n<table><thead><tr><th>字段 field</th><th>含义 meaning</th><th>类型 type</th><th>标准 standard</th></tr></thead><tbody>\n");
    for field in &collection.fields {
        content.push_str(&format!(
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escaped(&field.name),
            both(&field.label),
            field.kind.name(),
            escaped(field.standard.as_deref().unwrap_or_default()),
        ));
    }
    content.push_str("</tbody></table>\n");
    for name in [
        "department",
        "updateCycle",
        "sensitivity",
        "extent",
        "storageCrs",
    ] {
        if let Some(found) = described.get(name) {
            content.push_str(&format!("<p>{name}: {}</p>\n", value::of(found, 3)));
        }
    }
    let way = [("/collections".to_string(), "数据集 collections".to_string())];
    super::page(&collection.label.zh, &collection.label.en, &way, &content)
}
