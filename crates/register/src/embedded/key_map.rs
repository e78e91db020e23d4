//! Maps by the hash of a natural key, which needs no second hashing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by [`index::key_hash`].
pub type KeyMap<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;

/// Takes a hash for what it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
