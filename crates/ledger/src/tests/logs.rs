//! Appending, publishing, reading, abandoning; opening again and locking.

use super::{check_blocks, faults, open, publish, stage};
use crate::store::META;
use crate::{
    Abandoned, BlockHeader, Hash, Ledger, LedgerError, MAXIMUM_PAYLOAD, NewEntry, Options, Packer,
    Recovery, pack,
};

/// A header that says nothing.
const HEADER: BlockHeader = BlockHeader { kind: 0, count: 0 };

#[test]
fn the_ledger_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Ledger>();
    sent::<crate::Appender>();
    sent::<Packer>();
    shared::<LedgerError>();
}

#[test]
fn published_blocks_and_entries_read_back_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let (first, second, empty);
    {
        let ledger = open(directory.path());
        assert_eq!((ledger.length("person"), ledger.journal_length()), (0, 0));
        assert_eq!(ledger.journal_head(), (0, Hash::ORIGIN));
        first = publish(&ledger, "person", 3, 1_000);
        second = publish(&ledger, "person", 2, 2_000);
        empty = ledger
            .publish_many(
                Vec::new(),
                NewEntry {
                    payload: b"{}".to_vec(),
                    instant_micros: 3_000,
                },
            )
            .unwrap();
    }
    let ledger = open(directory.path());
    assert_eq!(ledger.length("person"), 5);
    assert_eq!(ledger.logs(), ["person"]);
    let entries: Vec<_> = ledger.journal(0).map(Result::unwrap).collect();
    assert_eq!(entries, [first.clone(), second.clone(), empty.clone()]);
    assert_eq!((first.number, first.previous), (1, Hash::ORIGIN));
    assert_eq!(second.previous, first.hash);
    assert_eq!((second.ranges[0].first, second.ranges[0].last), (3, 4));
    assert_eq!(
        second.ranges[0].head,
        ledger.read("person", 4).unwrap().hash
    );
    assert!(empty.ranges.is_empty());
    assert_eq!((empty.length("person"), empty.length("other")), (5, 0));
    assert_eq!(empty.payload, b"{}");
    assert_eq!(ledger.journal_head(), (3, empty.hash));
    assert_eq!(ledger.journal(3).count(), 1);
    assert_eq!(ledger.journal(4).count(), 0);

    check_blocks(&ledger);
    let block = ledger.read("person", 3).unwrap();
    assert_eq!(block.header, BlockHeader { kind: 7, count: 3 });
    assert_eq!(block.previous, ledger.read("person", 2).unwrap().hash);
    let middle: Vec<u64> = ledger
        .scan("person", 1, 4)
        .map(|block| block.unwrap().sequence)
        .collect();
    assert_eq!(middle, [1, 2, 3]);
    assert_eq!(ledger.scan("nowhere", 0, 9).count(), 0);
    assert!(matches!(
        ledger.read("person", 5),
        Err(LedgerError::NotFound {
            sequence: 5,
            length: 5,
            ..
        })
    ));
    assert!(matches!(ledger.entry(0), Err(LedgerError::NoEntry { .. })));
    assert!(matches!(
        ledger.entry(4),
        Err(LedgerError::NoEntry { length: 3, .. })
    ));
    assert!(faults(&ledger).is_empty());
    assert!(ledger.size_on_disk().unwrap() > 0);
}

#[test]
fn one_entry_covers_several_logs() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    publish(&ledger, "spatial", 2, 1);
    let mut appenders = Vec::new();
    for (log, blocks) in [("spatial", 3), ("organization", 1), ("person", 0)] {
        let mut appender = ledger.begin(log).unwrap();
        stage(&mut appender, blocks);
        appenders.push(appender);
    }
    assert_eq!(
        (ledger.length("spatial"), ledger.length("organization")),
        (2, 0)
    );
    let entry = ledger.publish_many(appenders, NewEntry::default()).unwrap();
    let ranges: Vec<_> = entry
        .ranges
        .iter()
        .map(|range| (range.log.as_str(), range.first, range.last))
        .collect();
    assert_eq!(ranges, [("organization", 0, 0), ("spatial", 2, 4)]);
    assert_eq!(ledger.logs(), ["organization", "spatial"]);
    check_blocks(&ledger);
    assert!(faults(&ledger).is_empty());
    for log in ["spatial", "organization", "person"] {
        ledger.begin(log).unwrap().abandon().unwrap();
    }
}

