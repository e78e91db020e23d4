//! Backup: a consistent copy into a fresh directory while appends go on.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::PoisonError;

use crate::block;
use crate::error::LedgerError;
use crate::fault::Fault;
use crate::hash::Hash;
use crate::ledger::{Ledger, Options};
use crate::shared::LogEnds;
use crate::state::Pair;
use crate::store::{INCOMPLETE, LOG_PREFIX, held, sync_directory};

/// The most page cache for a copy.
const COPY_CACHE_BYTES: u64 = 16 << 20;

/// What a finished, verified backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backup {
    /// The number of its last journal entry: it is the ledger as of that entry.
    pub entry: u64,
    /// That entry's hash.
    pub hash: Hash,
    /// Its blocks.
    pub blocks: u64,
    /// The bytes of its blocks as stored.
    pub bytes: u64,
    /// Its state keys.
    pub states: u64,
}

/// What to copy: fixed at the start.
struct Moment {
    number: u64,
    hash: Hash,
    logs: LogEnds,
    state: Vec<(String, Vec<Pair>)>,
}

impl Ledger {
    /// Copies the ledger as of its last journal entry, and the state of the same moment, into a
    /// directory that is empty or does not exist; then opens and verifies the copy. Appends and
    /// publishes go on meanwhile; the state cannot change for as long as reading it takes. Until the
    /// copy is verified the directory cannot be opened as a ledger.
    ///
    /// # Errors
    /// `TargetNotEmpty`; `Damaged` where this ledger only reads; `Corrupt` and `CorruptEntry` at the
    /// first block or entry that cannot be trusted; `BackupFaulty` where the copy does not verify;
    /// `Io` and `Store`. After any error but the first two the target is left as it is, and opening
    /// it gives `Incomplete`.
    pub fn backup(&self, target: &Path) -> Result<Backup, LedgerError> {
        self.shared.writable()?;
        let marker = prepare(target)?;
        let moment = self.moment()?;
        let options = self.copy_options();
        let (copy, _) = Ledger::open_unfinished(target, options.clone())?;
        let (blocks, bytes) = self.copy_blocks(&moment, &copy)?;
        // The copy's blocks are on the disk before its journal says that they exist.
        copy.flush()?;
        let states = self.copy_journal_and_state(&moment, &copy)?;
        copy.flush()?;
        copy.shared.anchor.record(moment.number, moment.hash)?;
        drop(copy);
        verify_copy(target, options, &moment)?;
        fs::remove_file(&marker).map_err(LedgerError::io(&marker))?;
        sync_directory(target)?;
        Ok(Backup {
            entry: moment.number,
            hash: moment.hash,
            blocks,
            bytes,
            states,
        })
    }

    /// The settings of the copy: written and read once from end to end, it needs little cache.
    fn copy_options(&self) -> Options {
        Options {
            cache_bytes: self.shared.options.cache_bytes.min(COPY_CACHE_BYTES),
            ..self.shared.options.clone()
        }
    }

    /// The journal's end and the state at one moment between two entries.
    fn moment(&self) -> Result<Moment, LedgerError> {
        let _publishing = held(&self.shared.publishing);
        let gate = self.shared.state_gate.write();
        let _gate = gate.unwrap_or_else(PoisonError::into_inner);
        let state = self.state_all()?;
        let positions = held(&self.shared.positions);
        Ok(Moment {
            number: positions.number,
            hash: positions.hash,
            logs: positions.logs.clone(),
            state,
        })
    }

    /// Copies the covered blocks of every log, each checked; gives how many, and their bytes.
    fn copy_blocks(&self, moment: &Moment, copy: &Ledger) -> Result<(u64, u64), LedgerError> {
        let (mut blocks, mut total, mut unflushed) = (0, 0, 0);
        for (log, end) in &moment.logs {
            let target = copy.shared.store.tree(LOG_PREFIX, log)?;
            let mut previous = Hash::ORIGIN;
            for sequence in 0..end.length {
                let corrupt = |reason: Fault| LedgerError::Corrupt {
                    log: log.clone(),
                    sequence,
                    reason,
                };
                let bytes = self.shared.block_bytes(log, sequence).map_err(corrupt)?;
                let block = block::decode(log, sequence, &bytes).map_err(corrupt)?;
                if block.previous != previous {
                    return Err(corrupt(Fault::BrokenChain));
                }
                previous = block.hash;
                blocks += 1;
                total += bytes.len() as u64;
                unflushed += bytes.len() as u64;
                target
                    .insert(sequence.to_be_bytes(), bytes)
                    .map_err(LedgerError::store("insert a block"))?;
                if unflushed >= self.shared.options.flush_every_bytes {
                    copy.flush()?;
                    unflushed = 0;
                }
            }
        }
        Ok((blocks, total))
    }

    /// Copies the journal's entries, each checked, and the state; gives the number of state keys.
    fn copy_journal_and_state(&self, moment: &Moment, copy: &Ledger) -> Result<u64, LedgerError> {
        for number in 1..=moment.number {
            let corrupt = |reason: Fault| LedgerError::CorruptEntry { number, reason };
            let bytes = self.shared.entry_bytes(number).map_err(corrupt)?;
            copy.shared
                .journal
                .insert(number.to_be_bytes(), bytes)
                .map_err(LedgerError::store("insert a journal entry"))?;
        }
        let mut states = 0;
        for (bucket, pairs) in &moment.state {
            for (key, value) in pairs {
                copy.state_put(bucket, key, value)?;
                states += 1;
            }
        }
        Ok(states)
    }
}

/// Makes the target where there is none, refuses one with anything in it, and marks it.
fn prepare(target: &Path) -> Result<std::path::PathBuf, LedgerError> {
    let not_empty = || LedgerError::TargetNotEmpty {
        path: target.to_path_buf(),
    };
    match fs::read_dir(target) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(not_empty());
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(target).map_err(LedgerError::io(target))?;
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Err(not_empty()),
        Err(error) => return Err(LedgerError::io(target)(error)),
    }
    let marker = target.join(INCOMPLETE);
    // Only one of two backups to the same target can make it.
    let file = File::create_new(&marker).map_err(LedgerError::io(&marker))?;
    file.sync_all().map_err(LedgerError::io(&marker))?;
    sync_directory(target)?;
    Ok(marker)
}

/// Opens the copy again, as a restore would, and verifies it.
fn verify_copy(target: &Path, options: Options, moment: &Moment) -> Result<(), LedgerError> {
    let (copy, _) = Ledger::open_unfinished(target, options)?;
    let findings = copy.verify(|_| {})?.findings;
    if !findings.is_empty() {
        return Err(LedgerError::BackupFaulty { findings });
    }
    if copy.journal_head() != (moment.number, moment.hash) || copy.damage().is_some() {
        let reason = "the copy does not end with the entry it was made at".to_owned();
        return Err(LedgerError::Damaged { reason });
    }
    Ok(())
}
