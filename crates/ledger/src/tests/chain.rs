//! Damage of every kind is found, with its position.

use std::path::Path;

use super::{check_blocks, faults, open, publish};
use crate::store::LOG_PREFIX;
use crate::{Fault, Hash, Ledger, LedgerError, NewEntry, Packer, Place};

/// Three entries: `a` 0..4, `b` 0..3, `a` 4..6.
fn sample(directory: &Path) -> Ledger {
    let ledger = open(directory);
    publish(&ledger, "a", 4, 10);
    publish(&ledger, "b", 3, 20);
    publish(&ledger, "a", 2, 30);
    assert!(faults(&ledger).is_empty());
    ledger
}

/// Changes the stored bytes of a block.
fn change_block(ledger: &Ledger, log: &str, sequence: u64, change: impl FnOnce(&mut Vec<u8>)) {
    let tree = ledger.shared.store.find(LOG_PREFIX, log).unwrap();
    let key = sequence.to_be_bytes();
    let mut bytes = tree.get(key).unwrap().unwrap().to_vec();
    change(&mut bytes);
    tree.insert(key, bytes).unwrap();
}

/// The name of a damage, how to do it, and the finding it gives.
type Edit = (&'static str, fn(&Ledger), &'static str);

/// Changes the stored bytes of an entry.
fn change_entry(ledger: &Ledger, number: u64, change: impl FnOnce(&mut Vec<u8>)) {
    let key = number.to_be_bytes();
    let mut bytes = ledger.shared.journal.get(key).unwrap().unwrap().to_vec();
    change(&mut bytes);
    ledger.shared.journal.insert(key, bytes).unwrap();
}

#[test]
fn a_flipped_bit_anywhere_in_a_block_is_found_there_and_nowhere_else() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let length = ledger.shared.block_bytes("a", 2).unwrap().len();
    for position in 0..length {
        change_block(&ledger, "a", 2, |bytes| bytes[position] ^= 0x10);
        let findings = ledger.verify(|_| {}).unwrap().findings;
        assert_eq!(findings.len(), 1, "byte {position}: {findings:?}");
        let place = Place::Block {
            log: "a".to_owned(),
            sequence: 2,
        };
        assert_eq!(findings[0].place, place);
        let expected = if position == 0 {
            Fault::UnknownVersion(0x11)
        } else {
            Fault::Checksum
        };
        assert_eq!(findings[0].fault, expected);
        change_block(&ledger, "a", 2, |bytes| bytes[position] ^= 0x10);
    }
    assert!(faults(&ledger).is_empty());
}

#[test]
fn a_corrupt_block_is_refused_and_the_others_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    change_block(&ledger, "a", 1, |bytes| *bytes.last_mut().unwrap() ^= 1);
    change_block(&ledger, "a", 3, |bytes| bytes.truncate(40));
    let tree = ledger.shared.store.find(LOG_PREFIX, "b").unwrap();
    tree.remove(1_u64.to_be_bytes()).unwrap();
    let error = ledger.read("a", 1).unwrap_err();
    assert!(
        matches!(&error, LedgerError::Corrupt { log, sequence: 1, reason: Fault::Checksum } if log == "a")
    );
    assert_eq!(
        error.to_string(),
        "block 1 of log \"a\": the content does not match its own hash"
    );
    let good: Vec<bool> = ledger.scan("a", 0, 9).map(|block| block.is_ok()).collect();
    assert_eq!(good, [true, false, true, false, true, true]);
    assert_eq!(
        faults(&ledger),
        [
            "block 1 of log \"a\": the content does not match its own hash",
            "block 3 of log \"a\": malformed, 40 bytes long",
            "block 1 of log \"b\": missing",
        ]
    );
    // The journal's end is sound: work goes on, and opening again does not forget the faults.
    publish(&ledger, "a", 1, 40);
    drop((tree, ledger));
    assert_eq!(faults(&open(directory.path())).len(), 3);
}

#[test]
fn a_block_rewritten_with_a_right_hash_breaks_the_chain() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let forge = |sequence: u64| {
        let block = ledger.read("a", sequence).unwrap();
        let packed = Packer::new(1)
            .unwrap()
            .pack(block.header, b"forged")
            .unwrap();
        let (bytes, _) = packed.chain("a", sequence, block.previous);
        change_block(&ledger, "a", sequence, |stored| *stored = bytes);
    };
    forge(1);
    forge(5);
    assert!(ledger.read("a", 1).is_ok());
    assert_eq!(
        faults(&ledger),
        [
            "block 2 of log \"a\": the previous hash is not that of the one before",
            "block 5 of log \"a\": the hash is not the one that journal entry 3 recorded",
        ]
    );
}

