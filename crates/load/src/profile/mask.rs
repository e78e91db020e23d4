//! The forms of a column's values: digits become 9, Latin letters A and a, Chinese characters 汉,
//! everything else stays.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write;

use record::CompactString;

/// Forms that are told apart.
const KEPT: usize = 512;
/// Runs of one kind that a form spells out.
const RUNS: usize = 16;
/// A run of so many is spelled out: 9999; a longer one is counted: 9(18).
const SPELLED: u32 = 4;

/// Values of one form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Form {
    count: u64,
    /// The shortest and the longest of each run of Chinese characters.
    runs: Vec<(u32, u32)>,
}

/// How many values have which form.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    forms: HashMap<CompactString, Form>,
    /// Values whose form is not kept.
    others: u64,
    form: String,
    runs: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Upper,
    Lower,
    Chinese,
    Other(char),
}

fn kind(character: char) -> Kind {
    match character {
        '0'..='9' => Kind::Digit,
        'A'..='Z' => Kind::Upper,
        'a'..='z' => Kind::Lower,
        '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Kind::Chinese,
        '\u{20000}'..='\u{3ffff}' => Kind::Chinese,
        other => Kind::Other(other),
    }
}

impl Forms {
    /// Notes a value that occurs so often.
    pub fn add(&mut self, text: &str, count: u64) {
        let mut form = std::mem::take(&mut self.form);
        let mut runs = std::mem::take(&mut self.runs);
        form.clear();
        runs.clear();
        read(text, &mut form, &mut runs);
        self.put(&form, count, runs.iter().map(|run| (*run, *run)));
        (self.form, self.runs) = (form, runs);
    }

    fn put(&mut self, form: &str, count: u64, runs: impl Iterator<Item = (u32, u32)>) {
        if let Some(known) = self.forms.get_mut(form) {
            known.count += count;
            for (known, run) in known.runs.iter_mut().zip(runs) {
                *known = (known.0.min(run.0), known.1.max(run.1));
            }
        } else if self.forms.len() < KEPT {
            let runs = runs.collect();
            self.forms.insert(form.into(), Form { count, runs });
        } else {
            self.others += count;
        }
    }

    /// Adds the forms of the next batch.
    pub fn merge(&mut self, batch: Forms) {
        let mut forms: Vec<(CompactString, Form)> = batch.forms.into_iter().collect();
        forms.sort_unstable_by(|one, other| order(one).cmp(&order(other)));
        for (form, of) in forms {
            self.put(&form, of.count, of.runs.into_iter());
        }
        self.others += batch.others;
    }

    /// The most frequent forms with their counts, and how many values have another.
    pub fn best(&self, most: usize) -> (Vec<(String, u64)>, u64) {
        let mut forms: Vec<(CompactString, Form)> = self
            .forms
            .iter()
            .map(|(form, of)| (form.clone(), of.clone()))
            .collect();
        forms.sort_unstable_by(|one, other| order(one).cmp(&order(other)));
        let rest: u64 = forms.iter().skip(most).map(|(_, of)| of.count).sum();
        let shown = forms.iter().take(most);
        let shown = shown.map(|(form, of)| (written(form, &of.runs), of.count));
        (shown.collect(), rest + self.others)
    }
}

fn order((text, form): &(CompactString, Form)) -> (Reverse<u64>, &CompactString) {
    (Reverse(form.count), text)
}

/// Writes the form of a text; runs of Chinese characters are one 汉, their lengths go to `runs`.
fn read(text: &str, form: &mut String, runs: &mut Vec<u32>) {
    let mut characters = text.chars().peekable();
    let mut spelled = 0;
    while let Some(character) = characters.next() {
        let kind_of = kind(character);
        let mut length = 1u32;
        while characters.next_if(|next| kind(*next) == kind_of).is_some() {
            length += 1;
        }
        if spelled == RUNS {
            form.push('…');
            return;
        }
        spelled += 1;
        match kind_of {
            Kind::Digit => push_run(form, '9', length),
            Kind::Upper => push_run(form, 'A', length),
            Kind::Lower => push_run(form, 'a', length),
            Kind::Chinese => {
                form.push('汉');
                runs.push(length);
            }
            Kind::Other(other) => push_run(form, other, length),
        }
    }
}

fn push_run(form: &mut String, character: char, length: u32) {
    if length <= SPELLED {
        form.extend(std::iter::repeat_n(character, length as usize));
    } else {
        // Writing to memory does not fail.
        let _ = write!(form, "{character}({length})");
    }
}

/// A form with the lengths of its runs of Chinese characters.
fn written(form: &str, runs: &[(u32, u32)]) -> String {
    let mut out = String::with_capacity(form.len() + 8);
    let mut runs = runs.iter();
    for character in form.chars() {
        out.push(character);
        if character == '汉'
            && let Some((shortest, longest)) = runs.next()
        {
            let _ = match (shortest, longest) {
                (1, 1) => Ok(()),
                _ if shortest == longest => write!(out, "{{{shortest}}}"),
                _ => write!(out, "{{{shortest},{longest}}}"),
            };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_forms() {
        for (value, form) in [
            ("110130199001011234", "9(18)"),
            ("11013019900101123X", "9(17)A"),
            ("2024-02-30", "9999-99-99"),
            ("2024年2月3日", "9999汉9汉9汉"),
            ("王伟", "汉{2}"),
            ("ABC-12 号楼", "AAA-99 汉{2}"),
            ("１２", "１２"),
            ("", ""),
            ("a1b2c3d4e5f6g7h8i9", "a9a9a9a9a9a9a9a9…"),
        ] {
            let mut forms = Forms::default();
            forms.add(value, 1);
            assert_eq!(forms.best(1).0, [(form.to_string(), 1)], "{value}");
        }
    }

    #[test]
    fn runs_of_characters_are_joined_over_batches() {
        let mut all = Forms::default();
        for names in [["王伟", "李小明"], ["欧阳修远", "13号"]] {
            let mut batch = Forms::default();
            names.iter().for_each(|name| batch.add(name, 2));
            all.merge(batch);
        }
        let (best, others) = all.best(1);
        assert_eq!((best, others), (vec![("汉{2,4}".to_string(), 6)], 2));
    }
}
