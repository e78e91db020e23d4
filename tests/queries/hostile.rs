//! Input that is bad, by mistake or on purpose: an answer or a refusal, never a panic, and soon.

use std::time::{Duration, Instant};

use query::{Limits, Query, QueryError, execute, plan};
use serde_json::{Value as Json, json};

use super::City;
use crate::random::Random;

/// What every refusal and answer must stay below. The slowest is to parse what nests as deep as it may.
const SOON: Duration = Duration::from_secs(3);

fn ask(city: &City, query: &Json) -> Result<(), QueryError> {
    let limits = Limits {
        time: Duration::from_secs(2),
        ..Limits::default()
    };
    let query = Query::from_json(query.to_string().as_bytes())?;
    let context = query::Context::new(&city.store, limits);
    execute(&context, &plan(&context, &query)?).map(drop)
}

/// Asks, and sees to it that a problem is one of the request, told soon.
fn check(city: &City, query: &Json) {
    let begun = Instant::now();
    if let Err(error) = ask(city, query) {
        let problem = error.problem();
        let code = problem.code.as_str();
        assert_ne!(code, "internal", "{error}: {query}");
    }
    let text = query.to_string();
    let text: String = text.chars().take(300).collect();
    assert!(begun.elapsed() < SOON, "{:?}: {text}", begun.elapsed());
}

/// What is known to be bad, and what the refusal must name.
fn bad_input_is_refused_at_once() {
    let city = City::shared();
    let million: Vec<String> = (0..1_000_000)
        .map(|n| format!("{} {}", 100 + n % 20, 20 + n % 7))
        .collect();
    let cases = [
        ("(".repeat(5000), "4096"),
        ("(".repeat(4000), "levels"),
        (
            format!("{}sex = '1'{}", "(".repeat(5000), ")".repeat(5000)),
            "4096",
        ),
        (format!("name = '{}'", "a".repeat(1 << 20)), "4096"),
        (
            format!("s_intersects(geometry, POLYGON(({})))", million.join(",")),
            "4096",
        ),
        (
            "s_intersects(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))".to_string(),
            "geometry",
        ),
        (
            "s_within(geometry, POLYGON((0 0,1 1)))".to_string(),
            "geometry",
        ),
        ("name = ".to_string(), "early"),
        ("name = 'a' AND".to_string(), "early"),
        ("name LIKE 5".to_string(), "like"),
        (format!("value{}", " + 1".repeat(500)), "operators"),
    ];
    for (filter, named) in cases {
        let query = Query {
            from: "person".into(),
            filter: Some(filter.into()),
            ..Query::default()
        };
        let context = city.context();
        let begun = Instant::now();
        let error = plan(&context, &query).expect_err(named);
        let took = begun.elapsed();
        assert!(error.to_string().contains(named), "{error}");
        assert!(took < Duration::from_millis(500), "{took:?}: {named}");
    }
    // The same shapes in JSON.
    let ring: Vec<Json> = (0..1_000_000)
        .map(|n| json!([100 + n % 20, 20 + n % 7]))
        .collect();
    let huge = json!({ "op": "s_intersects", "args": [
        { "property": "geometry" }, { "type": "Polygon", "coordinates": [ring] }] });
    let mut deep = json!(true);
    for _ in 0..100 {
        deep = json!({ "op": "not", "args": [deep] });
    }
    for filter in [huge, deep] {
        let query = Query {
            from: "person".into(),
            filter: Some(filter),
            ..Query::default()
        };
        let context = city.context();
        let begun = Instant::now();
        assert!(plan(&context, &query).is_err());
        assert!(
            begun.elapsed() < Duration::from_millis(500),
            "{:?}",
            begun.elapsed()
        );
    }
}

fn what_must_look_at_every_record_stops_at_the_time_limit() {
    let limits = Limits {
        time: Duration::ZERO,
        ..Limits::default()
    };
    let city = City::shared();
    for (filter, group) in [
        ("casei(addressText) LIKE '%x%'", json!([])),
        ("casei(addressText) LIKE '%x%'", json!(["sex"])),
        ("sex = '1' OR name < addressText", json!([])),
        ("NOT (name < addressText)", json!([])),
        ("household.addressText = 'x'", json!([])),
        ("linked_near('address', 10, casei(text) = 'x')", json!([])),
    ] {
        let query = json!({ "from": "person", "filter": filter, "group": group });
        let query = Query::from_json(query.to_string().as_bytes()).expect("a query");
        let context = query::Context::new(&city.store, limits);
        let answer = plan(&context, &query).and_then(|plan| execute(&context, &plan));
        let error = answer.map(drop).expect_err(filter);
        assert!(
            matches!(error, QueryError::TimeLimit(_)),
            "{filter}: {error}"
        );
    }
}

