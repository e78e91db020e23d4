//! Who asks, and whether not too often.

use std::sync::Arc;

use access::Caller;
use access::callers::Refusal;
use axum::extract::Request;
use axum::http::header;
use record::Problem;

use super::{Guard, is_open};
use crate::failure::Failure;

/// Tells who asks. Where nothing is shown, nobody known asks, which open routes allow.
///
/// # Errors
///
/// 401 `not-authenticated`, one text whatever is wrong with what is shown; 429 `too-many-requests`.
pub fn authenticate(
    guard: &Guard,
    request: &Request,
    route: Option<&str>,
) -> Result<Arc<Caller>, Failure> {
    let mut shown = request.headers().get_all(header::AUTHORIZATION).iter();
    let refused = || Failure::of(Problem::new("not-authenticated", "", "", ""));
    let known = match (shown.next(), shown.next()) {
        (None, _) if is_open(route) => return Ok(Arc::new(Caller::nobody())),
        (Some(one), None) => guard.callers.bearer(one.as_bytes()),
        // Of two, it could not be told which another server on the way has looked at.
        _ => return Err(refused()),
    };
    known.map_err(|refusal| match refusal {
        Refusal::Unknown => refused(),
        Refusal::TooMany { seconds } => Failure {
            again_after: Some(seconds),
            ..Failure::of(Problem::new(
                "too-many-requests",
                "",
                seconds.to_string(),
                "",
            ))
        },
    })
}
