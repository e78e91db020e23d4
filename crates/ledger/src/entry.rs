//! Journal entries: what they say and their stored form (see the crate's documentation).

use crate::error::LedgerError;
use crate::fault::Fault;
use crate::hash::Hash;

const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"jiku ledger entry 1";
/// Version, number, instant, previous hash: what the own hash covers before itself.
const HASHED_START: usize = 49;
const OWN_END: usize = HASHED_START + Hash::LENGTH;

/// The blocks that an entry made visible in one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The log.
    pub log: String,
    /// The sequence of the first block.
    pub first: u64,
    /// The sequence of the last block, inclusive.
    pub last: u64,
    /// The hash of the last block.
    pub head: Hash,
}

/// The end of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The log.
    pub log: String,
    /// Its number of blocks: the sequence of the next one.
    pub length: u64,
    /// The hash of its last block.
    pub hash: Hash,
}

/// What the caller says of an entry to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewEntry {
    /// Opaque to the ledger: for example the load, as JSON. At most
    /// [`MAXIMUM_PAYLOAD`](crate::MAXIMUM_PAYLOAD).
    pub payload: Vec<u8>,
    /// Now, in microseconds since 1970-01-01T00:00:00Z. Where it is not later than the previous
    /// entry's (the clock stepped back) the entry gets the previous one's plus one.
    pub instant_micros: i64,
}

/// One published journal entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When it was published, in microseconds since 1970-01-01T00:00:00Z; later than that of every
    /// entry before it.
    pub instant_micros: i64,
    /// The blocks it made visible, sorted by log; none for an operation that is all in the payload.
    pub ranges: Vec<Range>,
    /// The end of every log as of this entry, sorted by log.
    pub heads: Vec<Head>,
    /// As given to publish.
    pub payload: Vec<u8>,
    /// The hash of the entry before it; [`Hash::ORIGIN`] for the first.
    pub previous: Hash,
    /// Its own hash.
    pub hash: Hash,
}

impl Entry {
    /// The number of blocks a log had as of this entry; 0 for a log that did not exist.
    pub fn length(&self, log: &str) -> u64 {
        let head = self.heads.iter().find(|head| head.log == log);
        head.map_or(0, |head| head.length)
    }

    /// Sets the own hash and gives the stored bytes.
    pub(crate) fn seal(&mut self) -> Result<Vec<u8>, LedgerError> {
        let mut bytes = Vec::with_capacity(256 + self.payload.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes.extend_from_slice(&self.instant_micros.to_be_bytes());
        bytes.extend_from_slice(self.previous.as_bytes());
        bytes.extend_from_slice(Hash::ORIGIN.as_bytes());
        put_count(&mut bytes, self.ranges.len())?;
        for range in &self.ranges {
            put_name(&mut bytes, &range.log)?;
            bytes.extend_from_slice(&range.first.to_be_bytes());
            bytes.extend_from_slice(&range.last.to_be_bytes());
            bytes.extend_from_slice(range.head.as_bytes());
        }
        put_count(&mut bytes, self.heads.len())?;
        for head in &self.heads {
            put_name(&mut bytes, &head.log)?;
            bytes.extend_from_slice(&head.length.to_be_bytes());
            bytes.extend_from_slice(head.hash.as_bytes());
        }
        let length = crate::block::checked_length(&self.payload)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&self.payload);
        self.hash = own_hash(&bytes);
        bytes[HASHED_START..OWN_END].copy_from_slice(self.hash.as_bytes());
        Ok(bytes)
    }

    /// Reads and checks the stored bytes of the entry stored under `number`: layout, hash, number.
    /// The link to the entry before is the caller's to compare.
    pub(crate) fn decode(number: u64, bytes: &[u8]) -> Result<Entry, Fault> {
        let malformed = Fault::Malformed {
            length: bytes.len(),
        };
        match bytes.first() {
            None => return Err(malformed),
            Some(&VERSION) => {}
            Some(&other) => return Err(Fault::UnknownVersion(other)),
        }
        if bytes.len() < OWN_END {
            return Err(malformed);
        }
        if bytes[HASHED_START..OWN_END] != *own_hash(bytes).as_bytes() {
            return Err(Fault::Checksum);
        }
        let entry = Reader { rest: &bytes[1..] }.entry().ok_or(malformed)?;
        if entry.number != number {
            return Err(Fault::WrongNumber {
                found: entry.number,
            });
        }
        Ok(entry)
    }
}

/// The hash over all of an entry's bytes but the hash itself; there are at least `OWN_END` bytes.
fn own_hash(bytes: &[u8]) -> Hash {
    Hash::of(&[DOMAIN, &bytes[..HASHED_START], &bytes[OWN_END..]])
}

/// Appends a count of at most 65,535.
fn put_count(bytes: &mut Vec<u8>, count: usize) -> Result<(), LedgerError> {
    let count = u16::try_from(count).map_err(|_| LedgerError::TooLarge {
        length: count,
        limit: usize::from(u16::MAX),
    })?;
    bytes.extend_from_slice(&count.to_be_bytes());
    Ok(())
}

/// Appends a name with its length.
fn put_name(bytes: &mut Vec<u8>, name: &str) -> Result<(), LedgerError> {
    put_count(bytes, name.len())?;
    bytes.extend_from_slice(name.as_bytes());
    Ok(())
}

/// Takes an entry's fields from the front of its bytes; `None` where they end too early.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn entry(mut self) -> Option<Entry> {
        let number = u64::from_be_bytes(self.take()?);
        let instant_micros = i64::from_be_bytes(self.take()?);
        let previous = Hash::from_bytes(self.take()?);
        let hash = Hash::from_bytes(self.take()?);
        let mut ranges = Vec::new();
        for _ in 0..u16::from_be_bytes(self.take()?) {
            ranges.push(Range {
                log: self.name()?,
                first: u64::from_be_bytes(self.take()?),
                last: u64::from_be_bytes(self.take()?),
                head: Hash::from_bytes(self.take()?),
            });
        }
        let mut heads = Vec::new();
        for _ in 0..u16::from_be_bytes(self.take()?) {
            heads.push(Head {
                log: self.name()?,
                length: u64::from_be_bytes(self.take()?),
                hash: Hash::from_bytes(self.take()?),
            });
        }
        let length = u32::from_be_bytes(self.take()?) as usize;
        if self.rest.len() != length {
            return None;
        }
        Some(Entry {
            number,
            instant_micros,
            ranges,
            heads,
            payload: self.rest.to_vec(),
            previous,
            hash,
        })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    fn name(&mut self) -> Option<String> {
        let length = usize::from(u16::from_be_bytes(self.take()?));
        let (name, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        String::from_utf8(name.to_vec()).ok()
    }
}
