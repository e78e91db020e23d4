//! Full text: phrases of bigrams and unigrams.

use record::CompactString;
use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use text::phrase::{Phrase, phrases};

use super::{Compiled, Compiler, not_searchable, union};

impl Compiler<'_> {
    /// Every phrase of the query stands in one of the fields.
    pub(super) fn text(&self, names: &[CompactString], query: &str) -> Compiled {
        let fields = self.text_fields(names)?;
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for phrase in phrases(query) {
            let anywhere = fields
                .iter()
                .map(|fields| phrase_query(&phrase, *fields))
                .collect();
            clauses.push((Occur::Must, union(anywhere)));
        }
        Ok(match clauses.len() {
            // Nothing but punctuation was asked for: nothing is found.
            0 => Box::new(EmptyQuery),
            _ => Box::new(BooleanQuery::new(clauses)),
        })
    }

    fn text_fields(
        &self,
        names: &[CompactString],
    ) -> Result<Vec<(Field, Field)>, crate::IndexError> {
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

fn phrase_query(phrase: &Phrase, (bigrams, unigrams): (Field, Field)) -> Box<dyn Query> {
    let lists = [(bigrams, &phrase.bigrams), (unigrams, &phrase.unigrams)];
    let mut queries: Vec<_> = lists
        .into_iter()
        .filter(|(_, terms)| !terms.is_empty())
        .map(|(field, terms)| list_query(field, terms))
        .collect();
    if queries.len() == 1 {
        queries.remove(0)
    } else {
        Box::new(BooleanQuery::intersection(queries))
    }
}

fn list_query(field: Field, terms: &[(usize, String)]) -> Box<dyn Query> {
    let term = |text: &str| Term::from_field_text(field, text);
    match terms {
        [(_, one)] => Box::new(TermQuery::new(term(one), IndexRecordOption::WithFreqs)),
        several => Box::new(PhraseQuery::new_with_offset(
            several
                .iter()
                .map(|(position, text)| (*position, term(text)))
                .collect(),
        )),
    }
}
