//! Opening a file: what it is, is told by its first bytes, never by its name. It is counted and hashed
//! as it is read, and unpacked as a stream: plain, gzip, xz, or a ZIP archive with one file in it.
//! Excel workbooks are told here and read by [`crate::sheet`].
//!
//! To add a packing: a signature in [`packing`], an arm in [`open`].

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

mod archive;
mod bounded;

pub use bounded::{Bounded, FLOOR, RATIO};

/// Memory that an xz file may ask for: what `xz -9` needs, twice.
const XZ_MEMORY: u64 = 128 << 20;

/// How many bytes of the file on disk have been read.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// The count.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts bytes.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Counts and hashes what passes.
struct Counted<R> {
    inner: R,
    counter: Counter,
    hash: InputHash,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.counter.add(read as u64);
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

/// How a file's content is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// It is not.
    Plain,
    /// gzip.
    Gzip,
    /// xz.
    Xz,
    /// A ZIP archive with one file.
    Zip,
    /// An Excel workbook, `.xlsx`.
    Workbook,
}

impl Packing {
    /// The form of a file so packed whose content is in this form, for the report: `csv.gz`, `xlsx`.
    pub fn form(self, content: &str) -> String {
        match self {
            Packing::Plain => content.to_string(),
            Packing::Gzip => format!("{content}.gz"),
            Packing::Xz => format!("{content}.xz"),
            Packing::Zip => format!("{content}.zip"),
            Packing::Workbook => "xlsx".to_string(),
        }
    }
}

/// A file that is refused for its form.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It cannot be read.
    #[error("the file cannot be read (无法读取文件): {0}")]
    Io(#[from] io::Error),
    /// A packing that is not read.
    #[error(
        "the file is {0}; save it as CSV, or pack the CSV with ZIP or gzip (不支持此类文件，请存为 CSV，或将 CSV 压缩为 ZIP 或 gzip)"
    )]
    Unsupported(&'static str),
    /// An archive that is damaged.
    #[error("the archive is damaged (压缩包已损坏): {0}")]
    Damaged(String),
    /// An archive without a file.
    #[error("the archive holds no file (压缩包内没有文件)")]
    NoFile,
    /// An archive with several.
    #[error(
        "the archive holds several files, expected one: {} (压缩包内有多个文件，应只有一个)",
        .0.join(", ")
    )]
    SeveralFiles(Vec<String>),
    /// A file in an archive that cannot be unpacked.
    #[error("'{name}' in the archive is {what} (压缩包内的文件无法解压)")]
    Entry {
        /// The file.
        name: String,
        /// Why.
        what: &'static str,
    },
    /// Far more comes out than a table can have been packed to.
    #[error(
        "{what} unpacks to more than {RATIO} times its size: a decompression bomb (解压后超过原大小的 {RATIO} 倍，疑为解压炸弹)"
    )]
    Bomb {
        /// What.
        what: String,
    },
    /// A part of a workbook that is larger than memory has room for.
    #[error(
        "'{0}' in the workbook is too large; save the sheet alone, or as CSV (工作簿中的“{0}”过大，请只保存该工作表，或另存为 CSV)"
    )]
    LargePart(String),
    /// A workbook without data.
    #[error("no visible sheet of the workbook holds data (工作簿的可见工作表中没有数据)")]
    NoSheet,
    /// A workbook with data on several sheets.
    #[error(
        "several sheets of the workbook hold data: {}; keep one, or name it with 'sheet' in the mapping (工作簿有多个工作表含数据，请只保留一个，或在映射中用 sheet 指明)",
        .0.join(", ")
    )]
    SeveralSheets(Vec<String>),
    /// A workbook that lacks the sheet named by the mapping.
    #[error(
        "the workbook has no sheet '{wanted}', only: {} (工作簿中没有工作表“{wanted}”)",
        found.join(", ")
    )]
    SheetMissing {
        /// The sheet wanted.
        wanted: String,
        /// The sheets there are.
        found: Vec<String>,
    },
    /// Merged cells among the rows.
    #[error(
        "cells {range} of sheet '{sheet}' are merged: nobody can tell whose value that is; unmerge and fill them (工作表“{sheet}”的单元格 {range} 已合并，无法判定其值属于哪一行，请取消合并并填好)"
    )]
    Merged {
        /// The sheet.
        sheet: String,
        /// The range.
        range: String,
    },
    /// A formula of which no value was saved.
    #[error(
        "cell {cell} of sheet '{sheet}' is a formula whose value was never computed; open the workbook in Excel and save it (工作表“{sheet}”的单元格 {cell} 是公式，但没有保存计算结果，请用 Excel 打开后再保存)"
    )]
    NoValue {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: String,
    },
    /// A workbook where text is expected.
    #[error("the file is an Excel workbook, expected {0} (文件是 Excel 工作簿，应为 {0})")]
    Workbook(&'static str),
}

