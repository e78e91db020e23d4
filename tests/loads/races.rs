//! Several at once: publications that race, and look-ups while a load runs.

use std::sync::atomic::{AtomicBool, Ordering};

use super::served::{Desk, HEADER, check, file, row};

#[test]
fn of_two_who_publish_one_load_one_does() {
    let desk = Desk::new();
    let id = desk.rehearsed("a.csv", file(&[("GDP", "地区生产总值", "年度")]).as_bytes());
    let path = format!("/loads/{id}/publish");
    let mut statuses = std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| desk.post(&path, b"").status));
        both.map(|one| one.join().expect("an answer"))
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(desk.load(&id)["transaction"], 1);
}

#[test]
fn a_load_whose_outcome_has_moved_is_rehearsed_again_and_not_published() {
    let desk = Desk::new();
    let one = desk.rehearsed("one.csv", file(&[("GDP", "甲", "年度")]).as_bytes());
    let other = desk.rehearsed("other.csv", file(&[("GDP", "乙", "年度")]).as_bytes());
    let mut answers = std::thread::scope(|scope| {
        let publish = |id: &String| {
            let path = format!("/loads/{id}/publish");
            let desk = &desk;
            scope.spawn(move || desk.post(&path, b""))
        };
        [&one, &other]
            .map(publish)
            .map(|one| one.join().expect("an answer"))
    });
    answers.sort_by_key(|answer| answer.status);
    let [won, lost] = answers;
    assert_eq!(won.status, 200, "{}", won.text());
    check("state_moved", lost);
    let lost = if won.json()["id"] == one.as_str() {
        other
    } else {
        one
    };
    let load = desk.load(&lost);
    assert_eq!(load["state"], "rehearsed", "{load}");
    assert_eq!(load["problem"]["code"], "state-moved", "{load}");
    let report = desk.get(&format!("/loads/{lost}/report")).with(200);
    let counts = &report["report"]["counts"];
    assert_eq!(
        (&counts["inserted"], &counts["changed"]),
        (&0.into(), &1.into())
    );
    // Whoever has seen that may publish it.
    assert_eq!(desk.published(&lost), 2);
}

#[test]
fn a_load_that_still_does_the_same_is_published_though_the_state_moved() {
    let desk = Desk::new();
    let one = desk.rehearsed("one.csv", file(&[("GDP", "甲", "年度")]).as_bytes());
    let other = desk.rehearsed("other.csv", file(&[("CPI", "乙", "年度")]).as_bytes());
    assert_eq!(desk.published(&one), 1);
    assert_eq!(desk.published(&other), 2);
}

#[test]
fn look_ups_go_on_while_a_load_runs() {
    const ROWS: usize = 6_000;
    let desk = Desk::new();
    let first = desk.rehearsed("one.csv", file(&[("GDP", "甲", "年度")]).as_bytes());
    desk.published(&first);
    let mut many = HEADER.to_string();
    for number in 0..ROWS {
        many.push_str(&row(
            &format!("C{number}"),
            &format!("指标{number}"),
            "年度",
        ));
    }
    let done = AtomicBool::new(false);
    let asked = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut asked = 0;
            loop {
                let last = done.load(Ordering::Acquire);
                let body = br#"{"keys":["GDP","C1","C5999"]}"#;
                let answer = desk.post("/collections/indicator/lookup", body).with(200);
                let found = answer["numberMatched"].as_u64().expect("a count");
                // Before the load or after it, never between.
                assert!(found == 1 || found == 3, "{answer}");
                asked += 1;
                if last {
                    assert_eq!(found, 3);
                    return asked;
                }
            }
        });
        let id = desk.rehearsed("many.csv", many.as_bytes());
        desk.published(&id);
        done.store(true, Ordering::Release);
        asking.join().expect("answers")
    });
    assert!(asked >= 3, "{asked} look-ups while a load ran");
}

/// Whoever sees that it is the wrong file need not wait until all of it has been looked at.
#[test]
fn a_rehearsal_under_way_is_called_off() {
    const ROWS: usize = 200_000;
    let desk = Desk::new();
    let mut many = HEADER.to_string();
    for number in 0..ROWS {
        many.push_str(&row(&format!("C{number}"), "指标", "年度"));
    }
    let received = desk.post_soon("/loads?source=indicators&file=many.csv", many.as_bytes());
    let id = received.json()["id"].as_str().expect("an id").to_string();
    while desk.load(&id)["progress"]["rows"].as_u64().unwrap_or(0) == 0 {
        assert_ne!(desk.load(&id)["state"], "rehearsed");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let discarded = desk.post(&format!("/loads/{id}/discard"), b"").with(200);
    assert_eq!(discarded["state"], "discarded");
    // The next one has its turn at once, and nothing of the first is left.
    let next = desk.rehearsed("one.csv", file(&[("GDP", "甲", "年度")]).as_bytes());
    assert_eq!(desk.load(&id)["state"], "discarded");
    let left = desk.on_disk();
    assert!(left.iter().all(|path| path.contains(&next)), "{left:?}");
    assert_eq!(desk.published(&next), 1);
}
