//! `/comparisons`: lists compared by agreed questions. A list is received, answered by and by, and read
//! when it is done.

use std::sync::Arc;
use std::time::Duration;

use ::compare::list::request::keys_of_csv;
use ::compare::list::{Asking, Comparison, Comparisons, ListError, MOST_KEYS, Request, Row};
use ::query::QueryError;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use record::Problem;
use serde_json::{Map, Value, json};

use super::{answer, json, loads, no_parameters};
use crate::app::App;
use crate::failure::Failure;
use crate::formats::csv::{cell, raw_cell};
use crate::formats::{self, Charset, Format};
use crate::parameters::Parameters;
use crate::visit::Visit;

/// The forms of answers.
pub const FORMATS: [Format; 2] = [Format::Json, Format::Csv];
/// The largest list, in bytes: 50,000 keys with room to spare.
const LIST_BYTES: usize = 16 << 20;
/// How many rows of answers a page of JSON has when nothing is said.
const PAGE: usize = 1000;

/// The routes.
pub fn routes() -> Router<Arc<App>> {
    let all = get(list).post(receive);
    Router::new()
        .route("/comparisons", all.layer(DefaultBodyLimit::max(LIST_BYTES)))
        .route("/comparisons/{comparison}", get(one).delete(discard))
        .route("/comparisons/{comparison}/answers", get(answers))
        .route("/comparisons/{comparison}/resume", post(resume))
}

/// Receives a list: JSON, or a CSV file with the grant and the columns as parameters.
pub async fn receive(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let desk = app.comparisons()?.clone();
    let mut given = Parameters::parse(query.as_deref())?;
    let mut request = if is_csv(&headers) {
        Request {
            grant: given.take("grant").unwrap_or_default(),
            columns: given.take_list("columns"),
            keys: Vec::new(),
        }
    } else {
        Request::from_json(&body)?
    };
    given.finish([])?;
    let wait = loads::preferred_wait(&headers);
    let received = tokio::task::block_in_place(|| {
        let Some(asker) = &app.asker else {
            return Err(ListError::NotGranted(request.grant.clone()));
        };
        let agreements = app.agreements()?;
        if is_csv(&headers) {
            let agreed = agreements.iter().find(|one| one.grant == request.grant);
            let agreed = agreed.ok_or_else(|| ListError::NotGranted(request.grant.clone()))?;
            let catalog = app.whole.catalog();
            let collection = ::query::plan::collection(catalog, &agreed.collection)?;
            request.keys = keys_of_csv(collection, &body)?;
        }
        let asking = Asking {
            caller: &asker.caller,
            purpose: &asker.purpose,
        };
        desk.receive(asking, &agreements, &request)
    })?;
    let found = settled(desk, received.owner, received.id, wait).await?;
    Ok(moved_on(&app, &found, StatusCode::CREATED))
}

/// The caller's comparisons, the newest first.
pub async fn list(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let all = app.comparisons()?.list(&owner(&app));
    let all: Vec<Value> = all.iter().map(|one| described(&app, one)).collect();
    Ok(json(
        &json!({ "comparisons": all, "numberReturned": all.len() }),
    ))
}

/// One comparison; with `Prefer: wait=10` when it has come to rest, or after ten seconds.
pub async fn one(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let wait = loads::preferred_wait(&headers);
    let desk = app.comparisons()?.clone();
    let found = settled(desk, owner(&app), id, wait).await?;
    Ok(json(&described(&app, &found)))
}

/// Notes whose records rows are about.
fn note<'a>(app: &Visit, found: &Comparison, rows: impl Iterator<Item = Row<'a>>) {
    let name = &found.agreement.collection;
    if let (Some(asker), Some(collection)) = (&app.asker, app.whole.catalog().collection(name)) {
        let id = |number| record::EntityId::new(collection.register, number);
        let ids = rows.filter_map(|(_, number, _)| id(number?));
        asker.touched.records(name, ids);
    }
}

/// The answers of a comparison that is done.
pub async fn answers(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let format = formats::asked(&mut given, &headers, &FORMATS)?;
    let charset = Charset::take(&mut given, format)?;
    let offset = given.take_number("offset")?.unwrap_or(0);
    let usual = if format.is_file() { MOST_KEYS } else { PAGE };
    let limit = given.take_number("limit")?.unwrap_or(usual);
    given.finish([])?;
    if limit > MOST_KEYS {
        return Err(Failure::from(QueryError::Limit {
            parameter: "limit".to_string(),
            value: limit.to_string(),
            limit: MOST_KEYS.to_string().into(),
        }));
    }
    let desk = app.comparisons()?.clone();
    let (found, all) = tokio::task::block_in_place(|| desk.answers(&owner(&app), &id))?;
    note(&app, &found, all.rows().skip(offset).take(limit));
    let rows = all.rows().skip(offset).take(limit);
    let mut response = match format {
        Format::Csv => answer(
            charset.media_type(),
            charset.bytes(table(&found, rows, charset)),
        ),
        _ => json(&page(&found, rows, offset, limit)),
    };
    let vary = HeaderValue::from_static("Accept");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}

/// Has a comparison go on that failed.
pub async fn resume(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let desk = app.comparisons()?.clone();
    let owner = owner(&app);
    tokio::task::block_in_place(|| desk.resume(&owner, &id))?;
    let found = settled(desk, owner, id, loads::preferred_wait(&headers)).await?;
    Ok(moved_on(&app, &found, StatusCode::OK))
}

