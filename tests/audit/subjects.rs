//! The subject's own log.

use serde_json::{Value, json};

use super::{Caller, person};
use crate::served::Served;

#[test]
fn a_subject_learns_who_looked_but_for_what_is_kept_back() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    let (id, number) = person(&caller);
    let item = format!("/collections/person/items/{id}");
    let open = caller.for_purpose("household-registration").get(&item);
    let kept_back = caller.for_purpose("law-enforcement").get(&item);
    assert_eq!(
        (open.status, kept_back.status),
        (200, 200),
        "{}",
        open.json()
    );
    let looked_up = json!({ "keys": [number] }).to_string();
    caller.for_purpose("household-registration").send(
        "POST",
        "/collections/person/lookup",
        &looked_up,
    );
    let log = |body: Value| caller.send("POST", "/subjects/log", &body.to_string());
    let by_key = log(json!({ "collection": "person", "key": number })).json();
    assert_eq!(by_key["subject"], json!(id));
    let looks = by_key["looks"].as_array().expect("looks").clone();
    let told: Vec<(&str, &str)> = looks
        .iter()
        .map(|look| {
            (
                look["way"].as_str().expect("a way"),
                look["purpose"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("lookup", "household-registration"),
            ("record", "household-registration"),
            ("search", ""),
        ]
    );
    // That the log was read stands in it from then on; what is kept back leaves no trace.
    let again = log(json!({ "collection": "person", "id": id })).json();
    assert_eq!(again["looks"][0]["way"], "log");
    assert_eq!(again["looks"].as_array().expect("looks").len(), 4);
    assert!(!again.to_string().contains("law-enforcement"));

    // Page by page it is the same.
    let first = log(json!({ "collection": "person", "id": id, "limit": 2 })).json();
    let cursor = first["cursor"].clone();
    assert!(cursor.is_string(), "{first}");
    let next =
        log(json!({ "collection": "person", "id": id, "limit": 9, "cursor": cursor })).json();
    let ways = |page: &Value| -> Vec<Value> {
        let looks = page["looks"].as_array().expect("looks").iter();
        looks.map(|look| look["way"].clone()).collect()
    };
    assert_eq!(
        [ways(&first), ways(&next)].concat(),
        ["log", "log", "lookup", "record", "search"]
    );

    for wrong in [
        json!({ "collection": "person" }),
        json!({ "collection": "person", "id": id, "key": number }),
        json!({ "collection": "person", "id": id, "limit": 0 }),
        json!({ "collection": "person", "id": id, "cursor": "R1" }),
        json!({ "collection": "person", "id": id, "who": "me" }),
    ] {
        assert_eq!(log(wrong.clone()).status, 400, "{wrong}");
    }
    assert_eq!(
        log(json!({ "collection": "person", "key": "none" })).status,
        404
    );
}

#[test]
fn who_only_verifies_has_looked_too() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    let (id, number) = person(&caller);
    let claims = json!({ "claims": [{ "key": number, "values": { "name": "王" } }] });
    let path = "/collections/person/verify";
    let verified = caller.send("POST", path, &claims.to_string());
    assert_eq!(verified.status, 200, "{}", verified.json());
    // Whoever audits sees no person, and reads whose log it is asked for all the same.
    let auditor = Caller::new(&served, "auditor", json!({ "roles": ["auditor"] }));
    let auditor = auditor.for_purpose("supervision");
    let asked = json!({ "collection": "person", "id": id, "limit": 1 });
    let log = auditor.send("POST", "/subjects/log", &asked.to_string());
    assert_eq!(log.status, 200, "{}", log.json());
    assert_eq!(log.json()["looks"][0]["way"], "verification");
    // The word can be given again.
    let again = caller.get(&format!("/receipts/{}/replay", verified.receipt()));
    assert_eq!(again.bytes, verified.bytes);
}
