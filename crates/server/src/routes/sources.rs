//! `GET /sources`: the kinds of files that are taken in.

use ::load::book::{BookError, describe_source, summarise_source};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use serde_json::{Value, json};

use super::{json, no_parameters};
use crate::failure::Failure;
use crate::visit::Visit;

/// All source mappings.
pub async fn list(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let sources = app.store.catalog().sources.values();
    let sources: Vec<Value> = sources.map(|source| summarise_source(source)).collect();
    Ok(json(&json!({ "sources": sources })))
}

/// One source mapping: what a file of it must look like.
pub async fn one(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let catalog = app.store.catalog();
    let source = catalog
        .source(&name)
        .ok_or_else(|| BookError::NoSuchSource {
            known: catalog.sources.keys().cloned().collect(),
            name,
        })?;
    Ok(json(&describe_source(catalog, source)))
}
