//! `jiku sources`: lists the source mappings.

use serde_json::{Value, json};

use crate::context::Context;

/// Lists the source mappings of the schemas.
pub fn run(context: &Context) -> anyhow::Result<()> {
    let catalog = context.catalog()?;
    let list: Vec<Value> = catalog
        .sources
        .values()
        .map(|source| {
            json!({
                "name": source.name,
                "label": source.label,
                "collection": source.collection.name,
                "department": source.department,
                "scope": source.scope,
                "format": source.format,
                "synthetic": source.synthetic,
            })
        })
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
