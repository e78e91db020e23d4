//! The rest of a request's way, and what is written down of it.

use std::sync::Arc;

use access::{Asker, Caller};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use super::Guard;
use crate::answer::{self, answer};
use crate::app::App;
use crate::failure::Failure;

/// What writes down.
#[derive(Default)]
pub struct Receipts {}

/// Runs the rest.
pub async fn run(
    app: &Arc<App>,
    _guard: &Guard,
    _asker: Arc<Asker>,
    request: Request,
    next: Next,
) -> Response {
    answer(app, request, next).await
}

/// Answers a request that is refused before any handler; `caller` where it is known who asked.
pub async fn refused(
    app: &App,
    _guard: &Guard,
    _caller: Option<&Caller>,
    request: Request,
    failure: Failure,
) -> Response {
    answer::refusal(app, request.headers(), &failure)
}
