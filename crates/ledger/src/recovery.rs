//! What opening finds and mends: blocks that no journal entry covers are removed; a damaged end of
//! the journal makes the ledger read-only, since nobody can then say what is covered.

use std::path::Path;
use std::sync::{Mutex, RwLock};

use sled::Tree;

use crate::anchor::{Anchor, Recorded};
use crate::error::LedgerError;
use crate::ledger::Options;
use crate::shared::{Positions, Shared, ends_of};
use crate::store::{JOURNAL, LOG_PREFIX, META, Store, number_of};

/// The format that this program reads and writes.
const FORMAT: u32 = 1;
const FORMAT_KEY: &[u8] = b"format";

/// What opening found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The blocks removed, a log each: staged by a process that ended before it published them.
    pub abandoned: Vec<Abandoned>,
    /// Why the ledger only reads: the end of the journal, or blocks it covers, are missing or
    /// damaged. Nothing was removed. [`Ledger::verify`](crate::Ledger::verify) lists the faults.
    ///
    /// Where acknowledged entries are gone, restore a backup and load again what is missing in it;
    /// or remove the file `last-entry` while the ledger is closed, which accepts what is left.
    pub damage: Option<String>,
}

/// Blocks removed from the end of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abandoned {
    /// The log.
    pub log: String,
    /// The sequence of the first block removed.
    pub first: u64,
    /// How many.
    pub blocks: u64,
}

/// Reads the positions from the journal and removes what it does not cover.
pub(crate) fn recover(
    store: Store,
    directory: &Path,
    options: Options,
) -> Result<(Shared, Recovery), LedgerError> {
    let mut shared = Shared {
        journal: store.tree("", JOURNAL)?,
        anchor: Anchor::open(directory)?,
        store,
        options,
        positions: Mutex::new(Positions::origin()),
        publishing: Mutex::new(()),
        state_gate: RwLock::new(()),
    };
    let recorded = shared.anchor.read()?;
    let mut positions = read_journal_end(&shared)?;
    if positions.damage.is_none() {
        positions.damage = disagreement(&positions, recorded);
    }
    if positions.damage.is_none() {
        positions.damage = missing_tail(&shared, &positions)?;
    }
    let mut recovery = Recovery {
        abandoned: Vec::new(),
        damage: positions.damage.clone(),
    };
    if recovery.damage.is_some() {
        uncover(&shared, &mut positions)?;
    } else {
        for (log, tree) in shared.store.trees_with(LOG_PREFIX) {
            let length = positions.logs.get(&log).map_or(0, |end| end.length);
            recovery.abandoned.extend(truncate(&log, &tree, length)?);
        }
    }
    let (number, hash) = (positions.number, positions.hash);
    shared.positions = Mutex::new(positions);
    shared.flush()?;
    if recovery.damage.is_none() && recorded != Recorded::Entry(number, hash) {
        // A new ledger, or one whose process was killed between an entry and its record.
        shared.anchor.record(number, hash)?;
    }
    Ok((shared, recovery))
}

/// Checks the format of an open ledger, or writes it into a new one.
pub(crate) fn check_format(store: &Store, directory: &Path) -> Result<(), LedgerError> {
    let unsupported = |found| LedgerError::UnsupportedFormat {
        path: directory.to_path_buf(),
        found,
        supported: FORMAT,
    };
    let existing = store.find("", META).is_some() || store.find("", JOURNAL).is_some();
    let meta = store.tree("", META)?;
    let stored = meta
        .get(FORMAT_KEY)
        .map_err(LedgerError::store("read the format"))?;
    match stored {
        Some(bytes) => match bytes.as_ref().try_into().map(u32::from_be_bytes) {
            Ok(FORMAT) => Ok(()),
            Ok(found) => Err(unsupported(found)),
            Err(_) => Err(unsupported(0)),
        },
        // A process killed while it made the ledger leaves an empty `meta`.
        None if existing && has_content(store)? => Err(unsupported(0)),
        None => {
            meta.insert(FORMAT_KEY, &FORMAT.to_be_bytes())
                .map_err(LedgerError::store("write the format"))?;
            Ok(())
        }
    }
}

