//! The examples of CQL2 (fixtures/cql2): every one is read, both encodings mean the same, and those
//! that can be asked of the city find what the naive evaluator finds. The fields they name give way to
//! fields of the city that have the type an example needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use query::filter::{self, Condition, FilterCrs, Setting};
use query::value::NoReferences;
use register::{Store, TimeScope};
use schema::Catalog;
use serde_json::{Value as Json, json};

use super::City;
use super::naive::Rows;

/// Fields by which an example's may be replaced: of each type one at least.
const STAND_INS: [(&str, &[&str]); 2] = [
    ("building", &["name", "floors", "completed", "footprint"]),
    (
        "organization",
        &[
            "name",
            "registeredCapital",
            "founded",
            "formerNames",
            "location",
            "statusDate",
        ],
    ),
];

/// Examples that no assignment of fields makes answerable, and why.
const UNANSWERABLE: [(&str, &str); 14] = [
    (
        "clause6_01",
        "a value alone, of a function that is not known: avg",
    ),
    ("clause6_02b", "a function that is not known: avg"),
    ("clause7_18", "a function that is not known: Buffer"),
    (
        "example14",
        "no collection has a field that is true or false",
    ),
    ("example15", "the same"),
    ("example16", "the same"),
    ("example17", "the same"),
    ("example18", "the same"),
    ("example46", "the polygon crosses itself"),
    (
        "example49",
        "the polygon's second ring is not inside the first",
    ),
    ("example68", "a function that is not known: Foo"),
    ("example69", "a function that is not known: Bar"),
    (
        "example81",
        "a list of values of several types, which no field has",
    ),
    ("example82", "the same"),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures/cql2")
        .join(name)
}

fn files(name: &str) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder(name)).expect("the examples");
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// The names of properties in an expression.
fn names(expression: &Json, into: &mut BTreeSet<String>) {
    match expression {
        Json::Object(members) => {
            if let Some(name) = members.get("property").and_then(Json::as_str) {
                into.insert(name.to_string());
            }
            members.values().for_each(|member| names(member, into));
        }
        Json::Array(items) => items.iter().for_each(|item| names(item, into)),
        _ => {}
    }
}

fn renamed(expression: &Json, to: &BTreeMap<&str, &str>) -> Json {
    match expression {
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let value = match (name.as_str(), value.as_str()) {
                    ("property", Some(own)) => (*to.get(own).unwrap_or(&own)).into(),
                    _ => renamed(value, to),
                };
                (name.clone(), value)
            })
            .collect(),
        Json::Array(items) => items.iter().map(|item| renamed(item, to)).collect(),
        other => other.clone(),
    }
}

fn compiled(catalog: &Catalog, collection: &str, filter: &Json) -> Option<Condition> {
    let setting = Setting {
        catalog,
        references: &NoReferences,
        crs: FilterCrs::default(),
        day: register::today(),
    };
    let collection = catalog.collection(collection).expect("a collection");
    filter::from_json(collection, filter, setting).ok()
}

/// The first assignment of fields with which an example can be asked: the collection, the filter.
fn assigned(
    catalog: &Catalog,
    example: &Json,
) -> Option<(&'static str, BTreeMap<String, &'static str>)> {
    let mut all = BTreeSet::new();
    names(example, &mut all);
    let all: Vec<String> = all.into_iter().collect();
    for (collection, fields) in STAND_INS {
        let choices = fields.len().pow(all.len() as u32);
        for choice in 0..choices {
            let mut rest = choice;
            let mut to = BTreeMap::new();
            for name in &all {
                to.insert(name.as_str(), fields[rest % fields.len()]);
                rest /= fields.len();
            }
            if compiled(catalog, collection, &renamed(example, &to)).is_some() {
                let to = to
                    .into_iter()
                    .map(|(name, field)| (name.to_string(), field));
                return Some((collection, to.collect()));
            }
        }
    }
    None
}

#[test]
fn every_example_is_read_and_those_that_can_be_asked_are_answered() {
    let (texts, encoded) = (files("text"), files("json"));
    assert_eq!((texts.len(), encoded.len()), (120, 109));
    let city = City::shared();
    let today = register::today();
    let catalog = city.store.catalog().clone();
    let rows = Rows::read(
        city.store.view().as_ref(),
        &catalog,
        TimeScope::Present(today),
        today,
    );
    let unanswerable: BTreeSet<&str> = UNANSWERABLE.iter().map(|(name, _)| *name).collect();
    let mut refused = BTreeSet::new();
    let mut answered = 0;
    for (name, text) in &encoded {
        let example: Json = serde_json::from_str(text).expect(name);
        filter::parsed(&example).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = assigned(&catalog, &example);
        let Some((collection, to)) = found else {
            refused.insert(name.as_str());
            continue;
        };
        let to: BTreeMap<&str, &str> = to.iter().map(|(from, to)| (from.as_str(), *to)).collect();
        let own = renamed(&example, &to);
        let found = city
            .ids(&json!({ "from": collection, "filter": own }))
            .expect(name);
        let all = rows.of(collection).iter();
        let expected: BTreeSet<String> = all
            .filter(|row| rows.holds(collection, row, &own))
            .map(|row| row.id.clone())
            .collect();
        assert_eq!(found, expected, "{name}: {own}");
        answered += 1;
        // The text, and its other spellings, mean the same.
        let spellings = texts.iter().filter(|(other, _)| {
            *other == name
                || other
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.starts_with("-alt"))
        });
        let meaning = compiled(&catalog, collection, &own);
        for (spelling, text) in spellings {
            let parsed = filter::parsed(&Json::String(text.trim().to_string()));
            let parsed = parsed.unwrap_or_else(|error| panic!("{spelling}: {error}"));
            let parsed = serde_json::to_value(&parsed).expect("JSON");
            let other = compiled(&catalog, collection, &renamed(&parsed, &to));
            assert_eq!(other, meaning, "{spelling}: {text}");
        }
    }
    for (name, text) in &texts {
        let parsed = filter::parsed(&Json::String(text.trim().to_string()));
        assert!(parsed.is_ok(), "{name}: {parsed:?}");
    }
    println!("{answered} examples answered");
    assert_eq!(refused, unanswerable);
}
