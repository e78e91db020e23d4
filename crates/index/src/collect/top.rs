//! The page of a search: the first records in order, after the place the page before ended.

use std::collections::BinaryHeap;

use geometry::Position;
use record::CompactString;
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocId, Score, SegmentReader};

use crate::document::Part;
use crate::error::IndexError;
use crate::layout::{ColumnKind, Layout, columns};
use crate::search::{Address, After, Direction, Hit, Search, Sort, SortKey, SortValue};
use crate::segments::OpenSegment;
use crate::spatial::{self, BOX_COLUMNS};

/// The most sort keys a search may have.
pub const MAXIMUM_KEYS: usize = 3;

/// Local sort keys of a document, then its entity's number. A smaller entry comes first.
type Entry = ([u64; MAXIMUM_KEYS], u64, DocId);

/// No value: after everything.
const MISSING: u64 = u64::MAX;

/// Collects one segment's share of a page. Returns it in order, and how many documents match.
pub fn segment(
    search: &Search,
    layout: &Layout,
    weight: &dyn Weight,
    (reader, open): (&SegmentReader, &OpenSegment),
    place: (Part, u32),
) -> Result<(Vec<Hit>, u64), IndexError> {
    let keys = search
        .sort
        .iter()
        .map(|sort| KeyReader::open(sort, layout, open))
        .collect::<Result<Vec<_>, _>>()?;
    let floor = search
        .after
        .map(|after| local_floor(after, &keys))
        .transpose()?;
    let mut page = Page {
        limit: search.limit,
        floor,
        heap: BinaryHeap::new(),
    };
    let mut total = 0u64;
    let scored = search.sort.iter().any(|sort| sort.key == SortKey::Score);
    let mut offer = |document: DocId, score: Score| -> tantivy::Result<()> {
        total += 1;
        let mut entry: Entry = ([0; MAXIMUM_KEYS], 0, document);
        for (slot, key) in entry.0.iter_mut().zip(&keys) {
            *slot = key.local(open, document, score)?;
        }
        if page.is_beyond(&entry.0) {
            return Ok(());
        }
        entry.1 = open.system.number(document);
        page.offer(entry);
        Ok(())
    };
    if scored {
        super::scored(weight, reader, search.deadline, &mut offer)?;
    } else if search.limit == 0 {
        let count = u64::from(weight.count(reader)?);
        search.deadline.check()?;
        return Ok((Vec::new(), count));
    } else {
        super::blocks(weight, reader, search.deadline, |block| {
            block.iter().try_for_each(|document| offer(*document, 0.0))
        })?;
    }
    let hits = page
        .heap
        .into_sorted_vec()
        .into_iter()
        .map(|entry| hit(entry, &keys, open, place))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((hits, total))
}

