//! Validity by the rules of OGC Simple Features (06-103r4, 6.1.11.1), with the place of the fault.
//!
//! Rings are checked here, exactly, on the grid, so that the place of a crossing can be told and a
//! boundary of many thousand vertices is checked at once. How rings and polygons lie to one another
//! is asked of `geo`, for those pairs alone whose boxes meet.
//!
//! Not checked: that the interior of a polygon is connected, which a chain of holes that touch
//! each other could cut in two.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::relate::IntersectionMatrix;
use geo::{
    BoundingRect, Coord, Geometry, Intersects, LineString, Polygon, PreparedGeometry, Relate,
};

use crate::draft::Trail;
use crate::error::GeometryError;
use crate::position::Position;
use crate::segment;
use crate::shape::Shape;

/// The rule that a ring, line or part breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line whose positions are all the same.
    LineWithoutLength,
    /// A ring with fewer than three different positions.
    RingWithoutArea,
    /// A ring that crosses or touches itself.
    SelfIntersection {
        /// Where it does, rounded to the grid.
        at: Position,
    },
    /// A ring that runs back over itself.
    Spike {
        /// The vertex where it turns.
        at: Position,
    },
    /// A hole that is not inside the polygon's outer ring.
    HoleOutside,
    /// A hole that shares a stretch of the outer ring.
    HoleAlongOuterRing,
    /// Two holes that overlap.
    HolesOverlap {
        /// The index of the other ring in the polygon, where the outer ring is 0.
        other: usize,
    },
    /// Two holes that share a stretch of their edges.
    HolesShareEdge {
        /// The index of the other ring in the polygon, where the outer ring is 0.
        other: usize,
    },
    /// Two polygons of a multipolygon that overlap.
    PolygonsOverlap {
        /// The index of the other polygon.
        other: usize,
    },
    /// Two polygons of a multipolygon that share a stretch of their edges.
    PolygonsShareEdge {
        /// The index of the other polygon.
        other: usize,
    },
    /// The check itself failed; the geometry is not to be trusted.
    Unchecked,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = |at: &Position| {
            let (lon, lat) = at.degrees();
            format!("longitude {lon}, latitude {lat}")
        };
        match self {
            Fault::LineWithoutLength => formatter.write_str("the line has no length"),
            Fault::RingWithoutArea => {
                formatter.write_str("the ring has fewer than three different positions")
            }
            Fault::SelfIntersection { at } => {
                write!(formatter, "the ring meets itself at {}", degrees(at))
            }
            Fault::Spike { at } => {
                write!(
                    formatter,
                    "the ring runs back over itself at {}",
                    degrees(at)
                )
            }
            Fault::HoleOutside => formatter.write_str("the hole is not inside the outer ring"),
            Fault::HoleAlongOuterRing => {
                formatter.write_str("the hole shares a stretch of the outer ring")
            }
            Fault::HolesOverlap { other } => write!(formatter, "the hole overlaps ring {other}"),
            Fault::HolesShareEdge { other } => {
                write!(formatter, "the hole shares a stretch of ring {other}")
            }
            Fault::PolygonsOverlap { other } => {
                write!(formatter, "the polygon overlaps polygon {other}")
            }
            Fault::PolygonsShareEdge { other } => {
                write!(formatter, "the polygon shares an edge with polygon {other}")
            }
            Fault::Unchecked => formatter.write_str("the geometry could not be checked"),
        }
    }
}

/// Checks that a shape is valid.
///
/// # Errors
///
/// [`GeometryError::Invalid`] for the first fault found, with the path to the ring, line or
/// polygon (`coordinates[0]` is a polygon's outer ring, `coordinates[1]` its first hole).
pub fn validate(shape: &Shape) -> Result<(), GeometryError> {
    check(shape.geometry(), &mut Trail::default())
}

type Checked = Result<(), GeometryError>;

fn fault(fault: Fault, trail: &Trail) -> GeometryError {
    GeometryError::Invalid {
        place: trail.place(),
        fault,
    }
}

