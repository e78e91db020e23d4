//! Opening a file: plain, `.gz` or `.xz`, counted and hashed as it is read.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bytes of the file on disk have been read.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// The count.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts and hashes what passes.
struct Counted<R> {
    inner: R,
    counter: Counter,
    hash: Arc<std::sync::Mutex<blake3::Hasher>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.0.fetch_add(read as u64, Ordering::Relaxed);
        if let Ok(mut hash) = self.hash.lock() {
            hash.update(&buffer[..read]);
        }
        Ok(read)
    }
}

/// A file being read.
pub struct Input {
    /// Its content, decompressed.
    pub reader: Box<dyn Read + Send>,
    /// Bytes on disk read so far.
    pub counter: Counter,
    hash: Arc<std::sync::Mutex<blake3::Hasher>>,
}

impl Input {
    /// The BLAKE3 hash of what was read of the file on disk, in hexadecimal digits.
    pub fn hash(handle: &InputHash) -> String {
        handle
            .0
            .lock()
            .map(|hash| hash.finalize().to_hex().to_string())
            .unwrap_or_default()
    }

    /// A handle by which the hash is asked for once the reader is gone.
    pub fn hash_handle(&self) -> InputHash {
        InputHash(self.hash.clone())
    }
}

/// The running hash of an input.
#[derive(Clone)]
pub struct InputHash(Arc<std::sync::Mutex<blake3::Hasher>>);

/// Opens a file; the ending of its name says how it is compressed.
pub fn open(path: &Path) -> io::Result<Input> {
    let counter = Counter::default();
    let hash = Arc::new(std::sync::Mutex::new(blake3::Hasher::new()));
    let file = BufReader::with_capacity(1 << 18, File::open(path)?);
    let counted = Counted {
        inner: file,
        counter: counter.clone(),
        hash: hash.clone(),
    };
    let reader: Box<dyn Read + Send> = match path.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(counted)),
        Some("xz") => Box::new(liblzma::read::XzDecoder::new_multi_decoder(counted)),
        _ => Box::new(counted),
    };
    Ok(Input {
        reader,
        counter,
        hash,
    })
}
