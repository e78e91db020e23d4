//! What a load would do, found out without a trace.

use std::path::Path;
use std::sync::Arc;

use register::Embedded;
use schema::Source;
use serde::{Deserialize, Serialize};

use crate::error::LoadError;
use crate::pipeline::{LoadOptions, Progress, run};
use crate::report::LoadReport;

/// What a load would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The report it would give.
    pub report: LoadReport,
}

impl Rehearsal {
    /// Whether another rehearsal found something else.
    pub fn differs(&self, other: &Rehearsal) -> bool {
        let told = |one: &Rehearsal| {
            let report = &one.report;
            (report.counts, report.ended, report.outcome, report.held)
        };
        told(self) != told(other)
    }
}

/// Finds out what a load would do.
///
/// # Errors
///
/// As [`crate::load`].
pub fn rehearse(
    store: &Embedded,
    source: &Arc<Source>,
    path: &Path,
    options: &LoadOptions,
    progress: &dyn Progress,
) -> Result<Rehearsal, LoadError> {
    let report = run(store, source, path, options, progress, true)?;
    Ok(Rehearsal { report })
}

/// What a rehearsal found, as a page.
pub fn page(rehearsal: &Rehearsal) -> String {
    let report = serde_json::to_string_pretty(&rehearsal.report).unwrap_or_default();
    let report = report.replace('&', "&amp;").replace('<', "&lt;");
    format!("<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><pre>{report}</pre></html>")
}
