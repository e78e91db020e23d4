//! What is refused, and how the caller is told.

use serde_json::{Value, json};

use super::{INDICATORS, STATISTICS, check, created, empty, patch, post};

#[test]
fn values_that_do_not_pass_are_told_with_their_place() {
    let served = empty();
    let (place, tag) = created(&served, "P1", json!({}));
    let (other, _) = created(&served, "P3", json!({}));
    let police = ("jiku-department", "public-security");
    let bad = json!({ "properties": {
        "identityNumber": "110130199001011234", "sex": "7", "birthDate": "2024-02-30", "formerNames": ["王", 7],
        "nmae": "王", "division": "110108", "household": 5, "birthplace": "999999" },
        "geometry": { "type": "Point", "coordinates": [116.3, 39.9] }, "validFrom": "2020-13-01" });
    let household = json!({ "properties": {
        "identityNumber": "110130199001011234", "household": { "id": "P000000001D" } } });
    for (name, body) in [("invalid", bad), ("invalid_number", household)] {
        let people = "/collections/person/items";
        check(
            name,
            &served.send("POST", people, &[police], &body.to_string()),
        );
    }
    for (name, body) in [
        (
            "invalid_days",
            json!({ "properties": { "code": "P2" }, "validFrom": "2020", "validTo": "2019-12-31" }),
        ),
        (
            "key_taken",
            json!({ "properties": { "code": "P1", "name": "人口" } }),
        ),
        ("no_member", json!({ "property": {} })),
    ] {
        check(name, &post(&served, body));
    }
    let body = json!({ "properties": { "name": null } });
    check("cleared", &patch(&served, &place, &tag, body));
    let body = json!({ "properties": { "code": "P1" } });
    check("other_key_taken", &patch(&served, &other, "*", body));
    // Nothing of all that was written.
    let (_, people) = served.get("/collections/person/items");
    let people: Value = serde_json::from_str(&people).expect("JSON");
    assert_eq!(people["numberMatched"], 0);
    assert_eq!(served.send("GET", &place, &[], "").header("etag"), tag);
}

/// The name of the answer, the method, the path, the headers, the body.
type Refused<'t> = (&'t str, &'t str, &'t str, &'t [(&'t str, &'t str)], &'t str);

#[test]
fn calls_that_cannot_be_carried_out_are_told_why() {
    let served = empty();
    let (place, tag) = created(&served, "P1", json!({}));
    let weak = format!("W/{tag}");
    let end = format!("{place}/end");
    let long = "x".repeat(256);
    let nowhere = "/collections/indicator/items/M000000001V";
    let (no_such, no_version) = ("/collections/indicators/items", ("if-match", "7"));
    let (other, behind) = (("if-match", "\"0-0\""), ("jiku-transaction", "99"));
    let (weakly, tagged, key) = (
        ("if-match", &*weak),
        ("if-match", &*tag),
        ("idempotency-key", &*long),
    );
    let health = ("jiku-department", "health");
    let any = ("if-match", "*");
    let twice = r#"{"properties":{"code":"A","code":"B"}}"#;
    let theirs = r#"{"department":"health","properties":{}}"#;
    let all: [Refused; 14] = [
        ("no_object", "POST", INDICATORS, &[STATISTICS], "[1]"),
        ("twice", "POST", INDICATORS, &[STATISTICS], twice),
        ("nobody_speaks", "POST", INDICATORS, &[], "{}"),
        ("two_speak", "POST", INDICATORS, &[STATISTICS], theirs),
        ("no_version", "PATCH", &place, &[STATISTICS], "{}"),
        (
            "bad_version",
            "PATCH",
            &place,
            &[STATISTICS, no_version],
            "{}",
        ),
        ("moved", "PATCH", &place, &[STATISTICS, other], "{}"),
        ("weak", "PATCH", &place, &[STATISTICS, weakly], "{}"),
        ("nothing_to_end", "POST", &end, &[health, tagged], ""),
        ("no_record", "PATCH", nowhere, &[STATISTICS, any], "{}"),
        ("no_collection", "POST", no_such, &[STATISTICS], "{}"),
        (
            "version_of_none",
            "POST",
            INDICATORS,
            &[STATISTICS, any],
            "{}",
        ),
        ("behind", "GET", &place, &[behind], ""),
        ("long_key", "POST", INDICATORS, &[STATISTICS, key], "{}"),
    ];
    for (name, method, path, headers, body) in all {
        check(name, &served.send(method, path, headers, body));
    }
    assert_eq!(served.send("GET", &place, &[], "").header("etag"), tag);
}

/// A change is checked together with what stands: death before birth is as wrong in two calls as in one.
#[test]
fn a_change_must_fit_what_stands() {
    let served = empty();
    let police = ("jiku-department", "public-security");
    let born = json!({ "properties": { "identityNumber": "110130198503072344", "name": "王小明", "sex": "2",
        "birthDate": "1985-03-07" } });
    let created = served.send(
        "POST",
        "/collections/person/items",
        &[police],
        &born.to_string(),
    );
    assert_eq!(created.status, 201, "{created:?}");
    let place = created.header("location");
    let change = |properties: Value| {
        let body = json!({ "properties": properties }).to_string();
        served.send("PATCH", place, &[police, ("if-match", "*")], &body)
    };
    check(
        "death_before_birth",
        &change(json!({ "deathDate": "1980-01-01" })),
    );
    check("another_sex", &change(json!({ "sex": "1" })));
    assert_eq!(change(json!({ "deathDate": "2020-05-01" })).status, 200);
    let earlier = change(json!({ "birthDate": null, "deathDate": "2020-05-02" }));
    assert_eq!(earlier.status, 200, "{earlier:?}");
}
