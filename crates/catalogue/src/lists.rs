//! The three lists that a catalogue is kept in: who answers for what (责任清单), which databases there are
//! (数据库清单), and what is shared on which terms (共享清单).

use std::collections::BTreeMap;

use record::{Day, Predicate};
use register::{Deadline, Store, StoreError, TimeScope};
use schema::{Catalog, SharingType, UpdateCycle};
use serde::Serialize;

use crate::clock;
use crate::entry::{Department, Entry, TermsShown, entries};

/// What a department answers for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Duties {
    /// The department.
    pub department: Department,
    /// What it provides.
    pub provides: Vec<Provided>,
    /// Collections for which it may speak where the responsible department says nothing.
    pub authorised_for: Vec<String>,
}

/// Something that a department provides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provided {
    /// The resource's code.
    pub code: String,
    /// The collection.
    pub collection: String,
    /// The fields: all but those for which others answer, or those for which it answers in another's.
    pub fields: Vec<String>,
    /// How often it brings them up to date.
    pub update_cycle: UpdateCycle,
    /// When it last published anything of the collection.
    pub last_published: Option<String>,
}

/// Who answers for what, in the order of the departments' keys.
///
/// # Errors
///
/// The store cannot say when something was last published.
pub fn responsibility(store: &dyn Store, catalog: &Catalog) -> Result<Vec<Duties>, StoreError> {
    let publications = store.publications()?;
    let mut all: BTreeMap<&str, Duties> = BTreeMap::new();
    let duties = |id| Duties {
        department: Department::of(catalog, id),
        provides: Vec::new(),
        authorised_for: Vec::new(),
    };
    for collection in &catalog.collections {
        let Some(sharing) = catalog.sharing.get(&collection.name) else {
            continue;
        };
        let mut by_department: BTreeMap<&str, (Vec<String>, UpdateCycle)> = BTreeMap::new();
        for field in collection.fields.iter().filter(|field| field.is_given()) {
            let authority = &field.authority;
            let entry = by_department
                .entry(&authority.responsible)
                .or_insert_with(|| (Vec::new(), authority.update_cycle));
            entry.0.push(field.name.to_string());
        }
        for (department, (fields, update_cycle)) in by_department {
            let by = publications
                .iter()
                .filter(|one| one.collection == collection.name && one.department == department);
            let last = by.map(|one| one.instant).max();
            let own = all.entry(department).or_insert_with(|| duties(department));
            own.provides.push(Provided {
                code: sharing.code.clone(),
                collection: collection.name.clone(),
                fields,
                update_cycle,
                last_published: last.and_then(clock::instant_text),
            });
        }
        for other in &collection.authority.others {
            let own = all.entry(other).or_insert_with(|| duties(other));
            own.authorised_for.push(collection.name.clone());
        }
    }
    Ok(all.into_values().collect())
}

/// A base register as a database.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Database {
    /// The register.
    pub register: String,
    /// What it is called.
    pub name: schema::Label,
    /// Its collections.
    pub tables: Vec<Table>,
}

/// A collection as a table of a database.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// The resource's code.
    pub code: String,
    /// The collection.
    pub collection: String,
    /// What it is called.
    pub name: schema::Label,
    /// How many fields it has.
    pub fields: usize,
    /// How many records hold today; null for a caller that may not know of them.
    pub records: Option<u64>,
    /// The sources that feed it.
    pub sources: Vec<Feeding>,
}

/// A source that feeds a table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Feeding {
    /// Its name.
    pub source: String,
    /// What it is called.
    pub name: schema::Label,
    /// Whose.
    pub department: Department,
    /// When it was last published.
    pub last_published: Option<String>,
}

