//! The record of the last published entry, in a file of its own beside the store.
//!
//! The store, opened after a bit was flipped in what it wrote since it was last opened, drops
//! everything from there on and says nothing: of 150 such flips in a ledger of 40 entries, all gave
//! a shorter ledger that verified as clean. This record, which the store knows nothing of, is what
//! tells that acknowledged entries are gone.
//!
//! Two slots of 48 bytes, at offsets 0 and 4096; an entry's record goes to slot number mod 2, so
//! that a torn write leaves the record before it. A slot: number `u64` big-endian, hash 32, and the
//! first 8 bytes of BLAKE3 over `jiku ledger last entry 1`, number, hash.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::error::LedgerError;
use crate::hash::Hash;
use crate::store::{held, sync_directory};

const NAME: &str = "last-entry";
const DOMAIN: &[u8] = b"jiku ledger last entry 1";
const SLOTS: [u64; 2] = [0, 4096];
const CHECKED: usize = 8 + Hash::LENGTH;
const SLOT_BYTES: usize = CHECKED + 8;

/// What the record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// There is no record: a new ledger, or someone removed the file to accept what is left.
    Nothing,
    /// Both slots are damaged.
    Unreadable,
    /// The last published entry's number and hash.
    Entry(u64, Hash),
}

/// The open file.
pub(crate) struct Anchor {
    file: Mutex<File>,
    path: PathBuf,
}

impl Anchor {
    /// Opens the file, made where there is none.
    pub(crate) fn open(directory: &Path) -> Result<Anchor, LedgerError> {
        let path = directory.join(NAME);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(LedgerError::io(&path))?;
        sync_directory(directory)?;
        Ok(Anchor {
            file: Mutex::new(file),
            path,
        })
    }

    /// What the file says.
    pub(crate) fn read(&self) -> Result<Recorded, LedgerError> {
        let mut file = held(&self.file);
        let mut last: Option<(u64, Hash)> = None;
        let mut empty = true;
        for offset in SLOTS {
            let slot = read_slot(&mut file, offset).map_err(LedgerError::io(&self.path))?;
            // The gap before the second slot, and a slot never written, read as zeros.
            empty &= slot.iter().all(|byte| *byte == 0);
            let number = last.map(|(number, _)| number);
            last = decode(&slot).filter(|slot| Some(slot.0) > number).or(last);
        }
        Ok(match last {
            Some((number, hash)) => Recorded::Entry(number, hash),
            None if empty => Recorded::Nothing,
            None => Recorded::Unreadable,
        })
    }

    /// Records the last published entry; returns when that is on the disk.
    pub(crate) fn record(&self, number: u64, hash: Hash) -> Result<(), LedgerError> {
        let mut slot = number.to_be_bytes().to_vec();
        slot.extend_from_slice(hash.as_bytes());
        let check = check(&slot);
        slot.extend_from_slice(&check);
        let mut file = held(&self.file);
        file.seek(SeekFrom::Start(SLOTS[usize::from(number % 2 == 1)]))
            .and_then(|_| file.write_all(&slot))
            .and_then(|()| file.sync_data())
            .map_err(LedgerError::io(&self.path))
    }
}

/// The bytes of a slot, zeros where the file ends before it does.
fn read_slot(file: &mut File, offset: u64) -> std::io::Result<[u8; SLOT_BYTES]> {
    let mut slot = [0; SLOT_BYTES];
    file.seek(SeekFrom::Start(offset))?;
    let mut filled = 0;
    while filled < SLOT_BYTES {
        match file.read(&mut slot[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(slot)
}

/// What a slot says, if it is sound.
fn decode(slot: &[u8; SLOT_BYTES]) -> Option<(u64, Hash)> {
    let (checked, found) = slot.split_at(CHECKED);
    if check(checked) != found {
        return None;
    }
    let (number, hash) = checked.split_first_chunk::<8>()?;
    let hash = Hash::from_bytes(hash.try_into().ok()?);
    Some((u64::from_be_bytes(*number), hash))
}

/// The check of a slot's first bytes.
fn check(bytes: &[u8]) -> [u8; 8] {
    let mut check = [0; 8];
    check.copy_from_slice(&Hash::of(&[DOMAIN, bytes]).as_bytes()[..8]);
    check
}
