//! A process killed at any moment loses nothing that it acknowledged, and shows nothing half.
//!
//! The test starts its own binary again as the process to kill, told apart by an environment
//! variable.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{check_blocks, faults, stage};
use crate::{Ledger, NewEntry, Options};

const DIRECTORY: &str = "JIKU_LEDGER_KILLED_DIRECTORY";
const TEST: &str = "tests::kill::a_killed_process_loses_nothing_acknowledged";
const ROUNDS: u32 = 24;

/// The logs of an entry and the blocks staged in each: a rule both processes know.
fn plan(number: u64) -> Vec<(&'static str, u64)> {
    match number % 4 {
        0 => vec![("person", 1 + number % 30)],
        1 => vec![("person", 2), ("spatial", 1 + number % 5)],
        2 => vec![],
        _ => vec![("spatial", 40), ("organization", 1)],
    }
}

/// What the killed process does: publishes, abandons and puts state for ever, and says so.
fn append_for_ever(directory: &Path) -> ! {
    let options = Options {
        flush_every_bytes: 20_000,
        ..Options::default()
    };
    let (ledger, _) = Ledger::open_with(directory, options).unwrap();
    loop {
        let number = ledger.journal_length() + 1;
        if number.is_multiple_of(3) {
            let mut given_up = ledger.begin("person").unwrap();
            stage(&mut given_up, 20);
            given_up.abandon().unwrap();
        }
        let mut appenders = Vec::new();
        for (log, blocks) in plan(number) {
            let mut appender = ledger.begin(log).unwrap();
            stage(&mut appender, blocks);
            appenders.push(appender);
        }
        let payload = number.to_string().into_bytes();
        let entry = NewEntry {
            payload,
            instant_micros: 0,
        };
        let entry = ledger.publish_many(appenders, entry).unwrap();
        say(&format!("published {}", entry.number));
        let value = entry.number.to_string();
        ledger
            .state_put_durable("counters", b"last", value.as_bytes())
            .unwrap();
        say(&format!("put {value}"));
    }
}

/// One line to the process that will kill this one.
fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    // The test harness leaves a line begun.
    writeln!(output, "\n{line}").unwrap();
    output.flush().unwrap();
}

/// Starts the process, kills it a while after its first word or after its start, and gives the last
/// entry and the last state that it acknowledged.
fn run_and_kill(directory: &Path, await_word: bool, after: Duration) -> (u64, u64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let (first_word, heard) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let (mut published, mut put) = (0, 0);
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("published ") {
                published = number.parse().unwrap();
                // Nobody listens after the first.
                let _ = first_word.send(());
            } else if let Some(number) = line.strip_prefix("put ") {
                put = number.parse().unwrap();
            }
        }
        (published, put)
    });
    let silent = await_word && heard.recv_timeout(Duration::from_secs(30)).is_err();
    std::thread::sleep(after);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(!silent, "the process acknowledged nothing: {status}");
    assert_eq!(status.code(), None, "the process ended by itself: {status}");
    reader.join().unwrap()
}

/// Everything acknowledged is there, whole, and nothing that was not published; gives the number of
/// the last entry.
fn check(directory: &Path, published: u64, put: u64) -> u64 {
    let (ledger, recovery) = Ledger::open(directory).unwrap();
    assert_eq!(recovery.damage, None);
    let last = ledger.journal_length();
    assert!(
        last == published || last == published + 1,
        "{published} entries were acknowledged, {last} are there"
    );
    let mut lengths = std::collections::BTreeMap::new();
    for entry in ledger.journal(1) {
        let entry = entry.unwrap();
        assert_eq!(entry.payload, entry.number.to_string().into_bytes());
        let ranges = entry.ranges.iter().map(|range| {
            let length: &mut u64 = lengths.entry(range.log.clone()).or_default();
            assert_eq!(range.first, *length);
            *length = range.last + 1;
            (range.log.as_str(), range.last + 1 - range.first)
        });
        let mut ranges: Vec<_> = ranges.collect();
        let mut expected = plan(entry.number);
        ranges.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ranges, expected);
    }
    for (log, length) in lengths {
        assert_eq!(ledger.length(&log), length);
        assert!(ledger.shared.block_bytes(&log, length).is_err());
    }
    check_blocks(&ledger);
    assert_eq!(faults(&ledger), Vec::<String>::new());
    let state = ledger.state_get("counters", b"last").unwrap();
    let state = state.map_or(0, |value| {
        String::from_utf8(value).unwrap().parse().unwrap()
    });
    assert!(
        state >= put && state <= last,
        "state {put} was acknowledged, {state} is there"
    );
    last
}

#[test]
fn a_killed_process_loses_nothing_acknowledged() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        append_for_ever(&PathBuf::from(directory));
    }
    let directory = tempfile::tempdir().unwrap();
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut random = clock.as_nanos() as u64 | 1;
    println!("random seed {random}");
    let (mut last, mut put) = (0, 0);
    for round in 0..ROUNDS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Every third time also while it starts, that is, while it recovers.
        let (await_word, most) = if round % 3 == 2 {
            (false, 60_000)
        } else {
            (true, 300_000)
        };
        let after = Duration::from_micros(random % most);
        let (published_now, put_now) = run_and_kill(directory.path(), await_word, after);
        put = put.max(put_now);
        last = check(directory.path(), last.max(published_now), put);
    }
    assert!(
        last >= u64::from(ROUNDS) / 2,
        "too little was published to prove anything"
    );
}
