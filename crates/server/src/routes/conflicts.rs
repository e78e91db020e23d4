//! `GET /collections/{c}/conflicts`: records of which sources say different things.

use ::query::conflicts::{Request, conflicts as find};
use axum::extract::{Path, RawQuery};
use axum::http::Uri;
use axum::response::Response;
use serde_json::json;

use super::links::with_parameter;
use crate::failure::Failure;
use crate::formats::feature::stamps;
use crate::parameters::Parameters;
use crate::visit::Visit;

/// A page of conflicts: of each field the value that won, and the ones that lost.
pub async fn conflicts(
    app: Visit,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let request = Request {
        field: given.take("field"),
        limit: given.take_number("limit")?,
        cursor: given.take("cursor"),
        valid_at: given.take("validAt"),
        known_at: given.take("knownAt"),
    };
    given.finish([])?;
    let page = app
        .blocking(move |_, context| find(context, &collection, &request))
        .await?;
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let mut links = vec![json!({ "href": asked, "rel": "self", "type": "application/json" })];
    if let Some(cursor) = &page.records.cursor {
        let href = with_parameter(&uri, "cursor", cursor);
        links.push(json!({ "href": href, "rel": "next", "type": "application/json" }));
    }
    let mut body = json!({
        "numberMatched": page.records.matched,
        "numberReturned": page.records.records.len(),
        "cursor": page.records.cursor,
        "links": links,
    });
    for (name, value) in stamps(app.store.as_ref(), &page.records.times) {
        body[name] = value;
    }
    // Written beside the rest, so that every value stands as it was given.
    let all =
        serde_json::to_string(&page.all).map_err(|error| Failure::internal(&error.to_string()))?;
    let rest = body.to_string();
    let text = format!("{{\"conflicts\":{all},{}", rest.trim_start_matches('{'));
    Ok(super::answer(super::JSON, text))
}
