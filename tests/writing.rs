//! Single records are written over HTTP: what a caller sees, what is refused, and what files make of it.

use std::sync::Arc;
use std::time::Duration;

use load::{Call, Clerk, Expected, Verb, WriteError};
use register::{Embedded, StartedLoad, Store};
use serde_json::{Value, json};

use crate::city;
use crate::served::{Answer, Served};

mod files;
mod late;
mod operations;
mod problems;

const INDICATORS: &str = "/collections/indicator/items";
const STATISTICS: (&str, &str) = ("jiku-department", "statistics");
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
