//! What is published without a key, as pages.

use catalogue::open::records::{OpenPage, fields};
use catalogue::open::{Edition, Table};
use schema::OpenResource;
use serde_json::Value;

use super::{anchor, anchors, both, escaped};
use crate::routes::links::Link;

/// An edition of counts.
pub fn table(resource: &OpenResource, edition: &Edition, table: &Table) -> String {
    let heads = table
        .keys
        .iter()
        .map(|key| format!("<th>{}</th>", escaped(key)));
    let rows = table.rows.iter().map(|row| {
        let keys = row
            .key
            .iter()
            .map(|value| format!("<td>{}</td>", escaped(value)));
        let count = row.count.map_or("…".to_string(), |count| count.to_string());
        format!(
            "<tr>{}<td class=\"num\">{count}</td></tr>\n",
            keys.collect::<String>()
        )
    });
    let content = format!(
        "<p>{}</p>\n<p>期次 <span class=\"en\">edition</span> {} · {} · …：小于 {least} 的数及可据以推算的数不公布 \
         <span class=\"en\">numbers below {least}, and those that would tell them, are withheld</span> · \
         _T 合计 <span class=\"en\">all</span> · _U 未知 <span class=\"en\">unknown</span></p>\n<p>{}</p>\n\
         <div class=\"wide\"><table><thead><tr>{}<th>数量 count</th></tr></thead><tbody>\n{}</tbody></table></div>",
        both(&resource.description),
        escaped(&edition.period),
        escaped(&edition.as_of),
        anchor(&format!("/open/{}?f=csv", resource.name), "CSV"),
        heads.collect::<String>(),
        rows.collect::<String>(),
        least = edition.threshold,
    );
    super::page(&resource.label.zh, &resource.label.en, &way(), &content)
}

/// A page of records.
pub fn records(resource: &OpenResource, page: &OpenPage, links: &[Link]) -> String {
    let heads = fields(resource)
        .iter()
        .map(|name| format!("<th>{}</th>", escaped(name)));
    let rows = page.records.iter().map(|one| {
        let cells = one.values.iter().map(|value| {
            let value: Value = value
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default();
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_string);
            let text = if value.is_null() { String::new() } else { text };
            format!("<td>{}</td>", escaped(&text))
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    });
    let next = links.iter().find(|link| link.rel == "next");
    let next = next
        .map(|link| anchor(&link.href, "下一页 next page ›"))
        .unwrap_or_default();
    let content = format!(
        "<p>{}</p>\n<p>共 {} 条 <span class=\"en\">records</span> · {}</p>\n\
         <div class=\"wide\"><table><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table></div>\n<p>{next}</p>",
        both(&resource.description),
        page.total,
        anchors(links, "alternate"),
        heads.collect::<String>(),
        rows.collect::<String>(),
    );
    super::page(&resource.label.zh, &resource.label.en, &way(), &content)
}

fn way() -> [(String, String); 1] {
    [("/open".to_string(), "开放数据 open data".to_string())]
}
