//! Groups against the naive evaluator: by codes, levels, links, periods, cells and bands of age.

use std::collections::BTreeMap;

use register::{Store, TimeScope};
use serde_json::{Value as Json, json};

use super::City;
use super::naive::{Row, Rows, V};
use super::random_filter::Maker;
use crate::random::Random;

/// What a key says of a record.
fn key(rows: &Rows, row: &Row, key: &str) -> Option<String> {
    let parts: Vec<&str> = key.split(':').collect();
    let dotted = parts.iter().position(|part| part.contains('.'));
    if let Some(place) = dotted {
        let (step, rest) = parts[place].split_once('.')?;
        let (_, target) = rows.target(row.fields.get(step)?)?;
        let mut own = parts.clone();
        own[place] = rest;
        return self::key(rows, target, &own.join(":"));
    }
    let day = |field: &str| match row.fields.get(field)? {
        V::Day(day) => record::Day(*day).calendar(),
        _ => None,
    };
    match parts.as_slice() {
        ["year", field] => day(field).map(|(year, ..)| format!("{year:04}")),
        ["month", field] => day(field).map(|(year, month, _)| format!("{year:04}-{month:02}")),
        ["quarter", field] => {
            day(field).map(|(year, month, _)| format!("{year:04}-Q{}", month.div_ceil(3)))
        }
        ["age", years, field] => {
            let years: u16 = years.parse().ok()?;
            let V::Day(born) = row.fields.get(*field)? else {
                return None;
            };
            let band = record::age(record::Day(*born), record::Day(rows.day))? / years;
            Some(format!("{}-{}", band * years, band * years + years - 1))
        }
        ["grid", metres] => {
            let position = row.shape.as_ref()?.bounds().min;
            Some(
                geometry::grid::cell(position, metres.parse().ok()?)
                    .ok()?
                    .to_string(),
            )
        }
        [field, level] => {
            let V::Text(code) = row.fields.get(*field)? else {
                return None;
            };
            let digits = match *level {
                "county" => 6,
                "town" => 9,
                _ => 2,
            };
            Some(code[..digits].to_string())
        }
        [field] => match row.fields.get(*field)? {
            V::Text(text) => Some(text.clone()),
            _ => None,
        },
        other => panic!("{other:?}"),
    }
}

/// A percentile by linear interpolation.
fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let at = values.len().checked_sub(1)? as f64 * share;
    let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
    Some(low + (high - low) * at.fract())
}

fn measure(name: &str, values: &[f64]) -> Json {
    let (kind, _) = name.split_once(':').unwrap_or((name, ""));
    let number = match kind {
        "count" => return json!(values.len()),
        _ if values.is_empty() => return Json::Null,
        "sum" => values.iter().sum(),
        "min" => values.iter().copied().fold(f64::INFINITY, f64::min),
        "max" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "mean" => values.iter().sum::<f64>() / values.len() as f64,
        _ => {
            let percent: f64 = kind[1..].parse().expect("a percentile");
            percentile(&mut values.to_vec(), percent / 100.0).expect("values")
        }
    };
    json!(number)
}

fn is_near(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        _ => one == other,
    }
}

/// Collections, keys that they are grouped by, and a number that is measured.
const KEYS: [(&str, &[&str], &str); 4] = [
    (
        "person",
        &[
            "sex",
            "division:county",
            "year:birthDate",
            "quarter:birthDate",
            "month:birthDate",
            "age:10:birthDate",
            "age:7:birthDate",
            "grid:1000",
            "household.kind",
            "household.division:county",
            "household.address.division:town",
            "age:5:household.head.birthDate",
        ],
        "",
    ),
    (
        "organization",
        &[
            "industry",
            "status",
            "year:founded",
            "legalRepresentative.sex",
            "division:town",
            "legalRepresentative.registeredAddress.division:county",
            "quarter:legalRepresentative.birthDate",
        ],
        "registeredCapital",
    ),
    (
        "building",
        &["use", "division:county", "grid:500", "year:completed"],
        "floors",
    ),
    ("road", &["class", "division:county"], "length"),
];

type Expected = BTreeMap<Vec<Option<String>>, (u64, Vec<f64>)>;

/// The groups of the records that match, with the values measured.
fn grouped(
    rows: &Rows,
    collection: &str,
    filter: &Json,
    group: &[&str],
    measured: &str,
) -> Expected {
    let mut expected = Expected::new();
    for row in rows.of(collection) {
        if !rows.holds(collection, row, filter) {
            continue;
        }
        let own = group.iter().map(|one| key(rows, row, one)).collect();
        let (count, values) = expected.entry(own).or_default();
        *count += 1;
        if let Some(V::Number(number)) = row.fields.get(measured) {
            values.push(*number);
        }
    }
    expected
}

