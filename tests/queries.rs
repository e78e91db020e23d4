//! Queries against a naive evaluator over the records: the examples of CQL2, links, groups, thousands
//! of random filters, and input that is bad in every way that was thought of.

mod cursors;
mod edges;
mod examples;
mod groups;
mod hostile;
mod links;
mod naive;
mod people;
mod postgis;
mod random_filter;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use query::{Answer, Context, Limits, Query, execute, plan};
use register::Embedded;
use serde_json::Value;

/// The city that these tests share: they only read.
pub struct City {
    store: Embedded,
    _folder: tempfile::TempDir,
}

impl City {
    fn shared() -> &'static City {
        static SHARED: OnceLock<City> = OnceLock::new();
        SHARED.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            let store = crate::served::loaded(folder.path(), 400, 11);
            City {
                store,
                _folder: folder,
            }
        })
    }

    fn context(&self) -> Context<'_> {
        Context::new(&self.store, Limits::default())
    }

    /// The ids of all records that a query finds.
    fn ids(&self, query: &Value) -> Result<BTreeSet<String>, query::QueryError> {
        let mut query = Query::from_json(query.to_string().as_bytes())?;
        query.limit = Some(10_000);
        let context = self.context();
        match execute(&context, &plan(&context, &query)?)? {
            Answer::Records(records) => {
                assert_eq!(records.matched, records.records.len() as u64);
                Ok(records
                    .records
                    .iter()
                    .map(|one| one.record.id.to_string())
                    .collect())
            }
            Answer::Groups(_) => panic!("groups"),
        }
    }

    /// The answer to a query as JSON: groups, or the explanation.
    fn answer(&self, query: &Value) -> Result<Value, query::QueryError> {
        let query = Query::from_json(query.to_string().as_bytes())?;
        let context = self.context();
        Ok(match execute(&context, &plan(&context, &query)?)? {
            Answer::Groups(groups) => serde_json::to_value(groups).expect("JSON"),
            Answer::Records(records) => serde_json::json!({
                "matched": records.matched,
                "records": records.records.iter().map(|one| {
                    let mut body: Value = serde_json::from_str(&one.record.body).expect("JSON");
                    body["id"] = one.record.id.to_string().into();
                    body
                }).collect::<Vec<_>>(),
                "explanation": records.explanation,
            }),
        })
    }
}
