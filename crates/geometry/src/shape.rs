//! Shapes: any geometry of OGC Simple Features on the grid, and its GeoJSON, WKT and WKB forms.

use geo::{BoundingRect, Coord, CoordsIter, Geometry, LineString, Point, Polygon};
use serde_json::Value;

use crate::crs::{AxisOrder, Crs, CrsError};
use crate::error::GeometryError;
use crate::format::{geojson_reader, geojson_writer, wkb, wkt};
use crate::position::{Bounds, Position};
use crate::representative;

/// How deep geometry collections may be nested.
pub const MAXIMUM_DEPTH: usize = 8;

/// A point, line, polygon, a multiple of one of them, or a collection, in CGCS2000 degrees.
///
/// The coordinates are snapped to the grid of [`Position`] (1e-7 degree) when the shape is made.
/// A shape always holds at least one position: empty geometries are refused, because a record
/// without a place has no shape at all. Heights (Z) and measures (M) are dropped: the platform is
/// two-dimensional. A shape is well-formed but not necessarily valid; see [`crate::validate()`].
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// In grid units, so whole numbers only.
    geometry: Geometry<f64>,
}

impl Shape {
    /// Reads a GeoJSON geometry object (RFC 7946).
    ///
    /// A third and further numbers of a position are dropped. A `crs` member (GeoJSON 2008) is
    /// accepted when it names CGCS2000 or WGS 84. Other foreign members are ignored.
    ///
    /// # Errors
    ///
    /// Wrong types or nesting, coordinates out of range, rings not closed, empty geometries: each
    /// with the path to the fault, such as `coordinates[0][3]`.
    pub fn from_geojson(value: &Value) -> Result<Shape, GeometryError> {
        Self::from_geojson_in(value, Crs::Cgcs2000)
    }

    /// As [`Shape::from_geojson`], from coordinates in another system, in the order longitude,
    /// latitude or easting, northing.
    ///
    /// # Errors
    ///
    /// As [`Shape::from_geojson`], and [`GeometryError::Crs`] for coordinates outside the system.
    pub fn from_geojson_in(value: &Value, crs: Crs) -> Result<Shape, GeometryError> {
        let draft = geojson_reader::read(value, crs)?;
        draft.assemble(crs).map(Self::of_geometry)
    }

    /// Reads a GeoJSON geometry from text.
    ///
    /// # Errors
    ///
    /// As [`Shape::from_geojson`], and [`GeometryError::Json`] with line and column.
    pub fn from_geojson_str(text: &str) -> Result<Shape, GeometryError> {
        let value: Value = serde_json::from_str(text).map_err(|error| GeometryError::Json {
            line: error.line(),
            column: error.column(),
            message: error.to_string(),
        })?;
        Self::from_geojson(&value)
    }

    /// Reads Well-Known Text (OGC 06-103r4), `Z`, `M` and `ZM` forms included.
    ///
    /// # Errors
    ///
    /// Syntax errors with their byte offset; faults of coordinates and rings with their path, as in
    /// [`Shape::from_geojson`].
    pub fn from_wkt(text: &str) -> Result<Shape, GeometryError> {
        Self::from_wkt_in(text, Crs::Cgcs2000)
    }

    /// As [`Shape::from_wkt`], from coordinates in another system, in the order longitude,
    /// latitude or easting, northing.
    ///
    /// # Errors
    ///
    /// As [`Shape::from_wkt`], and [`GeometryError::Crs`] for coordinates outside the system.
    pub fn from_wkt_in(text: &str, crs: Crs) -> Result<Shape, GeometryError> {
        wkt::read(text)?.assemble(crs).map(Self::of_geometry)
    }

    /// Reads Well-Known Binary in either byte order, in the ISO form or PostGIS's extended form. A
    /// code of the reference system (SRID) must be 0, 4490 or 4326.
    ///
    /// # Errors
    ///
    /// Truncated or malformed input with its byte offset; faults of coordinates and rings with
    /// their path, as in [`Shape::from_geojson`].
    pub fn from_wkb(bytes: &[u8]) -> Result<Shape, GeometryError> {
        Self::from_wkb_in(bytes, Crs::Cgcs2000)
    }

