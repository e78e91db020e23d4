//! Readings of names in pinyin without tones, for search by sound.
//!
//! The first characters are read as a surname where surnames have a reading of their own
//! (单 shan, 解 xie, 尉迟 yuchi); words of places and organizations where they have (银行
//! yinhang, 重庆 chongqing); everything else by the character's most frequent reading. Names
//! may have several readings: 单位 is dan wei as a word and shan wei as a person.

pub(crate) mod readings;

#[cfg(test)]
mod tests;

use ::pinyin::ToPinyin;

use crate::normal::{Fold, Folding};
use crate::units::is_han;
use readings::Readings;

/// The version of the readings; an index holds the version it was written under.
pub const VERSION: u32 = 2;

/// The readings of a name, each joined without spaces, best first, without duplicates:
/// `full("单雄信")` is `["shanxiongxin", "danxiongxin"]`.
///
/// White space, punctuation and signs are left out (nobody types them), letters are in
/// lower case, and a character without a reading is kept as it is. A ü is written `v`, as it
/// is typed, and in a further reading `yu`, as in passports (吕 `lv`, `lyu`).
pub fn full(name: &str) -> Vec<String> {
    let mut joined = Vec::new();
    for reading in readings_of(name) {
        let text = join(&reading, |syllable| syllable);
        if text.contains('ü') {
            push_new(&mut joined, text.replace('ü', "v"));
            push_new(&mut joined, text.replace('ü', "yu"));
        } else {
            push_new(&mut joined, text);
        }
    }
    joined
}

/// The first letters of the syllables of each reading, best first, without duplicates:
/// `initials("单雄信")` is `["sxx", "dxx"]`. What is not read is kept as in [`full`].
pub fn initials(name: &str) -> Vec<String> {
    let mut joined = Vec::new();
    for reading in readings_of(name) {
        let text = join(&reading, |syllable| {
            let end = syllable.chars().next().map_or(0, char::len_utf8);
            &syllable[..end]
        });
        push_new(&mut joined, text);
    }
    joined
}

/// The best reading of a name, syllable by syllable, with ü where it stands. Runs of
/// characters without a reading are kept as they are: `尤·努斯` is `you`, `·`, `nu`, `si`.
pub fn syllables(name: &str) -> Vec<&str> {
    let best = readings_of(name).into_iter().next().unwrap_or_default();
    best.into_iter()
        .map(|part| match part {
            Part::Syllable(text) | Part::Unread(text) => text,
        })
        .collect()
}

/// A part of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    /// How one character is read.
    Syllable(&'a str),
    /// Characters without a reading.
    Unread(&'a str),
}

/// A whole name, read.
type Reading<'a> = Vec<Part<'a>>;

/// The readings of a name, best first; an empty name has one empty reading.
fn readings_of(name: &str) -> Vec<Reading<'_>> {
    let known = Readings::get();
    let folding = Folding::get();
    // Offsets and simplified forms of the characters, once for all readings.
    let characters: Vec<(usize, char)> = name
        .char_indices()
        .map(|(at, c)| (at, fold_one(folding, c)))
        .collect();
    let simplified: String = characters.iter().map(|&(_, c)| c).collect();
    let by_words = || read(name, &characters, &simplified, known, &[]);
    let surname = known.surname(&simplified);
    let mut readings = Vec::new();
    if surname.is_empty() || known.begins_with_word(&simplified) {
        readings.push(by_words());
    }
    for syllables in surname {
        readings.push(read(name, &characters, &simplified, known, syllables));
    }
    readings
}

/// Reads a name whose first characters are read as `surname`.
fn read<'a>(
    name: &'a str,
    characters: &[(usize, char)],
    simplified: &str,
    known: &'static Readings,
    surname: &[&'static str],
) -> Reading<'a> {
    let mut reading: Reading = surname.iter().copied().map(Part::Syllable).collect();
    let mut at = surname.len();
    let mut rest: &str = skip(simplified, at);
    while let Some(&(from, c)) = characters.get(at) {
        let to = |at: usize| characters.get(at).map_or(name.len(), |&(offset, _)| offset);
        let word = known.word(rest);
        let length = if word.is_empty() { 1 } else { word.len() };
        if !word.is_empty() {
            reading.extend(word.iter().copied().map(Part::Syllable));
        } else if let Some(syllable) = most_frequent(&name[from..to(at + 1)], c) {
            reading.push(Part::Syllable(syllable));
        } else if let Some(Part::Unread(run)) = reading.last_mut() {
            let start = from - run.len();
            *run = &name[start..to(at + 1)];
        } else {
            reading.push(Part::Unread(&name[from..to(at + 1)]));
        }
        rest = skip(rest, length);
        at += length;
    }
    reading
}

/// The most frequent reading of a character, as written or else in its simplified form.
fn most_frequent(original: &str, simplified: char) -> Option<&'static str> {
    let written = original.chars().next()?;
    let reading = written.to_pinyin().or_else(|| simplified.to_pinyin())?;
    Some(reading.plain())
}

/// The text without its first `count` characters.
fn skip(text: &str, count: usize) -> &str {
    text.char_indices()
        .nth(count)
        .map_or("", |(at, _)| &text[at..])
}

/// A character's search form, if that is one character; otherwise the character.
fn fold_one(folding: &Folding, c: char) -> char {
    match folding.fold(c) {
        Fold::To(to) => to,
        Fold::Space => ' ',
        Fold::Keep | Fold::Drop | Fold::Compose => c,
    }
}

/// Joins a reading; `cut` shortens its syllables.
fn join<'a>(reading: &[Part<'a>], cut: impl Fn(&'a str) -> &'a str) -> String {
    let folding = Folding::get();
    let mut text = String::new();
    for part in reading {
        match part {
            Part::Syllable(syllable) => text.push_str(cut(syllable)),
            Part::Unread(run) => text.extend(
                run.chars()
                    .map(|c| fold_one(folding, c))
                    .filter(|&c| c.is_alphanumeric() || is_han(c)),
            ),
        }
    }
    text
}

/// Appends what is not there yet.
fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
