//! Single records are written over HTTP: what a caller sees, what is refused, and what files make of it.

use std::sync::Arc;
use std::time::Duration;

use load::{Call, Clerk, Expected, LoadOptions, Outcome, Quiet, Verb, WriteError};
use register::{Embedded, StartedLoad, Store};
use serde_json::{Value, json};

use crate::city;
use crate::served::{Answer, Served};

const INDICATORS: &str = "/collections/indicator/items";
const STATISTICS: (&str, &str) = ("jiku-department", "statistics");
/// A dated mapping of indicators, besides those of `schemas/`.
const DATED: &str = "source = \"dated\"\nlabel = { zh = \"试验\", en = \"Trial\" }\n\
    collection = \"indicator\"\ndepartment = \"statistics\"\nformat = \"csv\"\n\
    [validity]\nfrom = \"from\"\n\
    [[column]]\nheader = \"code\"\nfield = \"code\"\n\
    [[column]]\nheader = \"name\"\nfield = \"name\"\noptional = true\n\
    [[column]]\nheader = \"unit\"\nfield = \"unit\"\noptional = true\n";

/// A server over an empty data directory.
fn empty() -> Served {
    served(server::Options::default()).0
}

fn served(options: server::Options) -> (Served, Embedded) {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(&folder.path().join("data"), true);
    (Served::of(folder, store.clone(), options), store)
}

/// Compares an answer with its snapshot: the status, the headers that matter, the body.
fn check(name: &str, answer: &Answer) {
    let mut text = format!("{}\n", answer.status);
    for header in [
        "location",
        "jiku-transaction",
        "jiku-outcome",
        "idempotency-replayed",
    ] {
        if let Some(value) = answer.headers.get(header) {
            text.push_str(&format!("{header}: {value}\n"));
        }
    }
    let mut body = answer.json();
    crate::http::mask(&mut body);
    hide_today(&mut body);
    text.push_str(&serde_json::to_string_pretty(&body).expect("JSON"));
    insta::assert_snapshot!(name, text);
}

/// What is said without a day holds from today on, whichever day that is.
fn hide_today(json: &mut Value) {
    let today = register::today().to_string();
    match json {
        Value::String(text) if text.contains(&today) => *text = text.replace(&today, "TODAY"),
        Value::Object(members) => members.values_mut().for_each(hide_today),
        Value::Array(items) => items.iter_mut().for_each(hide_today),
        _ => {}
    }
}

fn post(served: &Served, body: Value) -> Answer {
    served.send("POST", INDICATORS, &[STATISTICS], &body.to_string())
}

/// A new indicator: its address and its tag.
fn created(served: &Served, code: &str, more: Value) -> (String, String) {
    let mut body = json!({ "properties": { "code": code, "name": "人口" } });
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    let answer = post(served, body);
    assert_eq!(answer.status, 201, "{answer:?}");
    (
        answer.header("location").to_string(),
        answer.header("etag").to_string(),
    )
}

fn patch(served: &Served, place: &str, tag: &str, body: Value) -> Answer {
    served.send(
        "PATCH",
        place,
        &[STATISTICS, ("if-match", tag)],
        &body.to_string(),
    )
}

/// A property on a day.
fn on(served: &Served, place: &str, day: &str, property: &str) -> Value {
    let answer = served.send("GET", &format!("{place}?validAt={day}"), &[], "");
    answer.json()["properties"][property].clone()
}

