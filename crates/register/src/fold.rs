//! The fold: all statements on one entity become rectangles of validity × knowledge.
//!
//! At one pair of times each department has a view of the entity: its statements known by then and
//! valid on that day, the later painted over the earlier, field by field; an end wipes the
//! department's view. What it said of another entity that was merged into this one is a view of its
//! own, which an end of the one does not touch. The record is composed of the views per field: the
//! value of the department that stands first in the field's authority wins, and in one place the one
//! said last; departments without authority come last. Values that lose stay as conflicts. The entity
//! exists while there is a view of it. References resolve, and values derived through them are copied,
//! as their targets stood at the same pair of times.
//!
//! The natural key is the entity's own: statements that were made of another entity do not give it
//! one, and what the key is on days of which its own statements say nothing is what they say last.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{
    Day, DisputeState, EntityId, FieldNumber, Fields, Reference, Statement, StatementKind,
    StatementPosition, Transaction, Validity, Value,
};
use schema::Collection;

use crate::standing::Standing;
use crate::store::StoreError;

#[cfg(test)]
mod tests;

/// A statement, and what its block and the journal say of it.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Where it stands.
    pub position: StatementPosition,
    /// The transaction that published it.
    pub known: Transaction,
    /// The department that said it.
    pub department: Arc<str>,
    /// What it says.
    pub statement: Statement,
}

/// What a reference leads to.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Who it is, and when it is known: in order, apart. A key whose entity was merged leads to the
    /// other one for so long; one whose statements are all withdrawn leads nowhere.
    pub spans: Vec<TargetSpan>,
    /// Its history, as far as values are derived from it.
    pub rectangles: Vec<TargetRectangle>,
}

/// A stretch of knowledge in which a reference leads to one entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetSpan {
    /// Who it is.
    pub id: EntityId,
    /// From which transaction on, and from which no longer.
    pub known: (Transaction, Transaction),
}

/// One rectangle of a target's history.
#[derive(Clone, Debug)]
pub struct TargetRectangle {
    /// When it is true in the world.
    pub validity: Validity,
    /// From which transaction to which it is believed.
    pub known: (Transaction, Transaction),
    /// Values by name of the target's field.
    pub values: BTreeMap<String, Value>,
}

impl Target {
    /// Who it is as known by a transaction; `None` where nobody is known.
    pub fn at(&self, known: Transaction) -> Option<EntityId> {
        let span = self
            .spans
            .iter()
            .find(|span| span.known.0 <= known && known < span.known.1)?;
        Some(span.id)
    }
}

impl Target {
    /// Whether it has been one and the same entity ever since it was known.
    pub fn is_whole(&self) -> bool {
        matches!(self.spans.as_slice(), [one] if one.known.1 == Transaction::MAX)
    }
}

/// Finds what references lead to.
pub trait Targets {
    /// The target of a key in a collection; `None` while there is none.
    fn target(&self, collection: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError>;
}

/// One rectangle of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Rectangle {
    /// When it is true in the world.
    pub validity: Validity,
    /// The first transaction that knew it.
    pub known_from: Transaction,
    /// The first that no longer believed it, or [`Transaction::MAX`].
    pub known_to: Transaction,
    /// What it says.
    pub content: Content,
    /// The statements that bear on it, oldest first.
    pub statements: Vec<StatementPosition>,
}

/// What a record says at one pair of times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    /// The composed values, references resolved, derived and computed ones included.
    pub fields: Fields,
    /// References without a target, by field.
    pub held: Vec<Held>,
    /// Values that lost, by field, those with more authority first, then the later said.
    pub conflicts: Vec<Conflict>,
    /// Doubts, by field.
    pub disputes: Vec<Dispute>,
}

/// A reference whose target is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The field.
    pub field: FieldNumber,
    /// The collection referred to.
    pub collection: String,
    /// The natural key there.
    pub key: String,
}

