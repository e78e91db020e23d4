//! ZIP archives: the one file in them as a stream.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use zip::{CompressionMethod, ZipArchive};

use super::{Bounded, Counter, InputError};

/// How much of an archive may be read to learn what is in it.
const DIRECTORY: u64 = 16 << 20;
/// How many files of an archive with several are named.
const NAMED: usize = 5;

/// A file of which no more than [`DIRECTORY`] bytes can be read.
struct Brief {
    file: File,
    left: u64,
}

impl Read for Brief {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "its directory is too large")
        })?;
        Ok(read)
    }
}

impl Seek for Brief {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn directory(path: &Path) -> Result<ZipArchive<BufReader<Brief>>, InputError> {
    let file = Brief {
        file: File::open(path)?,
        left: DIRECTORY,
    };
    ZipArchive::new(BufReader::new(file)).map_err(damaged)
}

fn damaged(error: zip::result::ZipError) -> InputError {
    InputError::Damaged(error.to_string())
}

/// The name of a file in an archive: UTF-8, or as Chinese Windows writes it.
fn readable(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::GB18030.decode(raw).0.into_owned(),
    }
}

/// Whether an archive is an Excel workbook.
///
/// # Errors
///
/// Archives that are other office documents, or damaged.
pub(super) fn is_workbook(path: &Path) -> Result<bool, InputError> {
    let archive = directory(path)?;
    let has = |name: &str| archive.file_names_raw().any(|raw| raw == name.as_bytes());
    let refused = [
        ("xl/workbook.bin", "an Excel binary workbook (.xlsb)"),
        ("word/document.xml", "a Word document"),
        ("ppt/presentation.xml", "a PowerPoint presentation"),
        ("META-INF/manifest.xml", "an OpenDocument file"),
    ];
    if let Some((_, what)) = refused.iter().find(|(name, _)| has(name)) {
        return Err(InputError::Unsupported(what));
    }
    Ok(has("[Content_Types].xml") && has("xl/workbook.xml"))
}

/// Folders, and what file managers add, are no files of anybody's.
fn is_file(name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or_default();
    !own.is_empty() && !own.starts_with('.') && !name.starts_with("__MACOSX/")
}

/// The one file of an archive as a stream; its packed bytes are counted.
pub(super) fn open(path: &Path, counter: &Counter) -> Result<Box<dyn Read + Send>, InputError> {
    let mut archive = directory(path)?;
    let files: Vec<(usize, String)> = archive
        .file_names_raw()
        .map(readable)
        .enumerate()
        .filter(|(_, name)| is_file(name))
        .take(NAMED + 1)
        .collect();
    let (place, name) = match &files[..] {
        [] => return Err(InputError::NoFile),
        [one] => one,
        several => {
            let names = several.iter().map(|(_, name)| name.clone());
            let mut named: Vec<String> = names.take(NAMED).collect();
            if several.len() > NAMED {
                named.push("…".to_string());
            }
            return Err(InputError::SeveralFiles(named));
        }
    };
    let refused = |what| {
        let name = name.clone();
        Err(InputError::Entry { name, what })
    };
    let (start, packed, method, expected) = {
        let entry = archive.by_index_raw(*place).map_err(damaged)?;
        if entry.encrypted() {
            return refused("encrypted; pack it without a password");
        }
        let Some(start) = entry.data_start() else {
            return refused("not where the directory says");
        };
        let expected = (entry.size(), entry.crc32());
        (
            start,
            entry.compressed_size(),
            entry.compression(),
            expected,
        )
    };
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let packed = Metered {
        inner: BufReader::with_capacity(1 << 18, file.take(packed)),
        counter: counter.clone(),
    };
    let unpacked: Box<dyn Read + Send> = match method {
        CompressionMethod::Stored => Box::new(packed),
        CompressionMethod::Deflated => Box::new(flate2::read::DeflateDecoder::new(packed)),
        _ => return refused("packed by a method that is not read; use Deflate"),
    };
    Ok(Box::new(Checked {
        inner: Bounded::new(unpacked, counter.clone(), &format!("'{name}'")),
        sum: flate2::Crc::new(),
        length: 0,
        expected,
    }))
}

/// Counts what passes.
struct Metered<R> {
    inner: R,
    counter: Counter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.add(read as u64);
        Ok(read)
    }
}

/// Makes sure that what came out is what went in, by its length and its CRC-32.
struct Checked<R> {
    inner: R,
    sum: flate2::Crc,
    length: u64,
    expected: (u64, u32),
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sum.update(&buffer[..read]);
        self.length += read as u64;
        if read == 0 && !buffer.is_empty() && (self.length, self.sum.sum()) != self.expected {
            let what = "the file in it is cut off or altered (包内文件不完整或被改动)";
            return Err(InputError::Damaged(what.to_string()).into());
        }
        Ok(read)
    }
}
