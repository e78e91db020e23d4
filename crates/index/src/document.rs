//! What is indexed: one rectangle of one record.

use record::{Fields, Transaction, Validity};

/// Which of a collection's two indexes a document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Still believed, and valid now or later.
    Current,
    /// All else.
    Past,
}

/// One rectangle of validity × knowledge of one record, ready to index.
#[derive(Clone, Debug)]
pub struct Document {
    /// The entity's number in its register.
    pub number: u64,
    /// When it is true in the world.
    pub validity: Validity,
    /// The first transaction that knew it.
    pub known_from: Transaction,
    /// The first transaction that no longer believed it; [`Transaction::MAX`] while it is believed.
    pub known_to: Transaction,
    /// [`crate::key_hash`] of the natural key.
    pub key: u64,
    /// [`crate::digest`] of the latest row a source gave for it; 0 where there is none.
    pub digest: u64,
    /// The composed field values, derived ones included.
    pub fields: Fields,
    /// Marks by which the record is found, besides its fields: terms, opaque here.
    pub marks: Vec<String>,
    /// The record as it is answered. Opaque here.
    pub body: Vec<u8>,
    /// Where its statements stand in the ledger. Opaque here.
    pub statements: Vec<u8>,
}
