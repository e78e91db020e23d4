//! A guarded router in this process, and callers with keys.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use access::callers::register::Entry;
use access::grant::{Grants, NoGrants};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use record::Transaction;
use register::{Publication, Store, StoreError, View};
use schema::Catalog;
use serde_json::{Value, json};
use server::guard::Guard;
use server::guard::decide::Decider;
use tower::ServiceExt;

/// A store whose instants are the numbers of its transactions, in seconds: two stores with the same
/// history tell the same.
pub struct Steady<S> {
    pub store: S,
    /// Its schemas; with other rules of access, where a test has some.
    pub catalog: Arc<Catalog>,
}

impl<S: Store> Steady<S> {
    /// A store with its own schemas.
    pub fn new(store: S) -> Steady<S> {
        let catalog = store.catalog().clone();
        Steady { store, catalog }
    }
}

impl<S: Store> Store for Steady<S> {
    fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    fn view(&self) -> Arc<dyn View> {
        self.store.view()
    }

    fn transaction_at(&self, instant: i64) -> Transaction {
        let last = self.store.view().transaction();
        Transaction(
            u64::try_from(instant / 1_000_000)
                .unwrap_or_default()
                .min(last.0),
        )
    }

    fn instant_of(&self, transaction: Transaction) -> Option<i64> {
        (transaction.0 > 0).then(|| i64::try_from(transaction.0).ok()?.checked_mul(1_000_000))?
    }

    fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let mut all = self.store.publications()?;
        all.iter_mut().for_each(|one| one.instant = 1_000_000);
        Ok(all)
    }

    fn is_synthetic(&self) -> bool {
        self.store.is_synthetic()
    }

    fn size_on_disk(&self) -> (u64, u64) {
        self.store.size_on_disk()
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A guarded router.
pub struct Stage {
    router: Router,
    runtime: tokio::runtime::Runtime,
    callers: Arc<access::Callers>,
}

impl Stage {
    /// Guards a store by the rules that its schemas bring with them; keys are kept in a folder.
    pub fn new<S: Store + 'static>(folder: &Path, store: Arc<S>) -> Stage {
        Stage::granting(folder, store, Arc::new(NoGrants))
    }

    /// Guards a store, and obeys grants besides.
    pub fn granting<S: Store + 'static>(
        folder: &Path,
        store: Arc<S>,
        grants: Arc<dyn Grants>,
    ) -> Stage {
        let catalog = store.catalog().clone();
        let mut guard = Guard::open(folder, &catalog, Vec::new()).expect("a guard");
        guard.decider = Decider::open(&catalog, grants).expect("rules");
        let data = server::Data::from(store);
        let callers = guard.callers.clone();
        let router = server::router(data.guarded(guard), server::Options::default());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        Stage {
            router,
            runtime: runtime.expect("a runtime"),
            callers,
        }
    }

    /// Makes a caller, and answers its key.
    pub fn caller(&self, name: &str, roles: &[&str], more: Value) -> String {
        let mut entry = json!({ "name": name, "label": name, "roles": roles, "keys": [] });
        for (name, value) in more.as_object().expect("members") {
            entry[name] = value.clone();
        }
        let entry: Entry = serde_json::from_value(entry).expect("an entry");
        let minted = self
            .callers
            .register()
            .create(entry, None)
            .expect("a free name");
        // The register is looked at again after a quarter of a second.
        std::thread::sleep(std::time::Duration::from_millis(300));
        minted.expect("a key").text
    }

    /// Asks.
    pub fn send(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !key.is_empty() {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Body::from(body.to_string()))
            .expect("a request");
        let router = self.router.clone();
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.expect("an answer");
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.expect("a body").to_bytes();
            let headers = parts.headers.iter().map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            });
            Answer {
                status: parts.status.as_u16(),
                headers: headers.collect(),
                body: bytes.to_vec(),
            }
        })
    }
}

/// A text for an address.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte))
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
