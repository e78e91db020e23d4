//! Each conformance class that is declared has a check here: what the class asks for first and what a client
//! relies on. Other people's programs look closer, in `tests/clients`; writes are in `tests/writing.rs`.

use std::collections::BTreeSet;

use super::*;
use crate::routes::conformance::CLASSES;

const SPEC: &str = "http://www.opengis.net/spec/";
const ITEMS: &str = "/collections/person/items";

/// How many persons a filter finds.
async fn filtered(filter: &str) -> u64 {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("filter", filter)
        .finish();
    matched(&query).await
}

/// Whether a filter is understood. The store of these tests evaluates no expressions; `tests/queries` has
/// every operator answered by a real one, and compared with a naive evaluator.
fn is_understood(filter: &str) -> bool {
    let store = Fake::city();
    let context = ::query::Context::new(&store, ::query::Limits::default());
    let query = ::query::Query {
        from: "person".into(),
        filter: Some(filter.into()),
        ..::query::Query::default()
    };
    ::query::plan(&context, &query).is_ok()
}

/// Whether filters can say what a class of CQL2 asks for.
async fn filters(class: &str) -> bool {
    let earth = "POLYGON((-179 -89,179 -89,179 89,-179 89,-179 -89))";
    match class {
        "cql2/1.0/conf/advanced-comparison-operators" => {
            filtered("name LIKE '%' AND sex IN ('1') AND sex BETWEEN '1' AND '1'").await == 2
        }
        "cql2/1.0/conf/case-insensitive-comparison" => is_understood("CASEI(name) = CASEI('A')"),
        "cql2/1.0/conf/accent-insensitive-comparison" => {
            is_understood("ACCENTI(name) = ACCENTI('é')")
        }
        "cql2/1.0/conf/basic-spatial-functions" => {
            filtered("S_INTERSECTS(geometry, BBOX(-180,-90,180,90))").await > 0
                && filtered("S_INTERSECTS(geometry, POINT(0 0))").await == 0
        }
        "cql2/1.0/conf/basic-spatial-functions-plus" => {
            filtered(&format!("S_INTERSECTS(geometry, {earth})")).await > 0
        }
        "cql2/1.0/conf/spatial-functions" => {
            let relations = [
                "CONTAINS", "CROSSES", "DISJOINT", "EQUALS", "OVERLAPS", "TOUCHES", "WITHIN",
            ];
            let asked = relations.map(|relation| format!("S_{relation}(geometry, {earth})"));
            asked.iter().all(|filter| is_understood(filter))
        }
        "cql2/1.0/conf/temporal-functions" => {
            let born = filtered("birthDate IS NOT NULL").await;
            born > 0 && filtered("T_AFTER(birthDate, DATE('1800-01-01'))").await == born
        }
        "cql2/1.0/conf/array-functions" => ["CONTAINS", "CONTAINEDBY", "EQUALS", "OVERLAPS"]
            .iter()
            .all(|relation| is_understood(&format!("A_{relation}(formerNames, ('王芳', '王方'))"))),
        "cql2/1.0/conf/property-property" => is_understood("birthDate < deathDate"),
        "cql2/1.0/conf/functions" => is_understood("age_at(birthDate) > 80"),
        "cql2/1.0/conf/arithmetic" => is_understood("age_at(birthDate) + 1 > 2 * 40"),
        _ => panic!("a class without a check: {class}"),
    }
}

/// Whether what a class asks for holds.
async fn holds(class: &str) -> bool {
    match class {
        "ogcapi-common-1/1.0/conf/core" | "ogcapi-features-1/1.0/conf/core" => core().await,
        "ogcapi-common-1/1.0/conf/json" => get_json("/").await.1["links"].is_array(),
        "ogcapi-common-1/1.0/conf/html" | "ogcapi-features-1/1.0/conf/html" => pages().await,
        "ogcapi-common-2/1.0/conf/collections" => collections().await,
        "ogcapi-features-1/1.0/conf/geojson" => {
            let (_, headers, _) = get(ITEMS).await;
            headers["content-type"] == "application/geo+json"
        }
        "ogcapi-features-1/1.0/conf/oas30" => described().await,
        "ogcapi-features-2/1.0/conf/crs" => systems().await,
        "ogcapi-features-3/1.0/conf/queryables" => {
            let (_, headers, body) = get("/collections/person/queryables").await;
            headers["content-type"] == "application/schema+json" && body.contains("\"birthDate\"")
        }
        "ogcapi-features-3/1.0/conf/queryables-query-parameters" => matched("sex=1").await == 2,
        "ogcapi-features-3/1.0/conf/filter"
        | "ogcapi-features-3/1.0/conf/features-filter"
        | "cql2/1.0/conf/basic-cql2"
        | "cql2/1.0/conf/cql2-text" => {
            matched("filter=sex%3D%271%27&filter-lang=cql2-text").await == 2
                && matched("filter=sex%3D%271%27%20OR%20NOT%20name%20IS%20NULL").await == 5
        }
        "cql2/1.0/conf/cql2-json" => {
            let filter =
                "%7B%22op%22:%22=%22,%22args%22:[%7B%22property%22:%22sex%22%7D,%221%22]%7D";
            matched(&format!("filter-lang=cql2-json&filter={filter}")).await == 2
        }
        "ogcapi-features-4/1.0/conf/create-replace-delete" => {
            methods(&["POST"], &["PUT", "DELETE"]).await
        }
        "ogcapi-features-4/1.0/conf/update" => methods(&[], &["PATCH"]).await,
        "ogcapi-features-4/1.0/conf/features" => methods(&["POST"], &["PUT"]).await,
        "ogcapi-features-4/1.0/conf/optimistic-locking-etags" => {
            let id = id(RegisterLetter::Person, 1);
            get(&format!("{ITEMS}/{id}")).await.1.contains_key("etag")
        }
        "ogcapi-tiles-1/1.0/conf/core" | "ogcapi-tiles-1/1.0/conf/mvt" => {
            let uri = "/collections/person/tiles/WebMercatorQuad/0/0/0";
            let request = Request::get(uri).body(Body::empty()).expect("a request");
            let response = app().oneshot(request).await.expect("an answer");
            response.headers()["content-type"] == "application/vnd.mapbox-vector-tile"
        }
        "ogcapi-tiles-1/1.0/conf/tileset" => tileset().await,
        "ogcapi-tiles-1/1.0/conf/tilesets-list" | "ogcapi-tiles-1/1.0/conf/geodata-tilesets" => {
            let (_, list) = get_json("/collections/person/tiles").await;
            let (_, one) = get_json("/collections/person").await;
            list["tilesets"].as_array().map(Vec::len) == Some(2)
                && one["links"].to_string().contains("ogc/1.0/tilesets-vector")
        }
        "tms/2.0/conf/tilematrixset" | "tms/2.0/conf/json-tilematrixset" => {
            let (_, set) = get_json("/tileMatrixSets/WebMercatorQuad").await;
            set["tileMatrices"][1]["matrixWidth"] == 2 && set["crs"].is_string()
        }
        other => filters(other).await,
    }
}

