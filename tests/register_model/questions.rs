//! Random questions, and what both registers answer.

use std::collections::{BTreeMap, BTreeSet};

use record::{AsOf, CompactString, Comparison, Day, Predicate, Transaction, Validity, Value};
use register::{
    Deadline, Direction, Embedded, GroupKey, Grouping, Measure, MeasureKind, MeasureValue, Search,
    Sort, SortKey, Store, TimeScope, View,
};

use super::naive::{Composed, Kind, Naive, degrees, metres_between};
use super::{DIVISIONS, NAMES, TEXTS};
use crate::random::Random;

/// Asks one question of each kind at one pair of times.
pub fn ask(random: &mut Random, store: &Embedded, naive: &Naive) {
    let collection = random.one(&["address", "person", "household"]);
    let (days, known, time) = times(random, naive);
    let view = store.view();
    // Of each record how it is on the last of the days on which it is at all.
    let mut records: BTreeMap<u64, Composed> = BTreeMap::new();
    for day in (days.from.0..days.to.0).rev() {
        for (number, record) in naive.records(collection, Day(day), known) {
            records.entry(number).or_insert(record);
        }
    }
    let at = format!("{collection} at {time:?}");
    reads(
        view.as_ref(),
        naive,
        (collection, days, time, known),
        &records,
        &at,
    );
    keys(
        view.as_ref(),
        naive,
        (collection, time, known),
        &records,
        &at,
    );
    for _ in 0..12 {
        let predicate = predicate(random, naive, collection, 2);
        let expected: BTreeMap<u64, Composed> = records
            .iter()
            .filter(|(number, record)| naive.matches(collection, **number, record, &predicate))
            .map(|(number, record)| (*number, record.clone()))
            .collect();
        let at = format!("{at}: {predicate:?}");
        search(view.as_ref(), collection, &predicate, time, &expected, &at);
        group(
            random,
            view.as_ref(),
            collection,
            &predicate,
            time,
            &expected,
            &at,
        );
    }
    if naive.collection(collection).location.is_some() {
        nearest(
            random,
            view.as_ref(),
            naive,
            collection,
            time,
            &records,
            &at,
        );
    }
}

/// Every entity is read as the list has it, and leads to the one it was merged into.
fn reads(
    view: &dyn View,
    naive: &Naive,
    (collection, days, time, known): (&str, Validity, TimeScope, u64),
    records: &BTreeMap<u64, Composed>,
    at: &str,
) {
    for number in naive.entities(collection) {
        let id = naive.id(collection, number);
        let found = view.read(collection, id, time).expect("an answer");
        let body = found.as_ref().map(|record| json(&record.body));
        let expected = records
            .get(&number)
            .map(|record| naive.body(collection, record));
        assert_eq!(body, expected, "{at}: {id}");
        if let Some(found) = found {
            let holds = found.validity.intersection(days).is_some();
            assert!(holds, "{at}: {found:?}");
            assert!(
                found.known.0.0 <= known && known < found.known.1.0,
                "{at}: {found:?}"
            );
        }
        let successor = naive.successor(collection, number, known);
        assert_eq!(
            view.successor(collection, id, Transaction(known))
                .expect("an answer"),
            (successor != number).then(|| naive.id(collection, successor)),
            "{at}: {id}"
        );
    }
}

/// Every key leads to its entity, or to the one it was merged into.
fn keys(
    view: &dyn View,
    naive: &Naive,
    (collection, time, known): (&str, TimeScope, u64),
    records: &BTreeMap<u64, Composed>,
    at: &str,
) {
    let own = naive
        .keys
        .iter()
        .filter(|((name, _), _)| name == collection);
    for ((_, key), number) in own {
        let found = view
            .lookup(collection, &[Value::text(key)], time)
            .expect("an answer");
        let successor = naive.successor(collection, *number, known);
        let expected = records
            .contains_key(&successor)
            .then(|| naive.id(collection, successor));
        assert_eq!(found.map(|record| record.id), expected, "{at}: {key}");
    }
}

/// The days asked about, the transaction, and how a store is asked.
fn times(random: &mut Random, naive: &Naive) -> (Validity, u64, TimeScope) {
    let today = register::today();
    let day = |random: &mut Random| match random.below(6) {
        0 => Day(0),
        1 => Day(today.0 + 10_000),
        _ => Day(random.between(today.0 - 25, today.0 + 25)),
    };
    let until = |from: Day, days: i32| Validity {
        from,
        to: Day(from.0 + days),
    };
    match random.below(4) {
        0 => (until(today, 1), naive.last, TimeScope::Present(today)),
        1 => {
            let days = until(day(random), random.between(1, 20));
            let known = random.below(naive.last + 1);
            let time = TimeScope::During(days, Transaction(known));
            (days, known, time)
        }
        _ => {
            let valid = day(random);
            let known = random.below(naive.last + 1);
            let as_of = AsOf {
                valid,
                known: Transaction(known),
            };
            (until(valid, 1), known, TimeScope::At(as_of))
        }
    }
}

