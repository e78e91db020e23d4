//! A list of documents as a set that queries walk, and as a query.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// A document set over a sorted list without repetitions.
pub struct SortedDocuments {
    documents: Vec<DocId>,
    place: usize,
}

impl SortedDocuments {
    /// Stands at the first document.
    pub fn new(documents: Vec<DocId>) -> SortedDocuments {
        SortedDocuments {
            documents,
            place: 0,
        }
    }
}

impl DocSet for SortedDocuments {
    fn advance(&mut self) -> DocId {
        self.place += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.documents.get(self.place..).unwrap_or_default();
        self.place += rest.partition_point(|document| *document < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.documents
            .get(self.place)
            .copied()
            .unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.documents.len() as u32
    }
}

/// Certain documents, known already: sorted lists without repetitions, by segment.
#[derive(Clone)]
pub struct DocumentsQuery(Arc<HashMap<SegmentId, Vec<DocId>>>);

impl DocumentsQuery {
    /// The documents of each segment, in any order.
    pub fn new(mut documents: HashMap<SegmentId, Vec<DocId>>) -> DocumentsQuery {
        for list in documents.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        DocumentsQuery(Arc::new(documents))
    }

    fn of(&self, reader: &SegmentReader) -> &[DocId] {
        self.0
            .get(&reader.segment_id())
            .map_or(&[], |documents| documents)
    }
}

impl fmt::Debug for DocumentsQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count: usize = self.0.values().map(Vec::len).sum();
        write!(out, "Documents({count})")
    }
}

impl Query for DocumentsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for DocumentsQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let documents = SortedDocuments::new(self.of(reader).to_vec());
        Ok(Box::new(ConstScorer::new(documents, boost)))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let found = self.of(reader).binary_search(&document).is_ok();
        Ok(Explanation::new("documents", if found { 1.0 } else { 0.0 }))
    }
}
