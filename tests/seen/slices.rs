//! Examples of what a role sees, over the synthetic city.

use std::sync::{Arc, OnceLock};

use access::Form;
use access::grant::{Grant, GrantRows, Grantee, Grants};
use access::{Caller, Verb};
use record::Day;
use serde_json::{Value, json};

use super::stage::{Answer, Stage, Steady, escaped};
use crate::served;

/// The city, its guarded router, and keys by role.
pub struct City {
    pub stage: Stage,
    pub store: Arc<Steady<register::Embedded>>,
    _folder: tempfile::TempDir,
}

/// The district of the clerks of these tests.
pub const DISTRICT: &str = "110108";
/// What clerks and analysts say that they ask for.
pub const PURPOSE: [(&str, &str); 2] = [("jiku-purpose", "emergency"), ("jiku-case", "2026-0001")];

/// One grant, for one department.
struct One;

impl Grants for One {
    fn in_force(&self, caller: &Caller, day: Day) -> Vec<Grant> {
        let grant = Grant {
            id: "G1".to_string(),
            to: Grantee::Department("civil-affairs".to_string()),
            collection: "person".to_string(),
            fields: [
                ("name".to_string(), Form::Full),
                ("deathDate".to_string(), Form::Full),
            ]
            .into(),
            verbs: [Verb::Read].into(),
            rows: GrantRows::default(),
            purposes: ["planning".to_string()].into(),
            from: Day(0),
            until: Day(i32::MAX),
            quota: None,
            columns: Vec::new(),
        };
        Some(grant)
            .filter(|grant| grant.holds(caller, day))
            .into_iter()
            .collect()
    }

    fn version(&self) -> u64 {
        1
    }
}

pub fn city() -> &'static City {
    static CITY: OnceLock<City> = OnceLock::new();
    CITY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(Steady::new(served::loaded(folder.path(), 300, 5)));
        let keys = folder.path().join("keys");
        std::fs::create_dir(&keys).expect("a folder");
        let stage = Stage::granting(&keys, store.clone(), Arc::new(One));
        City {
            stage,
            store,
            _folder: folder,
        }
    })
}

impl City {
    pub fn key(&self, name: &str, role: &str) -> String {
        let more = json!({ "division": DISTRICT, "department": "public-security" });
        self.stage.caller(name, &[role], more)
    }

    fn get(&self, key: &str, path: &str) -> Answer {
        self.stage.send(key, "GET", path, &PURPOSE, "")
    }

    fn post(&self, key: &str, path: &str, body: Value) -> Answer {
        self.stage
            .send(key, "POST", path, &PURPOSE, &body.to_string())
    }

    /// A person within the district, and one outside: their ids and identity numbers.
    fn two(&self, key: &str) -> [(String, String); 2] {
        let of = |filter: &str| {
            let path = format!(
                "/collections/person/items?limit=1&filter={}",
                escaped(filter)
            );
            let answer = self.stage.send(key, "GET", &path, &[], "");
            let found = answer.json();
            let one = &found["features"][0];
            let text = |value: &Value| value.as_str().expect("a text").to_string();
            (text(&one["id"]), text(&one["properties"]["identityNumber"]))
        };
        let within = format!("within_division(division,'{DISTRICT}')");
        [of(&within), of(&format!("NOT {within}"))]
    }
}

