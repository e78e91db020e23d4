//! Tile matrix sets (OGC 17-083r4): how the earth is cut into tiles.
//!
//! *WebMercatorQuad* is OGC's. For CGCS2000 OGC has registered none; *CGCS2000Quad* is what Chinese map
//! services, the national one among them, call the matrix set with the layout of OGC's WorldCRS84Quad in
//! EPSG:4490: two tiles side by side at the first level, halved at each further one. These services number
//! the same levels from 1.

use geometry::{Bounds, Crs};
use serde_json::{Value, json};

/// Pixels along the side of a tile, for which scales are given.
const PIXELS: f64 = 256.0;
/// The size of a pixel in metres (OGC 17-083r4).
const PIXEL_METRES: f64 = 0.000_28;
/// Metres of a degree along the equator of the ellipsoid.
const METRES_A_DEGREE: f64 = 6_378_137.0 * std::f64::consts::PI / 180.0;
/// Half the width of the Web Mercator map, in metres.
const HALF: f64 = 20_037_508.342_789_244;
/// The last level.
pub const LAST_LEVEL: u8 = 22;

/// A tile matrix set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatrixSet {
    /// OGC's, in EPSG:3857.
    WebMercatorQuad,
    /// Longitude and latitude in EPSG:4490.
    Cgcs2000Quad,
}

/// One tile of a matrix set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// The matrix set.
    pub set: MatrixSet,
    /// The level, from 0.
    pub level: u8,
    /// Rows from the north, from 0.
    pub row: u32,
    /// Columns from 180° W, from 0.
    pub column: u32,
}

impl MatrixSet {
    /// All matrix sets.
    pub const ALL: [MatrixSet; 2] = [MatrixSet::WebMercatorQuad, MatrixSet::Cgcs2000Quad];

    /// The set of a name.
    pub fn of_name(name: &str) -> Option<MatrixSet> {
        MatrixSet::ALL.into_iter().find(|set| set.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            MatrixSet::WebMercatorQuad => "WebMercatorQuad",
            MatrixSet::Cgcs2000Quad => "CGCS2000Quad",
        }
    }

    /// What it is, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            MatrixSet::WebMercatorQuad => "Google Maps Compatible for the World",
            MatrixSet::Cgcs2000Quad => {
                "CGCS2000 longitude and latitude, laid out as WorldCRS84Quad; not registered with OGC"
            }
        }
    }

    /// The URI of OGC's register, for those that are there.
    pub fn uri(self) -> Option<&'static str> {
        match self {
            MatrixSet::WebMercatorQuad => {
                Some("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad")
            }
            MatrixSet::Cgcs2000Quad => None,
        }
    }

    /// The system of its coordinates.
    pub fn crs(self) -> Crs {
        match self {
            MatrixSet::WebMercatorQuad => Crs::WebMercator,
            MatrixSet::Cgcs2000Quad => Crs::Cgcs2000,
        }
    }

    /// Columns and rows of a level.
    pub fn size(self, level: u8) -> (u32, u32) {
        let rows = 1u32 << level.min(LAST_LEVEL);
        match self {
            MatrixSet::WebMercatorQuad => (rows, rows),
            MatrixSet::Cgcs2000Quad => (2 * rows, rows),
        }
    }

    /// The side of a tile in the units of the system.
    fn side(self, level: u8) -> f64 {
        let (_, rows) = self.size(level);
        let height = match self {
            MatrixSet::WebMercatorQuad => 2.0 * HALF,
            MatrixSet::Cgcs2000Quad => 180.0,
        };
        height / f64::from(rows)
    }

    /// The north-west corner, x and y.
    fn origin(self) -> (f64, f64) {
        match self {
            MatrixSet::WebMercatorQuad => (-HALF, HALF),
            MatrixSet::Cgcs2000Quad => (-180.0, 90.0),
        }
    }

    /// The definition, as OGC's JSON encoding has it.
    pub fn definition(self) -> Value {
        let (x, y) = self.origin();
        let crs = self.crs();
        // Coordinates stand in the order of the system's axes.
        let (corner, axes) = match self {
            MatrixSet::WebMercatorQuad => ([x, y], ["E", "N"]),
            MatrixSet::Cgcs2000Quad => ([y, x], ["Lat", "Lon"]),
        };
        let matrices: Vec<Value> = (0..=LAST_LEVEL)
            .map(|level| {
                let (columns, rows) = self.size(level);
                let cell = self.side(level) / PIXELS;
                let metres = match self {
                    MatrixSet::WebMercatorQuad => cell,
                    MatrixSet::Cgcs2000Quad => cell * METRES_A_DEGREE,
                };
                json!({
                    "id": level.to_string(),
                    "scaleDenominator": metres / PIXEL_METRES,
                    "cellSize": cell,
                    "cornerOfOrigin": "topLeft",
                    "pointOfOrigin": corner,
                    "tileWidth": PIXELS as u32,
                    "tileHeight": PIXELS as u32,
                    "matrixWidth": columns,
                    "matrixHeight": rows,
                })
            })
            .collect();
        let mut out = json!({
            "id": self.name(),
            "title": self.title(),
            "crs": crs.uri(),
            "orderedAxes": axes,
            "tileMatrices": matrices,
        });
        if let Some(uri) = self.uri() {
            out["uri"] = json!(uri);
            out["wellKnownScaleSet"] =
                json!("http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible");
        } else {
            out["wellKnownScaleSet"] =
                json!("http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad");
        }
        out
    }
}

