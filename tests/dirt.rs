//! A dirty city: what is refused is what was spoiled, row by row and code by code, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use load::Outcome;
use record::Predicate;
use register::{Deadline, Store, TimeScope};

use crate::city;
use crate::random::seeds;

/// The cells of a CSV text, by RFC 4180 alone.
pub fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    assert!(
        !quoted && cell.is_empty() && row.is_empty(),
        "the file ends inside a row: {cell}"
    );
    rows
}

/// Lines and codes of a reject file, which has the encoding of the file it came from.
fn rejected(path: &Path, encoding: synth::Encoding) -> BTreeSet<(u64, String)> {
    let bytes = std::fs::read(path).expect("a reject file");
    let (text, _, _) = match encoding {
        synth::Encoding::Gb18030 => encoding_rs::GB18030.decode(&bytes),
        _ => encoding_rs::UTF_8.decode(&bytes),
    };
    let rows = cells(&text);
    let (header, rows) = rows.split_first().expect("a header");
    let added = ["行号/line", "字段/field", "错误码/code", "说明/message"];
    assert!(header.ends_with(&added.map(String::from)), "{header:?}");
    rows.iter()
        .map(|row| {
            assert_eq!(row.len(), header.len(), "{row:?}");
            let [line, _, code, message] = &row[row.len() - 4..] else {
                panic!("four columns")
            };
            assert!(
                message.contains(" / "),
                "no message in two languages: {message}"
            );
            (line.parse().expect("a line number"), code.clone())
        })
        .collect()
}

/// The list of what was spoiled: line and code, by file.
fn truth(folder: &Path) -> BTreeMap<String, BTreeSet<(u64, String)>> {
    let text = std::fs::read_to_string(folder.join("dirt-truth.csv")).expect("the truth");
    let mut truth: BTreeMap<String, BTreeSet<(u64, String)>> = BTreeMap::new();
    for row in &cells(&text)[1..] {
        let line = row[1].parse().expect("a line number");
        assert!(
            truth
                .entry(row[0].clone())
                .or_default()
                .insert((line, row[2].clone())),
            "{row:?}"
        );
    }
    truth
}

fn counts(store: &dyn Store) -> Vec<u64> {
    let view = store.view();
    let time = TimeScope::Present(register::today());
    let count = |name: &str| {
        view.count(name, &Predicate::All, time, Deadline::NONE)
            .expect("a count")
    };
    store
        .catalog()
        .collections
        .iter()
        .map(|collection| count(&collection.name))
        .collect()
}

#[test]
fn what_is_refused_is_what_was_spoiled() {
    for (seed, rate) in seeds(&[11]).into_iter().map(|seed| (seed, 0.03)) {
        println!("seed {seed}, {rate} spoiled");
        let folder = tempfile::tempdir().expect("a folder");
        let files = folder.path().join("files");
        let options = synth::Options {
            persons: 3_000,
            seed,
            out: files.clone(),
            dirt: Some(rate),
        };
        let summary = synth::generate(&options, &|_, _, _| {}).expect("a city");
        let mut truth = truth(&files);
        let spoiled: usize = truth.values().map(BTreeSet::len).sum();
        assert_eq!(spoiled as u64, summary.spoiled);
        assert!(
            spoiled > 100,
            "too little was spoiled to prove anything: {spoiled}"
        );
        let (store, _) = city::open(&folder.path().join("data"), true);
        let mut first = Vec::new();
        for file in synth::FILES {
            let report = city::load(&store, file.source, &files.join(file.file), u64::MAX);
            assert_eq!(report.outcome, Outcome::Published, "{report:?}");
            let expected = truth.remove(file.file).unwrap_or_default();
            let found = match &report.rejects {
                Some(path) => rejected(path, file.encoding),
                None => BTreeSet::new(),
            };
            let missed: Vec<_> = expected.difference(&found).take(5).collect();
            let wrong: Vec<_> = found.difference(&expected).take(5).collect();
            assert!(
                missed.is_empty() && wrong.is_empty(),
                "{}: not refused {missed:?}; refused, but sound or for another reason {wrong:?}",
                file.file
            );
            assert_eq!(report.counts.rejected, expected.len() as u64, "{report:?}");
            let codes: u64 = report.problems.values().sum();
            assert_eq!(codes, report.counts.rejected, "{report:?}");
            first.push(report.counts);
        }
        assert!(
            truth.is_empty(),
            "spoiled files that are not loaded: {truth:?}"
        );
        let (known, before) = (store.view().transaction(), counts(&store));
        for (file, first) in synth::FILES.iter().zip(first) {
            let report = city::load(&store, file.source, &files.join(file.file), u64::MAX);
            assert_eq!(report.outcome, Outcome::Unchanged, "{report:?}");
            assert_eq!(
                report.counts.unchanged,
                first.inserted + first.changed + first.unchanged
            );
            assert_eq!(report.counts.rejected, first.rejected, "{report:?}");
        }
        assert_eq!(store.view().transaction(), known);
        assert_eq!(counts(&store), before);
        let verification = store.verify(&|_, _, _| {}).expect("a verification");
        assert!(verification.is_clean(), "{verification:#?}");
    }
}

#[test]
fn too_many_refused_rows_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    let options = synth::Options {
        persons: 300,
        seed: 5,
        out: files.clone(),
        dirt: Some(0.05),
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
    let (store, _) = city::open(&folder.path().join("data"), true);
    for file in &synth::FILES[..4] {
        city::load(&store, file.source, &files.join(file.file), u64::MAX);
    }
    let (known, before) = (store.view().transaction(), counts(&store));
    let addresses = files.join("addresses.csv");
    let report = city::load(&store, "synth-addresses", &addresses, 0);
    assert_eq!(report.outcome, Outcome::Refused, "{report:?}");
    assert!(
        report.rejects.is_some() && report.counts.rejected > 0,
        "{report:?}"
    );
    assert_eq!(
        (store.view().transaction(), counts(&store)),
        (known, before)
    );
    let again = city::load(
        &store,
        "synth-addresses",
        &addresses,
        report.counts.rejected,
    );
    assert_eq!(again.outcome, Outcome::Published, "{again:?}");
}

#[test]
fn a_clean_city_loaded_twice_is_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    let options = synth::Options {
        persons: 400,
        seed: 3,
        out: files.clone(),
        dirt: None,
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
    let (store, _) = city::open(&folder.path().join("data"), true);
    for expected in [Outcome::Published, Outcome::Unchanged] {
        for file in synth::FILES {
            let report = city::load(&store, file.source, &files.join(file.file), 0);
            assert_eq!(report.outcome, expected, "{report:?}");
            assert_eq!(report.rejects, None);
            if expected == Outcome::Unchanged {
                assert_eq!(report.counts.unchanged, report.counts.read, "{report:?}");
            }
        }
    }
}
