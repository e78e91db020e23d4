//! The links between registers, each question against a naive join, now and at another time.

use std::collections::BTreeSet;

use register::{Store, TimeScope};
use serde_json::{Value as Json, json};

use super::City;
use super::naive::{Row, Rows, V};

fn rows(city: &City) -> Rows {
    let today = register::today();
    let (view, catalog) = (city.store.view(), city.store.catalog().clone());
    Rows::read(view.as_ref(), &catalog, TimeScope::Present(today), today)
}

fn text<'r>(row: &'r Row, field: &str) -> &'r str {
    match row.fields.get(field) {
        Some(V::Text(text)) => text,
        _ => "",
    }
}

fn chosen(rows: &Rows, collection: &str, holds: impl Fn(&Row) -> bool) -> BTreeSet<String> {
    let all = rows.of(collection).iter();
    all.filter(|row| holds(row))
        .map(|row| row.id.clone())
        .collect()
}

/// Asks, compares, and gives the links that were followed.
fn check(city: &City, query: Json, expected: BTreeSet<String>) -> Vec<Json> {
    assert!(!expected.is_empty(), "nothing is expected: {query}");
    assert_eq!(city.ids(&query).expect("an answer"), expected, "{query}");
    let mut explained = query.clone();
    explained["explain"] = json!(true);
    let answer = city.answer(&explained).expect("an explanation");
    let links = answer["explanation"]["links"].as_array().cloned();
    let links = links.unwrap_or_default();
    for link in &links {
        for member in [
            "link",
            "first",
            "predicate",
            "estimatedNear",
            "estimatedFar",
            "found",
            "milliseconds",
        ] {
            assert!(!link[member].is_null(), "{member}: {link}");
        }
    }
    links
}

/// A district in which some legal representative's registered address is.
fn district(rows: &Rows) -> String {
    let organizations = rows.of("organization").iter();
    let mut codes = organizations.filter_map(|one| {
        let (_, person) = rows.target(one.fields.get("legalRepresentative")?)?;
        let (_, address) = rows.target(person.fields.get("registeredAddress")?)?;
        Some(text(address, "division")[..6].to_string())
    });
    codes.next().expect("an organization with a representative")
}

fn organizations_whose_representative_is_registered_in_a_district() {
    let city = City::shared();
    let rows = rows(city);
    let district = district(&rows);
    let expected = chosen(&rows, "organization", |one| {
        let person = one
            .fields
            .get("legalRepresentative")
            .and_then(|one| rows.target(one));
        let address = person
            .and_then(|(_, person)| person.fields.get("registeredAddress"))
            .and_then(|one| rows.target(one));
        address.is_some_and(|(_, address)| text(address, "division").starts_with(&district))
    });
    let filter =
        format!("within_division(legalRepresentative.registeredAddress.division, '{district}')");
    let links = check(
        city,
        json!({ "from": "organization", "filter": filter }),
        expected.clone(),
    );
    assert_eq!(links.len(), 2, "{links:?}");
    assert!(links.iter().all(|link| link["first"] == "far"), "{links:?}");
    // With one organization on the near side, it leads.
    let one = expected.iter().next().expect("one");
    let name = text(
        rows.target(&V::Text(one.clone())).expect("it").1,
        "creditCode",
    );
    let filter = format!("creditCode = '{name}' AND {filter}");
    let links = check(
        city,
        json!({ "from": "organization", "filter": filter }),
        [one.clone()].into(),
    );
    assert!(
        links.iter().any(|link| link["first"] == "near"),
        "{links:?}"
    );
}

