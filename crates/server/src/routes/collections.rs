//! `GET /collections` and below: what there is, and of what form.

use std::sync::Arc;

use ::query::QueryError;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use register::View;
use schema::Collection;
use serde_json::{Value, json};

use super::{answer, no_parameters};
use crate::app::App;
use crate::failure::Failure;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const CGCS2000: &str = "http://www.opengis.net/def/crs/EPSG/0/4490";

/// All collections.
pub async fn list(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let view = app.store.view();
    let all: Vec<Value> = app
        .store
        .catalog()
        .collections
        .iter()
        .map(|one| described(view.as_ref(), one))
        .collect::<Result<_, _>>()?;
    let link = json!({ "href": "/collections", "rel": "self", "type": "application/json" });
    Ok(super::json(&json!({ "collections": all, "links": [link] })))
}

/// One collection.
pub async fn one(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    let view = app.store.view();
    Ok(super::json(&described(view.as_ref(), collection)?))
}

/// The JSON Schema of a collection's records.
pub async fn schema(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    Ok(answer(
        "application/schema+json",
        schema::json_schema(collection).to_string(),
    ))
}

/// The fields a filter may name.
pub async fn queryables(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    Ok(answer(
        "application/schema+json",
        schema::queryables(collection).to_string(),
    ))
}

fn described(view: &dyn View, collection: &Collection) -> Result<Value, QueryError> {
    let name = &collection.name;
    let link = |below: &str, rel: &str, kind: &str| json!({ "href": format!("/collections/{name}{below}"), "rel": rel, "type": kind });
    let mut out = json!({
        "id": name,
        "title": collection.label.zh,
        "titleEn": collection.label.en,
        "description": collection.description.zh,
        "descriptionEn": collection.description.en,
        "itemType": "feature",
        "register": collection.register_name,
        "department": collection.authority.responsible,
        "sensitivity": collection.sensitivity,
        "updateCycle": collection.authority.update_cycle,
        "links": [
            link("", "self", "application/json"),
            link("/items", "items", "application/geo+json"),
            link("/schema", "describedby", "application/schema+json"),
            link("/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json"),
        ],
    });
    if collection.location.is_some() {
        out["crs"] = json!([CRS84, CGCS2000]);
        // CGCS2000 and WGS 84 are treated as one; coordinates stand in the order longitude, latitude.
        out["storageCrs"] = json!(CRS84);
        if let Some(bounds) = view.bounds(name).map_err(QueryError::Store)? {
            out["extent"] = json!({ "spatial": { "bbox": [bounds], "crs": CRS84 } });
        }
    }
    Ok(out)
}
