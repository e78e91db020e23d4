//! The OpenAPI description, made from the schemas and the table of routes: 3.1, and 3.0 for programs that do
//! not read it yet.
//!
//! | module | what |
//! |---|---|
//! | [`parameters`] | parameters in addresses and headers |
//! | [`bodies`] | bodies of requests |
//! | [`answers`] | bodies of answers: which route answers which |
//! | [`sharing`] | bodies of requests at the desk |
//! | [`older`](mod@older) | the same in OpenAPI 3.0 |
//!
//! A route that is not named in [`answers`] is described with the media type of its row in the table, and
//! with no more.

pub mod answers;
pub mod bodies;
mod comparing;
pub mod older;
pub mod parameters;
pub mod sharing;

use schema::{Catalog, Collection};
use serde_json::{Map, Value, json};

use crate::app::Options;
use crate::guard;
use crate::routes::{Route, TABLE};

pub use older::older;

/// The whole description.
pub fn document(catalog: &Catalog, options: &Options) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in TABLE {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route, catalog);
    }
    let mut schemas: Map<String, Value> = catalog
        .collections
        .iter()
        .map(|collection| (collection.name.clone(), record_schema(collection)))
        .collect();
    schemas.insert("Problem".to_string(), problem());
    schemas.insert("Query".to_string(), bodies::query());
    schemas.insert("Lookup".to_string(), bodies::lookup());
    schemas.insert("Subject".to_string(), bodies::subject());
    schemas.insert("Claims".to_string(), comparing::claims());
    schemas.insert("List".to_string(), comparing::keys());
    schemas.insert("Written".to_string(), bodies::written());
    schemas.extend(bodies::operations());
    schemas.extend(sharing::schemas());
    schemas.extend(answers::schemas(catalog));
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
        "security": [{ "key": [] }],
        "components": {
            "schemas": schemas,
            "parameters": parameters::all(options),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, or a token of an issuer that is trusted",
                },
            },
        },
    })
}

fn operation(route: &Route, catalog: &Catalog) -> Value {
    let mut all = places(route, catalog);
    all.extend(
        route
            .parameters
            .iter()
            .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })),
    );
    let formats = answers::formats(route);
    if !formats.is_empty() {
        let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let schema = json!({ "type": "string", "enum": names });
        all.push(parameters::one(
            "f",
            "The form of the answer; without it the header Accept decides",
            schema,
        ));
    }
    let failure = json!({
        "description": "A problem (RFC 9457)",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    let mut responses = answers::of(route);
    responses.insert("default".to_string(), failure);
    let mut out = json!({
        "summary": route.summary_zh,
        "description": route.summary,
        "operationId": operation_id(route),
        "parameters": all,
        "responses": responses,
    });
    if guard::is_open(Some(route.path)) {
        out["security"] = json!([]);
    }
    if let Some(body) = body(route) {
        out["requestBody"] = body;
    }
    out
}

/// The parameters in a route's address.
fn places(route: &Route, catalog: &Catalog) -> Vec<Value> {
    let is_tiles = route.path.contains("/tiles");
    let names: Vec<&str> = catalog
        .collections
        .iter()
        .filter(|one| !is_tiles || one.location.is_some())
        .map(|one| one.name.as_str())
        .collect();
    let sets = tiles::MatrixSet::ALL.map(|set| set.name());
    let number = |most: u32| json!({ "type": "integer", "minimum": 0, "maximum": most });
    let text = || json!({ "type": "string", "minLength": 1 });
    let id = json!({ "type": "string", "pattern": "^[POSM][0-9A-HJKMNP-TV-Z]{9}[0-9A-Z*~$=]$" });
    let last = u32::from(tiles::matrix::LAST_LEVEL);
    let described = [
        ("collection", json!({ "type": "string", "enum": names })),
        ("id", id),
        ("load", text()),
        (
            "receipt",
            json!({ "type": "string", "pattern": "^R[0-7][0-9A-HJKMNP-TV-Z]{25}$" }),
        ),
        ("source", text()),
        (
            "comparison",
            json!({ "type": "string", "pattern": "^[0-9a-f]{32}$" }),
        ),
        ("resource", text()),
        ("request", text()),
        ("objection", text()),
        ("open", text()),
        ("set", json!({ "type": "string", "enum": sets })),
        ("matrix", number(last)),
        ("row", number((1 << last) - 1)),
        ("column", number((2 << last) - 1)),
    ];
    described
        .into_iter()
        .filter(|(name, _)| route.path.contains(&format!("{{{name}}}")))
        .map(|(name, schema)| json!({ "name": name, "in": "path", "required": true, "schema": schema }))
        .collect()
}

/// The body that a route takes.
fn body(route: &Route) -> Option<Value> {
    if let Some((name, is_optional)) = sharing::body(route) {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        return Some(json!({
            "required": !is_optional, "content": { "application/json": { "schema": schema } },
        }));
    }
    let (name, kinds): (&str, &[&str]) = match (route.method, route.path) {
        ("post", "/loads") => {
            let file = json!({ "type": "string", "format": "binary" });
            return Some(json!({
                "required": true, "content": { "application/octet-stream": { "schema": file } },
            }));
        }
        ("post", "/comparisons") => return Some(comparing::list()),
        (_, "/query") => ("Query", &["application/json"]),
        (_, "/subjects/log") => ("Subject", &["application/json"]),
        (_, path) if path.ends_with("/lookup") => ("Lookup", &["application/json"]),
        (_, path) if path.ends_with("/verify") => ("Claims", &["application/json"]),
        (_, path) if path.ends_with("/end") => ("End", &["application/json"]),
        (_, path) if path.ends_with("/retract") => ("Retract", &["application/json"]),
        (_, path) if path.ends_with("/merge") => ("Merge", &["application/json"]),
        (_, path) if path.ends_with("/split") => ("Split", &["application/json"]),
        (_, path) if path.ends_with("/dispute") => ("Dispute", &["application/json"]),
        ("patch", _) => (
            "Written",
            &[
                "application/json",
                "application/merge-patch+json",
                "application/geo+json",
            ],
        ),
        ("post" | "put", path) if path.contains("/items") => {
            ("Written", &["application/geo+json", "application/json"])
        }
        _ => return None,
    };
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    let content = kinds
        .iter()
        .map(|kind| (kind.to_string(), json!({ "schema": schema })));
    let content: Map<String, Value> = content.collect();
    Some(json!({ "required": true, "content": content }))
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
