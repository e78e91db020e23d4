//! The audit trail: who asked what, what for, and what was answered; append-only and provable.
//!
//! | module | what |
//! |---|---|
//! | [`trail`] | the trail, open: appending |
//! | [`read`] | entries by place, by name, by record, by caller |
//! | [`entry`] | what an entry says |
//! | [`receipt`] | the names of entries outside |
//! | [`merkle`] | the tree of RFC 6962: heads, proofs, their checks |
//! | [`head`] | signed heads |
//! | [`proof`] | proofs as documents for outside auditors |
//! | [`verify`](mod@verify) | proves a whole trail |
//! | [`recalls`](mod@recalls) | who received a value that was corrected since |
//! | [`subject`] | who looked at a record, and what for |
//! | [`hash`] | SHA-256 |
//! | [`error`] | what can go wrong |
//!
//! # The chain and the tree
//!
//! An entry is one line of JSON. Each holds the leaf hash of the one before, so that none can be changed,
//! removed or put in between without changing all after it; and all are leaves of one Merkle tree, so that
//! one can be shown to stand in the trail without showing another. Heads of the tree are signed. Whoever
//! holds the directory could write a whole trail anew: against that, keep a head elsewhere, and ask for
//! the proof that the trail of today continues it.
//!
//! # Order
//!
//! [`Trail::append`] returns when the line is in its file: it then survives the end of the process. Only
//! then may the answer leave. The disk follows in groups, or before each answer: [`Sync`]. A line that a
//! stop of the machine has torn is cut off at the next start, and noted.
//!
//! # Files
//!
//! | file | what |
//! |---|---|
//! | `format` | the version, and how many entries a segment holds |
//! | `secret-names`, `secret-heads` | what receipts are hidden with, and heads signed |
//! | `00000000.ndjson` … | segments of entries |
//! | `00000000.index` … | beside full ones: where lines begin, leaf hashes, what lists them |
//! | `roots` | the roots of full segments, 32 bytes each |
//! | `head` | a recent head: what must be there at the next start |
//! | `lock` | locked by the process that writes |
//! | `torn-N` | an end that was cut off before entry `N` |
//!
//! Entries hold what callers asked, identity numbers among it, and ids of records: only their owner can
//! read the files.

mod copy;
mod directory;
pub mod entry;
pub mod error;
pub mod hash;
pub mod head;
mod load;
pub mod merkle;
pub mod proof;
pub mod read;
pub mod recalls;
pub mod receipt;
mod segment;
pub mod subject;
pub mod trail;
pub mod verify;

#[cfg(test)]
mod tests;

pub use copy::copy;
pub use entry::{Asked, Entry, Kind, Note, Times, WhatFor, Who};
pub use error::AuditError;
pub use hash::{Hash, Hasher};
pub use head::{Head, PublicKey};
pub use proof::{Consistency, Inclusion};
pub use read::{Listed, instant_of};
pub use receipt::Receipt;
pub use trail::{Options, Sync, Trail, Written};
pub use verify::{Verification, verify};
