//! `GET /collections/{c}/items/{id}` and below: one record, its versions, who said what of it.
//!
//! The entity tag of a record is `"version-content"`: the number of the transaction that last changed
//! anything of it, on whichever day, and a hash of the answer. Whoever changes a record says with the
//! former what it has seen.

use std::hash::{DefaultHasher, Hash, Hasher};

use ::query::conflicts::label;
use ::query::execute::item as read_item;
use ::query::times::instant_text;
use ::query::{Context, QueryError};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use geometry::Crs;
use record::{EntityId, StatementKind, StatementPosition, Transaction, prose};
use register::{Record, SourcedStatement};
use serde_json::{Map, Value, json};

use super::links::{self, Link};
use super::{answer, no_parameters};
use crate::crs;
use crate::failure::Failure;
use crate::formats::feature::Writer;
use crate::formats::{self, Format, plain};
use crate::parameters::Parameters;
use crate::visit::Visit;

/// The forms of a record.
pub const FORMATS: [Format; 3] = [Format::GeoJson, Format::Json, Format::Html];

/// In which form a record is answered, and under which address it was asked for.
pub struct Shape<'a> {
    /// The form.
    pub format: Format,
    /// The system of its coordinates.
    pub crs: Crs,
    /// The address.
    pub asked: &'a str,
}

/// One record at a pair of times. So small a read runs where it is asked, unless references are
/// followed.
pub async fn item(
    app: Visit,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let format = formats::asked(&mut given, &headers, &FORMATS)?;
    let crs = crs::named("crs", given.take("crs"))?;
    let expansions = given.take_list("expand");
    let (valid_at, known_at) = (given.take("validAt"), given.take("knownAt"));
    given.finish([])?;
    if crs != Crs::Crs84 && !expansions.is_empty() {
        let expected = prose!("不与 expand 同用", "no 'expand' beside it");
        return Err(QueryError::bad("crs", crs, expected).into());
    }
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let shape = Shape { format, crs, asked };
    if expansions.is_empty() {
        let context = app.context();
        let times = context.times(valid_at.as_deref(), known_at.as_deref())?;
        let found = read_item(&context, &collection, &id, times, &[]);
        if let Err(QueryError::Merged { successor, .. }) = found {
            return Ok(moved(&uri, &collection, successor));
        }
        let record = found?;
        let version = version(&context, &collection, &record)?;
        return tagged(&app, &headers, record, version, &shape, &collection);
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
        Ok((record, version)) => tagged(&app, &headers, record, version, &shape, &collection),
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
    app: &Visit,
    headers: &HeaderMap,
    record: Record,
    version: Transaction,
    shape: &Shape<'_>,
    collection: &str,
) -> Result<Response, Failure> {
    // Two forms of one address differ by what was accepted.
    let form = format!("{} {}", shape.asked, shape.format.name());
    let tag = tag(version, &record, &form)?;
    let changed = crate::answer::last_modified(app, version);
    let mut response = if crate::answer::is_known(headers, &tag, changed.as_ref()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        written(app, record, shape, collection)?
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, tag);
    if let Some(changed) = changed {
        out.insert(header::LAST_MODIFIED, changed);
    }
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    out.insert(header::VARY, HeaderValue::from_static(crate::answer::VARY));
    Ok(response)
}

/// The record in the form asked for.
fn written(
    app: &Visit,
    mut record: Record,
    shape: &Shape<'_>,
    collection: &str,
) -> Result<Response, Failure> {
    let links = record_links(shape.asked, collection, record.id, shape.format);
    let schema = ::query::plan::collection(app.store.catalog(), collection)?;
    crs::place(&mut record, shape.crs)?;
    let mut response = match shape.format {
        Format::Html => super::page_answer(crate::html::item::page(schema, &record)?),
        Format::Json => {
            let mut out = String::new();
            let found = ::query::FoundRecord {
                record,
                distance: None,
                score: None,
            };
            plain::write(&mut out, &found, schema.location.is_some())?;
            answer("application/json", out)
        }
        _ => feature(app, &record, &format!(",\"links\":{}", json!(links))),
    };
    links::insert(&mut response, &links);
    if shape.format != Format::Html
        && let Some(value) = crs::header(shape.crs)
    {
        response.headers_mut().insert(crs::CONTENT_CRS, value);
    }
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

/// The links of a record that was asked for under an address: itself, its collection, its other forms, and
/// what is known of its past.
fn record_links(asked: &str, collection: &str, id: EntityId, format: Format) -> Vec<Link> {
    let above = format!("/collections/{collection}");
    let here = format!("{above}/items/{id}");
    let json = Format::Json.media_type();
    let mut links = vec![
        Link::new(asked, "self", format.media_type()),
        Link::new(&above, "collection", json),
    ];
    // The same address with another form; asked for is an address of this server, so it can be read.
    if let Ok(uri) = asked.parse::<Uri>() {
        for other in FORMATS.into_iter().filter(|other| *other != format) {
            let address = links::with_parameter(&uri, "f", other.name());
            links.push(Link::new(address, "alternate", other.media_type()));
        }
    }
    links.push(Link::new(
        format!("{here}/versions"),
        "version-history",
        json,
    ));
    links
}

/// The links of a record as the members of a feature.
pub fn links(asked: &str, collection: &str, id: EntityId) -> String {
    let links = record_links(asked, collection, id, Format::GeoJson);
    format!(",\"links\":{}", json!(links))
}

/// The answer with a record in it.
pub fn feature(app: &Visit, record: &Record, links: &str) -> Response {
    let mut writer = Writer::new(app.store.as_ref(), record.body.len() + 512);
    writer.feature(record, links);
    answer("application/geo+json", writer.out)
}

/// Every version of a record: each rectangle of validity and knowledge.
pub async fn versions(
    app: Visit,
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
    app: Visit,
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

fn entity(app: &Visit, collection: &str, id: &str) -> Result<EntityId, Failure> {
    ::query::plan::collection(app.store.catalog(), collection)?;
    id.parse().map_err(|_| Failure::not_found(id))
}

fn statement(app: &Visit, sourced: &SourcedStatement) -> Value {
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
