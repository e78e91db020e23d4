//! Commands on a data directory that a running server holds.
//!
//! The ledger is locked by whoever has it open. `jiku serve` therefore leaves a file [`FILE`] in the
//! data directory: its address, its process, and a secret that only the directory's owner can read.
//! An [`Operation`] is what a command does with a store; [`perform`] runs it in this process, or,
//! where a server holds the directory, sends it to the server's `routes` under `/admin/` and shows
//! the [`Event`]s that come back, a line of JSON each.

mod address;
mod client;
mod routes;

use load::book::{Book, Lane};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use address::{Address, FILE, Registration, private_file};
pub use client::Client;
pub use routes::router;

use crate::context::{Context, Reached};
use crate::meter::{Meter, Unit};
use crate::refusal::{Refusal, refusal};

/// How far an operation has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// What it is at.
    pub stage: String,
    /// It counts bytes, not items.
    #[serde(default)]
    pub bytes: bool,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 where nobody knows.
    pub total: u64,
    /// What else there is to say.
    #[serde(default)]
    pub note: String,
}

/// What an operation tells while it runs, and at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// It goes on.
    Stage(Stage),
    /// A part of a text it writes.
    Text(String),
    /// It is done; the last event.
    Answer(Value),
    /// It failed; the last event.
    Refused(Refusal),
}

/// Where an operation tells what it does.
pub trait Listener: Sync {
    /// How far it has come.
    fn stage(&self, stage: Stage);

    /// A part of the text it writes.
    ///
    /// # Errors
    ///
    /// Where the text cannot be written, or nobody reads it any more: the operation gives up.
    fn text(&self, text: &str) -> anyhow::Result<()>;
}

/// What a command does with a store and its book of loads, here or in the server.
pub trait Operation: Serialize + DeserializeOwned + Send + 'static {
    /// What it answers.
    type Answer: Serialize + DeserializeOwned;

    /// Its route below `/admin/`.
    const ROUTE: &'static str;

    /// Does it.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being done whole.
    fn run(self, book: &Book, listener: &dyn Listener) -> anyhow::Result<Self::Answer>;
}

/// Runs an operation where the store is. `write` is given the text it writes, in parts.
///
/// # Errors
///
/// The operation's own; a data directory that cannot be opened; a server that does not answer.
pub fn perform<O: Operation>(
    context: &Context,
    operation: O,
    write: &(dyn Fn(&str) -> anyhow::Result<()> + Sync),
) -> anyhow::Result<O::Answer> {
    let meter = context.meter();
    let console = Console {
        meter: &meter,
        write,
    };
    match context.reach()? {
        Reached::Here(book) => {
            // Nobody else publishes what the operation asks for.
            let _workers = book.work(&[Lane::Publish])?;
            operation.run(&book, &console)
        }
        Reached::Served(_) if context.global.schemas.is_some() => Err(refusal(
            "服务正在运行，使用它自己的模式文件：请去掉 --schemas",
            "a server is running, with its own schemas: leave out --schemas",
        )),
        Reached::Served(client) => client.call(&operation, &console),
    }
}

/// Runs an operation on a book that is open in this process.
///
/// # Errors
///
/// The operation's own.
pub fn perform_here<O: Operation>(
    context: &Context,
    operation: O,
    book: &Book,
) -> anyhow::Result<O::Answer> {
    let meter = context.meter();
    operation.run(
        book,
        &Console {
            meter: &meter,
            write: &|_| Ok(()),
        },
    )
}

/// [`perform`] for an operation that writes no text.
///
/// # Errors
///
/// As [`perform`].
pub fn perform_quietly<O: Operation>(context: &Context, operation: O) -> anyhow::Result<O::Answer> {
    perform(context, operation, &|_| Ok(()))
}

/// Shows on the terminal of whoever called the command.
struct Console<'a> {
    meter: &'a Meter,
    write: &'a (dyn Fn(&str) -> anyhow::Result<()> + Sync),
}

impl Listener for Console<'_> {
    fn stage(&self, stage: Stage) {
        let unit = if stage.bytes {
            Unit::Bytes
        } else {
            Unit::Items
        };
        self.meter.show(&stage.stage, unit, stage.done, stage.total);
        if !stage.note.is_empty() {
            self.meter.note(stage.note);
        }
    }

    fn text(&self, text: &str) -> anyhow::Result<()> {
        (self.write)(text)
    }
}
