//! The trail's files: where they are, how they are made, their secrets.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::AuditError;
use crate::head::{Head, Signatory};
use crate::receipt::Namer;

/// How the trail's files are laid out; chosen when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Format {
    pub(crate) format: u32,
    /// A file holds `1 << segment_bits` entries.
    pub(crate) segment_bits: u32,
}

const FORMAT: u32 = 1;

/// The directory of a trail.
#[derive(Clone, Debug)]
pub(crate) struct Directory(PathBuf);

impl Directory {
    /// The directory, made where there is none.
    pub(crate) fn make(path: &Path, segment_bits: u32) -> Result<(Directory, Format), AuditError> {
        let directory = Directory(path.to_path_buf());
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(path).map_err(AuditError::io(path))?;
        let place = directory.path("format");
        if !place.exists() {
            let format = Format {
                format: FORMAT,
                segment_bits,
            };
            for name in [NAMES_SECRET, HEADS_SECRET] {
                directory.write_whole(name, &random(&directory.path(name))?)?;
            }
            let text = serde_json::to_vec(&format)
                .map_err(|error| AuditError::Unwritable(error.to_string()))?;
            directory.write_whole("format", &text)?;
        }
        let format = directory.format()?;
        Ok((directory, format))
    }

    /// A directory that is there.
    pub(crate) fn find(path: &Path) -> Result<(Directory, Format), AuditError> {
        let directory = Directory(path.to_path_buf());
        let format = directory.format()?;
        Ok((directory, format))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    fn format(&self) -> Result<Format, AuditError> {
        let format: Format = self.json("format")?;
        if format.format != FORMAT || !(1..=24).contains(&format.segment_bits) {
            return Err(AuditError::Unreadable {
                path: self.path("format"),
                reason: format!(
                    "format {}; this program reads format {FORMAT}",
                    format.format
                ),
            });
        }
        Ok(format)
    }

    fn json<T: for<'a> Deserialize<'a>>(&self, name: &str) -> Result<T, AuditError> {
        let path = self.path(name);
        let text = std::fs::read(&path).map_err(AuditError::io(&path))?;
        serde_json::from_slice(&text).map_err(|error| AuditError::Unreadable {
            path,
            reason: error.to_string(),
        })
    }

    /// The head that was last kept, if one was.
    pub(crate) fn head(&self) -> Result<Option<Head>, AuditError> {
        if !self.path("head").exists() {
            return Ok(None);
        }
        self.json("head").map(Some)
    }

    /// Keeps a head.
    pub(crate) fn keep_head(&self, head: &Head) -> Result<(), AuditError> {
        let text =
            serde_json::to_vec(head).map_err(|error| AuditError::Unwritable(error.to_string()))?;
        self.write_whole("head", &text)
    }

    /// The lock, held until the file is closed.
    pub(crate) fn lock(&self) -> Result<File, AuditError> {
        let path = self.path("lock");
        let file = private().create(true).append(true).open(&path);
        let file = file.map_err(AuditError::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(AuditError::InUse {
                path: self.0.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(AuditError::Io { path, source }),
        }
    }

    pub(crate) fn namer(&self) -> Result<Namer, AuditError> {
        self.secret(NAMES_SECRET).map(Namer::new)
    }

    pub(crate) fn signatory(&self) -> Result<Signatory, AuditError> {
        self.secret(HEADS_SECRET).map(Signatory::new)
    }

    fn secret(&self, name: &str) -> Result<[u8; 32], AuditError> {
        let path = self.path(name);
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(33).read_to_end(&mut bytes));
        read.map_err(AuditError::io(&path))?;
        bytes.try_into().map_err(|_| AuditError::Unreadable {
            path,
            reason: "not 32 bytes".to_owned(),
        })
    }

    /// Writes a file whole or not at all, and returns when that is on the disk.
    pub(crate) fn write_whole(&self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let new = self.path(&format!("{name}.new"));
        let write = || {
            let mut file = private()
                .create(true)
                .truncate(true)
                .write(true)
                .open(&new)?;
            file.write_all(bytes)?;
            file.sync_data()?;
            std::fs::rename(&new, self.path(name))
        };
        write().map_err(AuditError::io(&new))
    }

    /// Makes new names durable.
    pub(crate) fn sync(&self) -> Result<(), AuditError> {
        let synced = File::open(&self.0).and_then(|directory| directory.sync_all());
        synced.map_err(AuditError::io(&self.0))
    }
}

const NAMES_SECRET: &str = "secret-names";
const HEADS_SECRET: &str = "secret-heads";

/// Files that only their owner reads: entries hold what was asked.
pub(crate) fn private() -> OpenOptions {
    let mut options = File::options();
    options.mode(0o600);
    options
}

fn random(path: &Path) -> Result<[u8; 32], AuditError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| AuditError::Unreadable {
        path: path.to_path_buf(),
        reason: format!("no random numbers to be had: {error}"),
    })?;
    Ok(bytes)
}
