//! Which records are seen, compiled: as a predicate for the index, and as a test of one body.

use record::{CompactString, EntityId, IdSet, Predicate, Value};
use schema::Collection;

use super::clause::RowClause;
use super::json;
use crate::policy::MovedAway;

/// Which records of a collection are seen.
#[derive(Clone, Debug)]
pub struct Rows {
    predicate: Predicate,
    tests: Vec<Test>,
    moved_away: MovedAway,
    by_division: bool,
}

/// A test of one record.
#[derive(Clone, Debug)]
enum Test {
    /// Never.
    Nothing,
    /// It is one of these.
    Subjects(IdSet),
    /// The text in a field begins so.
    Begins(CompactString, String),
    /// The text in a field is, or is not, one of these, each as JSON has it.
    OneOf(CompactString, Vec<String>, bool),
}

impl Rows {
    pub(crate) fn compile(clause: &RowClause, collection: &Collection) -> Rows {
        let mut predicate = Predicate::All;
        let mut tests = Vec::new();
        let nothing = || Predicate::Or(Vec::new());
        if clause.nothing {
            predicate = predicate.and(nothing());
            tests.push(Test::Nothing);
        }
        if let Some(subjects) = &clause.subjects {
            let own = subjects
                .iter()
                .filter(|id| id.register() == collection.register);
            let ids = IdSet::new(own.map(|id| id.number()).collect());
            predicate = predicate.and(Predicate::Among {
                field: CompactString::default(),
                ids: ids.clone(),
            });
            tests.push(Test::Subjects(ids));
        }
        for prefix in clause.divisions.iter().filter(|prefix| !prefix.is_empty()) {
            let Some(number) = collection.division else {
                predicate = predicate.and(nothing());
                tests.push(Test::Nothing);
                continue;
            };
            let field = collection.at(number).name.clone();
            predicate = predicate.and(Predicate::WithinDivision {
                field: field.clone(),
                code: prefix.as_str().into(),
            });
            tests.push(Test::Begins(field, prefix.clone()));
        }
        for condition in &clause.conditions {
            let values = condition.values.iter().map(|value| Value::text(value));
            let among = Predicate::In {
                field: condition.field.clone(),
                values: values.collect(),
            };
            predicate = predicate.and(if condition.is {
                among
            } else {
                Predicate::Not(Box::new(among))
            });
            let texts = condition.values.iter().map(|one| json::quoted(one));
            tests.push(Test::OneOf(
                condition.field.clone(),
                texts.collect(),
                condition.is,
            ));
        }
        Rows {
            predicate,
            tests,
            moved_away: clause.moved_away,
            by_division: clause.divisions.iter().any(|prefix| !prefix.is_empty()),
        }
    }

    /// Whether every record is seen.
    pub fn is_all(&self) -> bool {
        self.tests.is_empty()
    }

    /// Whether what is seen of the past depends on where a record is now.
    pub(crate) fn follows_the_present(&self) -> bool {
        self.by_division && self.moved_away == MovedAway::Hidden
    }

    /// The condition for the index, by fields of the whole collection.
    pub fn predicate(&self) -> &Predicate {
        &self.predicate
    }

    /// Whether a record is seen, by its body as the store has it.
    pub fn admits(&self, id: EntityId, body: &str) -> bool {
        self.tests.iter().all(|test| match test {
            Test::Nothing => false,
            Test::Subjects(ids) => ids.contains(id.number()),
            Test::Begins(field, prefix) => json::property(body, field).is_some_and(|value| {
                value
                    .strip_prefix('"')
                    .is_some_and(|text| text.starts_with(prefix.as_str()))
            }),
            Test::OneOf(field, texts, is) => {
                let value = json::property(body, field);
                let is_one = value.is_some_and(|value| texts.iter().any(|text| text == value));
                is_one == *is
            }
        })
    }
}
