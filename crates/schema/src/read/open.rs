//! `catalogue/open.toml`: what is published without a key.

use std::collections::BTreeMap;

use record::CompactString;
use serde::Deserialize;
use toml::Spanned;

use super::SchemaFile;
use crate::sharing::{OpenData, OpenForm, OpenKey, OpenResource};
use crate::{Catalog, Collection, FieldType, Label, SchemaError, Sensitivity, UpdateCycle};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOpen {
    license: Spanned<String>,
    #[serde(default)]
    resource: BTreeMap<Spanned<String>, RawResource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResource {
    label: Label,
    description: Label,
    collection: Spanned<String>,
    records: Option<Vec<Spanned<String>>>,
    counts: Option<Vec<Spanned<String>>>,
    threshold: Option<Spanned<u64>>,
    edition: Option<Spanned<UpdateCycle>>,
}

/// The smallest threshold: below it, of two that count together, each knows the other.
const LEAST_THRESHOLD: u64 = 3;
/// The same where a collection says something of persons.
const LEAST_OF_PERSONS: u64 = 5;
/// The most keys of a table of counts.
const MOST_KEYS: usize = 2;

/// The file.
pub(super) fn read(file: &SchemaFile, catalog: &Catalog) -> Result<OpenData, SchemaError> {
    let raw: RawOpen = file.toml()?;
    if !raw.license.get_ref().starts_with("http") {
        return Err(file.invalid("license", &raw.license, "the address of a licence"));
    }
    let mut resources = Vec::new();
    for (name, entry) in raw.resource {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.get_ref().is_empty() || !name.get_ref().bytes().all(is_plain) {
            return Err(file.invalid("resource", &name, "lower case letters, digits and hyphens"));
        }
        let at = name.span().start;
        let read = resource(file, name, entry, catalog)?;
        fits(file, at, &read, &resources)?;
        resources.push(read);
    }
    Ok(OpenData {
        license: raw.license.into_inner(),
        resources,
    })
}

fn resource(
    file: &SchemaFile,
    name: Spanned<String>,
    raw: RawResource,
    catalog: &Catalog,
) -> Result<OpenResource, SchemaError> {
    let Some(collection) = catalog.collection(raw.collection.get_ref()) else {
        return Err(file.missing("collection", &raw.collection, ""));
    };
    let cycle = collection.authority.update_cycle;
    let edition = raw.edition.as_ref().map(|one| *one.get_ref());
    if let Some(given) = raw
        .edition
        .as_ref()
        .filter(|one| *one.get_ref() == UpdateCycle::Irregular)
    {
        let at = given.span().start;
        let expected = "daily, weekly, monthly, quarterly or annual";
        return Err(file.invalid_at(at, "edition", "irregular", expected));
    }
    let (form, edition) = match (raw.records, raw.counts, raw.threshold, edition) {
        (Some(fields), None, None, None) => (
            OpenForm::Records(records(file, collection, &fields)?),
            cycle,
        ),
        (None, Some(keys), Some(threshold), Some(edition)) => {
            (counts(file, collection, &keys, &threshold)?, edition)
        }
        _ => {
            let expected = "either records, or counts with a threshold and an edition";
            return Err(file.invalid("resource", &name, expected));
        }
    };
    Ok(OpenResource {
        name: name.into_inner(),
        label: raw.label,
        description: raw.description,
        collection: collection.name.clone(),
        form,
        edition,
    })
}

/// Refuses counts that do not go together with others of the same collection: small numbers are withheld in
/// all of them at once, which wants the same threshold and edition, and no key that is a part of another's.
fn fits(
    file: &SchemaFile,
    at: usize,
    new: &OpenResource,
    others: &[OpenResource],
) -> Result<(), SchemaError> {
    let OpenForm::Counts { by, threshold } = &new.form else {
        return Ok(());
    };
    for other in others
        .iter()
        .filter(|other| other.collection == new.collection)
    {
        let OpenForm::Counts {
            by: theirs,
            threshold: their_threshold,
        } = &other.form
        else {
            continue;
        };
        if threshold != their_threshold || new.edition != other.edition {
            let expected = format!("the threshold and the edition of '{}'", other.name);
            return Err(file.invalid_at(at, "resource", &new.name, &expected));
        }
        let overlaps = |one: &OpenKey, other: &OpenKey| match (one, other) {
            (OpenKey::Division { .. }, OpenKey::Division { .. }) => one != other,
            (
                OpenKey::Age {
                    field: one_date, ..
                },
                OpenKey::Age { field, .. },
            ) => one_date == field && one != other,
            _ => false,
        };
        if by
            .iter()
            .any(|one| theirs.iter().any(|other| overlaps(one, other)))
        {
            let expected = format!(
                "divisions of the level, and ages in the bands, of '{}'",
                other.name
            );
            return Err(file.invalid_at(at, "resource", &new.name, &expected));
        }
    }
    Ok(())
}

/// The fields of records: each one that anybody may see.
fn records(
    file: &SchemaFile,
    collection: &Collection,
    names: &[Spanned<String>],
) -> Result<Vec<CompactString>, SchemaError> {
    let mut out: Vec<CompactString> = Vec::new();
    for name in names {
        let Some((_, field)) = collection.field(name.get_ref()) else {
            return Err(file.missing("field", name, ""));
        };
        if field.sensitivity > Sensitivity::Public {
            return Err(file.invalid("open field", name, "a field whose sensitivity is public"));
        }
        if field.target().is_some() {
            let expected = "a value of its own: where a reference leads is not open with it";
            return Err(file.invalid("open field", name, expected));
        }
        if out.contains(&field.name) {
            return Err(file.duplicate("open field", name));
        }
        out.push(field.name.clone());
    }
    Ok(out)
}

fn counts(
    file: &SchemaFile,
    collection: &Collection,
    names: &[Spanned<String>],
    threshold: &Spanned<u64>,
) -> Result<OpenForm, SchemaError> {
    let least = if collection.sensitivity >= Sensitivity::Personal {
        LEAST_OF_PERSONS
    } else {
        LEAST_THRESHOLD
    };
    if *threshold.get_ref() < least {
        let (at, value) = (threshold.span().start, threshold.get_ref().to_string());
        return Err(file.invalid_at(at, "threshold", &value, &format!("{least} or more")));
    }
    let mut by: Vec<OpenKey> = Vec::new();
    for name in names {
        let key = key(file, collection, name)?;
        if by.contains(&key) || by.len() == MOST_KEYS {
            return Err(file.invalid("counts", name, "one key, or two that differ"));
        }
        by.push(key);
    }
    if by.is_empty() {
        let at = threshold.span().start;
        return Err(file.invalid_at(at, "counts", "", "one key, or two that differ"));
    }
    Ok(OpenForm::Counts {
        by,
        threshold: *threshold.get_ref(),
    })
}

fn key(
    file: &SchemaFile,
    collection: &Collection,
    name: &Spanned<String>,
) -> Result<OpenKey, SchemaError> {
    let wrong = || {
        let expected =
            "a code field, division:county (or another level), or age:10:<a date with a column>";
        file.invalid("count key", name, expected)
    };
    let parts: Vec<&str> = name.get_ref().split(':').collect();
    match parts.as_slice() {
        ["division", level] if collection.division.is_some() => {
            let levels = [("province", 2), ("city", 4), ("county", 6), ("town", 9)];
            let found = levels.iter().find(|(name, _)| name == level);
            let (level, digits) = found.ok_or_else(wrong)?;
            Ok(OpenKey::Division {
                level: CompactString::from(*level),
                digits: *digits,
            })
        }
        ["age", years, field] => {
            let years = years.parse().ok().filter(|years| (5..=50).contains(years));
            let date = collection
                .field(field)
                .filter(|(_, field)| matches!(field.kind, FieldType::Date) && field.search.column);
            match (years, date) {
                (Some(years), Some((_, field))) => Ok(OpenKey::Age {
                    years,
                    field: field.name.clone(),
                }),
                _ => Err(wrong()),
            }
        }
        [field] => match collection.field(field) {
            Some((_, field)) if field.codelist().is_some() && !field.many => {
                Ok(OpenKey::Code(field.name.clone()))
            }
            Some(_) => Err(wrong()),
            None => Err(file.missing("field", name, "")),
        },
        _ => Err(wrong()),
    }
}
