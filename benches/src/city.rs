//! The synthetic city, and the store that holds it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use load::{LoadOptions, LoadReport, Outcome, Quiet};
use macroeconomy::MacroeconomyRegister;
use organization::OrganizationRegister;
use person::PersonRegister;
use register::{DataDirectory, Embedded, Register, Store as _};
use schema::Catalog;
use spatial::SpatialRegister;

/// Writes the files of a city.
pub fn write(folder: &Path, persons: u64, seed: u64) -> anyhow::Result<()> {
    let options = synth::Options {
        persons,
        seed,
        out: folder.to_path_buf(),
        dirt: None,
    };
    synth::generate(&options, &|_, _, _| ())?;
    Ok(())
}

/// Opens a data directory.
pub fn open(data: &Path) -> anyhow::Result<Embedded> {
    let registers: Vec<Arc<dyn Register>> = vec![
        Arc::new(PersonRegister),
        Arc::new(OrganizationRegister),
        Arc::new(SpatialRegister),
        Arc::new(MacroeconomyRegister),
    ];
    let catalog = Arc::new(Catalog::embedded()?);
    let directory = DataDirectory::open(data)?;
    let (store, _) = Embedded::open(directory, catalog, registers, &|_, _, _| ())?;
    Ok(store)
}

/// Loads one file, of which no row may be refused.
pub fn load(store: &Embedded, source: &str, file: &Path) -> anyhow::Result<LoadReport> {
    let found = store
        .catalog()
        .source(source)
        .with_context(|| format!("no source {source}"))?;
    let report = load::load(store, found, file, &LoadOptions::default(), &Quiet)?;
    ensure!(
        report.outcome == Outcome::Published,
        "{} was not published: {report:?}",
        file.display()
    );
    Ok(report)
}
