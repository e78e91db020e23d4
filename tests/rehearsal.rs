//! Rehearsals: they leave no trace, and say what publishing then does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use load::{LoadOptions, Outcome, Quiet, Rehearsal, RejectLimit};
use record::{Day, Predicate};
use register::{Deadline, Embedded, GroupKey, Grouping, Store, TimeScope};

use crate::city;
use crate::desk::Trial;
use crate::dirt::cells;

/// What a trace would show in: journal entries, bytes of the ledger, the last transaction, files.
fn traces(store: &Embedded) -> (usize, u64, u64, Vec<String>) {
    let mut files = Vec::new();
    list(store.directory().path(), &mut files);
    let rejects = store.directory().rejects().display().to_string();
    files.retain(|file| !file.starts_with(&rejects));
    files.sort();
    let ledger = store.size_on_disk().0;
    (
        store.journal().entries().len(),
        ledger,
        store.view().transaction().0,
        files,
    )
}

fn list(folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            list(&entry.path(), files);
        } else {
            files.push(entry.path().display().to_string());
        }
    }
}

fn rehearse(store: &Embedded, source: &str, path: &Path) -> Rehearsal {
    let catalog = store.catalog().clone();
    let source = catalog.source(source).expect("a source");
    let options = LoadOptions {
        limit: RejectLimit::Rows(u64::MAX),
        ..LoadOptions::default()
    };
    let found = load::rehearse(store, source, path, &options, &Quiet).expect("a rehearsal");
    assert!(found.rows.balance(), "{found:#?}");
    let json = serde_json::to_string(&found).expect("JSON");
    let again: Rehearsal = serde_json::from_str(&json).expect("a rehearsal");
    assert_eq!(again, found);
    found
}

/// Records by county.
fn counties(store: &Embedded, collection: &str) -> BTreeMap<String, u64> {
    let grouping = Grouping {
        keys: vec![GroupKey::Division {
            field: "".into(),
            digits: 6,
        }],
        measures: Vec::new(),
        limit: 10_000,
    };
    let scope = TimeScope::Present(register::today());
    let view = store.view();
    let groups = view.group(
        collection,
        &Predicate::All,
        scope,
        &grouping,
        Deadline::NONE,
    );
    let groups = groups.expect("groups").into_iter().map(|mut group| {
        let code = group.key.pop().flatten().unwrap_or_default();
        (code.to_string(), group.count)
    });
    groups.collect()
}

fn written(folder: &Path, persons: u64, seed: u64, dirt: Option<f64>) {
    let options = synth::Options {
        persons,
        seed,
        out: folder.to_path_buf(),
        dirt,
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
}

/// A store with a clean city, whose files are beside it.
fn loaded(folder: &Path, persons: u64, seed: u64) -> Embedded {
    let files = folder.join("files");
    written(&files, persons, seed, None);
    let (store, _) = city::open(&folder.join("data"), true);
    for file in synth::FILES {
        city::load(&store, file.source, &files.join(file.file), 0);
    }
    store
}

/// All identity numbers of a city's files, whole or of the first seventeen digits.
fn identity_numbers(files: &Path) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    for file in synth::FILES {
        let bytes = std::fs::read(files.join(file.file)).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        let cells = text.split(|c: char| !c.is_ascii_alphanumeric());
        let is_number = |cell: &&str| {
            cell.len() == 18
                && cell.starts_with("1101")
                && cell[..17].bytes().all(|b| b.is_ascii_digit())
        };
        numbers.extend(cells.filter(is_number).map(|cell| cell[..17].to_string()));
    }
    numbers
}

/// Neither the report nor the page shows any of these numbers.
fn shows_no_number(found: &Rehearsal, numbers: &BTreeSet<String>) {
    let json = serde_json::to_string(found).expect("JSON");
    let page = load::page(found);
    assert!(page.contains("<!DOCTYPE html>") && !page.contains("<script"));
    for text in [json, page] {
        let mut digits = text.split(|c: char| !c.is_ascii_digit());
        let shown = digits.find(|run| run.len() >= 17 && numbers.contains(&run[..17]));
        assert_eq!(shown, None, "{}", found.report.file);
    }
}

