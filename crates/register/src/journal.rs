//! The journal in memory: which transaction published which blocks, when, and what it touched.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{StatementPosition, Transaction};
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// How many rows of a file had which outcome. They always balance:
/// read = inserted + changed + unchanged + rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that were data.
    pub read: u64,
    /// Rows that introduced an entity.
    pub inserted: u64,
    /// Rows that changed one.
    pub changed: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that were refused, or set aside.
    pub rejected: u64,
}

impl Counts {
    /// Whether the counters add up.
    pub fn balance(&self) -> bool {
        self.read == self.inserted + self.changed + self.unchanged + self.rejected
    }
}

/// What the journal says of one load.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadEntry {
    /// The load.
    pub load: String,
    /// The register whose log it wrote to.
    pub register: String,
    /// The collection it loaded.
    pub collection: String,
    /// The source mapping.
    pub source: String,
    /// The department that speaks; empty in entries of versions before 0.2.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub department: String,
    /// The file's name, without its folder.
    pub file: String,
    /// The file's BLAKE3 hash, in hexadecimal digits.
    pub file_hash: String,
    /// Rows by outcome.
    pub counts: Counts,
    /// Entities ended because a whole-set file lacks them.
    pub ended: u64,
    /// References held.
    pub held: u64,
    /// The next free entity number of the register.
    pub next_number: u64,
    /// Collections whose records were derived anew, besides the one loaded.
    pub rederived: Vec<String>,
    /// Entities that the load speaks of and that never existed for a day: no index knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<SilentEntity>,
    /// Entities that the load merges or splits: statements on the one count for the other, or did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// Two entities of a collection of which the first was merged into the second, or the second split from
/// the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The number of the one whose statements count for the other.
    pub from: u64,
    /// The number of the other.
    pub to: u64,
}

/// An entity that all statements together leave without a day, and the statements that one load adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilentEntity {
    /// Its number.
    pub number: u64,
    /// Where the load's statements on it stand.
    pub positions: Vec<StatementPosition>,
}

/// One journal entry, without its hashes.
#[derive(Clone, Debug)]
pub struct Published {
    /// The transaction.
    pub transaction: Transaction,
    /// When, in microseconds since 1970 UTC.
    pub instant: i64,
    /// Blocks, by log: first and last.
    pub ranges: BTreeMap<String, (u64, u64)>,
    /// What it was.
    pub load: LoadEntry,
}

/// All journal entries. Each publication makes a copy, which shares what it does not change.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Vec<Arc<Published>>,
    /// First block, last block and transaction, by log, in order.
    logs: BTreeMap<String, Vec<(u64, u64, Transaction)>>,
    /// Where the statements stand that left their entity without a day, by collection and number.
    silent: Arc<BTreeMap<String, BTreeMap<u64, Vec<StatementPosition>>>>,
    /// Neighbours by merges and splits, in both directions, by collection and number.
    links: Arc<BTreeMap<String, BTreeMap<u64, Vec<u64>>>>,
}

impl Journal {
    /// Reads the journal of a ledger.
    pub fn read(ledger: &ledger::Ledger) -> Result<Journal, StoreError> {
        let mut journal = Journal::default();
        for entry in ledger.journal(1) {
            journal.push(&entry?)?;
        }
        Ok(journal)
    }

    /// Adds the entry just published.
    pub fn push(&mut self, entry: &ledger::Entry) -> Result<(), StoreError> {
        let load: LoadEntry = serde_json::from_slice(&entry.payload).map_err(|reason| {
            StoreError::Damaged(format!("journal entry {}: {reason}", entry.number))
        })?;
        for range in &entry.ranges {
            let ranges = self.logs.entry(range.log.clone()).or_default();
            ranges.push((range.first, range.last, Transaction(entry.number)));
        }
        if !load.silent.is_empty() {
            let silent = Arc::make_mut(&mut self.silent);
            let silent = silent.entry(load.collection.clone()).or_default();
            for one in &load.silent {
                let positions = silent.entry(one.number).or_default();
                positions.extend_from_slice(&one.positions);
            }
        }
        self.link(&load.collection, &load.links);
        self.entries.push(Arc::new(Published {
            transaction: Transaction(entry.number),
            instant: entry.instant_micros,
            ranges: entry
                .ranges
                .iter()
                .map(|range| (range.log.clone(), (range.first, range.last)))
                .collect(),
            load,
        }));
        Ok(())
    }

