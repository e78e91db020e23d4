//! Segments: the trail's files, each with a power of two of entries, so that a full one is a whole subtree.
//!
//! A segment is text, an entry a line. Beside a full one lies its index, which can be made again from it:
//! where each line begins, its leaf hash, and under what it is listed. All integers are big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 16 | `jiku audit idx 1` |
//! | 8 | number of entries `n` |
//! | 8 | number of marks `m` |
//! | 8 × (n + 1) | where each line begins, and where the last ends |
//! | 32 × n | leaf hashes |
//! | 12 × m | marks: 8 bytes, and the entry's place in the segment, 4 bytes; ascending |
//! | 32 | SHA-256 of all before |

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use crate::directory::Directory;
use crate::entry::{Mark, Outline};
use crate::error::AuditError;
use crate::hash::Hash;
use crate::merkle;

const MAGIC: &[u8; 16] = b"jiku audit idx 1";
const BEFORE: u64 = 32;

/// What is known of a segment's lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    /// Where each line begins; the last one ends at `end`.
    pub(crate) begins: Vec<u64>,
    pub(crate) end: u64,
    pub(crate) leaves: Vec<Hash>,
    /// In the order of entries.
    pub(crate) marks: Vec<(Mark, u32)>,
}

impl Lines {
    /// Takes in one line, without its end of line; it may be any text.
    pub(crate) fn push(&mut self, leaf: Hash, length: u64, marks: impl Iterator<Item = Mark>) {
        let place = self.leaves.len() as u32;
        self.begins.push(self.end);
        self.end += length + 1;
        self.leaves.push(leaf);
        self.marks.extend(marks.map(|mark| (mark, place)));
    }

    /// The places of the lines listed under a mark, ascending.
    pub(crate) fn listed(&self, mark: Mark) -> Vec<u32> {
        let listed = self.marks.iter().filter(|(other, _)| *other == mark);
        let mut places: Vec<u32> = listed.map(|(_, place)| *place).collect();
        places.dedup();
        places
    }

    /// From where to before where a line stands, without its end of line.
    pub(crate) fn span(&self, place: usize) -> Option<(u64, u64)> {
        let begin = *self.begins.get(place)?;
        let next = self.begins.get(place + 1).copied().unwrap_or(self.end);
        Some((begin, next - 1))
    }
}

/// The file of a segment.
pub(crate) fn name(number: u64) -> String {
    format!("{number:08}.ndjson")
}

/// The file of a segment's index.
pub(crate) fn index_name(number: u64) -> String {
    format!("{number:08}.index")
}

/// How far the lines of a segment are sound, and what is wrong with the first that is not.
pub(crate) struct Scan {
    pub(crate) lines: Lines,
    /// The leaf hash of the last sound line, or what came before the segment.
    pub(crate) last: Hash,
    /// The instant of the last sound line, RFC 3339.
    pub(crate) instant: Option<String>,
    pub(crate) wrong: Option<String>,
}

/// Reads a segment's lines up to the first that does not continue the one before, calling `each` with the
/// place and text of each.
pub(crate) fn scan(bytes: &[u8], first: u64, previous: Hash) -> Scan {
    let mut found = Scan {
        lines: Lines::default(),
        last: previous,
        instant: None,
        wrong: None,
    };
    let mut rest = bytes;
    while !rest.is_empty() {
        let sequence = first + found.lines.leaves.len() as u64;
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            found.wrong = Some("a line without an end".to_owned());
            return found;
        };
        let (line, after) = rest.split_at(end);
        rest = &after[1..];
        let outline = match outline(line, sequence, found.last) {
            Ok(outline) => outline,
            Err(reason) => {
                found.wrong = Some(reason);
                return found;
            }
        };
        let leaf = merkle::leaf(line);
        let caller = outline.caller.as_ref().map(|caller| caller.id.as_str());
        let marks = Mark::all(&outline.records, caller, outline.of);
        found.lines.push(leaf, line.len() as u64, marks);
        found.last = leaf;
        found.instant = Some(outline.instant.into_owned());
    }
    found
}

/// A line's outline, where it continues the one before.
pub(crate) fn outline(line: &[u8], sequence: u64, previous: Hash) -> Result<Outline<'_>, String> {
    let outline: Outline<'_> =
        serde_json::from_slice(line).map_err(|error| format!("a line is no entry: {error}"))?;
    if outline.sequence != sequence {
        return Err(format!("numbered {}", outline.sequence));
    }
    if outline.previous != previous {
        return Err("it does not continue the entry before: one of the two was changed".to_owned());
    }
    Ok(outline)
}

/// The index of a full segment, read where it is asked.
pub(crate) struct Index {
    file: File,
    path: PathBuf,
    entries: u64,
    marks: u64,
}

