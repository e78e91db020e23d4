//! In which order records come.

use record::prose;
use register::{Direction, Record, Sort, SortKey, SortValue};
use schema::{Collection, FieldType};

use crate::{FoundRecord, Near, QueryError};

/// The most keys an order may have.
pub const MOST_KEYS: usize = 3;

/// The order a query asks for, or else the natural one: by score of a full text, by distance of the
/// nearest, else none (the store orders by entity). `parameter` is what the request calls it.
pub fn resolve(
    collection: &Collection,
    names: &[String],
    parameter: &str,
    has_text: bool,
    near: Option<&Near>,
) -> Result<Vec<Sort>, QueryError> {
    if names.len() > MOST_KEYS {
        return Err(QueryError::Limit {
            parameter: parameter.to_string(),
            value: names.len().to_string(),
            limit: MOST_KEYS.to_string().into(),
        });
    }
    if names.is_empty() {
        return Ok(natural(has_text, near));
    }
    names
        .iter()
        .map(|name| one(collection, name, parameter, has_text, near))
        .collect()
}

fn natural(has_text: bool, near: Option<&Near>) -> Vec<Sort> {
    match near {
        Some(Near {
            lon,
            lat,
            k: Some(_),
            ..
        }) => vec![Sort {
            key: SortKey::Distance(*lon, *lat),
            direction: Direction::Ascending,
        }],
        _ if has_text => vec![Sort {
            key: SortKey::Score,
            direction: Direction::Descending,
        }],
        _ => Vec::new(),
    }
}

fn one(
    collection: &Collection,
    text: &str,
    parameter: &str,
    has_text: bool,
    near: Option<&Near>,
) -> Result<Sort, QueryError> {
    let (direction, name) = match text.strip_prefix('-') {
        Some(name) => (Direction::Descending, name),
        // In a URL a plus sign that was not escaped is a space.
        None => (
            Direction::Ascending,
            text.strip_prefix(['+', ' ']).unwrap_or(text),
        ),
    };
    let key = match (name, collection.field(name), near) {
        (_, Some((_, field)), _) => {
            if !field.search.column || matches!(field.kind, FieldType::Reference { .. }) {
                return Err(QueryError::bad(parameter, name, sortable(collection, name)));
            }
            SortKey::Field(field.name.clone())
        }
        ("score", ..) if has_text => SortKey::Score,
        ("distance", _, Some(near)) => SortKey::Distance(near.lon, near.lat),
        ("validFrom", ..) => SortKey::ValidFrom,
        ("knownFrom", ..) => SortKey::KnownFrom,
        ("score", ..) => {
            return Err(QueryError::bad(
                parameter,
                name,
                prose!("同时给出 q", "'q' beside it"),
            ));
        }
        ("distance", ..) => {
            return Err(QueryError::bad(
                parameter,
                name,
                prose!("同时给出 near", "'near' beside it"),
            ));
        }
        _ => {
            return Err(QueryError::UnknownField {
                parameter: parameter.to_string(),
                name: name.to_string(),
                known: sortable(collection, name),
            });
        }
    };
    Ok(Sort { key, direction })
}

fn sortable(collection: &Collection, wanted: &str) -> String {
    let names = collection
        .fields
        .iter()
        .filter(|field| field.search.column && !matches!(field.kind, FieldType::Reference { .. }))
        .map(|field| field.name.as_str())
        .chain(["validFrom", "knownFrom"]);
    crate::names::nearest(wanted, names)
}

/// A record with the distance and the score that it was ordered by.
pub fn found(sort: &[Sort], record: Record) -> FoundRecord {
    let distance = computed_place(sort, |key| matches!(key, SortKey::Distance(..)));
    let score = computed_place(sort, |key| *key == SortKey::Score);
    FoundRecord {
        distance: computed_value(&record.values, distance),
        score: computed_value(&record.values, score),
        record,
    }
}

/// The place of a computed key (score, distance) in an order.
pub fn computed_place(sort: &[Sort], is_key: impl Fn(&SortKey) -> bool) -> Option<usize> {
    sort.iter().position(|one| is_key(&one.key))
}

/// The distance in metres, or the score, that a record was ordered by.
pub fn computed_value(values: &[SortValue], place: Option<usize>) -> Option<f64> {
    values.get(place?).and_then(index::search::distance_of)
}
