//! `/loads` and what may be asked of a load: receive, list, show, publish, undo, discard.

use std::time::Duration;

use ::load::RejectLimit;
use ::load::book::{Announced, Book, Filter, Load, Snapshot, State};
use ::query::QueryError;
use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use record::{Day, prose};
use serde_json::{Value, json};

use super::json;
use crate::failure::Failure;
use crate::parameters::Parameters;
use crate::upload;
use crate::visit::Visit;

/// The longest that a request waits for what it asked for.
const LONGEST_WAIT: u64 = 300;
/// The most bytes of what people call themselves.
const LONGEST_NAME: usize = 200;

/// Takes a file in.
pub async fn receive(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let book = app.book()?;
    let mut given = Parameters::parse(query.as_deref())?;
    let as_of = given.take("asOf").map(|text| day(&text)).transpose()?;
    let announced = Announced {
        source: given.take("source"),
        file: given.take("file"),
        as_of,
        limit: limit(&mut given)?,
        by: by(&mut given)?,
        bytes: length(&headers),
    };
    given.finish([])?;
    app.check_source(announced.source.as_deref())?;
    let load = upload::take(book, announced, body).await?;
    let snapshot = settled(book, &load.id, &headers).await?;
    Ok(moved_on(book, &snapshot, StatusCode::CREATED))
}

/// The newest loads.
pub async fn list(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let book = app.book()?;
    let mut given = Parameters::parse(query.as_deref())?;
    let state = given.take("state").map(|text| state(&text)).transpose()?;
    let source = given.take("source");
    let cursor = given.take("cursor");
    let limits = &app.options.limits;
    let limit = given.take_number("limit")?.unwrap_or(limits.default_page);
    given.finish([])?;
    if limit > limits.page {
        let (value, limit) = (limit.to_string(), limits.page.to_string().into());
        let parameter = "limit".to_string();
        return Err(QueryError::Limit {
            parameter,
            value,
            limit,
        }
        .into());
    }
    if let Some(cursor) = &cursor
        && app.check_load(cursor).is_err()
    {
        return Err(QueryError::BadCursor(cursor.clone()).into());
    }
    let filter = Filter {
        state,
        source,
        among: app.own_sources(),
        before: cursor,
        limit,
    };
    let (found, more) = book.list(&filter);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| last.load.id.clone());
    let loads: Vec<Value> = found
        .iter()
        .map(|snapshot| {
            let mut load = described(book, snapshot);
            if let Some(members) = load.as_object_mut() {
                members.remove("history");
            }
            load
        })
        .collect();
    let link = next.as_ref().map(|cursor| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let state = filter.state.map(State::name);
        let wanted = [("state", state), ("source", filter.source.as_deref())];
        for (name, value) in wanted {
            value.map(|value| query.append_pair(name, value));
        }
        query.append_pair("limit", &limit.to_string());
        query.append_pair("cursor", cursor);
        let href = format!("/loads?{}", query.finish());
        json!([{ "href": href, "rel": "next", "type": "application/json" }])
    });
    Ok(json(&json!({
        "loads": loads,
        "numberReturned": loads.len(),
        "cursor": next,
        "links": link.unwrap_or_else(|| json!([])),
    })))
}

/// One load.
pub async fn one(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    super::no_parameters(query.as_deref())?;
    let book = app.book()?;
    app.check_load(&id)?;
    Ok(json(&described(book, &book.get(&id)?)))
}

/// Has a rehearsed load published.
pub async fn publish(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let book = app.book()?;
    app.check_load(&id)?;
    let mut given = Parameters::parse(query.as_deref())?;
    let (limit, by) = (limit(&mut given)?, by(&mut given)?);
    given.finish([])?;
    let load = tokio::task::block_in_place(|| book.publish(&id, limit, &by))?;
    done(book, &load, &headers).await
}

/// Has a published load undone.
pub async fn undo(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let book = app.book()?;
    app.check_load(&id)?;
    let mut given = Parameters::parse(query.as_deref())?;
    let by = by(&mut given)?;
    given.finish([])?;
    let load = tokio::task::block_in_place(|| book.undo(&id, &by))?;
    done(book, &load, &headers).await
}

/// Throws an upload away.
pub async fn discard(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let book = app.book()?;
    app.check_load(&id)?;
    let mut given = Parameters::parse(query.as_deref())?;
    let by = by(&mut given)?;
    given.finish([])?;
    tokio::task::block_in_place(|| book.discard(&id, &by))?;
    Ok(json(&described(book, &book.get(&id)?)))
}

