//! The files and manifests that are checked.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Spanned, Table};

/// Something to put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the workspace's root.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// A text file.
#[derive(Clone, Debug)]
pub struct File {
    /// From the workspace's root, with slashes.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// A finding on one of its lines.
    pub fn finding(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            message: message.into(),
        }
    }

    /// The line of a byte, from 1.
    pub fn line_of(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1
    }
}

/// A dependency as its manifest has it.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The package's name.
    pub package: String,
    /// The line.
    pub line: usize,
}

/// One package of the workspace.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its manifest.
    pub manifest: File,
    /// Its folder, from the workspace's root.
    pub folder: String,
    /// Its name, and the line that gives it.
    pub name: (String, usize),
    /// The layer it declares, and where.
    pub layer: Option<(i64, usize)>,
    /// What it depends on: for building, for tests, for its build script.
    pub dependencies: Vec<Dependency>,
}

/// Everything that is checked.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Where it is.
    pub root: PathBuf,
    /// The packages, by folder.
    pub packages: Vec<Package>,
    /// The Rust files.
    pub sources: Vec<File>,
    /// Every other text file that names may be found in: manifests, schemas, Makefile.
    pub others: Vec<File>,
    /// Folders that the version control ignores: what is in them is made, not written.
    pub ignored: Vec<String>,
}

impl Workspace {
    /// Reads the workspace at a root.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or a manifest that is none.
    pub fn read(root: &Path) -> io::Result<Workspace> {
        let root = root.canonicalize()?;
        let mut workspace = Workspace {
            ignored: ignored(&root)?,
            root,
            ..Workspace::default()
        };
        for folder in ["crates", "schemas", "benches", "tests"] {
            workspace.walk(folder)?;
        }
        for name in ["Cargo.toml", "Makefile", ".ci/run"] {
            workspace.keep(name)?;
        }
        let manifests: Vec<File> = workspace
            .others
            .iter()
            .filter(|file| file.path.ends_with("/Cargo.toml"))
            .cloned()
            .collect();
        for manifest in manifests {
            workspace.packages.push(package(manifest)?);
        }
        Ok(workspace)
    }

    /// A file by its path; `None` where there is none.
    pub fn text_of(&self, path: &str) -> Option<File> {
        let text = fs::read_to_string(self.root.join(path)).ok()?;
        Some(File {
            path: path.to_owned(),
            text,
        })
    }

    /// The package that a file belongs to.
    pub fn package_of(&self, path: &str) -> Option<&Package> {
        let inside = |package: &&Package| {
            path.strip_prefix(package.folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.packages.iter().find(inside)
    }

    fn walk(&mut self, folder: &str) -> io::Result<()> {
        let path = self.root.join(folder);
        if !path.is_dir() {
            return Ok(());
        }
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(path)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        names.sort();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            let inner = format!("{folder}/{name}");
            if self.root.join(&inner).is_dir() {
                self.walk(&inner)?;
            } else {
                self.keep(&inner)?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, path: &str) -> io::Result<()> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let plain = ["Makefile", "run"].contains(&name);
        if !plain && !name.ends_with(".rs") && !name.ends_with(".toml") {
            return Ok(());
        }
        let Some(file) = self.text_of(path) else {
            return Ok(());
        };
        if name.ends_with(".rs") {
            self.sources.push(file);
        } else {
            self.others.push(file);
        }
        Ok(())
    }
}

/// The top-level folders that `.gitignore` names.
fn ignored(root: &Path) -> io::Result<Vec<String>> {
    let text = match fs::read_to_string(root.join(".gitignore")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let folders = text.lines().filter_map(|line| line.strip_prefix('/'));
    Ok(folders
        .map(|folder| folder.trim_end_matches('/').to_owned())
        .collect())
}

#[derive(Deserialize)]
struct Manifest {
    package: PackageTable,
    #[serde(flatten)]
    dependencies: Dependencies,
    #[serde(default)]
    target: BTreeMap<String, Dependencies>,
}

#[derive(Deserialize)]
struct PackageTable {
    name: Spanned<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default)]
    jiku: Jiku,
}

#[derive(Default, Deserialize)]
struct Jiku {
    layer: Option<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
struct Dependencies {
    #[serde(default)]
    dependencies: Table,
    #[serde(default, rename = "dev-dependencies")]
    dev: Table,
    #[serde(default, rename = "build-dependencies")]
    build: Table,
}

/// Reads a manifest.
fn package(manifest: File) -> io::Result<Package> {
    let invalid = |reason: toml::de::Error| {
        let text = format!("{}: {reason}", manifest.path);
        io::Error::new(io::ErrorKind::InvalidData, text)
    };
    let read: Manifest = toml::from_str(&manifest.text).map_err(invalid)?;
    let name = read.package.name;
    let layer = read.package.metadata.jiku.layer;
    let mut dependencies = Vec::new();
    for tables in std::iter::once(&read.dependencies).chain(read.target.values()) {
        for (key, value) in [&tables.dependencies, &tables.dev, &tables.build]
            .into_iter()
            .flatten()
        {
            let renamed = value.get("package").and_then(|package| package.as_str());
            dependencies.push(Dependency {
                package: renamed.unwrap_or(key).to_owned(),
                line: line_of_key(&manifest, key),
            });
        }
    }
    let folder = manifest.path.trim_end_matches("/Cargo.toml").to_owned();
    Ok(Package {
        folder,
        name: (name.get_ref().clone(), manifest.line_of(name.span().start)),
        layer: layer.map(|layer| (*layer.get_ref(), manifest.line_of(layer.span().start))),
        dependencies,
        manifest,
    })
}

/// The first line that begins with a key or makes a table of it.
fn line_of_key(manifest: &File, key: &str) -> usize {
    let names = |line: &str| {
        let after = line.trim_start().strip_prefix(key);
        after.is_some_and(|rest| rest.starts_with([' ', '=', '.']))
            || line.trim_end().ends_with(&format!("dependencies.{key}]"))
    };
    manifest.text.lines().position(names).map_or(1, |at| at + 1)
}
