//! `<register>/<collection>.toml`.

use std::collections::HashMap;

use record::{CompactString, FieldNumber, RegisterLetter};
use serde::Deserialize;
use text::name::Form;
use toml::Spanned;

use super::SchemaFile;
use super::matches::{self, RawMatch};
use crate::authority::{Authority, UpdateCycle};
use crate::{
    Catalog, Collection, Derived, Field, FieldType, Label, Mistake, SchemaError, Search,
    Sensitivity,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCollection {
    collection: Spanned<String>,
    register: Spanned<String>,
    label: Label,
    description: Label,
    #[serde(default)]
    sensitivity: Sensitivity,
    key: Vec<Spanned<String>>,
    title: Spanned<String>,
    location: Option<Spanned<String>>,
    division: Option<Spanned<String>>,
    #[serde(default)]
    words: Vec<String>,
    field: Vec<RawField>,
    #[serde(default, rename = "match")]
    matches: Vec<RawMatch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: Spanned<String>,
    label: Label,
    description: Option<Label>,
    standard: Option<String>,
    #[serde(rename = "type")]
    kind: Spanned<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    many: bool,
    rule: Option<String>,
    codelist: Option<Spanned<String>>,
    target: Option<Spanned<String>>,
    derived: Option<RawDerived>,
    computed: Option<Spanned<String>>,
    sensitivity: Option<Sensitivity>,
    unit: Option<String>,
    #[serde(default)]
    search: Vec<Spanned<String>>,
    name_of: Option<Spanned<String>>,
    former_of: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDerived {
    through: Vec<Spanned<String>>,
    field: Spanned<String>,
}

/// A collection with the positions needed to check it against the others.
pub(super) struct ReadCollection<'a> {
    pub collection: Collection,
    file: &'a SchemaFile,
    targets: Vec<Spanned<String>>,
    /// Number of the derived field, position of the name of the target's field.
    derived: Vec<(FieldNumber, Spanned<String>)>,
}

const TYPES: &str =
    "text, code, date, integer, decimal, boolean, period, division, reference, point, geometry";

pub(super) fn read<'a>(
    file: &'a SchemaFile,
    register: &str,
    catalog: &Catalog,
) -> Result<ReadCollection<'a>, SchemaError> {
    let raw: RawCollection = file.toml()?;
    if raw.collection.get_ref() != file.stem() {
        return Err(file.invalid("collection", &raw.collection, "the file's name"));
    }
    if raw.register.get_ref() != register {
        return Err(file.invalid("register", &raw.register, "the folder's name"));
    }
    let Some(letter) = RegisterLetter::from_name(register) else {
        return Err(file.missing("register", &raw.register, ""));
    };

    let by_name = field_numbers(file, &raw.field)?;
    let find = |name: &Spanned<String>| {
        by_name
            .get(name.get_ref().as_str())
            .copied()
            .ok_or_else(|| file.missing("field", name, ""))
    };
    let key = raw.key.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let title = find(&raw.title)?;
    let location = raw.location.as_ref().map(find).transpose()?;
    let division = raw.division.as_ref().map(find).transpose()?;

    let mut out = ReadCollection {
        collection: Collection {
            name: raw.collection.get_ref().clone(),
            register: letter,
            register_name: register.to_string(),
            label: raw.label,
            description: raw.description,
            sensitivity: raw.sensitivity,
            authority: nobody(),
            fields: Vec::new(),
            key,
            title,
            location,
            division,
            words: raw.words,
            matches: Vec::new(),
            by_name: by_name.clone(),
        },
        file,
        targets: Vec::new(),
        derived: Vec::new(),
    };
    for (number, field) in raw.field.into_iter().enumerate() {
        read_field(&mut out, number as FieldNumber, field, catalog)?;
    }
    check_roles(&out, &raw.key, raw.location.as_ref(), raw.division.as_ref())?;
    out.collection.matches = matches::read(file, &out.collection, raw.matches)?;
    let most = out.collection.fields.iter().map(|field| field.sensitivity);
    out.collection.sensitivity = most.fold(out.collection.sensitivity, Sensitivity::max);
    Ok(out)
}

/// The fields' numbers by name: names are camel case and differ.
fn field_numbers(
    file: &SchemaFile,
    fields: &[RawField],
) -> Result<HashMap<CompactString, FieldNumber>, SchemaError> {
    let mut by_name = HashMap::new();
    for (number, field) in fields.iter().enumerate() {
        let name = field.name.get_ref();
        let camel = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !camel {
            return Err(file.invalid("field name", &field.name, "camel case"));
        }
        if by_name
            .insert(name.as_str().into(), number as FieldNumber)
            .is_some()
        {
            return Err(file.duplicate("field", &field.name));
        }
    }
    Ok(by_name)
}

