//! `jiku config`: what a server would be set up with, and where each setting is from.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::settings;

/// Arguments of `jiku config`: those of `jiku serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What may be said.
    #[command(flatten)]
    pub settings: settings::Setup,
}

/// Prints it, in the form of the file.
pub fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let settings = arguments.settings.settle(&context.global.data)?;
    let answer: toml::Value = toml::from_str(&settings.printed)?;
    context.answer(&json!(answer), |_| print!("{}", settings.printed))
}
