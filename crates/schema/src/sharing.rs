//! What a collection is to other departments: the files of `catalogue/`.

use std::collections::BTreeMap;

use record::{CompactString, Day};
use serde::{Deserialize, Serialize};

use crate::{Label, Workdays};

/// Whether departments get something (GB/T 21063), from least to most guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharingType {
    /// Every department, on request.
    Unconditional,
    /// Those that meet a condition.
    Conditional,
    /// Nobody, on a ground in law.
    NotShared,
}

impl SharingType {
    /// Its name in the standard.
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            SharingType::Unconditional => ("无条件共享", "Unconditional"),
            SharingType::Conditional => ("有条件共享", "Conditional"),
            SharingType::NotShared => ("不予共享", "Not shared"),
        };
        Label {
            zh: zh.to_string(),
            en: en.to_string(),
        }
    }
}

/// How something is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharingMode {
    /// Queries over the interface.
    Interface,
    /// Files.
    File,
    /// A claim is compared with a record, which is not shown.
    Verification,
    /// A list is compared with agreed questions.
    Comparison,
}

impl SharingMode {
    /// What people call it.
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            SharingMode::Interface => ("接口", "Interface"),
            SharingMode::File => ("文件", "Files"),
            SharingMode::Verification => ("核验", "Verification"),
            SharingMode::Comparison => ("比对", "Comparison of lists"),
        };
        Label {
            zh: zh.to_string(),
            en: en.to_string(),
        }
    }
}

/// On what terms something is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// Whether.
    pub sharing: SharingType,
    /// On what law or rule that rests.
    pub ground: Label,
    /// Under which condition, where there is one.
    pub condition: Option<Label>,
}

/// A collection as an entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The resource's code, the city's own.
    pub code: String,
    /// Its theme: a code of the European authority table of data themes, which DCAT-AP wants.
    pub theme: String,
    /// Words by which it is found.
    pub keywords: Vec<Label>,
    /// On what terms its fields are shared.
    pub terms: Terms,
    /// How.
    pub modes: Vec<SharingMode>,
    /// Since when the catalogue offers it; none where it is announced and not published yet.
    pub published: Option<Day>,
    /// The fields with terms of their own.
    pub fields: BTreeMap<CompactString, Terms>,
}

impl Sharing {
    /// The terms of a field.
    pub fn terms_of(&self, field: &str) -> &Terms {
        self.fields.get(field).unwrap_or(&self.terms)
    }
}

/// How many working days each step of a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestClocks {
    /// The supervisor's check.
    pub conformity: u16,
    /// The providers' answers.
    pub answer: u16,
    /// The publication of what was not published before.
    pub publication: u16,
    /// How many working days before the end of a clock it is said.
    pub reminder: u16,
    /// The most days that a grant may last.
    pub longest_grant: u16,
}

/// How many working days each step of an objection may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionClocks {
    /// Until the responsible department takes it on.
    pub acceptance: u16,
    /// Until it has said what is right.
    pub verification: u16,
}

/// Who keeps the catalogue, and its clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharingDesk {
    /// The department that checks requests and keeps the board.
    pub supervisor: String,
    /// The address at which it is reached.
    pub contact: String,
    /// The clocks of requests.
    pub requests: RequestClocks,
    /// The clocks of objections.
    pub objections: ObjectionClocks,
    /// The working days.
    pub workdays: Workdays,
}

/// What is published of a collection without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenForm {
    /// Records: these fields of them.
    Records(Vec<CompactString>),
    /// Numbers of records, by one or two keys.
    Counts {
        /// The keys.
        by: Vec<OpenKey>,
        /// Numbers below it are withheld, but nought.
        threshold: u64,
    },
}

/// By what records are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpenKey {
    /// A code field.
    Code(CompactString),
    /// The record's own division, at a level of so many digits.
    Division {
        /// The level's name.
        level: CompactString,
        /// How many digits of the code.
        digits: usize,
    },
    /// Completed years since a date, in bands.
    Age {
        /// How wide a band is.
        years: u16,
        /// The date.
        field: CompactString,
    },
}

impl OpenKey {
    /// As it is written in `open.toml`.
    pub fn name(&self) -> String {
        match self {
            OpenKey::Code(field) => field.to_string(),
            OpenKey::Division { level, .. } => format!("division:{level}"),
            OpenKey::Age { years, field } => format!("age:{years}:{field}"),
        }
    }
}

/// One thing that is published without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenResource {
    /// Its name in addresses.
    pub name: String,
    /// What it is called.
    pub label: Label,
    /// What it is.
    pub description: Label,
    /// Of which collection.
    pub collection: String,
    /// What of it.
    pub form: OpenForm,
    /// How often there is a new edition.
    pub edition: crate::UpdateCycle,
}

/// Everything that is published without a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenData {
    /// The licence's address.
    pub license: String,
    /// What there is, in the order of the names.
    pub resources: Vec<OpenResource>,
}

impl OpenData {
    /// The resource of this name.
    pub fn resource(&self, name: &str) -> Option<&OpenResource> {
        self.resources.iter().find(|one| one.name == name)
    }

    /// What is published of a collection.
    pub fn of<'a>(&'a self, collection: &'a str) -> impl Iterator<Item = &'a OpenResource> {
        self.resources
            .iter()
            .filter(move |one| one.collection == collection)
    }
}

#[cfg(test)]
mod tests;
