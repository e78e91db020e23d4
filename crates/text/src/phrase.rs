//! What to ask of the text fields for what a user typed.
//!
//! A query is split where [`crate::tokenizer`] breaks text: at white space, punctuation and
//! signs. Each piece is a [`Phrase`]: units which must stand side by side, in order,
//! beginning and ending where units do. `建设银行 27号` are two phrases; `号楼` is found in
//! 3号楼, `3` is not found in 13号.
//!
//! A phrase is asked of a field filled by [`crate::tokenizer::ChineseTokenizer`].

#[cfg(test)]
mod tests;

use crate::units::{Kind, Unit, Units};

/// One phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phrase {
    /// A single Han character: it stands wherever a token begins with it.
    Character(char),
    /// Terms with their positions, from 0: one is a term query, more are a phrase query without slop.
    ///
    /// Every Han run of two or more characters is covered by bigrams, every other one left out
    /// where the rest still covers: ABCD is `AB`@0 `CD`@2, ABCDE is `AB`@0 `CD`@2 `DE`@3.
    Terms(Vec<(usize, String)>),
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
    /// The character, if it is Han.
    han: Option<char>,
    text: String,
}

impl Piece {
    fn new(unit: &Unit, word: &str) -> Piece {
        match unit.kind {
            Kind::Han(c) => Piece {
                han: Some(c),
                text: c.to_string(),
            },
            Kind::Word => Piece {
                han: None,
                text: word.to_owned(),
            },
        }
    }
}

/// One phrase of units which touch.
fn plan(pieces: &[Piece]) -> Phrase {
    if let [Piece { han: Some(c), .. }] = pieces {
        return Phrase::Character(*c);
    }
    let mut terms = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let length = pieces[at..]
            .iter()
            .take_while(|piece| piece.han.is_some())
            .count();
        match length {
            // A character beside a word begins or ends its run: it is a token of its own.
            0 | 1 => terms.push((at, pieces[at].text.clone())),
            _ => cover(&pieces[at..at + length], at, &mut terms),
        }
        at += length.max(1);
    }
    Phrase::Terms(terms)
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
