//! Who may say what, and what becomes of a statement that is taken back: loads of two departments into
//! indicators, of which one answers for them.

use std::path::Path;
use std::sync::Arc;

use load::{LoadOptions, LoadReport, Outcome, Quiet};
use query::conflicts::{Request, conflicts};
use query::{Context, Limits};
use record::{AsOf, DisputeState, EntityId, StatementKind, Transaction, Value};
use register::{
    DataDirectory, Embedded, LoadEntry, LoadSession, Record, StartedLoad, Store, TimeScope,
};
use schema::Catalog;

use crate::city;

/// A store, and two sources of indicators: `ours` of the responsible department, `theirs` of another.
struct Trial {
    folder: tempfile::TempDir,
    catalog: Arc<Catalog>,
    store: Option<Embedded>,
}

impl Trial {
    fn new() -> Trial {
        let folder = tempfile::tempdir().expect("a folder");
        let schemas = folder.path().join("schemas");
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"),
            &schemas,
        );
        for (name, department) in [("ours", "statistics"), ("theirs", "health")] {
            let text = format!(
                "source = \"{name}\"\nlabel = {{ zh = \"试验\", en = \"Trial\" }}\n\
                 collection = \"indicator\"\ndepartment = \"{department}\"\nformat = \"csv\"\n\
                 [[column]]\nheader = \"code\"\nfield = \"code\"\n\
                 [[column]]\nheader = \"name\"\nfield = \"name\"\n\
                 [[column]]\nheader = \"unit\"\nfield = \"unit\"\noptional = true\n"
            );
            let path = schemas.join(format!("macroeconomy/sources/{name}.toml"));
            std::fs::write(path, text).expect("a mapping");
        }
        let catalog = Arc::new(Catalog::from_dir(&schemas).expect("schemas"));
        let path = folder.path().join("data");
        DataDirectory::create(&path, false).expect("a data directory");
        let mut trial = Trial {
            folder,
            catalog,
            store: None,
        };
        trial.open();
        trial
    }

    fn open(&mut self) {
        let path = self.folder.path().join("data");
        let directory = DataDirectory::open(&path).expect("a data directory");
        let opened = Embedded::open(
            directory,
            self.catalog.clone(),
            city::registers(),
            &|_, _, _| {},
        );
        self.store = Some(opened.expect("a store").0);
    }

    /// The ledger's word against the index as it is, and built anew.
    fn check(&mut self) {
        for round in 0..2 {
            let verification = self.store().verify(&|_, _, _| {}).expect("verified");
            assert!(verification.is_clean(), "{round}: {verification:#?}");
            drop(self.store.take());
            let path = self.folder.path().join("data");
            let directory = DataDirectory::open(&path).expect("a data directory");
            Embedded::forget_index(&directory).expect("no index");
            self.open();
        }
    }

    fn store(&self) -> &Embedded {
        self.store.as_ref().expect("it is open")
    }

    fn load(&self, source: &str, text: &str) -> LoadReport {
        let file = self.folder.path().join("file.csv");
        std::fs::write(&file, text).expect("a file");
        let source = self.catalog.source(source).expect("a source");
        let options = LoadOptions::default();
        load::load(self.store(), source, &file, &options, &Quiet).expect("a load")
    }

    fn session(&self, load: &str) -> LoadSession<'_> {
        let started = StartedLoad {
            load: load.to_string(),
            collection: "indicator".to_string(),
            department: "statistics".to_string(),
            source: "ours".to_string(),
            file: String::new(),
        };
        self.store()
            .begin_load(started, register::today())
            .expect("a session")
    }

    fn record(&self, code: &str, known: Option<Transaction>) -> Option<Record> {
        let view = self.store().view();
        let time = match known {
            None => TimeScope::Present(register::today()),
            Some(known) => TimeScope::At(AsOf {
                valid: register::today(),
                known,
            }),
        };
        let found = view.lookup("indicator", &[Value::text(code)], time);
        found.expect("a look-up")
    }

    fn body(&self, code: &str, known: Option<Transaction>) -> serde_json::Value {
        let record = self.record(code, known);
        record.map_or(serde_json::Value::Null, |record| {
            serde_json::from_str(&record.body).expect("JSON")
        })
    }
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

