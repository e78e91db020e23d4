//! Two counties side by side at 40° N, in which a hundredth of a degree of longitude is 852 m.

use geometry::Bounds;

use super::*;

fn code(text: &str) -> DivisionCode {
    DivisionCode::parse(text).expect("a code")
}

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("a position")
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Shape {
    Shape::of_bounds(Bounds::of_degrees(west, south, east, north).expect("a box"))
}

/// 990101 from 116.0 to 116.5 and 990102 from 116.5 to 117.0, both from 39.5 to 40.5.
fn areas(tolerance: f64) -> DivisionAreas {
    let mut areas = DivisionAreas::new(tolerance);
    for (county, boundary) in [
        ("990101", rectangle(116.0, 39.5, 116.5, 40.5)),
        ("990102", rectangle(116.5, 39.5, 117.0, 40.5)),
    ] {
        areas.insert(code(county), boundary).expect("an area");
    }
    areas
}

#[test]
fn positions_lie_where_they_claim_or_elsewhere() {
    let areas = areas(0.0);
    let inside = at(116.2, 40.0);
    for claim in ["990101", "990101001", "990101001001"] {
        assert_eq!(
            areas.place_position(code(claim), inside),
            Placement::Inside,
            "{claim}"
        );
    }
    let verdict = areas.place_position(code("990102"), inside);
    assert!(!verdict.is_plausible());
    let Placement::Outside { metres, found } = verdict else {
        panic!("{verdict:?}")
    };
    assert!((metres - 25_550.0).abs() < 100.0, "{metres}");
    assert_eq!(found, Some(code("990101")));

    let nowhere = areas.place_position(code("990102"), at(100.0, 30.0));
    assert!(matches!(nowhere, Placement::Outside { found: None, .. }));
    assert_eq!(
        areas.place_position(code("980101"), inside),
        Placement::Unknown
    );
    assert!(Placement::Unknown.is_plausible());
}

#[test]
fn the_border_belongs_to_both() {
    let areas = areas(0.0);
    let border = at(116.5, 40.0);
    for claim in ["990101", "990102"] {
        assert_eq!(areas.place_position(code(claim), border), Placement::Inside);
    }
    assert_eq!(areas.find(border), Some(code("990101")));
}

#[test]
fn the_tolerance_is_in_metres() {
    // 852 m west of the border.
    let position = at(116.49, 40.0);
    let claimed = code("990102");
    assert!(
        !areas(800.0)
            .place_position(claimed, position)
            .is_plausible()
    );
    let verdict = areas(900.0).place_position(claimed, position);
    let Placement::Near { metres } = verdict else {
        panic!("{verdict:?}")
    };
    assert!((metres - 852.0).abs() < 2.0, "{metres}");
    for none in [f64::NAN, -1.0] {
        assert!(!areas(none).place_position(claimed, position).is_plausible());
    }
}

#[test]
fn the_finest_boundary_counts() {
    let mut areas = areas(0.0);
    areas
        .insert(code("99"), rectangle(115.0, 39.0, 118.0, 41.0))
        .expect("an area");
    areas
        .insert(code("990101001"), rectangle(116.0, 39.5, 116.1, 39.6))
        .expect("an area");
    assert_eq!(areas.len(), 4);
    assert_eq!(areas.find(at(116.05, 39.55)), Some(code("990101001")));
    assert_eq!(areas.find(at(116.3, 40.0)), Some(code("990101")));
    assert_eq!(areas.find(at(115.5, 40.0)), Some(code("99")));
    // A town that has no boundary of its own, and a county whose province has one.
    assert_eq!(
        areas.place_position(code("990101002"), at(116.3, 40.0)),
        Placement::Inside
    );
    assert_eq!(
        areas.place_position(code("990103"), at(117.5, 40.0)),
        Placement::Inside
    );
}

#[test]
fn shapes_lie_inside_straddle_or_do_not() {
    let areas = areas(0.0);
    let claimed = code("990101");
    let place = |shape: Shape| areas.place_shape(claimed, &shape);
    assert_eq!(
        place(rectangle(116.1, 40.0, 116.2, 40.1)),
        Placement::Inside
    );
    assert_eq!(
        place(rectangle(116.4, 40.0, 116.5, 40.1)),
        Placement::Inside
    );
    assert_eq!(
        place(rectangle(116.3, 40.0, 116.6, 40.1)),
        Placement::Straddles
    );
    assert!(matches!(
        place(rectangle(116.45, 40.0, 116.9, 40.1)),
        Placement::Outside { found: Some(found), .. } if found == code("990102")
    ));
    assert_eq!(place(Shape::point(at(116.2, 40.0))), Placement::Inside);
}

#[test]
fn a_line_is_no_boundary() {
    let line = Shape::from_wkt("LINESTRING (116 39, 117 40)").expect("a line");
    let mut areas = DivisionAreas::new(0.0);
    assert!(areas.insert(code("990101"), line).is_err());
    assert!(areas.is_empty());
}
