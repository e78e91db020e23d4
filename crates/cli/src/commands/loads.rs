//! `jiku loads`: the loads there are, and what may be asked of one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use load::RejectLimit;
use load::book::{Book, BookError, Filter, Snapshot, State};
use register::Store;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::context::{self, Context};
use crate::refusal::refusal;
use crate::served::{Listener, Operation, Stage, perform_quietly};

/// How often a load that goes on is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// Arguments of `jiku loads`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What to do; without it, list 操作；不写则列出装载
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Only loads in this state 只列此状态
    #[arg(long, value_parser = state)]
    pub state: Option<State>,
    /// Only loads of this source 只列此来源
    #[arg(long)]
    pub source: Option<String>,
    /// How many, the newest first 条数
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
}

/// What may be asked of a load.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show a load 查看
    Show {
        /// The load 装载编号
        id: String,
    },
    /// Publish a rehearsed load 发布
    Publish {
        /// The load 装载编号
        id: String,
        /// Publish although up to so many rows are rejected 允许的拒收行数或比例
        #[arg(long, value_name = "N|P%")]
        max_rejects: Option<RejectLimit>,
    },
    /// Undo a published load, by a load of its own 撤销
    Undo {
        /// The load 装载编号
        id: String,
    },
    /// Throw an upload away 丢弃上传的文件
    Discard {
        /// The load 装载编号
        id: String,
    },
    /// Copy a load's reject file 取出拒收文件
    Rejects {
        /// The load 装载编号
        id: String,
        /// Where to; beside here under its own name without it 输出文件
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

fn state(text: &str) -> Result<State, String> {
    let names = State::ALL.map(State::name).join(", ");
    text.parse()
        .map_err(|()| format!("expected one of {names}"))
}

/// Asks the book of loads.
#[derive(Debug, Serialize, Deserialize)]
pub enum Ask {
    /// Lists loads.
    List {
        /// Only those in this state.
        state: Option<State>,
        /// Only those of this source.
        source: Option<String>,
        /// So many.
        limit: usize,
    },
    /// Shows one.
    Show(String),
    /// Publishes one.
    Publish(String, Option<RejectLimit>, String),
    /// Undoes one.
    Undo(String, String),
    /// Discards one.
    Discard(String, String),
    /// Tells where a reject file is, and what to call it.
    Rejects(String),
}

impl Operation for Ask {
    type Answer = Value;

    const ROUTE: &'static str = "loads";

    fn run(self, book: &Book, listener: &dyn Listener) -> anyhow::Result<Value> {
        let refused = |error: BookError| explained(book, error);
        let id = match self {
            Ask::List {
                state,
                source,
                limit,
            } => {
                let filter = Filter {
                    state,
                    source,
                    among: None,
                    before: None,
                    limit,
                };
                let (loads, _) = book.list(&filter);
                return Ok(loads.iter().map(|load| book.describe(load)).collect());
            }
            Ask::Rejects(id) => {
                let rejects = book.rejects(&id).map_err(refused)?;
                return Ok(json!({ "path": rejects.path, "name": rejects.name }));
            }
            Ask::Show(id) => id,
            Ask::Publish(id, limit, by) => {
                book.publish(&id, limit, &by).map_err(refused)?;
                let done = settled(book, &id, listener)?;
                return published(book, &done);
            }
            Ask::Undo(id, by) => {
                let undo = book.undo(&id, &by).map_err(refused)?;
                let done = settled(book, &undo.id, listener)?;
                return published(book, &done);
            }
            Ask::Discard(id, by) => {
                book.discard(&id, &by).map_err(refused)?;
                id
            }
        };
        Ok(book.describe(&book.get(&id).map_err(refused)?))
    }
}

/// Waits until a load has come to rest.
fn settled(book: &Book, id: &str, listener: &dyn Listener) -> anyhow::Result<Snapshot> {
    loop {
        let found = book.get(id)?;
        if !found.load.state.is_moving() {
            return Ok(found);
        }
        if let Some(pace) = found.pace {
            listener.stage(Stage {
                stage: format!("{} {}", pace.stage, found.load.file),
                bytes: true,
                done: pace.bytes,
                total: pace.of,
                note: format!("{} rows, {:.0} rows/s", pace.rows, pace.rate),
            });
        }
        std::thread::sleep(PAUSE);
    }
}

/// The load, or why it was not published.
fn published(book: &Book, done: &Snapshot) -> anyhow::Result<Value> {
    let load = &done.load;
    match load
        .problem
        .as_ref()
        .filter(|_| load.state != State::Published)
    {
        Some(problem) => {
            let text = book.store().catalog().problems.text(problem);
            Err(refusal(text.zh, text.en))
        }
        None => Ok(book.describe(done)),
    }
}

/// Why the book does not do what it was asked.
fn explained(book: &Book, error: BookError) -> anyhow::Error {
    match error.problem() {
        Some(problem) => {
            let text = book.store().catalog().problems.text(&problem);
            refusal(text.zh, text.en)
        }
        None => anyhow::Error::new(error),
    }
}

/// Lists the loads, or does what is asked of one.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let by = context::user();
    let ask = match arguments.command {
        None => {
            let (state, source, limit) = (arguments.state, arguments.source, arguments.limit);
            let list = Ask::List {
                state,
                source,
                limit,
            };
            let loads = perform_quietly(context, list)?;
            return context.answer(&loads, |loads| {
                loads.as_array().into_iter().flatten().for_each(line);
            });
        }
        Some(Command::Rejects { id, out }) => return rejects(context, id, out),
        Some(Command::Show { id }) => Ask::Show(id),
        Some(Command::Publish { id, max_rejects }) => Ask::Publish(id, max_rejects, by),
        Some(Command::Undo { id }) => Ask::Undo(id, by),
        Some(Command::Discard { id }) => Ask::Discard(id, by),
    };
    let load = perform_quietly(context, ask)?;
    context.answer(&load, whole)
}

