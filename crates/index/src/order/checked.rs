//! Conditions on texts beside other conditions: few documents lead, many are asked of each candidate.

use std::sync::Arc;

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::text::{Asked, TextQuery};
use crate::documents::SortedDocuments;

/// Documents of a query that meet all of some conditions on texts too. Scores are the query's.
#[derive(Debug)]
pub struct CheckedQuery {
    query: Box<dyn Query>,
    texts: Arc<[TextQuery]>,
}

impl CheckedQuery {
    /// The query, and the conditions.
    pub fn new(query: Box<dyn Query>, texts: Vec<TextQuery>) -> CheckedQuery {
        CheckedQuery {
            query,
            texts: texts.into(),
        }
    }
}

impl Clone for CheckedQuery {
    fn clone(&self) -> CheckedQuery {
        CheckedQuery {
            query: self.query.box_clone(),
            texts: self.texts.clone(),
        }
    }
}

impl Query for CheckedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(CheckedWeight {
            weight: self.query.weight(scoring)?,
            texts: self.texts.clone(),
        }))
    }
}

struct CheckedWeight {
    weight: Box<dyn Weight>,
    texts: Arc<[TextQuery]>,
}

impl Weight for CheckedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut few: Option<Vec<DocId>> = None;
        let mut many = Vec::new();
        for text in self.texts.iter() {
            let Some(found) = text.find(reader)? else {
                return Ok(Box::new(EmptyScorer));
            };
            match (&few, found.few()) {
                (None, Some(documents)) => few = Some(documents),
                _ => many.push(found.asked),
            }
        }
        let mut scorer = CheckedScorer {
            lead: few.map(SortedDocuments::new),
            scorer: self.weight.scorer(reader, boost)?,
            many,
            document: 0,
        };
        scorer.document = scorer.from(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(reader, document)
    }
}

struct CheckedScorer {
    lead: Option<SortedDocuments>,
    scorer: Box<dyn Scorer>,
    many: Vec<Asked>,
    document: DocId,
}

impl CheckedScorer {
    /// The first document at or after a place.
    fn from(&mut self, mut place: DocId) -> DocId {
        loop {
            if let Some(lead) = &mut self.lead {
                place = lead.seek(place);
            }
            if self.scorer.doc() < place {
                self.scorer.seek(place);
            }
            let document = self.scorer.doc();
            if document == TERMINATED {
                return TERMINATED;
            }
            if self.lead.is_some() && document > place {
                place = document;
                continue;
            }
            if self.many.iter().all(|asked| asked.has(document)) {
                return document;
            }
            place = document + 1;
        }
    }
}

impl DocSet for CheckedScorer {
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
        let lead = self.lead.as_ref().map(DocSet::size_hint);
        lead.unwrap_or(u32::MAX).min(self.scorer.size_hint())
    }
}

impl Scorer for CheckedScorer {
    fn score(&mut self) -> Score {
        self.scorer.score()
    }
}
