//! What to ask of the text fields for what a user typed.
//!
//! A query is split where [`crate::tokenizer`] breaks text: at white space, punctuation and
//! signs. Each piece is a [`Phrase`]: units which must stand side by side, in order,
//! beginning and ending where units do. `建设银行 27号` are two phrases; `号楼` is found in
//! 3号楼, `3` is not found in 13号.
//!
//! A phrase is asked of two fields which hold the same text: one filled by
//! [`crate::tokenizer::ChineseTokenizer::bigram`], one by
//! [`crate::tokenizer::ChineseTokenizer::unigram`].

#[cfg(test)]
mod tests;

use crate::units::{Kind, Unit, Units};

/// One phrase: a document matches exactly if it satisfies both lists.
///
/// A list holds terms with their positions relative to one another (not always from 0). An
/// empty list asks nothing; one term is a term query; more are a phrase query without slop.
/// At least one list is not empty.
///
/// - Every Han run of two or more characters is covered by bigrams, every other one left out
///   where the rest still covers: ABCD is `AB`@0 `CD`@2, ABCDE is `AB`@0 `CD`@2 `DE`@3. Runs
///   of letters and digits, and a Han character between two of them, are terms of the bigram
///   field themselves.
/// - A Han character at either end of the phrase which touches no other Han character in it
///   may touch one in the text, so only the unigram field knows it. Such a phrase is asked
///   there whole; if it holds a Han run, `bigrams` narrows the search beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrase {
    /// Terms of the bigram field.
    pub bigrams: Vec<(usize, String)>,
    /// Terms of the unigram field.
    pub unigrams: Vec<(usize, String)>,
}

/// The phrases of a query, in order; none if it holds no letter, digit or Han character.
/// The query need not be in search form.
pub fn phrases(query: &str) -> Vec<Phrase> {
    let mut units = Units::new(query);
    let mut word = String::new();
    let mut phrases = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    while let Some(unit) = units.next(&mut word) {
        if !unit.joined && !pieces.is_empty() {
            phrases.push(plan(&pieces));
            pieces.clear();
        }
        pieces.push(Piece::new(&unit, &word));
    }
    if !pieces.is_empty() {
        phrases.push(plan(&pieces));
    }
    phrases
}

/// A unit of a phrase with its text.
struct Piece {
    is_han: bool,
    text: String,
}

impl Piece {
    fn new(unit: &Unit, word: &str) -> Piece {
        match unit.kind {
            Kind::Han(c) => Piece {
                is_han: true,
                text: c.to_string(),
            },
            Kind::Word => Piece {
                is_han: false,
                text: word.to_owned(),
            },
        }
    }
}

/// The terms for one phrase of units which touch.
fn plan(pieces: &[Piece]) -> Phrase {
    let mut phrase = Phrase::default();
    let mut needs_unigrams = false;
    let mut has_run = false;
    let mut at = 0;
    while at < pieces.len() {
        let length = pieces[at..].iter().take_while(|piece| piece.is_han).count();
        match length {
            0 => phrase.bigrams.push((at, pieces[at].text.clone())),
            1 if at == 0 || at + 1 == pieces.len() => needs_unigrams = true,
            1 => phrase.bigrams.push((at, pieces[at].text.clone())),
            _ => {
                has_run = true;
                cover(&pieces[at..at + length], at, &mut phrase.bigrams);
            }
        }
        at += length.max(1);
    }
    if needs_unigrams {
        let all = pieces.iter().map(|piece| piece.text.clone());
        phrase.unigrams = all.enumerate().collect();
        if !has_run {
            phrase.bigrams.clear();
        }
    }
    phrase
}

/// Covers a Han run of two or more units, the first at position `from`, with as few bigrams
/// as will do.
fn cover(run: &[Piece], from: usize, bigrams: &mut Vec<(usize, String)>) {
    let last = run.len() - 2;
    let starts = (0..last).step_by(2).chain([last]);
    bigrams.extend(starts.map(|start| {
        let text = [run[start].text.as_str(), run[start + 1].text.as_str()].concat();
        (from + start, text)
    }));
}