/// The four base registers as databases. `store` is the one that the caller sees: it counts what the
/// caller may count.
///
/// # Errors
///
/// The store cannot answer in time.
pub fn databases(
    store: &dyn Store,
    catalog: &Catalog,
    today: Day,
    deadline: Deadline,
) -> Result<Vec<Database>, StoreError> {
    let publications = store.publications()?;
    let view = store.view();
    let mut out: Vec<Database> = Vec::new();
    for collection in &catalog.collections {
        let Some(sharing) = catalog.sharing.get(&collection.name) else {
            continue;
        };
        let name = &collection.name;
        let is_seen = store.catalog().collection(name).is_some();
        let scope = TimeScope::Present(today);
        let records = match is_seen {
            true => Some(view.count(name, &Predicate::All, scope, deadline)?),
            false => None,
        };
        let fed = catalog.sources.values();
        let fed = fed.filter(|source| source.collection.name == *name);
        let sources = fed.map(|source| {
            let by = publications
                .iter()
                .filter(|one| one.collection == *name && one.source == source.name);
            Feeding {
                source: source.name.clone(),
                name: source.label.clone(),
                department: Department::of(catalog, &source.department),
                last_published: by
                    .map(|one| one.instant)
                    .max()
                    .and_then(clock::instant_text),
            }
        });
        let table = Table {
            code: sharing.code.clone(),
            collection: name.clone(),
            name: collection.label.clone(),
            fields: collection.fields.len(),
            records,
            sources: sources.collect(),
        };
        match out.last_mut() {
            Some(last) if last.register == collection.register_name => last.tables.push(table),
            _ => out.push(Database {
                register: collection.register_name.clone(),
                name: register_label(&collection.register_name),
                tables: vec![table],
            }),
        }
    }
    Ok(out)
}

/// What a base register is called.
fn register_label(name: &str) -> schema::Label {
    let (zh, en) = match name {
        "person" => ("人口基础信息库", "Population base register"),
        "organization" => ("法人单位基础信息库", "Legal entity base register"),
        "spatial" => (
            "自然资源和空间地理基础信息库",
            "Spatial and natural resources base register",
        ),
        "macroeconomy" => ("宏观经济基础信息库", "Macroeconomic base register"),
        other => (other, other),
    };
    schema::Label {
        zh: zh.to_string(),
        en: en.to_string(),
    }
}

/// What is shared on terms of one type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OnTerms {
    /// The type.
    pub sharing: SharingType,
    /// What it is called.
    pub name: schema::Label,
    /// The resources: with all items of this type.
    pub resources: Vec<Shared>,
}

/// The part of a resource that is shared on terms of one type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shared {
    /// The resource's code.
    pub code: String,
    /// The collection.
    pub collection: String,
    /// Who provides it.
    pub provider: Department,
    /// The terms of most of the items.
    pub terms: TermsShown,
    /// The items, and the terms of those that have their own.
    pub items: Vec<SharedItem>,
    /// Since when; null where it is announced only.
    pub published: Option<String>,
}

/// An item of a resource that is shared.
#[derive(Debug, Serialize)]
pub struct SharedItem {
    /// The field.
    pub name: String,
    /// Its own terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsShown>,
}

/// What is shared, by type of sharing.
pub fn sharing(catalog: &Catalog) -> Vec<OnTerms> {
    let entries = entries(catalog);
    let types = [
        SharingType::Unconditional,
        SharingType::Conditional,
        SharingType::NotShared,
    ];
    types
        .map(|sharing| OnTerms {
            sharing,
            name: sharing.label(),
            resources: entries
                .iter()
                .filter_map(|entry| shared(entry, sharing))
                .collect(),
        })
        .into()
}

/// The part of an entry that is shared on terms of a type, if there is any.
fn shared(entry: &Entry, sharing: SharingType) -> Option<Shared> {
    let of_type = entry.items.iter().filter(|item| {
        let terms = item.terms.as_ref().unwrap_or(&entry.terms);
        terms.sharing.id == sharing
    });
    let items: Vec<SharedItem> = of_type
        .map(|item| SharedItem {
            name: item.name.clone(),
            terms: item.terms.clone(),
        })
        .collect();
    (!items.is_empty()).then(|| Shared {
        code: entry.code.clone(),
        collection: entry.collection.clone(),
        provider: entry.provider.clone(),
        terms: entry.terms.clone(),
        items,
        published: entry.published.clone(),
    })
}
