//! How well a text is what was asked for, and where it is so.
//!
//! An index finds candidates by tokens and keys; here they are compared as a reader would: the very
//! name, its beginning, a part of it, the same characters in another order, the same sound, and last
//! what may be a slip. The comparison knows nothing of frequencies, so that scores of texts of two
//! collections can be compared.
//!
//! Signs and white space do not count, and characters are compared in search form.

mod address;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::address::Address;
use crate::name::{self, Form};
use crate::normal;
use crate::similar;
use crate::sound::{self, Pattern, Speller};

/// How a text is what was asked for; the better before the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is the very text.
    Exact,
    /// What tells it apart is: without division, brackets, legal form; an address without 省市区.
    Core,
    /// It begins with it.
    Prefix,
    /// It contains it.
    Contained,
    /// It contains all words of it, apart.
    Words,
    /// It has the same characters, in another order.
    AnyOrder,
    /// It is read so.
    Sound,
    /// It looks or sounds nearly so.
    Similar,
}

impl Kind {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Core => "core",
            Kind::Prefix => "prefix",
            Kind::Contained => "contained",
            Kind::Words => "words",
            Kind::AnyOrder => "any-order",
            Kind::Sound => "sound",
            Kind::Similar => "similar",
        }
    }
}

/// How well, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// How.
    pub kind: Kind,
    /// From 0 to 1, the very text.
    pub score: f64,
    /// Where: ranges of characters (Unicode scalar values) of the text as given, ascending and apart.
    pub marks: Vec<Range<usize>>,
}

/// A text as it is compared: what counts of its search form, and which character each came from.
#[derive(Debug, Clone, Default)]
struct Counted {
    characters: Vec<char>,
    places: Vec<usize>,
}

impl Counted {
    fn new(text: &str) -> Counted {
        let mut counted = Counted::default();
        let mut one = [0; 4];
        for (place, c) in text.chars().enumerate() {
            let folded = normal::search(c.encode_utf8(&mut one));
            for c in folded.chars().filter(|c| name::counts(*c)) {
                counted.characters.push(c);
                counted.places.push(place);
            }
        }
        counted
    }