#[test]
fn who_does_not_answer_for_a_field_overwrites_nothing() {
    let mut trial = Trial::new();
    let report = trial.load("theirs", "code,name,unit\nA,甲,人\nB,丁,\n");
    assert_eq!(report.outcome, Outcome::Published);
    let noted: Vec<(&str, u64)> = report
        .not_responsible
        .iter()
        .map(|(field, count)| (field.as_str(), *count))
        .collect();
    assert_eq!(noted, [("name", 2), ("unit", 1)]);
    let notices = std::fs::read_to_string(report.notices.expect("notices")).expect("a table");
    assert_eq!(notices.lines().count(), 4, "{notices}");
    assert!(notices.contains("\r\n2,"), "{notices}");
    assert!(
        notices.contains("not-responsible") && notices.contains("统计局"),
        "{notices}"
    );
    // While nobody else speaks, theirs is what there is.
    assert_eq!(trial.body("A", None)["properties"]["name"], "甲");

    let report = trial.load("ours", "code,name,unit\nA,乙,人\n");
    assert!(report.not_responsible.is_empty() && report.notices.is_none());
    for (name, lost) in [("甲", "甲"), ("丙", "丙")] {
        let report = trial.load("theirs", &format!("code,name,unit\nA,{name},人\n"));
        assert_eq!(report.counts.rejected, 0);
        let body = trial.body("A", None);
        assert_eq!(body["properties"]["name"], "乙", "{body}");
        assert_eq!(body["conflicts"]["name"][0]["department"], "health");
        assert_eq!(body["conflicts"]["name"][0]["value"], lost, "{body}");
        assert!(
            body["conflicts"].get("unit").is_none(),
            "they agree: {body}"
        );
    }

    let context = Context::new(trial.store(), Limits::default());
    let asked = |field: &str| {
        let request = Request {
            field: Some(field.to_string()),
            ..Request::default()
        };
        conflicts(&context, "indicator", &request).expect("conflicts")
    };
    let page = asked("name");
    let all = serde_json::to_value(&page.all).expect("JSON");
    assert_eq!(page.records.matched, 1);
    assert_eq!(all[0]["value"], "乙", "{all}");
    assert_eq!(all[0]["competing"][0]["value"], "丙", "{all}");
    assert_eq!(
        all[0]["competing"][0]["departmentLabel"]["zh"],
        "卫生健康委员会"
    );
    assert_eq!(asked("unit").records.matched, 0);
    drop(context);

    let listed = query::responsibility::list(trial.store(), register::today()).expect("a list");
    let indicator = listed.iter().find(|one| one.collection == "indicator");
    let indicator = indicator.expect("it is listed");
    assert!(indicator.duty.last_published.is_some() && !indicator.duty.overdue);
    let place = listed
        .iter()
        .find(|one| one.collection == "place")
        .expect("it is listed");
    assert!(place.duty.overdue && place.duty.last_published.is_none());
    trial.check();
}

#[test]
fn what_was_withdrawn_is_news_when_it_comes_again() {
    let mut trial = Trial::new();
    let file = "code,name\nA,甲\n";
    let first = trial.load("ours", file).transaction.expect("published");
    let before = trial.record("A", None).expect("a record");
    let said = trial
        .store()
        .view()
        .statements("indicator", before.id)
        .expect("statements");
    assert_eq!(said.len(), 1);

    let mut session = trial.session("taken-back");
    session
        .retract(before.id.number(), said[0].position)
        .expect("withdrawn");
    assert!(
        session
            .retract(before.id.number(), said[0].position)
            .is_err(),
        "only once"
    );
    let gone = session.publish(LoadEntry::default()).expect("published");
    assert_eq!(trial.record("A", None), None);
    let known = Some(Transaction(first));
    assert_eq!(trial.body("A", known)["properties"]["name"], "甲");

    let report = trial.load("ours", file);
    assert_eq!(
        (report.outcome, report.counts.changed),
        (Outcome::Published, 1)
    );
    let after = trial.record("A", None).expect("a record");
    assert_eq!((after.id, after.validity), (before.id, before.validity));
    assert_eq!(trial.record("A", Some(gone)), None);
    assert_eq!(trial.load("ours", file).outcome, Outcome::Unchanged);
    trial.check();
    assert_eq!(trial.record("A", Some(gone)), None);
    assert_eq!(
        trial.record("A", None).map(|record| record.id),
        Some(before.id)
    );
}

