//! What is asked of the sound of a name: syllables, initials, characters, mixed.
//!
//! A text in letters can be cut into syllables in several ways (`xian` is xian or xi an), so that a
//! query has several patterns. Those of the fewest parts come first.

use super::table::Table;
use super::{KEPT, UNREAD};
use crate::normal;
use crate::similar;
use crate::units::is_han;

/// The longest spelling of a syllable, in letters: zhuang.
const LONGEST: usize = 6;
/// So many ways to read one query are tried.
const MOST_PATTERNS: usize = 8;
/// Longer queries are no names.
const MOST_STEPS: usize = 40;

/// What is asked of one character of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// It is read as one of these numbers: ranges, ascending and apart, ends included.
    pub numbers: Vec<(u16, u16)>,
    /// What is asked of the character itself.
    pub characters: Chars,
}

/// What is asked of a character besides its sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chars {
    /// Nothing.
    Any,
    /// It is this one, in its search form.
    Is(char),
    /// It is this one, or one that is easily taken for it.
    Near(char),
}

/// What is asked of the sound of a name, from one of the places at which it may be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// One for each character of the name, from its beginning.
    pub steps: Vec<Step>,
    /// The name ends with the last step.
    pub whole: bool,
}

impl Pattern {
    /// Names that begin with these characters, in search form, in any of their readings.
    pub fn of_characters(characters: &[char]) -> Option<Pattern> {
        let table = Table::get();
        let steps: Option<Vec<Step>> = characters
            .iter()
            .map(|c| {
                let all = table.all(*c);
                (!all.is_empty()).then(|| Step {
                    numbers: ranges(all),
                    characters: Chars::Is(*c),
                })
            })
            .collect();
        let steps = steps.filter(|steps| (1..=MOST_STEPS).contains(&steps.len()))?;
        Some(Pattern {
            steps,
            whole: false,
        })
    }

    /// Names of characters that sound like these or look like these, or nearly.
    pub fn near(characters: &[char]) -> Option<Pattern> {
        let table = Table::get();
        let mut pattern = Pattern::of_characters(characters)?;
        for (step, c) in pattern.steps.iter_mut().zip(characters) {
            let own = table.all(*c);
            let mut all = own.clone();
            all.extend(own.iter().flat_map(|number| table.near(*number)));
            for other in similar::look_alikes(*c) {
                all.extend(table.all(*other));
            }
            step.numbers = ranges(all);
            step.characters = Chars::Near(*c);
        }
        Some(pattern)
    }

    /// Whether keys say all: no character is asked for, and no step lies beyond the keys.
    pub fn is_told_by_keys(&self) -> bool {
        let any = |step: &Step| step.characters == Chars::Any;
        self.steps.len() < KEPT && self.steps.iter().all(any)
    }

    /// Whether a name fits, from its beginning: the numbers of its characters, and these.
    pub(super) fn fits(&self, numbers: &[u16], characters: &[char]) -> bool {
        let length = self.steps.len();
        if numbers.len() < length || (self.whole && numbers.len() != length) {
            return false;
        }
        let each = self.steps.iter().zip(numbers.iter().zip(characters));
        each.into_iter()
            .all(|(step, (number, character))| step.fits(*number, *character))
    }
}

impl Step {
    fn fits(&self, number: u16, character: char) -> bool {
        match self.characters {
            // The same character, however it is read here.
            Chars::Is(c) => c == character,
            Chars::Near(c) => {
                c == character || similar::look_alike(c, character) || self.has(number)
            }
            Chars::Any => self.has(number),
        }
    }

    fn has(&self, number: u16) -> bool {
        number != UNREAD
            && self
                .numbers
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&number))
    }
}

/// Numbers as ranges, ascending and apart.
fn ranges(mut numbers: Vec<u16>) -> Vec<(u16, u16)> {
    numbers.sort_unstable();
    numbers.dedup();
    let mut ranges: Vec<(u16, u16)> = Vec::with_capacity(numbers.len());
    for number in numbers {
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == number => last.1 = number,
            _ => ranges.push((number, number)),
        }
    }
    ranges
}

