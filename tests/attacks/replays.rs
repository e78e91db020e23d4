//! Keys of calls sent again by somebody else, or with something else.

use serde_json::{Value, json};

use crate::served::{Answer, Served};

const INDICATORS: &str = "/collections/indicator/items";

fn create(served: &Served, department: &str, key: &str, code: &str) -> Answer {
    let headers = [("jiku-department", department), ("idempotency-key", key)];
    let body = json!({ "properties": { "code": code, "name": "指标" } });
    served.send("POST", INDICATORS, &headers, &body.to_string())
}

#[test]
fn a_key_belongs_to_one_call_of_one_department() {
    let served = Served::city(60, 9);
    let first = create(&served, "statistics", "k-1", "R1");
    assert_eq!(first.status, 201, "{first:?}");
    let again = create(&served, "statistics", "k-1", "R1");
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    // With another body it is neither carried out nor answered with the first one's record.
    let other = create(&served, "statistics", "k-1", "R2");
    assert_eq!(
        (other.status, other.header("location")),
        (422, ""),
        "{other:?}"
    );
    assert!(!other.body.contains("R1"), "{other:?}");
    // On another route, the same.
    let place = first.header("location").to_string();
    let headers = [
        ("jiku-department", "statistics"),
        ("idempotency-key", "k-1"),
        ("if-match", "*"),
    ];
    let body = json!({ "properties": { "code": "R1", "name": "指标" } }).to_string();
    let put = served.send("PUT", &place, &headers, &body);
    assert_eq!(put.status, 422, "{put:?}");
    // Another department that has guessed the key gets nothing of the answer.
    let stranger = create(&served, "health", "k-1", "R1");
    assert_ne!(
        stranger.header("idempotency-replayed"),
        "true",
        "{stranger:?}"
    );
    assert_ne!(stranger.header("location"), place, "{stranger:?}");
}

#[test]
fn a_key_sent_many_times_at_once_is_carried_out_once() {
    let served = Served::city(60, 10);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| create(&served, "statistics", "race", "Q1")))
            .collect();
        calls
            .into_iter()
            .map(|call| call.join().expect("an answer"))
            .collect()
    });
    let created = answers
        .iter()
        .filter(|one| one.status == 201 && one.header("idempotency-replayed").is_empty());
    assert_eq!(created.count(), 1, "{answers:?}");
    for answer in &answers {
        assert!([201, 409].contains(&answer.status), "{answer:?}");
    }
    let page = served.get("/collections/indicator/items?code=Q1").1;
    let page: Value = serde_json::from_str(&page).expect("JSON");
    assert_eq!(page["numberMatched"], 1, "{page}");
}
