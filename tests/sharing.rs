//! Departments ask one another, over HTTP and through the guard: what is granted is seen, and no longer than
//! it is granted; what is objected to is marked on the record; the public gets what is open.

use serde_json::{Value, json};
use ureq::http::Request;

use crate::callers::stage::{Stage, agent, answer, make};

/// A stage with a person and an organization on record, and callers of four departments.
struct City {
    stage: Stage,
    /// Keys: an analyst of the tax office, stewards of public security and of the data administration, an
    /// analyst of the health commission.
    taxation: String,
    police: String,
    supervisor: String,
    health: String,
    person: String,
}

impl City {
    fn new() -> City {
        let stage = Stage::new();
        let caller = |name: &str, role: &str, department: &str| {
            let said = json!({ "name": name, "roles": [role], "department": department });
            make(&stage.register, said)
        };
        let mut city = City {
            taxation: caller("tax", "analyst", "taxation"),
            police: caller("police", "steward", "public-security"),
            supervisor: caller("data", "steward", "big-data"),
            health: caller("health", "analyst", "health"),
            person: String::new(),
            stage,
        };
        let body = json!({
            "type": "Feature", "geometry": null,
            "properties": { "identityNumber": "110130199001010017", "name": "王小明", "sex": "1", "birthDate": "1990-01-01" },
        });
        let (status, created) = city.post(&city.police, "/collections/person/items", &body);
        assert_eq!(status, 201, "{created}");
        city.person = created["id"].as_str().expect("an id").to_string();
        city
    }

    fn call(&self, method: &str, key: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.stage.address))
            .header("authorization", format!("Bearer {key}"))
            .header(
                "jiku-purpose",
                if key == self.taxation || key == self.health {
                    "planning"
                } else {
                    "data-quality"
                },
            );
        let (status, _, body) = match body {
            Some(body) => answer(agent().run(request.body(body.to_string()).expect("a request"))),
            None => answer(agent().run(request.body(()).expect("a request"))),
        };
        (status, body)
    }

    fn get(&self, key: &str, path: &str) -> (u16, Value) {
        self.call("GET", key, path, None)
    }

    fn post(&self, key: &str, path: &str, body: &Value) -> (u16, Value) {
        self.call("POST", key, path, Some(body))
    }

    /// What the tax office sees of the person.
    fn seen(&self) -> Value {
        let (status, record) = self.get(
            &self.taxation,
            &format!("/collections/person/items/{}", self.person),
        );
        assert_eq!(status, 200, "{record}");
        record["properties"].clone()
    }
}

#[test]
fn what_is_granted_is_seen_until_it_is_taken_back() {
    let city = City::new();
    assert_eq!(city.seen()["name"], Value::Null);
    let wish = json!({
        "collection": "person", "fields": { "name": "full" }, "modes": ["interface"], "purpose": "planning",
        "legalBasis": "城乡规划法", "reason": "学位测算", "days": 30,
    });
    let (status, request) = city.post(&city.taxation, "/requests", &wish);
    assert_eq!(
        (status, &request["state"]),
        (201, &json!("applied")),
        "{request}"
    );
    let path = request["href"].as_str().expect("an address").to_string();
    // Whoever has no part in it hears that there is none, as of any other name.
    let (status, absent) = city.get(&city.health, &path);
    assert_eq!((status, &absent["code"]), (404, &json!("not-found")));
    // An analyst decides nothing; a department decides only what is for it to decide.
    let conforms = json!({ "conforms": true });
    assert_eq!(
        city.post(&city.taxation, &format!("{path}/check"), &conforms)
            .0,
        403
    );
    assert_eq!(
        city.post(&city.police, &format!("{path}/check"), &conforms)
            .0,
        403
    );
    let (status, checked) = city.post(&city.supervisor, &format!("{path}/check"), &conforms);
    assert_eq!(
        (status, &checked["clock"]["workingDays"]),
        (200, &json!(5)),
        "{checked}"
    );
    let (_, board) = city.get(&city.supervisor, "/requests/board");
    assert_eq!(
        board["waiting"][0]["waitsFor"],
        json!(["public-security"]),
        "{board}"
    );
    assert_eq!(city.seen()["name"], Value::Null);
    let (status, granted) = city.post(
        &city.police,
        &format!("{path}/answer"),
        &json!({ "agree": true }),
    );
    assert_eq!(
        (status, &granted["state"]),
        (200, &json!("granted")),
        "{granted}"
    );
    assert_eq!(city.seen()["name"], "王小明");
    let (status, again) = city.post(
        &city.police,
        &format!("{path}/answer"),
        &json!({ "agree": true }),
    );
    assert_eq!((status, &again["code"]), (409, &json!("paper-state")));
    let (status, _) = city.post(
        &city.police,
        &format!("{path}/revoke"),
        &json!({ "note": "用途已了" }),
    );
    assert_eq!(status, 200);
    assert_eq!(city.seen()["name"], Value::Null);
}

