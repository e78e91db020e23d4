//! `jiku load`: loads a department's files through a source mapping.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Args;
use load::book::Book;
use load::{LoadError, LoadOptions, Rehearsal, RejectLimit};
use record::{Day, Prose};
use register::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::{self, Context};
use crate::refusal::refusal;
use crate::served::{Listener, Operation, Stage, perform_quietly};

mod rehearsal;

/// Arguments of `jiku load`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The source mapping: see jiku sources 来源映射
    pub source: String,
    /// The files, each loaded whole or not at all, in this order 数据文件
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The day from which the files hold; today without it 数据基准日
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Publish although up to so many rows are rejected 允许的拒收行数或比例
    #[arg(long, value_name = "N|P%", default_value = "0")]
    pub max_rejects: RejectLimit,
    /// Where reject files go; beside the data without it 拒收文件目录
    #[arg(long, value_name = "DIR")]
    pub rejects_dir: Option<PathBuf>,
    /// Only say what the load would change 只预演，不改动数据
    #[arg(long)]
    pub rehearse: bool,
    /// Where the rehearsal is written as a page to read and print 预演报告（HTML）
    #[arg(long, value_name = "FILE.html", requires = "rehearse")]
    pub report: Option<PathBuf>,
}

/// Loads one file, or rehearses that.
#[derive(Debug, Serialize, Deserialize)]
pub struct Load {
    source: String,
    file: PathBuf,
    as_of: Option<String>,
    max_rejects: RejectLimit,
    by: String,
    rejects_dir: Option<PathBuf>,
    #[serde(default)]
    rehearse: bool,
}

impl Operation for Load {
    type Answer = Value;

    const ROUTE: &'static str = "load";

    fn run(self, book: &Book, listener: &dyn Listener) -> anyhow::Result<Value> {
        let source = context::source(book.store().catalog(), &self.source)?;
        let options = LoadOptions {
            as_of: self
                .as_of
                .as_deref()
                .map_or_else(|| Ok(register::today()), day)?,
            limit: self.max_rejects,
            rejects: self.rejects_dir,
            threads: std::thread::available_parallelism().map_or(2, usize::from),
            ..LoadOptions::default()
        };
        let name = self
            .file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let progress = Shown {
            listener,
            name,
            stage: Mutex::default(),
            began: Instant::now(),
        };
        if self.rehearse {
            let store = book.store();
            let rehearsal = load::rehearse(store, &source, &self.file, &options, &progress);
            return Ok(serde_json::to_value(rehearsal.map_err(explained)?)?);
        }
        let report = book.load_file(&source, &self.file, &options, &self.by, &progress);
        Ok(serde_json::to_value(report.map_err(explained)?)?)
    }
}

/// A day as `--as-of` gives it.
fn day(text: &str) -> anyhow::Result<Day> {
    text.parse().map_err(|_| {
        refusal(
            format!("--as-of {text}：应为日期，如 2024-03-01"),
            format!("--as-of {text}: expected a day such as 2024-03-01"),
        )
    })
}

/// Why a file could not be loaded at all.
fn explained(error: LoadError) -> anyhow::Error {
    let Prose { zh, en } = error.prose();
    refusal(
        format!("{zh}（没有任何改动）"),
        format!("{en} (nothing was changed)"),
    )
}

/// Shows how a load goes on.
struct Shown<'a> {
    listener: &'a dyn Listener,
    name: String,
    stage: Mutex<String>,
    began: Instant,
}

impl load::Progress for Shown<'_> {
    fn stage(&self, name: &str) {
        let label = match name {
            "read" => "装载 load".to_owned(),
            "publish" => "发布 publish".to_owned(),
            other => other.to_owned(),
        };
        let label = format!("{label} {}", self.name);
        label.clone_into(&mut self.stage.lock().unwrap_or_else(PoisonError::into_inner));
        let note = String::new();
        self.listener.stage(Stage {
            stage: label,
            bytes: true,
            done: 0,
            total: 0,
            note,
        });
    }

    fn advance(&self, bytes: u64, of: u64, rows: u64) {
        let stage = self
            .stage
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let rate = rows as f64 / self.began.elapsed().as_secs_f64().max(0.001);
        let note = format!("{rows} rows, {rate:.0} rows/s");
        self.listener.stage(Stage {
            stage,
            bytes: true,
            done: bytes,
            total: of,
            note,
        });
    }
}

