//! Members of bodies that nobody offered: what a caller may not say is refused by name, wherever it stands,
//! and changes nothing.

use serde_json::{Value, json};

use crate::served::{Answer, Served};

fn post(served: &Served, path: &str, body: &Value) -> Answer {
    let headers = [("jiku-department", "statistics")];
    served.send("POST", path, &headers, &body.to_string())
}

#[test]
fn members_that_nobody_offered_are_refused() {
    let served = Served::city(60, 5);
    let (_, before) = served.get("/collections/indicator/items?limit=1");
    let record = json!({ "properties": { "code": "M1", "name": "指标" } });
    let lookup = json!({ "keys": ["1"] });
    let query = json!({ "from": "person", "limit": 1 });
    let claims = json!({ "claims": [{ "key": "1", "values": {} }] });
    let offered = [
        ("/collections/indicator/items", &record),
        ("/collections/person/lookup", &lookup),
        ("/query", &query),
        ("/collections/person/verify", &claims),
    ];
    for (path, body) in offered {
        for member in [
            "role",
            "roles",
            "caller",
            "isAdmin",
            "knownFrom",
            "known",
            "version",
            "transaction",
            "store",
            "__proto__",
            "constructor",
            "policy",
            "unmasked",
        ] {
            let mut body = body.clone();
            body[member] = json!("administrator");
            let answer = post(&served, path, &body);
            assert_eq!(answer.status, 400, "{path} {member} {answer:?}");
        }
    }
    let (_, after) = served.get("/collections/indicator/items?limit=1");
    let count =
        |page: &str| serde_json::from_str::<Value>(page).expect("JSON")["numberMatched"].clone();
    assert_eq!(count(&before), count(&after));
}

#[test]
fn fields_that_are_not_given_cannot_be_given() {
    let served = Served::city(60, 6);
    let headers = [("jiku-department", "market-regulation")];
    for (field, value) in [
        // Derived through the address, or computed from the code.
        ("addressText", json!("某处")),
        ("division", json!("110108001000")),
        (
            "location",
            json!({ "type": "Point", "coordinates": [116.3, 39.9] }),
        ),
        ("organizationCode", json!("D2143569X")),
        ("id", json!("O000000001")),
        ("conflicts", json!({})),
        ("disputes", json!({})),
        ("sensitivity", json!("public")),
    ] {
        let body = json!({ "properties": { "creditCode": "91110000600037341L", "name": "某公司", field: value } });
        let answer = served.send(
            "POST",
            "/collections/organization/items",
            &headers,
            &body.to_string(),
        );
        assert!((400..500).contains(&answer.status), "{field} {answer:?}");
        assert!(answer.body.contains(field), "{field} {answer:?}");
    }
}

#[test]
fn a_member_that_stands_twice_is_not_understood_twice() {
    let served = Served::shared();
    for body in [
        r#"{"from":"person","from":"organization"}"#,
        r#"{"from":"person","limit":1,"limit":2}"#,
    ] {
        let (status, answer) = served.post("/query", body);
        assert_eq!(status, 400, "{answer}");
    }
    let (status, answer) = served.post("/collections/person/lookup", r#"{"keys":[],"keys":["1"]}"#);
    assert_eq!(status, 400, "{answer}");
    let twice = r#"{"claims":[],"claims":[{"key":"1"}]}"#;
    let (status, answer) = served.post("/collections/person/verify", twice);
    assert_eq!(status, 400, "{answer}");
}
