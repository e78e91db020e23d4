//! Chinese text: how it is stored, how it is searched, and how it is read aloud.
//!
//! - [`normal`]: the two normal forms. [`normal::display`] is what is stored,
//!   [`normal::search`] is what is indexed and searched.
//! - [`tokenizer`]: [`tokenizer::ChineseTokenizer`] cuts text into bigrams with
//!   positions; this crate is the only place for tantivy's tokenizer API.
//! - [`phrase`]: [`phrase::phrases`] turns what a user typed into phrases over the fields
//!   which those tokenizers fill, so that a phrase is found exactly where it stands.
//! - [`sound`]: names as keys that sort by sound, and what is asked of them: pinyin, initials, mixed.
//! - [`name`], [`address`]: names and addresses taken apart, as people say them.
//! - [`similar`]: characters that look alike.
//! - [`variant`]: in what two spellings of one text differ.
//! - [`matching`]: how well a text is what was asked for, and where.
//! - [`pinyin`]: readings of names without tones, with the readings surnames have.
//!
//! There is no I/O here. The data (character tables, readings) is compiled in; the heads of
//! the files in `data/` name their sources and licences.

pub mod address;
pub mod matching;
pub mod name;
pub mod normal;
pub mod phrase;
pub mod pinyin;
pub mod similar;
pub mod sound;
pub mod tokenizer;
pub mod variant;

mod units;

/// One number for everything this crate puts into an index: it changes when any of
/// [`normal::VERSION`], [`tokenizer::VERSION`] and [`pinyin::VERSION`] does. An index which
/// was written under another number must be rebuilt.
pub const VERSION: u32 = normal::VERSION * 10_000 + tokenizer::VERSION * 100 + pinyin::VERSION;
