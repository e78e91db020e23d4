//! A page of records as a table.

use axum::http::Uri;
use query::body::Body;
use query::{Plan, QueryError, Records};
use schema::{Collection, Field, FieldType};
use serde_json::Value;

use super::{anchor, anchors, both, escaped};
use crate::routes::links::Link;

/// How many fields a table shows where none are asked for.
const COLUMNS: usize = 10;

/// The page.
///
/// # Errors
///
/// A stored record cannot be read.
pub fn page(
    plan: &Plan,
    records: &Records,
    links: &[Link],
    uri: &Uri,
) -> Result<String, QueryError> {
    let collection = plan.collection.as_ref();
    let fields = columns(plan);
    let mut rows = String::new();
    for found in &records.records {
        let body = Body::parse(&found.record.body)?;
        let id = found.record.id.to_string();
        let address = format!("/collections/{}/items/{id}", collection.name);
        rows.push_str(&format!("<tr><td>{}</td>", anchor(&address, &id)));
        for field in &fields {
            let value = body
                .get(&field.name)
                .map(|raw| serde_json::from_str(raw.get()));
            let value: Value = value.and_then(Result::ok).unwrap_or_default();
            rows.push_str(&cell(field, &value));
        }
        rows.push_str("</tr>\n");
    }
    let heads = fields
        .iter()
        .map(|field| format!("<th>{}</th>", both(&field.label)));
    let heads: String = heads.collect();
    let matched = records.matched;
    let mut content = search(collection, uri);
    content.push_str(&format!(
        "<p>共 {matched} 条，本页 {shown} 条 <span class=\"en\" lang=\"en\">{shown} of {matched}</span> · {valid}</p>\n\
         <div class=\"wide\"><table><thead><tr><th>id</th>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        shown = records.records.len(),
        valid = escaped(&plan.times.valid_text()),
    ));
    if let Some(next) = links.iter().find(|link| link.rel == "next") {
        let next = anchor(&next.href, "下一页 next page ›");
        content.push_str(&format!("<p>{next}</p>\n"));
    }
    let alternates = anchors(links, "alternate");
    content.push_str(&format!(
        "<p>其他格式 <span class=\"en\">other formats</span>: {alternates}</p>"
    ));
    let way = way(collection);
    Ok(super::page(
        &collection.label.zh,
        &collection.label.en,
        &way,
        &content,
    ))
}

/// The way to a collection's records.
pub fn way(collection: &Collection) -> Vec<(String, String)> {
    let above = format!("/collections/{}", collection.name);
    vec![
        ("/collections".to_string(), "数据集 collections".to_string()),
        (above.clone(), collection.label.zh.clone()),
        (format!("{above}/items"), "记录 items".to_string()),
    ]
}

/// The title, then what tells most in little room; or the fields asked for.
fn columns(plan: &Plan) -> Vec<&Field> {
    let collection = plan.collection.as_ref();
    let fields = || {
        collection
            .fields
            .iter()
            .filter(|field| !field.kind.is_spatial())
    };
    if !plan.select.is_empty() {
        let asked = plan.select.iter().filter_map(|name| collection.field(name));
        return asked
            .map(|(_, field)| field)
            .filter(|field| !field.kind.is_spatial())
            .collect();
    }
    let title = fields().filter(|field| field.number == collection.title);
    let others = fields().filter(|field| field.number != collection.title);
    title.chain(others).take(COLUMNS).collect()
}

/// A value; codes with what they mean, references as links.
fn cell(field: &Field, value: &Value) -> String {
    let is_number = matches!(field.kind, FieldType::Integer | FieldType::Decimal);
    let class = if is_number { " class=\"num\"" } else { "" };
    format!("<td{class}>{}</td>", shown(field, value))
}

/// A value as markup.
pub fn shown(field: &Field, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Array(items) => {
            let each = items.iter().map(|item| shown(field, item));
            each.collect::<Vec<_>>().join("; ")
        }
        Value::String(text) => match (&field.kind, field.codelist()) {
            (FieldType::Reference { target }, _) => {
                anchor(&format!("/collections/{target}/items/{text}"), text)
            }
            (_, Some(list)) => match list.get(text) {
                Some(entry) => {
                    let (code, name) = (escaped(text), escaped(&entry.name_zh));
                    format!("{name} <span class=\"en\">{code}</span>")
                }
                None => escaped(text),
            },
            _ => escaped(text),
        },
        other => escaped(&other.to_string()),
    }
}

/// A field to search in, where the collection has full text; the other parameters stay.
fn search(collection: &Collection, uri: &Uri) -> String {
    if collection.text_fields().next().is_none() {
        return String::new();
    }
    let mut q = String::new();
    let mut hidden = String::new();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()) {
        let (name, value) = (escaped(&name), escaped(&value));
        match name.as_str() {
            "q" => q = value,
            // A cursor belongs to the search before.
            "cursor" => {}
            _ => hidden.push_str(&format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
            )),
        }
    }
    format!(
        "<form action=\"{}\"><input name=\"q\" value=\"{q}\" aria-label=\"检索 search\">{hidden} \
         <button>检索 search</button></form>\n",
        escaped(uri.path())
    )
}
