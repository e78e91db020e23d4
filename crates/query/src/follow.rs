//! Values selected through links: `legalRepresentative.name` of the record that a reference names,
//! `person:household.name` of all that refer to this one, as a list.

use std::collections::BTreeMap;

use record::{EntityId, IdSet, Predicate, prose};
use register::{Record, Search, TimeScope};
use schema::Collection;
use serde_json::value::RawValue;

use crate::QueryError;
use crate::body::{Body, raw, texts};
use crate::filter::condition::Step;
use crate::plan::Context;

/// How many linked records one page may bring together.
const MOST_LINKED: usize = 20_000;

/// A value at the end of links.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// As it was asked for, and as it is answered.
    pub name: String,
    /// The links.
    pub path: Vec<Step>,
    /// The field there.
    pub field: String,
}

impl Selected {
    /// Whether several records may stand at the end.
    fn is_list(&self) -> bool {
        self.path
            .iter()
            .any(|step| matches!(step, Step::From { .. }))
    }
}

/// Adds the values selected to the bodies of a page.
pub fn add(
    context: &Context<'_>,
    collection: &Collection,
    time: TimeScope,
    page: &[(EntityId, &str)],
    bodies: &mut [Body],
    selected: &[Selected],
) -> Result<(), QueryError> {
    for one in selected {
        // Which records stand for each of the page, step by step.
        let mut standing: Vec<Ends> = page
            .iter()
            .map(|(id, body)| vec![(*id, (*body).to_string())])
            .collect();
        let mut here = collection;
        for step in &one.path {
            standing = next(context, here, time, &standing, step)?;
            here = context.collection(step.collection())?;
        }
        for (body, ends) in bodies.iter_mut().zip(standing) {
            let mut values: Vec<String> = Vec::new();
            for (_, end) in &ends {
                let end = Body::parse(end)?;
                values.extend(end.get(&one.field).map(|value| value.get().to_string()));
            }
            let value = if one.is_list() {
                Some(raw(format!("[{}]", values.join(",")))?)
            } else {
                values.into_iter().next().map(raw).transpose()?
            };
            let member = value.map(|value| (one.name.clone(), value));
            body.properties.0.extend(member);
        }
    }
    Ok(())
}

/// Records that stand for one of a page: their ids and bodies.
type Ends = Vec<(EntityId, String)>;

fn next(
    context: &Context<'_>,
    collection: &Collection,
    time: TimeScope,
    standing: &[Ends],
    step: &Step,
) -> Result<Vec<Ends>, QueryError> {
    match step {
        Step::To {
            field,
            collection: target,
        } => forward(context, target, time, standing, field),
        Step::From {
            collection: source,
            field,
        } => backward(context, source, time, standing, field),
        Step::Near { .. } => {
            let name = &collection.name;
            let expected = prose!("引用字段", "references");
            Err(QueryError::bad("select", name, expected))
        }
    }
}

/// The records that a reference of those standing names.
fn forward(
    context: &Context<'_>,
    target: &str,
    time: TimeScope,
    standing: &[Ends],
    field: &str,
) -> Result<Vec<Ends>, QueryError> {
    let named = |body: &str| -> Result<Vec<String>, QueryError> {
        let body = Body::parse(body)?;
        let value: Option<&RawValue> = body.get(field);
        Ok(value.map(texts).unwrap_or_default())
    };
    let mut numbers = Vec::new();
    for (_, body) in standing.iter().flatten() {
        let ids = named(body)?;
        let ids = ids.iter().filter_map(|id| id.parse::<EntityId>().ok());
        numbers.extend(ids.map(|id| id.number()));
    }
    let found = records(context, target, time, "", IdSet::new(numbers))?;
    let by_id: BTreeMap<String, &Record> = found
        .iter()
        .map(|record| (record.id.to_string(), record))
        .collect();
    let lead = |ends: &Ends| {
        let mut out = Vec::new();
        for (_, body) in ends {
            let found = named(body)?;
            let found = found.iter().filter_map(|id| by_id.get(id));
            out.extend(found.map(|record| (record.id, record.body.clone())));
        }
        Ok(out)
    };
    standing.iter().map(lead).collect()
}

/// The records whose reference names one of those standing.
fn backward(
    context: &Context<'_>,
    source: &str,
    time: TimeScope,
    standing: &[Ends],
    field: &str,
) -> Result<Vec<Ends>, QueryError> {
    let numbers = standing.iter().flatten().map(|(id, _)| id.number());
    let numbers = IdSet::new(numbers.collect());
    let found = records(context, source, time, field, numbers)?;
    let mut by_target: BTreeMap<String, Ends> = BTreeMap::new();
    for record in &found {
        let body = Body::parse(&record.body)?;
        for id in body.get(field).map(texts).unwrap_or_default() {
            let list = by_target.entry(id).or_default();
            list.push((record.id, record.body.clone()));
        }
    }
    let lead = |ends: &Ends| {
        let found = ends
            .iter()
            .filter_map(|(id, _)| by_target.get(&id.to_string()));
        found.flatten().cloned().collect()
    };
    Ok(standing.iter().map(lead).collect())
}

fn records(
    context: &Context<'_>,
    collection: &str,
    time: TimeScope,
    field: &str,
    ids: IdSet,
) -> Result<Vec<Record>, QueryError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let predicate = Predicate::Among {
        field: field.into(),
        ids,
    };
    let search = Search {
        predicate: &predicate,
        time,
        sort: &[],
        after: None,
        limit: MOST_LINKED,
        deadline: context.deadline,
    };
    let page = context.view.search(collection, &search);
    let page = page.map_err(|error| context.error(error))?;
    if page.total > page.records.len() as u64 {
        return Err(QueryError::Limit {
            parameter: "select".to_string(),
            value: page.total.to_string(),
            limit: prose!(
                "每页关联的“{collection}”记录 {MOST_LINKED} 条：请减小 limit",
                "{MOST_LINKED} linked records of '{collection}' a page: ask for fewer by 'limit'"
            ),
        });
    }
    Ok(page.records)
}
