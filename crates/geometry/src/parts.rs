//! Shapes as plain numbers, for encoders of other formats: the only way in which coordinates leave
//! this crate other than as GeoJSON, WKT and WKB.

use geo::{Coord, Geometry, LineString, Polygon, Simplify};

use crate::crs::{Crs, CrsError};
use crate::position::UNITS_PER_DEGREE;
use crate::shape::Shape;

/// A position: x and y.
pub type Pair = [f64; 2];

/// The coordinates of a shape, in the order x, y (longitude or easting first).
#[derive(Clone, Debug, PartialEq)]
pub enum Parts {
    /// One point.
    Point(Pair),
    /// Several points.
    MultiPoint(Vec<Pair>),
    /// One line.
    Line(Vec<Pair>),
    /// Several lines.
    MultiLine(Vec<Vec<Pair>>),
    /// Rings: the outer one first, each closed.
    Polygon(Vec<Vec<Pair>>),
    /// Several polygons.
    MultiPolygon(Vec<Vec<Vec<Pair>>>),
    /// Anything of the above.
    Collection(Vec<Parts>),
}

impl Shape {
    /// The coordinates, each brought from longitude and latitude in degrees (CGCS2000) to elsewhere.
    ///
    /// # Errors
    ///
    /// The first error of `convert`.
    pub fn parts<E>(
        &self,
        mut convert: impl FnMut(f64, f64) -> Result<Pair, E>,
    ) -> Result<Parts, E> {
        parts(self.geometry(), &mut |coord: &Coord<f64>| {
            convert(coord.x / UNITS_PER_DEGREE, coord.y / UNITS_PER_DEGREE)
        })
    }

    /// The coordinates in a system.
    ///
    /// # Errors
    ///
    /// [`CrsError::Outside`] when the shape lies out of reach of the system.
    pub fn parts_in(&self, crs: Crs) -> Result<Parts, CrsError> {
        self.parts(|lon, lat| crs.from_geographic(lon, lat).map(|(x, y)| [x, y]))
    }
}

fn parts<E>(
    geometry: &Geometry<f64>,
    pair: &mut impl FnMut(&Coord<f64>) -> Result<Pair, E>,
) -> Result<Parts, E> {
    Ok(match geometry {
        Geometry::Point(point) => Parts::Point(pair(&point.0)?),
        Geometry::MultiPoint(points) => Parts::MultiPoint(
            points
                .iter()
                .map(|at| pair(&at.0))
                .collect::<Result<_, E>>()?,
        ),
        Geometry::LineString(one) => Parts::Line(line(one, pair)?),
        Geometry::MultiLineString(lines) => Parts::MultiLine(
            lines
                .iter()
                .map(|one| line(one, pair))
                .collect::<Result<_, E>>()?,
        ),
        Geometry::Polygon(one) => Parts::Polygon(polygon(one, pair)?),
        Geometry::MultiPolygon(all) => Parts::MultiPolygon(
            all.iter()
                .map(|one| polygon(one, pair))
                .collect::<Result<_, E>>()?,
        ),
        Geometry::GeometryCollection(members) => Parts::Collection(
            members
                .iter()
                .map(|one| parts(one, pair))
                .collect::<Result<_, E>>()?,
        ),
        // Shapes never hold these three.
        Geometry::Line(one) => Parts::Line(line(&LineString::from(*one), pair)?),
        Geometry::Rect(one) => Parts::Polygon(polygon(&one.to_polygon(), pair)?),
        Geometry::Triangle(one) => Parts::Polygon(polygon(&one.to_polygon(), pair)?),
    })
}

fn line<E>(
    line: &LineString<f64>,
    pair: &mut impl FnMut(&Coord<f64>) -> Result<Pair, E>,
) -> Result<Vec<Pair>, E> {
    line.0.iter().map(pair).collect()
}

fn polygon<E>(
    polygon: &Polygon<f64>,
    pair: &mut impl FnMut(&Coord<f64>) -> Result<Pair, E>,
) -> Result<Vec<Vec<Pair>>, E> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    rings.map(|ring| line(ring, pair)).collect()
}

/// A line with fewer positions, none of which it leaves by more than `tolerance` (Douglas and Peucker).
/// Ends stay where they are, so a closed ring stays closed.
pub fn simplified(positions: &[Pair], tolerance: f64) -> Vec<Pair> {
    let line = LineString::new(
        positions
            .iter()
            .map(|[x, y]| Coord { x: *x, y: *y })
            .collect(),
    );
    let simple = line.simplify(tolerance);
    simple.0.into_iter().map(|at| [at.x, at.y]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_leave_in_their_own_order_and_system() {
        let shape = Shape::from_wkt("POLYGON((116 39,117 39,117 40,116 39))").expect("a shape");
        let Ok(Parts::Polygon(rings)) = shape.parts_in(Crs::Crs84) else {
            panic!("a polygon");
        };
        assert_eq!(rings[0][1], [117.0, 39.0]);
        let point = Shape::from_wkt("POINT(116.3913 39.9075)").expect("a shape");
        let Ok(Parts::Point([x, y])) = point.parts_in(Crs::GaussKruger { epsg: 4548 }) else {
            panic!("a point");
        };
        assert!(
            (x - 447_950.515).abs() < 0.001 && (y - 4_419_435.790).abs() < 0.001,
            "{x} {y}"
        );
        assert!(point.parts_in(Crs::GaussKruger { epsg: 4534 }).is_err());
    }

    #[test]
    fn lines_lose_what_nobody_sees() {
        let line = [[0.0, 0.0], [5.0, 0.1], [10.0, 0.0], [10.0, 10.0]];
        assert_eq!(
            simplified(&line, 1.0),
            [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]
        );
        assert_eq!(simplified(&line, 0.01), line);
    }
}
