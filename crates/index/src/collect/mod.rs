//! Walking the documents that match: the pages of a search, and its groups.

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED,
};

use crate::time::Deadline;

pub mod groups;
pub mod top;

/// How many blocks of documents pass between two looks at the clock.
const BLOCKS_BETWEEN_LOOKS: usize = 64;

/// The weight of a query, with scores only where they are wanted.
pub fn weight(
    searcher: &Searcher,
    query: &dyn Query,
    scored: bool,
) -> tantivy::Result<Box<dyn Weight>> {
    let scoring = if scored {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    query.weight(scoring)
}

/// Calls `each` with every block of live documents of a segment that match, without scores.
pub fn blocks(
    weight: &dyn Weight,
    reader: &SegmentReader,
    deadline: Deadline,
    mut each: impl FnMut(&[DocId]) -> tantivy::Result<()>,
) -> tantivy::Result<()> {
    let mut seen = 0usize;
    blocks_while(weight, reader, |block| {
        each(block)?;
        seen += 1;
        if seen.is_multiple_of(BLOCKS_BETWEEN_LOOKS) {
            deadline.check()?;
        }
        Ok(true)
    })?;
    // A condition that evaluates records finds no more of them after the deadline.
    deadline.check()
}

/// The same, until `each` answers `false`, and however long that takes.
pub fn blocks_while(
    weight: &dyn Weight,
    reader: &SegmentReader,
    mut each: impl FnMut(&[DocId]) -> tantivy::Result<bool>,
) -> tantivy::Result<()> {
    let mut documents = weight.scorer(reader, 1.0)?;
    let mut buffer = [0u32; COLLECT_BLOCK_BUFFER_LEN];
    let alive = reader.alive_bitset();
    loop {
        let filled = documents.fill_buffer(&mut buffer);
        let mut kept = filled;
        if let Some(alive) = alive {
            kept = 0;
            for place in 0..filled {
                if alive.is_alive(buffer[place]) {
                    buffer[kept] = buffer[place];
                    kept += 1;
                }
            }
        }
        if !each(&buffer[..kept])? || filled < buffer.len() {
            return Ok(());
        }
    }
}

/// Calls `each` with every live document of a segment that matches, and its score.
pub fn scored(
    weight: &dyn Weight,
    reader: &SegmentReader,
    deadline: Deadline,
    mut each: impl FnMut(DocId, Score) -> tantivy::Result<()>,
) -> tantivy::Result<()> {
    let mut documents = weight.scorer(reader, 1.0)?;
    let alive = reader.alive_bitset();
    let mut seen = 0usize;
    let mut document = documents.doc();
    while document != TERMINATED {
        if alive.is_none_or(|alive| alive.is_alive(document)) {
            each(document, documents.score())?;
        }
        seen += 1;
        if seen.is_multiple_of(BLOCKS_BETWEEN_LOOKS * COLLECT_BLOCK_BUFFER_LEN) {
            deadline.check()?;
        }
        document = documents.advance();
    }
    deadline.check()
}
