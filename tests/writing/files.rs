//! What files make of the same: rows that come late, and rows and calls that say the same.

use std::sync::Arc;
use std::time::Duration;

use load::{Call, Clerk, Expected, LoadOptions, Outcome, Quiet, Verb};
use register::{Embedded, Store};
use serde_json::{Value, json};

use crate::city;

/// A dated mapping of indicators, besides those of `schemas/`.
const DATED: &str = "source = \"dated\"\nlabel = { zh = \"试验\", en = \"Trial\" }\n\
    collection = \"indicator\"\ndepartment = \"statistics\"\nformat = \"csv\"\n\
    [validity]\nfrom = \"from\"\n\
    [[column]]\nheader = \"code\"\nfield = \"code\"\n\
    [[column]]\nheader = \"name\"\nfield = \"name\"\noptional = true\n\
    [[column]]\nheader = \"unit\"\nfield = \"unit\"\noptional = true\n";

/// A store whose schemas have the dated mapping too.
fn with_mapping(folder: &std::path::Path) -> Embedded {
    let schemas = folder.join("schemas");
    crate::desk::copy(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"),
        &schemas,
    );
    std::fs::write(schemas.join("macroeconomy/sources/dated.toml"), DATED).expect("a mapping");
    let catalog = Arc::new(schema::Catalog::from_dir(&schemas).expect("schemas"));
    let directory =
        register::DataDirectory::create(&folder.join("data"), true).expect("a data directory");
    Embedded::open(directory, catalog, city::registers(), &|_, _, _| {})
        .expect("a store")
        .0
}

fn load_text(store: &Embedded, folder: &std::path::Path, text: &str) -> load::LoadReport {
    let path = folder.join("file.csv");
    std::fs::write(&path, text).expect("a file");
    let catalog = store.catalog().clone();
    let source = catalog.source("dated").expect("a source");
    load::load(store, source, &path, &LoadOptions::default(), &Quiet).expect("a load")
}

#[test]
fn a_file_that_comes_late_leaves_what_begins_later_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = with_mapping(folder.path());
    let load = |text: &str| load_text(&store, folder.path(), text);
    load("code,name,unit,from\nP1,人口,人,2015\n");
    load("code,unit,from\nP1,户,2021\n");
    let late = "code,unit,from\nP1,万人,2019\n";
    assert_eq!(load(late).counts.changed, 1);
    let clean = store.verify(&|_, _, _| {}).expect("a verification");
    assert!(clean.is_clean(), "{clean:#?}");
    let on = |day: &str| {
        let time = register::TimeScope::At(record::AsOf {
            valid: day.parse().expect("a day"),
            known: store.view().transaction(),
        });
        let found = store
            .view()
            .lookup("indicator", &[record::Value::text("P1")], time);
        let body: Value =
            serde_json::from_str(&found.expect("an answer").expect("a record").body).expect("JSON");
        // A file of few columns leaves the others as they are.
        assert_eq!(body["properties"]["name"], "人口");
        body["properties"]["unit"].clone()
    };
    for (day, unit) in [
        ("2018-12-31", "人"),
        ("2019-01-01", "万人"),
        ("2020-12-31", "万人"),
        ("2021-01-01", "户"),
        ("2100-01-01", "户"),
    ] {
        assert_eq!(on(day), unit, "{day}");
    }
    // The late file once more says nothing new, and neither does the earlier one.
    let again = load(late);
    assert_eq!(
        (again.outcome, again.counts.unchanged),
        (Outcome::Unchanged, 1)
    );
    assert_eq!(load("code,unit,from\nP1,户,2021\n").counts.unchanged, 1);
}

#[test]
fn a_record_by_a_call_is_the_record_of_a_row() {
    let folders = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    let files = folders[0].path().join("files");
    let options = synth::Options {
        persons: 40,
        seed: 7,
        out: files.clone(),
        dirt: None,
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
    let [by_file, by_call] =
        [0, 1].map(|place: usize| city::open(&folders[place].path().join("data"), true).0);
    let clerk = Clerk::open(by_call.clone()).expect("a clerk");
    for file in synth::FILES {
        city::load(&by_file, file.source, &files.join(file.file), 0);
        let source = by_file
            .catalog()
            .source(file.source)
            .expect("a source")
            .clone();
        let collection = source.collection.clone();
        let is_written = matches!(
            collection.name.as_str(),
            "person" | "organization" | "place"
        );
        if is_written {
            write_all(&clerk, &by_file, &collection, &source.department);
        } else {
            city::load(&by_call, file.source, &files.join(file.file), 0);
        }
        if is_written {
            let report = city::load(&by_call, file.source, &files.join(file.file), 0);
            assert_eq!(report.counts.unchanged, report.counts.read, "{report:?}");
        }
    }
    for name in ["person", "organization", "place"] {
        let bodies = [&by_file, &by_call].map(|store| bodies(store, name));
        assert!(!bodies[0].is_empty());
        assert_eq!(bodies[0], bodies[1]);
    }
}

/// The records of a collection, by natural key; references by the key of what they lead to.
fn bodies(store: &Embedded, collection: &str) -> std::collections::BTreeMap<String, Value> {
    let schema = store
        .catalog()
        .collection(collection)
        .expect("a collection")
        .clone();
    let search = register::Search {
        predicate: &record::Predicate::All,
        time: register::TimeScope::Present(register::today()),
        sort: &[],
        after: None,
        limit: 10_000,
        deadline: register::Deadline::NONE,
    };
    let view = store.view();
    let page = view.search(collection, &search).expect("a page");
    let key = schema.single_key().expect("one key").name.clone();
    let by_key = page.records.iter().map(|record| {
        let mut body: Value = serde_json::from_str(&record.body).expect("JSON");
        for field in &schema.fields {
            let Some(target) = field.target() else {
                continue;
            };
            let named = &mut body["properties"][field.name.as_str()];
            if let Some(id) = named.as_str().and_then(|id| id.parse().ok()) {
                *named = key_of_target(store, target, id);
            }
        }
        (body["properties"][key.as_str()].to_string(), body)
    });
    by_key.collect()
}

fn key_of_target(store: &Embedded, target: &str, id: record::EntityId) -> Value {
    let schema = store
        .catalog()
        .collection(target)
        .expect("a collection")
        .clone();
    let found = store.view().read(target, id, register::TimeScope::All);
    let body: Value =
        serde_json::from_str(&found.expect("an answer").expect("a record").body).expect("JSON");
    body["properties"][schema.single_key().expect("one key").name.as_str()].clone()
}

/// Says by calls what another store holds.
fn write_all(clerk: &Clerk, from: &Embedded, collection: &schema::Collection, department: &str) {
    for body in bodies(from, &collection.name).into_values() {
        let mut feature = json!({ "properties": {} });
        for field in collection.fields.iter().filter(|field| field.is_given()) {
            if Some(field.number) == collection.location {
                feature["geometry"] = body["geometry"].clone();
                continue;
            }
            let name = field.name.as_str();
            let held = body["held"][name].as_array().and_then(|keys| keys.first());
            let value = held
                .cloned()
                .unwrap_or_else(|| body["properties"][name].clone());
            if !value.is_null() {
                feature["properties"][name] = value;
            }
        }
        let call = Call {
            verb: Verb::Create,
            collection: collection.name.clone(),
            id: None,
            department: Some(department.to_string()),
            body: feature.to_string().into_bytes(),
            expected: Expected::Unsaid,
            key: None,
        };
        let written = clerk.write(&call, Duration::from_secs(5));
        written.unwrap_or_else(|error| panic!("{feature}: {error:?}"));
    }
}
