//! The subject's own log: who looked at a record, when, and what for.

use std::collections::BTreeMap;

use record::EntityId;

use crate::entry::{Entry, Kind};
use crate::error::AuditError;
use crate::read::{Listed, instant_of};
use crate::trail::Trail;

/// How many entries are looked at for one page; what is left comes with the next.
const READ: usize = 10_000;
const MICROSECONDS_A_DAY: i64 = 86_400 * 1_000_000;

/// For how many days what was done for a purpose is kept from the subject, by purpose.
pub type Deferrals = BTreeMap<String, u32>;

/// A look at a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The answer that told of it.
    pub entry: Entry,
    /// In what way.
    pub way: Way,
}

/// In what way a record was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As a record of its own.
    Record,
    /// By its natural key.
    Lookup,
    /// In a search or a query.
    Search,
    /// Claimed values were compared with it.
    Verification,
    /// A list was compared with the register.
    Comparison,
    /// It was written.
    Write,
    /// This log was read.
    Log,
    /// An answer was given again, compared with what is known now, or recalled.
    Receipt,
    /// Otherwise.
    Other,
}

impl Way {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Way::Record => "record",
            Way::Lookup => "lookup",
            Way::Search => "search",
            Way::Verification => "verification",
            Way::Comparison => "comparison",
            Way::Write => "write",
            Way::Log => "log",
            Way::Receipt => "receipt",
            Way::Other => "other",
        }
    }

    fn of(entry: &Entry) -> Way {
        let Some(asked) = &entry.note.asked else {
            return Way::Other;
        };
        let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match (asked.method.as_str(), parts.as_slice()) {
            (_, ["subjects", ..]) => Way::Log,
            (_, ["receipts" | "recalls", ..]) => Way::Receipt,
            (_, ["comparisons", ..]) => Way::Comparison,
            (_, ["search" | "query" | "suggest", ..]) => Way::Search,
            (_, ["collections", _, "lookup"]) => Way::Lookup,
            (_, ["collections", _, "verify"]) => Way::Verification,
            ("GET" | "HEAD", ["collections", _, "items", _, ..]) => Way::Record,
            ("GET" | "HEAD", ["collections", _, "items" | "conflicts" | "tiles", ..]) => {
                Way::Search
            }
            (_, ["collections", _, "items", ..]) => Way::Write,
            _ => Way::Other,
        }
    }
}

/// Looks, and where to go on.
#[derive(Debug, Default)]
pub struct Looks {
    /// Newest first.
    pub looks: Vec<Look>,
    /// Before which entry to go on; nothing where that was all.
    pub next: Option<u64>,
}

/// Who looked at a record that goes by these ids, before an entry: at most so many looks. What is still kept
/// from the subject leaves no trace.
///
/// # Errors
///
/// The trail cannot be read.
pub fn looks(
    trail: &Trail,
    ids: &[EntityId],
    before: u64,
    limit: usize,
    deferrals: &Deferrals,
    now: i64,
) -> Result<Looks, AuditError> {
    let mut sequences = Vec::new();
    for id in ids {
        sequences.extend(trail.listed(Listed::Record(*id), before, READ)?);
    }
    sequences.sort_unstable_by(|one, other| other.cmp(one));
    sequences.dedup();
    let may_be_more = sequences.len() >= READ;
    sequences.truncate(READ);
    let mut found = Looks::default();
    let mut last = None;
    for sequence in sequences {
        if found.looks.len() == limit {
            found.next = last;
            return Ok(found);
        }
        last = Some(sequence);
        let entry = trail.entry(sequence)?;
        let entry = match (entry.note.kind, entry.note.of) {
            (Kind::Part | Kind::Ended, Some(begun)) => trail.entry(begun)?,
            _ => entry,
        };
        let is_same = |look: &Look| look.entry.sequence == entry.sequence;
        if found.looks.iter().rev().any(is_same) || is_deferred(&entry, deferrals, now) {
            continue;
        }
        let way = Way::of(&entry);
        found.looks.push(Look { entry, way });
    }
    if may_be_more {
        found.next = last;
    }
    Ok(found)
}

fn is_deferred(entry: &Entry, deferrals: &Deferrals, now: i64) -> bool {
    let purpose = entry
        .note
        .what_for
        .as_ref()
        .and_then(|what| what.purpose.as_ref());
    let days = purpose.and_then(|purpose| deferrals.get(purpose)).copied();
    let until = |days: u32| instant_of(entry) + i64::from(days) * MICROSECONDS_A_DAY;
    days.is_some_and(|days| now < until(days))
}
