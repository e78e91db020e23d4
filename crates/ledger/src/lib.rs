//! The append-only, hash-chained log and the small keyed state of one data directory.
//!
//! The ledger is the only truth of the platform: everything else is derived from it and can be
//! rebuilt. It does not know what it stores. The layer above packs statements into *blocks* of
//! about 64 KB and appends them to named *logs*; an entry in the *journal* makes a range of blocks
//! visible, all at once. Whatever no entry covers does not exist for readers and is removed when
//! the ledger is opened again.
//!
//! - [`Ledger`]: open, read, scan, keyed state, verify, backup.
//! - [`Appender`]: stages blocks at the end of one log, then publishes or abandons them.
//! - [`Entry`]: one journal entry, the marker of a published load.
//!
//! # Order of durability
//!
//! [`Ledger::publish_many`] flushes the blocks, inserts the journal entry, flushes again, and records
//! the entry's number and hash in the file `last-entry` before it returns. A process killed at any moment leaves every acknowledged entry with all its blocks,
//! and of an unacknowledged one either all or nothing. The store's own flush writes the data but
//! does not ask the disk for the file's metadata, so each flush here also syncs the store's files
//! (see `store.rs`).
//!
//! # Stored form, format 1
//!
//! All integers are big-endian. The directory holds `lock` (locked while a process has the ledger
//! open), `store/` (the sled database, segments of 4 MiB), `last-entry` (number and hash of the last
//! published entry, laid out in `anchor.rs`) and, while a backup is being written into it,
//! `incomplete`. They belong together: copy a ledger with [`Ledger::backup`].
//!
//! | tree | key | value |
//! |---|---|---|
//! | `ledger/<log>` | sequence `u64`, from 0 | block |
//! | `journal` | number `u64`, from 1 | entry |
//! | `state/<bucket>` | the caller's | the caller's |
//! | `meta` | `format` | `u32` = 1 |
//!
//! A block:
//!
//! | bytes | field |
//! |---|---|
//! | 0 | version = 1 |
//! | 1 | kind, the caller's |
//! | 2..6 | count `u32`, the caller's |
//! | 6..10 | length of the payload before compression, `u32` |
//! | 10..42 | hash of the block before it in the same log (zeros for the first) |
//! | 42..74 | own hash |
//! | 74.. | payload, one zstd frame |
//!
//! Own hash = BLAKE3 over: `jiku ledger block 1`, bytes 10..42, length of the log's name `u16`, the
//! name, sequence `u64`, bytes 0..10, bytes 74.. (so a block moved to another place fails too).
//!
//! An entry:
//!
//! | bytes | field |
//! |---|---|
//! | 0 | version = 1 |
//! | 1..9 | number `u64` |
//! | 9..17 | instant, microseconds since 1970-01-01T00:00:00Z, `i64` |
//! | 17..49 | hash of the entry before it (zeros for the first) |
//! | 49..81 | own hash |
//! | 81.. | ranges: count `u16`, each: name length `u16`, name, first `u64`, last `u64` (inclusive), hash of the last block 32 |
//! | | heads, the end of every log as of this entry: count `u16`, each: name length `u16`, name, length `u64`, hash of the last block 32 |
//! | | payload: length `u32`, bytes, the caller's |
//!
//! Own hash = BLAKE3 over: `jiku ledger entry 1`, bytes 0..49, bytes 81.. . Ranges and heads are
//! sorted by name.
//!
//! What the chain proves: any change, removal or reordering that does not rewrite everything after
//! it is found by [`Ledger::verify`]. Against someone who rewrites the whole tail, keep
//! [`Ledger::journal_head`] somewhere else and compare.

mod anchor;
mod append;
mod backup;
mod block;
mod entry;
mod error;
mod fault;
mod hash;
mod ledger;
mod name;
mod recovery;
mod shared;
mod state;
mod store;
mod verify;

#[cfg(test)]
mod tests;

pub use append::Appender;
pub use backup::Backup;
pub use block::{Block, BlockHeader, MAXIMUM_PAYLOAD, Packed, Packer, pack};
pub use entry::{Entry, Head, NewEntry, Range};
pub use error::LedgerError;
pub use fault::{Fault, Finding, Place};
pub use hash::Hash;
pub use ledger::{Ledger, Options};
pub use recovery::{Abandoned, Recovery};
pub use verify::{Progress, Verification};