#[test]
fn packed_blocks_are_the_same_as_appended_ones() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let header = BlockHeader { kind: 1, count: 9 };
    let texts: Vec<Vec<u8>> = (0..8).map(|n| super::payload("a", n)).collect();
    let packed: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = texts
            .iter()
            .map(|text| scope.spawn(move || pack(header, text).unwrap()))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(packed[0].payload_length(), texts[0].len());
    assert!(packed[0].compressed_length() < texts[0].len());
    assert_eq!(packed[0].header(), header);
    let mut appender = ledger.begin("a").unwrap();
    for block in &packed {
        appender.append_packed(block).unwrap();
    }
    appender.append(header, b"").unwrap();
    appender.publish(NewEntry::default()).unwrap();
    for (sequence, text) in texts.iter().enumerate() {
        assert_eq!(&ledger.read("a", sequence as u64).unwrap().payload, text);
    }
    assert_eq!(ledger.read("a", 8).unwrap().payload, b"");
}

#[test]
fn very_large_payloads_survive_reopening() {
    let directory = tempfile::tempdir().unwrap();
    // Does not compress: the store keeps it in a file of its own.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    })
    .take(3 << 20)
    .collect();
    {
        let ledger = open(directory.path());
        let mut appender = ledger.begin("spatial").unwrap();
        appender.append(HEADER, &noise).unwrap();
        let entry = NewEntry {
            payload: noise.clone(),
            instant_micros: 0,
        };
        appender.publish(entry).unwrap();
        let mut appender = ledger.begin("spatial").unwrap();
        let huge = vec![0; MAXIMUM_PAYLOAD + 1];
        let refused = appender.append(HEADER, &huge);
        assert!(matches!(refused, Err(LedgerError::TooLarge { .. })));
        let entry = NewEntry {
            payload: huge,
            instant_micros: 0,
        };
        assert!(matches!(
            appender.publish(entry),
            Err(LedgerError::TooLarge { .. })
        ));
    }
    let ledger = open(directory.path());
    assert_eq!(ledger.read("spatial", 0).unwrap().payload, noise);
    assert_eq!(ledger.entry(1).unwrap().payload, noise);
    assert!(faults(&ledger).is_empty());
}

#[test]
fn staged_blocks_are_invisible_and_removed_when_abandoned_or_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    publish(&ledger, "a", 2, 1);
    let mut appender = ledger.begin("a").unwrap();
    stage(&mut appender, 5);
    assert_eq!((appender.first(), appender.staged()), (2, 5));
    assert_eq!(ledger.length("a"), 2);
    assert!(matches!(
        ledger.read("a", 2),
        Err(LedgerError::NotFound { .. })
    ));
    assert_eq!(ledger.scan("a", 0, 100).count(), 2);
    assert!(ledger.shared.block_bytes("a", 6).is_ok());
    appender.abandon().unwrap();
    assert!(ledger.shared.block_bytes("a", 2).is_err());
    let mut appender = ledger.begin("a").unwrap();
    stage(&mut appender, 3);
    drop(appender);
    assert!(ledger.shared.block_bytes("a", 2).is_err());
    publish(&ledger, "a", 1, 2);
    check_blocks(&ledger);
    assert!(faults(&ledger).is_empty());
}

#[test]
fn a_tail_without_a_journal_entry_is_removed_at_opening_and_reported() {
    let directory = tempfile::tempdir().unwrap();
    {
        let ledger = open(directory.path());
        publish(&ledger, "a", 3, 1);
        for (log, blocks) in [("a", 4), ("b", 2)] {
            let mut appender = ledger.begin(log).unwrap();
            stage(&mut appender, blocks);
            // As if the process had been killed: the blocks stay, the lock on the directory goes.
            let tree = ledger
                .shared
                .store
                .find(crate::store::LOG_PREFIX, log)
                .unwrap();
            let kept: Vec<_> = tree.iter().map(Result::unwrap).collect();
            appender.abandon().unwrap();
            for (key, value) in kept {
                tree.insert(key, value).unwrap();
            }
        }
        ledger.flush().unwrap();
    }
    let (ledger, recovery) = Ledger::open(directory.path()).unwrap();
    let abandoned = |log: &str, first, blocks| Abandoned {
        log: log.to_owned(),
        first,
        blocks,
    };
    assert_eq!(
        recovery,
        Recovery {
            abandoned: vec![abandoned("a", 3, 4), abandoned("b", 0, 2)],
            damage: None
        }
    );
    assert_eq!((ledger.length("a"), ledger.length("b")), (3, 0));
    assert!(ledger.shared.block_bytes("a", 3).is_err());
    drop(ledger);
    check_blocks(&open(directory.path()));
}

