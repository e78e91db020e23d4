//! Segments looked at by all processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tantivy::SegmentReader;

use crate::error::IndexError;

/// Fewer documents are looked at by the thread that asks: starting others takes a tenth of a millisecond.
const WORTH_A_THREAD: u32 = 100_000;

/// What `work` makes of each segment, in their order.
pub(super) fn each<T: Send>(
    segments: &[SegmentReader],
    work: impl Fn(&SegmentReader) -> Result<T, IndexError> + Sync,
) -> Result<Vec<T>, IndexError> {
    let documents: u32 = segments.iter().map(SegmentReader::max_doc).sum();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors
        .min(segments.len())
        .min((documents / WORTH_A_THREAD) as usize);
    if threads < 2 {
        return segments.iter().map(work).collect();
    }
    // The largest first, so that none is begun last.
    let mut order: Vec<usize> = (0..segments.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(segments[*place].max_doc()));
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<(usize, Result<T, IndexError>)>> = Mutex::default();
    let run = || {
        while let Some(place) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let one = work(&segments[*place]);
            let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
            made.push((*place, one));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, one)| one).collect()
}
