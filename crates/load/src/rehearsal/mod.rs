//! The rehearsal of a load: the whole pipeline against the live state without a trace in it.
//!
//! It is the same pipeline: the session writes nothing, and two observers look on. A [`survey`] notes
//! what each row looks like, in the threads that map rows: the profile of the columns, and where
//! coordinates lie. [`findings`] note what the desk rules and what that would change. Only the reject
//! file is written.

use std::path::Path;
use std::sync::Arc;

use register::{Embedded, Store};
use schema::Source;

pub mod coordinates;
pub mod findings;
pub mod movement;
mod page;
pub mod privacy;
pub mod report;
pub mod survey;
pub mod suspects;

pub use coordinates::Coordinates;
pub use movement::DivisionMove;
pub use page::page;
pub use report::Rehearsal;

use crate::error::LoadError;
use crate::pipeline::{LoadOptions, Progress, run};
use coordinates::Surveyor;
use report::Rows;
use survey::Survey;

/// Rehearses the load of a file: what [`crate::load`] would do to the present state, and what the file
/// looks like. Nothing is changed, and nobody is kept waiting; the reject file is written.
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
    let catalog = store.catalog().clone();
    let surveyor = Surveyor::of_source(source, || {
        spatial::boundaries(&catalog, register::today(), store.view().as_ref())
    })?;
    let survey = Survey::new(&catalog, source, surveyor);
    let (report, rehearsed) = run(store, source, path, (options, progress), Some(&survey))?;
    let rehearsed = rehearsed.ok_or(LoadError::Panicked)?;
    let found = rehearsed.found;
    Ok(Rehearsal {
        rows: Rows::of(report.counts, found.corrected),
        report,
        against: rehearsed.against.0,
        as_of: options.as_of.to_string(),
        missing: found.missing,
        fields: found.fields,
        rejected: found.rejected,
        collisions: found.collisions,
        references: found.references,
        suspects: found.suspects,
        columns: rehearsed.columns,
        coordinates: rehearsed.coordinates,
        divisions: found.divisions,
        effect: found.effect,
    })
}
