//! Filters that are accepted, with their meaning, and filters that are refused, with the reason.

use record::{Comparison, Day, Expression, Function, Predicate, Relation, Value};

use super::condition::Step;
use super::{Condition, FilterCrs, Setting, from_json, from_text};
use crate::QueryError;
use crate::error::Position;
use crate::fake::catalog;
use crate::value::NoReferences;

fn condition(collection: &str, filter: &str) -> Result<Condition, QueryError> {
    let catalog = catalog();
    from_text(
        catalog.collection(collection).expect("a collection"),
        filter,
        setting(&catalog),
    )
}

fn setting(catalog: &schema::Catalog) -> Setting<'_> {
    Setting {
        catalog,
        references: &NoReferences,
        crs: FilterCrs::default(),
        day: "2024-03-01".parse::<Day>().expect("a day"),
    }
}

fn text(collection: &str, filter: &str) -> Result<Predicate, QueryError> {
    condition(collection, filter).map(|condition| condition.predicate().expect("no link").clone())
}

fn json(filter: &str) -> Result<Predicate, QueryError> {
    let catalog = catalog();
    let value = serde_json::from_str(filter).expect("JSON");
    let person = catalog.collection("person").expect("person");
    let condition = from_json(person, &value, setting(&catalog))?;
    Ok(condition.predicate().expect("no link").clone())
}

fn equal(field: &str, value: Value) -> Predicate {
    Predicate::Compare {
        field: field.into(),
        comparison: Comparison::Equal,
        value,
    }
}

#[test]
fn both_encodings_mean_the_same() {
    for (cql, encoded) in [
        ("sex = '1'", r#"{"op":"=","args":[{"property":"sex"},"1"]}"#),
        (
            "birthDate BETWEEN DATE('1990-01-01') AND DATE('2000') AND NOT name LIKE '王%'",
            r#"{"op":"and","args":[{"op":"between","args":[{"property":"birthDate"},{"date":"1990-01-01"},{"date":"2000"}]},
               {"op":"not","args":[{"op":"like","args":[{"property":"name"},"王%"]}]}]}"#,
        ),
        (
            "sex IN ('1','2') OR birthDate IS NULL",
            r#"{"op":"or","args":[{"op":"in","args":[{"property":"sex"},["1","2"]]},{"op":"isNull","args":[{"property":"birthDate"}]}]}"#,
        ),
        (
            "S_INTERSECTS(location, POINT(116 40))",
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[116,40]}]}"#,
        ),
        (
            "s_intersects(geometry, BBOX(116,39,117,40))",
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[116,39,117,40]}]}"#,
        ),
    ] {
        assert_eq!(
            text("person", cql).expect(cql),
            json(encoded).expect(encoded),
            "{cql}"
        );
    }
}

#[test]
fn operators_mean_what_they_say() {
    assert_eq!(
        text("person", "'1' = sex").expect("mirrored"),
        equal("sex", Value::text("1"))
    );
    let later = text("person", "DATE('1990') < birthDate").expect("mirrored");
    assert!(matches!(
        later,
        Predicate::Compare {
            comparison: Comparison::Greater,
            ..
        }
    ));
    assert_eq!(
        text("person", "near(116.3, 39.9, 500)").expect("a circle"),
        text("person", "dwithin(location, POINT(116.3 39.9), 500)").expect("a circle")
    );
    assert!(matches!(
        text("person", "within_division(division, '110108')"),
        Ok(Predicate::WithinDivision { .. })
    ));
    assert!(
        matches!(text("person", "text_match(name, addressText, '王')"), Ok(Predicate::Text { fields, .. }) if fields.len() == 2)
    );
    assert!(
        matches!(text("observation", "value > 12.50"), Ok(Predicate::Compare { value: Value::Decimal(number), .. }) if number.to_string() == "12.5")
    );
    assert_eq!(text("person", "true").expect("all"), Predicate::All);
}

#[test]
fn a_negation_is_unknown_where_there_is_no_value() {
    let not_equal = text("person", "NOT sex = '1'").expect("a negation");
    assert_eq!(not_equal, text("person", "sex <> '1'").expect("the same"));
    let outside = text("person", "NOT near(116, 40, 5)").expect("a negation");
    let present = Predicate::Not(Box::new(Predicate::IsNull {
        field: "location".into(),
    }));
    assert!(matches!(outside, Predicate::And(all) if all.contains(&present)));
    let both = text("person", "NOT (sex = '1' AND birthDate < DATE('1990'))").expect("De Morgan");
    assert!(matches!(both, Predicate::Or(any) if any.len() == 2));
    assert_eq!(
        text("person", "NOT NOT birthDate IS NULL").expect("twice"),
        text("person", "birthDate IS NULL").expect("once")
    );
}

