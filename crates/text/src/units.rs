//! Units: what text is made of for searching. A Han character is a unit; a run of other
//! letters and digits (`27`, `a3`, `école`) is one unit.
//!
//! Units are numbered from 0. Units with nothing between them have consecutive numbers;
//! where white space, punctuation or signs come between, one number is left out, so that no
//! phrase reaches across.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::normal::{self, Fold, Folding};

/// What a unit is. The text of a word is in the buffer of the [`Units`] that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A Han character, in its search form.
    Han(char),
    /// A run of other letters and digits.
    Word,
}

/// One unit of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) kind: Kind,
    /// Its number.
    pub(crate) position: usize,
    /// Does it follow the unit before with nothing between?
    pub(crate) joined: bool,
    /// Byte range in the original text. Where the text holds characters which must be seen
    /// with their neighbours, the range of the whole text.
    pub(crate) bytes: Range<usize>,
}

/// The class of a character of the search form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    Word,
    Break,
}

/// Reads the units of a text, folding it to the search form on the way.
pub(crate) struct Units<'a> {
    folding: &'static Folding,
    /// The text itself, or its search form if that cannot be made character by character.
    text: Cow<'a, str>,
    /// Length of the original text in bytes.
    original: usize,
    /// Byte offset of the next character.
    at: usize,
    /// Number of the next unit, less what a break adds.
    position: usize,
    /// Has there been a unit?
    begun: bool,
}

impl<'a> Units<'a> {
    /// Starts at the beginning of `text`.
    pub(crate) fn new(text: &'a str) -> Units<'a> {
        let folding = Folding::get();
        let original = text.len();
        let text = if folding.composes(text) {
            Cow::Owned(normal::search(text).into_owned())
        } else {
            Cow::Borrowed(text)
        };
        Units {
            folding,
            text,
            original,
            at: 0,
            position: 0,
            begun: false,
        }
    }

    /// The next unit. If it is a word, `word` holds its text afterwards; otherwise `word` is
    /// untouched.
    pub(crate) fn next(&mut self, word: &mut String) -> Option<Unit> {
        let mut broken = false;
        let (first, class, bytes) = loop {
            let (c, bytes) = self.peek()?;
            self.at = bytes.end;
            match c.map(|c| (c, class(c))) {
                None => {}
                Some((_, Class::Break)) => broken = true,
                Some((c, class)) => break (c, class, bytes),
            }
        };
        let joined = self.begun && !broken;
        let position = self.position + usize::from(self.begun && broken);
        self.begun = true;
        self.position = position + 1;
        let mut unit = Unit {
            kind: Kind::Han(first),
            position,
            joined,
            bytes,
        };
        if class == Class::Word {
            unit.kind = Kind::Word;
            word.clear();
            word.push(first);
            unit.bytes.end = self.read_word(word, unit.bytes.end);
        }
        if let Cow::Owned(_) = self.text {
            unit.bytes = 0..self.original;
        }
        Some(unit)
    }

    /// Reads the rest of a word and returns where it ends.
    fn read_word(&mut self, word: &mut String, mut end: usize) -> usize {
        while let Some((c, bytes)) = self.peek() {
            match c {
                None => {}
                Some(c) if class(c) == Class::Word => {
                    word.push(c);
                    end = bytes.end;
                }
                Some(_) => break,
            }
            self.at = bytes.end;
        }
        end
    }

    /// The next character in its search form (a space for white space, `None` for one which
    /// disappears) and its bytes.
    fn peek(&self) -> Option<(Option<char>, Range<usize>)> {
        let c = self.text[self.at..].chars().next()?;
        let folded = match self.folding.fold(c) {
            // What still composes in the search form has been composed.
            Fold::Keep | Fold::Compose => Some(c),
            Fold::To(to) => Some(to),
            Fold::Space => Some(' '),
            Fold::Drop => None,
        };
        Some((folded, self.at..self.at + c.len_utf8()))
    }
}

/// The class of a character of the search form.
fn class(c: char) -> Class {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '0'..='9' | 'a'..='z' => {
            if c.is_ascii() {
                Class::Word
            } else {
                Class::Han
            }
        }
        '\0'..='\u{7F}' => Class::Break,
        _ if is_han(c) => Class::Han,
        _ if c.is_alphanumeric() || is_combining_mark(c) => Class::Word,
        _ => Class::Break,
    }
}

/// Is the character written like a Han character: an ideograph of any block, a radical, a
/// stroke, the signs 々 〇 〡, a description of one, or of the private use areas (where rare
/// characters of names live)?
pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{2E80}'..='\u{2FFF}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{3029}'
        | '\u{3038}'..='\u{303B}'
        | '\u{31C0}'..='\u{31EF}'
        | '\u{E000}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
        | '\u{F0000}'..='\u{10FFFF}')
}