/// A value that another department's, or a later one, won over, and that differs from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The field.
    pub field: FieldNumber,
    /// Who says it.
    pub department: Arc<str>,
    /// What; references are not resolved.
    pub value: Value,
    /// The first day for which it is said.
    pub since: Day,
}

/// A doubt about a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispute {
    /// The field.
    pub field: FieldNumber,
    /// How far it has come.
    pub state: DisputeState,
    /// Who said so.
    pub by: Arc<str>,
    /// On which day.
    pub since: Day,
}

/// Folds the statements on one entity, and on all that were ever merged into it or split from it, sorted
/// by transaction and position, into rectangles ordered by knowledge, then validity. `compute` fills
/// computed fields.
pub fn fold(
    collection: &Collection,
    number: u64,
    spoken: &[Spoken],
    targets: &dyn Targets,
    compute: &dyn Fn(&mut Fields),
) -> Result<Vec<Rectangle>, StoreError> {
    let targets = TargetsOf::gather(collection, spoken, targets)?;
    let knowledge = targets.knowledge(spoken);
    let mut rectangles: Vec<Rectangle> = Vec::new();
    for (place, known_from) in knowledge.iter().enumerate() {
        let known_to = knowledge
            .get(place + 1)
            .copied()
            .unwrap_or(Transaction::MAX);
        let live = Live::at(number, spoken, *known_from);
        let days = targets.days(&live, *known_from);
        let mut row: Vec<Rectangle> = Vec::new();
        for pair in days.windows(2) {
            let Some((mut content, statements)) = live.compose(collection, pair[0]) else {
                continue;
            };
            content.held = targets.resolve(collection, &mut content.fields, pair[0], *known_from);
            compute(&mut content.fields);
            let validity = Validity {
                from: pair[0],
                to: pair[1],
            };
            match row.last_mut() {
                Some(last) if last.validity.to == validity.from && last.content == content => {
                    last.validity.to = validity.to;
                    add_positions(&mut last.statements, &statements);
                }
                _ => row.push(Rectangle {
                    validity,
                    known_from: *known_from,
                    known_to,
                    content,
                    statements,
                }),
            }
        }
        join(&mut rectangles, row);
    }
    rectangles.sort_by_key(|rectangle| (rectangle.known_from, rectangle.validity.from));
    keep_silent(number, &mut rectangles, spoken);
    Ok(rectangles)
}

/// When anything is known of an entity: the stretches of knowledge in which it has a day at all, apart
/// and in order, given the same statements as [`fold`].
pub fn presence(number: u64, spoken: &[Spoken]) -> Vec<(Transaction, Transaction)> {
    let mut knowledge: Vec<Transaction> = spoken.iter().map(|one| one.known).collect();
    knowledge.dedup();
    let ends = knowledge.iter().skip(1).copied().chain([Transaction::MAX]);
    let mut all = Vec::new();
    for (from, to) in knowledge.iter().copied().zip(ends) {
        let live = Live::at(number, spoken, from);
        let mut days = vec![Day::MIN];
        live.push_days(&mut days);
        if days
            .iter()
            .any(|day| *day < Day::MAX && !live.views(*day).0.is_empty())
        {
            all.push((from, to));
        }
    }
    union(all)
}

