//! `jiku audit`: exports the audit trail, proves entries of it, and checks such proofs.
//!
//! It reads the trail's files, also while a server writes them. Checking needs no data directory: an outside
//! auditor checks what it was given against heads and a key that it has kept itself.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use audit::{AuditError, Consistency, Head, Inclusion, PublicKey, Receipt, Trail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};
use server::guard::receipt::FOLDER;

use crate::context::Context;
use crate::refusal::refusal;

/// Arguments of `jiku audit`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What to do 操作
    #[command(subcommand)]
    pub command: Command,
}

/// What may be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The signed head of the trail, to be kept elsewhere 审计日志的签名摘要
    Head,
    /// Write entries out, a line of JSON each 导出审计条目
    Export(Export),
    /// Prove that an entry stands in the trail, or that it continues an earlier head 出具证明
    Prove(Prove),
    /// Check a proof, without the data directory 核验证明
    Check(Check),
}

/// Arguments of `jiku audit export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Where to; standard output without it 导出到
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Entries from this instant on, as 2026-01-01T00:00:00Z 自何时
    #[arg(long)]
    pub from: Option<Timestamp>,
    /// Entries before this instant 至何时之前
    #[arg(long)]
    pub to: Option<Timestamp>,
    /// Only what this caller asked 只含此调用方
    #[arg(long)]
    pub caller: Option<String>,
    /// Each entry with its proof of inclusion 附包含证明
    #[arg(long)]
    pub proofs: bool,
}

/// Arguments of `jiku audit prove`.
#[derive(Debug, Args)]
pub struct Prove {
    /// The receipt of an answer 答复凭据
    #[arg(required_unless_present = "since")]
    pub receipt: Option<String>,
    /// A head that was kept earlier 先前保存的摘要
    #[arg(long, value_name = "FILE", conflicts_with = "receipt")]
    pub since: Option<PathBuf>,
}

/// Arguments of `jiku audit check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The proof 证明文件
    pub proof: PathBuf,
    /// The key that must have signed it, in hexadecimal digits 签名公钥
    #[arg(long)]
    pub key: Option<String>,
}

/// Does it.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        Command::Head => {
            println!("{}", serde_json::to_string(&trail(context)?.head())?);
            Ok(())
        }
        Command::Export(arguments) => export(context, &arguments),
        Command::Prove(arguments) => prove(context, &arguments),
        Command::Check(arguments) => check(context, &arguments),
    }
}

/// The trail of the data directory.
fn trail(context: &Context) -> anyhow::Result<Trail> {
    context.directory()?;
    let folder = context.global.data.join(FOLDER);
    if !Trail::is_at(&folder) {
        return Err(refusal(
            "尚无审计日志：启动过服务之后才有",
            "there is no audit trail yet: a server that has run leaves one",
        ));
    }
    Trail::read(&folder).map_err(told)
}

/// An error of the trail in both languages.
fn told(error: AuditError) -> anyhow::Error {
    refusal(
        format!("审计日志：{error}"),
        format!("the audit trail: {error}"),
    )
}

fn export(context: &Context, arguments: &Export) -> anyhow::Result<()> {
    let trail = trail(context)?;
    let head = trail.head();
    let place = |instant: Option<Timestamp>, otherwise: u64| match instant {
        None => Ok(otherwise),
        Some(instant) => trail.since(instant.as_microsecond()).map_err(told),
    };
    let (first, last) = (place(arguments.from, 0)?, place(arguments.to, head.size)?);
    let mut out: Box<dyn Write> = match &arguments.out {
        None => Box::new(std::io::stdout().lock()),
        Some(path) => {
            let file = File::create_new(path);
            let file = file.with_context(|| path.display().to_string())?;
            Box::new(BufWriter::new(file))
        }
    };
    let mut written = 0u64;
    for sequence in first..last {
        if let Some(caller) = &arguments.caller {
            let entry = trail.entry(sequence).map_err(told)?;
            if entry.note.caller.is_none_or(|who| who.id != *caller) {
                continue;
            }
        }
        if arguments.proofs {
            let proof = trail.prove(sequence, &head).map_err(told)?;
            serde_json::to_writer(&mut out, &proof)?;
        } else {
            out.write_all(&trail.line(sequence).map_err(told)?)?;
        }
        out.write_all(b"\n")?;
        written += 1;
    }
    out.flush()?;
    let Some(path) = &arguments.out else {
        return Ok(());
    };
    context.answer(&json!({ "out": path, "entries": written }), |_| {
        println!("已导出 exported: {} ({written} entries)", path.display());
    })
}

fn prove(context: &Context, arguments: &Prove) -> anyhow::Result<()> {
    let trail = trail(context)?;
    let proof = match (&arguments.receipt, &arguments.since) {
        (Some(text), _) => {
            let receipt = text.parse::<Receipt>();
            let found = receipt.ok().map(|receipt| trail.find(receipt)).transpose();
            let Some(entry) = found.map_err(told)?.flatten() else {
                return Err(refusal(
                    format!("没有凭据“{text}”"),
                    format!("there is no receipt '{text}'"),
                ));
            };
            json!(trail.prove(entry.sequence, &trail.head()).map_err(told)?)
        }
        (None, Some(path)) => {
            let head: Head = read(path)?;
            json!(trail.prove_since(&head).map_err(told)?)
        }
        (None, None) => Value::Null,
    };
    println!("{proof}");
    Ok(())
}

fn check(context: &Context, arguments: &Check) -> anyhow::Result<()> {
    let key = arguments.key.as_deref().map(str::parse::<PublicKey>);
    let key = key.transpose().map_err(unproven)?;
    let text: Value = read(&arguments.proof)?;
    let answer = if text.get("entry").is_some() {
        let proof: Inclusion = serde_json::from_value(text)?;
        let entry = proof.check(key.as_ref()).map_err(unproven)?;
        json!({ "proven": "inclusion", "entry": entry, "size": proof.head.size,
                "publicKey": proof.head.public_key })
    } else if text.get("old").is_some() {
        let proof: Consistency = serde_json::from_value(text)?;
        proof.check(key.as_ref()).map_err(unproven)?;
        json!({ "proven": "consistency", "from": proof.old.size, "size": proof.head.size,
                "publicKey": proof.head.public_key })
    } else {
        let head: Head = serde_json::from_value(text)?;
        head.check().map_err(unproven)?;
        json!({ "proven": "head", "size": head.size, "publicKey": head.public_key })
    };
    context.answer(&answer, |answer| {
        let what = &answer["proven"];
        println!(
            "证明有效 proven: {what}, {} entries, key {}",
            answer["size"], answer["publicKey"]
        );
    })
}

fn unproven(error: AuditError) -> anyhow::Error {
    refusal(format!("证明无效：{error}"), format!("not proven: {error}"))
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).map_err(|error| {
        let path = path.display();
        refusal(
            format!("{path} 不是证明，也不是摘要：{error}"),
            format!("{path} is neither a proof nor a head: {error}"),
        )
    })
}
