//! The OpenAPI 3.1 description, made from the schemas and the table of routes.

use schema::{Catalog, Collection};
use serde_json::{Map, Value, json};

use crate::app::Options;
use crate::routes::{Route, TABLE};

/// The whole description.
pub fn document(catalog: &Catalog, options: &Options) -> Value {
    let names: Vec<&str> = catalog
        .collections
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let mut paths: Map<String, Value> = Map::new();
    for route in TABLE {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route, &names);
    }
    let mut schemas: Map<String, Value> = catalog
        .collections
        .iter()
        .map(|collection| (collection.name.clone(), record_schema(collection)))
        .collect();
    schemas.insert("Problem".to_string(), problem());
    schemas.insert("Query".to_string(), query());
    schemas.insert("Lookup".to_string(), lookup());
    schemas.insert("Written".to_string(), written());
    schemas.extend(operations());
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "基库 Jiku",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "四大基础库的统一查询接口 · One surface over the base registers of a city",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": schemas, "parameters": parameters(options) },
    })
}

fn operation(route: &Route, collections: &[&str]) -> Value {
    let mut all: Vec<Value> = Vec::new();
    if route.path.contains("{collection}") {
        all.push(json!({
            "name": "collection", "in": "path", "required": true,
            "schema": { "type": "string", "enum": collections },
        }));
    }
    if route.path.contains("{id}") {
        all.push(json!({
            "name": "id", "in": "path", "required": true,
            "schema": { "type": "string", "pattern": "^[POSM][0-9A-HJKMNP-TV-Z]{9}[0-9A-Z*~$=]$" },
        }));
    }
    for name in ["load", "source"] {
        if route.path.contains(&format!("{{{name}}}")) {
            let schema = json!({ "type": "string" });
            all.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        }
    }
    all.extend(
        route
            .parameters
            .iter()
            .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })),
    );
    let failure = json!({
        "description": "A problem (RFC 9457)",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    let kind = route.answer;
    let mut out = json!({
        "summary": route.summary_zh,
        "description": route.summary,
        "operationId": operation_id(route),
        "parameters": all,
        "responses": {
            (success(route)): { "description": route.summary, "content": { kind: {} } },
            "default": failure,
        },
    });
    let body = match (route.method, route.path) {
        (_, "/query") => Some("Query"),
        (_, path) if path.ends_with("/lookup") => Some("Lookup"),
        (_, path) if path.ends_with("/end") => Some("End"),
        (_, path) if path.ends_with("/retract") => Some("Retract"),
        (_, path) if path.ends_with("/merge") => Some("Merge"),
        (_, path) if path.ends_with("/split") => Some("Split"),
        (_, path) if path.ends_with("/dispute") => Some("Dispute"),
        ("post" | "put" | "patch", path) if path.contains("/items") => Some("Written"),
        _ => None,
    };
    if let Some(name) = body {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        out["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    if route.method == "post" && route.path.starts_with("/loads") {
        let accepted =
            json!({ "description": "It goes on: see Location", "content": { kind: {} } });
        out["responses"]["202"] = accepted;
    }
    if (route.method, route.path) == ("post", "/loads") {
        let file = json!({ "type": "string", "format": "binary" });
        out["requestBody"] = json!({ "required": true, "content": { "application/octet-stream": { "schema": file } } });
    }
    out
}

/// The status of an answer that is no problem.
fn success(route: &Route) -> &'static str {
    match (route.method, route.path) {
        ("post", path) if path.ends_with("/items") || path.ends_with("/split") => "201",
        _ => "200",
    }
}

/// `getCollectionsCollectionItems` for `GET /collections/{collection}/items`.
fn operation_id(route: &Route) -> String {
    let mut id = route.method.to_string();
    for part in route
        .path
        .split(['/', '{', '}'])
        .filter(|part| !part.is_empty())
    {
        let (first, rest) = part.split_at(1);
        id.push_str(&first.to_uppercase());
        id.push_str(rest);
    }
    if route.path == "/" {
        format!("{id}Landing")
    } else {
        id
    }
}

fn record_schema(collection: &Collection) -> Value {
    let mut schema = schema::json_schema(collection);
    if let Some(members) = schema.as_object_mut() {
        // Inside this document they are parts, not documents of their own.
        members.remove("$schema");
        members.remove("$id");
    }
    schema
}

fn parameters(options: &Options) -> Value {
    let mut all = of_loads();
    all.extend(of_writes());
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
    let crs =
        "CRS84, EPSG:4490 or EPSG:4326, treated as one; coordinates are always longitude, latitude";
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
            "west,south,east,north; across the antimeridian where west > east",
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
        one("filter-crs", crs, text()),
        one("crs", crs, text()),
    ]
}

