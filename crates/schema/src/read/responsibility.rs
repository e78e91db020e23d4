//! `responsibility.toml`: who answers for each collection, and for fields where that differs.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::SchemaFile;
use super::collections::check_department;
use crate::authority::{Authority, UpdateCycle};
use crate::{Catalog, Collection, Mistake, SchemaError};

/// The file's name.
pub(super) const FILE: &str = "responsibility.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    responsible: Spanned<String>,
    #[serde(default)]
    others: Vec<Spanned<String>>,
    update_cycle: UpdateCycle,
    #[serde(default)]
    fields: BTreeMap<Spanned<String>, RawFieldEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFieldEntry {
    responsible: Spanned<String>,
    #[serde(default)]
    others: Vec<Spanned<String>>,
    update_cycle: Option<UpdateCycle>,
}

/// The entries of the file, by collection.
pub(super) struct Responsibility<'a> {
    file: &'a SchemaFile,
    entries: BTreeMap<Spanned<String>, RawEntry>,
}

impl<'a> Responsibility<'a> {
    /// Reads the file.
    pub fn read(file: &'a SchemaFile) -> Result<Responsibility<'a>, SchemaError> {
        Ok(Responsibility {
            file,
            entries: file.toml()?,
        })
    }

    /// Says of a collection and its fields who answers for them.
    pub fn apply(
        &mut self,
        collection: &mut Collection,
        catalog: &Catalog,
    ) -> Result<(), SchemaError> {
        let name = self
            .entries
            .keys()
            .find(|name| *name.get_ref() == collection.name);
        let entry = name.cloned().and_then(|name| self.entries.remove(&name));
        let Some(entry) = entry else {
            return Err(self.file.mistake(
                0,
                Mistake::Missing {
                    what: "collection",
                    name: collection.name.clone(),
                    expected: ": expected an entry for each collection".to_string(),
                },
            ));
        };
        let authority = self.authority(
            &entry.responsible,
            &entry.others,
            entry.update_cycle,
            catalog,
        )?;
        for field in &mut collection.fields {
            field.authority = authority.clone();
        }
        for (name, one) in &entry.fields {
            let cycle = one.update_cycle.unwrap_or(entry.update_cycle);
            let own = self.authority(&one.responsible, &one.others, cycle, catalog)?;
            let Some(number) = collection.number(name.get_ref()) else {
                return Err(self.file.missing("field", name, ""));
            };
            collection.fields[usize::from(number)].authority = own;
        }
        collection.authority = authority;
        Ok(())
    }

    /// Refuses entries for collections that do not exist.
    pub fn finish(self) -> Result<(), SchemaError> {
        match self.entries.keys().next() {
            None => Ok(()),
            Some(name) => Err(self.file.missing("collection", name, "")),
        }
    }

    fn authority(
        &self,
        responsible: &Spanned<String>,
        others: &[Spanned<String>],
        update_cycle: UpdateCycle,
        catalog: &Catalog,
    ) -> Result<Authority, SchemaError> {
        check_department(self.file, responsible, catalog)?;
        let mut named = vec![responsible.get_ref().clone()];
        for other in others {
            check_department(self.file, other, catalog)?;
            if named.contains(other.get_ref()) {
                return Err(self.file.duplicate("department", other));
            }
            named.push(other.get_ref().clone());
        }
        Ok(Authority {
            responsible: named.remove(0),
            others: named,
            update_cycle,
        })
    }
}
