//! `jiku export`: writes a collection's records.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use load::book::Book;
use query::times::{self, Times};
use query::{FoundRecord, Records};
use record::Predicate;
use register::{Deadline, Embedded, Page, Search, Store};
use schema::Collection;
use serde::{Deserialize, Serialize};
use server::{csv, feature};

use crate::context::Context;
use crate::refusal::refusal;
use crate::served::{Listener, Operation, Stage, perform};

/// Records read at once.
const PAGE: usize = 2_000;

/// The forms an export can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For spreadsheets: a header and a line a record.
    Csv,
    /// A GeoJSON feature a line.
    Ndjson,
    /// A GeoJSON feature collection.
    Geojson,
}

/// Arguments of `jiku export`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The collection, such as person or organization 数据集
    pub collection: String,
    /// The form 格式
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
    /// The file; standard output without it 输出文件
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// As it was in the world on this day 有效日期
    #[arg(long, value_name = "DATE")]
    pub valid_at: Option<String>,
    /// As it was known then, a day or an instant 已知时间
    #[arg(long, value_name = "TIME")]
    pub known_at: Option<String>,
}

/// Writes the records of a collection.
#[derive(Debug, Serialize, Deserialize)]
pub struct Export {
    collection: String,
    format: Format,
    valid_at: Option<String>,
    known_at: Option<String>,
}

/// What was written.
#[derive(Debug, Serialize, Deserialize)]
pub struct Exported {
    /// The collection.
    pub collection: String,
    /// How many records.
    pub records: u64,
}

impl Operation for Export {
    type Answer = Exported;

    const ROUTE: &'static str = "export";

    fn run(self, book: &Book, listener: &dyn Listener) -> anyhow::Result<Exported> {
        let store = book.store();
        let Some(collection) = store.catalog().collection(&self.collection) else {
            let names = store
                .catalog()
                .collections
                .iter()
                .map(|one| one.name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            return Err(refusal(
                format!("没有数据集“{}”，现有：{names}", self.collection),
                format!(
                    "there is no collection '{}': there are {names}",
                    self.collection
                ),
            ));
        };
        let view = store.view();
        let today = times::today();
        let (valid_at, known_at) = (self.valid_at.as_deref(), self.known_at.as_deref());
        let times = times::resolve(store, view.as_ref(), today, valid_at, known_at)?;
        let mut text = Text {
            store,
            collection,
            format: self.format,
            written: 0,
        };
        let mut after = None;
        loop {
            let search = Search {
                predicate: &Predicate::All,
                time: times.scope,
                sort: &[],
                after: after.as_ref(),
                limit: PAGE,
                deadline: Deadline::NONE,
            };
            let page = view.search(&collection.name, &search)?;
            let (total, next) = (page.total, page.next.clone());
            listener.text(&text.page(page, times)?)?;
            listener.stage(Stage {
                stage: format!("导出 export {}", collection.name),
                bytes: false,
                done: text.written,
                total,
                note: String::new(),
            });
            after = next;
            if after.is_none() {
                break;
            }
        }
        if self.format == Format::Geojson {
            listener.text("\n]}\n")?;
        }
        Ok(Exported {
            records: text.written,
            collection: self.collection,
        })
    }
}

/// Pages as text, in the forms in which the server answers them.
struct Text<'a> {
    store: &'a Embedded,
    collection: &'a Collection,
    format: Format,
    written: u64,
}

impl Text<'_> {
    /// The next page; the first begins with what stands before all records.
    fn page(&mut self, page: Page, times: Times) -> anyhow::Result<String> {
        let first = self.written == 0;
        let count = page.records.len();
        self.written += count as u64;
        let found = |record| FoundRecord {
            record,
            distance: None,
            score: None,
        };
        let records = Records {
            collection: self.collection.name.clone(),
            records: page.records.into_iter().map(found).collect(),
            matched: page.total,
            cursor: None,
            times,
            explanation: None,
        };
        match self.format {
            Format::Ndjson => Ok(feature::lines(self.store, &records)),
            Format::Csv => {
                let text = csv::page(self.collection, &[], &records)?;
                let header = if first {
                    0
                } else {
                    text.find('\n').map_or(0, |end| end + 1)
                };
                Ok(text[header..].to_owned())
            }
            Format::Geojson => {
                let lines = feature::lines(self.store, &records);
                let start = "{\"type\":\"FeatureCollection\",\"features\":[\n";
                let before = match (first, count) {
                    (true, _) => start,
                    (false, 0) => "",
                    (false, _) => ",\n",
                };
                // A feature has no line end within: each is one line.
                Ok(before.to_owned() + &lines.trim_end().replace('\n', ",\n"))
            }
        }
    }
}

/// Writes to the file of `--out`, or to standard output.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments {
        collection,
        format,
        out,
        valid_at,
        known_at,
    } = arguments;
    let target: Box<dyn Write + Send> = match &out {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(std::io::stdout()),
    };
    let target = Mutex::new(BufWriter::new(target));
    let write = |text: &str| {
        let mut target = target.lock().unwrap_or_else(PoisonError::into_inner);
        target
            .write_all(text.as_bytes())
            .context("the export cannot be written")
    };
    let operation = Export {
        collection,
        format,
        valid_at,
        known_at,
    };
    let exported = perform(context, operation, &write)?;
    let mut target = target.into_inner().unwrap_or_else(PoisonError::into_inner);
    target.flush().context("the export cannot be written")?;
    match out {
        // Standard output holds the records: nothing may be added.
        None => Ok(()),
        Some(path) => context.answer(&exported, |exported| {
            println!(
                "已导出 exported: {} records to {}",
                exported.records,
                path.display()
            );
        }),
    }
}
