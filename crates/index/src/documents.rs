//! A list of documents as a set that queries walk.

use tantivy::{DocId, DocSet, TERMINATED};

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
