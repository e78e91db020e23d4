//! `departments.toml` and `problems.toml`.

use std::collections::BTreeMap;

use toml::Spanned;

use super::SchemaFile;
use crate::problem::{PLACEHOLDERS, placeholders};
use crate::{Label, ProblemText, Problems, SchemaError};

pub(super) fn departments(file: &SchemaFile) -> Result<BTreeMap<String, Label>, SchemaError> {
    file.toml()
}

pub(super) fn problems(file: &SchemaFile) -> Result<Problems, SchemaError> {
    let entries: BTreeMap<String, Spanned<ProblemText>> = file.toml()?;
    let mut by_code = BTreeMap::new();
    for (code, entry) in entries {
        let offset = entry.span().start;
        let entry = entry.into_inner();
        if !code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        {
            return Err(file.invalid_at(offset, "code", &code, "lower case letters and hyphens"));
        }
        if let Some(status) = entry.http
            && !(400..=599).contains(&status)
        {
            return Err(file.invalid_at(offset, "http", &status.to_string(), "400 to 599"));
        }
        for template in [&entry.zh, &entry.en] {
            if let Some(name) = placeholders(template).find(|name| !PLACEHOLDERS.contains(name)) {
                let known = "{field}, {value}, {expected} or {line}";
                return Err(file.invalid_at(offset, "placeholder", name, known));
            }
        }
        by_code.insert(code, entry);
    }
    Ok(Problems { by_code })
}
