//! Files that are hard to read, through every layer to an answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use load::Outcome;
use record::{Predicate, Value};
use register::{DataDirectory, Deadline, Embedded, Search, Store, TimeScope};
use schema::Catalog;

use crate::city;
use crate::dirt::cells;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures/messy")
        .join(path)
}

/// Codes and names of the villages whose names lie outside GBK.
fn rare_villages() -> Vec<(String, String)> {
    let text =
        std::fs::read_to_string(fixture("villages_rare_chars.utf8.csv")).expect("the fixture");
    cells(&text)[1..]
        .iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect()
}

fn body(record: &register::Record) -> serde_json::Value {
    serde_json::from_str(&record.body).expect("JSON")
}

/// The names of these villages are answered as they are.
fn assert_names(store: &Embedded, villages: &[(String, String)]) {
    let view = store.view();
    let time = TimeScope::Present(register::today());
    for (code, name) in villages {
        let found = view
            .lookup("division", &[Value::text(code)], time)
            .expect("a look-up");
        let found = found.unwrap_or_else(|| panic!("no village {code}"));
        assert_eq!(
            body(&found)["properties"]["name"].as_str(),
            Some(name.as_str())
        );
        let exact = Predicate::Compare {
            field: "name".into(),
            comparison: record::Comparison::Equal,
            value: Value::text(name),
        };
        let text = Predicate::Text {
            fields: vec!["name".into()],
            query: name.as_str().into(),
        };
        for predicate in [exact, text] {
            let search = Search {
                predicate: &predicate,
                time,
                sort: &[],
                after: None,
                limit: 1_000,
                deadline: Deadline::NONE,
            };
            let page = view.search("division", &search).expect("a page");
            let hit = page.records.iter().any(|record| record.id == found.id);
            assert!(hit, "{name} is not found by {predicate:?}");
        }
    }
}

#[test]
fn names_outside_gbk_come_unharmed_from_file_to_answer() {
    let villages = rare_villages();
    assert_eq!(villages.len(), 48);
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(&folder.path().join("data"), false);
    let file = fixture("villages_2048.gb18030.crlf.csv");
    let report = city::load(&store, "nbs-villages", &file, 0);
    assert_eq!(report.outcome, Outcome::Published, "{report:?}");
    assert_eq!(report.encoding.to_lowercase(), "gb18030");
    assert_eq!(report.counts.inserted, 2_048);
    assert_names(&store, &villages);
    // The same names in another encoding say nothing new.
    let report = city::load(
        &store,
        "nbs-villages",
        &fixture("villages_rare_chars.utf8.csv"),
        0,
    );
    assert_eq!(report.outcome, Outcome::Unchanged, "{report:?}");
    assert_eq!(report.counts.unchanged, 48);
    drop(store);
    let (store, _) = city::open(&folder.path().join("data"), false);
    assert_names(&store, &villages);
}