fn json(body: &str) -> serde_json::Value {
    serde_json::from_str(body).expect("JSON")
}

fn search(
    view: &dyn View,
    collection: &str,
    predicate: &Predicate,
    time: TimeScope,
    expected: &BTreeMap<u64, Composed>,
    at: &str,
) {
    let mut found = Vec::new();
    let mut after = None;
    // Pages of three, so that cursors are tried too.
    loop {
        let search = Search {
            predicate,
            time,
            sort: &[],
            after: after.as_ref(),
            limit: 3,
            deadline: Deadline::NONE,
        };
        let page = view.search(collection, &search).expect("a page");
        assert_eq!(page.total, expected.len() as u64, "{at}");
        found.extend(page.records.iter().map(|record| record.id.number()));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, expected.keys().copied().collect::<Vec<_>>(), "{at}");
    let count = view
        .count(collection, predicate, time, Deadline::NONE)
        .expect("a count");
    assert_eq!(count, expected.len() as u64, "{at}");
}

fn group(
    random: &mut Random,
    view: &dyn View,
    collection: &str,
    predicate: &Predicate,
    time: TimeScope,
    expected: &BTreeMap<u64, Composed>,
    at: &str,
) {
    let (code, date, reference) = match collection {
        "person" => ("sex", "birthDate", "household"),
        "household" => ("kind", "established", "head"),
        _ => ("postcode", "", "road"),
    };
    let mut keys = vec![GroupKey::Division {
        field: CompactString::default(),
        digits: random.one(&[2, 4, 6, 9, 12]),
    }];
    if collection != "address" {
        keys.push(GroupKey::Field(code.into()));
        keys.push(GroupKey::Field(reference.into()));
        keys.push(GroupKey::Year(date.into()));
        keys.push(GroupKey::Month(date.into()));
    }
    let mut key = || keys[random.below(keys.len() as u64) as usize].clone();
    let keys = vec![key(), key()];
    let mut measures = vec![Measure {
        kind: MeasureKind::Count,
        field: None,
    }];
    if !date.is_empty() {
        for kind in [MeasureKind::Count, MeasureKind::Min, MeasureKind::Max] {
            measures.push(Measure {
                kind,
                field: Some(date.into()),
            });
        }
    }
    let key_of = |record: &Composed, key: &GroupKey| -> Option<String> {
        let text = |name: &str| match record.values.get(name)? {
            Value::Text(text) => Some(text.to_string()),
            Value::Date(date) => Some(date.first_day().to_string()),
            other => panic!("not grouped by: {other:?}"),
        };
        match key {
            GroupKey::Field(name) => text(name),
            GroupKey::Division { digits, .. } => Some(text("division")?[..*digits].to_string()),
            GroupKey::Year(name) => Some(text(name)?[..4].to_string()),
            GroupKey::Month(name) => Some(text(name)?[..7].to_string()),
            _ => panic!("not grouped by"),
        }
    };
    type Totals = (u64, Vec<Day>);
    let mut groups: BTreeMap<Vec<Option<String>>, Totals> = BTreeMap::new();
    for record in expected.values() {
        let key = keys.iter().map(|key| key_of(record, key)).collect();
        let totals = groups.entry(key).or_default();
        totals.0 += 1;
        if let Some(Value::Date(date)) = record.values.get(date) {
            totals.1.push(date.first_day());
        }
    }
    let grouping = Grouping {
        keys: keys.clone(),
        measures: measures.clone(),
        limit: 10_000,
    };
    let found = view
        .group(collection, predicate, time, &grouping, Deadline::NONE)
        .expect("groups");
    assert_eq!(
        found.len(),
        groups.len(),
        "{at} {keys:?}: {found:?} {groups:?}"
    );
    for group in found {
        let key: Vec<Option<String>> = group
            .key
            .iter()
            .map(|key| key.as_ref().map(ToString::to_string))
            .collect();
        let (count, days) = groups
            .get(&key)
            .unwrap_or_else(|| panic!("{at}: no group {key:?}"));
        assert_eq!(group.count, *count, "{at} {key:?}");
        let day =
            |day: Option<&Day>| day.map_or(MeasureValue::Missing, |day| MeasureValue::Day(*day));
        let mut expected = vec![MeasureValue::Count(*count)];
        if !date.is_empty() {
            expected.push(MeasureValue::Count(days.len() as u64));
            expected.push(day(days.iter().min()));
            expected.push(day(days.iter().max()));
        }
        assert_eq!(group.measures, expected, "{at} {keys:?} {key:?}");
    }
}

