//! Queries from their text to their answer, over a small store in memory.

use record::RegisterLetter;
use serde_json::json;

use crate::fake::{Fake, id};
use crate::lookup::Lookup;
use crate::{Answer, Context, Limits, Query, QueryError, Records, execute, plan};

fn answer(body: serde_json::Value) -> Result<Answer, QueryError> {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let query = Query::from_json(body.to_string().as_bytes())?;
    execute(&context, &plan(&context, &query)?)
}

fn records(body: serde_json::Value) -> Records {
    match answer(body).expect("an answer") {
        Answer::Records(records) => records,
        Answer::Groups(_) => panic!("records"),
    }
}

fn names(records: &Records) -> Vec<String> {
    let name = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        body["properties"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_string()
    };
    records
        .records
        .iter()
        .map(|one| name(&one.record.body))
        .collect()
}

#[test]
fn conditions_sort_and_pages() {
    let query = |cursor: Option<&str>| {
        let mut query = json!({ "from": "person", "filter": "sex IN ('1','2')", "sort": ["-birthDate"], "limit": 3 });
        if let Some(cursor) = cursor {
            query["cursor"] = json!(cursor);
        }
        query
    };
    let first = records(query(None));
    assert_eq!(names(&first), ["李强", "=cmd", "王小明"]);
    assert_eq!(first.matched, 4);
    let cursor = first.cursor.expect("a next page");
    let second = records(query(Some(&cursor)));
    assert_eq!(names(&second), ["王芳"]);
    assert!(second.cursor.is_none());
    let other = json!({ "from": "person", "sort": ["-birthDate"], "cursor": cursor });
    assert!(matches!(answer(other), Err(QueryError::BadCursor(_))));
}

#[test]
fn the_nearest_come_in_order_with_their_distance() {
    let found =
        records(json!({ "from": "person", "near": { "lon": 116.30, "lat": 39.9, "k": 3 } }));
    assert_eq!(names(&found), ["王芳", "王小明", "李强"]);
    let distance = found.records[1].distance.expect("a distance");
    assert!((850.0..860.0).contains(&distance), "{distance}");
    let few =
        records(json!({ "from": "person", "near": { "lon": 116.30, "lat": 39.9, "k": 100 } }));
    assert_eq!(few.records.len(), 4);
    let close =
        json!({ "from": "person", "near": { "lon": 116.30, "lat": 39.9, "metres": 1000, "k": 9 } });
    assert_eq!(records(close).records.len(), 2);
    let circle =
        json!({ "from": "person", "near": { "lon": 116.30, "lat": 39.9, "metres": 1000 } });
    assert_eq!(records(circle).matched, 2);
}

