//! Reading the files of `schemas/`: TOML and CSV into the public types, every mistake with its line.
//!
//! Order: code lists, departments and problems stand alone; collections name code lists and
//! departments; references between collections, and who answers for them, are checked once all are
//! read; sources come last.

mod codelists;
mod collections;
mod document;
mod mappings;
mod matches;
mod open;
mod responsibility;
mod sharing;
mod sources;
mod tables;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, DirEntry, include_dir};

use self::responsibility::Responsibility;
use crate::{Catalog, Mistake, SchemaError};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../schemas");

/// The registers' folders, in the order in which collections are listed.
const REGISTERS: [&str; 4] = ["person", "organization", "spatial", "macroeconomy"];

/// One file of `schemas/`, read.
#[derive(Clone, Debug)]
pub struct SchemaFile {
    /// Its path inside `schemas/`, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl SchemaFile {
    /// A mistake at a byte offset.
    pub fn mistake_at(&self, offset: usize, mistake: Mistake) -> SchemaError {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        self.mistake(line, mistake)
    }

    /// A mistake on a line; 0 for the whole file.
    pub fn mistake(&self, line: usize, mistake: Mistake) -> SchemaError {
        SchemaError {
            file: self.path.clone(),
            line,
            mistake,
        }
    }

    /// The file's name without its ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// The folder of the rules of access, which another crate reads.
const ACCESS: &str = "access/";

/// Whether a file says something: it is no description.
fn is_ours(path: &str) -> bool {
    path.ends_with(".toml") || path.ends_with(".csv")
}

fn unreadable(path: &str, why: String) -> SchemaError {
    SchemaError {
        file: path.to_string(),
        line: 0,
        mistake: Mistake::Unreadable(why),
    }
}

fn decoded(path: String, bytes: Vec<u8>) -> Result<SchemaFile, SchemaError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SchemaFile { path, text }),
        Err(error) => Err(unreadable(&path, error.to_string())),
    }
}

