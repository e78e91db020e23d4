//! `/objections`: a department, or a subject through one, says that a value is wrong.

use std::sync::Arc;
use std::time::Instant;

use ::load::{Call, Expected, Verb};
use ::query::QueryError;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use catalogue::Desk;
use catalogue::desk::objection::{Act, Finding, Objecting};
use catalogue::desk::{Objection, today};
use record::{EntityId, Problem};
use register::TimeScope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::requests::{created, note, read};
use super::{PAGES, form_of, json, no_parameters, self_and_alternates, shown};
use crate::app::App;
use crate::failure::Failure;
use crate::html;
use crate::sharing::{desk, speaker};
use crate::visit::Visit;

/// Somebody objects to a value of a record that it sees.
pub async fn object(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let objecting: Objecting = read(&body)?;
    let id = seen(&app, &objecting)?;
    let known = app.whole.view().transaction();
    let objection = tokio::task::block_in_place(|| desk.object(objecting, id, known, &by))?;
    let address = format!("/objections/{}", objection.id);
    Ok(created(&address, &described(desk, &objection)))
}

/// The record that is objected to, where the caller sees it today, and the field.
fn seen(app: &Visit, objecting: &Objecting) -> Result<EntityId, Failure> {
    let catalog = app.store.catalog();
    let collection = ::query::plan::collection(catalog, &objecting.collection)?;
    if collection.field(&objecting.field).is_none() {
        let names = collection.fields.iter().map(|field| field.name.as_str());
        let expected = names.collect::<Vec<_>>().join(", ");
        return Err(QueryError::bad("field", &objecting.field, expected).into());
    }
    let absent = || Failure::not_found(&objecting.record);
    let id: EntityId = objecting.record.parse().map_err(|_| absent())?;
    if id.register() != collection.register {
        return Err(absent());
    }
    let view = app.store.view();
    let found = view.read(&collection.name, id, TimeScope::Present(today()));
    found.map_err(QueryError::Store)?.ok_or_else(absent)?;
    Ok(id)
}

/// The objections that the department has a part in, the newest first.
pub async fn list(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let all = desk.objections(&by.department);
    let all: Vec<Value> = all.iter().map(|one| described(desk, one)).collect();
    let links = self_and_alternates("/objections", format, &PAGES);
    let value = json!({
        "department": by.department,
        "objections": all,
        "numberReturned": all.len(),
        "links": links,
    });
    Ok(shown(format, &value, &links, || {
        html::value::page("异议", "Objections", &[], &value)
    }))
}

/// One objection.
pub async fn one(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let objection = desk.objection(&id, &by.department)?;
    let value = described(desk, &objection);
    let links = self_and_alternates(&format!("/objections/{id}"), format, &PAGES);
    let way = [("/objections".to_string(), "异议 objections".to_string())];
    Ok(shown(format, &value, &links, || {
        html::value::page("异议", "Objection", &way, &value)
    }))
}

/// A step of which no more is said than why.
pub fn noted(step: Act) -> MethodRouter<Arc<App>> {
    let handler = move |app: Visit,
                        Path(id): Path<String>,
                        RawQuery(query): RawQuery,
                        headers: HeaderMap,
                        body: Bytes| async move {
        no_parameters(query.as_deref())?;
        act(app, id, step, note(&body)?, &headers).await
    };
    post(handler)
}

/// What was found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verification {
    finding: Finding,
    note: String,
}

/// It is known what is right.
pub async fn verify(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let said: Verification = read(&body)?;
    act(app, id, Act::Verify(said.finding), said.note, &headers).await
}

/// Does something to an objection: first what the record says of it, then the objection itself. Stopped in
/// between, the same may be asked again: the record's part bears a key, by which it is not done twice.
async fn act(
    app: Visit,
    id: String,
    act: Act,
    note: String,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let by = speaker(&app, headers)?;
    let patience = app.options.patience;
    let begun = Instant::now();
    let place = tokio::time::timeout(patience, app.writers.clone().acquire_owned()).await;
    let busy = || Failure::from(::load::WriteError::Busy(patience));
    let place = place.map_err(|_| busy())?.map_err(|_| busy())?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        let desk = desk(&app)?;
        let statements = |objection: &Objection| {
            let record = objection.about.record.parse();
            let Ok(record) = record else {
                return Ok(Vec::new());
            };
            let view = app.whole.view();
            view.statements(&objection.about.collection, record)
        };
        let objection = desk.objection(&id, &by.department)?;
        let said = statements(&objection).map_err(QueryError::Store)?;
        let objection = desk.may(&id, act, &note, &by, &said)?;
        for state in act.written(&objection) {
            let Some(clerk) = &app.clerk else {
                return Err(Failure::of(Problem::new(
                    "method-not-allowed",
                    "",
                    "",
                    "GET",
                )));
            };
            let call = Call {
                verb: Verb::Dispute,
                collection: objection.about.collection.clone(),
                id: Some(objection.about.record.clone()),
                department: Some(objection.responsible.clone()),
                body: json!({
                    "field": objection.about.field,
                    "state": state.name(),
                    "note": objection.id,
                })
                .to_string()
                .into_bytes(),
                expected: Expected::Unsaid,
                key: Some(format!("{}-{}", objection.id, state.name())),
            };
            clerk.write(&call, patience.saturating_sub(begun.elapsed()))?;
        }
        let objection = desk.act(&id, act, &note, &by, &said)?;
        Ok(json(&described(desk, &objection)))
    });
    done.await
        .map_err(|_| Failure::internal("a step at the desk panicked"))?
}

/// An objection as it stands today.
fn described(desk: &Desk, objection: &Objection) -> Value {
    let mut out = json!(objection);
    out["clock"] = json!(objection.clock.map(|clock| desk.reading(&clock, today())));
    out["href"] = json!(format!("/objections/{}", objection.id));
    out
}
