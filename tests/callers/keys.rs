//! Keys: shown once, rotated, expired, revoked; rates and quotas.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use server::routes::TABLE;

use super::stage::{Stage, make};

/// A change of the register is seen within a second.
fn soon(holds: impl Fn() -> bool) {
    for _ in 0..40 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("not seen within two seconds");
}

#[test]
fn nothing_is_open_without_a_key() {
    let stage = Stage::new();
    let mut shut = 0;
    for route in TABLE {
        let path = route
            .path
            .replace("{collection}", "person")
            .replace("{id}", "P0000000000")
            .replace("{open}", "divisions");
        let path = path.replace(['{', '}'], "");
        let url = format!("http://{}{path}", stage.address);
        let request = ureq::http::Request::builder()
            .method(route.method.to_uppercase().as_str())
            .uri(&url)
            .body("")
            .expect("a request");
        let (status, _, body) = super::stage::answer(super::stage::agent().run(request));
        if server::guard::is_open(Some(route.path)) {
            assert_eq!(status, 200, "{path}");
        } else {
            assert_eq!(status, 401, "{} {path}", route.method);
            assert_eq!(body["code"], "not-authenticated");
            shut += 1;
        }
    }
    assert!(shut > 40, "{shut} routes are shut");
    assert_eq!(stage.status("/nothing/here", None), 401);
    let (_, _, one) = stage.get("/collections/person/items?x=1", None);
    let (_, _, other) = stage.get("/collections/nothing/items", None);
    assert_eq!(one, other, "what there is shows to nobody");
    assert_eq!(stage.by(&stage.key), 200);
}

#[test]
fn keys_are_kept_as_hashes_that_only_their_owner_may_read() {
    let stage = Stage::new();
    let text = std::fs::read_to_string(stage.register.path()).expect("the register");
    let secret = stage.key.rsplit('_').next().expect("a secret");
    assert!(!text.contains(secret), "the key is in the register");
    assert!(text.contains("fingerprint"));
    #[cfg(unix)]
    for file in ["access/callers.json", "access/secret"] {
        let file = std::fs::metadata(stage.data().join(file)).expect("a file");
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_key_works_until_it_is_revoked_and_an_old_one_until_the_overlap_ends() {
    let stage = Stage::new();
    let first = make(&stage.register, json!({ "name": "clerk" }));
    soon(|| stage.by(&first) == 200);
    let until = Timestamp::now() + SignedDuration::from_secs(2);
    let second = stage
        .register
        .rotate("clerk", until, None)
        .expect("a new key");
    soon(|| stage.by(&second.text) == 200);
    if Timestamp::now() < until {
        assert_eq!(stage.by(&first), 200, "both are taken during the overlap");
    }
    soon(|| stage.by(&first) == 401);
    assert_eq!(stage.by(&second.text), 200);
    assert_eq!(stage.register.revoke(&second.id).expect("revoked"), 1);
    soon(|| stage.by(&second.text) == 401);
    assert!(stage.register.revoke(&second.id).is_err(), "once");
    let taken = make_again(&stage);
    assert!(taken.contains("taken"), "{taken}");
}

/// What is said of a name that was given before.
fn make_again(stage: &Stage) -> String {
    let entry = json!({ "name": "clerk", "label": "", "roles": ["x"], "keys": [] });
    let entry = serde_json::from_value(entry).expect("an entry");
    match stage.register.create(entry, None) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn whoever_asks_too_often_is_told_when_to_ask_again() {
    let stage = Stage::new();
    let quick = make(&stage.register, json!({ "name": "quick", "perMinute": 5 }));
    let daily = make(&stage.register, json!({ "name": "daily", "perDay": 3 }));
    soon(|| stage.by(&quick) == 200);
    let quick = format!("Bearer {quick}");
    let statuses: Vec<u16> = (0..6)
        .map(|_| stage.status("/collections", Some(&quick)))
        .collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let (status, wait, body) = stage.get("/collections", Some(&quick));
    assert_eq!((status, &body["code"]), (429, &json!("too-many-requests")));
    let wait = wait.expect("Retry-After");
    assert!((1..=12).contains(&wait), "{wait}");

    let daily = format!("Bearer {daily}");
    for _ in 0..3 {
        assert_eq!(stage.status("/collections", Some(&daily)), 200);
    }
    let (status, wait, _) = stage.get("/collections", Some(&daily));
    assert_eq!(status, 429);
    assert!((1..=86_400).contains(&wait.expect("Retry-After")));
    assert_eq!(stage.by(&stage.key), 200, "others are not held up");
}

#[test]
fn quotas_outlive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || access::Callers::open(folder.path(), Vec::new()).expect("callers");
    let register = access::callers::register::Register::open(folder.path()).expect("a register");
    let key = format!(
        "Bearer {}",
        make(&register, json!({ "name": "daily", "perDay": 2 }))
    );
    assert!(open().bearer(key.as_bytes()).is_ok());
    assert!(open().bearer(key.as_bytes()).is_ok());
    let callers = open();
    assert!(callers.bearer(key.as_bytes()).is_err());
    drop(callers);
    assert!(open().bearer(key.as_bytes()).is_err());
}

#[test]
fn metrics_count_each_caller() {
    let stage = Stage::new();
    assert_eq!(stage.by(&stage.key), 200);
    let url = format!("http://{}/metrics", stage.address);
    let got = super::stage::agent()
        .get(&url)
        .header("authorization", format!("Bearer {}", stage.key))
        .call();
    let text = got
        .expect("an answer")
        .body_mut()
        .read_to_string()
        .expect("text");
    let line = r#"jiku_caller_requests_total{caller="administrator",route="/collections",outcome="answered"} 1"#;
    assert!(text.contains(line), "{text}");
}
