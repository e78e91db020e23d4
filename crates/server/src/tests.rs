//! Requests through the whole router, over a small store in memory.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use record::RegisterLetter;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::fake::{Fake, id};
use crate::routes::TABLE;
use crate::{Options, check_listen, router};

mod conformance;
mod sharing;
mod wire;

fn app() -> Router {
    router(Arc::new(Fake::city()), Options::default())
}

async fn send(app: Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app.oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    (
        parts.status,
        parts.headers,
        String::from_utf8(bytes.to_vec()).expect("UTF-8"),
    )
}

async fn get(uri: &str) -> (StatusCode, HeaderMap, String) {
    send(
        app(),
        Request::get(uri).body(Body::empty()).expect("a request"),
    )
    .await
}

async fn get_json(uri: &str) -> (StatusCode, Value) {
    let (status, _, body) = get(uri).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

async fn post(uri: &str, body: &str) -> (StatusCode, Value) {
    let request = Request::post(uri)
        .body(Body::from(body.to_string()))
        .expect("a request");
    let (status, _, body) = send(app(), request).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

/// What the routes of the loading desk answer where nobody loads: that, and nothing else.
fn desk((status, body): (StatusCode, Value)) -> (StatusCode, Value) {
    assert_eq!(body["code"], "loads-absent", "{body}");
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    (StatusCode::OK, body)
}

/// What the routes of receipts answer where no trail is kept.
fn no_receipts((status, body): (StatusCode, Value)) -> (StatusCode, Value) {
    assert_eq!(body["code"], "receipts-absent", "{body}");
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    (StatusCode::OK, body)
}

/// What the routes of comparisons answer where nobody receives any.
fn absent((status, body): (StatusCode, Value)) -> (StatusCode, Value) {
    assert_eq!(body["code"], "comparisons-absent", "{body}");
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    (StatusCode::OK, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_described_route_answers() {
    let person = id(RegisterLetter::Person, 1).to_string();
    for route in TABLE {
        let uri = route
            .path
            .replace("{collection}", "person")
            .replace("{id}", &person)
            .replace("{set}", "WebMercatorQuad")
            .replace("{resource}", "person")
            .replace("{open}", "divisions")
            .replace("{matrix}/{row}/{column}", "0/0/0");
        // What has a name of its own is asked for in tests of the desk.
        let of_desk = ["/requests/{", "/objections/{"];
        if of_desk.iter().any(|start| route.path.starts_with(start)) {
            continue;
        }
        let (status, body) = match (route.method, route.path) {
            ("post", "/requests" | "/objections") => {
                let (status, body) = post(&uri, "{}").await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
                continue;
            }
            ("get", "/search") => get_json("/search?q=%E7%8E%8B").await,
            ("get", "/suggest") => get_json("/suggest?q=%E7%8E%8B").await,
            ("get", "/metrics") => (get("/metrics").await.0, Value::Null),
            ("get", path) if path.ends_with("/{column}") => {
                let response =
                    app().oneshot(Request::get(&uri).body(Body::empty()).expect("a request"));
                (response.await.expect("an answer").status(), Value::Null)
            }
            ("delete", path) if path.starts_with("/comparisons") => {
                let request = Request::delete(&uri)
                    .body(Body::empty())
                    .expect("a request");
                let (status, _, body) = send(app(), request).await;
                absent((status, serde_json::from_str(&body).expect("JSON")))
            }
            ("get", path) if path.starts_with("/comparisons") => absent(get_json(&uri).await),
            (_, path) if path.starts_with("/comparisons") => absent(post(&uri, "{}").await),
            ("get", path) if path.starts_with("/loads") => desk(get_json(&uri).await),
            ("get", path)
                if ["/receipts", "/recalls", "/audit"]
                    .iter()
                    .any(|one| path.starts_with(one)) =>
            {
                no_receipts(get_json(&uri).await)
            }
            (_, "/subjects/log") => {
                no_receipts(post(&uri, r#"{"collection":"person","key":"none"}"#).await)
            }
            ("get", "/sources/{source}") => get_json("/sources/synth-persons").await,
            ("get", _) => get_json(&uri).await,
            (_, path) if path.starts_with("/loads") => desk(post(&uri, "").await),
            (_, "/query") => post(&uri, r#"{"from":"person"}"#).await,
            (_, path) if path.ends_with("/verify") => {
                post(&uri, r#"{"claims":[{"key":"none"}]}"#).await
            }
            (method, path) if !path.ends_with("/lookup") => {
                // This store only reads; `tests/single.rs` writes.
                let request = Request::builder().method(method.to_uppercase().as_str());
                let request = request.uri(&uri).body(Body::empty()).expect("a request");
                let (status, ..) = send(app(), request).await;
                assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {uri}");
                continue;
            }
            _ => post(&uri, r#"{"keys":["none"]}"#).await,
        };
        assert_eq!(status, StatusCode::OK, "{} {uri}: {body}", route.method);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_feature_collections() {
    let (_, headers, body) = get("/collections/person/items?sortby=-birthDate&limit=2").await;
    assert_eq!(headers["content-type"], "application/geo+json");
    let page: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(page["numberMatched"], 5);
    assert_eq!(page["numberReturned"], 2);
    let first = &page["features"][0];
    assert_eq!(first["type"], "Feature");
    assert_eq!(first["properties"]["name"], "李强");
    assert_eq!(first["geometry"]["type"], "Point");
    assert_eq!(
        (&first["validFrom"], &first["validTo"]),
        (&json!("1970-01-01"), &Value::Null)
    );
    assert!(
        first["knownFrom"]
            .as_str()
            .is_some_and(|at| at.starts_with("2023-11-14T"))
    );
    let next = page["links"][1]["href"].as_str().expect("a next page");
    let (_, second) = get_json(next).await;
    assert_eq!(second["features"][0]["properties"]["name"], "王小明");
    assert_eq!(second["numberMatched"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_narrow_the_page() {
    for (query, matched) in [
        ("sex=1", 2),
        ("sex=1,2", 4),
        ("birthDate=1990", 1),
        ("q=%E7%8E%8B", 2),
        ("bbox=116.29,39.8,116.32,40", 2),
        ("bbox=116.45,39.8,116.32,40", 3),
        ("limit=99999", 5),
        ("datetime=1969-01-01", 0),
        ("datetime=1970-01-02T00:00:00Z", 5),
        ("datetime=1969-01-01/1970-01-01", 5),
        ("datetime=../1969-12-31", 0),
        ("datetime=1969-01-01/..", 5),
        ("validAt=1969-01-01", 0),
        (
            "filter=sex%3D%271%27%20AND%20name%20LIKE%20%27%E7%8E%8B%25%27",
            1,
        ),
        (
            "filter-lang=cql2-json&filter=%7B%22op%22%3A%22isNull%22%2C%22args%22%3A%5B%7B%22property%22%3A%22location%22%7D%5D%7D",
            1,
        ),
        ("crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", 5),
    ] {
        let (status, page) = get_json(&format!("/collections/person/items?{query}")).await;
        assert_eq!(
            (status, &page["numberMatched"]),
            (StatusCode::OK, &json!(matched)),
            "{query} {page}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interval_shows_each_record_once_in_its_last_state() {
    for (datetime, names) in [
        ("1970-04-20", json!(["旧址书店"])),
        ("1970-04-20/1970-07-19", json!(["旧址书店"])),
        ("1970-04-20/1970-07-20", json!(["新址书店"])),
        ("../2020-01-01", json!(["新址书店"])),
        ("1970-07-20/", json!(["新址书店"])),
        ("1970-10-27T16:00:00Z/..", json!([])),
    ] {
        let uri = format!("/collections/place/items?datetime={datetime}");
        let (status, page) = get_json(&uri).await;
        assert_eq!(status, StatusCode::OK, "{datetime} {page}");
        let found = page["features"].as_array().expect("features").iter();
        let found: Value = found.map(|one| one["properties"]["name"].clone()).collect();
        assert_eq!(found, names, "{datetime}");
        let days = datetime.contains('/').then_some('/');
        assert_eq!(
            page["validAt"].as_str().expect("days").find('/').is_some(),
            days.is_some()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_core_of_ogc_api_features_asks_of_answers() {
    let rels = |answer: &Value| -> Vec<String> {
        let links = answer["links"].as_array().expect("links").iter();
        links
            .map(|link| link["rel"].as_str().expect("a rel").to_string())
            .collect()
    };
    let (_, landing) = get_json("/").await;
    for rel in ["self", "service-desc", "conformance", "data"] {
        assert!(rels(&landing).iter().any(|one| one == rel), "{rel}");
    }
    let (_, all) = get_json("/collections").await;
    let (_, one) = get_json("/collections/person").await;
    assert!(rels(&one).contains(&"items".to_string()));
    assert!(
        all["collections"]
            .as_array()
            .expect("a list")
            .contains(&one)
    );
    assert_eq!(
        one["extent"]["spatial"]["bbox"],
        json!([[116.3, 39.9, 116.5, 39.9]])
    );
    let (_, page) = get_json("/collections/person/items?limit=1").await;
    let mut expected = vec!["self", "next"];
    expected.extend(["alternate"; 5]);
    expected.push("collection");
    assert_eq!(rels(&page), expected);
    for link in page["links"].as_array().expect("links") {
        let request = Request::get(link["href"].as_str().expect("an address"));
        let request = request.body(Body::empty()).expect("a request");
        let response = app().oneshot(request).await.expect("an answer");
        let headers = response.headers();
        assert_eq!(
            headers["content-type"],
            link["type"].as_str().expect("a type")
        );
    }
    let written = page["timeStamp"].as_str().expect("an instant");
    assert!(written > "2024-", "when it was written: {written}");
    let id = page["features"][0]["id"].as_str().expect("an id");
    let (_, record) = get_json(&format!("/collections/person/items/{id}")).await;
    let expected = [
        "self",
        "collection",
        "alternate",
        "alternate",
        "version-history",
    ];
    assert_eq!(rels(&record), expected);
    // No record without geometry lies in a box.
    let (status, none) = get_json("/collections/household/items?bbox=116,39,117,40").await;
    assert_eq!(
        (status, &none["numberMatched"]),
        (StatusCode::OK, &json!(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn formats() {
    let (_, headers, csv) = get("/collections/person/items?f=csv&properties=name,sex").await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert!(csv.starts_with("\u{feff}id,name,sex,lon,lat\r\n"), "{csv}");
    assert!(
        csv.contains(",王芳,2,116.3,39.9\r\n") && csv.contains(",'=cmd,2,"),
        "{csv}"
    );
    let (_, headers, _) = get("/collections/person/items?f=csv&limit=1").await;
    let links = headers["link"].to_str().expect("text");
    assert!(links.contains("cursor="), "{links}");
    assert!(
        links.contains("rel=\"next\"; type=\"text/csv; charset=utf-8\""),
        "{links}"
    );
    let (_, _, lines) = get("/collections/person/items?f=ndjson").await;
    assert_eq!(lines.lines().count(), 5);
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
    let (_, series) =
        get_json("/collections/observation/items?f=series&indicator=GDP&properties=period,value")
            .await;
    assert_eq!(
        series["rows"],
        json!([["2018", 35371.5], ["2019", 35371.5], ["2020", 35371.5]])
    );
    let (status, _) = get_json("/collections/person/items?f=series").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// Address below the items of persons (or from the root), status, code, parameter.
const BAD_REQUESTS: &str = "
?lmit=5 400 unknown-parameter lmit
?limit=5&limit=6 400 bad-parameter limit
?crs=EPSG:9999 400 bad-parameter crs
?crs=GCJ-02 400 bad-parameter crs
?bbox-crs=EPSG:3857 400 bad-parameter bbox-crs
?bbox=1,2,3e7,4e7&bbox-crs=EPSG:4548 400 bad-parameter bbox
?filter-crs=EPSG:4490 400 bad-parameter filter-crs
?charset=gb18030 400 bad-parameter charset
?f=csv&charset=big5 400 bad-parameter charset
?limit=all&cursor=abc 400 bad-parameter limit
?limit=all&f=html 400 bad-parameter limit
?limit=every 400 bad-parameter limit
?f=xml 400 bad-parameter f
?sex=7 400 bad-parameter sex
?bbox=1,2 400 bad-parameter bbox
?validAt=soon 400 bad-parameter validAt
?datetime=../.. 400 bad-parameter datetime
?datetime=2020-01-02/2020-01-01 400 bad-parameter datetime
?datetime=2020-01-01T00:00:00 400 bad-parameter datetime
?datetime=2020-01-01/..&validAt=2020-01-01 400 bad-parameter datetime
?filter=sex%20%3D 400 filter-syntax filter
?filter=sex%20%3D%20NULL 400 filter-syntax filter
?filter=sex%20%3D%20%277%27 400 filter-syntax filter
?filter=name 400 filter-syntax filter
?filter=1%20%3D%20'a' 400 filter-syntax filter
?filter=frobnicate(name) 400 filter-syntax filter
?filter=s_intersects(name,POINT(1%202)) 400 filter-syntax filter
?filter=within_division(name,%271%27) 400 filter-syntax filter
?filter-lang=cql2-json&filter=%7B%22op%22%3A1%7D 400 filter-syntax filter
?filter-lang=cql2-json&filter=7 400 filter-syntax filter
?knownAt=soon 400 bad-parameter knownAt
?sortby=addressText 400 bad-parameter sortby
?sortby=score 400 bad-parameter sortby
?sortby=nothing 400 unknown-field sortby
?properties=nothing 400 unknown-field properties
?filter-lang=sql&filter=a 400 bad-parameter filter-lang
?cursor=abc 400 bad-cursor cursor
?identityNumber=110130199001010058 400 bad-parameter identityNumber
?filter=identityNumber%3D%27110130199001010058%27 400 bad-parameter identityNumber
/collections/persn/items 404 collection-not-found -
/collections/person/items/P0000000000 404 not-found -
/nowhere 404 not-found -
/search 400 bad-parameter q
/search?q= 400 bad-parameter q
/search?q=%C2%B7 400 bad-parameter q
/search?q=11010519491231002X 400 bad-parameter q
/search?q=a&collections=people 400 bad-parameter collections
/search?q=a&validAt=soon 400 bad-parameter validAt
/suggest 400 bad-parameter q
/suggest?q=11010519491231002X 400 bad-parameter q
/suggest?q=a&knownAt=soon 400 bad-parameter knownAt
/suggest?q=a&f=csv 400 unknown-parameter f
/query 405 method-not-allowed -
/conformance?f=xml 400 bad-parameter f
/conformance?g=1 400 unknown-parameter g
/collections/indicator/tiles 404 not-found -
/collections/place/tiles/WorldCRS84Quad 404 not-found -
/collections/place/tiles/WebMercatorQuad/1/2/0 404 not-found -
/collections/place/tiles/WebMercatorQuad/0/0/0?limit=5 400 unknown-parameter limit
/collections/place/tiles/CGCS2000Quad?f=tilejson 400 bad-parameter f
";

/// Three words of small letters with spaces between are no code, name or form.
fn holds_english(text: &str) -> bool {
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(3).any(|three| three.iter().all(is_word))
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_problems_that_name_the_parameter() {
    for line in BAD_REQUESTS.trim().lines() {
        let [uri, status, code, parameter] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}");
        };
        let items = "/collections/person/items";
        let uri = if uri.starts_with('?') {
            format!("{items}{uri}")
        } else {
            uri.to_string()
        };
        let (got, headers, body) = get(&uri).await;
        let problem: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(got.as_str(), status, "{uri}: {body}");
        let chinese = problem["messages"]["zh"].as_str().expect("a text");
        assert!(!holds_english(chinese), "{uri}: {chinese}");
        assert_eq!(problem["code"], code, "{uri}: {body}");
        assert_eq!(
            problem["parameter"].as_str().unwrap_or("-"),
            parameter,
            "{uri}: {body}"
        );
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(!body.contains("110130199001010058"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_checked() {
    let lookup = "/collections/person/lookup";
    let (status, found) = post(lookup, r#"{"keys":["11013019900101001X","nobody"]}"#).await;
    assert_eq!(
        (status, &found["numberMatched"]),
        (StatusCode::OK, &json!(1))
    );
    assert_eq!(found["records"][0]["properties"]["name"], "王芳");
    assert_eq!(found["records"][1], Value::Null);
    for (uri, body, code, status) in [
        (
            lookup,
            r#"{"key":["1"]}"#.to_string(),
            "unknown-parameter",
            400,
        ),
        (lookup, "[".to_string(), "bad-body", 400),
        (
            "/query",
            r#"{"from":"person","colour":1}"#.to_string(),
            "unknown-parameter",
            400,
        ),
        (
            "/query",
            r#"{"from":["person","road"]}"#.to_string(),
            "bad-parameter",
            400,
        ),
        ("/query", " ".repeat(2 << 20), "body-too-large", 413),
        (
            lookup,
            json!({ "keys": vec!["1"; 1001] }).to_string(),
            "limit-exceeded",
            400,
        ),
    ] {
        let (got, problem) = post(uri, &body).await;
        assert_eq!(
            (got.as_u16(), &problem["code"]),
            (status, &json!(code)),
            "{problem}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_unified_query_answers() {
    let (_, page) = post(
        "/query",
        r#"{"from":"person","near":{"lon":116.3,"lat":39.9,"k":2},"explain":true}"#,
    )
    .await;
    assert_eq!(page["features"][0]["distance"], 0.0);
    assert_eq!(page["explanation"]["time"]["scope"], "present");
    let (_, groups) = post(
        "/query",
        r#"{"from":"person","group":["sex"],"measures":["count"]}"#,
    )
    .await;
    assert_eq!(groups["groups"][0]["key"], json!({ "sex": "1" }));
    assert_eq!(groups["numberMatched"], 1);
    // In a body a natural key may stand.
    let (_, one) = post(
        "/query",
        r#"{"from":"person","filter":"identityNumber = '110130199001010058'"}"#,
    )
    .await;
    assert_eq!(one["numberMatched"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_with_its_history_and_sources() {
    let uri = format!(
        "/collections/person/items/{}",
        id(RegisterLetter::Person, 1)
    );
    let (_, record) = get_json(&uri).await;
    assert_eq!(record["properties"]["name"], "王芳");
    let (_, expanded) = get_json(&format!("{uri}?expand=household")).await;
    assert_eq!(
        expanded["properties"]["household"]["properties"]["householdNumber"],
        "H1"
    );
    assert_eq!(
        get_json(&format!("{uri}?validAt=1960-01-01")).await.0,
        StatusCode::NOT_FOUND
    );
    let (_, versions) = get_json(&format!("{uri}/versions")).await;
    assert_eq!(versions["versions"].as_array().map(Vec::len), Some(1));
    let (_, statements) = get_json(&format!("{uri}/statements")).await;
    assert_eq!(statements["statements"][0]["fields"]["name"], "王芳");
    assert_eq!(statements["statements"][0]["line"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn entity_tags_save_the_body() {
    let uri = "/collections/person/items?limit=1";
    let (_, headers, _) = get(uri).await;
    let tag = headers["etag"].clone();
    assert_eq!(headers["cache-control"], "no-cache");
    let again = Request::get(uri)
        .header("if-none-match", &tag)
        .body(Body::empty())
        .expect("a request");
    let (status, _, body) = send(app(), again).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let other = Request::get("/collections/person/items?limit=2").header("if-none-match", tag);
    let (status, ..) = send(app(), other.body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_speak_both_languages() {
    let request = Request::get("/collections/person/items?lmit=5")
        .header("accept-language", "zh-CN,zh;q=0.9");
    let (_, _, body) = send(app(), request.body(Body::empty()).expect("a request")).await;
    let problem: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(problem["detail"], problem["messages"]["zh"]);
    assert!(
        problem["messages"]["en"]
            .as_str()
            .is_some_and(|text| text.contains("lmit"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn time_limits_are_told() {
    let mut options = Options::default();
    options.limits.time = Duration::from_nanos(1);
    let app = router(Arc::new(Fake::city()), options);
    let request = Request::get("/collections/person/items")
        .body(Body::empty())
        .expect("a request");
    let (status, _, body) = send(app, request).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("time-limit"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_record_leads_on_at_the_same_times() {
    let (one, other) = (
        id(RegisterLetter::Person, 9).to_string(),
        id(RegisterLetter::Person, 1).to_string(),
    );
    let uri = format!("/collections/person/items/{one}?validAt=2024-03-01");
    let (status, headers, _) = get(&uri).await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    let expected = format!("/collections/person/items/{other}?validAt=2024-03-01");
    assert_eq!(headers["location"].to_str().expect("a place"), expected);
    let (status, _, _) = get(&format!("{uri}&expand=household")).await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_and_doubts_are_answered_with_the_field() {
    let (_, page) = get_json("/collections/person/conflicts?field=maritalStatus").await;
    assert_eq!(page["numberMatched"], 1, "{page}");
    let conflict = &page["conflicts"][0];
    assert_eq!(conflict["responsible"], "civil-affairs");
    assert_eq!(conflict["value"], Value::Null);
    assert_eq!(conflict["competing"][0]["value"], "20");
    assert_eq!(
        conflict["competing"][0]["departmentLabel"]["en"],
        "Health Commission"
    );
    let (_, none) = get_json("/collections/person/conflicts?field=sex").await;
    assert_eq!(none["numberMatched"], 0, "{none}");
    let (status, _) = get_json("/collections/person/conflicts?field=height").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);

    let items = "/collections/person/items?name=%E8%B5%B5%E4%BA%91";
    let (_, all) = get_json(items).await;
    assert_eq!(all["features"][0]["disputes"]["name"]["state"], "raised");
    let (_, some) = get_json(&format!("{items}&properties=sex")).await;
    assert!(some["features"][0].get("disputes").is_none(), "{some}");
    assert!(some["features"][0].get("conflicts").is_none(), "{some}");

    let (_, answers) = get_json("/responsibility").await;
    let all = answers["responsibility"].as_array().expect("a list");
    let person = all.iter().find(|one| one["collection"] == "person");
    let person = person.expect("persons");
    assert_eq!(person["department"], "public-security");
    assert_eq!(person["overdue"], true, "last in 2023: {person}");
    assert_eq!(person["fields"][0]["field"], "maritalStatus");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_whole() {
    let (_, api) = get_json("/api").await;
    assert_eq!(api["openapi"], "3.1.0");
    let mut ids = std::collections::BTreeSet::new();
    for route in TABLE {
        let operation = &api["paths"][route.path][route.method];
        assert!(
            ids.insert(
                operation["operationId"]
                    .as_str()
                    .expect("an id")
                    .to_string()
            )
        );
    }
    // Every reference inside leads somewhere.
    let text = api.to_string();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().expect("a pointer");
        assert!(api.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_a_page_and_metrics_count() {
    let app = app();
    let html = Request::get("/")
        .header("accept", "text/html")
        .body(Body::empty())
        .expect("a request");
    let (_, headers, page) = send(app.clone(), html).await;
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert!(page.contains("自然人"));
    let request = Request::get("/metrics")
        .body(Body::empty())
        .expect("a request");
    let (_, _, metrics) = send(app, request).await;
    assert!(
        metrics.contains("jiku_requests_total{route=\"/\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("jiku_records{collection=\"person\"} 5"));
    assert!(metrics.contains("jiku_disk_bytes{part=\"index\"} 20"));
}

#[tokio::test(flavor = "multi_thread")]
async fn serving_ends_in_good_order() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(crate::serve(
        Arc::new(Fake::city()),
        listener,
        Options::default(),
        shutdown,
    ));
    stop.send(()).expect("serving");
    serving.await.expect("no panic").expect("good order");
}

#[test]
fn only_loopback_is_listened_on() {
    let plain = crate::Transport::default();
    let check = |text: &str| check_listen(text.parse().expect("an address"), &plain).is_ok();
    assert!(check("127.0.0.1:8080") && check("[::1]:8080"));
    assert!(!check("0.0.0.0:8080") && !check("192.168.1.2:80") && !check("[::]:80"));
}
