//! Ledger and index against a list of statements: random loads, reopenings, rebuilt indexes, and random
//! questions at random pairs of times, whose answers the naive register works out from the list.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use record::{Day, FieldNumber, PartialDate, Reference, Validity, Value};
use register::{Embedded, LoadEntry, LoadSession, NewRow, StartedLoad, Store, key_of};

use crate::city;
use crate::random::{Random, seeds};

pub mod naive;
mod operations;
pub mod questions;

use naive::{Kind, Naive, Said};

/// Loads in one history.
const LOADS: usize = 14;
/// Questions after each load.
const QUESTIONS: usize = 6;

/// Collections, their keys, and who speaks of them.
const PLANS: [(&str, &str, u64, &[&str]); 3] = [
    (
        "address",
        "A",
        7,
        &["natural-resources", "public-security", "health"],
    ),
    (
        "person",
        "N",
        9,
        &["public-security", "civil-affairs", "health", "statistics"],
    ),
    ("household", "H", 4, &["public-security", "civil-affairs"]),
];
const TEXTS: [&str; 6] = [
    "中关村大街一号",
    "中关村南路二号",
    "建设路三号院",
    "解放路",
    "南大街三号",
    "大街",
];
const NAMES: [&str; 6] = ["王伟", "王小伟", "李芳", "张伟芳", "欧阳芳", "张三"];
const DIVISIONS: [&str; 5] = [
    "110108001002",
    "110108001003",
    "110108002001",
    "110105001001",
    "120101001001",
];

#[test]
fn the_store_answers_as_a_list_of_statements_does() {
    for seed in seeds(&[1, 2, 3, 4, 5, 6]) {
        println!("seed {seed}");
        let folder = tempfile::tempdir().expect("a folder");
        history(&mut Random::new(seed), &folder.path().join("data"));
    }
}

fn history(random: &mut Random, path: &Path) {
    let (mut store, _) = city::open(path, false);
    let mut naive = Naive::new(store.catalog().clone());
    let saved = path.with_file_name("saved");
    let mut saved_at = None;
    for load in 0..LOADS {
        if saved_at.is_none() && random.percent(30) {
            copy(&path.join("index"), &saved);
            saved_at = Some(naive.last);
        }
        let plan = PLANS[if load < 3 {
            (load + 1) % 3
        } else {
            random.below(3) as usize
        }];
        one_load(random, &store, &mut naive, load, plan);
        for _ in 0..QUESTIONS {
            questions::ask(random, &store, &naive);
        }
        if random.percent(35) {
            drop(store);
            let fate = match random.below(3) {
                0 => Fate::Kept,
                1 => Fate::Forgotten,
                _ => saved_at.take().map_or(Fate::Kept, Fate::Old),
            };
            store = open_again(path, &saved, fate, naive.last);
            for _ in 0..QUESTIONS {
                questions::ask(random, &store, &naive);
            }
            if !matches!(fate, Fate::Kept) {
                assert_clean(&store);
            }
        }
    }
    questions::histories(&store, &naive);
    assert_clean(&store);
    drop(store);
    let directory = register::DataDirectory::open(path).expect("a data directory");
    Embedded::forget_index(&directory).expect("no index");
    let (store, _) = city::open(path, false);
    assert_clean(&store);
    questions::histories(&store, &naive);
    for _ in 0..3 * QUESTIONS {
        questions::ask(random, &store, &naive);
    }
}

/// What becomes of the index while the store is closed.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// Nothing.
    Kept,
    /// It is removed.
    Forgotten,
    /// It is the one of an earlier transaction again, as after commits that were cut off.
    Old(u64),
}

