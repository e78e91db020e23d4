//! Around every request: the guard, the log and the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::answer::answer;
use crate::app::App;
use crate::{guard, patience, routes};

/// How long the sender of a file may be silent.
const SILENCE: Duration = Duration::from_secs(60);

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
    let response = match &app.guard {
        Some(guard) => guard::pass(&app, guard, request, next, &mut caller).await,
        None => answer(&app, request, next).await,
    };
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
