//! A position that stands for a shape.

use geo::{Contains, Coord, Geometry, LineString, Polygon};

use crate::position::Position;

/// Latitudes tried in turn, as fractions of a polygon's height.
const TRIES: [f64; 7] = [0.5, 0.375, 0.625, 0.25, 0.75, 0.125, 0.875];

/// Inside the polygon with the widest room, if there are polygons; else the middle vertex of the
/// longest line; else the first point.
pub(crate) fn point(geometry: &Geometry<f64>) -> Position {
    let mut parts = Parts::default();
    parts.collect(geometry);
    let rooms = parts.polygons.iter().filter_map(|polygon| room(polygon));
    let inside = rooms.max_by(|a, b| a.width.total_cmp(&b.width));
    let vertex = || {
        let on_polygon = parts.polygons.iter().find_map(|at| at.exterior().0.first());
        on_polygon.or(parts.points.first()).copied()
    };
    let coord = inside
        .map(|room| room.middle)
        .or_else(|| parts.polygons.is_empty().then(|| parts.on_line()).flatten())
        .or_else(vertex);
    // A shape has at least one position, so the default is never used.
    coord.map(Position::of_coord).unwrap_or_default()
}

#[derive(Default)]
struct Parts<'a> {
    polygons: Vec<&'a Polygon<f64>>,
    lines: Vec<&'a LineString<f64>>,
    points: Vec<Coord<f64>>,
}

impl<'a> Parts<'a> {
    fn collect(&mut self, geometry: &'a Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.points.push(point.0),
            Geometry::MultiPoint(points) => self.points.extend(points.iter().map(|at| at.0)),
            Geometry::LineString(line) => self.lines.push(line),
            Geometry::MultiLineString(lines) => self.lines.extend(lines),
            Geometry::Polygon(polygon) => self.polygons.push(polygon),
            Geometry::MultiPolygon(polygons) => self.polygons.extend(polygons),
            Geometry::GeometryCollection(members) => {
                members.iter().for_each(|member| self.collect(member));
            }
            // Shapes never hold these three.
            Geometry::Line(line) => self.points.push(line.start),
            Geometry::Rect(rect) => self.points.push(rect.min()),
            Geometry::Triangle(triangle) => self.points.push(triangle.v1()),
        }
    }

    fn on_line(&self) -> Option<Coord<f64>> {
        let span = |line: &LineString<f64>| {
            line.lines()
                .map(|edge| (edge.dx()).hypot(edge.dy()))
                .sum::<f64>()
        };
        let longest = self
            .lines
            .iter()
            .max_by(|a, b| span(a).total_cmp(&span(b)))?;
        longest.0.get(longest.0.len() / 2).copied()
    }
}

/// A grid position inside a polygon, and the width of the polygon there.
struct Room {
    middle: Coord<f64>,
    width: f64,
}

/// The middle of the widest stretch of the polygon along one of a few latitudes.
fn room(polygon: &Polygon<f64>) -> Option<Room> {
    let latitudes = polygon.exterior().0.iter().map(|coord| coord.y);
    let (south, north) = latitudes.fold((f64::MAX, f64::MIN), |(south, north), lat| {
        (south.min(lat), north.max(lat))
    });
    TRIES.iter().find_map(|part| {
        // Between two rows of the grid, so that the line meets no vertex.
        let lat = (south + (north - south) * part).floor() + 0.5;
        stretches(polygon, lat)
            .into_iter()
            .filter_map(|(west, east)| {
                let middle = Coord {
                    x: ((west + east) / 2.0).round(),
                    y: lat.floor(),
                };
                let width = east - west;
                polygon.contains(&middle).then_some(Room { middle, width })
            })
            .max_by(|a, b| a.width.total_cmp(&b.width))
    })
}

/// The stretches of a latitude inside the polygon, from west to east.
fn stretches(polygon: &Polygon<f64>, lat: f64) -> Vec<(f64, f64)> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let mut crossings: Vec<f64> = rings
        .flat_map(|ring| ring.lines())
        .filter(|edge| (edge.start.y < lat) != (edge.end.y < lat))
        .map(|edge| edge.start.x + edge.dx() * ((lat - edge.start.y) / edge.dy()))
        .collect();
    crossings.sort_by(f64::total_cmp);
    crossings
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
}
