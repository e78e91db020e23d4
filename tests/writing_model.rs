//! Random calls on single records against the naive register: which days a call is about, what it leaves
//! as it is, and what it refuses are worked out day by day.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use load::single::Outcome;
use load::{Call, Clerk, Expected, Verb, WriteError};
use record::{Day, EntityId, Fields, Transaction, Validity, Value};
use register::{Store, today};
use serde_json::json;

use crate::city;
use crate::random::{Random, seeds};
use crate::register_model::naive::{Kind, Naive, Said};
use crate::register_model::{assert_clean, fields, questions};

/// Calls in one history.
const CALLS: usize = 30;
/// Days around today that a call may name.
const REACH: i32 = 20;
/// Collections whose keys have no check of their own, their keys, and who speaks of them.
const PLANS: [(&str, &str, u64, &[&str]); 2] = [
    ("address", "A", 5, &["natural-resources", "public-security"]),
    ("household", "H", 3, &["public-security", "civil-affairs"]),
];

#[test]
fn single_writes_answer_as_a_list_of_statements_does() {
    for seed in seeds(&[11, 12]) {
        println!("seed {seed}");
        let folder = tempfile::tempdir().expect("a folder");
        history(&mut Random::new(seed), &folder.path().join("data"));
    }
}

fn history(random: &mut Random, path: &Path) {
    let (mut store, _) = city::open(path, false);
    let mut clerk = Clerk::open(store.clone()).expect("a clerk");
    let mut naive = Naive::new(store.catalog().clone());
    for place in 0..CALLS {
        let asked = ask(random, &naive, &clerk, &store);
        println!("  {place}: {asked}");
        naive = asked.naive;
        if random.percent(10) {
            questions::ask(random, &store, &naive);
        }
        if random.percent(4) {
            drop((clerk, store));
            (store, _) = city::open(path, false);
            clerk = Clerk::open(store.clone()).expect("a clerk");
        }
    }
    questions::histories(&store, &naive);
    assert_clean(&store);
    for _ in 0..3 {
        questions::ask(random, &store, &naive);
    }
}

/// What was asked, and the list afterwards.
struct Asked {
    text: String,
    naive: Naive,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

/// One call, and what must come of it.
struct Question<'a> {
    naive: &'a Naive,
    collection: &'static str,
    department: &'static str,
    fields: Fields,
    /// `validFrom`, and `validTo` where the call names one.
    days: (Option<Day>, Option<Day>),
}

fn ask(random: &mut Random, naive: &Naive, clerk: &Clerk, store: &register::Embedded) -> Asked {
    let (collection, letter, keys, departments) = random.one(&PLANS);
    let department = random.one(departments);
    let key = format!("{letter}{}", random.below(keys));
    let number = naive.number(collection, &key);
    let verb = match number {
        None => Verb::Create,
        Some(_) => random.one(&[
            Verb::Change,
            Verb::Change,
            Verb::Change,
            Verb::Replace,
            Verb::End,
            Verb::Create,
        ]),
    };
    let mut fields = fields(random, naive, collection, &key);
    if verb != Verb::Change {
        complete(naive, collection, &mut fields);
    } else {
        let schema = naive.collection(collection);
        fields.retain(|(number, value)| !(value.is_null() && schema.at(*number).required));
    }
    let question = Question {
        naive,
        collection,
        department,
        fields,
        days: days(random),
    };
    let version = number.and_then(|number| {
        let id = naive.id(collection, number);
        store.view().version(collection, id).expect("an answer")
    });
    let is_stale = number.is_some() && random.percent(10);
    let call = question.call(verb, number, version.filter(|_| !is_stale));
    let written = clerk.write(&call, Duration::from_secs(5));
    let text = format!(
        "{verb:?} {key} by {department}: {:?}",
        written.as_ref().map(|one| one.outcome)
    );
    let mut after = naive.clone();
    let expected = if is_stale && verb != Verb::Create {
        Expectation::Moved
    } else {
        question.carry(&mut after, verb, number, &key)
    };
    match (expected, written) {
        (Expectation::Moved, Err(WriteError::VersionMoved))
        | (Expectation::Nothing, Err(WriteError::NothingToEnd))
        | (Expectation::Taken, Err(WriteError::KeyTaken(_))) => after = naive.clone(),
        (Expectation::Done(outcome), Ok(written)) => {
            assert_eq!(written.outcome, outcome, "{text} {:?}", question.days);
            assert_eq!(written.transaction.0, after.last, "{text}");
        }
        (expected, written) => panic!("{text} {:?}: {expected:?}, {written:?}", question.days),
    }
    Asked { text, naive: after }
}

