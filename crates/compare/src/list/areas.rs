//! Areas that single nobody out: where somebody is cannot be found out by areas that are small, or that
//! differ by little.

use query::{Context, QueryError};
use record::Predicate;

use super::agreement::Asked;

/// A question with its name.
pub(super) type Named<'a> = (&'a str, &'a Asked);

/// Checks new questions among themselves and against those that were asked before in the period. The
/// inner error names the questions that tell of fewer records than the minimum.
pub(super) fn check(
    context: &Context<'_>,
    collection: &str,
    new: &[Named<'_>],
    before: &[Named<'_>],
    minimum: usize,
) -> Result<Result<(), String>, QueryError> {
    let count = |predicate: &Predicate, asked: &Asked| {
        let count = context
            .view
            .count(collection, predicate, asked.time, context.deadline);
        count.map_err(|error| context.error(error))
    };
    let is_few = |count: u64| (1..minimum as u64).contains(&count);
    let mut seen: Vec<Named<'_>> = before
        .iter()
        .copied()
        .filter(|(_, asked)| is_of_place(&asked.yes))
        .collect();
    for (name, asked) in new {
        if !is_of_place(&asked.yes) {
            continue;
        }
        for predicate in [&asked.yes, &asked.no] {
            if is_few(count(predicate, asked)?) {
                return Ok(Err((*name).to_string()));
            }
        }
        for (other, known) in &seen {
            for (one, without) in [(asked, known), (known, asked)] {
                let rest = one.yes.clone().and(without.no.clone());
                if is_few(count(&rest, one)?) {
                    return Ok(Err(format!("{name}, {other}")));
                }
            }
        }
        seen.push((name, asked));
    }
    Ok(Ok(()))
}

/// Whether a question is about where a record is.
fn is_of_place(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::And(several) | Predicate::Or(several) => several.iter().any(is_of_place),
        Predicate::Not(one) => is_of_place(one),
        Predicate::WithinDivision { .. }
        | Predicate::Box(_)
        | Predicate::Intersects(_)
        | Predicate::Near { .. }
        | Predicate::NearAny { .. }
        | Predicate::Exact(_)
        | Predicate::Narrowed { .. } => true,
        Predicate::All
        | Predicate::Compare { .. }
        | Predicate::In { .. }
        | Predicate::IsNull { .. }
        | Predicate::Like { .. }
        | Predicate::Text { .. }
        | Predicate::Ids(_)
        | Predicate::Key(_)
        | Predicate::Marked(_)
        | Predicate::Among { .. } => false,
    }
}
