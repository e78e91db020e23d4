//! Questions, checked against what is seen before the store is asked.
//!
//! The schemas a caller is given already lack what is hidden, and have no search in what is only shown;
//! so a question that names either was refused before it came here. This is the second lock, and it
//! says in full what was left to the store: full text in *all* fields is full text in those seen.

use record::{CompactString, Expression, Predicate};
use register::{GroupKey, Grouping, Search, SortKey, StoreError};

use super::Seen;

/// A question as it may be put to the store, without the rows.
pub fn rewritten(seen: &Seen, predicate: &Predicate) -> Result<Predicate, StoreError> {
    if seen.all_fields {
        return Ok(predicate.clone());
    }
    let list = |all: &[Predicate]| {
        all.iter()
            .map(|one| rewritten(seen, one))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match predicate {
        Predicate::And(all) => Predicate::And(list(all)?),
        Predicate::Or(all) => Predicate::Or(list(all)?),
        Predicate::Not(one) => Predicate::Not(Box::new(rewritten(seen, one)?)),
        Predicate::Text { fields, query } => text(seen, fields, query)?,
        Predicate::Marked(mark) => marked(seen, mark),
        Predicate::Narrowed { by, expression } => {
            self::expression(seen, expression)?;
            Predicate::Narrowed {
                by: Box::new(rewritten(seen, by)?),
                expression: expression.clone(),
            }
        }
        other => {
            leaf(seen, other)?;
            other.clone()
        }
    })
}

/// A condition without conditions in it.
fn leaf(seen: &Seen, predicate: &Predicate) -> Result<(), StoreError> {
    match predicate {
        Predicate::Compare { field, .. }
        | Predicate::In { field, .. }
        | Predicate::IsNull { field }
        | Predicate::Like { field, .. } => self::field(seen, field),
        Predicate::WithinDivision { field, .. } if field.is_empty() => {
            own(seen, seen.whole.division)
        }
        Predicate::Among { field, .. } if field.is_empty() => Ok(()),
        Predicate::WithinDivision { field, .. } | Predicate::Among { field, .. } => {
            self::field(seen, field)
        }
        Predicate::Box(_)
        | Predicate::Intersects(_)
        | Predicate::Near { .. }
        | Predicate::NearAny { .. } => own(seen, seen.whole.location),
        Predicate::Exact(expression) => self::expression(seen, expression),
        // By key: it is looked up as a whole, which is a verb of its own.
        Predicate::Key(_) => Err(refused(seen, "key")),
        _ => Ok(()),
    }
}

/// Full text in the fields seen.
fn text(
    seen: &Seen,
    fields: &[CompactString],
    query: &CompactString,
) -> Result<Predicate, StoreError> {
    let fields: Vec<CompactString> = if fields.is_empty() {
        seen.narrowed
            .text_fields()
            .map(|field| field.name.clone())
            .collect()
    } else {
        fields.iter().try_for_each(|name| field(seen, name))?;
        fields.to_vec()
    };
    Ok(if fields.is_empty() {
        Predicate::Or(Vec::new())
    } else {
        Predicate::Text {
            fields,
            query: query.clone(),
        }
    })
}

/// A mark of a field that is seen as it is; nothing bears those of others.
fn marked(seen: &Seen, mark: &CompactString) -> Predicate {
    let field = mark.split_once('=').map(|(_, field)| field);
    if field.is_some_and(|field| seen.is_open(field) && !seen.hides_keys(field)) {
        Predicate::Marked(mark.clone())
    } else {
        Predicate::Or(Vec::new())
    }
}

fn expression(seen: &Seen, expression: &Expression) -> Result<(), StoreError> {
    match expression {
        Expression::Field(name) => field(seen, name),
        Expression::Location => own(seen, seen.whole.location),
        // What is hidden changes where a record's days begin and end.
        Expression::ValidFrom => Err(refused(seen, "validFrom")),
        Expression::ValidTo => Err(refused(seen, "validTo")),
        Expression::List(items) | Expression::Call(_, items) => items
            .iter()
            .try_for_each(|item| self::expression(seen, item)),
        _ => Ok(()),
    }
}

/// A field that may be asked by.
pub fn field(seen: &Seen, name: &str) -> Result<(), StoreError> {
    if seen.is_open(name) {
        Ok(())
    } else {
        Err(refused(seen, name))
    }
}

fn own(seen: &Seen, number: Option<record::FieldNumber>) -> Result<(), StoreError> {
    match number {
        Some(number) => field(seen, &seen.whole.at(number).name),
        None => Ok(()),
    }
}

fn refused(seen: &Seen, name: &str) -> StoreError {
    StoreError::NotPermitted {
        collection: seen.whole.name.clone(),
        what: name.to_string(),
    }
}

/// The order of a search.
pub fn order(seen: &Seen, search: &Search<'_>) -> Result<(), StoreError> {
    if seen.all_fields {
        return Ok(());
    }
    search.sort.iter().try_for_each(|sort| match &sort.key {
        SortKey::Field(name) => field(seen, name),
        SortKey::Distance(..) => own(seen, seen.whole.location),
        SortKey::ValidFrom => Err(refused(seen, "validFrom")),
        SortKey::KnownFrom => Err(refused(seen, "knownFrom")),
        SortKey::Score => Ok(()),
    })
}

/// What is grouped by and measured.
pub fn grouping(seen: &Seen, grouping: &Grouping) -> Result<(), StoreError> {
    grouping
        .keys
        .iter()
        .try_for_each(|key| group_key(seen, key))?;
    let measured = grouping
        .measures
        .iter()
        .filter_map(|measure| measure.field.as_ref());
    measured.into_iter().try_for_each(|name| field(seen, name))
}

/// A key of groups.
pub fn group_key(seen: &Seen, key: &GroupKey) -> Result<(), StoreError> {
    match key {
        GroupKey::Division { field, .. } if field.is_empty() => own(seen, seen.whole.division),
        GroupKey::Field(name)
        | GroupKey::Division { field: name, .. }
        | GroupKey::Year(name)
        | GroupKey::Month(name)
        | GroupKey::Quarter(name)
        | GroupKey::Age { field: name, .. }
        | GroupKey::Through { field: name, .. } => field(seen, name),
        GroupKey::Grid(_) => own(seen, seen.whole.location),
    }
}
