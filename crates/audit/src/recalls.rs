//! Recalls: who received a value that was corrected since.
//!
//! A change is no correction: what held on the day that was asked about still held on it. A value is
//! recalled where it is known now that on that day it was another one, or none.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{AsOf, Day, EntityId, Transaction};
use register::{StoreError, TimeScope, View};
use serde_json::{Map, Value};

use crate::entry::{Entry, Kind};
use crate::error::AuditError;
use crate::read::Listed;
use crate::trail::Trail;

/// How many records are compared for one page; what is left comes with the next.
const COMPARED: usize = 20_000;

/// Why recalls cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The trail.
    #[error(transparent)]
    Trail(#[from] AuditError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A record of an answer that is known better now.
#[derive(Clone, Debug, PartialEq)]
pub struct Recall {
    /// The answer.
    pub entry: Entry,
    /// The collection.
    pub collection: String,
    /// The record.
    pub id: EntityId,
    /// The day that was asked about.
    pub day: Day,
    /// What is different now, field by field: what was answered, and what is known.
    pub fields: BTreeMap<String, (Value, Value)>,
}

/// Recalls, and where to go on.
#[derive(Debug, Default)]
pub struct Recalls {
    /// In the order of answers, newest first.
    pub recalls: Vec<Recall>,
    /// Before which entry to go on; nothing where that was all.
    pub next: Option<u64>,
}

/// Which answers are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those of this caller; otherwise of all.
    pub caller: Option<&'a str>,
    /// Those that told of this record.
    pub record: Option<EntityId>,
    /// Those before this entry.
    pub before: u64,
    /// So many recalls at most, unless one answer has more.
    pub limit: usize,
}

/// The records that an answer told of, with those of its parts where it was written while it was sent.
///
/// # Errors
///
/// The trail cannot be read.
pub fn told(trail: &Trail, entry: &Entry) -> Result<BTreeMap<String, Vec<EntityId>>, AuditError> {
    let mut records = entry.note.records.clone();
    if entry.note.kind == Kind::Begun {
        for sequence in trail.listed(Listed::Of(entry.sequence), u64::MAX, usize::MAX)? {
            for (collection, ids) in trail.entry(sequence)?.note.records {
                records.entry(collection).or_default().extend(ids);
            }
        }
        for ids in records.values_mut() {
            ids.sort_unstable();
            ids.dedup();
        }
    }
    Ok(records)
}

/// The answers that are wanted, newest first, at most so many at a time.
fn answers(trail: &Trail, wanted: &Wanted<'_>, before: u64) -> Result<Vec<Entry>, AuditError> {
    const AT_ONCE: usize = 256;
    let listed = match (wanted.record, wanted.caller) {
        (Some(id), _) => trail.listed(Listed::Record(id), before, AT_ONCE)?,
        (None, Some(caller)) => trail.listed(Listed::Caller(caller), before, AT_ONCE)?,
        (None, None) => (before.saturating_sub(AT_ONCE as u64)..before)
            .rev()
            .collect(),
    };
    listed
        .into_iter()
        .map(|sequence| trail.entry(sequence))
        .collect()
}

/// In what state and sight an answer's values are compared; nothing where they may not be any more.
pub type Sights<'a> = dyn FnMut(&Entry) -> Option<Arc<dyn View>> + 'a;

/// Who received what is known better now.
///
/// # Errors
///
/// The trail or the store cannot be read.
pub fn recalls(
    trail: &Trail,
    sights: &mut Sights<'_>,
    wanted: &Wanted<'_>,
) -> Result<Recalls, RecallError> {
    let mut found = Recalls::default();
    let mut before = wanted.before.min(trail.size());
    let mut compared = 0;
    while before > 0 {
        let answers = answers(trail, wanted, before)?;
        if answers.is_empty() {
            return Ok(found);
        }
        for entry in answers {
            if compared >= COMPARED || found.recalls.len() >= wanted.limit {
                found.next = Some(before);
                return Ok(found);
            }
            before = entry.sequence;
            // On the way through all entries a part counts with what began it.
            let is_part = matches!(entry.note.kind, Kind::Part | Kind::Ended);
            if is_part && wanted.record.is_none() {
                continue;
            }
            let Some(answer) = begun_by(trail, entry)? else {
                continue;
            };
            let is_own = |caller: &str| {
                let asker = answer.note.caller.as_ref();
                asker.is_some_and(|asker| asker.id == caller)
            };
            if wanted.caller.is_some_and(|caller| !is_own(caller)) {
                continue;
            }
            // One that was not about records is not worth a look at what is seen.
            let Some(view) = moment(&answer).and_then(|_| sights(&answer)) else {
                continue;
            };
            let only = wanted.record;
            compared += of_answer(trail, view.as_ref(), only, &answer, &mut found.recalls)?;
        }
    }
    Ok(found)
}

/// The answer that an entry belongs to.
fn begun_by(trail: &Trail, entry: Entry) -> Result<Option<Entry>, AuditError> {
    match (entry.note.kind, entry.note.of) {
        (Kind::Answer | Kind::Begun, _) => Ok(Some(entry)),
        (Kind::Part | Kind::Ended, Some(begun)) => trail.entry(begun).map(Some),
        _ => Ok(None),
    }
}

