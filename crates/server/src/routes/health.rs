//! `GET /health/live` and `/health/ready`: probes.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::app::App;
use crate::failure::Failure;

/// The process runs.
pub async fn live() -> Response {
    super::json(&json!({ "status": "live" }))
}

/// A query is answered.
pub async fn ready(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    let transaction = app
        .blocking(|_, context| Ok(context.view.transaction().0))
        .await?;
    Ok(super::json(
        &json!({ "status": "ready", "transaction": transaction }),
    ))
}
