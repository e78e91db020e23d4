//! A guard against decompression bombs: streams are never held, but they must end.

use std::io::{self, Read};

use super::{Counter, InputError};

/// How many bytes may come out for each that went in. Tables of one row repeated reach some 200.
pub const RATIO: u64 = 400;
/// So much may come out of anything.
pub const FLOOR: u64 = 64 << 20;

/// A stream that ends in [`InputError::Bomb`] where too much comes out of too little.
pub struct Bounded<R> {
    inner: R,
    /// Bytes that went in.
    packed: Counter,
    unpacked: u64,
    what: String,
}

impl<R: Read> Bounded<R> {
    /// Guards an unpacked stream whose packed bytes are counted; `what` it is, for the message.
    pub fn new(inner: R, packed: Counter, what: &str) -> Bounded<R> {
        Bounded {
            inner,
            packed,
            unpacked: 0,
            what: what.to_string(),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked += read as u64;
        if self.unpacked > FLOOR && self.unpacked / RATIO > self.packed.bytes() {
            let what = self.what.clone();
            return Err(InputError::Bomb { what }.into());
        }
        Ok(read)
    }
}
