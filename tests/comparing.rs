//! Answers without disclosure, over a synthetic city: claims verified, lists compared.

mod claims;
pub mod guarded;
mod lists;

use query::body::Body;
use record::Predicate;
use register::{Store, TimeScope};
use serde_json::Value;

/// Everybody in a store, as of now.
fn persons(store: &dyn Store) -> Vec<Value> {
    let mut all = Vec::new();
    let view = store.view();
    let time = TimeScope::Present(register::today());
    view.each("person", &Predicate::All, time, &mut |record| {
        let mut body: Value = serde_json::from_str(&record.body).expect("JSON");
        assert!(Body::parse(&record.body).is_ok());
        body["id"] = Value::from(record.id.to_string());
        all.push(body);
        true
    })
    .expect("everybody");
    all.sort_by_key(|person| text(person, "identityNumber").to_string());
    all
}

/// A field of a person; nothing where it has none.
pub fn text<'a>(person: &'a Value, field: &str) -> &'a str {
    person["properties"][field].as_str().unwrap_or_default()
}
