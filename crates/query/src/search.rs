//! One ranked list across the registers, with counts per collection.

use record::CompactString;
use register::{Direction, Record, Search, Sort, SortKey};
use schema::Collection;

use crate::body::{Body, texts};
use crate::plan::{self, Context};
use crate::times::Times;
use crate::{QueryError, order};

/// A record of the merged list.
#[derive(Debug)]
pub struct Hit {
    /// Its collection.
    pub collection: String,
    /// Its title.
    pub title: String,
    /// From 2 (its title is the very text sought), by 1 (the best of its collection), down to 0.
    pub score: f64,
    /// The record.
    pub record: Record,
}

/// The merged list.
#[derive(Debug)]
pub struct Ranked {
    /// The best records of all collections.
    pub hits: Vec<Hit>,
    /// How many records match, by collection, in the catalog's order.
    pub counts: Vec<(String, u64)>,
}

/// Searches every collection that has full text. Scores of two collections cannot be compared as they
/// are (they depend on how rare the words are in each), so each is divided by its collection's best.
pub fn search(
    context: &Context<'_>,
    text: &str,
    times: Times,
    limit: usize,
) -> Result<Ranked, QueryError> {
    let sort = [Sort {
        key: SortKey::Score,
        direction: Direction::Descending,
    }];
    let mut ranked = Ranked {
        hits: Vec::new(),
        counts: Vec::new(),
    };
    for collection in &context.store.catalog().collections {
        if collection.text_fields().next().is_none() {
            continue;
        }
        let predicate = plan::full_text(collection, text)?;
        let search = Search {
            predicate: &predicate,
            time: times.scope,
            sort: &sort,
            after: None,
            limit,
            deadline: context.deadline,
        };
        let found = context.view.search(&collection.name, &search);
        let page = found.map_err(|error| context.error(error))?;
        ranked.counts.push((collection.name.clone(), page.total));
        let score = |record: &Record| order::computed_value(&record.values, Some(0)).unwrap_or(0.0);
        let best = page
            .records
            .first()
            .map(score)
            .filter(|best| *best > 0.0)
            .unwrap_or(1.0);
        for record in page.records {
            let title = title(collection, &record.body)?;
            let is_exact = title == text.trim();
            let score = score(&record) / best + f64::from(u8::from(is_exact));
            ranked.hits.push(Hit {
                collection: collection.name.clone(),
                title,
                score,
                record,
            });
        }
    }
    // Equal scores keep the catalog's order.
    ranked
        .hits
        .sort_by(|left, right| right.score.total_cmp(&left.score));
    ranked.hits.truncate(limit);
    Ok(ranked)
}

/// The record's title, or nothing.
fn title(collection: &Collection, body: &str) -> Result<String, QueryError> {
    let name: &CompactString = &collection.at(collection.title).name;
    let body = Body::parse(body)?;
    Ok(body
        .get(name)
        .and_then(|value| texts(value).into_iter().next())
        .unwrap_or_default())
}
