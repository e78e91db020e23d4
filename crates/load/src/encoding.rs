//! Character encodings of files: detection by streaming, strict decoding, encoding.
//!
//! Order of detection: byte order mark, then strict UTF-8, then GB18030. A file that is UTF-8 but for
//! few lines (at most [`TOLERATED`] in a hundred of those with other than ASCII bytes) is UTF-8, and
//! those lines are row errors: one bad line must not turn all others into nonsense. Nothing is ever
//! decoded to a replacement character.
//!
//! UTF-16 is read where a byte order mark says so. Its text is carried as UTF-8 from the reader
//! ([`utf16`]) to the reject file, where it becomes UTF-16 again.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{DecoderResult, EncoderResult, GB18030};

use utf16::{Order, Utf16Reader};

pub mod utf16;

/// Lines in a hundred (of the lines with other than ASCII bytes) that may fail in a UTF-8 file.
pub const TOLERATED: u64 = 1;

const CHUNK: usize = 1 << 20;
/// The longest incomplete UTF-8 character at the end of a chunk.
const INCOMPLETE: usize = 3;

/// An encoding that files are read and written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// GB18030, of which GBK and GB 2312 are parts.
    Gb18030,
    /// UTF-16, little end first: what Excel calls "Unicode text".
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

/// Bytes that are no text in the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes from offset {offset} are no character of the file's encoding")]
pub struct Undecodable {
    /// Where the first bad character begins, from 0.
    pub offset: usize,
}

/// A character that the encoding lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{character:?} cannot be written in GB18030")]
pub struct Unencodable {
    /// The character.
    pub character: char,
}

/// A file whose encoding is refused.
#[derive(Debug, thiserror::Error)]
pub enum EncodingError {
    /// The bytes of UTF-16, but no byte order mark to say which end comes first.
    #[error(
        "the file looks like UTF-16 without a byte order mark; save it as \"CSV UTF-8\" (文件似为无字节序标记的 UTF-16 编码，请另存为“CSV UTF-8”)"
    )]
    UnmarkedUtf16,
    /// The first bytes of something that is no text.
    #[error("the file is {what}, not text; save it as CSV (文件是 {what}，不是文本，请另存为 CSV)")]
    NotText {
        /// What it is.
        what: &'static str,
    },
    /// The file could not be read.
    #[error("the file cannot be read (无法读取文件): {0}")]
    Io(#[from] io::Error),
}

/// What detection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The encoding.
    pub encoding: TextEncoding,
    /// Bytes of the byte order mark, which are no part of the first header; 0 without one.
    pub byte_order_mark: usize,
    /// Lines with other than ASCII bytes.
    pub non_ascii_lines: u64,
    /// Of these, lines that are not UTF-8.
    pub not_utf8_lines: u64,
}

