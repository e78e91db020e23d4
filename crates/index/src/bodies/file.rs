//! The file.
//!
//! Blocks, one after the other, each a zstd frame (RFC 8878) of [`BLOCK`] documents; then the
//! dictionary, as it is; then the end of each block as little-endian `u64`; then, `u64` each, how many
//! bytes the dictionary has, and how many documents there are. Inside a block, a document is three parts (body, statements,
//! shape), each its length as little-endian `u32` and its bytes.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use zstd_safe::{CCtx, CDict, DCtx, DDict};

/// Documents in a block.
const BLOCK: usize = 4;
/// One of zstd's quick levels: a fifth larger than at level 1, in half the time, which was a tenth of
/// a load's.
const LEVEL: i32 = -4;
/// The dictionary is as much of the first records.
const DICTIONARY_BYTES: usize = 16 << 10;
const PARTS: usize = 3;

/// What is stored of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// The record as it is answered.
    pub body: &'a [u8],
    /// Where its statements stand in the ledger.
    pub statements: &'a [u8],
    /// Its geometry as well-known binary where that is no point; else empty.
    pub shape: &'a [u8],
}

/// Writes a file, document by document.
pub struct FileWriter<W: Write> {
    out: W,
    written: u64,
    ends: Vec<u64>,
    documents: u64,
    /// Documents of the block begun, unpacked; before there is a dictionary, whole blocks.
    raw: Vec<u8>,
    /// Where the blocks in `raw` end.
    waiting: Vec<usize>,
    in_block: usize,
    dictionary: Option<(Vec<u8>, CDict<'static>)>,
    context: CCtx<'static>,
    packed: Vec<u8>,
}

impl<W: Write> FileWriter<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> io::Result<FileWriter<W>> {
        let context = CCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(FileWriter {
            out,
            written: 0,
            ends: Vec::new(),
            documents: 0,
            raw: Vec::new(),
            waiting: Vec::new(),
            in_block: 0,
            dictionary: None,
            context,
            packed: Vec::new(),
        })
    }

    /// Adds the next document.
    pub fn push(&mut self, record: Record) -> io::Result<()> {
        for part in [record.body, record.statements, record.shape] {
            let length = u32::try_from(part.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
            self.raw.extend_from_slice(&length.to_le_bytes());
            self.raw.extend_from_slice(part);
        }
        self.documents += 1;
        self.in_block += 1;
        if self.in_block == BLOCK {
            self.close_block()?;
        }
        Ok(())
    }

    /// Bytes held in memory.
    pub fn memory(&self) -> usize {
        self.raw.capacity() + self.ends.capacity() * 8
    }

    fn close_block(&mut self) -> io::Result<()> {
        self.in_block = 0;
        self.waiting.push(self.raw.len());
        if self.dictionary.is_none() && self.raw.len() < DICTIONARY_BYTES {
            return Ok(());
        }
        self.pack_waiting()
    }

    fn pack_waiting(&mut self) -> io::Result<()> {
        let dictionary = match &self.dictionary {
            Some((_, dictionary)) => dictionary,
            None => {
                // A segment of a few records needs none.
                let full = self.raw.len() >= DICTIONARY_BYTES;
                let bytes = self.raw[..if full { DICTIONARY_BYTES } else { 0 }].to_vec();
                let dictionary = CDict::try_create(&bytes, LEVEL);
                let dictionary = dictionary.ok_or(io::ErrorKind::OutOfMemory)?;
                &self.dictionary.insert((bytes, dictionary)).1
            }
        };
        let mut from = 0;
        for end in self.waiting.drain(..) {
            let block = &self.raw[from..end];
            self.packed.clear();
            self.packed.reserve(zstd_safe::compress_bound(block.len()));
            self.context
                .compress_using_cdict(&mut self.packed, block, dictionary)
                .map_err(failed)?;
            self.out.write_all(&self.packed)?;
            self.written += self.packed.len() as u64;
            self.ends.push(self.written);
            from = end;
        }
        self.raw.clear();
        Ok(())
    }

    /// Writes what is left, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        if self.in_block > 0 {
            self.waiting.push(self.raw.len());
        }
        self.pack_waiting()?;
        let dictionary = self.dictionary.map_or_else(Vec::new, |(bytes, _)| bytes);
        self.out.write_all(&dictionary)?;
        for end in &self.ends {
            self.out.write_all(&end.to_le_bytes())?;
        }
        self.out
            .write_all(&(dictionary.len() as u64).to_le_bytes())?;
        self.out.write_all(&self.documents.to_le_bytes())?;
        Ok(self.out)
    }
}

fn failed(code: usize) -> io::Error {
    io::Error::other(zstd_safe::get_error_name(code))
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("a segment's stored records are damaged: {what}"),
    )
}

/// An open file.
pub struct Bodies {
    blocks: OwnedBytes,
    ends: OwnedBytes,
    dictionary: DDict<'static>,
    documents: u64,
    /// Tells this file from all others that the process has opened.
    identity: u64,
}

/// What a thread keeps between two reads: its decompressor, and the block it read last.
struct Reader {
    context: DCtx<'static>,
    block: (u64, u64),
    raw: Vec<u8>,
}

thread_local! {
    static READER: RefCell<Option<Reader>> = const { RefCell::new(None) };
}

static OPENED: AtomicU64 = AtomicU64::new(1);

