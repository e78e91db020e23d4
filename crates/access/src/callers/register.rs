//! The register of callers: a file of the data directory, changed by `jiku keys`, read by the server.
//!
//! `access/callers.json` says who there is, `access/secret` is what keys are hashed with. Both may be
//! read by their owner only. A change is written beside the old file and takes its place whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::key::{Fingerprint, Minted, Pepper};

/// Where both are, in the data directory.
pub const FOLDER: &str = "access";
const FILE: &str = "callers.json";
const SECRET: &str = "secret";
const LOCK: &str = "lock";

/// What cannot be done with the register.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A file cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Files {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not say what it should.
    #[error("{path}: {reason}", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line where it has one.
        reason: String,
    },
    /// There is a caller of this name, or was: the audit trail must not mean two by one name.
    #[error("the name '{0}' is taken, or was once")]
    Taken(String),
    /// A name holds other characters than letters, digits and hyphens, or is too long.
    #[error("'{0}' is no name: 1 to 64 lower-case letters, digits and hyphens")]
    Name(String),
    /// There is no such caller.
    #[error("there is no caller '{0}'")]
    NoCaller(String),
    /// There is no such key.
    #[error("there is no key '{0}' in force")]
    NoKey(String),
}

/// Who a caller is, and what lets it in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Its name in the audit trail, never given again.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Its department, of `schemas/departments.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Its roles, of `schemas/access/`.
    pub roles: Vec<String>,
    /// The division whose records it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// Whether it belongs to a demo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
    /// How many requests a minute it may send; as many as it likes where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// How many requests a day, by China's civil time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u64>,
    /// Its keys, the oldest first; those that are over stay in the list.
    pub keys: Vec<Key>,
    /// The subjects of certificates it may show in place of a key (RFC 4514).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
}

/// A key, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Key {
    /// What finds it.
    pub id: String,
    /// Its keyed hash.
    pub fingerprint: Fingerprint,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is no longer taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
}

impl Key {
    /// Whether it is taken at an instant.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|end| at < end)
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    callers: Vec<Entry>,
}

const FORMAT: u32 = 1;

/// The register of one data directory.
pub struct Register {
    folder: PathBuf,
    /// What keys are hashed with.
    pub pepper: Pepper,
}

