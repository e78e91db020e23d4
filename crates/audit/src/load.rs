//! From the files to the state of an open trail; what to do with a torn end.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

use jiff::Timestamp;

use crate::directory::{Directory, Format, private};
use crate::entry::{Kind, Note};
use crate::error::AuditError;
use crate::hash::Hash;
use crate::head::Head;
use crate::merkle::{self, Frontier};
use crate::segment::{self, Index, Lines, Scan};
use crate::trail::{Segment, State};

/// What the files hold.
pub(crate) struct Loaded {
    pub(crate) state: State,
    /// What to note of a torn end.
    pub(crate) torn: Option<Note>,
}

/// A segment's file, made.
pub(crate) fn create(directory: &Directory, number: u64) -> Result<File, AuditError> {
    let path = directory.path(&segment::name(number));
    let file = private().read(true).append(true).create(true).open(&path);
    let file = file.map_err(AuditError::io(&path))?;
    directory.sync()?;
    Ok(file)
}

/// How many segments there are.
pub(crate) fn segments(directory: &Directory) -> u64 {
    let is_there = |number: &u64| directory.path(&segment::name(*number)).is_file();
    (0..).take_while(is_there).count() as u64
}

/// The roots of full segments that are on the disk, at most so many.
pub(crate) fn roots(directory: &Directory, most: u64) -> Result<Vec<Hash>, AuditError> {
    let path = directory.path("roots");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let bytes = std::fs::read(&path).map_err(AuditError::io(&path))?;
    let hash = |chunk: &[u8]| {
        let mut hash = [0; 32];
        hash.copy_from_slice(chunk);
        Hash(hash)
    };
    Ok(bytes
        .chunks_exact(32)
        .take(most as usize)
        .map(hash)
        .collect())
}

/// A segment's text, as far as it is written.
pub(crate) fn text(directory: &Directory, number: u64) -> Result<Vec<u8>, AuditError> {
    let path = directory.path(&segment::name(number));
    std::fs::read(&path).map_err(AuditError::io(&path))
}

/// Reads what is there. A writer cuts a torn end off; a reader leaves it, for it may be just being written.
pub(crate) fn load(
    directory: &Directory,
    format: Format,
    writes: bool,
) -> Result<Loaded, AuditError> {
    let each = 1u64 << format.segment_bits;
    let count = segments(directory);
    let head = directory.head()?;
    if let Some(head) = &head {
        head.check()?;
    }
    let acknowledged = head.as_ref().map_or(0, |head| head.size);
    let mut roots = roots(directory, count.saturating_sub(1))?;
    let mut sealing = VecDeque::new();
    let mut last = last_of(directory, roots.len() as u64, each)?;
    let mut instant = None;
    let mut torn = None;
    let mut lines = Lines::default();
    let begun = roots.len() as u64;
    for number in begun..count {
        let bytes = text(directory, number)?;
        let scan = segment::scan(&bytes, number * each, last);
        let end = number * each + scan.lines.leaves.len() as u64;
        let is_last = number + 1 == count;
        if let Some(reason) = &scan.wrong {
            if !is_last || end < acknowledged {
                return Err(damaged(end, reason));
            }
            if writes {
                torn = Some(cut(directory, number, end, &bytes, &scan)?);
            }
        }
        let is_full = scan.lines.leaves.len() as u64 == each;
        if !is_last && !is_full {
            return Err(damaged(end, "entries are missing before the next file"));
        }
        last = scan.last;
        instant = scan.instant.or(instant);
        if is_full {
            roots.push(merkle::perfect(scan.lines.leaves.clone()));
            sealing.push_back(Arc::new(Segment {
                number,
                file: Some(Arc::new(create_or_open(directory, number, writes)?)),
                lines: scan.lines,
            }));
        } else {
            lines = scan.lines;
        }
    }
    let mut frontier = Frontier::default();
    for root in &roots {
        frontier.push_subtree(*root, format.segment_bits);
    }
    lines.leaves.iter().for_each(|leaf| frontier.push(*leaf));
    let number = roots.len() as u64;
    let file = (writes || number < count)
        .then(|| create_or_open(directory, number, writes))
        .transpose()?;
    let active = Segment {
        number,
        file: file.map(Arc::new),
        lines,
    };
    if let Some(head) = &head {
        check_head(head, &frontier, &roots, &active.lines, format)?;
    }
    let instant = instant.and_then(|text| text.parse::<Timestamp>().ok());
    let instant = instant.map_or(0, Timestamp::as_microsecond);
    let state = State::found(active, sealing, roots, frontier, last, instant);
    Ok(Loaded { state, torn })
}

fn create_or_open(directory: &Directory, number: u64, writes: bool) -> Result<File, AuditError> {
    if writes {
        return create(directory, number);
    }
    let path = directory.path(&segment::name(number));
    File::open(&path).map_err(AuditError::io(&path))
}

/// The leaf hash of the last entry before a segment.
fn last_of(directory: &Directory, number: u64, each: u64) -> Result<Hash, AuditError> {
    let Some(before) = number.checked_sub(1) else {
        return Ok(Hash::ORIGIN);
    };
    if let Some(index) = Index::open(directory, before, each)?
        && let Some(leaf) = index.leaves(each - 1, 1)?.first()
    {
        return Ok(*leaf);
    }
    let bytes = text(directory, before)?;
    let lines = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let line = lines
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    Ok(merkle::leaf(line))
}

/// Cuts the torn end of the last segment off and keeps it aside.
fn cut(
    directory: &Directory,
    number: u64,
    end: u64,
    bytes: &[u8],
    scan: &Scan,
) -> Result<Note, AuditError> {
    let torn = &bytes[scan.lines.end as usize..];
    directory.write_whole(&format!("torn-{end}"), torn)?;
    let path = directory.path(&segment::name(number));
    let file = private().write(true).open(&path);
    let cut = file.and_then(|file| {
        file.set_len(scan.lines.end)?;
        file.sync_data()
    });
    cut.map_err(AuditError::io(&path))?;
    Ok(Note {
        kind: Kind::Recovered,
        bytes: Some(torn.len() as u64),
        digest: Some(Hash::of(torn)),
        ..Note::default()
    })
}

/// Whether what is there begins with what the last kept head says.
fn check_head(
    head: &Head,
    frontier: &Frontier,
    roots: &[Hash],
    active: &Lines,
    format: Format,
) -> Result<(), AuditError> {
    if head.size > frontier.size() {
        let reason = format!(
            "it is missing, with all after it up to entry {}",
            head.size - 1
        );
        return Err(damaged(frontier.size(), &reason));
    }
    let full = head.size >> format.segment_bits;
    let rest = head.size - (full << format.segment_bits);
    // Inside a full segment the roots do not tell the tree of that size; its chain does.
    if full < roots.len() as u64 && rest > 0 {
        return Ok(());
    }
    let mut then = Frontier::default();
    for root in roots.iter().take(full as usize) {
        then.push_subtree(*root, format.segment_bits);
    }
    active
        .leaves
        .iter()
        .take(rest as usize)
        .for_each(|leaf| then.push(*leaf));
    if then.root() != head.root {
        return Err(damaged(
            head.size - 1,
            "what stands up to it is not what the last head says",
        ));
    }
    Ok(())
}

fn damaged(sequence: u64, reason: &str) -> AuditError {
    AuditError::Damaged {
        sequence,
        reason: reason.to_owned(),
    }
}
