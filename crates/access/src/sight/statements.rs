//! What sources said, as far as it is seen.

use record::{Reference, Statement, StatementKind, StatementPosition, Value};
use register::{Record, SourcedStatement};

use super::{Rule, Seen};

/// The statements on a record whose rectangles, as they are seen, are `visible`; `sees` says whether
/// another record is seen at all.
pub fn seen_of(
    seen: &Seen,
    all: Vec<SourcedStatement>,
    visible: &[Record],
    sees: &dyn Fn(record::EntityId) -> bool,
) -> Vec<SourcedStatement> {
    let holds = |statement: &Statement| {
        visible
            .iter()
            .any(|one| one.validity.intersection(statement.validity).is_some())
    };
    // Where they stand in the ledger depends on what else was said: they are counted anew.
    let mut counted: Vec<(StatementPosition, StatementPosition)> = Vec::new();
    let mut out = Vec::new();
    for mut one in all {
        if !seen.rows.is_all() && !holds(&one.statement) {
            continue;
        }
        if seen.all_fields {
            out.push(one);
            continue;
        }
        let Some(kind) = kind(seen, &one.statement.kind, sees) else {
            continue;
        };
        let position = StatementPosition {
            block: 0,
            place: out.len() as u32,
        };
        counted.push((one.position, position));
        one.position = position;
        one.statement.kind = kind;
        out.push(one);
    }
    if !seen.all_fields {
        renumber(&mut out, &counted);
    }
    out
}

/// What is left of what a statement says; `None` where nothing is.
fn kind(
    seen: &Seen,
    kind: &StatementKind,
    sees: &dyn Fn(record::EntityId) -> bool,
) -> Option<StatementKind> {
    match kind {
        StatementKind::Assert(fields) => {
            let mut left = Vec::with_capacity(fields.len());
            for (number, value) in fields {
                let at = usize::from(*number);
                let Some(new) = seen.numbers.get(at).copied().flatten() else {
                    continue;
                };
                match &seen.rules[at] {
                    Rule::Gone => {}
                    Rule::Open if seen.keys_hidden[at] => {
                        left.extend(without_keys(value).map(|value| (new, value)))
                    }
                    Rule::Open => left.push((new, value.clone())),
                    Rule::Masked(mask) => left.push((new, mask.value(value))),
                }
            }
            let nothing = left.is_empty() && !fields.is_empty();
            (!nothing).then_some(StatementKind::Assert(left))
        }
        StatementKind::Dispute { field, state, .. } => {
            let number = seen.whole.number(field)?;
            match seen.rules[usize::from(number)] {
                Rule::Gone => None,
                Rule::Open => Some(kind.clone()),
                // Its reason may quote the value.
                Rule::Masked(_) => Some(StatementKind::Dispute {
                    field: field.clone(),
                    state: *state,
                    note: Default::default(),
                }),
            }
        }
        StatementKind::Merge { into } => sees(*into).then(|| kind.clone()),
        StatementKind::Split { to, .. } => sees(*to).then(|| kind.clone()),
        other => Some(other.clone()),
    }
}

/// A reference without the natural key it was given by; nothing where it leads nowhere.
fn without_keys(value: &Value) -> Option<Value> {
    match value {
        Value::Reference(reference) => reference.target.map(|target| {
            Value::Reference(Reference {
                key: Default::default(),
                target: Some(target),
            })
        }),
        Value::List(items) => {
            let left: Vec<Value> = items.iter().filter_map(without_keys).collect();
            (!left.is_empty()).then_some(Value::List(left))
        }
        other => Some(other.clone()),
    }
}

/// Statements on statements name these as they are counted now; what names one that is not seen is gone.
fn renumber(all: &mut Vec<SourcedStatement>, counted: &[(StatementPosition, StatementPosition)]) {
    let new = |old: &StatementPosition| {
        counted
            .iter()
            .find(|(was, _)| was == old)
            .map(|(_, is)| *is)
    };
    all.retain_mut(|one| match &mut one.statement.kind {
        StatementKind::Retract(position) => match new(position) {
            Some(is) => {
                *position = is;
                true
            }
            None => false,
        },
        StatementKind::Split { statements, .. } => {
            *statements = statements.iter().filter_map(new).collect();
            true
        }
        _ => true,
    });
}