    /// As [`Shape::from_wkb`], from coordinates in another system, in the order longitude,
    /// latitude or easting, northing. An SRID must be 0 or that system's code.
    ///
    /// # Errors
    ///
    /// As [`Shape::from_wkb`], and [`GeometryError::Crs`] for coordinates outside the system.
    pub fn from_wkb_in(bytes: &[u8], crs: Crs) -> Result<Shape, GeometryError> {
        wkb::read(bytes, crs)?.assemble(crs).map(Self::of_geometry)
    }

    /// A single point.
    pub fn point(position: Position) -> Shape {
        Self::of_geometry(Geometry::Point(Point(position.coord())))
    }

    /// The polygon of a box; a point when the box is one.
    pub fn of_bounds(bounds: Bounds) -> Shape {
        if bounds.is_point() {
            return Self::point(bounds.min);
        }
        let (min, max) = (bounds.min.coord(), bounds.max.coord());
        let ring = vec![
            min,
            Coord { x: max.x, y: min.y },
            max,
            Coord { x: min.x, y: max.y },
            min,
        ];
        Self::of_geometry(Geometry::Polygon(Polygon::new(
            LineString::new(ring),
            Vec::new(),
        )))
    }

    /// Wraps a geometry that is in grid units and holds at least one position.
    pub(crate) fn of_geometry(geometry: Geometry<f64>) -> Shape {
        Shape { geometry }
    }

    /// The geometry in grid units.
    pub(crate) fn geometry(&self) -> &Geometry<f64> {
        &self.geometry
    }

    /// The GeoJSON geometry object, with at most seven decimals.
    pub fn to_geojson(&self) -> Value {
        geojson_writer::value(&self.geometry)
    }

    /// Appends the GeoJSON geometry object: at most seven decimals, no trailing zeros, no spaces.
    pub fn write_geojson(&self, out: &mut String) {
        geojson_writer::write(&self.geometry, out);
    }

    /// Appends the geometry object with its coordinates in another system and axis order: metres
    /// with three decimals, degrees with seven. What OGC API Features part 2 asks for with `crs`.
    ///
    /// # Errors
    ///
    /// [`CrsError::Outside`] when the shape lies out of reach of the system; `out` then holds a
    /// part of the text.
    pub fn write_geojson_in(
        &self,
        crs: Crs,
        order: AxisOrder,
        out: &mut String,
    ) -> Result<(), CrsError> {
        geojson_writer::write_in(&self.geometry, crs, order, out)
    }

    /// Well-Known Binary in the ISO form, little-endian, in degrees. [`Shape::from_wkb`] gives the
    /// same shape back.
    pub fn to_wkb(&self) -> Vec<u8> {
        wkb::write(&self.geometry)
    }

    /// The smallest box around the shape.
    pub fn bounds(&self) -> Bounds {
        match self.geometry.bounding_rect() {
            Some(rect) => Bounds {
                min: Position::of_coord(rect.min()),
                max: Position::of_coord(rect.max()),
            },
            // Shapes hold at least one position; the whole earth is the safe answer if one did not.
            None => Bounds::WORLD,
        }
    }

    /// The position, when the shape is a single point.
    pub fn position(&self) -> Option<Position> {
        match &self.geometry {
            Geometry::Point(point) => Some(Position::of_coord(point.0)),
            _ => None,
        }
    }

    /// The geometry type by its GeoJSON name, such as `MultiPolygon`.
    pub fn kind(&self) -> &'static str {
        geojson_writer::type_name(&self.geometry)
    }

    /// How many positions the shape is written with, the closing ones of rings included.
    pub fn vertices(&self) -> usize {
        self.geometry.coords_count()
    }

    /// A position of the shape that stands for it: inside a polygon, for labels and for
    /// what-division-is-this; a vertex of a line; one of the points.
    ///
    /// For a polygon too thin to have a grid position inside, a position on its edge.
    pub fn representative_point(&self) -> Position {
        representative::point(&self.geometry)
    }
}
