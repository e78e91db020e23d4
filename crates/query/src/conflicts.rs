//! Records of which sources say different things: the values that won, and those that lost.

use std::collections::BTreeSet;

use record::{CompactString, FieldNumber, StatementKind};
use register::{Record, SourcedStatement};
use schema::{Catalog, Collection};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::body::{Body, raw};
use crate::execute::Records;
use crate::plan::{Context, field};
use crate::{Answer, Query, QueryError, execute, plan};

/// Which conflicts.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Only those about this field.
    pub field: Option<String>,
    /// How many records at most.
    pub limit: Option<usize>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// A day.
    pub valid_at: Option<String>,
    /// A day or instant.
    pub known_at: Option<String>,
}

/// A field of a record of which sources say different things.
#[derive(Debug, Serialize)]
pub struct Conflict {
    /// The record's id.
    pub id: String,
    /// The field.
    pub field: CompactString,
    /// The department responsible for it.
    pub responsible: String,
    /// The value that won; null where its source says that there is none.
    pub value: Option<Box<RawValue>>,
    /// The departments that say it, in the order of the catalogue: the first is the one that counts.
    #[serde(rename = "saidBy")]
    pub said_by: Vec<String>,
    /// The values that lost, each with its department and the day since when it is said.
    pub competing: Box<RawValue>,
}

/// A page of conflicts.
#[derive(Debug)]
pub struct Conflicts {
    /// The conflicts, by record, then field.
    pub all: Vec<Conflict>,
    /// The records they are of.
    pub records: Records,
}

/// The conflicts of a page of records.
pub fn conflicts(
    context: &Context<'_>,
    collection: &str,
    request: &Request,
) -> Result<Conflicts, QueryError> {
    let collection = context.collection(collection)?;
    let fields: Vec<CompactString> = match &request.field {
        Some(name) => vec![field(collection, "field", name)?.name.clone()],
        None => {
            let given = collection.fields.iter().filter(|field| field.is_given());
            given.map(|field| field.name.clone()).collect()
        }
    };
    let query = Query {
        from: collection.name.as_str().into(),
        limit: request.limit.map(|limit| limit.min(context.limits.page)),
        cursor: request.cursor.clone(),
        valid_at: request.valid_at.clone(),
        known_at: request.known_at.clone(),
        marked: fields
            .iter()
            .map(|name| register::marks::conflict(name))
            .collect(),
        in_url: true,
        ..Query::default()
    };
    let plan = plan(context, &query)?;
    let records = match execute(context, &plan)? {
        Answer::Records(records) => records,
        Answer::Groups(_) => {
            let error = register::StoreError::Damaged("groups in place of records".to_string());
            return Err(QueryError::Store(error));
        }
    };
    let mut all = Vec::new();
    for found in &records.records {
        let mut body = Body::parse(&found.record.body)?;
        let mut members = std::mem::take(&mut body.conflicts.0);
        members.retain(|(name, _)| fields.iter().any(|field| *field == *name));
        if members.is_empty() {
            continue;
        }
        let record = &found.record;
        let statements = context.view.statements(&collection.name, record.id);
        let statements = statements.map_err(|error| context.error(error))?;
        for (name, competing) in members {
            let (number, of) = collection
                .field(&name)
                .ok_or_else(|| damaged(format!("a conflict over '{name}'")))?;
            let competing = competitors(context.store.catalog(), &competing)?;
            let speakers = speakers(number, record, &statements);
            let mut said_by: Vec<String> = speakers
                .into_iter()
                .filter(|one| competing.iter().all(|other| other.department != *one))
                .collect();
            said_by.sort_by_key(|one| (of.authority.rank(one).is_none(), of.authority.rank(one)));
            all.push(Conflict {
                id: record.id.to_string(),
                responsible: of.authority.responsible.clone(),
                value: value(collection, &body, &name)?,
                said_by,
                competing: raw(serde_json::to_string(&competing).map_err(damaged)?)?,
                field: name.into(),
            });
        }
    }
    Ok(Conflicts { all, records })
}

fn damaged(reason: impl std::fmt::Display) -> QueryError {
    QueryError::Store(register::StoreError::Damaged(reason.to_string()))
}

/// The departments that speak of a field on days on which the record holds, as far as it was known.
fn speakers(
    field: FieldNumber,
    record: &Record,
    statements: &[SourcedStatement],
) -> BTreeSet<String> {
    let speaks = |one: &&SourcedStatement| {
        let StatementKind::Assert(fields) = &one.statement.kind else {
            return false;
        };
        one.known < record.known.1
            && one
                .statement
                .validity
                .intersection(record.validity)
                .is_some()
            && fields.iter().any(|(number, _)| *number == field)
    };
    let speaking = statements.iter().filter(speaks);
    speaking.map(|one| one.department.clone()).collect()
}

/// The value that won: properties have all but the geometry.
fn value(
    collection: &Collection,
    body: &Body,
    name: &str,
) -> Result<Option<Box<RawValue>>, QueryError> {
    let text = if collection.location == collection.number(name) {
        body.geometry.as_ref().map(|geometry| geometry.get())
    } else {
        body.get(name).map(RawValue::get)
    };
    text.map(|text| raw(text.to_string())).transpose()
}

/// A value that lost.
#[derive(serde::Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Competitor<'j> {
    department: String,
    #[serde(skip_deserializing)]
    department_label: Value,
    // Numbers keep their digits.
    #[serde(borrow)]
    value: &'j RawValue,
    since: Option<String>,
}

/// Competing values with the labels of their departments.
fn competitors<'j>(
    catalog: &Catalog,
    competing: &'j RawValue,
) -> Result<Vec<Competitor<'j>>, QueryError> {
    let mut all: Vec<Competitor> = serde_json::from_str(competing.get()).map_err(damaged)?;
    for one in &mut all {
        one.department_label = label(catalog, &one.department);
    }
    Ok(all)
}

/// A department's label; null where the schemas do not know it.
pub fn label(catalog: &Catalog, department: &str) -> Value {
    let label = catalog.departments.get(department);
    label.map_or(
        Value::Null,
        |label| json!({ "zh": label.zh, "en": label.en }),
    )
}
