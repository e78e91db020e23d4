//! What a query groups by and computes.

use record::{CompactString, Day, Predicate, prose};
use register::{GroupKey, Grouping, Measure, MeasureKind};
use schema::{Collection, Field, FieldType};
use serde_json::Value;

use crate::filter::condition::Step;
use crate::links::Resolver;
use crate::plan::{self, Context};
use crate::{Query, QueryError};

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
    /// For each key the links that lead to it; none for the collection's own.
    pub paths: Vec<Vec<Step>>,
    /// One name a measure: `mean:registeredCapital`.
    pub measures: Vec<String>,
}

/// Resolves keys and measures; `None` where neither is asked for. Ages are counted on `day`.
pub fn resolve(
    context: &Context<'_>,
    collection: &Collection,
    query: &Query,
    day: Day,
) -> Result<Option<NamedGrouping>, QueryError> {
    let (group, measures) = (&query.group, &query.measures);
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
    let mut keys = Vec::with_capacity(names.len());
    let mut paths = Vec::with_capacity(names.len());
    for name in &names {
        let (path, end, text) = end_of(context, collection, name)?;
        keys.push(key(end, &text, day)?);
        paths.push(path);
    }
    let computed = measures
        .iter()
        .map(|name| measure(collection, name))
        .collect::<Result<_, _>>()?;
    Ok(Some(NamedGrouping {
        grouping: Grouping {
            keys,
            measures: computed,
            limit: context.limits.groups,
        },
        keys: names,
        paths,
        measures: measures.to_vec(),
    }))
}

/// The links that lead to a key, the collection at their end, and the key there: of
/// `year:head.birthDate` it is `year:birthDate`, of `head.division:county` `division:county`.
fn end_of<'a>(
    context: &Context<'a>,
    collection: &'a Collection,
    name: &str,
) -> Result<(Vec<Step>, &'a Collection, String), QueryError> {
    let parts: Vec<&str> = name.split(':').collect();
    let Some((place, path, last)) = parts.iter().enumerate().find_map(|(place, part)| {
        let (path, last) = part.rsplit_once('.')?;
        Some((place, path, last))
    }) else {
        return Ok((Vec::new(), collection, name.to_string()));
    };
    // `person:household.sex`: backwards, to records of which there may be several.
    let before = place.checked_sub(1).and_then(|before| parts.get(before));
    let backwards = before.filter(|name| context.store.catalog().collection(name).is_some());
    if let Some(other) = backwards {
        return Err(QueryError::bad(
            "group",
            name,
            prose!(
                "引用字段；按多条关联记录分组时，请以“{other}”为 from",
                "references; to group by records that refer to this one, ask from '{other}'"
            ),
        ));
    }
    let (steps, end) = plan::links_of(context, collection, "group", path)?;
    let mut own = parts.clone();
    own[place] = last;
    Ok((steps, end, own.join(":")))
}

impl NamedGrouping {
    /// The grouping with its links followed, for the records that match.
    pub fn followed(
        mut self,
        resolver: &Resolver<'_>,
        collection: &Collection,
        predicate: &Predicate,
    ) -> Result<NamedGrouping, QueryError> {
        for (key, path) in self.grouping.keys.iter_mut().zip(&self.paths) {
            if !path.is_empty() {
                *key = resolver.group_key(collection, predicate, path, key)?;
            }
        }
        Ok(self)
    }
}

/// The short form of a key: `{"year":"birthDate"}` is `year:birthDate`.
fn key_text(value: &Value) -> Result<String, QueryError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Object(members) if members.len() == 2 && members.contains_key("age") => {
            match (members.get("age"), members.get("years")) {
                (Some(Value::String(field)), Some(Value::Number(years))) => {
                    Ok(format!("age:{years}:{field}"))
                }
                _ => Err(bad_key(value)),
            }
        }
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
        "字段、division:county、year:birthDate、quarter:birthDate、month:birthDate、age:10:birthDate 或 grid:1000",
        "a field, 'division:county', 'year:birthDate', 'quarter:birthDate', 'month:birthDate', 'age:10:birthDate' or 'grid:1000'"
    );
    QueryError::bad("group", value, forms)
}

fn key(collection: &Collection, text: &str, day: Day) -> Result<GroupKey, QueryError> {
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
        "quarter" => date(argument, |kind| {
            matches!(kind, FieldType::Date | FieldType::Period)
        })
        .map(GroupKey::Quarter),
        "age" => {
            let (years, field) = argument.split_once(':').unwrap_or(("10", argument));
            let years: Option<u16> = years.parse().ok();
            let years = years.filter(|years| (1..=100).contains(years));
            Ok(GroupKey::Age {
                field: date(field, |kind| matches!(kind, FieldType::Date))?,
                years: years.ok_or_else(|| bad_key(text))?,
                day,
            })
        }
        "grid" => grid(collection, text, argument),
        _ => division(collection, text, name, argument),
    }
}

/// `grid:500` in metres, `grid:1km` in kilometres.
fn grid(collection: &Collection, text: &str, size: &str) -> Result<GroupKey, QueryError> {
    let metres = match size.strip_suffix("km") {
        Some(kilometres) => kilometres
            .parse()
            .ok()
            .and_then(|kilometres: u32| kilometres.checked_mul(1000)),
        None => size.strip_suffix('m').unwrap_or(size).parse().ok(),
    };
    let metres = metres.filter(|metres| (10..=geometry::grid::MAXIMUM_METRES).contains(metres));
    if collection.location.is_none() {
        let expected = prose!("有图形的数据集", "a collection with a geometry");
        return Err(QueryError::bad("group", text, expected));
    }
    metres.map(GroupKey::Grid).ok_or_else(|| {
        let expected = prose!(
            "边长 10 至 1000000 米的网格",
            "a cell of 10 to 1000000 metres"
        );
        QueryError::bad("group", text, expected)
    })
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
            "count、count:字段、sum:字段、min:字段、max:字段、mean:字段，或百分位数，如 p50:字段",
            "count, count:field, sum:field, min:field, max:field, mean:field, or a percentile such as p50:field"
        )
    };
    let kind = match name {
        "count" => MeasureKind::Count,
        "sum" => MeasureKind::Sum,
        "min" => MeasureKind::Min,
        "max" => MeasureKind::Max,
        "mean" => MeasureKind::Mean,
        _ => percentile(name).ok_or_else(|| QueryError::bad("measures", text, forms()))?,
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

/// `p50`, `p99.9`: which percentile.
fn percentile(name: &str) -> Option<MeasureKind> {
    let percent: f64 = name.strip_prefix('p')?.parse().ok()?;
    let thousandths = percent * 10.0;
    let fits =
        (0.0..=1000.0).contains(&thousandths) && (thousandths - thousandths.round()).abs() < 1e-9;
    fits.then(|| MeasureKind::Percentile(thousandths.round() as u16))
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
