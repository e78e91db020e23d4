//! What a query groups by and computes.

use record::{CompactString, prose};
use register::{GroupKey, Grouping, Measure, MeasureKind};
use schema::{Collection, Field, FieldType};
use serde_json::Value;

use crate::QueryError;

/// The most keys a grouping may have.
pub const MOST_KEYS: usize = 3;
const MOST_MEASURES: usize = 16;
const LEVELS: [(&str, &str, usize); 5] = [
    ("province", "2", 2),
    ("city", "4", 4),
    ("county", "6", 6),
    ("town", "9", 9),
    ("village", "12", 12),
];

/// A grouping, and the names of its keys and measures in the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedGrouping {
    /// What the store computes.
    pub grouping: Grouping,
    /// One name a key: `sex`, `division:county`.
    pub keys: Vec<String>,
    /// One name a measure: `mean:registeredCapital`.
    pub measures: Vec<String>,
}

/// Resolves keys and measures; `None` where neither is asked for.
pub fn resolve(
    collection: &Collection,
    group: &[Value],
    measures: &[String],
    most_groups: usize,
) -> Result<Option<NamedGrouping>, QueryError> {
    if group.is_empty() && measures.is_empty() {
        return Ok(None);
    }
    for (parameter, count, most) in [
        ("group", group.len(), MOST_KEYS),
        ("measures", measures.len(), MOST_MEASURES),
    ] {
        if count > most {
            return Err(QueryError::Limit {
                parameter: parameter.to_string(),
                value: count.to_string(),
                limit: most.to_string().into(),
            });
        }
    }
    let names: Vec<String> = group.iter().map(key_text).collect::<Result<_, _>>()?;
    let keys = names
        .iter()
        .map(|name| key(collection, name))
        .collect::<Result<_, _>>()?;
    let computed = measures
        .iter()
        .map(|name| measure(collection, name))
        .collect::<Result<_, _>>()?;
    Ok(Some(NamedGrouping {
        grouping: Grouping {
            keys,
            measures: computed,
            limit: most_groups,
        },
        keys: names,
        measures: measures.to_vec(),
    }))
}

/// The short form of a key: `{"year":"birthDate"}` is `year:birthDate`.
fn key_text(value: &Value) -> Result<String, QueryError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Object(members) if members.len() == 1 => {
            let (name, argument) = members.iter().next().ok_or_else(|| bad_key(value))?;
            match argument {
                Value::String(text) => Ok(format!("{name}:{text}")),
                Value::Number(number) => Ok(format!("{name}:{number}")),
                _ => Err(bad_key(value)),
            }
        }
        _ => Err(bad_key(value)),
    }
}

fn bad_key(value: impl ToString) -> QueryError {
    let forms = prose!(
        "字段、division:county、year:birthDate、month:birthDate 或 grid:1000",
        "a field, 'division:county', 'year:birthDate', 'month:birthDate' or 'grid:1000'"
    );
    QueryError::bad("group", value, forms)
}

fn key(collection: &Collection, text: &str) -> Result<GroupKey, QueryError> {
    let Some((name, argument)) = text.split_once(':') else {
        let field = find(collection, "group", text)?;
        if !field.search.column {
            return Err(QueryError::bad("group", text, columns(collection, text)));
        }
        return Ok(GroupKey::Field(field.name.clone()));
    };
    let date = |argument: &str, kinds: fn(&FieldType) -> bool| {
        let field = find(collection, "group", argument)?;
        if !kinds(&field.kind) || !field.search.column {
            return Err(bad_key(text));
        }
        Ok(field.name.clone())
    };
    match name {
        "year" => date(argument, |kind| {
            matches!(kind, FieldType::Date | FieldType::Period)
        })
        .map(GroupKey::Year),
        "month" => date(argument, |kind| matches!(kind, FieldType::Date)).map(GroupKey::Month),
        "grid" => {
            let metres: Option<u32> = argument.parse().ok();
            let metres =
                metres.filter(|metres| (10..=geometry::grid::MAXIMUM_METRES).contains(metres));
            if collection.location.is_none() {
                return Err(QueryError::bad(
                    "group",
                    text,
                    prose!("有图形的数据集", "a collection with a geometry"),
                ));
            }
            metres.map(GroupKey::Grid).ok_or_else(|| {
                QueryError::bad(
                    "group",
                    text,
                    prose!(
                        "边长 10 至 1000000 米的网格",
                        "a cell of 10 to 1000000 metres"
                    ),
                )
            })
        }
        _ => division(collection, text, name, argument),
    }
}

fn division(
    collection: &Collection,
    text: &str,
    name: &str,
    level: &str,
) -> Result<GroupKey, QueryError> {
    let digits = LEVELS
        .iter()
        .find(|(word, digits, _)| *word == level || *digits == level)
        .map(|(.., digits)| *digits)
        .ok_or_else(|| {
            QueryError::bad(
                "group",
                text,
                prose!(
                    "区划级别：province、city、county、town、village",
                    "a level: province, city, county, town, village"
                ),
            )
        })?;
    let field = match collection.field(name) {
        Some((_, field)) if matches!(field.kind, FieldType::Division) => field.name.clone(),
        // The collection's own division, whatever its field is called.
        None if name == "division" && collection.division.is_some() => CompactString::default(),
        Some(_) => return Err(bad_key(text)),
        None => return find(collection, "group", name).and(Err(bad_key(text))),
    };
    Ok(GroupKey::Division { field, digits })
}

fn measure(collection: &Collection, text: &str) -> Result<Measure, QueryError> {
    let (name, field) = match text.split_once(':') {
        Some((name, field)) => (name, Some(find(collection, "measures", field)?)),
        None => (text, None),
    };
    let forms = || {
        prose!(
            "count、count:字段、sum:字段、min:字段、max:字段或 mean:字段",
            "count, count:field, sum:field, min:field, max:field or mean:field"
        )
    };
    let kind = match name {
        "count" => MeasureKind::Count,
        "sum" => MeasureKind::Sum,
        "min" => MeasureKind::Min,
        "max" => MeasureKind::Max,
        "mean" => MeasureKind::Mean,
        _ => return Err(QueryError::bad("measures", text, forms())),
    };
    let fits = match (kind, field) {
        (MeasureKind::Count, None) => true,
        (_, None) => return Err(QueryError::bad("measures", text, forms())),
        (_, Some(field)) if !field.search.column => false,
        (MeasureKind::Count, Some(_)) => true,
        (MeasureKind::Min | MeasureKind::Max, Some(field)) => {
            matches!(
                field.kind,
                FieldType::Integer | FieldType::Decimal | FieldType::Date
            )
        }
        (_, Some(field)) => matches!(field.kind, FieldType::Integer | FieldType::Decimal),
    };
    if !fits {
        let expected = prose!(
            "有列存储的数值字段（min 和 max 也可用日期字段）",
            "a field with a column, of numbers (or dates, for min and max)"
        );
        return Err(QueryError::bad("measures", text, expected));
    }
    Ok(Measure {
        kind,
        field: field.map(|field| field.name.clone()),
    })
}

fn find<'a>(
    collection: &'a Collection,
    parameter: &str,
    name: &str,
) -> Result<&'a Field, QueryError> {
    collection
        .field(name)
        .map(|(_, field)| field)
        .ok_or_else(|| QueryError::UnknownField {
            parameter: parameter.to_string(),
            name: name.to_string(),
            known: columns(collection, name),
        })
}

fn columns(collection: &Collection, wanted: &str) -> String {
    let with_column = collection.fields.iter().filter(|field| field.search.column);
    crate::names::nearest(wanted, with_column.map(|field| field.name.as_str()))
}
