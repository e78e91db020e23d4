//! `GET /responsibility`: who answers for what, and what is overdue.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::json;

use super::no_parameters;
use crate::app::App;
use crate::failure::Failure;

/// Every collection with its departments, its cycle, and when it was last brought up to date.
pub async fn responsibility(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let all = app
        .blocking(move |_, context| ::query::responsibility::list(context.store, context.today))
        .await?;
    Ok(super::json(&json!({ "responsibility": all })))
}
