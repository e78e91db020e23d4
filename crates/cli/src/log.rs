//! The log of a server, on standard error. What was asked for is not in it: the template of the route is,
//! and who asked.

use std::io;

use tracing_subscriber::filter::LevelFilter;

use crate::settings::Log;

/// Begins it, once in a process; a second time changes nothing.
pub fn begin(log: Log) {
    let level = match log {
        Log::Errors => LevelFilter::WARN,
        Log::Text | Log::Json => LevelFilter::INFO,
    };
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(false);
    // Whoever embeds this may have one of its own.
    let _ = match log {
        Log::Json => builder.json().flatten_event(true).try_init(),
        Log::Errors | Log::Text => builder.try_init(),
    };
}
