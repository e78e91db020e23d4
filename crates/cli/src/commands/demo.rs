//! `jiku demo`: makes, loads and serves a small synthetic city.

mod keys;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use load::book::Book;
use register::Embedded;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::keys::ADMINISTRATOR;
use super::{init, serve, synth};
use crate::context::Context;
use crate::log;
use crate::refusal::refusal;
use crate::served::perform_here;
use crate::settings::{self, Given};

/// The seed of every demo: the same city everywhere.
const SEED: u64 = 1;
/// Persons of a new city when nothing is said.
const PERSONS: u64 = 20_000;
/// Says in the data directory that the city is complete.
const DONE: &str = "demo.json";
/// What to try, as it is in the README; `HOST` stands for the address.
const TRY: &str = include_str!("demo/try.txt");

/// Arguments of `jiku demo`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How many persons; 20000 in a new city 人数
    #[arg(long)]
    pub persons: Option<u64>,
    /// Address and port, on this machine only; port 0 takes a free one 监听地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// The city that a data directory holds.
#[derive(Debug, Serialize, Deserialize)]
struct City {
    persons: u64,
    seed: u64,
}

/// Makes the city where there is none, and serves it.
pub fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let settings = settings::Setup {
        config: None,
        given: Given {
            listen: Some(arguments.listen),
            ..Given::default()
        },
    };
    let settings = settings.settle(&context.global.data)?;
    serve::check(&settings)?;
    log::begin(settings.log);
    let data = &context.global.data;
    let city = fs::read_to_string(data.join(DONE)).ok();
    let city: Option<City> = city.and_then(|text| serde_json::from_str(&text).ok());
    let store = match city {
        Some(city) => {
            refuse_other(data, &city, arguments)?;
            context.open()?
        }
        None => make(context, arguments.persons.unwrap_or(PERSONS))?,
    };
    let keys = keys::keys(data)?;
    serve::serve(context, store, &settings, serve::stopped(), |address| {
        let answer = json!({ "address": address, "keys": keys });
        context.answer(&answer, |_| {
            let file = data.join(keys::FILE);
            let file = file.display();
            println!("\n演示密钥，只用于这座合成城市，也在 {file}：");
            println!("Demo keys, for this synthetic city only, also in {file}:\n");
            for (role, key) in &keys {
                println!("    {role:14} {key}");
            }
            println!("\n合成城市已就绪，Ctrl-C 停止。在另一个终端试试：");
            println!("A synthetic city is ready, stop with Ctrl-C. In another terminal, try:\n");
            let key = keys.get(ADMINISTRATOR).map_or("", String::as_str);
            println!("export JIKU_KEY={key}");
            println!("{}", TRY.replace("HOST", &address.to_string()));
        })
    })
}

/// A city of another size takes another data directory: nothing is thrown away here.
fn refuse_other(data: &Path, city: &City, arguments: &Arguments) -> anyhow::Result<()> {
    match arguments.persons {
        Some(persons) if persons != city.persons => {
            let (data, there) = (data.display(), city.persons);
            Err(refusal(
                format!("{data} 里已有一座 {there} 人的城市：请用 --data 另选目录"),
                format!("{data} holds a city of {there} persons: take another folder with --data"),
            ))
        }
        _ => Ok(()),
    }
}

/// Makes the city, or what a demo that was cut off has left to make.
fn make(context: &Context, persons: u64) -> anyhow::Result<Embedded> {
    let data = &context.global.data;
    let files = data.join("files");
    if !data.join("jiku.json").exists() {
        init::create(context, true)?;
    } else if !context.directory()?.is_synthetic() || !files.exists() {
        let data = data.display();
        return Err(refusal(
            format!("{data} 是已有的数据目录，不是演示城市：请用 --data 另选目录"),
            format!("{data} is a data directory, and no demo: take another folder with --data"),
        ));
    }
    fs::create_dir_all(&files).with_context(|| files.display().to_string())?;
    let options = ::synth::Options {
        persons,
        seed: SEED,
        out: files.clone(),
        dirt: None,
    };
    synth::write(context, &options)?;
    let store = context.open()?;
    let book = Book::open(store.clone())?;
    for file in ::synth::FILES {
        let one = super::load::Load::sound(file.source, files.join(file.file));
        let report = perform_here(context, one, &book)?;
        context.answer(&report, super::load::print)?;
        super::load::accepted(&report)?;
    }
    let done = serde_json::to_string(&City {
        persons,
        seed: SEED,
    })?;
    let path = data.join(DONE);
    fs::write(&path, done).with_context(|| path.display().to_string())?;
    Ok(store)
}
