//! A data directory: `jiku.json` says what it is, `ledger/` is the truth, `index/` is derived.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store::StoreError;

const FILE: &str = "jiku.json";
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Description {
    format: u32,
    synthetic: bool,
}

/// A data directory that exists.
#[derive(Clone, Debug)]
pub struct DataDirectory {
    path: PathBuf,
    synthetic: bool,
}

impl DataDirectory {
    /// Makes a data directory. `synthetic` marks it for synthetic data, for ever.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] where one is there already, or the folder holds anything else.
    pub fn create(path: &Path, synthetic: bool) -> Result<DataDirectory, StoreError> {
        let files = |source| StoreError::Files {
            path: path.to_path_buf(),
            source,
        };
        fs::create_dir_all(path).map_err(files)?;
        if path.join(FILE).exists() {
            return Err(StoreError::Refused(format!(
                "{} is a data directory already",
                path.display()
            )));
        }
        if path.join("ledger").exists() {
            return Err(StoreError::Refused(format!(
                "{} holds a ledger but no {FILE}: is it damaged?",
                path.display()
            )));
        }
        let text = serde_json::to_string_pretty(&Description {
            format: FORMAT,
            synthetic,
        })
        .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        let file = path.join(FILE);
        fs::write(&file, text + "\n").map_err(|source| StoreError::Files { path: file, source })?;
        Ok(DataDirectory {
            path: path.to_path_buf(),
            synthetic,
        })
    }

    /// Opens a data directory.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] where there is none, or one of a later version.
    pub fn open(path: &Path) -> Result<DataDirectory, StoreError> {
        let text = fs::read_to_string(path.join(FILE)).map_err(|_| {
            StoreError::Refused(format!(
                "{} is no data directory: make one with 'jiku init --data {}'",
                path.display(),
                path.display()
            ))
        })?;
        let description: Description = serde_json::from_str(&text).map_err(|reason| {
            StoreError::Refused(format!("{}: {reason}", path.join(FILE).display()))
        })?;
        if description.format != FORMAT {
            return Err(StoreError::Refused(format!(
                "{} is of format {}, this program knows format {FORMAT}",
                path.display(),
                description.format
            )));
        }
        Ok(DataDirectory {
            path: path.to_path_buf(),
            synthetic: description.synthetic,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it was made for synthetic data.
    pub fn is_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The ledger's folder.
    pub fn ledger(&self) -> PathBuf {
        self.path.join("ledger")
    }

    /// The folder of a collection's index.
    pub fn index(&self, collection: &str) -> PathBuf {
        self.path.join("index").join(collection)
    }

    /// Where loads keep what memory should not hold; nothing in it outlives them.
    pub fn scratch(&self) -> PathBuf {
        self.path.join("scratch")
    }

    /// Where reject files and reports go.
    pub fn rejects(&self) -> PathBuf {
        self.path.join("rejects")
    }

    /// Where list comparisons are kept: keys and answers, for the server's user only.
    pub fn comparisons(&self) -> PathBuf {
        self.path.join("comparisons")
    }

    /// Where uploads are, and what was found out about them: a folder for each load.
    pub fn loads(&self) -> PathBuf {
        self.path.join("loads")
    }
}
