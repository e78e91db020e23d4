//! The file: for each named column, in the layout's order, the keys of its names.
//!
//! A column's part, all numbers little-endian, each row padded to eight bytes:
//!
//! | what | how |
//! |---|---|
//! | how many keys, how many names | `u64` each |
//! | the keys, ascending | `u64` each |
//! | for each key the name's place in the column's dictionary | `u32` each |
//! | for each name how many documents have it, at most 65,535 | `u16` each |

use std::ops::Range;

use tantivy::directory::OwnedBytes;
use text::sound::{KEPT, Pattern, after, syllable, with_syllable};

/// A file that is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the lexicon of a segment is damaged")]
pub struct Damaged;

/// So often at most a search goes on elsewhere among the keys: some 4 ms.
const MOST_LEAPS: usize = 20_000;

/// Appends the part of a column: pairs of key and place, in any order, and how many documents have each
/// name.
pub fn push(out: &mut Vec<u8>, pairs: &mut Vec<(u64, u32)>, counts: &[u16]) {
    pairs.sort_unstable();
    pairs.dedup();
    out.extend_from_slice(&(pairs.len() as u64).to_le_bytes());
    out.extend_from_slice(&(counts.len() as u64).to_le_bytes());
    out.reserve(pairs.len() * 12 + counts.len() * 2 + 16);
    for (key, _) in pairs.iter() {
        out.extend_from_slice(&key.to_le_bytes());
    }
    for (_, place) in pairs.iter() {
        out.extend_from_slice(&place.to_le_bytes());
    }
    out.resize(out.len().next_multiple_of(8), 0);
    for count in counts {
        out.extend_from_slice(&count.to_le_bytes());
    }
    out.resize(out.len().next_multiple_of(8), 0);
}

/// The names of one column of one segment.
pub struct Lexicon {
    keys: OwnedBytes,
    places: OwnedBytes,
    counts: OwnedBytes,
    items: usize,
}

impl Lexicon {
    /// Reads the next column's part of a file, and leaves the rest.
    pub fn read(file: &mut OwnedBytes) -> Result<Lexicon, Damaged> {
        let items = word(file)?;
        let names = word(file)?;
        let row = |file: &mut OwnedBytes, count: usize, width: usize| {
            let bytes = count.checked_mul(width).ok_or(Damaged)?;
            take(file, bytes.next_multiple_of(8))
        };
        Ok(Lexicon {
            keys: row(file, items, 8)?,
            places: row(file, items, 4)?,
            counts: row(file, names, 2)?,
            items,
        })
    }

    fn key(&self, item: usize) -> u64 {
        number(&self.keys, item).map_or(u64::MAX, u64::from_le_bytes)
    }

    /// The place in the dictionary of the name of an item.
    pub fn place(&self, item: usize) -> u64 {
        u64::from(number(&self.places, item).map_or(u32::MAX, u32::from_le_bytes))
    }

    /// How many documents have the name at a place of the dictionary.
    pub fn count(&self, place: u64) -> u16 {
        number(&self.counts, place as usize).map_or(0, u16::from_le_bytes)
    }

    /// The items whose keys fit a pattern, as far as keys tell.
    pub fn items(&self, pattern: &Pattern) -> Vec<Range<usize>> {
        let mut sets: Vec<&[(u16, u16)]> = pattern
            .steps
            .iter()
            .take(KEPT)
            .map(|step| step.numbers.as_slice())
            .collect();
        if pattern.whole && sets.len() < KEPT {
            sets.push(&[(0, 0)]);
        }
        let mut found: Vec<Range<usize>> = Vec::new();
        let Some(last) = sets.len().checked_sub(1) else {
            return found;
        };
        if sets.iter().any(|set| set.is_empty()) {
            return found;
        }
        let mut item = 0;
        for _ in 0..MOST_LEAPS {
            if item >= self.items {
                break;
            }
            let key = self.key(item);
            match next(&sets, key) {
                Next::Fits => {
                    let number = syllable(key, last);
                    let range = sets[last].iter().find(|range| number <= range.1);
                    let high = range.map_or(number, |range| range.1);
                    let end = self.first_from(after(with_syllable(key, last, high), last), item);
                    match found.last_mut() {
                        Some(before) if before.end == item => before.end = end,
                        _ => found.push(item..end),
                    }
                    item = end;
                }
                Next::From(key) => item = self.first_from(key, item),
                Next::None => break,
            }
        }
        found
    }

    /// The first item, not before `from`, whose key is not below the one given.
    fn first_from(&self, key: u64, from: usize) -> usize {
        let (mut low, mut high, mut step) = (from, from, 16);
        while high < self.items && self.key(high) < key {
            low = high + 1;
            high += step;
            step *= 2;
        }
        high = high.min(self.items);
        while low < high {
            let middle = low.midpoint(high);
            if self.key(middle) < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// Where to go on from a key.
enum Next {
    /// It fits.
    Fits,
    /// At the first key from this one on.
    From(u64),
    /// No later key fits.
    None,
}

fn next(sets: &[&[(u16, u16)]], key: u64) -> Next {
    let least = |mut key: u64, place: usize| {
        for (place, set) in sets.iter().enumerate().skip(place) {
            key = with_syllable(key, place, set[0].0);
        }
        key
    };
    for (place, set) in sets.iter().enumerate() {
        let own = syllable(key, place);
        match from(set, own) {
            Some(number) if number == own => {}
            Some(number) => return Next::From(least(with_syllable(key, place, number), place + 1)),
            None => {
                // The next higher number at the nearest place before.
                for before in (0..place).rev() {
                    if let Some(number) = from(sets[before], syllable(key, before) + 1) {
                        let key = with_syllable(key, before, number);
                        return Next::From(least(key, before + 1));
                    }
                }
                return Next::None;
            }
        }
    }
    Next::Fits
}

/// The least number of a set that is not below one.
fn from(set: &[(u16, u16)], number: u16) -> Option<u16> {
    let range = set.iter().find(|range| number <= range.1)?;
    Some(number.max(range.0))
}

fn number<const WIDTH: usize>(row: &OwnedBytes, place: usize) -> Option<[u8; WIDTH]> {
    let bytes = row.as_slice().get(place * WIDTH..(place + 1) * WIDTH)?;
    bytes.try_into().ok()
}

fn take(file: &mut OwnedBytes, bytes: usize) -> Result<OwnedBytes, Damaged> {
    if bytes > file.len() {
        return Err(Damaged);
    }
    let (taken, rest) = file.clone().split(bytes);
    *file = rest;
    Ok(taken)
}

fn word(file: &mut OwnedBytes) -> Result<usize, Damaged> {
    let bytes = take(file, 8)?;
    let bytes = bytes.as_slice().try_into().map_err(|_| Damaged)?;
    usize::try_from(u64::from_le_bytes(bytes)).map_err(|_| Damaged)
}
