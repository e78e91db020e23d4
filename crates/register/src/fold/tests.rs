//! The fold against an evaluation of one pair of times after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use record::{
    Day, DisputeState, EntityId, FieldNumber, Fields, Reference, RegisterLetter, Statement,
    StatementKind, StatementPosition, Transaction, Validity, Value,
};
use schema::{Catalog, Collection};

use super::{Rectangle, Spoken, Target, TargetRectangle, TargetSpan, Targets, fold, presence};
use crate::store::StoreError;

const DAYS: std::ops::Range<i32> = 0..10;
const LAST: u64 = 7;
/// Of any authority, and the last of none.
const DEPARTMENTS: [&str; 4] = ["public-security", "civil-affairs", "health", "statistics"];
/// The members of one family.
const FAMILY: [u64; 3] = [1, 2, 3];

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

fn entity(number: u64) -> EntityId {
    EntityId::new(RegisterLetter::Person, number).expect("small")
}

/// What a statement does, given where the ones before it stand.
fn kind(
    collection: &Collection,
    mut fields: Fields,
    (dice, number, other): (u8, u64, u64),
    earlier: &[StatementPosition],
    chosen: &[proptest::sample::Index],
) -> StatementKind {
    let chosen: Vec<StatementPosition> = match earlier {
        [] => Vec::new(),
        some => chosen.iter().map(|index| *index.get(some)).collect(),
    };
    match dice {
        0 | 1 => StatementKind::End,
        2 | 3 if !chosen.is_empty() => StatementKind::Retract(chosen[0]),
        4 if other != number => StatementKind::Merge {
            into: entity(other),
        },
        5 if other != number && !chosen.is_empty() => StatementKind::Split {
            to: entity(other),
            statements: chosen,
        },
        6 | 7 => StatementKind::Dispute {
            field: ["name", "sex"][usize::from(dice) - 6].into(),
            state: DisputeState::ALL[other as usize],
            note: "".into(),
        },
        _ => {
            if dice.is_multiple_of(2) {
                let key = Value::text(&format!("K{number}"));
                crate::rules::set(&mut fields, collection.key[0], key);
            }
            StatementKind::Assert(fields)
        }
    }
}

/// Statements on a family in the order in which they became known; some end a view, withdraw an earlier
/// one, merge, split, or doubt.
fn spoken(collection: &Arc<Collection>) -> impl Strategy<Value = Vec<Spoken>> + use<> {
    let one = (
        1..LAST,
        proptest::sample::select(DEPARTMENTS.to_vec()),
        validity(),
        fields(collection),
        (
            0..16u8,
            proptest::sample::select(vec![1, 1, 1, 2, 2, 3]),
            0..4u64,
        ),
        proptest::collection::vec(any::<proptest::sample::Index>(), 1..3),
    );
    let collection = collection.clone();
    proptest::collection::vec(one, 1..10).prop_map(move |mut all| {
        all.sort_by_key(|one| one.0);
        let position = |place: usize| StatementPosition {
            block: 3 + place as u64 / 2,
            place: place as u32 % 2,
        };
        let earlier: Vec<StatementPosition> = (0..all.len()).map(position).collect();
        all.into_iter()
            .enumerate()
            .map(
                |(place, (known, department, validity, fields, dice, chosen))| {
                    // A split leads to a number that may have statements of its own: that it is new
                    // makes no difference here.
                    let (dice, number, other) = dice;
                    let other = if dice < 6 { 1 + other % 3 } else { other };
                    let dice = (dice, number, other);
                    Spoken {
                        position: position(place),
                        known: Transaction(known),
                        department: Arc::from(department),
                        statement: Statement {
                            entity: entity(number),
                            line: place as u64,
                            validity,
                            kind: kind(&collection, fields, dice, &earlier[..place], &chosen),
                        },
                    }
                },
            )
            .collect()
    })
}