/// Removes a comparison's keys and answers.
pub async fn discard(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let desk = app.comparisons()?.clone();
    let found = tokio::task::block_in_place(|| desk.discard(&owner(&app), &id))?;
    Ok(json(&described(&app, &found)))
}

fn is_csv(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/csv")
}

/// Whose comparisons a request sees: nobody's where nobody known asks.
fn owner(app: &Visit) -> String {
    let asking = app.asker.as_ref().map(|asker| Asking {
        caller: &asker.caller,
        purpose: &asker.purpose,
    });
    asking.map_or_else(String::new, |asking| asking.owner())
}

/// A comparison after as long a wait as its caller prefers.
async fn settled(
    desk: Arc<Comparisons>,
    owner: String,
    id: String,
    wait: Option<Duration>,
) -> Result<Comparison, Failure> {
    let Some(wait) = wait else {
        return Ok(desk.get(&owner, &id, Duration::ZERO)?);
    };
    // The wait holds a thread, and no place of a query's.
    let waiting = tokio::task::spawn_blocking(move || desk.get(&owner, &id, wait));
    let stopped = |_| Failure::internal("a thread that waits for a comparison stopped");
    Ok(waiting.await.map_err(stopped)??)
}

/// The answer with a comparison: `done` where it has come to rest, else 202.
fn moved_on(app: &Visit, found: &Comparison, done: StatusCode) -> Response {
    let mut response = json(&described(app, found));
    *response.status_mut() = if found.state.is_moving() {
        StatusCode::ACCEPTED
    } else {
        done
    };
    let location = format!("/comparisons/{}", found.id);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// A comparison, why it answers nothing, and where to go from it.
fn described(app: &Visit, found: &Comparison) -> Value {
    let mut out = found.to_json();
    if let Some(problem) = &found.problem {
        let text = app.whole.catalog().problems.text(problem);
        out["problem"] = json!({
            "code": problem.code.as_str(), "messages": { "zh": text.zh, "en": text.en },
        });
    }
    let place = format!("/comparisons/{}", found.id);
    let link = |path: &str, rel: &str, kind: &str| json!({ "href": format!("{place}{path}"), "rel": rel, "type": kind });
    let mut links = vec![link("", "self", "application/json")];
    if found.state == ::compare::list::State::Done {
        links.push(link("/answers?f=json", "item", "application/json"));
        links.push(link("/answers?f=csv", "item", "text/csv"));
    }
    out["links"] = Value::from(links);
    out
}

/// Some rows as JSON, and where the next ones are.
fn page<'a>(
    found: &Comparison,
    rows: impl Iterator<Item = Row<'a>>,
    offset: usize,
    limit: usize,
) -> Value {
    let names = || found.columns.iter().map(|column| column.name.clone());
    let rows: Vec<Value> = rows
        .map(|(key, _, words)| {
            let words = words.iter().map(|word| Value::from(word.name()));
            let answers: Map<String, Value> = names().zip(words).collect();
            json!({ "key": key, "answers": answers })
        })
        .collect();
    let next = offset + rows.len();
    let links = if next < found.keys && !rows.is_empty() {
        let href = format!(
            "/comparisons/{}/answers?f=json&offset={next}&limit={limit}",
            found.id
        );
        json!([{ "href": href, "rel": "next", "type": "application/json" }])
    } else {
        json!([])
    };
    json!({
        "id": found.id,
        "validAt": found.at.valid_at,
        "knownAt": found.at.known_at,
        "numberMatched": found.keys,
        "numberReturned": rows.len(),
        "rows": rows,
        "links": links,
    })
}

/// Some rows as a table. Keys are what the caller sent: no cell is one that a spreadsheet would run.
fn table<'a>(found: &Comparison, rows: impl Iterator<Item = Row<'a>>, charset: Charset) -> String {
    let mut out = String::from(charset.mark());
    let columns = found.columns.iter().map(|column| &column.name);
    for (place, name) in found.key.iter().chain(columns).enumerate() {
        if place > 0 {
            out.push(',');
        }
        cell(&mut out, name);
    }
    out.push_str("\r\n");
    for (key, _, words) in rows {
        for (place, name) in found.key.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            let value = if key.is_object() { &key[name] } else { key };
            raw_cell(&mut out, &value.to_string());
        }
        for word in words {
            out.push(',');
            out.push_str(word.name());
        }
        out.push_str("\r\n");
    }
    out
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Failure {
        match &error {
            ListError::Query(QueryError::Store(reason)) => Failure::internal(&reason.to_string()),
            ListError::Agreement(_)
            | ListError::Stopped
            | ListError::Files { .. }
            | ListError::Damaged { .. } => Failure::internal(&error.to_string()),
            _ => Failure {
                again_after: error.again().map(|again| again.as_secs().max(1)),
                ..Failure::of(error.problem())
            },
        }
    }
}

impl App {
    /// Who receives comparisons.
    ///
    /// # Errors
    ///
    /// This server receives none.
    pub fn comparisons(&self) -> Result<&Arc<Comparisons>, Failure> {
        let absent = || Failure::of(Problem::new("comparisons-absent", "", "", ""));
        self.comparisons.as_ref().ok_or_else(absent)
    }
}
