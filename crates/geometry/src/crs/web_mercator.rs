//! Web Mercator (EPSG:3857): the sphere's Mercator formulas on ellipsoidal degrees.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// Radius of the sphere in metres.
const RADIUS: f64 = 6_378_137.0;
/// The latitude where the square map ends is 85.0511°; EPSG gives the area of use to 85.06°.
const LARGEST_LAT: f64 = 85.06;
/// Metres by which an easting may exceed the edge of the map through rounding.
const TOLERANCE: f64 = 0.01;

pub(super) fn to_geographic(x: f64, y: f64) -> Option<(f64, f64)> {
    if !(x.abs() <= RADIUS * PI + TOLERANCE && y.is_finite()) {
        return None;
    }
    let lon = (x / RADIUS).to_degrees().clamp(-180.0, 180.0);
    let lat = (2.0 * (y / RADIUS).exp().atan() - FRAC_PI_2).to_degrees();
    (lat.abs() <= LARGEST_LAT + 1e-9).then_some((lon, lat))
}

pub(super) fn from_geographic(lon: f64, lat: f64) -> Option<(f64, f64)> {
    if lat.abs() > LARGEST_LAT {
        return None;
    }
    let y = RADIUS * (FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
    Some((RADIUS * lon.to_radians(), y))
}