fn persons_at_one_address_on_a_date() {
    let city = City::shared();
    let day: record::Day = "2030-05-01".parse().expect("a day");
    let view = city.store.view();
    let time = TimeScope::At(record::AsOf {
        valid: day,
        known: view.transaction(),
    });
    let catalog = city.store.catalog().clone();
    let rows = Rows::read(view.as_ref(), &catalog, time, day);
    let at = rows
        .of("person")
        .iter()
        .find_map(|person| rows.target(person.fields.get("currentAddress")?));
    let code = text(at.expect("an address").1, "code");
    let expected = chosen(&rows, "person", |one| {
        let address = one
            .fields
            .get("currentAddress")
            .and_then(|one| rows.target(one));
        address.is_some_and(|(_, address)| text(address, "code") == code)
    });
    let filter = format!("currentAddress.code = '{code}'");
    check(
        city,
        json!({ "from": "person", "filter": filter, "validAt": "2030-05-01" }),
        expected,
    );
    // Before anything was known, nobody was anywhere.
    let before = json!({ "from": "person", "filter": filter, "knownAt": "2000-01-01" });
    assert_eq!(city.ids(&before).expect("an answer"), BTreeSet::new());
}

fn organizations_near_a_school() {
    let city = City::shared();
    let rows = rows(city);
    // A small city need not have a school near a firm: then it is another kind of place.
    let near = |one: &Row, kind: &str, metres: i32| {
        one.shape.as_ref().is_some_and(|own| {
            rows.of("place").iter().any(|place| {
                text(place, "kind") == kind
                    && place.shape.as_ref().is_some_and(|place| {
                        let apart = geometry::distance::between_metres(place, own);
                        apart <= f64::from(metres)
                    })
            })
        })
    };
    let mut kinds = vec!["school"];
    kinds.extend(rows.of("place").iter().map(|place| text(place, "kind")));
    let choices = [300, 3000, 30_000].into_iter().flat_map(|metres| {
        let kinds = kinds.iter().take(20);
        kinds.map(move |kind| (*kind, metres))
    });
    let (kind, metres) = choices
        .into_iter()
        .find(|(kind, metres)| {
            let mut organizations = rows.of("organization").iter();
            organizations.any(|one| near(one, kind, *metres))
        })
        .expect("a place near an organization");
    let expected = chosen(&rows, "organization", |one| near(one, kind, metres));
    let filter = format!("linked_near('place', {metres}, kind = '{kind}')");
    check(
        city,
        json!({ "from": "organization", "filter": filter }),
        expected.clone(),
    );
    let others = chosen(&rows, "organization", |one| {
        one.shape.is_some() && !expected.contains(&one.id)
    });
    if !others.is_empty() {
        check(
            city,
            json!({ "from": "organization", "filter": format!("NOT {filter}") }),
            others,
        );
    }
}

fn households_with_a_member_over_eighty() {
    let city = City::shared();
    let rows = rows(city);
    let today = register::today();
    let expected = chosen(&rows, "household", |household| {
        rows.of("person").iter().any(|person| {
            let born = match person.fields.get("birthDate") {
                Some(V::Day(day)) => record::Day(*day),
                _ => return false,
            };
            text(person, "household") == household.id
                && record::age(born, today).is_some_and(|age| age > 80)
        })
    });
    let filter = "linked('person', 'household', age_at(birthDate) > 80)";
    check(
        city,
        json!({ "from": "household", "filter": filter }),
        expected.clone(),
    );
    let dotted = "age_at(person:household.birthDate) > 80";
    check(
        city,
        json!({ "from": "household", "filter": dotted }),
        expected.clone(),
    );
    let without = chosen(&rows, "household", |one| !expected.contains(&one.id));
    check(
        city,
        json!({ "from": "household", "filter": format!("NOT {filter}") }),
        without,
    );
}

