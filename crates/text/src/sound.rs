//! Names by their sound: syllables as numbers, names as keys that sort by sound, and patterns of
//! syllables that are asked of such keys.
//!
//! Every syllable of the standard language has a number, ascending with its spelling, so that all
//! syllables that begin alike are one range: an initial is a range, a syllable is one number, and
//! `wangxm` is a number and two ranges. Digits and letters stand for themselves. A [`Speller`] gives
//! the keys of a name; a [`Pattern`] says what is asked.
//!
//! White space, punctuation and signs have no number: 买买提·艾力 and 买买提艾力 are one.

mod pattern;
mod table;

#[cfg(test)]
mod tests;

pub use pattern::{Chars, Pattern, Step, patterns};

use crate::name::{self, Form};
use crate::normal;
use crate::pinyin::readings::Readings;
use table::Table;

/// How many syllables of a name its key holds; what follows is not told apart by keys.
pub const KEPT: usize = 7;
const BITS: u32 = 9;
/// The number of what has no reading: characters nobody knows, letters of other scripts.
const UNREAD: u16 = (1 << BITS) - 1;

/// The number of a key's syllable at a place below [`KEPT`]; 0 where the name has ended.
#[inline]
pub fn syllable(key: u64, place: usize) -> u16 {
    (key >> shift(place)) as u16 & UNREAD
}

/// The key with this syllable at a place, and the lowest ones after it.
#[inline]
pub fn with_syllable(key: u64, place: usize, number: u16) -> u64 {
    let above = !((1u64 << (shift(place) + BITS)) - 1);
    (key & above) | u64::from(number) << shift(place)
}

/// The least key above all that agree with this one up to a place.
#[inline]
pub fn after(key: u64, place: usize) -> u64 {
    let below = (1u64 << shift(place)) - 1;
    (key | below) + 1
}

#[inline]
fn shift(place: usize) -> u32 {
    (KEPT - 1 - place) as u32 * BITS
}

fn key_of(numbers: &[u16]) -> u64 {
    let kept = numbers.iter().take(KEPT).enumerate();
    kept.fold(0, |key, (place, number)| {
        key | u64::from(*number) << shift(place)
    })
}

/// Reads names, one after the other, into buffers of its own.
#[derive(Debug, Default)]
pub struct Speller {
    /// The characters in their search form that have a number.
    characters: Vec<char>,
    /// Their numbers, by words and else by the characters' most frequent readings.
    numbers: Vec<u16>,
    /// The places at which somebody may begin to spell the name.
    starts: Vec<usize>,
    other: Vec<u16>,
}

impl Speller {
    /// A speller that has read nothing.
    pub fn new() -> Speller {
        Speller::default()
    }

    /// The characters of the name read last, as they are compared.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// Reads a name.
    pub fn read(&mut self, form: Form, name: &str) {
        let table = Table::get();
        let text = normal::search(name);
        self.characters.clear();
        self.numbers.clear();
        let mut may_have_words = false;
        for c in text.chars() {
            if let Some(number) = table.number(c) {
                self.characters.push(c);
                self.numbers.push(number);
                may_have_words |= table.begins_word(c);
            }
        }
        if may_have_words {
            self.read_words(table);
        }
        name::starts(form, &text, &self.characters, &mut self.starts);
    }

    /// Words have their own readings: 银行 yin hang.
    fn read_words(&mut self, table: &Table) {
        let known = Readings::get();
        let mut place = 0;
        while let Some(c) = self.characters.get(place) {
            let mut length = 1;
            if table.begins_word(*c) {
                let ahead: String = self.characters[place..].iter().take(3).collect();
                let word = known.word(&ahead);
                for (number, syllable) in self.numbers[place..].iter_mut().zip(word) {
                    *number = table.of_syllable(syllable).unwrap_or(*number);
                }
                length = word.len().max(1);
            }
            place += length;
        }
    }

    /// Calls `each` with every reading of the name: where it begins, and the numbers from there on.
    /// A surname with several readings gives several.
    fn each_reading(&mut self, mut each: impl FnMut(usize, &[u16])) {
        let table = Table::get();
        for start in &self.starts {
            each(*start, &self.numbers[*start..]);
        }
        let first = self.characters.first();
        if !first.is_some_and(|first| table.begins_surname(*first)) {
            return;
        }
        let ahead: String = self.characters.iter().take(3).collect();
        for syllables in Readings::get().surname(&ahead) {
            self.other.clone_from(&self.numbers);
            for (number, syllable) in self.other.iter_mut().zip(syllables) {
                *number = table.of_syllable(syllable).unwrap_or(*number);
            }
            if self.other != self.numbers {
                each(0, &self.other);
            }
        }
    }

    /// Appends the keys of the name read last; a key may come twice.
    pub fn keys(&mut self, keys: &mut Vec<u64>) {
        self.each_reading(|_, numbers| {
            if !numbers.is_empty() {
                keys.push(key_of(numbers));
            }
        });
    }

    /// The places among [`Speller::characters`] of the name read last at which a pattern fits, if it
    /// does: where it begins, and where it ends. The earliest one that fits.
    pub fn fit(&mut self, pattern: &Pattern) -> Option<(usize, usize)> {
        let characters = std::mem::take(&mut self.characters);
        let mut found: Option<(usize, usize)> = None;
        self.characters.clone_from(&characters);
        self.each_reading(|start, numbers| {
            let fits = pattern.fits(numbers, &characters[start..]);
            if fits && found.is_none_or(|(best, _)| start < best) {
                found = Some((start, start + pattern.steps.len()));
            }
        });
        found
    }
}

/// Whether two characters may be read alike; nearly alike where `nearly`: zhang for zang, lin for ling.
pub fn sound_alike(one: char, other: char, nearly: bool) -> bool {
    let table = Table::get();
    let (left, right) = (table.all(one), table.all(other));
    let known = |number: &u16| *number != UNREAD;
    left.iter().filter(|number| known(number)).any(|number| {
        right.contains(number)
            || nearly
                && table
                    .near(*number)
                    .iter()
                    .any(|number| right.contains(number))
    })
}
