//! `GET /recalls`: who received a value that was corrected since.
//!
//! A caller is told of its own answers, with what it was told and what is known. Whoever audits is told of
//! everybody's, with the names of the fields and no values.

use axum::extract::RawQuery;
use axum::response::Response;
use record::EntityId;
use serde_json::{Value, json};

use super::receipts::{Desk, page_size, pairs, summary, unreadable};
use crate::failure::Failure;
use crate::parameters::Parameters;
use crate::visit::Visit;
use record::prose;

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
    let store = if desk.sees_all { &app.whole } else { &desk.asker.seen };
    let wanted = audit::recalls::Wanted {
        caller: (!desk.sees_all).then_some(desk.asker.caller.id.as_str()),
        record: record.transpose()?,
        before: desk.before(cursor.as_deref())?,
        limit,
    };
    let view = store.view();
    let found = tokio::task::block_in_place(|| {
        audit::recalls::recalls(&desk.trail, view.as_ref(), &wanted)
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
    Ok(super::json(&json!({ "recalls": all, "cursor": desk.cursor(found.next)? })))
}
