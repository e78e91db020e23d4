//! The page of a rehearsal that has something of everything.

use serde_json::json;

use super::*;

const EVIL: &str = "<script>alert('x')</script>&\"";

/// A column whose every text would do harm.
fn column() -> serde_json::Value {
    json!({
        "header": EVIL, "field": EVIL, "masked": true, "cells": 15, "filled": 14, "distinct": 3,
        "distinct_exact": false, "top": [{ "value": EVIL, "count": 9 }], "top_error": 1,
        "formats": [{ "form": EVIL, "count": 9 }], "other_formats": 5,
        "shortest": { "characters": 1, "line": 2, "value": EVIL },
        "longest": { "characters": 9, "line": 3, "value": EVIL },
        "spread": {
            "count": 9, "minimum": EVIL, "maximum": EVIL, "mean": EVIL, "median": EVIL,
            "usual_from": EVIL, "usual_to": EVIL, "outliers": 1,
            "examples": [{ "line": 5, "value": EVIL }]
        }
    })
}

/// A rehearsal with something of everything, all of whose texts would do harm if they were not escaped.
fn full() -> Rehearsal {
    let subject = json!({ "line": 7, "id": EVIL, "key": EVIL, "title": EVIL });
    let with = |more: serde_json::Value| {
        let mut all = subject.clone();
        for (name, value) in more.as_object().expect("members") {
            all[name] = value.clone();
        }
        all
    };
    let label = json!({ "zh": EVIL, "en": EVIL });
    let value = json!({
        "report": {
            "load": "1", "source": EVIL, "collection": EVIL, "file": EVIL, "outcome": "rehearsed",
            "counts": { "read": 15, "inserted": 1, "changed": 5, "unchanged": 4, "rejected": 5 },
            "skipped": 1, "quarantined": 1, "ended": 2, "ends_withheld": true, "held": 3, "not_responsible": { "name": 1 }, "notices": null,
            "problems": { "x": 5 }, "rejects": EVIL, "transaction": null, "encoding": EVIL,
            "seconds": 0.25
        },
        "against": 9, "as_of": "2026-01-02",
        "rows": { "read": 15, "inserted": 1, "changed": 2, "corrected": 3, "unchanged": 4, "rejected": 5 },
        "missing": { "count": 2, "examples": [subject] },
        "fields": [{
            "field": EVIL, "label": label, "changed": 2, "corrected": 3, "filled": 1, "emptied": 1,
            "examples": [
                with(json!({ "before": EVIL, "after": null, "from": null, "corrects": true })),
                with(json!({ "before": null, "after": EVIL, "from": EVIL, "corrects": false }))
            ]
        }],
        "rejected": [{ "code": EVIL, "field": EVIL, "count": 5, "lines": [{ "line": 3, "text": label }] }],
        "collisions": {
            "refused": 1, "repeated": 2, "continued": 3,
            "examples": [{ "line": 4, "earlier": 3, "key": EVIL }]
        },
        "references": [{
            "field": EVIL, "label": label, "target": EVIL, "all": 9, "count": 3,
            "examples": [{ "line": 4, "key": EVIL }]
        }],
        "suspects": [{
            "rule": EVIL, "label": label, "in_file": 1, "in_register": 1, "compared": 4, "capped": true,
            "file_examples": [with(json!({ "earlier": 3 }))],
            "register_examples": [with(json!({ "known": subject }))]
        }],
        "columns": [column()],
        "coordinates": {
            "declared": EVIL, "checked": 9, "inside": 5, "outside": 4, "unknown": 1,
            "examples": [{
                "line": 8, "title": EVIL, "claimed": EVIL, "found": EVIL, "metres": 512,
                "lon": 116.3912345, "lat": 39.9
            }],
            "trials": [{ "crs": EVIL, "tried": 9, "inside": 5 }, { "crs": "GCJ-02", "tried": 9, "inside": 9 }],
            "hypothesis": {
                "crs": EVIL, "tried": 9, "inside_as_declared": 5, "inside": 9, "text": label
            }
        },
        "divisions": [{
            "code": EVIL, "name": EVIL, "before": 5, "after": 7, "inserted": 3, "ended": 1,
            "arrived": 1, "left": 1
        }],
        "effect": EVIL
    });
    serde_json::from_value(value).expect("a rehearsal")
}

#[test]
fn every_value_is_escaped_and_nothing_is_fetched() {
    let page = page(&full());
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">") && page.ends_with("</html>"));
    for part in [
        "<script",
        "alert('x')</script>",
        "src=",
        "href=",
        "http://",
        "https://",
        "@import",
        "url(",
    ] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(
        page.matches("&lt;script&gt;alert('x')&lt;/script&gt;&amp;")
            .count()
            > 40
    );
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn every_section_is_there_in_both_languages() {
    let page = page(&full());
    for (zh, en) in [
        ("装载预演报告", "Rehearsal of a load"),
        ("数据行", "Rows"),
        ("按字段的变更", "Changes by field"),
        ("全量文件中缺少", "Missing from a whole-set file"),
        ("拒收", "Rejected"),
        ("文件内主键重复", "Natural keys that come again"),
        ("无法解析的引用", "References that do not resolve"),
        ("疑似重复", "Suspected duplicates"),
        ("坐标与所属区划", "Coordinates and divisions"),
        ("分区划统计的变化", "Records by county"),
        ("各列概况", "Columns"),
    ] {
        assert!(page.contains(zh) && page.contains(en), "{zh} {en}");
    }
    assert!(page.contains("#9") && page.contains("512") && page.contains("≈ 3"));
}

#[test]
fn what_is_empty_is_left_out() {
    let mut rehearsal = full();
    rehearsal.fields.clear();
    rehearsal.rejected.clear();
    rehearsal.suspects.clear();
    rehearsal.coordinates = None;
    rehearsal.report.outcome = Outcome::Unchanged;
    let page = page(&rehearsal);
    for title in [
        "Changes by field",
        "Rejected",
        "Suspected duplicates",
        "Coordinates and divisions",
    ] {
        assert!(!page.contains(title), "{title}");
    }
    assert!(page.contains("nothing would be published"));
}

#[test]
fn a_rehearsal_is_the_same_after_json() {
    let rehearsal = full();
    let json = serde_json::to_string(&rehearsal).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Rehearsal>(&json).expect("a rehearsal"),
        rehearsal
    );
}
