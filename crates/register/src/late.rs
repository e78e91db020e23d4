//! Late arrival: what is learned of an earlier day must not hide what is known to begin later.
//!
//! The fold paints statements in the order in which they became known. A value that holds from 2019,
//! learned after one of the same field that holds from 2021, would hide the latter if it were said
//! without an end. So a statement that begins on a day and names no end is said only for the days on
//! which no other value of the same field begins later: until 2021, and again where that ends. What is said
//! with an end holds until there, whatever stood there before: that is a correction.
//!
//! The days are worked out once, when the statement is made, so that what it says never changes
//! afterwards, and every state of knowledge stays as it was.

use std::collections::BTreeMap;

use record::{Day, FieldNumber, Fields, StatementKind, Validity, Value};

use crate::fold::Spoken;

#[cfg(test)]
mod tests;

/// How values that hold from the beginning of `validity` on, without an end of their own, are said so
/// that what begins later stands: the stretches of days, ordered, and the fields said on each. `spoken`
/// is what one department has said of the entity and not withdrawn, oldest first. Fields no day is left
/// for are in none.
pub fn stretches(
    spoken: &[Spoken],
    validity: Validity,
    fields: &Fields,
) -> Vec<(Validity, Fields)> {
    let begins_later = |one: &Spoken| {
        let own = one.statement.validity;
        own.from > validity.from && own.intersection(validity).is_some()
    };
    if !spoken.iter().any(begins_later) {
        return vec![(validity, fields.clone())];
    }
    let days = boundaries(spoken, validity);
    let mut said: BTreeMap<(Day, Day), Fields> = BTreeMap::new();
    for (field, value) in fields {
        for stretch in free(spoken, &days, validity.from, *field, value) {
            let fields = said.entry((stretch.from, stretch.to)).or_default();
            fields.push((*field, value.clone()));
        }
    }
    let stretch = |((from, to), fields)| (Validity { from, to }, fields);
    said.into_iter().map(stretch).collect()
}

/// The days of the validity on which what is said may change, and both its ends.
fn boundaries(spoken: &[Spoken], validity: Validity) -> Vec<Day> {
    let mut days = vec![validity.from, validity.to];
    for one in spoken {
        let own = one.statement.validity;
        days.extend(
            [own.from, own.to]
                .into_iter()
                .filter(|day| validity.contains(*day)),
        );
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// The stretches of days on which no statement that begins after `from` gives the field another value,
/// or ends the entity.
fn free(
    spoken: &[Spoken],
    days: &[Day],
    from: Day,
    field: FieldNumber,
    value: &Value,
) -> Vec<Validity> {
    let mut free: Vec<Validity> = Vec::new();
    for pair in days.windows(2) {
        let stretch = Validity {
            from: pair[0],
            to: pair[1],
        };
        let mut on_it = spoken
            .iter()
            .rev()
            .filter(|one| one.statement.validity.contains(stretch.from));
        let last = on_it.find_map(|one| Some((one, borne(&one.statement.kind, field)?)));
        let stands = |(one, said): (&Spoken, Option<&Value>)| {
            one.statement.validity.from > from && said != Some(value)
        };
        if last.is_some_and(stands) {
            continue;
        }
        match free.last_mut() {
            Some(before) if before.to == stretch.from => before.to = stretch.to,
            _ => free.push(stretch),
        }
    }
    free
}

/// What a statement says of a field: a value, or by an end that there is none; `None` where it does not
/// speak of it.
fn borne(kind: &StatementKind, field: FieldNumber) -> Option<Option<&Value>> {
    match kind {
        StatementKind::Assert(fields) => {
            let place = fields.binary_search_by_key(&field, |(number, _)| *number);
            Some(Some(&fields[place.ok()?].1))
        }
        StatementKind::End => Some(None),
        _ => None,
    }
}
