//! Addresses taken apart: a text, and then numbers with what they number.
//!
//! 学院路27号院3号楼2单元502室 is 学院路, 27 (a site), 3 (a building), 2 (an entrance), 502 (a room).
//! People write 幢 or 栋 for 号楼, 三号 or ３号 for 3号, and leave out 室; [`Part::spellings`] gives what a
//! register may have in place of what was typed.

#[cfg(test)]
mod tests;

use crate::normal;

/// What a number of an address numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A lane: 弄, 巷.
    Lane,
    /// A site on its road: 号, 号院.
    Site,
    /// A building: 号楼, 幢, 栋, 座.
    Building,
    /// An entrance: 单元, 门.
    Entrance,
    /// A floor: 层.
    Floor,
    /// A room: 室, 户, 房.
    Room,
    /// Nobody said: 3-2-502.
    Unsaid,
}

/// The words for each kind, the longer before the shorter.
const WORDS: [(&str, Kind); 21] = [
    ("号院", Kind::Site),
    ("号大院", Kind::Site),
    ("号商务楼", Kind::Building),
    ("号楼", Kind::Building),
    ("号房", Kind::Room),
    ("号室", Kind::Room),
    ("单元", Kind::Entrance),
    ("门栋", Kind::Building),
    ("弄", Kind::Lane),
    ("支弄", Kind::Lane),
    ("巷", Kind::Lane),
    ("号", Kind::Site),
    ("幢", Kind::Building),
    ("栋", Kind::Building),
    ("座", Kind::Building),
    ("楼", Kind::Building),
    ("门", Kind::Entrance),
    ("层", Kind::Floor),
    ("室", Kind::Room),
    ("户", Kind::Room),
    ("房", Kind::Room),
];

/// A number of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The number in digits and letters, as compared: `3`, `12`, `a`, `502`.
    pub number: String,
    /// The number as it was written.
    pub written: String,
    /// What it numbers.
    pub kind: Kind,
}

/// An address, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// What stands before the first number: divisions, road, neighbourhood.
    pub text: String,
    /// The numbers, in order.
    pub parts: Vec<Part>,
    /// What stands after the last number.
    pub rest: String,
}

impl Part {
    /// The phrases that a register may have for this part: any of them will do.
    pub fn spellings(&self) -> Vec<String> {
        let words: &[&str] = match self.kind {
            Kind::Lane => &["弄", "巷"],
            Kind::Site => &["号"],
            Kind::Building => &["号楼", "幢", "栋", "座", "楼", "号商务楼"],
            Kind::Entrance => &["单元", "门"],
            Kind::Floor => &["层"],
            Kind::Room => &["室", "户", "号", "房"],
            Kind::Unsaid => &[""],
        };
        let mut numbers = vec![self.number.clone()];
        if let Some(chinese) = chinese(&self.number) {
            // A number alone in characters is a word of any text.
            if self.kind != Kind::Unsaid {
                numbers.push(chinese);
            }
        }
        let all = numbers
            .iter()
            .flat_map(|number| words.iter().map(move |word| format!("{number}{word}")));
        all.collect()
    }

    /// Whether a part of an address in a register is this one. What nobody said is any kind; a site
    /// may be a room where sites are rooms (of a village), and the other way round.
    pub fn is(&self, other: &Part) -> bool {
        let alike = |one: Kind, other: Kind| {
            one == other
                || matches!(
                    (one, other),
                    (Kind::Room, Kind::Site) | (Kind::Site, Kind::Room)
                )
        };
        self.number == other.number
            && (self.kind == Kind::Unsaid
                || other.kind == Kind::Unsaid
                || alike(self.kind, other.kind))
    }
}

impl Address {
    /// Takes a text apart; it need not be in search form.
    pub fn read(text: &str) -> Address {
        let text = normal::search(text);
        let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut address = Address::default();
        let mut loose = String::new();
        let mut at = 0;
        while at < characters.len() {
            match part(&characters, at, &address) {
                Some((part, length)) => {
                    if address.parts.is_empty() {
                        address.text = std::mem::take(&mut loose);
                    } else if !loose.chars().any(crate::name::counts) {
                        loose.clear();
                    } else {
                        // 3号楼东侧502: what stands between belongs to the text.
                        address.text.push_str(&std::mem::take(&mut loose));
                    }
                    address.parts.push(part);
                    at += length;
                }
                None => {
                    loose.push(characters[at]);
                    at += 1;
                }
            }
        }
        if address.parts.is_empty() {
            address.text = loose;
        } else {
            address.rest = loose.trim_matches(|c| !crate::name::counts(c)).to_string();
        }
        address
    }

