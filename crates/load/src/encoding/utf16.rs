//! UTF-16 as a stream of UTF-8, and back, without loss.
//!
//! Half of a surrogate pair is no character. It is carried as the three bytes that UTF-8 would have for
//! it if it were one (as in WTF-8): strict decoding refuses its row, and the reject file has it again as
//! it was.

use std::io::{self, Read};

/// Which end of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The low byte.
    Little,
    /// The high byte.
    Big,
}

impl Order {
    fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        }
    }

    fn bytes(self, unit: u16) -> [u8; 2] {
        match self {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        }
    }
}

/// Bytes read at a time.
const CHUNK: usize = 64 << 10;

/// A UTF-16 stream, without its byte order mark, read as UTF-8.
pub struct Utf16Reader<R> {
    inner: R,
    order: Order,
    /// Read, but not decoded: half a unit, or a unit that may be half of a pair.
    raw: Vec<u8>,
    /// Decoded; given from `given` on.
    text: Vec<u8>,
    given: usize,
    at_end: bool,
}

impl<R: Read> Utf16Reader<R> {
    /// Reads a stream.
    pub fn new(inner: R, order: Order) -> Utf16Reader<R> {
        Utf16Reader {
            inner,
            order,
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
            at_end: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.at_end {
            let before = self.raw.len();
            (&mut self.inner)
                .take(CHUNK as u64)
                .read_to_end(&mut self.raw)?;
            self.at_end = self.raw.len() - before < CHUNK;
            self.decode()?;
        }
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        let mut units = self
            .raw
            .chunks_exact(2)
            .map(|pair| self.order.unit([pair[0], pair[1]]))
            .peekable();
        let mut done = 0;
        while let Some(unit) = units.next() {
            let is_high = (0xD800..0xDC00).contains(&unit);
            if is_high && units.peek().is_none() && !self.at_end {
                break;
            }
            let low = units
                .next_if(|next| is_high && (0xDC00..0xE000).contains(next))
                .map(|next| {
                    0x10000 + ((u32::from(unit) - 0xD800) << 10) + u32::from(next) - 0xDC00
                });
            done += if low.is_some() { 4 } else { 2 };
            push(&mut self.text, low.unwrap_or(u32::from(unit)));
        }
        self.raw.drain(..done);
        if self.at_end && !self.raw.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the UTF-16 file ends within a character: it was cut off (UTF-16 文件在一个字符中间中断，文件不完整)",
            ));
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let count = out.len().min(self.text.len() - self.given);
        out[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Writes a code point in the form of UTF-8, surrogates too.
fn push(text: &mut Vec<u8>, point: u32) {
    let tail = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
    match point {
        0..0x80 => text.push(point as u8),
        0x80..0x800 => text.extend([0xC0 | (point >> 6) as u8, tail(0)]),
        0x800..0x10000 => text.extend([0xE0 | (point >> 12) as u8, tail(6), tail(0)]),
        _ => text.extend([0xF0 | (point >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// What [`Utf16Reader`] has carried, as UTF-16 again.
pub fn encode(carried: &[u8], order: Order) -> Vec<u8> {
    let mut out = Vec::with_capacity(carried.len() * 2);
    let mut place = 0;
    while let Some(first) = carried.get(place) {
        let (length, bits) = match first {
            0..0x80 => (1, 0x7F),
            0x80..0xE0 => (2, 0x1F),
            0xE0..0xF0 => (3, 0x0F),
            _ => (4, 0x07),
        };
        let rest = carried.get(place + 1..place + length).unwrap_or_default();
        let point = rest.iter().fold(u32::from(first & bits), |point, byte| {
            point << 6 | u32::from(byte & 0x3F)
        });
        if point < 0x10000 {
            out.extend(order.bytes(point as u16));
        } else {
            let above = point - 0x10000;
            out.extend(order.bytes(0xD800 + (above >> 10) as u16));
            out.extend(order.bytes(0xDC00 + (above & 0x3FF) as u16));
        }
        place += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives one byte at a time.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = 1.min(out.len()).min(self.0.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn carried(bytes: &[u8], order: Order) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Utf16Reader::new(Trickle(bytes), order).read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn text_is_text() {
        let text = "编号,姓名\r\n1,\u{20000}𠮷\u{E000}é\n";
        for order in [Order::Little, Order::Big] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| order.bytes(unit))
                .collect();
            assert_eq!(carried(&bytes, order).expect("readable"), text.as_bytes());
            assert_eq!(encode(text.as_bytes(), order), bytes);
        }
    }

    #[test]
    fn pairs_cut_by_the_chunk_are_whole() {
        let text = format!("x{}", "𠮷".repeat(CHUNK));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut out = String::new();
        let mut reader = Utf16Reader::new(&bytes[..], Order::Little);
        reader.read_to_string(&mut out).expect("text");
        assert_eq!(out, text);
    }

    #[test]
    fn a_file_cut_within_a_unit_is_refused() {
        assert!(carried(b"a\0b", Order::Little).is_err());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_comes(units in prop::collection::vec(
            prop_oneof![any::<u16>(), 0xD7F0u16..0xE010], 0..60), big in any::<bool>()) {
            let order = if big { Order::Big } else { Order::Little };
            let bytes: Vec<u8> = units.iter().flat_map(|unit| order.bytes(*unit)).collect();
            let text = carried(&bytes, order).expect("readable");
            prop_assert_eq!(encode(&text, order), bytes);
            prop_assert_eq!(std::str::from_utf8(&text).is_ok(), String::from_utf16(&units).is_ok());
        }
    }
}
