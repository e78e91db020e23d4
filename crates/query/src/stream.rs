//! Whole answers, however many records they have: in batches, all from one frozen state.

use register::{Record, Search};

use crate::execute::{self, FoundRecord, Records};
use crate::plan::{Context, Plan};
use crate::{QueryError, order};

/// How many records a batch has at most.
pub const BATCH: usize = 1000;
/// How many records an ordered answer reads at once: each of these reads looks at all that match.
const ORDERED_PAGE: usize = 20_000;

/// Calls `each` with every batch of the records that a plan asks for, whatever its limit, until it
/// answers `false`. In memory is a batch, or a page of an ordered answer. No time limit is kept but by
/// `each`: whoever reads the answer decides how fast it is written.
///
/// # Errors
///
/// As [`crate::execute()`]; a plan for groups or for the nearest is answered by that alone.
pub fn stream(
    context: &Context<'_>,
    plan: &Plan,
    each: &mut dyn FnMut(Records) -> Result<bool, QueryError>,
) -> Result<(), QueryError> {
    let mut batches = Batches {
        context,
        plan,
        batch: Vec::with_capacity(BATCH),
        failure: None,
        each,
    };
    if plan.sort.is_empty() && plan.after.is_none() {
        let scope = plan.times.scope;
        let name = &plan.collection.name;
        context
            .view
            .each(name, &plan.predicate, scope, &mut |record| {
                batches.push(record)
            })
            .map_err(|error| context.error(error))?;
    } else {
        batches.ordered()?;
    }
    batches.finish()
}

struct Batches<'a> {
    context: &'a Context<'a>,
    plan: &'a Plan,
    batch: Vec<FoundRecord>,
    failure: Option<QueryError>,
    each: &'a mut dyn FnMut(Records) -> Result<bool, QueryError>,
}

impl Batches<'_> {
    /// Whether to go on.
    fn push(&mut self, record: Record) -> bool {
        let found = order::found(&self.plan.sort, record);
        self.batch.push(found);
        self.batch.len() < BATCH || self.flush()
    }

    fn flush(&mut self) -> bool {
        let mut found = std::mem::take(&mut self.batch);
        let given = execute::reshape(self.context, self.plan, &mut found).and_then(|()| {
            (self.each)(Records {
                collection: self.plan.collection.name.clone(),
                records: found,
                matched: 0,
                cursor: None,
                times: self.plan.times,
                explanation: None,
            })
        });
        given.unwrap_or_else(|error| {
            self.failure = Some(error);
            false
        })
    }

    /// Page by page, each beginning where the one before ended.
    fn ordered(&mut self) -> Result<(), QueryError> {
        let mut after = self.plan.after.clone();
        loop {
            let search = Search {
                predicate: &self.plan.predicate,
                time: self.plan.times.scope,
                sort: &self.plan.sort,
                after: after.as_ref(),
                limit: ORDERED_PAGE,
                deadline: self.context.deadline,
            };
            let found = self
                .context
                .view
                .search(&self.plan.collection.name, &search);
            let page = found.map_err(|error| self.context.error(error))?;
            after = page.next;
            let goes_on = page.records.into_iter().all(|record| self.push(record));
            if !goes_on || after.is_none() {
                return Ok(());
            }
        }
    }

    fn finish(mut self) -> Result<(), QueryError> {
        if self.failure.is_none() && !self.batch.is_empty() {
            self.flush();
        }
        self.failure.map_or(Ok(()), Err)
    }
}