/// The ways to read a query that is spelled, wholly or in part: `wangxiaoming`, `wang xm`, `wxm`, 王xm,
/// `xi'an`. The last syllable may be cut short. None where the query has no letter, or is no spelling.
pub fn patterns(query: &str) -> Vec<Pattern> {
    let text = normal::search(query);
    if !text.bytes().any(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let table = Table::get();
    let mut ways: Vec<Vec<Step>> = vec![Vec::new()];
    let mut rest: &str = &text;
    while let Some(c) = rest.chars().next() {
        let letters = rest.bytes().take_while(|b| b.is_ascii_lowercase()).count();
        if letters > 0 {
            let (run, after) = rest.split_at(letters);
            let is_last = after
                .trim_matches(|c: char| table.number(c).is_none())
                .is_empty();
            let cuts = cuts(run, is_last);
            ways = ways
                .iter()
                .flat_map(|way| cuts.iter().map(move |cut| [way.as_slice(), cut].concat()))
                .take(MOST_PATTERNS)
                .collect();
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let all = table.all(c);
        if all.is_empty() {
            continue;
        }
        let step = Step {
            numbers: ranges(all),
            characters: if is_han(c) || !c.is_ascii() {
                Chars::Is(c)
            } else {
                Chars::Any
            },
        };
        ways.iter_mut().for_each(|way| way.push(step.clone()));
    }
    let fit = |steps: &Vec<Step>| (1..=MOST_STEPS).contains(&steps.len());
    ways.into_iter()
        .filter(fit)
        .map(|steps| Pattern {
            steps,
            whole: false,
        })
        .collect()
}

/// The ways to cut a run of letters into syllables and initials, those of the fewest parts first.
fn cuts(run: &str, is_last: bool) -> Vec<Vec<Step>> {
    let table = Table::get();
    // How few parts there can be from each place on.
    let mut fewest: Vec<Option<usize>> = vec![None; run.len() + 1];
    fewest[run.len()] = Some(0);
    for at in (0..run.len()).rev() {
        fewest[at] = parts(table, run, at, is_last)
            .iter()
            .filter_map(|(length, _)| fewest[at + length].map(|rest| rest + 1))
            .min();
    }
    let Some(least) = fewest[0].filter(|least| *least < MOST_STEPS) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for allowed in [least, least + 1] {
        let mut way = Vec::new();
        walk(
            table,
            (run, is_last),
            &fewest,
            (0, allowed),
            &mut way,
            &mut found,
        );
    }
    found
}

/// Collects the ways that use up exactly so many parts from a place on.
fn walk(
    table: &Table,
    (run, is_last): (&str, bool),
    fewest: &[Option<usize>],
    (at, left): (usize, usize),
    way: &mut Vec<Step>,
    found: &mut Vec<Vec<Step>>,
) {
    if found.len() >= MOST_PATTERNS || way.len() > MOST_STEPS {
        return;
    }
    if at == run.len() {
        if left == 0 {
            found.push(way.clone());
        }
        return;
    }
    for (length, step) in parts(table, run, at, is_last) {
        let next = at + length;
        if fewest[next].is_some_and(|rest| rest < left) {
            way.push(step);
            walk(table, (run, is_last), fewest, (next, left - 1), way, found);
            way.pop();
        }
    }
}

/// What may stand at a place of a run of letters, long parts first: a syllable, an initial, or at the
/// very end the beginning of a syllable.
fn parts(table: &Table, run: &str, at: usize, is_last: bool) -> Vec<(usize, Step)> {
    let rest = &run[at..];
    let mut parts = Vec::new();
    for length in (1..=LONGEST.min(rest.len())).rev() {
        let part = &rest[..length];
        let is_end = is_last && length == rest.len();
        let is_initial = length == 1 || matches!(part, "zh" | "ch" | "sh");
        let numbers = if is_end || is_initial {
            table.beginning(part).into_iter().collect()
        } else {
            spelled(table, part)
        };
        if !numbers.is_empty() {
            let step = Step {
                numbers,
                characters: Chars::Any,
            };
            parts.push((length, step));
        }
    }
    parts
}

/// The numbers of a syllable as people type it: ü is v, yu (in passports) or u after l and n.
fn spelled(table: &Table, part: &str) -> Vec<(u16, u16)> {
    let mut forms = vec![part.to_string()];
    if let Some(rest) = part.strip_prefix('l').or(part.strip_prefix('n')) {
        let initial = &part[..1];
        if let Some(rest) = rest.strip_prefix("yu") {
            forms.push(format!("{initial}v{rest}"));
        } else if let Some(rest) = rest.strip_prefix('u') {
            forms.push(format!("{initial}v{rest}"));
        }
    }
    let numbers = forms.iter().filter_map(|form| table.of_spelling(form));
    ranges(numbers.collect())
}
