//! Searches over the small store in memory.

use super::{Ranked, Sought, Suggestion, search, suggest};
use crate::fake::Fake;
use crate::{Context, Limits, QueryError};

fn ranked_in(text: &str, collections: &[&str]) -> Result<Ranked, QueryError> {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let collections: Vec<String> = collections.iter().map(|name| name.to_string()).collect();
    search(
        &context,
        &Sought {
            text,
            collections: &collections,
            times: context.times(None, None)?,
            limit: 5,
        },
    )
}

fn ranked(text: &str) -> Ranked {
    ranked_in(text, &[]).expect("an answer")
}

fn titles(ranked: &Ranked) -> Vec<&str> {
    ranked.hits.iter().map(|hit| hit.title.as_str()).collect()
}

fn suggested(beginning: &str) -> Vec<Suggestion> {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let times = context.times(None, None).expect("times");
    suggest(&context, beginning, &[], times, 5).expect("suggestions")
}

#[test]
fn names_in_every_way() {
    for (query, title, kind) in [
        ("王小明", "王小明", "exact"),
        ("王小", "王小明", "prefix"),
        ("小明", "王小明", "contained"),
        ("明小王", "王小明", "any-order"),
        ("wangxiaoming", "王小明", "sound"),
        ("wxm", "王小明", "sound"),
        ("王xm", "王小明", "sound"),
        ("王小名", "王小明", "similar"),
        ("万寿路", "万寿路街道", "prefix"),
        ("GDP", "地区生产总值", "exact"),
        ("gdp", "地区生产总值", "exact"),
        ("dqsczz", "地区生产总值", "sound"),
    ] {
        let ranked = ranked(query);
        let first = ranked
            .hits
            .first()
            .unwrap_or_else(|| panic!("{query} finds nothing"));
        assert_eq!((first.title.as_str(), first.kind), (title, kind), "{query}");
        assert!(first.score > 0.0 && first.score <= 1.0);
        assert!(!first.highlights.is_empty(), "{query}");
    }
}

#[test]
fn the_better_come_first_and_are_counted() {
    let ranked = ranked("王");
    assert_eq!(titles(&ranked)[..2], ["王芳", "王小明"]);
    assert!(ranked.counts.contains(&("person".to_string(), 2)));
    assert!(ranked.counts.contains(&("road".to_string(), 0)));
    let mark = &ranked.hits[0].highlights[0];
    assert_eq!(
        (mark.field.as_str(), mark.marks.as_slice()),
        ("name", std::slice::from_ref(&(0..1)))
    );
}

#[test]
fn what_may_have_been_meant() {
    let ranked = ranked("王晓名");
    assert_eq!(ranked.meant[0].text, "王小明");
    assert_eq!(
        (ranked.meant[0].collection.as_str(), ranked.meant[0].count),
        ("person", 1)
    );
    assert!(self::ranked("王小明").meant.is_empty());
    assert!(self::ranked("查无此人").meant.is_empty());
}

#[test]
fn only_some_collections() {
    let found = ranked_in("王", &["person"]).expect("an answer");
    assert_eq!(found.counts.len(), 1);
    for wrong in ["people", "observation"] {
        let error = ranked_in("王", &[wrong]).expect_err(wrong).to_string();
        assert!(
            error.contains("collections") && error.contains("person"),
            "{error}"
        );
    }
}

#[test]
fn bad_queries_are_refused() {
    for bad in ["", "  ", "·", "11010519491231002X"] {
        assert!(
            matches!(ranked_in(bad, &[]), Err(QueryError::BadParameter { .. })),
            "{bad}"
        );
    }
    assert!(matches!(
        ranked_in(&"王".repeat(5_000), &[]),
        Err(QueryError::Limit { .. })
    ));
}

#[test]
fn a_past_day_is_asked_about() {
    let store = Fake::city();
    let context = Context::new(&store, Limits::default());
    let at = |day: &str, text: &str| {
        let sought = Sought {
            text,
            collections: &[],
            times: context.times(Some(day), None).expect("times"),
            limit: 5,
        };
        search(&context, &sought).expect("an answer").hits.len()
    };
    assert_eq!(
        (at("1970-06-01", "旧址书店"), at("1970-06-01", "jzsd")),
        (1, 1)
    );
    assert_eq!((at("1970-08-30", "jzsd"), at("2024-01-01", "jzsd")), (0, 0));
    let told = |day: &str| {
        let times = context.times(Some(day), None).expect("times");
        suggest(&context, "旧址", &[], times, 5)
            .expect("suggestions")
            .len()
    };
    assert_eq!((told("1970-06-01"), told("1970-08-30")), (1, 0));
}

#[test]
fn beginnings_are_completed() {
    for beginning in ["王小", "wangx", "wxm", "王x", "w小"] {
        let told = suggested(beginning);
        assert_eq!(told[0].text, "王小明", "{beginning}");
        assert_eq!((told[0].collection.as_str(), told[0].count), ("person", 1));
        assert!(!told[0].marks.is_empty());
    }
    let texts: Vec<String> = suggested("w").into_iter().map(|one| one.text).collect();
    assert!(texts.contains(&"王芳".to_string()) && texts.contains(&"万寿路街道".to_string()));
    assert!(suggested("查无此人").is_empty());
}
