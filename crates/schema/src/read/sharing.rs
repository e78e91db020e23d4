//! `catalogue/`: on what terms collections are shared, the clocks of the desk, the working days.

use std::collections::{BTreeMap, BTreeSet};

use record::{CompactString, Day};
use serde::Deserialize;
use toml::Spanned;

use super::SchemaFile;
use super::collections::check_department;
use crate::sharing::{
    ObjectionClocks, RequestClocks, Sharing, SharingDesk, SharingMode, SharingType, Terms,
};
use crate::{Catalog, Collection, Label, Mistake, SchemaError, Sensitivity, Workdays};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResource {
    code: Spanned<String>,
    theme: Spanned<String>,
    keywords: Vec<Label>,
    sharing: Spanned<SharingType>,
    ground: Label,
    condition: Option<Label>,
    modes: Vec<Spanned<SharingMode>>,
    published: Option<Spanned<String>>,
    #[serde(default)]
    fields: BTreeMap<Spanned<String>, RawTerms>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerms {
    sharing: Spanned<SharingType>,
    ground: Label,
    condition: Option<Label>,
}

/// The themes of the European authority table, which DCAT-AP catalogues are sorted by.
const THEMES: [&str; 13] = [
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH",
    "TRAN",
];

/// The entries of `resources.toml`, by collection.
pub(super) fn resources(
    file: &SchemaFile,
    catalog: &Catalog,
) -> Result<BTreeMap<String, Sharing>, SchemaError> {
    let raw: BTreeMap<Spanned<String>, RawResource> = file.toml()?;
    let mut codes = BTreeSet::new();
    let mut out = BTreeMap::new();
    for (name, entry) in raw {
        let Some(collection) = catalog.collection(name.get_ref()) else {
            return Err(file.missing("collection", &name, ""));
        };
        if !codes.insert(entry.code.get_ref().clone()) {
            return Err(file.duplicate("code", &entry.code));
        }
        let sharing = resource(file, collection, entry)?;
        out.insert(name.into_inner(), sharing);
    }
    for collection in &catalog.collections {
        if !out.contains_key(&collection.name) {
            let missing = Mistake::Missing {
                what: "collection",
                name: collection.name.clone(),
                expected: ": expected an entry for each collection".to_string(),
            };
            return Err(file.mistake(0, missing));
        }
    }
    Ok(out)
}

fn resource(
    file: &SchemaFile,
    collection: &Collection,
    raw: RawResource,
) -> Result<Sharing, SchemaError> {
    if !THEMES.contains(&raw.theme.get_ref().as_str()) {
        return Err(file.invalid("theme", &raw.theme, &THEMES.join(", ")));
    }
    let most = |field: &crate::Field| field.sensitivity;
    let own = collection.fields.iter().filter(|field| {
        let name = |known: &Spanned<String>| known.get_ref() == field.name.as_str();
        !raw.fields.keys().any(name)
    });
    // What the collection's own terms reach: the fields without terms of their own.
    let sensitivity = own.map(most).max().unwrap_or_default();
    let terms = terms(
        file,
        raw.sharing,
        raw.ground,
        raw.condition,
        sensitivity,
        collection,
    )?;
    let mut fields = BTreeMap::new();
    for (name, entry) in raw.fields {
        let Some((_, field)) = collection.field(name.get_ref()) else {
            return Err(file.missing("field", &name, ""));
        };
        let RawTerms {
            sharing,
            ground,
            condition,
        } = entry;
        let own = self::terms(
            file,
            sharing,
            ground,
            condition,
            field.sensitivity,
            collection,
        )?;
        fields.insert(CompactString::from(name.get_ref().as_str()), own);
    }
    let mut modes = Vec::new();
    for mode in raw.modes {
        let at = mode.span().start;
        if modes.contains(mode.get_ref()) {
            let name = mode.get_ref().label().en;
            return Err(file.mistake_at(at, Mistake::Duplicate { what: "mode", name }));
        }
        modes.push(mode.into_inner());
    }
    let published = raw.published.map(|text| day(file, &text)).transpose()?;
    Ok(Sharing {
        code: raw.code.into_inner(),
        theme: raw.theme.into_inner(),
        keywords: raw.keywords,
        terms,
        modes,
        published,
        fields,
    })
}

fn terms(
    file: &SchemaFile,
    sharing: Spanned<SharingType>,
    ground: Label,
    condition: Option<Label>,
    sensitivity: Sensitivity,
    collection: &Collection,
) -> Result<Terms, SchemaError> {
    let at = sharing.span().start;
    let sharing = sharing.into_inner();
    let name = sharing.label().en;
    if (sharing == SharingType::Conditional) != condition.is_some() {
        let expected = "a condition with what is shared on one, and with nothing else";
        return Err(file.invalid_at(at, "sharing", &name, expected));
    }
    if sharing == SharingType::Unconditional && sensitivity >= Sensitivity::Personal {
        let expected = format!(
            "conditional or not-shared for what is personal in '{}'",
            collection.name
        );
        return Err(file.invalid_at(at, "sharing", &name, &expected));
    }
    if ground.zh.is_empty() || ground.en.is_empty() {
        return Err(file.invalid_at(at, "ground", "", "the law or rule it rests on"));
    }
    Ok(Terms {
        sharing,
        ground,
        condition,
    })
}

/// A day of the calendar.
pub(super) fn day(file: &SchemaFile, text: &Spanned<String>) -> Result<Day, SchemaError> {
    let read = text.get_ref().parse::<Day>();
    read.map_err(|_| file.invalid("day", text, "a day such as 2026-03-02"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDesk {
    supervisor: Spanned<String>,
    contact: Spanned<String>,
    requests: RequestClocks,
    objections: ObjectionClocks,
}

/// `desk.toml`, with the working days read before.
pub(super) fn desk(
    file: &SchemaFile,
    workdays: Workdays,
    catalog: &Catalog,
) -> Result<SharingDesk, SchemaError> {
    let raw: RawDesk = file.toml()?;
    check_department(file, &raw.supervisor, catalog)?;
    let address = raw.contact.get_ref();
    if !(address.starts_with("https://") || address.starts_with("mailto:")) {
        return Err(file.invalid("contact", &raw.contact, "an address: https:// or mailto:"));
    }
    Ok(SharingDesk {
        supervisor: raw.supervisor.into_inner(),
        contact: raw.contact.into_inner(),
        requests: raw.requests,
        objections: raw.objections,
        workdays,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorkdays {
    known: RawSpan,
    #[serde(default)]
    holiday: Vec<RawHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpan {
    from: Spanned<String>,
    to: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHoliday {
    #[serde(rename = "name")]
    _name: Label,
    from: Spanned<String>,
    to: Spanned<String>,
    #[serde(default)]
    worked: Vec<Spanned<String>>,
}

/// The longest holiday that is no slip of the pen, in days.
const LONGEST_HOLIDAY: i32 = 31;

/// `workdays.toml`.
pub(super) fn workdays(file: &SchemaFile) -> Result<Workdays, SchemaError> {
    let raw: RawWorkdays = file.toml()?;
    let known = (day(file, &raw.known.from)?, day(file, &raw.known.to)?);
    let mut out = Workdays {
        known: Some(known),
        ..Workdays::default()
    };
    for holiday in &raw.holiday {
        let (from, to) = (day(file, &holiday.from)?, day(file, &holiday.to)?);
        if to < from || to.0 - from.0 >= LONGEST_HOLIDAY {
            let expected = "a day not before 'from', and within a month";
            return Err(file.invalid("to", &holiday.to, expected));
        }
        for one in from.0..=to.0 {
            if !out.holidays.insert(Day(one)) {
                return Err(file.duplicate("holiday", &holiday.from));
            }
        }
        for text in &holiday.worked {
            let one = day(file, text)?;
            if Workdays::default().is_worked(one) {
                return Err(file.invalid("worked", text, "a Saturday or a Sunday"));
            }
            if !out.worked.insert(one) {
                return Err(file.duplicate("day", text));
            }
        }
    }
    Ok(out)
}
