//! Whole shapes from one geographic system to CGCS2000.

use geo::MapCoords;

use super::{Crs, CrsError};
use crate::error::{GeometryError, Place};
use crate::position::{Position, UNITS_PER_DEGREE};
use crate::shape::Shape;

/// Brings a shape whose degrees are of another geographic system (GCJ-02, BD-09) to CGCS2000.
///
/// A shape is on the grid of 1e-7 degree before and after. Geometries in a projected system must be
/// read by [`Shape::from_geojson_in`], [`Shape::from_wkt_in`] or [`Shape::from_wkb_in`] instead.
///
/// # Errors
///
/// [`GeometryError::Crs`] with [`CrsError::Projected`] for a projected system.
pub fn transform(shape: &Shape, from: Crs) -> Result<Shape, GeometryError> {
    if from.is_identity() {
        return Ok(shape.clone());
    }
    let at = |source| GeometryError::Crs {
        place: Place::Path("coordinates".to_owned()),
        source,
    };
    if from.is_projected() {
        return Err(at(CrsError::Projected { crs: from }));
    }
    let geometry = shape.geometry().try_map_coords(|coord| {
        let (x, y) = (coord.x / UNITS_PER_DEGREE, coord.y / UNITS_PER_DEGREE);
        let outside = CrsError::Outside { crs: from, x, y };
        let (lon, lat) = from.to_geographic(x, y)?;
        Position::from_degrees(lon, lat)
            .map(Position::coord)
            .ok_or(outside)
    });
    Ok(Shape::of_geometry(geometry.map_err(at)?))
}
