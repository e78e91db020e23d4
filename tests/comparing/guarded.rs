//! Claims and lists of callers who may not see what they are about.

use std::sync::{Arc, OnceLock};

use access::Caller;
use access::callers::register::Register;
use access::grant::{Grant, Grantee, Grants};
use access::policy::Verb;
use compare::list::{Comparisons, Terms};
use record::Day;
use register::Store;
use serde_json::{Value, json};
use server::guard::Guard;
use server::guard::decide::Decider;

use super::{persons, text};
use crate::served::{self, Answer, Served};

/// The grants of the stage.
struct Given(Vec<Grant>);

impl Grants for Given {
    fn in_force(&self, caller: &Caller, day: Day) -> Vec<Grant> {
        let holds = |grant: &&Grant| grant.holds(caller, day);
        self.0.iter().filter(holds).cloned().collect()
    }

    fn version(&self) -> u64 {
        0
    }
}

/// A guarded city.
pub struct Stage {
    pub served: Served,
    pub people: Vec<Value>,
    /// An analyst of the statistics department, one of the health department, and clerks of two districts.
    pub statistics: String,
    health: String,
    pub clerks: [(String, String); 2],
}

fn grant(id: &str, verbs: &[Verb]) -> Grant {
    let label = json!({ "zh": "已婚", "en": "Married" });
    Grant {
        id: id.to_string(),
        to: Grantee::Department("statistics".to_string()),
        collection: "person".to_string(),
        fields: Default::default(),
        verbs: verbs.iter().copied().collect(),
        rows: Default::default(),
        purposes: ["statistics".to_string()].into(),
        from: Day(0),
        until: Day::MAX,
        quota: None,
        columns: vec![
            json!({ "name": "married", "label": label, "filter": "maritalStatus IN ('20','21','22','23')" }),
            json!({ "name": "old", "label": label, "filter": "birthDate < DATE('1990-01-01')" }),
        ],
    }
}

impl Stage {
    /// The one that tests share which only read.
    pub fn shared() -> &'static Stage {
        static SHARED: OnceLock<Stage> = OnceLock::new();
        SHARED.get_or_init(Stage::new)
    }

    fn new() -> Stage {
        let folder = tempfile::tempdir().expect("a folder");
        let store = served::loaded(folder.path(), 400, 11);
        let people = persons(&store);
        let data = folder.path().join("data");
        let register = Register::open(&data).expect("a register of callers");
        let make = |name: &str, role: &str, department: &str, division: Option<&str>| {
            let entry = json!({
                "name": name, "label": name, "department": department, "roles": [role],
                "division": division, "keys": [],
            });
            let entry = serde_json::from_value(entry).expect("an entry");
            register
                .create(entry, None)
                .expect("a caller")
                .expect("a key")
                .text
        };
        let mut districts: Vec<String> = people
            .iter()
            .map(|one| text(one, "division").chars().take(6).collect())
            .filter(|code: &String| !code.is_empty())
            .collect();
        districts.sort();
        districts.dedup();
        let clerk = |place: usize| {
            let district = districts[place].clone();
            let name = format!("clerk-{place}");
            (
                district.clone(),
                make(&name, "district-clerk", "public-security", Some(&district)),
            )
        };
        let clerks = [clerk(0), clerk(1)];
        let statistics = make("s1", "analyst", "statistics", None);
        let health = make("h1", "analyst", "health", None);
        let whole: Arc<dyn Store> = Arc::new(store.clone());
        let grants = Given(vec![grant("lists", &[Verb::Compare]), grant("none", &[])]);
        let mut guard = Guard::open(&data, store.catalog(), Vec::new()).expect("a guard");
        guard.decider = Decider::open(store.catalog(), Arc::new(grants)).expect("rules");
        let folder_of_lists = store.directory().comparisons();
        let desk = Comparisons::open(&folder_of_lists, whole, Terms::default());
        let data = server::Data::writable(store).expect("answers that can be read");
        let data = data
            .guarded(guard)
            .with_comparisons(Arc::new(desk.expect("comparisons")));
        Stage {
            served: Served::serve(folder, data, server::Options::default()),
            people,
            statistics,
            health,
            clerks,
        }
    }

    /// Sends a request with a key.
    pub fn send(
        &self,
        key: &str,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let authorization = format!("Bearer {key}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend_from_slice(more);
        self.served.send(method, path, &headers, body)
    }

    fn verify(&self, key: &str, purpose: &str, claims: &Value) -> Answer {
        let body = json!({ "claims": claims }).to_string();
        let headers = [("jiku-purpose", purpose)];
        self.send(key, "POST", "/collections/person/verify", &headers, &body)
    }

    fn number(&self, place: usize) -> &str {
        text(&self.people[place], "identityNumber")
    }
}

