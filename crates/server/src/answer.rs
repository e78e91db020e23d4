//! One request's answer: the time limit, panics, problems, entity tags.
//!
//! Whoever guards the server has let the request in: a caller's entity tags are of its own view.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use access::Asker;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use query::QueryError;
use record::{Problem, Transaction, prose};

use crate::app::App;
use crate::failure::{self, Failure};
use crate::patience::TooSlow;
use crate::routes::write::TRANSACTION;
use crate::{origin, routes};

/// How much longer than a query a whole request may take: reading the body, writing the answer.
const GRACE: Duration = Duration::from_secs(2);

/// What an answer depends on besides its address.
pub const VARY: &str = "Accept, Authorization, Jiku-Purpose, Jiku-Role";

/// Runs a request. The response is as it leaves: failures are problems already.
pub async fn answer(app: &Arc<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let path = request.uri().path().to_string();
    let chinese = prefers_chinese(request.headers());
    let late = request.extensions().get::<TooSlow>().cloned();
    // A record's own tag says more than that of the whole state.
    let is_item = route
        .as_ref()
        .is_some_and(|route| route.as_str() == crate::routes::ITEM);
    let tag = entity_tag(app, &request).filter(|_| !is_item);
    let changed = tag.as_ref().and_then(|_| changed(app));
    let is_known = tag
        .as_ref()
        .is_some_and(|tag| is_known(request.headers(), tag, changed.as_ref()));
    let mut response = if let Err(failure) = check_transaction(app, request.headers()) {
        failure.into_response()
    } else if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if let Err(failure) = origin::check(&request, app.guard.is_some()) {
        failure.into_response()
    } else {
        run(app, route.as_ref(), request, next).await
    };
    if method == Method::OPTIONS && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = allowed(route.as_ref());
    }
    if let Some(mut failure) = failure_of(&mut response, app, &method, &path) {
        if late.is_some_and(|late| late.is()) {
            let seconds = app.options.limits.time.as_secs().to_string();
            failure = Failure::of(Problem::new("body-too-slow", "", "", seconds));
        }
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem(app, chinese, &failure);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    } else if let Some(tag) = tag.filter(|_| response.status().is_success() || is_known) {
        mark(response.headers_mut(), tag, changed);
    }
    response
}

/// The answer to a request that no handler sees; `headers` are the request's.
pub fn refusal(app: &App, headers: &HeaderMap, failure: &Failure) -> Response {
    problem(app, prefers_chinese(headers), failure)
}

/// A failure as it leaves, and in the log what the answer does not tell.
fn problem(app: &App, chinese: bool, failure: &Failure) -> Response {
    if let Some(reason) = &failure.private {
        tracing::error!(
            number = &*failure.problem.value.en,
            reason,
            "internal error"
        );
    }
    failure::response(failure, &app.whole.catalog().problems, chinese)
}

/// Runs the handler within its time.
async fn run(app: &App, route: Option<&MatchedPath>, request: Request, next: Next) -> Response {
    let limit = app.options.limits.time;
    let takes_long = route.is_some_and(|route| routes::takes_long(route.as_str()));
    let longest = if takes_long {
        Duration::MAX
    } else {
        limit + GRACE
    };
    let run = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(longest, run).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Failure::internal("a handler panicked").into_response(),
        Err(_) => Failure::from(QueryError::TimeLimit(limit)).into_response(),
    }
}

/// What a cache needs to know of an answer.
fn mark(headers: &mut HeaderMap, tag: HeaderValue, changed: Option<HeaderValue>) {
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    if let Some(changed) = changed {
        headers.insert(header::LAST_MODIFIED, changed);
    }
}

/// What an address takes (RFC 9110, 9.3.7): the router adds `Allow`, as it does where it refuses a method.
fn allowed(route: Option<&MatchedPath>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if route.is_some_and(|route| route.as_str() == routes::ITEM) {
        let kinds = "application/merge-patch+json, application/geo+json, application/json";
        let headers = response.headers_mut();
        headers.insert("accept-patch", HeaderValue::from_static(kinds));
    }
    response
}