/// What must come of a call.
#[derive(Debug)]
enum Expectation {
    Done(Outcome),
    Moved,
    Taken,
    Nothing,
}

/// Gives what every record must have.
fn complete(naive: &Naive, collection: &str, fields: &mut Fields) {
    let schema = naive.collection(collection);
    for field in schema
        .fields
        .iter()
        .filter(|field| field.required && field.is_given())
    {
        fields.retain(|(number, value)| *number != field.number || !value.is_null());
        if fields.iter().all(|(number, _)| *number != field.number) {
            let value = match field.name.as_str() {
                "division" => Value::text("110108001002"),
                _ => Value::text("解放路"),
            };
            fields.push((field.number, value));
        }
    }
    fields.sort_by_key(|(number, _)| *number);
}

fn days(random: &mut Random) -> (Option<Day>, Option<Day>) {
    let today = today().0;
    let from = random
        .percent(75)
        .then(|| Day(random.between(today - REACH, today + REACH)));
    let to = match random.below(6) {
        0 => Some(Day::MAX),
        1 => Some(Day(
            from.map_or(today, |from| from.0) + random.between(1, REACH)
        )),
        _ => None,
    };
    (from, to)
}

/// Every day on which anything may change, for all open beginnings the first, for all open ends the last.
fn calendar() -> Vec<Day> {
    let today = today().0;
    let mut days = vec![Day::MIN];
    days.extend((today - 3 * REACH..today + 3 * REACH).map(Day));
    days
}

