//! `POST /query`: the unified query.

use std::sync::Arc;

use ::query::{Answer, Query, execute, plan};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::json;

use super::{answer, no_parameters};
use crate::app::App;
use crate::failure::Failure;
use crate::feature;

/// Records as a feature collection, or groups.
pub async fn query(
    State(app): State<Arc<App>>,
    RawQuery(parameters): RawQuery,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(parameters.as_deref())?;
    let query = Query::from_json(&body)?;
    let (kind, text) = app
        .blocking(move |app, context| {
            let store = app.store.as_ref();
            Ok(match execute(context, &plan(context, &query)?)? {
                Answer::Records(records) => (
                    "application/geo+json",
                    feature::collection(store, &records, "[]"),
                ),
                Answer::Groups(groups) => {
                    let mut out = json!(groups);
                    if let Some(times) = &groups.times {
                        for (name, value) in feature::stamps(store, times) {
                            out[name] = value;
                        }
                    }
                    ("application/json", out.to_string())
                }
            })
        })
        .await?;
    Ok(answer(kind, text))
}
