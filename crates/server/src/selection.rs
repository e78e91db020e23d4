//! Which records a request with parameters asks for: what pages of items and tiles have in common.

use geometry::Crs;
use geometry::crs::Region;
use query::{Query, QueryError};
use record::prose;
use schema::Collection;

use crate::crs;
use crate::parameters::{self, Parameters};

/// Takes the parameters that select records: `q`, `bbox`, `datetime`, `filter`, `validAt`, `knownAt` and the
/// fields that can be searched.
///
/// # Errors
///
/// A parameter that cannot be what it is.
pub fn take(given: &mut Parameters, collection: &Collection) -> Result<Query, QueryError> {
    let mut query = Query {
        from: collection.name.as_str().into(),
        in_url: true,
        ..Query::default()
    };
    query.q = given.take("q");
    take_box(given, &mut query)?;
    query.valid_at = given.take("validAt");
    query.known_at = given.take("knownAt");
    if let Some(text) = given.take("datetime") {
        if query.valid_at.is_some() {
            return Err(QueryError::bad(
                "datetime",
                text,
                prose!(
                    "不与 validAt 同用：两者含义相同",
                    "nothing beside validAt, which means the same"
                ),
            ));
        }
        query.during = Some(parameters::datetime(&text)?);
    }
    let filter = given.take("filter");
    query.filter = filter_value(filter, given.take("filter-lang"))?;
    query.filter_crs = given.take("filter-crs");
    query.equal = given.take_others(|name| {
        collection
            .field(name)
            .is_some_and(|(_, field)| field.search.any())
    });
    Ok(query)
}

fn beside(name: &str) -> record::Prose {
    prose!("同时给出 {name}", "'{name}' beside it")
}

/// Refuses parameters that nobody has taken.
///
/// # Errors
///
/// The first of them.
pub fn finish(given: Parameters, collection: &Collection) -> Result<(), QueryError> {
    let names = collection.fields.iter().filter(|field| field.search.any());
    given.finish(names.map(|field| field.name.as_str()))
}

fn take_box(given: &mut Parameters, query: &mut Query) -> Result<(), QueryError> {
    let (text, system) = (given.take("bbox"), given.take("bbox-crs"));
    let Some(text) = text else {
        return match system {
            Some(system) => Err(QueryError::bad("bbox-crs", system, beside("bbox"))),
            None => Ok(()),
        };
    };
    let system = crs::named("bbox-crs", system)?;
    if system == Crs::Crs84 {
        query.bbox = Some(parameters::bbox(&text)?);
        return Ok(());
    }
    let uri = crs::uri(system);
    let wrong = || {
        let expected = prose!(
            "四个数，依次为最小、最大两角，坐标轴次序同 {uri} 的定义，且在其范围之内",
            "four numbers, the smallest corner and the largest, in the order of the axes of {uri}, inside its reach"
        );
        QueryError::bad("bbox", &text, expected)
    };
    let corners = crs::corners(&text, system).ok_or_else(wrong)?;
    match geometry::crs::region(corners, system).map_err(|_| wrong())? {
        Region::Box([west, south, east, north]) => {
            let around = geometry::Bounds::of_degrees(west.min(east), south, east.max(west), north);
            around.ok_or_else(wrong)?;
            query.bbox = Some([west, south, east, north]);
        }
        Region::Area(shape) => query.area = Some(shape.to_wkb()),
    }
    Ok(())
}

fn filter_value(
    filter: Option<String>,
    language: Option<String>,
) -> Result<Option<serde_json::Value>, QueryError> {
    let Some(filter) = filter else {
        return match language {
            Some(language) => Err(QueryError::bad("filter-lang", language, beside("filter"))),
            None => Ok(None),
        };
    };
    match language.as_deref() {
        None | Some("cql2-text") => Ok(Some(filter.into())),
        Some("cql2-json") => query::filter::json_of_text(&filter).map(Some),
        Some(other) => Err(QueryError::bad(
            "filter-lang",
            other,
            "cql2-text, cql2-json",
        )),
    }
}