#[test]
fn a_record_is_created_changed_replaced_and_ended() {
    let served = empty();
    let body = json!({ "type": "Feature", "geometry": null, "properties": {
        "code": " P1 ", "name": "常住人口", "unit": "万人", "frequency": "A" } });
    let created = post(&served, body);
    check("created", &created);
    let place = created.header("location").to_string();
    let read = served.send("GET", &place, &[], "");
    assert_eq!(read.header("etag"), created.header("etag"));
    assert_eq!(read.json()["properties"], created.json()["properties"]);

    let change = json!({ "properties": { "unit": "人", "frequency": null } });
    let changed = patch(&served, &place, read.header("etag"), change.clone());
    check("changed", &changed);
    let read = served.send(
        "GET",
        &place,
        &[("jiku-transaction", changed.header("jiku-transaction"))],
        "",
    );
    assert_eq!(read.json()["properties"]["unit"], "人");
    assert_eq!(read.header("etag"), changed.header("etag"));
    let known = served.send("GET", &place, &[("if-none-match", read.header("etag"))], "");
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    let again = patch(&served, &place, changed.header("etag"), change);
    check("unchanged", &again);

    let whole = json!({ "properties": { "code": "P1", "name": "常住人口", "topic": "人口" } });
    let headers = [STATISTICS, ("if-match", changed.header("etag"))];
    let replaced = served.send("PUT", &place, &headers, &whole.to_string());
    check("replaced", &replaced);

    let headers = [STATISTICS, ("if-match", replaced.header("etag"))];
    let ended = served.send(
        "POST",
        &format!("{place}/end"),
        &headers,
        r#"{"from":"2100-01-01"}"#,
    );
    check("ended", &ended);
    assert_eq!(on(&served, &place, "2099-12-31", "name"), "常住人口");
    assert_eq!(on(&served, &place, "2100-01-01", "name"), Value::Null);
    let headers = [STATISTICS, ("if-match", "*")];
    let ended = served.send("POST", &format!("{place}/end"), &headers, "");
    assert_eq!(ended.status, 200, "{ended:?}");
    assert_eq!(served.send("GET", &place, &[], "").status, 404);
    // Whoever has ended may come again, as the same.
    let back = post(
        &served,
        json!({ "properties": { "code": "P1", "name": "人口" }, "validFrom": register::today().to_string() }),
    );
    assert_eq!(
        (back.status, back.header("location")),
        (201, place.as_str())
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let served = empty();
    let (place, tag) = created(&served, "P1", json!({}));
    let bad = json!({ "properties": {
        "identityNumber": "110130199001011234", "sex": "9", "birthDate": "2024-02-30", "formerNames": ["王", 7],
        "nmae": "王", "division": "110108", "household": 5, "birthplace": "12" },
        "geometry": { "type": "Point", "coordinates": [116.3, 39.9] }, "validFrom": "2020-13-01" });
    let people = "/collections/person/items";
    let police = ("jiku-department", "public-security");
    check(
        "invalid",
        &served.send("POST", people, &[police], &bad.to_string()),
    );
    let number = json!({ "properties": { "identityNumber": "110130199001011234", "household": { "id": "P000000001D" } } });
    check(
        "invalid_number",
        &served.send("POST", people, &[police], &number.to_string()),
    );
    check(
        "invalid_days",
        &post(
            &served,
            json!({ "properties": { "code": "P2" }, "validFrom": "2020", "validTo": "2019-12-31" }),
        ),
    );
    check(
        "cleared",
        &patch(
            &served,
            &place,
            &tag,
            json!({ "properties": { "name": null } }),
        ),
    );
    check(
        "key_taken",
        &post(
            &served,
            json!({ "properties": { "code": "P1", "name": "人口" } }),
        ),
    );
    let (other, _) = created(&served, "P3", json!({}));
    check(
        "other_key_taken",
        &patch(
            &served,
            &other,
            "*",
            json!({ "properties": { "code": "P1" } }),
        ),
    );
    check("no_member", &post(&served, json!({ "property": {} })));
    check(
        "no_object",
        &served.send("POST", INDICATORS, &[STATISTICS], "[1]"),
    );
    check(
        "twice",
        &served.send(
            "POST",
            INDICATORS,
            &[STATISTICS],
            r#"{"properties":{"code":"A","code":"B"}}"#,
        ),
    );
    check("nobody_speaks", &served.send("POST", INDICATORS, &[], "{}"));
    let body = r#"{"department":"health","properties":{}}"#;
    check(
        "two_speak",
        &served.send("POST", INDICATORS, &[STATISTICS], body),
    );
    check(
        "no_version",
        &served.send("PATCH", &place, &[STATISTICS], "{}"),
    );
    check("bad_version", &patch(&served, &place, "7", json!({})));
    check("moved", &patch(&served, &place, "\"0-0\"", json!({})));
    check(
        "weak",
        &patch(&served, &place, &format!("W/{tag}"), json!({})),
    );
    let health = ("jiku-department", "health");
    check(
        "nothing_to_end",
        &served.send(
            "POST",
            &format!("{place}/end"),
            &[health, ("if-match", &tag)],
            "",
        ),
    );
    check(
        "no_record",
        &patch(
            &served,
            "/collections/indicator/items/M000000001V",
            "*",
            json!({}),
        ),
    );
    check(
        "no_collection",
        &served.send("POST", "/collections/indicators/items", &[STATISTICS], "{}"),
    );
    check(
        "version_of_none",
        &served.send("POST", INDICATORS, &[STATISTICS, ("if-match", "*")], "{}"),
    );
    check(
        "behind",
        &served.send("GET", &place, &[("jiku-transaction", "99")], ""),
    );
    let long = "x".repeat(256);
    check(
        "long_key",
        &served.send(
            "POST",
            INDICATORS,
            &[STATISTICS, ("idempotency-key", &long)],
            "{}",
        ),
    );
    // Nothing of all that was written.
    assert_eq!(
        served
            .get("/collections/person/items")
            .1
            .matches("\"type\":\"Feature\"")
            .count(),
        0
    );
    assert_eq!(served.send("GET", &place, &[], "").header("etag"), tag);
}

#[test]
fn what_is_learned_late_leaves_what_begins_later() {
    let served = empty();
    let (place, _) = created(&served, "P1", json!({ "validFrom": "2015-01-01" }));
    let days = |from: &str, unit: &str| {
        let body = json!({ "properties": { "unit": unit }, "validFrom": from });
        assert_eq!(patch(&served, &place, "*", body).status, 200);
    };
    let units = |expected: &[(&str, Value)]| {
        for (day, unit) in expected {
            assert_eq!(&on(&served, &place, day, "unit"), unit, "{day}");
        }
    };
    days("2021-01-01", "人");
    // Late: from 2019 on, until what is known to begin in 2021.
    days("2019-01-01", "万人");
    units(&[
        ("2018-12-31", Value::Null),
        ("2019-01-01", json!("万人")),
        ("2020-12-31", json!("万人")),
        ("2021-01-01", json!("人")),
    ]);
    // The other fields are as they were, on both sides.
    for day in ["2018-12-31", "2020-06-01", "2022-01-01"] {
        assert_eq!(on(&served, &place, day, "name"), "人口");
    }
    // To come: from 2100 on. A change of today does not hide it.
    days("2100-01-01", "亿人");
    let body = json!({ "properties": { "unit": "户" } });
    assert_eq!(
        patch(&served, &place, "*", body).json()["validTo"],
        "2100-01-01"
    );
    units(&[("2099-12-31", json!("户")), ("2100-01-01", json!("亿人"))]);
    // A correction holds for the days it names, and no others.
    let body = json!({ "properties": { "unit": "人次" }, "validFrom": "2020-06-01", "validTo": "2021-06-01" });
    let corrected = patch(&served, &place, "*", body);
    assert_eq!(
        (
            &corrected.json()["validFrom"],
            &corrected.json()["properties"]["unit"]
        ),
        (&json!("2020-06-01"), &json!("人次"))
    );
    units(&[
        ("2020-05-31", json!("万人")),
        ("2020-06-01", json!("人次")),
        ("2021-05-31", json!("人次")),
        ("2021-06-01", json!("人")),
    ]);
    // An end that is open by name leaves nothing.
    let body = json!({ "properties": { "unit": "个" }, "validFrom": "2022", "validTo": ".." });
    assert_eq!(patch(&served, &place, "*", body).status, 200);
    units(&[
        ("2021-12-31", json!("人")),
        ("2022-01-01", json!("个")),
        ("2200-01-01", json!("个")),
    ]);
    // What has ended is not revived by what was true before.
    let body = r#"{"from":"2050-01-01"}"#;
    assert_eq!(
        served
            .send(
                "POST",
                &format!("{place}/end"),
                &[STATISTICS, ("if-match", "*")],
                body
            )
            .status,
        200
    );
    days("2017-01-01", "千人");
    units(&[
        ("2017-01-01", json!("千人")),
        ("2019-01-01", json!("万人")),
        ("2050-01-01", Value::Null),
    ]);
    let gone = served.send("GET", &format!("{place}?validAt=2050-01-01"), &[], "");
    assert_eq!(gone.status, 404);
}

#[test]
fn of_two_writers_one_wins() {
    let served = empty();
    let (place, tag) = created(&served, "P1", json!({}));
    for round in 0..4 {
        let tag = if round == 0 {
            tag.clone()
        } else {
            served
                .send("GET", &place, &[], "")
                .header("etag")
                .to_string()
        };
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|writer| {
                    let (served, place, tag) = (&served, &place, &tag);
                    let body = json!({ "properties": { "unit": format!("{round}-{writer}") } });
                    scope.spawn(move || patch(served, place, tag, body).status)
                })
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().expect("no panic"))
                .collect()
        });
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            1,
            "{statuses:?}"
        );
        assert_eq!(
            statuses.iter().filter(|status| **status == 412).count(),
            3,
            "{statuses:?}"
        );
    }
}