/// Whether anything was ever stored.
fn has_content(store: &Store) -> Result<bool, LedgerError> {
    for (_, tree) in store.trees_with("") {
        if tree.first().map_err(LedgerError::store("read"))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The positions as of the last entry, with the damage to that entry.
fn read_journal_end(shared: &Shared) -> Result<Positions, LedgerError> {
    let mut positions = Positions::origin();
    let last = shared
        .journal
        .last()
        .map_err(LedgerError::store("read the journal's end"))?;
    let Some((key, _)) = last else {
        return Ok(positions);
    };
    let Some(number) = number_of(&key) else {
        positions.damage = Some("the journal's last key is no number".to_owned());
        return Ok(positions);
    };
    positions.number = number;
    match shared.entry(number) {
        Ok(entry) => {
            positions.hash = entry.hash;
            positions.instant_micros = entry.instant_micros;
            positions.logs = ends_of(&entry);
        }
        Err(fault) => positions.damage = Some(format!("journal entry {number}: {fault}")),
    }
    Ok(positions)
}

/// A text where the journal does not end with the entry recorded as the last published. It may be
/// one ahead: the process was killed between the entry and its record.
fn disagreement(positions: &Positions, recorded: Recorded) -> Option<String> {
    let found = positions.number;
    match recorded {
        Recorded::Nothing => None,
        Recorded::Unreadable => {
            Some("the record of the last published entry cannot be read".to_owned())
        }
        Recorded::Entry(last, hash) if last == found => (hash != positions.hash)
            .then(|| format!("journal entry {last} is not the one that was published")),
        Recorded::Entry(last, _) if last.checked_add(1) == Some(found) => None,
        Recorded::Entry(last, _) => Some(format!(
            "entry {last} was published, the journal ends with entry {found}"
        )),
    }
}

/// Removes the blocks of a log from `length` on.
fn truncate(log: &str, tree: &Tree, length: u64) -> Result<Option<Abandoned>, LedgerError> {
    let mut keys = Vec::new();
    for key in tree.range(length.to_be_bytes()..).keys() {
        keys.push(key.map_err(LedgerError::store("read a log's end"))?);
    }
    let Some(first) = keys.first().and_then(|key| number_of(key)) else {
        return Ok(None);
    };
    for key in &keys {
        tree.remove(key)
            .map_err(LedgerError::store("remove a block"))?;
    }
    Ok(Some(Abandoned {
        log: log.to_owned(),
        first,
        blocks: keys.len() as u64,
    }))
}

/// A text where a log ends before the journal says.
fn missing_tail(shared: &Shared, positions: &Positions) -> Result<Option<String>, LedgerError> {
    for (log, end) in &positions.logs {
        let found = stored_length(shared, log)?;
        if found < end.length {
            return Ok(Some(format!(
                "log {log:?} has {found} blocks, the journal covers {}",
                end.length
            )));
        }
    }
    Ok(None)
}

/// One more than the last sequence stored in a log.
fn stored_length(shared: &Shared, log: &str) -> Result<u64, LedgerError> {
    let Some(tree) = shared.store.find(LOG_PREFIX, log) else {
        return Ok(0);
    };
    let last = tree
        .last()
        .map_err(LedgerError::store("read a log's end"))?;
    Ok(last
        .and_then(|(key, _)| number_of(&key))
        .map_or(0, |sequence| sequence.saturating_add(1)))
}

/// Lets everything stored be read, covered or not.
fn uncover(shared: &Shared, positions: &mut Positions) -> Result<(), LedgerError> {
    for (log, _) in shared.store.trees_with(LOG_PREFIX) {
        let stored = stored_length(shared, &log)?;
        let end = positions.logs.entry(log).or_default();
        end.length = end.length.max(stored);
    }
    Ok(())
}
