//! What expressions do with texts: case, accents, sound, likeness.

use std::cell::RefCell;
use std::collections::HashMap;

use text::normal;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without differences of case, by Unicode's full folding as far as lower case and these two
/// go: ß is ss, and every sigma the same.
pub fn fold_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for lower in text.chars().flat_map(char::to_lowercase) {
        match lower {
            'ß' => out.push_str("ss"),
            'ς' => out.push('σ'),
            other => out.push(other),
        }
    }
    out
}

/// The text without accents and other marks that combine with a letter.
pub fn fold_accents(text: &str) -> String {
    text.nfd()
        .filter(|character| !is_combining_mark(*character))
        .nfc()
        .collect()
}

/// The longest name that is compared with others; longer texts are no names.
const LONGEST_NAME: usize = 64;

/// Whether a name is read so, from any of its characters on: whole syllables (`wangfang`), initials
/// (`wf`), or a mixture (`wangf`). Spaces, apostrophes and case do not matter.
pub fn is_read(name: &str, sought: &str) -> bool {
    let sought: String = sought
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'ü' { 'v' } else { character })
        .collect();
    if sought.is_empty() {
        return false;
    }
    readings(name, |readings| {
        readings
            .iter()
            .any(|syllables| (0..syllables.len()).any(|from| begins(&syllables[from..], &sought)))
    })
}

/// Whether syllables, each cut after its first letter or later, begin with the letters sought.
fn begins(syllables: &[String], sought: &str) -> bool {
    if sought.is_empty() {
        return true;
    }
    let Some((first, rest)) = syllables.split_first() else {
        return false;
    };
    let common = first
        .bytes()
        .zip(sought.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    (1..=common)
        .rev()
        .filter(|length| sought.is_char_boundary(*length))
        .any(|length| begins(rest, &sought[length..]))
}

/// The readings of a name, syllable by syllable. What was asked last is remembered: names repeat.
fn readings<T>(name: &str, then: impl FnOnce(&[Vec<String>]) -> T) -> T {
    const MOST_REMEMBERED: usize = 4096;
    thread_local! {
        static READ: RefCell<HashMap<String, Vec<Vec<String>>>> = RefCell::default();
    }
    READ.with_borrow_mut(|read| {
        if read.len() >= MOST_REMEMBERED {
            read.clear();
        }
        let known = read
            .entry(name.to_string())
            .or_insert_with(|| syllables_of(name));
        then(known)
    })
}

fn syllables_of(name: &str) -> Vec<Vec<String>> {
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let spelt = |written: &str| -> Vec<String> {
        text::pinyin::syllables(&name)
            .into_iter()
            .flat_map(|syllable| units(&syllable.replace('ü', written)))
            .collect()
    };
    let mut all = vec![spelt("v")];
    let passport = spelt("yu");
    if passport != all[0] {
        all.push(passport);
    }
    // A surname may be read in another way than the word it is.
    let whole: Vec<String> = text::pinyin::full(&name);
    let initials: Vec<String> = text::pinyin::initials(&name);
    for text in whole.iter().chain(&initials) {
        let is_new = all.iter().all(|syllables| syllables.concat() != *text);
        if is_new {
            all.push(vec![text.clone()]);
        }
    }
    all
}

/// A syllable as one unit; characters that are not read each as one of their own.
fn units(syllable: &str) -> Vec<String> {
    if syllable.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return vec![syllable.to_string()];
    }
    normal::search(syllable)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .map(String::from)
        .collect()
}

/// Whether two names differ by so many characters at most, in their search form, or sound the same.
pub fn is_like(name: &str, sought: &str, most: usize) -> bool {
    let form = |name: &str| -> Vec<char> {
        normal::search(name)
            .chars()
            .filter(|character| character.is_alphanumeric())
            .take(LONGEST_NAME)
            .collect()
    };
    let (one, other) = (form(name), form(sought));
    if other.is_empty() {
        return false;
    }
    if one.len().abs_diff(other.len()) <= most && distance(&one, &other) <= most {
        return true;
    }
    one.len() == other.len() && {
        let sounds = text::pinyin::full(sought);
        text::pinyin::full(name)
            .iter()
            .any(|sound| sounds.contains(sound))
    }
}

/// Edits (insert, delete, replace) between two texts.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, left) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (column, right) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
