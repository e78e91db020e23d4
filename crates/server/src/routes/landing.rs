//! `GET /`: where everything begins.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::json;

use super::no_parameters;
use crate::app::App;
use crate::failure::Failure;

/// Links to everything, as JSON, or as a page for a browser.
pub async fn landing(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    if accept.contains("text/html") {
        return Ok(super::answer("text/html; charset=utf-8", page(&app)));
    }
    let link = |href: &str, rel: &str, kind: &str, title: &str| json!({ "href": href, "rel": rel, "type": kind, "title": title });
    let api = "application/vnd.oai.openapi+json;version=3.1";
    let mut links = vec![
        link("/", "self", "application/json", "This page"),
        link("/api", "service-desc", api, "OpenAPI 3.1"),
        link(
            "/conformance",
            "conformance",
            "application/json",
            "Conformance classes",
        ),
        link("/collections", "data", "application/json", "Collections"),
        link(
            "/search",
            "search",
            "application/json",
            "Search across the registers",
        ),
        link("/console/", "alternate", "text/html", "The web console"),
    ];
    if app.book().is_ok() {
        links.push(link(
            "/loads",
            "related",
            "application/json",
            "The loading desk",
        ));
    }
    Ok(super::json(&json!({
        "title": "基库 Jiku",
        "description": "人口、法人、空间、宏观经济四大基础库 · The base registers of a city: persons, organizations, space, macroeconomy",
        "synthetic": app.store.is_synthetic(),
        "links": links,
    })))
}

fn page(app: &App) -> String {
    let mut list = String::new();
    for collection in &app.store.catalog().collections {
        let (name, label) = (&collection.name, &collection.label);
        list.push_str(&format!(
            "<li><a href=\"/collections/{name}\">{}</a> {} · <a href=\"/collections/{name}/items\">items</a></li>",
            escaped(&label.zh),
            escaped(&label.en),
        ));
    }
    format!(
        "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><title>基库 Jiku</title>\
         <h1>基库 Jiku</h1><p>人口、法人、空间、宏观经济四大基础库</p>\
         <p><a href=\"/console/\">控制台 Console</a></p><ul>{list}</ul>\
         <p><a href=\"/api\">OpenAPI</a> · <a href=\"/conformance\">conformance</a> · \
         <a href=\"/metrics\">metrics</a></p></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
