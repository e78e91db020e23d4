//! The numbers of syllables, and which characters are read so.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use ::pinyin::ToPinyin;

use super::UNREAD;
use crate::pinyin::readings::Readings;
use crate::units::is_han;

/// Syllables by number and numbers by character.
pub(super) struct Table {
    /// Spellings in ascending order; the number of one is its place, from 1.
    spellings: Vec<String>,
    /// The number of each character of the basic plane, 0 where it has none; with [`WORD`] and
    /// [`SURNAME`], since every name of a load is looked up here.
    basic: Box<[u16]>,
    /// The numbers of the characters beyond it.
    beyond: HashMap<char, u16>,
    /// Further numbers of characters: as surnames, and inside words.
    further: HashMap<char, Vec<u16>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

/// A listed word begins with the character.
const WORD: u16 = 1 << 15;
/// A listed surname begins with the character.
const SURNAME: u16 = 1 << 14;

/// Where characters with readings are.
const IDEOGRAPHS: [std::ops::RangeInclusive<u32>; 4] = [
    0x3007..=0x3007,
    0x3400..=0x9FFF,
    0xF900..=0xFAFF,
    0x20000..=0x323AF,
];

impl Table {
    pub(super) fn get() -> &'static Table {
        &TABLE
    }

    fn build() -> Table {
        let read = || {
            let all = IDEOGRAPHS.into_iter().flatten();
            let all = all.filter_map(char::from_u32);
            all.filter_map(|c| Some((c, typed(c.to_pinyin()?.plain())?)))
        };
        let mut spellings: BTreeSet<String> = read().map(|(_, spelling)| spelling).collect();
        spellings.extend(('0'..='9').chain('a'..='z').map(String::from));
        let known = Readings::get();
        let listed = || known.all();
        for (_, syllables) in listed() {
            spellings.extend(syllables.iter().filter_map(|one| typed(one)));
        }
        let spellings: Vec<String> = spellings.into_iter().collect();
        let mut table = Table {
            spellings,
            basic: vec![0; 0x1_0000].into_boxed_slice(),
            beyond: HashMap::new(),
            further: HashMap::new(),
        };
        for (c, spelling) in read() {
            let number = table.of_spelling(&spelling).unwrap_or(UNREAD);
            table.put(c, number);
        }
        for c in ('0'..='9').chain('a'..='z') {
            let number = table.of_spelling(c.encode_utf8(&mut [0; 4]));
            table.put(c, number.unwrap_or(UNREAD));
        }
        for (text, syllables) in listed() {
            table.put_listed(text, syllables);
        }
        let firsts = known.first_of_surnames().map(|c| (c, SURNAME));
        for (c, flag) in firsts.chain(known.first_of_words().map(|c| (c, WORD))) {
            if let Some(cell) = table.basic.get_mut(c as usize) {
                *cell |= flag;
            }
        }
        table
    }

    fn put(&mut self, c: char, number: u16) {
        match self.basic.get_mut(c as usize) {
            Some(cell) => *cell = number,
            None => {
                self.beyond.insert(c, number);
            }
        }
    }

    /// Characters of a listed surname or word: a single character of the list of words is always read
    /// so, the others also so.
    fn put_listed(&mut self, text: &str, syllables: &[&str]) {
        for (c, syllable) in text.chars().zip(syllables) {
            let Some(number) = self.of_syllable(syllable) else {
                continue;
            };
            let further = self.further.entry(c).or_default();
            if !further.contains(&number) {
                further.push(number);
            }
        }
    }

    /// The number of a character in its search form; none where it is passed over.
    #[inline]
    pub(super) fn number(&self, c: char) -> Option<u16> {
        let number = match self.basic.get(c as usize) {
            Some(cell) => *cell & UNREAD,
            None => self.beyond.get(&c).copied().unwrap_or(0),
        };
        match number {
            0 if is_han(c) || c.is_alphanumeric() => Some(UNREAD),
            0 => None,
            number => Some(number),
        }
    }