/// Merges the segments' pages: the order of hits by their values.
pub fn order(sort: &[Sort], left: &Hit, right: &Hit) -> std::cmp::Ordering {
    let pairs = left.values.iter().zip(&right.values).zip(sort);
    for ((one, other), sort) in pairs {
        let ordering = match (one, other) {
            (SortValue::Missing, SortValue::Missing) => std::cmp::Ordering::Equal,
            (SortValue::Missing, _) => std::cmp::Ordering::Greater,
            (_, SortValue::Missing) => std::cmp::Ordering::Less,
            (SortValue::Number(one), SortValue::Number(other)) => turned(one.cmp(other), sort),
            (SortValue::Text(one), SortValue::Text(other)) => turned(one.cmp(other), sort),
            _ => std::cmp::Ordering::Equal,
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    left.number.cmp(&right.number)
}

fn turned(ordering: std::cmp::Ordering, sort: &Sort) -> std::cmp::Ordering {
    match sort.direction {
        Direction::Ascending => ordering,
        Direction::Descending => ordering.reverse(),
    }
}

struct Page {
    limit: usize,
    floor: Option<([u64; MAXIMUM_KEYS], u64)>,
    heap: BinaryHeap<Entry>,
}

impl Page {
    /// Whether nothing with these keys can enter the page.
    fn is_beyond(&self, keys: &[u64; MAXIMUM_KEYS]) -> bool {
        self.heap.len() >= self.limit && self.heap.peek().is_some_and(|last| *keys > last.0)
    }

    fn offer(&mut self, entry: Entry) {
        if let Some((keys, number)) = &self.floor
            && (entry.0, entry.1) <= (*keys, *number)
        {
            return;
        }
        if self.heap.len() < self.limit {
            self.heap.push(entry);
        } else if let Some(mut last) = self.heap.peek_mut()
            && entry < *last
        {
            *last = entry;
        }
    }
}

fn local_floor(
    after: &After,
    keys: &[KeyReader],
) -> Result<([u64; MAXIMUM_KEYS], u64), IndexError> {
    let mut floor = [0; MAXIMUM_KEYS];
    for ((slot, key), value) in floor.iter_mut().zip(keys).zip(&after.values) {
        *slot = key.local_of(value)?;
    }
    Ok((floor, after.number))
}

fn hit(
    (keys, number, document): Entry,
    readers: &[KeyReader],
    open: &OpenSegment,
    (part, segment): (Part, u32),
) -> Result<Hit, IndexError> {
    let values = keys
        .iter()
        .zip(readers)
        .map(|(local, key)| key.value(*local))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Hit {
        number,
        values,
        validity: open.system.validity(document),
        known: open.system.known(document),
        address: Address {
            part,
            segment,
            document,
        },
    })
}

enum KeySource {
    Number(Column<u64>),
    Text(StrColumn),
    Score,
    Distance {
        centre: Position,
        boxes: Vec<Column<u64>>,
    },
    /// The segment has no value of this field at all.
    Absent,
}

struct KeyReader {
    source: KeySource,
    direction: Direction,
}

impl KeyReader {
    fn open(sort: &Sort, layout: &Layout, open: &OpenSegment) -> Result<KeyReader, IndexError> {
        let number = |name: &str| -> Result<KeySource, IndexError> {
            let column = open.columns.number(name)?;
            Ok(column.map_or(KeySource::Absent, KeySource::Number))
        };
        let source = match &sort.key {
            SortKey::Field(name) => {
                let collection = &layout.collection;
                let field = collection
                    .number(name)
                    .ok_or_else(|| IndexError::UnknownField {
                        collection: collection.name.clone(),
                        field: name.to_string(),
                    })?;
                let column = layout.field(field).column.as_ref();
                let column = column.ok_or_else(|| IndexError::NotSearchable {
                    field: name.to_string(),
                    reason: "it has no column to sort by".to_string(),
                })?;
                match column.kind {
                    ColumnKind::Text => open
                        .columns
                        .text(&column.name)?
                        .map_or(KeySource::Absent, KeySource::Text),
                    _ => number(&column.name)?,
                }
            }
            SortKey::Score => KeySource::Score,
            SortKey::ValidFrom => number(columns::VALID_FROM)?,
            SortKey::KnownFrom => number(columns::KNOWN_FROM)?,
            SortKey::Distance(lon, lat) => distance_source(*lon, *lat, layout, open)?,
        };
        Ok(KeyReader {
            source,
            direction: sort.direction,
        })
    }

    /// The segment's own sort key of a document.
    fn local(&self, open: &OpenSegment, document: DocId, score: Score) -> tantivy::Result<u64> {
        let value = match &self.source {
            KeySource::Absent => None,
            KeySource::Number(column) => column.first(document),
            // Ordinals are odd, so that a text between two of them has a place of its own.
            KeySource::Text(column) => column.ords().first(document).map(|ordinal| ordinal * 2 + 1),
            KeySource::Score => Some(tantivy::f64_to_u64(f64::from(score))),
            KeySource::Distance { centre, boxes } => {
                distance(*centre, boxes, open, document)?.map(tantivy::f64_to_u64)
            }
        };
        Ok(value.map_or(MISSING, |value| self.turn(value)))
    }

    fn turn(&self, value: u64) -> u64 {
        match self.direction {
            Direction::Ascending => value,
            Direction::Descending => (MISSING - 1).saturating_sub(value),
        }
    }

    /// The local sort key that a value of another segment would have here.
    fn local_of(&self, value: &SortValue) -> Result<u64, IndexError> {
        Ok(match (value, &self.source) {
            (SortValue::Number(number), _) => self.turn(*number),
            (SortValue::Text(text), KeySource::Text(column)) => {
                use tantivy::columnar::TermOrdHit;
                match column.dictionary().term_ord_or_next(text.as_bytes())? {
                    TermOrdHit::Exact(ordinal) => self.turn(ordinal * 2 + 1),
                    TermOrdHit::Next(ordinal) => self.turn(ordinal * 2),
                }
            }
            // Every document here lacks the field and so comes after.
            (SortValue::Text(_), _) => 0,
            (SortValue::Missing, _) => MISSING,
        })
    }

    fn value(&self, local: u64) -> Result<SortValue, IndexError> {
        if local == MISSING {
            return Ok(SortValue::Missing);
        }
        let value = self.turn(local);
        Ok(match &self.source {
            KeySource::Text(column) => {
                let mut text = String::new();
                column.ord_to_str(value / 2, &mut text)?;
                SortValue::Text(CompactString::from(text))
            }
            _ => SortValue::Number(value),
        })
    }
}

fn distance_source(
    lon: f64,
    lat: f64,
    layout: &Layout,
    open: &OpenSegment,
) -> Result<KeySource, IndexError> {
    let centre = Position::from_degrees(lon, lat)
        .ok_or_else(|| IndexError::BadGeometry(format!("there is no place at {lon}, {lat}")))?;
    if layout.collection.location.is_none() {
        return Err(IndexError::NotSearchable {
            field: "geometry".to_string(),
            reason: "the collection has no geometry".to_string(),
        });
    }
    // Points have two columns; a segment without any place has none.
    let mut boxes = Vec::with_capacity(BOX_COLUMNS.len());
    for name in BOX_COLUMNS {
        boxes.extend(open.columns.number(name)?);
    }
    Ok(KeySource::Distance { centre, boxes })
}

fn distance(
    centre: Position,
    boxes: &[Column<u64>],
    open: &OpenSegment,
    document: DocId,
) -> tantivy::Result<Option<f64>> {
    let at = |column: usize| {
        let value = boxes.get(column)?.first(document)?;
        Some(tantivy::u64_to_i64(value) as i32)
    };
    let (Some(lon), Some(lat)) = (at(0), at(1)) else {
        return Ok(None);
    };
    let is_point = at(2).is_none_or(|east| east == lon) && at(3).is_none_or(|north| north == lat);
    if !is_point && let Some(shape) = spatial::query::shape(open, document)? {
        return Ok(Some(geometry::distance::distance_metres(&shape, centre)));
    }
    let position = Position { lon, lat };
    Ok(Some(geometry::distance::haversine_metres(centre, position)))
}