#[test]
fn blocks_that_changed_places_are_found() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let (first, second) = (
        ledger.shared.block_bytes("a", 1).unwrap().to_vec(),
        ledger.shared.block_bytes("b", 1).unwrap().to_vec(),
    );
    change_block(&ledger, "a", 1, |bytes| *bytes = second);
    change_block(&ledger, "b", 1, |bytes| *bytes = first);
    assert_eq!(
        faults(&ledger),
        [
            "block 1 of log \"a\": the content does not match its own hash",
            "block 1 of log \"b\": the content does not match its own hash",
        ]
    );
}

#[test]
fn an_edited_journal_entry_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let length = ledger.shared.entry_bytes(2).unwrap().len();
    for position in 0..length {
        change_entry(&ledger, 2, |bytes| bytes[position] ^= 0x80);
        let verification = ledger.verify(|_| {}).unwrap();
        assert_eq!(verification.findings.len(), 1, "byte {position}");
        assert_eq!(verification.findings[0].place, Place::Entry { number: 2 });
        assert_eq!(
            verification.blocks, 9,
            "blocks of a lost entry are walked too"
        );
        change_entry(&ledger, 2, |bytes| bytes[position] ^= 0x80);
    }
    change_entry(&ledger, 2, |bytes| bytes.push(0));
    let error = ledger.entry(2).unwrap_err();
    assert_eq!(
        error.to_string(),
        "journal entry 2: the content does not match its own hash"
    );
    let good: Vec<bool> = ledger.journal(1).map(|entry| entry.is_ok()).collect();
    assert_eq!(good, [true, false, true]);
}

#[test]
fn an_entry_rewritten_with_a_right_hash_breaks_the_chain() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let mut entry = ledger.entry(1).unwrap();
    entry.payload = b"forged".to_vec();
    let bytes = entry.seal().unwrap();
    change_entry(&ledger, 1, |stored| *stored = bytes);
    assert_eq!(
        faults(&ledger),
        ["journal entry 2: the previous hash is not that of the one before"]
    );
    let mut entry = ledger.entry(2).unwrap();
    entry.previous = ledger.entry(1).unwrap().hash;
    entry.instant_micros = 10;
    entry.ranges[0].first = 1;
    let bytes = entry.seal().unwrap();
    change_entry(&ledger, 2, |stored| *stored = bytes);
    assert_eq!(
        faults(&ledger),
        [
            "journal entry 2: the instant is not later than that of the one before",
            "journal entry 2: the ranges of log \"b\" do not continue those of the entry before",
            "journal entry 3: the previous hash is not that of the one before",
        ]
    );
}

#[test]
fn a_removed_journal_entry_is_found_and_its_blocks_stay() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    ledger.shared.journal.remove(2_u64.to_be_bytes()).unwrap();
    assert_eq!(faults(&ledger), ["journal entry 2: missing"]);
    drop(ledger);
    let ledger = open(directory.path());
    assert_eq!(faults(&ledger), ["journal entry 2: missing"]);
    check_blocks(&ledger);
}

