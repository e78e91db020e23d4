//! The `jiku` command: it joins schemas, store, loading desk and server, and does nothing by itself.
//!
//! Each command is a file of [`commands`], whose module doc says how to add one. While `jiku serve`
//! holds a data directory, the commands that need it go through it: see [`served`].

pub mod arguments;
pub mod commands;
pub mod context;
pub mod log;
pub mod meter;
pub mod refusal;
pub mod served;
pub mod settings;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;

/// Runs the command that the arguments (the program's name first) ask for. The exit code is 0 only
/// when all of it worked, 1 when something failed or was rejected, 2 for wrong arguments.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // What cannot be printed cannot be told either.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let json = arguments.global.json;
    match commands::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            refusal::print(&error, json);
            ExitCode::FAILURE
        }
    }
}