/// What a profile says of persons is what the generator does.
fn profile_of_persons(persons: &Rehearsal) {
    let column = |header: &str| {
        let column = persons.columns.iter().find(|one| one.header == header);
        column.unwrap_or_else(|| panic!("no column {header}"))
    };
    let number = column("公民身份号码");
    assert!(number.masked && number.filled == number.cells && number.distinct_exact);
    assert_eq!(number.formats[0].form, "9(18)");
    let sex = column("性别");
    let values: BTreeSet<&str> = sex.top.iter().map(|one| one.value.as_str()).collect();
    assert!(values.contains("男") && values.contains("女"), "{values:?}");
    let born = column("出生日期").spread.as_ref().expect("days");
    assert!(
        born.minimum.as_str() > "1900" && born.maximum.as_str() < "2026",
        "{born:?}"
    );
}

#[test]
fn a_dirty_city_is_rehearsed_without_a_trace_and_then_does_what_was_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    written(&files, 1_500, 21, Some(0.03));
    let numbers = identity_numbers(&files);
    assert!(numbers.len() > 1_000, "{}", numbers.len());
    let (store, _) = city::open(&folder.path().join("data"), true);
    for file in synth::FILES {
        let path = files.join(file.file);
        let before = traces(&store);
        let found = rehearse(&store, file.source, &path);
        assert_eq!(traces(&store), before, "{}", file.file);
        assert_eq!(
            (found.against, found.report.outcome),
            (before.2, Outcome::Rehearsed)
        );
        let again = rehearse(&store, file.source, &path);
        assert!(!again.differs(&found), "{}", file.file);
        assert_eq!(again.columns, found.columns, "{}", file.file);

        shows_no_number(&found, &numbers);

        let report = city::load(&store, file.source, &path, u64::MAX);
        assert_eq!(report.counts, found.report.counts, "{}", file.file);
        assert_eq!(
            (report.ended, report.held, report.skipped, &report.problems),
            (
                found.report.ended,
                found.report.held,
                found.report.skipped,
                &found.report.problems
            ),
            "{}",
            file.file
        );
        let rejected: u64 = found.rejected.iter().map(|one| one.count).sum();
        assert_eq!(rejected, report.problems.values().sum::<u64>());
        if !found.divisions.is_empty() {
            let counties = counties(&store, &report.collection);
            for one in &found.divisions {
                assert_eq!(
                    counties.get(&one.code),
                    Some(&one.after),
                    "{}: {one:?}",
                    file.file
                );
            }
        }
        let held: u64 = found.references.iter().map(|one| one.count).sum();
        assert_eq!(held, report.held, "{}: {:#?}", file.file, found.references);
        // All is known now: the same file would do nothing.
        let after = rehearse(&store, file.source, &path);
        assert_eq!(after.report.outcome, Outcome::Unchanged);
        assert!(
            after.differs(&found) && after.divisions.is_empty(),
            "{}",
            file.file
        );
    }
    let persons = rehearse(&store, "synth-persons", &files.join("persons.csv"));
    profile_of_persons(&persons);
}

/// Rows of a file, its header first, without its byte order mark.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("a file");
    cells(text.trim_start_matches('\u{feff}'))
}

fn write_rows(path: &Path, rows: &[Vec<String>]) {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let lines = rows
        .iter()
        .map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(","));
    let text: Vec<String> = lines.collect();
    std::fs::write(path, text.join("\n") + "\n").expect("a file");
}

fn place(rows: &[Vec<String>], header: &str) -> usize {
    rows[0]
        .iter()
        .position(|one| one == header)
        .expect("a column")
}

