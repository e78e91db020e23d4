//! The names of a segment by their sound, and how often each occurs.
//!
//! A column of names has a dictionary, sorted by characters: it answers what begins with characters.
//! What begins with syllables (`wxm`, `wangxiaom`) is answered by the same names sorted by sound: a key
//! of packed syllables for each place at which a name may be begun, and the name's place in the
//! dictionary. It is written after the columns of a segment, from each distinct name once, and costs a
//! load little: no posting and no document is touched.

pub mod file;
pub mod plugin;
pub mod query;

/// The extension of the file in a segment.
pub const EXTENSION: &str = "lexicon";

#[cfg(test)]
mod tests;
