//! `GET /collections/{c}/items/{id}` and below: one record, its versions, who said what of it.
//!
//! The entity tag of a record is `"version-content"`: the number of the transaction that last changed
//! anything of it, on whichever day, and a hash of the answer. Whoever changes a record says with the
//! former what it has seen.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use ::query::conflicts::label;
use ::query::execute::item as read_item;
use ::query::times::instant_text;
use ::query::{Context, QueryError};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use record::{EntityId, StatementKind, StatementPosition, Transaction};
use register::{Record, SourcedStatement};
use serde_json::{Map, Value, json};

use super::{answer, no_parameters};
use crate::app::App;
use crate::failure::Failure;
use crate::feature::Writer;
use crate::parameters::Parameters;

/// One record at a pair of times. So small a read runs where it is asked, unless references are
/// followed.
pub async fn item(
    State(app): State<Arc<App>>,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let expansions = given.take_list("expand");
    let (valid_at, known_at) = (given.take("validAt"), given.take("knownAt"));
    given.finish([])?;
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    if expansions.is_empty() {
        let context = app.context();
        let times = context.times(valid_at.as_deref(), known_at.as_deref())?;
        let found = read_item(&context, &collection, &id, times, &[]);
        if let Err(QueryError::Merged { successor, .. }) = found {
            return Ok(moved(&uri, &collection, successor));
        }
        let record = found?;
        let version = version(&context, &collection, &record)?;
        return tagged(&app, &headers, &record, version, asked, &collection);
    }
    let name = collection.clone();
    let found = app
        .blocking(move |_, context| {
            let times = context.times(valid_at.as_deref(), known_at.as_deref())?;
            let record = match read_item(context, &name, &id, times, &expansions) {
                Err(QueryError::Merged { successor, .. }) => return Ok(Err(successor)),
                found => found?,
            };
            let version = version(context, &name, &record)?;
            Ok(Ok((record, version)))
        })
        .await?;
    match found {
        Ok((record, version)) => tagged(&app, &headers, &record, version, asked, &collection),
        Err(successor) => Ok(moved(&uri, &collection, successor)),
    }
}

/// Leads from an entity that was merged to the other one, at the same times.
fn moved(uri: &Uri, collection: &str, successor: EntityId) -> Response {
    let mut place = format!("/collections/{collection}/items/{successor}");
    if let Some(query) = uri.query() {
        place.push('?');
        place.push_str(query);
    }
    // Letters, digits and the check symbol's few marks: every such place is a header's value.
    Redirect::permanent(&place).into_response()
}

fn version(
    context: &Context<'_>,
    collection: &str,
    record: &Record,
) -> Result<Transaction, QueryError> {
    let version = context.view.version(collection, record.id);
    let version = version.map_err(|error| context.error(error))?;
    Ok(version.unwrap_or(record.known.0))
}