impl Tile {
    /// The tile at a place; `None` where the level, the row or the column does not exist.
    pub fn new(set: MatrixSet, level: u8, row: u32, column: u32) -> Option<Tile> {
        let (columns, rows) = set.size(level);
        (level <= LAST_LEVEL && row < rows && column < columns).then_some(Tile {
            set,
            level,
            row,
            column,
        })
    }

    /// Where a longitude and latitude lie in the tile: from 0 to 1, from west to east and from north to
    /// south, and beyond that outside it. `None` beyond the end of the map.
    pub fn place(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        let (x, y) = self.set.crs().from_geographic(lon, lat).ok()?;
        let (left, top) = self.corner();
        let side = self.set.side(self.level);
        Some([(x - left) / side, (top - y) / side])
    }

    /// West, south, east, north in degrees, of the tile and so much of its side around it.
    pub fn degrees(&self, margin: f64) -> [f64; 4] {
        let (left, top) = self.corner();
        let side = self.set.side(self.level);
        let (west, north) = self.geographic(left - margin * side, top + margin * side);
        let (east, south) =
            self.geographic(left + (1.0 + margin) * side, top - (1.0 + margin) * side);
        [west, south, east, north]
    }

    /// The box that holds exactly the positions of this tile: neighbours have none in common, and leave none
    /// out, for both work the edge between them out in the same way.
    pub fn bounds(&self) -> Option<Bounds> {
        let (columns, _) = self.set.size(self.level);
        let (west, north) = self.edge(self.column, self.row);
        let (east, south) = self.edge(self.column + 1, self.row + 1);
        let first = |edge: f64| (edge * 1e7).ceil() as i32;
        // What lies on the edge is the neighbour's; past the last tile there is none.
        let last = |edge: f64, is_end: bool| match is_end {
            true => (edge * 1e7).floor() as i32,
            false => first(edge) - 1,
        };
        let bounds = Bounds {
            min: geometry::Position {
                lon: first(west),
                lat: first(south),
            },
            max: geometry::Position {
                lon: last(east, self.column + 1 == columns),
                lat: last(north, self.row == 0),
            },
        };
        (bounds.min.lon <= bounds.max.lon && bounds.min.lat <= bounds.max.lat).then_some(bounds)
    }

    /// The longitude in the west of a column and the latitude in the north of a row.
    fn edge(&self, column: u32, row: u32) -> (f64, f64) {
        let (x, y) = self.set.origin();
        let side = self.set.side(self.level);
        self.geographic(x + f64::from(column) * side, y - f64::from(row) * side)
    }

