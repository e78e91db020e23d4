//! One ranked list across the registers, with counts per collection.
//!
//! An index finds, this ranks. For each collection the query is tried in several ways (`retrieve`):
//! as it stands in names, as a firm's core, by its sound, as an address, as a slip. What is found is
//! compared with the query as a reader would (`rank`), whose scores can be compared across
//! collections. `spelling` says what may have been meant, [`suggest()`] completes a beginning.

mod guard;
mod rank;
mod retrieve;
mod spelling;
mod suggest;

#[cfg(test)]
mod tests;

use std::ops::Range;

use record::prose;
use register::Record;
use schema::Collection;
use text::matching::Wanted;

use crate::body::{Body, texts};
use crate::plan::Context;
use crate::times::Times;
use crate::{QueryError, names};

pub use spelling::Meant;
pub use suggest::{Suggestion, suggest};

/// A record of the merged list.
#[derive(Debug)]
pub struct Hit {
    /// Its collection.
    pub collection: String,
    /// Its title.
    pub title: String,
    /// From 0 to 1: one of its names is the very text sought.
    pub score: f64,
    /// How it is what was sought: see [`text::matching::Kind`].
    pub kind: &'static str,
    /// Where in its fields.
    pub highlights: Vec<Highlight>,
    /// The record.
    pub record: Record,
}

/// Where in a field what was sought stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// The field.
    pub field: String,
    /// Its value, or that one of several.
    pub text: String,
    /// Ranges of characters (Unicode scalar values, from 0, without the end), ascending and apart.
    pub marks: Vec<Range<usize>>,
}

/// The merged list.
#[derive(Debug)]
pub struct Ranked {
    /// The best records of all collections.
    pub hits: Vec<Hit>,
    /// How many records match in one of the ways tried, by collection, in the catalog's order.
    pub counts: Vec<(String, u64)>,
    /// What may have been meant, where little was found; the likeliest first.
    pub meant: Vec<Meant>,
}

/// What is searched for.
#[derive(Debug)]
pub struct Sought<'a> {
    /// The query.
    pub text: &'a str,
    /// Only in these collections; none means all.
    pub collections: &'a [String],
    /// As of when.
    pub times: Times,
    /// How many.
    pub limit: usize,
}

/// Below this score of the best record it is asked what may have been meant.
const DOUBTFUL: f64 = 0.56;

/// Searches every collection that has full text.
///
/// # Errors
///
/// [`QueryError::BadParameter`] for a query without a letter or digit, or one that holds what looks like
/// an identity number; [`QueryError::Limit`] for a long one.
pub fn search(context: &Context<'_>, sought: &Sought<'_>) -> Result<Ranked, QueryError> {
    guard::check(sought.text)?;
    let wanted = Wanted::new(sought.text);
    let mut ranked = Ranked {
        hits: Vec::new(),
        counts: Vec::new(),
        meant: Vec::new(),
    };
    let collections = collections(context, sought.collections)?;
    let ask = retrieve::Ask::new(context, &wanted, sought)?;
    for collection in &collections {
        let found = ask.retrieve(collection)?;
        ranked.counts.push((collection.name.clone(), found.total));
        let about = rank::about(collection, &wanted);
        for candidate in found.candidates {
            ranked
                .hits
                .push(rank::hit(collection, &ask, candidate, about)?);
        }
    }
    // Equal scores keep the catalog's order, and the engine's within a collection.
    ranked
        .hits
        .sort_by(|left, right| right.score.total_cmp(&left.score));
    let best = ranked.hits.first().map_or(0.0, |hit| hit.score);
    ranked.hits.truncate(sought.limit);
    if best < DOUBTFUL {
        ranked.meant = spelling::meant(context, &wanted, &collections, sought.times)?;
    }
    Ok(ranked)
}

/// The collections to search, in the catalog's order.
fn collections<'a>(
    context: &Context<'a>,
    only: &[String],
) -> Result<Vec<&'a Collection>, QueryError> {
    let all = || {
        let all = context.store.catalog().collections.iter();
        all.filter(|one| one.text_fields().next().is_some())
    };
    if let Some(wrong) = only
        .iter()
        .find(|name| !all().any(|one| one.name == **name))
    {
        let known = names::nearest(wrong, all().map(|one| one.name.as_str()));
        let expected = prose!(
            "可全文检索的数据集：{known}",
            "collections with full text: {known}"
        );
        return Err(QueryError::bad("collections", wrong, expected));
    }
    // Of all, those that may be read; of those named, whoever may not is told so.
    let is_meant = |name: &String| match only.is_empty() {
        true => context.store.reads(name),
        false => only.contains(name),
    };
    Ok(all()
        .filter(|one| is_meant(&one.name))
        .map(|one| one.as_ref())
        .collect())
}

/// The record's title, or nothing.
fn title(collection: &Collection, body: &Body) -> String {
    let name = &collection.at(collection.title).name;
    body.get(name)
        .and_then(|value| texts(value).into_iter().next())
        .unwrap_or_default()
}
