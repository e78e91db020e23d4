//! The hash of a cell, made once, and maps that take it for what it is.

use xxhash_rust::xxh3::xxh3_64;

/// A map by [`hash`].
pub type ByHash<V> = register::KeyMap<V>;

/// The hash of a text.
pub fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}
