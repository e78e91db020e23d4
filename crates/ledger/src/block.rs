//! Blocks: their header, compression, hash and stored form (see the crate's documentation).

use std::cell::RefCell;

use crate::error::LedgerError;
use crate::fault::Fault;
use crate::hash::Hash;

/// The most bytes of a payload, of a block (before compression) or of a journal entry: 32 MiB.
///
/// Blocks of about 64 KB are the intended size; the limit leaves room for one very large statement.
pub const MAXIMUM_PAYLOAD: usize = 32 << 20;

/// The zstd level of [`pack`] and the default of a ledger.
pub(crate) const DEFAULT_LEVEL: i32 = 1;

const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"jiku ledger block 1";
/// Version, kind, count, payload length.
const FIXED: usize = 10;
const PREVIOUS_END: usize = FIXED + Hash::LENGTH;
const OWN_END: usize = PREVIOUS_END + Hash::LENGTH;

/// What the layer above says of a block; the ledger keeps it and gives it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockHeader {
    /// What the payload is, and in which version it is encoded.
    pub kind: u8,
    /// The number of things in the payload.
    pub count: u32,
}

/// A published block, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its place in its log, from 0.
    pub sequence: u64,
    /// What the layer above said of it.
    pub header: BlockHeader,
    /// The payload as it was appended.
    pub payload: Vec<u8>,
    /// The hash of the block before it; [`Hash::ORIGIN`] for the first.
    pub previous: Hash,
    /// Its own hash.
    pub hash: Hash,
}

/// A block compressed and ready to be chained: made on any thread, appended by one.
#[derive(Debug, Clone)]
pub struct Packed {
    header: BlockHeader,
    payload_length: u32,
    compressed: Vec<u8>,
}

impl Packed {
    /// What the layer above said of it.
    pub fn header(&self) -> BlockHeader {
        self.header
    }

    /// The bytes of the payload before compression.
    pub fn payload_length(&self) -> usize {
        self.payload_length as usize
    }

    /// The bytes after compression.
    pub fn compressed_length(&self) -> usize {
        self.compressed.len()
    }

    /// The stored bytes and the hash of this block at a place in a log.
    pub(crate) fn chain(&self, log: &str, sequence: u64, previous: Hash) -> (Vec<u8>, Hash) {
        let mut bytes = Vec::with_capacity(OWN_END + self.compressed.len());
        bytes.push(VERSION);
        bytes.push(self.header.kind);
        bytes.extend_from_slice(&self.header.count.to_be_bytes());
        bytes.extend_from_slice(&self.payload_length.to_be_bytes());
        let hash = own_hash(log, sequence, previous, &bytes, &self.compressed);
        bytes.extend_from_slice(previous.as_bytes());
        bytes.extend_from_slice(hash.as_bytes());
        bytes.extend_from_slice(&self.compressed);
        (bytes, hash)
    }
}

/// Compresses blocks, reusing its working memory. One a thread.
pub struct Packer {
    compressor: zstd::bulk::Compressor<'static>,
}

impl Packer {
    /// A packer at a zstd level; 1 is what the ledger's figures were measured at.
    ///
    /// # Errors
    /// `Compression` where zstd has no such level.
    pub fn new(level: i32) -> Result<Packer, LedgerError> {
        let compressor = zstd::bulk::Compressor::new(level).map_err(LedgerError::Compression)?;
        Ok(Packer { compressor })
    }

    /// Compresses one payload.
    ///
    /// # Errors
    /// `TooLarge` above [`MAXIMUM_PAYLOAD`]; `Compression` where zstd fails.
    pub fn pack(&mut self, header: BlockHeader, payload: &[u8]) -> Result<Packed, LedgerError> {
        let payload_length = checked_length(payload)?;
        let compressed = self
            .compressor
            .compress(payload)
            .map_err(LedgerError::Compression)?;
        Ok(Packed {
            header,
            payload_length,
            compressed,
        })
    }
}

/// Compresses one payload at level 1. Threads that pack many keep a [`Packer`].
///
/// # Errors
/// As [`Packer::pack`].
pub fn pack(header: BlockHeader, payload: &[u8]) -> Result<Packed, LedgerError> {
    Packer::new(DEFAULT_LEVEL)?.pack(header, payload)
}

/// The length of a payload, if it is within the limit.
pub(crate) fn checked_length(payload: &[u8]) -> Result<u32, LedgerError> {
    let too_large = LedgerError::TooLarge {
        length: payload.len(),
        limit: MAXIMUM_PAYLOAD,
    };
    if payload.len() > MAXIMUM_PAYLOAD {
        return Err(too_large);
    }
    u32::try_from(payload.len()).map_err(|_| too_large)
}

/// Reads and checks the stored bytes of the block at a place in a log: layout, hash, payload. The
/// link to the block before is the caller's to compare.
pub(crate) fn decode(log: &str, sequence: u64, bytes: &[u8]) -> Result<Block, Fault> {
    let malformed = Fault::Malformed {
        length: bytes.len(),
    };
    match bytes.first() {
        None => return Err(malformed),
        Some(&VERSION) => {}
        Some(&other) => return Err(Fault::UnknownVersion(other)),
    }
    let (Some((fixed, rest)), true) = (bytes.split_first_chunk::<FIXED>(), bytes.len() >= OWN_END)
    else {
        return Err(malformed);
    };
    let previous = hash_at(rest, 0);
    let hash = hash_at(rest, Hash::LENGTH);
    let compressed = &bytes[OWN_END..];
    if own_hash(log, sequence, previous, fixed, compressed) != hash {
        return Err(Fault::Checksum);
    }
    let [_, kind, c0, c1, c2, c3, l0, l1, l2, l3] = *fixed;
    let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
    if length > MAXIMUM_PAYLOAD {
        return Err(Fault::Undecodable(format!("{length} bytes declared")));
    }
    let payload =
        decompress(compressed, length).map_err(|error| Fault::Undecodable(error.to_string()))?;
    if payload.len() != length {
        let found = payload.len();
        return Err(Fault::Undecodable(format!(
            "{found} bytes where {length} were declared"
        )));
    }
    Ok(Block {
        sequence,
        header: BlockHeader {
            kind,
            count: u32::from_be_bytes([c0, c1, c2, c3]),
        },
        payload,
        previous,
        hash,
    })
}

thread_local! {
    /// zstd's room for decompression, 150 KB: making it anew takes longer than a block of 3 KB.
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

fn decompress(compressed: &[u8], length: usize) -> std::io::Result<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|held| {
        let decompressor = match held {
            Some(decompressor) => decompressor,
            none => none.insert(zstd::bulk::Decompressor::new()?),
        };
        decompressor.decompress(compressed, length)
    })
}

/// The hash of a block from its parts; `fixed` is its first ten bytes.
fn own_hash(log: &str, sequence: u64, previous: Hash, fixed: &[u8], compressed: &[u8]) -> Hash {
    // Names are at most 100 bytes.
    let name_length = (log.len() as u16).to_be_bytes();
    Hash::of(&[
        DOMAIN,
        previous.as_bytes(),
        &name_length,
        log.as_bytes(),
        &sequence.to_be_bytes(),
        fixed,
        compressed,
    ])
}

/// The hash at an offset; the caller has checked the length.
fn hash_at(bytes: &[u8], offset: usize) -> Hash {
    let mut hash = [0; Hash::LENGTH];
    hash.copy_from_slice(&bytes[offset..offset + Hash::LENGTH]);
    Hash::from_bytes(hash)
}