#[test]
fn a_wish_with_mistakes_is_told_all_of_them() {
    let city = City::new();
    let wish = json!({
        "collection": "person", "fields": { "nmae": "full", "sex": "blurred" }, "modes": ["file"], "purpose": "fun",
        "legalBasis": "", "reason": "x", "days": 4000,
    });
    let (status, problem) = city.post(&city.taxation, "/requests", &wish);
    assert_eq!(
        (status, &problem["code"]),
        (422, &json!("wish-invalid")),
        "{problem}"
    );
    let pointers: Vec<&str> = problem["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|one| one["pointer"].as_str())
        .collect();
    for pointer in [
        "/legalBasis",
        "/purpose",
        "/days",
        "/modes/0",
        "/fields/nmae",
        "/fields/sex",
    ] {
        assert!(pointers.contains(&pointer), "{pointer} of {pointers:?}");
    }
    let (_, list) = city.get(&city.taxation, "/requests");
    assert_eq!(list["numberReturned"], 0);
    let (status, _) = city.post(&city.taxation, "/requests", &json!({ "state": "granted" }));
    assert_eq!(status, 400);
}

#[test]
fn an_objection_is_marked_on_the_record_and_unmarked() {
    let city = City::new();
    let objecting = json!({
        "collection": "person", "record": city.person, "field": "ethnicGroup", "reason": "本人出示证件", "objector": "subject",
    });
    // A field that the caller does not see does not exist for it.
    let hidden = json!({ "collection": "person", "record": city.person, "field": "household", "reason": "x" });
    assert_eq!(city.post(&city.taxation, "/objections", &hidden).0, 400);
    let (status, raised) = city.post(&city.taxation, "/objections", &objecting);
    assert_eq!(
        (status, &raised["responsible"]),
        (201, &json!("public-security")),
        "{raised}"
    );
    let path = raised["href"].as_str().expect("an address").to_string();
    let record = format!("/collections/person/items/{}", city.person);
    let disputes = || city.get(&city.police, &record).1["disputes"].clone();
    let step = |name: &str, body: Value| city.post(&city.police, &format!("{path}/{name}"), &body);
    assert_eq!(city.get(&city.health, &path).0, 404);
    assert_eq!(step("mark", json!({})).0, 409);
    assert_eq!(step("accept", json!({})).1["state"], "accepted");
    assert_eq!(disputes(), Value::Null);
    assert_eq!(step("mark", json!({})).1["state"], "marked");
    assert_eq!(disputes()["ethnicGroup"]["state"], "accepted");
    let corrected = json!({ "finding": "corrected", "note": "登记有误" });
    let (status, problem) = step("verify", corrected.clone());
    assert_eq!((status, &problem["code"]), (409, &json!("not-corrected")));
    let request = Request::builder()
        .method("PATCH")
        .uri(format!("http://{}{record}", city.stage.address))
        .header("authorization", format!("Bearer {}", city.police))
        .header("if-match", "*");
    let body = json!({ "properties": { "ethnicGroup": "02" } }).to_string();
    let (status, _, changed) = answer(agent().run(request.body(body).expect("a request")));
    assert_eq!(status, 200, "{changed}");
    let (status, verified) = step("verify", corrected);
    assert_eq!(
        (status, &verified["finding"]),
        (200, &json!("corrected")),
        "{verified}"
    );
    assert_eq!(step("unmark", json!({})).1["state"], "unmarked");
    assert_eq!(disputes(), Value::Null);
}

#[test]
fn the_public_gets_what_is_open() {
    let city = City::new();
    let get = |path: &str| city.stage.get(path, None);
    let (status, _, open) = get("/open");
    assert_eq!(status, 200);
    assert!(
        open["resources"]
            .as_array()
            .is_some_and(|all| all.len() >= 5)
    );
    assert_eq!(get("/catalog").0, 401);
    assert_eq!(get("/open/nothing").0, 404);
    let (status, _, table) = get("/open/population-by-district-and-sex");
    assert_eq!(status, 200, "{table}");
    // There is one person: every number is small, and all but nought is withheld.
    let rows = table["rows"].as_array().expect("rows");
    assert!(
        !rows.is_empty()
            && rows
                .iter()
                .all(|row| row["count"].is_null() && row["status"] == "C")
    );
    let (status, _, problem) = get("/open/population-by-district-and-sex?edition=1999-Q1");
    assert_eq!((status, &problem["code"]), (400, &json!("bad-parameter")));
    let (status, _, page) = get("/open/organizations?limit=1");
    assert_eq!((status, &page["numberMatched"]), (200, &json!(0)), "{page}");
}