impl TextEncoding {
    /// The name of the encoding as registered with IANA.
    pub fn name(self) -> &'static str {
        match self {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Gb18030 => "GB18030",
            TextEncoding::Utf16Le => "UTF-16LE",
            TextEncoding::Utf16Be => "UTF-16BE",
        }
    }

    /// The encoding in which the file's text is carried inside: UTF-16 as UTF-8, others as they are.
    pub fn carried(self) -> TextEncoding {
        match self {
            TextEncoding::Gb18030 => TextEncoding::Gb18030,
            TextEncoding::Utf8 | TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
                TextEncoding::Utf8
            }
        }
    }

    /// Carried bytes as they stand in the file.
    pub fn outward(self, carried: &[u8]) -> Cow<'_, [u8]> {
        match self {
            TextEncoding::Utf8 | TextEncoding::Gb18030 => Cow::Borrowed(carried),
            TextEncoding::Utf16Le => Cow::Owned(utf16::encode(carried, Order::Little)),
            TextEncoding::Utf16Be => Cow::Owned(utf16::encode(carried, Order::Big)),
        }
    }

    /// How far into the file's own bytes a place in carried bytes is, where all before it is sound.
    pub fn outward_offset(self, carried: &[u8], offset: usize) -> usize {
        match self {
            TextEncoding::Utf8 | TextEncoding::Gb18030 => offset,
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => self.outward(&carried[..offset]).len(),
        }
    }

    /// The byte order mark in this encoding.
    pub fn byte_order_mark(self) -> &'static [u8] {
        match self {
            TextEncoding::Utf8 => b"\xEF\xBB\xBF",
            TextEncoding::Gb18030 => b"\x84\x31\x95\x33",
            TextEncoding::Utf16Le => b"\xFF\xFE",
            TextEncoding::Utf16Be => b"\xFE\xFF",
        }
    }

    /// The text of some bytes, as they are carried; ASCII and valid UTF-8 are borrowed.
    ///
    /// # Errors
    ///
    /// [`Undecodable`] with the place of the first bad character.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
        match self.carried() {
            TextEncoding::Gb18030 => GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .ok_or_else(|| Undecodable {
                    offset: first_bad_byte(bytes),
                }),
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(error) => Err(Undecodable {
                    offset: error.valid_up_to(),
                }),
            },
        }
    }

    /// The bytes of a text, as they are carried.
    ///
    /// # Errors
    ///
    /// [`Unencodable`] for the one character (U+E5E5) that GB18030 lacks; no GB18030 file decodes to it.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, Unencodable> {
        if self.carried() == TextEncoding::Utf8 || text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let mut encoder = GB18030.new_encoder();
        let mut out = Vec::with_capacity(text.len() * 2);
        let mut rest = text;
        loop {
            out.reserve(rest.len() * 2 + 16);
            let (result, read) =
                encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut out, true);
            match result {
                EncoderResult::InputEmpty => return Ok(Cow::Owned(out)),
                EncoderResult::OutputFull => rest = &rest[read..],
                EncoderResult::Unmappable(character) => return Err(Unencodable { character }),
            }
        }
    }

    /// Whether a byte below 0x80 at `at` is a character of its own and not the second byte of a
    /// GB18030 character. `start` is the beginning of a character.
    pub(crate) fn is_character(self, bytes: &[u8], start: usize, at: usize) -> bool {
        self.carried() == TextEncoding::Utf8 || self.boundary(bytes, start, at) == at
    }

    /// The last boundary between characters at or before `at`, walking from the boundary `start`.
    pub(crate) fn boundary(self, bytes: &[u8], start: usize, at: usize) -> usize {
        let mut place = start;
        loop {
            let next = place + self.character_length(&bytes[place..]);
            if next > at {
                return place;
            }
            place = next;
        }
    }

    /// The place after the character that begins at `place`.
    pub(crate) fn after_character(self, bytes: &[u8], place: usize) -> usize {
        (place + self.character_length(&bytes[place..])).min(bytes.len())
    }

    fn character_length(self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        match self.carried() {
            _ if first < 0x80 => 1,
            TextEncoding::Gb18030 => match bytes.get(1) {
                Some(b'0'..=b'9') => 4,
                Some(0x40..=0xFE) => 2,
                _ => 1,
            },
            _ if first >= 0xF0 => 4,
            _ if first >= 0xE0 => 3,
            _ if first >= 0xC0 => 2,
            _ => 1,
        }
    }
}

fn first_bad_byte(bytes: &[u8]) -> usize {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut out = [0u8; 4096];
    let mut place = 0;
    loop {
        let (result, read, _) =
            decoder.decode_to_utf8_without_replacement(&bytes[place..], &mut out, true);
        place += read;
        match result {
            DecoderResult::OutputFull => {}
            DecoderResult::InputEmpty => return place,
            DecoderResult::Malformed(bad, after) => {
                return place.saturating_sub(usize::from(bad) + usize::from(after));
            }
        }
    }
}

/// Finds the encoding of a file of any size, in bounded memory; the reader is read to its end unless
/// the first bytes decide. A declared encoding wins over everything but the refusals and a byte order
/// mark: the reject file of a workbook has one, whatever the mapping declares.
///
/// # Errors
///
/// [`EncodingError`] for UTF-16 without a mark, for what is no text at all, and for files that cannot
/// be read.
pub fn detect(
    mut reader: impl Read,
    declared: Option<TextEncoding>,
) -> Result<Detection, EncodingError> {
    let mut buffer = Vec::with_capacity(CHUNK);
    fill(&mut reader, &mut buffer)?;
    refuse_what_is_no_text(&buffer)?;
    let marked = mark(&buffer);
    let byte_order_mark = marked.map_or(0, |encoding| encoding.byte_order_mark().len());
    if let Some(encoding) = marked.or(declared) {
        return Ok(Detection {
            encoding,
            byte_order_mark,
            non_ascii_lines: 0,
            not_utf8_lines: 0,
        });
    }
    let mut census = Census::default();
    while !buffer.is_empty() {
        let kept = census.take(&buffer);
        buffer.drain(..kept);
        let before = buffer.len();
        fill(&mut reader, &mut buffer)?;
        if buffer.len() == before {
            census.take_last(&buffer);
            break;
        }
    }
    let tolerable = census.failed * 100 <= census.non_ascii * TOLERATED;
    Ok(Detection {
        encoding: if tolerable {
            TextEncoding::Utf8
        } else {
            TextEncoding::Gb18030
        },
        byte_order_mark: 0,
        non_ascii_lines: census.non_ascii,
        not_utf8_lines: census.failed,
    })
}