#[test]
fn a_call_is_carried_out_once() {
    let (served, store) = served(server::Options::default());
    drop(store);
    let key = ("idempotency-key", "\"7b1c\"");
    let body = json!({ "properties": { "code": "P1", "name": "人口" } }).to_string();
    let send =
        |served: &Served, body: &str| served.send("POST", INDICATORS, &[STATISTICS, key], body);
    let first = send(&served, &body);
    assert_eq!(first.status, 201);
    let place = first.header("location").to_string();
    let same = |again: &Answer| {
        assert_eq!((again.status, &again.body), (201, &first.body));
        for header in ["location", "etag", "jiku-transaction", "jiku-outcome"] {
            assert_eq!(again.header(header), first.header(header), "{header}");
        }
        assert_eq!(again.header("idempotency-replayed"), "true");
    };
    same(&send(&served, &body));
    check("key_reused", &send(&served, &body.replace("人口", "户数")));
    // Keys are each department's own.
    let theirs = served.send(
        "PATCH",
        &place,
        &[("jiku-department", "health"), key, ("if-match", "*")],
        r#"{"properties":{"topic":"卫生"}}"#,
    );
    assert_eq!(theirs.status, 200, "{theirs:?}");
    // A change whose answer got lost is asked for again with the version that it was made from.
    let change = json!({ "properties": { "unit": "人" } }).to_string();
    let headers = [
        STATISTICS,
        ("idempotency-key", "k2"),
        ("if-match", first.header("etag")),
    ];
    let moved = served.send("PATCH", &place, &headers, &change);
    assert_eq!(moved.status, 412, "health has spoken: {moved:?}");
    let tag = served
        .send("GET", &place, &[], "")
        .header("etag")
        .to_string();
    let headers = [STATISTICS, ("idempotency-key", "k2"), ("if-match", &tag)];
    let changed = served.send("PATCH", &place, &headers, &change);
    assert_eq!(
        changed.status, 200,
        "a refused call leaves its key free: {changed:?}"
    );
    let later = patch(
        &served,
        &place,
        "*",
        json!({ "properties": { "unit": "户" } }),
    );
    assert_eq!(later.status, 200);
    let again = served.send("PATCH", &place, &headers, &change);
    assert_eq!((again.status, &again.body), (200, &changed.body));

    // After a restart it is still known.
    let folder = served.stop();
    let (store, _) = city::open(&folder.path().join("data"), true);
    let served = Served::of(folder, store.clone(), server::Options::default());
    same(&send(&served, &body));
    let id = place
        .rsplit('/')
        .next()
        .expect("an id")
        .parse()
        .expect("an id");
    let statements = store
        .view()
        .statements("indicator", id)
        .expect("statements");
    assert_eq!(statements.len(), 4, "{statements:#?}");
}