/// The answer with its entity tag, or only the tag where the caller has it already.
fn tagged(
    app: &App,
    headers: &HeaderMap,
    record: &Record,
    version: Transaction,
    asked: &str,
    collection: &str,
) -> Result<Response, Failure> {
    let tag = tag(version, record, asked)?;
    let mut response = if crate::observe::matches(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        feature(app, record, &links(asked, collection))
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, tag);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    out.insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

/// The entity tag of an answer. The record's days and its interval of knowledge are in it, and so is
/// the pair of times asked about.
pub fn tag(version: Transaction, record: &Record, asked: &str) -> Result<HeaderValue, Failure> {
    let mut hasher = DefaultHasher::new();
    (asked, &record.body, record.validity, record.known).hash(&mut hasher);
    let tag = format!("\"{:x}-{:016x}\"", version.0, hasher.finish());
    HeaderValue::from_str(&tag).map_err(|error| Failure::internal(&error.to_string()))
}

/// The version in an entity tag of ours, without its quotation marks.
pub fn version_of(tag: &str) -> Option<Transaction> {
    let (version, _) = tag.split_once('-')?;
    u64::from_str_radix(version, 16).ok().map(Transaction)
}

/// The links of a record that was asked for under an address.
pub fn links(asked: &str, collection: &str) -> String {
    let above = format!("/collections/{collection}");
    let links = json!([
        { "href": asked, "rel": "self", "type": "application/geo+json" },
        { "href": above, "rel": "collection", "type": "application/json" },
    ]);
    format!(",\"links\":{links}")
}

/// The answer with a record in it.
pub fn feature(app: &App, record: &Record, links: &str) -> Response {
    let mut writer = Writer::new(app.store.as_ref(), record.body.len() + 512);
    writer.feature(record, links);
    answer("application/geo+json", writer.out)
}

/// Every version of a record: each rectangle of validity and knowledge.
pub async fn versions(
    State(app): State<Arc<App>>,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let entity = entity(&app, &collection, &id)?;
    let records = app
        .blocking(move |_, context| {
            context
                .view
                .versions(&collection, entity)
                .map_err(|error| context.error(error))
        })
        .await?;
    if records.is_empty() {
        return Err(Failure::not_found(&id));
    }
    let mut writer = Writer::new(app.store.as_ref(), 640 * records.len());
    writer.out.push_str("{\"versions\":[");
    for (place, record) in records.iter().enumerate() {
        if place > 0 {
            writer.out.push(',');
        }
        writer.feature(record, "");
    }
    writer.out.push_str("]}");
    Ok(answer("application/json", writer.out))
}

/// Every statement on a record, in the order in which they became known.
pub async fn statements(
    State(app): State<Arc<App>>,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let entity = entity(&app, &collection, &id)?;
    let found = app
        .blocking(move |_, context| {
            context
                .view
                .statements(&collection, entity)
                .map_err(|error| context.error(error))
        })
        .await?;
    if found.is_empty() {
        return Err(Failure::not_found(&id));
    }
    let all: Vec<Value> = found.iter().map(|one| statement(&app, one)).collect();
    Ok(super::json(&json!({ "statements": all })))
}

fn entity(app: &App, collection: &str, id: &str) -> Result<EntityId, Failure> {
    ::query::plan::collection(app.store.catalog(), collection)?;
    id.parse().map_err(|_| Failure::not_found(id))
}

fn statement(app: &App, sourced: &SourcedStatement) -> Value {
    let collection = app.store.catalog().collection(&sourced.collection);
    let (kind, values, retracts) = match &sourced.statement.kind {
        StatementKind::Assert(fields) => {
            let members = fields.iter().filter_map(|(number, value)| {
                let field = collection?.fields.get(usize::from(*number))?;
                Some((field.name.to_string(), json_of(value)))
            });
            ("assert", members.collect::<Map<String, Value>>(), None)
        }
        StatementKind::End => ("end", Map::new(), None),
        StatementKind::Retract(position) => ("retract", Map::new(), Some(position)),
        StatementKind::Merge { .. } => ("merge", Map::new(), None),
        StatementKind::Split { .. } => ("split", Map::new(), None),
        StatementKind::Dispute { .. } => ("dispute", Map::new(), None),
    };
    let day = |day: record::Day| day.calendar().map(|_| day.to_string());
    let mut out = json!({
        "department": sourced.department,
        "departmentLabel": label(app.store.catalog(), &sourced.department),
        "source": sourced.source,
        "load": sourced.load,
        "line": sourced.statement.line,
        "knownFrom": app.store.instant_of(sourced.known).and_then(instant_text),
        "transaction": sourced.known.0,
        "position": place(&sourced.position),
        "validFrom": day(sourced.statement.validity.from),
        "validTo": day(sourced.statement.validity.to),
        "kind": kind,
        "fields": values,
        "retracts": retracts.map(place),
    });
    match &sourced.statement.kind {
        StatementKind::Merge { into } => out["into"] = json!(into.to_string()),
        StatementKind::Split { to, statements } => {
            out["to"] = json!(to.to_string());
            out["statements"] = statements.iter().map(place).collect();
        }
        StatementKind::Dispute { field, state, note } => {
            out["field"] = json!(field.as_str());
            out["state"] = json!(state.name());
            out["note"] = json!(note.as_str());
        }
        _ => {}
    }
    out
}

/// A statement's block and place.
fn place(position: &StatementPosition) -> Value {
    json!([position.block, u64::from(position.place)])
}

/// A value as answers have it.
fn json_of(value: &record::Value) -> Value {
    use record::Value as Field;
    match value {
        Field::Null => Value::Null,
        Field::Boolean(is) => json!(is),
        Field::Integer(number) => json!(number),
        // As text: a binary number would not hold every digit.
        Field::Decimal(number) => json!(number.to_string()),
        Field::Text(text) => json!(text.as_str()),
        Field::Date(date) => json!(date.to_string()),
        Field::Reference(reference) => match reference.target {
            Some(id) => json!(id.to_string()),
            None => json!({ "key": reference.key.as_str() }),
        },
        Field::Point { lon, lat } => {
            let (lon, lat) = (geometry::Position {
                lon: *lon,
                lat: *lat,
            })
            .degrees();
            json!({ "type": "Point", "coordinates": [lon, lat] })
        }
        Field::Geometry(wkb) => {
            geometry::Shape::from_wkb(wkb).map_or(Value::Null, |shape| shape.to_geojson())
        }
        Field::List(values) => values.iter().map(json_of).collect(),
    }
}
