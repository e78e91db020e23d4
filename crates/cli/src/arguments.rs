//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser};

use crate::commands::Command;

/// A city's base records: load departments' CSV files, query them over HTTP.
/// 城市基础数据库：装载部门数据文件，经 HTTP 查询。
#[derive(Debug, Parser)]
#[command(name = "jiku", version, arg_required_else_help = true)]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The data directory 数据目录
    #[arg(
        long,
        global = true,
        env = "JIKU_DATA",
        default_value = "city",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// Schemas of this folder in place of the built-in ones 模式文件目录
    #[arg(long, global = true, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
    /// Answer in JSON, without progress bars 以 JSON 输出
    #[arg(long, global = true)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_arguments_stand_anywhere() {
        let parsed =
            Arguments::try_parse_from(["jiku", "verify", "--data", "d", "--json"]).unwrap();
        assert!(parsed.global.json);
        assert_eq!(parsed.global.data, PathBuf::from("d"));
    }
}
