//! A record's history as if only what is seen had ever changed.
//!
//! The register cuts a record's life into rectangles of validity and knowledge wherever anything of it
//! changed. Where that was something hidden, the cut would tell of it. So rectangles that look the same
//! are joined, into the fewest that say the same of every pair of times, in one way only: of each state
//! of knowledge the longest runs of days, and each of these for as long as it was believed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::RwLock;

use record::{Day, EntityId, Predicate, Transaction, Validity};
use register::{Deadline, Record, StoreError, TimeScope, View};

use super::{Seen, body};

/// A record's rectangles as they are seen, ordered by knowledge, then validity.
pub fn of(view: &dyn View, seen: &Seen, id: EntityId) -> Result<Vec<Record>, StoreError> {
    let mut all = view.versions(&seen.whole.name, id)?;
    all.retain(|one| seen.rows.admits(one.id, &one.body));
    if seen.all_fields {
        return Ok(all);
    }
    for one in &mut all {
        one.body = body::masked(seen, &one.body);
    }
    Ok(joined(all))
}

/// The fewest rectangles that say the same.
fn joined(all: Vec<Record>) -> Vec<Record> {
    if all.len() < 2 {
        return all;
    }
    let ends = all.iter().flat_map(|one| [one.known.0, one.known.1]);
    let ends: BTreeSet<Transaction> = ends.collect();
    let ends: Vec<Transaction> = ends.into_iter().collect();
    // The runs of the state of knowledge before, each with the transaction since when it is believed.
    let mut open: BTreeMap<Run, Transaction> = BTreeMap::new();
    let mut done: Vec<(Run, Transaction, Transaction)> = Vec::new();
    for known in &ends {
        let runs = runs(&all, *known);
        let still = |run: &Run| runs.contains(run);
        let (on, over): (BTreeMap<_, _>, BTreeMap<_, _>) =
            open.into_iter().partition(|(run, _)| still(run));
        done.extend(over.into_iter().map(|(run, since)| (run, since, *known)));
        open = on;
        for run in runs {
            open.entry(run).or_insert(*known);
        }
    }
    let last = ends.last().copied().unwrap_or(Transaction::MAX);
    done.extend(open.into_iter().map(|(run, since)| (run, since, last)));
    done.sort_by_key(|(run, since, _)| (*since, run.from));
    let record = |(run, since, until): (Run, Transaction, Transaction)| {
        let one = &all[run.looks];
        Record {
            id: one.id,
            body: one.body.clone(),
            validity: Validity {
                from: run.from,
                to: run.to,
            },
            known: (since, until),
            values: one.values.clone(),
        }
    };
    done.into_iter().map(record).collect()
}

/// Days on which a record looks the same, by the first rectangle that looks so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    from: Day,
    to: Day,
    looks: usize,
}

/// The longest runs of days of one state of knowledge.
fn runs(all: &[Record], known: Transaction) -> Vec<Run> {
    let mut believed: Vec<&Record> = all
        .iter()
        .filter(|one| one.known.0 <= known && known < one.known.1)
        .collect();
    believed.sort_by_key(|one| one.validity.from);
    let mut runs: Vec<Run> = Vec::with_capacity(believed.len());
    for one in believed {
        let looks = all
            .iter()
            .position(|other| other.body == one.body)
            .unwrap_or_default();
        let (from, to) = (one.validity.from, one.validity.to);
        match runs.last_mut() {
            Some(last) if last.looks == looks && last.to == from => last.to = to,
            _ => runs.push(Run { from, to, looks }),
        }
    }
    runs
}

/// The transaction that a read at these times is as known by.
pub fn known_by(time: TimeScope, view: &dyn View) -> Transaction {
    match time {
        TimeScope::At(as_of) => as_of.known,
        TimeScope::During(_, known) => known,
        TimeScope::Present(_) | TimeScope::All => view.transaction(),
    }
}

/// Of one rectangle of a record, masked already, the whole that it is a part of.
pub fn whole_of(all: Vec<Record>, part: &Record, known: Transaction) -> Option<Record> {
    all.into_iter().find(|one| {
        one.known.0 <= known
            && known < one.known.1
            && one.validity.from <= part.validity.from
            && part.validity.from < one.validity.to
    })
}

/// Which collections have no history at all: each record one rectangle, which holds today. Of these
/// nothing needs to be joined. It is asked once a transaction and day.
#[derive(Default)]
pub struct History {
    flat: RwLock<BTreeMap<String, (Transaction, Day, bool)>>,
}

impl History {
    /// Whether a collection has no history, as of a view and a day.
    pub fn is_flat(
        &self,
        view: &dyn View,
        collection: &str,
        today: Day,
    ) -> Result<bool, StoreError> {
        let transaction = view.transaction();
        if let Ok(kept) = self.flat.read()
            && let Some((of, day, flat)) = kept.get(collection)
            && *of == transaction
            && *day == today
        {
            return Ok(*flat);
        }
        let all = |time| view.count(collection, &Predicate::All, time, Deadline::NONE);
        let flat = all(TimeScope::All)? == all(TimeScope::Present(today))?;
        if let Ok(mut kept) = self.flat.write() {
            kept.insert(collection.to_string(), (transaction, today, flat));
        }
        Ok(flat)
    }
}

#[cfg(test)]
mod tests;