fn fill(reader: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<()> {
    let wanted = CHUNK.saturating_sub(buffer.len()) as u64;
    reader.take(wanted).read_to_end(buffer)?;
    Ok(())
}

/// A file's text, without its byte order mark, as it is carried.
pub fn carried<'a>(
    reader: impl Read + Send + 'a,
    encoding: TextEncoding,
) -> Box<dyn Read + Send + 'a> {
    match encoding {
        TextEncoding::Utf8 | TextEncoding::Gb18030 => Box::new(reader),
        TextEncoding::Utf16Le => Box::new(Utf16Reader::new(reader, Order::Little)),
        TextEncoding::Utf16Be => Box::new(Utf16Reader::new(reader, Order::Big)),
    }
}

/// The encoding whose byte order mark stands at the start.
pub fn mark(start: &[u8]) -> Option<TextEncoding> {
    [
        TextEncoding::Utf8,
        TextEncoding::Gb18030,
        TextEncoding::Utf16Le,
        TextEncoding::Utf16Be,
    ]
    .into_iter()
    .find(|encoding| start.starts_with(encoding.byte_order_mark()))
}

/// Refuses what its first bytes show to be something else than text.
pub fn refuse_what_is_no_text(start: &[u8]) -> Result<(), EncodingError> {
    let signatures: [(&[u8], &str); 9] = [
        (b"\xFF\xFE\0\0", "UTF-32"),
        (b"\0\0\xFE\xFF", "UTF-32"),
        (b"PK\x03\x04", "an Excel workbook or ZIP archive"),
        (b"\x1F\x8B", "a gzip file"),
        (b"\xFD7zXZ\0", "an xz file"),
        (
            b"\xD0\xCF\x11\xE0",
            "an old (.xls) or encrypted Excel workbook",
        ),
        (b"%PDF", "a PDF"),
        (b"<html", "an HTML page"),
        (b"<!DOCTYPE html", "an HTML page"),
    ];
    let found = signatures
        .iter()
        .find(|(bytes, _)| start.starts_with(bytes));
    if let Some((_, what)) = found {
        return Err(EncodingError::NotText { what });
    }
    if mark(start).is_some_and(|encoding| encoding.carried() != encoding) {
        return Ok(());
    }
    let mut zeros = [0usize; 2];
    for at in memchr::memchr_iter(0, start) {
        zeros[at % 2] += 1;
    }
    let (fewer, more) = (zeros[0].min(zeros[1]), zeros[0].max(zeros[1]));
    // Digits, commas and line ends make a good part of any table, and half a character of each is zero.
    if more > 3 && more * 40 > start.len() && more > fewer * 4 {
        return Err(EncodingError::UnmarkedUtf16);
    }
    if (fewer + more) * 20 > start.len() {
        let what = "binary data";
        return Err(EncodingError::NotText { what });
    }
    Ok(())
}

/// Counts lines with other than ASCII bytes, and those of them that are not UTF-8.
#[derive(Default)]
struct Census {
    non_ascii: u64,
    failed: u64,
    /// Of the line whose end has not been seen yet.
    line_non_ascii: bool,
    line_failed: bool,
}

impl Census {
    /// Takes whole lines; of a line longer than the buffer, whole characters. Returns how many bytes
    /// were taken.
    fn take(&mut self, buffer: &[u8]) -> usize {
        match memchr::memrchr2(b'\n', b'\r', buffer) {
            Some(last) => {
                self.lines(&buffer[..=last]);
                last + 1
            }
            None if buffer.len() < CHUNK => 0,
            None => {
                let cut = buffer.len() - INCOMPLETE;
                let cut = (cut - INCOMPLETE..=cut)
                    .rev()
                    .find(|place| buffer[*place] & 0xC0 != 0x80)
                    .unwrap_or(cut);
                self.piece(&buffer[..cut]);
                cut
            }
        }
    }

    /// Takes what is left at the end of the file.
    fn take_last(&mut self, buffer: &[u8]) {
        self.piece(buffer);
        self.end_of_line();
    }

    fn lines(&mut self, bytes: &[u8]) {
        if bytes.is_ascii() && !self.line_non_ascii {
            return;
        }
        let mut start = 0;
        for end in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            self.piece(&bytes[start..end]);
            self.end_of_line();
            start = end + 1;
        }
    }

    fn piece(&mut self, bytes: &[u8]) {
        if !bytes.is_ascii() {
            self.line_non_ascii = true;
            self.line_failed |= std::str::from_utf8(bytes).is_err();
        }
    }

    fn end_of_line(&mut self) {
        self.non_ascii += u64::from(std::mem::take(&mut self.line_non_ascii));
        self.failed += u64::from(std::mem::take(&mut self.line_failed));
    }
}

#[cfg(test)]
#[path = "encoding/tests.rs"]
mod tests;