impl Question<'_> {
    fn call(&self, verb: Verb, number: Option<u64>, version: Option<Transaction>) -> Call {
        let schema = self.naive.collection(self.collection);
        let mut body = json!({ "department": self.department });
        if verb == Verb::End {
            if let (Some(from), _) = self.days {
                body["from"] = json!(from.to_string());
            }
        } else {
            body["properties"] = json!({});
            for (number, value) in &self.fields {
                let field = schema.at(*number);
                let value = json_of(value);
                if Some(*number) == schema.location {
                    body["geometry"] = value;
                } else {
                    body["properties"][field.name.as_str()] = value;
                }
            }
            if let (Some(from), _) = self.days {
                body["validFrom"] = json!(from.to_string());
            }
            match self.days.1 {
                Some(Day::MAX) => body["validTo"] = json!(".."),
                Some(to) => body["validTo"] = json!(to.to_string()),
                None => {}
            }
        }
        let id = number.filter(|_| verb != Verb::Create);
        Call {
            verb,
            collection: self.collection.to_string(),
            id: id.map(|number| self.naive.id(self.collection, number).to_string()),
            department: None,
            body: body.to_string().into_bytes(),
            expected: Expected::Versions(vec![version.unwrap_or(Transaction(u64::MAX - 1))]),
            key: None,
        }
    }

    /// When what is said holds.
    fn validity(&self, verb: Verb) -> Validity {
        let (from, to) = self.days;
        let from = match (from, to) {
            (Some(from), _) => from,
            (None, Some(to)) if to != Day::MAX => Day::MIN,
            _ if verb == Verb::Create => Day::MIN,
            _ => today(),
        };
        let to = to.unwrap_or(Day::MAX);
        Validity { from, to }
    }

    fn carry(&self, after: &mut Naive, verb: Verb, number: Option<u64>, key: &str) -> Expectation {
        let validity = self.validity(verb);
        let days = || calendar().into_iter();
        match (verb, number) {
            (Verb::Create, None) => {
                let number = after.introduce(self.collection, key);
                after.last += 1;
                self.push(after, number, validity, &self.fields);
                Expectation::Done(Outcome::Created)
            }
            (Verb::Create, Some(number)) => {
                let known = self.naive.last;
                let record = |day| self.naive.record(self.collection, number, day, known);
                if days().any(|day| validity.contains(day) && record(day).is_some()) {
                    return Expectation::Taken;
                }
                self.say(after, verb, number, Outcome::Created)
            }
            (Verb::End, Some(number)) => {
                let from = self.days.0.unwrap_or(today());
                if !days().any(|day| day >= from && self.view(number, day).is_some()) {
                    return Expectation::Nothing;
                }
                after.last += 1;
                self.note(after, number, Validity { from, to: Day::MAX }, Kind::End);
                Expectation::Done(Outcome::Changed)
            }
            (_, number) => self.say(after, verb, number.expect("a record"), Outcome::Changed),
        }
    }

    /// Says the fields of an entity that was there.
    fn say(&self, after: &mut Naive, verb: Verb, number: u64, outcome: Outcome) -> Expectation {
        let validity = self.validity(verb);
        let mut fields = self.fields.clone();
        if verb == Verb::Replace {
            fields.extend(self.missing(number, validity));
            fields.sort_by_key(|(number, _)| *number);
        }
        if self.is_said(number, validity, &fields) {
            return Expectation::Done(Outcome::Unchanged);
        }
        let is_first =
            verb == Verb::Change && self.days == (None, None) && self.only_adds(number, &fields);
        let validity = if is_first { Validity::ALWAYS } else { validity };
        let mut parts = if self.days.1.is_none() {
            self.parts(number, validity, &fields)
        } else {
            vec![(validity, fields.clone())]
        };
        parts.retain(|(days, part)| {
            (is_first && part.len() == fields.len() && *days == validity)
                || !self.is_said(number, *days, part)
        });
        if parts.is_empty() {
            return Expectation::Done(Outcome::Unchanged);
        }
        after.last += 1;
        for (validity, fields) in parts {
            self.push(after, number, validity, &fields);
        }
        Expectation::Done(outcome)
    }

    fn view(&self, number: u64, day: Day) -> Option<BTreeMap<String, (usize, Value)>> {
        self.naive.department_view(
            self.collection,
            number,
            self.department,
            day,
            self.naive.last,
        )
    }

    fn name(&self, number: record::FieldNumber) -> String {
        self.naive
            .collection(self.collection)
            .at(number)
            .name
            .to_string()
    }

    fn is_said(&self, number: u64, validity: Validity, fields: &Fields) -> bool {
        calendar()
            .into_iter()
            .filter(|day| validity.contains(*day))
            .all(|day| {
                self.view(number, day).is_some_and(|view| {
                    fields.iter().all(|(number, value)| {
                        view.get(&self.name(*number))
                            .map_or(&Value::Null, |(_, said)| said)
                            == value
                    })
                })
            })
    }

    /// Fields that the department gives a value on some day, and that the call does not name.
    fn missing(&self, number: u64, validity: Validity) -> Fields {
        let schema = self.naive.collection(self.collection);
        let gives = |name: &str| {
            let mut days = calendar().into_iter().filter(|day| validity.contains(*day));
            days.any(|day| {
                self.view(number, day)
                    .is_some_and(|view| view.get(name).is_some_and(|(_, value)| !value.is_null()))
            })
        };
        let unnamed = schema.fields.iter().filter(|field| {
            self.fields
                .iter()
                .all(|(number, _)| *number != field.number)
        });
        unnamed
            .filter(|field| gives(&field.name))
            .map(|field| (field.number, Value::Null))
            .collect()
    }

    fn own(&self, number: u64) -> impl Iterator<Item = &Said> {
        let said = self.naive.on(self.collection).iter();
        said.filter(move |said| said.entity == number && said.department == self.department)
    }

    fn only_adds(&self, number: u64, fields: &Fields) -> bool {
        let given = fields.iter().filter(|(_, value)| !value.is_null());
        given.into_iter().all(|(field, value)| {
            self.own(number).all(|said| match &said.kind {
                Kind::Assert(all) => all.iter().all(|(name, other)| {
                    *name != self.name(*field) || other.is_null() || other == value
                }),
                _ => false,
            })
        })
    }

    /// The days that are left to each field, day by day.
    fn parts(&self, number: u64, validity: Validity, fields: &Fields) -> Vec<(Validity, Fields)> {
        let mut parts: BTreeMap<(Day, Day), Fields> = BTreeMap::new();
        for (field, value) in fields {
            let name = self.name(*field);
            let stands = |day: Day| {
                let bears = |said: &&Said| match &said.kind {
                    Kind::Assert(all) => all.iter().any(|(other, _)| *other == name),
                    _ => true,
                };
                let last = self
                    .own(number)
                    .filter(|said| said.validity.contains(day))
                    .filter(bears)
                    .last();
                last.is_some_and(|said| {
                    let same = matches!(&said.kind, Kind::Assert(all) if all.contains(&(name.clone(), value.clone())));
                    said.validity.from > validity.from && !same
                })
            };
            let mut days: Vec<Day> = calendar()
                .into_iter()
                .filter(|day| *day > validity.from)
                .collect();
            days.insert(0, validity.from);
            let mut run: Option<Day> = None;
            for day in days {
                match (stands(day), run) {
                    (true, Some(from)) => {
                        parts
                            .entry((from, day))
                            .or_default()
                            .push((*field, value.clone()));
                        run = None;
                    }
                    (false, None) => run = Some(day),
                    _ => {}
                }
            }
            if let Some(from) = run {
                parts
                    .entry((from, Day::MAX))
                    .or_default()
                    .push((*field, value.clone()));
            }
        }
        parts
            .into_iter()
            .map(|((from, to), fields)| (Validity { from, to }, fields))
            .collect()
    }

    fn push(&self, after: &mut Naive, number: u64, validity: Validity, fields: &Fields) {
        let named = fields
            .iter()
            .map(|(number, value)| (self.name(*number), value.clone()));
        self.note(after, number, validity, Kind::Assert(named.collect()));
    }

    fn note(&self, after: &mut Naive, number: u64, validity: Validity, kind: Kind) {
        let said = Said {
            known: after.last,
            department: self.department,
            entity: number,
            line: 0,
            validity,
            kind,
        };
        after.said.entry(self.collection).or_default().push(said);
    }
}

fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Text(text) => json!(text.as_str()),
        Value::Date(date) => json!(date.to_string()),
        Value::Reference(reference) => json!({ "key": reference.key.as_str() }),
        Value::List(values) => values.iter().map(json_of).collect(),
        Value::Point { lon, lat } => json!({
            "type": "Point",
            "coordinates": [f64::from(*lon) / 1e7, f64::from(*lat) / 1e7],
        }),
        other => panic!("no such value is made here: {other:?}"),
    }
}

/// Ids are of the register's letter; a call with another's is about nothing.
#[test]
fn an_id_of_another_register_is_no_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(&folder.path().join("data"), false);
    let clerk = Clerk::open(store).expect("a clerk");
    let id = EntityId::new(record::RegisterLetter::Person, 1).expect("small");
    let call = Call {
        verb: Verb::End,
        collection: "indicator".to_string(),
        id: Some(id.to_string()),
        department: Some("statistics".to_string()),
        body: Vec::new(),
        expected: Expected::Any,
        key: None,
    };
    let written = clerk.write(&call, Duration::from_secs(1));
    assert!(
        matches!(written, Err(WriteError::NotFound(_))),
        "{written:?}"
    );
}