#[test]
fn references_are_followed() {
    let found = records(json!({
        "from": "person", "q": "王芳", "select": ["name", "household", "division"],
        "expand": ["household.head", "division"],
    }));
    let body: serde_json::Value =
        serde_json::from_str(&found.records[0].record.body).expect("JSON");
    let household = &body["properties"]["household"];
    assert_eq!(household["collection"], "household");
    assert_eq!(
        household["properties"]["head"]["properties"]["name"],
        "王芳"
    );
    assert_eq!(
        body["properties"]["division"]["properties"]["name"],
        "万寿路街道"
    );
    assert!(body["properties"].get("sex").is_none());
    for wrong in ["name", "household.name", "household.head.household"] {
        assert!(
            answer(json!({ "from": "person", "expand": [wrong] })).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn groups_and_measures() {
    let grouped = answer(json!({
        "from": "observation", "group": [{ "year": "period" }, "division:province"],
        "measures": ["count", "mean:value"], "explain": true,
    }));
    let Ok(Answer::Groups(groups)) = grouped else {
        panic!("groups: {grouped:?}")
    };
    assert_eq!(
        groups.groups[0]["key"],
        json!({ "year:period": "1", "division:province": "1" })
    );
    assert_eq!(groups.groups[0]["measures"]["mean:value"], json!(1.5));
    assert!(groups.explanation.is_some());
    for wrong in [
        json!({ "group": ["addressText"] }),
        json!({ "group": ["year:name"] }),
        json!({ "group": ["division:street"] }),
        json!({ "group": ["grid:1"] }),
        json!({ "group": ["sex", "sex", "sex", "sex"] }),
        json!({ "group": ["sex"], "select": ["name"] }),
        json!({ "measures": ["median:birthDate"] }),
        json!({ "measures": ["sum:birthDate"] }),
        json!({ "measures": ["sum"] }),
    ] {
        let mut query = wrong.clone();
        query["from"] = json!("person");
        assert!(answer(query).is_err(), "{wrong}");
    }
}

#[test]
fn times_choose_the_state() {
    assert_eq!(
        records(json!({ "from": "person", "validAt": "1969-12-31" })).matched,
        0
    );
    assert_eq!(
        records(json!({ "from": "person", "knownAt": "1969-12-31" })).matched,
        0
    );
    assert_eq!(
        records(json!({ "from": "person", "knownAt": "2024-01-01T00:00:00Z" })).matched,
        5
    );
    assert!(answer(json!({ "from": "person", "validAt": "2024" })).is_err());
    assert!(answer(json!({ "from": "person", "knownAt": "now" })).is_err());
}

#[test]
fn wrong_queries_are_named() {
    for (query, code) in [
        (json!({ "from": "persons" }), "collection-not-found"),
        (
            json!({ "from": "person", "select": ["nmae"] }),
            "unknown-field",
        ),
        (
            json!({ "from": "person", "sort": ["score"] }),
            "bad-parameter",
        ),
        (
            json!({ "from": "person", "sort": ["addressText"] }),
            "bad-parameter",
        ),
        (
            json!({ "from": "person", "limit": 10001 }),
            "limit-exceeded",
        ),
        (json!({ "from": "person", "limit": -1 }), "bad-body"),
        (json!({ "from": "person", "filter": 7 }), "bad-parameter"),
        (json!({ "from": "person", "q": "，" }), "bad-parameter"),
        (json!({ "from": "observation", "q": "王" }), "bad-parameter"),
        (
            json!({ "from": "observation", "near": { "lon": 1, "lat": 2, "k": 1 } }),
            "bad-parameter",
        ),
        (
            json!({ "from": "person", "near": { "lon": 1, "lat": 91, "k": 1 } }),
            "bad-parameter",
        ),
        (
            json!({ "from": "person", "near": { "lon": 1, "lat": 2 } }),
            "bad-parameter",
        ),
        (json!({ "from": "person", "cursor": "x" }), "bad-cursor"),
    ] {
        let error = answer(query.clone()).expect_err("refused");
        assert_eq!(error.problem().code, code, "{query}: {error}");
    }
}

#[test]
fn every_code_is_in_the_table() {
    let problems = crate::fake::catalog().problems.clone();
    let limit = std::time::Duration::from_secs(1);
    let store = register::StoreError::Damaged(String::new());
    let of = |one: &str| one.to_string();
    for error in [
        QueryError::UnknownCollection {
            name: of("a"),
            known: of("b"),
        },
        QueryError::UnknownParameter {
            name: of("a"),
            known: of("b"),
        },
        QueryError::UnknownField {
            parameter: of("p"),
            name: of("a"),
            known: of("b"),
        },
        QueryError::Filter {
            parameter: of("p"),
            position: None,
            found: "a".into(),
            expected: "b".into(),
        },
        QueryError::bad("p", "v", "e"),
        QueryError::BadBody {
            found: "a".into(),
            expected: "b".into(),
        },
        QueryError::Limit {
            parameter: of("p"),
            value: of("1"),
            limit: "0".into(),
        },
        QueryError::BadCursor(of("c")),
        QueryError::NotFound(of("x")),
        QueryError::TimeLimit(limit),
        QueryError::Store(store),
    ] {
        assert!(
            problems
                .get(&error.problem().code)
                .is_some_and(|entry| entry.http.is_some()),
            "{error}"
        );
    }
}

#[test]
fn natural_keys_are_looked_up_in_order() {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let times = context.times(None, None).expect("now");
    let find = |collection: &str, body: &str| {
        let request = Lookup::from_json(body.as_bytes())?;
        let collection = context.collection(collection)?;
        crate::lookup::lookup(&context, collection, &request.keys, times)
    };
    let found = find(
        "person",
        r#"{"keys":["11013019900101002x","none",{"identityNumber":"110130199001010058"}]}"#,
    );
    let found = found.expect("an answer");
    let ids: Vec<_> = found
        .iter()
        .map(|one| one.as_ref().map(|record| record.id))
        .collect();
    assert_eq!(
        ids,
        [
            Some(id(RegisterLetter::Person, 2)),
            None,
            Some(id(RegisterLetter::Person, 5))
        ]
    );
    assert!(find("person", r#"{"keys":[{"name":"王芳"}]}"#).is_err());
    assert!(find("person", r#"{"key":[]}"#).is_err());
    assert!(find("observation", r#"{"keys":["GDP"]}"#).is_err());
    assert!(
        find(
            "observation",
            r#"{"keys":[{"indicator":"GDP","region":"110000"}]}"#
        )
        .is_err()
    );
}

#[test]
fn series_are_rows_in_order_of_time() {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let request = crate::series::Request {
        indicator: "GDP".to_string(),
        regions: vec!["110000".to_string()],
        from: Some("2019".to_string()),
        ..Default::default()
    };
    let table = crate::series::series(&context, &request).expect("a series");
    let period = table
        .columns
        .iter()
        .position(|name| name == "period")
        .expect("a column");
    let periods: Vec<_> = table
        .rows
        .iter()
        .map(|row| row[period].as_ref().map(|value| value.get()))
        .collect();
    assert_eq!(periods, [Some("\"2019\""), Some("\"2020\"")]);
    let unknown = crate::series::Request {
        indicator: "XYZ".to_string(),
        ..request
    };
    assert!(crate::series::series(&context, &unknown).is_err());
}

#[test]
fn the_registers_are_searched_together() {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let times = context.times(None, None).expect("now");
    let sought = crate::search::Sought {
        text: "王芳",
        collections: &[],
        times,
        limit: 5,
    };
    let ranked = crate::search::search(&context, &sought).expect("a list");
    assert_eq!(
        (ranked.hits[0].title.as_str(), ranked.hits[0].score),
        ("王芳", 1.0)
    );
    let persons = ranked.counts.iter().find(|(name, _)| name == "person");
    assert_eq!(persons.map(|(_, count)| *count), Some(1));
}

#[test]
fn no_time_is_no_answer() {
    let store = Fake::city();
    let limits = Limits {
        time: std::time::Duration::ZERO,
        ..Limits::default()
    };
    let context = Context::new(&store, limits);
    let query = Query {
        from: "person".into(),
        ..Query::default()
    };
    let planned = plan(&context, &query).expect("a plan");
    assert!(matches!(
        execute(&context, &planned),
        Err(QueryError::TimeLimit(_))
    ));
}