#[test]
fn a_file_in_another_coordinate_system_is_pointed_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    written(&files, 12_000, 4, None);
    let (store, _) = city::open(&folder.path().join("data"), true);
    for source in ["synth-divisions", "synth-district-boundaries"] {
        let file = synth::FILES
            .iter()
            .find(|file| file.source == source)
            .expect("a file");
        city::load(&store, source, &files.join(file.file), 0);
    }
    let path = files.join("addresses.csv");
    let sound = rehearse(&store, "synth-addresses", &path)
        .coordinates
        .expect("coordinates");
    assert_eq!(sound.hypothesis, None, "{sound:#?}");
    assert_eq!(
        (sound.inside, sound.declared.as_str()),
        (sound.checked, "CGCS2000")
    );

    let mut moved = rows(&path);
    let (lon, lat) = (place(&moved, "经度"), place(&moved, "纬度"));
    for row in &mut moved[1..] {
        let (Ok(x), Ok(y)) = (row[lon].parse(), row[lat].parse()) else {
            continue;
        };
        let (x, y) = geometry::Crs::Gcj02
            .from_geographic(x, y)
            .expect("in China");
        (row[lon], row[lat]) = (format!("{x:.7}"), format!("{y:.7}"));
    }
    write_rows(&path, &moved);
    let found = rehearse(&store, "synth-addresses", &path)
        .coordinates
        .expect("coordinates");
    let hypothesis = found.hypothesis.as_ref().expect("a hypothesis");
    assert_eq!(hypothesis.crs, "GCJ-02", "{found:#?}");
    assert!(
        hypothesis.inside > hypothesis.inside_as_declared && found.outside > 0,
        "{found:#?}"
    );
}

#[test]
fn changes_are_told_field_by_field_and_counted_as_published() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    let store = loaded(folder.path(), 800, 9);
    let persons = rows(&files.join("persons.csv"));
    let (education, address) = (place(&persons, "文化程度"), place(&persons, "现住址编码"));
    let with: Vec<&Vec<String>> = persons[1..]
        .iter()
        .filter(|row| !row[education].is_empty())
        .collect();
    let elsewhere = &persons[persons.len() - 1][address];
    let mut delta = vec![persons[0].clone()];
    for (n, row) in with.iter().take(40).enumerate() {
        let mut row = (*row).clone();
        match n {
            0..10 => {
                row[education] = if row[education] == "小学" {
                    "初中"
                } else {
                    "小学"
                }
                .to_string()
            }
            10..15 => row[education] = String::new(),
            15..25 => row[address].clone_from(elsewhere),
            _ => {}
        }
        delta.push(row);
    }
    let path = folder.path().join("delta.csv");
    write_rows(&path, &delta);
    let found = rehearse(&store, "synth-persons", &path);
    let of = |name: &str| found.fields.iter().find(|one| one.field == name);
    let one = of("education").expect("a change");
    assert_eq!(
        (one.changed, one.corrected, one.emptied),
        (15, 0, 5),
        "{one:#?}"
    );
    assert_eq!(one.examples.len(), 10);
    let example = &one.examples[0];
    assert_eq!(example.from, Some(register::today().to_string()));
    assert!(
        example.subject.key.contains('*') && example.subject.id.is_some(),
        "{example:?}"
    );
    assert!(
        example.before.is_some() && example.before != example.after,
        "{example:?}"
    );
    assert_eq!(found.rows.corrected, 0);

    let known = counties(&store, "person");
    city::load(&store, "synth-persons", &path, 0);
    let after = counties(&store, "person");
    let moved: BTreeMap<&str, u64> = found
        .divisions
        .iter()
        .map(|one| (one.code.as_str(), one.after))
        .collect();
    for (code, count) in &after {
        let expected = moved.get(code.as_str()).or(known.get(code));
        assert_eq!(expected, Some(count), "{code} {:#?}", found.divisions);
    }
}

/// Before, after, from when, and whether it corrects the past.
type Change<'f> = (Option<&'f str>, Option<&'f str>, Option<&'f str>, bool);

fn examples(found: &Rehearsal) -> Vec<Change<'_>> {
    let changes = found.fields.iter().flat_map(|one| &one.examples);
    changes
        .map(|one| {
            (
                one.before.as_deref(),
                one.after.as_deref(),
                one.from.as_deref(),
                one.corrects,
            )
        })
        .collect()
}

