//! Queries by a number: which documents have one of these values in an ordered column.

use std::fmt;
use std::sync::Arc;

use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader};

use super::plugin;
use crate::documents::SortedDocuments;
use crate::segments::Segments;

/// Where more than one of so many items may be among the values, all are walked through once instead
/// of looking for each value.
const DENSE: usize = 16;

/// Documents with one of some values in an ordered column.
#[derive(Clone)]
pub struct NumberQuery {
    segments: Segments,
    names: Arc<[String]>,
    /// The column's place among the ordered ones.
    place: usize,
    values: Arc<[u64]>,
}

impl NumberQuery {
    /// `names` are the ordered columns, `place` says which of them is asked. Segments that are not
    /// among those given are opened when they come: deletes meet segments that no snapshot has.
    pub fn new(
        segments: Segments,
        names: Arc<[String]>,
        place: usize,
        values: Arc<[u64]>,
    ) -> NumberQuery {
        NumberQuery {
            segments,
            names,
            place,
            values,
        }
    }

    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let mut documents = Vec::new();
        let mut find = |orders: &[super::file::Order]| {
            let Some(order) = orders.get(self.place) else {
                return;
            };
            if self.values.len() > order.len() / DENSE && self.values.is_sorted() {
                documents.extend(order.among(&self.values));
            } else {
                for value in self.values.iter() {
                    let items = order.items_of(*value);
                    documents.extend(items.map(|item| order.document(item)));
                }
            }
        };
        match self.segments.get(&reader.segment_id()) {
            Some(open) => find(&open.orders),
            None => find(&plugin::open(reader, &self.names)?),
        }
        documents.sort_unstable();
        documents.dedup();
        Ok(documents)
    }
}

impl fmt::Debug for NumberQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.names.get(self.place);
        write!(out, "Number({name:?}, {} values)", self.values.len())
    }
}

impl Query for NumberQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(NumberWeight {
            query: self.clone(),
            check: None,
        }))
    }
}

/// Documents that a [`NumberQuery`] finds and another query confirms: a hash, and what was hashed.
#[derive(Debug)]
pub struct ConfirmedQuery {
    number: NumberQuery,
    check: Box<dyn Query>,
}

impl ConfirmedQuery {
    /// `check` is asked only in segments where the number is found.
    pub fn new(number: NumberQuery, check: Box<dyn Query>) -> ConfirmedQuery {
        ConfirmedQuery { number, check }
    }
}

impl Clone for ConfirmedQuery {
    fn clone(&self) -> ConfirmedQuery {
        ConfirmedQuery {
            number: self.number.clone(),
            check: self.check.box_clone(),
        }
    }
}

impl Query for ConfirmedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(NumberWeight {
            query: self.number.clone(),
            check: Some(self.check.weight(scoring)?),
        }))
    }
}

struct NumberWeight {
    query: NumberQuery,
    check: Option<Box<dyn Weight>>,
}

impl NumberWeight {
    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let mut documents = self.query.documents(reader)?;
        if let Some(check) = &self.check
            && !documents.is_empty()
        {
            let mut checked = check.scorer(reader, 1.0)?;
            documents.retain(|document| {
                checked.doc() <= *document && checked.seek(*document) == *document
            });
        }
        Ok(documents)
    }
}

impl Weight for NumberWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let documents = self.documents(reader)?;
        if documents.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(ConstScorer::new(
            SortedDocuments::new(documents),
            boost,
        )))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let found = self.documents(reader)?.binary_search(&document).is_ok();
        Ok(Explanation::new("number", if found { 1.0 } else { 0.0 }))
    }
}
