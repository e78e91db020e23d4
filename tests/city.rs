//! A city for tests: a data directory of its own, and loads into it.

use std::path::Path;
use std::sync::Arc;

use load::{LoadOptions, LoadReport, Quiet, RejectLimit};
use macroeconomy::MacroeconomyRegister;
use organization::OrganizationRegister;
use person::PersonRegister;
use register::{DataDirectory, Embedded, Opening, Register};
use schema::Catalog;
use spatial::SpatialRegister;

/// The four registers.
pub fn registers() -> Vec<Arc<dyn Register>> {
    vec![
        Arc::new(PersonRegister),
        Arc::new(OrganizationRegister),
        Arc::new(SpatialRegister),
        Arc::new(MacroeconomyRegister),
    ]
}

/// Opens a data directory, making it where there is none.
pub fn open(path: &Path, synthetic: bool) -> (Embedded, Opening) {
    let directory = match DataDirectory::open(path) {
        Ok(directory) => directory,
        Err(_) => DataDirectory::create(path, synthetic).expect("a data directory"),
    };
    let catalog = Arc::new(Catalog::embedded().expect("schemas"));
    Embedded::open(directory, catalog, registers(), &|_, _, _| {}).expect("a store")
}

/// Loads a file, allowing so many refused rows.
pub fn load(store: &Embedded, source: &str, path: &Path, rejects: u64) -> LoadReport {
    let catalog = register::Store::catalog(store).clone();
    let source = catalog.source(source).expect("a source");
    let options = LoadOptions {
        limit: RejectLimit::Rows(rejects),
        ..LoadOptions::default()
    };
    let report = load::load(store, source, path, &options, &Quiet).expect("a load");
    assert!(report.counts.balance(), "{report:?}");
    report
}