#[test]
fn a_clerk_sees_its_district_and_numbers_in_part() {
    let city = city();
    let (clerk, administrator) = (
        city.key("slice-clerk", "district-clerk"),
        city.key("slice-admin", "administrator"),
    );
    let [inside, outside] = city.two(&administrator);

    let found = city.get(&clerk, &format!("/collections/person/items/{}", inside.0));
    assert_eq!(found.status, 200, "{}", found.text());
    let shown = found.json()["properties"]["identityNumber"].clone();
    let number = &inside.1;
    let masked = format!("{}********{}", &number[..6], &number[14..]);
    assert_eq!(shown, json!(masked));
    assert_eq!(found.json()["properties"]["education"], Value::Null);

    // What lies outside is what never was.
    let other = city.get(&clerk, &format!("/collections/person/items/{}", outside.0));
    let never = city.get(&clerk, "/collections/person/items/P0000ZZZZ9");
    assert_eq!((other.status, never.status), (404, 404));
    let body = |answer: &Answer, id: &str| answer.text().replace(id, "ID");
    assert_eq!(body(&other, &outside.0), body(&never, "P0000ZZZZ9"));
    for below in ["versions", "statements"] {
        let path = format!("/collections/person/items/{}/{below}", outside.0);
        assert_eq!(city.get(&clerk, &path).status, 404, "{below}");
    }

    // By its number a record can be looked up, of its own district.
    let keys = json!({ "keys": [inside.1, outside.1] });
    let looked = city.post(&clerk, "/collections/person/lookup", keys).json();
    assert_eq!(looked["records"][0]["id"], json!(inside.0));
    assert_eq!(
        looked["records"][0]["properties"]["identityNumber"],
        json!(masked)
    );
    assert_eq!(looked["records"][1], Value::Null);
    assert!(
        !looked.to_string().contains(&inside.1),
        "the number is shown in part everywhere"
    );

    // Nothing can be asked by it.
    for query in [
        format!(
            "filter={}",
            escaped(&format!("identityNumber LIKE '{}%'", &number[..8]))
        ),
        "sortby=identityNumber".to_string(),
    ] {
        let refused = city.get(&clerk, &format!("/collections/person/items?{query}"));
        assert_eq!(refused.status, 400, "{query}: {}", refused.text());
    }
    let all = city
        .get(&clerk, "/collections/person/items?limit=10000")
        .json();
    let count = city.get(
        &administrator,
        &format!(
            "/collections/person/items?limit=0&filter={}",
            escaped(&format!("within_division(division,'{DISTRICT}')"))
        ),
    );
    assert_eq!(all["numberMatched"], count.json()["numberMatched"]);
    assert!(all["numberMatched"].as_u64().is_some_and(|n| n > 0));
}

#[test]
fn a_purpose_is_demanded_and_known() {
    let city = city();
    let clerk = city.key("purpose-clerk", "district-clerk");
    let ask = |headers: &[(&str, &str)]| {
        let answer = city.stage.send(
            &clerk,
            "GET",
            "/collections/person/items?limit=1",
            headers,
            "",
        );
        (
            answer.status,
            answer.json()["code"].as_str().unwrap_or("").to_string(),
        )
    };
    let code = |code: &str| (403, code.to_string());
    assert_eq!(ask(&[]), code("purpose-required"));
    assert_eq!(
        ask(&[("jiku-purpose", "curiosity")]),
        code("purpose-unknown")
    );
    assert_eq!(
        ask(&[("jiku-purpose", "planning")]),
        code("purpose-unknown")
    );
    assert_eq!(
        ask(&[("jiku-purpose", "public-service")]),
        code("case-required")
    );
    assert_eq!(
        ask(&[("jiku-purpose", "public-service"), ("jiku-case", "x")]),
        code("case-required")
    );
    let case = [
        ("jiku-purpose", "public-service"),
        ("jiku-case", "京海政服〔2026〕12号"),
    ];
    assert_eq!(ask(&case).0, 200);
    let exchange = [
        ("jiku-purpose", "public-service"),
        ("x-road-issue", "2026-0012"),
    ];
    assert_eq!(ask(&exchange).0, 200);
    assert_eq!(
        ask(&[
            ("jiku-purpose", "emergency"),
            ("jiku-role", "administrator")
        ]),
        code("not-permitted")
    );
    // What there is can be read without one.
    let answer = city.stage.send(&clerk, "GET", "/collections", &[], "");
    assert_eq!(answer.status, 200);
}

