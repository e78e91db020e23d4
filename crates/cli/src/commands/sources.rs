//! `jiku sources`: lists the source mappings.

use load::book::summarise_source;
use serde_json::Value;

use crate::context::Context;

/// Lists the source mappings of the schemas.
pub fn run(context: &Context) -> anyhow::Result<()> {
    let catalog = context.catalog()?;
    let list: Vec<Value> = catalog
        .sources
        .values()
        .map(|source| summarise_source(source))
        .collect();
    context.answer(&list, |_| {
        for source in catalog.sources.values() {
            println!(
                "{:32} {:14} {} / {}",
                source.name, source.collection.name, source.label.zh, source.label.en
            );
        }
    })
}
