//! Receiving a file: straight to the disk, in whatever pieces it comes.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use record::Day;
use register::Store;
use schema::Source;

use super::load::{Kind, Load, State};
use super::shelf::UPLOAD;
use super::{Book, BookError, names};
use crate::error::LoadError;
use crate::limit::RejectLimit;
use crate::recognise::{Near, recognise};

/// What whoever uploads a file says of it.
#[derive(Clone, Debug, Default)]
pub struct Announced {
    /// The source mapping; none: the header has to tell.
    pub source: Option<String>,
    /// The file's name; none: one that its source's files could have.
    pub file: Option<String>,
    /// The day from which its rows hold where they do not say; none: the day it comes.
    pub as_of: Option<Day>,
    /// How many rows may be refused; none: no row.
    pub limit: Option<RejectLimit>,
    /// Who uploads it, as they call themselves.
    pub by: String,
    /// How many bytes will come.
    pub bytes: Option<u64>,
}

/// A file on its way in. Dropped before [`Upload::finish`], it leaves nothing behind.
pub struct Upload {
    book: Book,
    announced: Announced,
    id: String,
    /// The folder of the load.
    folder: PathBuf,
    path: PathBuf,
    file: BufWriter<File>,
    hash: blake3::Hasher,
    size: u64,
    done: bool,
}

impl Book {
    /// Begins to receive a file.
    ///
    /// # Errors
    ///
    /// An unknown source, or one that this data directory does not take; a disk that cannot be written.
    pub fn receive(&self, announced: Announced) -> Result<Upload, BookError> {
        let source = announced.source.as_deref();
        let source = source.map(|name| self.source(name)).transpose()?;
        if let Some(source) = &source {
            self.accepts(source)?;
        }
        let given = announced.file.as_deref().unwrap_or_default();
        let name = if given.is_empty() {
            let format = source.map_or(schema::FileFormat::Csv, |source| source.format);
            match format {
                schema::FileFormat::Csv => "upload.csv".to_string(),
                schema::FileFormat::Json => "upload.json".to_string(),
                schema::FileFormat::Geojson => "upload.geojson".to_string(),
            }
        } else {
            names::on_disk(given)
        };
        let id = self.shelf().reserve();
        let folder = self.shelf().folder(&id);
        let path = folder.join(UPLOAD).join(name);
        match begin(&folder, &path) {
            Ok(file) => Ok(Upload {
                book: self.clone(),
                announced,
                id,
                folder,
                path,
                file: BufWriter::with_capacity(1 << 18, file),
                hash: blake3::Hasher::new(),
                size: 0,
                done: false,
            }),
            Err(error) => {
                self.shelf().release(&id);
                let _ = fs::remove_dir_all(&folder);
                Err(error)
            }
        }
    }

    /// The source mapping of a name.
    pub(super) fn source(&self, name: &str) -> Result<Arc<Source>, BookError> {
        let catalog = self.store().catalog();
        catalog.source(name).cloned().ok_or_else(|| {
            let known = catalog.sources.keys().cloned().collect();
            let name = name.to_string();
            BookError::NoSuchSource { name, known }
        })
    }

    /// Refuses sources of synthetic data where they do not belong.
    fn accepts(&self, source: &Source) -> Result<(), BookError> {
        if source.synthetic && !self.store().is_synthetic() {
            return Err(LoadError::Synthetic(source.name.clone()).into());
        }
        Ok(())
    }
}

/// Makes the folders and the file.
fn begin(folder: &Path, path: &Path) -> Result<File, BookError> {
    let upload = path.parent().unwrap_or(folder);
    fs::create_dir_all(upload).map_err(|error| BookError::file(upload, error))?;
    File::create_new(path).map_err(|error| BookError::file(path, error))
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// [`BookError::DiskFull`], [`BookError::Files`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BookError> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        let written = self.file.write_all(bytes);
        written.map_err(|error| BookError::file(&self.path, error))
    }

    /// How an upload ends whose sender is gone.
    pub fn cut_off(self) -> BookError {
        BookError::CutOff {
            got: self.size,
            announced: self.announced.bytes,
        }
    }

    /// All has come: the file is on the disk, and is a load that waits for its rehearsal, when this
    /// returns.
    ///
    /// # Errors
    ///
    /// An upload that is not whole, or whose source nobody can tell; a disk that cannot be written.
    /// Nothing is left of it then.
    pub fn finish(mut self) -> Result<Arc<Load>, BookError> {
        if self.announced.bytes.is_some_and(|bytes| bytes != self.size) {
            return Err(self.cut_off());
        }
        if self.size == 0 {
            return Err(BookError::Empty);
        }
        self.sync()
            .map_err(|error| BookError::file(&self.path, error))?;
        let source = match &self.announced.source {
            Some(name) => self.book.source(name)?,
            None => self.recognise()?,
        };
        self.book.accepts(&source)?;
        let load = self.book.shelf().add(self.load(&source))?;
        self.done = true;
        self.book.rehearse_soon(&load.id);
        Ok(load)
    }

    /// Brings the file, and the folders that lead to it, to the disk.
    fn sync(&mut self) -> std::io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        for folder in self.path.ancestors().skip(1).take(3) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn recognise(&self) -> Result<Arc<Source>, BookError> {
        let catalog = self.book.store().catalog();
        let found = recognise(catalog, &self.path)?;
        let file = self.file_name();
        match found.fits.as_slice() {
            [one] => self.book.source(one),
            [] => Err(BookError::NotRecognised {
                file,
                near: found.near.iter().map(Near::to_string).collect(),
            }),
            several => Err(BookError::Ambiguous {
                file,
                fits: several.to_vec(),
            }),
        }
    }

    /// The file's name as it was given, or the one it got.
    fn file_name(&self) -> String {
        let given = self.announced.file.as_deref().map(names::last_part);
        let given = given.filter(|name| !name.is_empty());
        given.map_or_else(|| self.name_on_disk(), str::to_string)
    }

    fn name_on_disk(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    fn load(&self, source: &Source) -> Load {
        let mut load = Load {
            id: self.id.clone(),
            kind: Kind::File,
            state: State::Received,
            source: source.name.clone(),
            collection: source.collection.name.clone(),
            department: source.department.clone(),
            file: self.file_name(),
            size: self.size,
            hash: self.hash.finalize().to_hex().to_string(),
            upload: Some(self.name_on_disk()),
            as_of: Some(self.announced.as_of.unwrap_or_else(register::today)),
            limit: self.announced.limit.unwrap_or(RejectLimit::NONE),
            counts: None,
            report: None,
            rehearsed_at: None,
            transaction: None,
            problem: None,
            undoes: None,
            undone_by: None,
            withdrawn: None,
            history: Vec::new(),
        };
        load.step(State::Received, &self.announced.by, None);
        load
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now, the next start removes: no load speaks of it.
            let _ = fs::remove_dir_all(&self.folder);
            self.book.shelf().release(&self.id);
        }
    }
}