#[test]
fn a_log_has_one_appender_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let first = ledger.begin("a").unwrap();
    assert!(matches!(ledger.begin("a"), Err(LedgerError::Busy { log }) if log == "a"));
    let other = ledger.begin("b").unwrap();
    drop(first);
    let again = ledger.begin("a").unwrap();
    again.publish(NewEntry::default()).unwrap();
    ledger.begin("a").unwrap();
    assert!(matches!(ledger.begin("b"), Err(LedgerError::Busy { .. })));
    drop(other);
}

#[test]
fn names_are_checked_and_appenders_stay_with_their_ledger() {
    let here = tempfile::tempdir().unwrap();
    let there = tempfile::tempdir().unwrap();
    let (ledger, other) = (open(here.path()), open(there.path()));
    for name in ["", "人口", "a b", &"x".repeat(101)] {
        assert!(matches!(
            ledger.begin(name),
            Err(LedgerError::InvalidName { .. })
        ));
    }
    let appender = other.begin("a").unwrap();
    assert!(matches!(
        ledger.publish_many(vec![appender], NewEntry::default()),
        Err(LedgerError::ForeignAppender { .. })
    ));
    assert_eq!((ledger.journal_length(), other.journal_length()), (0, 0));
    other.begin("a").unwrap();
}

#[test]
fn instants_grow_even_when_the_clock_steps_back() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let given = [1_000, 1_000, 400, 5_000, i64::MIN];
    let got: Vec<i64> = given
        .into_iter()
        .map(|instant| publish(&ledger, "a", 1, instant).instant_micros)
        .collect();
    assert_eq!(got, [1_000, 1_001, 1_002, 5_000, 5_001]);
    drop(ledger);
    let ledger = open(directory.path());
    assert_eq!(publish(&ledger, "a", 1, 0).instant_micros, 5_002);
    assert_eq!(publish(&ledger, "a", 1, i64::MAX).instant_micros, i64::MAX);
    let appender = ledger.begin("a").unwrap();
    let refused = appender.publish(NewEntry::default());
    assert!(matches!(refused, Err(LedgerError::InstantsExhausted)));
    assert!(faults(&ledger).is_empty());
}

#[test]
fn the_directory_is_locked_until_everything_is_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let second = Ledger::open(directory.path()).err().unwrap();
    assert!(matches!(second, LedgerError::InUse { .. }));
    assert!(second.to_string().ends_with("is in use by another process"));
    let appender = ledger.begin("a").unwrap();
    drop(ledger);
    assert!(matches!(
        Ledger::open(directory.path()),
        Err(LedgerError::InUse { .. })
    ));
    drop(appender);
    open(directory.path());
}

#[test]
fn another_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(directory.path());
    let meta = ledger.shared.store.tree("", META).unwrap();
    meta.insert("format", &2_u32.to_be_bytes()).unwrap();
    drop(meta);
    drop(ledger);
    let refused = Ledger::open(directory.path()).err().unwrap();
    assert!(matches!(
        refused,
        LedgerError::UnsupportedFormat {
            found: 2,
            supported: 1,
            ..
        }
    ));
}

#[test]
fn flushing_while_appending_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options {
        flush_every_bytes: 2_000,
        compression_level: 3,
        ..Options::default()
    };
    let (ledger, _) = Ledger::open_with(directory.path(), options).unwrap();
    publish(&ledger, "a", 50, 1);
    check_blocks(&ledger);
    assert!(faults(&ledger).is_empty());
}
