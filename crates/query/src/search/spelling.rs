//! What may have been meant: names that sound or look nearly like the query.

use register::NameQuery;
use schema::{Collection, Field};
use text::matching::{Wanted, slips};
use text::name::Form;
use text::sound::{Pattern, Speller};

use super::rank::has_names;
use super::retrieve::{fields, is_name, one_of};
use crate::QueryError;
use crate::plan::Context;
use crate::times::Times;

/// So many names are taken from the view.
const MOST_NAMES: usize = 60;
/// So many are said.
const MOST_MEANT: usize = 3;

/// What may have been meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Meant {
    /// What to search for instead.
    pub text: String,
    /// The collection that has it.
    pub collection: String,
    /// How many records have it, as of the times asked about.
    pub count: u64,
}

/// A name that is nearly the query.
#[derive(Clone, Debug)]
pub(super) struct Near {
    pub text: record::CompactString,
    /// What of it is.
    part: String,
    /// How far apart: see [`slips`]; the shorter names first.
    distance: f64,
}

/// Names of a collection that are nearly the query, by field, the nearest first.
pub(super) fn near<'c>(
    context: &Context<'_>,
    wanted: &Wanted,
    collection: &'c Collection,
    times: Times,
) -> Result<Vec<(&'c Field, Vec<Near>)>, QueryError> {
    let Some(pattern) = wanted.near() else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for field in fields(collection, is_name) {
        let form = field.name_of.unwrap_or(Form::Place);
        let mut found = listed(context, collection, field, pattern, true, times)?;
        if found.is_empty() && form != Form::Person {
            found = listed(context, collection, field, pattern, false, times)?;
        }
        let mut near: Vec<Near> = found
            .into_iter()
            .filter_map(|name| measured(wanted, pattern, form, name))
            .collect();
        near.sort_by(|left, right| left.distance.total_cmp(&right.distance));
        if !near.is_empty() {
            all.push((field, near));
        }
    }
    Ok(all)
}

fn listed(
    context: &Context<'_>,
    collection: &Collection,
    field: &Field,
    pattern: &Pattern,
    whole: bool,
    times: Times,
) -> Result<Vec<record::CompactString>, QueryError> {
    let asked = NameQuery::Fits(Pattern {
        whole,
        ..pattern.clone()
    });
    let names = context.view.names(
        &collection.name,
        &field.name,
        &asked,
        times.scope,
        MOST_NAMES,
    );
    let names = names.map_err(|error| context.error(error))?;
    Ok(names.into_iter().map(|name| name.text).collect())
}

/// How near a name is; none where it is the query itself, or too far.
fn measured(
    wanted: &Wanted,
    pattern: &Pattern,
    form: Form,
    text: record::CompactString,
) -> Option<Near> {
    let mut speller = Speller::new();
    speller.read(form, &text);
    let (start, end) = speller.fit(pattern)?;
    let part = speller.characters().get(start..end)?;
    let distance = slips(wanted.characters(), part).filter(|distance| *distance > 0.0)?;
    let longer = speller.characters().len() - part.len();
    Some(Near {
        part: part.iter().collect(),
        distance: distance + 0.05 * longer as f64,
        text,
    })
}

/// What may have been meant, the likeliest first, each with how many records have it at the times.
pub(super) fn meant(
    context: &Context<'_>,
    wanted: &Wanted,
    collections: &[&Collection],
    times: Times,
) -> Result<Vec<Meant>, QueryError> {
    let query = wanted.text();
    // Of an address, its road may be the slip: numbers stay.
    let address = wanted.address();
    let road = &address.text[text::name::leading_divisions(&address.text)..];
    let is_road = !address.parts.is_empty() && !road.is_empty();
    let inner = is_road.then(|| Wanted::new(road));
    let wanted = inner.as_ref().unwrap_or(wanted);
    let whole = |part: &str| match is_road {
        true => query.replacen(road, part, 1),
        false => part.to_string(),
    };
    let mut all: Vec<(f64, &Collection, &Field, Near)> = Vec::new();
    for collection in collections.iter().filter(|one| has_names(one)) {
        for (field, near) in near(context, wanted, collection, times)? {
            let near = near.into_iter().take(2 * MOST_MEANT);
            all.extend(near.map(|near| (near.distance, *collection, field, near)));
        }
    }
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut meant: Vec<Meant> = Vec::new();
    for (_, collection, field, near) in all {
        if meant.len() >= MOST_MEANT {
            break;
        }
        // Of a longer name, the part that was meant.
        let text = whole(&near.part);
        if text == query || meant.iter().any(|known| known.text == text) {
            continue;
        }
        let predicate = one_of(field, vec![record::Value::Text(near.text.clone())]);
        let deadline = context.deadline;
        let count = context
            .view
            .count(&collection.name, &predicate, times.scope, deadline);
        let count = count.map_err(|error| context.error(error))?;
        if count > 0 {
            meant.push(Meant {
                text,
                collection: collection.name.clone(),
                count,
            });
        }
    }
    Ok(meant)
}
