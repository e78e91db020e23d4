//! The same request again: as of when it was answered, or as of now. Its way is the one that every request
//! takes, with the caller who is known already: what that caller may not see any more is not shown.

use std::sync::{Arc, OnceLock};

use access::policy::Asked;
use access::{Asker, Caller, Moment, Purpose};
use audit::{Entry, Kind};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use record::{Problem, Prose, Transaction, prose};
use register::Store;
use tower::ServiceExt;

use super::decide;
use crate::answer::{self, answer};
use crate::app::App;
use crate::failure::Failure;
use crate::routes;

/// An answer given again.
pub struct Again {
    /// The answer.
    pub response: Response,
    /// The request, as it was decided on; nobody where it is refused now.
    pub asker: Option<Arc<Asker>>,
}

/// When the answer of an entry was given.
///
/// # Errors
///
/// `not-replayable`: it was no answer that only read data, or what was asked is not kept.
pub fn moment(entry: &Entry) -> Result<Moment, Failure> {
    let refused = |why: Prose| {
        let receipt = entry.receipt.to_string();
        Err(Failure::of(Problem::new(
            "not-replayable",
            "",
            receipt,
            why,
        )))
    };
    let note = &entry.note;
    let (Some(asked), Kind::Answer | Kind::Begun) = (&note.asked, note.kind) else {
        return refused(prose!("它不是一次答复", "it is no answer"));
    };
    if !only_reads(&asked.method, &asked.path) {
        return refused(prose!(
            "请求并非只读取数据",
            "the request did not only read data"
        ));
    }
    if asked.body_digest.is_some() {
        let why = prose!(
            "请求内容未保存，只有摘要",
            "only the digest of what was asked is kept"
        );
        return refused(why);
    }
    match (note.status, &note.times) {
        (Some(304), _) => refused(prose!(
            "调用方已有此答复",
            "the caller had the answer already"
        )),
        (_, Some(times)) => Ok(Moment {
            transaction: Transaction(times.transaction),
            instant: times.instant,
        }),
        (_, None) => refused(prose!("答复未读取数据", "no data were read for it")),
    }
}

/// Whether a request only reads registers.
fn only_reads(method: &str, path: &str) -> bool {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("GET", ["collections", ..] | ["search"] | ["suggest"]) => true,
        ("POST", ["query"]) => true,
        ("POST", ["collections", _, last]) => matches!(*last, "lookup" | "verify"),
        _ => false,
    }
}

/// Asks again what an entry says was asked: as of a moment, or as of now. `given` is the request that asks
/// for it.
///
/// # Errors
///
/// What was asked cannot be asked any more.
pub async fn ask(
    app: &Arc<App>,
    caller: Arc<Caller>,
    entry: &Entry,
    moment: Option<Moment>,
) -> Result<Again, Failure> {
    let request = request(entry, moment)?;
    let decided: Arc<OnceLock<Arc<Asker>>> = Arc::default();
    let (slot, inner) = (decided.clone(), app.clone());
    let way = middleware::from_fn(move |request: Request, next: Next| {
        let (app, caller, slot) = (inner.clone(), caller.clone(), slot.clone());
        async move { decided_on(&app, caller, &slot, request, next).await }
    });
    let router = routes::all()
        .with_state(app.clone())
        .layer(DefaultBodyLimit::max(app.options.body_bytes))
        .layer(way);
    let response = router.oneshot(request).await.into_response();
    Ok(Again {
        response,
        asker: decided.get().cloned(),
    })
}

async fn decided_on(
    app: &Arc<App>,
    caller: Arc<Caller>,
    slot: &OnceLock<Arc<Asker>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(guard) = &app.guard else {
        return answer(app, request, next).await;
    };
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    match decide::decide(app, guard, caller, &request, route) {
        Ok(asker) => {
            slot.get_or_init(|| asker.clone());
            request.extensions_mut().insert(asker);
            answer(app, request, next).await
        }
        Err(failure) => answer::refusal(app, request.headers(), &failure),
    }
}

/// The store as a caller sees it now for the purpose of an entry; nothing where that is refused.
pub fn seen(app: &App, caller: &Caller, entry: &Entry) -> Option<Arc<dyn Store>> {
    let guard = app.guard.as_ref()?;
    let what_for = entry.note.what_for.clone().unwrap_or_default();
    let purpose = Purpose {
        purpose: what_for.purpose,
        case: what_for.case,
        exchange: what_for.exchange,
    };
    let asked = Asked {
        caller,
        purpose: &purpose,
        role: None,
        method: "GET",
        route: "/recalls",
        collection: None,
        day: query::times::today(),
    };
    let decision = guard.decider.policy(app).see(&asked).ok()?;
    Some(decision.store.clone())
}

/// The request as it came, without what only said what the caller had already.
fn request(entry: &Entry, moment: Option<Moment>) -> Result<Request, Failure> {
    let (Some(asked), note) = (&entry.note.asked, &entry.note) else {
        return Err(Failure::internal(
            "an entry without a request is asked again",
        ));
    };
    let address = match &asked.query {
        Some(query) => format!("{}?{query}", asked.path),
        None => asked.path.clone(),
    };
    let unreadable = |what: &str| Failure::internal(&format!("{what} of an entry cannot be read"));
    let method = Method::from_bytes(asked.method.as_bytes());
    let body = Body::from(asked.body.clone().unwrap_or_default());
    let mut request = Request::new(body);
    *request.method_mut() = method.map_err(|_| unreadable("the method"))?;
    *request.uri_mut() = address.parse().map_err(|_| unreadable("the address"))?;
    let what_for = note.what_for.clone().unwrap_or_default();
    let purpose = what_for
        .purpose
        .map(|purpose| ("jiku-purpose".to_owned(), purpose));
    let case = what_for.case.map(|case| ("jiku-case".to_owned(), case));
    let conditional = |name: &str| name.starts_with("if-") || name == "jiku-transaction";
    let headers = asked.headers.clone().into_iter();
    let headers = headers.filter(|(name, _)| !conditional(name));
    for (name, value) in headers.chain(purpose).chain(case).chain(what_for.exchange) {
        let name = HeaderName::from_bytes(name.as_bytes());
        let name = name.map_err(|_| unreadable("a header"))?;
        let value = HeaderValue::from_str(&value).map_err(|_| unreadable("a header"))?;
        request.headers_mut().insert(name, value);
    }
    if let Some(moment) = moment {
        request.extensions_mut().insert(moment);
    }
    Ok(request)
}
