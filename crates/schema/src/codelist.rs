//! Code lists: the values a code field may take. Entries end, they never vanish.

use std::collections::HashMap;

use record::{CompactString, PartialDate};

/// One entry of a code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code.
    pub code: CompactString,
    /// Its Chinese name.
    pub name_zh: CompactString,
    /// Its English name; empty where there is none.
    pub name_en: CompactString,
    /// The code above it.
    pub parent: Option<CompactString>,
    /// From when it is used; none: from the start of the list.
    pub valid_from: Option<PartialDate>,
    /// When it ended (first day on which it is no longer used); none: it is in use.
    pub valid_to: Option<PartialDate>,
    /// Anything else worth knowing: the alphabetic code, the ELF code.
    pub note: CompactString,
}

/// A code list, in the order of its file.
#[derive(Clone, Debug, Default)]
pub struct CodeList {
    /// Its name: the file's name without `.csv`.
    pub name: String,
    /// The entries.
    pub entries: Vec<CodeEntry>,
    /// Places in `entries` by code.
    pub(crate) codes: HashMap<CompactString, u32>,
    /// Places in `entries` by Chinese name; of entries of one name the first that has not ended.
    pub(crate) names: HashMap<CompactString, u32>,
}

impl CodeList {
    /// The entry of a code, ended or not.
    pub fn get(&self, code: &str) -> Option<&CodeEntry> {
        self.codes
            .get(code)
            .map(|place| &self.entries[*place as usize])
    }

    /// The entry of a Chinese name; where two bear it, the one still in use, then the first.
    pub fn by_name(&self, name_zh: &str) -> Option<&CodeEntry> {
        self.names
            .get(name_zh)
            .map(|place| &self.entries[*place as usize])
    }

    /// The place of a code in `entries`.
    pub fn place(&self, code: &str) -> Option<usize> {
        self.codes.get(code).map(|place| *place as usize)
    }

    /// The code and the codes above it, from the code upwards.
    pub fn ancestors(&self, code: &str) -> impl Iterator<Item = &CodeEntry> {
        let mut next = self.get(code);
        std::iter::from_fn(move || {
            let entry = next?;
            next = entry.parent.as_deref().and_then(|parent| self.get(parent));
            Some(entry)
        })
    }
}
