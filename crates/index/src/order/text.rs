//! Queries by text: which documents have a text of a column's dictionary.
//!
//! The dictionary is sorted, so that what is sought is one or more ranges of ordinals. Few documents
//! are listed from the column's order; of many, each candidate is asked for its ordinal, so that a
//! wide condition beside a narrow one costs what the narrow one does.

use std::fmt;
use std::ops::{Bound, Range};
use std::sync::Arc;

use tantivy::columnar::{Cardinality, Column, StrColumn, TermOrdHit};
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::documents::SortedDocuments;
use crate::like::Pattern;
use crate::order::file::Order;
use crate::segments::Segments;

/// So many documents are listed; of more, candidates are asked.
const LISTED: usize = 4096;

/// Which texts are sought.
#[derive(Clone, Debug)]
pub enum Sought {
    /// One of these.
    Texts(Vec<String>),
    /// All between two.
    Between(Bound<String>, Bound<String>),
    /// All that are like a pattern.
    Like(Pattern),
}

/// Documents with one of some texts in a column.
#[derive(Clone)]
pub struct TextQuery {
    segments: Segments,
    column: String,
    /// The column's place among the ordered ones, if it is ordered.
    place: Option<usize>,
    sought: Arc<Sought>,
}

impl TextQuery {
    /// `place` is the column's place among the ordered ones, if it is one of them.
    pub fn new(
        segments: Segments,
        column: &str,
        place: Option<usize>,
        sought: Sought,
    ) -> TextQuery {
        TextQuery {
            segments,
            column: column.to_string(),
            place,
            sought: Arc::new(sought),
        }
    }

    /// The ordinals sought in one segment, ascending and apart.
    fn ordinals(&self, texts: &StrColumn) -> tantivy::Result<Vec<Range<u64>>> {
        let dictionary = texts.dictionary();
        let end = dictionary.num_terms() as u64;
        // The first ordinal at or after a text, or past it.
        let place = |text: &str, past: bool| -> tantivy::Result<u64> {
            Ok(match dictionary.term_ord_or_next(text.as_bytes())? {
                TermOrdHit::Exact(ordinal) => ordinal + u64::from(past),
                TermOrdHit::Next(ordinal) => ordinal.min(end),
            })
        };
        let mut ranges = Vec::new();
        match self.sought.as_ref() {
            Sought::Texts(texts) => {
                for text in texts {
                    if let Some(ordinal) = dictionary.term_ord(text.as_bytes())? {
                        ranges.push(ordinal..ordinal + 1);
                    }
                }
                ranges.sort_unstable_by_key(|range| range.start);
                ranges.dedup();
            }
            Sought::Between(low, high) => {
                let start = match low {
                    Bound::Unbounded => 0,
                    Bound::Included(low) => place(low, false)?,
                    Bound::Excluded(low) => place(low, true)?,
                };
                let end = match high {
                    Bound::Unbounded => end,
                    Bound::Included(high) => place(high, true)?,
                    Bound::Excluded(high) => place(high, false)?,
                };
                if start < end {
                    ranges.push(start..end);
                }
            }
            Sought::Like(pattern) => {
                let mut terms = dictionary.prefix_range(pattern.prefix()).into_stream()?;
                while terms.advance() {
                    let matches = pattern.is_prefix()
                        || std::str::from_utf8(terms.key()).is_ok_and(|text| pattern.matches(text));
                    if !matches {
                        continue;
                    }
                    let ordinal = terms.term_ord();
                    match ranges.last_mut() {
                        Some(last) if last.end == ordinal => last.end += 1,
                        _ => ranges.push(ordinal..ordinal + 1),
                    }
                }
            }
        }
        Ok(ranges)
    }
}

impl fmt::Debug for TextQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Text({}, {:?})", self.column, self.sought)
    }
}

impl Query for TextQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(TextWeight {
            query: self.clone(),
        }))
    }
}

struct TextWeight {
    query: TextQuery,
}

/// What is sought in one segment.
pub struct Found<'s> {
    order: Option<&'s Order>,
    /// Which documents they are.
    pub asked: Asked,
}

