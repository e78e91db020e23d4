//! Sorted runs of numbers on disk: what a load must remember and memory should not hold.
//!
//! A run is a file without a name: it is gone with the process, however that ends. Records are rows of
//! `W` numbers, sorted by the first, big enough runs of them that few are needed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use fastbloom::BloomFilter;

/// Of so many records the first one's key is held in memory.
const FENCE: usize = 128;
/// Of a hundred keys that a run lacks, so many are looked for in its file.
const FALSE_POSITIVES: f64 = 0.01;
/// Any number will do: the keys are hashes already.
const SEED: u128 = 0x6a69_6b75;

/// Tells this process's files apart.
static FILES: AtomicU64 = AtomicU64::new(0);

/// A folder for runs.
#[derive(Clone, Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Runs are made in this folder, which is made with the first of them.
    pub fn new(folder: PathBuf) -> Scratch {
        Scratch(folder)
    }

    /// A file that no name leads to.
    fn file(&self) -> io::Result<File> {
        fs::create_dir_all(&self.0)?;
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let path = self.0.join(format!("{}-{number}", std::process::id()));
        let file = OpenOptions::new()
            .create_new(true)
            .read(true)
            .write(true)
            .open(&path)?;
        remove(&path)?;
        Ok(file)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// One sorted run of rows of `W` numbers.
pub struct Run<const W: usize> {
    file: File,
    rows: usize,
    /// The first key of each [`FENCE`] rows.
    fences: Vec<u64>,
    filter: BloomFilter,
}

impl<const W: usize> Run<W> {
    /// Writes a run of rows sorted by their first number.
    pub fn write(scratch: &Scratch, rows: &[[u64; W]]) -> io::Result<Run<W>> {
        let mut filter = BloomFilter::with_false_pos(FALSE_POSITIVES)
            .seed(&SEED)
            .expected_items(rows.len().max(1));
        let mut out = BufWriter::with_capacity(1 << 18, scratch.file()?);
        let mut fences = Vec::with_capacity(rows.len().div_ceil(FENCE));
        for (place, row) in rows.iter().enumerate() {
            if place % FENCE == 0 {
                fences.push(row[0]);
            }
            filter.insert_hash(row[0]);
            for number in row {
                out.write_all(&number.to_le_bytes())?;
            }
        }
        Ok(Run {
            file: out.into_inner().map_err(io::IntoInnerError::into_error)?,
            rows: rows.len(),
            fences,
            filter,
        })
    }

    /// The row with this key, of several any one.
    pub fn find(&self, key: u64) -> io::Result<Option<[u64; W]>> {
        if !self.filter.contains_hash(key) {
            return Ok(None);
        }
        let Some(fence) = self
            .fences
            .partition_point(|one| *one <= key)
            .checked_sub(1)
        else {
            return Ok(None);
        };
        let first = fence * FENCE;
        let count = FENCE.min(self.rows - first);
        let mut bytes = vec![0; count * W * 8];
        self.file
            .read_exact_at(&mut bytes, (first * W * 8) as u64)?;
        let rows: Vec<[u64; W]> = bytes.chunks_exact(W * 8).map(decode).collect();
        let place = rows.binary_search_by_key(&key, |row| row[0]);
        Ok(place.ok().map(|place| rows[place]))
    }
}

fn decode<const W: usize>(bytes: &[u8]) -> [u64; W] {
    let mut row = [0; W];
    for (number, bytes) in row.iter_mut().zip(bytes.chunks_exact(8)) {
        let mut eight = [0; 8];
        eight.copy_from_slice(bytes);
        *number = u64::from_le_bytes(eight);
    }
    row
}

/// The rows of several runs, in the order of all their numbers.
pub struct Merged<'r, const W: usize> {
    readers: Vec<BufReader<&'r File>>,
    next: BinaryHeap<Reverse<([u64; W], usize)>>,
}

impl<'r, const W: usize> Merged<'r, W> {
    /// Reads runs from their beginnings. They must be sorted by all numbers of their rows.
    pub fn new(runs: &'r [Run<W>]) -> io::Result<Merged<'r, W>> {
        let mut merged = Merged {
            readers: Vec::with_capacity(runs.len()),
            next: BinaryHeap::with_capacity(runs.len()),
        };
        for (place, run) in runs.iter().enumerate() {
            let mut file = &run.file;
            file.seek(SeekFrom::Start(0))?;
            merged.readers.push(BufReader::with_capacity(1 << 16, file));
            merged.refill(place)?;
        }
        Ok(merged)
    }

    fn refill(&mut self, place: usize) -> io::Result<()> {
        let mut row = [0; W];
        for (column, number) in row.iter_mut().enumerate() {
            let mut bytes = [0; 8];
            match self.readers[place].read_exact(&mut bytes) {
                Err(error) if column == 0 && error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(());
                }
                read => read?,
            }
            *number = u64::from_le_bytes(bytes);
        }
        self.next.push(Reverse((row, place)));
        Ok(())
    }
}

impl<const W: usize> Iterator for Merged<'_, W> {
    type Item = io::Result<[u64; W]>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((row, place)) = self.next.pop()?;
        Some(self.refill(place).map(|()| row))
    }
}

#[cfg(test)]
mod tests;