#[test]
fn an_analyst_sees_nobody() {
    let city = city();
    let analyst = city.key("slice-analyst", "analyst");
    let one = city
        .get(&analyst, "/collections/person/items?limit=1")
        .json()["features"][0]
        .clone();
    assert_eq!(one["geometry"], Value::Null);
    let properties = one["properties"].as_object().expect("properties");
    for gone in ["name", "identityNumber", "currentAddress", "household"] {
        assert!(!properties.contains_key(gone), "{gone}");
    }
    assert_eq!(properties["birthDate"].as_str().map(str::len), Some(4));
    assert!(
        properties["location"]
            .as_str()
            .is_some_and(|place| place.contains(','))
    );
    let found = city.get(&analyst, "/search?q=%E7%8E%8B%E4%BC%9F").json();
    let counts = found["counts"].to_string();
    assert!(
        found["hits"]
            .as_array()
            .is_none_or(|hits| hits.iter().all(|hit| hit["collection"] != "person")),
        "{counts}"
    );
    // A field that is hidden is one that there is not.
    let ask = |name: &str| {
        let filter = escaped(&format!("{name} = '王伟'"));
        let answer = city.get(
            &analyst,
            &format!("/collections/person/items?filter={filter}"),
        );
        (answer.status, answer.json()["code"].clone())
    };
    assert_eq!(ask("name"), ask("nome"));
}

#[test]
fn a_statistician_sees_no_record_and_an_auditor_none_at_all() {
    let city = city();
    let statistician = city
        .stage
        .caller("slice-statistics", &["statistics"], json!({}));
    let purpose = [("jiku-purpose", "statistics")];
    let query = |body: Value| {
        city.stage
            .send(&statistician, "POST", "/query", &purpose, &body.to_string())
    };
    let records = query(json!({ "from": "person", "limit": 3 }));
    assert_eq!(
        (records.status, &records.json()["code"]),
        (403, &json!("not-permitted"))
    );
    let groups = query(json!({ "from": "person", "group": ["sex"], "measures": ["count"] }));
    assert_eq!(groups.status, 200, "{}", groups.text());
    let groups =
        query(json!({ "from": "person", "group": ["birthDate"], "measures": ["count"] })).json();
    let counts = groups["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|one| one["count"].as_u64());
    assert!(
        counts.into_iter().all(|count| count >= Some(10)),
        "{groups}"
    );
    let direct = city.stage.send(
        &statistician,
        "GET",
        "/collections/person/items",
        &purpose,
        "",
    );
    assert_eq!(direct.status, 403);
    let auditor = city.key("slice-auditor", "auditor");
    assert_eq!(city.get(&auditor, "/collections/person/items").status, 403);
}

#[test]
fn a_grant_is_obeyed_for_its_purpose() {
    let city = city();
    let more = json!({ "department": "civil-affairs" });
    let analyst = city.stage.caller("granted-analyst", &["analyst"], more);
    let name = |purpose: &str| {
        let headers = [("jiku-purpose", purpose)];
        let answer = city.stage.send(
            &analyst,
            "GET",
            "/collections/person/items?limit=1",
            &headers,
            "",
        );
        answer.json()["features"][0]["properties"]["name"].clone()
    };
    assert_eq!(name("statistics"), Value::Null);
    assert!(name("planning").is_string());
}

#[test]
fn tiles_and_tags_belong_to_whoever_sees_the_same() {
    let city = city();
    let (clerk, administrator) = (
        city.key("tile-clerk", "district-clerk"),
        city.key("tile-admin", "administrator"),
    );
    let path = "/collections/person/tiles/WebMercatorQuad/0/0/0";
    let (whole, own) = (city.get(&administrator, path), city.get(&clerk, path));
    assert_eq!((whole.status, own.status), (200, 200));
    assert_ne!(whole.body, own.body);
    assert_eq!(city.get(&administrator, path).body, whole.body);
    let items = "/collections/person/items?limit=1";
    let tag = city.get(&administrator, items).headers["etag"].clone();
    let headers = [PURPOSE[0], PURPOSE[1], ("if-none-match", tag.as_str())];
    assert_eq!(
        city.stage
            .send(&administrator, "GET", items, &headers, "")
            .status,
        304
    );
    assert_eq!(
        city.stage.send(&clerk, "GET", items, &headers, "").status,
        200
    );
}
