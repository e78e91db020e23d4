//! The rest of a request's way, and what is written down of it before the answer leaves.
//!
//! Every answer bears `Jiku-Receipt`, the name of its entry in the audit trail. A whole answer has one entry:
//! the request, what was read, and the digest of the answer. An answer that is written while it is sent
//! has one before its first byte, one before each part that tells of more records, and one at its end; its
//! receipt is the first of them. Where an entry cannot be written, there is no answer: 503
//! `audit-unavailable`, and a stream breaks off.
//!
//! What nobody known asks of the open pages (probes, the console's files) is not written down.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use access::{Asker, Caller, Means, Purpose, Touches};
use audit::subject::Deferrals;
use audit::{
    Asked, AuditError, Hash, Kind, Note, Options, Sync, Times, Trail, WhatFor, Who, Written,
};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use record::Problem;

use super::sent::{self, Sent};
use super::{Guard, is_open, stream};
use crate::answer::{self, answer};
use crate::app::App;
use crate::failure::Failure;
use crate::routes;

/// The name of an answer's entry in the trail.
pub const RECEIPT: HeaderName = HeaderName::from_static("jiku-receipt");

/// The trail's folder in a data directory.
pub const FOLDER: &str = "audit";

/// The headers that an answer depends on, besides who asks and what for.
const HEADERS: [&str; 12] = [
    "accept",
    "accept-crs",
    "accept-language",
    "content-crs",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "jiku-department",
    "jiku-transaction",
    "prefer",
];

/// What writes down.
#[derive(Default)]
pub struct Receipts {
    trail: Option<Arc<Trail>>,
    /// The policy that decides, by its digest.
    policy: OnceLock<Option<String>>,
    /// What is kept from subjects, and for how long.
    deferrals: Deferrals,
    waits: bool,
}

impl Receipts {
    /// Writes into a trail; `sync` is how it was opened.
    pub fn new(trail: Arc<Trail>, sync: Sync, deferrals: Deferrals) -> Receipts {
        Receipts {
            trail: Some(trail),
            policy: OnceLock::new(),
            deferrals,
            waits: sync == Sync::Each,
        }
    }

    /// Writes into the trail of a data directory, made where there is none; it reaches the disk as `sync` says.
    ///
    /// # Errors
    ///
    /// It is damaged, another process has it open, or its files cannot be written.
    pub fn open(data: &Path, sync: Sync, deferrals: Deferrals) -> Result<Receipts, AuditError> {
        let options = Options {
            sync,
            ..Options::default()
        };
        let trail = Trail::open(&data.join(FOLDER), options)?;
        Ok(Receipts::new(Arc::new(trail), options.sync, deferrals))
    }

    /// The trail, where one is kept.
    pub fn trail(&self) -> Option<&Arc<Trail>> {
        self.trail.as_ref()
    }

    /// What is kept from subjects, and for how long.
    pub fn deferrals(&self) -> &Deferrals {
        &self.deferrals
    }

    /// The digest of the policy that decides.
    pub fn policy(&self, app: &App, guard: &Guard) -> Option<&str> {
        let digest = self.policy.get_or_init(|| {
            let policy = guard.decider.policy(app);
            Some(Hash(policy.rules().digest).to_string())
        });
        digest.as_deref()
    }

    /// Writes an entry, and waits until it is as safe as it is to be before anything is answered.
    pub(super) fn write(&self, trail: &Trail, note: &Note) -> Result<Written, AuditError> {
        let written = trail.append(note)?;
        if self.waits {
            tokio::task::block_in_place(|| trail.settle(written.sequence))?;
        }
        Ok(written)
    }
}

/// Runs the rest.
pub async fn run(
    app: &Arc<App>,
    guard: &Guard,
    asker: Arc<Asker>,
    request: Request,
    next: Next,
) -> Response {
    let is_nobody = asker.caller.means == Means::Nothing;
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    let is_plain =
        is_nobody && is_open(route) && !route.is_some_and(|route| route.starts_with("/open"));
    let Some(trail) = guard.receipts.trail.clone().filter(|_| !is_plain) else {
        return answer(app, request, next).await;
    };
    let note = Note {
        caller: Some(who(&asker.caller)),
        what_for: what_for(&asker.purpose),
        ..asked(app, guard, &request)
    };
    let keeps_body = !route.is_some_and(routes::takes_long);
    finish(app, trail, note, Some(asker), keeps_body, request, next).await
}

/// Runs a command of this machine's own command line.
pub async fn run_own(app: &Arc<App>, guard: &Guard, request: Request, next: Next) -> Response {
    let Some(trail) = guard.receipts.trail.clone() else {
        return answer(app, request, next).await;
    };
    let caller = Who {
        id: "command-line".to_owned(),
        means: "local".to_owned(),
        ..Who::default()
    };
    let note = Note {
        caller: Some(caller),
        ..asked(app, guard, &request)
    };
    finish(app, trail, note, None, true, request, next).await
}