/// Stands where `responsibility.toml` has not been asked yet.
fn nobody() -> Authority {
    Authority {
        responsible: String::new(),
        others: Vec::new(),
        update_cycle: UpdateCycle::Irregular,
    }
}

pub(super) fn check_department(
    file: &SchemaFile,
    department: &Spanned<String>,
    catalog: &Catalog,
) -> Result<(), SchemaError> {
    if catalog.departments.contains_key(department.get_ref()) {
        return Ok(());
    }
    let known: Vec<&str> = catalog.departments.keys().map(String::as_str).collect();
    Err(file.missing("department", department, &known.join(", ")))
}

fn read_field(
    out: &mut ReadCollection<'_>,
    number: FieldNumber,
    raw: RawField,
    catalog: &Catalog,
) -> Result<(), SchemaError> {
    let file = out.file;
    let kind = field_type(out, &raw, catalog)?;
    let derived = derivation(out, number, raw.derived.as_ref())?;
    if let (Some(computed), Some(_)) = (&raw.computed, &derived) {
        let expected = "a field that is derived or computed, not both";
        return Err(file.invalid("computed", computed, expected));
    }
    let mut search = Search::default();
    for how in &raw.search {
        match how.get_ref().as_str() {
            "exact" => search.exact = true,
            "text" => search.text = true,
            "column" => search.column = true,
            _ => return Err(file.invalid("search", how, "exact, text or column")),
        }
        let text_type = matches!(kind, FieldType::Text);
        if kind.is_spatial() || (how.get_ref() == "text" && !text_type) {
            let expected = "text for text fields only, and nothing for points and geometries";
            return Err(file.invalid("search", how, expected));
        }
    }
    if matches!(
        kind,
        FieldType::Code(_) | FieldType::Division | FieldType::Reference { .. }
    ) {
        search.exact = true;
        search.column = true;
    }
    let name_of = name_of(file, raw.name_of.as_ref(), search)?;
    let former_of = former_of(out, raw.former_of.as_ref(), &kind)?;
    let collection = &mut out.collection;
    collection.fields.push(Field {
        number,
        name: raw.name.get_ref().as_str().into(),
        label: raw.label,
        description: raw.description,
        standard: raw.standard,
        kind,
        required: raw.required,
        many: raw.many,
        rule: raw.rule,
        derived,
        computed: raw.computed.map(Spanned::into_inner),
        sensitivity: raw.sensitivity.unwrap_or(collection.sensitivity),
        authority: nobody(),
        unit: raw.unit,
        search,
        name_of,
        former_of,
    });
    Ok(())
}

/// Whose names a field holds: a text that is searched whole and in parts.
fn name_of(
    file: &SchemaFile,
    given: Option<&Spanned<String>>,
    search: Search,
) -> Result<Option<Form>, SchemaError> {
    let Some(given) = given else {
        return Ok(None);
    };
    let Some(form) = Form::of(given.get_ref()) else {
        let expected = "person, organization, place or address";
        return Err(file.invalid("name_of", given, expected));
    };
    if !(search.text && (search.exact || form == Form::Address)) {
        let expected = "a field with search = [\"exact\", \"text\"]";
        return Err(file.invalid("name_of", given, expected));
    }
    Ok(Some(form))
}

/// The field whose former values a text field holds.
fn former_of(
    out: &ReadCollection<'_>,
    given: Option<&Spanned<String>>,
    kind: &FieldType,
) -> Result<Option<CompactString>, SchemaError> {
    let Some(given) = given else {
        return Ok(None);
    };
    if out.collection.number(given.get_ref()).is_none() {
        return Err(out.file.missing("field", given, ""));
    }
    if !matches!(kind, FieldType::Text) {
        let expected = "a field with type = \"text\"";
        return Err(out.file.invalid("former_of", given, expected));
    }
    Ok(Some(given.get_ref().as_str().into()))
}

/// Where a derived field's value comes from; the target is checked once all collections are read.
fn derivation(
    out: &mut ReadCollection<'_>,
    number: FieldNumber,
    derived: Option<&RawDerived>,
) -> Result<Option<Derived>, SchemaError> {
    let file = out.file;
    match derived {
        None => Ok(None),
        Some(derived) => {
            let mut through = Vec::new();
            for name in &derived.through {
                match out.collection.number(name.get_ref()) {
                    Some(number) => through.push(number),
                    None => return Err(file.missing("field", name, "")),
                }
            }
            if through.is_empty() {
                let expected = "a reference field to copy the value through";
                return Err(file.invalid("derived.field", &derived.field, expected));
            }
            out.derived.push((number, derived.field.clone()));
            Ok(Some(Derived {
                through,
                field: derived.field.get_ref().clone(),
            }))
        }
    }
}

