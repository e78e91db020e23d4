//! `GET /health/live` and `/health/ready`: probes.

use axum::response::Response;
use serde_json::json;

use crate::failure::Failure;
use crate::visit::Visit;

/// The process runs.
pub async fn live() -> Response {
    super::json(&json!({ "status": "live" }))
}

/// A query is answered.
pub async fn ready(app: Visit) -> Result<Response, Failure> {
    let transaction = app
        .blocking(|_, context| Ok(context.view.transaction().0))
        .await?;
    Ok(super::json(
        &json!({ "status": "ready", "transaction": transaction }),
    ))
}
