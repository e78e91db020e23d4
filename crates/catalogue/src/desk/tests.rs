//! Requests from application to expiry, with their clocks and who may do what.

use std::sync::Arc;

use access::{Caller, Form, Grants, Verb};
use record::Day;
use schema::{Catalog, SharingMode};
use serde_json::json;

use super::clock::{Awaited, Clock, Urgency};
use super::*;
use crate::papers::Loose;

fn catalog() -> Arc<Catalog> {
    Arc::new(Catalog::embedded().expect("schemas"))
}

fn desk_of(papers: Arc<dyn Papers>) -> Desk {
    let words = Vocabulary {
        purposes: Some(["public-service".to_string()].into()),
        masks: Some(["name".to_string()].into()),
    };
    let desk = Desk::open(papers, catalog(), words).expect("papers");
    desk.expect("a catalogue")
}

fn desk() -> Desk {
    desk_of(Arc::new(Loose::default()))
}

fn of(department: &str) -> Speaker {
    Speaker {
        department: department.to_string(),
        caller: format!("{department}-key"),
    }
}

fn wish(fields: serde_json::Value) -> Wish {
    serde_json::from_value(json!({
        "collection": "person", "fields": fields, "modes": ["interface", "verification"],
        "purpose": "public-service", "legalBasis": "社会保险法", "reason": "待遇资格认证", "days": 30,
    }))
    .expect("a wish")
}

fn agreed() -> Answer {
    serde_json::from_value(json!({ "agree": true })).expect("an answer")
}

fn caller(department: &str) -> Caller {
    Caller {
        department: Some(department.to_string()),
        ..Caller::nobody()
    }
}

