//! `GET /recalls`: who received a value that was corrected since.
//!
//! A caller is told of its own answers, with what it was told and what is known. Whoever audits is told of
//! everybody's, with the names of the fields and no values.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::audit::Entry;
use axum::extract::RawQuery;
use axum::response::Response;
use record::{EntityId, prose};
use register::View;
use serde_json::{Value, json};

use super::receipts::{Desk, page_size, pairs, summary, unreadable};
use crate::failure::Failure;
use crate::guard::replay;
use crate::parameters::Parameters;
use crate::visit::Visit;

/// Recalls, newest answer first.
pub async fn recalls(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let limit = page_size(&mut given)?;
    let (cursor, record) = (given.take("cursor"), given.take("record"));
    given.finish([])?;
    let record = record.map(|text| {
        let expected = prose!("记录的编号", "the id of a record");
        text.parse::<EntityId>()
            .map_err(|_| ::query::QueryError::bad("record", &text, expected))
    });
    let desk = Desk::of(&app)?;
    let wanted = ::audit::recalls::Wanted {
        caller: (!desk.sees_all).then_some(desk.asker.caller.id.as_str()),
        record: record.transpose()?,
        before: desk.before(cursor.as_deref())?,
        limit,
    };
    let whole = app.whole.view();
    // Each answer in the sight that its own purpose gives.
    let mut by_purpose: BTreeMap<Option<String>, Option<Arc<dyn View>>> = BTreeMap::new();
    let found = tokio::task::block_in_place(|| {
        let mut sights = |entry: &Entry| {
            if desk.sees_all {
                return Some(whole.clone());
            }
            let purpose = entry
                .note
                .what_for
                .as_ref()
                .and_then(|what| what.purpose.clone());
            let seen = by_purpose.entry(purpose);
            let seen = seen.or_insert_with(|| {
                let caller = &desk.asker.caller;
                Some(replay::seen(app.shared(), caller, entry)?.view())
            });
            seen.clone()
        };
        ::audit::recalls::recalls(&desk.trail, &mut sights, &wanted)
    });
    let found = found.map_err(|error| unreadable(&error))?;
    let mut all = Vec::with_capacity(found.recalls.len());
    for recall in found.recalls {
        let mut out = summary(&desk, &recall.entry);
        out["collection"] = json!(recall.collection);
        out["id"] = json!(recall.id);
        out["validAt"] = json!(recall.day.to_string());
        out["fields"] = if desk.sees_all {
            recall.fields.into_keys().collect::<Value>()
        } else {
            desk.asker.touched.record(&recall.collection, recall.id);
            pairs(recall.fields)
        };
        all.push(out);
    }
    Ok(super::json(
        &json!({ "recalls": all, "cursor": desk.cursor(found.next)? }),
    ))
}
