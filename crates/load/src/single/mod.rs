//! Writing one record at a time, under the checks that rows of files pass.
//!
//! A [`Call`] is what somebody asks for; the [`Clerk`] reads its body ([`body`], [`value`]), checks the
//! values, takes the write lock, carries it out ([`carry`], [`operations`]) and publishes, and answers with what was
//! [`Written`]. A call that bears a key is carried out once, however often it comes ([`answers`]).
//! Nothing is written outside the ledger: a single write is a load of one statement or a few, from the
//! source [`SOURCE`].
//!
//! To add an operation: a [`Verb`], its members in [`body`] or [`operations`], what it does in [`carry`] or there, and its route
//! in the server.

pub mod answers;
pub mod body;
pub mod call;
pub mod carry;
pub mod clerk;
pub mod error;
pub mod operations;
pub mod value;

pub use call::{Call, Expected, Outcome, Verb, Written};
pub use clerk::Clerk;
pub use error::{Located, WriteError};

/// What stands in place of a source's name where a statement came by a call.
pub const SOURCE: &str = "api";