#[test]
fn a_correction_says_that_the_past_was_otherwise() {
    let today = register::today();
    let trial = Trial::new();
    trial.load("plain", "code,name\nA,甲\n");
    let from = today.to_string();
    // From the load's date, whenever that is.
    let found = trial.rehearse("plain", "code,name\nA,乙\n", today);
    assert_eq!(
        examples(&found),
        [(Some("甲"), Some("乙"), Some(from.as_str()), false)]
    );
    let early = Day(today.0 - 100);
    let found = trial.rehearse("plain", "code,name\nA,乙\n", early);
    assert_eq!((found.rows.changed, found.rows.corrected), (1, 0));
    // Days before it of which the department had spoken.
    let found = trial.rehearse("dated", "code,name,from,to\nA,乙,2001-01-01,\n", today);
    assert_eq!(
        examples(&found),
        [(Some("甲"), Some("乙"), Some("2001-01-01"), true)]
    );
    assert_eq!((found.rows.changed, found.rows.corrected), (0, 1));
    // A field of which it had not spoken.
    let found = trial.rehearse(
        "dated",
        "code,name,unit,from,to\nA,甲,元,2001-01-01,\n",
        today,
    );
    assert_eq!(
        examples(&found),
        [(None, Some("元"), Some("2001-01-01"), false)]
    );
    assert_eq!(
        (
            found.rows.changed,
            found.rows.corrected,
            found.fields[0].filled
        ),
        (1, 0, 1)
    );
    // Filling what was empty corrects nothing, taking away a value of the past does.
    trial.load(
        "dated",
        "code,name,unit,from,to\nB,乙,,2001-01-01,\nC,丙,元,2001-01-01,\n",
    );
    let found = trial.rehearse(
        "dated",
        "code,name,unit,from,to\nB,乙,元,2001-01-01,\n",
        today,
    );
    assert_eq!((found.rows.changed, found.rows.corrected), (1, 0));
    let found = trial.rehearse(
        "dated",
        "code,name,unit,from,to\nC,丙,,2001-01-01,\n",
        today,
    );
    assert_eq!((found.rows.changed, found.rows.corrected), (0, 1));
    // An end of days before it.
    let ends = "old,code,name,from,to\nA,,,2001-01-01,\n";
    let found = trial.rehearse("dated-changes", ends, today);
    assert_eq!((found.rows.changed, found.rows.corrected), (0, 1));
    let ends = format!("old,code,name,from,to\nA,,,{today},\n");
    let found = trial.rehearse("dated-changes", &ends, today);
    assert_eq!((found.rows.changed, found.rows.corrected), (1, 0));
}

#[test]
fn what_a_whole_set_lacks_and_what_comes_twice_is_told() {
    let trial = Trial::new();
    let today = register::today();
    trial.load("whole", "code,name\nA,甲\nB,乙\nC,丙\n");
    let found = trial.rehearse("whole", "code,name\nA,甲\n", today);
    let titles: Vec<&str> = found
        .missing
        .examples
        .iter()
        .map(|one| one.title.as_str())
        .collect();
    assert_eq!(
        (found.missing.count, titles, found.report.ended),
        (2, vec!["乙", "丙"], 2)
    );
    let found = trial.rehearse("plain", "code,name\nD,丁\nD,丁\nD,戊\n", today);
    let collisions = &found.collisions;
    assert_eq!(
        (
            collisions.refused,
            collisions.repeated,
            collisions.continued
        ),
        (1, 1, 0)
    );
    assert_eq!(
        (collisions.examples[0].line, collisions.examples[0].earlier),
        (4, 3)
    );
    assert_eq!(found.rejected[0].code, "duplicate-key");
    assert!(
        found.rejected[0].lines[0].text.zh.contains('3'),
        "{:?}",
        found.rejected
    );
}

#[test]
fn a_state_that_moved_matters_where_the_effect_does() {
    let trial = Trial::new();
    let today = register::today();
    trial.load("plain", "code,name\nA,甲\nB,乙\n");
    let file = "code,name\nA,丙\nC,丁\n";
    let first = trial.rehearse("plain", file, today);
    // Another entity: the same effect.
    trial.load("plain", "code,name\nZ,子\n");
    let second = trial.rehearse("plain", file, today);
    assert!(!second.differs(&first));
    assert_eq!(second.against, first.against + 1);
    // The same entity, with another value before.
    trial.load("plain", "code,name\nA,戊\n");
    assert!(trial.rehearse("plain", file, today).differs(&first));
    // Already said.
    trial.load("plain", file);
    let last = trial.rehearse("plain", file, today);
    assert!(last.differs(&first));
    assert_eq!(last.report.outcome, Outcome::Unchanged);
}

