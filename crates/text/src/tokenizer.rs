//! The tokenizer behind text fields: overlapping bigrams with positions, and the single characters
//! at their ends.
//!
//! Text is folded to [`crate::normal::search`]'s form and read as *units*: each Han
//! character (ideographs of every plane, radicals, private use) is a unit, each run of other
//! letters and digits is one unit. Units which touch have consecutive numbers; white space,
//! punctuation and signs between two units leave one number out.
//!
//! - Each two Han units which touch are one token, at the number of the first, two positions long.
//! - A Han unit which ends a run of them is a token of its own, and so is one which begins a run
//!   right after a run of letters and digits.
//! - A run of letters and digits is one token.
//!
//! So 3号楼 gives `3`@0 `号`@1 `号楼`@1 `楼`@2. Every Han unit begins a token, so that a single
//! character is found by the beginnings of tokens, and no second field of single characters is
//! needed: that field took as much time to write as the bigrams.
//!
//! tantivy leaves one position out between the values of a field with several, so that no phrase
//! reaches from one into the next.
//!
//! Offsets are byte offsets into the original text, on character boundaries. Where the
//! search form cannot be made character by character (combining marks, ㎡, emoji) every token
//! has the offsets of the whole text.
//!
//! What to ask of fields filled this way is said by [`crate::phrase`].

#[cfg(test)]
mod tests;

use tantivy_tokenizer_api::{Token, TokenStream, Tokenizer};

use crate::units::{Kind, Unit, Units};

/// The version of the tokens; an index holds the version it was written under.
pub const VERSION: u32 = 2;

/// The name under which [`ChineseTokenizer`] is to be registered.
pub const CHINESE: &str = "jiku_chinese";

/// A tokenizer for Chinese and mixed text; see the module for what it gives.
#[derive(Debug, Clone, Default)]
pub struct ChineseTokenizer {
    /// The token lent to the stream; kept to use its buffer again.
    token: Token,
    /// The last run of letters and digits read; kept likewise.
    word: String,
}

impl Tokenizer for ChineseTokenizer {
    type TokenStream<'a> = ChineseTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ChineseTokenStream<'a> {
        self.token.reset();
        let mut units = Units::new(text);
        let ahead = units.next(&mut self.word);
        ChineseTokenStream {
            units,
            ahead,
            pair: None,
            after_word: false,
            word: &mut self.word,
            token: &mut self.token,
        }
    }
}

/// The tokens of one text.
pub struct ChineseTokenStream<'a> {
    units: Units<'a>,
    /// The next unit; if it is a word, `word` holds its text.
    ahead: Option<Unit>,
    /// A unit told alone that also begins a bigram with the unit ahead.
    pair: Option<Unit>,
    /// Was the last unit a word?
    after_word: bool,
    word: &'a mut String,
    token: &'a mut Token,
}

impl ChineseTokenStream<'_> {
    /// Sets the token to `unit`; if that is a word, `word` still holds its text.
    fn set(&mut self, unit: &Unit) {
        self.token.position = unit.position;
        self.token.position_length = 1;
        self.token.offset_from = unit.bytes.start;
        self.token.offset_to = unit.bytes.end;
        self.token.text.clear();
        match unit.kind {
            Kind::Han(c) => self.token.text.push(c),
            Kind::Word => self.token.text.push_str(self.word),
        }
    }

    /// The Han character ahead which touches the unit before it, and where it ends.
    fn touching(&self) -> Option<(char, usize)> {
        match &self.ahead {
            Some(Unit {
                kind: Kind::Han(c),
                joined: true,
                bytes,
                ..
            }) => Some((*c, bytes.end)),
            _ => None,
        }
    }

    /// Lengthens the token by the character ahead.
    fn lengthen(&mut self, (second, end): (char, usize)) {
        self.token.text.push(second);
        self.token.position_length = 2;
        self.token.offset_to = end;
    }
}

impl TokenStream for ChineseTokenStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(first) = self.pair.take() {
            self.set(&first);
            if let Some(second) = self.touching() {
                self.lengthen(second);
            }
            return true;
        }
        let Some(unit) = self.ahead.take() else {
            return false;
        };
        self.set(&unit);
        self.ahead = self.units.next(self.word);
        let is_word = unit.kind == Kind::Word;
        let after_word = std::mem::replace(&mut self.after_word, is_word) && unit.joined;
        if !is_word && let Some(second) = self.touching() {
            if after_word {
                self.pair = Some(unit);
            } else {
                self.lengthen(second);
            }
        }
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
