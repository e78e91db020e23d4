//! The query that asks an expression of its candidates.

use std::fmt;
use std::sync::Arc;

use record::Expression;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError};

use super::evaluate::{Node, Reads};
use super::row::{Reader, Source};
use crate::layout::Layout;
use crate::segments::Segments;
use crate::time::Deadline;

/// How many documents pass between two looks at the clock.
const DOCUMENTS_BETWEEN_LOOKS: u32 = 256;

/// Documents of a query of which an expression is true. Scores are the query's.
pub struct ExactQuery {
    candidates: Box<dyn Query>,
    expression: Arc<Expression>,
    layout: Arc<Layout>,
    segments: Segments,
    deadline: Deadline,
}

impl ExactQuery {
    /// After the deadline no more documents are found; whoever collects them looks at the clock and
    /// knows that it is no answer.
    pub fn new(
        candidates: Box<dyn Query>,
        expression: Expression,
        layout: Arc<Layout>,
        segments: Segments,
        deadline: Deadline,
    ) -> ExactQuery {
        ExactQuery {
            candidates,
            expression: Arc::new(expression),
            layout,
            segments,
            deadline,
        }
    }
}

impl Clone for ExactQuery {
    fn clone(&self) -> ExactQuery {
        ExactQuery {
            candidates: self.candidates.box_clone(),
            expression: self.expression.clone(),
            layout: self.layout.clone(),
            segments: self.segments.clone(),
            deadline: self.deadline,
        }
    }
}

impl fmt::Debug for ExactQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Exact({:?}, {:?})", self.expression, self.candidates)
    }
}

impl Query for ExactQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ExactWeight {
            candidates: self.candidates.weight(scoring)?,
            query: self.clone(),
        }))
    }
}

struct ExactWeight {
    candidates: Box<dyn Weight>,
    query: ExactQuery,
}

impl Weight for ExactWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let query = &self.query;
        let segment = reader.segment_id();
        let missing = || TantivyError::InternalError("no such segment".to_string());
        let open = query.segments.get(&segment).ok_or_else(missing)?;
        let engine = |error: crate::IndexError| TantivyError::InvalidArgument(error.to_string());
        let reads = Reads::of(&query.expression);
        let node = Node::new(&query.expression, &query.layout, open).map_err(engine)?;
        let sources = reads.fields.iter();
        let mut sources = sources.map(|name| Source::of(name, &query.layout, open));
        let by_ordinal = match (sources.next(), sources.next()) {
            (Some(source), None) if !reads.location && !reads.validity => {
                ByOrdinal::of(source.map_err(engine)?)
            }
            _ => None,
        };
        let mut scorer = ExactScorer {
            candidates: self.candidates.scorer(reader, boost)?,
            reader: Reader::new(&query.segments, segment, reads.location).map_err(engine)?,
            node,
            by_ordinal,
            deadline: query.deadline,
            looked: 0,
            expired: false,
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        self.candidates.explain(reader, document)
    }
}

/// What the expression says of each text of a column, where it looks at nothing else: names repeat.
struct ByOrdinal {
    column: tantivy::columnar::StrColumn,
    /// 0 where it was not asked yet, 1 where it does not hold, 2 where it does.
    known: Vec<u8>,
}

impl ByOrdinal {
    fn of(source: Source) -> Option<ByOrdinal> {
        match source {
            Source::Text(column) => Some(ByOrdinal {
                known: vec![0; column.num_terms()],
                column,
            }),
            _ => None,
        }
    }

    /// The place of a document's only text.
    fn place(&self, document: DocId) -> Option<usize> {
        let mut ordinals = self.column.term_ords(document);
        let first = ordinals.next()?;
        ordinals.next().is_none().then_some(first as usize)
    }
}

struct ExactScorer {
    candidates: Box<dyn Scorer>,
    reader: Reader,
    node: Node,
    by_ordinal: Option<ByOrdinal>,
    deadline: Deadline,
    looked: u32,
    expired: bool,
}

impl ExactScorer {
    fn holds(&mut self, document: DocId) -> bool {
        self.looked += 1;
        if self.looked.is_multiple_of(DOCUMENTS_BETWEEN_LOOKS) && self.deadline.passed() {
            self.expired = true;
        }
        let place = self
            .by_ordinal
            .as_ref()
            .and_then(|texts| texts.place(document));
        if let (Some(texts), Some(place)) = (&self.by_ordinal, place)
            && let Some(known @ 1..) = texts.known.get(place)
        {
            return *known == 2;
        }
        let holds = self.node.holds(&mut self.reader.row(document));
        if let (Some(texts), Some(place)) = (&mut self.by_ordinal, place)
            && let Some(known) = texts.known.get_mut(place)
        {
            *known = 1 + u8::from(holds);
        }
        holds
    }

    /// Goes on to the first candidate, from the present one on, of which it is true.
    fn settle(&mut self) -> DocId {
        loop {
            let document = self.doc();
            if document == TERMINATED || self.holds(document) {
                return self.doc();
            }
            self.candidates.advance();
        }
    }
}

impl DocSet for ExactScorer {
    fn advance(&mut self) -> DocId {
        self.candidates.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.candidates.seek(target);
        }
        self.settle()
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if self.doc() < target {
            self.candidates.seek(target);
        }
        match self.doc() {
            TERMINATED => SeekDangerResult::SeekLowerBound(TERMINATED),
            document if document > target => SeekDangerResult::SeekLowerBound(document),
            document if self.holds(document) => SeekDangerResult::Found,
            document => SeekDangerResult::SeekLowerBound(document + 1),
        }
    }

    fn doc(&self) -> DocId {
        if self.expired {
            TERMINATED
        } else {
            self.candidates.doc()
        }
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }

    /// Evaluating costs more than walking: other conditions go first.
    fn cost(&self) -> u64 {
        self.candidates.cost().saturating_mul(16)
    }
}

impl Scorer for ExactScorer {
    fn score(&mut self) -> Score {
        self.candidates.score()
    }
}
