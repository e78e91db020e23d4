//! Records of which some fields are published without a key: these fields, and nothing else of them.

use record::{Day, EntityId, Predicate};
use register::{After, Deadline, Record, Search, StoreError, TimeScope, View};
use schema::{Collection, OpenForm, OpenResource};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What is published of a record.
#[derive(Clone, Debug)]
pub struct OpenRecord {
    /// Its id.
    pub id: EntityId,
    /// The fields published, in the order of the resource, as JSON; none where there is no value.
    pub values: Vec<Option<String>>,
}

/// A page of records, in the order of their ids.
#[derive(Clone, Debug, Default)]
pub struct OpenPage {
    /// The records.
    pub records: Vec<OpenRecord>,
    /// How many there are in all.
    pub total: u64,
    /// The id after which it goes on.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: std::collections::BTreeMap<&'a str, &'a RawValue>,
}

/// The names of the fields that a resource publishes; none where it publishes counts.
pub fn fields(resource: &OpenResource) -> &[record::CompactString] {
    match &resource.form {
        OpenForm::Records(fields) => fields,
        OpenForm::Counts { .. } => &[],
    }
}

/// A page of a resource's records. `after` is the id of the last record of the page before.
///
/// # Errors
///
/// The store cannot answer in time; a stored record cannot be read.
pub fn page(
    view: &dyn View,
    collection: &Collection,
    resource: &OpenResource,
    day: Day,
    (after, limit): (Option<EntityId>, usize),
    deadline: Deadline,
) -> Result<OpenPage, StoreError> {
    let after = after.map(|id| After {
        values: Vec::new(),
        number: id.number(),
    });
    let search = Search {
        predicate: &Predicate::All,
        time: TimeScope::Present(day),
        sort: &[],
        after: after.as_ref(),
        limit,
        deadline,
    };
    let found = view.search(&collection.name, &search)?;
    let last = found.records.last().map(|record| record.id.to_string());
    let records = found
        .records
        .iter()
        .map(|record| open(collection, resource, record));
    Ok(OpenPage {
        records: records.collect::<Result<_, _>>()?,
        total: found.total,
        next: found.next.and(last),
    })
}

/// Calls `each` with what is published of every record, until it answers `false`.
///
/// # Errors
///
/// As [`page`].
pub fn each(
    view: &dyn View,
    collection: &Collection,
    resource: &OpenResource,
    day: Day,
    each: &mut dyn FnMut(OpenRecord) -> bool,
) -> Result<(), StoreError> {
    let mut failed = None;
    let time = TimeScope::Present(day);
    view.each(
        &collection.name,
        &Predicate::All,
        time,
        &mut |record| match open(collection, resource, &record) {
            Ok(record) => each(record),
            Err(reason) => {
                failed = Some(reason);
                false
            }
        },
    )?;
    failed.map_or(Ok(()), Err)
}

/// What is published of a record.
fn open(
    collection: &Collection,
    resource: &OpenResource,
    record: &Record,
) -> Result<OpenRecord, StoreError> {
    let body: Body<'_> = serde_json::from_str(&record.body)
        .map_err(|reason| StoreError::Damaged(reason.to_string()))?;
    let location = collection
        .location
        .map(|number| &collection.at(number).name);
    let value = |name: &record::CompactString| {
        let raw = match location == Some(name) {
            true => body.geometry,
            false => body.properties.get(name.as_str()).copied(),
        };
        raw.map(RawValue::get)
            .filter(|text| *text != "null")
            .map(str::to_string)
    };
    Ok(OpenRecord {
        id: record.id,
        values: fields(resource).iter().map(value).collect(),
    })
}
