//! How two shapes lie to one another, by OGC Simple Features (DE-9IM).
//!
//! Shapes are expected to be valid ([`crate::validate()`]); on invalid ones the answers may be wrong,
//! and `geo` may panic. All tests of points against edges are exact.

use geo::relate::IntersectionMatrix;
use geo::{Contains, Coord, Geometry, Intersects, Relate};

use crate::position::Position;
use crate::shape::Shape;

/// Whether the shapes share a point, edges included.
pub fn intersects(a: &Shape, b: &Shape) -> bool {
    a.geometry().intersects(b.geometry())
}

/// Whether the shapes share no point.
pub fn disjoint(a: &Shape, b: &Shape) -> bool {
    !intersects(a, b)
}

/// Whether no point of `b` is outside `a`, and their interiors share a point: a polygon does not
/// contain what lies on its edge alone.
pub fn contains(a: &Shape, b: &Shape) -> bool {
    if !a.bounds().contains_bounds(&b.bounds()) {
        return false;
    }
    // What has an area lies in a box where its bounds do, however many corners it has.
    (is_box(a) && is_area(b)) || a.geometry().contains(b.geometry())
}

/// Whether `b` contains `a`.
pub fn within(a: &Shape, b: &Shape) -> bool {
    contains(b, a)
}

/// Whether the shapes share points, but none of both interiors.
pub fn touches(a: &Shape, b: &Shape) -> bool {
    related(a, b, IntersectionMatrix::is_touches)
}

/// Whether a line runs through a polygon or another line, in DE-9IM's sense of crossing.
pub fn crosses(a: &Shape, b: &Shape) -> bool {
    related(a, b, IntersectionMatrix::is_crosses)
}

/// Whether shapes of the same dimension share a part of that dimension, and each has more besides.
pub fn overlaps(a: &Shape, b: &Shape) -> bool {
    related(a, b, IntersectionMatrix::is_overlaps)
}

/// Whether the shapes are the same set of points, however they are written.
pub fn equals(a: &Shape, b: &Shape) -> bool {
    a.bounds() == b.bounds() && related(a, b, IntersectionMatrix::is_equal_topo)
}

/// Whether the position lies in or on the shape: the edges count, as in
/// [`crate::PreparedArea::contains`].
pub fn contains_position(shape: &Shape, position: Position) -> bool {
    shape.geometry().intersects(&position.coord())
}

/// Whether a shape is the whole of its bounds.
fn is_box(shape: &Shape) -> bool {
    let Geometry::Polygon(polygon) = shape.geometry() else {
        return false;
    };
    let (min, max) = (shape.bounds().min.coord(), shape.bounds().max.coord());
    let ring = &polygon.exterior().0;
    let is_corner =
        |at: &Coord<f64>| (at.x == min.x || at.x == max.x) && (at.y == min.y || at.y == max.y);
    let along = |pair: &[Coord<f64>]| (pair[0].x == pair[1].x) != (pair[0].y == pair[1].y);
    polygon.interiors().is_empty()
        && ring.len() == 5
        && ring.iter().all(is_corner)
        && ring.windows(2).all(along)
}

fn is_area(shape: &Shape) -> bool {
    matches!(
        shape.geometry(),
        Geometry::Polygon(_) | Geometry::MultiPolygon(_)
    )
}

fn related(a: &Shape, b: &Shape, holds: fn(&IntersectionMatrix) -> bool) -> bool {
    a.bounds().intersects(&b.bounds()) && holds(&a.geometry().relate(b.geometry()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(wkt: &str) -> Shape {
        Shape::from_wkt(wkt).expect("well-formed")
    }

    #[test]
    fn a_square_and_what_lies_about_it() {
        let square = shape("POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))");
        let inside = shape("POINT(3 3)");
        let edge = shape("POINT(4 2)");
        let in_hole = shape("POINT(1.5 1.5)");
        let line = shape("LINESTRING(3 3,9 9)");
        let neighbour = shape("POLYGON((4 0,8 0,8 4,4 4,4 0))");
        let shifted = shape("POLYGON((3 3,6 3,6 6,3 6,3 3))");
        assert!(contains(&square, &inside) && within(&inside, &square));
        assert!(intersects(&square, &edge) && !contains(&square, &edge));
        assert!(touches(&square, &edge) && touches(&square, &neighbour));
        assert!(disjoint(&square, &in_hole));
        assert!(crosses(&line, &square) && !touches(&line, &square));
        assert!(overlaps(&square, &shifted) && !overlaps(&square, &neighbour));
        let turned = shape("POLYGON((4 4,0 4,0 0,4 0,4 4),(1 1,2 1,2 2,1 2,1 1))");
        assert!(equals(&square, &turned) && !equals(&square, &shifted));
    }

    #[test]
    fn boxes_contain_what_their_bounds_do() {
        let square = shape("POLYGON((0 0,4 0,4 4,0 4,0 0))");
        let turned = shape("POLYGON((4 4,4 0,0 0,0 4,4 4))");
        let slanted = shape("POLYGON((0 0,4 0,4 4,0 3,0 0))");
        let bow = shape("POLYGON((0 0,4 0,4 4,0 0))");
        let inside = shape("POLYGON((0 0,1 0,0 4,0 0))");
        for (one, holds) in [
            (&square, true),
            (&turned, true),
            (&slanted, false),
            (&bow, false),
        ] {
            assert_eq!(contains(one, &inside), holds);
        }
        assert!(!contains(&square, &shape("LINESTRING(0 0,0 4)")));
        assert!(contains(
            &square,
            &shape("MULTIPOLYGON(((0 0,1 0,0 4,0 0)),((3 3,4 4,3 4,3 3)))")
        ));
        assert!(!contains(&square, &shape("POLYGON((0 0,5 0,0 4,0 0))")));
    }

    #[test]
    fn positions_on_slanted_edges_count_although_their_decimals_are_not_exact_floats() {
        let triangle = shape("POLYGON((0.1 0.1,0.4 0.2,0.1 0.3,0.1 0.1))");
        let on_edge = Position::from_degrees(0.25, 0.15).expect("in range");
        assert!(contains_position(&triangle, on_edge));
        let third = shape("LINESTRING(0.1 0.1,0.4 0.2)");
        let on_line = Position {
            lon: 1_300_000,
            lat: 1_100_000,
        };
        assert!(contains_position(&third, on_line));
    }
}
