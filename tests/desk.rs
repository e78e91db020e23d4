//! What becomes of rows, loaded through mappings of every kind into indicators.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use load::{LoadOptions, LoadReport, Outcome, Quiet, Rehearsal, RejectLimit};
use record::{AsOf, Day, Value};
use register::{DataDirectory, Embedded, Opening, Store, TimeScope};
use schema::Catalog;

use crate::city;

/// Mappings: name, what stands before the first table, what follows.
const MAPPINGS: [(&str, &str, &str); 6] = [
    ("plain", "", ""),
    ("whole", "scope = \"whole\"", ""),
    ("as-of", "", "[validity]\nfirst = \"as-of\"\n"),
    ("dated", "", "[validity]\nfrom = \"from\"\nto = \"to\"\n"),
    (
        "dated-changes",
        "duplicates = \"later-wins\"",
        "[validity]\nfrom = \"from\"\nto = \"to\"\n[ends]\ncolumn = \"old\"\n",
    ),
    ("bars", "delimiter = \"|\"\nencoding = \"gb18030\"", ""),
];

/// A store with these mappings, in a folder of its own.
pub struct Trial {
    folder: tempfile::TempDir,
    catalog: Arc<Catalog>,
    store: Option<Embedded>,
}

impl Trial {
    /// An empty one.
    pub fn new() -> Trial {
        let folder = tempfile::tempdir().expect("a folder");
        let schemas = folder.path().join("schemas");
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"),
            &schemas,
        );
        for (name, before, after) in MAPPINGS {
            let text = format!(
                "source = \"{name}\"\nlabel = {{ zh = \"试验\", en = \"Trial\" }}\n\
                 collection = \"indicator\"\ndepartment = \"statistics\"\nformat = \"csv\"\n{before}\n{after}\
                 [[column]]\nheader = \"code\"\nfield = \"code\"\n\
                 [[column]]\nheader = \"name\"\nfield = \"name\"\n\
                 [[column]]\nheader = \"unit\"\nfield = \"unit\"\noptional = true\n\
                 [[column]]\nheader = \"frequency\"\nfield = \"frequency\"\noptional = true\n"
            );
            let path = schemas.join(format!("macroeconomy/sources/{name}.toml"));
            std::fs::write(path, text).expect("a mapping");
        }
        let catalog = Arc::new(Catalog::from_dir(&schemas).expect("schemas"));
        let directory =
            DataDirectory::create(&folder.path().join("data"), false).expect("a data directory");
        let (store, _) = opened(directory, &catalog);
        Trial {
            folder,
            catalog,
            store: Some(store),
        }
    }

    /// The store.
    pub fn store(&self) -> &Embedded {
        self.store.as_ref().expect("it is open")
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("file.csv")
    }

    /// Loads a text as of today.
    pub fn load(&self, source: &str, text: &str) -> LoadReport {
        self.load_bytes(source, text.as_bytes(), register::today())
    }

    fn load_again(&self, source: &str) -> LoadReport {
        let bytes = std::fs::read(self.file()).expect("the file");
        self.load_bytes(source, &bytes, register::today())
    }

    /// Rehearses the load of a text.
    pub fn rehearse(&self, source: &str, text: &str, as_of: Day) -> Rehearsal {
        std::fs::write(self.file(), text).expect("a file");
        let options = LoadOptions {
            limit: RejectLimit::Percent(100.0),
            as_of,
            ..LoadOptions::default()
        };
        let source = self.catalog.source(source).expect("a source");
        let found = load::rehearse(self.store(), source, &self.file(), &options, &Quiet);
        let found = found.expect("a rehearsal");
        assert!(found.rows.balance(), "{found:#?}");
        found
    }

    fn load_bytes(&self, source: &str, bytes: &[u8], as_of: Day) -> LoadReport {
        std::fs::write(self.file(), bytes).expect("a file");
        let options = LoadOptions {
            limit: RejectLimit::Percent(100.0),
            as_of,
            ..LoadOptions::default()
        };
        let source = self.catalog.source(source).expect("a source");
        let report =
            load::load(self.store(), source, &self.file(), &options, &Quiet).expect("a load");
        assert!(report.counts.balance(), "{report:?}");
        let verification = self.store().verify(&|_, _, _| {}).expect("a verification");
        assert!(verification.is_clean(), "{verification:#?}");
        report
    }

    /// Builds the index anew.
    fn reindex(&mut self) {
        drop(self.store.take());
        let directory = || DataDirectory::open(&self.folder.path().join("data")).expect("it");
        Embedded::forget_index(&directory()).expect("no index");
        self.store = Some(opened(directory(), &self.catalog).0);
    }

    /// The id and name of an indicator on a day.
    fn on(&self, code: &str, day: Day) -> Option<(String, String)> {
        let view = self.store().view();
        let known = view.transaction();
        let time = TimeScope::At(AsOf { valid: day, known });
        let found = view.lookup("indicator", &[Value::text(code)], time);
        let record = found.expect("a look-up")?;
        let body: serde_json::Value = serde_json::from_str(&record.body).expect("JSON");
        let name = body["properties"]["name"].as_str().expect("a name");
        Some((record.id.to_string(), name.to_string()))
    }

    fn name(&self, code: &str) -> Option<String> {
        self.on(code, register::today()).map(|(_, name)| name)
    }
}