    /// Whether all numbers of this address stand in another one, in this order.
    pub fn is_in(&self, other: &Address) -> bool {
        let mut left = other.parts.iter();
        self.parts
            .iter()
            .all(|part| left.any(|candidate| part.is(candidate)))
    }
}

/// The part that begins at a place, and how many characters it has.
fn part(characters: &[char], at: usize, address: &Address) -> Option<(Part, usize)> {
    let rest = &characters[at..];
    let before = at.checked_sub(1).and_then(|before| characters.get(before));
    let is_digit = |c: &char| c.is_ascii_digit();
    let digits = rest.iter().take_while(|c| is_digit(c)).count();
    if digits > 0 {
        let letters = rest[digits..]
            .iter()
            .take_while(|c| c.is_ascii_lowercase())
            .count();
        let written: String = rest[..digits + letters].iter().collect();
        let (kind, word) = kind_of(&rest[digits + letters..]);
        // A number with no word after it is a part only beside other parts: 3-2-502, 27号502.
        let is_said = kind != Kind::Unsaid || !address.parts.is_empty() || before == Some(&'-');
        let joined = rest.get(digits + letters) == Some(&'-');
        let at_end = rest.len() == digits + letters && at > 0;
        if !(is_said || joined || at_end) {
            return None;
        }
        let number = written.trim_start_matches('0').to_string();
        return Some((
            Part {
                number,
                written,
                kind,
            },
            digits + letters + word,
        ));
    }
    let numerals = rest.iter().take_while(|c| is_numeral(**c)).count();
    if numerals > 0 {
        let written: String = rest[..numerals].iter().collect();
        let (kind, word) = kind_of(&rest[numerals..]);
        // 三里屯, 八角: numerals are a number only before a word; 三巷 may be a road's name.
        if matches!(kind, Kind::Unsaid | Kind::Lane) {
            return None;
        }
        let number = value(&written)?.to_string();
        return Some((
            Part {
                number,
                written,
                kind,
            },
            numerals + word,
        ));
    }
    let letter = rest.first().filter(|c| c.is_ascii_lowercase())?;
    let stands_alone = before.is_none_or(|before| !before.is_ascii_alphanumeric());
    let (kind, word) = kind_of(&rest[1..]);
    (stands_alone && kind == Kind::Building).then(|| {
        let number = letter.to_string();
        let written = number.clone();
        (
            Part {
                number,
                written,
                kind,
            },
            1 + word,
        )
    })
}

/// What the word at the beginning of some characters says, and its length.
fn kind_of(characters: &[char]) -> (Kind, usize) {
    let starts = |word: &str| {
        let length = word.chars().count();
        let same =
            characters.len() >= length && word.chars().eq(characters[..length].iter().copied());
        same.then_some(length)
    };
    let mut best = (Kind::Unsaid, 0);
    for (word, kind) in WORDS {
        if let Some(length) = starts(word)
            && length > best.1
        {
            best = (kind, length);
        }
    }
    best
}

const DIGITS: &str = "〇一二三四五六七八九";

fn is_numeral(c: char) -> bool {
    DIGITS.contains(c) || matches!(c, '十' | '百' | '两' | '零')
}

/// The value of a number in Chinese numerals below 1,000, or digit by digit: 二十七, 一〇二.
pub fn value(numerals: &str) -> Option<u32> {
    let digit = |c: char| match c {
        '两' => Some(2),
        '零' => Some(0),
        c => DIGITS
            .chars()
            .position(|one| one == c)
            .map(|place| place as u32),
    };
    if !numerals.contains(['十', '百']) {
        let mut number = 0u32;
        for c in numerals.chars() {
            number = number.checked_mul(10)?.checked_add(digit(c)?)?;
        }
        return (!numerals.is_empty()).then_some(number);
    }
    let (mut total, mut last) = (0, None);
    for c in numerals.chars() {
        match c {
            '百' => total += last.take().unwrap_or(1) * 100,
            '十' => total += last.take().unwrap_or(1) * 10,
            c => last = Some(digit(c)?),
        }
    }
    Some(total + last.unwrap_or(0))
}

/// A number below 100 in Chinese numerals: 27 is 二十七.
pub fn chinese(digits: &str) -> Option<String> {
    let number: usize = digits
        .parse()
        .ok()
        .filter(|number| (1..100).contains(number))?;
    let digit = |place: usize| DIGITS.chars().nth(place);
    let mut out = String::new();
    if number >= 20 {
        out.push(digit(number / 10)?);
    }
    if number >= 10 {
        out.push('十');
    }
    if !number.is_multiple_of(10) {
        out.push(digit(number % 10)?);
    }
    Some(out)
}