/// The k nearest, by their distances.
fn nearest(
    random: &mut Random,
    view: &dyn View,
    naive: &Naive,
    collection: &str,
    time: TimeScope,
    records: &BTreeMap<u64, Composed>,
    at: &str,
) {
    let centre = place(random);
    let limit = 1 + random.below(4) as usize;
    let schema = naive.collection(collection);
    let mut expected: Vec<f64> = records
        .values()
        .map(|record| {
            degrees(schema, record).map_or(f64::MAX, |place| metres_between(place, centre))
        })
        .collect();
    expected.sort_by(f64::total_cmp);
    expected.truncate(limit);
    let sort = [Sort {
        key: SortKey::Distance(centre.0, centre.1),
        direction: Direction::Ascending,
    }];
    let search = Search {
        predicate: &Predicate::All,
        time,
        sort: &sort,
        after: None,
        limit,
        deadline: Deadline::NONE,
    };
    let page = view.search(collection, &search).expect("a page");
    let found: Vec<f64> = page
        .records
        .iter()
        .map(|record| index::search::distance_of(&record.values[0]).unwrap_or(f64::MAX))
        .collect();
    let close = found.len() == expected.len()
        && found
            .iter()
            .zip(&expected)
            .all(|(one, other)| (one - other).abs() < 0.01);
    assert!(close, "{at}: {found:?}, expected {expected:?}");
}

fn place(random: &mut Random) -> (f64, f64) {
    let (lon, lat) = (
        random.between(1_162_990_500, 1_163_050_500),
        random.between(399_790_500, 399_850_500),
    );
    (f64::from(lon) / 1e7, f64::from(lat) / 1e7)
}

fn predicate(random: &mut Random, naive: &Naive, collection: &str, depth: usize) -> Predicate {
    if depth > 0 && random.percent(40) {
        return combined(random, naive, collection, depth - 1);
    }
    let (date, reference, target) = match collection {
        "person" => ("birthDate", "currentAddress", "address"),
        "household" => ("established", "head", "person"),
        _ => ("", "", ""),
    };
    let comparison = random.one(&[
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ]);
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let kind = random.below(13);
    match kind {
        0 if !date.is_empty() => compare(date, comparison, Value::Date(super::date(random))),
        1 if !target.is_empty() && is_equality => {
            compared_reference(random, naive, (reference, target), comparison)
        }
        2 if collection == "person" => one_of_names(random),
        3 if collection == "person" && is_equality => {
            compare("sex", comparison, Value::text(random.one(&["1", "2"])))
        }
        4 => missing(random, collection),
        5 if collection == "person" => {
            let pattern = random.one(&["王%", "%伟", "王_伟", "%伟%", "李芳", "_伟%"]);
            Predicate::Like {
                field: "name".into(),
                pattern: pattern.into(),
            }
        }
        6 | 7 => phrases(random, collection),
        8 => within_division(random),
        9 => in_box(random),
        10 => {
            let (lon, lat) = place(random);
            Predicate::Near {
                lon,
                lat,
                metres: f64::from(random.between(1, 400)) + 0.37,
            }
        }
        11 => some_ids(random, naive, collection),
        12 => marked(random, collection),
        _ if collection == "address" => compare("code", Comparison::Equal, Value::text("A1")),
        _ => Predicate::Text {
            fields: Vec::new(),
            query: random.one(&TEXTS).into(),
        },
    }
}

/// Two questions, or one, put together to another.
fn combined(random: &mut Random, naive: &Naive, collection: &str, depth: usize) -> Predicate {
    let mut one = || predicate(random, naive, collection, depth);
    let (first, second) = (one(), one());
    match random.below(3) {
        0 => Predicate::And(vec![first, second]),
        1 => Predicate::Or(vec![first, second]),
        _ => Predicate::Not(Box::new(first)),
    }
}

/// A field compared with a value.
fn compare(field: &str, comparison: Comparison, value: Value) -> Predicate {
    Predicate::Compare {
        field: field.into(),
        comparison,
        value,
    }
}

/// A reference compared with an entity; all records where there is no such entity.
fn compared_reference(
    random: &mut Random,
    naive: &Naive,
    (reference, target): (&str, &str),
    comparison: Comparison,
) -> Predicate {
    let entities: Vec<u64> = naive.entities(target).into_iter().collect();
    let Some(number) = entities.get(random.below(12) as usize) else {
        return Predicate::All;
    };
    compare(
        reference,
        comparison,
        Value::text(&naive.id(target, *number).to_string()),
    )
}

/// A name that is one of two.
fn one_of_names(random: &mut Random) -> Predicate {
    let values = vec![
        Value::text(random.one(&NAMES)),
        Value::text(random.one(&NAMES)),
    ];
    Predicate::In {
        field: "name".into(),
        values,
    }
}