#[test]
fn an_answer_whose_load_was_cut_off_tells_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(&folder.path().join("data"), true);
    let clerk = Clerk::open(store.clone()).expect("a clerk");
    let call = create("P1");
    let written = clerk.write(&call, Duration::from_secs(5)).expect("written");
    // As if the process had been killed between remembering and publishing: the load is another.
    let (key, value) = store.answers().next().expect("one").expect("an answer");
    let mut remembered: Value = serde_json::from_slice(&value).expect("JSON");
    remembered["load"] = json!("api-0");
    store
        .remember_answer(&key, remembered.to_string().as_bytes(), true)
        .expect("remembered");
    let again = clerk.write(&call, Duration::from_secs(5));
    assert!(
        matches!(again, Err(WriteError::KeyTaken(id)) if id == written.id),
        "{again:?}"
    );
}

fn create(code: &str) -> Call {
    Call {
        verb: Verb::Create,
        collection: "indicator".to_string(),
        id: None,
        department: Some("statistics".to_string()),
        body: json!({ "properties": { "code": code, "name": "人口" } })
            .to_string()
            .into_bytes(),
        expected: Expected::Unsaid,
        key: Some("one".to_string()),
    }
}

#[test]
fn writers_wait_so_long_and_no_longer() {
    let options = server::Options {
        patience: Duration::from_millis(300),
        ..server::Options::default()
    };
    let (served, store) = served(options);
    let started = StartedLoad {
        load: "long".to_string(),
        collection: "place".to_string(),
        department: "civil-affairs".to_string(),
        source: "trial".to_string(),
        file: "long.csv".to_string(),
    };
    let session = store
        .begin_load(started, register::today())
        .expect("a load");
    check(
        "busy",
        &post(
            &served,
            json!({ "properties": { "code": "P1", "name": "人口" } }),
        ),
    );
    // The same call twice at once: the second is told so.
    let clerk = Arc::new(Clerk::open(store.clone()).expect("a clerk"));
    std::thread::scope(|scope| {
        let both =
            [(), ()].map(|()| scope.spawn(|| clerk.write(&create("P2"), Duration::from_secs(60))));
        // One waits for the load; the other hears of it.
        while both.iter().all(|one| !one.is_finished()) {
            std::thread::sleep(Duration::from_millis(5));
        }
        session.abandon().expect("undone");
        let mut all = both.map(|one| one.join().expect("no panic"));
        all.sort_by_key(Result::is_err);
        let [first, second] = all;
        assert!(!first.expect("written").replayed);
        assert!(matches!(second, Err(WriteError::InProgress)), "{second:?}");
    });
    assert_eq!(
        post(
            &served,
            json!({ "properties": { "code": "P1", "name": "人口" } })
        )
        .status,
        201
    );
}

