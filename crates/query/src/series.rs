//! Series: observations of an indicator by region and period, as rows in order of time.

use schema::{Collection, FieldType};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::body::Body;
use crate::execute::Records;
use crate::plan::{Context, Plan};
use crate::{Answer, Query, QueryError, execute, plan};

/// The field of a collection's periods: what makes it a collection of series.
pub fn period_field(collection: &Collection) -> Option<&str> {
    collection
        .fields
        .iter()
        .find(|field| matches!(field.kind, FieldType::Period) && field.search.column)
        .map(|field| field.name.as_str())
}

/// Which series.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The indicator's code or id.
    pub indicator: String,
    /// Codes of regions; empty means all.
    pub regions: Vec<String>,
    /// The first period.
    pub from: Option<String>,
    /// The last period.
    pub to: Option<String>,
    /// A day.
    pub valid_at: Option<String>,
    /// A day or instant.
    pub known_at: Option<String>,
}

/// A table of records: columns are fields, each row has one value a column.
#[derive(Debug, Serialize)]
pub struct Table {
    /// Field names.
    pub columns: Vec<String>,
    /// Values as they stand in the records, null where there is none.
    pub rows: Vec<Vec<Option<Box<RawValue>>>>,
}

/// The query of a request, in order of period, then region.
pub fn query(request: &Request, limit: usize) -> Query {
    let mut conditions = Vec::new();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if let Some(from) = &request.from {
        conditions.push(format!("period >= {}", quoted(from)));
    }
    if let Some(to) = &request.to {
        conditions.push(format!("period <= {}", quoted(to)));
    }
    let mut equal = vec![("indicator".to_string(), request.indicator.clone())];
    if !request.regions.is_empty() {
        equal.push(("region".to_string(), request.regions.join(",")));
    }
    Query {
        from: "observation".into(),
        filter: (!conditions.is_empty()).then(|| conditions.join(" AND ").into()),
        sort: vec!["period".to_string(), "region".to_string()],
        limit: Some(limit),
        valid_at: request.valid_at.clone(),
        known_at: request.known_at.clone(),
        equal,
        ..Query::default()
    }
}

/// The observations of a request, at most as many as a page may have.
pub fn series(context: &Context<'_>, request: &Request) -> Result<Table, QueryError> {
    let plan = plan(context, &query(request, context.limits.page))?;
    match execute(context, &plan)? {
        Answer::Records(records) => table(&plan, &records),
        Answer::Groups(_) => Ok(Table {
            columns: Vec::new(),
            rows: Vec::new(),
        }),
    }
}

/// Records as a table of the fields selected, or of all but geometries.
pub fn table(plan: &Plan, records: &Records) -> Result<Table, QueryError> {
    let columns: Vec<String> = if plan.select.is_empty() {
        let fields = plan
            .collection
            .fields
            .iter()
            .filter(|field| !field.kind.is_spatial());
        fields.map(|field| field.name.to_string()).collect()
    } else {
        plan.select.iter().map(ToString::to_string).collect()
    };
    let rows = records
        .records
        .iter()
        .map(|one| {
            let body = Body::parse(&one.record.body)?;
            Ok(columns
                .iter()
                .map(|name| body.get(name).map(ToOwned::to_owned))
                .collect())
        })
        .collect::<Result<_, QueryError>>()?;
    Ok(Table { columns, rows })
}
