//! The tokenizers behind text fields: overlapping bigrams, or single characters, with
//! positions.
//!
//! Text is folded to [`crate::normal::search`]'s form and read as *units*: each Han
//! character (ideographs of every plane, radicals, private use) is a unit, each run of other
//! letters and digits is one unit. Units which touch have consecutive numbers; white space,
//! punctuation and signs between two units leave one number out.
//!
//! - **Unigram** mode: one token a unit, at its number.
//! - **Bigram** mode: one token for each two Han units which touch, at the number of the
//!   first, two positions long; one token for each Han unit which touches no other; one
//!   token for each run of letters and digits. So 3号楼 gives `3`@0 `号楼`@1.
//!
//! A bigram is two positions long (`position_length`) so that tantivy leaves room between
//! the values of a field with several: no phrase reaches from one into the next.
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
pub const VERSION: u32 = 1;

/// The name under which [`ChineseTokenizer::bigram`] is to be registered.
pub const BIGRAM: &str = "jiku_bigram";

/// The name under which [`ChineseTokenizer::unigram`] is to be registered.
pub const UNIGRAM: &str = "jiku_unigram";

/// How many Han characters a token joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Bigram,
    Unigram,
}

/// A tokenizer for Chinese and mixed text; see the module for what it gives.
#[derive(Debug, Clone)]
pub struct ChineseTokenizer {
    mode: Mode,
    /// The token lent to the stream; kept to use its buffer again.
    token: Token,
    /// The last run of letters and digits read; kept likewise.
    word: String,
}

impl ChineseTokenizer {
    /// The tokenizer to be registered as [`BIGRAM`].
    pub fn bigram() -> ChineseTokenizer {
        ChineseTokenizer::new(Mode::Bigram)
    }

    /// The tokenizer to be registered as [`UNIGRAM`].
    pub fn unigram() -> ChineseTokenizer {
        ChineseTokenizer::new(Mode::Unigram)
    }

    fn new(mode: Mode) -> ChineseTokenizer {
        ChineseTokenizer {
            mode,
            token: Token::default(),
            word: String::new(),
        }
    }
}

impl Tokenizer for ChineseTokenizer {
    type TokenStream<'a> = ChineseTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ChineseTokenStream<'a> {
        self.token.reset();
        let mut units = Units::new(text);
        let ahead = units.next(&mut self.word);
        ChineseTokenStream {
            mode: self.mode,
            units,
            ahead,
            covered: false,
            word: &mut self.word,
            token: &mut self.token,
        }
    }
}

/// The tokens of one text.
pub struct ChineseTokenStream<'a> {
    mode: Mode,
    units: Units<'a>,
    /// The next unit; if it is a word, `word` holds its text.
    ahead: Option<Unit>,
    /// Has the unit ahead been the second one of a bigram?
    covered: bool,
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

    /// Lengthens the token by `second` if that is a Han character which touches it.
    fn lengthen(&mut self, second: Option<&Unit>) -> bool {
        match second {
            Some(Unit {
                kind: Kind::Han(c),
                joined: true,
                bytes,
                ..
            }) => {
                self.token.text.push(*c);
                self.token.position_length = 2;
                self.token.offset_to = bytes.end;
                true
            }
            _ => false,
        }
    }
}

impl TokenStream for ChineseTokenStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(unit) = self.ahead.take() {
            self.set(&unit);
            let next = self.units.next(self.word);
            let is_han = unit.kind != Kind::Word;
            let paired = self.mode == Mode::Bigram && is_han && self.lengthen(next.as_ref());
            let covered = std::mem::replace(&mut self.covered, paired);
            self.ahead = next;
            if paired || !covered {
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
