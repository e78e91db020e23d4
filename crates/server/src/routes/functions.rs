//! `GET /functions`: the functions that filters know besides CQL2's own.

use axum::extract::RawQuery;
use axum::response::Response;

use super::no_parameters;
use crate::failure::Failure;

/// OGC's list of functions.
pub async fn functions(RawQuery(query): RawQuery) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    Ok(super::json(&::query::functions::list()))
}
