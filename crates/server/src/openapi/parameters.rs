//! Parameters of requests.

use serde_json::{Map, Value, json};

use crate::app::Options;

/// All parameters, by name.
pub fn all(options: &Options) -> Value {
    let mut all = of_loads();
    all.extend(of_receipts());
    all.extend(of_writes());
    all.extend(super::comparing::parameters());
    for parameter in of_selection().into_iter().chain(of_pages(options)) {
        let name = parameter["name"].as_str().unwrap_or_default().to_string();
        let mut parameter = parameter;
        if name == "bbox" {
            parameter["style"] = json!("form");
            parameter["explode"] = json!(false);
        }
        all.insert(name, parameter);
    }
    Value::Object(all)
}

/// What says which records are meant, and in which coordinates.
fn of_selection() -> Vec<Value> {
    let text = || json!({ "type": "string" });
    let system = || json!({ "type": "string", "format": "uri", "enum": crate::crs::all(), "default": crate::crs::uri(geometry::Crs::Crs84) });
    let bbox =
        json!({ "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 6 });
    vec![
        one(
            "q",
            "全文检索：各短语均须出现，次序不限 · full text",
            text(),
        ),
        one(
            "bbox",
            "The smallest corner and the largest, in the order of the axes of bbox-crs: west,south,east,north. Across the \
             antimeridian where west > east",
            bbox,
        ),
        one(
            "datetime",
            "A day or instant, or an interval of them: 2024-03-01/2024-03-31, 2024-03-01/.., ../2024-03-31. \
             Of each record the last state that holds on some of these days",
            text(),
        ),
        one("filter", "CQL2; at most 4096 bytes and 64 levels", text()),
        one(
            "filter-lang",
            "",
            json!({ "type": "string", "enum": ["cql2-text", "cql2-json"] }),
        ),
        one(
            "filter-crs",
            "The system of the coordinates in the filter",
            json!({ "type": "string", "format": "uri" }),
        ),
        one(
            "crs",
            "The system of the coordinates in the answer, in the order of its axes; also as EPSG:4547",
            system(),
        ),
        one("bbox-crs", "The system of the bbox", system()),
    ]
}

/// What says how the answer looks: its order, fields, page, times, format and references.
fn of_pages(options: &Options) -> Vec<Value> {
    let limits = &options.limits;
    let text = || json!({ "type": "string" });
    let limit = json!({ "type": "integer", "minimum": 0, "default": limits.default_page });
    vec![
        one(
            "sortby",
            "Up to three fields, - before one for descending: -birthDate,name",
            text(),
        ),
        one("properties", "Only these fields", text()),
        one(
            "collections",
            "Only in these collections, with commas between; default all",
            text(),
        ),
        one(
            "limit",
            "How many records at most, and no more than a page may have; 'all' is every one, written while it is sent. Files (csv, ndjson, fgb) are \
             everything where no limit is given",
            limit,
        ),
        one("cursor", "From the link 'next' of the page before", text()),
        one("validAt", "True on this day; default today", text()),
        one(
            "knownAt",
            "As known at this day's end or instant; default now",
            text(),
        ),
        one(
            "charset",
            "The letters of a table: UTF-8 with a byte order mark, or GB18030",
            json!({ "type": "string", "enum": ["utf-8", "gb18030"], "default": "utf-8" }),
        ),
        one("field", "Only conflicts about this field", text()),
        one(
            "expand",
            "References to follow: household,household.head",
            text(),
        ),
    ]
}

/// A parameter of a query string.
pub fn one(name: &str, description: &str, schema: Value) -> Value {
    json!({
        "name": name, "in": "query", "required": false,
        "description": description, "schema": schema,
    })
}

/// The headers that writes of single records take.
fn of_writes() -> Map<String, Value> {
    let described = [
        (
            "Jiku-Department",
            "Who speaks, a key of the departments; or the body's member department",
        ),
        (
            "Idempotency-Key",
            "Up to 255 characters. Sent again with the same key, the same call is answered as it was and not \
             carried out twice; for 24 hours",
        ),
        (
            "Content-Crs",
            "The system of the coordinates in the body, a URI in angle brackets; CRS84 without it",
        ),
        (
            "If-Match",
            "The ETag that came with the record, or *. Required where a record is changed, replaced or ended",
        ),
    ];
    let all = described.map(|(name, said)| {
        let mut header = one(name, said, json!({ "type": "string" }));
        header["in"] = json!("header");
        (name.to_string(), header)
    });
    all.into_iter().collect()
}

/// What the routes of receipts take.
fn of_receipts() -> Map<String, Value> {
    let record = "Only answers that told of this record";
    let text = || json!({ "type": "string" });
    let from = json!({ "type": "integer", "minimum": 0 });
    let described = [
        ("caller", "Only what this caller asked", text()),
        ("record", record, text()),
        ("from", "How many entries the earlier trail had", from),
    ];
    let all = described.map(|(name, said, schema)| (name.to_string(), one(name, said, schema)));
    all.into_iter().collect()
}

/// What the routes of the loading desk take.
fn of_loads() -> Map<String, Value> {
    let described = [
        ("state", "Only what is in this state"),
        (
            "edition",
            "The edition of a period, such as 2026-Q4; default that of today",
        ),
        ("source", "A source mapping of /sources"),
        ("file", "The file's name"),
        ("asOf", "The day from which the file holds; default today"),
        (
            "maxRejects",
            "How many rows may be rejected: 100, or 1%; default 0",
        ),
        ("by", "Who asks, as they call themselves"),
    ];
    let text = || json!({ "type": "string" });
    let all = described.map(|(name, said)| (name.to_string(), one(name, said, text())));
    all.into_iter().collect()
}
