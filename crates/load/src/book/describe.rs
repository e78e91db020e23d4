//! Loads and sources as JSON, for answers and for the command line alike.

use record::Problem;
use register::Store;
use schema::{Catalog, Source};
use serde_json::{Value, json};

use super::load::{Load, Step};
use super::{Book, Snapshot};

impl Book {
    /// A load as callers see it.
    pub fn describe(&self, snapshot: &Snapshot) -> Value {
        let load = &*snapshot.load;
        let catalog = self.store().catalog();
        let steps = load.history.iter().map(|step| step_of(catalog, step));
        let history: Vec<Value> = steps.collect();
        json!({
            "id": load.id,
            "kind": load.kind,
            "state": load.state,
            "source": load.source,
            "collection": load.collection,
            "department": load.department,
            "file": load.file,
            "size": load.size,
            "kept": load.kept(),
            "hash": load.hash,
            "asOf": load.as_of.map(|day| day.to_string()),
            "maxRejects": load.limit,
            "counts": load.counts,
            "quarantined": load.report.as_ref().map(|report| report.quarantined),
            "ended": load.report.as_ref().map(|report| report.ended),
            "held": load.report.as_ref().map(|report| report.held),
            "problems": load.report.as_ref().map(|report| &report.problems),
            "outcome": load.report.as_ref().map(|report| report.outcome),
            "rejects": has_rejects(load),
            "notices": load.report.as_ref().is_some_and(|report| report.notices.is_some()),
            "rehearsedAt": load.rehearsed_at,
            "transaction": load.transaction,
            "problem": load.problem.as_ref().map(|problem| problem_of(catalog, problem)),
            "undoes": load.undoes,
            "undoneBy": load.undone_by,
            "withdrawn": load.withdrawn,
            "received": load.history.first().and_then(|step| instant(step.at)),
            "by": load.history.first().map(|step| step.by.as_str()),
            "progress": snapshot.pace,
            "history": history,
        })
    }
}

/// A source mapping as callers see it: what a file of it must look like.
pub fn describe_source(catalog: &Catalog, source: &Source) -> Value {
    let collection = &source.collection;
    let columns: Vec<Value> = source
        .columns
        .iter()
        .map(|column| {
            let field = collection.at(column.field);
            json!({
                "headers": column.headers,
                "field": field.name,
                "label": field.label,
                "optional": column.optional,
            })
        })
        .collect();
    let points = source.points.iter();
    let points: Vec<Value> = points
        .map(|point| {
            json!({
                "lon": point.lon,
                "lat": point.lat,
                "field": point.field_name.as_str(),
                "optional": point.optional,
            })
        })
        .collect();
    let mut described = summarise_source(source);
    described["description"] = json!(source.description);
    described["departmentLabel"] = json!(catalog.departments.get(&source.department));
    described["encoding"] = json!(source.encoding);
    described["crs"] = json!(source.crs);
    described["columns"] = json!(columns);
    described["points"] = json!(points);
    described["ignored"] = json!(source.ignore);
    described
}

/// A source mapping in a list.
pub fn summarise_source(source: &Source) -> Value {
    json!({
        "name": source.name,
        "label": source.label,
        "collection": source.collection.name,
        "department": source.department,
        "scope": source.scope,
        "format": source.format,
        "synthetic": source.synthetic,
    })
}

/// Whether a load has a reject file.
pub(super) fn has_rejects(load: &Load) -> bool {
    let report = load.report.as_ref();
    report.is_some_and(|report| report.rejects.is_some())
}

fn step_of(catalog: &Catalog, step: &Step) -> Value {
    json!({
        "state": step.state,
        "at": instant(step.at),
        "by": step.by,
        "note": step.note.as_ref().map(|note| problem_of(catalog, note)),
    })
}

/// A problem with its texts.
fn problem_of(catalog: &Catalog, problem: &Problem) -> Value {
    let text = catalog.problems.text(problem);
    json!({ "code": problem.code.as_str(), "zh": text.zh, "en": text.en })
}

fn instant(micros: i64) -> Option<String> {
    let instant = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(instant.to_string())
}
