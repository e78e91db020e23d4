//! References followed: the id in a field gives way to the record it names, as of the same times.

use std::collections::{BTreeMap, BTreeSet};

use record::{EntityId, Predicate, Value, prose};
use register::{Record, Search, TimeScope};
use schema::{Catalog, Collection, FieldType};
use serde_json::value::RawValue;

use crate::QueryError;
use crate::body::{Body, quoted, raw, texts};
use crate::plan::Context;

/// How many references deep a path may go.
const DEEPEST: usize = 2;
const MOST_PATHS: usize = 16;
/// How many records are fetched at once.
const BATCH: usize = 1000;

/// Checks the paths of fields to follow.
pub fn paths(
    catalog: &Catalog,
    collection: &Collection,
    names: &[String],
) -> Result<Vec<Vec<String>>, QueryError> {
    if names.len() > MOST_PATHS {
        return Err(QueryError::Limit {
            parameter: "expand".to_string(),
            value: names.len().to_string(),
            limit: MOST_PATHS.to_string().into(),
        });
    }
    names
        .iter()
        .map(|name| path(catalog, collection, name))
        .collect()
}

fn path(catalog: &Catalog, from: &Collection, text: &str) -> Result<Vec<String>, QueryError> {
    let steps: Vec<String> = text.split('.').map(str::to_string).collect();
    if steps.len() > DEEPEST {
        return Err(QueryError::Limit {
            parameter: "expand".to_string(),
            value: text.to_string(),
            limit: prose!("{DEEPEST} 级引用", "{DEEPEST} references deep"),
        });
    }
    let mut collection = from;
    for step in &steps {
        let target = collection
            .field(step)
            .and_then(|(_, field)| target_of(&field.kind));
        let Some(target) = target.and_then(|name| catalog.collection(name)) else {
            let references = collection
                .fields
                .iter()
                .filter(|field| target_of(&field.kind).is_some())
                .map(|field| field.name.as_str());
            return Err(QueryError::UnknownField {
                parameter: "expand".to_string(),
                name: step.clone(),
                known: crate::names::nearest(step, references),
            });
        };
        collection = target;
    }
    Ok(steps)
}

/// The collection that the values of a field name records of.
fn target_of(kind: &FieldType) -> Option<&str> {
    match kind {
        FieldType::Reference { target } => Some(target),
        FieldType::Division => Some("division"),
        _ => None,
    }
}

/// Follows the paths in every body.
pub fn expand(
    context: &Context<'_>,
    collection: &Collection,
    time: TimeScope,
    bodies: &mut [Body],
    paths: &[Vec<String>],
) -> Result<(), QueryError> {
    // Paths through one field are followed together.
    let mut by_field: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for path in paths {
        if let Some((first, rest)) = path.split_first() {
            let further = by_field.entry(first).or_default();
            if !rest.is_empty() {
                further.push(rest.to_vec());
            }
        }
    }
    for (name, further) in by_field {
        follow(context, collection, time, bodies, name, &further)?;
    }
    Ok(())
}

fn follow(
    context: &Context<'_>,
    collection: &Collection,
    time: TimeScope,
    bodies: &mut [Body],
    name: &str,
    further: &[Vec<String>],
) -> Result<(), QueryError> {
    let kind = collection.field(name).map(|(_, field)| &field.kind);
    let Some(target) = kind.and_then(target_of) else {
        return Ok(());
    };
    let target = context.collection(target)?;
    let named: BTreeSet<String> = bodies
        .iter()
        .filter_map(|body| body.get(name))
        .flat_map(texts)
        .collect();
    let found = match kind {
        Some(FieldType::Division) => by_code(context, time, &named)?,
        _ => by_id(context, target, time, &named)?,
    };
    let mut records = Vec::with_capacity(found.len());
    let mut targets = Vec::with_capacity(found.len());
    for (key, record) in found {
        targets.push(Body::parse(&record.body)?);
        records.push((key, record.id));
    }
    expand(context, target, time, &mut targets, further)?;
    let texts_of: BTreeMap<String, String> = records
        .into_iter()
        .zip(&targets)
        .map(|((key, id), body)| {
            let mut text = format!("{{\"id\":\"{id}\",\"collection\":\"{}\",", target.name);
            body.write_members(&mut text);
            text.push('}');
            (key, text)
        })
        .collect();
    for body in bodies.iter_mut() {
        for (key, value) in &mut body.properties.0 {
            if key == name {
                *value = replaced(value, &texts_of)?;
            }
        }
    }
    Ok(())
}

/// The value with every name it holds replaced. A name that leads nowhere at these times stays.
fn replaced(
    value: &RawValue,
    texts_of: &BTreeMap<String, String>,
) -> Result<Box<RawValue>, QueryError> {
    let one = |name: &String| texts_of.get(name).cloned().unwrap_or_else(|| quoted(name));
    let names = texts(value);
    if value.get().starts_with('[') {
        let list: Vec<String> = names.iter().map(one).collect();
        return raw(format!("[{}]", list.join(",")));
    }
    match names.first() {
        Some(name) => raw(one(name)),
        None => Ok(value.to_owned()),
    }
}

fn by_id(
    context: &Context<'_>,
    target: &Collection,
    time: TimeScope,
    named: &BTreeSet<String>,
) -> Result<Vec<(String, Record)>, QueryError> {
    let ids: Vec<EntityId> = named.iter().filter_map(|text| text.parse().ok()).collect();
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let predicate = Predicate::Ids(batch.to_vec());
        let search = Search {
            predicate: &predicate,
            time,
            sort: &[],
            after: None,
            limit: batch.len(),
            deadline: context.deadline,
        };
        let page = context
            .view
            .search(&target.name, &search)
            .map_err(|error| context.error(error))?;
        found.extend(
            page.records
                .into_iter()
                .map(|record| (record.id.to_string(), record)),
        );
    }
    Ok(found)
}

fn by_code(
    context: &Context<'_>,
    time: TimeScope,
    named: &BTreeSet<String>,
) -> Result<Vec<(String, Record)>, QueryError> {
    let mut found = Vec::with_capacity(named.len());
    for code in named {
        if context.deadline.passed() {
            return Err(QueryError::TimeLimit(context.limits.time));
        }
        let record = context
            .view
            .lookup("division", &[Value::text(code)], time)
            .map_err(|error| context.error(error))?;
        found.extend(record.map(|record| (code.clone(), record)));
    }
    Ok(found)
}
