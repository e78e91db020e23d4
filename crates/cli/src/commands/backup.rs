//! `jiku backup`: copies the data directory, also while it is served.

use std::path::PathBuf;

use anyhow::Context as _;
use audit::Trail;
use clap::Args;
use load::book::Book;
use serde::{Deserialize, Serialize};
use server::guard::receipt::FOLDER;

use crate::context::Context;
use crate::refusal::refusal;
use crate::served::{Listener, Operation, Stage, perform_quietly};

/// Arguments of `jiku backup`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A folder that does not exist or is empty 备份到的目录
    pub target: PathBuf,
}

/// Copies the ledger of the store, as of its last entry, and verifies the copy.
#[derive(Debug, Serialize, Deserialize)]
pub struct Backup {
    target: PathBuf,
}

/// What was copied.
#[derive(Debug, Serialize, Deserialize)]
pub struct Copied {
    /// Where to.
    pub target: PathBuf,
    /// The last journal entry.
    pub entry: u64,
    /// Its hash, in hexadecimal digits: kept elsewhere, it shows later that nothing was rewritten.
    pub hash: String,
    /// Blocks.
    pub blocks: u64,
    /// Bytes of the blocks.
    pub bytes: u64,
}

impl Operation for Backup {
    type Answer = Copied;

    const ROUTE: &'static str = "backup";

    fn run(self, book: &Book, listener: &dyn Listener) -> anyhow::Result<Copied> {
        let store = book.store();
        listener.stage(Stage {
            stage: "备份 backup".to_owned(),
            bytes: false,
            done: 0,
            total: 0,
            note: String::new(),
        });
        let path = self.target.display();
        let occupied = self
            .target
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some());
        if occupied || self.target.is_file() {
            return Err(refusal(
                format!("{path} 不是空目录，没有备份"),
                format!("{path} is not an empty folder, nothing was copied"),
            ));
        }
        let backup = store
            .backup(&self.target)
            .with_context(|| format!("backup to {path}"))?;
        let trail = store.directory().path().join(FOLDER);
        if Trail::is_at(&trail) {
            let copied = audit::copy(&trail, &self.target.join(FOLDER))
                .with_context(|| format!("backup to {path}"))?;
            if let Some(fault) = copied.faults.first() {
                return Err(refusal(
                    format!("审计日志的备份有误：{fault}"),
                    format!("the copy of the audit trail is wrong: {fault}"),
                ));
            }
        }
        Ok(Copied {
            entry: backup.entry,
            hash: backup.hash.to_string(),
            blocks: backup.blocks,
            bytes: backup.bytes,
            target: self.target,
        })
    }
}

/// Backs up the data directory.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let target = std::path::absolute(&arguments.target)?;
    let copied = perform_quietly(context, Backup { target })?;
    context.answer(&copied, |copied| {
        println!(
            "已备份并校验 backed up and verified: {} ({} entries, {} blocks, {} bytes)\nhash {}",
            copied.target.display(),
            copied.entry,
            copied.blocks,
            copied.bytes,
            copied.hash
        );
    })
}
