//! Receipts: answers given again, what has changed, and who is told of a correction.

use serde_json::{Value, json};

use super::{Caller, person};
use crate::served::Served;

const SELF: &str = "public-security";

/// Says another name of a person: from a day on, or, with `correct`, for all days.
fn rename(caller: &Caller<'_>, id: &str, name: &str, correct: bool) {
    let mut body = json!({ "type": "Feature", "properties": { "name": name } });
    if correct {
        body["validTo"] = json!("..");
        body["validFrom"] = json!("1900-01-01");
    }
    let path = format!("/collections/person/items/{id}");
    let address = caller.served.address;
    let request = ureq::http::Request::patch(format!("http://{address}{path}"))
        .header("authorization", format!("Bearer {}", caller.key))
        .header("content-type", "application/json")
        .header("jiku-department", SELF)
        .header("if-match", "*")
        .body(body.to_string());
    let got = crate::callers::stage::agent().run(request.expect("a request"));
    let mut got = got.expect("an answer");
    let text = got.body_mut().read_to_string().expect("text");
    assert!(got.status().is_success(), "{text}");
}

#[test]
fn an_answer_is_given_again_though_the_data_have_changed() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    let (id, number) = person(&caller);
    let item = format!("/collections/person/items/{id}");
    let lookup = json!({ "keys": [number, "none"] }).to_string();
    let asked = [
        ("GET", item.clone(), String::new()),
        ("GET", format!("{item}?f=json"), String::new()),
        ("GET", format!("{item}?expand=household"), String::new()),
        ("GET", format!("{item}/versions"), String::new()),
        ("GET", format!("{item}/statements"), String::new()),
        (
            "GET",
            "/collections/person/items?limit=5".to_owned(),
            String::new(),
        ),
        (
            "GET",
            "/collections/person/items?q=%E7%8E%8B&limit=5".to_owned(),
            String::new(),
        ),
        ("GET", "/search?q=%E7%8E%8B".to_owned(), String::new()),
        (
            "GET",
            "/collections/person/items?sortby=-birthDate&limit=5".to_owned(),
            String::new(),
        ),
        ("POST", "/collections/person/lookup".to_owned(), lookup),
        (
            "POST",
            "/query".to_owned(),
            r#"{"from":"person","group":["division:county"],"measures":["count"]}"#.to_owned(),
        ),
        (
            "GET",
            "/collections/person/items?f=html".to_owned(),
            String::new(),
        ),
        (
            "GET",
            "/collections/person/items?f=ndjson&limit=all".to_owned(),
            String::new(),
        ),
        ("GET", format!("{item}?nonsense=1"), String::new()),
    ];
    let first: Vec<_> = asked
        .iter()
        .map(|(method, path, body)| caller.send(method, path, body))
        .collect();
    rename(&caller, &id, "王改名", false);
    for (got, (method, path, _)) in first.iter().zip(&asked) {
        let receipt = got.receipt();
        let again = caller.get(&format!("/receipts/{receipt}/replay"));
        if got.status == 400 {
            // Refused before any data were read: there is nothing to look at again.
            assert_eq!(again.json()["code"], "not-replayable", "{path}");
            continue;
        }
        let (then, now) = (&got.bytes, &again.bytes);
        let (then, now) = (String::from_utf8_lossy(then), String::from_utf8_lossy(now));
        assert_eq!(then, now, "{method} {path}");
        let said = again.headers["jiku-replay"].to_str().expect("text");
        assert!(
            matches!(said, "same" | "unchecked"),
            "{method} {path}: {said}"
        );
        assert_eq!(again.headers["jiku-replay-policy"], "same");
    }
    // Asked anew, the answer is another one.
    assert_ne!(first[0].bytes, caller.get(&item).bytes);
}

