//! Two data sets that differ only in what a random policy hides give the same answers, byte by byte.
//!
//! Both are made by the same loads. Where the policy shows nothing of a value, the other set has another
//! one; where it shows a part, one of which the same part is shown; of records outside the rows that are
//! seen, all that does not decide whether they are. What other values are computed from differs only
//! where all of these are hidden too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use access::mask::Mask;
use access::{Form, Rules};
use record::{Day, EntityId, FieldNumber, PartialDate, Reference, Validity, Value};
use register::{Embedded, LoadEntry, NewRow, StartedLoad, Store, key_of};
use schema::{Catalog, Collection, Field, FieldType, SchemaFile};
use serde_json::json;

use super::stage::{Answer, Stage, Steady, escaped};
use crate::city;
use crate::random::{Random, seeds};

mod questions;

const COLLECTIONS: [&str; 3] = ["address", "household", "person"];
const PERSONS: u64 = 10;
const HOUSEHOLDS: u64 = 4;
const ADDRESSES: u64 = 8;
/// The division of the caller.
const OWN: &str = "110108";
const DIVISIONS: [&str; 4] = [
    "110108001002",
    "110108002001",
    "110105001001",
    "120101001001",
];
const NAMES: [&str; 8] = [
    "王伟",
    "王小伟",
    "王芳",
    "王大伟",
    "李芳",
    "李小芳",
    "欧阳芳",
    "张三",
];
const ROADS: [&str; 4] = ["学院路27号", "建设路三号院", "中关村大街一号", "解放路9号"];

#[test]
fn what_is_hidden_changes_no_answer() {
    for seed in seeds(&[1, 2, 3, 4, 5, 6, 7, 8]) {
        println!("seed {seed}");
        one(seed);
    }
}

fn one(seed: u64) {
    let mut random = Random::new(seed);
    let catalog = Arc::new(Catalog::embedded().expect("schemas"));
    let text = policy(&mut random, &catalog);
    let ruled = Arc::new(with_role(&catalog, &text));
    let rules = Rules::of(&ruled).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let hidden = Hidden {
        rules: &rules,
        catalog: &catalog,
    };
    let rows = history(&mut random);
    let other: Vec<Row> = rows
        .iter()
        .map(|row| hidden.another(&mut random, row, &rows))
        .collect();
    assert_ne!(rows, other, "something differs\n{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let stages = [("one", &rows), ("other", &other)].map(|(name, rows)| {
        let path = folder.path().join(name);
        let store = filled(&path, rows);
        let store = Arc::new(Steady {
            store,
            catalog: ruled.clone(),
        });
        let stage = Stage::new(&path, store);
        let key = stage.caller("tester", &["tester"], json!({ "division": OWN }));
        (stage, key)
    });
    let asked = questions::Questions {
        random: &mut random,
        catalog: &catalog,
        rows: &rows,
        other: &other,
    };
    for question in asked.all() {
        question.put(&stages, &text);
    }
}

/// The schemas with one role beside the masks, purposes and routes that there are.
fn with_role(catalog: &Catalog, text: &str) -> Catalog {
    let mut files = (*catalog.access).clone();
    files.retain(|file| !file.path.starts_with("access/roles/"));
    files.push(SchemaFile {
        path: "access/roles/tester.toml".to_string(),
        text: text.to_string(),
    });
    Catalog {
        access: files.into(),
        ..catalog.clone()
    }
}

