//! `GET /`: where everything begins.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::links::{self, Link};
use super::{PAGES, form_of, shown};
use crate::failure::Failure;
use crate::formats::Format;
use crate::html;
use crate::visit::Visit;

/// Links to everything, as JSON, or as a page for a browser.
pub async fn landing(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let (json, html) = (Format::Json.media_type(), Format::Html.media_type());
    let tilesets = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
    let mut links = vec![
        Link::new("/?f=json", "self", json).titled("This page"),
        Link::new("/?f=html", "alternate", html).titled("This page, for a browser"),
        Link::new(
            "/api?f=openapi30",
            "service-desc",
            Format::OpenApi30.media_type(),
        )
        .titled("OpenAPI 3.0"),
        Link::new(
            "/api?f=openapi31",
            "service-desc",
            Format::OpenApi31.media_type(),
        )
        .titled("OpenAPI 3.1"),
        Link::new("/api?f=html", "service-doc", html).titled("The interface, to read"),
        Link::new("/conformance", "conformance", json).titled("Conformance classes"),
        Link::new(
            "/conformance",
            "http://www.opengis.net/def/rel/ogc/1.0/conformance",
            json,
        )
        .titled("Conformance classes"),
        Link::new("/collections", "data", json).titled("Collections"),
        Link::new(
            "/collections",
            "http://www.opengis.net/def/rel/ogc/1.0/data",
            json,
        )
        .titled("Collections"),
        Link::new("/tileMatrixSets", tilesets, json).titled("Tile matrix sets"),
        Link::new("/search", "search", json).titled("Search across the registers"),
        Link::new("/console/", "alternate", html).titled("The web console"),
    ];
    if app.book().is_ok() {
        links.push(Link::new("/loads", "related", json).titled("The loading desk"));
    }
    // Some clients follow these links as they are.
    let origin = links::origin(&headers);
    for link in &mut links {
        link.href = format!("{origin}{}", link.href);
    }
    let value = json!({
        "title": "基库 Jiku",
        "description": "人口、法人、空间、宏观经济四大基础库 · The base registers of a city: persons, organizations, space, macroeconomy",
        "synthetic": app.store.is_synthetic(),
        "links": links,
    });
    Ok(shown(format, &value, &links, || {
        let all = app.store.catalog().collections.iter().map(AsRef::as_ref);
        html::landing::page(all, app.store.is_synthetic())
    }))
}
