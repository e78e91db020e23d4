//! Bits flipped in the files on the disk: the store below may lose data then, but never in silence.

use std::fs;
use std::path::Path;

use super::{check_blocks, faults, open, publish};
use crate::anchor::{Anchor, Recorded};
use crate::{Hash, Ledger};

const ENTRIES: u64 = 12;

/// Copies the files of a closed ledger.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Flips one bit of the store's file in copies of a ledger, at places all over it; gives in how many
/// copies that was found.
fn flip(original: &Path) -> usize {
    let file = "store/db";
    let length = fs::read(original.join(file)).unwrap().len();
    let mut found = 0;
    for part in 0..14 {
        let directory = tempfile::tempdir().unwrap();
        copy(original, directory.path());
        let mut bytes = fs::read(directory.path().join(file)).unwrap();
        bytes[length * part / 14 + 50] ^= 4;
        fs::write(directory.path().join(file), bytes).unwrap();
        match Ledger::open(directory.path()) {
            Err(_) => found += 1,
            Ok((ledger, recovery)) => {
                let sound = recovery.damage.is_none() && faults(&ledger).is_empty();
                if sound {
                    assert_eq!(ledger.journal_length(), ENTRIES, "lost in silence");
                    check_blocks(&ledger);
                } else {
                    found += 1;
                }
            }
        }
    }
    found
}

#[test]
fn bits_flipped_in_the_store_never_lose_entries_in_silence() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    for number in 0..ENTRIES {
        publish(&ledger, if number % 3 == 0 { "a" } else { "b" }, 20, 0);
    }
    drop(ledger);
    assert!(flip(directory.path()) > 0);
    // Opened once more, the store reads its file another way.
    drop(open(directory.path()));
    assert!(flip(directory.path()) > 0);
}

#[test]
fn removing_the_record_accepts_what_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    publish(&ledger, "a", 2, 0);
    publish(&ledger, "a", 2, 0);
    ledger.shared.journal.remove(2_u64.to_be_bytes()).unwrap();
    drop(ledger);
    let (ledger, recovery) = Ledger::open(directory.path()).unwrap();
    assert_eq!(
        recovery.damage.as_deref(),
        Some("entry 2 was published, the journal ends with entry 1")
    );
    drop(ledger);
    fs::remove_file(directory.path().join("last-entry")).unwrap();
    let (ledger, recovery) = Ledger::open(directory.path()).unwrap();
    assert_eq!((recovery.damage, recovery.abandoned[0].blocks), (None, 2));
    assert!(faults(&ledger).is_empty());
    publish(&ledger, "a", 1, 0);
    check_blocks(&ledger);
}

#[test]
fn a_torn_record_leaves_the_one_before() {
    let directory = tempfile::tempdir().unwrap();
    let anchor = Anchor::open(directory.path()).unwrap();
    assert_eq!(anchor.read().unwrap(), Recorded::Nothing);
    let hash = |number: u64| Hash::of(&[&number.to_be_bytes()]);
    for number in 0..5 {
        anchor.record(number, hash(number)).unwrap();
        assert_eq!(
            anchor.read().unwrap(),
            Recorded::Entry(number, hash(number))
        );
    }
    let path = directory.path().join("last-entry");
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(anchor.read().unwrap(), Recorded::Entry(3, hash(3)));
    bytes[4096 + 45] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(anchor.read().unwrap(), Recorded::Unreadable);
}

#[test]
fn a_snapshot_cut_off_while_it_was_written_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    publish(&ledger, "a", 2, 0);
    drop(ledger);
    let cut_off = directory
        .path()
        .join("store/snap.00000000FFFFFFFF.generating");
    fs::write(&cut_off, b"half of a snapsh").unwrap();
    let ledger = open(directory.path());
    assert!(!cut_off.exists());
    check_blocks(&ledger);
    assert!(faults(&ledger).is_empty());
}