impl Bodies {
    /// Opens a file.
    pub fn open(file: OwnedBytes) -> io::Result<Bodies> {
        let short = || damaged("cut short");
        let split = |bytes: OwnedBytes, tail: u64| {
            let at = (bytes.len() as u64).checked_sub(tail).ok_or_else(short)?;
            io::Result::Ok(bytes.split(at as usize))
        };
        let (rest, tail) = split(file, 16)?;
        let (size, documents) = (number(&tail, 0), number(&tail, 1));
        let (Some(size), Some(documents)) = (size, documents) else {
            return Err(short());
        };
        let blocks = documents.div_ceil(BLOCK as u64);
        let (rest, ends) = split(rest, blocks.checked_mul(8).ok_or_else(short)?)?;
        let (blocks, dictionary) = split(rest, size)?;
        let dictionary = DDict::try_create(dictionary.as_slice());
        Ok(Bodies {
            blocks,
            ends,
            dictionary: dictionary.ok_or(io::ErrorKind::OutOfMemory)?,
            documents,
            identity: OPENED.fetch_add(1, Ordering::Relaxed),
        })
    }

    /// Calls `read` with what is stored of a document.
    pub fn with<T>(&self, document: DocId, read: impl FnOnce(Record) -> T) -> io::Result<T> {
        READER.with_borrow_mut(|reader| {
            let reader = match reader {
                Some(reader) => reader,
                none => none.insert(Reader {
                    context: DCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?,
                    block: (0, 0),
                    raw: Vec::new(),
                }),
            };
            if u64::from(document) >= self.documents {
                return Err(damaged("a document is missing"));
            }
            let block = u64::from(document) / BLOCK as u64;
            if reader.block != (self.identity, block) {
                // Until the block is whole, none is held.
                reader.block = (0, 0);
                self.unpack(block, reader)?;
                reader.block = (self.identity, block);
            }
            let record = record(&reader.raw, document as usize % BLOCK);
            Ok(read(
                record.ok_or_else(|| damaged("a document is missing"))?,
            ))
        })
    }

    fn unpack(&self, block: u64, reader: &mut Reader) -> io::Result<()> {
        let missing = || damaged("a block is missing");
        let end = number(&self.ends, block as usize).ok_or_else(missing)?;
        let start = match block {
            0 => 0,
            _ => number(&self.ends, block as usize - 1).ok_or_else(missing)?,
        };
        let packed = self.blocks.as_slice().get(start as usize..end as usize);
        let packed = packed.ok_or_else(missing)?;
        let size = zstd_safe::get_frame_content_size(packed);
        let size = size.ok().flatten().ok_or_else(|| damaged("no size"))?;
        reader.raw.clear();
        reader.raw.reserve(size as usize);
        reader
            .context
            .decompress_using_ddict(&mut reader.raw, packed, &self.dictionary)
            .map_err(failed)?;
        Ok(())
    }
}

fn number(bytes: &OwnedBytes, place: usize) -> Option<u64> {
    let bytes = bytes.as_slice().get(place * 8..place * 8 + 8)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// The document at a place of an unpacked block.
fn record(mut raw: &[u8], place: usize) -> Option<Record<'_>> {
    let mut part = || {
        let (length, rest) = raw.split_first_chunk::<4>()?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        raw = rest;
        Some(bytes)
    };
    for _ in 0..place * PARTS {
        part()?;
    }
    Some(Record {
        body: part()?,
        statements: part()?,
        shape: part()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bodies: &[String]) -> OwnedBytes {
        let mut writer = FileWriter::new(Vec::new()).expect("a writer");
        for body in bodies {
            let record = Record {
                body: body.as_bytes(),
                statements: b"s",
                shape: &body.as_bytes()[..body.len() / 3],
            };
            writer.push(record).expect("a record");
        }
        OwnedBytes::new(writer.finish().expect("a file"))
    }

    #[test]
    fn records_come_back_in_any_order() {
        for count in [1, 3, 4, 5, 400, 1_001] {
            let bodies: Vec<String> = (0..count)
                .map(|number| {
                    format!(
                        "{{\"name\":\"{number}\",\"long\":\"{}\"}}",
                        "x".repeat(number % 97)
                    )
                })
                .collect();
            let file = Bodies::open(written(&bodies)).expect("a file");
            for step in [1, 7] {
                for at in (0..count).map(|at| at * step % count).rev() {
                    let body = bodies[at].as_bytes();
                    let same = |record: Record| {
                        (record.body, record.statements, record.shape)
                            == (body, b"s".as_slice(), &body[..body.len() / 3])
                    };
                    assert!(
                        file.with(at as DocId, same).expect("a record"),
                        "{at} of {count}"
                    );
                }
            }
            assert!(file.with(count as DocId, |_| ()).is_err());
        }
    }

    #[test]
    fn two_files_are_not_taken_for_one_another() {
        let files =
            ["one", "two"].map(|body| Bodies::open(written(&[body.to_string()])).expect("a file"));
        for _ in 0..3 {
            for (file, body) in files.iter().zip(["one", "two"]) {
                let read = file.with(0, |record| record.body.to_vec());
                assert_eq!(read.expect("a record"), body.as_bytes());
            }
        }
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let whole = written(&["a body".to_string()]);
        for length in 0..whole.len() {
            let cut = OwnedBytes::new(whole.as_slice()[..length].to_vec());
            let read =
                Bodies::open(cut).and_then(|file| file.with(0, |record| record.body.to_vec()));
            assert!(read.map_or(true, |body| body != b"a body"), "{length}");
        }
    }
}
