//! Prepared areas against `geo`'s own predicates on the same shapes.

use geo::{Coord, Intersects, LineString, MultiPolygon, Polygon, Rect};
use proptest::prelude::*;

use super::*;
use crate::predicate;

fn at(lon: i32, lat: i32) -> Position {
    Position { lon, lat }
}

fn shape(wkt: &str) -> Shape {
    Shape::from_wkt(wkt).expect("well-formed")
}

fn area(shape: &Shape) -> PreparedArea {
    PreparedArea::new(shape).expect("polygons only")
}

#[test]
fn areas_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PreparedArea>();
}

#[test]
fn lines_and_points_are_no_areas() {
    assert!(PreparedArea::new(&shape("POINT(1 1)")).is_err());
    let mixed = shape("GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)),LINESTRING(0 0,1 1))");
    assert_eq!(
        PreparedArea::new(&mixed).expect_err("a line").to_string(),
        "geometries[1]: a polygon or multipolygon is needed"
    );
}

#[test]
fn boxes_inside_outside_and_across() {
    let ring = area(&shape(
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))",
    ));
    let relation = |west, south, east, north| {
        ring.relation(Bounds::of_degrees(west, south, east, north).expect("in range"))
    };
    assert_eq!(relation(1.0, 1.0, 2.0, 8.0), BoundsRelation::Inside);
    assert_eq!(relation(4.0, 4.0, 5.0, 5.0), BoundsRelation::Outside);
    assert_eq!(relation(20.0, 4.0, 21.0, 5.0), BoundsRelation::Outside);
    assert_eq!(relation(1.0, 1.0, 8.0, 8.0), BoundsRelation::Crosses);
    assert_eq!(relation(-1.0, -1.0, 10.0, 10.0), BoundsRelation::Crosses);
    assert_eq!(relation(8.0, 8.0, 10.0, 10.0), BoundsRelation::Crosses);
    assert_eq!(relation(0.0, 5.0, 0.0, 5.0), BoundsRelation::Inside);
}

#[test]
fn overlapping_polygons_of_a_collection_are_united() {
    let both = shape(
        "GEOMETRYCOLLECTION(POLYGON((0 0,6 0,6 6,0 6,0 0),(2 2,4 2,4 4,2 4,2 2)),POLYGON((3 3,9 3,9 9,3 9,3 3)))",
    );
    let prepared = area(&both);
    for lon in 0..=20 {
        for lat in 0..=20 {
            let position = at(lon * 5_000_000, lat * 5_000_000);
            assert_eq!(
                prepared.contains(position),
                predicate::contains_position(&both, position),
                "{position:?}"
            );
        }
    }
}

#[test]
fn a_tall_comb_does_not_fill_memory() {
    // Every edge reaches from bottom to top: copies must stay within their limit.
    let teeth = 2_000;
    let mut ring: Vec<Coord<f64>> = (0..teeth)
        .map(|tooth| Coord {
            x: f64::from(tooth * 1_000),
            y: if tooth % 2 == 0 { 1_000.0 } else { 1e8 },
        })
        .collect();
    ring.push(Coord {
        x: f64::from(teeth * 1_000),
        y: 0.0,
    });
    ring.push(Coord { x: 0.0, y: 0.0 });
    let comb = Polygon::new(LineString::new(ring), Vec::new());
    let comb = Shape::of_geometry(Geometry::Polygon(comb));
    let prepared = area(&comb);
    for lon in (0..teeth * 1_000).step_by(777) {
        let position = at(lon, 40_000_000);
        assert_eq!(
            prepared.contains(position),
            predicate::contains_position(&comb, position)
        );
    }
}

/// A star-shaped polygon about a centre, with a star-shaped hole of half its size: valid whatever
/// the radii. Scaled so that edges lie both on and between grid positions.
fn star(centre: (i32, i32), radii: &[i32], hole: bool) -> Polygon<f64> {
    let ring = |shrink: f64| -> LineString<f64> {
        let count = radii.len() as f64;
        let vertex = |(step, radius): (usize, &i32)| {
            let angle = step as f64 / count * std::f64::consts::TAU;
            Coord {
                x: (f64::from(centre.0) + f64::from(*radius) * shrink * angle.cos()).round(),
                y: (f64::from(centre.1) + f64::from(*radius) * shrink * angle.sin()).round(),
            }
        };
        let mut coords: Vec<Coord<f64>> = radii.iter().enumerate().map(vertex).collect();
        coords.push(coords[0]);
        LineString::new(coords)
    };
    let holes = if hole { vec![ring(0.4)] } else { Vec::new() };
    Polygon::new(ring(1.0), holes)
}