#[test]
fn a_merged_entity_leads_on_and_comes_back() {
    let mut trial = Trial::new();
    trial.load("ours", "code,name,unit\nA,甲,人\n");
    trial.load("ours", "code,name\nB,乙\n");
    let ids: Vec<EntityId> = ["A", "B"]
        .iter()
        .map(|code| trial.record(code, None).expect("a record").id)
        .collect();
    let mut session = trial.session("merged");
    session
        .merge(ids[0].number(), ids[1].number())
        .expect("merged");
    let back = session.merge(ids[1].number(), ids[0].number());
    assert!(back.is_err(), "no circles");
    let merged = session.publish(LoadEntry::default()).expect("published");
    assert_eq!(
        trial.record("A", None).map(|record| record.id),
        Some(ids[1])
    );
    let body = trial.body("B", None);
    assert_eq!(
        body["properties"]["unit"], "人",
        "it says what the other said: {body}"
    );
    assert_eq!(body["properties"]["code"], "B", "the key is its own");
    assert_eq!(body["conflicts"]["name"][0]["value"], "甲");
    let view = trial.store().view();
    let successor = |known| {
        view.successor("indicator", ids[0], known)
            .expect("an answer")
    };
    assert_eq!(successor(merged), Some(ids[1]));
    assert_eq!(successor(Transaction(merged.0 - 1)), None);
    drop(view);

    // A row with the one's key speaks of it, and shows in the other.
    trial.load("ours", "code,name,unit\nA,甲,户\n");
    assert_eq!(trial.body("B", None)["properties"]["unit"], "户");
    trial.check();

    let said = trial
        .store()
        .view()
        .statements("indicator", ids[0])
        .expect("statements");
    let merge = said
        .iter()
        .find(|one| matches!(one.statement.kind, StatementKind::Merge { .. }));
    let mut session = trial.session("parted");
    let position = merge.expect("the merge").position;
    session
        .retract(ids[0].number(), position)
        .expect("withdrawn");
    session.publish(LoadEntry::default()).expect("published");
    assert_eq!(trial.body("A", None)["properties"]["unit"], "户");
    assert!(trial.body("B", None)["properties"].get("unit").is_none());
    trial.check();
}

#[test]
fn a_split_gives_what_is_chosen_to_a_new_entity_and_a_doubt_shows() {
    let mut trial = Trial::new();
    trial.load("ours", "code,name\nA,甲\n");
    trial.load("theirs", "code,name\nA,乙\n");
    let id = trial.record("A", None).expect("a record").id;
    let said = trial
        .store()
        .view()
        .statements("indicator", id)
        .expect("statements");
    let mut session = trial.session("split");
    assert!(session.split(id.number(), &[]).is_err(), "of nothing");
    let number = session
        .split(id.number(), &[said[1].position])
        .expect("split");
    session
        .dispute(id.number(), "name", DisputeState::Raised, "电话核实")
        .expect("doubted");
    let verify = session.dispute(id.number(), "unit", DisputeState::Verified, "");
    assert!(verify.is_err(), "nobody doubts it");
    session.publish(LoadEntry::default()).expect("published");
    let body = trial.body("A", None);
    assert!(body.get("conflicts").is_none(), "{body}");
    assert_eq!(body["disputes"]["name"]["state"], "raised", "{body}");
    assert_eq!(body["disputes"]["name"]["by"], "statistics");
    let other = EntityId::new(id.register(), number).expect("small");
    let today = TimeScope::Present(register::today());
    let found = trial.store().view().read("indicator", other, today);
    let found = found.expect("an answer").expect("a record");
    assert!(
        found.body.contains("乙") && !found.body.contains("\"code\""),
        "{}",
        found.body
    );

    let mut session = trial.session("looked-into");
    session
        .dispute(id.number(), "name", DisputeState::Verified, "")
        .expect("verified");
    session.publish(LoadEntry::default()).expect("published");
    assert_eq!(
        trial.body("A", None)["disputes"]["name"]["state"],
        "verified"
    );
    // What was verified was the value of then.
    trial.load("ours", "code,name\nA,丙\n");
    assert!(trial.body("A", None).get("disputes").is_none());
    trial.check();
}
