//! A box of one system as a region of longitude and latitude.

use geo::{Coord, LineString, Polygon};

use super::{Crs, CrsError};
use crate::position::Position;
use crate::shape::Shape;

/// How far apart the positions are, in metres, that stand for an edge of a box in a projected system:
/// between them the edge leaves the straight line by less than a centimetre.
const STEP: f64 = 500.0;
/// The most positions of one edge.
const MOST_STEPS: f64 = 1024.0;

/// What a box is in longitude and latitude.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// West, south, east, north in degrees; across the antimeridian where west > east.
    Box([f64; 4]),
    /// A box of a projected system has edges that are curves here.
    Area(Shape),
}

/// The region of a box: smallest x, smallest y, largest x, largest y, in the order longitude or easting
/// first. In degrees the smallest longitude may exceed the largest: across the antimeridian.
///
/// # Errors
///
/// [`CrsError::Outside`] with the corner that the system does not have.
pub fn region(corners: [f64; 4], crs: Crs) -> Result<Region, CrsError> {
    let [left, bottom, right, top] = corners;
    let low = crs.to_geographic(left, bottom)?;
    let high = crs.to_geographic(right, top)?;
    let is_empty = bottom > top || (crs.is_projected() && left > right);
    if is_empty {
        return Err(CrsError::Outside {
            crs,
            x: right,
            y: top,
        });
    }
    if !matches!(crs, Crs::GaussKruger { .. }) {
        return Ok(Region::Box([low.0, low.1, high.0, high.1]));
    }
    let ring = [
        [left, bottom, right, bottom],
        [right, bottom, right, top],
        [right, top, left, top],
        [left, top, left, bottom],
    ];
    let mut positions: Vec<Coord<f64>> = Vec::new();
    for [from_x, from_y, to_x, to_y] in ring {
        let length = (to_x - from_x).hypot(to_y - from_y);
        let steps = (length / STEP).ceil().clamp(1.0, MOST_STEPS);
        for step in 0..steps as u32 {
            let part = f64::from(step) / steps;
            let (x, y) = (
                from_x + part * (to_x - from_x),
                from_y + part * (to_y - from_y),
            );
            let (lon, lat) = crs.to_geographic(x, y)?;
            let outside = CrsError::Outside { crs, x, y };
            let at = Position::from_degrees(lon, lat).ok_or(outside)?.coord();
            if positions.last() != Some(&at) {
                positions.push(at);
            }
        }
    }
    if positions.len() < 3 {
        // A box no wider than the grid: a place.
        return Ok(Region::Box([
            low.0,
            low.1,
            low.0.max(high.0),
            low.1.max(high.1),
        ]));
    }
    let area = Polygon::new(LineString::new(positions), Vec::new());
    Ok(Region::Area(Shape::of_geometry(area.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_every_kind_of_system() {
        let degrees = [116.3, 39.9, 116.4, 40.0];
        assert_eq!(region(degrees, Crs::Cgcs2000), Ok(Region::Box(degrees)));
        let (x, y) = Crs::WebMercator
            .from_geographic(116.3, 39.9)
            .expect("inside");
        let Ok(Region::Box([west, south, ..])) =
            region([x, y, x + 100.0, y + 100.0], Crs::WebMercator)
        else {
            panic!("a box");
        };
        assert!((west - 116.3).abs() < 1e-9 && (south - 39.9).abs() < 1e-9);
        let zone = Crs::GaussKruger { epsg: 4548 };
        let Ok(Region::Area(area)) = region([440_000.0, 4_410_000.0, 450_000.0, 4_420_000.0], zone)
        else {
            panic!("an area");
        };
        assert!(crate::validate(&area).is_ok());
        let place = |lon, lat| Shape::point(Position::from_degrees(lon, lat).expect("a place"));
        assert!(crate::predicate::intersects(
            &area,
            &place(116.3913, 39.9075)
        ));
        assert!(!crate::predicate::intersects(
            &area,
            &place(116.42, 39.9075)
        ));
        assert!(region([450_000.0, 0.0, 440_000.0, 1.0], zone).is_err());
        assert!(region([1e7, 0.0, 2e7, 1.0], zone).is_err());
    }
}