    /// Ranges of characters of the text, for places among those that count, ascending.
    fn marks(&self, places: impl IntoIterator<Item = usize>) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        for place in places.into_iter().filter_map(|at| self.places.get(at)) {
            match marks.last_mut() {
                Some(last) if last.end == *place => last.end += 1,
                Some(last) if last.contains(place) => {}
                _ => marks.push(*place..*place + 1),
            }
        }
        marks
    }

    fn found(&self, kind: Kind, score: f64, places: impl IntoIterator<Item = usize>) -> Match {
        Match {
            kind,
            score,
            marks: self.marks(places),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    text: String,
    characters: Vec<char>,
    words: Vec<Vec<char>>,
    core: Vec<char>,
    /// What stands before the core: a place.
    before: Vec<char>,
    patterns: Vec<Pattern>,
    near: Option<Pattern>,
    address: Address,
}

/// Longer texts are not looked at for slips and other orders.
const LONGEST_SLIP: usize = 24;

impl Wanted {
    /// Reads a query; it need not be in search form.
    pub fn new(query: &str) -> Wanted {
        let text = normal::search(query).into_owned();
        let counted = |text: &str| Counted::new(text).characters;
        let characters = counted(&text);
        let words = text
            .split(|c: char| !name::counts(c))
            .filter(|word| !word.is_empty())
            .map(counted)
            .collect();
        let before = name::before_core(&text);
        let has_han = characters.iter().any(|c| !c.is_ascii());
        let near = (has_han && (2..=LONGEST_SLIP).contains(&characters.len()))
            .then(|| Pattern::near(&characters))
            .flatten();
        Wanted {
            core: counted(&name::core(&text)),
            before: counted(&text[..before]),
            patterns: sound::patterns(&text),
            near,
            address: Address::read(&text),
            characters,
            words,
            text,
        }
    }

    /// The query in search form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What counts of it.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// Its words, in what counts of them.
    pub fn words(&self) -> &[Vec<char>] {
        &self.words
    }

    /// What tells a firm of this name apart.
    pub fn core(&self) -> String {
        self.core.iter().collect()
    }

    /// The ways to read it as a spelling; none where it has no letters.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// What looks or sounds nearly like it; none where that is not asked.
    pub fn near(&self) -> Option<&Pattern> {
        self.near.as_ref()
    }

    /// It as an address.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// How well a name is it.
    pub fn in_name(&self, form: Form, value: &str) -> Option<Match> {
        let counted = Counted::new(value);
        if self.characters.is_empty() || counted.characters.is_empty() {
            return None;
        }
        let plain = self.plain(&counted);
        if let Some(found) = &plain
            && found.kind <= Kind::Prefix
        {
            return plain;
        }
        let core = match form {
            Form::Person | Form::Address => None,
            Form::Organization | Form::Place => self.by_core(value, &counted),
        };
        let best = better(plain, core);
        if best.is_some() {
            return best;
        }
        self.in_any_order(form, &counted)
            .or_else(|| self.by_sound(form, value, &counted))
            .or_else(|| self.nearly(form, value, &counted))
    }

    /// How well any other text is it: all of it, or all its words.
    pub fn in_text(&self, value: &str) -> Option<Match> {
        let counted = Counted::new(value);
        if self.characters.is_empty() {
            return None;
        }
        self.plain(&counted)
    }

    /// How well an address is it.
    pub fn in_address(&self, value: &str) -> Option<Match> {
        better(self.in_text(value), address::compare(self, value))
    }

    /// Equal, at the beginning, inside, or word by word.
    fn plain(&self, counted: &Counted) -> Option<Match> {
        let (asked, own) = (&self.characters, &counted.characters);
        let share = asked.len() as f64 / own.len().max(1) as f64;
        if asked == own {
            return Some(counted.found(Kind::Exact, 1.0, 0..own.len()));
        }
        if let Some(at) = position(own, asked) {
            let (kind, base) = match at {
                0 => (Kind::Prefix, 0.84),
                _ => (Kind::Contained, 0.66),
            };
            return Some(counted.found(kind, base + 0.08 * share, at..at + asked.len()));
        }
        if self.words.len() < 2 {
            return None;
        }
        let mut places = Vec::new();
        for word in &self.words {
            let at = position(own, word)?;
            places.extend(at..at + word.len());
        }
        places.sort_unstable();
        places.dedup();
        Some(counted.found(Kind::Words, 0.56 + 0.08 * share.min(1.0), places))
    }

    /// By what tells the name apart.
    fn by_core(&self, value: &str, counted: &Counted) -> Option<Match> {
        let text = normal::search(value);
        let core = Counted::new(&name::core(&text)).characters;
        let same_place = self.before.is_empty()
            || contains_short(&counted.characters, &self.before)
            || name::before_core(&text) == 0;
        let doubt = if same_place { 1.0 } else { 0.75 };
        let share = self.core.len() as f64 / core.len().max(1) as f64;
        let at = position(&counted.characters, &self.core);
        let marked = || {
            let at = at.unwrap_or(0);
            at..at
                + if at > 0 || core == self.core {
                    self.core.len()
                } else {
                    0
                }
        };
        if core == self.core {
            return Some(counted.found(Kind::Core, 0.95 * doubt, marked()));
        }
        if core.starts_with(&self.core) {
            return Some(counted.found(Kind::Prefix, (0.78 + 0.08 * share) * doubt, marked()));
        }
        if self.core.len() >= 2
            && self.core != self.characters
            && position(&core, &self.core).is_some()
        {
            return Some(counted.found(Kind::Contained, (0.6 + 0.08 * share) * doubt, marked()));
        }
        None
    }

    /// The same characters, in any order.
    fn in_any_order(&self, form: Form, counted: &Counted) -> Option<Match> {
        let asked = &self.characters;
        if !(fewest_in_any_order(form)..=LONGEST_SLIP).contains(&asked.len())
            || asked.iter().all(char::is_ascii)
        {
            return None;
        }
        let mut free = vec![true; counted.characters.len()];
        for c in asked {
            let at = (0..free.len()).find(|at| free[*at] && counted.characters[*at] == *c)?;
            free[at] = false;
        }
        let places = (0..free.len()).filter(|at| !free[*at]);
        let share = asked.len() as f64 / free.len() as f64;
        let score = if share == 1.0 {
            0.58
        } else {
            0.36 + 0.1 * share
        };
        Some(counted.found(Kind::AnyOrder, score, places))
    }

    /// Read so.
    fn by_sound(&self, form: Form, value: &str, counted: &Counted) -> Option<Match> {
        let mut speller = Speller::new();
        speller.read(form, value);
        let mut best: Option<Match> = None;
        for (rank, pattern) in self.patterns.iter().enumerate() {
            let Some((start, end)) = speller.fit(pattern) else {
                continue;
            };
            let length = counted.characters.len();
            let base = match (start, end == length) {
                (0, true) => 0.64,
                (0, false) => 0.48,
                (_, true) => 0.5,
                (_, false) => 0.42,
            };
            // A reading in more parts is a worse guess: wang-xm before w-an-g-x-m.
            let more = pattern.steps.len() - self.patterns[0].steps.len().min(pattern.steps.len());
            let score = base + 0.06 * (end - start) as f64 / length.max(1) as f64
                - 0.05 * more as f64
                - 0.002 * rank as f64;
            best = better(best, Some(counted.found(Kind::Sound, score, start..end)));
        }
        best
    }

    /// Like it but for a slip: characters that sound or look alike.
    fn nearly(&self, form: Form, value: &str, counted: &Counted) -> Option<Match> {
        let pattern = self.near.as_ref()?;
        let mut speller = Speller::new();
        speller.read(form, value);
        let (start, end) = speller.fit(pattern)?;
        let slips = slips(&self.characters, counted.characters.get(start..end)?)?;
        let rest = counted.characters.len() - (end - start);
        let score = 0.34 - 0.03 * slips - 0.02 * (rest.min(5) as f64);
        Some(counted.found(Kind::Similar, score.max(0.05), start..end))
    }
}

/// How many characters must be asked for in any order: two of a long name say nothing, 中学 is not meant
/// by 中国科学院.
pub fn fewest_in_any_order(form: Form) -> usize {
    match form {
        Form::Person => 2,
        Form::Organization | Form::Place | Form::Address => 3,
    }
}

/// How far two texts of one length are apart by slips; none where there are more than a reader would
/// forgive: all may sound alike, few may look alike or sound nearly alike.
pub fn slips(asked: &[char], own: &[char]) -> Option<f64> {
    if asked.len() != own.len() {
        return None;
    }
    let (mut weight, mut rough) = (0.0, 0usize);
    for (one, other) in asked.iter().zip(own) {
        if one == other {
            continue;
        }
        if sound::sound_alike(*one, *other, false) {
            weight += 1.0;
        } else if similar::look_alike(*one, *other) {
            (weight, rough) = (weight + 1.2, rough + 1);
        } else if sound::sound_alike(*one, *other, true) {
            (weight, rough) = (weight + 1.5, rough + 1);
        } else {
            return None;
        }
    }
    (rough <= (asked.len() / 3).max(1)).then_some(weight)
}

/// The better of two.
fn better(one: Option<Match>, other: Option<Match>) -> Option<Match> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.score > one.score { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// Where some characters stand inside others, side by side.
fn position(own: &[char], asked: &[char]) -> Option<usize> {
    if asked.is_empty() {
        return None;
    }
    own.windows(asked.len()).position(|window| window == asked)
}

/// Whether a name names a place, with 省, 市 and the like or without: its first two characters do.
fn contains_short(own: &[char], place: &[char]) -> bool {
    position(own, &place[..place.len().min(2)]).is_some()
}