#[test]
fn refused_rows_go_out_and_come_back_byte_for_byte() {
    let villages = rare_villages();
    let folder = tempfile::tempdir().expect("a folder");
    let original = std::fs::read(fixture("villages_2048.gb18030.crlf.csv")).expect("the fixture");
    // A letter takes the place of the last digit in the codes of the rare villages.
    let mut codes: Vec<&[u8]> = Vec::new();
    let mut spoiled = Vec::new();
    let mut rows: Vec<Vec<u8>> = Vec::new();
    for (place, line) in lines(&original).enumerate() {
        let mut line = line.to_vec();
        let is_rare = villages
            .iter()
            .any(|(code, _)| line.starts_with(code.as_bytes()));
        if place > 0 && is_rare {
            codes.push(&lines(&original).nth(place).expect("this line")[..12]);
            line[11] = b'X';
            rows.push(line.clone());
        }
        spoiled.extend_from_slice(&line);
        spoiled.extend_from_slice(b"\r\n");
    }
    assert_eq!(rows.len(), 48);
    let file = folder.path().join("villages.csv");
    std::fs::write(&file, &spoiled).expect("a file");
    let (store, _) = city::open(&folder.path().join("data"), false);
    let report = city::load(&store, "nbs-villages", &file, 48);
    assert_eq!(
        (report.outcome, report.counts.rejected),
        (Outcome::Published, 48),
        "{report:?}"
    );
    let rejects = report.rejects.expect("a reject file");
    let out = std::fs::read(&rejects).expect("the reject file");
    assert!(out.ends_with(b"\r\n"));
    let mut out_lines = lines(&out);
    let header = out_lines.next().expect("a header");
    assert!(header.starts_with(lines(&original).next().expect("a header")));
    let out_rows: Vec<&[u8]> = out_lines.collect();
    assert_eq!(out_rows.len(), rows.len());
    let mut mended = [header, b"\r\n"].concat();
    for ((out, row), code) in out_rows.iter().zip(&rows).zip(codes) {
        assert_eq!(&out[..row.len()], row.as_slice());
        assert_eq!(out[row.len()], b',');
        let (_, damaged) = encoding_rs::GB18030.decode_without_bom_handling(out);
        assert!(!damaged, "the reject file is no GB18030");
        let mut line = out.to_vec();
        line[..12].copy_from_slice(code);
        mended.extend_from_slice(&line);
        mended.extend_from_slice(b"\r\n");
    }
    // Mended at the one place, with the four columns still there, the file is loaded as it is.
    std::fs::write(&file, &mended).expect("a file");
    let report = city::load(&store, "nbs-villages", &file, 0);
    assert_eq!(
        (report.outcome, report.counts.inserted),
        (Outcome::Published, 48),
        "{report:?}"
    );
    assert_names(&store, &villages);
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
    whole
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Two columns of any file, as the code and name of an indicator.
fn mapping(name: &str, [code, title]: [&str; 2], ignored: &[&str]) -> String {
    format!(
        "source = \"{name}\"\nlabel = {{ zh = \"试验\", en = \"Trial\" }}\ncollection = \"indicator\"\n\
         department = \"statistics\"\nformat = \"csv\"\nignore = {ignored:?}\n\
         [[column]]\nheader = \"{code}\"\nfield = \"code\"\n\
         [[column]]\nheader = \"{title}\"\nfield = \"name\"\n"
    )
}

#[test]
fn csv_spectrum_means_what_it_should_in_the_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let schemas = folder.path().join("schemas");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"),
        &schemas,
    );
    // File, the columns for code and name, those left out.
    let cases: [(&str, [&str; 2], &[&str]); 9] = [
        (
            "comma_in_quotes",
            ["zip", "city"],
            &["first", "last", "address"],
        ),
        ("escaped_quotes", ["a", "b"], &[]),
        ("quotes_and_newlines", ["a", "b"], &[]),
        ("newlines", ["b", "a"], &["c"]),
        ("newlines_crlf", ["b", "a"], &["c"]),
        ("json", ["key", "val"], &[]),
        ("utf8", ["a", "c"], &["b"]),
        ("simple", ["a", "b"], &["c"]),
        ("simple_crlf", ["a", "b"], &["c"]),
    ];
    for (name, columns, ignored) in cases {
        let path = schemas.join(format!(
            "macroeconomy/sources/{}.toml",
            name.replace('_', "-")
        ));
        std::fs::write(path, mapping(&name.replace('_', "-"), columns, ignored))
            .expect("a mapping");
    }
    let catalog = Arc::new(Catalog::from_dir(&schemas).expect("schemas"));
    for (name, [code, title], _) in cases {
        let data = folder.path().join(name);
        let directory = DataDirectory::create(&data, false).expect("a data directory");
        let (store, _) =
            Embedded::open(directory, catalog.clone(), city::registers(), &|_, _, _| {})
                .expect("a store");
        let csv = fixture(&format!("csv-spectrum/csvs/{name}.csv"));
        let report = city::load(&store, &name.replace('_', "-"), &csv, 0);
        let truth = std::fs::read_to_string(fixture(&format!("csv-spectrum/json/{name}.json")));
        let truth: Vec<serde_json::Value> =
            serde_json::from_str(&truth.expect("the truth")).expect("JSON");
        assert_eq!(
            report.counts.inserted,
            truth.len() as u64,
            "{name}: {report:?}"
        );
        let view = store.view();
        let time = TimeScope::Present(register::today());
        for row in truth {
            let key = row[code].as_str().expect("a code").trim();
            let found = view
                .lookup("indicator", &[Value::text(key)], time)
                .expect("a look-up");
            let found = body(&found.unwrap_or_else(|| panic!("{name}: no {key}")));
            assert_eq!(found["properties"]["name"], row[title], "{name}");
        }
    }
}
