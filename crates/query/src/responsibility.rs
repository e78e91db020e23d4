//! Who answers for what, when it was last brought up to date, and whether that is overdue.

use record::Day;
use register::{Publication, Store};
use schema::{Authority, Catalog, Collection, UpdateCycle};
use serde::Serialize;
use serde_json::Value;

use crate::QueryError;
use crate::conflicts::label;
use crate::times::{day_of, instant_text};

/// A collection, and who answers for it.
#[derive(Debug, Serialize)]
pub struct Answering {
    /// The collection.
    pub collection: String,
    /// Who, how often, and when last.
    #[serde(flatten)]
    pub duty: Duty,
    /// The fields for which somebody else answers.
    pub fields: Vec<FieldDuty>,
    /// The sources that feed it.
    pub sources: Vec<SourceState>,
}

/// Who answers for something, how often it is to be brought up to date, and when it was last.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Duty {
    /// The responsible department.
    pub department: String,
    /// Its label.
    pub department_label: Value,
    /// The authorised others, in their order.
    pub others: Vec<String>,
    /// How often.
    pub update_cycle: UpdateCycle,
    /// When the responsible department last published anything of the collection, or sent what it had
    /// published before.
    pub last_published: Option<String>,
    /// Whether more time has passed since than the cycle allows.
    pub overdue: bool,
}

/// A field for which somebody else answers than for its collection.
#[derive(Debug, Serialize)]
pub struct FieldDuty {
    /// The field.
    pub field: String,
    /// Who, how often, and when last.
    #[serde(flatten)]
    pub duty: Duty,
}

/// A source.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceState {
    /// Its name.
    pub source: String,
    /// Who speaks.
    pub department: String,
    /// When it was last published.
    pub last_published: Option<String>,
    /// It has been published, by the responsible department, and the collection's cycle has passed.
    pub overdue: bool,
}

/// Everything that is answered for, in the schemas' order.
///
/// # Errors
///
/// The store cannot say when something was last published.
pub fn list(store: &dyn Store, today: Day) -> Result<Vec<Answering>, QueryError> {
    let publications = store.publications().map_err(QueryError::Store)?;
    let catalog = store.catalog();
    let all = catalog.collections.iter();
    Ok(all
        .map(|collection| answering(catalog, collection, &publications, today))
        .collect())
}

fn answering(
    catalog: &Catalog,
    collection: &Collection,
    publications: &[Publication],
    today: Day,
) -> Answering {
    let own = || {
        publications
            .iter()
            .filter(|one| one.collection == collection.name)
    };
    let duty = |authority: &Authority| {
        let by = own().filter(|one| one.department == authority.responsible);
        let last = by.map(|one| one.instant).max();
        Duty {
            department: authority.responsible.clone(),
            department_label: label(catalog, &authority.responsible),
            others: authority.others.clone(),
            update_cycle: authority.update_cycle,
            last_published: last.and_then(instant_text),
            overdue: is_overdue(authority, last, today),
        }
    };
    let differs = |field: &&schema::Field| field.authority != collection.authority;
    let fields = collection.fields.iter().filter(differs);
    let sources = catalog.sources.values();
    let sources = sources.filter(|source| source.collection.name == collection.name);
    Answering {
        collection: collection.name.clone(),
        duty: duty(&collection.authority),
        fields: fields
            .map(|field| FieldDuty {
                field: field.name.to_string(),
                duty: duty(&field.authority),
            })
            .collect(),
        sources: sources
            .map(|source| {
                let last = own().filter(|one| one.source == source.name);
                let last = last.map(|one| one.instant).max();
                let answers = collection.authority.responsible == source.department;
                SourceState {
                    source: source.name.clone(),
                    department: source.department.clone(),
                    last_published: last.and_then(instant_text),
                    overdue: answers
                        && last.is_some()
                        && is_overdue(&collection.authority, last, today),
                }
            })
            .collect(),
    }
}

fn is_overdue(authority: &Authority, last: Option<i64>, today: Day) -> bool {
    let days = last.map(|instant| today.0 - day_of(instant).0);
    authority.update_cycle.is_overdue(days)
}