/// Targets A and B, of any history without overlaps, each with a gap of knowledge, after which another
/// entity stands for A; C is never known.
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
            let again = if gap { to + 1 } else { to };
            let mut rectangles = vec![
                rectangle(Day::MIN, Day::MAX, (from, to), name),
                rectangle(Day::MIN, Day(day), (again, u64::MAX), name),
            ];
            if !gap {
                rectangles.push(rectangle(Day(day), Day::MAX, (to, u64::MAX), "moved"));
            }
            let number = 7 + u64::from(name == "B");
            let id = |number| EntityId::new(RegisterLetter::Spatial, number).expect("small");
            let later = if name == "A" { 9 } else { number };
            let span = |number, from, to| TargetSpan {
                id: id(number),
                known: (Transaction(from), Transaction(to)),
            };
            let spans = vec![span(number, from, to), span(later, again, u64::MAX)];
            (name.to_string(), Arc::new(Target { spans, rectangles }))
        };
        Known([target("A", one), target("B", other)].into())
    })
}

/// What a record says: values, keys held, conflicts (field, department, value) and doubts (field, state,
/// department).
type Said = (
    Fields,
    Vec<String>,
    Vec<(FieldNumber, String, Value)>,
    Vec<(FieldNumber, DisputeState, String)>,
);

/// Whether a statement stands among these: nothing that stands withdraws it.
fn stands(told: &[&Spoken], one: &Spoken) -> bool {
    !told.iter().any(|other| {
        matches!(other.statement.kind, StatementKind::Retract(position) if position == one.position)
            && stands(told, other)
    })
}

/// For whom a statement counts: it is handed on by everything that stands, again and again.
fn owner(told: &[&Spoken], one: &Spoken) -> u64 {
    let mut owner = one.statement.entity.number();
    for _ in 0..20 {
        for other in told.iter().filter(|other| stands(told, other)) {
            if other.statement.entity.number() != owner {
                continue;
            }
            match &other.statement.kind {
                StatementKind::Merge { into } => owner = into.number(),
                StatementKind::Split { to, statements } if statements.contains(&one.position) => {
                    owner = to.number();
                }
                _ => {}
            }
        }
    }
    owner
}

/// What is said of an entity on a day: views painted in order, the key, and the latest doubts.
#[derive(Default)]
struct Told {
    /// By department and the entity of which it was said: the order in which each value was said.
    views: BTreeMap<(String, u64), BTreeMap<FieldNumber, (usize, Value)>>,
    key: Option<Value>,
    doubts: BTreeMap<FieldNumber, (usize, DisputeState, String)>,
}

fn tell(collection: &Collection, entity: u64, told: &[&Spoken], day: Day) -> Told {
    let counts = |one: &&Spoken| stands(told, one) && owner(told, one) == entity;
    let mut all = Told::default();
    for (order, one) in told.iter().enumerate().filter(|(_, one)| counts(one)) {
        let whose = (one.department.to_string(), one.statement.entity.number());
        let validity = one.statement.validity;
        let holds = validity.from <= day && day < validity.to;
        match &one.statement.kind {
            StatementKind::End if holds => drop(all.views.remove(&whose)),
            StatementKind::Assert(fields) => {
                if whose.1 == entity {
                    let key = crate::rules::get(fields, collection.key[0]).cloned();
                    all.key = key.or(all.key);
                }
                if holds {
                    let view = all.views.entry(whose).or_default();
                    for (number, value) in fields {
                        view.insert(*number, (order, value.clone()));
                    }
                }
            }
            StatementKind::Dispute { field, state, .. } => {
                let field = number(collection, field);
                all.doubts.insert(field, (order, *state, whose.0));
            }
            _ => {}
        }
    }
    all
}

/// What wins and what loses of each field but the key, and the order in which the winners were said.
type Chosen = (
    BTreeMap<FieldNumber, Value>,
    Vec<(FieldNumber, String, Value)>,
    BTreeMap<FieldNumber, usize>,
);

