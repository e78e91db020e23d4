//! Metres on the sphere.
//!
//! The earth is taken as a sphere of its mean radius, which is off from the ellipsoid by at most
//! 0.56 %, the usual bargain of radius searches.

use std::f64::consts::PI;

use geo::{CoordsIter, Geometry, Line, LinesIter, Point};

use crate::position::{Bounds, MAXIMUM_LON, Position, UNITS_PER_DEGREE};
use crate::predicate;
use crate::shape::Shape;

/// The mean radius of the earth in metres (IUGG R1).
pub const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// Metres in a grid unit of latitude.
pub(crate) const METRES_PER_UNIT: f64 = EARTH_RADIUS_METRES * PI / 180.0 / UNITS_PER_DEGREE;

/// Added around circles, in grid units, so that rounding never leaves a position out.
const MARGIN: f64 = 2.0;

/// The great-circle distance of two positions in metres, by the haversine formula.
pub fn haversine_metres(a: Position, b: Position) -> f64 {
    let (lat_a, lat_b) = (radians(f64::from(a.lat)), radians(f64::from(b.lat)));
    let lon = radians(f64::from(b.lon) - f64::from(a.lon));
    haversine(lat_a, lat_b, lon)
}

/// From latitudes and the difference of longitudes, all in radians.
fn haversine(lat_a: f64, lat_b: f64, lon: f64) -> f64 {
    let square = |value: f64| value * value;
    let half = square(((lat_b - lat_a) / 2.0).sin())
        + lat_a.cos() * lat_b.cos() * square((lon / 2.0).sin());
    2.0 * EARTH_RADIUS_METRES * half.sqrt().min(1.0).asin()
}

fn radians(units: f64) -> f64 {
    (units / UNITS_PER_DEGREE).to_radians()
}

/// The distance of a position from a shape in metres: 0 inside and on the edges, else to the
/// nearest point of the edges.
///
/// The nearest point of an edge is found on a plane (equirectangular about the position), and its
/// distance is then measured on the sphere, so the result is never too small. It is too large by
/// less than 0.1 % when the nearest point is within 100 km and below 60° of latitude; much further
/// away the wrong stretch of a long edge may be measured. Distances across the antimeridian are
/// measured for points, not for edges.
pub fn distance_metres(shape: &Shape, position: Position) -> f64 {
    let nearest = nearest(shape.geometry(), position);
    // Far from every edge, the position may still be inside a polygon.
    if nearest > 0.0
        && shape.bounds().contains(position)
        && predicate::contains_position(shape, position)
    {
        return 0.0;
    }
    nearest
}

/// The distance of two shapes in metres: 0 where they share a point, else from a vertex of one to the
/// nearest point of the other, measured as [`distance_metres`] does. The time it takes is the product
/// of their vertices.
pub fn between_metres(a: &Shape, b: &Shape) -> f64 {
    match (a.position(), b.position()) {
        (Some(a), Some(b)) => return haversine_metres(a, b),
        (Some(position), None) => return distance_metres(b, position),
        (None, Some(position)) => return distance_metres(a, position),
        (None, None) => {}
    }
    if predicate::intersects(a, b) {
        return 0.0;
    }
    let from = |vertices: &Shape, other: &Shape| {
        vertices
            .geometry()
            .coords_iter()
            .map(|coord| nearest(other.geometry(), Position::of_coord(coord)))
            .fold(f64::INFINITY, f64::min)
    };
    from(a, b).min(from(b, a))
}

/// A box that holds everything within a distance of another box, in metres.
pub fn around_bounds(bounds: Bounds, metres: f64) -> Bounds {
    let Bounds { min, max } = bounds;
    let corners = [
        (min.lon, min.lat),
        (min.lon, max.lat),
        (max.lon, min.lat),
        (max.lon, max.lat),
    ];
    corners
        .into_iter()
        .map(|(lon, lat)| circle_bounds(Position { lon, lat }, metres))
        .fold(bounds, |all, one| all.union(&one))
}

