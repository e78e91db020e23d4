//! `jiku reindex`: builds the index anew from the ledger.

use ledger::{Ledger, LedgerError};
use register::{Embedded, Store};
use serde_json::json;

use crate::context::Context;

/// Removes the index and builds it from the ledger.
pub fn run(context: &Context) -> anyhow::Result<()> {
    let directory = context.directory()?;
    // Schemas that cannot be read are told before anything is removed.
    context.catalog()?;
    // Holding the ledger shows that no other process reads the index.
    match Ledger::open(&directory.ledger()) {
        Err(LedgerError::InUse { .. }) => return Err(context.in_use()),
        Err(error) => return Err(error.into()),
        Ok(held) => {
            Embedded::forget_index(&directory)?;
            drop(held);
        }
    }
    let store = context.open()?;
    let (ledger, index) = store.size_on_disk();
    let answer = json!({ "data": directory.path(), "ledgerBytes": ledger, "indexBytes": index });
    context.answer(&answer, |_| {
        println!("索引已由账本重建 index rebuilt from the ledger: {index} bytes");
    })
}
