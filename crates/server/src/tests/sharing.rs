//! The catalogue and open data over a small store, in all their forms.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_in_its_forms() {
    let (status, catalog) = get_json("/catalog").await;
    assert_eq!(status, StatusCode::OK);
    let all = catalog["resources"].as_array().expect("resources");
    assert_eq!(all.len(), crate::fake::catalog().collections.len());
    let (_, person) = get_json("/catalog/resources/JK-RK-01").await;
    assert_eq!(person["collection"], "person");
    assert_eq!(person["terms"]["sharing"]["id"], "conditional");
    assert_eq!(person["provider"]["id"], "public-security");
    assert_eq!(person["open"], "counts");
    assert_eq!(
        get("/catalog/resources/nothing").await.0,
        StatusCode::NOT_FOUND
    );
    for (form, kind, part) in [
        ("ttl", "text/turtle; charset=utf-8", "dcat:Catalog"),
        ("jsonld", "application/ld+json", "\"@graph\""),
        ("html", "text/html; charset=utf-8", "JK-RK-01"),
    ] {
        let (status, headers, body) = get(&format!("/catalog?f={form}")).await;
        assert_eq!(
            (status, headers["content-type"].as_bytes()),
            (StatusCode::OK, kind.as_bytes())
        );
        assert!(body.contains(part), "{form}: {body:.300}");
    }
    for path in [
        "/catalog/responsibility",
        "/catalog/databases",
        "/catalog/sharing",
    ] {
        let (status, _, page) = get(&format!("{path}?f=html")).await;
        assert!(
            status == StatusCode::OK && page.starts_with("<!doctype html>"),
            "{path}"
        );
    }
    let (_, databases) = get_json("/catalog/databases").await;
    assert_eq!(databases["databases"][0]["register"], "person");
    let (status, problem) = get_json("/catalog?what=1").await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::BAD_REQUEST, &json!("unknown-parameter"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn open_records_hold_the_open_fields_and_nothing_else() {
    let (status, headers, text) = get("/open/divisions?f=csv").await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert!(
        text.starts_with("\u{feff}id,code,name,level,parent\r\n"),
        "{text}"
    );
    let (_, whole) = get_json("/open/divisions?limit=100").await;
    let total = whole["numberMatched"].as_u64().expect("a number");
    assert_eq!(text.lines().count() as u64, total + 1);
    let (_, first) = get_json("/open/divisions?limit=1").await;
    assert_eq!(first["numberReturned"], 1, "{first} of {whole}");
    let members = first["records"][0].as_object().expect("a record");
    assert!(
        members
            .keys()
            .all(|name| ["id", "code", "name", "level", "parent"].contains(&name.as_str()))
    );
    let (status, problem) = get_json("/open/divisions?cursor=nonsense").await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::BAD_REQUEST, &json!("bad-cursor"))
    );
    let (status, _) = get_json("/open/divisions?edition=2026").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (_, lines) = get_json("/open/divisions?f=html").await;
    assert_eq!(lines, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_counts_are_withheld_where_they_are_small() {
    let (status, table) = get_json("/open/population-by-district-and-sex").await;
    assert_eq!(status, StatusCode::OK, "{table}");
    let rows = table["rows"].as_array().expect("rows");
    // Five persons in all.
    assert!(rows.iter().all(|row| row["count"].is_null()), "{table}");
    let (_, _, text) = get("/open/population-by-district-and-sex?f=csv").await;
    assert!(
        text.starts_with("\u{feff}division:county,sex,count,status\r\n"),
        "{text}"
    );
    assert!(text.contains("_T,_T,,C\r\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_of_a_server_that_nobody_guards_takes_the_department_by_its_header() {
    let app = app();
    let call = |method: &str, uri: &str, department: &str, body: Value| {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("Jiku-Department", department);
        send(
            app.clone(),
            request
                .body(Body::from(body.to_string()))
                .expect("a request"),
        )
    };
    let wish = json!({
        "collection": "road", "fields": { "name": "full" }, "modes": ["file"], "purpose": "planning",
        "legalBasis": "城乡规划法", "reason": "路网分析", "days": 7,
    });
    let (status, headers, _) = call("POST", "/requests", "housing", wish).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = headers["location"]
        .to_str()
        .expect("an address")
        .to_string();
    let (status, _, _) = call("GET", &path, "education", json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _, body) = call("GET", &path, "nobody", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    for form in ["json", "html"] {
        for uri in [path.as_str(), "/requests", "/requests/board"] {
            let (status, ..) = call("GET", &format!("{uri}?f={form}"), "housing", json!({})).await;
            assert_eq!(status, StatusCode::OK, "{uri} {form}");
        }
    }
    let (_, _, metrics) = send(
        app.clone(),
        Request::get("/metrics")
            .body(Body::empty())
            .expect("a request"),
    )
    .await;
    assert!(metrics.contains("jiku_sharing_overdue 0"), "{metrics}");
}
