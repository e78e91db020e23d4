//! GCJ-02: longitude and latitude displaced by a smooth, publicly known function.
//!
//! The displacement applies inside a box about China and nowhere else; at the edge of the box it
//! breaks off, so within some hundred metres of that edge (which lies abroad or at sea) the way
//! there and back is not exact.

use std::f64::consts::PI;

/// Semi-major axis of the Krasovsky 1940 ellipsoid, in metres.
const SEMI_MAJOR: f64 = 6_378_245.0;
/// Its eccentricity, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// The inverse stops when a step is smaller than this, in degrees (a tenth of a micrometre).
const SMALLEST_STEP: f64 = 1e-12;
/// Each step shrinks the error about a thousandfold; this is never reached.
const MAXIMUM_STEPS: usize = 30;

/// Whether the systems displace this place at all.
pub(super) fn in_china(lon: f64, lat: f64) -> bool {
    (72.004..=137.834_7).contains(&lon) && (0.829_3..=55.827_1).contains(&lat)
}

pub(super) fn from_geographic(lon: f64, lat: f64) -> (f64, f64) {
    if in_china(lon, lat) {
        displaced(lon, lat)
    } else {
        (lon, lat)
    }
}

pub(super) fn to_geographic(lon: f64, lat: f64) -> (f64, f64) {
    if !in_china(lon, lat) {
        return (lon, lat);
    }
    solve(lon, lat, displaced)
}

/// Finds the place that `forward` sends to the target, by moving a guess against its error until
/// it stands still. Works for displacements that hardly differ from place to place.
pub(super) fn solve(lon: f64, lat: f64, forward: impl Fn(f64, f64) -> (f64, f64)) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..MAXIMUM_STEPS {
        let (there_x, there_y) = forward(x, y);
        let (step_x, step_y) = (lon - there_x, lat - there_y);
        x += step_x;
        y += step_y;
        if step_x.abs().max(step_y.abs()) < SMALLEST_STEP {
            break;
        }
    }
    (x, y)
}

fn displaced(lon: f64, lat: f64) -> (f64, f64) {
    let (east, north) = offset_metres(lon - 105.0, lat - 35.0);
    let latitude = lat.to_radians();
    let curvature = 1.0 - ECCENTRICITY_SQUARED * latitude.sin().powi(2);
    let prime_vertical = SEMI_MAJOR / curvature.sqrt();
    let meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / (curvature * curvature.sqrt());
    (
        lon + (east / (prime_vertical * latitude.cos())).to_degrees(),
        lat + (north / meridian).to_degrees(),
    )
}

/// The displacement east and north in metres, of a place given relative to 105° E, 35° N.
fn offset_metres(x: f64, y: f64) -> (f64, f64) {
    let wave = |amplitude: f64, argument: f64| amplitude * (argument * PI).sin();
    let root = x.abs().sqrt();
    let shared = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + 2.0 / 3.0 * (shared + wave(20.0, x) + wave(40.0, x / 3.0))
        + 2.0 / 3.0 * (wave(150.0, x / 12.0) + wave(300.0, x / 30.0));
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + 2.0 / 3.0 * (shared + wave(20.0, y) + wave(40.0, y / 3.0))
        + 2.0 / 3.0 * (wave(160.0, y / 12.0) + wave(320.0, y / 30.0));
    (east, north)
}
