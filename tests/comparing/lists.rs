//! Lists compared with the persons of a synthetic city.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{Caller, Means, Purpose};
use compare::list::job::Word;
use compare::list::{
    Agreement, Asking, Column, Comparison, Comparisons, ListError, Request, State, Terms,
};
use query::{Context, Limits};
use record::Predicate;
use register::{Embedded, Store, TimeScope};
use schema::Label;
use serde_json::{Value, json};

use super::{persons, text};
use crate::served;

const WAIT: Duration = Duration::from_secs(120);
/// However few a list or an area is about: for tests that are about something else.
const ANY: Terms = Terms {
    minimum: 1,
    period_days: 7,
    kept_days: 30,
    waiting: 8,
};
const AREA: &str = "POLYGON((116.2 39.7,116.5 39.7,116.5 40.1,116.2 40.1,116.2 39.7))";

fn caller(id: &str, department: &str) -> Caller {
    Caller {
        id: id.to_string(),
        label: id.to_string(),
        department: Some(department.to_string()),
        user: None,
        roles: Vec::new(),
        division: None,
        means: Means::Key,
    }
}

fn column(name: &str, filter: &str) -> Column {
    let label = Label {
        zh: name.to_string(),
        en: name.to_string(),
    };
    Column {
        name: name.to_string(),
        label,
        filter: filter.to_string(),
    }
}

fn agreement(columns: Vec<Column>) -> Agreement {
    Agreement {
        grant: "g1".to_string(),
        collection: "person".to_string(),
        columns,
        division: None,
        subjects: None,
        quota: None,
    }
}

/// A city, and what may be asked of it.
struct City {
    folder: tempfile::TempDir,
    store: Embedded,
    people: Vec<Value>,
    agreement: Agreement,
}

