//! A single character in full text: every document with a token that begins with it.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader};

use super::prefix_query;

/// Documents whose text holds the character, the shorter texts first.
#[derive(Debug)]
pub struct CharacterQuery {
    field: Field,
    tokens: Box<dyn Query>,
}

impl CharacterQuery {
    /// The character in its search form.
    pub fn new(field: Field, character: char) -> CharacterQuery {
        CharacterQuery {
            field,
            tokens: prefix_query(field, character.encode_utf8(&mut [0; 4])),
        }
    }
}

impl Clone for CharacterQuery {
    fn clone(&self) -> CharacterQuery {
        CharacterQuery {
            field: self.field,
            tokens: self.tokens.box_clone(),
        }
    }
}

impl Query for CharacterQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let tokens = self.tokens.weight(scoring)?;
        Ok(match scoring {
            EnableScoring::Enabled { .. } => Box::new(CharacterWeight {
                field: self.field,
                tokens,
            }),
            EnableScoring::Disabled { .. } => tokens,
        })
    }
}

struct CharacterWeight {
    field: Field,
    tokens: Box<dyn Weight>,
}

impl CharacterWeight {
    fn scored(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<CharacterScorer> {
        Ok(CharacterScorer {
            documents: self.tokens.scorer(reader, boost)?,
            lengths: reader.get_fieldnorms_reader(self.field)?,
            boost,
        })
    }
}

impl Weight for CharacterWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.scored(reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scored(reader, 1.0)?;
        let is_found = scorer.doc() <= document && scorer.seek(document) == document;
        let score = if is_found { scorer.score() } else { 0.0 };
        Ok(Explanation::new("character", score))
    }
}

struct CharacterScorer {
    documents: Box<dyn Scorer>,
    lengths: FieldNormReader,
    boost: Score,
}

impl DocSet for CharacterScorer {
    fn advance(&mut self) -> DocId {
        self.documents.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.documents.seek(target)
    }

    fn doc(&self) -> DocId {
        self.documents.doc()
    }

    fn size_hint(&self) -> u32 {
        self.documents.size_hint()
    }
}

impl Scorer for CharacterScorer {
    /// The character's share of the text.
    fn score(&mut self) -> Score {
        let length = self.lengths.fieldnorm(self.documents.doc()).max(1);
        self.boost / length as Score
    }
}
