//! A process killed at any moment of a load, a commit or a merge loses nothing that it acknowledged, and
//! shows nothing half.
//!
//! The test starts its own binary again as the process to kill, told apart by an environment variable.
//! That process loads one small file after the other: files with odd numbers bring households whose
//! addresses are not known yet, those with even numbers bring these addresses and new texts for the ones
//! before. So each second load also composes records of another collection anew, and segments are merged
//! every few loads. What the state must be follows from the number of the last file alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use record::Predicate;
use register::{Deadline, Embedded, Search, Store, TimeScope};

use crate::city;
use crate::random::{Random, seeds};

const DIRECTORY: &str = "JIKU_KILLED_DIRECTORY";
const TEST: &str = "kill::a_killed_process_loses_nothing_acknowledged";
const KILLS: u32 = 50;
/// New rows in a file.
const ROWS: u64 = 25;

fn file_name(number: u64) -> String {
    format!("file-{number}.csv")
}

/// The text of an address of a batch, as of the state after a file; `None` while it is not known.
fn address_text(batch: u64, place: u64, after: u64) -> Option<String> {
    let times = match after {
        _ if after < 2 * batch => return None,
        _ if after < 2 * batch + 2 => "一",
        _ => "二",
    };
    Some(format!("建设路{batch}号{place}室第{times}稿"))
}

fn address_code(batch: u64, place: u64) -> String {
    format!("地{batch}-{place}")
}

/// Writes the file of this number. Returns the mapping that reads it.
fn write_file(path: &Path, number: u64) -> &'static str {
    let batch = number.div_ceil(2);
    let (source, text) = if number % 2 == 1 {
        let mut text = "户号,户类型,地址编码,立户日期,数据性质\r\n".to_string();
        for place in 0..ROWS {
            let code = address_code(batch, place);
            writeln!(text, "户{batch}-{place},,{code},,合成数据\r").expect("memory");
        }
        ("synth-households", text)
    } else {
        let mut text =
            "地址编码,地址全称,区县,街道乡镇,社区村,区划代码,道路编码,道路名称,门牌号,建筑物编码,\
                        楼号,单元,楼层,房间号,邮政编码,经度,纬度,数据性质\n"
                .to_string();
        for batch in batch.saturating_sub(1).max(1)..=batch {
            for place in 0..ROWS {
                let (code, said) = (
                    address_code(batch, place),
                    address_text(batch, place, number),
                );
                let said = said.expect("an address of this file");
                writeln!(text, "{code},{said}{}116.3,39.9,合成数据", ",".repeat(14))
                    .expect("memory");
            }
        }
        ("synth-addresses", text)
    };
    std::fs::write(path, text).expect("a file");
    source
}

/// What the killed process does: loads for ever, and says so.
fn load_for_ever(directory: &Path) -> ! {
    let (store, _) = city::open(&directory.join("data"), true);
    loop {
        let number = store.view().transaction().0 + 1;
        let path = directory.join(file_name(number));
        let source = write_file(&path, number);
        say(&format!("began {number}"));
        let report = city::load(&store, source, &path, 0);
        assert_eq!(report.transaction, Some(number), "{report:?}");
        say(&format!("published {number}"));
        std::fs::remove_file(&path).expect("removed");
    }
}

/// One line to the process that will kill this one.
fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    // The test harness leaves a line begun.
    writeln!(output, "\n{line}").expect("heard");
    output.flush().expect("heard");
}

/// What a killed process said last.
#[derive(Clone, Copy, Default)]
struct Heard {
    began: u64,
    published: u64,
}

/// Starts the process, kills it a while after it began its first load, or after its start.
fn run_and_kill(directory: &Path, await_word: bool, after: Duration) -> Heard {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let output = child.stdout.take().expect("its output");
    let (first_word, waiting) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut heard = Heard::default();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("began ") {
                heard.began = number.parse().expect("a number");
                // Nobody listens after the first.
                let _ = first_word.send(());
            } else if let Some(number) = line.strip_prefix("published ") {
                heard.published = number.parse().expect("a number");
            }
        }
        heard
    });
    let silent = await_word && waiting.recv_timeout(Duration::from_secs(60)).is_err();
    std::thread::sleep(after);
    child.kill().expect("killed");
    let status = child.wait().expect("its end");
    assert!(!silent, "the process began nothing: {status}");
    assert_eq!(status.code(), None, "the process ended by itself: {status}");
    reader.join().expect("its words")
}