fn values_of_linked_records_are_selected() {
    let city = City::shared();
    let rows = rows(city);
    let answer = city
        .answer(&json!({
            "from": "household", "limit": 20,
            "select": ["householdNumber", "head.name", "person:household.name", "head.registeredAddress.code"],
        }))
        .expect("an answer");
    for record in answer["records"].as_array().expect("records") {
        let household = rows.target(&V::Text(record["id"].as_str().expect("an id").into()));
        let (_, household) = household.expect("a household");
        let found = &record["properties"];
        let head = household
            .fields
            .get("head")
            .and_then(|head| rows.target(head));
        assert_eq!(
            found["head.name"].as_str().unwrap_or(""),
            head.map_or("", |(_, head)| text(head, "name")),
            "{record}"
        );
        let members = chosen(&rows, "person", |one| {
            text(one, "household") == household.id
        });
        assert_eq!(
            found["person:household.name"]
                .as_array()
                .expect("names")
                .len(),
            members.len()
        );
    }
    for (select, named) in [
        ("head.nam", "head.nam"),
        ("kind.name", "kind"),
        ("place:address.name", "place"),
    ] {
        let error = city
            .answer(&json!({ "from": "household", "select": [select] }))
            .expect_err(select);
        assert!(
            error
                .to_string()
                .contains(named.split('.').next_back().expect("a name")),
            "{error}"
        );
    }
}

fn a_link_that_passes_on_too_much_is_refused() {
    let city = City::shared();
    let limits = query::Limits {
        links: 5,
        ..query::Limits::default()
    };
    let context = query::Context::new(&city.store, limits);
    let query = json!({ "from": "household", "filter": "person:household.sex = '1'" });
    let query = query::Query::from_json(query.to_string().as_bytes()).expect("a query");
    let error = query::plan(&context, &query).expect_err("too many");
    let text = error.to_string();
    assert!(text.contains("'person'") && text.contains('5'), "{text}");
    assert_eq!(error.problem().code.as_str(), "limit-exceeded");
}

fn keys_of_persons_stay_out_of_urls_at_the_end_of_links_too() {
    let city = City::shared();
    let context = city.context();
    for filter in [
        "legalRepresentative.identityNumber = '110101199003070134'",
        "linked_near('person', 5, identityNumber = '110101199003070134')",
        "casei(identityNumber) = 'x'",
    ] {
        let from = if filter.starts_with("casei") {
            "person"
        } else {
            "organization"
        };
        let query = query::Query {
            from: from.into(),
            filter: Some(filter.into()),
            in_url: true,
            ..query::Query::default()
        };
        let error = query::plan(&context, &query).expect_err(filter);
        assert!(error.to_string().contains("URL"), "{error}");
    }
}

fn a_division_of_another_year_is_followed_by_what_became_of_it() {
    let city = City::shared();
    let rows = rows(city);
    // Where nothing ended, a date changes nothing.
    let district = district(&rows);
    let now = format!("within_division('{district}')");
    let then = format!("within_division('{district}', DATE('2024-01-01'))");
    let ids = |filter: &str| {
        city.ids(&json!({ "from": "person", "filter": filter }))
            .expect("an answer")
    };
    assert!(ids(&now).is_subset(&ids(&then)));
    assert!(!ids(&now).is_empty());
    // Geometries in another order of axes.
    let person = rows.of("person").iter().find_map(|one| one.shape.clone());
    let (lon, lat) = person.expect("a place").representative_point().degrees();
    let found = |crs: Json, point: String| {
        let filter = format!("distance(geometry, POINT({point})) < 200");
        city.ids(&json!({ "from": "person", "filter": filter, "filterCrs": crs }))
    };
    let plain = found("CRS84".into(), format!("{lon} {lat}")).expect("an answer");
    let turned = found(
        "http://www.opengis.net/def/crs/EPSG/0/4326".into(),
        format!("{lat} {lon}"),
    );
    assert!(!plain.is_empty());
    assert_eq!(turned.expect("an answer"), plain);
    let error = found("EPSG:1".into(), format!("{lon} {lat}")).expect_err("unknown");
    assert!(error.to_string().contains("filterCrs"), "{error}");
}

/// Every question of this file, over one city.
#[test]
fn links_are_followed_as_a_naive_join_would() {
    organizations_whose_representative_is_registered_in_a_district();
    persons_at_one_address_on_a_date();
    organizations_near_a_school();
    households_with_a_member_over_eighty();
    values_of_linked_records_are_selected();
    a_link_that_passes_on_too_much_is_refused();
    keys_of_persons_stay_out_of_urls_at_the_end_of_links_too();
    a_division_of_another_year_is_followed_by_what_became_of_it();
}