/// Compares the records of one answer; tells how many.
fn of_answer(
    trail: &Trail,
    view: &dyn View,
    only: Option<EntityId>,
    answer: &Entry,
    recalls: &mut Vec<Recall>,
) -> Result<usize, RecallError> {
    let Some(moment) = moment(answer) else {
        return Ok(0);
    };
    let mut compared = 0;
    for (collection, ids) in told(trail, answer)? {
        for id in ids
            .into_iter()
            .filter(|id| only.is_none_or(|only| only == *id))
        {
            compared += 1;
            let already =
                |recall: &Recall| recall.id == id && recall.entry.sequence == answer.sequence;
            if recalls
                .iter()
                .rev()
                .take_while(|one| one.entry.sequence == answer.sequence)
                .any(already)
            {
                continue;
            }
            let fields = match corrected(view, &collection, id, moment) {
                // The caller no longer sees the collection: nothing can be told of it.
                Err(StoreError::UnknownCollection(_)) => break,
                found => found?,
            };
            if !fields.is_empty() {
                recalls.push(Recall {
                    entry: answer.clone(),
                    collection: collection.clone(),
                    id,
                    day: moment.valid,
                    fields,
                });
            }
        }
    }
    Ok(compared)
}

/// The pair of times that an answer was about; nothing where it was no answer about records as they were
/// known at the time.
pub fn moment(entry: &Entry) -> Option<AsOf> {
    let times = entry.note.times.as_ref()?;
    let is_answered = entry
        .note
        .status
        .is_some_and(|status| (200..300).contains(&status));
    if !is_answered || asked_for(entry, "knownAt").is_some() {
        return None;
    }
    let valid = match asked_for(entry, "validAt") {
        Some(day) => day.parse().ok()?,
        None => day_of(times.instant),
    };
    Some(AsOf {
        valid,
        known: Transaction(times.transaction),
    })
}

/// A time that was asked for, in the query string or in the body.
fn asked_for(entry: &Entry, name: &str) -> Option<String> {
    let asked = entry.note.asked.as_ref()?;
    let query = asked.query.as_deref().unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    if let Some((_, value)) = pairs.find(|(key, _)| *key == name) {
        return Some(value.to_owned());
    }
    let body: Map<String, Value> = serde_json::from_str(asked.body.as_deref()?).ok()?;
    Some(body.get(name)?.as_str()?.to_owned())
}

/// The day of an instant by China's civil time.
fn day_of(instant: i64) -> Day {
    const HOURS: i64 = 3600 * 1_000_000;
    let days = (instant + 8 * HOURS).div_euclid(24 * HOURS);
    Day(i32::try_from(days).unwrap_or(i32::MAX - 1))
}

/// What is known now of a record on a day, where it is not what was known then.
///
/// # Errors
///
/// The store cannot be read.
pub fn corrected(
    view: &dyn View,
    collection: &str,
    id: EntityId,
    then: AsOf,
) -> Result<BTreeMap<String, (Value, Value)>, StoreError> {
    let last = view.version(collection, id)?;
    if last.is_none_or(|last| last <= then.known) {
        return Ok(BTreeMap::new());
    }
    let now = AsOf {
        known: view.transaction(),
        ..then
    };
    let mut fields = different(view, collection, id, then, now)?;
    let begins = |record: register::Record| record.validity.from == then.valid;
    let found = view.read(collection, id, TimeScope::At(now))?;
    if !fields.is_empty() && found.is_some_and(begins) {
        // What came to hold on that very day, after it was asked about, is a change.
        let valid = Day(then.valid.0 - 1);
        let before = view.read(collection, id, TimeScope::At(AsOf { valid, ..now }))?;
        let before = self::fields(before.map(|record| record.body))?;
        fields.retain(|name, (told, _)| before.get(name).unwrap_or(&Value::Null) != told);
    }
    Ok(fields)
}

/// What is different of a record at two pairs of times.
///
/// # Errors
///
/// The store cannot be read.
pub fn different(
    view: &dyn View,
    collection: &str,
    id: EntityId,
    then: AsOf,
    now: AsOf,
) -> Result<BTreeMap<String, (Value, Value)>, StoreError> {
    let at = |times| view.read(collection, id, TimeScope::At(times));
    let (before, after) = (at(then)?, at(now)?);
    let (before, after) = (before.map(|one| one.body), after.map(|one| one.body));
    if before == after {
        return Ok(BTreeMap::new());
    }
    let (before, after) = (fields(before)?, fields(after)?);
    let names = before.keys().chain(after.keys());
    let value = |all: &BTreeMap<String, Value>, name: &str| all.get(name).cloned();
    let pairs = names.map(|name| {
        let pair = (
            value(&before, name).unwrap_or(Value::Null),
            value(&after, name).unwrap_or(Value::Null),
        );
        (name.clone(), pair)
    });
    Ok(pairs
        .filter(|(_, (before, after))| before != after)
        .collect())
}

/// A body's fields, its geometry as one of them.
fn fields(body: Option<String>) -> Result<BTreeMap<String, Value>, StoreError> {
    let Some(body) = body else {
        return Ok(BTreeMap::new());
    };
    let damaged = |error: serde_json::Error| StoreError::Damaged(error.to_string());
    let mut body: Map<String, Value> = serde_json::from_str(&body).map_err(damaged)?;
    let mut all = BTreeMap::new();
    if let Some(Value::Object(properties)) = body.remove("properties") {
        all.extend(properties);
    }
    if let Some(geometry) = body.remove("geometry") {
        all.insert("geometry".to_owned(), geometry);
    }
    Ok(all)
}
