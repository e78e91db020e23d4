//! The readings which differ from the characters' most frequent ones, from the files in
//! `data/`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Surnames and their readings.
const SURNAMES: &str = include_str!("../../data/surname_readings.txt");
/// Characters and words with their reading inside names of places and organizations.
const WORDS: &str = include_str!("../../data/word_readings.txt");

/// The longest surname and the longest word, in characters.
const LONGEST: usize = 3;

/// The syllables of one reading.
type Syllables = Vec<&'static str>;

/// All readings of the data files, keyed by simplified characters.
pub(crate) struct Readings {
    surnames: HashMap<&'static str, Vec<Syllables>>,
    words: HashMap<&'static str, Syllables>,
}

static READINGS: LazyLock<Readings> = LazyLock::new(Readings::build);

impl Readings {
    /// The readings, parsed at the first call.
    pub(crate) fn get() -> &'static Readings {
        &READINGS
    }

    fn build() -> Readings {
        let syllables = |reading: &'static str| reading.split('-').collect();
        let surnames = entries(SURNAMES)
            .map(|(surname, readings)| (surname, readings.split(' ').map(syllables).collect()))
            .collect();
        let words = entries(WORDS)
            .map(|(word, reading)| (word, syllables(reading)))
            .collect();
        Readings { surnames, words }
    }

    /// The readings of the longest listed surname with which the simplified name begins,
    /// most frequent first; none if no listed one does. A compound surname is preferred.
    pub(crate) fn surname(&'static self, name: &str) -> &'static [Syllables] {
        longest(&self.surnames, name).map_or(&[], Vec::as_slice)
    }

    /// The syllables of the longest listed word or character with which the simplified text
    /// begins; empty if none does.
    pub(crate) fn word(&'static self, text: &str) -> &'static [&'static str] {
        longest(&self.words, text).map_or(&[], Vec::as_slice)
    }

    /// Every listed surname and word with each of its readings.
    pub(crate) fn all(
        &'static self,
    ) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
        let surnames = self.surnames.iter();
        let surnames = surnames
            .flat_map(|(text, readings)| readings.iter().map(|one| (*text, one.as_slice())));
        let words = self.words.iter();
        surnames.chain(words.map(|(text, reading)| (*text, reading.as_slice())))
    }

    /// The first characters of the listed surnames.
    pub(crate) fn first_of_surnames(&'static self) -> impl Iterator<Item = char> {
        self.surnames.keys().filter_map(|text| text.chars().next())
    }

    /// The first characters of the listed words.
    pub(crate) fn first_of_words(&'static self) -> impl Iterator<Item = char> {
        self.words.keys().filter_map(|text| text.chars().next())
    }

    /// Does the simplified text begin with a listed word of more than one character?
    pub(crate) fn begins_with_word(&'static self, text: &str) -> bool {
        self.word(text).len() > 1
    }
}

/// The entry for the longest listed beginning of the text.
fn longest<T>(entries: &'static HashMap<&'static str, T>, text: &str) -> Option<&'static T> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut found = None;
    for end in ends.take(LONGEST) {
        found = entries.get(&text[..end]).or(found);
    }
    found
}

/// The lines of a data file without comments, cut at their first space.
fn entries(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Readings};

    #[test]
    fn every_reading_has_a_syllable_for_each_character() {
        let known = Readings::get();
        let surnames = known.surnames.iter();
        let all = surnames
            .flat_map(|(surname, readings)| readings.iter().map(move |reading| (surname, reading)))
            .chain(known.words.iter());
        for (characters, syllables) in all {
            let count = characters.chars().count();
            assert_eq!(count, syllables.len(), "{characters}");
            assert!(count <= LONGEST, "{characters}");
            let is_letter = |c: char| c.is_ascii_lowercase() || c == 'ü';
            assert!(
                syllables
                    .iter()
                    .all(|s| !s.is_empty() && s.chars().all(is_letter))
            );
        }
    }
}
