//! One state of a collection's index, frozen: reads see it whole or not at all.

use std::collections::HashMap;
use std::sync::Arc;

use record::{Predicate, Transaction, Validity};
use tantivy::columnar::Column;
use tantivy::query::{AllQuery, Query};
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::bodies::Record;
use crate::collect::{self, groups, top};
use crate::compile::Compiler;
use crate::document::Part;
use crate::error::IndexError;
use crate::group::{Group, GroupKey, Grouping};
use crate::layout::{Layout, ORDERED_KEY};
use crate::search::{Address, Found, Hit, Search, SortKey};
use crate::segments::{self, OpenSegment, Segments};
use crate::spatial::BOX_COLUMNS;
use crate::time::{Deadline, TimeScope};

mod listing;
mod names;
mod parallel;
mod scope;

pub use listing::{Keyed, Listing};

/// A frozen state of one collection.
#[derive(Clone)]
pub struct Snapshot {
    layout: Arc<Layout>,
    current: Searcher,
    past: Searcher,
    segments: Segments,
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
    /// From which transaction to which it is believed.
    pub known: (Transaction, Transaction),
    /// Where it stands.
    pub address: Address,
}

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
        let mut open = HashMap::new();
        segments::open(&current, &layout, &mut open)?;
        for segment in open.values() {
            let (latest_from, earliest_to) = segment.system.boundaries();
            boundaries.latest_from = boundaries.latest_from.max(latest_from);
            boundaries.earliest_to = boundaries.earliest_to.min(earliest_to);
        }
        segments::open(&past, &layout, &mut open)?;
        Ok(Snapshot {
            layout,
            current,
            past,
            segments: Arc::new(open),
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

    /// A box around every geometry there is: minimum longitude, minimum latitude, maximum longitude,
    /// maximum latitude, in degrees. It may be wider by what was deleted and is not merged away yet.
    pub fn bounds(&self) -> Result<Option<[f64; 4]>, IndexError> {
        let mut bounds: Option<[i64; 4]> = None;
        for open in self.segments.values() {
            let [west, south, east, north] = BOX_COLUMNS.map(|name| open.columns.number(name));
            let (Some(west), Some(south)) = (west?, south?) else {
                continue;
            };
            // A column without values says 0, which no coordinate is mapped to.
            if west.max_value() == 0 || south.max_value() == 0 {
                continue;
            }
            let most = |low: &Column<u64>, high: Option<Column<u64>>| {
                // Points have no upper corner of their own.
                let high = high.map_or(0, |column| column.max_value());
                tantivy::u64_to_i64(low.max_value().max(high))
            };
            let least = |low: &Column<u64>| tantivy::u64_to_i64(low.min_value());
            let own = [
                least(&west),
                least(&south),
                most(&west, east?),
                most(&south, north?),
            ];
            bounds = Some(match bounds {
                None => own,
                Some([west, south, east, north]) => [
                    west.min(own[0]),
                    south.min(own[1]),
                    east.max(own[2]),
                    north.max(own[3]),
                ],
            });
        }
        Ok(bounds.map(|bounds| bounds.map(|corner| corner as f64 / 1e7)))
    }

    fn searcher(&self, part: Part) -> &Searcher {
        match part {
            Part::Current => &self.current,
            Part::Past => &self.past,
        }
    }

    /// A segment with what is open of it.
    fn open<'s>(
        &'s self,
        reader: &'s SegmentReader,
    ) -> Result<(&'s SegmentReader, &'s OpenSegment), IndexError> {
        let open = self.segments.get(&reader.segment_id());
        let open = open.ok_or_else(|| TantivyError::InternalError("no such segment".into()))?;
        Ok((reader, open))
    }

    /// The segment of a document.
    fn open_at(&self, address: Address) -> Result<&OpenSegment, IndexError> {
        let searcher = self.searcher(address.part);
        Ok(self.open(searcher.segment_reader(address.segment))?.1)
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
        for (part, query) in self.queries(search.predicate, search.time, search.deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, scored)?;
            for (segment, reader) in searcher.segment_readers().iter().enumerate() {
                search.deadline.check()?;
                let place = (part, segment as u32);
                let (page, matching) = top::segment(
                    search,
                    &self.layout,
                    weight.as_ref(),
                    self.open(reader)?,
                    place,
                )?;
                hits.extend(page);
                total += matching;
            }
        }
        hits.sort_by(|left, right| top::order(search.sort, left, right));
        hits.truncate(search.limit);
        Ok(Found { hits, total })
    }

    /// Calls `each` with every record that matches, in no order that means anything, until it answers
    /// `false`. Whatever their number, nothing is collected.
    pub fn each_hit(
        &self,
        predicate: &Predicate,
        time: TimeScope,
        mut each: impl FnMut(Hit) -> bool,
    ) -> Result<(), IndexError> {
        for (part, query) in self.queries(predicate, time, Deadline::NONE)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for (segment, reader) in (0..).zip(searcher.segment_readers()) {
                let (_, open) = self.open(reader)?;
                let system = &open.system;
                let mut goes_on = true;
                collect::blocks_while(weight.as_ref(), reader, |block| {
                    goes_on = block.iter().copied().all(|document| {
                        each(Hit {
                            number: system.number(document),
                            values: Vec::new(),
                            validity: system.validity(document),
                            known: system.known(document),
                            address: Address {
                                part,
                                segment,
                                document,
                            },
                        })
                    });
                    Ok(goes_on)
                })?;
                if !goes_on {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// How many records match.
    pub fn count(
        &self,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, IndexError> {
        let mut total = 0;
        for (part, query) in self.queries(predicate, time, deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for reader in searcher.segment_readers() {
                deadline.check()?;
                total += u64::from(weight.count(reader)?);
                deadline.check()?;
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
        for (part, query) in self.queries(predicate, time, deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            let of_segments = parallel::each(searcher.segment_readers(), |reader| {
                let open = self.open(reader)?;
                groups::segment(grouping, &self.layout, weight.as_ref(), open, deadline)
            })?;
            for (key, totals) in of_segments.into_iter().flatten() {
                all.entry(key).or_default().merge(&totals);
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
        groups.sort_by(|left, right| order_of_keys(&grouping.keys, &left.key, &right.key));
        Ok(groups)
    }

    /// Reads a document found in this snapshot.
    pub fn stored(&self, address: Address) -> Result<Stored, IndexError> {
        let open = self.open_at(address)?;
        let (body, statements) = self.record(open, address, |record| {
            (record.body.to_vec(), record.statements.to_vec())
        })?;
        Ok(Stored {
            number: open.system.number(address.document),
            body,
            statements,
            validity: open.system.validity(address.document),
            known: open.system.known(address.document),
        })
    }

    /// The record as it is answered, and nothing else: the quick way for pages.
    pub fn body(&self, address: Address) -> Result<Vec<u8>, IndexError> {
        self.record(self.open_at(address)?, address, |record| {
            record.body.to_vec()
        })
    }

    fn record<T>(
        &self,
        open: &OpenSegment,
        address: Address,
        read: impl FnOnce(Record) -> T,
    ) -> Result<T, IndexError> {
        let read = open.bodies.with(address.document, read);
        Ok(read.map_err(TantivyError::from)?)
    }

    /// The entities that have a mark which begins with the prefix and whose rest is wanted; some may
    /// come twice.
    pub fn marked(
        &self,
        prefix: &str,
        wanted: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Vec<u64>, IndexError> {
        let mut numbers = Vec::new();
        for searcher in [&self.current, &self.past] {
            for reader in searcher.segment_readers() {
                let inverted = reader.inverted_index(self.layout.system.marks)?;
                let (_, open) = self.open(reader)?;
                let mut terms = inverted
                    .terms()
                    .range()
                    .ge(prefix.as_bytes())
                    .into_stream()?;
                while terms.advance() {
                    let Some(rest) = terms.key().strip_prefix(prefix.as_bytes()) else {
                        break;
                    };
                    if !wanted(&String::from_utf8_lossy(rest)) {
                        continue;
                    }
                    let option = tantivy::schema::IndexRecordOption::Basic;
                    let mut holders =
                        inverted.read_postings_from_terminfo(terms.value(), option)?;
                    let mut document = holders.doc();
                    while document != TERMINATED {
                        if !reader.is_deleted(document) {
                            numbers.push(open.system.number(document));
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
        let query = Compiler::new(&self.layout, &self.segments).compile(predicate)?;
        self.numbers(query.as_ref())
    }

    fn numbers(&self, query: &dyn Query) -> Result<Vec<u64>, IndexError> {
        let mut numbers = Vec::new();
        for searcher in [&self.current, &self.past] {
            let weight = collect::weight(searcher, query, false)?;
            for reader in searcher.segment_readers() {
                let (_, open) = self.open(reader)?;
                collect::blocks(weight.as_ref(), reader, Deadline::NONE, |block| {
                    numbers.extend(block.iter().map(|document| open.system.number(*document)));
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
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let (_, open) = self.open(reader)?;
            let weight = collect::weight(searcher, &AllQuery, false)?;
            collect::blocks(weight.as_ref(), reader, Deadline::NONE, |block| {
                for document in block.iter().copied() {
                    each(row(
                        open,
                        Address {
                            part,
                            segment,
                            document,
                        },
                    ));
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Calls `each` with the columns that loading needs, for every live document whose natural key has
    /// this hash: those of the past first.
    pub fn rows_of_key(&self, key: u64, mut each: impl FnMut(Row)) -> Result<(), IndexError> {
        for part in [Part::Past, Part::Current] {
            for (segment, reader) in (0..).zip(self.searcher(part).segment_readers()) {
                let (_, open) = self.open(reader)?;
                let Some(order) = open.orders.get(ORDERED_KEY) else {
                    continue;
                };
                for document in order.items_of(key).map(|item| order.document(item)) {
                    if !reader.is_deleted(document) {
                        each(row(
                            open,
                            Address {
                                part,
                                segment,
                                document,
                            },
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The columns of a document that loading needs.
fn row(open: &OpenSegment, address: Address) -> Row {
    let (system, document) = (&open.system, address.document);
    Row {
        number: system.number(document),
        key: system.key.first(document).unwrap_or_default(),
        digest: system.digest.first(document).unwrap_or_default(),
        validity: system.validity(document),
        known: system.known(document),
        address,
    }
}

fn order_of_keys(
    keys: &[GroupKey],
    left: &[Option<record::CompactString>],
    right: &[Option<record::CompactString>],
) -> std::cmp::Ordering {
    // Bands of age by their first year, everything else as text.
    let first = |band: &str| band.split('-').next().and_then(|year| year.parse().ok());
    left.iter()
        .zip(right)
        .zip(keys)
        .map(|((left, right), key)| match (left, right) {
            (Some(one), Some(other)) if matches!(key, GroupKey::Age { .. }) => {
                let year = |band| first(band).unwrap_or(u32::MAX);
                year(one).cmp(&year(other))
            }
            (Some(one), Some(other)) => one.cmp(other),
            (None, None) => std::cmp::Ordering::Equal,
            (None, _) => std::cmp::Ordering::Greater,
            (_, None) => std::cmp::Ordering::Less,
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}