#[test]
fn a_damaged_end_of_the_journal_makes_the_ledger_read_only() {
    let edits: [Edit; 5] = [
        (
            "last entry removed",
            |ledger| drop(ledger.shared.journal.remove(3_u64.to_be_bytes()).unwrap()),
            "journal entry 3: missing, with all after it to the last published entry, number 3",
        ),
        (
            "last entry edited",
            |ledger| change_entry(ledger, 3, |bytes| bytes[10] ^= 1),
            "journal entry 3: the content does not match its own hash",
        ),
        (
            "last entry replaced",
            |ledger| {
                let mut entry = ledger.entry(3).unwrap();
                entry.payload = b"forged".to_vec();
                let bytes = entry.seal().unwrap();
                change_entry(ledger, 3, |stored| *stored = bytes);
            },
            "journal entry 3: not the entry recorded as the last published, number 3",
        ),
        (
            "last blocks removed",
            |ledger| {
                let tree = ledger.shared.store.find(LOG_PREFIX, "a").unwrap();
                tree.remove(5_u64.to_be_bytes()).unwrap();
            },
            "block 5 of log \"a\": missing",
        ),
        (
            "record behind",
            |ledger| {
                let first = ledger.entry(1).unwrap().hash;
                ledger.shared.anchor.record(0, Hash::ORIGIN).unwrap();
                ledger.shared.anchor.record(1, first).unwrap();
            },
            "journal entry 3: not the entry recorded as the last published, number 1",
        ),
    ];
    for (name, edit, finding) in edits {
        let directory = tempfile::tempdir().unwrap();
        let ledger = sample(directory.path());
        edit(&ledger);
        let place = finding.split(':').next().unwrap();
        let found = faults(&ledger);
        assert!(found.len() == 1 && found[0].starts_with(place), "{name}");
        drop(ledger);
        let (ledger, recovery) = Ledger::open(directory.path()).unwrap();
        assert!(
            recovery.damage.is_some() && recovery.abandoned.is_empty(),
            "{name}"
        );
        assert_eq!(recovery.damage, ledger.damage());
        assert_eq!(faults(&ledger), [finding], "{name}");
        let refused = ledger.begin("a").err().unwrap();
        assert!(matches!(refused, LedgerError::Damaged { .. }), "{name}");
        let refused = ledger.publish_many(Vec::new(), NewEntry::default());
        assert!(
            matches!(refused, Err(LedgerError::Damaged { .. })),
            "{name}"
        );
        assert!(ledger.state_put("s", b"k", b"v").is_err(), "{name}");
        assert!(
            ledger.read("a", 4).is_ok(),
            "{name}: nothing may be removed"
        );
    }
}

#[test]
fn the_stored_form_of_format_1_never_changes() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let block = ledger.shared.block_bytes("b", 0).unwrap();
    assert_eq!(block[..6], [1, 7, 0, 0, 0, 0]);
    assert_eq!(block[10..42], *Hash::ORIGIN.as_bytes());
    assert_eq!(block[42..74], *ledger.read("b", 0).unwrap().hash.as_bytes());
    assert_eq!(block[74..78], [0x28, 0xb5, 0x2f, 0xfd]);
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"jiku ledger block 1");
    hasher.update(&block[10..42]);
    hasher.update(&[0, 1, b'b', 0, 0, 0, 0, 0, 0, 0, 0]);
    hasher.update(&block[..10]);
    hasher.update(&block[74..]);
    assert_eq!(block[42..74], *hasher.finalize().as_bytes());

    let entry = ledger.shared.entry_bytes(2).unwrap();
    assert_eq!(entry[..9], [1, 0, 0, 0, 0, 0, 0, 0, 2]);
    assert_eq!(entry[9..17], 20_i64.to_be_bytes());
    assert_eq!(entry[17..49], *ledger.entry(1).unwrap().hash.as_bytes());
    assert_eq!(entry[81..86], [0, 1, 0, 1, b'b']);
    assert_eq!(entry[86..94], 0_u64.to_be_bytes());
    assert_eq!(entry[94..102], 2_u64.to_be_bytes());
    assert_eq!(entry[134..139], [0, 2, 0, 1, b'a']);
    assert_eq!(entry[139..147], 4_u64.to_be_bytes());
    assert!(entry.ends_with(b"\x00\x00\x00\x0d3 blocks of b"));
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"jiku ledger entry 1");
    hasher.update(&entry[..49]);
    hasher.update(&entry[81..]);
    assert_eq!(entry[49..81], *hasher.finalize().as_bytes());
}

#[test]
fn verification_tells_its_progress() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = sample(directory.path());
    let mut last = None;
    let verification = ledger.verify(|progress| last = Some(progress)).unwrap();
    let last = last.unwrap();
    assert_eq!((last.blocks, last.total_blocks), (9, 9));
    assert_eq!((last.entries, last.total_entries), (3, 3));
    assert_eq!((verification.blocks, verification.entries), (9, 3));
    let bytes: usize = ["a", "b"]
        .iter()
        .flat_map(|log| ledger.scan(log, 0, 9))
        .map(|block| block.unwrap().payload.len())
        .sum();
    assert_eq!(verification.bytes, bytes as u64);
    assert!(verification.is_clean());
}
