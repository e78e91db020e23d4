//! Vector tiles of persons where they live closest together, none asked for twice.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;

use crate::flat::Sampled;
use crate::http::{Connection, Host};

/// A tile of this zoom is about 900 m wide in Beijing.
const ZOOM: u32 = 15;
/// How many are asked for, at most.
const ASKED: usize = 400;

/// What was measured.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tiles {
    /// How many were asked for.
    pub asked: usize,
    /// Tiles a second over one connection.
    pub rate: f64,
    /// Bytes of a tile, in the mean.
    pub bytes: f64,
    /// 99 in 100 took no longer, in milliseconds.
    pub p99: f64,
}

/// Asks for the tiles that hold most of the sample, over one connection: one processor's work.
pub fn measure(host: &Host, sample: &[Sampled]) -> anyhow::Result<Tiles> {
    let mut persons: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for one in sample {
        *persons.entry(tile(one.lon, one.lat)).or_default() += 1;
    }
    let mut tiles: Vec<_> = persons.into_iter().collect();
    tiles.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    tiles.truncate(ASKED);
    let mut connection = Connection::open(host)?;
    let mut body = Vec::new();
    let (mut bytes, mut took) = (0, Vec::with_capacity(tiles.len()));
    for ((column, row), _) in &tiles {
        let path = format!("/collections/person/tiles/WebMercatorQuad/{ZOOM}/{row}/{column}");
        let begun = Instant::now();
        connection.get(&path, &mut body)?;
        took.push(begun.elapsed().as_secs_f64());
        bytes += body.len();
    }
    let seconds: f64 = took.iter().sum();
    took.sort_by(f64::total_cmp);
    let asked = took.len();
    let p99 = took.get(asked * 99 / 100).copied().unwrap_or_default();
    Ok(Tiles {
        asked,
        rate: asked as f64 / seconds,
        bytes: bytes as f64 / asked.max(1) as f64,
        p99: p99 * 1000.0,
    })
}

/// Column and row in the quad of Web Mercator (OGC Two Dimensional Tile Matrix Set, annex D).
fn tile(lon: f64, lat: f64) -> (u32, u32) {
    let wide = f64::from(1u32 << ZOOM);
    let y = lat.to_radians().tan().asinh() / std::f64::consts::PI;
    (
        ((lon + 180.0) / 360.0 * wide) as u32,
        ((1.0 - y) / 2.0 * wide) as u32,
    )
}
