//! Bodies of answers: which route answers which, and in which forms.

use schema::Catalog;
use serde_json::{Map, Value, json};

use crate::formats::Format;
use crate::routes::{Route, comparisons, item, items};

/// The forms that a route offers with `f`; none where it takes no such parameter.
pub fn formats(route: &Route) -> Vec<Format> {
    use Format::{Html, Json};
    match (route.method, route.path) {
        ("get", "/api") => vec![Format::OpenApi31, Format::OpenApi30, Json, Html],
        ("get", "/collections/{collection}/items") => items::FORMATS.to_vec(),
        ("get", "/collections/{collection}/items/{id}") => item::FORMATS.to_vec(),
        ("get", "/collections/{collection}/tiles/{set}/{matrix}/{row}/{column}") => {
            vec![Format::Mvt]
        }
        ("get", "/collections/{collection}/tiles/{set}") => vec![Json, Format::TileJson, Html],
        (
            "get",
            "/"
            | "/conformance"
            | "/collections"
            | "/collections/{collection}"
            | "/tileMatrixSets"
            | "/tileMatrixSets/{set}"
            | "/collections/{collection}/tiles",
        ) => vec![Json, Html],
        ("get", "/collections/{collection}/schema" | "/collections/{collection}/queryables") => {
            vec![Format::Schema, Html]
        }
        ("post", "/query") => vec![
            Format::GeoJson,
            Json,
            Format::Csv,
            Format::Ndjson,
            Format::FlatGeobuf,
        ],
        ("get", "/loads/{load}/report") => vec![Json, Html],
        ("get", "/comparisons/{comparison}/answers") => comparisons::FORMATS.to_vec(),
        ("get", "/catalog") => crate::routes::catalog::FORMATS.to_vec(),
        ("get", path) if path.starts_with("/catalog/") => vec![Json, Html],
        ("get", "/open") => crate::routes::catalog::FORMATS.to_vec(),
        ("get", "/open/{open}") => crate::routes::open::FORMATS.to_vec(),
        ("get", path) if path.starts_with("/requests") || path.starts_with("/objections") => {
            vec![Json, Html]
        }
        _ => Vec::new(),
    }
}