#[test]
fn who_may_not_see_a_value_may_have_it_verified() {
    let stage = Stage::shared();
    let (number, name) = (stage.number(0), text(&stage.people[0], "name"));
    let headers = [("jiku-purpose", "statistics")];
    let page = stage.send(
        &stage.statistics,
        "GET",
        "/collections/person/items?limit=1000",
        &headers,
        "",
    );
    assert_eq!(page.status, 200, "{page:?}");
    assert!(
        !page.body.contains(number) && !page.body.contains("\"name\""),
        "{}",
        page.body
    );
    let answer = stage.verify(
        &stage.statistics,
        "statistics",
        &json!([
            { "key": number, "values": { "name": name } },
            { "key": number, "values": { "name": "无此人" } },
            { "key": "110130199001019999", "values": { "name": name } },
        ]),
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let outcomes: Vec<Value> = (0..3)
        .map(|n| answer.json()["results"][n]["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["match", "mismatch", "no-record"]);
    assert!(
        !answer.body.contains(name) && !answer.body.contains(number),
        "{answer:?}"
    );
    // Without a purpose, and for one that it may not have.
    let claims = json!([{ "key": number }]);
    let none = stage.send(
        &stage.statistics,
        "POST",
        "/collections/person/verify",
        &[],
        &json!({ "claims": claims }).to_string(),
    );
    assert_eq!(none.status, 403, "{none:?}");
    let other = stage.verify(&stage.statistics, "law-enforcement", &claims);
    assert_eq!(other.status, 403, "{other:?}");
}

#[test]
fn what_is_hidden_cannot_be_claimed_and_is_not_known() {
    let stage = Stage::shared();
    let claim = |field: &str| {
        let claims = json!([{ "key": stage.number(1), "values": { field: "x" } }]);
        stage.verify(&stage.statistics, "statistics", &claims)
    };
    let (hidden, absent) = (claim("formerNames"), claim("salaryLevel"));
    assert_eq!(
        (hidden.status, absent.status),
        (400, 400),
        "{hidden:?} {absent:?}"
    );
    // The nearest names may stand in another order; what is offered is the same.
    let offered = |answer: &Answer| {
        let text = answer.json()["messages"]["en"]
            .as_str()
            .expect("a text")
            .to_string();
        let names = text
            .rsplit_once(": ")
            .map_or(text.as_str(), |(_, names)| names);
        let mut names: Vec<String> = names.split([',', ' ', '.']).map(str::to_string).collect();
        names.sort();
        names
    };
    for answer in [&hidden, &absent] {
        let offered = offered(answer);
        assert!(
            !offered.iter().any(|name| name == "birthplace"),
            "{offered:?}"
        );
    }
    assert_eq!(hidden.json()["code"], absent.json()["code"]);
}

#[test]
fn a_clerk_verifies_the_people_of_its_district_only() {
    let stage = Stage::shared();
    let [(district, key), (other, stranger)] = &stage.clerks;
    assert_ne!(district, other);
    let own = stage
        .people
        .iter()
        .find(|one| text(one, "division").starts_with(district.as_str()));
    let own = own.expect("somebody of the district");
    let claims =
        json!([{ "key": text(own, "identityNumber"), "values": { "name": text(own, "name") } }]);
    let answer = stage.verify(key, "household-registration", &claims);
    assert_eq!(
        answer.json()["results"][0]["outcome"],
        "match",
        "{answer:?}"
    );
    // For the clerk of another one it is as if there were no such person.
    let nobody = json!([{ "key": "110130199001019999", "values": { "name": text(own, "name") } }]);
    let [hidden, absent] =
        [&claims, &nobody].map(|claims| stage.verify(stranger, "household-registration", claims));
    assert_eq!(
        hidden.json()["results"],
        json!([{ "outcome": "no-record" }]),
        "{hidden:?}"
    );
    assert_eq!(hidden.json()["results"], absent.json()["results"]);
}

/// The list of some people as CSV, with a cell that a spreadsheet would run.
fn table(stage: &Stage, people: usize) -> String {
    let mut table = String::from("公民身份号码\r\n");
    for place in 0..people {
        table.push_str(stage.number(place));
        table.push_str("\r\n");
    }
    table.push_str("\"=cmd|' /C calc'!A0\"\r\n");
    table
}

#[test]
fn a_list_goes_in_and_comes_out_as_a_table() {
    let stage = Stage::shared();
    let purpose = ("jiku-purpose", "statistics");
    let headers = [purpose, ("content-type", "text/csv"), ("prefer", "wait=60")];
    let place = "/comparisons?grant=lists&columns=married";
    let received = send_table(stage, &stage.statistics, place, &headers, &table(stage, 50));
    assert_eq!(received.status, 201, "{received:?}");
    let object = received.json();
    assert_eq!(
        (&object["state"], &object["keys"]),
        (&json!("done"), &json!(51)),
        "{object}"
    );
    let location = received.header("location").to_string();
    let answers = stage.send(
        &stage.statistics,
        "GET",
        &format!("{location}/answers?f=csv"),
        &[purpose],
        "",
    );
    assert_eq!(answers.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = answers
        .body
        .trim_start_matches('\u{feff}')
        .lines()
        .collect();
    assert_eq!((lines[0], lines.len()), ("identityNumber,married", 52));
    for (place, line) in lines[1..51].iter().enumerate() {
        let married = text(&stage.people[place], "maritalStatus").starts_with('2');
        let word = match text(&stage.people[place], "maritalStatus") {
            "" => "unknown",
            _ if married => "yes",
            _ => "no",
        };
        assert_eq!(*line, format!("{},{word}", stage.number(place)));
    }
    assert_eq!(lines[51], "'=cmd|' /C calc'!A0,unknown");
    let page = stage.send(
        &stage.statistics,
        "GET",
        &format!("{location}/answers?offset=49&limit=1"),
        &[purpose],
        "",
    );
    assert_eq!(page.json()["rows"][0]["key"], stage.number(49), "{page:?}");
    assert_eq!(page.json()["links"][0]["rel"], "next");
    others_find_nothing(stage, &location);
    let gone = stage.send(&stage.statistics, "DELETE", &location, &[purpose], "");
    assert_eq!(gone.json()["state"], "discarded", "{gone:?}");
    let gone = stage.send(
        &stage.statistics,
        "GET",
        &format!("{location}/answers"),
        &[purpose],
        "",
    );
    assert_eq!(gone.status, 409, "{gone:?}");
}

fn others_find_nothing(stage: &Stage, location: &str) {
    let purpose = ("jiku-purpose", "statistics");
    // Another department finds nothing there, as where nothing is.
    let nowhere = format!("/comparisons/{}", "0".repeat(32));
    for suffix in ["", "/answers"] {
        let [theirs, absent] = [location, nowhere.as_str()].map(|place| {
            let answer = stage.send(
                &stage.health,
                "GET",
                &format!("{place}{suffix}"),
                &[purpose],
                "",
            );
            let id = place.rsplit('/').next().expect("an id").to_string();
            (answer.status, answer.body.replace(&id, "ID"))
        });
        assert_eq!(theirs.0, 404, "{theirs:?}");
        assert_eq!(theirs, absent);
    }
    let gone = stage.send(&stage.health, "DELETE", location, &[purpose], "");
    assert_eq!(gone.status, 404, "{gone:?}");
    let list = stage.send(&stage.health, "GET", "/comparisons", &[purpose], "");
    assert_eq!(list.json()["numberReturned"], 0, "{list:?}");
}

fn send_table(
    stage: &Stage,
    key: &str,
    place: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let authorization = format!("Bearer {key}");
    let mut all = vec![("authorization", authorization.as_str())];
    all.extend_from_slice(headers);
    stage.served.send_as("POST", place, &all, body)
}

#[test]
fn only_a_grant_opens_a_comparison() {
    let stage = Stage::shared();
    let body = |grant: &str| {
        let keys: Vec<&str> = (100..150).map(|place| stage.number(place)).collect();
        json!({ "grant": grant, "keys": keys }).to_string()
    };
    let post = |key: &str, purpose: &str, grant: &str| {
        let headers = [("jiku-purpose", purpose), ("prefer", "wait=60")];
        let answer = stage.send(key, "POST", "/comparisons", &headers, &body(grant));
        (
            answer.status,
            answer.json()["code"]
                .as_str()
                .unwrap_or_default()
                .to_string(),
        )
    };
    let refused = (403, "comparison-not-granted".to_string());
    assert_eq!(post(&stage.statistics, "statistics", "lists").0, 201);
    // Not of this department, not for this purpose, not to compare, none at all.
    assert_eq!(post(&stage.health, "statistics", "lists"), refused);
    assert_eq!(post(&stage.statistics, "planning", "lists"), refused);
    assert_eq!(post(&stage.statistics, "statistics", "none"), refused);
    assert_eq!(post(&stage.statistics, "statistics", "nothing"), refused);
    // The question cannot be brought along.
    let mine =
        json!({ "grant": "lists", "keys": [stage.number(0)], "filter": "sex = '1'" }).to_string();
    let headers = [("jiku-purpose", "statistics")];
    let answer = stage.send(&stage.statistics, "POST", "/comparisons", &headers, &mine);
    assert_eq!(answer.status, 400, "{answer:?}");
    let nobody = stage
        .served
        .send("POST", "/comparisons", &headers, &body("lists"));
    assert_eq!(nobody.status, 401, "{nobody:?}");
}
