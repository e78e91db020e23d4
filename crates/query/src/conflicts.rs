//! Records of which sources say different things: the values that won, and those that lost.

use record::CompactString;
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
        let members = std::mem::take(&mut body.conflicts.0);
        for (name, competing) in members {
            if !fields.iter().any(|field| *field == name) {
                continue;
            }
            all.push(Conflict {
                id: found.record.id.to_string(),
                responsible: responsible(collection, &name),
                value: value(collection, &body, &name)?,
                competing: labelled(context.store.catalog(), &competing)?,
                field: name.into(),
            });
        }
    }
    Ok(Conflicts { all, records })
}

fn responsible(collection: &Collection, name: &str) -> String {
    let field = collection.field(name);
    field.map_or_else(String::new, |(_, field)| {
        field.authority.responsible.clone()
    })
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

/// Competing values with the labels of their departments.
fn labelled(catalog: &Catalog, competing: &RawValue) -> Result<Box<RawValue>, QueryError> {
    #[derive(serde::Deserialize, Serialize)]
    #[serde(rename_all = "camelCase")]
    struct One<'j> {
        department: String,
        #[serde(skip_deserializing)]
        department_label: Value,
        // Numbers keep their digits.
        #[serde(borrow)]
        value: &'j RawValue,
        since: Option<String>,
    }
    let damaged = |error: serde_json::Error| {
        QueryError::Store(register::StoreError::Damaged(error.to_string()))
    };
    let mut all: Vec<One> = serde_json::from_str(competing.get()).map_err(damaged)?;
    for one in &mut all {
        one.department_label = label(catalog, &one.department);
    }
    raw(serde_json::to_string(&all).map_err(damaged)?)
}

/// A department's label; null where the schemas do not know it.
pub fn label(catalog: &Catalog, department: &str) -> Value {
    let label = catalog.departments.get(department);
    label.map_or(
        Value::Null,
        |label| json!({ "zh": label.zh, "en": label.en }),
    )
}
