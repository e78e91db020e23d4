//! The fold against an evaluation of one pair of times after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use record::{
    Day, EntityId, FieldNumber, Fields, Reference, RegisterLetter, Statement, StatementKind,
    StatementPosition, Transaction, Validity, Value,
};
use schema::{Catalog, Collection};

use super::{Rectangle, Spoken, Target, TargetRectangle, Targets, fold};
use crate::store::StoreError;

const DAYS: std::ops::Range<i32> = 0..10;
const LAST: u64 = 7;
const DEPARTMENTS: [&str; 3] = ["public-security", "civil-affairs", "health"];

/// Targets by key, each with a history of its addresses' texts.
#[derive(Debug)]
struct Known(BTreeMap<String, Arc<Target>>);

impl Targets for Known {
    fn target(&self, _: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError> {
        Ok(self.0.get(key).cloned())
    }
}

fn collection() -> Arc<Collection> {
    let catalog = Catalog::embedded().expect("schemas");
    catalog.collection("person").expect("persons").clone()
}

fn number(collection: &Collection, name: &str) -> FieldNumber {
    collection.number(name).expect("a field")
}

fn validity() -> impl Strategy<Value = Validity> {
    let from = prop_oneof![Just(Day::MIN), DAYS.prop_map(Day)];
    let to = prop_oneof![Just(Day::MAX), DAYS.prop_map(Day)];
    (from, to).prop_filter_map("empty", |(from, to)| Validity::new(from, to))
}

fn fields(collection: &Arc<Collection>) -> impl Strategy<Value = Fields> + use<> {
    let field = |name: &str, values: Vec<Value>| {
        let number = number(collection, name);
        proptest::option::of(
            proptest::sample::select(values).prop_map(move |value| (number, value)),
        )
    };
    let texts = |texts: &[&str]| {
        let mut values: Vec<Value> = texts.iter().map(|text| Value::text(text)).collect();
        values.push(Value::Null);
        values
    };
    let references = ["A", "B", "C"].map(|key| {
        Value::Reference(Reference {
            key: key.into(),
            target: None,
        })
    });
    (
        field("name", texts(&["王伟", "李芳"])),
        field("sex", texts(&["1", "2"])),
        field("maritalStatus", texts(&["10", "20"])),
        field("currentAddress", references.to_vec()),
        field("registeredAddress", references.to_vec()),
    )
        .prop_map(|(one, two, three, four, five)| {
            let mut fields: Fields = [one, two, three, four, five]
                .into_iter()
                .flatten()
                .collect();
            fields.sort_by_key(|(number, _)| *number);
            fields
        })
}

/// Statements in the order in which they became known; some end a view, some withdraw an earlier one.
fn spoken(collection: &Arc<Collection>) -> impl Strategy<Value = Vec<Spoken>> + use<> {
    let one = (
        1..LAST,
        proptest::sample::select(DEPARTMENTS.to_vec()),
        validity(),
        fields(collection),
        0..10u8,
        any::<proptest::sample::Index>(),
    );
    proptest::collection::vec(one, 1..8).prop_map(|mut all| {
        all.sort_by_key(|one| one.0);
        let position = |place: usize| StatementPosition {
            block: 3 + place as u64 / 2,
            place: place as u32 % 2,
        };
        all.into_iter()
            .enumerate()
            .map(
                |(place, (known, department, validity, fields, dice, earlier))| {
                    let kind = match dice {
                        0 | 1 => StatementKind::End,
                        2 if place > 0 => StatementKind::Retract(position(earlier.index(place))),
                        _ => StatementKind::Assert(fields),
                    };
                    let entity = EntityId::new(RegisterLetter::Person, 1).expect("small");
                    Spoken {
                        position: position(place),
                        known: Transaction(known),
                        department: Arc::from(department),
                        statement: Statement {
                            entity,
                            line: place as u64,
                            validity,
                            kind,
                        },
                    }
                },
            )
            .collect()
    })
}

/// Targets A and B, of any history without overlaps; C is never known.
fn targets() -> impl Strategy<Value = Known> {
    let history = (1..LAST, 1..LAST, DAYS, any::<bool>());
    (history.clone(), history).prop_map(|(one, other)| {
        let target = |name: &str, (first, second, day, gap): (u64, u64, i32, bool)| {
            let (from, to) = (first.min(second), first.max(second) + 1);
            let text = |text: &str| [("text".to_string(), Value::text(text))].into();
            let rectangle = |from: Day, to: Day, known: (u64, u64), value: &str| TargetRectangle {
                validity: Validity { from, to },
                known: (Transaction(known.0), Transaction(known.1)),
                values: text(value),
            };
            let mut rectangles = vec![
                rectangle(Day::MIN, Day::MAX, (from, to), name),
                rectangle(Day::MIN, Day(day), (to, u64::MAX), name),
            ];
            if !gap {
                rectangles.push(rectangle(Day(day), Day::MAX, (to, u64::MAX), "moved"));
            }
            let id =
                EntityId::new(RegisterLetter::Spatial, 7 + u64::from(name == "B")).expect("small");
            (
                name.to_string(),
                Arc::new(Target {
                    id,
                    known_from: Transaction(from),
                    rectangles,
                }),
            )
        };
        Known([target("A", one), target("B", other)].into())
    })
}

/// The record on one day as known by one transaction: departments' views painted in order, then one
/// value a field, then references.
fn evaluate(
    collection: &Collection,
    spoken: &[Spoken],
    targets: &Known,
    day: Day,
    known: Transaction,
) -> Option<(Fields, Vec<String>)> {
    let told: Vec<&Spoken> = spoken.iter().filter(|one| one.known <= known).collect();
    let mut views: BTreeMap<&str, BTreeMap<FieldNumber, (usize, Value)>> = BTreeMap::new();
    for (order, one) in told.iter().enumerate() {
        let withdrawn = told.iter().any(|other| {
            matches!(other.statement.kind, StatementKind::Retract(position) if position == one.position)
        });
        let validity = one.statement.validity;
        if withdrawn || day < validity.from || validity.to <= day {
            continue;
        }
        match &one.statement.kind {
            StatementKind::Retract(_) => {}
            StatementKind::End => drop(views.remove(&*one.department)),
            StatementKind::Assert(fields) => {
                let view = views.entry(&one.department).or_default();
                for (number, value) in fields {
                    view.insert(*number, (order, value.clone()));
                }
            }
        }
    }
    if views.is_empty() {
        return None;
    }
    let mut composed: BTreeMap<FieldNumber, Value> = BTreeMap::new();
    for field in &collection.fields {
        let responsible = views
            .get(field.department.as_str())
            .and_then(|view| view.get(&field.number));
        let latest = views
            .values()
            .filter_map(|view| view.get(&field.number))
            .max_by_key(|(order, _)| *order);
        if let Some((_, value)) = responsible.or(latest)
            && !value.is_null()
        {
            composed.insert(field.number, value.clone());
        }
    }
    let target = |value: &Value| match value {
        Value::Reference(reference) => targets
            .0
            .get(reference.key.as_str())
            .filter(|one| one.known_from <= known),
        _ => None,
    };
    let text = ["currentAddress", "registeredAddress"]
        .iter()
        .find_map(|name| {
            let target = target(composed.get(&number(collection, name))?)?;
            let covering = target.rectangles.iter().find(|one| {
                one.validity.contains(day) && one.known.0 <= known && known < one.known.1
            });
            covering?.values.get("text").cloned()
        });
    let mut held = Vec::new();
    for value in composed.values_mut() {
        let found = target(value).map(|target| target.id);
        if let Value::Reference(reference) = value {
            reference.target = found;
            if found.is_none() {
                held.push(reference.key.to_string());
            }
        }
    }
    composed.extend(text.map(|text| (number(collection, "addressText"), text)));
    Some((composed.into_iter().collect(), held))
}

fn covers(rectangle: &Rectangle, day: Day, known: Transaction) -> bool {
    rectangle.validity.contains(day) && rectangle.known_from <= known && known < rectangle.known_to
}

fn content(rectangle: &Rectangle) -> (Fields, Vec<String>) {
    (
        rectangle.fields.clone(),
        rectangle.held.iter().map(|held| held.key.clone()).collect(),
    )
}

/// Whether two rectangles of the same content could be one: they share a whole side.
fn could_be_one(one: &Rectangle, other: &Rectangle) -> bool {
    let same_known = one.known_from == other.known_from && one.known_to == other.known_to;
    let beside = same_known && one.validity.to == other.validity.from;
    let after = one.validity == other.validity && one.known_to == other.known_from;
    (beside || after) && content(one) == content(other)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_pair_of_times_has_the_record_that_the_statements_give(
        spoken in spoken(&collection()),
        targets in targets(),
    ) {
        let collection = collection();
        let rectangles = fold(&collection, &spoken, &targets, &|_| {}).expect("a fold");
        let mut days: Vec<Day> = (DAYS.start - 1..DAYS.end + 1).map(Day).collect();
        days.extend([Day::MIN, Day(i32::MAX - 1)]);
        for known in (0..=LAST + 2).map(Transaction) {
            for day in &days {
                let covering: Vec<&Rectangle> =
                    rectangles.iter().filter(|one| covers(one, *day, known)).collect();
                prop_assert!(covering.len() <= 1, "overlap on {day} as known by {known:?}: {covering:#?}");
                let found = covering.first().map(|one| content(one));
                let expected = evaluate(&collection, &spoken, &targets, *day, known);
                prop_assert_eq!(found, expected, "on {} as known by {:?}", day, known);
            }
        }
        for one in &rectangles {
            for other in &rectangles {
                prop_assert!(!could_be_one(one, other), "not joined: {one:#?} {other:#?}");
            }
        }
        let order: Vec<_> = rectangles.iter().map(|one| (one.known_from, one.validity.from)).collect();
        prop_assert!(order.is_sorted(), "out of order: {order:?}");
        if !rectangles.is_empty() {
            // The index is all that leads from an entity to its statements.
            let borne: BTreeSet<StatementPosition> =
                rectangles.iter().flat_map(|one| one.statements.iter().copied()).collect();
            let said: BTreeSet<StatementPosition> = spoken.iter().map(|one| one.position).collect();
            prop_assert_eq!(borne, said);
        }
    }
}
