//! Comparisons on the disk, a folder each in the data directory, readable by the server's user only.
//!
//! | file | what |
//! |---|---|
//! | `comparison.json` | the [`Comparison`], replaced as a whole |
//! | `keys.json` | the keys, in their order |
//! | `records` | the numbers of the records found, eight bytes for each key, 0 where there is none |
//! | `marks` | the records found, each as eight bytes of a keyed hash; they outlive keys and answers until the period ends |
//! | `answers` | a byte for each key and column, row by row: what is there has been answered |
//! | `../secret` | the key of the hashes |

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::error::ListError;
use super::job::{Comparison, Word};

const COMPARISON: &str = "comparison.json";
const KEYS: &str = "keys.json";
const RECORDS: &str = "records";
const MARKS: &str = "marks";
const ANSWERS: &str = "answers";
const SECRET: &str = "secret";
const SECRET_BYTES: usize = 32;

/// Where comparisons are kept.
#[derive(Clone, Debug)]
pub struct Shelf {
    root: PathBuf,
    secret: [u8; SECRET_BYTES],
}

impl Shelf {
    /// Opens the folder, or makes it.
    pub fn open(root: &Path) -> Result<Shelf, ListError> {
        make_private(root)?;
        let path = root.join(SECRET);
        let secret = match fs::read(&path) {
            Ok(secret) => secret,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secret = random::<SECRET_BYTES>(&path)?.to_vec();
                write_whole(&path, &secret)?;
                secret
            }
            Err(error) => return Err(ListError::file(&path, error)),
        };
        let secret = secret
            .try_into()
            .map_err(|_| ListError::damaged(&path, "it should have 32 bytes"))?;
        Ok(Shelf {
            root: root.to_path_buf(),
            secret,
        })
    }

    /// A name for a comparison that nobody can guess.
    pub fn name(&self) -> Result<String, ListError> {
        let bytes = random::<16>(&self.root)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// All comparisons. Folders without one are of a request that was cut off, and go.
    pub fn all(&self) -> Result<Vec<Comparison>, ListError> {
        let listed =
            fs::read_dir(&self.root).map_err(|error| ListError::file(&self.root, error))?;
        let mut all = Vec::new();
        for entry in listed {
            let entry = entry.map_err(|error| ListError::file(&self.root, error))?;
            let folder = entry.path();
            if !folder.is_dir() {
                continue;
            }
            let path = folder.join(COMPARISON);
            match fs::read(&path) {
                Ok(text) => all.push(
                    serde_json::from_slice(&text)
                        .map_err(|reason| ListError::damaged(&path, reason))?,
                ),
                Err(error) if error.kind() == io::ErrorKind::NotFound => remove(&folder)?,
                Err(error) => return Err(ListError::file(&path, error)),
            }
        }
        Ok(all)
    }

    fn file(&self, id: &str, name: &str) -> PathBuf {
        self.root.join(id).join(name)
    }

    /// Keeps a new comparison with its keys: the object last, since what has none never was.
    pub fn add(&self, comparison: &Comparison, keys: &[Json]) -> Result<(), ListError> {
        make_private(&self.root.join(&comparison.id))?;
        let path = self.file(&comparison.id, KEYS);
        let text = serde_json::to_vec(keys).map_err(|reason| ListError::damaged(&path, reason))?;
        write_whole(&path, &text)?;
        self.keep(comparison)
    }

    /// Keeps a comparison as it stands.
    pub fn keep(&self, comparison: &Comparison) -> Result<(), ListError> {
        let path = self.file(&comparison.id, COMPARISON);
        let text =
            serde_json::to_vec(comparison).map_err(|reason| ListError::damaged(&path, reason))?;
        write_whole(&path, &text)
    }

    /// The keys.
    pub fn keys(&self, id: &str) -> Result<Vec<Json>, ListError> {
        let path = self.file(id, KEYS);
        let text = fs::read(&path).map_err(|error| ListError::file(&path, error))?;
        serde_json::from_slice(&text).map_err(|reason| ListError::damaged(&path, reason))
    }

    /// Keeps which record each key has.
    pub fn put_records(&self, id: &str, numbers: &[Option<u64>]) -> Result<(), ListError> {
        let each = numbers.iter().map(|number| number.unwrap_or_default());
        let bytes: Vec<u8> = each.flat_map(u64::to_be_bytes).collect();
        write_whole(&self.file(id, RECORDS), &bytes)
    }

    /// Which record each key has; `None` where they were not looked for yet.
    pub fn records(&self, id: &str) -> Result<Option<Vec<Option<u64>>>, ListError> {
        let path = self.file(id, RECORDS);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ListError::file(&path, error)),
        };
        let each = numbers(&bytes).map(|number| Some(number).filter(|number| *number > 0));
        Ok(Some(each.collect()))
    }

    /// The mark of a record.
    pub fn mark(&self, collection: &str, number: u64) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(collection.as_bytes());
        hasher.update(&number.to_be_bytes());
        let mut out = [0; 8];
        hasher.finalize_xof().fill(&mut out);
        u64::from_be_bytes(out)
    }

    /// Keeps the marks of a list.
    pub fn put_marks(&self, id: &str, marks: &[u64]) -> Result<(), ListError> {
        let bytes: Vec<u8> = marks.iter().flat_map(|mark| mark.to_be_bytes()).collect();
        write_whole(&self.file(id, MARKS), &bytes)
    }

    /// The marks of a list.
    pub fn marks(&self, id: &str) -> Result<Vec<u64>, ListError> {
        let path = self.file(id, MARKS);
        let bytes = fs::read(&path).map_err(|error| ListError::file(&path, error))?;
        Ok(numbers(&bytes).collect())
    }

    /// How many rows of so many columns are answered.
    pub fn answered(&self, id: &str, columns: usize) -> Result<usize, ListError> {
        let path = self.file(id, ANSWERS);
        match fs::metadata(&path) {
            Ok(found) => Ok(usize::try_from(found.len()).unwrap_or(usize::MAX) / columns.max(1)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(ListError::file(&path, error)),
        }
    }

    /// Adds the answers of some rows after those that are there; a row that was cut off is answered anew.
    pub fn append(&self, id: &str, columns: usize, words: &[Word]) -> Result<(), ListError> {
        let path = self.file(id, ANSWERS);
        let failed = |error| ListError::file(&path, error);
        let whole = self.answered(id, columns)? * columns.max(1);
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        let mut file = private(&mut options).open(&path).map_err(failed)?;
        file.set_len(whole as u64).map_err(failed)?;
        let bytes: Vec<u8> = words.iter().map(|word| word.byte()).collect();
        file.write_all(&bytes).map_err(failed)?;
        file.sync_data().map_err(failed)
    }

    /// All answers, row by row.
    pub fn answers(&self, id: &str) -> Result<Vec<Word>, ListError> {
        let path = self.file(id, ANSWERS);
        let bytes = fs::read(&path).map_err(|error| ListError::file(&path, error))?;
        let words = bytes.into_iter().map(Word::of_byte).collect::<Option<_>>();
        words.ok_or_else(|| ListError::damaged(&path, "a byte that is no answer"))
    }

    /// Removes the keys and the answers.
    pub fn empty(&self, id: &str) -> Result<(), ListError> {
        for name in [KEYS, RECORDS, ANSWERS] {
            let path = self.file(id, name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(ListError::file(&path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Removes all of a comparison.
    pub fn remove(&self, id: &str) -> Result<(), ListError> {
        remove(&self.root.join(id))
    }
}

/// The numbers of eight bytes each.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let each = bytes
        .chunks_exact(8)
        .filter_map(|chunk| chunk.try_into().ok());
    each.map(u64::from_be_bytes)
}

fn remove(folder: &Path) -> Result<(), ListError> {
    fs::remove_dir_all(folder).map_err(|error| ListError::file(folder, error))
}

fn random<const N: usize>(path: &Path) -> Result<[u8; N], ListError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|reason| ListError::file(path, io::Error::other(reason.to_string())))?;
    Ok(bytes)
}

/// Replaces a file: after any stop there is the old one or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ListError> {
    let failed = |error| ListError::file(path, error);
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    let mut file = private(&mut options).open(&beside).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    let folder = path.parent().unwrap_or(path);
    let folder = File::open(folder).map_err(failed)?;
    folder.sync_all().map_err(failed)
}

/// For the server's user only.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn make_private(folder: &Path) -> Result<(), ListError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| ListError::file(folder, error))
}
