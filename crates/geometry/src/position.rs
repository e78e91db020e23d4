//! Positions and boxes on a grid of 1e-7 degree.

use geo::Coord;
use serde::{Deserialize, Serialize};

/// Grid units in a degree.
pub const UNITS_PER_DEGREE: f64 = 1e7;
/// The largest longitude, in grid units.
pub const MAXIMUM_LON: i32 = 1_800_000_000;
/// The largest latitude, in grid units.
pub const MAXIMUM_LAT: i32 = 900_000_000;

/// A position: longitude and latitude in CGCS2000, in whole units of 1e-7 degree (about 1.1 cm).
///
/// Ordered by longitude, then latitude; see [`crate::hilbert`] for an order that keeps
/// neighbours together.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Position {
    /// Longitude east of Greenwich, in 1e-7 degree, from −1,800,000,000 to 1,800,000,000.
    pub lon: i32,
    /// Latitude north of the equator, in 1e-7 degree, from −900,000,000 to 900,000,000.
    pub lat: i32,
}

impl Position {
    /// The position nearest to a longitude and latitude in degrees; `None` when either is not
    /// finite, or outside −180..180 and −90..90.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        let inside = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        inside.then(|| Position {
            lon: (lon * UNITS_PER_DEGREE).round() as i32,
            lat: (lat * UNITS_PER_DEGREE).round() as i32,
        })
    }

    /// Longitude and latitude in degrees: the numbers one gets by reading the decimals, so that a
    /// value with at most seven decimals comes back as it was.
    pub fn degrees(self) -> (f64, f64) {
        (degrees(self.lon), degrees(self.lat))
    }

    /// The coordinate inside a [`crate::Shape`]: grid units held in floats, exactly.
    pub(crate) fn coord(self) -> Coord<f64> {
        Coord {
            x: f64::from(self.lon),
            y: f64::from(self.lat),
        }
    }

    /// Back from a coordinate in grid units, to the nearest position.
    pub(crate) fn of_coord(coord: Coord<f64>) -> Self {
        Position {
            lon: coord.x.round() as i32,
            lat: coord.y.round() as i32,
        }
    }
}

fn degrees(units: i32) -> f64 {
    f64::from(units) / UNITS_PER_DEGREE
}

/// A box of positions. Its edges belong to it. It never crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bounds {
    /// The south-west corner.
    pub min: Position,
    /// The north-east corner.
    pub max: Position,
}

impl Bounds {
    /// The whole earth.
    pub const WORLD: Bounds = Bounds {
        min: Position {
            lon: -MAXIMUM_LON,
            lat: -MAXIMUM_LAT,
        },
        max: Position {
            lon: MAXIMUM_LON,
            lat: MAXIMUM_LAT,
        },
    };

    /// The smallest box on the grid that covers a box in degrees: rounded outward, never inward.
    /// Corners that lie on the grid (at most seven decimals) stay as they are.
    ///
    /// `None` when a corner is not finite or out of range, or when a minimum exceeds its maximum.
    /// A box across the antimeridian (west > east) must be asked for as two.
    pub fn of_degrees(min_lon: f64, min_lat: f64, max_lon: f64, max_lat: f64) -> Option<Self> {
        if min_lon > max_lon || min_lat > max_lat {
            return None;
        }
        let mut min = Position::from_degrees(min_lon, min_lat)?;
        let mut max = Position::from_degrees(max_lon, max_lat)?;
        min.lon -= i32::from(degrees(min.lon) > min_lon);
        min.lat -= i32::from(degrees(min.lat) > min_lat);
        max.lon += i32::from(degrees(max.lon) < max_lon);
        max.lat += i32::from(degrees(max.lat) < max_lat);
        Some(Bounds { min, max })
    }

    /// The box that holds one position only.
    pub fn of_position(position: Position) -> Self {
        Bounds {
            min: position,
            max: position,
        }
    }

    /// Whether the boxes share a position, edges included.
    pub fn intersects(&self, other: &Bounds) -> bool {
        self.min.lon <= other.max.lon
            && other.min.lon <= self.max.lon
            && self.min.lat <= other.max.lat
            && other.min.lat <= self.max.lat
    }

    /// Whether the position lies in the box, edges included.
    pub fn contains(&self, position: Position) -> bool {
        (self.min.lon..=self.max.lon).contains(&position.lon)
            && (self.min.lat..=self.max.lat).contains(&position.lat)
    }

    /// Whether the other box lies wholly in this one, edges included.
    pub fn contains_bounds(&self, other: &Bounds) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Whether the box is a single position.
    pub fn is_point(&self) -> bool {
        self.min == self.max
    }

    /// The smallest box that covers both.
    pub fn union(&self, other: &Bounds) -> Bounds {
        Bounds {
            min: Position {
                lon: self.min.lon.min(other.min.lon),
                lat: self.min.lat.min(other.min.lat),
            },
            max: Position {
                lon: self.max.lon.max(other.max.lon),
                lat: self.max.lat.max(other.max.lat),
            },
        }
    }

    /// The corners in degrees: west, south, east, north, the order of GeoJSON's `bbox`.
    pub fn degrees(&self) -> [f64; 4] {
        let (west, south) = self.min.degrees();
        let (east, north) = self.max.degrees();
        [west, south, east, north]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn out_of_range_and_not_finite_are_refused() {
        assert_eq!(Position::from_degrees(180.1, 0.0), None);
        assert_eq!(Position::from_degrees(0.0, -90.000_000_1), None);
        assert_eq!(Position::from_degrees(f64::NAN, 0.0), None);
        assert_eq!(Position::from_degrees(0.0, f64::INFINITY), None);
        assert!(Position::from_degrees(-180.0, 90.0).is_some());
    }

    #[test]
    fn boxes_round_outward_and_refuse_inversion() {
        let bounds = Bounds::of_degrees(116.391_3, 39.907_5, 116.391_300_01, 39.907_500_01)
            .expect("in range");
        assert_eq!(
            bounds.min,
            Position {
                lon: 1_163_913_000,
                lat: 399_075_000
            }
        );
        assert_eq!(
            bounds.max,
            Position {
                lon: 1_163_913_001,
                lat: 399_075_001
            }
        );
        assert_eq!(Bounds::of_degrees(10.0, 0.0, -10.0, 1.0), None);
        assert_eq!(
            Bounds::of_degrees(-180.0, -90.0, 180.0, 90.0),
            Some(Bounds::WORLD)
        );
    }

    proptest! {
        #[test]
        fn degrees_round_trip(lon in -MAXIMUM_LON..=MAXIMUM_LON, lat in -MAXIMUM_LAT..=MAXIMUM_LAT) {
            let position = Position { lon, lat };
            let (x, y) = position.degrees();
            prop_assert_eq!(Position::from_degrees(x, y), Some(position));
            // A box around it is the position itself: rounding outward moves nothing.
            let bounds = Bounds::of_degrees(x, y, x, y).expect("in range");
            prop_assert_eq!(bounds, Bounds::of_position(position));
            prop_assert!(bounds.is_point());
        }

        #[test]
        fn boxes_cover_what_they_were_made_of(a in -180.0..=180.0f64, b in -90.0..=90.0f64, c in 0.0..1e-6f64) {
            let east = (a + c).min(180.0);
            let bounds = Bounds::of_degrees(a, b, east, b).expect("in range");
            let [west, south, e, north] = bounds.degrees();
            prop_assert!(west <= a && south <= b && e >= east && north >= b);
        }
    }
}
