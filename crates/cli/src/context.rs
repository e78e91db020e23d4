//! What commands work with: the schemas, the data directory, the way answers are printed.

use std::sync::Arc;

use anyhow::Context as _;
use ledger::LedgerError;
use load::book::Book;
use register::{DataDirectory, Embedded, Opening, Register, StoreError};
use schema::{Catalog, Source};
use serde::Serialize;

use crate::arguments::Global;
use crate::meter::{Meter, Unit};
use crate::refusal::refusal;
use crate::served::{Address, Client};

/// What every command is given.
#[derive(Clone, Debug)]
pub struct Context {
    /// What every command takes.
    pub global: Global,
}

/// The store, wherever it is.
pub enum Reached {
    /// In this process, with its book of loads.
    Here(Book),
    /// Held by a running server.
    Served(Client),
}

impl Context {
    /// The schemas: the built-in ones, or those of `--schemas`.
    pub fn catalog(&self) -> anyhow::Result<Arc<Catalog>> {
        let read = match &self.global.schemas {
            None => Catalog::embedded(),
            Some(folder) => Catalog::from_dir(folder),
        };
        let wrong = |mistake: schema::SchemaError| {
            refusal(
                format!("模式文件有误：{mistake}"),
                format!("the schemas are wrong: {mistake}"),
            )
        };
        Ok(Arc::new(read.map_err(wrong)?))
    }

    /// The data directory, which must exist.
    pub fn directory(&self) -> anyhow::Result<DataDirectory> {
        let path = &self.global.data;
        if !path.join("jiku.json").exists() {
            let path = path.display();
            return Err(refusal(
                format!("{path} 不是数据目录，请先执行：jiku init --data {path}"),
                format!("{path} is no data directory: make one with: jiku init --data {path}"),
            ));
        }
        Ok(DataDirectory::open(path)?)
    }

    /// Opens the store in this process, and tells what opening found.
    pub fn open(&self) -> anyhow::Result<Embedded> {
        self.try_open()?.ok_or_else(|| self.in_use())
    }

    /// The store: here, or through the server that holds the data directory.
    pub fn reach(&self) -> anyhow::Result<Reached> {
        if let Some(store) = self.try_open()? {
            return Ok(Reached::Here(Book::open(store)?));
        }
        match Address::read(&self.global.data) {
            Some(address) => Ok(Reached::Served(Client::new(address))),
            None => Err(self.in_use()),
        }
    }

    /// Why a data directory that another process holds cannot be worked on.
    pub fn in_use(&self) -> anyhow::Error {
        let path = self.global.data.display();
        refusal(
            format!("{path} 正被另一个 jiku 进程使用，请等它结束或先停止它"),
            format!("{path} is in use by another jiku process: wait for it, or stop it first"),
        )
    }

    /// Opens the store; `None` where another process holds it.
    fn try_open(&self) -> anyhow::Result<Option<Embedded>> {
        let directory = self.directory()?;
        let catalog = self.catalog()?;
        let meter = self.meter();
        let progress = |stage: &str, done, total| {
            meter.show(&format!("索引 index {stage}"), Unit::Items, done, total);
        };
        match Embedded::open(directory, catalog, registers(), &progress) {
            Ok((store, opening)) => {
                meter.clear();
                tell(&opening);
                store.told(&opening)?;
                Ok(Some(store))
            }
            Err(StoreError::Ledger(LedgerError::InUse { .. })) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error))
                .with_context(|| format!("cannot open {}", self.global.data.display())),
        }
    }

    /// A progress meter, hidden where the answer is JSON.
    pub fn meter(&self) -> Meter {
        Meter::new(self.global.json)
    }

    /// Prints an answer: as one line of JSON, or as `human` writes it.
    pub fn answer<T: Serialize>(&self, answer: &T, human: impl FnOnce(&T)) -> anyhow::Result<()> {
        if self.global.json {
            println!("{}", serde_json::to_string(answer)?);
        } else {
            human(answer);
        }
        Ok(())
    }
}

/// Who runs this command, as the system knows them.
pub fn user() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"].iter();
    let mut names = names.filter_map(|name| std::env::var(name).ok());
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

/// The registers that are built in.
pub fn registers() -> Vec<Arc<dyn Register>> {
    vec![
        Arc::new(person::PersonRegister),
        Arc::new(organization::OrganizationRegister),
        Arc::new(spatial::SpatialRegister),
        Arc::new(macroeconomy::MacroeconomyRegister),
    ]
}

/// The source mapping of a name; where there is none, the message lists those there are.
pub fn source(catalog: &Catalog, name: &str) -> anyhow::Result<Arc<Source>> {
    let found = catalog.source(name).cloned();
    found.ok_or_else(|| {
        let names: Vec<&str> = catalog.sources.keys().map(String::as_str).collect();
        let names = names.join(", ");
        refusal(
            format!("没有名为“{name}”的来源映射，现有：{names}"),
            format!("there is no source '{name}': there are {names}"),
        )
    })
}

/// Tells on standard error what opening found and mended.
fn tell(opening: &Opening) {
    for load in &opening.unfinished {
        eprintln!(
            "装载被中断，已回到装载之前：{} ← {}\na load was cut off, the state is the one before it: {} from {}",
            load.source, load.file, load.source, load.file
        );
    }
    for (collection, entries) in &opening.replayed {
        eprintln!("索引已补齐 index brought up to the ledger: {collection} ({entries})");
    }
    for collection in &opening.rebuilt {
        eprintln!("索引已重建 index rebuilt: {collection}");
    }
    if let Some(damage) = &opening.damage {
        eprintln!("账本损坏，只能读取，请从备份恢复：{damage}");
        eprintln!("the ledger is damaged and only reads, restore a backup: {damage}");
    }
}