fn faults(result: Result<Arc<Request>, DeskError>) -> Vec<String> {
    match result {
        Err(DeskError::Invalid(faults)) => faults.into_iter().map(|fault| fault.pointer).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_becomes_a_grant_that_ends() {
    let desk = desk();
    // Marital status is for civil affairs to share, the rest for public security.
    let asked = wish(json!({ "name": "full", "maritalStatus": "verify" }));
    let (applicant, supervisor) = (of("taxation"), of("big-data"));
    let request = desk.apply(asked, &applicant).expect("a request");
    let id = request.id.as_str();
    assert_eq!(
        request.clock.map(|clock| (clock.awaited, clock.days)),
        Some((Awaited::Conformity, 2))
    );
    let waits: Vec<&str> = request.waits_for().collect();
    assert_eq!(waits, ["civil-affairs", "public-security"]);
    let refused = desk.conform(id, true, "", &of("public-security"));
    assert!(matches!(refused, Err(DeskError::NotYours(to)) if to == "big-data"));
    let request = desk
        .conform(id, true, "", &supervisor)
        .expect("it conforms");
    assert_eq!(
        request.clock.map(|clock| (clock.awaited, clock.days)),
        Some((Awaited::Answer, 5))
    );
    let before = desk.version();
    desk.answer(id, agreed(), &of("public-security"))
        .expect("an answer");
    assert!(matches!(
        desk.answer(id, agreed(), &of("public-security")),
        Err(DeskError::State { .. })
    ));
    assert!(desk.in_force(&caller("taxation"), today()).is_empty());
    let request = desk
        .answer(id, agreed(), &of("civil-affairs"))
        .expect("an answer");
    assert_eq!((request.state, request.clock), (State::Granted, None));
    assert!(desk.version() > before);
    let grants = desk.in_force(&caller("taxation"), today());
    let [grant] = &grants[..] else {
        panic!("{grants:?}")
    };
    assert_eq!(grant.fields.get("name"), Some(&Form::Full));
    assert_eq!(grant.fields.get("maritalStatus"), Some(&Form::Verify));
    assert!(grant.verbs.contains(&Verb::Verify) && grant.verbs.contains(&Verb::Read));
    assert!(!grant.verbs.contains(&Verb::Export));
    assert!(grant.is_for(Some("public-service")) && !grant.is_for(Some("statistics")));
    assert!(desk.in_force(&caller("health"), today()).is_empty());
    let last = Day(today().0 + 29);
    assert_eq!(desk.in_force(&caller("taxation"), last).len(), 1);
    assert!(desk.in_force(&caller("taxation"), last.next()).is_empty());
    assert_eq!(request.state_on(last.next()), State::Expired);
    // Taken back, it holds no longer.
    assert!(desk.revoke(id, "", &supervisor).is_err());
    desk.revoke(id, "用途不符", &supervisor)
        .expect("taken back");
    assert!(desk.in_force(&caller("taxation"), today()).is_empty());
}

#[test]
fn providers_give_less_than_is_asked_and_never_more() {
    let desk = desk();
    let asked = wish(json!({ "name": "full", "sex": "verify", "maritalStatus": "full" }));
    let id = desk
        .apply(asked, &of("taxation"))
        .expect("a request")
        .id
        .clone();
    desk.conform(&id, true, "", &of("big-data"))
        .expect("it conforms");
    let answer = |fields| Answer {
        fields: Some(serde_json::from_value(fields).expect("forms")),
        ..agreed()
    };
    let more = desk.answer(
        &id,
        answer(json!({ "sex": "full" })),
        &of("public-security"),
    );
    assert_eq!(faults(more), ["/fields/sex"]);
    let others = desk.answer(
        &id,
        answer(json!({ "maritalStatus": "verify" })),
        &of("public-security"),
    );
    assert_eq!(faults(others), ["/fields/maritalStatus"]);
    let refusal = Answer {
        agree: false,
        ..agreed()
    };
    assert_eq!(
        faults(desk.answer(&id, refusal.clone(), &of("civil-affairs"))),
        ["/note"]
    );
    desk.answer(
        &id,
        answer(json!({ "name": "name" })),
        &of("public-security"),
    )
    .expect("less");
    let refusal = Answer {
        note: "无必要".to_string(),
        ..refusal
    };
    let request = desk
        .answer(&id, refusal, &of("civil-affairs"))
        .expect("a refusal");
    assert_eq!(request.state, State::Granted);
    let granted = request.granted.clone().expect("something");
    assert_eq!(
        granted,
        [("name".to_string(), Form::Masked("name".to_string()))].into()
    );
}

#[test]
fn what_is_not_published_yet_is_published_first() {
    let desk = desk();
    let asked = Wish {
        collection: "household".to_string(),
        ..wish(json!({ "kind": "full" }))
    };
    let id = desk
        .apply(asked, &of("taxation"))
        .expect("a request")
        .id
        .clone();
    desk.conform(&id, true, "", &of("big-data"))
        .expect("it conforms");
    let request = desk
        .answer(&id, agreed(), &of("public-security"))
        .expect("an answer");
    assert_eq!(request.state, State::Publishing);
    assert_eq!(request.clock.map(|clock| clock.days), Some(10));
    assert!(desk.in_force(&caller("taxation"), today()).is_empty());
    let request = desk
        .publish(&id, "", &of("public-security"))
        .expect("published");
    assert_eq!(request.state, State::Granted);
    assert_eq!(desk.in_force(&caller("taxation"), today()).len(), 1);
}

#[test]
fn what_is_returned_is_mended_and_what_is_not_granted_is_taken_back() {
    let desk = desk();
    let id = desk
        .apply(wish(json!({ "name": "full" })), &of("taxation"))
        .expect("a request")
        .id
        .clone();
    let silent = desk.conform(&id, false, "", &of("big-data"));
    assert_eq!(faults(silent), ["/note"]);
    let request = desk
        .conform(&id, false, "请写明依据", &of("big-data"))
        .expect("returned");
    assert_eq!((request.state, request.clock), (State::Returned, None));
    let request = desk
        .resubmit(&id, wish(json!({ "sex": "full" })), &of("taxation"))
        .expect("mended");
    assert_eq!(request.state, State::Applied);
    assert!(request.wish.fields.contains_key("sex"));
    let request = desk.withdraw(&id, "", &of("taxation")).expect("taken back");
    assert_eq!(
        (request.state, request.history.len()),
        (State::Withdrawn, 4)
    );
    assert!(matches!(
        desk.withdraw(&id, "", &of("taxation")),
        Err(DeskError::State { .. })
    ));
}

#[test]
fn who_has_no_part_in_a_request_hears_of_none() {
    let desk = desk();
    let id = desk
        .apply(wish(json!({ "name": "full" })), &of("taxation"))
        .expect("a request")
        .id
        .clone();
    for department in ["taxation", "public-security", "big-data"] {
        assert!(desk.request(&id, department).is_ok(), "{department}");
        assert_eq!(desk.requests(department).len(), 1, "{department}");
    }
    for (id, department) in [(id.as_str(), "health"), ("Q0000000000000000", "taxation")] {
        assert!(matches!(desk.request(id, department), Err(DeskError::NotFound(one)) if one == id));
    }
    assert!(desk.requests("health").is_empty());
    assert!(matches!(
        desk.withdraw(&id, "", &of("health")),
        Err(DeskError::NotFound(_))
    ));
}

#[test]
fn wishes_are_checked_before_anybody_reads_them() {
    let desk = desk();
    let good = wish(json!({ "name": "full" }));
    let by = of("taxation");
    let long = "长".repeat(1001);
    for (changed, pointer) in [
        (
            Wish {
                collection: "persons".into(),
                ..good.clone()
            },
            "/collection",
        ),
        (
            Wish {
                purpose: "curiosity".into(),
                ..good.clone()
            },
            "/purpose",
        ),
        (
            Wish {
                legal_basis: " ".into(),
                ..good.clone()
            },
            "/legalBasis",
        ),
        (
            Wish {
                reason: long,
                ..good.clone()
            },
            "/reason",
        ),
        (
            Wish {
                days: 0,
                ..good.clone()
            },
            "/days",
        ),
        (
            Wish {
                days: 367,
                ..good.clone()
            },
            "/days",
        ),
        (
            Wish {
                quota: Some(0),
                ..good.clone()
            },
            "/quota",
        ),
        (
            Wish {
                division: Some("110108".into()),
                ..good.clone()
            },
            "/division",
        ),
        (
            Wish {
                modes: vec![],
                ..good.clone()
            },
            "/modes",
        ),
        (
            Wish {
                modes: vec![SharingMode::Interface, SharingMode::File],
                ..good.clone()
            },
            "/modes/1",
        ),
        (
            Wish {
                columns: vec![json!({})],
                ..good.clone()
            },
            "/columns",
        ),
        (wish(json!({})), "/fields"),
        (wish(json!({ "nmae": "full" })), "/fields/nmae"),
        (wish(json!({ "name": "hidden" })), "/fields/name"),
        (wish(json!({ "name": "blurred" })), "/fields/name"),
        (
            Wish {
                modes: vec![SharingMode::Verification],
                ..good.clone()
            },
            "/fields/name",
        ),
    ] {
        let found = faults(desk.apply(changed, &by));
        assert!(
            found.iter().any(|one| one == pointer),
            "{pointer}: {found:?}"
        );
    }
    assert!(desk.requests("taxation").is_empty());
}

#[test]
fn papers_outlive_the_desk() {
    let papers: Arc<dyn Papers> = Arc::new(Loose::default());
    let desk = desk_of(papers.clone());
    let id = desk
        .apply(wish(json!({ "name": "full" })), &of("taxation"))
        .expect("a request")
        .id
        .clone();
    drop(desk);
    let again = desk_of(papers);
    let request = again.request(&id, "taxation").expect("the request");
    assert_eq!(request.state, State::Applied);
    again
        .conform(&id, true, "", &of("big-data"))
        .expect("it goes on");
}

#[test]
fn the_board_shows_the_overdue_first() {
    let desk = desk();
    let first = desk
        .apply(wish(json!({ "name": "full" })), &of("taxation"))
        .expect("a request")
        .id
        .clone();
    desk.apply(wish(json!({ "sex": "full" })), &of("health"))
        .expect("a request");
    desk.conform(&first, true, "", &of("big-data"))
        .expect("it conforms");
    // Three weeks on every clock of so few days has run out.
    let later = Day(today().0 + 30);
    let board = desk.board("big-data", later);
    assert_eq!((board.overdue, board.waiting.len()), (2, 2));
    assert!(board.waiting.iter().all(|one| one.clock.left < 0));
    // The check was due before the answer.
    assert_eq!(board.waiting[0].waits_for, ["big-data"]);
    assert_eq!(board.waiting[1].waits_for, ["public-security"]);
    assert_eq!(desk.reminders("public-security", later).len(), 1);
    assert_eq!(desk.board("health", later).waiting.len(), 1);
    assert!(desk.reminders("taxation", later).is_empty());
}

#[test]
fn clocks_count_working_days() {
    let rules = catalog().desk.clone().expect("a desk");
    let clock = Clock {
        awaited: Awaited::Answer,
        began: "2026-09-30".parse().expect("a day"),
        days: 5,
    };
    for (today, left, urgency) in [
        ("2026-09-30", 5, Urgency::Running),
        ("2026-10-07", 5, Urgency::Running),
        ("2026-10-12", 1, Urgency::DueSoon),
        ("2026-10-13", 0, Urgency::DueSoon),
        ("2026-10-14", -1, Urgency::Overdue),
    ] {
        let reading = clock.read(&rules.workdays, today.parse().expect("a day"), 1);
        assert_eq!((reading.left, reading.urgency), (left, urgency), "{today}");
        assert_eq!(
            (reading.due.as_str(), reading.provisional),
            ("2026-10-13", false)
        );
    }
}
