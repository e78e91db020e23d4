//! `GET /search`: one ranked list across the registers.

use record::prose;
use std::sync::Arc;

use ::query::QueryError;
use ::query::body::quoted;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Map, Value};

use super::answer;
use crate::app::App;
use crate::failure::Failure;
use crate::formats::feature::Writer;
use crate::parameters::Parameters;

const MOST: usize = 100;

/// The best records of all collections, and how many match in each.
pub async fn search(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let text = given.take("q");
    let limit = given.take_number("limit")?.unwrap_or(10);
    let (valid_at, known_at) = (given.take("validAt"), given.take("knownAt"));
    given.finish([])?;
    let Some(text) = text else {
        return Err(QueryError::bad("q", "", prose!("要检索的文本", "what to search for")).into());
    };
    if limit > MOST {
        let (value, limit) = (limit.to_string(), MOST.to_string().into());
        return Err(QueryError::Limit {
            parameter: "limit".to_string(),
            value,
            limit,
        }
        .into());
    }
    let ranked = app
        .blocking(move |_, context| {
            let times = context.times(valid_at.as_deref(), known_at.as_deref())?;
            ::query::search::search(context, &text, times, limit)
        })
        .await?;
    let mut writer = Writer::new(app.store.as_ref(), 256 + 640 * ranked.hits.len());
    writer.out.push_str("{\"features\":[");
    for (place, hit) in ranked.hits.iter().enumerate() {
        if place > 0 {
            writer.out.push(',');
        }
        let extra = format!(
            ",\"collection\":\"{}\",\"title\":{},\"score\":{:.4}",
            hit.collection,
            quoted(&hit.title),
            hit.score
        );
        writer.feature(&hit.record, &extra);
    }
    let total: u64 = ranked.counts.iter().map(|(_, count)| count).sum();
    let counts: Map<String, Value> = ranked
        .counts
        .into_iter()
        .map(|(name, count)| (name, count.into()))
        .collect();
    writer.out.push_str(&format!(
        "],\"numberMatched\":{total},\"numberReturned\":{},\"counts\":{}}}",
        ranked.hits.len(),
        Value::from(counts),
    ));
    Ok(answer("application/json", writer.out))
}