/// A random role.
fn policy(random: &mut Random, catalog: &Catalog) -> String {
    let mut text =
        String::from("label = { zh = \"试\", en = \"tester\" }\nverbs = [\"describe\"]\n");
    for name in COLLECTIONS {
        let collection = catalog.collection(name).expect("a collection");
        let mut forms: BTreeMap<&str, String> = BTreeMap::new();
        for field in &collection.fields {
            let mut form = match random.below(10) {
                0..3 => "hidden",
                3 => "verify",
                4..7 => mask_for(&field.kind),
                _ => "full",
            };
            // The key by which addresses and households are named stays as it is in both sets.
            if name != "person" && collection.key.contains(&field.number) && form == "verify" {
                form = "hidden";
            }
            forms.insert(field.name.as_str(), form.to_string());
        }
        let mut verbs = vec!["read", "aggregate"];
        for verb in ["history", "export"] {
            if random.percent(75) {
                verbs.push(verb);
            }
        }
        let key = collection
            .key
            .iter()
            .all(|number| forms[collection.at(*number).name.as_str()] == "full");
        if key {
            verbs.push("lookup");
        }
        let _ = writeln!(text, "[collections.{name}]\nverbs = {verbs:?}");
        match random.below(4) {
            0 => text.push_str("rows = { division = \"own\" }\n"),
            1 => text.push_str("rows = { division = \"own\", moved_away = \"hidden\" }\n"),
            2 if name == "person" => {
                text.push_str("rows = { conditions = [{ field = \"sex\", is_not = [\"1\"] }] }\n");
            }
            _ => {}
        }
        let derived = collection.fields.iter().filter(|field| !field.is_given());
        let derived: Vec<&str> = derived.map(|field| field.name.as_str()).collect();
        let _ = writeln!(text, "released = {derived:?}");
        for (field, form) in forms {
            let _ = writeln!(text, "fields.{field} = \"{form}\"");
        }
    }
    text.push_str("[collections.division]\nverbs = [\"read\", \"lookup\"]\ndefault = \"full\"\n");
    text.push_str("[collections.road]\nverbs = [\"read\"]\ndefault = \"full\"\n");
    text.push_str("[collections.building]\nverbs = [\"read\"]\ndefault = \"full\"\n");
    text
}

fn mask_for(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text => "name",
        FieldType::Date => "year",
        FieldType::Division => "county",
        FieldType::Point => "kilometre",
        FieldType::Code(_) => "stars",
        _ => "hidden",
    }
}

/// Something said of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub collection: &'static str,
    pub department: &'static str,
    pub load: usize,
    /// Which of its collection.
    pub number: u64,
    pub validity: Validity,
    /// By name; the key among them.
    pub fields: Vec<(String, Value)>,
}

/// What is loaded: everything once, and then changes.
fn history(random: &mut Random) -> Vec<Row> {
    let mut rows = Vec::new();
    for (load, (collection, count)) in [
        ("address", ADDRESSES),
        ("household", HOUSEHOLDS),
        ("person", PERSONS),
    ]
    .into_iter()
    .enumerate()
    {
        for number in 0..count {
            let fields = said(random, collection, number, 90);
            let department = if collection == "address" {
                "natural-resources"
            } else {
                "public-security"
            };
            rows.push(Row {
                collection,
                department,
                load,
                number,
                validity: Validity::ALWAYS,
                fields,
            });
        }
    }
    for load in 3..7 {
        let (collection, count) = random.one(&[
            ("person", PERSONS),
            ("person", PERSONS),
            ("household", HOUSEHOLDS),
            ("address", ADDRESSES),
        ]);
        let department = random.one(&["public-security", "civil-affairs"]);
        let mut spoken = Vec::new();
        for _ in 0..5 {
            let number = random.below(count);
            if spoken.contains(&number) {
                continue;
            }
            spoken.push(number);
            let fields = said(random, collection, number, 30);
            let validity = crate::register_model::validity(random);
            rows.push(Row {
                collection,
                department,
                load,
                number,
                validity,
                fields,
            });
        }
    }
    rows
}

fn key(collection: &str, number: u64) -> String {
    let letter = match collection {
        "address" => "A",
        "household" => "H",
        _ => "N",
    };
    format!("{letter}{number}")
}