impl TextQuery {
    /// Looks into the dictionary of one segment; none where no document can match.
    pub fn find(&self, reader: &SegmentReader) -> tantivy::Result<Option<Found<'_>>> {
        let Some(open) = self.segments.get(&reader.segment_id()) else {
            return Ok(None);
        };
        let Some(texts) = open.columns.text(&self.column)? else {
            return Ok(None);
        };
        let ranges = self.ordinals(&texts)?;
        Ok((!ranges.is_empty()).then(|| Found {
            order: self.place.and_then(|place| open.orders.get(place)),
            asked: Asked {
                ordinals: texts.ords().clone(),
                ranges,
            },
        }))
    }
}

impl Found<'_> {
    /// How many documents there are, if the column is ordered; those with several values count often.
    fn count(&self) -> Option<usize> {
        let order = self.order?;
        let ranges = self.asked.ranges.iter();
        Some(ranges.map(|range| order.items(range).len()).sum())
    }

    /// The documents, if they are few.
    pub fn few(&self) -> Option<Vec<DocId>> {
        let order = self.order?;
        if self.count()? > LISTED {
            return None;
        }
        let ranges = self.asked.ranges.iter();
        let items = ranges.flat_map(|range| order.items(range));
        let mut documents: Vec<DocId> = items.map(|item| order.document(item)).collect();
        documents.sort_unstable();
        documents.dedup();
        Some(documents)
    }
}

/// Tells of a document whether it has one of some ordinals.
pub struct Asked {
    ordinals: Column<u64>,
    /// Ascending and apart.
    ranges: Vec<Range<u64>>,
}

impl Asked {
    /// Whether a document has one of them.
    pub fn has(&self, document: DocId) -> bool {
        let sought = |ordinal: u64| {
            let place = self.ranges.partition_point(|range| range.end <= ordinal);
            self.ranges
                .get(place)
                .is_some_and(|range| range.contains(&ordinal))
        };
        match self.ordinals.get_cardinality() {
            Cardinality::Full => sought(self.ordinals.values.get_val(document)),
            Cardinality::Optional => self.ordinals.first(document).is_some_and(sought),
            Cardinality::Multivalued => self.ordinals.values_for_doc(document).any(sought),
        }
    }
}

impl Weight for TextWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(found) = self.query.find(reader)? else {
            return Ok(Box::new(EmptyScorer));
        };
        if let Some(documents) = found.few() {
            if documents.is_empty() {
                return Ok(Box::new(EmptyScorer));
            }
            let documents = SortedDocuments::new(documents);
            return Ok(Box::new(ConstScorer::new(documents, boost)));
        }
        let count = found.count();
        let mut documents = AskedDocuments {
            asked: found.asked,
            document: 0,
            end: reader.max_doc(),
            count: count.map_or(reader.max_doc(), |count| count as u32),
        };
        documents.document = documents.from(0);
        Ok(Box::new(ConstScorer::new(documents, boost)))
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let Some(found) = self.query.find(reader)? else {
            return Ok(0);
        };
        let is_single = found.asked.ordinals.get_cardinality() != Cardinality::Multivalued;
        if let Some(count) = found.count()
            && is_single
            && !reader.has_deletes()
        {
            return Ok(count as u32);
        }
        let mut scorer = self.scorer(reader, 1.0)?;
        Ok(match reader.alive_bitset() {
            Some(alive) => scorer.count(alive),
            None => scorer.count_including_deleted(),
        })
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let found = self.query.find(reader)?;
        let is_found = found.is_some_and(|found| found.asked.has(document));
        Ok(Explanation::new("text", if is_found { 1.0 } else { 0.0 }))
    }
}

/// Documents that are asked for their ordinals one by one.
struct AskedDocuments {
    asked: Asked,
    document: DocId,
    end: DocId,
    count: u32,
}

impl AskedDocuments {
    /// The first document at or after a place.
    fn from(&self, place: DocId) -> DocId {
        (place..self.end)
            .find(|document| self.asked.has(*document))
            .unwrap_or(TERMINATED)
    }
}

impl DocSet for AskedDocuments {
    fn advance(&mut self) -> DocId {
        if self.document != TERMINATED {
            self.document = self.from(self.document + 1);
        }
        self.document
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.document < target {
            self.document = self.from(target);
        }
        self.document
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        self.count
    }
}