/// A store whose schemas have the dated mapping too.
fn with_mapping(folder: &std::path::Path) -> Embedded {
    let schemas = folder.join("schemas");
    crate::desk::copy(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"),
        &schemas,
    );
    std::fs::write(schemas.join("macroeconomy/sources/dated.toml"), DATED).expect("a mapping");
    let catalog = Arc::new(schema::Catalog::from_dir(&schemas).expect("schemas"));
    let directory =
        register::DataDirectory::create(&folder.join("data"), true).expect("a data directory");
    Embedded::open(directory, catalog, city::registers(), &|_, _, _| {})
        .expect("a store")
        .0
}

fn load_text(store: &Embedded, folder: &std::path::Path, text: &str) -> load::LoadReport {
    let path = folder.join("file.csv");
    std::fs::write(&path, text).expect("a file");
    let catalog = store.catalog().clone();
    let source = catalog.source("dated").expect("a source");
    load::load(store, source, &path, &LoadOptions::default(), &Quiet).expect("a load")
}

#[test]
fn a_file_that_comes_late_leaves_what_begins_later_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = with_mapping(folder.path());
    let load = |text: &str| load_text(&store, folder.path(), text);
    load("code,name,unit,from\nP1,人口,人,2015\n");
    load("code,unit,from\nP1,户,2021\n");
    let late = "code,unit,from\nP1,万人,2019\n";
    assert_eq!(load(late).counts.changed, 1);
    let clean = store.verify(&|_, _, _| {}).expect("a verification");
    assert!(clean.is_clean(), "{clean:#?}");
    let on = |day: &str| {
        let time = register::TimeScope::At(record::AsOf {
            valid: day.parse().expect("a day"),
            known: store.view().transaction(),
        });
        let found = store
            .view()
            .lookup("indicator", &[record::Value::text("P1")], time);
        let body: Value =
            serde_json::from_str(&found.expect("an answer").expect("a record").body).expect("JSON");
        // A file of few columns leaves the others as they are.
        assert_eq!(body["properties"]["name"], "人口");
        body["properties"]["unit"].clone()
    };
    for (day, unit) in [
        ("2018-12-31", "人"),
        ("2019-01-01", "万人"),
        ("2020-12-31", "万人"),
        ("2021-01-01", "户"),
        ("2100-01-01", "户"),
    ] {
        assert_eq!(on(day), unit, "{day}");
    }
    // The late file once more says nothing new, and neither does the earlier one.
    let again = load(late);
    assert_eq!(
        (again.outcome, again.counts.unchanged),
        (Outcome::Unchanged, 1)
    );
    assert_eq!(load("code,unit,from\nP1,户,2021\n").counts.unchanged, 1);
}

