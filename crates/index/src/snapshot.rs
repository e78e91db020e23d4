//! One state of a collection's index, frozen: reads see it whole or not at all.

use std::collections::HashMap;
use std::sync::Arc;

use record::{AsOf, Day, Predicate, Transaction, Validity};
use tantivy::query::{AllQuery, BooleanQuery, Occur, Query, RangeQuery};
use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term};

use crate::collect::{self, groups, top};
use crate::compile::Compiler;
use crate::document::Part;
use crate::error::IndexError;
use crate::group::{Group, Grouping};
use crate::layout::{Layout, columns};
use crate::search::{Address, Found, Hit, Search, SortKey, day};
use crate::spatial::plugin;
use crate::spatial::query::Trees;
use crate::time::{Deadline, TimeScope};

/// A frozen state of one collection.
#[derive(Clone)]
pub struct Snapshot {
    layout: Arc<Layout>,
    current: Searcher,
    past: Searcher,
    trees: Trees,
    boundaries: Boundaries,
}

/// The outermost boundaries of validity in `current`: while they are behind, it needs no date filter.
#[derive(Clone, Copy, Debug)]
struct Boundaries {
    latest_from: i64,
    earliest_to: i64,
}

/// A document as it was stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The entity's number.
    pub number: u64,
    /// The record as it is answered.
    pub body: Vec<u8>,
    /// Where its statements stand in the ledger.
    pub statements: Vec<u8>,
    /// When it is true in the world.
    pub validity: Validity,
    /// From which transaction to which it is believed.
    pub known: (Transaction, Transaction),
}

/// One row of the columns that loading needs.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The entity's number.
    pub number: u64,
    /// The hash of its natural key.
    pub key: u64,
    /// The digest of the latest row a source gave.
    pub digest: u64,
    /// When it is true in the world.
    pub validity: Validity,
    /// The transaction it became known with.
    pub known_from: Transaction,
    /// The corner of its box with the smallest coordinates, 1e-7 degrees.
    pub corner: Option<(i32, i32)>,
    /// Where it stands.
    pub address: Address,
}

/// What a part's documents must meet besides the predicate.
type Filter = Option<Box<dyn Query>>;
/// A query for one part.
type PartQuery = (Part, Box<dyn Query>);

impl Snapshot {
    pub(crate) fn new(
        layout: Arc<Layout>,
        current: Searcher,
        past: Searcher,
    ) -> Result<Snapshot, IndexError> {
        let mut boundaries = Boundaries {
            latest_from: i64::MIN,
            earliest_to: i64::MAX,
        };
        for reader in current.segment_readers() {
            let fast = reader.fast_fields();
            let from = fast.i64(columns::VALID_FROM)?;
            let to = fast.i64(columns::VALID_TO)?;
            boundaries.latest_from = boundaries.latest_from.max(from.max_value());
            boundaries.earliest_to = boundaries.earliest_to.min(to.min_value());
        }
        let mut trees = HashMap::new();
        plugin::trees(&current, &mut trees)?;
        plugin::trees(&past, &mut trees)?;
        Ok(Snapshot {
            layout,
            current,
            past,
            trees: Arc::new(trees),
            boundaries,
        })
    }

    /// How many rectangles are believed now and valid now or later.
    pub fn current_documents(&self) -> u64 {
        self.current.num_docs()
    }

    /// How many rectangles there are.
    pub fn documents(&self) -> u64 {
        self.current.num_docs() + self.past.num_docs()
    }

    /// How many segments the hot index has.
    pub fn segments(&self) -> usize {
        self.current.segment_readers().len()
    }

    fn searcher(&self, part: Part) -> &Searcher {
        match part {
            Part::Current => &self.current,
            Part::Past => &self.past,
        }
    }

    /// The parts a read must look into, each with its filter.
    fn scope(&self, time: TimeScope) -> Vec<(Part, Filter)> {
        match time {
            TimeScope::Present(today) => vec![(Part::Current, self.today_filter(today))],
            TimeScope::At(as_of) => {
                let filter = || Some(self.rectangle_filter(as_of));
                vec![(Part::Current, filter()), (Part::Past, filter())]
            }
            TimeScope::All => vec![(Part::Current, None), (Part::Past, None)],
        }
    }

    fn today_filter(&self, today: Day) -> Option<Box<dyn Query>> {
        let now = i64::from(today.0);
        let Boundaries {
            latest_from,
            earliest_to,
        } = self.boundaries;
        (latest_from > now || earliest_to <= now).then(|| self.validity_filter(today))
    }