/// What says how the answer looks: its order, fields, page, times, format and references.
fn of_pages(options: &Options) -> Vec<Value> {
    let limits = &options.limits;
    let text = || json!({ "type": "string" });
    let limit = json!({ "type": "integer", "minimum": 0, "maximum": limits.page, "default": limits.default_page });
    vec![
        one(
            "sortby",
            "Up to three fields, - before one for descending: -birthDate,name",
            text(),
        ),
        one("properties", "Only these fields", text()),
        one("limit", "", limit),
        one("cursor", "From the link 'next' of the page before", text()),
        one("validAt", "True on this day; default today", text()),
        one(
            "knownAt",
            "As known at this day's end or instant; default now",
            text(),
        ),
        one(
            "f",
            "",
            json!({ "type": "string", "enum": ["geojson", "json", "csv", "ndjson", "series", "html"] }),
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
fn one(name: &str, description: &str, schema: Value) -> Value {
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

/// What the routes of the loading desk take.
fn of_loads() -> Map<String, Value> {
    let described = [
        ("state", "Only loads in this state"),
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

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "code": { "type": "string" },
            "parameter": { "type": "string" },
            "problems": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": { "type": "string", "description": "RFC 6901, into the request's body" },
                        "code": { "type": "string" },
                        "detail": { "type": "string" },
                        "found": { "type": "string" },
                        "expected": { "type": "string" },
                    },
                },
            },
            "messages": {
                "type": "object",
                "properties": { "zh": { "type": "string" }, "en": { "type": "string" } },
            },
        },
    })
}

fn query() -> Value {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "type": "object",
        "required": ["from"],
        "additionalProperties": false,
        "properties": {
            "from": text,
            "q": text,
            "filter": { "type": ["string", "object", "boolean"], "description": "CQL2 text, or CQL2 JSON" },
            "filterCrs": text,
            "near": {
                "type": "object",
                "required": ["lon", "lat"],
                "additionalProperties": false,
                "properties": {
                    "lon": { "type": "number" },
                    "lat": { "type": "number" },
                    "metres": { "type": "number", "minimum": 0 },
                    "k": { "type": "integer", "minimum": 1, "maximum": 1000 },
                },
            },
            "select": texts,
            "expand": texts,
            "sort": texts,
            "group": {
                "type": "array", "maxItems": 3, "items": { "type": ["string", "object"] },
                "description": "sex, division:county, year:birthDate, quarter:…, month:…, age:10:birthDate, grid:1000, head.sex",
            },
            "measures": {
                "type": "array", "items": { "type": "string" },
                "description": "count, count:field, sum:field, min:field, max:field, mean:field, p50:field",
            },
            "having": { "type": ["string", "object"], "description": "CQL2 over count, keys, measures, and what is computed" },
            "beside": {
                "type": "object", "maxProperties": 8,
                "additionalProperties": { "$ref": "#/components/schemas/Query" },
                "description": "Queries whose groups are put beside those with the same keys",
            },
            "compute": {
                "type": "object", "maxProperties": 8, "additionalProperties": text,
                "description": "Numbers of each group, such as gdp.sum:value / count",
            },
            "limit": { "type": "integer", "minimum": 0 },
            "cursor": text,
            "validAt": text,
            "knownAt": text,
            "explain": { "type": "boolean" },
        },
    })
}

fn lookup() -> Value {
    json!({
        "type": "object",
        "required": ["keys"],
        "additionalProperties": false,
        "properties": {
            "keys": { "type": "array", "maxItems": query::lookup::MOST_KEYS },
            "validAt": { "type": "string" },
            "knownAt": { "type": "string" },
        },
    })
}

fn written() -> Value {
    let text = json!({ "type": "string" });
    let day = |description: &str| json!({ "type": ["string", "null"], "description": description });
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "A GeoJSON feature. Of a PATCH, fields not named stay, and null takes a value away",
        "properties": {
            "type": { "const": "Feature" },
            "id": text,
            "geometry": { "type": ["object", "null"] },
            "properties": {
                "type": "object",
                "description": "Fields as the collection's JSON Schema has them; references as ids or natural keys",
            },
            "validFrom": day("The first day on which it holds"),
            "validTo": day(
                "The first day on which it no longer does. Without it, what the department has said to begin later \
                 stands; '..' is an open end that does not stop there",
            ),
            "department": text,
        },
    })
}

/// The bodies of operations on records.
fn operations() -> Map<String, Value> {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let position = json!({
        "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2,
        "description": "The member position of a statement",
    });
    let day = json!({
        "type": "string", "format": "date",
        "description": "The first day on which it holds no more; default today",
    });
    let last = json!({ "const": "last", "description": "The last that the department made and that stands; the default" });
    let states: Vec<&str> = record::DisputeState::ALL
        .iter()
        .map(|one| one.name())
        .collect();
    let mut split = written();
    split["required"] = json!(["statements"]);
    split["description"] = json!("The properties are of the new record, its natural key as a rule");
    split["properties"]["statements"] =
        json!({ "type": "array", "minItems": 1, "items": position });
    if let Some(members) = split["properties"].as_object_mut() {
        members.remove("id");
    }
    let mut all = Map::new();
    for (name, properties, required) in [
        ("End", json!({ "from": day }), json!([])),
        (
            "Retract",
            json!({ "statement": { "anyOf": [last, position] } }),
            json!([]),
        ),
        (
            "Merge",
            json!({ "into": text("The id of the other record") }),
            json!(["into"]),
        ),
        (
            "Dispute",
            json!({
                "field": text("The field's name"),
                "state": { "type": "string", "enum": states, "default": "raised" },
                "note": text("Why; up to 1000 characters"),
            }),
            json!(["field"]),
        ),
    ] {
        let mut properties = properties;
        properties["department"] = text("Who speaks, where the header does not say");
        let body = json!({
            "type": "object", "additionalProperties": false,
            "required": required, "properties": properties,
        });
        all.insert(name.to_string(), body);
    }
    all.insert("Split".to_string(), split);
    all
}