fn nearest(geometry: &Geometry<f64>, position: Position) -> f64 {
    let points = |points: &[Point<f64>]| {
        let metres = points
            .iter()
            .map(|point| haversine_metres(position, Position::of_coord(point.0)));
        metres.fold(f64::INFINITY, f64::min)
    };
    match geometry {
        Geometry::Point(point) => points(std::slice::from_ref(point)),
        Geometry::MultiPoint(many) => points(&many.0),
        Geometry::LineString(line) => nearest_edge(line.lines_iter(), position),
        Geometry::MultiLineString(lines) => nearest_edge(lines.lines_iter(), position),
        Geometry::Polygon(polygon) => nearest_edge(polygon.lines_iter(), position),
        Geometry::MultiPolygon(polygons) => nearest_edge(polygons.lines_iter(), position),
        Geometry::GeometryCollection(members) => members
            .iter()
            .map(|member| nearest(member, position))
            .fold(f64::INFINITY, f64::min),
        // Shapes never hold these three.
        Geometry::Line(line) => nearest_edge(line.lines_iter(), position),
        Geometry::Rect(rect) => nearest_edge(rect.lines_iter(), position),
        Geometry::Triangle(triangle) => nearest_edge(triangle.lines_iter(), position),
    }
}

fn nearest_edge(edges: impl Iterator<Item = Line<f64>>, position: Position) -> f64 {
    let origin = position.coord();
    let shrink = radians(origin.y).cos();
    let mut smallest = f64::INFINITY;
    let mut foot = origin;
    for edge in edges {
        let (x, y) = ((edge.start.x - origin.x) * shrink, edge.start.y - origin.y);
        let (dx, dy) = (edge.dx() * shrink, edge.dy());
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 {
            (-(x * dx + y * dy) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let (x, y) = (x + along * dx, y + along * dy);
        if x * x + y * y < smallest {
            smallest = x * x + y * y;
            foot = edge.start + edge.delta() * along;
        }
    }
    if smallest == f64::INFINITY {
        return smallest;
    }
    haversine(
        radians(origin.y),
        radians(foot.y),
        radians(foot.x - origin.x),
    )
}

/// The distance of a position from the nearest point of a box in metres, 0 inside: never more
/// than the distance from anything in the box, so nearest-neighbour searches may prune by it.
pub fn bounds_distance_metres(bounds: Bounds, position: Position) -> f64 {
    let lon_inside = (bounds.min.lon..=bounds.max.lon).contains(&position.lon);
    if lon_inside {
        let lat = position.lat.clamp(bounds.min.lat, bounds.max.lat);
        return haversine_metres(position, Position { lat, ..position });
    }
    let side = |lon: i32| meridian_distance(lon, bounds.min.lat, bounds.max.lat, position);
    side(bounds.min.lon).min(side(bounds.max.lon))
}

/// The distance from a stretch of a meridian.
fn meridian_distance(lon: i32, south: i32, north: i32, position: Position) -> f64 {
    let across = radians(f64::from(lon) - f64::from(position.lon));
    let lat = radians(f64::from(position.lat));
    let (south, north) = (radians(f64::from(south)), radians(f64::from(north)));
    // The great circle through the position at a right angle to the meridian meets it here; when
    // that is on the far side of a pole, one of the ends is nearest.
    let foot = lat.sin().atan2(lat.cos() * across.cos());
    let ends = haversine(lat, south, across).min(haversine(lat, north, across));
    if (south..=north).contains(&foot) {
        haversine(lat, foot, across).min(ends)
    } else {
        ends
    }
}

/// A box that surely holds every position within so many metres of the centre.
///
/// A circle that holds a pole or crosses the antimeridian gets all longitudes. Negative radii count
/// as 0, and one that is not a number as the whole earth.
pub fn circle_bounds(centre: Position, metres: f64) -> Bounds {
    let angle = metres.max(0.0) / EARTH_RADIUS_METRES * (1.0 + 1e-9);
    if metres.is_nan() || angle >= PI {
        return Bounds::WORLD;
    }
    let units = |radians: f64| radians.to_degrees() * UNITS_PER_DEGREE;
    let world = Bounds::WORLD;
    let (lon, lat) = (f64::from(centre.lon), f64::from(centre.lat));
    let height = units(angle) + MARGIN;
    let (south, north) = ((lat - height).floor(), (lat + height).ceil());
    let mut bounds = Bounds {
        min: Position {
            lon: world.min.lon,
            lat: south.max(f64::from(world.min.lat)) as i32,
        },
        max: Position {
            lon: world.max.lon,
            lat: north.min(f64::from(world.max.lat)) as i32,
        },
    };
    let holds_pole = south <= f64::from(world.min.lat) || north >= f64::from(world.max.lat);
    let width = units((angle.sin() / radians(lat).cos()).clamp(-1.0, 1.0).asin()) + MARGIN;
    let (west, east) = ((lon - width).floor(), (lon + width).ceil());
    let limit = f64::from(MAXIMUM_LON);
    if !holds_pole && west >= -limit && east <= limit {
        bounds.min.lon = west as i32;
        bounds.max.lon = east as i32;
    }
    bounds
}

#[cfg(test)]
mod tests;