fn stars() -> impl Strategy<Value = Shape> {
    let radii = prop_oneof![
        prop::collection::vec(8..40i32, 3..12),
        prop::collection::vec(1_000..9_000_000i32, 3..60),
    ];
    (radii, any::<bool>(), any::<bool>()).prop_map(|(radii, hole, two)| {
        let first = star((0, 0), &radii, hole);
        let widest = radii.iter().copied().max().unwrap_or(0);
        let polygons = if two {
            vec![first, star((2 * widest + 3, 5), &radii, !hole)]
        } else {
            vec![first]
        };
        Shape::of_geometry(Geometry::MultiPolygon(MultiPolygon(polygons)))
    })
}

/// Positions all about a shape: anywhere, on vertices, level with vertices, and on or by edges.
fn positions_about(shape: &Shape, seeds: &[(u32, u32)]) -> Vec<Position> {
    let Geometry::MultiPolygon(polygons) = shape.geometry() else {
        return Vec::new();
    };
    let edges: Vec<_> = polygons
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .flat_map(|ring| ring.lines())
        .collect();
    let bounds = shape.bounds();
    let (width, height) = (
        bounds.max.lon.abs_diff(bounds.min.lon) + 3,
        bounds.max.lat.abs_diff(bounds.min.lat) + 3,
    );
    let mut positions = Vec::new();
    for &(a, b) in seeds {
        let anywhere = at(
            bounds.min.lon - 1 + (a % width) as i32,
            bounds.min.lat - 1 + (b % height) as i32,
        );
        let edge = edges[a as usize % edges.len()];
        let vertex = Position::of_coord(edge.start);
        let along = f64::from(b % 9) / 8.0;
        let on_edge = Position::of_coord(edge.start + edge.delta() * along);
        positions.extend([
            anywhere,
            vertex,
            at(anywhere.lon, vertex.lat),
            at(vertex.lon, anywhere.lat),
            on_edge,
        ]);
    }
    positions
}

proptest! {
    #[test]
    fn contains_agrees_with_geo(
        shape in stars(),
        seeds in prop::collection::vec(any::<(u32, u32)>(), 40),
    ) {
        let prepared = area(&shape);
        for position in positions_about(&shape, &seeds) {
            let expected = shape.geometry().intersects(&position.coord());
            prop_assert_eq!(prepared.contains(position), expected, "{:?}", position);
        }
    }

    #[test]
    fn relation_is_never_wrong(
        shape in stars(),
        seeds in prop::collection::vec(any::<(u32, u32)>(), 2..20),
    ) {
        let prepared = area(&shape);
        let positions = positions_about(&shape, &seeds);
        for pair in positions.windows(2) {
            let bounds = Bounds::of_position(pair[0]).union(&Bounds::of_position(pair[1]));
            let rect = Geometry::Rect(Rect::new(bounds.min.coord(), bounds.max.coord()));
            let intersects = shape.geometry().intersects(&rect);
            match prepared.relation(bounds) {
                BoundsRelation::Outside => prop_assert!(!intersects),
                BoundsRelation::Inside => {
                    prop_assert!(intersects);
                    prop_assert!(prepared.contains(pair[0]) && prepared.contains(pair[1]));
                }
                BoundsRelation::Crosses => prop_assert!(!bounds.is_point() && intersects),
            }
        }
    }

    #[test]
    fn intersects_agrees_with_geo(
        area_shape in stars(),
        other in stars(),
        moved in (-100..100i32, -100..100i32),
    ) {
        use geo::Translate;
        let by = |value: i32| f64::from(value) * f64::from(area_shape.bounds().max.lon / 50 + 1);
        let (x, y) = (by(moved.0), by(moved.1));
        let other = Shape::of_geometry(other.geometry().translate(x.round(), y.round()));
        let expected = predicate::intersects(&area_shape, &other);
        prop_assert_eq!(area(&area_shape).intersects(&other), expected);
        let Geometry::MultiPolygon(polygons) = other.geometry() else {
            return Ok(());
        };
        let ring = polygons.0[0].exterior().clone();
        let line = Shape::of_geometry(Geometry::LineString(ring));
        let expected = predicate::intersects(&area_shape, &line);
        prop_assert_eq!(area(&area_shape).intersects(&line), expected);
    }
}
