//! The fold: all statements on one entity become rectangles of validity × knowledge.
//!
//! At one pair of times each department has a view of the entity: its statements known by then and
//! valid on that day, the later painted over the earlier, field by field; an end wipes the
//! department's view. The record is composed of the views per field: the responsible department's
//! value wins, then the one said last. The entity exists while any department has a view of it.
//! References resolve, and values derived through them are copied, as their targets stood at the
//! same pair of times.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{
    Day, EntityId, FieldNumber, Fields, Reference, Statement, StatementKind, StatementPosition,
    Transaction, Validity, Value,
};
use schema::Collection;

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
#[derive(Clone, Debug)]
pub struct Target {
    /// Who it is.
    pub id: EntityId,
    /// The first transaction that knew it.
    pub known_from: Transaction,
    /// Its history, as far as values are derived from it.
    pub rectangles: Vec<TargetRectangle>,
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
    /// The composed values, references resolved, derived and computed ones included.
    pub fields: Fields,
    /// References without a target: the field, the collection referred to, the key.
    pub held: Vec<Held>,
    /// The statements that bear on it, oldest first.
    pub statements: Vec<StatementPosition>,
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

/// Folds the statements on one entity, sorted by transaction and position, into rectangles ordered by
/// knowledge, then validity. `compute` fills computed fields.
pub fn fold(
    collection: &Collection,
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
        let live = live(spoken, *known_from);
        let days = targets.days(&live, *known_from);
        let mut row: Vec<Rectangle> = Vec::new();
        for pair in days.windows(2) {
            let Some((mut fields, statements)) = compose(collection, &live, pair[0]) else {
                continue;
            };
            let held = targets.resolve(collection, &mut fields, pair[0], *known_from);
            compute(&mut fields);
            let validity = Validity {
                from: pair[0],
                to: pair[1],
            };
            let rectangle = Rectangle {
                validity,
                known_from: *known_from,
                known_to,
                fields,
                held,
                statements,
            };
            match row.last_mut() {
                Some(last) if last.validity.to == validity.from && same(last, &rectangle) => {
                    last.validity.to = validity.to;
                    add_positions(&mut last.statements, &rectangle.statements);
                }
                _ => row.push(rectangle),
            }
        }
        join(&mut rectangles, row);
    }
    rectangles.sort_by_key(|rectangle| (rectangle.known_from, rectangle.validity.from));
    keep_silent(&mut rectangles, spoken);
    Ok(rectangles)
}

/// Statements that leave no rectangle of their own, as ends and withdrawals do, stand with the last
/// one: an entity's rectangles must lead to all its statements.
fn keep_silent(rectangles: &mut [Rectangle], spoken: &[Spoken]) {
    let borne: std::collections::HashSet<StatementPosition> = rectangles
        .iter()
        .flat_map(|one| one.statements.iter().copied())
        .collect();
    let silent: Vec<StatementPosition> = spoken
        .iter()
        .map(|one| one.position)
        .filter(|position| !borne.contains(position))
        .collect();
    if let Some(last) = rectangles.last_mut() {
        add_positions(&mut last.statements, &silent);
    }
}

fn same(one: &Rectangle, other: &Rectangle) -> bool {
    one.fields == other.fields && one.held == other.held
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
                && same(before, &next)
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

/// The statements known by a transaction and not withdrawn by then, oldest first.
fn live(spoken: &[Spoken], known: Transaction) -> Vec<&Spoken> {
    let by_then = || spoken.iter().filter(|spoken| spoken.known <= known);
    let withdrawn: Vec<StatementPosition> = by_then()
        .filter_map(|spoken| match spoken.statement.kind {
            StatementKind::Retract(position) => Some(position),
            _ => None,
        })
        .collect();
    by_then()
        .filter(|spoken| !matches!(spoken.statement.kind, StatementKind::Retract(_)))
        .filter(|spoken| !withdrawn.contains(&spoken.position))
        .collect()
}

/// The record on a day, before references are resolved; `None` where the entity does not exist.
fn compose(
    collection: &Collection,
    live: &[&Spoken],
    day: Day,
) -> Option<(Fields, Vec<StatementPosition>)> {
    type Painted<'a> = BTreeMap<FieldNumber, (&'a Value, usize)>;
    let mut views: BTreeMap<&str, Painted> = BTreeMap::new();
    let mut statements = Vec::new();
    for (order, spoken) in live.iter().enumerate() {
        if !spoken.statement.validity.contains(day) {
            continue;
        }
        statements.push(spoken.position);
        match &spoken.statement.kind {
            StatementKind::Assert(fields) => {
                let view = views.entry(&spoken.department).or_default();
                view.extend(
                    fields
                        .iter()
                        .map(|(number, value)| (*number, (value, order))),
                );
            }
            StatementKind::End => {
                views.remove(&*spoken.department);
            }
            StatementKind::Retract(_) => {}
        }
    }
    if views.is_empty() {
        return None;
    }
    let mut winners: BTreeMap<FieldNumber, ((bool, usize), &Value)> = BTreeMap::new();
    for (department, view) in &views {
        for (number, (value, order)) in view {
            let responsible = collection.at(*number).department == *department;
            let rank = (responsible, *order);
            match winners.get(number) {
                Some((best, _)) if *best >= rank => {}
                _ => {
                    winners.insert(*number, (rank, value));
                }
            }
        }
    }
    let fields = winners
        .into_iter()
        .filter(|(_, (_, value))| !value.is_null())
        .map(|(number, (_, value))| (number, value.clone()))
        .collect();
    Some((fields, statements))
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
            all.push(target.known_from);
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
    fn days(&self, live: &[&Spoken], known: Transaction) -> Vec<Day> {
        let mut days = vec![Day::MIN, Day::MAX];
        for spoken in live {
            days.extend([spoken.statement.validity.from, spoken.statement.validity.to]);
        }
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
            (target.known_from <= known).then_some(target)
        };
        let mut derived: Vec<(FieldNumber, Value)> = Vec::new();
        for field in collection.fields.iter() {
            let Some(rule) = &field.derived else { continue };
            let value = rule.through.iter().find_map(|through| {
                let name = collection.at(*through).target()?;
                let Some(Value::Reference(reference)) = crate::rules::get(fields, *through) else {
                    return None;
                };
                let target = known_target(name, &reference.key)?;
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
                Some(target) => reference.target = Some(target.id),
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
