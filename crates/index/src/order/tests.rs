//! What ordered columns answer, against looking at each record: with few and many hits, alone and
//! beside other conditions, through merges and deletes.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{
    Comparison, Day, EntityId, Fields, Predicate, Reference, RegisterLetter, Transaction, Validity,
    Value,
};
use schema::{Catalog, Collection};

use crate::like::Pattern;
use crate::{
    CollectionIndex, Deadline, Document, Part, Search, Snapshot, TimeScope, Writer, key_hash,
};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
        some[self.below(some.len() as u64) as usize]
    }
}

#[derive(Clone, Debug)]
struct Person {
    identity: String,
    name: Option<String>,
    sex: &'static str,
    household: Option<u64>,
}

/// A name: some surnames have thousands, some names are of one person.
fn name(random: &mut Random) -> String {
    let surname = random.of(&["王", "王", "王", "李", "李", "欧阳", "单"]);
    match random.below(3) {
        0 => format!("{surname}{}", random.of(&["伟", "芳", "敏"])),
        1 => format!("{surname}小{}", random.of(&["明", "红"])),
        _ => format!("{surname}{}", random.below(5_000)),
    }
}

struct Trial {
    collection: Arc<Collection>,
    random: Random,
    persons: BTreeMap<u64, Person>,
}

impl Trial {
    fn document(&self, number: u64, person: &Person) -> Document {
        let field = |name: &str| self.collection.number(name).expect("a field");
        let mut fields: Fields = vec![
            (field("identityNumber"), Value::text(&person.identity)),
            (field("sex"), Value::text(person.sex)),
        ];
        let name = person.name.as_ref();
        fields.extend(name.map(|name| (field("name"), Value::text(name))));
        fields.extend(person.household.map(|number| {
            let target = EntityId::new(self.collection.register, number);
            let reference = Reference {
                key: "H".into(),
                target,
            };
            (field("household"), Value::Reference(reference))
        }));
        fields.sort_by_key(|(number, _)| *number);
        Document {
            number,
            validity: Validity::ALWAYS,
            known_from: Transaction(1),
            known_to: Transaction::MAX,
            key: key_hash(&[Value::text(&person.identity)]),
            digest: 0,
            fields,
            marks: Vec::new(),
            body: person.identity.clone().into_bytes(),
            statements: Vec::new(),
        }
    }

    fn add(&mut self, writer: &mut Writer, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let random = &mut self.random;
            let person = Person {
                identity: format!("{:06}{number}", random.below(40) * 1_000),
                name: (random.below(20) > 0).then(|| name(random)),
                sex: random.of(&["1", "2"]),
                household: (random.below(10) > 0).then(|| random.below(3_000)),
            };
            let document = self.document(number, &person);
            writer.add(Part::Current, &document).expect("added");
            self.persons.insert(number, person);
        }
        writer.commit(1).expect("committed");
    }

    fn remove(&mut self, writer: &mut Writer, share: u64) {
        let gone: Vec<u64> = self.persons.keys().copied().collect();
        let gone: Vec<u64> = gone
            .into_iter()
            .filter(|_| self.random.below(100) < share)
            .collect();
        self.persons.retain(|number, _| !gone.contains(number));
        writer.forget(gone).expect("forgotten");
        writer.commit(2).expect("committed");
    }

    fn condition(&mut self, depth: u64) -> Predicate {
        let some: Vec<u64> = self.persons.keys().copied().collect();
        let random = &mut self.random;
        let mut one = || self.persons[&some[random.below(some.len() as u64) as usize]].clone();
        let (person, other) = (one(), one());
        let named = person.name.unwrap_or_else(|| "王伟".to_string());
        let compare = |field: &str, comparison, text: &str| Predicate::Compare {
            field: field.into(),
            comparison,
            value: Value::text(text),
        };
        match random.below(if depth == 0 { 9 } else { 13 }) {
            0 => compare("name", Comparison::Equal, &named),
            1 => Predicate::In {
                field: "name".into(),
                values: ["王芳", named.as_str(), "没有"].map(Value::text).into(),
            },
            2 => {
                let pattern = random.of(&["王%", "李_", "%小%", "欧阳%1_", "%9", "无%", "王小明"]);
                Predicate::Like {
                    field: "name".into(),
                    pattern: pattern.into(),
                }
            }
            3 => compare("identityNumber", Comparison::Equal, &person.identity),
            4 => {
                let pattern = format!("{}%", &person.identity[..1 + random.below(6) as usize]);
                Predicate::Like {
                    field: "identityNumber".into(),
                    pattern: pattern.into(),
                }
            }
            5 => compare(
                "identityNumber",
                [Comparison::Less, Comparison::GreaterOrEqual][random.below(2) as usize],
                &other.identity,
            ),
            6 => compare("sex", Comparison::Equal, person.sex),
            7 => Predicate::Key(vec![Value::text(&person.identity)]),
            8 => Predicate::In {
                field: "household".into(),
                values: (0..1 + random.below(4))
                    .filter_map(|_| EntityId::new(RegisterLetter::Person, random.below(3_000)))
                    .map(|id| Value::text(&id.to_string()))
                    .collect(),
            },
            9 => Predicate::Not(Box::new(self.condition(depth - 1))),
            10 => Predicate::Or(vec![self.condition(depth - 1), self.condition(depth - 1)]),
            _ => Predicate::And((0..2 + depth).map(|_| self.condition(depth - 1)).collect()),
        }
    }

    fn check(&mut self, snapshot: &Snapshot, questions: usize) {
        for _ in 0..questions {
            let predicate = self.condition(2);
            let expected: Vec<u64> = self
                .persons
                .iter()
                .filter(|(_, person)| holds(&predicate, person))
                .map(|(number, _)| *number)
                .collect();
            let time = TimeScope::Present(Day(0));
            let search = Search {
                predicate: &predicate,
                time,
                sort: &[],
                after: None,
                limit: usize::MAX,
                deadline: Deadline::NONE,
            };
            let found = snapshot.search(&search).expect("found");
            let numbers: Vec<u64> = found.hits.iter().map(|hit| hit.number).collect();
            assert_eq!(numbers, expected, "{predicate:?}");
            let count = snapshot.count(&predicate, time, Deadline::NONE);
            assert_eq!(
                count.expect("counted"),
                expected.len() as u64,
                "{predicate:?}"
            );
            if let Some(hit) = found.hits.last() {
                let body = snapshot.body(hit.address).expect("a body");
                assert_eq!(body, self.persons[&hit.number].identity.as_bytes());
            }
        }
    }
}

