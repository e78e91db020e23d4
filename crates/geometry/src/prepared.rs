//! An area made ready for many tests of positions and boxes.

mod bands;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use geo::{Geometry, LineString, Polygon};

use crate::draft::Trail;
use crate::error::GeometryError;
use crate::position::{Bounds, Position};
use crate::segment;
use crate::shape::Shape;
use bands::{Bands, Edge};

/// How a box lies to an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundsRelation {
    /// Every position of the box is in the area.
    Inside,
    /// No position of the box is in the area.
    Outside,
    /// An edge of the area runs through the box or touches it: positions must be tested one by
    /// one.
    Crosses,
}

/// How a position lies to an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionRelation {
    /// In the area, off its edges.
    Inside,
    /// On an edge. An edge between two overlapping polygons of a collection counts too.
    Edge,
    /// Off the area.
    Outside,
}

/// The polygons of a shape, with their edges sorted into bands of latitude, so that a test looks
/// at a few edges only. Tests allocate nothing and are exact; the value can be shared by threads.
///
/// The shape is expected to be valid, except that polygons of a collection may overlap: the area
/// is their union.
#[derive(Clone, Debug)]
pub struct PreparedArea {
    bounds: Bounds,
    bands: Bands,
    /// A position of each polygon's outer ring.
    starts: Vec<Position>,
}

impl PreparedArea {
    /// Prepares the polygons of a shape.
    ///
    /// # Errors
    ///
    /// [`GeometryError::NotAnArea`] when the shape is or has a part that is not a polygon.
    pub fn new(shape: &Shape) -> Result<PreparedArea, GeometryError> {
        let mut polygons = Vec::new();
        collect(shape.geometry(), &mut polygons, &mut Trail::default())?;
        let mut edges = Vec::with_capacity(shape.vertices());
        for polygon in &polygons {
            // Turned so that the winding number of a position counts the polygons it is in.
            push_edges(polygon.exterior(), true, &mut edges);
            for hole in polygon.interiors() {
                push_edges(hole, false, &mut edges);
            }
        }
        let starts = polygons.iter().filter_map(|at| at.exterior().0.first());
        let bounds = shape.bounds();
        Ok(PreparedArea {
            bounds,
            bands: Bands::new(bounds.min.lat, bounds.max.lat, &edges),
            starts: starts.map(|coord| Position::of_coord(*coord)).collect(),
        })
    }

    /// The box around the area.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether the position is in the area. The edges belong to it.
    pub fn contains(&self, position: Position) -> bool {
        self.locate(position) != PositionRelation::Outside
    }

    /// Whether the position is in the area, on its edge, or outside.
    pub fn locate(&self, position: Position) -> PositionRelation {
        if !self.bounds.contains(position) {
            return PositionRelation::Outside;
        }
        let Position { lon, lat } = position;
        let mut winding = 0_i32;
        for &Edge { from, to } in self.bands.at(lat) {
            let upward = from.lat < to.lat;
            let (low, high) = if upward { (from, to) } else { (to, from) };
            if lat < low.lat || lat > high.lat {
                continue;
            }
            let (west, east) = (from.lon.min(to.lon), from.lon.max(to.lon));
            if lon > east {
                continue;
            }
            if lon >= west {
                // For a level edge, `side` is Equal as its latitude is the position's.
                match segment::side(low, high, position) {
                    Ordering::Equal => return PositionRelation::Edge,
                    // The edge is west of the position: a ray eastward does not meet it.
                    Ordering::Less => continue,
                    Ordering::Greater => {}
                }
            }
            // The ray meets the edge, whose upper end is not counted, as the next edge begins there.
            if lat < high.lat {
                winding += if upward { 1 } else { -1 };
            }
        }
        if winding > 0 {
            PositionRelation::Inside
        } else {
            PositionRelation::Outside
        }
    }

    /// How the box lies to the area. `Inside` and `Outside` are certain; a box that is merely
    /// touched by an edge from outside, or by an edge between two overlapping polygons, is told as
    /// `Crosses`. For a single position the answer is never `Crosses`.
    pub fn relation(&self, bounds: Bounds) -> BoundsRelation {
        if !self.bounds.intersects(&bounds) {
            return BoundsRelation::Outside;
        }
        if !bounds.is_point() {
            let mut edges = self.bands.between(bounds.min.lat, bounds.max.lat);
            if edges.any(|edge| edge_meets(edge, &bounds)) {
                return BoundsRelation::Crosses;
            }
        }
        if self.contains(bounds.min) {
            BoundsRelation::Inside
        } else {
            BoundsRelation::Outside
        }
    }

