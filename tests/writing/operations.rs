//! Withdrawals, merges, splits and doubts.

use serde_json::{Value, json};

use super::{STATISTICS, check, created, empty, patch, post};
use crate::served::{Answer, Served};

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

fn operate(served: &Served, place: &str, operation: &str, body: Value) -> Answer {
    let headers = [STATISTICS, ("if-match", "*")];
    let place = format!("{place}/{operation}");
    served.send("POST", &place, &headers, &body.to_string())
}

/// What the health department says of a record's topic, and where that statement stands.
fn health_speaks(served: &Served, place: &str) -> Value {
    let headers = [("jiku-department", "health"), ("if-match", "*")];
    let body = r#"{"properties":{"topic":"卫生"}}"#;
    assert_eq!(served.send("PATCH", place, &headers, body).status, 200);
    last_position(served, place, "health")
}

fn id(place: &str) -> &str {
    place.rsplit('/').next().expect("an id")
}

#[test]
fn statements_are_withdrawn() {
    let served = empty();
    let (one, _) = created(&served, "P1", json!({}));
    let unit = json!({ "properties": { "unit": "人" } });
    assert_eq!(patch(&served, &one, "*", unit).status, 200);
    check("retracted", &operate(&served, &one, "retract", json!({})));
    let again = last_position(&served, &one, "statistics");
    let theirs = health_speaks(&served, &one);
    for (name, statement) in [
        ("retract_another", theirs),
        ("retract_unknown", json!([99, 0])),
        ("retract_what", json!("first")),
    ] {
        let body = json!({ "statement": statement });
        check(name, &operate(&served, &one, "retract", body));
    }
    // A withdrawal is withdrawn: what it took away stands again.
    let back = operate(&served, &one, "retract", json!({ "statement": again }));
    assert_eq!(back.json()["properties"]["unit"], "人", "{back:?}");
}

#[test]
fn records_are_merged_and_split() {
    let served = empty();
    let (one, _) = created(&served, "P1", json!({}));
    let two = json!({ "properties": { "code": "P2", "name": "人数", "frequency": "A" } });
    let (two, _) = created(&served, "P2", two);
    let unsaid = served.send("POST", &format!("{two}/merge"), &[STATISTICS], "{}");
    assert_eq!(unsaid.json()["code"], "version-missing");
    for (name, into) in [
        ("merge_into_itself", id(&two)),
        ("merge_into_nothing", "M000000001V"),
    ] {
        check(
            name,
            &operate(&served, &two, "merge", json!({ "into": into })),
        );
    }
    let merged = operate(&served, &two, "merge", json!({ "into": id(&one) }));
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(merged.json()["id"], id(&one));
    assert_eq!(served.send("GET", &two, &[], "").json()["id"], id(&one));
    check("write_to_merged", &patch(&served, &two, "*", json!({})));
    let again = json!({ "properties": { "code": "P2", "name": "人数" } });
    check("create_merged", &post(&served, again));
    check("unmerged", &operate(&served, &two, "retract", json!({})));

    let moved = health_speaks(&served, &one);
    let body = json!({ "statements": [moved], "properties": { "code": "P3", "name": "卫生" } });
    check("split", &operate(&served, &one, "split", body));
    let left = served.send("GET", &one, &[], "").json();
    assert_eq!(left["properties"]["topic"], Value::Null);
    let nothing = json!({ "statements": [] });
    check("split_nothing", &operate(&served, &one, "split", nothing));
}

#[test]
fn fields_are_doubted() {
    let served = empty();
    let (one, _) = created(&served, "P1", json!({}));
    let doubt = json!({ "field": "name", "note": "与年鉴不符" });
    check("disputed", &operate(&served, &one, "dispute", doubt));
    let read = served.send("GET", &one, &[], "");
    assert_eq!(
        read.json()["disputes"]["name"]["state"],
        "raised",
        "{read:?}"
    );
    for (name, body) in [
        (
            "not_disputed",
            json!({ "field": "unit", "state": "accepted" }),
        ),
        ("dispute_of_nothing", json!({ "field": "colour" })),
        ("dispute_how", json!({ "field": "name", "state": "denied" })),
    ] {
        check(name, &operate(&served, &one, "dispute", body));
    }
    let removed = json!({ "field": "name", "state": "removed" });
    let removed = operate(&served, &one, "dispute", removed).json();
    assert_eq!(removed["disputes"], Value::Null, "{removed}");
}

#[test]
fn delete_ends_a_record_and_keeps_its_history() {
    let served = empty();
    let (place, tag) = created(&served, "D1", json!({ "validFrom": "2020-01-01" }));
    let delete = |headers: &[(&str, &str)]| served.send("DELETE", &place, headers, "");
    assert_eq!(delete(&[STATISTICS]).status, 428);
    assert_eq!(delete(&[STATISTICS, ("if-match", "\"0-0\"")]).status, 412);
    // The answer shows what it was until today.
    let answer = delete(&[STATISTICS, ("if-match", &tag)]);
    let today = json!(register::today().to_string());
    assert_eq!((answer.status, &answer.json()["validTo"]), (200, &today));
    assert_eq!(served.send("GET", &place, &[], "").status, 404);
    let before = served.send("GET", &format!("{place}?validAt=2021-01-01"), &[], "");
    assert_eq!(
        (before.status, &before.json()["properties"]["code"]),
        (200, &json!("D1"))
    );
    assert_eq!(delete(&[STATISTICS, ("if-match", "*")]).status, 409);
}
