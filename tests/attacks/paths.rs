//! Addresses and parameters bent so that two readers may understand them differently.

use super::{raw, target};
use crate::served::Served;

/// Nothing of these is answered with data: neither a file, nor a route under another name.
const TARGETS: [&str; 24] = [
    "/collections/person/../organization/items",
    "/collections/person/%2e%2e/organization/items",
    "/collections/person/..%2forganization/items",
    "/collections/person%2fitems",
    "/collections/person%00/items",
    "/collections/person/items%00.json",
    "/collections/person;v=1/items",
    "/collections/person/items;limit=1",
    "/collections/person/items/",
    "/collections//items",
    "//collections/person/items",
    "/./collections/person/items",
    "/COLLECTIONS/person/items",
    "/collections/PERSON/items",
    "/collections/person%20/items",
    "/collections/%ef%bd%90erson/items",
    "/collections/%c0%ae%c0%ae/items",
    "/collections/%ff/items",
    "/collections/%/items",
    "/collections\\person\\items",
    "/console/../metrics",
    "/console/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/console/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/loads/..%2f..%2fjiku.json/report",
];

#[test]
fn bent_addresses_lead_nowhere() {
    let address = Served::shared().address;
    for path in TARGETS {
        let (status, answer) = raw(address, &target("GET", path, ""));
        assert!(
            (400..500).contains(&status) || status == 501,
            "{path} {answer}"
        );
        for secret in ["root:", "identityNumber\":", "jiku_requests"] {
            assert!(!answer.contains(secret), "{path} {answer}");
        }
    }
}

#[test]
fn parameters_mean_one_thing_or_are_refused() {
    let address = Served::shared().address;
    for query in [
        "limit=1&limit=2",
        "limit=1&%6cimit=2",
        "limit[]=1",
        "limit%00=1",
        "LIMIT=1",
        "limit=1%00",
        "limit=-1",
        "limit=1e3",
        "limit=0x10",
        "limit=１",
        "limit=99999999999999999999",
        "filter=sex='1'&filter=sex='2'",
        "sex=1&sex=2",
        "f=json&f=csv",
        "f=../../etc/passwd",
        "role=administrator",
        "department=health",
        "purpose=statistics",
        "as=administrator",
        "validAt=2024-01-01%27%20OR%20%271%27=%271",
    ] {
        let path = format!("/collections/person/items?{query}");
        let (status, answer) = raw(address, &target("GET", &encoded(&path), ""));
        assert_eq!(status, 400, "{query} {answer}");
        assert!(
            answer.contains("application/problem+json"),
            "{query} {answer}"
        );
    }
}

/// Characters that no target may hold, as percent signs and hexadecimal digits.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic();
    let each = path.bytes();
    each.map(|byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    })
    .collect()
}

#[test]
fn no_header_makes_another_request_of_one() {
    let served = Served::shared();
    let (_, page) = served.get("/collections/person/items?limit=1");
    let page: serde_json::Value = serde_json::from_str(&page).expect("JSON");
    let id = page["features"][0]["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let path = format!("/collections/person/items/{id}");
    for headers in [
        "X-HTTP-Method-Override: DELETE\r\n",
        "X-HTTP-Method: DELETE\r\n",
        "X-Method-Override: DELETE\r\n",
        "X-Original-URL: /metrics\r\n",
        "X-Rewrite-URL: /metrics\r\n",
        "X-Forwarded-Prefix: /admin\r\n",
        "Forwarded: host=evil.example\r\n",
        "X-Forwarded-Host: evil.example\r\n",
    ] {
        let (status, answer) = raw(served.address, &target("GET", &path, headers));
        assert_eq!(status, 200, "{headers} {answer}");
        assert!(
            answer.contains(&id) && !answer.contains("evil.example"),
            "{headers} {answer}"
        );
    }
    for method in ["TRACE", "CONNECT", "DEBUG", "PROPFIND"] {
        let (status, answer) = raw(served.address, &target(method, &path, ""));
        // Some are refused before there is a request to answer.
        assert!(
            status == 0 || (400..500).contains(&status),
            "{method} {answer}"
        );
        assert!(!answer.contains("identityNumber"), "{method} {answer}");
    }
    assert_eq!(served.get(&path).0, 200);
}