async fn matched(query: &str) -> u64 {
    let (_, page) = get_json(&format!("{ITEMS}?{query}")).await;
    page["numberMatched"].as_u64().unwrap_or(u64::MAX)
}

async fn core() -> bool {
    let (_, landing) = get_json("/").await;
    let text = landing["links"].to_string();
    let rels = ["service-desc", "service-doc", "conformance", "data"];
    let is_whole = rels.iter().all(|rel| text.contains(&format!("\"{rel}\"")));
    let is_strict = get(&format!("{ITEMS}?unknown=1")).await.0 == StatusCode::BAD_REQUEST;
    is_whole
        && is_strict
        && matched("bbox=116.29,39.8,116.32,40").await == 2
        && matched("datetime=1969-01-01").await == 0
}

async fn pages() -> bool {
    let id = id(RegisterLetter::Person, 1);
    for uri in [
        "/",
        "/conformance",
        "/api",
        "/collections",
        "/collections/person",
        ITEMS,
        &format!("{ITEMS}/{id}"),
    ] {
        let sign = if uri.contains('?') { '&' } else { '?' };
        let (_, headers, _) = get(&format!("{uri}{sign}f=html")).await;
        if headers["content-type"] != "text/html; charset=utf-8" {
            return false;
        }
    }
    true
}

async fn collections() -> bool {
    let (_, all) = get_json("/collections").await;
    let all = all["collections"].as_array().expect("a list").clone();
    all.iter()
        .all(|one| one["id"].is_string() && one["links"].is_array() && one["title"].is_string())
}

async fn described() -> bool {
    let (_, headers, body) = get("/api?f=openapi30").await;
    let api: Value = serde_json::from_str(&body).expect("JSON");
    headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
        && api["openapi"] == "3.0.3"
        && api["paths"]["/collections/{collection}/items"]["get"].is_object()
        && !body.contains("[\"string\",\"null\"]")
}

async fn systems() -> bool {
    let (_, one) = get_json("/collections/person").await;
    let listed = one["crs"].as_array().expect("a list");
    let is_listed = listed.contains(&one["storageCrs"]) && listed.len() == 68;
    let mut holds = is_listed;
    for crs in listed.iter().filter_map(Value::as_str).take(4) {
        let (status, headers, _) = get(&format!("{ITEMS}?limit=1&crs={crs}")).await;
        holds &= status == StatusCode::OK && headers["content-crs"] == format!("<{crs}>").as_str();
    }
    holds && matched("bbox=39.8,116.29,40,116.32&bbox-crs=EPSG:4326").await == 2
}

/// Whether the two addresses take these methods.
async fn methods(items: &[&str], item: &[&str]) -> bool {
    let id = id(RegisterLetter::Person, 1);
    for (uri, methods) in [(ITEMS.to_string(), items), (format!("{ITEMS}/{id}"), item)] {
        let request = Request::builder()
            .method("OPTIONS")
            .uri(uri)
            .body(Body::empty());
        let (_, headers, _) = send(app(), request.expect("a request")).await;
        let allow = headers["allow"].to_str().expect("text").to_string();
        if !methods.iter().all(|method| allow.contains(method)) {
            return false;
        }
    }
    true
}

async fn tileset() -> bool {
    let (_, mercator) = get_json("/collections/person/tiles/WebMercatorQuad").await;
    let (_, quad) = get_json("/collections/person/tiles/CGCS2000Quad").await;
    let links = mercator["links"].to_string();
    mercator["tileMatrixSetURI"].is_string()
        && links.contains("{tileMatrix}/{tileRow}/{tileCol}")
        && quad["tileMatrixSet"]["tileMatrices"].is_array()
        && mercator["dataType"] == "vector"
}

#[tokio::test(flavor = "multi_thread")]
async fn every_class_that_is_declared_holds() {
    let (_, declared) = get_json("/conformance").await;
    let declared = declared["conformsTo"].as_array().expect("a list");
    let all: BTreeSet<&str> = declared.iter().filter_map(Value::as_str).collect();
    assert_eq!(all, CLASSES.iter().copied().collect(), "each once");
    for class in all {
        let short = class.strip_prefix(SPEC).expect("a class of OGC");
        assert!(holds(short).await, "{class}");
    }
}
