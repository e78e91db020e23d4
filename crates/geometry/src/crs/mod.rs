//! Coordinate reference systems: their names, and the way to longitude and latitude and back.
//!
//! Coordinates are always given in the traditional order of maps and spreadsheets: x = longitude
//! or easting, y = latitude or northing, whatever the official axis order of the system is.
//! [`Crs::axis_order`] tells that order to those who must honour it (OGC API Features part 2).
//!
//! To add a system: a variant of [`Crs`], its name in [`names`], a file with its two formulas, and
//! an arm each in [`Crs::to_geographic`] and [`Crs::from_geographic`].

mod bd09;
mod gauss_kruger;
mod gcj02;
pub mod names;
mod region;
mod transformation;
mod web_mercator;

#[cfg(test)]
mod tests;

pub use region::{Region, region};
pub use transformation::transform;

/// A coordinate reference system that the platform reads and writes.
///
/// CGCS2000 and WGS 84 are treated as identical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crs {
    /// CGCS2000 longitude and latitude (EPSG:4490): the system of the registers.
    Cgcs2000,
    /// WGS 84 longitude and latitude (EPSG:4326).
    Wgs84,
    /// WGS 84 in the order longitude, latitude (OGC CRS84): the system of GeoJSON.
    Crs84,
    /// GCJ-02, the obfuscated system of Chinese web maps, some hundred metres off.
    Gcj02,
    /// BD-09, GCJ-02 obfuscated once more (Baidu).
    Bd09,
    /// CGCS2000 Gauss-Krüger in metres (EPSG:4491 to EPSG:4554).
    GaussKruger {
        /// The EPSG code, 4491 to 4554.
        epsg: u16,
    },
    /// Web Mercator in metres (EPSG:3857).
    WebMercator,
}

/// The order in which a system's definition lists its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisOrder {
    /// Longitude or easting first.
    EastNorth,
    /// Latitude or northing first.
    NorthEast,
}

/// A coordinate reference system that is not known, or a coordinate it does not hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// No such system.
    #[error("unknown coordinate reference system {name:?}")]
    Unknown {
        /// The name as given.
        name: String,
    },
    /// The coordinate is not one that the system can have: often another zone's, the two axes
    /// swapped, or degrees where metres are meant.
    #[error("x {x}, y {y} is outside {crs}")]
    Outside {
        /// The system.
        crs: Crs,
        /// Longitude or easting.
        x: f64,
        /// Latitude or northing.
        y: f64,
    },
    /// A [`crate::Shape`] holds degrees, so it cannot hold this system's metres: read the geometry
    /// with one of the `_in` functions of [`crate::Shape`] instead.
    #[error("{crs} is a projected system; shapes hold degrees")]
    Projected {
        /// The system.
        crs: Crs,
    },
}

impl Crs {
    /// Brings a coordinate of this system to longitude and latitude in degrees (CGCS2000).
    ///
    /// # Errors
    ///
    /// [`CrsError::Outside`] when the coordinate is not finite or not one the system can have;
    /// [`CrsError::Unknown`] for a Gauss-Krüger code outside 4491 to 4554.
    pub fn to_geographic(self, x: f64, y: f64) -> Result<(f64, f64), CrsError> {
        let outside = CrsError::Outside { crs: self, x, y };
        match self {
            Crs::Cgcs2000 | Crs::Wgs84 | Crs::Crs84 => in_range(x, y),
            Crs::Gcj02 => in_range(x, y).map(|(x, y)| gcj02::to_geographic(x, y)),
            Crs::Bd09 => in_range(x, y).map(|(x, y)| bd09::to_geographic(x, y)),
            Crs::GaussKruger { epsg } => zone(epsg)?.unproject(x, y),
            Crs::WebMercator => web_mercator::to_geographic(x, y),
        }
        .ok_or(outside)
    }

    /// Brings longitude and latitude in degrees (CGCS2000) to this system; the inverse of
    /// [`Crs::to_geographic`].
    ///
    /// # Errors
    ///
    /// [`CrsError::Outside`] when the position is not finite or too far from the area of the system;
    /// [`CrsError::Unknown`] for a Gauss-Krüger code outside 4491 to 4554.
    pub fn from_geographic(self, lon: f64, lat: f64) -> Result<(f64, f64), CrsError> {
        let outside = CrsError::Outside {
            crs: self,
            x: lon,
            y: lat,
        };
        let Some((lon, lat)) = in_range(lon, lat) else {
            return Err(outside);
        };
        match self {
            Crs::Cgcs2000 | Crs::Wgs84 | Crs::Crs84 => Some((lon, lat)),
            Crs::Gcj02 => Some(gcj02::from_geographic(lon, lat)),
            Crs::Bd09 => Some(bd09::from_geographic(lon, lat)),
            Crs::GaussKruger { epsg } => zone(epsg)?.project(lon, lat),
            Crs::WebMercator => web_mercator::from_geographic(lon, lat),
        }
        .ok_or(outside)
    }

    /// The order of the axes in the system's official definition. The systems without one (GCJ-02,
    /// BD-09) are longitude, latitude by custom.
    pub fn axis_order(self) -> AxisOrder {
        match self {
            Crs::Cgcs2000 | Crs::Wgs84 | Crs::GaussKruger { .. } => AxisOrder::NorthEast,
            Crs::Crs84 | Crs::Gcj02 | Crs::Bd09 | Crs::WebMercator => AxisOrder::EastNorth,
        }
    }

    /// Whether coordinates are metres on a plane rather than degrees.
    pub fn is_projected(self) -> bool {
        matches!(self, Crs::GaussKruger { .. } | Crs::WebMercator)
    }

    /// Whether coordinates are CGCS2000 (or WGS 84) longitude and latitude already.
    pub fn is_identity(self) -> bool {
        matches!(self, Crs::Cgcs2000 | Crs::Wgs84 | Crs::Crs84)
    }
}

fn zone(epsg: u16) -> Result<gauss_kruger::Zone, CrsError> {
    gauss_kruger::Zone::of_epsg(epsg).ok_or_else(|| CrsError::Unknown {
        name: format!("EPSG:{epsg}"),
    })
}

/// The pair itself when it is a longitude and latitude in degrees.
fn in_range(lon: f64, lat: f64) -> Option<(f64, f64)> {
    ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)).then_some((lon, lat))
}