/// The files the binary was built with, sorted by path.
pub(crate) fn embedded_files() -> Result<Vec<SchemaFile>, SchemaError> {
    fn collect(folder: &Dir<'_>, out: &mut Vec<SchemaFile>) -> Result<(), SchemaError> {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(inner) => collect(inner, out)?,
                DirEntry::File(file) => {
                    let path = file.path().to_string_lossy().replace('\\', "/");
                    if is_ours(&path) {
                        out.push(decoded(path, file.contents().to_vec())?);
                    }
                }
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    collect(&EMBEDDED, &mut files)?;
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// The files of a folder, sorted by path.
pub(crate) fn folder_files(root: &Path) -> Result<Vec<SchemaFile>, SchemaError> {
    fn collect(root: &Path, inside: &str, out: &mut Vec<SchemaFile>) -> Result<(), SchemaError> {
        let failed = |error: std::io::Error| unreadable(inside, error.to_string());
        for entry in std::fs::read_dir(root.join(inside)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if inside.is_empty() {
                name
            } else {
                format!("{inside}/{name}")
            };
            if entry.path().is_dir() {
                collect(root, &path, out)?;
            } else if is_ours(&path) {
                let bytes = std::fs::read(entry.path())
                    .map_err(|error| unreadable(&path, error.to_string()))?;
                out.push(decoded(path, bytes)?);
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    collect(root, "", &mut files)?;
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// What a file is, by its place.
enum Place<'a> {
    CodeList,
    Departments,
    Responsibility,
    Problems,
    Resources,
    Desk,
    Workdays,
    Open,
    Collection(&'a str),
    Source(&'a str),
}

fn place(file: &SchemaFile) -> Result<Place<'_>, SchemaError> {
    let parts: Vec<&str> = file.path.split('/').collect();
    match parts.as_slice() {
        ["codelists", name] if name.ends_with(".csv") => Ok(Place::CodeList),
        ["departments.toml"] => Ok(Place::Departments),
        [responsibility::FILE] => Ok(Place::Responsibility),
        ["problems.toml"] => Ok(Place::Problems),
        ["catalogue", "resources.toml"] => Ok(Place::Resources),
        ["catalogue", "desk.toml"] => Ok(Place::Desk),
        ["catalogue", "workdays.toml"] => Ok(Place::Workdays),
        ["catalogue", "open.toml"] => Ok(Place::Open),
        [register, name] if REGISTERS.contains(register) && name.ends_with(".toml") => {
            Ok(Place::Collection(register))
        }
        [register, "sources", name] if REGISTERS.contains(register) && name.ends_with(".toml") => {
            Ok(Place::Source(register))
        }
        _ => Err(file.mistake(
            0,
            Mistake::Invalid {
                what: "place",
                value: file.path.clone(),
                expected: "codelists/<list>.csv, departments.toml, problems.toml, \
                           responsibility.toml, catalogue/{resources,desk,workdays,open}.toml, <register>/<collection>.toml or <register>/sources/<source>.toml"
                    .to_string(),
            },
        )),
    }
}

/// Reads all files and checks them against each other.
pub(crate) fn catalog(files: &[SchemaFile]) -> Result<Catalog, SchemaError> {
    let mut catalog = Catalog::default();
    let mut collection_files = Vec::new();
    let mut source_files = Vec::new();
    let mut responsibility = None;
    let (access, files): (Vec<&SchemaFile>, Vec<&SchemaFile>) =
        files.iter().partition(|file| file.path.starts_with(ACCESS));
    catalog.access = Arc::new(access.into_iter().cloned().collect());
    let mut shared = SharingFiles::default();
    for file in files {
        match place(file)? {
            Place::CodeList => {
                let list = codelists::read(file)?;
                catalog.codelists.insert(list.name.clone(), Arc::new(list));
            }
            Place::Departments => catalog.departments = tables::departments(file)?,
            Place::Responsibility => responsibility = Some(Responsibility::read(file)?),
            Place::Problems => catalog.problems = tables::problems(file)?,
            Place::Resources => shared.resources = Some(file),
            Place::Desk => shared.desk = Some(file),
            Place::Workdays => shared.workdays = Some(file),
            Place::Open => shared.open = Some(file),
            Place::Collection(register) => collection_files.push((register, file)),
            Place::Source(register) => source_files.push((register, file)),
        }
    }
    collection_files.sort_by_key(|(register, _)| REGISTERS.iter().position(|one| one == register));
    let mut read = Vec::new();
    for (register, file) in collection_files {
        read.push(collections::read(file, register, &catalog)?);
    }
    collections::check_references(&read)?;
    let Some(mut responsibility) = responsibility else {
        let missing = "there is no such file, which says who answers for what".to_string();
        return Err(unreadable(responsibility::FILE, missing));
    };
    for one in &mut read {
        responsibility.apply(&mut one.collection, &catalog)?;
    }
    responsibility.finish()?;
    catalog.collections = read
        .into_iter()
        .map(|one| Arc::new(one.collection))
        .collect();
    let mut sources: BTreeMap<String, _> = BTreeMap::new();
    for (register, file) in source_files {
        let source = sources::read(file, register, &catalog)?;
        if sources.contains_key(&source.name) {
            return Err(file.mistake(
                1,
                Mistake::Duplicate {
                    what: "source",
                    name: source.name,
                },
            ));
        }
        sources.insert(source.name.clone(), Arc::new(source));
    }
    catalog.sources = sources;
    shared.read(&mut catalog)?;
    Ok(catalog)
}

/// The files of `catalogue/`, which are read once collections and departments are known.
#[derive(Default)]
struct SharingFiles<'a> {
    resources: Option<&'a SchemaFile>,
    desk: Option<&'a SchemaFile>,
    workdays: Option<&'a SchemaFile>,
    open: Option<&'a SchemaFile>,
}

impl SharingFiles<'_> {
    fn read(self, catalog: &mut Catalog) -> Result<(), SchemaError> {
        let workdays = self.workdays.map(sharing::workdays).transpose()?;
        if let Some(file) = self.resources {
            catalog.sharing = Arc::new(sharing::resources(file, catalog)?);
        }
        if let Some(file) = self.desk {
            let desk = sharing::desk(file, workdays.unwrap_or_default(), catalog)?;
            catalog.desk = Some(Arc::new(desk));
        }
        if let Some(file) = self.open {
            catalog.open = Arc::new(open::read(file, catalog)?);
        }
        Ok(())
    }
}
