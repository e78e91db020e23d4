//! What the subject's own log keeps back for a time, as `schemas/access/receipts.toml` says it.

use std::collections::BTreeMap;

use schema::{Label, SchemaError, SchemaFile, Spanned};
use serde::Deserialize;

use crate::Rules;

const FILE: &str = "access/receipts.toml";
/// The longest that anything may be kept from whom it is about, in days: ten years.
const LONGEST: u32 = 3_660;

/// For how long what was done for a purpose is kept from whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deferral {
    /// Days from each look on.
    pub days: u32,
    /// The law or rule that it rests on.
    pub basis: Label,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    deferral: BTreeMap<Spanned<String>, Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    days: Spanned<u32>,
    basis: Label,
}

/// The deferrals of the files of `schemas/access/`, by purpose.
///
/// # Errors
///
/// A mistake, with its line: a purpose that there is not, days that are too many.
pub fn deferrals(
    files: &[SchemaFile],
    rules: &Rules,
) -> Result<BTreeMap<String, Deferral>, SchemaError> {
    let Some(file) = files.iter().find(|file| file.path == FILE) else {
        return Ok(BTreeMap::new());
    };
    let raw: RawFile = file.toml()?;
    let mut all = BTreeMap::new();
    for (purpose, raw) in raw.deferral {
        if !rules.purposes.contains_key(purpose.get_ref()) {
            return Err(file.invalid("deferral", &purpose, "a purpose of access/purposes.toml"));
        }
        if !(1..=LONGEST).contains(raw.days.get_ref()) {
            let (at, days) = (raw.days.span().start, raw.days.get_ref().to_string());
            return Err(file.invalid_at(at, "days", &days, "1 to 3660"));
        }
        let deferral = Deferral {
            days: *raw.days.get_ref(),
            basis: raw.basis,
        };
        all.insert(purpose.into_inner(), deferral);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use schema::Catalog;

    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, Deferral>, String> {
        let catalog = Catalog::embedded().expect("schemas");
        let rules = Rules::of(&catalog).expect("rules");
        let file = SchemaFile {
            path: FILE.to_owned(),
            text: text.to_owned(),
        };
        deferrals(&[file], &rules).map_err(|error| error.to_string())
    }

    #[test]
    fn the_files_there_are_have_deferrals() {
        let catalog = Catalog::embedded().expect("schemas");
        let rules = Rules::of(&catalog).expect("rules");
        let all = deferrals(&catalog.access, &rules).expect("no mistake");
        assert_eq!(all["law-enforcement"].days, 180);
    }

    #[test]
    fn mistakes_have_their_line() {
        let basis = "basis = { zh = \"依据\", en = \"basis\" }";
        let unknown = read(&format!("\n[deferral.gossip]\ndays = 3\n{basis}\n"));
        let unknown = unknown.expect_err("refused");
        assert!(unknown.contains("access/receipts.toml:2"), "{unknown}");
        let long = read(&format!("[deferral.emergency]\ndays = 9999\n{basis}\n"));
        let long = long.expect_err("refused");
        assert!(long.contains("access/receipts.toml:2"), "{long}");
    }
}
