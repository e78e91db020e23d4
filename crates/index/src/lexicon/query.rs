//! Which names a snapshot has that begin so, or are read so.
//!
//! Work is bounded: of many names the most frequent are told, and of very many those among the first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

use record::CompactString;
use tantivy::columnar::{StrColumn, TermOrdHit};
use text::name::Form;
use text::normal;
use text::sound::{Pattern, Speller};

use super::file::Lexicon;

/// What is asked of names.
#[derive(Clone, Debug, PartialEq)]
pub enum NameQuery {
    /// They begin with this, compared by search form.
    Begins(CompactString),
    /// They are read so, from one of the places at which they may be begun.
    Fits(Pattern),
}

/// A name, and about how many documents have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name as it is written.
    pub text: CompactString,
    /// How many rectangles have it, at least 1; some may be of the past.
    pub documents: u64,
}

/// So many names are looked at for the most frequent ones.
const MOST_SEEN: usize = 200_000;
/// So many are read and compared, where keys do not tell all.
const MOST_READ: usize = 600;
/// So many ways to write a beginning are followed.
const MOST_WRITTEN: usize = 64;

/// The names of one segment, collected into those of others.
pub fn collect(
    lexicon: &Lexicon,
    texts: &StrColumn,
    (form, asked): (Form, &NameQuery),
    limit: usize,
    found: &mut BTreeMap<CompactString, u64>,
) -> tantivy::Result<()> {
    let mut put = |name: &str, count: u64| {
        *found.entry(name.into()).or_default() += count.max(1);
    };
    match asked {
        NameQuery::Begins(text) => {
            let places = beginnings(texts, text)?.into_iter().flatten();
            for (count, place) in most_frequent(lexicon, places, limit) {
                read(texts, place, |name| put(name, count))?;
            }
        }
        NameQuery::Fits(pattern) => {
            let items = lexicon.items(pattern).into_iter().flatten();
            let places = items.map(|item| lexicon.place(item));
            if pattern.is_told_by_keys() {
                for (count, place) in most_frequent(lexicon, places, limit) {
                    read(texts, place, |name| put(name, count))?;
                }
                return Ok(());
            }
            let mut speller = Speller::new();
            let mut left = limit;
            for (count, place) in most_frequent(lexicon, places, MOST_READ) {
                read(texts, place, |name| {
                    speller.read(form, name);
                    if speller.fit(pattern).is_some() {
                        put(name, count);
                        left -= 1;
                    }
                })?;
                if left == 0 {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The most frequent of some places of the dictionary, with how often they occur; they come in order
/// of frequency, each once.
fn most_frequent(
    lexicon: &Lexicon,
    places: impl Iterator<Item = u64>,
    limit: usize,
) -> Vec<(u64, u64)> {
    let mut best: BinaryHeap<Reverse<(u16, Reverse<u64>)>> = BinaryHeap::with_capacity(limit + 1);
    for place in places.take(MOST_SEEN) {
        let one = Reverse((lexicon.count(place), Reverse(place)));
        if best.len() < limit {
            // A name may be begun at two places that both fit.
            if !best
                .iter()
                .any(|Reverse((_, Reverse(other)))| *other == place)
            {
                best.push(one);
            }
        } else if best.peek().is_some_and(|least| one.0 > least.0)
            && !best
                .iter()
                .any(|Reverse((_, Reverse(other)))| *other == place)
        {
            best.pop();
            best.push(one);
        }
    }
    let mut best: Vec<(u16, Reverse<u64>)> = best.into_iter().map(|Reverse(one)| one).collect();
    best.sort_unstable_by(|left, right| right.cmp(left));
    best.into_iter()
        .map(|(count, Reverse(place))| (u64::from(count), place))
        .collect()
}

fn read(texts: &StrColumn, place: u64, mut then: impl FnMut(&str)) -> tantivy::Result<()> {
    let mut name = String::new();
    if texts.ord_to_str(place, &mut name)? {
        then(&name);
    }
    Ok(())
}

/// The places of the dictionary whose names begin with a text, however its characters are written.
fn beginnings(texts: &StrColumn, text: &str) -> tantivy::Result<Vec<Range<u64>>> {
    let dictionary = texts.dictionary();
    let end = dictionary.num_terms() as u64;
    let from = |bytes: &[u8]| -> tantivy::Result<u64> {
        Ok(match dictionary.term_ord_or_next(bytes)? {
            TermOrdHit::Exact(ordinal) => ordinal,
            TermOrdHit::Next(ordinal) => ordinal.min(end),
        })
    };
    let range = |prefix: &str| -> tantivy::Result<Range<u64>> {
        let start = from(prefix.as_bytes())?;
        // No byte of UTF-8 is 255: the next text after all that begin so.
        let mut after = prefix.as_bytes().to_vec();
        if let Some(last) = after.last_mut() {
            *last += 1;
        }
        Ok(start..if prefix.is_empty() {
            end
        } else {
            from(&after)?
        })
    };
    let mut prefixes = vec![(String::new(), 0..end)];
    for c in normal::search(text).chars() {
        let mut longer = Vec::new();
        for (prefix, _) in &prefixes {
            for written in normal::written(c) {
                let mut prefix = prefix.clone();
                prefix.push(written);
                let range = range(&prefix)?;
                if !range.is_empty() {
                    longer.push((prefix, range));
                }
            }
        }
        longer.truncate(MOST_WRITTEN);
        prefixes = longer;
    }
    Ok(prefixes.into_iter().map(|(_, range)| range).collect())
}
