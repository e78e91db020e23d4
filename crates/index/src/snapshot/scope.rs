//! Which documents a read sees: the times of a read as filters beside its predicate.

use std::collections::HashMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use record::{Day, Predicate, Transaction, Validity};
use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, RangeQuery};
use tantivy::{DocId, Term};

use super::{Boundaries, Snapshot};
use crate::collect;
use crate::compile::Compiler;
use crate::compile::exclusion::excluded;
use crate::document::Part;
use crate::documents::DocumentsQuery;
use crate::error::IndexError;
use crate::layout::ORDERED_NUMBER;
use crate::time::{Deadline, TimeScope};

/// What a part's documents must meet besides the predicate.
type Filter = Option<Box<dyn Query>>;
/// A query for one part.
type PartQuery = (Part, Box<dyn Query>);

const BOTH: [Part; 2] = [Part::Current, Part::Past];

/// A rectangle that ends among the days asked about.
struct Ended {
    number: u64,
    to: Day,
    segment: SegmentId,
    document: DocId,
}

impl Snapshot {
    /// The queries of a predicate: one for each part that must be looked into.
    pub(super) fn queries(
        &self,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<Vec<PartQuery>, IndexError> {
        let compiler = Compiler::new(&self.layout, &self.segments).until(deadline);
        self.scope(time, deadline)?
            .into_iter()
            .map(|(part, filter)| {
                let query = compiler.compile(predicate)?;
                Ok(match filter {
                    None => (part, query),
                    Some(filter) => {
                        let filter = ConstScoreQuery::new(filter, 0.0);
                        let clauses =
                            vec![(Occur::Must, query), (Occur::Must, Box::new(filter) as _)];
                        (part, Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
                    }
                })
            })
            .collect()
    }

    /// The parts a read must look into, each with its filter.
    fn scope(
        &self,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<Vec<(Part, Filter)>, IndexError> {
        let both = |filter: &dyn Fn() -> Filter| BOTH.map(|part| (part, filter())).into();
        Ok(match time {
            TimeScope::Present(today) => vec![(Part::Current, self.today_filter(today))],
            TimeScope::At(as_of) => {
                let day = only(as_of.valid);
                both(&|| Some(intersection(self.rectangle_filter(day, as_of.known))))
            }
            TimeScope::During(days, known) => {
                let superseded = self.superseded(days, known, deadline)?;
                both(&|| {
                    let holds = intersection(self.rectangle_filter(days, known));
                    let superseded = excluded(Box::new(superseded.clone()));
                    let clauses = vec![(Occur::Must, holds), (Occur::MustNot, superseded)];
                    Some(Box::new(BooleanQuery::new(clauses)))
                })
            }
            TimeScope::All => both(&|| None),
        })
    }

    fn today_filter(&self, today: Day) -> Filter {
        let now = i64::from(today.0);
        let Boundaries {
            latest_from,
            earliest_to,
        } = self.boundaries;
        (latest_from > now || earliest_to <= now)
            .then(|| intersection(self.validity_filter(only(today))))
    }

    fn validity_filter(&self, days: Validity) -> Vec<Box<dyn Query>> {
        let system = &self.layout.system;
        vec![
            range_of_days(system.valid_from, None, Some(days.to)),
            range_of_days(system.valid_to, Some(days.from), None),
        ]
    }

    /// The rectangles that hold on some of the days and are believed at the transaction.
    fn rectangle_filter(&self, days: Validity, known: Transaction) -> Vec<Box<dyn Query>> {
        let system = &self.layout.system;
        let at = |field| Term::from_field_u64(field, known.0);
        let mut all = self.validity_filter(days);
        all.push(Box::new(RangeQuery::new(
            Unbounded,
            Included(at(system.known_from)),
        )));
        all.push(Box::new(RangeQuery::new(
            Excluded(at(system.known_to)),
            Unbounded,
        )));
        all
    }

    /// The rectangles that hold on some of the days, but are not their entity's last that does: one
    /// follows that begins among them. Only those that end before the days do can be.
    fn superseded(
        &self,
        days: Validity,
        known: Transaction,
        deadline: Deadline,
    ) -> Result<DocumentsQuery, IndexError> {
        let system = &self.layout.system;
        let mut filter = self.rectangle_filter(days, known);
        filter.push(range_of_days(system.valid_to, None, Some(days.to)));
        let mut ended: Vec<Ended> = Vec::new();
        self.each(
            intersection(filter).as_ref(),
            deadline,
            |number, validity, place| {
                ended.push(Ended {
                    number,
                    to: validity.to,
                    segment: place.0,
                    document: place.1,
                });
            },
        )?;
        let mut latest: HashMap<u64, Day> = HashMap::new();
        if !ended.is_empty() {
            let mut numbers: Vec<u64> = ended.iter().map(|one| one.number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            let compiler = Compiler::new(&self.layout, &self.segments);
            let mut filter = self.rectangle_filter(days, known);
            filter.push(range_of_days(system.valid_from, Some(days.from), None));
            filter.push(Box::new(compiler.numbers(ORDERED_NUMBER, numbers)));
            self.each(
                intersection(filter).as_ref(),
                deadline,
                |number, validity, _| {
                    let last = latest.entry(number).or_insert(validity.from);
                    *last = validity.from.max(*last);
                },
            )?;
        }
        let mut documents: HashMap<SegmentId, Vec<DocId>> = HashMap::new();
        for one in ended {
            if latest.get(&one.number).is_some_and(|last| *last >= one.to) {
                documents.entry(one.segment).or_default().push(one.document);
            }
        }
        Ok(DocumentsQuery::new(documents))
    }

    /// Calls `each` with entity, validity and place of every live document that matches.
    fn each(
        &self,
        query: &dyn Query,
        deadline: Deadline,
        mut each: impl FnMut(u64, Validity, (SegmentId, DocId)),
    ) -> Result<(), IndexError> {
        for searcher in BOTH.map(|part| self.searcher(part)) {
            let weight = collect::weight(searcher, query, false)?;
            for reader in searcher.segment_readers() {
                deadline.check()?;
                let (_, open) = self.open(reader)?;
                collect::blocks(weight.as_ref(), reader, deadline, |block| {
                    for document in block.iter().copied() {
                        each(
                            open.system.number(document),
                            open.system.validity(document),
                            (reader.segment_id(), document),
                        );
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }
}

/// Nothing but this day.
fn only(day: Day) -> Validity {
    Validity {
        from: day,
        to: day.next(),
    }
}

/// Days after one and before another.
fn range_of_days(
    field: tantivy::schema::Field,
    after: Option<Day>,
    before: Option<Day>,
) -> Box<dyn Query> {
    let bound = |day: Option<Day>| match day {
        Some(day) => Excluded(Term::from_field_i64(field, i64::from(day.0))),
        None => Unbounded,
    };
    Box::new(RangeQuery::new(bound(after), bound(before)))
}

fn intersection(all: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(all))
}