/// Whether a person meets a condition, by looking.
fn holds(predicate: &Predicate, person: &Person) -> bool {
    let text = |field: &str| match field {
        "name" => person.name.as_deref(),
        "sex" => Some(person.sex),
        _ => Some(person.identity.as_str()),
    };
    match predicate {
        Predicate::And(all) => all.iter().all(|one| holds(one, person)),
        Predicate::Or(any) => any.iter().any(|one| holds(one, person)),
        Predicate::Not(one) => !holds(one, person),
        Predicate::Compare {
            field,
            comparison,
            value,
        } => text(field)
            .zip(value.as_text())
            .is_some_and(|(text, value)| match comparison {
                Comparison::Equal => text == value,
                Comparison::Less => text < value,
                _ => text >= value,
            }),
        Predicate::In { field, values } if field == "household" => {
            let id = person
                .household
                .and_then(|number| EntityId::new(RegisterLetter::Person, number));
            id.is_some_and(|id| values.contains(&Value::text(&id.to_string())))
        }
        Predicate::In { field, values } => {
            text(field).is_some_and(|text| values.contains(&Value::text(text)))
        }
        Predicate::Like { field, pattern } => {
            text(field).is_some_and(|text| Pattern::new(pattern).matches(text))
        }
        Predicate::Key(key) => key == &[Value::text(&person.identity)],
        other => panic!("not asked: {other:?}"),
    }
}

#[test]
fn ordered_columns_answer_as_looking_at_each_record_does() {
    let catalog = Catalog::embedded().expect("schemas");
    let collection = catalog.collection("person").expect("a collection").clone();
    let mut trial = Trial {
        collection: collection.clone(),
        random: Random(20_261_124),
        persons: BTreeMap::new(),
    };
    let folder = tempfile::tempdir().expect("a folder");
    let index = CollectionIndex::open(folder.path(), &collection).expect("an index");
    let mut writer = index.writer(1, 50_000_000).expect("a writer");
    // More than are ever listed, then small segments that are merged.
    trial.add(&mut writer, 1..20_001);
    trial.check(&index.snapshot().expect("a snapshot"), 60);
    for batch in 0..9 {
        let first = 20_001 + batch * 200;
        trial.add(&mut writer, first..first + 200);
    }
    trial.check(&index.snapshot().expect("a snapshot"), 40);
    trial.remove(&mut writer, 30);
    trial.check(&index.snapshot().expect("a snapshot"), 40);
    writer.finish().expect("merged");
    let snapshot = index.snapshot().expect("a snapshot");
    trial.check(&snapshot, 40);
}