#[test]
fn what_changed_and_what_was_wrong_are_told_apart() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    let steward = json!({ "roles": ["steward"], "department": SELF });
    let steward = Caller::new(&served, "steward", steward).for_purpose("data-quality");
    let (id, _) = person(&caller);
    let item = format!("/collections/person/items/{id}");
    let got = steward.get(&item);
    assert_eq!(got.status, 200, "{}", got.json());
    let name = got.json()["properties"]["name"].clone();
    let receipt = got.receipt();
    let diff = |receipt: &str| steward.get(&format!("/receipts/{receipt}/diff")).json();
    assert_eq!(diff(&receipt)["changed"], json!([]));
    assert_eq!(steward.get("/recalls").json()["recalls"], json!([]));

    rename(&caller, &id, "王更正", true);
    let changed = diff(&receipt);
    let fields = &changed["changed"][0]["fields"];
    assert_eq!(
        fields["name"],
        json!({ "then": name, "now": "王更正" }),
        "{changed}"
    );
    let recalls = steward.get("/recalls").json();
    let recall = &recalls["recalls"][0];
    assert_eq!(recall["receipt"], json!(receipt), "{recalls}");
    assert_eq!(
        recall["fields"]["name"],
        json!({ "then": name, "now": "王更正" })
    );
    // Whoever audits learns who got it and which fields, and no values.
    let all = caller.get(&format!("/recalls?record={id}")).json();
    let all = all["recalls"].as_array().expect("recalls").clone();
    let of_steward = all.iter().find(|one| one["caller"]["id"] == "steward");
    let fields = of_steward.expect("a recall")["fields"].clone();
    assert!(
        fields.as_array().expect("names").contains(&json!("name")),
        "{fields}"
    );
    assert!(!json!(all).to_string().contains("王更正"));

    // What was answered since then is right: a later change recalls nothing of it.
    let later = steward.get(&item).receipt();
    rename(&caller, &id, "王又改", false);
    let recalls = steward.get("/recalls").json();
    let receipts = recalls["recalls"].as_array().expect("recalls").iter();
    let receipts: Vec<&Value> = receipts.map(|one| &one["receipt"]).collect();
    assert!(receipts.contains(&&json!(receipt)) && !receipts.contains(&&json!(later)));
}

#[test]
fn another_callers_receipt_is_as_none() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    let steward = json!({ "roles": ["steward"], "department": SELF });
    let steward = Caller::new(&served, "steward", steward);
    let receipt = caller.get("/collections").receipt();
    let never = "R0123456789ABCDEFGHJKMNPQRS";
    for below in ["", "/replay", "/diff"] {
        let text = |receipt: &str| {
            let got = steward.get(&format!("/receipts/{receipt}{below}"));
            let text = String::from_utf8(got.bytes).expect("text");
            (got.status, text.replace(receipt, "…"))
        };
        assert_eq!(text(&receipt), text(never), "{below}");
        assert_eq!(text(&receipt).0, 404);
    }
    assert_eq!(
        steward.get(&format!("/receipts/{receipt}/proof")).status,
        403
    );
    assert_eq!(steward.get("/audit/head").status, 403);
    let own = steward.get("/receipts").json();
    let own = own["receipts"].as_array().expect("receipts").clone();
    assert!(!own.is_empty() && own.iter().all(|one| one["receipt"] != json!(receipt)));
    let others = steward.get("/receipts?caller=administrator").json();
    assert_eq!(others["receipts"], json!([]));
    assert_eq!(
        steward.get(&format!("/receipts?cursor={receipt}")).status,
        400
    );

    // Whoever audits reads all of them, page by page.
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let after = cursor.map(|cursor: String| format!("&cursor={cursor}"));
        let page = caller
            .get(&format!("/receipts?limit=4{}", after.unwrap_or_default()))
            .json();
        seen.extend(page["receipts"].as_array().expect("receipts").clone());
        match page["cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let callers: Vec<&str> = seen
        .iter()
        .filter_map(|one| one["caller"]["id"].as_str())
        .collect();
    assert!(callers.contains(&"administrator") && callers.contains(&"steward"));
    let entry = caller.get(&format!("/receipts/{receipt}")).json();
    assert_eq!(entry["asked"]["path"], "/collections");
    let proof = caller.get(&format!("/receipts/{receipt}/proof")).json();
    let proof: audit::Inclusion = serde_json::from_value(proof).expect("a proof");
    assert_eq!(
        proof.check(None).expect("proven").receipt.to_string(),
        receipt
    );
    let since = caller.get("/audit/consistency?from=3").json();
    assert_eq!(since["from"], 3);
}
