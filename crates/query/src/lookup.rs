//! Records by natural key, one or a batch: keys come in a body, never in a URL.

use record::{Reference, Value, prose};
use register::Record;
use schema::{Collection, Field, FieldType};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::plan::Context;
use crate::times::Times;
use crate::value::{self, NoReferences, Scalar};
use crate::{QueryError, ast};

/// The most keys of one request.
pub const MOST_KEYS: usize = 1000;

/// The body of `POST /collections/{c}/lookup`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Lookup {
    /// The keys: single values, or objects with a member for each field of the key.
    pub keys: Vec<Json>,
    /// A day.
    #[serde(default)]
    pub valid_at: Option<String>,
    /// A day or instant.
    #[serde(default)]
    pub known_at: Option<String>,
}

impl Lookup {
    /// Reads the body.
    pub fn from_json(body: &[u8]) -> Result<Lookup, QueryError> {
        let lookup: Lookup = serde_json::from_slice(body)
            .map_err(|error| ast::body_error(&error, "keys, validAt, knownAt"))?;
        if lookup.keys.len() > MOST_KEYS {
            return Err(QueryError::Limit {
                parameter: "keys".to_string(),
                value: lookup.keys.len().to_string(),
                limit: MOST_KEYS.to_string().into(),
            });
        }
        Ok(lookup)
    }
}

/// The records of the keys, in their order; `None` where there is none.
pub fn lookup(
    context: &Context<'_>,
    collection: &Collection,
    keys: &[Json],
    times: Times,
) -> Result<Vec<Option<Record>>, QueryError> {
    let keys = keys
        .iter()
        .enumerate()
        .map(|(place, key)| natural_key(collection, place, key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        if context.deadline.passed() {
            return Err(QueryError::TimeLimit(context.limits.time));
        }
        let one = context.view.lookup(&collection.name, &key, times.scope);
        found.push(one.map_err(|error| context.error(error))?);
    }
    Ok(found)
}

/// The values of the key's fields, in the schema's order.
fn natural_key(
    collection: &Collection,
    place: usize,
    key: &Json,
) -> Result<Vec<Value>, QueryError> {
    let at = |name: &str| {
        format!(
            "keys[{place}]{}{name}",
            if name.is_empty() { "" } else { "." }
        )
    };
    let fields: Vec<&Field> = collection
        .key
        .iter()
        .map(|number| collection.at(*number))
        .collect();
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    match (key, fields.as_slice()) {
        (Json::Object(members), _) => {
            if let Some(name) = members.keys().find(|name| !names.contains(&name.as_str())) {
                return Err(QueryError::UnknownField {
                    parameter: at(""),
                    name: name.clone(),
                    known: names.join(", "),
                });
            }
            fields
                .iter()
                .map(|field| match members.get(field.name.as_str()) {
                    None | Some(Json::Null) if field.required => Err(QueryError::bad(
                        &at(&field.name),
                        "null",
                        value::expected(&field.kind),
                    )),
                    None | Some(Json::Null) => Ok(Value::Null),
                    Some(given) => key_value(field, given, &at(&field.name)),
                })
                .collect()
        }
        (one, [field]) => Ok(vec![key_value(field, one, &at(""))?]),
        (other, _) => Err(QueryError::bad(
            &at(""),
            other,
            prose!("含有 {} 的对象", "an object with {}", names.join(", ")),
        )),
    }
}

fn key_value(field: &Field, given: &Json, at: &str) -> Result<Value, QueryError> {
    let text = match given {
        Json::String(text) => text.trim().to_string(),
        Json::Number(number) => number.to_string(),
        other => return Err(QueryError::bad(at, other, value::expected(&field.kind))),
    };
    // Numbers with a check character are kept in upper case.
    let text = if field.rule.is_some() {
        text.to_ascii_uppercase()
    } else {
        text
    };
    if matches!(field.kind, FieldType::Reference { .. }) {
        // A key holds the natural key of what it refers to.
        return Ok(Value::Reference(Reference {
            key: text.into(),
            target: None,
        }));
    }
    value::coerce(field, &Scalar::Loose(&text), &NoReferences)
        .map_err(|expected| QueryError::bad(at, &text, expected))
}