/// Values of some fields. Divisions of addresses never change: whether a record is seen is settled.
fn said(random: &mut Random, collection: &str, number: u64, share: u64) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    let mut put = |name: &str, value: Value| fields.push((name.to_string(), value));
    let reference = |key: String| {
        Value::Reference(Reference {
            key: key.into(),
            target: None,
        })
    };
    match collection {
        "address" => {
            put("code", Value::text(&key(collection, number)));
            put(
                "division",
                Value::text(DIVISIONS[number as usize % DIVISIONS.len()]),
            );
            for name in ["text", "location", "postcode", "room", "community"] {
                if random.percent(share) {
                    put(name, value(random, name));
                }
            }
        }
        "household" => {
            put("householdNumber", Value::text(&key(collection, number)));
            put("address", reference(key("address", number)));
            for name in ["kind", "established"] {
                if random.percent(share) {
                    put(name, value(random, name));
                }
            }
        }
        _ => {
            put("identityNumber", Value::text(&key(collection, number)));
            if share > 50 || random.percent(20) {
                put(
                    "currentAddress",
                    reference(key("address", random.below(ADDRESSES))),
                );
            }
            for name in [
                "name",
                "formerNames",
                "sex",
                "birthDate",
                "deathDate",
                "maritalStatus",
                "education",
                "ethnicGroup",
                "household",
            ] {
                if random.percent(share) {
                    put(name, value(random, name));
                }
            }
        }
    }
    fields
}

/// A random value of a field.
pub fn value(random: &mut Random, name: &str) -> Value {
    match name {
        "name" => Value::text(random.one(&NAMES)),
        "formerNames" => Value::List(vec![
            Value::text(random.one(&NAMES)),
            Value::text(random.one(&NAMES)),
        ]),
        "sex" => Value::text(random.one(&["1", "2"])),
        "maritalStatus" => Value::text(random.one(&["10", "20", "30"])),
        "education" => Value::text(random.one(&["10", "20", "30"])),
        "ethnicGroup" => Value::text(random.one(&["01", "02", "03"])),
        "kind" => Value::text(random.one(&["1", "2"])),
        "text" => Value::text(&format!("北京市海淀区{}", random.one(&ROADS))),
        "community" => Value::text(&format!("{}小区", random.one(&NAMES))),
        "postcode" | "room" => Value::text(&format!("10{:04}", random.below(30))),
        "location" => Value::Point {
            lon: random.between(1_163_000, 1_163_100) * 1000,
            lat: random.between(399_800, 399_900) * 1000,
        },
        "household" => Value::Reference(Reference {
            key: key("household", random.below(HOUSEHOLDS)).into(),
            target: None,
        }),
        _ => {
            let (year, month, day) = (
                random.between(1980, 1982) as i16,
                random.between(1, 12) as u8,
                random.between(1, 28) as u8,
            );
            Value::Date(PartialDate::new(year, Some(month), Some(day)).expect("a date"))
        }
    }
}

/// What a policy hides.
struct Hidden<'a> {
    rules: &'a Rules,
    catalog: &'a Catalog,
}

