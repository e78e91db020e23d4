//! `GET /collections` and below: what there is, and of what form.

use ::query::QueryError;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use geometry::Crs;
use register::View;
use schema::Collection;
use serde_json::{Value, json};

use super::links::Link;
use super::{PAGES, form_of, self_and_alternates, shown, tiles};
use crate::crs;
use crate::failure::Failure;
use crate::formats::Format;
use crate::html;
use crate::visit::Visit;

const SCHEMAS: [Format; 2] = [Format::Schema, Format::Html];

/// All collections.
pub async fn list(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let view = app.store.view();
    let all = || app.store.catalog().collections.iter();
    let described: Vec<Value> = all()
        .map(|one| described(view.as_ref(), one, Format::Json))
        .collect::<Result<_, _>>()?;
    let links = self_and_alternates("/collections", format, &PAGES);
    let value = json!({ "collections": described, "crs": crs::all(), "links": links });
    Ok(shown(format, &value, &links, || {
        html::collections::list(all().map(AsRef::as_ref))
    }))
}

/// One collection.
pub async fn one(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    let view = app.store.view();
    let value = described(view.as_ref(), collection, format)?;
    let links = self_and_alternates(&format!("/collections/{name}"), format, &PAGES);
    Ok(shown(format, &value, &links, || {
        html::collections::one(collection, &value)
    }))
}

/// The JSON Schema of a collection's records.
pub async fn schema(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &SCHEMAS)?;
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    Ok(schema_answer(
        format,
        collection,
        "schema",
        schema::json_schema(collection),
    ))
}

/// The fields a filter may name.
pub async fn queryables(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &SCHEMAS)?;
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    let queryables = schema::queryables(collection);
    Ok(schema_answer(format, collection, "queryables", queryables))
}

fn schema_answer(format: Format, collection: &Collection, below: &str, value: Value) -> Response {
    let path = format!("/collections/{}/{below}", collection.name);
    let links = self_and_alternates(&path, format, &SCHEMAS);
    shown(format, &value, &links, || {
        let way = html::items::way(collection);
        html::value::page(&collection.label.zh, below, &way[..2], &value)
    })
}

fn described(
    view: &dyn View,
    collection: &Collection,
    format: Format,
) -> Result<Value, QueryError> {
    let here = format!("/collections/{}", collection.name);
    let mut links = self_and_alternates(&here, format, &PAGES);
    let below = |path: &str, rel, kind| Link::new(format!("{here}{path}"), rel, kind);
    for format in [Format::GeoJson, Format::Html] {
        links.push(below(
            &format!("/items?f={}", format.name()),
            "items",
            format.media_type(),
        ));
    }
    for format in [Format::Csv, Format::Ndjson, Format::FlatGeobuf] {
        links.push(below(
            &format!("/items?f={}", format.name()),
            "enclosure",
            format.media_type(),
        ));
    }
    let schema = Format::Schema.media_type();
    links.push(below("/schema", "describedby", schema));
    let queryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
    links.push(below("/queryables", queryables, schema));
    if collection.location.is_some() {
        links.push(below("/tiles", tiles::TILESETS, Format::Json.media_type()));
    }
    let mut out = json!({
        "id": collection.name,
        "title": collection.label.zh,
        "titleEn": collection.label.en,
        "description": collection.description.zh,
        "descriptionEn": collection.description.en,
        "itemType": "feature",
        "register": collection.register_name,
        "department": collection.authority.responsible,
        "sensitivity": collection.sensitivity,
        "updateCycle": collection.authority.update_cycle,
        "links": links,
    });
    if collection.location.is_some() {
        out["crs"] = json!(crs::all());
        // CGCS2000 and WGS 84 are treated as one.
        out["storageCrs"] = json!(crs::uri(Crs::Crs84));
        if let Some(bounds) = view.bounds(&collection.name).map_err(QueryError::Store)? {
            out["extent"] = json!({ "spatial": { "bbox": [bounds], "crs": crs::uri(Crs::Crs84) } });
        }
    }
    Ok(out)
}
