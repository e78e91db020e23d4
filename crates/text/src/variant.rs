//! In what two spellings of one text differ: 王國 and 王国 are one name, of which one is written in
//! traditional characters.
//!
//! Two texts are spellings of one where their search forms ([`crate::normal::search`]) are the same.
//! Which of the steps to that form made them so is what [`between`] tells.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::normal::{self, Reason};

#[cfg(test)]
mod tests;

/// One way in which spellings differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// Full and half width, white space, characters without a shape.
    Width,
    /// Small and capital letters.
    Case,
    /// Middle dots and dashes of which many look alike.
    Punctuation,
    /// Traditional and simplified characters.
    Traditional,
    /// Variants (异体字), and private use code points that stood for rare characters.
    RareCharacter,
}

impl Variant {
    /// All of them, in the order in which they are named.
    pub const ALL: [Variant; 5] = [
        Variant::Width,
        Variant::Case,
        Variant::Punctuation,
        Variant::Traditional,
        Variant::RareCharacter,
    ];

    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Width => "width",
            Variant::Case => "case",
            Variant::Punctuation => "punctuation",
            Variant::Traditional => "traditional",
            Variant::RareCharacter => "rare-character",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// No chain of the tables is longer than three.
const LONGEST_CHAIN: usize = 8;

static PAIRS: LazyLock<HashMap<char, (char, Reason)>> = LazyLock::new(normal::reasoned);

/// The fewest ways in which two spellings of one text differ, none where they are the same; `None` where
/// they are two texts.
pub fn between(one: &str, other: &str) -> Option<Vec<Variant>> {
    let (one, other) = (normal::display(one), normal::display(other));
    if one == other {
        return Some(Vec::new());
    }
    if normal::search(&one) != normal::search(&other) {
        return None;
    }
    let all: u8 = Variant::ALL.iter().map(|variant| variant.bit()).sum();
    let mut sets: Vec<u8> = (1..=all).collect();
    sets.sort_by_key(|set| set.count_ones());
    let fewest = sets
        .into_iter()
        .find(|set| folded(&one, *set) == folded(&other, *set))
        .unwrap_or(all);
    let named = Variant::ALL
        .into_iter()
        .filter(|variant| fewest & variant.bit() != 0);
    Some(named.collect())
}

/// The text with some of the differences taken away.
fn folded(text: &str, set: u8) -> String {
    let has = |variant: Variant| set & variant.bit() != 0;
    let mut text = if has(Variant::Width) {
        let text: String = text.nfkc().filter(|c| !normal::is_invisible(*c)).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_string()
    };
    if has(Variant::Case) {
        text = text.to_lowercase();
    }
    text.chars().map(|c| resolved(c, &has)).collect()
}

/// What becomes of a character by the steps that are taken.
fn resolved(mut c: char, has: &impl Fn(Variant) -> bool) -> char {
    for _ in 0..LONGEST_CHAIN {
        let Some((to, reason)) = PAIRS.get(&c) else {
            break;
        };
        let is_taken = has(match reason {
            Reason::Traditional => Variant::Traditional,
            Reason::Rare => Variant::RareCharacter,
            Reason::Sign => Variant::Punctuation,
        });
        if !is_taken {
            break;
        }
        c = *to;
    }
    c
}
