//! Tests of the ledger, and what they share.

mod backup;
mod chain;
mod disk;
mod kill;
mod logs;
mod state;

use crate::{Appender, BlockHeader, Entry, Finding, Ledger, NewEntry};
use std::path::Path;

/// Opens a ledger in which nothing is to be mended.
fn open(directory: &Path) -> Ledger {
    let (ledger, recovery) = Ledger::open(directory).unwrap();
    assert_eq!(recovery, crate::Recovery::default());
    ledger
}

/// A payload that says where it belongs and compresses about as well as statements do.
fn payload(log: &str, sequence: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in 0..40 + sequence % 7 {
        let noise = (sequence * 1_000 + line).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        bytes.extend_from_slice(format!("{log} {sequence} {line} {noise:016x}\n").as_bytes());
    }
    bytes
}

/// Stages blocks with the payloads of their places.
fn stage(appender: &mut Appender, blocks: u64) {
    for _ in 0..blocks {
        let log = appender.log().to_owned();
        let sequence = appender.first() + appender.staged();
        let header = BlockHeader {
            kind: 7,
            count: sequence as u32,
        };
        let given = appender.append(header, &payload(&log, sequence)).unwrap();
        assert_eq!(given, sequence);
    }
}

/// Publishes blocks in one log, at an instant.
fn publish(ledger: &Ledger, log: &str, blocks: u64, instant_micros: i64) -> Entry {
    let mut appender = ledger.begin(log).unwrap();
    stage(&mut appender, blocks);
    let payload = format!("{blocks} blocks of {log}").into_bytes();
    appender
        .publish(NewEntry {
            payload,
            instant_micros,
        })
        .unwrap()
}

/// Every published block is that of its place.
fn check_blocks(ledger: &Ledger) {
    for log in ledger.logs() {
        let mut sequence = 0;
        for block in ledger.scan(&log, 0, u64::MAX) {
            let block = block.unwrap();
            assert_eq!(block.sequence, sequence);
            assert_eq!(block.payload, payload(&log, sequence));
            sequence += 1;
        }
        assert_eq!(sequence, ledger.length(&log));
    }
}

/// The faults of a ledger, as text.
fn faults(ledger: &Ledger) -> Vec<String> {
    let verification = ledger.verify(|_| {}).unwrap();
    verification
        .findings
        .iter()
        .map(Finding::to_string)
        .collect()
}
