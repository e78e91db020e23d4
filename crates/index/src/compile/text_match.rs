//! Full text: phrases of bigrams, and single characters as the beginnings of bigrams.

use record::CompactString;
use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use text::phrase::{Phrase, phrases};

use super::character::CharacterQuery;
use super::{Compiled, Compiler, not_searchable, union};

impl Compiler<'_> {
    /// Every phrase of the query stands in one of the fields.
    pub(super) fn text(&self, names: &[CompactString], query: &str) -> Compiled {
        let fields = self.text_fields(names)?;
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for phrase in phrases(query) {
            let anywhere = fields
                .iter()
                .map(|field| phrase_query(&phrase, *field))
                .collect();
            clauses.push((Occur::Must, union(anywhere)));
        }
        Ok(match clauses.len() {
            // Nothing but punctuation was asked for: nothing is found.
            0 => Box::new(EmptyQuery),
            _ => Box::new(BooleanQuery::new(clauses)),
        })
    }

    fn text_fields(&self, names: &[CompactString]) -> Result<Vec<Field>, crate::IndexError> {
        if names.is_empty() {
            let all: Vec<_> = self
                .layout
                .fields
                .iter()
                .filter_map(|layout| layout.text)
                .collect();
            if all.is_empty() {
                return Err(not_searchable("q", "the collection has no full-text field"));
            }
            return Ok(all);
        }
        names
            .iter()
            .map(|name| {
                let (_, layout) = self.field(name)?;
                layout
                    .text
                    .ok_or_else(|| not_searchable(name, "it is not searched as full text"))
            })
            .collect()
    }
}

fn phrase_query(phrase: &Phrase, field: Field) -> Box<dyn Query> {
    let term = |text: &str| Term::from_field_text(field, text);
    match phrase {
        Phrase::Character(c) => Box::new(CharacterQuery::new(field, *c)),
        Phrase::Terms(terms) => match terms.as_slice() {
            [(_, one)] => Box::new(TermQuery::new(term(one), IndexRecordOption::WithFreqs)),
            several => Box::new(PhraseQuery::new_with_offset(
                several
                    .iter()
                    .map(|(position, text)| (*position, term(text)))
                    .collect(),
            )),
        },
    }
}