/// The answer to a request that had a load published.
async fn done(book: &Book, load: &Load, headers: &HeaderMap) -> Result<Response, Failure> {
    let snapshot = settled(book, &load.id, headers).await?;
    let load = &snapshot.load;
    let refused = !load.state.is_moving() && load.state != State::Published;
    match load.problem.as_ref().filter(|_| refused) {
        Some(problem) => Err(Failure::of(problem.clone())),
        None => Ok(moved_on(book, &snapshot, StatusCode::OK)),
    }
}

/// A load after as long a wait as its caller prefers.
async fn settled(book: &Book, id: &str, headers: &HeaderMap) -> Result<Snapshot, Failure> {
    let mut follow = book.follow(id)?;
    if let Some(wait) = preferred_wait(headers) {
        let mut stopping = book.stopping();
        let settled = follow.wait_for(|one| !one.load.state.is_moving());
        tokio::select! {
            _ = tokio::time::timeout(wait, settled) => (),
            _ = stopping.wait_for(|stops| *stops) => (),
        }
    }
    let snapshot = follow.borrow().clone();
    Ok(snapshot)
}

/// The answer with a load: `done` where it has come to rest, else 202.
fn moved_on(book: &Book, snapshot: &Snapshot, done: StatusCode) -> Response {
    let mut response = json(&described(book, snapshot));
    *response.status_mut() = if snapshot.load.state.is_moving() {
        StatusCode::ACCEPTED
    } else {
        done
    };
    let location = format!("/loads/{}", snapshot.load.id);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// A load, and where to go from it.
pub(super) fn described(book: &Book, snapshot: &Snapshot) -> Value {
    let mut load = book.describe(snapshot);
    let id = &snapshot.load.id;
    let link = |path: &str, rel: &str, kind: &str| json!({ "href": format!("/loads/{id}{path}"), "rel": rel, "type": kind });
    let mut links = vec![
        link("", "self", "application/json"),
        link("/events", "monitor", "text/event-stream"),
    ];
    if snapshot.load.report.is_some() {
        links.push(link("/report", "describedby", "application/json"));
    }
    if load["rejects"] == true {
        links.push(link("/rejects", "related", "text/csv"));
    }
    if load["notices"] == true {
        links.push(link("/notices", "related", "text/csv"));
    }
    load["links"] = Value::from(links);
    load
}

fn limit(given: &mut Parameters) -> Result<Option<RejectLimit>, QueryError> {
    let text = given.take("maxRejects");
    text.map(|text| {
        text.parse()
            .map_err(|_| QueryError::bad("maxRejects", &text, RejectLimit::form()))
    })
    .transpose()
}

fn by(given: &mut Parameters) -> Result<String, QueryError> {
    let name = given.take("by").unwrap_or_default();
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        let form = prose!(
            "姓名或工号，至多 {} 字节",
            "a name, at most {} bytes",
            LONGEST_NAME
        );
        return Err(QueryError::bad("by", &name, form));
    }
    Ok(name)
}

fn day(text: &str) -> Result<Day, QueryError> {
    let form = || prose!("日期，如 2024-03-01", "a day such as 2024-03-01");
    text.parse()
        .map_err(|_| QueryError::bad("asOf", text, form()))
}

fn state(text: &str) -> Result<State, QueryError> {
    text.parse().map_err(|()| {
        let names = State::ALL.map(State::name).join(", ");
        QueryError::bad("state", text, names)
    })
}

/// The size that a request announces.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// `Prefer: wait=10` (RFC 7240).
pub(super) fn preferred_wait(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all("prefer").into_iter();
    let preferences = values.filter_map(|value| value.to_str().ok());
    let mut preferences = preferences.flat_map(|value| value.split([',', ';']));
    let seconds = preferences.find_map(|one| one.trim().strip_prefix("wait=")?.parse().ok());
    seconds.map(|seconds: u64| Duration::from_secs(seconds.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read() {
        for (value, wait) in [
            ("wait=10", Some(10)),
            ("respond-async, wait=7", Some(7)),
            ("wait=99999", Some(LONGEST_WAIT)),
            ("wait=soon", None),
            ("return=minimal", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", HeaderValue::from_static(value));
            assert_eq!(preferred_wait(&headers), wait.map(Duration::from_secs));
        }
    }
}
