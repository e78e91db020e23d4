//! Claims on the persons of a small store in memory.

use query::{Context, Limits};
use serde_json::{Value as Json, json};

use super::*;
use crate::fake::Fake;

fn answers(collection: &str, body: Json, guard: Option<Guard<'_>>) -> Result<Json, VerifyError> {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let request = Verification::from_json(body.to_string().as_bytes())?;
    let times = context.times(request.valid_at.as_deref(), request.known_at.as_deref())?;
    let collection = context.collection(collection)?;
    let answers = verify(
        &context,
        collection,
        &request,
        times,
        &|_, field| field != "education",
        guard,
    )?;
    Ok(answers.iter().map(Verified::to_json).collect())
}

/// The answer to one claim on 王芳.
fn of(values: Json) -> Json {
    let body = json!({ "claims": [{ "key": "11013019900101001X", "values": values }] });
    answers("person", body, None).expect("an answer")[0].clone()
}

#[test]
fn each_claim_is_answered_by_a_word() {
    let household = crate::fake::id(record::RegisterLetter::Person, 100).to_string();
    for (field, claimed, word, variants) in [
        ("name", json!("王芳"), "match", json!(null)),
        ("name", json!(" 王　芳"), "mismatch", json!(null)),
        (
            "name",
            json!("王\u{200B}芳"),
            "match-under-variant",
            json!(["width"]),
        ),
        ("name", json!("李强"), "mismatch", json!(null)),
        ("sex", json!("2"), "match", json!(null)),
        ("sex", json!("女性"), "match", json!(null)),
        ("sex", json!("1"), "mismatch", json!(null)),
        ("sex", json!(null), "mismatch", json!(null)),
        ("deathDate", json!(null), "match", json!(null)),
        ("deathDate", json!("2020"), "unknown", json!(null)),
        ("birthDate", json!("1985-03-01"), "match", json!(null)),
        (
            "birthDate",
            json!("1985"),
            "match-under-variant",
            json!(["precision"]),
        ),
        ("birthDate", json!("1985-03-02"), "mismatch", json!(null)),
        ("division", json!("110108001"), "match", json!(null)),
        (
            "division",
            json!("110108"),
            "match-under-variant",
            json!(["precision"]),
        ),
        ("division", json!("110109"), "mismatch", json!(null)),
        ("household", json!(household), "match", json!(null)),
        ("household", json!("H1"), "match", json!(null)),
        ("household", json!("H2"), "mismatch", json!(null)),
        ("formerNames", json!(["王方"]), "unknown", json!(null)),
    ] {
        let answer = of(json!({ field: claimed }));
        let value = &answer["values"][field];
        assert_eq!(value["outcome"], word, "{field} {claimed}");
        assert_eq!(value["variants"], variants, "{field} {claimed}");
        assert_eq!(answer["outcome"], word, "{field} {claimed}");
        assert_eq!(answer["key"], json!({ "outcome": "match" }));
    }
    let answer = of(json!({ "sex": "1", "name": "王芳", "deathDate": "2020" }));
    assert_eq!(answer["outcome"], "mismatch");
    assert_eq!(
        of(json!({})),
        json!({ "outcome": "match", "key": { "outcome": "match" } })
    );
}

#[test]
fn doubt_is_told_and_nothing_else() {
    let claims = json!({ "claims": [
        { "key": "110130199001010058", "values": { "name": "赵云" } },
        { "key": "110130199001010058", "values": { "name": "赵雨", "maritalStatus": "20" } },
        { "key": "110130199001010058", "values": { "maritalStatus": "10" } },
        { "key": "none", "values": { "name": "赵云" } },
    ] });
    let answers = answers("person", claims, None).expect("answers");
    let word = |place: usize, field: &str| answers[place]["values"][field]["outcome"].clone();
    assert_eq!(word(0, "name"), "disputed");
    assert_eq!(word(1, "name"), "disputed");
    // Another department says so.
    assert_eq!(word(1, "maritalStatus"), "disputed");
    assert_eq!(word(2, "maritalStatus"), "unknown");
    assert_eq!(answers[3], json!({ "outcome": "no-record" }));
    assert!(!answers.to_string().contains('赵'), "{answers}");
}

#[test]
fn numbers_in_other_forms_find_their_record() {
    for (key, word, variants) in [
        ("11013019900101001X", "match", json!(null)),
        ("11013019900101001x", "match", json!(null)),
    ] {
        let body = json!({ "claims": [{ "key": key }] });
        let answers = answers("person", body, None).expect("answers");
        assert_eq!(answers[0]["key"]["outcome"], word, "{key} {answers}");
        assert_eq!(answers[0]["key"]["variants"], variants, "{key}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_answered() {
    let one = |values: Json| json!({ "claims": [{ "key": "none", "values": values }] });
    for (body, at) in [
        (one(json!({ "salary": "1" })), "claims[0].values"),
        // One that may not be claimed.
        (one(json!({ "education": "20" })), "claims[0].values"),
        (one(json!({ "sex": "7" })), "claims[0].values.sex"),
        (
            one(json!({ "birthDate": "yesterday" })),
            "claims[0].values.birthDate",
        ),
        (one(json!({ "name": "  " })), "claims[0].values.name"),
        (
            one(json!({ "name": { "like": "王" } })),
            "claims[0].values.name",
        ),
        (one(json!({ "name": ["王芳"] })), "claims[0].values.name"),
        (
            one(json!({ "formerNames": [] })),
            "claims[0].values.formerNames",
        ),
        (
            one(json!({ "location": "116,39" })),
            "claims[0].values.location",
        ),
        (json!({ "claims": [{ "key": ["none"] }] }), "claims[0].key"),
        (
            json!({ "claims": [{ "key": { "name": "王芳" } }] }),
            "claims[0].key",
        ),
    ] {
        let error = answers("person", body.clone(), None).expect_err("refused");
        assert_eq!(error.problem().field, at, "{body}");
        // Nothing that was claimed is in the answer.
        assert!(!format!("{error}").contains('王'), "{error}");
    }
    for body in [
        json!({}),
        json!({ "claims": [{ "values": {} }] }),
        json!({ "claims": [{ "key": "none", "reveal": true }] }),
        json!({ "claims": [], "role": "administrator" }),
        json!({ "claims": vec![json!({ "key": "none" }); MOST_CLAIMS + 1] }),
    ] {
        let problem = answers("person", body, None)
            .expect_err("refused")
            .problem();
        assert!(
            ["bad-body", "unknown-parameter", "limit-exceeded"].contains(&problem.code.as_str()),
            "{problem:?}"
        );
    }
}

#[test]
fn values_are_not_found_out_one_by_one() {
    let guesses = Guesses::default();
    let guard = Guard {
        guesses: &guesses,
        caller: "k1",
    };
    let claim = |born: &str| json!({ "claims": [{ "key": "11013019900101001X", "values": { "birthDate": born } }] });
    for day in 2..5 {
        let answer = answers("person", claim(&format!("1985-03-0{day}")), Some(guard));
        assert_eq!(answer.expect("an answer")[0]["outcome"], "mismatch");
    }
    // The right one comes too late: its answer would be the value.
    let refused = answers("person", claim("1985-03-01"), Some(guard)).expect_err("refused");
    let problem = refused.problem();
    assert_eq!(problem.code, "too-many-guesses");
    assert_eq!(problem.field, "claims[0].values.birthDate");
    let other = Guard {
        guesses: &guesses,
        caller: "k2",
    };
    let answer = answers("person", claim("1985-03-01"), Some(other)).expect("an answer");
    assert_eq!(answer[0]["outcome"], "match");
}
