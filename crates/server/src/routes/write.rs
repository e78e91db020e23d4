//! `POST /collections/{c}/items`, `PUT`, `PATCH` and `DELETE /collections/{c}/items/{id}`, and
//! `POST /collections/{c}/items/{id}/` with `end`, `retract`, `merge`, `split` and `dispute`: single
//! records are written. `DELETE` is `end` from today on: nothing that was said is lost.
//!
//! What exists is changed only by whoever says which version it has seen: `If-Match` with the entity tag
//! that came with the record, or `*`. With `Idempotency-Key` a call that is sent again is answered as
//! it was, and not carried out twice.

use std::time::Instant;

use access::Asker;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use load::single::Outcome;
use load::single::clerk::DEPARTMENT;
use load::{Call, Expected, Verb, WriteError, Written};
use query::QueryError;
use record::{AsOf, Problem, Transaction, prose};
use register::{Record, TimeScope};

use super::{item, no_parameters};
use crate::crs;
use crate::failure::Failure;
use crate::guard::decide;
use crate::visit::Visit;

/// By which a call is recognised when it comes again.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that a call had been carried out before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The state that knows what was written.
pub const TRANSACTION: HeaderName = HeaderName::from_static("jiku-transaction");
/// Whether anything changed.
const OUTCOME: HeaderName = HeaderName::from_static("jiku-outcome");

/// A new record.
pub async fn create(
    app: Visit,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    if let Some(value) = headers.get(header::IF_MATCH) {
        let value = value.to_str().unwrap_or_default();
        let expected = prose!("新记录不带此头", "none for a new record");
        return Err(QueryError::bad("If-Match", value, expected).into());
    }
    run(app, call(Verb::Create, (collection, None), &headers, body)?).await
}

/// Some fields of a record.
pub async fn change(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::Change, place, query, &headers, body).await
}

/// All that the department says of a record.
pub async fn replace(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::Replace, place, query, &headers, body).await
}

/// Nothing any more, from a day on.
pub async fn end(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::End, place, query, &headers, body).await
}

/// A record is gone from today on: the department says nothing of it any more. The answer is what it was
/// until then. What it said stays in the
/// record's history, and can be read there; to take back what should never have been said is
/// `POST …/retract`. What other departments say of it still holds.
pub async fn delete(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let body = if body.is_empty() {
        Bytes::from_static(b"{}")
    } else {
        body
    };
    on_record(app, Verb::End, place, query, &headers, body).await
}

/// A statement on a record is withdrawn.
pub async fn retract(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::Retract, place, query, &headers, body).await
}

/// A record is another one.
pub async fn merge(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::Merge, place, query, &headers, body).await
}

/// Statements on a record are of a new one.
pub async fn split(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::Split, place, query, &headers, body).await
}

/// A field is in doubt, or no longer.
pub async fn dispute(
    app: Visit,
    Path(place): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    on_record(app, Verb::Dispute, place, query, &headers, body).await
}

async fn on_record(
    app: Visit,
    verb: Verb,
    (collection, id): (String, String),
    query: Option<String>,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    run(app, call(verb, (collection, Some(id)), headers, body)?).await
}

/// A body whose coordinates stand in the system of `Content-Crs` (OGC API - Features part 4), brought to
/// CRS84. A body that is no JSON is left as it is: whoever reads it says what is wrong.
fn placed(headers: &HeaderMap, body: Bytes) -> Result<Vec<u8>, Failure> {
    let name = HeaderName::from_static(crs::CONTENT_CRS);
    let Some(given) = text(headers, name)? else {
        return Ok(body.to_vec());
    };
    let inner = given
        .trim()
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    let system = crs::named("Content-Crs", Some(inner.unwrap_or(&given).to_string()))?;
    let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&body);
    match parsed {
        Ok(mut value) if system != geometry::Crs::Crs84 && value["geometry"].is_object() => {
            let shape = crs::shape_of(&value["geometry"], system);
            let shape = shape.map_err(|error| QueryError::BadBody {
                found: record::Prose::new(error.chinese(), error.to_string()),
                expected: prose!(
                    "{given} 中的图形，坐标轴次序同其定义",
                    "a geometry in {given}, in the order of its axes"
                ),
            })?;
            value["geometry"] = shape.to_geojson();
            Ok(value.to_string().into_bytes())
        }
        _ => Ok(body.to_vec()),
    }
}

