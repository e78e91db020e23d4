//! `GET /responsibility`: who answers for what, and what is overdue.

use axum::extract::RawQuery;
use axum::response::Response;
use serde_json::json;

use super::no_parameters;
use crate::failure::Failure;
use crate::visit::Visit;

/// Every collection with its departments, its cycle, and when it was last brought up to date.
pub async fn responsibility(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let all = app
        .blocking(move |_, context| ::query::responsibility::list(context.store, context.today))
        .await?;
    Ok(super::json(&json!({ "responsibility": all })))
}
