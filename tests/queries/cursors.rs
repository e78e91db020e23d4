//! Pages of one answer, while others write.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use load::{Call, Clerk, Expected, Verb};
use query::{Answer, Context, Limits, Query, execute, plan};
use register::{Embedded, Store};
use serde_json::{Value as Json, json};

use crate::random::Random;

/// A page: ids and topics, and the cursor of the next.
fn page(store: &Embedded, query: &Json) -> (Vec<(String, String)>, Option<String>, u64) {
    let query = Query::from_json(query.to_string().as_bytes()).expect("a query");
    let context = Context::new(store, Limits::default());
    let plan = plan(&context, &query).expect("a plan");
    match execute(&context, &plan).expect("an answer") {
        Answer::Records(records) => {
            let found = records.records.iter().map(|one| {
                let body: Json = serde_json::from_str(&one.record.body).expect("JSON");
                let topic = body["properties"]["topic"].as_str().unwrap_or_default();
                (one.record.id.to_string(), topic.to_string())
            });
            (found.collect(), records.cursor, records.matched)
        }
        Answer::Groups(_) => panic!("groups"),
    }
}

/// All pages, one after the other. Between two of them there is time for others to write.
fn walked(store: &Embedded, mut query: Json) -> Vec<(String, String)> {
    let (mut all, mut cursor, matched) = page(store, &query);
    while let Some(next) = cursor {
        query["cursor"] = next.into();
        std::thread::sleep(std::time::Duration::from_millis(60));
        let (more, after, still) = page(store, &query);
        assert_eq!(still, matched, "the number of all moved");
        all.extend(more);
        cursor = after;
    }
    assert_eq!(all.len() as u64, matched);
    all
}

fn write(clerk: &Clerk, verb: Verb, id: Option<&str>, properties: &Json) {
    let call = Call {
        verb,
        collection: "indicator".to_string(),
        id: id.map(ToString::to_string),
        department: Some("statistics".to_string()),
        body: match verb {
            Verb::End => Vec::new(),
            _ => json!({ "properties": properties }).to_string().into_bytes(),
        },
        expected: if id.is_some() {
            Expected::Any
        } else {
            Expected::Unsaid
        },
        key: None,
    };
    let patience = std::time::Duration::from_secs(30);
    clerk.write(&call, patience).expect("it is written");
}

/// Records are moved, ended and added behind and before the page, in the order of their topics: every
/// answer is what one moment held, whole, and without anything twice.
#[test]
fn pages_are_of_one_state_whatever_is_published_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = crate::city::open(&folder.path().join("data"), true);
    let clerk = Clerk::open(store.clone()).expect("a clerk");
    for number in 0..60 {
        let properties = json!({ "code": format!("C{number}"), "name": "人口", "topic": format!("主题{:03}", number * 7 % 60) });
        write(&clerk, Verb::Create, None, &properties);
    }
    let all = json!({ "from": "indicator", "sort": ["topic", "-validFrom"], "limit": 7 });
    let whole = json!({ "from": "indicator", "sort": ["topic", "-validFrom"], "limit": 1000 });
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = Random::new(5);
            let mut added = 60;
            while !done.load(Ordering::Relaxed) {
                let ids = page(&store, &whole).0;
                let (id, _) = &ids[random.below(ids.len() as u64) as usize];
                let topic = json!({ "topic": format!("主题{:03}", random.below(60)) });
                match random.below(4) {
                    0 if ids.len() > 30 => write(&clerk, Verb::End, Some(id), &Json::Null),
                    1 => {
                        let properties =
                            json!({ "code": format!("C{added}"), "name": "人口", "topic": topic["topic"] });
                        write(&clerk, Verb::Create, None, &properties);
                        added += 1;
                    }
                    _ => write(&clerk, Verb::Change, Some(id), &topic),
                }
            }
        });
        let mut moved = 0;
        for _ in 0..12 {
            let before = store.view().transaction();
            let found = walked(&store, all.clone());
            moved += u32::from(store.view().transaction() > before);
            let ids: BTreeSet<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!(ids.len(), found.len(), "something is there twice");
            assert!(
                found.is_sorted_by_key(|(_, topic)| topic.clone()),
                "{found:?}"
            );
        }
        done.store(true, Ordering::Relaxed);
        assert!(moved > 6, "nothing was written meanwhile");
    });
    // At rest, pages and one whole answer are the same.
    assert_eq!(walked(&store, all), page(&store, &whole).0);
}

/// A cursor names a state: one that has not been cannot be asked for.
#[test]
fn a_cursor_of_a_state_to_come_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = crate::city::open(&folder.path().join("data"), true);
    let other = tempfile::tempdir().expect("a folder");
    let (ahead, _) = crate::city::open(&other.path().join("data"), true);
    let clerk = Clerk::open(ahead.clone()).expect("a clerk");
    for number in 0..3 {
        let properties = json!({ "code": format!("C{number}"), "name": "人口" });
        write(&clerk, Verb::Create, None, &properties);
    }
    let query = json!({ "from": "indicator", "limit": 1 });
    let cursor = page(&ahead, &query).1.expect("a next page");
    let forged = Query::from_json(
        json!({ "from": "indicator", "limit": 1, "cursor": cursor })
            .to_string()
            .as_bytes(),
    );
    let context = Context::new(&store, Limits::default());
    let refused = plan(&context, &forged.expect("a query")).expect_err("it is refused");
    assert!(
        matches!(refused, query::QueryError::BadCursor(_)),
        "{refused}"
    );
}