fn check(geometry: &Geometry<f64>, trail: &mut Trail) -> Checked {
    match geometry {
        Geometry::LineString(line) => check_line(line, trail),
        Geometry::MultiLineString(lines) => each(&lines.0, trail, check_line),
        Geometry::Polygon(polygon) => check_polygon(polygon, trail),
        Geometry::MultiPolygon(polygons) => {
            each(&polygons.0, trail, check_polygon)?;
            check_apart(&polygons.0, trail)
        }
        Geometry::GeometryCollection(members) => {
            let mut members = members.iter().enumerate();
            members
                .try_for_each(|(index, member)| trail.member(index, |trail| check(member, trail)))
        }
        // Points are always valid; shapes never hold the other three.
        Geometry::Point(_)
        | Geometry::MultiPoint(_)
        | Geometry::Line(_)
        | Geometry::Rect(_)
        | Geometry::Triangle(_) => Ok(()),
    }
}

fn each<T>(parts: &[T], trail: &mut Trail, step: fn(&T, &mut Trail) -> Checked) -> Checked {
    let mut parts = parts.iter().enumerate();
    parts.try_for_each(|(index, part)| trail.at(index, |trail| step(part, trail)))
}

fn check_line(line: &LineString<f64>, trail: &mut Trail) -> Checked {
    match line.0.iter().any(|coord| Some(coord) != line.0.first()) {
        true => Ok(()),
        false => Err(fault(Fault::LineWithoutLength, trail)),
    }
}

fn check_polygon(polygon: &Polygon<f64>, trail: &mut Trail) -> Checked {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (index, ring) in rings.enumerate() {
        if let Some(found) = ring_fault(ring) {
            return Err(trail.at(index, |trail| fault(found, trail)));
        }
    }
    if polygon.interiors().is_empty() {
        return Ok(());
    }
    let filled = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new());
    let shell = filled(polygon.exterior());
    let holes: Vec<Polygon<f64>> = polygon.interiors().iter().map(filled).collect();
    let prepared = PreparedGeometry::from(&shell);
    for (index, hole) in holes.iter().enumerate() {
        let found = match relate(&prepared, hole) {
            None => Fault::Unchecked,
            Some(matrix) if !matrix.is_contains() => Fault::HoleOutside,
            Some(matrix) if share_edge(&matrix) => Fault::HoleAlongOuterRing,
            Some(_) => continue,
        };
        return Err(trail.at(index + 1, |trail| fault(found, trail)));
    }
    match conflict(&holes) {
        None => Ok(()),
        Some((index, other, conflict)) => {
            let other = other + 1;
            let found = match conflict {
                Conflict::Overlap => Fault::HolesOverlap { other },
                Conflict::Edge => Fault::HolesShareEdge { other },
                Conflict::Unchecked => Fault::Unchecked,
            };
            Err(trail.at(index + 1, |trail| fault(found, trail)))
        }
    }
}

fn check_apart(polygons: &[Polygon<f64>], trail: &mut Trail) -> Checked {
    match conflict(polygons) {
        None => Ok(()),
        Some((index, other, conflict)) => {
            let found = match conflict {
                Conflict::Overlap => Fault::PolygonsOverlap { other },
                Conflict::Edge => Fault::PolygonsShareEdge { other },
                Conflict::Unchecked => Fault::Unchecked,
            };
            Err(trail.at(index, |trail| fault(found, trail)))
        }
    }
}

enum Conflict {
    Overlap,
    Edge,
    Unchecked,
}