    /// Adds links of a collection.
    pub fn link(&mut self, collection: &str, links: &[Link]) {
        if links.is_empty() {
            return;
        }
        let links_of = Arc::make_mut(&mut self.links);
        let all = links_of.entry(collection.to_string()).or_default();
        for Link { from, to } in links.iter().copied() {
            for (one, other) in [(from, to), (to, from)] {
                let neighbours = all.entry(one).or_default();
                if !neighbours.contains(&other) {
                    neighbours.push(other);
                }
            }
        }
    }

    /// Whether an entity was ever merged or split, or took part in it.
    pub fn is_linked(&self, collection: &str, number: u64) -> bool {
        self.links
            .get(collection)
            .is_some_and(|links| links.contains_key(&number))
    }

    /// The entities of a collection that were ever merged or split, or took part in it.
    pub fn linked(&self, collection: &str) -> impl Iterator<Item = u64> {
        let links = self.links.get(collection).into_iter().flatten();
        links.map(|(number, _)| *number)
    }

    /// An entity and all that merges and splits ever connected with it, in order: whose statements may
    /// count for one another.
    pub fn family(&self, collection: &str, number: u64) -> Vec<u64> {
        let mut family = vec![number];
        if let Some(links) = self.links.get(collection) {
            let mut at = 0;
            while let Some(member) = family.get(at) {
                for other in links.get(member).into_iter().flatten() {
                    if !family.contains(other) {
                        family.push(*other);
                    }
                }
                at += 1;
            }
        }
        family.sort_unstable();
        family
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[Arc<Published>] {
        &self.entries
    }

    /// The last transaction.
    pub fn last(&self) -> Transaction {
        self.entries
            .last()
            .map_or(Transaction::ZERO, |entry| entry.transaction)
    }

    /// The transaction that published a block.
    pub fn transaction_of(&self, log: &str, block: u64) -> Option<Transaction> {
        let ranges = self.logs.get(log)?;
        let place = ranges.partition_point(|(_, last, _)| *last < block);
        let (first, _, transaction) = ranges.get(place)?;
        (*first <= block).then_some(*transaction)
    }

    /// The last transaction published at or before an instant.
    pub fn transaction_at(&self, instant: i64) -> Transaction {
        let after = self
            .entries
            .partition_point(|entry| entry.instant <= instant);
        Transaction(after as u64)
    }

    /// When a transaction was published.
    pub fn instant_of(&self, transaction: Transaction) -> Option<i64> {
        let place = usize::try_from(transaction.0.checked_sub(1)?).ok()?;
        self.entries.get(place).map(|entry| entry.instant)
    }

    /// The entities of a collection that were once without a day, and their statements of that time.
    pub fn silent(&self, collection: &str) -> impl Iterator<Item = (u64, &[StatementPosition])> {
        let silent = self.silent.get(collection).into_iter().flatten();
        silent.map(|(number, positions)| (*number, positions.as_slice()))
    }

    /// The statements on one entity from the time when it was without a day.
    pub fn silent_positions(&self, collection: &str, number: u64) -> &[StatementPosition] {
        let silent = self.silent.get(collection);
        silent
            .and_then(|silent| silent.get(&number))
            .map_or(&[], Vec::as_slice)
    }

    /// The next free entity number of a register, from 1.
    pub fn next_number(&self, register: &str) -> u64 {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.load.register == register)
            .map_or(1, |entry| entry.load.next_number)
    }
}
