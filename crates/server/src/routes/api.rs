//! `GET /api`: the OpenAPI description.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::app::App;
use crate::failure::Failure;

/// The description, written when the server started.
pub async fn api(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    super::no_parameters(query.as_deref())?;
    Ok(super::answer(
        "application/vnd.oai.openapi+json;version=3.1",
        app.api.clone(),
    ))
}