/// Stretches of knowledge made into as few as cover the same, in order.
pub fn union(mut all: Vec<(Transaction, Transaction)>) -> Vec<(Transaction, Transaction)> {
    all.sort_unstable();
    let mut joined: Vec<(Transaction, Transaction)> = Vec::new();
    for (from, to) in all {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Statements on the entity that leave no rectangle of their own, as ends and withdrawals do, stand with
/// the last one: an entity's rectangles must lead to all its statements.
fn keep_silent(number: u64, rectangles: &mut [Rectangle], spoken: &[Spoken]) {
    let borne: std::collections::HashSet<StatementPosition> = rectangles
        .iter()
        .flat_map(|one| one.statements.iter().copied())
        .collect();
    let silent: Vec<StatementPosition> = spoken
        .iter()
        .filter(|one| one.statement.entity.number() == number)
        .map(|one| one.position)
        .filter(|position| !borne.contains(position))
        .collect();
    if let Some(last) = rectangles.last_mut() {
        add_positions(&mut last.statements, &silent);
    }
}

fn add_positions(to: &mut Vec<StatementPosition>, more: &[StatementPosition]) {
    to.extend_from_slice(more);
    to.sort_unstable();
    to.dedup();
}

/// Joins the next row of knowledge to the rectangles before it, where nothing changed between.
fn join(rectangles: &mut Vec<Rectangle>, row: Vec<Rectangle>) {
    for next in row {
        let before = rectangles.iter_mut().find(|before| {
            before.known_to == next.known_from
                && before.validity == next.validity
                && before.content == next.content
        });
        match before {
            Some(before) => {
                before.known_to = next.known_to;
                add_positions(&mut before.statements, &next.statements);
            }
            None => rectangles.push(next),
        }
    }
}

/// What one department says of one entity: by field, the value, the place of its statement among the
/// live ones, and the first day for which it is said.
type Painted<'s> = BTreeMap<FieldNumber, (&'s Value, usize, Day)>;
/// Views by who said it, and of whom.
type Views<'s> = BTreeMap<(&'s Arc<str>, u64), Painted<'s>>;

/// The statements that count for an entity at one state of knowledge, oldest first.
struct Live<'s> {
    number: u64,
    spoken: Vec<&'s Spoken>,
}

