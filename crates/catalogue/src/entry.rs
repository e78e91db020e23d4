//! A collection as an entry of the catalogue, with the metadata of GB/T 21063.

use schema::{
    Authority, Catalog, Collection, Field, Label, OpenForm, Sensitivity, Sharing, SharingMode,
    SharingType, Terms, UpdateCycle,
};
use serde::Serialize;

/// An entry of the catalogue.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The resource's code (资源代码), the city's own.
    pub code: String,
    /// The collection.
    pub collection: String,
    /// The base register that it belongs to.
    pub register: String,
    /// Its name (资源名称).
    pub name: Label,
    /// What it holds (资源摘要).
    pub summary: Label,
    /// Words by which it is found.
    pub keywords: Vec<Label>,
    /// Its theme, a code of the European authority table of data themes.
    pub theme: String,
    /// Who provides it (资源提供方).
    pub provider: Department,
    /// Its information items (信息项).
    pub items: Vec<Item>,
    /// In which forms it is had (资源格式).
    pub formats: Vec<&'static str>,
    /// On what terms it is shared (共享类型、共享依据、共享条件).
    pub terms: TermsShown,
    /// How it is shared (共享方式).
    pub modes: Vec<Named<SharingMode>>,
    /// Whether the public has it (是否向社会开放).
    pub open: Openness,
    /// How often it is brought up to date (更新周期).
    pub update_cycle: UpdateCycle,
    /// Since when the catalogue offers it (发布日期); null where it is announced only.
    pub published: Option<String>,
    /// How sensitive the most sensitive of its items is.
    pub sensitivity: Sensitivity,
}

/// A department, with what it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Department {
    /// Its key.
    pub id: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Department {
    /// The department of a key.
    pub fn of(catalog: &Catalog, id: &str) -> Department {
        let label = catalog.departments.get(id);
        let or_id = |text: Option<&String>| text.map_or(id, String::as_str).to_string();
        Department {
            id: id.to_string(),
            zh: or_id(label.map(|label| &label.zh)),
            en: or_id(label.map(|label| &label.en)),
        }
    }
}

/// A code of the standard, with what it is called.
#[derive(Clone, Debug, Serialize)]
pub struct Named<T> {
    /// The code.
    pub id: T,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl<T> Named<T> {
    fn new(id: T, label: Label) -> Named<T> {
        let Label { zh, en } = label;
        Named { id, zh, en }
    }
}

/// Terms of sharing.
#[derive(Clone, Debug, Serialize)]
pub struct TermsShown {
    /// Whether.
    pub sharing: Named<SharingType>,
    /// On what law or rule that rests.
    pub ground: Label,
    /// Under which condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Label>,
}

impl TermsShown {
    /// The terms, with what they are called.
    pub fn of(terms: &Terms) -> TermsShown {
        TermsShown {
            sharing: Named::new(terms.sharing, terms.sharing.label()),
            ground: terms.ground.clone(),
            condition: terms.condition.clone(),
        }
    }
}

/// Whether, and in which form, the public has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Openness {
    /// It has not.
    No,
    /// As numbers, of which small ones are withheld.
    Counts,
    /// Some fields of its records.
    Records,
}

/// An information item: a field.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The field.
    pub name: String,
    /// What it is called (信息项名称).
    pub label: Label,
    /// The type of its values (数据类型).
    pub data_type: &'static str,
    /// Whether it belongs to the natural key.
    pub is_key: bool,
    /// Whether every record has it.
    pub required: bool,
    /// Whether it may hold several values.
    pub many: bool,
    /// The standard that defines it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// The code list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codelist: Option<String>,
    /// The collection that it refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The unit of its numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
    /// The department that answers for it, where that is not the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Department>,
    /// Its terms, where they are not the collection's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsShown>,
}

/// The forms in which records are answered and files written.
const FORMATS: [&str; 5] = ["GeoJSON", "JSON", "CSV", "NDJSON", "FlatGeobuf"];

/// All entries, in the schemas' order.
pub fn entries(catalog: &Catalog) -> Vec<Entry> {
    let all = catalog.collections.iter();
    all.filter_map(|one| Some(entry(catalog, one, catalog.sharing.get(&one.name)?)))
        .collect()
}

/// The entry of a code, or of a collection's name.
pub fn find(catalog: &Catalog, name: &str) -> Option<Entry> {
    entries(catalog)
        .into_iter()
        .find(|one| one.code == name || one.collection == name)
}

fn entry(catalog: &Catalog, collection: &Collection, sharing: &Sharing) -> Entry {
    let items = collection.fields.iter();
    Entry {
        code: sharing.code.clone(),
        collection: collection.name.clone(),
        register: collection.register_name.clone(),
        name: collection.label.clone(),
        summary: collection.description.clone(),
        keywords: sharing.keywords.clone(),
        theme: sharing.theme.clone(),
        provider: Department::of(catalog, &collection.authority.responsible),
        items: items
            .map(|field| item(catalog, collection, field, sharing))
            .collect(),
        formats: FORMATS.to_vec(),
        terms: TermsShown::of(&sharing.terms),
        modes: sharing
            .modes
            .iter()
            .map(|mode| Named::new(*mode, mode.label()))
            .collect(),
        open: openness(catalog, &collection.name),
        update_cycle: collection.authority.update_cycle,
        published: sharing.published.map(|day| day.to_string()),
        sensitivity: collection.sensitivity,
    }
}

/// Whether the public has something of a collection.
fn openness(catalog: &Catalog, collection: &str) -> Openness {
    let forms = || catalog.open.of(collection).map(|one| &one.form);
    if forms().any(|form| matches!(form, OpenForm::Records(_))) {
        Openness::Records
    } else if forms().next().is_some() {
        Openness::Counts
    } else {
        Openness::No
    }
}

fn item(catalog: &Catalog, collection: &Collection, field: &Field, sharing: &Sharing) -> Item {
    let differs = |authority: &Authority| authority.responsible != collection.authority.responsible;
    Item {
        name: field.name.to_string(),
        label: field.label.clone(),
        data_type: field.kind.name(),
        is_key: collection.key.contains(&field.number),
        required: field.required,
        many: field.many,
        standard: field.standard.clone(),
        codelist: field.codelist().map(|list| list.name.clone()),
        target: field.target().map(str::to_string),
        unit: field.unit.clone(),
        sensitivity: field.sensitivity,
        responsible: differs(&field.authority)
            .then(|| Department::of(catalog, &field.authority.responsible)),
        terms: sharing.fields.get(&field.name).map(TermsShown::of),
    }
}
