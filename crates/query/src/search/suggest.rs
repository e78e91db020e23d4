//! Names that begin so: what a caller may be about to type.
//!
//! A beginning is asked of the sorted names only, and each name that is told was counted at the times
//! asked about: a name nobody has any more is not suggested. Work is bounded, whatever is typed.

use std::ops::Range;

use record::{CompactString, Value};
use register::NameQuery;
use schema::{Collection, Field};
use text::matching::{Match, Wanted};
use text::name::Form;
use text::sound::Pattern;

use super::retrieve::{fields, is_name, one_of};
use super::{collections, guard, rank};
use crate::QueryError;
use crate::plan::Context;
use crate::times::Times;

/// So many times as many names are compared as are told, and no more than so many.
const WIDER: usize = 8;
const MOST_NAMES: usize = 200;
/// So many ways to read a spelling are asked.
const MOST_PATTERNS: usize = 4;

/// A name that begins so.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The name.
    pub text: String,
    /// The collection.
    pub collection: String,
    /// The field.
    pub field: String,
    /// How it begins so: see [`text::matching::Kind`].
    pub kind: &'static str,
    /// How many records have it.
    pub count: u64,
    /// Where it is what was typed: ranges of characters (Unicode scalar values).
    pub marks: Vec<Range<usize>>,
}

struct Candidate<'c> {
    collection: &'c Collection,
    field: &'c Field,
    text: CompactString,
    found: Match,
    score: f64,
}

/// Names that begin so, the likeliest first.
///
/// # Errors
///
/// As of [`super::search`].
pub fn suggest(
    context: &Context<'_>,
    beginning: &str,
    only: &[String],
    times: Times,
    limit: usize,
) -> Result<Vec<Suggestion>, QueryError> {
    guard::check(beginning)?;
    let wanted = Wanted::new(beginning);
    // Where all are of one record, which are told first is for the comparison to say.
    let most = (WIDER * limit).min(MOST_NAMES);
    let mut candidates: Vec<Candidate> = Vec::new();
    for collection in collections(context, only)? {
        let about = rank::about(collection, &wanted);
        for field in fields(collection, is_name) {
            for asked in questions(field, &wanted) {
                let names =
                    context
                        .view
                        .names(&collection.name, &field.name, &asked, times.scope, most);
                for name in names.map_err(|error| context.error(error))? {
                    let form = field.name_of.unwrap_or(Form::Place);
                    let Some(found) = wanted.in_name(form, &name.text) else {
                        continue;
                    };
                    // Names of many first, where they are alike.
                    let often = 0.008 * (name.documents as f64).ln();
                    let score = found.score * about + often.min(0.08);
                    candidates.push(Candidate {
                        collection,
                        field,
                        text: name.text,
                        found,
                        score,
                    });
                }
            }
        }
    }
    candidates.sort_by(|left, right| right.score.total_cmp(&left.score));
    told(context, candidates, times, limit)
}

/// The best candidates that records have.
fn told(
    context: &Context<'_>,
    candidates: Vec<Candidate<'_>>,
    times: Times,
    limit: usize,
) -> Result<Vec<Suggestion>, QueryError> {
    let mut told: Vec<Suggestion> = Vec::new();
    for candidate in candidates {
        if told.len() >= limit {
            break;
        }
        let Candidate {
            collection, field, ..
        } = candidate;
        let text = candidate.text;
        let is_told = |one: &Suggestion| one.collection == collection.name && one.text == text;
        if told.iter().any(is_told) {
            continue;
        }
        let predicate = one_of(field, vec![Value::Text(text.clone())]);
        let deadline = context.deadline;
        let count = context
            .view
            .count(&collection.name, &predicate, times.scope, deadline);
        let count = count.map_err(|error| context.error(error))?;
        if count > 0 {
            told.push(Suggestion {
                text: text.into(),
                collection: collection.name.clone(),
                field: field.name.to_string(),
                kind: candidate.found.kind.name(),
                count,
                marks: candidate.found.marks,
            });
        }
    }
    Ok(told)
}

/// What is asked of the names of a field.
fn questions(field: &Field, wanted: &Wanted) -> Vec<NameQuery> {
    if !wanted.patterns().is_empty() {
        let patterns = wanted.patterns().iter().take(MOST_PATTERNS);
        return patterns
            .map(|pattern| NameQuery::Fits(pattern.clone()))
            .collect();
    }
    let mut all = vec![NameQuery::Begins(wanted.text().into())];
    // Names begun elsewhere: firms without their division, given names.
    let elsewhere = field.name_of != Some(Form::Person) || wanted.characters().len() > 1;
    if elsewhere && let Some(pattern) = Pattern::of_characters(wanted.characters()) {
        all.push(NameQuery::Fits(pattern));
    }
    all
}