/// Loads the files, one after the other; stops at the first that is refused.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let rejects_dir = arguments.rejects_dir.map(std::path::absolute).transpose()?;
    if arguments.report.is_some() && arguments.files.len() > 1 {
        return Err(refusal(
            "--report 只写一个文件的预演报告：请逐个文件预演",
            "--report holds the rehearsal of one file: rehearse the files one by one",
        ));
    }
    for file in arguments.files {
        let load = Load {
            source: arguments.source.clone(),
            file: std::path::absolute(file)?,
            as_of: arguments.as_of.clone(),
            max_rejects: arguments.max_rejects,
            by: context::user(),
            rejects_dir: rejects_dir.clone(),
            rehearse: arguments.rehearse,
        };
        let answer = perform_quietly(context, load)?;
        if arguments.rehearse {
            rehearsed(context, answer, arguments.report.as_deref())?;
        } else {
            context.answer(&answer, print)?;
            accepted(&answer)?;
        }
    }
    Ok(())
}

/// Prints a rehearsal, and writes its page where one is asked for.
fn rehearsed(context: &Context, answer: Value, page: Option<&Path>) -> anyhow::Result<()> {
    let rehearsal: Rehearsal = serde_json::from_value(answer)?;
    context.answer(&rehearsal, rehearsal::print)?;
    let Some(page) = page else { return Ok(()) };
    std::fs::write(page, load::page(&rehearsal)).map_err(|error| {
        let page = page.display();
        refusal(
            format!("报告 {page} 无法写入：{error}"),
            format!("the report {page} cannot be written: {error}"),
        )
    })
}

impl Load {
    /// A load of a file that must be sound, for the demo.
    pub fn sound(source: &str, file: PathBuf) -> Load {
        Load {
            source: source.to_owned(),
            file,
            as_of: None,
            max_rejects: RejectLimit::NONE,
            by: context::user(),
            rejects_dir: None,
            rehearse: false,
        }
    }
}

/// An error where a load was refused.
pub fn accepted(report: &Value) -> anyhow::Result<()> {
    if report["outcome"] != "refused" {
        return Ok(());
    }
    let file = text(&report["file"]);
    let (rejected, read) = (&report["counts"]["rejected"], &report["counts"]["read"]);
    let rejects = text(&report["rejects"]);
    Err(refusal(
        format!(
            "{file} 没有装载，没有任何改动：{read} 行中有 {rejected} 行被拒收。请修改 {rejects} 或用 --max-rejects 放宽"
        ),
        format!(
            "{file} was not loaded, nothing was changed: {rejected} of {read} rows were rejected. Mend {rejects}, or allow more with --max-rejects"
        ),
    ))
}

/// Prints a report for people.
pub fn print(report: &Value) {
    let outcome = match text(&report["outcome"]) {
        "published" => "已发布 published",
        "unchanged" => "无变化 nothing new",
        _ => "未装载 refused",
    };
    println!(
        "{} → {} ({}): {outcome}",
        text(&report["file"]),
        text(&report["collection"]),
        text(&report["source"])
    );
    let counts = &report["counts"];
    println!(
        "  读取 read {} = 新增 inserted {} + 变更 changed {} + 不变 unchanged {} + 拒收 rejected {}",
        counts["read"],
        counts["inserted"],
        counts["changed"],
        counts["unchanged"],
        counts["rejected"]
    );
    let others = [
        ("quarantined", "其中隔离 of the rejected set aside"),
        ("skipped", "跳过 skipped"),
        ("ended", "终止 ended"),
        ("held", "待解析引用 references held"),
    ];
    for (key, label) in others {
        if report[key].as_u64().is_some_and(|count| count > 0) {
            println!("  {label}: {}", report[key]);
        }
    }
    if report["ends_withheld"].as_bool() == Some(true) {
        println!(
            "  有的拒收行无法确定属于谁，因此没有终止文件中缺少的记录 \
             nothing the file lacks was ended: of some refused rows nobody can tell whom they are about"
        );
    }
    for (code, count) in report["problems"].as_object().into_iter().flatten() {
        println!("  {code}: {count}");
    }
    for (kind, count) in report["normalised"].as_object().into_iter().flatten() {
        println!("  规范化的值 values normalised, {kind}: {count}");
    }
    for remark in report["remarks"].as_array().into_iter().flatten() {
        println!("  {} {}", text(&remark["zh"]), text(&remark["en"]));
    }
    for (field, count) in report["not_responsible"].as_object().into_iter().flatten() {
        println!("  来源部门不负责 not answered for by the source's department: {field}: {count}");
    }
    if let Some(path) = report["notices"].as_str() {
        println!("  提示文件 notices: {path}");
    }
    if let Some(path) = report["rejects"].as_str() {
        println!("  拒收文件 reject file: {path}");
    }
    println!("  装载编号 load: {}", text(&report["load"]));
    let seconds = report["seconds"].as_f64().unwrap_or_default();
    let rows = counts["read"].as_f64().unwrap_or_default();
    let rate = rows / seconds.max(0.001);
    println!(
        "  {}, {}, {seconds:.1} s, {rate:.0} rows/s",
        text(&report["format"]),
        text(&report["encoding"])
    );
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