impl From<InputError> for io::Error {
    fn from(error: InputError) -> io::Error {
        match error {
            InputError::Io(error) => error,
            other => io::Error::new(io::ErrorKind::InvalidData, other),
        }
    }
}

/// A file being read.
pub struct Input {
    /// Its content, decompressed.
    pub reader: Box<dyn Read + Send>,
    /// How it was packed.
    pub packing: Packing,
    /// Bytes on disk read so far.
    pub counter: Counter,
    /// The hash of what was read of the file on disk.
    pub hash: InputHash,
}

/// The running BLAKE3 hash of an input, asked for once the reader is gone.
#[derive(Clone, Default)]
pub struct InputHash(Arc<std::sync::Mutex<blake3::Hasher>>);

impl InputHash {
    fn update(&self, bytes: &[u8]) {
        if let Ok(mut hash) = self.0.lock() {
            hash.update(bytes);
        }
    }

    /// The hash, in hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0
            .lock()
            .map(|hash| hash.finalize().to_hex().to_string())
            .unwrap_or_default()
    }
}

/// How a file is packed, told by its content.
///
/// # Errors
///
/// [`InputError`] for packings that are not read, and for archives that hold no or several files.
pub fn packing(path: &Path) -> Result<Packing, InputError> {
    let mut start = [0; 8];
    let mut file = File::open(path)?;
    let mut read = 0;
    while read < start.len() {
        match file.read(&mut start[read..])? {
            0 => break,
            more => read += more,
        }
    }
    let start = &start[..read];
    let signatures: [(&[u8], Result<Packing, &'static str>); 9] = [
        (b"\x1F\x8B", Ok(Packing::Gzip)),
        (b"\xFD7zXZ\0", Ok(Packing::Xz)),
        (b"PK\x03\x04", Ok(Packing::Zip)),
        (b"PK\x05\x06", Ok(Packing::Zip)),
        (b"PK\x07\x08", Err("a ZIP archive in parts")),
        (b"\x28\xB5\x2F\xFD", Err("a zstd file")),
        (b"BZh", Err("a bzip2 file")),
        (b"7z\xBC\xAF\x27\x1C", Err("a 7z archive")),
        (b"Rar!", Err("a RAR archive")),
    ];
    let found = signatures
        .iter()
        .find(|(bytes, _)| start.starts_with(bytes));
    match found {
        None => Ok(Packing::Plain),
        Some((_, Err(what))) => Err(InputError::Unsupported(what)),
        Some((_, Ok(Packing::Zip))) if archive::is_workbook(path)? => Ok(Packing::Workbook),
        Some((_, Ok(packing))) => Ok(*packing),
    }
}

/// Opens a file of text; its packing is told by its content.
///
/// # Errors
///
/// Those of [`packing`]; and workbooks, which are no text.
pub fn open(path: &Path) -> Result<Input, InputError> {
    let packing = packing(path)?;
    let counter = Counter::default();
    let hash = InputHash::default();
    let file = || -> io::Result<Counted<BufReader<File>>> {
        Ok(Counted {
            inner: BufReader::with_capacity(1 << 18, File::open(path)?),
            counter: counter.clone(),
            hash: hash.clone(),
        })
    };
    let reader: Box<dyn Read + Send> = match packing {
        Packing::Plain => Box::new(file()?),
        Packing::Gzip => {
            let unpacked = flate2::read::MultiGzDecoder::new(file()?);
            Box::new(Bounded::new(unpacked, counter.clone(), "the file"))
        }
        Packing::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                XZ_MEMORY,
                liblzma::stream::CONCATENATED,
            );
            let stream = stream.map_err(io::Error::from)?;
            let unpacked = liblzma::read::XzDecoder::new_stream(file()?, stream);
            Box::new(Bounded::new(unpacked, counter.clone(), "the file"))
        }
        Packing::Zip => {
            hash_file(path, &hash)?;
            archive::open(path, &counter)?
        }
        Packing::Workbook => return Err(InputError::Workbook("text (文本)")),
    };
    Ok(Input {
        reader,
        packing,
        counter,
        hash,
    })
}

/// Hashes a whole file that is not read from its beginning to its end.
pub fn hash_file(path: &Path, hash: &InputHash) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            read => hash.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests;