    fn validity_filter(&self, on: Day) -> Box<dyn Query> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let system = &self.layout.system;
        let at = |field| Term::from_field_i64(field, i64::from(on.0));
        Box::new(BooleanQuery::intersection(vec![
            Box::new(RangeQuery::new(Unbounded, Included(at(system.valid_from)))),
            Box::new(RangeQuery::new(Excluded(at(system.valid_to)), Unbounded)),
        ]))
    }

    fn rectangle_filter(&self, as_of: AsOf) -> Box<dyn Query> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let system = &self.layout.system;
        let at = |field| Term::from_field_u64(field, as_of.known.0);
        Box::new(BooleanQuery::intersection(vec![
            self.validity_filter(as_of.valid),
            Box::new(RangeQuery::new(Unbounded, Included(at(system.known_from)))),
            Box::new(RangeQuery::new(Excluded(at(system.known_to)), Unbounded)),
        ]))
    }

    fn queries(
        &self,
        predicate: &Predicate,
        time: TimeScope,
    ) -> Result<Vec<PartQuery>, IndexError> {
        let compiler = Compiler::new(&self.layout, &self.trees);
        self.scope(time)
            .into_iter()
            .map(|(part, filter)| {
                let query = compiler.compile(predicate)?;
                Ok(match filter {
                    None => (part, query),
                    Some(filter) => {
                        let filter = tantivy::query::ConstScoreQuery::new(filter, 0.0);
                        let clauses =
                            vec![(Occur::Must, query), (Occur::Must, Box::new(filter) as _)];
                        (part, Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
                    }
                })
            })
            .collect()
    }

    /// One page of the records that match, and how many match in all.
    pub fn search(&self, search: &Search) -> Result<Found, IndexError> {
        if search.sort.len() > top::MAXIMUM_KEYS {
            return Err(IndexError::NotSearchable {
                field: "sortby".to_string(),
                reason: format!("at most {} keys", top::MAXIMUM_KEYS),
            });
        }
        let scored = search.sort.iter().any(|sort| sort.key == SortKey::Score);
        let mut hits: Vec<Hit> = Vec::new();
        let mut total = 0;
        for (part, query) in self.queries(search.predicate, search.time)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, scored)?;
            for (segment, reader) in searcher.segment_readers().iter().enumerate() {
                search.deadline.check()?;
                let place = (part, segment as u32);
                let (page, matching) =
                    top::segment(search, &self.layout, weight.as_ref(), reader, place)?;
                hits.extend(page);
                total += matching;
            }
        }
        hits.sort_by(|left, right| top::order(search.sort, left, right));
        hits.truncate(search.limit);
        Ok(Found { hits, total })
    }

    /// How many records match.
    pub fn count(
        &self,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, IndexError> {
        let mut total = 0;
        for (part, query) in self.queries(predicate, time)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for reader in searcher.segment_readers() {
                deadline.check()?;
                total += u64::from(weight.count(reader)?);
            }
        }
        Ok(total)
    }

    /// The groups of the records that match, ordered by key, those without a value last.
    pub fn group(
        &self,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        deadline: Deadline,
    ) -> Result<Vec<Group>, IndexError> {
        if grouping.keys.len() > groups::MAXIMUM_KEYS {
            return Err(IndexError::NotSearchable {
                field: "group".to_string(),
                reason: format!("at most {} keys", groups::MAXIMUM_KEYS),
            });
        }
        let mut all = groups::SegmentGroups::new();
        for (part, query) in self.queries(predicate, time)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for reader in searcher.segment_readers() {
                let segment =
                    groups::segment(grouping, &self.layout, weight.as_ref(), reader, deadline)?;
                for (key, totals) in segment {
                    all.entry(key).or_default().merge(&totals);
                }
            }
        }
        if all.len() > grouping.limit {
            return Err(IndexError::TooManyGroups(grouping.limit));
        }
        let days: Vec<bool> = grouping
            .measures
            .iter()
            .map(|measure| groups::is_day(measure, &self.layout))
            .collect();
        let mut groups: Vec<Group> = all
            .into_iter()
            .map(|(key, totals)| Group {
                key,
                count: totals.count,
                measures: grouping
                    .measures
                    .iter()
                    .zip(&days)
                    .enumerate()
                    .map(|(place, (measure, is_day))| totals.value(place, measure, *is_day))
                    .collect(),
            })
            .collect();
        groups.sort_by(|left, right| order_of_keys(&left.key, &right.key));
        Ok(groups)
    }

    /// Reads a document found in this snapshot.
    pub fn stored(&self, address: Address) -> Result<Stored, IndexError> {
        let searcher = self.searcher(address.part);
        let stored: TantivyDocument =
            searcher.doc(DocAddress::new(address.segment, address.document))?;
        let system = &self.layout.system;
        let bytes = |field| {
            stored
                .get_first(field)
                .and_then(|value| value.as_bytes().map(<[u8]>::to_vec))
        };
        let fast = searcher.segment_reader(address.segment).fast_fields();
        let number = |name: &str| -> Result<u64, IndexError> {
            Ok(fast.u64(name)?.first(address.document).unwrap_or_default())
        };
        let date = |name: &str| -> Result<Day, IndexError> {
            Ok(day(fast
                .i64(name)?
                .first(address.document)
                .unwrap_or_default()))
        };
        Ok(Stored {
            number: number(columns::NUMBER)?,
            body: bytes(system.body).unwrap_or_default(),
            statements: bytes(system.statements).unwrap_or_default(),
            validity: Validity {
                from: date(columns::VALID_FROM)?,
                to: date(columns::VALID_TO)?,
            },
            known: (
                Transaction(number(columns::KNOWN_FROM)?),
                Transaction(number(columns::KNOWN_TO)?),
            ),
        })
    }

    /// The record as it is answered, and nothing else: the quick way for pages.
    pub fn body(&self, address: Address) -> Result<Vec<u8>, IndexError> {
        let searcher = self.searcher(address.part);
        let stored: TantivyDocument =
            searcher.doc(DocAddress::new(address.segment, address.document))?;
        let body = stored.get_first(self.layout.system.body);
        Ok(body
            .and_then(|value| value.as_bytes().map(<[u8]>::to_vec))
            .unwrap_or_default())
    }

    /// The entities that hold a reference which begins with the prefix and whose rest is wanted; some
    /// may come twice.
    pub fn held(
        &self,
        prefix: &str,
        wanted: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Vec<u64>, IndexError> {
        let mut numbers = Vec::new();
        for searcher in [&self.current, &self.past] {
            for reader in searcher.segment_readers() {
                let inverted = reader.inverted_index(self.layout.system.held)?;
                let column = reader.fast_fields().u64(columns::NUMBER)?;
                let mut terms = inverted
                    .terms()
                    .range()
                    .ge(prefix.as_bytes())
                    .into_stream()?;
                while terms.advance() {
                    let Some(key) = terms.key().strip_prefix(prefix.as_bytes()) else {
                        break;
                    };
                    if !wanted(&String::from_utf8_lossy(key)) {
                        continue;
                    }
                    let option = tantivy::schema::IndexRecordOption::Basic;
                    let mut holders =
                        inverted.read_postings_from_terminfo(terms.value(), option)?;
                    let mut document = holders.doc();
                    while document != TERMINATED {
                        if !reader.is_deleted(document) {
                            numbers.extend(column.first(document));
                        }
                        document = holders.advance();
                    }
                }
            }
        }
        Ok(numbers)
    }

    /// The entities with a rectangle, current or past, that matches the predicate.
    pub fn entities(&self, predicate: &Predicate) -> Result<Vec<u64>, IndexError> {
        let query = Compiler::new(&self.layout, &self.trees).compile(predicate)?;
        self.numbers(query.as_ref())
    }

    fn numbers(&self, query: &dyn Query) -> Result<Vec<u64>, IndexError> {
        let mut numbers = Vec::new();
        for searcher in [&self.current, &self.past] {
            let weight = collect::weight(searcher, query, false)?;
            for reader in searcher.segment_readers() {
                let column = reader.fast_fields().u64(columns::NUMBER)?;
                collect::blocks(weight.as_ref(), reader, Deadline::NONE, |block| {
                    numbers.extend(block.iter().filter_map(|document| column.first(*document)));
                    Ok(())
                })?;
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// Calls `each` with the columns that loading needs, for every live document of a part.
    pub fn rows(&self, part: Part, mut each: impl FnMut(Row)) -> Result<(), IndexError> {
        let searcher = self.searcher(part);
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let fast = reader.fast_fields();
            let (number, key) = (fast.u64(columns::NUMBER)?, fast.u64(columns::KEY)?);
            let (digest, known) = (fast.u64(columns::DIGEST)?, fast.u64(columns::KNOWN_FROM)?);
            let (from, to) = (fast.i64(columns::VALID_FROM)?, fast.i64(columns::VALID_TO)?);
            let corner = match self.layout.collection.location {
                Some(_) => Some((
                    fast.i64(crate::spatial::BOX_COLUMNS[0])?,
                    fast.i64(crate::spatial::BOX_COLUMNS[1])?,
                )),
                None => None,
            };
            let weight = collect::weight(searcher, &AllQuery, false)?;
            collect::blocks(weight.as_ref(), reader, Deadline::NONE, |block| {
                for document in block.iter().copied() {
                    let first = |column: &tantivy::columnar::Column<u64>| {
                        column.first(document).unwrap_or_default()
                    };
                    let date = |column: &tantivy::columnar::Column<i64>| {
                        day(column.first(document).unwrap_or_default())
                    };
                    each(Row {
                        number: first(&number),
                        key: first(&key),
                        digest: first(&digest),
                        validity: Validity {
                            from: date(&from),
                            to: date(&to),
                        },
                        known_from: Transaction(first(&known)),
                        corner: corner.as_ref().and_then(|(lon, lat)| {
                            Some((lon.first(document)? as i32, lat.first(document)? as i32))
                        }),
                        address: Address {
                            part,
                            segment: segment as u32,
                            document,
                        },
                    });
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

fn order_of_keys(
    left: &[Option<record::CompactString>],
    right: &[Option<record::CompactString>],
) -> std::cmp::Ordering {
    left.iter()
        .zip(right)
        .map(|pair| match pair {
            (Some(one), Some(other)) => one.cmp(other),
            (None, None) => std::cmp::Ordering::Equal,
            (None, _) => std::cmp::Ordering::Greater,
            (_, None) => std::cmp::Ordering::Less,
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}
