//! The k nearest records: circles that grow until they hold enough.

use record::Predicate;
use register::{Page, Search};

use crate::QueryError;
use crate::plan::{Context, Plan};

/// The first circle's radius, in metres, and by how much each is larger than the one before.
const FIRST_METRES: f64 = 100.0;
const GROWTH: f64 = 3.0;

/// The nearest records, in order of distance. The page has no next one.
pub fn search(
    context: &Context<'_>,
    plan: &Plan,
    (lon, lat, farthest, k): (f64, f64, f64, usize),
) -> Result<Page, QueryError> {
    let mut metres = FIRST_METRES.min(farthest);
    loop {
        let circle = Predicate::Near { lon, lat, metres };
        let predicate = plan.predicate.clone().and(circle);
        let search = Search {
            predicate: &predicate,
            time: plan.times.scope,
            sort: &plan.sort,
            after: None,
            limit: k,
            deadline: context.deadline,
        };
        let page = context
            .view
            .search(&plan.collection.name, &search)
            .map_err(|error| context.error(error))?;
        if page.total >= k as u64 || metres >= farthest {
            return Ok(Page {
                next: None,
                total: page.records.len() as u64,
                ..page
            });
        }
        metres = (metres * GROWTH).min(farthest);
    }
}