/// Two polygons of the list that have more in common than single points.
fn conflict(polygons: &[Polygon<f64>]) -> Option<(usize, usize, Conflict)> {
    let boxes: Vec<_> = polygons.iter().map(BoundingRect::bounding_rect).collect();
    let meet =
        |a: usize, b: usize| matches!((boxes[a], boxes[b]), (Some(a), Some(b)) if a.intersects(&b));
    // The polygons with most vertices first: those are prepared, the small ones held against them.
    let mut order: Vec<usize> = (0..polygons.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(polygons[index].exterior().0.len()));
    for (place, &large) in order.iter().enumerate() {
        let near = order[place + 1..]
            .iter()
            .filter(|&&small| meet(large, small));
        let mut prepared = None;
        for &small in near {
            let prepared = prepared.get_or_insert_with(|| PreparedGeometry::from(&polygons[large]));
            let conflict = match relate(prepared, &polygons[small]) {
                None => Conflict::Unchecked,
                Some(matrix) if overlap(&matrix) => Conflict::Overlap,
                Some(matrix) if share_edge(&matrix) => Conflict::Edge,
                Some(_) => continue,
            };
            return Some((large.min(small), large.max(small), conflict));
        }
    }
    None
}

fn overlap(matrix: &IntersectionMatrix) -> bool {
    matrix.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional
}

fn share_edge(matrix: &IntersectionMatrix) -> bool {
    matrix.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
}

/// How two polygons lie to one another; `None` if `geo` gives up on them by a panic.
fn relate(a: &impl Relate<f64>, b: &Polygon<f64>) -> Option<IntersectionMatrix> {
    catch_unwind(AssertUnwindSafe(|| a.relate(b))).ok()
}

/// What is wrong with a closed ring taken by itself.
fn ring_fault(ring: &LineString<f64>) -> Option<Fault> {
    let position = |coord: &Coord<f64>| Position::of_coord(*coord);
    let mut vertices: Vec<Position> = ring.0.iter().map(position).collect();
    vertices.dedup();
    if vertices.len() < 4 {
        return Some(Fault::RingWithoutArea);
    }
    let last = vertices.len() - 2;
    for index in 0..=last {
        let (before, at) = (vertices[index], vertices[index + 1]);
        let after = vertices[if index == last { 1 } else { index + 2 }];
        if segment::doubles_back(before, at, after) {
            return Some(Fault::Spike { at });
        }
    }
    crossing(&vertices).map(|at| Fault::SelfIntersection { at })
}

/// A point where two edges of the closed ring meet that are not neighbours. The edges are swept
/// along the axis in which they overlap less.
fn crossing(vertices: &[Position]) -> Option<Position> {
    let span = |of: fn(&Position) -> i32| -> u64 {
        let lengths = vertices
            .windows(2)
            .map(|edge| of(&edge[0]).abs_diff(of(&edge[1])));
        let values = vertices.iter().map(of);
        let extent = values
            .clone()
            .max()
            .unwrap_or(0)
            .abs_diff(values.min().unwrap_or(0));
        // In thousandths of the extent.
        lengths.map(u64::from).sum::<u64>() * 1000 / u64::from(extent.max(1))
    };
    let by_lon: fn(&Position) -> i32 = |position| position.lon;
    let by_lat: fn(&Position) -> i32 = |position| position.lat;
    let along = if span(by_lon) <= span(by_lat) {
        by_lon
    } else {
        by_lat
    };
    let mut edges: Vec<(i32, i32, usize)> = vertices
        .windows(2)
        .enumerate()
        .map(|(index, edge)| {
            let (a, b) = (along(&edge[0]), along(&edge[1]));
            (a.min(b), a.max(b), index)
        })
        .collect();
    edges.sort_unstable();
    let count = edges.len();
    for (place, &(_, end, first)) in edges.iter().enumerate() {
        for &(_, _, second) in edges[place + 1..].iter().take_while(|edge| edge.0 <= end) {
            let apart = first.abs_diff(second);
            if apart == 1 || apart == count - 1 {
                continue;
            }
            let (a, b) = (vertices[first], vertices[first + 1]);
            let (c, d) = (vertices[second], vertices[second + 1]);
            if segment::meet(a, b, c, d) {
                return Some(segment::meeting_point(a, b, c, d));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests;
