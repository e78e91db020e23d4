//! Changes, corrections and late arrivals, by the days on both sides.

use serde_json::{Value, json};

use super::{STATISTICS, created, empty, on, patch};

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
}

#[test]
fn an_open_end_by_name_leaves_nothing_and_what_has_ended_is_not_revived() {
    let served = empty();
    let (place, _) = created(&served, "P1", json!({ "validFrom": "2015-01-01" }));
    for (from, unit) in [("2025-01-01", "人"), ("2019-01-01", "万人")] {
        let body = json!({ "properties": { "unit": unit }, "validFrom": from });
        assert_eq!(patch(&served, &place, "*", body).status, 200);
    }
    let unit = |day: &str| on(&served, &place, day, "unit");
    let body = json!({ "properties": { "unit": "个" }, "validFrom": "2022", "validTo": ".." });
    assert_eq!(patch(&served, &place, "*", body).status, 200);
    assert_eq!(unit("2021-12-31"), "万人");
    assert_eq!(unit("2022-01-01"), "个");
    assert_eq!(unit("2200-01-01"), "个");
    // It ends; what is learned of the time before ends there too.
    let headers = [STATISTICS, ("if-match", "*")];
    let end = format!("{place}/end");
    let ended = served.send("POST", &end, &headers, r#"{"from":"2100-01-01"}"#);
    assert_eq!(ended.status, 200, "{ended:?}");
    let body = json!({ "properties": { "unit": "千人", "topic": "人口" }, "validFrom": "2017" });
    assert_eq!(patch(&served, &place, "*", body).status, 200);
    assert_eq!(unit("2017-01-01"), "千人");
    assert_eq!(unit("2019-01-01"), "万人");
    assert_eq!(on(&served, &place, "2099-12-31", "topic"), "人口");
    let gone = served.send("GET", &format!("{place}?validAt=2100-01-01"), &[], "");
    assert_eq!(gone.status, 404);
}
