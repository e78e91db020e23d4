//! Around every request: the guard, the log and the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::answer::answer;
use crate::app::App;
use crate::routes::links::SCHEME;
use crate::{guard, patience, routes};

/// How long the sender of a file may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// What a browser, and whatever keeps answers on the way, is told of every answer: to take it for what it
/// says it is, to keep nothing that was meant for one caller, and to come back over TLS.
fn secure(headers: &mut HeaderMap, is_guarded: bool, is_encrypted: bool) {
    let mut tell = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    tell(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    tell(header::REFERRER_POLICY, "no-referrer");
    if is_guarded {
        tell(header::CACHE_CONTROL, "no-store");
    }
    if is_encrypted {
        tell(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// Runs a request.
pub async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let is_upload = route
        .as_ref()
        .is_some_and(|route| routes::takes_long(route.as_str()));
    let time = if is_upload {
        SILENCE
    } else {
        app.options.limits.time
    };
    let request = patience::hurry(request, time, is_upload);
    let mut caller = None;
    let is_encrypted = request
        .headers()
        .get(SCHEME)
        .is_some_and(|scheme| scheme == "https");
    let mut response = match &app.guard {
        Some(guard) => guard::pass(&app, guard, request, next, &mut caller).await,
        None => answer(&app, request, next).await,
    };
    secure(response.headers_mut(), app.guard.is_some(), is_encrypted);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let route = route.as_ref().map(MatchedPath::as_str);
    app.metrics.count(route, status, took);
    if let Some(caller) = &caller {
        app.metrics.count_caller(&caller.id, route, status);
    }
    app.linger.answered();
    // The template, never the address: what was asked for may identify a person.
    tracing::info!(
        method = method.as_str(),
        route = route.unwrap_or("-"),
        caller = caller.as_ref().map_or("-", |caller| caller.id.as_str()),
        status,
        milliseconds = took.as_secs_f64() * 1000.0,
        "request"
    );
    response
}
