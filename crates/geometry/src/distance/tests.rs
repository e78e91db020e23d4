//! Distances against known figures and against brute force.

use proptest::prelude::*;

use super::*;

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("in range")
}

fn shape(wkt: &str) -> Shape {
    Shape::from_wkt(wkt).expect("well-formed")
}

#[test]
fn known_distances() {
    // A quarter of the circumference, and a degree of latitude.
    let quarter = haversine_metres(at(0.0, 0.0), at(90.0, 0.0));
    assert!((quarter - EARTH_RADIUS_METRES * PI / 2.0).abs() < 1e-3);
    let degree = haversine_metres(at(116.0, 39.0), at(116.0, 40.0));
    assert!((degree - 111_195.08).abs() < 0.01, "{degree}");
    let antipodes = haversine_metres(at(0.0, 90.0), at(0.0, -90.0));
    assert!((antipodes - EARTH_RADIUS_METRES * PI).abs() < 1e-3);
    // The antimeridian is no barrier to points.
    assert!(haversine_metres(at(179.999, 0.0), at(-179.999, 0.0)) < 223.0);
}

#[test]
fn inside_is_zero_and_holes_are_outside() {
    let ring = shape(
        "POLYGON((116 39,117 39,117 40,116 40,116 39),(116.4 39.4,116.6 39.4,116.6 39.6,116.4 39.6,116.4 39.4))",
    );
    assert_eq!(distance_metres(&ring, at(116.1, 39.1)), 0.0);
    assert_eq!(distance_metres(&ring, at(116.0, 39.5)), 0.0);
    let in_hole = distance_metres(&ring, at(116.5, 39.41));
    assert!((in_hole - 1_111.95).abs() < 0.1, "{in_hole}");
    let collection = shape("GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(0 1,1 1))");
    let near_line = distance_metres(&collection, at(0.5, 1.01));
    assert!((near_line - 1_111.95).abs() < 0.5, "{near_line}");
}

#[test]
fn circles_at_poles_and_the_antimeridian() {
    let world = Bounds::WORLD;
    let pole = circle_bounds(at(116.0, 89.9), 20_000.0);
    assert_eq!(
        (pole.min.lon, pole.max.lon, pole.max.lat),
        (world.min.lon, world.max.lon, world.max.lat)
    );
    assert!(pole.min.lat > 890_000_000);
    let fiji = circle_bounds(at(179.99, -17.0), 5_000.0);
    assert_eq!((fiji.min.lon, fiji.max.lon), (world.min.lon, world.max.lon));
    assert_eq!(circle_bounds(at(0.0, 0.0), f64::INFINITY), world);
    assert_eq!(circle_bounds(at(0.0, 0.0), f64::NAN), world);
    let point = circle_bounds(at(116.0, 40.0), -1.0);
    assert!(point.contains(at(116.0, 40.0)) && point.max.lon - point.min.lon <= 6);
}

/// The distance from an edge by walking along it in small steps.
fn by_steps(a: (f64, f64), b: (f64, f64), position: Position) -> f64 {
    let (lat, lon) = (radians(f64::from(position.lat)), f64::from(position.lon));
    (0..=20_000)
        .map(|step| {
            let along = f64::from(step) / 20_000.0;
            let x = (a.0 + along * (b.0 - a.0)) * UNITS_PER_DEGREE;
            let y = (a.1 + along * (b.1 - a.1)) * UNITS_PER_DEGREE;
            haversine(lat, radians(y), radians(x - lon))
        })
        .fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn distances_from_edges_are_within_a_thousandth(
        lon in 73.0..135.0f64,
        lat in -59.0..59.0f64,
        from in (-0.5..0.5f64, -0.5..0.5f64),
        to in (-0.5..0.5f64, -0.5..0.5f64),
    ) {
        let (a, b) = ((lon + from.0, lat + from.1), (lon + to.0, lat + to.1));
        let line = shape(&format!("LINESTRING({} {},{} {})", a.0, a.1, b.0, b.1));
        let position = at(lon, lat);
        let (found, exact) = (distance_metres(&line, position), by_steps(a, b, position));
        prop_assume!(exact < 100_000.0);
        // The steps are up to 8 m long, and ends are snapped to a centimetre.
        prop_assert!(found > exact - 8.0 && found < exact * 1.001 + 0.1, "{} {}", found, exact);
    }

    #[test]
    fn circles_lie_in_their_boxes(
        lon in -180.0..=180.0f64,
        lat in -90.0..=90.0f64,
        metres in prop_oneof![0.0..100.0f64, 0.0..1e5f64, 0.0..2e7f64],
        bearing in 0.0..std::f64::consts::TAU,
    ) {
        let centre = at(lon, lat);
        let bounds = circle_bounds(centre, metres);
        // A point on the circle by the great-circle formula.
        let angle = metres / EARTH_RADIUS_METRES;
        let (lat, lon) = (radians(f64::from(centre.lat)), radians(f64::from(centre.lon)));
        let sin = lat.sin() * angle.cos() + lat.cos() * angle.sin() * bearing.cos();
        let there_lat = sin.clamp(-1.0, 1.0).asin();
        let across = (bearing.sin() * angle.sin() * lat.cos()).atan2(angle.cos() - lat.sin() * sin);
        let there_lon = (lon + across).to_degrees();
        let there_lon = (there_lon + 540.0).rem_euclid(360.0) - 180.0;
        let there = at(there_lon, there_lat.to_degrees().clamp(-90.0, 90.0));
        // Snapping may have moved the point outward by a unit.
        if haversine_metres(centre, there) <= metres {
            prop_assert!(bounds.contains(there), "{:?} {:?}", bounds, there);
        }
    }

    #[test]
    fn a_box_is_never_farther_than_what_it_holds(
        corner in (-180.0..170.0f64, -90.0..80.0f64),
        size in (0.0..10.0f64, 0.0..10.0f64),
        inner in (0.0..1.0f64, 0.0..1.0f64),
        from in (-180.0..=180.0f64, -90.0..=90.0f64),
    ) {
        let bounds = Bounds::of_degrees(corner.0, corner.1, corner.0 + size.0, corner.1 + size.1).expect("in range");
        let held = at(corner.0 + inner.0 * size.0, corner.1 + inner.1 * size.1);
        let position = at(from.0, from.1);
        let distance = bounds_distance_metres(bounds, position);
        prop_assert!(distance <= haversine_metres(position, held) + 1e-6);
        prop_assert_eq!(distance == 0.0, bounds.contains(position));
    }
}
