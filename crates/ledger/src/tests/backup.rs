//! Backups: consistent while appends go on, refused where they would not be.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{check_blocks, faults, open, publish, stage};
use crate::store::{INCOMPLETE, LOG_PREFIX};
use crate::{Ledger, LedgerError, NewEntry};

#[test]
fn a_backup_taken_while_appends_go_on_is_the_ledger_as_of_one_entry() {
    let directory = tempfile::tempdir().unwrap();
    let target = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    publish(&ledger, "person", 200, 1);
    ledger.state_put("counters", b"entry", b"1").unwrap();
    let stop = AtomicBool::new(false);
    let backups = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let mut appenders = vec![ledger.begin("person").unwrap()];
                appenders.push(ledger.begin("spatial").unwrap());
                for appender in &mut appenders {
                    stage(appender, 3);
                }
                let entry = ledger.publish_many(appenders, NewEntry::default()).unwrap();
                let value = entry.number.to_string();
                ledger
                    .state_put("counters", b"entry", value.as_bytes())
                    .unwrap();
            }
        });
        let backups: Vec<_> = (0..3)
            .map(|number| {
                let path = target.path().join(number.to_string());
                (ledger.backup(&path), path)
            })
            .collect();
        stop.store(true, Ordering::Relaxed);
        backups
    });
    for (backup, path) in backups {
        let backup = backup.unwrap();
        let copy = open(&path);
        assert_eq!(copy.journal_head(), (backup.entry, backup.hash));
        assert!(faults(&copy).is_empty());
        check_blocks(&copy);
        let entry = ledger.entry(backup.entry).unwrap();
        let mut blocks = 0;
        for log in ["person", "spatial"] {
            assert_eq!(copy.length(log), entry.length(log));
            blocks += entry.length(log);
            for block in copy.scan(log, 0, u64::MAX) {
                let block = block.unwrap();
                assert_eq!(ledger.read(log, block.sequence).unwrap(), block);
            }
        }
        assert_eq!(backup.blocks, blocks);
        for number in 1..=backup.entry {
            assert_eq!(copy.entry(number).unwrap(), ledger.entry(number).unwrap());
        }
        // The state is that of the same moment: written after its entry, or just before.
        let state = copy.state_get("counters", b"entry").unwrap().unwrap();
        let state: u64 = String::from_utf8(state).unwrap().parse().unwrap();
        assert!(state == backup.entry || state + 1 == backup.entry);
        assert_eq!(backup.states, 1);
        // A backup is a ledger like any other.
        publish(&copy, "person", 1, 0);
        assert!(faults(&copy).is_empty());
    }
    assert!(faults(&ledger).is_empty());
}

#[test]
fn an_empty_ledger_can_be_backed_up() {
    let directory = tempfile::tempdir().unwrap();
    let target = tempfile::tempdir().unwrap();
    let backup = open(directory.path()).backup(target.path()).unwrap();
    assert_eq!((backup.entry, backup.blocks, backup.states), (0, 0, 0));
    assert_eq!(open(target.path()).journal_length(), 0);
}

#[test]
fn a_target_with_anything_in_it_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let target = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let file = target.path().join("file");
    std::fs::write(&file, "precious").unwrap();
    for path in [target.path(), &file, directory.path()] {
        let refused = ledger.backup(path).unwrap_err();
        assert!(
            matches!(refused, LedgerError::TargetNotEmpty { .. }),
            "{refused}"
        );
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
}

#[test]
fn a_corrupt_block_stops_a_backup_and_the_target_does_not_pass_for_one() {
    let directory = tempfile::tempdir().unwrap();
    let target = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    publish(&ledger, "a", 4, 1);
    let tree = ledger.shared.store.find(LOG_PREFIX, "a").unwrap();
    let mut bytes = tree.get(2_u64.to_be_bytes()).unwrap().unwrap().to_vec();
    bytes[80] ^= 1;
    tree.insert(2_u64.to_be_bytes(), bytes).unwrap();
    let stopped = ledger.backup(target.path()).unwrap_err();
    assert!(matches!(stopped, LedgerError::Corrupt { sequence: 2, .. }));
    assert!(target.path().join(INCOMPLETE).exists());
    let refused = Ledger::open(target.path()).err().unwrap();
    assert!(matches!(refused, LedgerError::Incomplete { .. }));
    assert!(matches!(
        ledger.backup(target.path()),
        Err(LedgerError::TargetNotEmpty { .. })
    ));
}