impl Register {
    /// Opens the register in a data directory, and makes its secret where there is none.
    ///
    /// # Errors
    ///
    /// Files cannot be read or written, or do not say what they should.
    pub fn open(data: &Path) -> Result<Register, RegisterError> {
        let folder = data.join(FOLDER);
        make_folder(&folder).map_err(at(&folder))?;
        let _lock = lock(&folder)?;
        let path = folder.join(SECRET);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = Pepper::new().map_err(at(&path))?.to_hex();
                replace(&folder, SECRET, text.as_bytes())?;
                text
            }
            Err(error) => return Err(at(&path)(error)),
        };
        let pepper = Pepper::from_hex(&text).ok_or_else(|| RegisterError::Damaged {
            reason: "expected 64 hexadecimal digits".to_string(),
            path,
        })?;
        Ok(Register { folder, pepper })
    }

    /// The file that says who there is.
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Everybody.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or does not say what it should.
    pub fn entries(&self) -> Result<Vec<Entry>, RegisterError> {
        let path = self.path();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(at(&path)(error)),
        };
        let written: Result<Written, _> = serde_json::from_str(&text);
        let damaged = |reason: String| RegisterError::Damaged {
            path: self.path(),
            reason,
        };
        let written = written.map_err(|error| damaged(error.to_string()))?;
        if written.format != FORMAT {
            return Err(damaged(format!("format {}, not {FORMAT}", written.format)));
        }
        Ok(written.callers)
    }

    /// Adds a caller with its first key, or with none where it shows certificates.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Taken`], [`RegisterError::Name`]; files.
    pub fn create(
        &self,
        mut entry: Entry,
        expires: Option<Timestamp>,
    ) -> Result<Option<Minted>, RegisterError> {
        let is_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if entry.name.is_empty() || entry.name.len() > 64 || !entry.name.bytes().all(is_name) {
            return Err(RegisterError::Name(entry.name));
        }
        let minted = match entry.certificates.is_empty() {
            true => Some(self.mint(entry.demo)?),
            false => None,
        };
        self.change(|entries| {
            if entries.iter().any(|one| one.name == entry.name) {
                return Err(RegisterError::Taken(entry.name.clone()));
            }
            let key = minted.as_ref().map(|minted| kept(minted, expires));
            entry.keys = key.into_iter().collect();
            entries.push(entry);
            Ok(())
        })?;
        Ok(minted)
    }

    /// Gives a caller a new key. Those it has are taken until `until`, and not longer than they were.
    ///
    /// # Errors
    ///
    /// [`RegisterError::NoCaller`]; files.
    pub fn rotate(
        &self,
        name: &str,
        until: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<Minted, RegisterError> {
        self.change(|entries| {
            let entry = entries.iter_mut().find(|one| one.name == name);
            let entry = entry.ok_or_else(|| RegisterError::NoCaller(name.to_string()))?;
            let minted = self.mint(entry.demo)?;
            for key in &mut entry.keys {
                key.expires = Some(key.expires.map_or(until, |end| end.min(until)));
            }
            entry.keys.push(kept(&minted, expires));
            Ok(minted)
        })
    }

    /// Revokes a key by its id, or all that lets a caller in by its name. Answers how many keys were.
    ///
    /// # Errors
    ///
    /// [`RegisterError::NoKey`]; files.
    pub fn revoke(&self, what: &str) -> Result<usize, RegisterError> {
        self.change(|entries| {
            let now = Timestamp::now();
            let mut revoked = 0;
            for entry in entries.iter_mut() {
                let whole = entry.name == what;
                let keys = entry.keys.iter_mut();
                for key in keys.filter(|key| whole || key.id == what) {
                    if key.is_in_force(now) {
                        key.revoked = Some(now);
                        revoked += 1;
                    }
                }
                if whole {
                    revoked += entry.certificates.len();
                    entry.certificates.clear();
                }
            }
            if revoked == 0 {
                return Err(RegisterError::NoKey(what.to_string()));
            }
            Ok(revoked)
        })
    }

    fn mint(&self, is_demo: bool) -> Result<Minted, RegisterError> {
        self.pepper.mint(is_demo).map_err(at(&self.folder))
    }

    /// Changes the file while nobody else does.
    fn change<T>(
        &self,
        work: impl FnOnce(&mut Vec<Entry>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let _lock = lock(&self.folder)?;
        let mut callers = self.entries()?;
        let done = work(&mut callers)?;
        let written = Written {
            format: FORMAT,
            callers,
        };
        let text = serde_json::to_vec_pretty(&written).map_err(|error| RegisterError::Damaged {
            path: self.path(),
            reason: error.to_string(),
        })?;
        replace(&self.folder, FILE, &text)?;
        Ok(done)
    }
}

fn kept(minted: &Minted, expires: Option<Timestamp>) -> Key {
    Key {
        id: minted.id.clone(),
        fingerprint: minted.fingerprint.clone(),
        created: Timestamp::now(),
        expires,
        revoked: None,
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> RegisterError {
    let path = path.to_path_buf();
    move |source| RegisterError::Files {
        path: path.clone(),
        source,
    }
}

/// Held until it is dropped; one process at a time.
fn lock(folder: &Path) -> Result<File, RegisterError> {
    let path = folder.join(LOCK);
    let file = private(&path, false).map_err(at(&path))?;
    file.lock().map_err(at(&path))?;
    Ok(file)
}

/// Writes a file whole, durably, readable by its owner only.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), RegisterError> {
    let (path, beside) = (folder.join(name), folder.join(format!("{name}.new")));
    let write = || {
        // One left by a process that was killed may be anybody's.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => (),
        }
        let mut file = private(&beside, true)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(at(&path))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A file that only its owner may read.
fn private(path: &Path, is_new: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).create_new(is_new);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