impl City {
    fn new() -> City {
        let folder = tempfile::tempdir().expect("a folder");
        let store = served::loaded(folder.path(), 400, 3);
        let people = persons(&store);
        // The district with most of the people.
        let mut counts: std::collections::BTreeMap<&str, usize> = Default::default();
        for code in people
            .iter()
            .filter_map(|one| text(one, "division").get(..6))
        {
            *counts.entry(code).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let district = most.expect("a division").0.to_string();
        let agreement = agreement(vec![
            column("married", "maritalStatus IN ('20','21','22','23')"),
            column("here", &format!("within_division(division, '{district}')")),
            column("owns", "linked('organization', 'legalRepresentative')"),
            column("area", &format!("s_intersects(location, {AREA})")),
        ]);
        City {
            folder,
            store,
            people,
            agreement,
        }
    }

    fn open(&self) -> Comparisons {
        self.open_with(Terms::default())
    }

    fn open_with(&self, terms: Terms) -> Comparisons {
        let store: Arc<dyn Store> = Arc::new(self.store.clone());
        Comparisons::open(&self.comparisons(), store, terms).expect("comparisons")
    }

    fn comparisons(&self) -> std::path::PathBuf {
        self.folder.path().join("data").join("comparisons")
    }

    fn request(&self, range: std::ops::Range<usize>) -> Request {
        let keys = self.people[range].iter();
        Request {
            grant: "g1".to_string(),
            columns: Vec::new(),
            keys: keys
                .map(|one| one["properties"]["identityNumber"].clone())
                .collect(),
        }
    }

    /// Has a list compared, and waits.
    fn compared(&self, desk: &Comparisons, request: &Request) -> Comparison {
        let (caller, purpose) = (caller("k1", "health"), Purpose::default());
        let asking = Asking {
            caller: &caller,
            purpose: &purpose,
        };
        let agreements = [self.agreement.clone()];
        let received = desk
            .receive(asking, &agreements, request)
            .expect("received");
        desk.get("department:health", &received.id, WAIT)
            .expect("a comparison")
    }

    /// What each column should say of a person, looked up one by one.
    fn expected(&self, person: &Value) -> Vec<Word> {
        let view = self.store.view();
        let id: record::EntityId = person["id"]
            .as_str()
            .expect("an id")
            .parse()
            .expect("an id");
        let owns = Predicate::Compare {
            field: "legalRepresentative".into(),
            comparison: record::Comparison::Equal,
            value: record::Value::Reference(record::Reference {
                key: "".into(),
                target: Some(id),
            }),
        };
        let time = TimeScope::Present(register::today());
        let owned = view
            .count("organization", &owns, time, register::Deadline::NONE)
            .expect("a count");
        let word = |is: Option<bool>| match is {
            Some(true) => Word::Yes,
            Some(false) => Word::No,
            None => Word::Unknown,
        };
        let said = |field: &str| Some(text(person, field)).filter(|text| !text.is_empty());
        let district = self.agreement.columns[1]
            .filter
            .split('\'')
            .nth(1)
            .expect("a code");
        let point = person["geometry"]["coordinates"].as_array();
        let inside = point.map(|point| {
            let (lon, lat) = (
                point[0].as_f64().expect("lon"),
                point[1].as_f64().expect("lat"),
            );
            (116.2..=116.5).contains(&lon) && (39.7..=40.1).contains(&lat)
        });
        vec![
            word(said("maritalStatus").map(|code| code.starts_with('2'))),
            word(said("division").map(|code| code.starts_with(district))),
            word(Some(owned > 0)),
            word(inside),
        ]
    }
}

#[test]
fn every_answer_is_what_a_look_at_the_record_says() {
    let city = City::new();
    let desk = city.open_with(ANY);
    let mut request = city.request(0..200);
    request.keys.push(json!("110130199001019999"));
    request.keys.push(json!("=cmd|' /C calc'!A0"));
    let done = city.compared(&desk, &request);
    assert_eq!(done.state, State::Done, "{:?}", done.problem);
    let (_, answers) = desk.answers(&done.owner, &done.id).expect("answers");
    assert!(answers.rows().map(|(key, ..)| key).eq(&request.keys));
    let found = answers.rows().filter(|(_, record, _)| record.is_some());
    assert_eq!(found.count(), 200);
    let rows: Vec<&[Word]> = answers.rows().map(|(.., words)| words).collect();
    for (person, row) in city.people[..200].iter().zip(&rows) {
        assert_eq!(*row, city.expected(person), "{person}");
    }
    // No record: nothing is told, not even that.
    assert_eq!(rows[200], [Word::Unknown; 4]);
    assert_eq!(rows[201], [Word::Unknown; 4]);
    for (place, totals) in done.totals.iter().enumerate() {
        let yes = rows.iter().filter(|row| row[place] == Word::Yes).count();
        assert_eq!(totals.yes, yes);
        assert_eq!(totals.yes + totals.no + totals.unknown, 202);
        assert!(yes > 0, "column {place} says yes of nobody");
    }
}

/// Puts a comparison back to where it was when so many bytes of answers were on the disk.
fn interrupt(folder: &Path, id: &str, bytes: u64) {
    let folder = folder.join(id);
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(folder.join("answers"));
    file.expect("answers")
        .set_len(bytes)
        .expect("a shorter file");
    let path = folder.join("comparison.json");
    let mut object: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
    object["state"] = json!("running");
    object["rested"] = json!(null);
    object["totals"] = json!([]);
    std::fs::write(&path, object.to_string()).expect("written");
}

#[test]
fn a_comparison_goes_on_where_it_stopped_and_says_the_same() {
    let city = City::new();
    let desk = city.open_with(ANY);
    let request = city.request(0..150);
    let done = city.compared(&desk, &request);
    let (_, whole) = desk.answers(&done.owner, &done.id).expect("answers");
    drop(desk);
    // The registers change meanwhile: what was asked before is answered as of then.
    city.marry(&city.people[100]);
    // In the middle of a row, at its end, before the first.
    for bytes in [0, 4 * 70, 4 * 70 + 3] {
        interrupt(&city.comparisons(), &done.id, bytes);
        let desk = city.open_with(ANY);
        let again = desk.get(&done.owner, &done.id, WAIT).expect("a comparison");
        assert_eq!((again.state, &again.totals), (State::Done, &done.totals));
        let (_, words) = desk.answers(&done.owner, &done.id).expect("answers");
        assert_eq!(words, whole, "{bytes}");
    }
    let desk = city.open_with(ANY);
    let repeated = city.compared(&desk, &request);
    assert_eq!(repeated.at, done.at);
    let (_, words) = desk
        .answers(&repeated.owner, &repeated.id)
        .expect("answers");
    assert_eq!(words, whole, "to ask again tells nothing new");
}

impl City {
    /// Changes a person's marital status to what it is not.
    fn marry(&self, person: &Value) {
        let clerk = load::Clerk::open(self.store.clone()).expect("a clerk");
        let status = if text(person, "maritalStatus").starts_with('2') {
            "10"
        } else {
            "20"
        };
        let call = load::Call {
            verb: load::Verb::Change,
            collection: "person".to_string(),
            id: person["id"].as_str().map(str::to_string),
            department: Some("civil-affairs".to_string()),
            key: None,
            expected: load::Expected::Any,
            body: json!({ "properties": { "maritalStatus": status } })
                .to_string()
                .into_bytes(),
        };
        clerk
            .write(&call, Duration::from_secs(30))
            .expect("written");
    }
}

#[test]
fn no_list_singles_anybody_out() {
    let mut city = City::new();
    city.agreement.columns.truncate(1);
    let desk = city.open();
    let state = |request: &Request| {
        let done = city.compared(&desk, request);
        (
            done.state,
            done.problem.map(|problem| problem.code.to_string()),
        )
    };
    let refused = (State::Refused, Some("comparison-singles-out".to_string()));
    let done = (State::Done, None);
    // Nine people, and junk that looks like more.
    let mut padded = city.request(0..9);
    padded
        .keys
        .extend((0..50).map(|n| json!(format!("1101301990010199{n:02}"))));
    assert_eq!(state(&padded), refused);
    assert_eq!(state(&city.request(0..100)), done);
    for (range, expected) in [
        (0..100, &done),
        (0..101, &refused),
        (1..100, &refused),
        (0..90, &done),
        // Differs from the list before by ten, from the first by one.
        (0..99, &refused),
        (200..260, &done),
        (259..320, &refused),
    ] {
        assert_eq!(state(&city.request(range.clone())), *expected, "{range:?}");
    }
    // Another department has asked nothing yet.
    let caller = caller("k9", "civil-affairs");
    let asking = Asking {
        caller: &caller,
        purpose: &Purpose::default(),
    };
    let other = desk.receive(asking, &[city.agreement.clone()], &city.request(0..101));
    let other = other.expect("received");
    let other = desk
        .get("department:civil-affairs", &other.id, WAIT)
        .expect("a comparison");
    assert_eq!(other.state, State::Done);
}

#[test]
fn no_area_singles_anybody_out() {
    let mut city = City::new();
    let desk = city.open();
    let places = city.people.iter().filter_map(|one| {
        let point = one["geometry"]["coordinates"].as_array()?;
        Some((point[0].as_f64()?, point[1].as_f64()?))
    });
    let places: Vec<(f64, f64)> = places.collect();
    // Somebody in the area with few about.
    let by = 0.00005;
    let (lon, lat) = *places
        .iter()
        .find(|(lon, lat)| {
            let is_inside = (116.21..=116.49).contains(lon) && (39.71..=40.09).contains(lat);
            let is_near = |other: &&(f64, f64)| {
                (other.0 - lon).abs() < 2.0 * by && (other.1 - lat).abs() < 2.0 * by
            };
            is_inside && places.iter().filter(is_near).count() < 10
        })
        .expect("somebody in the area");
    let around = |metres: f64| {
        let by = metres / 100_000.0;
        let (w, e, s, n) = (lon - by, lon + by, lat - by, lat + by);
        format!("s_intersects(location, POLYGON(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s})))")
    };
    let request = city.request(0..100);
    for filter in [
        around(5.0),
        // All of them but those in a small square.
        format!("s_intersects(location, {AREA}) AND NOT ({})", around(5.0)),
    ] {
        city.agreement.columns = vec![
            column("area", &format!("s_intersects(location, {AREA})")),
            column("shaved", &filter),
        ];
        let compared = city.compared(&desk, &request);
        let answered = compared.totals;
        let problem = compared
            .problem
            .unwrap_or_else(|| panic!("{filter} is answered: {answered:?}"));
        assert_eq!(problem.code, "comparison-too-narrow", "{filter}");
        assert!(problem.field.contains("shaved"), "{}", problem.field);
    }
}

#[test]
fn only_what_was_agreed_is_received() {
    let city = City::new();
    let desk = city.open_with(Terms {
        waiting: 2,
        ..Terms::default()
    });
    let own = caller("k1", "health");
    let purpose = Purpose::default();
    let asking = Asking {
        caller: &own,
        purpose: &purpose,
    };
    let agreed = Agreement {
        quota: Some(120),
        columns: city.agreement.columns[..1].to_vec(),
        ..city.agreement.clone()
    };
    let receive = |request: &Request| {
        let received = desk.receive(asking, std::slice::from_ref(&agreed), request);
        if let Ok(received) = &received {
            desk.get(&received.owner, &received.id, WAIT)
                .expect("a comparison");
        }
        received
    };
    let codes = |error: ListError| error.problem().code.to_string();
    let mut request = city.request(0..100);
    request.grant = "g2".to_string();
    assert_eq!(
        codes(receive(&request).expect_err("refused")),
        "comparison-not-granted"
    );
    request.grant = "g1".to_string();
    for columns in [vec!["salary"], vec!["married", "married"]] {
        request.columns = columns.into_iter().map(str::to_string).collect();
        assert_eq!(
            codes(receive(&request).expect_err("refused")),
            "comparison-not-agreed"
        );
    }
    request.columns = vec!["married".to_string()];
    for key in [
        json!({ "name": "王芳" }),
        json!(["1"]),
        json!(null),
        json!(""),
        json!("1".repeat(999)),
    ] {
        let mut wrong = request.clone();
        wrong.keys.push(key);
        let error = receive(&wrong).expect_err("refused");
        assert_eq!(error.problem().field, "keys[100]");
        assert!(!error.to_string().contains("王芳"));
    }
    let empty = Request {
        keys: Vec::new(),
        ..request.clone()
    };
    assert_eq!(
        codes(receive(&empty).expect_err("refused")),
        "bad-parameter"
    );
    let received = receive(&request).expect("received");
    // What is left of the quota does not suffice, however the first list fared.
    assert!(matches!(
        receive(&city.request(0..100)),
        Err(ListError::Quota { left: 20, .. })
    ));
    assert!(receive(&city.request(0..20)).is_ok());
    only_its_owner_finds_it(&city, &desk, &received);
}

fn only_its_owner_finds_it(city: &City, desk: &Comparisons, received: &Comparison) {
    // Nobody else's is to be found.
    for owner in ["department:civil-affairs", "caller:k1", ""] {
        let found = desk.get(owner, &received.id, Duration::ZERO);
        assert!(matches!(found, Err(ListError::NotFound(_))));
        assert!(desk.list(owner).is_empty());
    }
    assert_eq!(desk.list(&received.owner).len(), 2);
    let gone = desk
        .discard(&received.owner, &received.id)
        .expect("discarded");
    assert_eq!(gone.state, State::Discarded);
    assert!(matches!(
        desk.answers(&gone.owner, &gone.id),
        Err(ListError::State("discarded"))
    ));
    let folder = city.comparisons().join(&received.id);
    assert!(!folder.join("keys.json").exists() && !folder.join("answers").exists());
}

#[test]
fn agreed_columns_are_checked_when_they_are_agreed() {
    let city = City::new();
    let context = Context::new(&city.store, Limits::default());
    for column in &city.agreement.columns {
        column.check(&context, "person").expect("a sound column");
    }
    for (name, filter) in [
        ("a b", "sex = '1'"),
        ("", "sex = '1'"),
        ("x", "salary > 1"),
        ("x", "sex = "),
    ] {
        assert!(
            column(name, filter).check(&context, "person").is_err(),
            "{name} {filter}"
        );
    }
}

#[test]
fn lists_come_as_tables_of_either_encoding() {
    let city = City::new();
    let collection = city
        .store
        .catalog()
        .collection("person")
        .expect("persons")
        .clone();
    let keys = |file: &[u8]| compare::list::request::keys_of_csv(&collection, file);
    let expected = vec![
        json!({ "identityNumber": "1" }),
        json!({ "identityNumber": "2" }),
    ];
    let gb = encoding_rs::GB18030
        .encode("公民身份号码\r\n1\r\n2\r\n")
        .0
        .into_owned();
    for file in [
        "identityNumber\n1\n2\n".as_bytes(),
        "\u{feff}公民身份号码\r\n 1 \r\n\"2\"\r\n".as_bytes(),
        "key\n1\n2".as_bytes(),
        gb.as_slice(),
    ] {
        assert_eq!(keys(file).expect("keys"), expected);
    }
    for wrong in [
        "",
        "name\n王芳\n",
        "key,name\n1,王芳\n",
        "key,key\n1,2\n",
        "key\n1,2\n",
    ] {
        assert!(keys(wrong.as_bytes()).is_err(), "{wrong}");
    }
    let many = format!("key\n{}", "1\n".repeat(compare::list::MOST_KEYS + 1));
    assert!(keys(many.as_bytes()).is_err());
}