    /// All numbers of a character.
    pub(super) fn all(&self, c: char) -> Vec<u16> {
        let mut all: Vec<u16> = self.number(c).into_iter().collect();
        for number in self.further.get(&c).into_iter().flatten() {
            if !all.contains(number) {
                all.push(*number);
            }
        }
        all
    }

    #[inline]
    pub(super) fn begins_word(&self, c: char) -> bool {
        self.has(c, WORD)
    }

    #[inline]
    pub(super) fn begins_surname(&self, c: char) -> bool {
        self.has(c, SURNAME)
    }

    #[inline]
    fn has(&self, c: char, flag: u16) -> bool {
        self.basic
            .get(c as usize)
            .is_some_and(|cell| cell & flag != 0)
    }

    /// The number of a syllable as the tables spell it, with ü.
    pub(super) fn of_syllable(&self, syllable: &str) -> Option<u16> {
        self.of_spelling(&typed(syllable)?)
    }

    /// The number of a syllable as it is typed.
    pub(super) fn of_spelling(&self, spelling: &str) -> Option<u16> {
        let found = self
            .spellings
            .binary_search_by(|one| one.as_str().cmp(spelling));
        found.ok().and_then(|place| u16::try_from(place + 1).ok())
    }

    /// The numbers of all syllables that begin so: first and last; none where there is none.
    pub(super) fn beginning(&self, prefix: &str) -> Option<(u16, u16)> {
        let first = self.spellings.partition_point(|one| one.as_str() < prefix);
        let count = self.spellings[first..]
            .iter()
            .take_while(|one| one.starts_with(prefix))
            .count();
        let number = |place: usize| u16::try_from(place).ok();
        (count > 0).then_some((number(first + 1)?, number(first + count)?))
    }

    /// How a number is spelled.
    pub(super) fn spelling(&self, number: u16) -> Option<&str> {
        let place = usize::from(number).checked_sub(1)?;
        self.spellings.get(place).map(String::as_str)
    }

    #[cfg(test)]
    pub(super) fn spellings(&self) -> &[String] {
        &self.spellings
    }

    /// The numbers of the syllables that are easily taken for this one.
    pub(super) fn near(&self, number: u16) -> Vec<u16> {
        const INITIALS: [(&str, &str); 5] = [
            ("zh", "z"),
            ("ch", "c"),
            ("sh", "s"),
            ("l", "n"),
            ("h", "f"),
        ];
        const FINALS: [(&str, &str); 3] = [("ang", "an"), ("eng", "en"), ("ing", "in")];
        let Some(spelling) = self.spelling(number).filter(|one| one.len() > 1) else {
            return Vec::new();
        };
        let mut forms = vec![spelling.to_string()];
        for (one, other) in INITIALS {
            let swapped = match (spelling.strip_prefix(one), spelling.strip_prefix(other)) {
                (Some(rest), _) => format!("{other}{rest}"),
                (None, Some(rest)) => format!("{one}{rest}"),
                (None, None) => continue,
            };
            forms.push(swapped);
        }
        for form in forms.clone() {
            for (one, other) in FINALS {
                let swapped = match (form.strip_suffix(one), form.strip_suffix(other)) {
                    (Some(rest), _) => format!("{rest}{other}"),
                    (None, Some(rest)) => format!("{rest}{one}"),
                    (None, None) => continue,
                };
                forms.push(swapped);
            }
        }
        let numbers = forms.iter().filter_map(|form| self.of_spelling(form));
        numbers.filter(|one| *one != number).collect()
    }
}

/// A syllable as it is typed: ü is v. None where it is not spelled in letters.
fn typed(syllable: &str) -> Option<String> {
    let typed = syllable.replace('ü', "v");
    typed
        .bytes()
        .all(|b| b.is_ascii_lowercase())
        .then_some(typed)
}