fn choose(collection: &Collection, all: &Told) -> Chosen {
    let mut chosen = Chosen::default();
    let key = collection.key[0];
    for field in collection.fields.iter().filter(|field| field.number != key) {
        let place = |department: &str| {
            let authority = &field.authority;
            let mut all = vec![&authority.responsible];
            all.extend(&authority.others);
            all.iter().position(|one| *one == department).unwrap_or(99)
        };
        let mut said: Vec<(usize, i64, &str, &Value)> = all
            .views
            .iter()
            .filter_map(|((department, _), view)| {
                let (order, value) = view.get(&field.number)?;
                Some((
                    place(department),
                    -(*order as i64),
                    department.as_str(),
                    value,
                ))
            })
            .collect();
        said.sort_by_key(|one| (one.0, one.1));
        let Some((_, order, _, winner)) = said.first().copied() else {
            continue;
        };
        chosen.2.insert(field.number, -order as usize);
        if !winner.is_null() {
            chosen.0.insert(field.number, winner.clone());
        }
        for (_, _, department, value) in said {
            let conflict = (field.number, department.to_string(), value.clone());
            if value != winner && !value.is_null() && !chosen.1.contains(&conflict) {
                chosen.1.push(conflict);
            }
        }
    }
    chosen
}

/// The record on one day as known by one transaction: one value a field, then references.
fn evaluate(
    collection: &Collection,
    entity: u64,
    spoken: &[Spoken],
    targets: &Known,
    day: Day,
    known: Transaction,
) -> Option<Said> {
    let told: Vec<&Spoken> = spoken.iter().filter(|one| one.known <= known).collect();
    let all = tell(collection, entity, &told, day);
    if all.views.is_empty() {
        return None;
    }
    let (mut composed, conflicts, orders) = choose(collection, &all);
    composed.extend(all.key.map(|key| (collection.key[0], key)));
    let doubts = all
        .doubts
        .into_iter()
        .filter_map(|(field, (order, state, by))| {
            let shows = match state {
                DisputeState::Removed => false,
                DisputeState::Verified => orders.get(&field).is_some_and(|winner| *winner < order),
                _ => true,
            };
            shows.then_some((field, state, by))
        });
    let doubts = doubts.collect();
    let target = |value: &Value| match value {
        Value::Reference(reference) => {
            let target = targets.0.get(reference.key.as_str())?;
            Some((target, target.at(known)?))
        }
        _ => None,
    };
    let text = ["currentAddress", "registeredAddress"]
        .iter()
        .find_map(|name| {
            let (target, _) = target(composed.get(&number(collection, name))?)?;
            let covering = target.rectangles.iter().find(|one| {
                one.validity.contains(day) && one.known.0 <= known && known < one.known.1
            });
            covering?.values.get("text").cloned()
        });
    let mut held = Vec::new();
    for value in composed.values_mut() {
        let found = target(value).map(|(_, id)| id);
        if let Value::Reference(reference) = value {
            reference.target = found;
            if found.is_none() {
                held.push(reference.key.to_string());
            }
        }
    }
    composed.extend(text.map(|text| (number(collection, "addressText"), text)));
    Some((composed.into_iter().collect(), held, conflicts, doubts))
}

fn covers(rectangle: &Rectangle, day: Day, known: Transaction) -> bool {
    rectangle.validity.contains(day) && rectangle.known_from <= known && known < rectangle.known_to
}

fn content(rectangle: &Rectangle) -> Said {
    let content = &rectangle.content;
    let held = content.held.iter().map(|held| held.key.clone());
    let conflicts = content.conflicts.iter();
    let disputes = content.disputes.iter();
    (
        content.fields.clone(),
        held.collect(),
        conflicts
            .map(|one| (one.field, one.department.to_string(), one.value.clone()))
            .collect(),
        disputes
            .map(|one| (one.field, one.state, one.by.to_string()))
            .collect(),
    )
}

