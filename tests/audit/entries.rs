//! Every answer has its entry, and the entry is true.

use audit::{Hash, Kind, Trail, verify};
use serde_json::json;

use super::{Caller, person};
use crate::served::Served;

#[test]
fn every_answer_has_an_entry_that_fits_it() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    let (id, number) = person(&caller);
    let item = format!("/collections/person/items/{id}");
    let lookup = json!({ "keys": [number] }).to_string();
    let asked = [
        ("GET", item.as_str(), "", 200),
        ("GET", "/collections/person/items?limit=3", "", 200),
        ("POST", "/collections/person/lookup", lookup.as_str(), 200),
        (
            "POST",
            "/query",
            r#"{"from":"person","group":["sex"]}"#,
            200,
        ),
        ("GET", "/search?q=%E7%8E%8B", "", 200),
        ("GET", "/collections/person/items?f=csv", "", 200),
        ("GET", "/collections/person/items?nonsense=1", "", 400),
        ("GET", "/collections/person/items/P000000000$", "", 404),
        ("GET", "/nowhere", "", 404),
        ("PATCH", "/query", "{}", 405),
        ("GET", "/metrics", "", 200),
    ];
    let got = asked.map(|(method, path, body, _)| caller.send(method, path, body));
    let refused = Caller::stranger(&served, "jiku_nobody").get(&item);
    assert_eq!(refused.status, 401);
    let probe = Caller::stranger(&served, "").get("/health/live");
    assert_eq!(probe.status, 200);
    let data = served.data();
    let folder = served.stop();
    let trail = Trail::read(&data.join("audit")).expect("a trail");
    let find = |receipt: String| {
        let receipt = receipt.parse().expect("a receipt");
        trail.find(receipt).expect("readable").expect("an entry")
    };
    for (got, (method, path, body, status)) in got.iter().zip(asked) {
        assert_eq!(got.status, status, "{method} {path}");
        let entry = find(got.receipt());
        let note = &entry.note;
        let asked = note.asked.as_ref().expect("a request");
        let at = path.split('?').next().expect("a path");
        assert_eq!((asked.method.as_str(), asked.path.as_str()), (method, at));
        assert_eq!(
            asked.query.as_deref(),
            path.split_once('?').map(|(_, query)| query)
        );
        assert_eq!(note.status, Some(status), "{method} {path}");
        assert_eq!(note.caller.as_ref().expect("a caller").id, "administrator");
        if !body.is_empty() && status == 200 {
            assert_eq!(asked.body.as_deref(), Some(body));
        }
        let digest = match note.kind {
            Kind::Begun => {
                let listed = trail.listed(audit::Listed::Of(entry.sequence), u64::MAX, 99);
                let listed = listed.expect("readable");
                let end = trail.entry(listed[0]).expect("an entry").note;
                assert_eq!((end.kind, end.whole), (Kind::Ended, Some(true)));
                end.digest
            }
            _ => note.digest,
        };
        assert_eq!(digest, Some(Hash::of(&got.bytes)), "{method} {path}");
    }
    let id = id.parse().expect("an id");
    let entries: Vec<_> = got.iter().map(|got| find(got.receipt())).collect();
    assert_eq!(entries[0].note.records["person"], [id]);
    assert_eq!(entries[1].note.records["person"].len(), 3);
    assert_eq!(entries[2].note.records["person"], [id]);
    // However often it was begun: each person was counted once.
    assert!(entries[3].note.records.is_empty() && entries[3].note.counted["person"] == 600);
    assert_eq!(entries[5].note.kind, Kind::Begun);
    let told = audit::recalls::told(&trail, &entries[5]).expect("readable");
    assert_eq!(told["person"].len(), 600);
    assert!(entries[6].note.records.is_empty());
    // Of a refusal it is known who tried what, but not by whom.
    let refused = find(refused.receipt()).note;
    assert_eq!((refused.status, refused.caller), (Some(401), None));
    assert_eq!(probe.receipt, None);
    drop(trail);
    let found = verify(&data.join("audit"), &|_, _| ()).expect("walked");
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    drop(folder);
}

#[test]
fn no_secret_is_in_the_trail() {
    let served = Served::guarded();
    let caller = Caller::administrator(&served);
    caller.get("/collections");
    let data = served.data();
    let key = caller.key.clone();
    let folder = served.stop();
    let text = std::fs::read_to_string(data.join("audit/00000000.ndjson")).expect("entries");
    assert!(text.contains("/collections"));
    assert!(!text.contains(&key) && !text.to_lowercase().contains("bearer"));
    drop(folder);
}
