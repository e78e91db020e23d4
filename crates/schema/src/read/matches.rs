//! `[[match]]` of a collection: which values make two entities suspect of being one.

use serde::Deserialize;
use toml::Spanned;

use super::SchemaFile;
use crate::{Collection, Field, FieldType, Label, MatchRule, SchemaError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMatch {
    name: Spanned<String>,
    label: Label,
    fields: Vec<Spanned<String>>,
}

/// Reads the rules of a collection whose fields are known.
pub(super) fn read(
    file: &SchemaFile,
    collection: &Collection,
    raw: Vec<RawMatch>,
) -> Result<Vec<MatchRule>, SchemaError> {
    let mut rules: Vec<MatchRule> = Vec::new();
    for one in raw {
        if rules.iter().any(|rule| rule.name == *one.name.get_ref()) {
            return Err(file.duplicate("match", &one.name));
        }
        let mut fields = Vec::new();
        for name in &one.fields {
            let Some((number, field)) = collection.field(name.get_ref()) else {
                return Err(file.missing("field", name, ""));
            };
            if !field.is_given() || field.many || field.kind.is_spatial() {
                let expected = "a field with one value, given by sources, that is no geometry";
                return Err(file.invalid("match field", name, expected));
            }
            if fields.contains(&number) {
                return Err(file.duplicate("match field", name));
            }
            fields.push(number);
        }
        let findable = |field: &Field| matches!(field.kind, FieldType::Text) && field.search.any();
        if !fields.iter().any(|number| findable(collection.at(*number))) {
            let expected = "fields, of which one is a text that is searched (exact or text)";
            return Err(file.invalid("match", &one.name, expected));
        }
        if collection.key.iter().all(|number| fields.contains(number)) {
            let expected = "fields that two entities can share: not the whole key";
            return Err(file.invalid("match", &one.name, expected));
        }
        rules.push(MatchRule {
            name: one.name.into_inner(),
            label: one.label,
            fields,
        });
    }
    Ok(rules)
}
