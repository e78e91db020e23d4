//! `jiku init`: makes a data directory.

use clap::Args;
use register::{DataDirectory, StoreError};
use serde_json::json;

use super::keys;
use crate::context::Context;
use crate::refusal::refusal;

/// Arguments of `jiku init`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// For synthetic data only, for ever 只用于合成数据
    #[arg(long)]
    pub synthetic: bool,
}

/// Makes the data directory of `--data`.
pub fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let directory = create(context, arguments.synthetic)?;
    let key = keys::first(&keys::open(context)?)?;
    let answer = json!({
        "data": directory.path(),
        "synthetic": directory.is_synthetic(),
        "administratorKey": key.as_ref().map(|key| &key.text),
    });
    context.answer(&answer, |_| {
        let path = directory.path().display();
        let kind = if arguments.synthetic {
            "（合成数据 synthetic data only）"
        } else {
            ""
        };
        println!("已建立数据目录 data directory made: {path}{kind}");
        key.as_ref().inspect(|key| keys::tell_first(key));
    })
}

/// Makes it.
pub fn create(context: &Context, synthetic: bool) -> anyhow::Result<DataDirectory> {
    let path = &context.global.data;
    // A schema that cannot be read is told before anything is made.
    context.catalog()?;
    if path.join("jiku.json").exists() {
        let path = path.display();
        return Err(refusal(
            format!("{path} 已经是数据目录"),
            format!("{path} is a data directory already"),
        ));
    }
    match DataDirectory::create(path, synthetic) {
        Err(StoreError::Refused(reason)) => {
            Err(refusal(format!("不能在此建立数据目录：{reason}"), reason))
        }
        other => Ok(other?),
    }
}