impl Hidden<'_> {
    fn form(&self, collection: &Collection, field: &Field) -> &Form {
        let role = &self.rules.roles["tester"];
        &role.collections[&collection.name].forms[usize::from(field.number)]
    }

    /// Whether a field decides which records are seen.
    fn decides(&self, collection: &Collection, field: &Field) -> bool {
        let rows = &self.rules.roles["tester"].collections[&collection.name].rows;
        let by_division = rows.own_division && collection.division == Some(field.number);
        by_division || rows.conditions.iter().any(|one| one.field == field.name)
    }

    /// The forms in which a value is seen: its own, and those of what is copied from it.
    fn seen_as(&self, collection: &Collection, field: &Field) -> Vec<Form> {
        let own = |collection: &Collection, field: &Field| {
            if self.decides(collection, field) {
                Form::Full
            } else {
                self.form(collection, field).clone()
            }
        };
        let mut all = vec![own(collection, field)];
        for name in COLLECTIONS {
            let at = self.catalog.collection(name).expect("a collection");
            for copy in &at.fields {
                let Some(derived) = &copy.derived else {
                    continue;
                };
                let form = own(at, copy);
                let is_way = at.name == collection.name && derived.through.contains(&field.number);
                let leads_here = derived
                    .through
                    .iter()
                    .any(|through| at.at(*through).target() == Some(&collection.name));
                if is_way && form.is_shown() {
                    all.push(Form::Full);
                } else if leads_here && derived.field == field.name {
                    all.push(form);
                }
            }
        }
        all
    }

    /// Whether two values are seen the same.
    fn same(&self, forms: &[Form], one: &Value, other: &Value) -> bool {
        forms.iter().all(|form| match form {
            Form::Hidden | Form::Verify => true,
            Form::Full => one == other,
            Form::Masked(name) => {
                let mask: &Mask = &self.rules.masks[name];
                mask.value(one) == mask.value(other)
            }
        })
    }

    /// The row, with other values where these are not seen.
    fn another(&self, random: &mut Random, row: &Row, all: &[Row]) -> Row {
        let collection = self
            .catalog
            .collection(row.collection)
            .expect("a collection");
        let never_seen = self.is_never_seen(collection, row.number, all);
        let mut other = row.clone();
        for (name, value) in &mut other.fields {
            let (number, field) = collection.field(name).expect("a field");
            let forms = self.seen_as(collection, field);
            if collection.key.contains(&number) {
                let is_named = row.collection != "person";
                let role = &self.rules.roles["tester"].collections[&collection.name];
                let may_differ = !is_named && (never_seen || !forms.iter().any(Form::is_shown));
                if may_differ && !role.verbs.contains(&access::Verb::Lookup) {
                    *value = Value::text(&format!("K{}X", 77 - row.number));
                }
                continue;
            }
            let is_reference = matches!(field.kind, FieldType::Reference { .. });
            if is_reference || self.decides(collection, field) {
                continue;
            }
            for _ in 0..12 {
                let candidate = self::value(random, name);
                // What divisions are made of stays: it decides what is seen.
                if name != "division" && (never_seen || self.same(&forms, value, &candidate)) {
                    *value = candidate;
                    break;
                }
            }
        }
        other
    }

    /// Whether no version of a person is among the rows seen: all of its addresses lie elsewhere.
    fn is_never_seen(&self, collection: &Collection, number: u64, all: &[Row]) -> bool {
        let rows = &self.rules.roles["tester"].collections[&collection.name].rows;
        if !rows.own_division || collection.name != "person" {
            return false;
        }
        let of_it = all
            .iter()
            .filter(|row| row.collection == "person" && row.number == number);
        let mut addresses =
            of_it
                .flat_map(|row| &row.fields)
                .filter_map(|(_, value)| match value {
                    Value::Reference(reference) if reference.key.starts_with('A') => {
                        reference.key[1..].parse::<usize>().ok()
                    }
                    _ => None,
                });
        addresses.all(|address| !DIVISIONS[address % DIVISIONS.len()].starts_with(OWN))
    }
}

/// A store with these rows in it.
fn filled(path: &Path, rows: &[Row]) -> Embedded {
    let (store, _) = city::open(path, false);
    let loads = rows.iter().map(|row| row.load).max().unwrap_or_default();
    for load in 0..=loads {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.load == load).collect();
        let Some(first) = rows.first() else { continue };
        let started = StartedLoad {
            load: format!("load-{load}"),
            collection: first.collection.to_string(),
            department: first.department.to_string(),
            source: "model".to_string(),
            file: "model.csv".to_string(),
        };
        let mut session = store
            .begin_load(started, register::today())
            .expect("a load");
        let collection = store
            .catalog()
            .collection(first.collection)
            .expect("a collection")
            .clone();
        for (place, row) in rows.iter().enumerate() {
            let mut fields: Vec<(FieldNumber, Value)> = row
                .fields
                .iter()
                .map(|(name, value)| (collection.number(name).expect("a field"), value.clone()))
                .collect();
            fields.sort_by_key(|(number, _)| *number);
            let hash = index::key_hash(&key_of(&collection, &fields));
            let slot = session.slot(hash).expect("a look-up");
            let new = NewRow {
                line: 2 + place as u64,
                validity: row.validity,
                key: hash,
                fields,
            };
            match slot {
                None => session.insert(new).expect("an insertion"),
                Some(slot) => session.change(slot.number, new).expect("a change"),
            }
        }
        session.publish(LoadEntry::default()).expect("published");
    }
    store
}