impl<'s> Live<'s> {
    fn at(number: u64, spoken: &'s [Spoken], known: Transaction) -> Live<'s> {
        let standing = Standing::at(spoken, known);
        let counts = |one: &&Spoken| {
            let says = matches!(
                one.statement.kind,
                StatementKind::Assert(_) | StatementKind::End | StatementKind::Dispute { .. }
            );
            let entity = one.statement.entity.number();
            says && !standing.is_withdrawn(one.position)
                && standing.owner(entity, one.position) == number
        };
        let told = spoken.iter().take_while(|one| one.known <= known);
        Live {
            number,
            spoken: told.filter(counts).collect(),
        }
    }

    /// The days on which what is said may change.
    fn push_days(&self, days: &mut Vec<Day>) {
        for one in &self.spoken {
            if !matches!(one.statement.kind, StatementKind::Dispute { .. }) {
                days.extend([one.statement.validity.from, one.statement.validity.to]);
            }
        }
    }

    /// Everybody's views on a day, and the statements that bear on them.
    fn views(&self, day: Day) -> (Views<'s>, Vec<StatementPosition>) {
        let mut views: Views = BTreeMap::new();
        let mut statements = Vec::new();
        for (order, spoken) in self.spoken.iter().enumerate() {
            let statement = &spoken.statement;
            let dispute = matches!(statement.kind, StatementKind::Dispute { .. });
            if !dispute && !statement.validity.contains(day) {
                continue;
            }
            statements.push(spoken.position);
            let whose = (&spoken.department, statement.entity.number());
            match &statement.kind {
                StatementKind::Assert(fields) => {
                    let since = statement.validity.from;
                    let said = fields.iter();
                    let said = said.map(|(number, value)| (*number, (value, order, since)));
                    views.entry(whose).or_default().extend(said);
                }
                StatementKind::End => {
                    views.remove(&whose);
                }
                _ => {}
            }
        }
        (views, statements)
    }

    /// The record on a day, before references are resolved; `None` where the entity does not exist.
    fn compose(
        &self,
        collection: &Collection,
        day: Day,
    ) -> Option<(Content, Vec<StatementPosition>)> {
        let (views, statements) = self.views(day);
        if views.is_empty() {
            return None;
        }
        let mut content = Content::default();
        let mut orders: BTreeMap<FieldNumber, usize> = BTreeMap::new();
        for (number, mut said) in self.candidates(collection, &views) {
            said.sort_by_key(|one| (one.rank, std::cmp::Reverse(one.order)));
            let winner = &said[0];
            orders.insert(number, winner.order);
            if !winner.value.is_null() {
                content.fields.push((number, winner.value.clone()));
            }
            let mut competing: Vec<Conflict> = Vec::new();
            for one in &said[1..] {
                let again = |other: &Conflict| {
                    other.department == *one.department && other.value == *one.value
                };
                if one.value.is_null() || one.value == winner.value || competing.iter().any(again) {
                    continue;
                }
                competing.push(Conflict {
                    field: number,
                    department: one.department.clone(),
                    value: one.value.clone(),
                    since: one.since,
                });
            }
            content.conflicts.append(&mut competing);
        }
        self.add_key(collection, &mut content.fields);
        content.disputes = self.disputes(collection, &orders);
        Some((content, statements))
    }

    /// What is said of each field, by everybody.
    fn candidates<'v>(
        &self,
        collection: &Collection,
        views: &'v Views<'s>,
    ) -> BTreeMap<FieldNumber, Vec<Candidate<'v>>> {
        let mut candidates: BTreeMap<FieldNumber, Vec<Candidate>> = BTreeMap::new();
        for ((department, entity), view) in views {
            for (number, (value, order, since)) in view {
                if *entity != self.number && collection.key.contains(number) {
                    continue;
                }
                let rank = collection.at(*number).authority.rank(department);
                candidates.entry(*number).or_default().push(Candidate {
                    rank: rank.unwrap_or(usize::MAX),
                    order: *order,
                    department,
                    value,
                    since: *since,
                });
            }
        }
        candidates
    }

    /// Adds what the entity's own statements say last of its key, where those of the day say nothing.
    fn add_key(&self, collection: &Collection, fields: &mut Fields) {
        for number in &collection.key {
            if crate::rules::get(fields, *number).is_some() {
                continue;
            }
            let own = |one: &&&Spoken| one.statement.entity.number() == self.number;
            let said =
                self.spoken
                    .iter()
                    .rev()
                    .filter(own)
                    .find_map(|one| match &one.statement.kind {
                        StatementKind::Assert(fields) => crate::rules::get(fields, *number),
                        _ => None,
                    });
            if let Some(value) = said {
                crate::rules::set(fields, *number, value.clone());
            }
        }
    }

    /// The doubts about fields: of each the latest word. That a value holds is said of the value of
    /// then: a later one it says nothing of.
    fn disputes(
        &self,
        collection: &Collection,
        winners: &BTreeMap<FieldNumber, usize>,
    ) -> Vec<Dispute> {
        let mut latest: BTreeMap<FieldNumber, (usize, Dispute)> = BTreeMap::new();
        for (order, one) in self.spoken.iter().enumerate() {
            if let StatementKind::Dispute { field, state, .. } = &one.statement.kind
                && let Some(number) = collection.number(field)
            {
                let dispute = Dispute {
                    field: number,
                    state: *state,
                    by: one.department.clone(),
                    since: one.statement.validity.from,
                };
                latest.insert(number, (order, dispute));
            }
        }
        let shows = |(order, dispute): &(usize, Dispute)| match dispute.state {
            DisputeState::Raised | DisputeState::Accepted => true,
            DisputeState::Verified => winners
                .get(&dispute.field)
                .is_some_and(|winner| winner < order),
            DisputeState::Removed => false,
        };
        let shown = latest.into_values().filter(shows);
        shown.map(|(_, dispute)| dispute).collect()
    }
}

/// A value that may win.
struct Candidate<'v> {
    rank: usize,
    order: usize,
    department: &'v Arc<str>,
    value: &'v Value,
    since: Day,
}

/// The targets of all references an entity ever had.
struct TargetsOf {
    found: BTreeMap<(String, String), Arc<Target>>,
}