/// The failure a response stands for: a handler's own, or one of the router's bare statuses.
fn failure_of(response: &mut Response, app: &App, method: &Method, path: &str) -> Option<Failure> {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    // What others beside these routes answer as a problem stays as they say it.
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_problem = kind.is_some_and(|kind| kind == "application/problem+json");
    if response.status().as_u16() < 400 || is_problem {
        return None;
    }
    Some(match response.status() {
        StatusCode::NOT_FOUND => Failure::not_found(path),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response
                .headers()
                .get(header::ALLOW)
                .and_then(|value| value.to_str().ok());
            Failure::of(Problem::new(
                "method-not-allowed",
                "",
                method.as_str(),
                allow.unwrap_or(""),
            ))
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            let bytes = app.options.body_bytes;
            Failure::of(Problem::new(
                "body-too-large",
                "",
                format!("> {bytes}"),
                prose!("{bytes} 字节", "{bytes} bytes"),
            ))
        }
        StatusCode::SERVICE_UNAVAILABLE => Failure::of(Problem::new(
            "not-ready",
            "",
            prose!("正在启动或停止", "starting or stopping"),
            "",
        )),
        status if status.is_client_error() => Failure::of(Problem::new(
            "bad-parameter",
            "path",
            path,
            prose!("可以解读的地址", "an address that can be read"),
        )),
        status => Failure::internal(&format!("status {status}")),
    })
}

/// Whoever has written may ask to be answered from no earlier state: `Jiku-Transaction` with the number
/// that the write was answered with.
fn check_transaction(app: &App, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(value) = headers.get(TRANSACTION) else {
        return Ok(());
    };
    let text = value.to_str().unwrap_or_default();
    let wanted: u64 = text.parse().map_err(|_| {
        let expected = prose!("事务编号，如 17", "the number of a transaction, such as 17");
        QueryError::bad("Jiku-Transaction", text, expected)
    })?;
    let known = app.whole.view().transaction().0;
    if wanted > known {
        let problem = Problem::new("behind", "Jiku-Transaction", text, known.to_string());
        return Err(Failure::of(problem));
    }
    Ok(())
}

fn prefers_chinese(headers: &HeaderMap) -> bool {
    let language = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    language.is_some_and(|language| language.trim_start().starts_with("zh"))
}

/// Of reads of data: the state they see, the day (which decides what "now" means), and what was asked.
fn entity_tag(app: &App, request: &Request) -> Option<HeaderValue> {
    let path = request.uri().path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD)
        && (path.starts_with("/collections") || path == "/search");
    if !is_read {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    request
        .uri()
        .path_and_query()
        .map(|asked| asked.as_str())
        .hash(&mut hasher);
    request
        .headers()
        .get(header::ACCEPT)
        .map(HeaderValue::as_bytes)
        .hash(&mut hasher);
    query::times::today().hash(&mut hasher);
    // What is seen differs from caller to caller, and with the purpose.
    if let Some(asker) = request.extensions().get::<Arc<Asker>>() {
        asker.sight.digest().hash(&mut hasher);
    }
    let transaction = app.whole.view().transaction().0;
    // Weak: answers that tell the same differ in when they were written.
    let tag = format!("W/\"{transaction:x}-{:016x}\"", hasher.finish());
    HeaderValue::from_str(&tag).ok()
}

/// When the state last changed: with its last transaction, or with the day, which decides what "now" means.
fn changed(app: &App) -> Option<HeaderValue> {
    let begun = query::times::begins(query::times::today());
    date(app, app.whole.view().transaction(), begun)
}

/// When a record last changed, for the header `Last-Modified`.
pub fn last_modified(app: &App, version: Transaction) -> Option<HeaderValue> {
    let begun = query::times::begins(query::times::today());
    date(app, version, begun)
}

/// The later of a transaction's instant and another one, as HTTP writes it (RFC 9110, 5.6.7). Seconds are
/// rounded up, and the one under way is not told: it may still see another change.
fn date(app: &App, transaction: Transaction, begun: i64) -> Option<HeaderValue> {
    const SECOND: i64 = 1_000_000;
    let instant = app.whole.instant_of(transaction)?.max(begun);
    let second = instant.div_euclid(SECOND) + i64::from(instant.rem_euclid(SECOND) > 0);
    let at = jiff::Timestamp::from_second(second).ok()?;
    if at > jiff::Timestamp::now() {
        return None;
    }
    HeaderValue::from_str(&at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// Whether the caller has this answer already. A tag says more than a date, which then counts for nothing.
pub fn is_known(headers: &HeaderMap, tag: &HeaderValue, changed: Option<&HeaderValue>) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return matches(headers, tag);
    }
    let since = headers
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok());
    let read = |text: &str| {
        let civil = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
        Some(civil)
    };
    let (Some(since), Some(changed)) = (since, changed) else {
        return false;
    };
    let changed = changed.to_str().unwrap_or_default();
    matches!((read(since), read(changed)), (Some(since), Some(changed)) if changed <= since)
}

/// Whether the caller has the answer of this tag already.
pub fn matches(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let Some(given) = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_string();
    let tag = opaque(tag.to_str().unwrap_or_default());
    given.split(',').any(|one| opaque(one) == tag)
}
