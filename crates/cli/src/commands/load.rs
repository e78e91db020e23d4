//! `jiku load`: loads a department's files through a source mapping.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Args;
use load::{LoadError, LoadOptions, RejectLimit};
use record::Day;
use register::{Embedded, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::{self, Context};
use crate::refusal::refusal;
use crate::served::{Listener, Operation, Stage, perform_quietly};

/// How many rejected rows a load may have and still be published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rejects {
    /// This many rows.
    Rows(u64),
    /// This share of the rows, in percent.
    Percent(f64),
}

impl FromStr for Rejects {
    type Err = String;

    fn from_str(text: &str) -> Result<Rejects, String> {
        let expected = || "a number of rows such as 100, or a share such as 1%".to_owned();
        match text.strip_suffix('%') {
            None => text.parse().map(Rejects::Rows).map_err(|_| expected()),
            Some(share) => {
                let share: f64 = share.trim().parse().map_err(|_| expected())?;
                let sound = (0.0..=100.0).contains(&share);
                sound
                    .then_some(Rejects::Percent(share))
                    .ok_or_else(expected)
            }
        }
    }
}

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
    pub max_rejects: Rejects,
    /// Where reject files go; beside the data without it 拒收文件目录
    #[arg(long, value_name = "DIR")]
    pub rejects_dir: Option<PathBuf>,
}

/// Loads one file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Load {
    source: String,
    file: PathBuf,
    as_of: Option<String>,
    max_rejects: Rejects,
    rejects_dir: Option<PathBuf>,
}

impl Operation for Load {
    type Answer = Value;

    const ROUTE: &'static str = "load";

    fn run(self, store: &Embedded, listener: &dyn Listener) -> anyhow::Result<Value> {
        let source = context::source(store.catalog(), &self.source)?;
        let options = LoadOptions {
            as_of: self
                .as_of
                .as_deref()
                .map_or_else(|| Ok(register::today()), day)?,
            limit: match self.max_rejects {
                Rejects::Rows(rows) => RejectLimit::Rows(rows),
                Rejects::Percent(percent) => RejectLimit::Percent(percent),
            },
            rejects: self.rejects_dir,
            threads: std::thread::available_parallelism().map_or(2, usize::from),
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
        let report = load::load(store, &source, &self.file, &options, &progress);
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
    let en = error.to_string();
    let zh = match &error {
        LoadError::File {
            file,
            line: 0,
            what,
        } => format!("文件 {} 有误：{what}", file.display()),
        LoadError::File { file, line, what } => {
            format!("文件 {} 第 {line} 行有误：{what}", file.display())
        }
        LoadError::Io { file, error } => format!("文件 {} 无法读写：{error}", file.display()),
        LoadError::Synthetic(source) => {
            format!("来源“{source}”为合成数据，而本数据目录不接受合成数据")
        }
        LoadError::Store(error) => format!("数据目录出错：{error}"),
        LoadError::Panicked => "装载线程意外停止".to_owned(),
    };
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
    for file in arguments.files {
        let load = Load {
            source: arguments.source.clone(),
            file: std::path::absolute(file)?,
            as_of: arguments.as_of.clone(),
            max_rejects: arguments.max_rejects,
            rejects_dir: rejects_dir.clone(),
        };
        let report = perform_quietly(context, load)?;
        context.answer(&report, print)?;
        accepted(&report)?;
    }
    Ok(())
}

impl Load {
    /// A load of a file that must be sound, for the demo.
    pub fn sound(source: &str, file: PathBuf) -> Load {
        Load {
            source: source.to_owned(),
            file,
            as_of: None,
            max_rejects: Rejects::Rows(0),
            rejects_dir: None,
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
    for (field, count) in report["not_responsible"].as_object().into_iter().flatten() {
        println!("  来源部门不负责 not answered for by the source's department: {field}: {count}");
    }
    if let Some(path) = report["notices"].as_str() {
        println!("  提示文件 notices: {path}");
    }
    if let Some(path) = report["rejects"].as_str() {
        println!("  拒收文件 reject file: {path}");
    }
    let seconds = report["seconds"].as_f64().unwrap_or_default();
    let rows = counts["read"].as_f64().unwrap_or_default();
    let rate = rows / seconds.max(0.001);
    println!(
        "  {}, {seconds:.1} s, {rate:.0} rows/s",
        text(&report["encoding"])
    );
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_are_rows_or_a_share() {
        assert_eq!("100".parse(), Ok(Rejects::Rows(100)));
        assert_eq!("0.5%".parse(), Ok(Rejects::Percent(0.5)));
        for wrong in ["", "-1", "x", "101%", "%", "1.5"] {
            assert!(wrong.parse::<Rejects>().is_err(), "{wrong}");
        }
    }
}