/// A field without a value.
fn missing(random: &mut Random, collection: &str) -> Predicate {
    let fields: &[&str] = match collection {
        "person" => &[
            "name",
            "birthDate",
            "currentAddress",
            "location",
            "addressText",
            "division",
        ],
        "household" => &["kind", "head", "location", "addressText"],
        _ => &["text", "division", "location"],
    };
    Predicate::IsNull {
        field: random.one(fields).into(),
    }
}

/// Phrases in some fields, or in all that are searched for text.
fn phrases(random: &mut Random, collection: &str) -> Predicate {
    let query = random.one(&[
        "中关村",
        "大街",
        "街",
        "三号 南",
        "路",
        "王",
        "伟芳",
        "芳 解放",
        "一号",
    ]);
    let fields = match (collection, random.below(3)) {
        ("person", 0) => vec!["name".into()],
        ("person", 1) => vec!["addressText".into(), "formerNames".into()],
        _ => Vec::new(),
    };
    Predicate::Text {
        fields,
        query: query.into(),
    }
}

/// A division of any level.
fn within_division(random: &mut Random) -> Predicate {
    let digits = random.one(&[2, 4, 6, 9, 12]);
    let code = random.one(&DIVISIONS)[..digits].into();
    Predicate::WithinDivision {
        field: CompactString::default(),
        code,
    }
}

/// A box between two places.
fn in_box(random: &mut Random) -> Predicate {
    let (one, other) = (place(random), place(random));
    Predicate::Box([
        one.0.min(other.0),
        one.1.min(other.1),
        one.0.max(other.0),
        one.1.max(other.1),
    ])
}

/// About half of all entities, by their ids.
fn some_ids(random: &mut Random, naive: &Naive, collection: &str) -> Predicate {
    let entities = naive.entities(collection);
    let some = entities.iter().filter(|_| random.percent(50));
    Predicate::Ids(some.map(|number| naive.id(collection, *number)).collect())
}

/// A field with a conflict or a dispute.
fn marked(random: &mut Random, collection: &str) -> Predicate {
    let field = match collection {
        "person" => random.one(&["name", "sex", "maritalStatus", "currentAddress"]),
        "household" => random.one(&["kind", "head", "address"]),
        _ => random.one(&["text", "division", "location"]),
    };
    let mark = random.one(&["conflict", "dispute"]);
    Predicate::Marked(format!("{mark}={field}").into())
}

/// Every entity's rectangles and statements: the rectangles are apart, cover just the pairs of times at
/// which the list has the record, and no statement is lost.
pub fn histories(store: &Embedded, naive: &Naive) {
    let view = store.view();
    let today = register::today().0;
    for collection in ["address", "person", "household"] {
        for number in naive.entities(collection) {
            let id = naive.id(collection, number);
            let versions = view.versions(collection, id).expect("versions");
            let mut days: BTreeSet<i32> = (today - 22..today + 22).collect();
            days.extend([i32::MIN, i32::MAX - 1]);
            for known in 0..=naive.last {
                for day in days.iter().copied().map(Day) {
                    let covering: Vec<_> = versions
                        .iter()
                        .filter(|one| one.validity.contains(day))
                        .filter(|one| one.known.0.0 <= known && known < one.known.1.0)
                        .collect();
                    assert!(
                        covering.len() <= 1,
                        "{collection} {id}: rectangles overlap: {covering:#?}"
                    );
                    let body = covering.first().map(|one| json(&one.body));
                    let expected = naive
                        .record(collection, number, day, known)
                        .map(|record| naive.body(collection, &record));
                    assert_eq!(
                        body, expected,
                        "{collection} {id} on {day} as known by {known}"
                    );
                }
            }
            said_of(view.as_ref(), naive, collection, number);
        }
    }
}

/// The statements of an entity: all that were made of it, and all that ever counted for it.
fn said_of(view: &dyn View, naive: &Naive, collection: &str, number: u64) {
    let id = naive.id(collection, number);
    let said: Vec<_> = view
        .statements(collection, id)
        .expect("statements")
        .into_iter()
        .map(|one| {
            (
                one.known.0,
                one.department.clone(),
                one.statement.line,
                one.statement.validity,
            )
        })
        .collect();
    let owners: Vec<_> = (0..=naive.last)
        .map(|known| naive.owners(collection, known))
        .collect();
    let counts = |place: usize| owners.iter().any(|all| all[place] == Some(number));
    let expected: Vec<_> = naive
        .on(collection)
        .iter()
        .enumerate()
        .filter(|(place, said)| said.entity == number || counts(*place))
        .map(|(_, said)| said)
        .map(|said| {
            (
                said.known,
                said.department.to_string(),
                said.line,
                said.validity,
            )
        })
        .collect();
    let ends = naive
        .on(collection)
        .iter()
        .filter(|said| matches!(said.kind, Kind::End))
        .count();
    assert_eq!(said, expected, "{collection} {id}, {ends} ends in all");
}