const SEEDS: [&str; 14] = [
    "name LIKE '王%' AND birthDate >= DATE('1990-01-01')",
    "sex IN ('1','2') OR NOT (birthDate IS NULL)",
    "s_within(geometry, POLYGON((116 39,117 39,117 40,116 40,116 39)))",
    "s_intersects(geometry, BBOX(116,39,117,40))",
    "t_during(birthDate, INTERVAL('1990-01-01', '..'))",
    "a_contains(formerNames, ('王芳', '王方'))",
    "casei(accenti(name)) LIKE casei('%A%')",
    "age_at(birthDate, DATE('2020-02-29')) BETWEEN 18 AND 60",
    "distance(geometry, POINT(116.3 39.9)) < 1000 / 2 ^ 2 - -5",
    "household.head.name = '王芳'",
    "organization:legalRepresentative.status = '1'",
    "linked('organization', 'legalRepresentative', founded > DATE('2001-01-01'))",
    "linked_near('place', 300, kind = 'school')",
    "pinyin_match(name, 'wangf') AND fuzzy_name(name, '王芳', 1) = TRUE",
];

/// One change anywhere in a text.
fn mutated(random: &mut Random, text: &str) -> String {
    const PIECES: [&str; 24] = [
        "(",
        ")",
        "'",
        "''",
        ",",
        ".",
        "..",
        "NOT ",
        " AND ",
        " OR ",
        "NULL",
        "-",
        "1e308",
        "0",
        "\"",
        "%",
        "\\",
        ":",
        "𠮷",
        "\0",
        "DATE('",
        "POINT(",
        "INTERVAL(",
        "EMPTY",
    ];
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(4) {
        let at = random.below(characters.len() as u64 + 1) as usize;
        match random.below(5) {
            0 if at < characters.len() => {
                characters.remove(at);
            }
            1 => {
                let piece: Vec<char> = random.one(&PIECES).chars().collect();
                characters.splice(at..at, piece);
            }
            2 => characters.truncate(at),
            3 if at < characters.len() => {
                characters[at] = char::from_u32(random.below(0x3000) as u32).unwrap_or(' ');
            }
            _ => {
                let other = random.one(&SEEDS);
                let from = random.below(other.chars().count() as u64) as usize;
                let some: Vec<char> = other.chars().skip(from).take(12).collect();
                characters.splice(at..at, some);
            }
        }
    }
    characters.into_iter().collect()
}

fn mutated_filters_are_answered_or_refused() {
    let city = City::shared();
    let mut random = Random::new(20);
    for _ in 0..1500 {
        let seed = random.one(&SEEDS);
        let filter = mutated(&mut random, seed);
        check(city, &json!({ "from": "person", "filter": filter }));
        // The same mistakes as JSON: of the expression, or of its text.
        if let Ok(parsed) = query::filter::parsed(&Json::String(seed.to_string())) {
            let text = serde_json::to_string(&parsed).expect("JSON");
            let text = mutated(&mut random, &text);
            if let Ok(filter) = serde_json::from_str::<Json>(&text) {
                check(city, &json!({ "from": "person", "filter": filter }));
            }
        }
    }
}

fn mutated_boxes_and_cursors_are_answered_or_refused() {
    let city = City::shared();
    let mut random = Random::new(21);
    let first = json!({ "from": "person", "limit": 5, "sort": ["birthDate"] });
    let context = city.context();
    let query = Query::from_json(first.to_string().as_bytes()).expect("a query");
    let page = execute(&context, &plan(&context, &query).expect("a plan")).expect("a page");
    let query::Answer::Records(page) = page else {
        panic!("records");
    };
    let cursor = page.cursor.expect("a next page");
    let served = crate::served::Served::shared();
    for _ in 0..300 {
        let forged = mutated(&mut random, &cursor);
        let mut next = first.clone();
        next["cursor"] = json!(forged);
        check(city, &next);
    }
    for _ in 0..150 {
        let bbox = mutated(&mut random, "116.1,39.5,116.9,40.2");
        let escaped: String = bbox.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let (status, body) =
            served.get(&format!("/collections/place/items?bbox={escaped}&limit=1"));
        assert!(status == 200 || status == 400, "{bbox}: {status} {body}");
    }
}

/// Every kind of bad input, against one city.
#[test]
fn bad_input_harms_nothing() {
    bad_input_is_refused_at_once();
    what_must_look_at_every_record_stops_at_the_time_limit();
    mutated_filters_are_answered_or_refused();
    mutated_boxes_and_cursors_are_answered_or_refused();
}