#[test]
fn a_record_by_a_call_is_the_record_of_a_row() {
    let folders = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    let files = folders[0].path().join("files");
    let options = synth::Options {
        persons: 40,
        seed: 7,
        out: files.clone(),
        dirt: None,
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
    let [by_file, by_call] =
        [0, 1].map(|place: usize| city::open(&folders[place].path().join("data"), true).0);
    let clerk = Clerk::open(by_call.clone()).expect("a clerk");
    for file in synth::FILES {
        city::load(&by_file, file.source, &files.join(file.file), 0);
        let source = by_file
            .catalog()
            .source(file.source)
            .expect("a source")
            .clone();
        let collection = source.collection.clone();
        let is_written = matches!(
            collection.name.as_str(),
            "person" | "organization" | "place"
        );
        if is_written {
            write_all(&clerk, &by_file, &collection, &source.department);
        } else {
            city::load(&by_call, file.source, &files.join(file.file), 0);
        }
        if is_written {
            let report = city::load(&by_call, file.source, &files.join(file.file), 0);
            assert_eq!(report.counts.unchanged, report.counts.read, "{report:?}");
        }
    }
    for name in ["person", "organization", "place"] {
        let bodies = [&by_file, &by_call].map(|store| bodies(store, name));
        assert!(!bodies[0].is_empty());
        assert_eq!(bodies[0], bodies[1]);
    }
}

/// The records of a collection, by natural key; references by the key of what they lead to.
fn bodies(store: &Embedded, collection: &str) -> std::collections::BTreeMap<String, Value> {
    let schema = store
        .catalog()
        .collection(collection)
        .expect("a collection")
        .clone();
    let search = register::Search {
        predicate: &record::Predicate::All,
        time: register::TimeScope::Present(register::today()),
        sort: &[],
        after: None,
        limit: 10_000,
        deadline: register::Deadline::NONE,
    };
    let view = store.view();
    let page = view.search(collection, &search).expect("a page");
    let key = schema.single_key().expect("one key").name.clone();
    let by_key = page.records.iter().map(|record| {
        let mut body: Value = serde_json::from_str(&record.body).expect("JSON");
        for field in &schema.fields {
            let Some(target) = field.target() else {
                continue;
            };
            let named = &mut body["properties"][field.name.as_str()];
            if let Some(id) = named.as_str().and_then(|id| id.parse().ok()) {
                *named = key_of_target(store, target, id);
            }
        }
        (body["properties"][key.as_str()].to_string(), body)
    });
    by_key.collect()
}

fn key_of_target(store: &Embedded, target: &str, id: record::EntityId) -> Value {
    let schema = store
        .catalog()
        .collection(target)
        .expect("a collection")
        .clone();
    let found = store.view().read(target, id, register::TimeScope::All);
    let body: Value =
        serde_json::from_str(&found.expect("an answer").expect("a record").body).expect("JSON");
    body["properties"][schema.single_key().expect("one key").name.as_str()].clone()
}

/// Says by calls what another store holds.
fn write_all(clerk: &Clerk, from: &Embedded, collection: &schema::Collection, department: &str) {
    for body in bodies(from, &collection.name).into_values() {
        let mut feature = json!({ "properties": {} });
        for field in collection.fields.iter().filter(|field| field.is_given()) {
            if Some(field.number) == collection.location {
                feature["geometry"] = body["geometry"].clone();
                continue;
            }
            let name = field.name.as_str();
            let held = body["held"][name].as_array().and_then(|keys| keys.first());
            let value = held
                .cloned()
                .unwrap_or_else(|| body["properties"][name].clone());
            if !value.is_null() {
                feature["properties"][name] = value;
            }
        }
        let call = Call {
            verb: Verb::Create,
            collection: collection.name.clone(),
            id: None,
            department: Some(department.to_string()),
            body: feature.to_string().into_bytes(),
            expected: Expected::Unsaid,
            key: None,
        };
        let written = clerk.write(&call, Duration::from_secs(5));
        written.unwrap_or_else(|error| panic!("{feature}: {error:?}"));
    }
}

/// The position of the last statement that a department made of a record.
fn last_position(served: &Served, place: &str, department: &str) -> Value {
    let answer = served.send("GET", &format!("{place}/statements"), &[], "");
    let all = answer.json()["statements"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let theirs = all
        .into_iter()
        .rev()
        .find(|one| one["department"] == department);
    theirs.expect("a statement")["position"].clone()
}

#[test]
fn statements_are_withdrawn_records_merged_split_and_doubted() {
    let served = empty();
    let operate = |place: &str, operation: &str, body: Value| {
        let headers = [STATISTICS, ("if-match", "*")];
        served.send(
            "POST",
            &format!("{place}/{operation}"),
            &headers,
            &body.to_string(),
        )
    };
    let (one, _) = created(&served, "P1", json!({}));
    assert_eq!(
        patch(
            &served,
            &one,
            "*",
            json!({ "properties": { "unit": "人" } })
        )
        .status,
        200
    );
    check("retracted", &operate(&one, "retract", json!({})));
    let again = last_position(&served, &one, "statistics");
    let theirs = served.send(
        "PATCH",
        &one,
        &[("jiku-department", "health"), ("if-match", "*")],
        r#"{"properties":{"topic":"卫生"}}"#,
    );
    assert_eq!(theirs.status, 200);
    let theirs = last_position(&served, &one, "health");
    check(
        "retract_another",
        &operate(&one, "retract", json!({ "statement": theirs })),
    );
    check(
        "retract_unknown",
        &operate(&one, "retract", json!({ "statement": [99, 0] })),
    );
    check(
        "retract_what",
        &operate(&one, "retract", json!({ "statement": "first" })),
    );
    // A withdrawal is withdrawn: what it took away stands again.
    let back = operate(&one, "retract", json!({ "statement": again }));
    assert_eq!(back.json()["properties"]["unit"], "人", "{back:?}");

    let (two, _) = created(
        &served,
        "P2",
        json!({ "properties": { "code": "P2", "name": "人数", "frequency": "A" } }),
    );
    let id = |place: &str| place.rsplit('/').next().expect("an id").to_string();
    let unsaid = served.send("POST", &format!("{two}/merge"), &[STATISTICS], "{}");
    assert_eq!(unsaid.json()["code"], "version-missing");
    check(
        "merge_into_itself",
        &operate(&two, "merge", json!({ "into": id(&two) })),
    );
    check(
        "merge_into_nothing",
        &operate(&two, "merge", json!({ "into": "M000000001V" })),
    );
    let merged = operate(&two, "merge", json!({ "into": id(&one) }));
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(merged.json()["id"], id(&one).as_str());
    assert_eq!(
        served.send("GET", &two, &[], "").json()["id"],
        id(&one).as_str()
    );
    check("write_to_merged", &patch(&served, &two, "*", json!({})));
    check(
        "create_merged",
        &post(
            &served,
            json!({ "properties": { "code": "P2", "name": "人数" } }),
        ),
    );
    check("unmerged", &operate(&two, "retract", json!({})));

    let moved = last_position(&served, &one, "health");
    let body = json!({ "statements": [moved], "properties": { "code": "P3", "name": "卫生" } });
    let split = operate(&one, "split", body);
    check("split", &split);
    assert_eq!(
        served.send("GET", &one, &[], "").json()["properties"]["topic"],
        Value::Null
    );
    check(
        "split_nothing",
        &operate(&one, "split", json!({ "statements": [] })),
    );

    check(
        "disputed",
        &operate(
            &one,
            "dispute",
            json!({ "field": "name", "note": "与年鉴不符" }),
        ),
    );
    let read = served.send("GET", &one, &[], "");
    assert_eq!(
        read.json()["disputes"]["name"]["state"],
        "raised",
        "{read:?}"
    );
    check(
        "not_disputed",
        &operate(
            &one,
            "dispute",
            json!({ "field": "unit", "state": "accepted" }),
        ),
    );
    check(
        "dispute_of_nothing",
        &operate(&one, "dispute", json!({ "field": "colour" })),
    );
    check(
        "dispute_how",
        &operate(
            &one,
            "dispute",
            json!({ "field": "name", "state": "denied" }),
        ),
    );
}