    /// Whether the area and the shape share a point, edges included: the same answer as
    /// [`crate::predicate::intersects`], but quick for an area of many edges.
    pub fn intersects(&self, shape: &Shape) -> bool {
        if let Some(position) = shape.position() {
            return self.contains(position);
        }
        match self.relation(shape.bounds()) {
            BoundsRelation::Inside => true,
            BoundsRelation::Outside => false,
            BoundsRelation::Crosses => self.meets(shape.geometry(), shape),
        }
    }

    fn meets(&self, geometry: &Geometry<f64>, shape: &Shape) -> bool {
        let line = |line: &LineString<f64>| self.meets_line(line);
        let polygon = |polygon: &Polygon<f64>| {
            let mut rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            rings.any(line)
        };
        let meets = match geometry {
            Geometry::Point(point) => self.contains(Position::of_coord(point.0)),
            Geometry::MultiPoint(points) => {
                let mut positions = points.iter().map(|at| Position::of_coord(at.0));
                return positions.any(|position| self.contains(position));
            }
            Geometry::LineString(at) => return line(at),
            Geometry::MultiLineString(lines) => return lines.iter().any(line),
            Geometry::Polygon(at) => polygon(at),
            Geometry::MultiPolygon(polygons) => polygons.iter().any(polygon),
            Geometry::GeometryCollection(members) => {
                members.iter().any(|member| self.meets(member, shape))
            }
            // Shapes never hold these three.
            Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => false,
        };
        // No edges meet and no vertex is inside: then a polygon of the area may still lie wholly
        // inside a polygon of the shape.
        meets
            || self
                .starts
                .iter()
                .any(|start| crate::predicate::contains_position(shape, *start))
    }

    /// Whether a line meets an edge of the area or lies inside it.
    fn meets_line(&self, line: &LineString<f64>) -> bool {
        let starts_inside = line
            .0
            .first()
            .is_some_and(|coord| self.contains(Position::of_coord(*coord)));
        starts_inside
            || line.lines().any(|edge| {
                let (a, b) = (Position::of_coord(edge.start), Position::of_coord(edge.end));
                self.bands
                    .between(a.lat.min(b.lat), a.lat.max(b.lat))
                    .any(|edge| segment::meet(a, b, edge.from, edge.to))
            })
    }
}

fn collect<'a>(
    geometry: &'a Geometry<f64>,
    polygons: &mut Vec<&'a Polygon<f64>>,
    trail: &mut Trail,
) -> Result<(), GeometryError> {
    match geometry {
        Geometry::Polygon(polygon) => polygons.push(polygon),
        Geometry::MultiPolygon(many) => polygons.extend(many),
        Geometry::GeometryCollection(members) => {
            for (index, member) in members.iter().enumerate() {
                trail.member(index, |trail| collect(member, polygons, trail))?;
            }
        }
        _ => {
            return Err(GeometryError::NotAnArea {
                place: trail.named(""),
            });
        }
    }
    Ok(())
}

/// Adds the edges of a ring, turned anticlockwise if asked so, else clockwise.
fn push_edges(ring: &LineString<f64>, anticlockwise: bool, edges: &mut Vec<Edge>) {
    let start = edges.len();
    edges.extend(ring.lines().filter_map(|line| {
        let (from, to) = (Position::of_coord(line.start), Position::of_coord(line.end));
        (from != to).then_some(Edge { from, to })
    }));
    // Twice the area, exactly: positive when the ring runs anticlockwise.
    let products = edges[start..].iter().map(|edge| {
        let (from, to) = (edge.from, edge.to);
        i128::from(from.lon) * i128::from(to.lat) - i128::from(to.lon) * i128::from(from.lat)
    });
    if (products.sum::<i128>() > 0) != anticlockwise {
        for edge in &mut edges[start..] {
            std::mem::swap(&mut edge.from, &mut edge.to);
        }
    }
}

/// Whether an edge shares a point with a box.
fn edge_meets(edge: &Edge, bounds: &Bounds) -> bool {
    let Edge { from, to } = *edge;
    let edge_box = Bounds {
        min: Position {
            lon: from.lon.min(to.lon),
            lat: from.lat.min(to.lat),
        },
        max: Position {
            lon: from.lon.max(to.lon),
            lat: from.lat.max(to.lat),
        },
    };
    if !edge_box.intersects(bounds) {
        return false;
    }
    let corner = |lon, lat| segment::side(from, to, Position { lon, lat });
    let corners = [
        corner(bounds.min.lon, bounds.min.lat),
        corner(bounds.max.lon, bounds.min.lat),
        corner(bounds.max.lon, bounds.max.lat),
        corner(bounds.min.lon, bounds.max.lat),
    ];
    // All corners on one side of the edge's line: the line passes by.
    !(corners.iter().all(|side| *side == Ordering::Less)
        || corners.iter().all(|side| *side == Ordering::Greater))
}
