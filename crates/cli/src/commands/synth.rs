//! `jiku synth`: writes a synthetic city's files.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use synth::{Options, Summary};

use crate::context::Context;
use crate::meter::Unit;
use crate::refusal::refusal;

/// Arguments of `jiku synth`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How many persons 人数
    #[arg(long)]
    pub persons: u64,
    /// The same seed writes the same bytes 随机种子
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to 输出目录
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Share of rows to spoil, 0 to 1; the truth is written beside them 脏数据比例
    #[arg(long, value_name = "RATE")]
    pub dirt: Option<f64>,
}

/// Writes the city.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments {
        persons,
        seed,
        out,
        dirt,
    } = arguments;
    let options = Options {
        persons,
        seed,
        out,
        dirt,
    };
    let summary = write(context, &options)?;
    let answer = json!({
        "out": options.out,
        "rows": summary.rows(),
        "bytes": summary.bytes(),
        "spoiled": summary.spoiled,
        "files": summary.files.iter().map(|written| json!({
            "file": written.file.file,
            "source": written.file.source,
            "rows": written.rows,
            "bytes": written.bytes,
        })).collect::<Vec<_>>(),
    });
    context.answer(&answer, |_| {
        for written in &summary.files {
            println!(
                "{:30} {:>10} rows {:>12} bytes   jiku load {}",
                written.file.file, written.rows, written.bytes, written.file.source
            );
        }
        let (rows, spoiled) = (summary.rows(), summary.spoiled);
        println!(
            "合成数据 synthetic data: {rows} rows, {spoiled} spoiled, in {}",
            options.out.display()
        );
    })
}

/// Writes it, with a progress bar.
pub fn write(context: &Context, options: &Options) -> anyhow::Result<Summary> {
    let meter = context.meter();
    let progress = |stage: &str, done, total| {
        meter.show(&format!("合成 synth {stage}"), Unit::Items, done, total);
    };
    synth::generate(options, &progress)
        .map_err(|error| refusal(format!("不能生成合成数据：{error}"), error.to_string()))
}
