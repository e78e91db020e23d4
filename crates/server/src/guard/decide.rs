//! What a caller may do, and what of the registers it sees.

use std::sync::Arc;

use access::{Asker, Caller, Purpose};
use axum::extract::Request;

use super::Guard;
use crate::app::App;
use crate::failure::Failure;

/// What decides.
#[derive(Default)]
pub struct Decider {}

/// Decides what a request is shown. Every caller sees everything.
///
/// # Errors
///
/// The caller may not do it (403), or may not know of it (404).
pub fn decide(
    app: &App,
    _guard: &Guard,
    caller: Arc<Caller>,
    request: &Request,
    _route: Option<&str>,
) -> Result<Arc<Asker>, Failure> {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(value.to_str().ok()?.to_string())
    };
    let purpose = Purpose {
        purpose: header("jiku-purpose"),
        case: header("jiku-case"),
        exchange: std::collections::BTreeMap::new(),
    };
    Ok(Arc::new(Asker {
        caller,
        purpose,
        store: app.whole.clone(),
    }))
}
