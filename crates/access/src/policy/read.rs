//! Reading `schemas/access/`: every mistake with its file and line.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use schema::{
    Catalog, Collection, Field, FieldType, Label, Mistake, SchemaError, SchemaFile, Spanned,
};
use serde::Deserialize;

use super::purposes::PurposeRule;
use super::role::{Entry, MovedAway, Role, RowCondition, RowRule};
use super::routes::{Need, Routes};
use super::{Rules, Verb};
use crate::Form;
use crate::mask::{Mask, MaskKind};

const MASKS: &str = "access/masks.toml";
const PURPOSES: &str = "access/purposes.toml";
const ROUTES: &str = "access/routes.toml";
const ROLES: &str = "access/roles/";
/// Stands for all there are.
const ALL: &str = "*";

/// Reads the files, and checks them against the schemas. Files of `schemas/access/` that are not the
/// policy's (`departments`, `receipts` and the like) are left to those who read them.
pub fn rules(files: &[SchemaFile], catalog: &Catalog) -> Result<Rules, SchemaError> {
    let mut rules = Rules::default();
    let named = |name: &str| files.iter().find(|file| file.path == name);
    if let Some(file) = named(MASKS) {
        rules.masks = masks(file)?;
    }
    if let Some(file) = named(PURPOSES) {
        rules.purposes = purposes(file, catalog)?;
    }
    let Some(file) = named(ROUTES) else {
        return Err(SchemaError {
            file: ROUTES.to_string(),
            line: 0,
            mistake: Mistake::Unreadable(
                "there is no such file, which says what routes need".to_string(),
            ),
        });
    };
    rules.routes = routes(file)?;
    for file in files.iter().filter(|file| file.path.starts_with(ROLES)) {
        let role = Reader {
            file,
            catalog,
            rules: &rules,
        }
        .role()?;
        rules.roles.insert(role.name.clone(), role);
    }
    Ok(rules)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMask {
    label: Label,
    kind: Spanned<String>,
    #[serde(default)]
    first: usize,
    #[serde(default)]
    last: usize,
    digits: Option<Spanned<usize>>,
    metres: Option<Spanned<u32>>,
    step: Option<u64>,
}

fn masks(file: &SchemaFile) -> Result<BTreeMap<String, Mask>, SchemaError> {
    let raw: BTreeMap<Spanned<String>, RawMask> = file.toml()?;
    let mut masks = BTreeMap::new();
    for (name, raw) in raw {
        if matches!(
            Form::of(name.get_ref()),
            Form::Hidden | Form::Verify | Form::Full
        ) {
            return Err(file.invalid("mask", &name, "another name: this is a form of its own"));
        }
        let lacks = |what: &str| Err(file.invalid("kind", &raw.kind, what));
        let kind = match raw.kind.get_ref().as_str() {
            "keep" => MaskKind::Keep {
                first: raw.first,
                last: raw.last,
            },
            "divisions" => MaskKind::Divisions,
            "level" => match &raw.digits {
                Some(digits) if [2, 4, 6, 9].contains(digits.get_ref()) => {
                    MaskKind::Level(*digits.get_ref())
                }
                _ => return lacks("'digits' beside it: 2, 4, 6 or 9"),
            },
            "grid" => match &raw.metres {
                Some(metres) if (1..=100_000).contains(metres.get_ref()) => {
                    MaskKind::Grid(*metres.get_ref())
                }
                _ => return lacks("'metres' beside it, from 1 to 100000"),
            },
            "year" => MaskKind::Year,
            "step" => match raw.step {
                Some(step) if step > 0 => MaskKind::Step(step),
                _ => return lacks("'step' beside it, from 1"),
            },
            "nothing" => MaskKind::Nothing,
            _ => return lacks("keep, divisions, level, grid, year, step or nothing"),
        };
        let name = name.into_inner();
        let label = raw.label;
        masks.insert(name.clone(), Mask { name, label, kind });
    }
    Ok(masks)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPurpose {
    label: Label,
    basis: Label,
    #[serde(default)]
    case: bool,
    case_form: Option<Spanned<String>>,
    #[serde(default)]
    collections: Vec<Spanned<String>>,
}

fn purposes(
    file: &SchemaFile,
    catalog: &Catalog,
) -> Result<BTreeMap<String, PurposeRule>, SchemaError> {
    let raw: BTreeMap<String, RawPurpose> = file.toml()?;
    let mut purposes = BTreeMap::new();
    for (name, raw) in raw {
        let case_form = match &raw.case_form {
            None => None,
            Some(text) => {
                let whole = format!("^(?:{})$", text.get_ref());
                let form = Regex::new(&whole)
                    .map_err(|_| file.invalid("case_form", text, "a regular expression"))?;
                Some(form)
            }
        };
        let mut collections = BTreeSet::new();
        for one in &raw.collections {
            known_collection(file, catalog, one)?;
            collections.insert(one.get_ref().clone());
        }
        let rule = PurposeRule {
            name: name.clone(),
            label: raw.label,
            basis: raw.basis,
            needs_case: raw.case,
            case_form,
            collections,
        };
        purposes.insert(name, rule);
    }
    Ok(purposes)
}

fn known_collection<'c>(
    file: &SchemaFile,
    catalog: &'c Catalog,
    name: &Spanned<String>,
) -> Result<&'c Collection, SchemaError> {
    let names: Vec<&str> = catalog
        .collections
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let found = catalog.collection(name.get_ref());
    let found = found.ok_or_else(|| file.missing("collection", name, &names.join(", ")))?;
    Ok(found)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn routes(file: &SchemaFile) -> Result<Routes, SchemaError> {
    let raw: BTreeMap<Spanned<String>, Spanned<OneOrMany>> = file.toml()?;
    let mut routes = Routes::default();
    for (route, verbs) in raw {
        let Some((method, path)) = route.get_ref().split_once(' ') else {
            return Err(file.invalid(
                "route",
                &route,
                "a method and a path, such as \"GET /sources\"",
            ));
        };
        let names = match verbs.get_ref() {
            OneOrMany::One(name) => vec![name.clone()],
            OneOrMany::Many(names) => names.clone(),
        };
        let need = if names == ["open"] {
            Need::Open
        } else {
            let place = verbs.span().start;
            let of = |name: &String| {
                Verb::of(name).ok_or_else(|| {
                    file.invalid_at(
                        place,
                        "verb",
                        name,
                        &format!("open, or of {}", verb_names()),
                    )
                })
            };
            Need::OneOf(names.iter().map(of).collect::<Result<_, _>>()?)
        };
        routes.insert(method, path, need);
    }
    Ok(routes)
}

fn verb_names() -> String {
    let names = Verb::ALL.map(Verb::name);
    names.join(", ")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRole {
    label: Label,
    description: Option<Label>,
    #[serde(default)]
    verbs: Vec<Spanned<String>>,
    #[serde(default)]
    purpose_required: bool,
    #[serde(default)]
    purposes: Vec<Spanned<String>>,
    #[serde(default)]
    any_department: bool,
    #[serde(default)]
    collections: BTreeMap<Spanned<String>, RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    verbs: Vec<Spanned<String>>,
    #[serde(default)]
    rows: RawRows,
    default: Option<Spanned<String>>,
    #[serde(default)]
    fields: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    released: Vec<Spanned<String>>,
    #[serde(default)]
    least: u64,
    #[serde(default)]
    own_department: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRows {
    division: Option<Spanned<String>>,
    moved_away: Option<Spanned<String>>,
    #[serde(default)]
    conditions: Vec<RawCondition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    field: Spanned<String>,
    is: Option<Vec<String>>,
    is_not: Option<Vec<String>>,
}

struct Reader<'a> {
    file: &'a SchemaFile,
    catalog: &'a Catalog,
    rules: &'a Rules,
}

impl Reader<'_> {
    fn role(&self) -> Result<Role, SchemaError> {
        let raw: RawRole = self.file.toml()?;
        let mut verbs = BTreeSet::new();
        for one in &raw.verbs {
            let verb = self.verb(one)?;
            if verb.is_of_collections() {
                let expected =
                    "a verb that is not done with records: those stand with a collection";
                return Err(self.file.invalid("verb", one, expected));
            }
            verbs.insert(verb);
        }
        let mut purposes = BTreeSet::new();
        for one in &raw.purposes {
            if one.get_ref() == ALL {
                purposes.extend(self.rules.purposes.keys().cloned());
            } else if self.rules.purposes.contains_key(one.get_ref()) {
                purposes.insert(one.get_ref().clone());
            } else {
                let names: Vec<&str> = self.rules.purposes.keys().map(String::as_str).collect();
                return Err(self.file.missing("purpose", one, &names.join(", ")));
            }
        }
        let mut read: BTreeMap<String, (Entry, &RawEntry)> = BTreeMap::new();
        let all = raw
            .collections
            .iter()
            .find(|(name, _)| name.get_ref() == ALL);
        if let Some((_, entry)) = all {
            for collection in &self.catalog.collections {
                read.insert(
                    collection.name.clone(),
                    (self.entry(collection, entry)?, entry),
                );
            }
        }
        for (name, entry) in raw
            .collections
            .iter()
            .filter(|(name, _)| name.get_ref() != ALL)
        {
            let collection = known_collection(self.file, self.catalog, name)?;
            read.insert(
                collection.name.clone(),
                (self.entry(collection, entry)?, entry),
            );
        }
        self.check_origins(&read)?;
        Ok(Role {
            name: self.file.stem().to_string(),
            label: raw.label,
            description: raw.description,
            verbs,
            needs_purpose: raw.purpose_required,
            purposes,
            any_department: raw.any_department,
            collections: read
                .into_iter()
                .map(|(name, (entry, _))| (name, entry))
                .collect(),
        })
    }

    fn verb(&self, name: &Spanned<String>) -> Result<Verb, SchemaError> {
        Verb::of(name.get_ref()).ok_or_else(|| self.file.missing("verb", name, &verb_names()))
    }

    fn entry(&self, collection: &Collection, raw: &RawEntry) -> Result<Entry, SchemaError> {
        let mut verbs = BTreeSet::new();
        for one in &raw.verbs {
            let verb = self.verb(one)?;
            if !verb.is_of_collections() {
                let expected = "a verb that is done with records: the others stand at the top";
                return Err(self.file.invalid("verb", one, expected));
            }
            verbs.insert(verb);
        }
        let default = match &raw.default {
            None => Form::Hidden,
            Some(name) => match Form::of(name.get_ref()) {
                Form::Masked(_) => {
                    return Err(self.file.invalid("default", name, "hidden, verify or full"));
                }
                form => form,
            },
        };
        let mut forms = vec![default; collection.fields.len()];
        for (name, form) in &raw.fields {
            let names: Vec<&str> = collection
                .fields
                .iter()
                .map(|one| one.name.as_str())
                .collect();
            let (number, field) = collection
                .field(name.get_ref())
                .ok_or_else(|| self.file.missing("field", name, &names.join(", ")))?;
            forms[usize::from(number)] = self.form(field, form)?;
        }
        Ok(Entry {
            verbs,
            rows: self.rows(collection, &raw.rows)?,
            forms,
            least: raw.least,
            own_department: raw.own_department,
        })
    }

    fn form(&self, field: &Field, name: &Spanned<String>) -> Result<Form, SchemaError> {
        let form = Form::of(name.get_ref());
        if let Form::Masked(mask) = &form {
            let masks: Vec<&str> = self.rules.masks.keys().map(String::as_str).collect();
            let expected = format!("hidden, verify, full, {}", masks.join(", "));
            let Some(mask) = self.rules.masks.get(mask) else {
                return Err(self.file.missing("form", name, &expected));
            };
            if !mask.fits(&field.kind) {
                let expected = format!("a mask for values of the type {}", field.kind.name());
                return Err(self.file.invalid("mask", name, &expected));
            }
        }
        Ok(form)
    }

    fn rows(&self, collection: &Collection, raw: &RawRows) -> Result<RowRule, SchemaError> {
        let mut rule = RowRule::default();
        if let Some(division) = &raw.division {
            if collection.division.is_none() {
                let expected = "nothing: the records of this collection lie in no division";
                return Err(self.file.invalid("division", division, expected));
            }
            match division.get_ref().as_str() {
                "own" => rule.own_division = true,
                code if super::division_prefix(code).is_some() => {
                    rule.division = Some(code.to_string());
                }
                _ => {
                    let expected = "own, or a division's code of 2, 4, 6, 9 or 12 digits";
                    return Err(self.file.invalid("division", division, expected));
                }
            }
        }
        if let Some(moved) = &raw.moved_away {
            rule.moved_away = match moved.get_ref().as_str() {
                "hidden" => MovedAway::Hidden,
                "while-here" => MovedAway::WhileHere,
                _ => {
                    return Err(self
                        .file
                        .invalid("moved_away", moved, "hidden or while-here"));
                }
            };
        }
        for one in &raw.conditions {
            rule.conditions.push(self.condition(collection, one)?);
        }
        Ok(rule)
    }

    fn condition(
        &self,
        collection: &Collection,
        raw: &RawCondition,
    ) -> Result<RowCondition, SchemaError> {
        let Some((_, field)) = collection.field(raw.field.get_ref()) else {
            return Err(self.file.missing("field", &raw.field, ""));
        };
        let fits = matches!(field.kind, FieldType::Code(_) | FieldType::Text)
            && !field.many
            && (field.search.exact || field.search.column);
        let (values, is) = match (&raw.is, &raw.is_not) {
            (Some(values), None) => (values, true),
            (None, Some(values)) => (values, false),
            _ => {
                return Err(self
                    .file
                    .invalid("field", &raw.field, "'is' or 'is_not' beside it"));
            }
        };
        if !fits {
            let expected = "a code, or a text with exact search, of one value";
            return Err(self.file.invalid("field", &raw.field, expected));
        }
        if let Some(list) = field.codelist()
            && let Some(unknown) = values.iter().find(|value| list.get(value).is_none())
        {
            let expected = format!("codes of the list {}, and not '{unknown}'", list.name);
            return Err(self.file.invalid("field", &raw.field, &expected));
        }
        Ok(RowCondition {
            field: field.name.clone(),
            values: values.iter().map(|value| value.as_str().into()).collect(),
            is,
        })
    }

    /// What a value is copied or computed from must be seen at least as well as the value, unless the
    /// file says that it is released.
    fn check_origins(
        &self,
        read: &BTreeMap<String, (Entry, &RawEntry)>,
    ) -> Result<(), SchemaError> {
        for (name, (entry, raw)) in read {
            let Some(collection) = self.catalog.collection(name) else {
                continue;
            };
            for one in &raw.released {
                if collection.field(one.get_ref()).is_none() {
                    return Err(self.file.missing("field", one, ""));
                }
            }
            for field in &collection.fields {
                let form = &entry.forms[usize::from(field.number)];
                let is_released = raw.released.iter().any(|one| field.name == *one.get_ref());
                let place = || self.place(raw, field);
                if let Some(target) = target_of(field)
                    && form.is_shown()
                    && !read.contains_key(target)
                {
                    let expected = format!(
                        "hidden: it names records of '{target}', which the role does not see"
                    );
                    return Err(self
                        .file
                        .invalid_at(place(), "form", form.name(), &expected));
                }
                if !form.is_shown() || is_released {
                    continue;
                }
                if let Some(origin) = self.hidden_origin(read, collection, entry, field) {
                    let expected = format!(
                        "hidden, or the field named in 'released': it comes from '{origin}', of which less is seen"
                    );
                    return Err(self
                        .file
                        .invalid_at(place(), "form", form.name(), &expected));
                }
            }
        }
        Ok(())
    }

    /// What a shown field comes from and is seen less of, if there is any.
    fn hidden_origin(
        &self,
        read: &BTreeMap<String, (Entry, &RawEntry)>,
        collection: &Collection,
        entry: &Entry,
        field: &Field,
    ) -> Option<String> {
        let rank = entry.forms[usize::from(field.number)].rank();
        let less = |form: &Form| form.rank() < rank;
        if field.computed.is_some() {
            let mut key = collection.key.iter();
            let hidden = key.find(|number| less(&entry.forms[usize::from(**number)]));
            return hidden.map(|number| collection.at(*number).name.to_string());
        }
        let derived = field.derived.as_ref()?;
        for through in &derived.through {
            let reference = collection.at(*through);
            if less(&entry.forms[usize::from(*through)]) {
                return Some(reference.name.to_string());
            }
            let target = self.catalog.collection(reference.target()?)?;
            let (number, _) = target.field(&derived.field)?;
            let seen = read
                .get(&target.name)
                .map(|(entry, _)| &entry.forms[usize::from(number)]);
            if seen.is_none_or(less) {
                return Some(format!("{}.{}", target.name, derived.field));
            }
        }
        None
    }

    /// Where the form of a field is said.
    fn place(&self, raw: &RawEntry, field: &Field) -> usize {
        let own = raw
            .fields
            .iter()
            .find(|(name, _)| field.name == *name.get_ref());
        let said = own.map(|(name, _)| name.span().start);
        let default = || raw.default.as_ref().map(|name| name.span().start);
        let verbs = || raw.verbs.first().map(|verb| verb.span().start);
        said.or_else(default).or_else(verbs).unwrap_or(0)
    }
}

/// The collection whose records the values of a field name.
fn target_of(field: &Field) -> Option<&str> {
    match &field.kind {
        FieldType::Reference { target } => Some(target),
        FieldType::Division => Some("division"),
        _ => None,
    }
}
