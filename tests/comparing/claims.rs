//! Claims on the persons of a synthetic city, over HTTP.

use serde_json::{Value, json};

use super::{persons, text};
use crate::served::{self, Served};

/// A served city whose records are at hand.
fn city() -> (Served, Vec<Value>) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = served::loaded(folder.path(), 300, 7);
    let all = persons(&store);
    let options = server::Options::default();
    (Served::of(folder, store, options), all)
}

fn verify(served: &Served, claims: Value) -> Value {
    let body = json!({ "claims": claims }).to_string();
    let (status, answer) = served.post("/collections/person/verify", &body);
    assert_eq!(status, 200, "{answer}");
    serde_json::from_str(&answer).expect("JSON")
}

/// The number of fifteen digits that somebody born in the twentieth century had.
fn old_number(number: &str) -> Option<String> {
    let is_old = number.get(6..8) == Some("19") && number.get(14..17)? < "996";
    is_old.then(|| format!("{}{}", &number[..6], &number[8..17]))
}

#[test]
fn claims_are_answered_by_words_only() {
    let (served, all) = city();
    let person = all
        .iter()
        .find(|one| {
            old_number(text(one, "identityNumber")).is_some() && !text(one, "division").is_empty()
        })
        .expect("somebody born in the twentieth century");
    let (number, name) = (text(person, "identityNumber"), text(person, "name"));
    let old = old_number(number).expect("a number of fifteen digits");
    let district = &text(person, "division")[..6];
    let answer = verify(
        &served,
        json!([
            { "key": number, "values": { "name": name, "division": district } },
            { "key": old, "values": { "name": name } },
            { "key": number, "values": { "name": "无此人" } },
            { "key": "110130199001019999", "values": { "name": name } },
        ]),
    );
    let results = &answer["results"];
    assert_eq!(results[0]["values"]["name"], json!({ "outcome": "match" }));
    assert_eq!(
        results[0]["values"]["division"],
        json!({ "outcome": "match-under-variant", "variants": ["precision"] })
    );
    assert_eq!(results[0]["outcome"], "match-under-variant");
    assert_eq!(
        results[1],
        json!({
            "outcome": "match-under-variant",
            "key": { "outcome": "match-under-variant", "variants": ["fifteen-digit-number"] },
            "values": { "name": { "outcome": "match" } },
        })
    );
    let wide: String = number
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xFEE0).expect("a full-width character"))
        .collect();
    let typed = verify(&served, json!([{ "key": wide }]));
    assert_eq!(
        typed["results"][0]["key"]["variants"],
        json!(["width"]),
        "{typed}"
    );
    assert_eq!(results[2]["outcome"], "mismatch");
    assert_eq!(results[3], json!({ "outcome": "no-record" }));
    // Nothing of the record is in the answer, not even what was claimed rightly.
    let said = answer.to_string();
    for value in [
        name,
        number,
        text(person, "birthDate"),
        text(person, "addressText"),
        district,
    ] {
        assert!(!said.contains(value), "{value} {said}");
    }
    assert!(
        !said.contains(person["id"].as_str().expect("an id")),
        "{said}"
    );
}

#[test]
fn former_and_traditional_names_are_told_as_such() {
    let (served, all) = city();
    let person = &all[0];
    let place = format!(
        "/collections/person/items/{}",
        person["id"].as_str().expect("an id")
    );
    let headers = [("jiku-department", "public-security"), ("if-match", "*")];
    let change = json!({ "properties": { "name": "王国强", "formerNames": ["张乐"] } });
    let changed = served.send("PATCH", &place, &headers, &change.to_string());
    assert_eq!(changed.status, 200, "{changed:?}");
    let number = text(person, "identityNumber");
    for (claimed, outcome, variants) in [
        ("王国强", "match", json!(null)),
        ("王國強", "match-under-variant", json!(["traditional"])),
        ("张乐", "match-under-variant", json!(["former-name"])),
        (
            "張樂",
            "match-under-variant",
            json!(["former-name", "traditional"]),
        ),
        ("王国", "mismatch", json!(null)),
        ("无此人", "mismatch", json!(null)),
    ] {
        let answer = verify(
            &served,
            json!([{ "key": number, "values": { "name": claimed } }]),
        );
        let value = &answer["results"][0]["values"]["name"];
        assert_eq!(value["outcome"], outcome, "{claimed} {answer}");
        assert_eq!(value["variants"], variants, "{claimed}");
    }
    // A doubt is told in place of the value.
    let dispute = json!({ "field": "name", "state": "raised", "note": "" }).to_string();
    let headers = [("jiku-department", "civil-affairs"), ("if-match", "*")];
    let disputed = served.send("POST", &format!("{place}/dispute"), &headers, &dispute);
    assert_eq!(disputed.status, 200, "{disputed:?}");
    let answer = verify(
        &served,
        json!([{ "key": number, "values": { "name": "王国强" } }]),
    );
    assert_eq!(answer["results"][0]["outcome"], "disputed");
    // As it was known before.
    let body = json!({ "claims": [{ "key": number, "values": { "name": text(person, "name") } }], "knownAt": "1999-01-01" });
    let (status, before) = served.post("/collections/person/verify", &body.to_string());
    assert_eq!(status, 200, "{before}");
    assert!(before.contains("no-record"), "{before}");
}