/// The answers of a route that are no problem, by status.
pub fn of(route: &Route) -> Map<String, Value> {
    let mut out = Map::new();
    let content = content(route);
    let described =
        |content: &Map<String, Value>| json!({ "description": route.summary, "content": content });
    let empty = |said: &str| json!({ "description": said });
    let is_write = matches!(route.method, "post" | "put" | "patch" | "delete");
    let writes_record = is_write && route.path.starts_with("/collections/{collection}/items");
    let is_new = route.method == "post"
        && (route.path.ends_with("/items")
            || route.path.ends_with("/split")
            || matches!(route.path, "/comparisons" | "/requests" | "/objections"));
    if is_new {
        let mut created = described(&content);
        created["headers"] = json!({
            "Location": { "description": "The new record", "schema": { "type": "string", "format": "uri-reference" } },
        });
        out.insert("201".to_string(), created);
    }
    out.insert("200".to_string(), described(&content));
    if writes_record {
        out.insert("204".to_string(), empty("Nothing is left to show"));
    }
    let is_read = route.method == "get";
    if is_read && (route.path.starts_with("/collections") || route.path == "/search") {
        out.insert("304".to_string(), empty("As the caller has it already"));
    }
    if is_read && route.path == crate::routes::ITEM {
        out.insert(
            "308".to_string(),
            empty("The record was merged into another one: see Location"),
        );
    }
    if route.path.ends_with("/{column}") {
        out.insert("204".to_string(), empty("Nothing is there"));
    }
    let goes_on = route.path.starts_with("/loads") || route.path.starts_with("/comparisons");
    if route.method == "post" && goes_on {
        let mut accepted = described(&content);
        accepted["description"] = json!("It goes on: see Location");
        out.insert("202".to_string(), accepted);
    }
    out
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Media types and schemas.
fn content(route: &Route) -> Map<String, Value> {
    let formats = formats(route);
    if formats.is_empty() {
        let schema =
            schema_of(route, None).map_or(json!({}), |name| json!({ "schema": reference(name) }));
        return Map::from_iter([(route.answer.to_string(), schema)]);
    }
    let mut out: Map<String, Value> = Map::new();
    for format in formats {
        let kind = format.media_type();
        let kind = kind.strip_suffix("; charset=utf-8").unwrap_or(kind);
        let schema = match format {
            Format::Csv | Format::Ndjson | Format::Html | Format::Turtle => {
                json!({ "type": "string" })
            }
            Format::FlatGeobuf | Format::Mvt => json!({ "type": "string", "format": "binary" }),
            format => schema_of(route, Some(format)).map_or(json!({ "type": "object" }), reference),
        };
        match out.get_mut(kind) {
            // Two forms of one media type.
            Some(known) if known["schema"] != schema => {
                known["schema"] = json!({ "anyOf": [known["schema"].clone(), schema] });
            }
            Some(_) => {}
            None => {
                out.insert(kind.to_string(), json!({ "schema": schema }));
            }
        }
    }
    out
}

/// The schema of a route's JSON.
fn schema_of(route: &Route, format: Option<Format>) -> Option<&'static str> {
    let below = route.path.strip_prefix("/collections/{collection}");
    Some(match (route.method, route.path, below) {
        ("get", "/", _) => "Landing",
        ("get", "/conformance", _) => "Conformance",
        ("get", "/health/live" | "/health/ready", _) => "Health",
        ("get", "/collections", _) => "Collections",
        ("get", "/tileMatrixSets", _) => "TileMatrixSets",
        ("get", "/tileMatrixSets/{set}", _) => "TileMatrixSet",
        ("post", "/query", _) if format == Some(Format::Json) => "ItemsOrGroups",
        ("post", "/query", _) => "FeatureCollection",
        ("get", "/search", _) => "Found",
        ("get", "/suggest", _) => "Suggestions",
        ("get", "/responsibility", _) => "Responsibility",
        ("get", "/loads", _) => "Loads",
        ("get", "/loads/{load}", _)
        | (
            "post",
            "/loads" | "/loads/{load}/publish" | "/loads/{load}/undo" | "/loads/{load}/discard",
            _,
        ) => "Load",
        ("get", "/sources", _) => "Sources",
        ("get", "/sources/{source}", _) => "Source",
        ("get", "/comparisons", _) => "Comparisons",
        (_, "/comparisons/{comparison}/answers", _) => "Compared",
        (_, path, _) if path.starts_with("/comparisons") => "Comparison",
        (_, _, Some("")) => "Collection",
        (_, _, Some("/tiles")) => "Tilesets",
        (_, _, Some("/tiles/{set}")) if format == Some(Format::TileJson) => "TileJson",
        (_, _, Some("/tiles/{set}")) => "Tileset",
        ("get", _, Some("/items")) => match format {
            Some(Format::Json) => "Items",
            Some(Format::Series) => "Series",
            _ => "FeatureCollection",
        },
        ("get", _, Some("/items/{id}")) if format == Some(Format::Json) => "Item",
        (_, _, Some("/items/{id}/versions")) => "Versions",
        (_, _, Some("/items/{id}/statements")) => "Statements",
        (_, _, Some("/conflicts")) => "Conflicts",
        (_, _, Some("/lookup")) => "LookedUp",
        (_, _, Some("/verify")) => "Verified",
        (_, _, Some(path)) if path.starts_with("/items") => "Feature",
        _ => return None,
    })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn optional_text() -> Value {
    json!({ "type": ["string", "null"] })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

/// All schemas of answers, by name.
pub fn schemas(catalog: &Catalog) -> Map<String, Value> {
    let mut all = of_features();
    for (name, schema) in of_metadata()
        .into_iter()
        .chain(of_tiles())
        .chain(of_the_desk())
        .chain(super::comparing::answers())
    {
        all.insert(name.to_string(), schema);
    }
    // A feature of each collection, for those who make types of them.
    for collection in &catalog.collections {
        let name = &collection.name;
        let feature = json!({
            "allOf": [
                reference("Feature"),
                { "type": "object", "properties": { "properties": reference(name) } },
            ],
        });
        all.insert(format!("{name}Feature"), feature);
    }
    all
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

/// The members that every answer with records has, and its own.
fn with(own: Value) -> Value {
    let mut all = json!({
        "numberMatched": count(), "numberReturned": count(), "timeStamp": text(),
        "knownAt": optional_text(), "validAt": text(), "cursor": text(),
        "links": list(reference("Link")), "explanation": { "type": "object" },
    });
    for (name, schema) in own.as_object().into_iter().flatten() {
        all[name] = schema.clone();
    }
    all
}

fn groups() -> Value {
    let group = json!({
        "key": { "type": "object" }, "count": count(), "measures": { "type": "object" },
    });
    let all = list(object(&["key", "count"], group));
    object(
        &["collection", "groups", "numberMatched", "numberReturned"],
        with(json!({ "collection": text(), "groups": all })),
    )
}

fn geometry() -> Value {
    json!({
        "type": ["object", "null"],
        "description": "GeoJSON (RFC 7946), in the system of Content-Crs",
        "properties": { "type": text(), "coordinates": { "type": "array" }, "geometries": { "type": "array" } },
    })
}

fn feature() -> Value {
    let feature = json!({
        "type": { "const": "Feature" }, "id": text(), "geometry": reference("Geometry"),
        "properties": { "type": ["object", "null"] },
        "validFrom": optional_text(), "validTo": optional_text(),
        "knownFrom": optional_text(), "knownTo": optional_text(),
        "held": { "type": "object" }, "conflicts": { "type": "object" }, "disputes": { "type": "object" },
        "distance": { "type": "number" }, "score": { "type": "number" },
        "links": list(reference("Link")),
    });
    object(&["type", "id", "geometry", "properties"], feature)
}

fn of_features() -> Map<String, Value> {
    let integer = count();
    let items = with(json!({ "items": list(reference("Item")) }));
    let features = with(json!({
        "type": { "const": "FeatureCollection" }, "features": list(reference("Feature")),
    }));
    let found = json!({
        "features": list(reference("Feature")), "numberMatched": integer, "numberReturned": integer,
        "counts": { "type": "object", "additionalProperties": integer },
        "didYouMean": list(json!({
            "type": "object",
            "properties": { "text": text(), "collection": text(), "count": integer },
        })),
    });
    let series = json!({
        "columns": list(text()), "rows": list(list(json!({}))), "numberMatched": integer,
        "numberReturned": integer, "cursor": optional_text(), "links": list(reference("Link")),
    });
    let one_or_none = json!({ "anyOf": [reference("Feature"), { "type": "null" }] });
    let all = [
        ("Geometry", geometry()),
        ("Feature", feature()),
        (
            "FeatureCollection",
            object(&["type", "features", "numberReturned"], features),
        ),
        (
            "Item",
            object(
                &["id"],
                json!({ "id": text(), "geometry": reference("Geometry") }),
            ),
        ),
        (
            "Items",
            object(&["items", "numberMatched", "numberReturned"], items),
        ),
        ("Groups", groups()),
        (
            "ItemsOrGroups",
            json!({ "anyOf": [reference("Groups"), reference("Items")] }),
        ),
        ("Series", object(&["columns", "rows"], series)),
        (
            "Found",
            object(&["features", "numberMatched", "counts"], found),
        ),
        ("Suggestions", suggestions()),
        (
            "Versions",
            object(
                &["versions"],
                json!({ "versions": list(reference("Feature")) }),
            ),
        ),
        (
            "LookedUp",
            object(
                &["records", "numberMatched"],
                json!({ "records": list(one_or_none), "numberMatched": integer }),
            ),
        ),
    ];
    all.into_iter()
        .map(|(name, schema)| (name.to_string(), schema))
        .collect()
}

fn suggestions() -> Value {
    let integer = json!({ "type": "integer" });
    let suggestion = json!({
        "text": text(), "collection": text(), "field": text(), "match": text(), "count": integer,
        "marks": list(list(integer)),
    });
    let suggestions = list(object(&["text", "collection"], suggestion));
    object(&["suggestions"], json!({ "suggestions": suggestions }))
}

fn of_metadata() -> Vec<(&'static str, Value)> {
    let links = || list(reference("Link"));
    let link = json!({
        "href": text(), "rel": text(), "type": text(), "title": text(), "templated": { "type": "boolean" },
    });
    let collection = json!({
        "id": text(), "title": text(), "titleEn": text(), "description": text(), "descriptionEn": text(),
        "itemType": { "const": "feature" }, "register": text(), "department": text(), "sensitivity": text(),
        "updateCycle": {}, "links": links(), "crs": list(text()), "storageCrs": text(),
        "extent": { "type": "object" },
    });
    let landing = json!({
        "title": text(), "description": text(), "synthetic": { "type": "boolean" }, "links": links(),
    });
    vec![
        ("Link", object(&["href", "rel"], link)),
        ("Landing", object(&["title", "links"], landing)),
        (
            "Conformance",
            object(
                &["conformsTo"],
                json!({ "conformsTo": list(text()), "links": links() }),
            ),
        ),
        (
            "Health",
            object(
                &["status"],
                json!({ "status": text(), "transaction": { "type": "integer" } }),
            ),
        ),
        ("Collection", object(&["id", "links"], collection)),
        (
            "Collections",
            object(
                &["collections", "links"],
                json!({
                    "collections": list(reference("Collection")), "crs": list(text()), "links": links(),
                }),
            ),
        ),
    ]
}

fn of_tiles() -> Vec<(&'static str, Value)> {
    let links = || list(reference("Link"));
    let matrix = json!({
        "id": text(), "scaleDenominator": { "type": "number" }, "cellSize": { "type": "number" },
        "cornerOfOrigin": text(), "pointOfOrigin": list(json!({ "type": "number" })),
        "tileWidth": { "type": "integer" }, "tileHeight": { "type": "integer" },
        "matrixWidth": { "type": "integer" }, "matrixHeight": { "type": "integer" },
    });
    let matrix = object(
        &["id", "scaleDenominator", "cellSize", "pointOfOrigin"],
        matrix,
    );
    let set = json!({
        "id": text(), "title": text(), "uri": text(), "crs": text(), "orderedAxes": list(text()),
        "wellKnownScaleSet": text(), "tileMatrices": list(matrix), "links": links(),
    });
    let tileset = json!({
        "title": text(), "titleEn": text(), "dataType": { "const": "vector" }, "crs": text(),
        "tileMatrixSetURI": text(), "tileMatrixSet": reference("TileMatrixSet"),
        "boundingBox": { "type": "object" }, "layers": list(json!({ "type": "object" })), "links": links(),
    });
    let tilejson = json!({
        "tilejson": text(), "name": text(), "description": text(), "scheme": text(), "tiles": list(text()),
        "minzoom": { "type": "integer" }, "maxzoom": { "type": "integer" },
        "bounds": list(json!({ "type": "number" })), "center": list(json!({ "type": "number" })),
        "vector_layers": list(json!({ "type": "object" })),
    });
    vec![
        ("TileMatrixSet", object(&["id", "crs"], set)),
        (
            "TileMatrixSets",
            object(
                &["tileMatrixSets"],
                json!({
                    "tileMatrixSets": list(reference("TileMatrixSet")), "links": links(),
                }),
            ),
        ),
        ("Tileset", object(&["dataType", "crs", "links"], tileset)),
        (
            "Tilesets",
            object(
                &["tilesets"],
                json!({ "tilesets": list(reference("Tileset")), "links": links() }),
            ),
        ),
        (
            "TileJson",
            object(&["tilejson", "tiles", "vector_layers"], tilejson),
        ),
    ]
}

fn of_the_desk() -> Vec<(&'static str, Value)> {
    let label = json!({ "type": ["object", "null"], "properties": { "zh": text(), "en": text() } });
    let statement = json!({
        "department": text(), "departmentLabel": label, "source": text(), "load": text(),
        "line": {}, "knownFrom": optional_text(), "transaction": { "type": "integer" },
        "position": list(json!({ "type": "integer" })),
        "validFrom": optional_text(), "validTo": optional_text(), "kind": text(),
        "fields": { "type": "object" }, "retracts": {},
    });
    let conflict = json!({
        "id": text(), "field": text(), "responsible": text(), "value": {}, "competing": { "type": "array" },
    });
    let answering = json!({
        "collection": text(), "department": text(), "departmentLabel": label, "others": list(text()),
        "updateCycle": {}, "lastPublished": optional_text(), "overdue": { "type": "boolean" },
        "fields": { "type": "array" }, "sources": { "type": "array" },
    });
    let load = json!({
        "id": text(), "kind": text(), "state": text(), "source": {}, "collection": {}, "department": {},
        "file": {}, "size": {}, "kept": {}, "hash": {}, "asOf": {}, "maxRejects": {}, "counts": {},
        "problems": {}, "outcome": {}, "rejects": { "type": "boolean" }, "transaction": {}, "problem": {},
        "received": {}, "by": {}, "progress": {}, "history": { "type": "array" }, "links": list(reference("Link")),
    });
    let source = json!({
        "name": text(), "label": {}, "collection": text(), "department": text(), "scope": {}, "format": {},
        "synthetic": { "type": "boolean" }, "description": {}, "columns": { "type": "array" },
    });
    vec![
        (
            "Statements",
            object(
                &["statements"],
                json!({ "statements": list(object(&["department", "kind"], statement)) }),
            ),
        ),
        (
            "Conflicts",
            object(
                &["conflicts"],
                json!({ "conflicts": list(object(&["id", "field"], conflict)) }),
            ),
        ),
        (
            "Responsibility",
            object(
                &["responsibility"],
                json!({ "responsibility": list(object(&["collection"], answering)) }),
            ),
        ),
        ("Load", object(&["id", "state"], load)),
        (
            "Loads",
            object(
                &["loads"],
                json!({ "loads": list(reference("Load")), "numberReturned": { "type": "integer" }, "cursor": {}, "links": list(reference("Link")) }),
            ),
        ),
        ("Source", object(&["name"], source)),
        (
            "Sources",
            object(
                &["sources"],
                json!({ "sources": list(reference("Source")) }),
            ),
        ),
    ]
}