/// Answers a request that is refused before any handler; `caller` where it is known who asked.
pub async fn refused(
    app: &App,
    guard: &Guard,
    caller: Option<&Caller>,
    request: Request,
    failure: Failure,
) -> Response {
    let response = answer::refusal(app, request.headers(), &failure);
    let Some(trail) = &guard.receipts.trail else {
        return response;
    };
    let purpose = Purpose {
        purpose: text(request.headers(), "jiku-purpose"),
        case: text(request.headers(), "jiku-case"),
        ..Purpose::default()
    };
    let note = Note {
        caller: caller.map(who),
        what_for: what_for(&purpose),
        ..asked(app, guard, &request)
    };
    let headers = request.headers();
    whole(app, &guard.receipts, trail, headers, note, response).await
}

/// Runs the handler, and writes down what it answers.
async fn finish(
    app: &Arc<App>,
    trail: Arc<Trail>,
    mut note: Note,
    asker: Option<Arc<Asker>>,
    keeps_body: bool,
    request: Request,
    next: Next,
) -> Response {
    // Only there, where a guard is, is there a trail.
    let Some(guard) = &app.guard else {
        return answer(app, request, next).await;
    };
    let (request, sent) = if keeps_body {
        sent::overhear(request)
    } else {
        (request, Sent::default())
    };
    let mut headers = HeaderMap::new();
    if let Some(language) = request.headers().get(header::ACCEPT_LANGUAGE) {
        headers.insert(header::ACCEPT_LANGUAGE, language.clone());
    }
    let response = answer(app, request, next).await;
    if let Some(asked) = &mut note.asked {
        (asked.body, asked.body_digest) = sent.take();
    }
    if let Some(asker) = &asker {
        note.times = asker.touched.transaction().map(|transaction| Times {
            transaction: transaction.0,
            instant: asker.store.now(),
        });
        touched(&mut note, asker.touched.take());
    }
    note.status = Some(response.status().as_u16());
    note.media_type = text(response.headers(), "content-type");
    if response.body().size_hint().exact().is_some() {
        return whole(app, &guard.receipts, &trail, &headers, note, response).await;
    }
    note.kind = Kind::Begun;
    match guard.receipts.write(&trail, &note) {
        Err(error) => unavailable(app, &headers, &error),
        Ok(written) => {
            let (parts, body) = response.into_parts();
            let body = stream::told(app.clone(), trail, written.sequence, asker, body);
            named(Response::from_parts(parts, body), written)
        }
    }
}

/// Writes down an answer that is there as a whole, and lets it go.
async fn whole(
    app: &App,
    receipts: &Receipts,
    trail: &Trail,
    headers: &HeaderMap,
    mut note: Note,
    response: Response,
) -> Response {
    let (parts, body) = response.into_parts();
    let bytes: Bytes = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => {
            let failure = Failure::internal(&error.to_string());
            return answer::refusal(app, headers, &failure);
        }
    };
    note.status = Some(parts.status.as_u16());
    note.media_type = text(&parts.headers, "content-type");
    note.digest = Some(Hash::of(&bytes));
    note.bytes = Some(bytes.len() as u64);
    match receipts.write(trail, &note) {
        Err(error) => unavailable(app, headers, &error),
        Ok(written) => named(Response::from_parts(parts, Body::from(bytes)), written),
    }
}

fn named(mut response: Response, written: Written) -> Response {
    if let Ok(value) = HeaderValue::from_bytes(&written.receipt.ascii()) {
        response.headers_mut().insert(RECEIPT, value);
    }
    response
}

/// Nothing is answered that is not written down.
fn unavailable(app: &App, headers: &HeaderMap, error: &AuditError) -> Response {
    let failure = Failure {
        private: Some(error.to_string()),
        ..Failure::of(Problem::new("audit-unavailable", "", "", ""))
    };
    answer::refusal(app, headers, &failure)
}

/// What was asked.
fn asked(app: &App, guard: &Guard, request: &Request) -> Note {
    let given = request.headers();
    let header = |name: &&str| Some(((*name).to_owned(), text(given, name)?));
    Note {
        asked: Some(Asked {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            headers: HEADERS.iter().filter_map(header).collect(),
            ..Asked::default()
        }),
        policy: guard.receipts.policy(app, guard).map(str::to_owned),
        ..Note::default()
    }
}

/// What was read, as the trail has it.
pub(super) fn touched(note: &mut Note, touches: Touches) {
    note.records = touches.records;
    note.counted = touches.counted;
}

fn who(caller: &Caller) -> Who {
    let means = match caller.means {
        Means::Key => "key",
        Means::Token => "token",
        Means::Certificate => "certificate",
        Means::Nothing => "nothing",
    };
    Who {
        id: caller.id.clone(),
        label: caller.label.clone(),
        department: caller.department.clone(),
        user: caller.user.clone(),
        roles: caller.roles.clone(),
        division: caller.division.clone(),
        means: means.to_owned(),
    }
}

fn what_for(purpose: &Purpose) -> Option<WhatFor> {
    (*purpose != Purpose::default()).then(|| WhatFor {
        purpose: purpose.purpose.clone(),
        case: purpose.case.clone(),
        exchange: purpose.exchange.clone(),
    })
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
