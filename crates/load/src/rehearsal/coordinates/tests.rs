//! Files in one coordinate system that are read as another.

use std::sync::Arc;

use geometry::Bounds;
use schema::Catalog;

use super::*;

/// Two counties that share the meridian of 116.4°.
fn areas() -> DivisionAreas {
    let mut areas = DivisionAreas::new(500.0);
    for (code, west, east) in [
        ("110101000000", 116.3, 116.4),
        ("110105000000", 116.4, 116.5),
    ] {
        let bounds = Bounds::of_degrees(west, 39.8, east, 40.0).expect("a box");
        let code = DivisionCode::parse(code).expect("a code");
        areas
            .insert(code, Shape::of_bounds(bounds))
            .expect("an area");
    }
    areas
}

fn catalog() -> Catalog {
    Catalog::embedded().expect("schemas")
}

fn source(catalog: &Catalog, crs: &str) -> Arc<Source> {
    let mut source = Source::clone(catalog.source("synth-addresses").expect("a source"));
    source.crs = crs.to_string();
    Arc::new(source)
}

/// Places all over both counties, close to the border above all, as they would stand in a file of one
/// system that is read as another.
fn survey(truth: Crs, declared: &str) -> Coordinates {
    let catalog = catalog();
    let source = source(&catalog, declared);
    let surveyor = Surveyor::of_source(&source, || Ok::<_, ()>(areas()));
    let surveyor = surveyor.expect("no error").expect("places and divisions");
    let writer = Writer {
        catalog: &catalog,
        collection: &source.collection,
    };
    let read_as = Crs::from_name(declared).expect("a system");
    let number = |name: &str| source.collection.number(name).expect("a field");
    let mut seen = Seen::default();
    for n in 0..2_000u32 {
        let lon = 116.305 + 0.19 * f64::from(n % 200) / 200.0;
        let lat = 39.81 + 0.18 * f64::from(n / 200) / 10.0;
        let code = if lon <= 116.4 {
            "110101000000"
        } else {
            "110105000000"
        };
        let (x, y) = truth.from_geographic(lon, lat).expect("in the file");
        let (lon, lat) = read_as.to_geographic(x, y).expect("as read");
        let Position { lon, lat } = Position::from_degrees(lon, lat).expect("a place");
        let mut fields = vec![
            (number("text"), Value::text("某路")),
            (number("division"), Value::text(code)),
            (number("location"), Value::Point { lon, lat }),
        ];
        fields.sort_by_key(|(number, _)| *number);
        let row = MappedRow {
            fields,
            ..MappedRow::default()
        };
        let mut next = Seen::default();
        surveyor.look(u64::from(n) + 2, &row, writer, &mut next);
        seen.merge(next);
    }
    surveyor.report(&seen)
}

#[test]
fn sound_coordinates_speak_for_themselves() {
    for (truth, declared) in [
        (Crs::Cgcs2000, "CGCS2000"),
        (Crs::Gcj02, "GCJ-02"),
        (Crs::Bd09, "BD-09"),
        (Crs::Cgcs2000, "WGS84"),
    ] {
        let found = survey(truth, declared);
        assert_eq!(
            (found.checked, found.inside, found.unknown),
            (2_000, 2_000, 0),
            "{declared}"
        );
        assert_eq!(found.hypothesis, None, "{declared}");
        assert!(found.examples.is_empty());
        assert_eq!(found.trials.len(), 3);
    }
}

#[test]
fn a_wrong_system_is_pointed_at_with_both_counts() {
    for (truth, declared, name) in [
        (Crs::Gcj02, "CGCS2000", "GCJ-02"),
        (Crs::Bd09, "CGCS2000", "BD-09"),
        (Crs::Cgcs2000, "GCJ-02", "CGCS2000"),
        (Crs::Bd09, "GCJ-02", "BD-09"),
    ] {
        let found = survey(truth, declared);
        let hypothesis = found.hypothesis.as_ref().expect("a hypothesis");
        assert_eq!(hypothesis.crs, name, "{found:?}");
        assert_eq!(
            (hypothesis.tried, hypothesis.inside),
            (2_000, 2_000),
            "{found:?}"
        );
        assert_eq!(hypothesis.inside_as_declared, found.inside);
        assert!(found.outside > 50 && hypothesis.text.zh.contains(name));
        let example = &found.examples[0];
        assert!((1..3_000).contains(&example.metres), "{example:?}");
    }
}

#[test]
fn stray_places_are_no_system() {
    let catalog = catalog();
    let source = source(&catalog, "CGCS2000");
    let surveyor = Surveyor::of_source(&source, || Ok::<_, ()>(areas()));
    let surveyor = surveyor.expect("no error").expect("places and divisions");
    let seen = Seen {
        checked: 1_000,
        inside: 900,
        tried: 1_000,
        inside_declared: 900,
        candidates: [
            Tried::default(),
            Tried {
                inside: 880,
                gained: 5,
                lost: 25,
            },
            Tried {
                inside: 850,
                gained: 3,
                lost: 53,
            },
        ],
        ..Seen::default()
    };
    assert_eq!(surveyor.report(&seen).hypothesis, None);
}

#[test]
fn only_rows_that_claim_both_are_looked_at() {
    let catalog = catalog();
    for (name, looked_at) in [
        ("synth-addresses", true),
        ("synth-places", true),
        ("synth-persons", false),
        ("synth-divisions", false),
        ("synth-households", false),
    ] {
        let source = catalog.source(name).expect("a source");
        let surveyor = Surveyor::of_source(source, || Ok::<_, ()>(areas())).expect("no error");
        assert_eq!(surveyor.is_some(), looked_at, "{name}");
    }
}
