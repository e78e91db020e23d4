//! `GET /search`: one ranked list across the registers.

use ::query::QueryError;
use ::query::body::quoted;
use ::query::search::{Highlight, Sought};
use axum::extract::RawQuery;
use axum::response::Response;
use record::prose;
use serde_json::{Map, Value, json};

use super::answer;
use crate::failure::Failure;
use crate::formats::feature::Writer;
use crate::parameters::Parameters;
use crate::visit::Visit;

const MOST: usize = 100;

/// What `/search` and `/suggest` are asked.
pub struct Asked {
    /// The query, or the beginning of one.
    pub text: String,
    /// Only in these collections; none means all.
    pub collections: Vec<String>,
    /// How many.
    pub limit: usize,
    /// A day.
    pub valid_at: Option<String>,
    /// A day or instant.
    pub known_at: Option<String>,
}

impl Asked {
    /// Reads a query string.
    pub fn read(query: Option<&str>) -> Result<Asked, QueryError> {
        let mut given = Parameters::parse(query)?;
        let text = given.take("q");
        let collections = given.take_list("collections");
        let limit = given.take_number("limit")?.unwrap_or(10);
        let (valid_at, known_at) = (given.take("validAt"), given.take("knownAt"));
        given.finish([])?;
        let Some(text) = text else {
            return Err(QueryError::bad(
                "q",
                "",
                prose!("要检索的文本", "what to search for"),
            ));
        };
        if limit > MOST {
            let (value, limit) = (limit.to_string(), MOST.to_string().into());
            return Err(QueryError::Limit {
                parameter: "limit".to_string(),
                value,
                limit,
            });
        }
        Ok(Asked {
            text,
            collections,
            limit,
            valid_at,
            known_at,
        })
    }
}

/// The best records of all collections, how many match in each, and what may have been meant.
pub async fn search(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let asked = Asked::read(query.as_deref())?;
    let ranked = app
        .blocking(move |_, context| {
            let times = context.times(asked.valid_at.as_deref(), asked.known_at.as_deref())?;
            let sought = Sought {
                text: &asked.text,
                collections: &asked.collections,
                times,
                limit: asked.limit,
            };
            ::query::search::search(context, &sought)
        })
        .await?;
    let mut writer = Writer::new(app.store.as_ref(), 256 + 640 * ranked.hits.len());
    writer.out.push_str("{\"features\":[");
    for (place, hit) in ranked.hits.iter().enumerate() {
        if place > 0 {
            writer.out.push(',');
        }
        let highlights: Vec<Value> = hit.highlights.iter().map(highlight).collect();
        let extra = format!(
            ",\"collection\":\"{}\",\"title\":{},\"score\":{:.4},\"match\":\"{}\",\"highlights\":{}",
            hit.collection,
            quoted(&hit.title),
            hit.score,
            hit.kind,
            Value::from(highlights),
        );
        writer.feature(&hit.record, &extra);
    }
    let total: u64 = ranked.counts.iter().map(|(_, count)| count).sum();
    let counts: Map<String, Value> = ranked
        .counts
        .into_iter()
        .map(|(name, count)| (name, count.into()))
        .collect();
    let meant: Vec<Value> = ranked
        .meant
        .into_iter()
        .map(|one| json!({ "text": one.text, "collection": one.collection, "count": one.count }))
        .collect();
    writer.out.push_str(&format!(
        "],\"numberMatched\":{total},\"numberReturned\":{},\"counts\":{},\"didYouMean\":{}}}",
        ranked.hits.len(),
        Value::from(counts),
        Value::from(meant),
    ));
    Ok(answer("application/json", writer.out))
}

fn highlight(one: &Highlight) -> Value {
    json!({ "field": one.field, "text": one.text, "marks": marks(&one.marks) })
}

/// Ranges as pairs: from the first character to before the last.
pub fn marks(marks: &[std::ops::Range<usize>]) -> Value {
    marks
        .iter()
        .map(|mark| json!([mark.start, mark.end]))
        .collect()
}