fn opened(directory: DataDirectory, catalog: &Arc<Catalog>) -> (Embedded, Opening) {
    Embedded::open(directory, catalog.clone(), city::registers(), &|_, _, _| {}).expect("a store")
}

pub fn copy(from: &Path, to: &Path) {
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

/// Inserted, changed, unchanged, rejected.
fn counts(report: &LoadReport) -> [u64; 4] {
    let counts = report.counts;
    [
        counts.inserted,
        counts.changed,
        counts.unchanged,
        counts.rejected,
    ]
}

#[test]
fn a_refused_row_does_not_end_its_entity() {
    let trial = Trial::new();
    trial.load("whole", "code,name,frequency\nA,甲,\nB,乙,\nC,丙,\n");
    // B's row has a mistake, C is gone.
    let report = trial.load("whole", "code,name,frequency\nA,甲,\nB,乙,often\n");
    assert_eq!((counts(&report), report.ended), ([0, 0, 1, 1], 1));
    assert_eq!(trial.name("B").as_deref(), Some("乙"));
    assert_eq!(trial.name("C"), None);
    assert!(!report.ends_withheld, "{report:?}");
}

#[test]
fn rows_of_nobody_knows_whom_withhold_all_endings() {
    for row in ["B,乙", "\"B,乙,", ",乙,", "B\u{1},乙,"] {
        let trial = Trial::new();
        trial.load("whole", "code,name,frequency\nA,甲,\nB,乙,\n");
        let report = trial.load("whole", &format!("code,name,frequency\nA,甲,\n{row}\n"));
        assert_eq!((counts(&report), report.ended), ([0, 0, 1, 1], 0), "{row}");
        assert!(report.ends_withheld, "{report:?}");
        assert_eq!(trial.name("B").as_deref(), Some("乙"));
    }
}

#[test]
fn a_refused_row_ends_nobody() {
    let trial = Trial::new();
    trial.load("plain", "code,name\nA,甲\n");
    let report = trial.load("dated-changes", "old,code,name,from,to\nA,B,,,\n");
    assert_eq!((counts(&report), report.ended), ([0, 0, 0, 1], 0));
    assert_eq!(trial.name("A").as_deref(), Some("甲"));
}

#[test]
fn what_a_row_ended_can_be_said_again_in_the_same_file() {
    let trial = Trial::new();
    trial.load("plain", "code,name\nA,甲\nB,乙\n");
    let report = trial.load(
        "dated-changes",
        "old,code,name,from,to\nA,B,乙,,\n,A,甲,,\n",
    );
    assert_eq!(counts(&report), [0, 2, 0, 0], "{report:?}");
    assert_eq!(trial.name("A").as_deref(), Some("甲"));
}

#[test]
fn rows_said_twice_say_nothing_new() {
    for source in ["plain", "as-of"] {
        let trial = Trial::new();
        let report = trial.load(source, "code,name\nA,甲\nA,甲\nA,乙\n");
        assert_eq!(counts(&report), [1, 0, 1, 1], "{source}");
        let report = trial.load(source, "code,name\nA,乙\nA,乙\nA,甲\n");
        assert_eq!(counts(&report), [0, 1, 1, 1], "{source}");
        assert_eq!(trial.name("A").as_deref(), Some("乙"));
    }
}

#[test]
fn rows_of_one_key_must_hold_apart() {
    let trial = Trial::new();
    let report = trial.load(
        "dated",
        "code,name,from,to\nA,甲,2001-01-01,2010-01-01\nA,乙,2010-01-01,\nA,丙,2009-01-01,2009-02-01\n\
         A,丁,2000-01-01,2001-01-01\nA,乙,2010-01-01,\n",
    );
    assert_eq!(counts(&report), [1, 2, 1, 1], "{report:?}");
    assert_eq!(report.problems.get("duplicate-key"), Some(&1));
    let report = trial.load_again("dated");
    assert_eq!(counts(&report), [0, 0, 4, 1], "{report:?}");
}

#[test]
fn today_counts_and_not_what_was_said_of_the_future() {
    let today = register::today();
    let trial = Trial::new();
    trial.load("plain", "code,name\nA,甲\n");
    trial.load_bytes("plain", "code,name\nA,乙\n".as_bytes(), Day(today.0 + 100));
    assert_eq!(trial.name("A").as_deref(), Some("甲"));
    let report = trial.load("plain", "code,name\nA,乙\n");
    assert_eq!(counts(&report), [0, 1, 0, 0], "{report:?}");
    assert_eq!(trial.name("A").as_deref(), Some("乙"));
    let report = trial.load("plain", "code,name\nA,乙\n");
    assert_eq!(counts(&report), [0, 0, 1, 0], "{report:?}");
    // And so for a load that is late.
    let report = trial.load_bytes("plain", "code,name\nA,乙\n".as_bytes(), Day(today.0 - 100));
    assert_eq!(counts(&report), [0, 1, 0, 0], "{report:?}");
    assert_eq!(
        trial
            .on("A", Day(today.0 - 50))
            .map(|found| found.1)
            .as_deref(),
        Some("乙")
    );
}

#[test]
fn an_emptied_cell_says_nothing_of_the_past() {
    let trial = Trial::new();
    let unit = |day: Day| {
        let view = trial.store().view();
        let known = view.transaction();
        let time = TimeScope::At(AsOf { valid: day, known });
        let found = view.lookup("indicator", &[Value::text("A")], time);
        let record = found.expect("a look-up").expect("a record");
        let body: serde_json::Value = serde_json::from_str(&record.body).expect("JSON");
        body["properties"]["unit"].as_str().map(String::from)
    };
    let today = register::today();
    trial.load("plain", "code,name,unit\nA,甲,元\n");
    trial.load("plain", "code,name,unit\nA,甲,\n");
    assert_eq!(unit(today), None);
    assert_eq!(unit(Day(today.0 - 1)).as_deref(), Some("元"));
    // What was empty and is filled holds from then on, too.
    trial.load("plain", "code,name,unit\nB,乙,\n");
    let report = trial.load("plain", "code,name,unit\nB,乙,元\n");
    assert_eq!(counts(&report), [0, 1, 0, 0], "{report:?}");
}

#[test]
fn an_entity_ended_as_soon_as_it_began_keeps_its_number() {
    for reindexed in [false, true] {
        let mut trial = Trial::new();
        let report = trial.load(
            "dated-changes",
            "old,code,name,from,to\n,A,甲,2001-01-01,\n,B,乙,2001-01-01,\nB,,,2001-01-01,\n",
        );
        assert_eq!(counts(&report), [2, 1, 0, 0], "{report:?}");
        assert_eq!(trial.name("B"), None);
        // Once more, without a trace again.
        let again = "old,code,name,from,to\n,B,丙,2002-01-01,\nB,,,2001-01-01,\n";
        let report = trial.load("dated-changes", again);
        assert_eq!(counts(&report), [0, 2, 0, 0], "{report:?}");
        if reindexed {
            trial.reindex();
        }
        let report = trial.load("plain", "code,name\nB,乙\nC,丙\n");
        assert_eq!(counts(&report), [1, 1, 0, 0], "{report:?}");
        let id = |code: &str| {
            let (id, _) = trial.on(code, register::today()).expect("it");
            id.parse::<record::EntityId>().expect("an id").number()
        };
        assert_eq!([id("A"), id("B"), id("C")], [1, 2, 3]);
        let (id, _) = trial.on("B", register::today()).expect("it");
        let id = id.parse().expect("an id");
        let said = trial.store().view().statements("indicator", id);
        assert_eq!(said.expect("statements").len(), 5);
    }
}

#[test]
fn rejects_sent_back_and_refused_again_can_be_sent_back_again() {
    let trial = Trial::new();
    let mut text = "code,name,frequency\nA,\"甲\n\"\"一\"\"\",often\nB,乙,never,\n".to_string();
    let mut columns = None;
    for _ in 0..3 {
        let report = trial.load("plain", &text);
        assert_eq!(counts(&report), [0, 0, 0, 2], "{report:?}");
        text = std::fs::read_to_string(report.rejects.expect("rejects")).expect("rejects");
        let header = text.lines().next().expect("a header").to_string();
        assert_eq!(*columns.get_or_insert(header.clone()), header);
    }
    let rows = crate::dirt::cells(&text);
    assert_eq!(rows[1][..3], ["A", "甲\n\"一\"", "often"]);
    assert_eq!(rows[2][..3], ["B", "乙", "never,"]);
    let mended = text.replace("often", "A").replace("\"never,\"", "A");
    let report = trial.load("plain", &mended);
    assert_eq!(counts(&report), [2, 0, 0, 0], "{report:?}");
}

#[test]
fn damaged_rows_keep_characters_that_hold_the_delimiter() {
    let trial = Trial::new();
    // 亅 holds the byte of the bar in GB18030.
    let wide = encoding_rs::GB18030
        .encode("code|name\n亅亅|甲|x\n")
        .0
        .into_owned();
    assert_eq!(wide.iter().filter(|byte| **byte == b'|').count(), 5);
    let report = trial.load_bytes("bars", &wide, register::today());
    let out = std::fs::read(report.rejects.expect("rejects")).expect("rejects");
    let (text, _, damaged) = encoding_rs::GB18030.decode(&out);
    assert!(!damaged);
    assert!(text.contains("\"亅亅\"|\"甲|x\"|2|"), "{text}");
}

#[test]
fn the_notice_of_an_unfinished_load_stays_until_it_is_told() {
    let trial = Trial::new();
    let started = register::StartedLoad {
        load: "one".to_string(),
        collection: "indicator".to_string(),
        department: "statistics".to_string(),
        source: "plain".to_string(),
        file: "file.csv".to_string(),
    };
    let saved = trial.folder.path().join("saved");
    let session = trial
        .store()
        .begin_load(started, register::today())
        .expect("a load");
    copy(&trial.folder.path().join("data"), &saved);
    session.abandon().expect("undone");
    let open = || opened(DataDirectory::open(&saved).expect("it"), &trial.catalog);
    // The first two are killed before they have told anybody.
    for _ in 0..2 {
        assert_eq!(open().1.unfinished.len(), 1);
    }
    let (store, opening) = open();
    store.told(&opening).expect("noted");
    drop(store);
    assert!(open().1.unfinished.is_empty());
}

#[test]
fn a_file_that_says_nothing_publishes_nothing() {
    let trial = Trial::new();
    let report = trial.load("plain", "code,name\n");
    assert_eq!(report.outcome, Outcome::Unchanged);
}

/// So many changes are composed by several threads: what comes of them is what one would make of them,
/// in the load, and when the index is built again.
#[test]
fn many_changed_records_are_composed_like_few() {
    const ROWS: usize = 6_000;
    let mut trial = Trial::new();
    let file = |name: &str| {
        let rows = (0..ROWS).map(|number| format!("C{number},{name}{number}\n"));
        "code,name\n".to_string() + &rows.collect::<String>()
    };
    trial.load("as-of", &file("old"));
    let report = trial.load("as-of", &file("new"));
    assert_eq!(report.counts.changed, ROWS as u64);
    let names = |trial: &Trial| {
        let on = |number: usize| trial.on(&format!("C{number}"), register::today());
        (0..ROWS).step_by(97).map(on).collect::<Vec<_>>()
    };
    let before = names(&trial);
    for (found, number) in before.iter().zip((0..ROWS).step_by(97)) {
        assert_eq!(
            found.as_ref().map(|(_, name)| name.clone()),
            Some(format!("new{number}"))
        );
    }
    trial.reindex();
    assert_eq!(names(&trial), before);
    let verification = trial.store().verify(&|_, _, _| {}).expect("a verification");
    assert!(verification.is_clean(), "{verification:#?}");
}
