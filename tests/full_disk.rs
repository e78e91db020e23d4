//! A disk that is full in the middle of a load: the load fails whole, reading goes on, and the next start
//! is in order.
//!
//! The test starts its own binary again under a limit on the size of files, which fails writes as a full
//! disk does.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use load::{LoadOptions, Outcome, Quiet};
use record::{Predicate, Value};
use register::{Deadline, Store, TimeScope};

use crate::city;

const DIRECTORY: &str = "JIKU_FULL_DIRECTORY";
const TEST: &str = "full_disk::a_full_disk_fails_the_load_and_nothing_else";
const LOADED: u64 = 200;
const TOO_MANY: u64 = 40_000;

/// Places enough of their own that they are not compressed to nothing.
fn write_file(path: &Path, from: u64, to: u64) {
    let mut text = "指标代码,指标名称,专题,计量单位,频度,指标解释,数据来源\n".to_string();
    let mut random = crate::random::Random::new(from + 1);
    for number in from..to {
        let noise: String = (0..40)
            .map(|_| char::from_u32(0x4E00 + random.below(20_000) as u32).expect("a character"))
            .collect();
        writeln!(text, "C{number},指标{number},,,,{noise},").expect("memory");
    }
    std::fs::write(path, text).expect("a file");
}

fn assert_answers(store: &dyn Store, rows: u64) {
    let view = store.view();
    let time = TimeScope::Present(register::today());
    let count = view.count("indicator", &Predicate::All, time, Deadline::NONE);
    assert_eq!(count.expect("a count"), rows);
    let found = view.lookup("indicator", &[Value::text("C7")], time);
    assert!(found.expect("a look-up").is_some());
    let id = found_id(store);
    assert_eq!(
        view.statements("indicator", id).expect("statements").len(),
        1
    );
}

fn found_id(store: &dyn Store) -> record::EntityId {
    let time = TimeScope::Present(register::today());
    let found = store.view().lookup("indicator", &[Value::text("C7")], time);
    found.expect("a look-up").expect("it").id
}

/// What the process does that has too little space.
fn fill(directory: &Path) {
    let (store, _) = city::open(&directory.join("data"), false);
    let source = store
        .catalog()
        .source("indicators")
        .expect("a source")
        .clone();
    let path = directory.join("many.csv");
    let begun = std::time::Instant::now();
    let outcome = load::load(&store, &source, &path, &LoadOptions::default(), &Quiet);
    let error = outcome.expect_err("there was space enough");
    println!("\nfailed after {:?}: {error}", begun.elapsed());
    assert_answers(&store, LOADED);
    let path = directory.join("few.csv");
    let again = load::load(&store, &source, &path, &LoadOptions::default(), &Quiet);
    println!("\nthe next load: {again:?}");
    assert_answers(&store, LOADED);
    println!("\nread on");
}

#[test]
fn a_full_disk_fails_the_load_and_nothing_else() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return fill(Path::new(&directory));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (few, many) = (
        folder.path().join("few.csv"),
        folder.path().join("many.csv"),
    );
    write_file(&few, 0, LOADED);
    write_file(&many, LOADED, TOO_MANY);
    let (store, _) = city::open(&data, false);
    let report = city::load(&store, "indicators", &few, 0);
    assert_eq!(report.outcome, Outcome::Published);
    drop(store);
    // An ignored signal stays ignored: writes past the limit (in blocks of 512 bytes) fail with EFBIG.
    let script = "trap '' XFSZ; ulimit -f 10000; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().expect("this binary"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, folder.path())
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("\nread on"), "{said}{errors}");
    let (store, opening) = city::open(&data, false);
    assert_eq!(
        (opening.damage.as_deref(), opening.unfinished.len()),
        (None, 1)
    );
    store.told(&opening).expect("noted");
    assert_answers(&store, LOADED);
    let verification = store.verify(&|_, _, _| {}).expect("a verification");
    assert!(verification.is_clean(), "{verification:#?}");
    drop(store);
    let (store, opening) = city::open(&data, false);
    assert!(opening.unfinished.is_empty(), "{opening:?}");
    let report = city::load(&store, "indicators", &many, 0);
    assert_eq!(report.outcome, Outcome::Published);
    assert_answers(&store, TOO_MANY);
}
