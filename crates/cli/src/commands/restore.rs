//! `jiku restore`: makes a data directory from a backup.

use std::path::PathBuf;

use anyhow::Context as _;
use audit::Trail;
use clap::Args;
use ledger::Ledger;
use register::DataDirectory;
use serde_json::json;
use server::guard::receipt::FOLDER;

use crate::context::Context;
use crate::refusal::refusal;

/// Arguments of `jiku restore`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The backup 备份目录
    pub from: PathBuf,
}

/// Copies and verifies the backup into `--data`, which must not exist or be empty, and builds the
/// index.
pub fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let (from, to) = (&arguments.from, &context.global.data);
    context.catalog()?;
    if !from.join("jiku.json").exists() {
        let from = from.display();
        return Err(refusal(
            format!("{from} 不是备份"),
            format!("{from} is no backup"),
        ));
    }
    if to
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some())
        || to.is_file()
    {
        let to = to.display();
        return Err(refusal(
            format!("{to} 不是空目录：恢复不会覆盖已有数据"),
            format!("{to} is not an empty folder: a restore overwrites nothing"),
        ));
    }
    let backup = DataDirectory::open(from)?;
    let (ledger, recovery) = Ledger::open(&backup.ledger())
        .with_context(|| format!("cannot open the backup {}", from.display()))?;
    if let Some(damage) = recovery.damage {
        return Err(refusal(
            format!("备份已损坏，没有恢复：{damage}"),
            format!("the backup is damaged, nothing was restored: {damage}"),
        ));
    }
    let directory = DataDirectory::create(to, backup.is_synthetic())?;
    let copied = ledger
        .backup(&directory.ledger())
        .context("copying the backup")?;
    drop(ledger);
    let trail = from.join(FOLDER);
    if Trail::is_at(&trail) {
        let copied = audit::copy(&trail, &to.join(FOLDER)).context("copying the audit trail")?;
        if let Some(fault) = copied.faults.first() {
            return Err(refusal(
                format!("审计日志已损坏：{fault}"),
                format!("the audit trail is damaged: {fault}"),
            ));
        }
    }
    drop(context.open()?);
    let answer = json!({ "data": to, "entry": copied.entry, "hash": copied.hash.to_string() });
    context.answer(&answer, |_| {
        println!("已恢复 restored: {} (entry {})", to.display(), copied.entry);
    })
}
