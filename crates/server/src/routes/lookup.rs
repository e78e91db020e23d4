//! `POST /collections/{c}/lookup`: records by natural key.

use ::query::lookup::{Lookup, lookup as find};
use ::query::{Context, QueryError};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use register::Record;

use super::{answer, no_parameters};
use crate::failure::Failure;
use crate::formats::feature::Writer;
use crate::visit::Visit;

/// How many keys are looked up where they are asked; more go to a thread for blocking work.
const FEW: usize = 4;

/// The records of the keys, in their order, null where there is none.
pub async fn lookup(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let request = Lookup::from_json(&body)?;
    let found = if request.keys.len() <= FEW {
        look_up(&app.context(), &name, &request)?
    } else {
        app.blocking(move |_, context| look_up(context, &name, &request))
            .await?
    };
    let mut writer = Writer::new(app.store.as_ref(), 64 + 640 * found.len());
    writer.out.push_str("{\"records\":[");
    for (place, record) in found.iter().enumerate() {
        if place > 0 {
            writer.out.push(',');
        }
        match record {
            Some(record) => writer.feature(record, ""),
            None => writer.out.push_str("null"),
        }
    }
    let known = found.iter().filter(|record| record.is_some()).count();
    writer
        .out
        .push_str(&format!("],\"numberMatched\":{known}}}"));
    Ok(answer("application/json", writer.out))
}

fn look_up(
    context: &Context<'_>,
    name: &str,
    request: &Lookup,
) -> Result<Vec<Option<Record>>, QueryError> {
    let collection = context.collection(name)?;
    let times = context.times(request.valid_at.as_deref(), request.known_at.as_deref())?;
    find(context, collection, &request.keys, times)
}