fn random_groups_hold_what_they_should() {
    let city = City::shared();
    let today = register::today();
    let (view, catalog) = (city.store.view(), city.store.catalog().clone());
    let rows = Rows::read(view.as_ref(), &catalog, TimeScope::Present(today), today);
    let mut maker = Maker {
        rows: &rows,
        random: Random::new(5),
    };
    for nth in 0..80 {
        let (collection, keys, measured) = maker.random.one(&KEYS);
        let group: Vec<&str> = (0..1 + maker.random.below(2))
            .map(|_| maker.random.one(keys))
            .collect();
        let kinds = ["count", "sum", "min", "max", "mean", "p50", "p90", "p99.5"];
        let measures: Vec<String> = if measured.is_empty() {
            vec!["count".to_string()]
        } else {
            let named = kinds.iter().map(|kind| format!("{kind}:{measured}"));
            named.collect()
        };
        let filter = maker.filter(collection, 1);
        let expected = grouped(&rows, collection, &filter, &group, measured);
        let query =
            json!({ "from": collection, "filter": filter, "group": group, "measures": measures });
        let answer = city
            .answer(&query)
            .unwrap_or_else(|error| panic!("{query}: {error}"));
        let groups = answer["groups"].as_array().expect("groups");
        assert_eq!(groups.len(), expected.len(), "{nth}: {query}: {answer}");
        for found in groups {
            let own: Vec<Option<String>> = group
                .iter()
                .map(|one| found["key"][*one].as_str().map(str::to_string))
                .collect();
            let (count, values) = expected
                .get(&own)
                .unwrap_or_else(|| panic!("{query}: {found}"));
            assert_eq!(found["count"], json!(count), "{query}: {found}");
            for name in &measures {
                let wanted = match name.as_str() {
                    "count" => json!(count),
                    name => measure(name, values),
                };
                let given = &found["measures"][name.as_str()];
                assert!(is_near(given, &wanted), "{query} {name}: {found}, {wanted}");
            }
        }
    }
}

fn districts_beside_one_another_per_head() {
    let city = City::shared();
    let by_district =
        |from: &str| json!({ "from": from, "group": ["division:county"], "measures": ["count"] });
    let query = json!({
        "from": "person", "group": ["division:county"], "measures": ["count"],
        "beside": {
            "enterprises": by_district("organization"),
            "gdp": { "from": "observation", "filter": "indicator.code IS NOT NULL", "group": ["region:county"], "measures": ["sum:value"] },
        },
        "compute": { "perHead": "enterprises.count / count", "gdpPerHead": "gdp.sum:value / count" },
        "sort": ["-count"], "explain": true,
    });
    let answer = city.answer(&query).expect("groups");
    let groups = answer["groups"].as_array().expect("groups");
    assert!(groups.len() > 3, "{answer}");
    let count = |group: &Json| group["count"].as_u64().expect("a count");
    assert!(
        groups
            .windows(2)
            .all(|pair| count(&pair[0]) >= count(&pair[1])),
        "{answer}"
    );
    let alone = city.answer(&by_district("organization")).expect("groups");
    for group in groups.iter().filter(|group| count(group) > 0) {
        let district = &group["key"]["division:county"];
        let other = alone["groups"].as_array().expect("groups").iter();
        let firms = other
            .filter(|one| one["key"]["division:county"] == *district)
            .map(count)
            .next();
        let given = group["beside"]["enterprises"]["count"].as_u64();
        assert_eq!(given, firms, "{group}");
        let per_head = group["computed"]["perHead"].as_f64();
        assert_eq!(
            per_head,
            firms.map(|firms| firms as f64 / count(group) as f64),
            "{group}"
        );
    }
    assert!(
        !answer["explanation"]["links"]
            .as_array()
            .expect("links")
            .is_empty()
    );
}

fn groups_are_narrowed_ordered_and_cut() {
    let city = City::shared();
    let all = json!({ "from": "organization", "group": ["industry"], "measures": ["sum:registeredCapital", "p50:registeredCapital"] });
    let every = city.answer(&all).expect("groups");
    let mut top = all.clone();
    top["having"] = json!("count >= 2 AND industry IS NOT NULL");
    top["sort"] = json!(["-sum:registeredCapital"]);
    top["limit"] = json!(3);
    let top = city.answer(&top).expect("groups");
    let mut sums: Vec<f64> = every["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .filter(|group| group["count"].as_u64() >= Some(2) && !group["key"]["industry"].is_null())
        .filter_map(|group| group["measures"]["sum:registeredCapital"].as_f64())
        .collect();
    sums.sort_by(|one, other| other.total_cmp(one));
    assert_eq!(top["numberMatched"], json!(sums.len()), "{top}");
    let found: Vec<f64> = top["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .filter_map(|group| group["measures"]["sum:registeredCapital"].as_f64())
        .collect();
    assert_eq!(found, sums[..3.min(sums.len())], "{top}");
    for (member, value, named) in [
        ("having", json!("cuont > 1"), "count"),
        ("having", json!("name LIKE 'a%'"), "like"),
        ("sort", json!(["median"]), "p50"),
        ("compute", json!({ "x": "1 +" }), "early"),
        ("group", json!(["person:household.sex"]), "person"),
        ("group", json!(["age:0:founded"]), "age"),
        ("measures", json!(["p101:registeredCapital"]), "p50"),
        (
            "beside",
            json!({ "x": { "from": "person", "measures": ["count"] } }),
            "1",
        ),
    ] {
        let mut query = all.clone();
        query[member] = value;
        let error = city.answer(&query).expect_err(member).to_string();
        assert!(error.contains(named), "{query}: {error}");
    }
    let error = city.answer(&json!({ "from": "person", "having": "count > 1" }));
    assert!(error.expect_err("no groups").to_string().contains("group"));
}

/// Every question of this file, over one city.
#[test]
fn groups_are_what_they_should_be() {
    random_groups_hold_what_they_should();
    districts_beside_one_another_per_head();
    groups_are_narrowed_ordered_and_cut();
}
