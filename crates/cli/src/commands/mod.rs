//! The commands, one a file.
//!
//! To add one: write `commands/<command>.rs` with its arguments (a clap `Args` whose doc is its help)
//! and a function `run(&Context, Arguments)`, and name it in [`Command`] and [`run`]. Where it works
//! on the store, make what it does an [`Operation`](crate::served::Operation) and give it a route in
//! `served/routes.rs`, so that it works while a server runs.

use clap::Subcommand;

use crate::arguments::Arguments;
use crate::context::Context;

pub mod audit;
pub mod backup;
pub mod config;
pub mod demo;
pub mod export;
pub mod init;
pub mod keys;
pub mod load;
pub mod loads;
pub mod reindex;
pub mod restore;
pub mod serve;
pub mod sources;
pub mod synth;
pub mod verify;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a data directory 建立数据目录
    Init(init::Arguments),
    /// Load a department's files 装载部门数据文件
    Load(load::Arguments),
    /// The loads there are; publish, undo or discard one 装载列表；发布、撤销或丢弃
    Loads(loads::Arguments),
    /// Who may ask: callers and their keys 调用方与密钥
    Keys(keys::Arguments),
    /// List the source mappings 列出来源映射
    Sources,
    /// Answer queries over HTTP 启动查询服务
    Serve(serve::Arguments),
    /// Show what a server would be set up with 显示生效的设置
    Config(config::Arguments),
    /// Make, load and serve a small synthetic city 演示：生成、装载并查询一座合成城市
    Demo(demo::Arguments),
    /// Write a synthetic city's files 生成合成城市的数据文件
    Synth(synth::Arguments),
    /// Write a collection's records to a file 导出记录
    Export(export::Arguments),
    /// Copy the data directory, also while it is served 备份（服务运行时也可）
    Backup(backup::Arguments),
    /// Make a data directory from a backup 从备份恢复
    Restore(restore::Arguments),
    /// Check the ledger's hash chain, the index against it, and the audit trail 校验账本、索引与审计日志
    Verify,
    /// Export the audit trail, prove entries of it, check proofs 导出审计日志，出具与核验证明
    Audit(audit::Arguments),
    /// Build the index anew from the ledger 由账本重建索引
    Reindex,
}

/// Runs the command that was asked for.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let context = Context {
        global: arguments.global,
    };
    match arguments.command {
        Command::Init(arguments) => init::run(&context, &arguments),
        Command::Load(arguments) => load::run(&context, arguments),
        Command::Loads(arguments) => loads::run(&context, arguments),
        Command::Keys(arguments) => keys::run(&context, arguments),
        Command::Sources => sources::run(&context),
        Command::Serve(arguments) => serve::run(&context, &arguments),
        Command::Config(arguments) => config::run(&context, &arguments),
        Command::Demo(arguments) => demo::run(&context, &arguments),
        Command::Synth(arguments) => synth::run(&context, arguments),
        Command::Export(arguments) => export::run(&context, arguments),
        Command::Backup(arguments) => backup::run(&context, arguments),
        Command::Restore(arguments) => restore::run(&context, &arguments),
        Command::Verify => verify::run(&context),
        Command::Audit(arguments) => audit::run(&context, arguments),
        Command::Reindex => reindex::run(&context),
    }
}
