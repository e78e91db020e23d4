//! Records by natural key, also where the key is given in another form than the register keeps.

use query::{Context, QueryError, Times};
use record::{Comparison, Predicate, Value};
use register::{Record, Search};
use schema::Collection;
use serde_json::Value as Json;

use crate::forms;

/// The record of a key, and in what form the key was given, where it is not the register's.
pub fn find(
    context: &Context<'_>,
    collection: &Collection,
    key: &Json,
    times: Times,
) -> Result<Option<(Record, Option<&'static str>)>, QueryError> {
    let keys = std::slice::from_ref(key);
    let found = query::lookup::lookup(context, collection, keys, times)?;
    if let Some(record) = found.into_iter().flatten().next() {
        return Ok(Some((record, None)));
    }
    let other = in_another_form(context, collection, key, times)?;
    Ok(other.map(|(record, form)| (record, Some(form))))
}

/// The record of a key that the register keeps in another form, and in which form it was given.
pub fn in_another_form(
    context: &Context<'_>,
    collection: &Collection,
    key: &Json,
    times: Times,
) -> Result<Option<(Record, &'static str)>, QueryError> {
    let Some(field) = collection.single_key() else {
        return Ok(None);
    };
    let given = match key {
        Json::Object(members) => members.get(field.name.as_str()),
        other => Some(other),
    };
    let Some(Json::String(given)) = given else {
        return Ok(None);
    };
    if let Some((kept, differs)) = forms::canonical(field, given) {
        let found = query::lookup::lookup(context, collection, &[Json::String(kept)], times)?;
        if let Some(record) = found.into_iter().flatten().next() {
            return Ok(Some((record, differs)));
        }
    }
    let Some((field, number)) = forms::former_number(collection, given) else {
        return Ok(None);
    };
    let predicate = Predicate::Compare {
        field: field.name.clone(),
        comparison: Comparison::Equal,
        value: Value::text(&number),
    };
    let search = Search {
        predicate: &predicate,
        time: times.scope,
        sort: &[],
        after: None,
        limit: 2,
        deadline: context.deadline,
    };
    let found = context.view.search(&collection.name, &search);
    let mut found = found.map_err(|error| context.error(error))?.records;
    // A number that two bear names neither.
    let only = if found.len() == 1 { found.pop() } else { None };
    Ok(only.map(|record| (record, forms::FIFTEEN_DIGITS)))
}