fn open_again(path: &Path, saved: &Path, fate: Fate, last: u64) -> Embedded {
    println!("  opened again: {fate:?}");
    if !matches!(fate, Fate::Kept) {
        let directory = register::DataDirectory::open(path).expect("a data directory");
        Embedded::forget_index(&directory).expect("no index");
    }
    if matches!(fate, Fate::Old(_)) {
        std::fs::rename(saved, path.join("index")).expect("the old index");
    }
    let (store, opening) = city::open(path, false);
    assert!(opening.unfinished.is_empty(), "{opening:?}");
    assert_eq!(opening.removed_blocks, 0, "{opening:?}");
    let whole = match fate {
        Fate::Kept => true,
        Fate::Forgotten => last == 0,
        Fate::Old(known) => known == last,
    };
    assert_eq!(opening.replayed.is_empty(), whole, "{opening:?}");
    store
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

pub fn assert_clean(store: &Embedded) {
    let verification = store.verify(&|_, _, _| {}).expect("a verification");
    assert!(verification.is_clean(), "{verification:#?}");
}

/// One load of a few rows, published or abandoned.
fn one_load(
    random: &mut Random,
    store: &Embedded,
    naive: &mut Naive,
    load: usize,
    (collection, letter, keys, departments): (&'static str, &str, u64, &'static [&'static str]),
) {
    let department = random.one(departments);
    let started = StartedLoad {
        load: format!("load-{load}"),
        collection: collection.to_string(),
        department: department.to_string(),
        source: "model".to_string(),
        file: "model.csv".to_string(),
    };
    let mut after = naive.clone();
    after.last += 1;
    let mut session = store
        .begin_load(started, register::today())
        .expect("a load");
    let mut rows = Rows {
        session: &mut session,
        before: naive,
        after: &mut after,
        collection,
        department,
        touched: BTreeSet::new(),
        born: BTreeSet::new(),
    };
    for line in 2..3 + random.below(8) {
        let key = format!("{letter}{}", random.below(keys));
        rows.say(random, line, &key);
    }
    let touched = rows.touched;
    let mut trial = operations::Trial {
        store,
        session: &mut session,
        before: naive,
        after: &mut after,
        collection,
        department,
    };
    trial.some(random);
    if session.is_empty() || random.percent(20) {
        return give_up(random, session);
    }
    let known = session.publish(LoadEntry::default()).expect("published");
    println!(
        "  {collection} by {department}: {} statements, {known:?}",
        touched.len()
    );
    assert_eq!(known.0, after.last);
    *naive = after;
}

/// The rows of one load: who says them, and of which entities they spoke so far.
struct Rows<'r, 's> {
    session: &'r mut LoadSession<'s>,
    /// What was published before.
    before: &'r Naive,
    /// The same with what this session says.
    after: &'r mut Naive,
    collection: &'static str,
    department: &'static str,
    /// The entities of which a row spoke.
    touched: BTreeSet<u64>,
    /// Those of them that a row introduced.
    born: BTreeSet<u64>,
}

impl Rows<'_, '_> {
    /// Says one row with random values: to the session, and to the list.
    fn say(&mut self, random: &mut Random, line: u64, key: &str) {
        let fields = fields(random, self.before, self.collection, key);
        let validity = validity(random);
        let schema = self.before.collection(self.collection).clone();
        let hash = index::key_hash(&key_of(&schema, &fields));
        let slot = self.session.slot(hash).expect("look up a key");
        let slot = slot.map(|slot| slot.number);
        assert_eq!(slot, self.after.number(self.collection, key), "{key}");
        let row = NewRow {
            line,
            validity,
            key: hash,
            fields: fields.clone(),
        };
        let (entity, kind) = match slot {
            None => {
                self.session.insert(row).expect("an insertion");
                let number = self.after.introduce(self.collection, key);
                self.born.insert(number);
                (number, assertion(&schema, &fields))
            }
            Some(number) if random.percent(25) => {
                if self.touched.is_empty() {
                    self.ask(number, validity, None);
                }
                self.session.end(number, line, validity).expect("an end");
                (number, Kind::End)
            }
            Some(number) => {
                if !self.touched.contains(&number) && !self.born.contains(&number) {
                    self.ask(number, validity, Some(&fields));
                }
                self.session.change(number, row).expect("a change");
                (number, assertion(&schema, &fields))
            }
        };
        self.touched.insert(entity);
        let said = Said {
            known: self.after.last,
            department: self.department,
            entity,
            line,
            validity,
            kind,
        };
        let list = self.after.said.entry(self.collection).or_default();
        list.push(said);
    }

    /// Asks the session about an entity of which it has not spoken yet.
    fn ask(&mut self, number: u64, validity: Validity, fields: Option<&record::Fields>) {
        ask_session(
            self.session,
            self.before,
            self.collection,
            number,
            self.department,
            validity,
            fields,
        );
    }
}

/// Ends a load that says nothing, or that is not wanted any more.
fn give_up(random: &mut Random, session: LoadSession) {
    if random.percent(50) {
        session.abandon().expect("undone");
    }
}

/// What the session says of what a department says, against the list, day by day.
fn ask_session(
    session: &mut LoadSession,
    naive: &Naive,
    collection: &str,
    number: u64,
    department: &str,
    validity: Validity,
    fields: Option<&record::Fields>,
) {
    let schema = naive.collection(collection).clone();
    let today = register::today().0;
    let mut days: Vec<Day> = (today - 45..today + 45).map(Day).collect();
    days.extend([Day::MIN, Day(i32::MAX - 1)]);
    days.retain(|day| validity.contains(*day));
    let view = |day: &Day| naive.department_view(collection, number, department, *day, naive.last);
    match fields {
        None => {
            let expected = days.iter().any(|day| view(day).is_some());
            let answer = session
                .is_claimed(number, validity, false)
                .expect("an answer");
            assert_eq!(answer, expected, "{number} {validity:?}");
        }
        Some(fields) => {
            let expected = days.iter().all(|day| {
                view(day).is_some_and(|view| {
                    fields.iter().all(|(number, value)| {
                        let said = view.get(schema.at(*number).name.as_str());
                        said.map_or(&Value::Null, |(_, value)| value) == value
                    })
                })
            });
            let answer = session
                .is_said(number, validity, fields)
                .expect("an answer");
            assert_eq!(answer, expected, "{number} {validity:?} {fields:?}");
        }
    }
}

fn assertion(collection: &Arc<schema::Collection>, fields: &record::Fields) -> Kind {
    let named = fields
        .iter()
        .map(|(number, value)| (collection.at(*number).name.to_string(), value.clone()));
    Kind::Assert(named.collect())
}

pub fn validity(random: &mut Random) -> Validity {
    let today = register::today().0;
    loop {
        let from = match random.below(3) {
            0 => Day::MIN,
            _ => Day(random.between(today - 20, today + 10)),
        };
        let to = match random.below(2) {
            0 => Day::MAX,
            _ => Day(random.between(today - 15, today + 20)),
        };
        if let Some(validity) = Validity::new(from, to) {
            return validity;
        }
    }
}

/// The key, and random values of some fields.
pub fn fields(random: &mut Random, naive: &Naive, collection: &str, key: &str) -> record::Fields {
    let schema = naive.collection(collection);
    let mut fields: Vec<(FieldNumber, Value)> = Vec::new();
    let key_field = schema.single_key().expect("one key field");
    fields.push((key_field.number, Value::text(key)));
    for field in schema.fields.iter().filter(|field| field.is_given()) {
        if field.number == key_field.number || random.percent(40) {
            continue;
        }
        let reference = |key: String| {
            Value::Reference(Reference {
                key: key.into(),
                target: None,
            })
        };
        let value = match field.name.as_str() {
            _ if random.percent(10) => Value::Null,
            "text" => Value::text(random.one(&TEXTS)),
            "name" => Value::text(random.one(&NAMES)),
            "formerNames" => Value::List(vec![
                Value::text(random.one(&NAMES)),
                Value::text(random.one(&NAMES)),
            ]),
            "sex" => Value::text(random.one(&["1", "2"])),
            "maritalStatus" => Value::text(random.one(&["10", "20", "30"])),
            "kind" => Value::text(random.one(&["1", "2"])),
            "division" => Value::text(random.one(&DIVISIONS)),
            "birthDate" | "deathDate" | "established" => Value::Date(date(random)),
            "location" => Value::Point {
                lon: random.between(1_163_000, 1_163_040) * 1000,
                lat: random.between(399_800, 399_840) * 1000,
            },
            "registeredAddress" | "currentAddress" | "address" => {
                reference(format!("A{}", random.below(8)))
            }
            "household" => reference(format!("H{}", random.below(5))),
            "head" => reference(format!("N{}", random.below(10))),
            _ => continue,
        };
        fields.push((field.number, value));
    }
    fields.sort_by_key(|(number, _)| *number);
    fields
}

fn date(random: &mut Random) -> PartialDate {
    let (year, month, day) = (
        random.between(1980, 1983) as i16,
        random.between(1, 3) as u8,
        random.between(1, 28) as u8,
    );
    match random.below(3) {
        0 => PartialDate::new(year, None, None),
        1 => PartialDate::new(year, Some(month), None),
        _ => PartialDate::new(year, Some(month), Some(day)),
    }
    .expect("a date")
}
