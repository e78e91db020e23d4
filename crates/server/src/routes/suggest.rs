//! `GET /suggest`: names that begin so.

use axum::extract::RawQuery;
use axum::response::Response;
use serde_json::{Value, json};

use super::json as answer;
use super::search::{Asked, marks};
use crate::failure::Failure;
use crate::visit::Visit;

/// The likeliest names that begin so, by characters or by sound.
pub async fn suggest(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let asked = Asked::read(query.as_deref())?;
    let told = app
        .blocking(move |_, context| {
            let times = context.times(asked.valid_at.as_deref(), asked.known_at.as_deref())?;
            let (text, collections) = (&asked.text, &asked.collections);
            ::query::search::suggest(context, text, collections, times, asked.limit)
        })
        .await?;
    let suggestions: Vec<Value> = told
        .iter()
        .map(|one| {
            json!({
                "text": one.text,
                "collection": one.collection,
                "field": one.field,
                "match": one.kind,
                "count": one.count,
                "marks": marks(&one.marks),
            })
        })
        .collect();
    Ok(answer(&json!({ "suggestions": suggestions })))
}
