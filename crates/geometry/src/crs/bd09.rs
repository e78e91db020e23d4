//! BD-09: GCJ-02 turned and stretched a little once more, and shifted by 0.0065° and 0.006°.

use std::f64::consts::PI;

use super::gcj02;

/// The wave number of the disturbance, in radians per degree.
const WAVE: f64 = PI * 3000.0 / 180.0;

pub(super) fn from_geographic(lon: f64, lat: f64) -> (f64, f64) {
    if !gcj02::in_china(lon, lat) {
        return (lon, lat);
    }
    let (x, y) = gcj02::from_geographic(lon, lat);
    from_gcj02(x, y)
}

pub(super) fn to_geographic(lon: f64, lat: f64) -> (f64, f64) {
    if !gcj02::in_china(lon, lat) {
        return (lon, lat);
    }
    let (x, y) = gcj02::solve(lon, lat, from_gcj02);
    gcj02::to_geographic(x, y)
}

pub(super) fn from_gcj02(x: f64, y: f64) -> (f64, f64) {
    let radius = x.hypot(y) + 0.000_02 * (y * WAVE).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * WAVE).cos();
    (radius * angle.cos() + 0.006_5, radius * angle.sin() + 0.006)
}