/// Copies a reject file to where its steward mends it.
fn rejects(context: &Context, id: String, out: Option<PathBuf>) -> anyhow::Result<()> {
    let found = perform_quietly(context, Ask::Rejects(id))?;
    let text = |member: &str| found[member].as_str().unwrap_or_default().to_owned();
    let out = out.unwrap_or_else(|| PathBuf::from(text("name")));
    copy(Path::new(&text("path")), &out)?;
    let answer = json!({ "file": out });
    context.answer(&answer, |_| {
        println!("拒收文件 reject file: {}", out.display());
    })
}

/// Copies a file, and overwrites none.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut source = fs::File::open(from).with_context(|| from.display().to_string())?;
    let mut target = match fs::File::create_new(to) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let to = to.display();
            return Err(refusal(
                format!("{to} 已存在，不覆盖：请用 --out 另选文件名"),
                format!(
                    "{to} is there already and is not overwritten: take another name with --out"
                ),
            ));
        }
        target => target.with_context(|| to.display().to_string())?,
    };
    std::io::copy(&mut source, &mut target).with_context(|| to.display().to_string())?;
    Ok(())
}

/// One load in a list.
fn line(load: &Value) {
    let counts = &load["counts"];
    let name = match load["undoes"].as_str() {
        Some(undone) => format!("撤销 undoes {undone}"),
        None => text(&load["file"]).to_owned(),
    };
    println!(
        "{}  {:10}  {:24}  {:>9}  {:>7}  {name}",
        text(&load["id"]),
        text(&load["state"]),
        text(&load["source"]),
        number(&counts["read"]),
        number(&counts["rejected"]),
    );
}

/// A load with all there is to say.
fn whole(load: &Value) {
    line(load);
    if let Some(problem) = load["problem"].as_object() {
        println!("  {}", text(&problem["zh"]));
        println!("  {}", text(&problem["en"]));
    }
    let counts = &load["counts"];
    if counts.is_object() {
        println!(
            "  读取 read {} = 新增 inserted {} + 变更 changed {} + 不变 unchanged {} + 拒收 rejected {}",
            counts["read"],
            counts["inserted"],
            counts["changed"],
            counts["unchanged"],
            counts["rejected"]
        );
    }
    println!(
        "  文件 file {} bytes, 保留 kept {} bytes, BLAKE3 {}",
        load["size"],
        load["kept"],
        text(&load["hash"])
    );
    for step in load["history"].as_array().into_iter().flatten() {
        let note = step["note"].as_object();
        let note = note.map_or("", |note| note["en"].as_str().unwrap_or_default());
        println!(
            "  {}  {:10}  {}  {note}",
            text(&step["at"]),
            text(&step["state"]),
            text(&step["by"])
        );
    }
}

fn number(value: &Value) -> String {
    value
        .as_u64()
        .map_or_else(String::new, |number| number.to_string())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
