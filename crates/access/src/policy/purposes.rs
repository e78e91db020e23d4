//! Purposes, as `schemas/access/purposes.toml` says them: what a request may be for.

use std::collections::BTreeSet;

use regex::Regex;
use schema::Label;

/// What a request may be for.
#[derive(Clone, Debug)]
pub struct PurposeRule {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Label,
    /// The law or rule that it rests on.
    pub basis: Label,
    /// The number of a case must be given.
    pub needs_case: bool,
    /// Of what form case numbers are.
    pub case_form: Option<Regex>,
    /// The collections it is about; empty means all that a role sees.
    pub collections: BTreeSet<String>,
}

impl PurposeRule {
    /// Whether a case number will do, or the lack of one.
    pub fn accepts(&self, case: Option<&str>) -> bool {
        match case.map(str::trim).filter(|case| !case.is_empty()) {
            None => !self.needs_case,
            Some(case) => self
                .case_form
                .as_ref()
                .is_none_or(|form| form.is_match(case)),
        }
    }
}