fn field_type(
    out: &mut ReadCollection<'_>,
    raw: &RawField,
    catalog: &Catalog,
) -> Result<FieldType, SchemaError> {
    let file = out.file;
    let kind = raw.kind.get_ref().as_str();
    if let Some(list) = &raw.codelist
        && kind != "code"
    {
        return Err(file.invalid("codelist", list, "no code list, or type = \"code\""));
    }
    if let Some(target) = &raw.target
        && kind != "reference"
    {
        return Err(file.invalid("target", target, "no target, or type = \"reference\""));
    }
    Ok(match kind {
        "text" => FieldType::Text,
        "date" => FieldType::Date,
        "integer" => FieldType::Integer,
        "decimal" => FieldType::Decimal,
        "boolean" => FieldType::Boolean,
        "period" => FieldType::Period,
        "division" => FieldType::Division,
        "point" => FieldType::Point,
        "geometry" => FieldType::Geometry,
        "code" => {
            let Some(list) = &raw.codelist else {
                return Err(file.invalid("type", &raw.kind, "codelist = \"…\" beside it"));
            };
            match catalog.codelists.get(list.get_ref()) {
                Some(found) => FieldType::Code(found.clone()),
                None => return Err(file.missing("code list", list, "")),
            }
        }
        "reference" => {
            let Some(target) = &raw.target else {
                return Err(file.invalid("type", &raw.kind, "target = \"…\" beside it"));
            };
            out.targets.push(target.clone());
            FieldType::Reference {
                target: target.get_ref().clone(),
            }
        }
        _ => return Err(file.invalid("type", &raw.kind, TYPES)),
    })
}

/// The key can be given by sources; location and division have the right types.
fn check_roles(
    read: &ReadCollection<'_>,
    key: &[Spanned<String>],
    location: Option<&Spanned<String>>,
    division: Option<&Spanned<String>>,
) -> Result<(), SchemaError> {
    let (collection, file) = (&read.collection, read.file);
    if key.is_empty() {
        let empty = Mistake::Form("key names no field".to_string());
        return Err(file.mistake(1, empty));
    }
    for (name, number) in key.iter().zip(&collection.key) {
        let field = collection.at(*number);
        if !field.is_given() || field.many || field.kind.is_spatial() {
            let expected = "a field with one value, given by sources, that is no geometry";
            return Err(file.invalid("key", name, expected));
        }
    }
    if let (Some(name), Some(number)) = (location, collection.location)
        && !collection.at(number).kind.is_spatial()
    {
        return Err(file.invalid("location", name, "a field of type point or geometry"));
    }
    if let (Some(name), Some(number)) = (division, collection.division)
        && !matches!(collection.at(number).kind, FieldType::Division)
    {
        return Err(file.invalid("division", name, "a field of type division"));
    }
    Ok(())
}

/// Targets exist and have a key of one field; derived fields are there, of the same type.
pub(super) fn check_references(all: &[ReadCollection<'_>]) -> Result<(), SchemaError> {
    let find = |name: &str| {
        all.iter()
            .map(|read| &read.collection)
            .find(|one| one.name == name)
    };
    for (place, read) in all.iter().enumerate() {
        let same_name = |one: &ReadCollection<'_>| one.collection.name == read.collection.name;
        if all[..place].iter().any(same_name) {
            let name = read.collection.name.clone();
            let what = "collection";
            return Err(read.file.mistake(1, Mistake::Duplicate { what, name }));
        }
        for target in &read.targets {
            match find(target.get_ref()) {
                None => return Err(read.file.missing("collection", target, "")),
                Some(found) if found.single_key().is_none() => {
                    let expected = "a collection whose key is one field";
                    return Err(read.file.invalid("target", target, expected));
                }
                Some(_) => {}
            }
        }
        for (number, name) in &read.derived {
            check_derived(read, *number, name, find)?;
        }
    }
    Ok(())
}

fn check_derived<'a>(
    read: &ReadCollection<'_>,
    number: FieldNumber,
    name: &Spanned<String>,
    find: impl Fn(&str) -> Option<&'a Collection>,
) -> Result<(), SchemaError> {
    let field = read.collection.at(number);
    let through = field.derived.iter().flat_map(|derived| &derived.through);
    for through in through {
        let through = read.collection.at(*through);
        let Some(target) = through.target().and_then(&find) else {
            let expected = format!("'{}' to be a reference field", through.name);
            return Err(read.file.invalid("derived.field", name, &expected));
        };
        let Some((_, source)) = target.field(name.get_ref()) else {
            let expected = format!("a field of '{}'", target.name);
            return Err(read.file.invalid("derived.field", name, &expected));
        };
        let same = source.kind.name() == field.kind.name()
            && source.codelist().map(|list| &list.name) == field.codelist().map(|list| &list.name)
            || (source.kind.is_spatial() && field.kind.is_spatial());
        if !same {
            let expected = format!("a field of type {}", field.kind.name());
            return Err(read.file.invalid("derived.field", name, &expected));
        }
    }
    Ok(())
}