    /// The width of the tile on the ground in its middle, in metres.
    pub fn metres(&self) -> f64 {
        let [west, south, east, north] = self.degrees(0.0);
        let middle = ((south + north) / 2.0).to_radians();
        (east - west) * METRES_A_DEGREE * middle.cos().max(0.01)
    }

    fn corner(&self) -> (f64, f64) {
        let (x, y) = self.set.origin();
        let side = self.set.side(self.level);
        (
            x + f64::from(self.column) * side,
            y - f64::from(self.row) * side,
        )
    }

    /// Degrees of a place of the map, or of the nearest one on it.
    fn geographic(&self, x: f64, y: f64) -> (f64, f64) {
        let held = |value: f64, most: f64| value.clamp(-most, most);
        let (x, y) = match self.set {
            MatrixSet::WebMercatorQuad => (held(x, HALF), held(y, HALF)),
            MatrixSet::Cgcs2000Quad => (held(x, 180.0), held(y, 90.0)),
        };
        self.set.crs().to_geographic(x, y).unwrap_or((0.0, 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_where_everybody_has_them() {
        // 天安门 in the tile that every web map has there.
        let tile = Tile::new(MatrixSet::WebMercatorQuad, 12, 1552, 3372).expect("a tile");
        let [x, y] = tile.place(116.3913, 39.9075).expect("on the map");
        assert!(
            (0.0..1.0).contains(&x) && (0.0..1.0).contains(&y),
            "{x} {y}"
        );
        let [west, south, east, north] = tile.degrees(0.0);
        assert!(west < 116.3913 && 116.3913 < east && south < 39.9075 && 39.9075 < north);
        let tile = Tile::new(MatrixSet::Cgcs2000Quad, 0, 0, 1).expect("a tile");
        assert_eq!(tile.degrees(0.0), [0.0, -90.0, 180.0, 90.0]);
        assert_eq!(tile.place(90.0, 0.0), Some([0.5, 0.5]));
        assert_eq!(Tile::new(MatrixSet::Cgcs2000Quad, 0, 1, 0), None);
        assert_eq!(Tile::new(MatrixSet::WebMercatorQuad, 23, 0, 0), None);
    }

    #[test]
    fn neighbours_share_no_position_and_leave_none_out() {
        for set in MatrixSet::ALL {
            for level in [1u8, 9, 17] {
                let (columns, rows) = set.size(level);
                let (column, row) = (columns / 2 + columns / 5, rows / 3);
                let of = |row, column| {
                    let tile = Tile::new(set, level, row, column).expect("a tile");
                    tile.bounds().expect("positions")
                };
                let one = of(row, column);
                if column + 1 < columns {
                    assert_eq!(
                        of(row, column + 1).min.lon,
                        one.max.lon + 1,
                        "{set:?} {level}"
                    );
                }
                if row + 1 < rows {
                    assert_eq!(
                        of(row + 1, column).max.lat,
                        one.min.lat - 1,
                        "{set:?} {level}"
                    );
                }
            }
        }
    }

    #[test]
    fn definitions_have_the_scales_of_the_standard() {
        let mercator = MatrixSet::WebMercatorQuad.definition();
        let scale = mercator["tileMatrices"][0]["scaleDenominator"]
            .as_f64()
            .expect("a number");
        assert!((scale - 559_082_264.028_717_9).abs() < 1e-3, "{scale}");
        let quad = MatrixSet::Cgcs2000Quad.definition();
        let scale = quad["tileMatrices"][0]["scaleDenominator"]
            .as_f64()
            .expect("a number");
        assert!((scale - 279_541_132.014_358_8).abs() < 1e-3, "{scale}");
        assert_eq!(quad["tileMatrices"][0]["cellSize"], 0.703125);
        assert_eq!(
            quad["tileMatrices"][0]["pointOfOrigin"],
            json!([90.0, -180.0])
        );
    }
}
