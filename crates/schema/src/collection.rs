//! Collections: the record types of the registers.

use std::collections::HashMap;

use record::{CompactString, FieldNumber, RegisterLetter};

use crate::{Authority, Field, Label, MatchRule, Sensitivity};

/// One record type: its fields, its natural key, who answers for it.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Its name in files and URLs.
    pub name: String,
    /// The register it belongs to.
    pub register: RegisterLetter,
    /// The register's name: also its folder in `schemas/` and its crate.
    pub register_name: String,
    /// Its label.
    pub label: Label,
    /// What it holds.
    pub description: Label,
    /// The most sensitive of its fields' sensitivities and its own.
    pub sensitivity: Sensitivity,
    /// Who answers for it, and how often it is brought up to date.
    pub authority: Authority,
    /// The fields, by number.
    pub fields: Vec<Field>,
    /// The natural key. Key fields that are not `required` count as null in the key when absent.
    pub key: Vec<FieldNumber>,
    /// The field shown as a record's title.
    pub title: FieldNumber,
    /// The field that is the record's geometry.
    pub location: Option<FieldNumber>,
    /// The record's own division.
    pub division: Option<FieldNumber>,
    /// Words that a query for it often holds.
    pub words: Vec<String>,
    /// By what two entities are suspected to be one.
    pub matches: Vec<MatchRule>,
    /// Field numbers by name.
    pub(crate) by_name: HashMap<CompactString, FieldNumber>,
}

impl Collection {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<(FieldNumber, &Field)> {
        let number = *self.by_name.get(name)?;
        Some((number, &self.fields[usize::from(number)]))
    }

    /// The number of the field of this name.
    pub fn number(&self, name: &str) -> Option<FieldNumber> {
        self.by_name.get(name).copied()
    }

    /// The field of this number; numbers come from this collection.
    ///
    /// # Panics
    ///
    /// Where the number is not one of this collection's.
    pub fn at(&self, number: FieldNumber) -> &Field {
        &self.fields[usize::from(number)]
    }

    /// The natural key's only field, where it has but one: what references name.
    pub fn single_key(&self) -> Option<&Field> {
        match self.key.as_slice() {
            [one] => Some(self.at(*one)),
            _ => None,
        }
    }

    /// The fields searched as full text.
    pub fn text_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.search.text)
    }
}
