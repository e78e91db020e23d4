//! `POST /subjects/log`: who looked at a record, when, and what for, for the one whom it is about.
//!
//! Reading it is a look of its own, and stands in it from then on.

use ::query::conflicts::label;
use ::query::lookup::lookup;
use ::query::{Context, QueryError};
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::Response;
use record::{EntityId, prose};
use serde::Deserialize;
use serde_json::{Value, json};

use super::no_parameters;
use super::receipts::{Desk, unreadable};
use crate::failure::Failure;
use crate::visit::Visit;

const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

/// Whose log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    collection: String,
    /// The natural key.
    key: Option<Value>,
    /// The id, in place of the key.
    id: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

/// A subject's log, newest first.
pub async fn log(app: Visit, RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let asked: Asked = serde_json::from_slice(&body)
        .map_err(|error| ::query::ast::body_error(&error, "collection, key, id, limit, cursor"))?;
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        let expected = prose!("1 至 {LARGEST_PAGE}", "1 to {LARGEST_PAGE}");
        return Err(QueryError::bad("limit", limit, expected).into());
    }
    let desk = Desk::of(&app)?;
    let before = match asked.cursor.as_deref() {
        None => u64::MAX,
        Some(cursor) => before(&desk, cursor)?,
    };
    // Whoever may read such logs may find whose they are, whatever else it sees.
    let whole = app.whole.clone();
    let ids = app.once(|app, _| {
        let context = Context::new(whole.as_ref(), app.options.limits);
        names(&context, &asked)
    });
    let ids = ids.await?;
    let Some(id) = ids.last().copied() else {
        return Err(Failure::not_found(asked.id.as_deref().unwrap_or("key")));
    };
    desk.asker.touched.record(&asked.collection, id);
    let deferrals = app.guard.as_ref().map(|guard| guard.receipts.deferrals());
    let deferrals = deferrals.cloned().unwrap_or_default();
    let now = app.store.now();
    let looks = tokio::task::block_in_place(|| {
        ::audit::subject::looks(&desk.trail, &ids, before, limit, &deferrals, now)
    });
    let looks = looks.map_err(|error| unreadable(&error))?;
    let all: Vec<Value> = looks.looks.iter().map(|look| shown(&app, look)).collect();
    Ok(super::json(&json!({
        "subject": id,
        "looks": all,
        "cursor": desk.cursor(looks.next)?,
    })))
}

/// Where a list goes on: the cursor is the name of an entry, of whoever.
fn before(desk: &Desk, cursor: &str) -> Result<u64, Failure> {
    let wrong = || {
        QueryError::bad(
            "cursor",
            cursor,
            prose!("上一页的 cursor", "the cursor of a page before"),
        )
    };
    let receipt = cursor.parse().map_err(|_| wrong())?;
    let found = desk
        .trail
        .find(receipt)
        .map_err(|error| unreadable(&error))?;
    Ok(found.ok_or_else(wrong)?.sequence)
}

/// The ids that a subject goes by or went by: those that were merged into it, and its own at last.
fn names(context: &Context<'_>, asked: &Asked) -> Result<Vec<EntityId>, QueryError> {
    let collection = context.collection(&asked.collection)?;
    let times = context.times(None, None)?;
    let id = match (&asked.key, &asked.id) {
        (Some(key), None) => {
            let found = lookup(context, collection, std::slice::from_ref(key), times)?;
            found.into_iter().flatten().next().map(|record| record.id)
        }
        (None, Some(id)) => {
            let record = ::query::execute::item(context, &asked.collection, id, times, &[]);
            match record {
                Ok(record) => Some(record.id),
                Err(QueryError::Merged { successor, .. }) => Some(successor),
                Err(QueryError::NotFound(_)) => None,
                Err(error) => return Err(error),
            }
        }
        _ => {
            let expected = prose!("key 与 id 之一", "either 'key' or 'id'");
            return Err(QueryError::bad("key", "", expected));
        }
    };
    let Some(id) = id else {
        return Ok(Vec::new());
    };
    let statements = context.view.statements(&asked.collection, id);
    let statements = statements.map_err(|error| context.error(error))?;
    let mut ids: Vec<EntityId> = statements.iter().map(|one| one.statement.entity).collect();
    ids.retain(|other| *other != id);
    ids.sort_unstable();
    ids.dedup();
    ids.push(id);
    Ok(ids)
}

/// What the subject is told of a look: which department, when, what for, in what way; not who there, and not
/// which case.
fn shown(app: &Visit, look: &::audit::subject::Look) -> Value {
    let note = &look.entry.note;
    let department = note
        .caller
        .as_ref()
        .and_then(|who| who.department.as_deref());
    let purpose = note
        .what_for
        .as_ref()
        .and_then(|what| what.purpose.as_deref());
    json!({
        "instant": look.entry.instant,
        "department": department,
        "departmentLabel": department.map(|name| label(app.whole.catalog(), name)),
        "purpose": purpose,
        "way": look.way.name(),
    })
}