/// The title and the whole body of every record of a collection.
fn records(store: &Embedded, collection: &str, key: &str) -> BTreeMap<String, serde_json::Value> {
    let view = store.view();
    let search = Search {
        predicate: &Predicate::All,
        time: TimeScope::Present(register::today()),
        sort: &[],
        after: None,
        limit: 1_000_000,
        deadline: Deadline::NONE,
    };
    let page = view.search(collection, &search).expect("a page");
    assert_eq!(page.total, page.records.len() as u64);
    let records = page.records.iter().map(|record| {
        let body: serde_json::Value = serde_json::from_str(&record.body).expect("JSON");
        (
            body["properties"][key].as_str().expect("a key").to_string(),
            body,
        )
    });
    let records: BTreeMap<_, _> = records.collect();
    assert_eq!(page.total, records.len() as u64, "a record is there twice");
    records
}

/// The state is the one after the last file published, to the letter.
fn check_state(store: &Embedded, last: u64) {
    let mut households = records(store, "household", "householdNumber");
    let mut addresses = records(store, "address", "code");
    for batch in 1..=last.div_ceil(2) {
        for place in 0..ROWS {
            let text = address_text(batch, place, last);
            let code = address_code(batch, place);
            let address = addresses.remove(&code);
            let found = address
                .as_ref()
                .and_then(|body| body["properties"]["text"].as_str());
            assert_eq!(found, text.as_deref(), "address {code} after file {last}");
            let household = households
                .remove(&format!("户{batch}-{place}"))
                .expect("a household");
            let found = household["properties"]["addressText"].as_str();
            assert_eq!(
                found,
                text.as_deref(),
                "the household at {code} after file {last}"
            );
            assert_eq!(
                household.get("held").is_some(),
                text.is_none(),
                "{household}"
            );
        }
    }
    assert!(
        households.is_empty() && addresses.is_empty(),
        "{households:?} {addresses:?}"
    );
}

#[test]
fn a_killed_process_loses_nothing_acknowledged() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        load_for_ever(&PathBuf::from(directory));
    }
    let clock = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |time| time.as_nanos() as u64);
    let seed = seeds(&[clock])[0];
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let directory = tempfile::tempdir().expect("a folder");
    let (mut last, mut cut_off) = (0, 0);
    let mut load_time = Duration::from_millis(400);
    for kill in 0..KILLS {
        // Every eighth time also while it starts, that is, while it mends.
        let await_word = kill % 8 != 7;
        let most = if await_word { 2 * load_time } else { load_time };
        let after = Duration::from_micros(random.below(most.as_micros() as u64));
        let heard = run_and_kill(directory.path(), await_word, after);
        let began = Instant::now();
        let (store, opening) = city::open(&directory.path().join("data"), true);
        assert_eq!(opening.damage, None);
        let known = store.view().transaction().0;
        let acknowledged = heard.published.max(last);
        assert!(
            known == acknowledged || known == acknowledged + 1,
            "kill {kill}: {acknowledged} loads were acknowledged, {known} are there"
        );
        assert!(opening.unfinished.len() <= 1, "{opening:?}");
        for load in &opening.unfinished {
            assert_eq!(load.file, file_name(known + 1), "{opening:?}");
            assert_eq!(heard.began.max(acknowledged + 1), known + 1, "{opening:?}");
        }
        assert!(
            opening.removed_blocks == 0 || !opening.unfinished.is_empty(),
            "{opening:?}"
        );
        store.told(&opening).expect("noted");
        cut_off += opening.unfinished.len();
        check_state(&store, known);
        if kill % 10 == 9 {
            let verification = store.verify(&|_, _, _| {}).expect("a verification");
            assert!(verification.is_clean(), "kill {kill}: {verification:#?}");
        }
        println!(
            "kill {kill:2} after {after:8.1?}: {known} loads, unfinished {}, replayed {:?}, checked in {:.1?}",
            opening.unfinished.len(),
            opening.replayed,
            began.elapsed()
        );
        drop(store);
        if heard.published > last + 1 {
            // Loads are quicker here than thought: kills should fall inside them.
            load_time = load_time.mul_f64(0.9);
        }
        last = known;
    }
    assert!(
        last >= 10,
        "too little was published to prove anything: {last}"
    );
    assert!(cut_off >= 5, "too few kills fell into a load: {cut_off}");
}
