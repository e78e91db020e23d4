//! `/requests`: what departments ask one another to share, and what became of it.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use catalogue::desk::{Answer, Desk, Request, Speaker, State, Wish, today};
use catalogue::error::DeskError;
use query::QueryError;
use record::prose;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{PAGES, form_of, json, no_parameters, self_and_alternates, shown};
use crate::failure::Failure;
use crate::html;
use crate::parameters::Parameters;
use crate::sharing::{desk, speaker};
use crate::visit::Visit;

/// A department asks for something.
pub async fn apply(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let wish: Wish = read(&body)?;
    let request = tokio::task::block_in_place(|| desk.apply(wish, &by))?;
    let address = format!("/requests/{}", request.id);
    Ok(created(&address, &described(desk, &request)))
}

/// The requests that the department has a part in, the newest first, and what it should do soon.
pub async fn list(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let mut given = Parameters::parse(query.as_deref())?;
    let state = given.take("state").map(|text| state(&text)).transpose()?;
    let format = crate::formats::asked(&mut given, &headers, &PAGES)?;
    given.finish([])?;
    let today = today();
    let all = desk.requests(&by.department);
    let wanted = all
        .iter()
        .filter(|one| state.is_none_or(|state| one.state_on(today) == state));
    let requests: Vec<Value> = wanted.map(|one| described(desk, one)).collect();
    let links = self_and_alternates("/requests", format, &PAGES);
    let value = json!({
        "department": by.department,
        "requests": requests,
        "numberReturned": requests.len(),
        "reminders": desk.reminders(&by.department, today),
        "links": links,
    });
    Ok(shown(format, &value, &links, || {
        html::desk::requests(&requests)
    }))
}

/// What waits for whom, the overdue first.
pub async fn board(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let board = desk.board(&by.department, today());
    let links = self_and_alternates("/requests/board", format, &PAGES);
    let mut value = json!(board);
    value["links"] = json!(links);
    Ok(shown(format, &value, &links, || html::desk::board(&board)))
}

/// One request.
pub async fn one(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let (desk, by) = (desk(&app)?, speaker(&app, &headers)?);
    let request = desk.request(&id, &by.department)?;
    let value = described(desk, &request);
    let links = self_and_alternates(&format!("/requests/{id}"), format, &PAGES);
    let way = [("/requests".to_string(), "共享申请 requests".to_string())];
    Ok(shown(format, &value, &links, || {
        html::value::page("共享申请", "Request", &way, &value)
    }))
}

/// What the supervisor says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conformity {
    conforms: bool,
    #[serde(default)]
    note: String,
}

/// Why something is done.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    #[serde(default)]
    note: String,
}

/// The supervisor says whether it conforms.
pub async fn check(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let said: Conformity = read(&body)?;
    act(&app, query, &headers, |desk, by| {
        desk.conform(&id, said.conforms, &said.note, by)
    })
}

/// A provider answers.
pub async fn answer(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let said: Answer = read(&body)?;
    act(&app, query, &headers, |desk, by| desk.answer(&id, said, by))
}

/// The applicant mends what was returned.
pub async fn resubmit(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let wish: Wish = read(&body)?;
    act(&app, query, &headers, |desk, by| {
        desk.resubmit(&id, wish, by)
    })
}

/// The provider has published what was granted.
pub async fn publish(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let note = note(&body)?;
    act(&app, query, &headers, |desk, by| {
        desk.publish(&id, &note, by)
    })
}

/// The applicant takes it back.
pub async fn withdraw(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let note = note(&body)?;
    act(&app, query, &headers, |desk, by| {
        desk.withdraw(&id, &note, by)
    })
}

/// A provider or the supervisor takes the grant back.
pub async fn revoke(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let note = note(&body)?;
    act(&app, query, &headers, |desk, by| {
        desk.revoke(&id, &note, by)
    })
}

fn act(
    app: &Visit,
    query: Option<String>,
    headers: &HeaderMap,
    work: impl FnOnce(&Desk, &Speaker) -> Result<std::sync::Arc<Request>, DeskError>,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let (desk, by) = (desk(app)?, speaker(app, headers)?);
    let request = tokio::task::block_in_place(|| work(desk, &by))?;
    Ok(json(&described(desk, &request)))
}

/// A request as it stands today.
fn described(desk: &Desk, request: &Request) -> Value {
    let today = today();
    let mut out = json!(request);
    out["state"] = json!(request.state_on(today));
    out["clock"] = json!(request.clock.map(|clock| desk.reading(&clock, today)));
    out["term"] = json!(request.term.map(|term| json!({
        "from": term.from.to_string(), "until": term.until.to_string(),
    })));
    out["href"] = json!(format!("/requests/{}", request.id));
    out
}

/// A JSON body.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let read = serde_json::from_slice(body).map_err(|error| {
        // What serde says names members and types, never a value's text beyond what was sent.
        let found = record::Prose::from(error.to_string());
        let expected = prose!("接口描述（/api）中的形式", "the form that /api describes");
        QueryError::BadBody { found, expected }
    });
    Ok(read?)
}

/// A body with a note, which may be absent.
pub fn note(body: &[u8]) -> Result<String, Failure> {
    let note = match body.iter().all(u8::is_ascii_whitespace) {
        true => Note::default(),
        false => read(body)?,
    };
    Ok(note.note)
}

/// The answer to something new.
pub fn created(address: &str, value: &Value) -> Response {
    let mut response = json(value);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

fn state(text: &str) -> Result<State, QueryError> {
    let found = State::ALL.into_iter().find(|state| state.name() == text);
    let names: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
    found.ok_or_else(|| QueryError::bad("state", text, names.join(", ")))
}
