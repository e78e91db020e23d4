//! How the store that is none compares values and orders records.

use super::*;

pub fn compare(given: &Json, comparison: Comparison, value: &Value) -> bool {
    let ordering = match (given, value) {
        (Json::String(given), Value::Reference(reference)) => given.cmp(
            &reference
                .target
                .map(|id| id.to_string())
                .unwrap_or_default(),
        ),
        (Json::String(given), Value::Date(date)) if comparison == Comparison::Equal => {
            let own: record::PartialDate = given.parse().expect("a date");
            let day = own.first_day();
            return date.first_day() <= day && day < date.end_day();
        }
        (Json::String(given), Value::Date(date)) => {
            let own: record::PartialDate = given.parse().expect("a date");
            own.first_day().cmp(&date.first_day())
        }
        (Json::String(given), Value::Text(text)) => given.as_str().cmp(text.as_str()),
        (Json::Number(given), Value::Decimal(number)) => given
            .as_f64()
            .expect("a number")
            .total_cmp(&f64::try_from(*number).expect("a number")),
        _ => return false,
    };
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

pub fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
        Some(('_', rest)) => !text.is_empty() && like(rest, &text[1..]),
        Some((one, rest)) => text.first() == Some(one) && like(rest, &text[1..]),
    }
}

/// Metres, near enough for tests.
pub fn distance(record: &Record, lon: f64, lat: f64) -> Option<f64> {
    let body: Json = serde_json::from_str(&record.body).expect("JSON");
    let own = (
        body["geometry"]["coordinates"][0].as_f64()?,
        body["geometry"]["coordinates"][1].as_f64()?,
    );
    let (x, y) = ((own.0 - lon) * lat.to_radians().cos(), own.1 - lat);
    Some(x.hypot(y).to_radians() * 6_371_008.8)
}

pub fn sort_value(record: &Record, key: &SortKey) -> SortValue {
    let body: Json = serde_json::from_str(&record.body).expect("JSON");
    // The order of unsigned numbers is that of the positive floating ones.
    let float = |number: f64| SortValue::Number(number.to_bits() ^ (1 << 63));
    match key {
        SortKey::Field(field) => match &body["properties"][field.as_str()] {
            Json::String(text) => SortValue::Text(text.as_str().into()),
            Json::Number(number) => float(number.as_f64().expect("a number")),
            _ => SortValue::Missing,
        },
        SortKey::Distance(lon, lat) => {
            distance(record, *lon, *lat).map_or(SortValue::Missing, float)
        }
        _ => float(1.0),
    }
}

pub fn order(
    search: &Search<'_>,
    left: (&[SortValue], u64),
    right: (&[SortValue], u64),
) -> Ordering {
    for ((one, other), sort) in left.0.iter().zip(right.0).zip(search.sort) {
        let ordering = match (one, other) {
            (SortValue::Missing, SortValue::Missing) => Ordering::Equal,
            (SortValue::Missing, _) => return Ordering::Greater,
            (_, SortValue::Missing) => return Ordering::Less,
            (SortValue::Number(one), SortValue::Number(other)) => one.cmp(other),
            (SortValue::Text(one), SortValue::Text(other)) => one.cmp(other),
            _ => Ordering::Equal,
        };
        let ordering = if sort.direction == Direction::Descending {
            ordering.reverse()
        } else {
            ordering
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    left.1.cmp(&right.1)
}
