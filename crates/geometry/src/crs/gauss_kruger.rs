//! The Gauss-Krüger projections of CGCS2000 (EPSG:4491 to EPSG:4554).
//!
//! All are transverse Mercator on the CGCS2000 ellipsoid (a = 6,378,137 m, 1/f = 298.257222101,
//! the same as GRS 80) with scale 1 and no false northing; they differ in central meridian and
//! false easting alone. So there is one projection about the meridian 0, and a [`Zone`] shifts it.

use std::sync::LazyLock;

use proj4rs::Proj;
use proj4rs::adaptors::transform_xy;

/// The easting of the central meridian, without the zone's number before it.
const FALSE_EASTING: f64 = 500_000.0;
/// How far from the central meridian coordinates are taken, in metres: well beyond any zone, yet
/// close enough that another zone's easting (or a northing) is refused.
const REACH: f64 = 500_000.0;
/// The northing of the pole, in metres: the quarter meridian.
const QUARTER_MERIDIAN: f64 = 10_001_965.729;
/// How far from the central meridian longitudes are tried at all, in degrees.
const WIDEST: f64 = 45.0;

/// One of the 64 projected systems.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Zone {
    /// Degrees east.
    pub central_meridian: f64,
    /// Metres; in the systems whose eastings carry the zone's number, that number of millions more.
    pub false_easting: f64,
}

impl Zone {
    /// The zone of an EPSG code. The codes run in four blocks: 6° zones 13 to 23 with the zone's
    /// number before the easting, and without; 3° zones 25 to 45 with the number, and without.
    pub(super) fn of_epsg(epsg: u16) -> Option<Zone> {
        let (number, width, numbered) = match epsg {
            4491..=4501 => (epsg - 4491 + 13, 6, true),
            4502..=4512 => (epsg - 4502 + 13, 6, false),
            4513..=4533 => (epsg - 4513 + 25, 3, true),
            4534..=4554 => (epsg - 4534 + 25, 3, false),
            _ => return None,
        };
        let central_meridian = match width {
            6 => number * 6 - 3,
            _ => number * 3,
        };
        let prefix = if numbered {
            f64::from(number) * 1e6
        } else {
            0.0
        };
        Some(Zone {
            central_meridian: f64::from(central_meridian),
            false_easting: prefix + FALSE_EASTING,
        })
    }

    /// Easting and northing to degrees; `None` when not within reach of the zone.
    pub(super) fn unproject(self, easting: f64, northing: f64) -> Option<(f64, f64)> {
        let x = easting - self.false_easting;
        if !(-REACH..=REACH).contains(&x) || !(0.0..=QUARTER_MERIDIAN).contains(&northing) {
            return None;
        }
        let systems = SYSTEMS.as_ref()?;
        let (lon, lat) = transform_xy(&systems.plane, &systems.geographic, x, northing).ok()?;
        super::in_range(lon.to_degrees() + self.central_meridian, lat.to_degrees())
    }

    /// Degrees to easting and northing; `None` when not within reach of the zone.
    pub(super) fn project(self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let from_meridian = lon - self.central_meridian;
        if from_meridian.abs() > WIDEST || lat < 0.0 {
            return None;
        }
        let systems = SYSTEMS.as_ref()?;
        let (lon, lat) = (from_meridian.to_radians(), lat.to_radians());
        let (x, northing) = transform_xy(&systems.geographic, &systems.plane, lon, lat).ok()?;
        let within = (-REACH..=REACH).contains(&x);
        within.then_some((x + self.false_easting, northing))
    }
}

/// The projection about the meridian 0, and longitude and latitude on the same ellipsoid.
struct Systems {
    plane: Proj,
    geographic: Proj,
}

static SYSTEMS: LazyLock<Option<Systems>> = LazyLock::new(|| {
    let plane = "+proj=tmerc +lat_0=0 +lon_0=0 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m";
    let geographic = "+proj=longlat +ellps=GRS80";
    Some(Systems {
        plane: Proj::from_proj_string(plane).ok()?,
        geographic: Proj::from_proj_string(geographic).ok()?,
    })
});
