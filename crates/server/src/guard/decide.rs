//! What a caller may do, and what of the registers it sees.
//!
//! What is decided is in [`access::policy`]; here a request is read as far as it decides. Of the data,
//! handlers are given the store decided on and nothing else: what is hidden is not there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use access::policy::{Asked, Decision};
use access::{Asker, Caller, Grants, Policy, Purpose, Rules};
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use schema::{Catalog, SchemaError};

use super::Guard;
use crate::app::App;
use crate::failure::Failure;
use crate::routes;

/// The purpose of a request.
pub const PURPOSE: &str = "jiku-purpose";
/// The number of the case it is for.
pub const CASE: &str = "jiku-case";
/// The one role it is made in.
pub const ROLE: &str = "jiku-role";
/// What exchanges say of a request begins so (X-Road message protocol for REST).
const EXCHANGE: &str = "x-road-";
/// The case, as exchanges say it.
const EXCHANGE_CASE: &str = "x-road-issue";
/// The most bytes of such a header that count.
const LONGEST: usize = 256;
/// The most headers of an exchange that are kept.
const MOST_EXCHANGE: usize = 16;

/// What decides.
pub struct Decider {
    // Those of the desk where no others are given.
    grants: Option<Arc<dyn Grants>>,
    // Over the server's own store, which is there once it serves.
    rules: Mutex<Option<Rules>>,
    policy: OnceLock<Arc<Policy>>,
}

impl Decider {
    /// Decides by the rules that stand beside schemas, and obeys what the server's desk grants.
    ///
    /// # Errors
    ///
    /// A file of the rules has a mistake: which, and on which line.
    pub fn of(catalog: &Catalog) -> Result<Decider, SchemaError> {
        Ok(Decider {
            grants: None,
            rules: Mutex::new(Some(Rules::of(catalog)?)),
            policy: OnceLock::new(),
        })
    }

    /// The same, obeying other grants than the desk's.
    ///
    /// # Errors
    ///
    /// As [`Decider::of`].
    pub fn open(catalog: &Catalog, grants: Arc<dyn Grants>) -> Result<Decider, SchemaError> {
        Ok(Decider {
            grants: Some(grants),
            ..Decider::of(catalog)?
        })
    }

    /// The policy over the server's store.
    pub fn policy(&self, app: &App) -> &Arc<Policy> {
        self.policy.get_or_init(|| {
            let rules = self.rules.lock().ok().and_then(|mut rules| rules.take());
            let policy = Policy::new(rules.unwrap_or_default(), app.whole.clone());
            // What the desk grants is obeyed from the next request on.
            let desk = app
                .sharing
                .as_ref()
                .and_then(|sharing| sharing.desk.clone());
            let desk = desk.map(|desk| desk as Arc<dyn Grants>);
            Arc::new(match self.grants.clone().or(desk) {
                Some(grants) => policy.with_grants(grants),
                None => policy,
            })
        })
    }
}

/// Decides what a request is shown.
///
/// # Errors
///
/// The caller may not do it (403), or may not know of it (404).
pub fn decide(
    app: &App,
    guard: &Guard,
    caller: Arc<Caller>,
    request: &Request,
    route: Option<&str>,
) -> Result<Arc<Asker>, Failure> {
    let policy = guard.decider.policy(app);
    let purpose = purpose(request.headers());
    let role = header(request.headers(), ROLE);
    let named = route.and_then(|route| parameter(route, request.uri().path(), "{collection}"));
    let asked = Asked {
        caller: &caller,
        purpose: &purpose,
        role: role.as_deref(),
        method: request.method().as_str(),
        route: route.unwrap_or_default(),
        collection: named.as_deref(),
        day: query::times::today(),
    };
    // What no route is, and what a route does not take, is for the router to say.
    let decided = if is_routed(request.method(), route) {
        policy.decide(&asked)
    } else {
        policy.see(&asked)
    };
    let decision: Arc<Decision> = decided.map_err(|refusal| {
        tracing::warn!(caller = %caller.id, route, %refusal, "refused");
        Failure::of(refusal.problem())
    })?;
    if let Some(name) = &named {
        query::plan::collection(decision.store.catalog(), name)?;
    }
    Ok(Arc::new(Asker::new(
        caller,
        purpose,
        decision.sight.clone(),
        decision.store.clone(),
    )))
}

/// Whether a handler takes this method on this route.
fn is_routed(method: &Method, route: Option<&str>) -> bool {
    let Some(route) = route else {
        return false;
    };
    let method = match *method {
        Method::HEAD => "get".to_string(),
        _ => method.as_str().to_ascii_lowercase(),
    };
    let described = |one: &&routes::Route| one.path == route;
    let mut of_route = routes::TABLE.iter().filter(described).peekable();
    // Of routes beside the table nothing is known but what the policy says.
    of_route.peek().is_none() || of_route.any(|one| one.method == method)
}

/// What a request says it is for.
fn purpose(headers: &HeaderMap) -> Purpose {
    let mut exchange = BTreeMap::new();
    for name in headers
        .keys()
        .filter(|name| name.as_str().starts_with(EXCHANGE))
    {
        if exchange.len() < MOST_EXCHANGE
            && let Some(value) = header(headers, name.as_str())
        {
            exchange.insert(name.as_str().to_string(), value);
        }
    }
    let case = header(headers, CASE).or_else(|| exchange.get(EXCHANGE_CASE).cloned());
    Purpose {
        purpose: header(headers, PURPOSE),
        case,
        exchange,
    }
}

/// A header's text: UTF-8, or percent-encoded UTF-8. Of one that stands twice it cannot be told which
/// is meant: both count, by a comma, and so mean nothing known.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut text = String::new();
    for (place, value) in headers.get_all(name).iter().enumerate() {
        if place > 0 {
            text.push_str(", ");
        }
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        text.push_str(&percent_decode_str(value.trim()).decode_utf8_lossy());
    }
    let ends = text
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= LONGEST);
    if text.len() > LONGEST {
        text.truncate(ends.last().unwrap_or_default());
    }
    (!text.is_empty()).then_some(text)
}

/// What stands in an address where its template has a parameter.
fn parameter(template: &str, path: &str, name: &str) -> Option<String> {
    let place = template.split('/').position(|part| part == name)?;
    let part = path.split('/').nth(place)?;
    Some(percent_decode_str(part).decode_utf8_lossy().into_owned())
}

/// A record that is not seen cannot be written either: it is not there.
///
/// # Errors
///
/// `not-found`, as of any id that does not exist.
pub fn check_seen(asker: &Asker, collection: &str, id: &str) -> Result<(), Failure> {
    let Ok(entity) = id.parse() else {
        return Ok(());
    };
    let version = asker.store.view().version(collection, entity);
    match version.map_err(query::QueryError::Store)? {
        Some(_) => Ok(()),
        None => Err(Failure::not_found(id)),
    }
}

/// Who writes or loads speaks for its own department, unless its role is for all.
///
/// # Errors
///
/// `not-permitted`.
pub fn check_department(asker: &Asker, department: &str) -> Result<(), Failure> {
    if asker.sight.speaks_for(department) {
        return Ok(());
    }
    let refusal = access::policy::Refusal::Department(department.to_string());
    Err(Failure::of(refusal.problem()))
}