/// The check character of an identity number (GB 11643, ISO 7064 MOD 11-2).
fn with_check(first: &str) -> String {
    let weighted = first.bytes().enumerate().map(|(place, digit)| {
        let weight = (0..17 - place).fold(1u32, |weight, _| weight * 2 % 11);
        u32::from(digit - b'0') * weight
    });
    let check = (12 - weighted.sum::<u32>() % 11) % 11;
    let check = char::from_digit(check, 10).unwrap_or('X');
    format!("{first}{check}")
}

#[test]
fn persons_that_may_be_one_are_found_in_the_register() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    let store = loaded(folder.path(), 500, 13);
    let path = folder.path().join("new.csv");
    let persons = rows(&files.join("persons.csv"));
    let number = place(&persons, "公民身份号码");
    let taken: BTreeSet<&str> = persons.iter().map(|row| row[number].as_str()).collect();
    let mut twins = vec![persons[0].clone()];
    for row in persons.iter().skip(1).take(5) {
        // Another number of the same region, day and sex.
        let sequence: u32 = row[number][14..17].parse().expect("digits");
        let mut others = (1..=400).map(|n| {
            let sequence = (sequence + 2 * n) % 1000;
            with_check(&format!("{}{sequence:03}", &row[number][..14]))
        });
        let mut twin = row.clone();
        twin[number] = others
            .find(|one| !taken.contains(one.as_str()))
            .expect("a free number");
        twins.push(twin);
    }
    write_rows(&path, &twins);
    let found = rehearse(&store, "synth-persons", &path);
    assert_eq!(found.rows.inserted, 5, "{:#?}", found.rejected);
    let suspects = &found.suspects[0];
    assert_eq!(
        (suspects.in_register, suspects.in_file, suspects.compared),
        (5, 0, 5),
        "{suspects:#?}"
    );
    let pair = &suspects.register_examples[0];
    assert_eq!(
        (pair.subject.title.as_str(), pair.subject.line),
        (twins[1][place(&persons, "姓名")].as_str(), 2)
    );
    assert!(
        pair.known.id.is_some() && pair.known.key.contains('*'),
        "{pair:?}"
    );
}

#[test]
fn addresses_that_may_be_one_are_found_in_the_file_and_in_the_register() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    let store = loaded(folder.path(), 300, 14);
    let path = folder.path().join("new.csv");
    let addresses = rows(&files.join("addresses.csv"));
    let (code, text) = (place(&addresses, "地址编码"), place(&addresses, "地址全称"));
    let mut doubles = vec![addresses[0].clone()];
    for (n, row) in addresses.iter().skip(1).take(4).enumerate() {
        let mut row = row.clone();
        row[code] = format!("NEW{n}");
        if n < 2 {
            // Full-width digits are the same in normal form.
            let wide = |digit: char| match digit.to_digit(10) {
                Some(value) => char::from_u32(0xff10 + value).expect("a digit"),
                None => digit,
            };
            row[text] = row[text].chars().map(wide).collect();
        } else {
            row[text] = "全新路一号".to_string();
        }
        doubles.push(row);
    }
    write_rows(&path, &doubles);
    let found = rehearse(&store, "synth-addresses", &path);
    let suspects = &found.suspects[0];
    assert_eq!(found.rows.inserted, 4, "{:#?}", found.rejected);
    assert_eq!(
        (suspects.in_register, suspects.in_file),
        (2, 1),
        "{suspects:#?}"
    );
    let pair = &suspects.file_examples[0];
    assert_eq!(
        (pair.subject.line, pair.earlier, pair.subject.key.as_str()),
        (5, 4, "NEW3")
    );
    assert!(!suspects.capped);
}

#[test]
fn a_rehearsal_does_not_wait_for_a_load() {
    let trial = Trial::new();
    trial.load("plain", "code,name\nA,甲\n");
    let started = register::StartedLoad {
        load: "running".to_string(),
        collection: "indicator".to_string(),
        department: "statistics".to_string(),
        source: "plain".to_string(),
        file: "other.csv".to_string(),
    };
    let session = trial
        .store()
        .begin_load(started, register::today())
        .expect("a load");
    let found = trial.rehearse("plain", "code,name\nA,乙\nB,丙\n", register::today());
    assert_eq!((found.rows.inserted, found.rows.changed), (1, 1));
    session.abandon().expect("undone");
}
