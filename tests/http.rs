//! What a caller sees: snapshots of answers over a small city. Instants differ from run to run and are
//! masked; everything else is as the seed makes it.

use serde_json::Value;

use crate::served::Served;

/// Compares an answer with its snapshot.
fn check(name: &str, (status, body): (u16, String)) {
    let text = match serde_json::from_str::<Value>(&body) {
        Ok(mut json) => {
            mask(&mut json);
            serde_json::to_string_pretty(&json).expect("JSON")
        }
        Err(_) => body,
    };
    let text = text.replace(&Served::shared().address.to_string(), "HOST");
    insta::assert_snapshot!(name, format!("{status}\n{text}"));
}

/// Hides instants, loads' names and milliseconds.
pub fn mask(json: &mut Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                let names = [
                    "knownFrom",
                    "knownTo",
                    "timeStamp",
                    "load",
                    "milliseconds",
                    "known",
                    "knownAt",
                    "cursor",
                    "validAt",
                ];
                // The interval asked about stays as it is.
                let is_interval = value.as_str().is_some_and(|text| text.contains('/'));
                let is_instant = names.contains(&name.as_str())
                    && !value.is_null()
                    && !value.is_object()
                    && !is_interval;
                let link = value.as_str().filter(|_| name == "href");
                if is_instant || link.is_some_and(|link| link.contains("cursor=")) {
                    *value = Value::from("…");
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

fn get(name: &str, path: &str) {
    check(name, Served::shared().get(path));
}

fn post(name: &str, path: &str, body: &str) {
    check(name, Served::shared().post(path, body));
}

#[test]
fn what_there_is() {
    get("landing", "/");
    get("conformance", "/conformance");
    get("collections_place", "/collections/place");
    get("queryables_place", "/collections/place/queryables");
}

#[test]
fn records_are_searched() {
    get("by_name", "/collections/person/items?q=%E7%8E%8B&limit=2");
    get(
        "by_box",
        "/collections/address/items?bbox=116.2,39.8,116.5,40.1&limit=2&properties=text,division",
    );
    get(
        "by_filter",
        "/collections/person/items?filter=sex%3D%271%27%20AND%20birthDate%20%3E%20DATE(%271990-01-01%27)&sortby=-birthDate&limit=2&properties=birthDate,sex",
    );
    get(
        "within_a_division",
        "/collections/address/items?filter=within_division(division,%27110108%27)&limit=1&properties=division",
    );
    get("as_csv", "/collections/place/items?f=csv&limit=3");
    get("across_registers", "/search?q=%E4%B8%AD%E5%AD%A6&limit=3");
}

#[test]
fn days_are_asked_about() {
    let place = "/collections/place/items?limit=1&properties=name";
    get(
        "during",
        &format!("{place}&datetime=2020-01-01T00:00:00%2B08:00/.."),
    );
    get("until_a_day", &format!("{place}&datetime=../1900-01-01"));
    get(
        "bad_interval",
        &format!("{place}&datetime=2024-03-31/2024-03-01"),
    );
}

#[test]
fn queries_are_answered() {
    post(
        "groups",
        "/query",
        r#"{"from":"person","group":["division:county","sex"],"measures":["count"],"limit":6}"#,
    );
    post(
        "measures",
        "/query",
        r#"{"from":"organization","group":["status"],"measures":["count","mean:registeredCapital","max:founded"]}"#,
    );
    post(
        "nearest",
        "/query",
        r#"{"from":"place","near":{"lon":116.3913,"lat":39.9075,"k":3},"select":["name","kind"]}"#,
    );
    post(
        "expanded",
        "/query",
        r#"{"from":"organization","select":["name","registeredAddress"],"expand":["registeredAddress"],"limit":1}"#,
    );
}

#[test]
fn bad_requests_are_told_what_is_wrong() {
    get("unknown_parameter", "/collections/person/items?name_=x");
    get("unknown_collection", "/collections/people/items");
    get("bad_limit", "/collections/person/items?limit=-1");
    get("bad_box", "/collections/person/items?bbox=1,2,3");
    get("bad_filter", "/collections/person/items?filter=sex%20%3D");
    get(
        "unknown_field_in_filter",
        "/collections/person/items?filter=sexx%3D%271%27",
    );
    get("bad_id", "/collections/person/items/P000000000");
    get("bad_cursor", "/collections/person/items?cursor=forged");
    get("bad_date", "/collections/person/items?validAt=2024-02-30");
    get(
        "key_in_url",
        "/collections/person/items?identityNumber=110130199001011234",
    );
    post("unknown_member", "/query", r#"{"from":"person","wher":1}"#);
    post("no_json", "/query", "{");
}

#[test]
fn a_record_has_versions_and_statements() {
    let (_, body) = Served::shared().get("/collections/district/items");
    assert!(body.contains("collection-not-found"), "{body}");
    let (status, body) = Served::shared().post(
        "/collections/division/lookup",
        r#"{"keys":["110108000000"]}"#,
    );
    assert_eq!(status, 200, "{body}");
    let json: Value = serde_json::from_str(&body).expect("JSON");
    let text = json.to_string();
    let start = text.find("\"id\":\"S").expect("an id") + 6;
    let id = &text[start..start + 11];
    let shared = Served::shared();
    let (status, item) = shared.get(&format!("/collections/division/items/{id}"));
    assert_eq!(status, 200);
    assert!(
        item.contains("海淀区") && item.contains("MultiPolygon"),
        "{item}"
    );
    let (status, versions) = shared.get(&format!("/collections/division/items/{id}/versions"));
    assert_eq!(status, 200);
    // The list came first, the boundary with a later load: knowledge has two steps.
    assert!(versions.matches("knownFrom").count() >= 2, "{versions}");
    let (status, statements) = shared.get(&format!("/collections/division/items/{id}/statements"));
    assert_eq!(status, 200);
    assert!(statements.contains("synth-divisions"), "{statements}");
    assert!(
        statements.contains("synth-district-boundaries"),
        "{statements}"
    );
}

#[test]
fn pages_are_complete_and_without_duplicates() {
    let shared = Served::shared();
    let mut path =
        "/collections/person/items?limit=137&sortby=-birthDate&properties=birthDate".to_string();
    let mut seen = std::collections::HashSet::new();
    let mut last = String::from("9999");
    let mut matched = 0;
    for _ in 0..100 {
        let (status, body) = shared.get(&path);
        assert_eq!(status, 200, "{body}");
        let json: Value = serde_json::from_str(&body).expect("JSON");
        matched = json["numberMatched"].as_u64().expect("a count");
        for feature in json["features"].as_array().expect("features") {
            assert!(
                seen.insert(feature["id"].as_str().expect("an id").to_string()),
                "twice"
            );
            if let Some(date) = feature["properties"]["birthDate"].as_str() {
                assert!(date[..4] <= last[..4], "{date} after {last}");
                last = date.to_string();
            }
        }
        let next = json["links"]
            .as_array()
            .expect("links")
            .iter()
            .find(|link| link["rel"] == "next");
        match next.and_then(|link| link["href"].as_str()) {
            Some(link) => {
                let at = link.find("/collections").expect("a path");
                path = link[at..].to_string();
            }
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, matched);
    assert!(matched >= 600, "{matched}");
}

#[test]
fn the_api_description_has_every_route() {
    let (status, body) = Served::shared().get("/api");
    assert_eq!(status, 200);
    let json: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(json["openapi"], "3.1.0");
    for path in ["/query", "/search", "/collections/{collection}/items"] {
        let has = json["paths"].get(path).is_some()
            || json["paths"]
                .as_object()
                .expect("paths")
                .keys()
                .any(|key| key.ends_with("/items"));
        assert!(has, "{path}");
    }
}