#[test]
fn what_cannot_be_answered_exactly_is_refused() {
    for (collection, filter, named) in [
        ("person", "sex = '7'", "sex"),
        ("person", "sex = 1", "sex"),
        ("person", "sex = NULL", "IS NULL"),
        ("person", "household < registeredAddress", "<"),
        ("person", "currentAddress > registeredAddress", ">"),
        ("person", "name = birthDate", "="),
        ("person", "casei(name)", "casei"),
        ("person", "name = text_match(name, '王')", "text_match"),
        ("person", "Foo(geometry) = TRUE", "Foo"),
        (
            "person",
            "t_during(birthDate, INTERVAL('2020-01-01', '2019-01-01'))",
            "interval",
        ),
        ("person", "t_after(name, DATE('2020-01-01'))", "t_after"),
        ("person", "fuzzy_name(name, '王芳', 9)", "9"),
        ("person", "sex.name = '1'", "sex"),
        ("person", "household.hed = '1'", "hed"),
        ("person", "household.kind = head.kind", "head.kind"),
        (
            "person",
            "organization:registeredAddress.name = '1'",
            "registeredAddress",
        ),
        ("person", "linked('household', 'adress')", "head"),
        ("person", "linked_near('indicator', 5)", "indicator"),
        ("address", "room = '1'", "room"),
        ("person", "name", "alone"),
        (
            "person",
            "s_intersects(location, POLYGON((0 0,1 1,1 0,0 1,0 0)))",
            "geometry",
        ),
        ("person", "within_division(division, '11010')", "11010"),
        ("person", "household = 'H1'", "household"),
        ("indicator", "near(1,2,3)", "geometry"),
        (
            "indicator",
            "s_intersects(geometry, POINT(1 2))",
            "geometry",
        ),
    ] {
        let error = text(collection, filter).expect_err(filter).to_string();
        assert!(error.contains(named), "{filter}: {error}");
    }
}

fn exact(predicate: &Predicate) -> &Expression {
    match predicate {
        Predicate::Exact(expression) | Predicate::Narrowed { expression, .. } => expression,
        Predicate::And(all) => all.last().map(exact).expect("a last one"),
        other => panic!("nothing is evaluated: {other:?}"),
    }
}

#[test]
fn what_no_index_answers_is_evaluated_on_few_candidates() {
    let within =
        text("person", "s_within(location, POLYGON((0 0,1 0,1 1,0 0)))").expect("a relation");
    assert!(
        matches!(&within, Predicate::Narrowed { by, .. } if matches!(**by, Predicate::Intersects(_))),
        "{within:?}"
    );
    assert!(matches!(
        exact(&within),
        Expression::Call(Function::Relate(Relation::Within), _)
    ));
    // The geometry given may come first.
    let turned =
        text("person", "s_contains(POLYGON((0 0,1 0,1 1,0 0)), location)").expect("turned");
    assert_eq!(turned, within);
    let old = text("person", "age_at(birthDate) > 80").expect("an age");
    assert!(
        matches!(&old, Predicate::Narrowed { by, .. } if matches!(**by, Predicate::Compare { .. })),
        "{old:?}"
    );
    let near = text("person", "distance(location, POINT(116 40)) < 500").expect("a distance");
    assert!(
        matches!(&near, Predicate::Narrowed { by, .. } if matches!(**by, Predicate::NearAny { .. }))
    );
    for filter in [
        "name > 'a'",
        "addressText = '路'",
        "casei(name) = casei('A')",
        "accenti(name) LIKE accenti('é%')",
        "name = addressText",
        "birthDate < deathDate",
        "currentAddress = registeredAddress",
        "a_contains(formerNames, ('王芳', '王方'))",
        "pinyin_match(name, 'wangfang')",
        "fuzzy_name(name, '王芳') = TRUE",
    ] {
        let predicate = text("person", filter).expect(filter);
        assert!(
            matches!(predicate, Predicate::Exact(_)),
            "{filter}: {predicate:?}"
        );
    }
    assert!(text("observation", "value + 1 = 2 * value").is_ok());
    assert!(
        text("person", "NOT (name > 'a')")
            .is_ok_and(|one| matches!(exact(&one), Expression::Call(Function::Not, _)))
    );
}

