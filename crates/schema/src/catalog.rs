//! Everything `schemas/` says, read once and checked as a whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::sharing::{OpenData, Sharing, SharingDesk};
use crate::{CodeList, Collection, Label, Problems, SchemaError, SchemaFile, Source};

/// All collections, code lists, source mappings, departments and problems.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The collections, in the order person, organization, spatial, macroeconomy, then by name.
    pub collections: Vec<Arc<Collection>>,
    /// The code lists, by name.
    pub codelists: BTreeMap<String, Arc<CodeList>>,
    /// The source mappings, by name.
    pub sources: BTreeMap<String, Arc<Source>>,
    /// The departments' labels, by key.
    pub departments: BTreeMap<String, Label>,
    /// The table of problems.
    pub problems: Problems,
    /// The files of `access/`, for those who read them: who may see what.
    pub access: Arc<Vec<SchemaFile>>,
    /// On what terms collections are shared, by their names; empty where there is no catalogue.
    pub sharing: Arc<BTreeMap<String, Sharing>>,
    /// Who keeps the catalogue; none where there is none.
    pub desk: Option<Arc<SharingDesk>>,
    /// What is published without a key.
    pub open: Arc<OpenData>,
}

impl Catalog {
    /// The schemas the binary was built with.
    pub fn embedded() -> Result<Catalog, SchemaError> {
        crate::read::catalog(&crate::read::embedded_files()?)
    }

    /// The schemas of a folder laid out like `schemas/`.
    pub fn from_dir(folder: &Path) -> Result<Catalog, SchemaError> {
        crate::read::catalog(&crate::read::folder_files(folder)?)
    }

    /// The collection of this name.
    pub fn collection(&self, name: &str) -> Option<&Arc<Collection>> {
        self.collections
            .iter()
            .find(|collection| collection.name == name)
    }

    /// The collections of a register, by its name.
    pub fn register<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<Collection>> {
        self.collections
            .iter()
            .filter(move |collection| collection.register_name == name)
    }

    /// The source mapping of this name.
    pub fn source(&self, name: &str) -> Option<&Arc<Source>> {
        self.sources.get(name)
    }

    /// The code list of this name.
    pub fn codelist(&self, name: &str) -> Option<&Arc<CodeList>> {
        self.codelists.get(name)
    }
}