/// Whether two rectangles of the same content could be one: they share a whole side.
fn could_be_one(one: &Rectangle, other: &Rectangle) -> bool {
    let same_known = one.known_from == other.known_from && one.known_to == other.known_to;
    let beside = same_known && one.validity.to == other.validity.from;
    let after = one.validity == other.validity && one.known_to == other.known_from;
    (beside || after) && one.content == other.content
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_pair_of_times_has_the_record_that_the_statements_give(
        spoken in spoken(&collection()),
        targets in targets(),
    ) {
        let collection = collection();
        let mut borne: BTreeSet<StatementPosition> = BTreeSet::new();
        let mut days: Vec<Day> = (DAYS.start - 1..DAYS.end + 1).map(Day).collect();
        days.extend([Day::MIN, Day(i32::MAX - 1)]);
        for number in FAMILY {
            let rectangles = fold(&collection, number, &spoken, &targets, &|_| {}).expect("a fold");
            let present = presence(number, &spoken);
            for known in (0..=LAST + 2).map(Transaction) {
                let mut lives = false;
                for day in &days {
                    let covering: Vec<&Rectangle> =
                        rectangles.iter().filter(|one| covers(one, *day, known)).collect();
                    prop_assert!(covering.len() <= 1, "overlap on {day} as known by {known:?}: {covering:#?}");
                    lives |= !covering.is_empty();
                    let found = covering.first().map(|one| content(one));
                    let expected = evaluate(&collection, number, &spoken, &targets, *day, known);
                    prop_assert_eq!(found, expected, "{} on {} as known by {:?}", number, day, known);
                }
                let is_present = present.iter().any(|one| one.0 <= known && known < one.1);
                prop_assert_eq!(is_present, lives, "{} as known by {:?}", number, known);
            }
            for one in &rectangles {
                for other in &rectangles {
                    prop_assert!(!could_be_one(one, other), "not joined: {one:#?} {other:#?}");
                }
            }
            let order: Vec<_> = rectangles.iter().map(|one| (one.known_from, one.validity.from)).collect();
            prop_assert!(order.is_sorted(), "out of order: {order:?}");
            borne.extend(rectangles.iter().flat_map(|one| one.statements.iter().copied()));
            if !rectangles.is_empty() {
                // The index is all that leads from an entity to the statements made of it.
                let own = spoken.iter().filter(|one| one.statement.entity.number() == number);
                prop_assert!(own.map(|one| one.position).all(|position| borne.contains(&position)));
            }
        }
    }
}

/// A statement on an entity.
fn say(place: u64, department: &str, number: u64, kind: StatementKind) -> Spoken {
    Spoken {
        position: StatementPosition {
            block: place,
            place: 0,
        },
        known: Transaction(place),
        department: Arc::from(department),
        statement: Statement {
            entity: entity(number),
            line: 0,
            validity: Validity::ALWAYS,
            kind,
        },
    }
}

#[test]
fn a_merge_unites_and_its_withdrawal_parts_again() {
    let collection = collection();
    let name = number(&collection, "name");
    let key = collection.key[0];
    let person = |key_text: &str, name_text: &str| {
        StatementKind::Assert(vec![
            (key, Value::text(key_text)),
            (name, Value::text(name_text)),
        ])
    };
    let position = |block| StatementPosition { block, place: 0 };
    let spoken = [
        say(1, "civil-affairs", 1, person("K1", "王伟")),
        say(2, "public-security", 2, person("K2", "王小伟")),
        say(
            3,
            "public-security",
            1,
            StatementKind::Merge { into: entity(2) },
        ),
        // What is said of the one later counts for the other, and an end of the one ends only that.
        say(4, "public-security", 1, StatementKind::End),
        say(5, "public-security", 1, StatementKind::Retract(position(3))),
        say(6, "public-security", 1, StatementKind::Retract(position(5))),
    ];
    let none = Known(BTreeMap::new());
    let names = |number: u64, known: u64| {
        let rectangles = fold(&collection, number, &spoken, &none, &|_| {}).expect("a fold");
        let found = rectangles
            .iter()
            .find(|one| covers(one, Day(0), Transaction(known)))?;
        let (fields, _, conflicts, _) = content(found);
        let competing: Vec<Value> = conflicts.into_iter().map(|one| one.2).collect();
        Some((crate::rules::get(&fields, name)?.clone(), competing))
    };
    let (one, other) = (Value::text("王伟"), Value::text("王小伟"));
    assert_eq!(names(1, 2), Some((one.clone(), vec![])));
    assert_eq!(names(1, 3), None);
    assert_eq!(names(2, 3), Some((other.clone(), vec![one.clone()])));
    assert_eq!(names(2, 4), Some((other.clone(), vec![one.clone()])));
    assert_eq!(names(2, 5), Some((other.clone(), vec![])));
    assert_eq!(names(1, 5), Some((one.clone(), vec![])));
    assert_eq!(names(1, 6), None);
    assert_eq!(names(2, 6), Some((other, vec![one])));
}
