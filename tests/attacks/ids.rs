//! Ids guessed one after another, as anybody can who knows how they are made: an id that leads nowhere
//! says nothing of those that lead somewhere.

use record::EntityId;
use serde_json::Value;

use crate::comparing::guarded::Stage;
use crate::comparing::text;
use crate::served::Served;

/// What an answer tells besides what was asked: the body without the id, and which headers there are.
fn told(served: &Served, path: &str, id: &str) -> (u16, String, Vec<String>) {
    let answer = served.send("GET", path, &[], "");
    let names = answer.headers.keys().filter(|name| *name != "date");
    (
        answer.status,
        answer.body.replace(id, "ID"),
        names.cloned().collect(),
    )
}

fn ids(served: &Served) -> Vec<EntityId> {
    let page = served.get("/collections/person/items?limit=1000").1;
    let page: Value = serde_json::from_str(&page).expect("JSON");
    let features = page["features"].as_array().expect("features").iter();
    let ids = features.map(|one| one["id"].as_str().expect("an id").parse().expect("an id"));
    ids.collect()
}

#[test]
fn ids_that_lead_nowhere_are_alike() {
    let served = Served::shared();
    let known = ids(served);
    let last = known.iter().map(|id| id.number()).max().expect("somebody");
    let register = known[0].register();
    // Just past the last, far past it, and a household's.
    let numbers = [last + 1_000_000, last + 1_000_001, (1 << 45) - 1];
    let id = |number: u64| EntityId::new(register, number).expect("an id").to_string();
    let suffixes = ["", "/versions", "/statements"];
    for suffix in suffixes {
        let of = |number: u64| {
            let id = id(number);
            told(
                served,
                &format!("/collections/person/items/{id}{suffix}"),
                &id,
            )
        };
        let first = of(numbers[0]);
        assert_eq!(first.0, 404, "{suffix}");
        for number in &numbers[1..] {
            assert_eq!(of(*number), first, "{suffix} {number}");
        }
    }
    // Of another collection of the same register, and with a check symbol that is wrong.
    let household = served.get("/collections/household/items?limit=1").1;
    let household: Value = serde_json::from_str(&household).expect("JSON");
    let household = household["features"][0]["id"].as_str().expect("an id");
    let nowhere = told(
        served,
        &format!("/collections/person/items/{}", id(numbers[0])),
        &id(numbers[0]),
    );
    let other = told(
        served,
        &format!("/collections/person/items/{household}"),
        household,
    );
    assert_eq!(other, nowhere);
    let mut wrong = known[0].to_string();
    let check = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(check);
    let answer = served.send(
        "GET",
        &format!("/collections/person/items/{wrong}"),
        &[],
        "",
    );
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert!(!answer.body.contains("properties"), "{answer:?}");
}

#[test]
fn ids_tell_nothing_of_the_person() {
    let served = Served::shared();
    let page = served.get("/collections/person/items?limit=100").1;
    let page: Value = serde_json::from_str(&page).expect("JSON");
    for feature in page["features"].as_array().expect("features") {
        let id = feature["id"].as_str().expect("an id");
        let number = feature["properties"]["identityNumber"]
            .as_str()
            .expect("a number");
        for part in [&number[..6], &number[6..14], &number[14..]] {
            assert!(!id.contains(part), "{id} {number}");
        }
    }
}

#[test]
fn who_is_of_another_district_is_as_if_there_were_nobody() {
    let stage = Stage::shared();
    let [(district, own), (_, stranger)] = &stage.clerks;
    let person = stage
        .people
        .iter()
        .find(|one| text(one, "division").starts_with(district.as_str()))
        .expect("somebody of the district");
    let there = person["id"].as_str().expect("an id");
    let nobody = EntityId::new(
        there.parse::<EntityId>().expect("an id").register(),
        1 << 40,
    );
    let nobody = nobody.expect("an id").to_string();
    for suffix in [
        "",
        "?validAt=2024-01-01",
        "?f=html",
        "/versions",
        "/statements",
    ] {
        let told = |key: &str, id: &str| {
            let path = format!("/collections/person/items/{id}{suffix}");
            let headers = [("jiku-purpose", "household-registration")];
            let answer = stage.send(key, "GET", &path, &headers, "");
            let names = answer.headers.keys().filter(|name| *name != "date");
            let names: Vec<String> = names.cloned().collect();
            (answer.status, answer.body.replace(id, "ID"), names)
        };
        let absent = told(stranger, &nobody);
        assert_eq!(absent.0, 404, "{suffix} {absent:?}");
        assert_eq!(told(stranger, there), absent, "{suffix}");
        assert_eq!(told(own, &nobody), absent, "{suffix}");
    }
}

#[test]
fn a_name_written_in_percent_signs_is_the_same_name() {
    let stage = Stage::shared();
    let headers = [("jiku-purpose", "statistics")];
    for collection in [
        "person",
        "household",
        "organization",
        "address",
        "indicator",
        "nothing",
    ] {
        let first = collection.as_bytes()[0];
        let encoded = format!("%{first:02x}{}", &collection[1..]);
        for suffix in ["", "/items?limit=1", "/schema", "/queryables"] {
            let of = |name: &str| {
                let path = format!("/collections/{name}{suffix}");
                let answer = stage.send(&stage.statistics, "GET", &path, &headers, "");
                (answer.status, answer.json()["code"].clone())
            };
            assert_eq!(of(&encoded), of(collection), "{collection}{suffix}");
        }
    }
}