#[test]
fn times_are_compared_by_their_ends() {
    let same = |one: &str, other: &str| {
        assert_eq!(
            text("person", one).expect(one),
            text("person", other).expect(other),
            "{one}"
        );
    };
    same(
        "t_after(birthDate, DATE('2020-01-01'))",
        "birthDate > DATE('2020-01-01')",
    );
    same(
        "t_after(birthDate, DATE('2020'))",
        "birthDate > DATE('2020-12-31')",
    );
    same(
        "t_during(birthDate, INTERVAL('1990-01-01', '..'))",
        "birthDate > DATE('1990-01-01') AND birthDate <= DATE('9999-12-31')",
    );
    same(
        "t_intersects(birthDate, INTERVAL('1990-01-01', '1990-12-31'))",
        "birthDate >= DATE('1990-01-01') AND birthDate <= DATE('1990-12-31')",
    );
    // 20:00 UTC is the next day in China.
    same(
        "birthDate > TIMESTAMP('2020-01-01T20:00:00Z')",
        "birthDate > DATE('2020-01-02')",
    );
    same("t_before(DATE('2020-01-01'), DATE('2020-01-02'))", "true");
    same(
        "t_before(TIMESTAMP('2020-01-01T01:00:00Z'), TIMESTAMP('2020-01-01T02:00:00Z'))",
        "true",
    );
    assert!(
        text(
            "person",
            "t_intersects(INTERVAL(validFrom, validTo), DATE('2020-01-01'))"
        )
        .is_ok()
    );
}

#[test]
fn names_lead_to_other_records() {
    let to = condition("person", "household.head.name = '王芳' AND sex = '1'").expect("links");
    let Condition::All(all) = &to else {
        panic!("{to:?}");
    };
    let Condition::Link(link) = &all[1] else {
        panic!("{all:?}");
    };
    assert!(matches!(&link.step, Step::To { collection, .. } if collection == "household"));
    assert!(matches!(&link.inner, Condition::Link(inner) if inner.inner.predicate().is_some()));
    // A condition that is unknown at the end is unknown here, and so is its negation.
    let not = condition("person", "NOT household.kind = '1'").expect("a negation");
    assert_eq!(
        not,
        condition("person", "household.kind <> '1'").expect("the same")
    );
    let absent = condition("person", "household.address IS NULL").expect("no address");
    assert!(matches!(absent, Condition::Not(_)));
    assert_eq!(
        condition("household", "person:household.sex = '1'").expect("backwards"),
        condition("household", "linked('person', 'household', sex = '1')").expect("the same")
    );
    assert!(matches!(
        condition("household", "NOT linked('person', 'household')").expect("nobody"),
        Condition::Not(_)
    ));
    assert!(
        condition(
            "organization",
            "linked_near('place', 300, name LIKE '%小学')"
        )
        .is_ok()
    );
}

#[test]
fn errors_say_where() {
    let Err(QueryError::UnknownField {
        name,
        known,
        parameter,
    }) = text("person", "sex = '1' AND brithDate = '1990'")
    else {
        panic!("an unknown field");
    };
    assert_eq!(
        (name.as_str(), parameter.as_str()),
        ("brithDate", "filter, character 14")
    );
    assert!(known.starts_with("birthDate"), "{known}");
    let Err(QueryError::Filter { position, .. }) = text("person", "sex = '1' AND (") else {
        panic!("a syntax error");
    };
    assert!(
        matches!(position, Some(Position::Character(14..=16))),
        "{position:?}"
    );
    let Err(QueryError::Filter { position, .. }) = json(r#"{"op":"and","args":[true,{"opp":1}]}"#)
    else {
        panic!("a syntax error");
    };
    assert_eq!(position, Some(Position::Pointer("/args/1".to_string())));
    assert!(json(r#"{"op":"=","args":[{"property":"sex"},"1"],"extra":1}"#).is_err());
}

#[test]
fn nesting_neither_overflows_nor_hangs() {
    let begun = std::time::Instant::now();
    let deep = |open: &str, middle: &str, close: &str, times: usize| {
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    let condition = "sex = '1'";
    assert!(text("person", &deep("(", condition, ")", 5000)).is_err());
    assert!(text("person", &deep("(", condition, ")", 1500)).is_err());
    assert!(text("person", &deep("NOT ", condition, "", 900)).is_err());
    assert!(text("person", &deep("-", "1 = value", "", 3000)).is_err());
    assert!(text("person", &format!("sex{}", " = sex".repeat(500))).is_err());
    // Within the bounds, but doubling the parser's work with each level.
    assert!(text("person", &deep("(", "sex = ", ")", 60)).is_err());
    assert!(text("person", &deep("(", "1", ",2)", 60)).is_err());
    assert!(text("person", &deep("f(", "1", ",2)", 60)).is_err());
    assert!(text("person", &deep("(", condition, ")", 12)).is_ok());
    assert!(text("person", &deep("NOT ", condition, "", 60)).is_ok());
    let chain = vec![condition; 200].join(" OR ");
    assert!(text("person", &chain).is_ok());
    let mut nested = serde_json::json!(true);
    for _ in 0..150 {
        nested = serde_json::json!({ "op": "not", "args": [nested] });
    }
    let catalog = catalog();
    assert!(
        from_json(
            catalog.collection("person").expect("person"),
            &nested,
            setting(&catalog)
        )
        .is_err()
    );
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