/// What a request asks for.
fn call(
    verb: Verb,
    (collection, id): (String, Option<String>),
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Call, Failure> {
    let key = text(headers, KEY)?;
    Ok(Call {
        verb,
        collection,
        id,
        department: text(headers, HeaderName::from_static("jiku-department"))?,
        body: placed(headers, body)?,
        expected: expected(headers)?,
        // A string of a structured field (RFC 9651) stands in quotation marks.
        key: key.map(|key| key.trim_matches('"').to_string()),
    })
}

/// The text of a header that may stand once.
fn text(headers: &HeaderMap, name: HeaderName) -> Result<Option<String>, Failure> {
    let mut values = headers.get_all(&name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let shown = match name.as_str() {
        "idempotency-key" => "Idempotency-Key",
        crs::CONTENT_CRS => "Content-Crs",
        _ => DEPARTMENT,
    };
    match value.to_str() {
        Ok(text) if values.next().is_none() => Ok(Some(text.to_string())),
        _ => {
            let expected = prose!("只给一次的可见字符", "visible characters, given once");
            Err(QueryError::bad(shown, "", expected).into())
        }
    }
}

/// `If-Match` (RFC 9110, 13.1.1). Of a tag of ours the first part is the record's version.
fn expected(headers: &HeaderMap) -> Result<Expected, Failure> {
    let mut versions = Vec::new();
    let mut is_said = false;
    for value in headers.get_all(header::IF_MATCH) {
        is_said = true;
        let text = value.to_str().unwrap_or_default();
        if text.trim() == "*" {
            return Ok(Expected::Any);
        }
        for tag in text.split(',').map(str::trim) {
            let opaque = tag.strip_prefix("W/").unwrap_or(tag);
            let opaque = opaque
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'));
            let Some(opaque) = opaque else {
                let form = prose!(
                    "以引号括起的 ETag，或 *",
                    "an entity tag in quotation marks, or *"
                );
                return Err(QueryError::bad("If-Match", text, form).into());
            };
            // Weak tags never match here.
            if !tag.starts_with("W/") {
                versions.extend(item::version_of(opaque));
            }
        }
    }
    Ok(if is_said {
        Expected::Versions(versions)
    } else {
        Expected::Unsaid
    })
}

/// Carries out a call on a thread that may wait. Once begun it goes on to its end, whether or not
/// anybody still listens.
async fn run(app: Visit, mut call: Call) -> Result<Response, Failure> {
    if let Some(asker) = &app.asker {
        check(asker, &mut call)?;
    }
    let Some(clerk) = app.clerk.clone() else {
        return Err(Failure::of(Problem::new(
            "method-not-allowed",
            "",
            "",
            "GET",
        )));
    };
    let begun = Instant::now();
    let patience = app.options.patience;
    let place = tokio::time::timeout(patience, app.writers.clone().acquire_owned())
        .await
        .map_err(|_| WriteError::Busy(patience))?
        .map_err(|_| Failure::internal("the server is shutting down"))?;
    let written = tokio::task::spawn_blocking(move || {
        let _place = place;
        clerk.write(&call, patience.saturating_sub(begun.elapsed()))
    });
    let written = written
        .await
        .map_err(|_| Failure::internal("a write panicked"))??;
    answer(&app, &written)
}

/// Whoever writes speaks for its own department, and of records that it sees.
fn check(asker: &Asker, call: &mut Call) -> Result<(), Failure> {
    query::plan::collection(asker.store.catalog(), &call.collection)?;
    match &call.department {
        Some(department) => decide::check_department(asker, department)?,
        None => call.department = asker.sight.department().map(str::to_string),
    }
    match &call.id {
        Some(id) => decide::check_seen(asker, &call.collection, id),
        None => Ok(()),
    }
}

/// The record written, as whoever wrote it sees it.
fn seen(app: &Visit, written: &Written) -> Result<Option<Record>, Failure> {
    if app.asker.is_none() || written.record.is_none() {
        return Ok(written.record.clone());
    }
    let view = app.store.view();
    let time = TimeScope::At(AsOf {
        valid: written.day,
        known: view.transaction(),
    });
    let read = view.read(&written.collection, written.id, time);
    Ok(read.map_err(QueryError::Store)?)
}

fn answer(app: &Visit, written: &Written) -> Result<Response, Failure> {
    let path = format!("/collections/{}/items/{}", written.collection, written.id);
    let record = seen(app, written)?;
    let mut response = match &record {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(record) => {
            let shown = if written.day == query::times::today() {
                path.clone()
            } else {
                format!("{path}?validAt={}", written.day)
            };
            let mut response = item::feature(
                app,
                record,
                &item::links(&shown, &written.collection, written.id),
            );
            let tag = item::tag(written.version, record, &format!("{shown} geojson"))?;
            response.headers_mut().insert(header::ETAG, tag);
            response
        }
    };
    if written.outcome == Outcome::Created {
        *response.status_mut() = StatusCode::CREATED;
        let path = HeaderValue::from_str(&path);
        let path = path.map_err(|error| Failure::internal(&error.to_string()))?;
        response.headers_mut().insert(header::LOCATION, path);
    }
    let headers = response.headers_mut();
    headers.insert(TRANSACTION, number(written.transaction));
    headers.insert(OUTCOME, HeaderValue::from_static(outcome(written.outcome)));
    if written.replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn number(transaction: Transaction) -> HeaderValue {
    HeaderValue::from(transaction.0)
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
    }
}
