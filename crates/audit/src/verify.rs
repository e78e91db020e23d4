//! Proves a whole trail: every link of the chain, every index, the roots, and the last head.

use std::path::Path;

use crate::directory::Directory;
use crate::entry::Outline;
use crate::error::AuditError;
use crate::hash::Hash;
use crate::merkle::{self, Frontier};
use crate::segment::{self, Index};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Entries walked.
    pub entries: u64,
    /// What is wrong, each with its place.
    pub faults: Vec<String>,
}

/// Walks through the trail in a directory, whether or not a server writes it meanwhile; `progress` is told
/// how many segments are done, of how many.
///
/// # Errors
///
/// A file cannot be read.
pub fn verify(path: &Path, progress: &dyn Fn(u64, u64)) -> Result<Verification, AuditError> {
    let (directory, format) = Directory::find(path)?;
    let each = 1u64 << format.segment_bits;
    let mut found = Verification::default();
    // The head first: what is appended meanwhile lies beyond it.
    let head = directory.head()?;
    if let Some(Err(error)) = head.as_ref().map(crate::head::Head::check) {
        found.faults.push(error.to_string());
    }
    let is_own = |head: &crate::head::Head, signatory: &crate::head::Signatory| {
        head.public_key == signatory.public_key()
    };
    if let (Some(head), Ok(signatory)) = (&head, directory.signatory())
        && !is_own(head, &signatory)
    {
        found
            .faults
            .push("the last head is signed with another key".to_owned());
    }
    let acknowledged = head.as_ref().map_or(0, |head| head.size);
    let count = crate::load::segments(&directory);
    let roots = crate::load::roots(&directory, count)?;
    let mut frontier = Frontier::default();
    let mut then = (acknowledged == 0).then(|| frontier.root());
    let mut previous = Hash::ORIGIN;
    for number in 0..count {
        progress(number, count);
        let bytes = crate::load::text(&directory, number)?;
        let first = number * each;
        let scan = segment::scan(&bytes, first, previous);
        for leaf in &scan.lines.leaves {
            frontier.push(*leaf);
            if frontier.size() == acknowledged {
                then = Some(frontier.root());
            }
        }
        let end = first + scan.lines.leaves.len() as u64;
        found.entries += scan.lines.leaves.len() as u64;
        previous = scan.last;
        let is_last = number + 1 == count;
        if let Some(reason) = scan.wrong.filter(|_| !is_last || end < acknowledged) {
            found.faults.push(format!("entry {end}: {reason}"));
            // What follows cannot be placed in the tree; its own links can still be looked at.
            later(&directory, number, count, each, &mut found)?;
            return Ok(found);
        }
        if end == first + each {
            check_sealed(
                &directory,
                number,
                each,
                &roots,
                &scan.lines.leaves,
                &mut found,
            )?;
        } else if !is_last {
            let reason = "entries are missing before the next file";
            found.faults.push(format!("entry {end}: {reason}"));
        }
    }
    progress(count, count);
    if let Some(head) = head {
        if frontier.size() < head.size {
            let (first, last) = (frontier.size(), head.size - 1);
            found.faults.push(format!(
                "entry {first}: missing, with all up to entry {last}"
            ));
        } else if then != Some(head.root) {
            let last = head.size - 1;
            let reason = "what stands up to it is not what the last head says";
            found.faults.push(format!("entry {last}: {reason}"));
        }
    }
    Ok(found)
}

/// A full segment's index and root.
fn check_sealed(
    directory: &Directory,
    number: u64,
    each: u64,
    roots: &[Hash],
    leaves: &[Hash],
    found: &mut Verification,
) -> Result<(), AuditError> {
    let place = |what: &str| format!("{}: {what}", segment::index_name(number));
    if let Some(index) = Index::open(directory, number, each)? {
        if !index.check()? {
            found.faults.push(place("changed since it was written"));
        } else if index.leaves(0, each)? != leaves {
            found.faults.push(place("it is not that of its entries"));
        }
    }
    let root = merkle::perfect(leaves.to_vec());
    if roots.get(number as usize).is_some_and(|kept| *kept != root) {
        let reason = "its root is not the one that was kept";
        found
            .faults
            .push(format!("{}: {reason}", segment::name(number)));
    }
    Ok(())
}

/// Looks at the segments after one that is broken.
fn later(
    directory: &Directory,
    broken: u64,
    count: u64,
    each: u64,
    found: &mut Verification,
) -> Result<(), AuditError> {
    for number in broken + 1..count {
        let bytes = crate::load::text(directory, number)?;
        let first = bytes
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let outline: Result<Outline<'_>, _> = serde_json::from_slice(first);
        let previous = outline.map_or(Hash::ORIGIN, |outline| outline.previous);
        let scan = segment::scan(&bytes, number * each, previous);
        let end = number * each + scan.lines.leaves.len() as u64;
        found.entries += scan.lines.leaves.len() as u64;
        if let Some(reason) = scan.wrong {
            found.faults.push(format!("entry {end}: {reason}"));
        }
    }
    Ok(())
}