impl TargetsOf {
    fn gather(
        collection: &Collection,
        spoken: &[Spoken],
        targets: &dyn Targets,
    ) -> Result<TargetsOf, StoreError> {
        let mut found = BTreeMap::new();
        for spoken in spoken {
            let StatementKind::Assert(fields) = &spoken.statement.kind else {
                continue;
            };
            for (number, value) in fields {
                let Some(target) = collection.at(*number).target() else {
                    continue;
                };
                for value in value.each() {
                    let Value::Reference(reference) = value else {
                        continue;
                    };
                    let name = (target.to_string(), reference.key.to_string());
                    if let std::collections::btree_map::Entry::Vacant(place) = found.entry(name)
                        && let Some(known) = targets.target(target, &reference.key)?
                    {
                        place.insert(known);
                    }
                }
            }
        }
        Ok(TargetsOf { found })
    }

    /// Every transaction at which the record may differ from before.
    fn knowledge(&self, spoken: &[Spoken]) -> Vec<Transaction> {
        let Some(first) = spoken.iter().map(|spoken| spoken.known).min() else {
            return Vec::new();
        };
        let mut all: Vec<Transaction> = spoken.iter().map(|spoken| spoken.known).collect();
        for target in self.found.values() {
            for span in &target.spans {
                all.extend([span.known.0, span.known.1]);
            }
            for rectangle in &target.rectangles {
                all.extend([rectangle.known.0, rectangle.known.1]);
            }
        }
        all.retain(|known| *known >= first && *known < Transaction::MAX);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Every day at which the record may differ from the day before, and both open ends.
    fn days(&self, live: &Live, known: Transaction) -> Vec<Day> {
        let mut days = vec![Day::MIN, Day::MAX];
        live.push_days(&mut days);
        for target in self.found.values() {
            for rectangle in &target.rectangles {
                if rectangle.known.0 <= known && known < rectangle.known.1 {
                    days.extend([rectangle.validity.from, rectangle.validity.to]);
                }
            }
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Resolves references and copies derived values; returns the references held.
    fn resolve(
        &self,
        collection: &Collection,
        fields: &mut Fields,
        day: Day,
        known: Transaction,
    ) -> Vec<Held> {
        let mut held = Vec::new();
        let known_target = |name: &str, key: &str| {
            let target = self.found.get(&(name.to_string(), key.to_string()))?;
            Some((target, target.at(known)?))
        };
        let mut derived: Vec<(FieldNumber, Value)> = Vec::new();
        for field in collection.fields.iter() {
            let Some(rule) = &field.derived else { continue };
            let value = rule.through.iter().find_map(|through| {
                let name = collection.at(*through).target()?;
                let Some(Value::Reference(reference)) = crate::rules::get(fields, *through) else {
                    return None;
                };
                let (target, _) = known_target(name, &reference.key)?;
                let rectangle = target.rectangles.iter().find(|rectangle| {
                    rectangle.validity.contains(day)
                        && rectangle.known.0 <= known
                        && known < rectangle.known.1
                })?;
                rectangle.values.get(&rule.field).cloned()
            });
            derived.extend(value.map(|value| (field.number, value)));
        }
        for (number, value) in fields.iter_mut() {
            let Some(name) = collection.at(*number).target() else {
                continue;
            };
            let mut resolve = |reference: &mut Reference| match known_target(name, &reference.key) {
                Some((_, id)) => reference.target = Some(id),
                None => held.push(Held {
                    field: *number,
                    collection: name.to_string(),
                    key: reference.key.to_string(),
                }),
            };
            match value {
                Value::Reference(reference) => resolve(reference),
                Value::List(values) => values.iter_mut().for_each(|value| {
                    if let Value::Reference(reference) = value {
                        resolve(reference);
                    }
                }),
                _ => {}
            }
        }
        for (number, value) in derived {
            crate::rules::set(fields, number, value);
        }
        held
    }
}
