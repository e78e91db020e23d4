//! Filters that are accepted, with their meaning, and filters that are refused, with the reason.

use record::{Comparison, Predicate, Value};

use super::{from_json, from_text};
use crate::QueryError;
use crate::error::Position;
use crate::fake::catalog;
use crate::value::NoReferences;

fn text(collection: &str, filter: &str) -> Result<Predicate, QueryError> {
    let catalog = catalog();
    from_text(
        catalog.collection(collection).expect("a collection"),
        filter,
        &NoReferences,
    )
}

fn json(filter: &str) -> Result<Predicate, QueryError> {
    let catalog = catalog();
    let value = serde_json::from_str(filter).expect("JSON");
    from_json(
        catalog.collection("person").expect("person"),
        &value,
        &NoReferences,
    )
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
        (
            "person",
            "s_within(location, POLYGON((0 0,1 0,1 1,0 0)))",
            "s_within",
        ),
        (
            "person",
            "t_after(birthDate, DATE('2020-01-01'))",
            "t_after",
        ),
        (
            "person",
            "birthDate > TIMESTAMP('2020-01-01T00:00:00Z')",
            "TIMESTAMP",
        ),
        ("person", "sex = '7'", "sex"),
        ("person", "sex = 1", "sex"),
        ("person", "name > 'a'", "name"),
        ("person", "addressText = '路'", "text_match"),
        ("person", "sex = NULL", "IS NULL"),
        ("person", "name", "alone"),
        ("person", "name = sex", "name"),
        ("person", "casei(name) = 'a'", "casei"),
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
        ("observation", "value + 1 = 2", "+"),
    ] {
        let error = text(collection, filter).expect_err(filter).to_string();
        assert!(error.contains(named), "{filter}: {error}");
    }
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
            &NoReferences
        )
        .is_err()
    );
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