impl Index {
    /// Writes the index of a full segment.
    pub(crate) fn write(
        directory: &Directory,
        number: u64,
        lines: &Lines,
    ) -> Result<(), AuditError> {
        let mut marks = lines.marks.clone();
        marks.sort_unstable();
        marks.dedup();
        let mut out = Vec::with_capacity(
            64 + 40 * lines.leaves.len() + 12 * marks.len() + 8 * lines.begins.len(),
        );
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&(lines.leaves.len() as u64).to_be_bytes());
        out.extend_from_slice(&(marks.len() as u64).to_be_bytes());
        for begin in lines.begins.iter().chain([&lines.end]) {
            out.extend_from_slice(&begin.to_be_bytes());
        }
        for leaf in &lines.leaves {
            out.extend_from_slice(&leaf.0);
        }
        for (mark, place) in &marks {
            out.extend_from_slice(&mark.0.to_be_bytes());
            out.extend_from_slice(&place.to_be_bytes());
        }
        let check = Hash::of(&out);
        out.extend_from_slice(&check.0);
        directory.write_whole(&index_name(number), &out)
    }

    /// Opens the index of a segment of so many entries; `None` where there is none that is whole.
    pub(crate) fn open(
        directory: &Directory,
        number: u64,
        entries: u64,
    ) -> Result<Option<Index>, AuditError> {
        let path = directory.path(&index_name(number));
        let Ok(file) = File::open(&path) else {
            return Ok(None);
        };
        let length = file.metadata().map_err(AuditError::io(&path))?.len();
        let mut index = Index {
            file,
            path,
            entries,
            marks: 0,
        };
        if length < BEFORE {
            return Ok(None);
        }
        let head: [u8; BEFORE as usize] = index.read(0)?;
        let number_at = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&head[at..at + 8]);
            u64::from_be_bytes(bytes)
        };
        index.marks = number_at(24);
        let expected = index
            .marks_begin()
            .checked_add(index.marks.saturating_mul(12));
        let is_whole = head.starts_with(MAGIC)
            && number_at(16) == entries
            && expected.is_some_and(|expected| expected.checked_add(32) == Some(length));
        Ok(is_whole.then_some(index))
    }

    /// Whether the index is as it was written.
    pub(crate) fn check(&self) -> Result<bool, AuditError> {
        let bytes = std::fs::read(&self.path).map_err(AuditError::io(&self.path))?;
        let (content, check) = bytes.split_at(bytes.len().saturating_sub(32));
        Ok(Hash::of(content).0 == check)
    }

    fn marks_begin(&self) -> u64 {
        BEFORE + 8 * (self.entries + 1) + 32 * self.entries
    }

    fn read<const LENGTH: usize>(&self, at: u64) -> Result<[u8; LENGTH], AuditError> {
        let mut bytes = [0; LENGTH];
        let read = self.file.read_exact_at(&mut bytes, at);
        read.map_err(AuditError::io(&self.path))?;
        Ok(bytes)
    }

    /// From where to before where a line stands, without its end of line.
    pub(crate) fn span(&self, place: u64) -> Result<(u64, u64), AuditError> {
        let begin = self.read::<8>(BEFORE + 8 * place)?;
        let next = self.read::<8>(BEFORE + 8 * (place + 1))?;
        Ok((
            u64::from_be_bytes(begin),
            u64::from_be_bytes(next).saturating_sub(1),
        ))
    }

    /// So many leaf hashes from a place on.
    pub(crate) fn leaves(&self, from: u64, count: u64) -> Result<Vec<Hash>, AuditError> {
        let begin = BEFORE + 8 * (self.entries + 1) + 32 * from;
        let mut bytes = vec![0; 32 * count as usize];
        let read = self.file.read_exact_at(&mut bytes, begin);
        read.map_err(AuditError::io(&self.path))?;
        let hash = |chunk: &[u8]| {
            let mut hash = [0; 32];
            hash.copy_from_slice(chunk);
            Hash(hash)
        };
        Ok(bytes.chunks_exact(32).map(hash).collect())
    }

    fn mark(&self, number: u64) -> Result<(Mark, u32), AuditError> {
        let bytes: [u8; 12] = self.read(self.marks_begin() + 12 * number)?;
        let (mut mark, mut place) = ([0; 8], [0; 4]);
        mark.copy_from_slice(&bytes[..8]);
        place.copy_from_slice(&bytes[8..]);
        Ok((Mark(u64::from_be_bytes(mark)), u32::from_be_bytes(place)))
    }

    /// The places of the lines listed under a mark, ascending.
    pub(crate) fn listed(&self, wanted: Mark) -> Result<Vec<u32>, AuditError> {
        let (mut low, mut high) = (0, self.marks);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.mark(middle)?.0 < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut places = Vec::new();
        while low < self.marks {
            let (mark, place) = self.mark(low)?;
            if mark != wanted {
                break;
            }
            places.push(place);
            low += 1;
        }
        Ok(places)
    }
}
