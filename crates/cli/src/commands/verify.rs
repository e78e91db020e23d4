//! `jiku verify`: checks the ledger's hash chain, the index against the ledger, and the audit trail.

use load::book::Book;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::meter::Unit;
use crate::refusal::refusal;
use crate::served::{Listener, Operation, Stage, perform_quietly};

/// Verifies the store.
#[derive(Debug, Serialize, Deserialize)]
pub struct Verify {}

/// What verifying found.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// Journal entries walked.
    pub entries: u64,
    /// Blocks walked.
    pub blocks: u64,
    /// Entities compared between ledger and index.
    pub entities: u64,
    /// Faults of the ledger.
    pub faults: Vec<String>,
    /// Where index and ledger disagree; the first hundred.
    pub disagreements: Vec<String>,
    /// How many disagreements there are in all.
    pub disagreeing: u64,
    /// Entries of the audit trail walked.
    #[serde(default)]
    pub trail_entries: u64,
    /// Faults of the audit trail.
    #[serde(default)]
    pub trail_faults: Vec<String>,
}

impl Operation for Verify {
    type Answer = Verified;

    const ROUTE: &'static str = "verify";

    fn run(self, book: &Book, listener: &dyn Listener) -> anyhow::Result<Verified> {
        let store = book.store();
        let progress = |stage: &str, done, total| {
            let stage = format!("校验 verify {stage}");
            listener.stage(Stage {
                stage,
                bytes: false,
                done,
                total,
                note: String::new(),
            });
        };
        let found = store.verify(&progress)?;
        let disagreements = found.disagreements.iter();
        Ok(Verified {
            entries: found.ledger.entries,
            blocks: found.ledger.blocks,
            entities: found.entities,
            faults: found
                .ledger
                .findings
                .iter()
                .map(ToString::to_string)
                .collect(),
            disagreements: disagreements
                .map(|one| format!("{} {}: {}", one.collection, one.id, one.what))
                .collect(),
            disagreeing: found.disagreeing,
            trail_entries: 0,
            trail_faults: Vec::new(),
        })
    }
}

/// Proves the audit trail, where there is one; its files are read as they are, also while they are written.
fn trail(context: &Context) -> anyhow::Result<audit::Verification> {
    let folder = context.global.data.join(server::guard::receipt::FOLDER);
    if !audit::Trail::is_at(&folder) {
        return Ok(audit::Verification::default());
    }
    let meter = context.meter();
    let progress = |done, total| {
        meter.show("校验 verify audit", Unit::Items, done, total);
    };
    let found = audit::verify(&folder, &progress);
    meter.clear();
    Ok(found?)
}

/// Verifies the data directory; an error where anything is wrong.
pub fn run(context: &Context) -> anyhow::Result<()> {
    let mut found = perform_quietly(context, Verify {})?;
    let trail = trail(context)?;
    (found.trail_entries, found.trail_faults) = (trail.entries, trail.faults);
    context.answer(&found, |found| {
        let lines = found.faults.iter().chain(&found.disagreements);
        for line in lines.chain(&found.trail_faults) {
            println!("{line}");
        }
        println!(
            "已校验 verified: {} entries, {} blocks, {} records; 审计 audit trail: {} entries",
            found.entries, found.blocks, found.entities, found.trail_entries
        );
    })?;
    if !found.trail_faults.is_empty() {
        let faults = found.trail_faults.len();
        return Err(refusal(
            format!("审计日志有 {faults} 处错误：有人改动过，或磁盘损坏；请保留现场并恢复备份"),
            format!(
                "{faults} faults in the audit trail: it was tampered with, or the disk failed; keep it as it is, and restore a backup"
            ),
        ));
    }
    if found.faults.is_empty() && found.disagreeing == 0 {
        return Ok(());
    }
    let (faults, differ) = (found.faults.len(), found.disagreeing);
    Err(refusal(
        format!(
            "账本有 {faults} 处错误，索引有 {differ} 处与账本不符；账本完好时可用 jiku reindex 修复索引，否则请恢复备份"
        ),
        format!(
            "{faults} faults in the ledger, {differ} records of the index differ from it: jiku reindex mends an index, a faulty ledger is restored from a backup"
        ),
    ))
}
