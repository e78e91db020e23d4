//! Who may come in: three steps before any handler.
//!
//! | step | what | where it stops |
//! |---|---|---|
//! | [`authenticate`] | who asks, and whether not too often | 401, 429 |
//! | [`decide`] | what for, and what of the registers is seen | 403, 404 |
//! | [`receipt`] | the rest of the way, written down before the answer leaves | |
//!
//! A refusal of the first two is written down by the third as well. Every request gets an
//! [`Asker`](access::Asker) into its extensions, also where nobody known asks: the caller is then
//! [`access::Caller::nobody`], and only the routes of [`is_open`] are reached. The commands of this
//! machine's own command line, under `/admin/`, show a secret of their own, pass the first two steps by,
//! and are written down too.

pub mod authenticate;
pub mod decide;
pub mod receipt;
pub mod replay;
mod sent;
mod stream;

use std::path::Path;
use std::sync::Arc;

use access::callers::CallersError;
use access::callers::guesses::Guesses;
use access::callers::token::Issuer;
use access::{Caller, Callers, Rules};
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use schema::{Catalog, SchemaError};

use crate::app::App;

/// What guards a server.
pub struct Guard {
    /// Who is known.
    pub callers: Arc<Callers>,
    /// Who tries what is not known.
    pub guesses: Guesses,
    /// What they may do and see.
    pub decider: decide::Decider,
    /// What is written down.
    pub receipts: receipt::Receipts,
}

impl Guard {
    /// What guards the data of a directory, whose schemas are `catalog`; `issuers` sign tokens that are
    /// taken in place of keys.
    ///
    /// # Errors
    ///
    /// Who is known cannot be read; the audit trail cannot be opened; the rules have a mistake.
    pub fn open(data: &Path, catalog: &Catalog, issuers: Vec<Issuer>) -> Result<Guard, GuardError> {
        Guard::open_with(data, catalog, issuers, audit::Options::default().sync)
    }

    /// The same, with an audit trail that reaches the disk so.
    ///
    /// # Errors
    ///
    /// As [`Guard::open`].
    pub fn open_with(
        data: &Path,
        catalog: &Catalog,
        issuers: Vec<Issuer>,
        sync: audit::Sync,
    ) -> Result<Guard, GuardError> {
        let deferrals = access::deferral::deferrals(&catalog.access, &Rules::of(catalog)?)?;
        let deferrals = deferrals.into_iter();
        let deferrals = deferrals.map(|(purpose, deferral)| (purpose, deferral.days));
        Ok(Guard {
            guesses: Guesses::default(),
            callers: Arc::new(Callers::open(data, issuers)?),
            decider: decide::Decider::of(catalog)?,
            receipts: receipt::Receipts::open(data, sync, deferrals.collect())?,
        })
    }
}

/// Why a server cannot be guarded.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// Who is known cannot be read.
    #[error(transparent)]
    Callers(#[from] CallersError),
    /// The rules have a mistake.
    #[error(transparent)]
    Rules(#[from] SchemaError),
    /// The audit trail cannot be opened.
    #[error(transparent)]
    Trail(#[from] audit::AuditError),
}

/// Takes a request through the three steps. `caller` is told who asked, for the metrics and the log.
pub async fn pass(
    app: &Arc<App>,
    guard: &Guard,
    mut request: Request,
    next: Next,
    who: &mut Option<Arc<Caller>>,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map(MatchedPath::as_str);
    if route.is_some_and(|route| route.starts_with("/admin/")) {
        return receipt::run_own(app, guard, request, next).await;
    }
    let caller = match authenticate::authenticate(guard, &request, route) {
        Ok(caller) => caller,
        Err(failure) => return receipt::refused(app, guard, None, request, failure).await,
    };
    *who = Some(caller.clone());
    match decide::decide(app, guard, caller.clone(), &request, route) {
        Ok(asker) => {
            request.extensions_mut().insert(asker.clone());
            receipt::run(app, guard, asker, request, next).await
        }
        Err(failure) => receipt::refused(app, guard, Some(&caller), request, failure).await,
    }
}

/// Whether nobody known may ask: what tells nothing of the data.
pub fn is_open(route: Option<&str>) -> bool {
    let Some(route) = route else {
        return false;
    };
    const EXACT: [&str; 5] = ["/", "/api", "/conformance", "/console", "/open"];
    const BELOW: [&str; 3] = ["/health/", "/console/", "/open/"];
    EXACT.contains(&route) || BELOW.iter().any(|open| route.starts_with(open))
}
