//! Errors as problem+json (RFC 9457), with a code and texts in Chinese and English.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use load::book::BookError;
use load::{Located, WriteError};
use query::QueryError;
use record::{Problem, Prose};
use schema::Problems;
use serde_json::{Value, json};

/// A request that fails. It becomes a response in two steps: the handler answers with the failure
/// attached, and [`crate::observe`] writes the body, which needs the table of problems.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The problem.
    pub problem: Box<Problem>,
    /// What is wrong inside the body of the request, one by one.
    pub located: Vec<Located>,
    /// What the log should hold, and the answer should not.
    pub private: Option<String>,
    /// What the caller may choose from, in a member of its own.
    pub candidates: Vec<String>,
    /// After how many seconds the same may be asked again, where time mends it.
    pub again_after: Option<u64>,
}

impl Failure {
    /// Of a problem.
    pub fn of(problem: Problem) -> Failure {
        Failure {
            problem: Box::new(problem),
            located: Vec::new(),
            private: None,
            candidates: Vec::new(),
            again_after: None,
        }
    }

    /// An error inside the server. The answer bears a number under which the log has the reason.
    pub fn internal(reason: &str) -> Failure {
        let number = format!("{:x}", jiff::Timestamp::now().as_microsecond());
        Failure {
            private: Some(reason.to_string()),
            ..Failure::of(Problem::new("internal", "", number, ""))
        }
    }

    /// There is no such thing.
    pub fn not_found(what: &str) -> Failure {
        Failure::of(Problem::new("not-found", "", what, ""))
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Failure {
        match &error {
            QueryError::Store(reason) => Failure::internal(&reason.to_string()),
            _ => Failure::of(error.problem()),
        }
    }
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Failure {
        match error.problem() {
            Some(problem) => Failure {
                candidates: error.candidates().to_vec(),
                ..Failure::of(problem)
            },
            None => Failure::internal(&error.to_string()),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        match error.problem() {
            None => Failure::internal(&error.to_string()),
            Some(problem) => Failure {
                located: error.into_problems(),
                ..Failure::of(problem)
            },
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// After how many seconds who is turned away for now may ask again: a load that holds a write up takes
/// some, a start too.
const AGAIN_AFTER: &str = "5";

/// The response of a failure.
pub fn response(failure: &Failure, problems: &Problems, chinese: bool) -> Response {
    let problem = &failure.problem;
    let status = problems.status(&problem.code);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = problems.text(problem);
    let mut body = json!({
        "type": format!("urn:jiku:problem:{}", problem.code),
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": if chinese { &text.zh } else { &text.en },
        "code": problem.code.as_str(),
        "messages": { "zh": text.zh, "en": text.en },
    });
    if !problem.field.is_empty() {
        body["parameter"] = json!(problem.field.as_str());
    }
    if !failure.candidates.is_empty() {
        body["candidates"] = json!(failure.candidates);
    }
    if !failure.located.is_empty() {
        let each = failure.located.iter();
        body["problems"] = each.map(|one| located(one, problems, chinese)).collect();
    }
    let kind = HeaderValue::from_static("application/problem+json");
    let headers = [(header::CONTENT_TYPE, kind)];
    let mut response = (status, headers, body.to_string()).into_response();
    if let Some(seconds) = failure.again_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    } else if status == StatusCode::SERVICE_UNAVAILABLE {
        let seconds = HeaderValue::from_static(AGAIN_AFTER);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    if status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer realm=\"jiku\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, scheme);
    }
    response
}

/// One thing wrong inside a body: where, what was found, and what was expected.
fn located(one: &Located, problems: &Problems, chinese: bool) -> Value {
    let problem = &one.problem;
    let text = problems.text(problem);
    let mut out = json!({
        "pointer": one.pointer,
        "code": problem.code.as_str(),
        "detail": if chinese { &text.zh } else { &text.en },
        "messages": { "zh": text.zh, "en": text.en },
    });
    let in_language = |part: &Prose| json!(if chinese { &part.zh } else { &part.en });
    for (name, part) in [("found", &problem.value), ("expected", &problem.expected)] {
        if !part.en.is_empty() {
            out[name] = in_language(part);
        }
    }
    out
}
