//! Forms, systems of coordinates, whole answers, tiles, and what caches need.

use axum::http::header;
use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};

use super::*;

const PERSONS: &str = "/collections/person/items";

async fn bytes(request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let response = app().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    (parts.status, parts.headers, bytes.to_vec())
}

fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("a request")
}

async fn accepted(uri: &str, accept: &str) -> (HeaderMap, String) {
    let (status, headers, bytes) = bytes(request("GET", uri, &[("accept", accept)])).await;
    assert_eq!(status, StatusCode::OK, "{uri}");
    (headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_what_all_pages_hold() {
    let (_, headers, body) = get(&format!("{PERSONS}?limit=all")).await;
    assert_eq!(headers["content-type"], "application/geo+json");
    assert!(
        headers["link"]
            .to_str()
            .expect("text")
            .contains("rel=\"self\"")
    );
    let whole: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        (&whole["numberMatched"], &whole["numberReturned"]),
        (&json!(5), &json!(5))
    );
    let (_, page) = get_json(&format!("{PERSONS}?limit=100")).await;
    let ids = |page: &Value| -> Vec<String> {
        let all = page["features"].as_array().expect("features").iter();
        all.map(|one| one["id"].to_string()).collect()
    };
    assert_eq!(ids(&whole), ids(&page));
    let (_, sorted) = get_json(&format!("{PERSONS}?limit=all&sortby=-birthDate")).await;
    assert_eq!(sorted["features"][0]["properties"]["name"], "李强");
    let (_, none) = get_json(&format!("{PERSONS}?limit=all&sex=9")).await;
    assert_eq!(
        (&none["features"], &none["numberReturned"]),
        (&json!([]), &json!(0))
    );
    let (_, plain) = get_json(&format!("{PERSONS}?f=json&limit=1")).await;
    assert_eq!(plain["items"][0]["name"], "王芳");
    assert_eq!(plain["items"][0]["geometry"]["type"], "Point");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_speak_the_encoding_asked_for() {
    let uri = format!("{PERSONS}?f=csv&charset=gb18030&properties=name");
    let (_, headers, bytes) = bytes(request("GET", &uri, &[])).await;
    assert_eq!(headers["content-type"], "text/csv; charset=gb18030");
    assert!(
        headers[header::CONTENT_DISPOSITION]
            .to_str()
            .expect("text")
            .contains("person.csv")
    );
    let (text, _, is_wrong) = encoding_rs::GB18030.decode(&bytes);
    assert!(
        !is_wrong && text.starts_with("id,name,lon,lat\r\n") && text.contains(",王芳,116.3,39.9"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn flatgeobuf_is_read_back() {
    let (_, headers, bytes) = bytes(request("GET", &format!("{PERSONS}?f=fgb"), &[])).await;
    assert_eq!(headers["content-type"], "application/flatgeobuf");
    let mut file = std::io::Cursor::new(bytes);
    let reader = FgbReader::open(&mut file).expect("a file");
    assert_eq!(reader.header().features_count(), 5);
    assert_eq!(reader.header().crs().map(|crs| crs.code()), Some(4490));
    let mut features = reader.select_all_seq().expect("features");
    let mut names = Vec::new();
    let mut places = 0;
    while let Some(feature) = features.next().expect("a feature") {
        names.push(feature.property::<String>("name").expect("a name"));
        places += usize::from(feature.geometry().is_some());
    }
    assert_eq!((names.len(), names[0].as_str(), places), (5, "王芳", 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn coordinates_stand_in_the_order_of_their_system() {
    for (crs, first, second) in [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 116.3, 39.9),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", 39.9, 116.3),
        ("EPSG:4326", 39.9, 116.3),
        ("EPSG:3857", 12_946_456.786, 4_851_421.052),
    ] {
        let (_, headers, body) = get(&format!("{PERSONS}?limit=1&crs={crs}")).await;
        let page: Value = serde_json::from_str(&body).expect("JSON");
        let place = &page["features"][0]["geometry"]["coordinates"];
        let near = |place: &Value, expected: f64| {
            (place.as_f64().expect("a number") - expected).abs() < 1.0
        };
        assert!(
            near(&place[0], first) && near(&place[1], second),
            "{crs} {place}"
        );
        let said = headers["content-crs"].to_str().expect("text");
        assert!(
            said.starts_with("<http://www.opengis.net/def/crs/"),
            "{said}"
        );
    }
    // 117° E is the meridian of EPSG:4548: a place in the west of it is below 500 km.
    let (_, page) = get_json(&format!("{PERSONS}?limit=1&crs=EPSG:4548")).await;
    let place = &page["features"][0]["geometry"]["coordinates"];
    let (north, east) = (
        place[0].as_f64().expect("north"),
        place[1].as_f64().expect("east"),
    );
    assert!(
        (4.4e6..4.5e6).contains(&north) && (4.3e5..4.5e5).contains(&east),
        "{place}"
    );
    for (bbox, crs, matched) in [
        ("39.8,116.29,40,116.32".to_string(), "EPSG:4490", 2),
        (
            format!(
                "{},{},{},{}",
                north - 5.0,
                east - 5.0,
                north + 5.0,
                east + 5.0
            ),
            "EPSG:4548",
            1,
        ),
        (
            "12946000,4851000,12947000,4852000".to_string(),
            "EPSG:3857",
            1,
        ),
    ] {
        let (_, page) = get_json(&format!("{PERSONS}?bbox={bbox}&bbox-crs={crs}")).await;
        assert_eq!(page["numberMatched"], matched, "{crs} {page}");
    }
    // A zone in the far west does not reach Beijing: refused, by a page and before a whole answer begins.
    for more in ["limit=1", "limit=all"] {
        let (status, problem) = get_json(&format!("{PERSONS}?{more}&crs=EPSG:4534")).await;
        assert_eq!(
            (status, &problem["parameter"]),
            (StatusCode::BAD_REQUEST, &json!("crs"))
        );
    }
    let id = id(RegisterLetter::Person, 1);
    let (_, record) = get_json(&format!("{PERSONS}/{id}?crs=EPSG:4490")).await;
    assert_eq!(record["geometry"]["coordinates"], json!([39.9, 116.3]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_reads_what_programs_read() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let id = id(RegisterLetter::Person, 1).to_string();
    for (uri, shown) in [
        ("/".to_string(), "自然人"),
        ("/conformance".to_string(), "ogcapi-features-1"),
        ("/api".to_string(), "/collections/{collection}/items"),
        ("/collections".to_string(), "自然人"),
        ("/collections/person".to_string(), "birthDate"),
        ("/collections/person/queryables".to_string(), "birthDate"),
        ("/collections/person/schema".to_string(), "birthDate"),
        (PERSONS.to_string(), "王芳"),
        (format!("{PERSONS}/{id}"), "王芳"),
        ("/collections/place/tiles".to_string(), "CGCS2000Quad"),
        ("/tileMatrixSets/CGCS2000Quad".to_string(), "0.703125"),
    ] {
        let (headers, page) = accepted(&uri, browser).await;
        assert_eq!(headers["content-type"], "text/html; charset=utf-8", "{uri}");
        assert!(page.contains(shown), "{uri} {page}");
        assert!(
            !page.contains("<script") && page.contains("</html>"),
            "{uri}"
        );
        assert!(
            headers["content-security-policy"]
                .to_str()
                .expect("text")
                .contains("'none'")
        );
        let (headers, _) = accepted(&uri, "application/json").await;
        assert!(
            headers["content-type"]
                .to_str()
                .expect("text")
                .contains("json"),
            "{uri}"
        );
    }
    let (_, page) = accepted(PERSONS, browser).await;
    assert!(page.contains("=cmd") && page.contains("›</a></p>") == page.contains("rel=\"next\""));
    let (headers, _) = accepted("/api", "application/vnd.oai.openapi+json;version=3.0").await;
    assert_eq!(
        headers["content-type"],
        "application/vnd.oai.openapi+json;version=3.0"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn caches_are_told_when_it_changed() {
    let (_, headers, _) = get(&format!("{PERSONS}?limit=1")).await;
    let changed = headers[header::LAST_MODIFIED]
        .to_str()
        .expect("text")
        .to_string();
    assert!(changed.ends_with(" GMT"), "{changed}");
    let uri = format!("{PERSONS}?limit=2");
    let (status, ..) = bytes(request("GET", &uri, &[("if-modified-since", &changed)])).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    let before = "Tue, 14 Nov 2000 00:00:00 GMT";
    let (status, ..) = bytes(request("GET", &uri, &[("if-modified-since", before)])).await;
    assert_eq!(status, StatusCode::OK);
    // A tag says more than a date.
    let both = [
        ("if-modified-since", changed.as_str()),
        ("if-none-match", "\"other\""),
    ];
    let (status, ..) = bytes(request("GET", &uri, &both)).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_says_what_it_takes() {
    let id = id(RegisterLetter::Person, 1);
    for (uri, methods) in [
        (PERSONS.to_string(), vec!["GET", "POST"]),
        (
            format!("{PERSONS}/{id}"),
            vec!["GET", "PUT", "PATCH", "DELETE"],
        ),
        ("/query".to_string(), vec!["POST"]),
    ] {
        let (status, headers, _) = bytes(request("OPTIONS", &uri, &[])).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        let allow = headers[header::ALLOW].to_str().expect("text");
        for method in methods {
            assert!(allow.contains(method), "{uri} {allow}");
        }
    }
    let (status, ..) = bytes(request("OPTIONS", "/nowhere", &[])).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_show_what_is_there() {
    use tiles::encoding::TileMessage;
    let uri = "/collections/person/tiles/CGCS2000Quad/0/0/1";
    let (_, headers, tile) = bytes(request("GET", uri, &[])).await;
    assert_eq!(
        headers["content-type"],
        "application/vnd.mapbox-vector-tile"
    );
    assert!(headers.contains_key(header::ETAG));
    let tile = <TileMessage as prost::Message>::decode(tile.as_slice()).expect("a tile");
    assert_eq!(
        (tile.layers[0].name.as_str(), tile.layers[0].features.len()),
        ("person", 4)
    );
    for (more, expected) in [("?sex=2", 2), ("?filter=sex%3D%271%27", 2)] {
        let (_, _, tile) = bytes(request("GET", &format!("{uri}{more}"), &[])).await;
        let tile = <TileMessage as prost::Message>::decode(tile.as_slice()).expect("a tile");
        assert_eq!(tile.layers[0].features.len(), expected, "{more}");
    }
    for nothing in [
        format!("{uri}?validAt=1960-01-01"),
        uri.replace("0/0/1", "0/0/0"),
    ] {
        let (status, _, body) = bytes(request("GET", &nothing, &[])).await;
        assert_eq!(
            (status, body.len()),
            (StatusCode::NO_CONTENT, 0),
            "{nothing}"
        );
    }
    let tag = headers[header::ETAG].to_str().expect("text");
    let (status, ..) = bytes(request("GET", uri, &[("if-none-match", tag)])).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_tables_and_maps() {
    let body = r#"{"from":"person","group":["sex"],"measures":["count"]}"#;
    let post = |uri: &str| {
        let request = Request::post(uri).body(Body::from(body));
        request.expect("a request")
    };
    let (_, headers, table) = bytes(post("/query?f=csv")).await;
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    let table = String::from_utf8(table).expect("UTF-8");
    assert!(table.starts_with("\u{feff}sex,count\r\n1,"), "{table}");
    // A map needs places.
    let (status, _, problem) = bytes(post("/query?f=geojson")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{problem:?}");
    let (status, ..) = bytes(post("/query?f=fgb")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}
