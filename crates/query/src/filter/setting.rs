//! What a filter is read in: the schemas, the coordinates of its geometries, the day.

use geometry::{AxisOrder, Crs, GeometryError, Shape};
use record::Day;
use schema::Catalog;
use serde_json::Value;

use crate::value::References;

/// What a filter is read in.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The collections there are.
    pub catalog: &'a Catalog,
    /// What natural keys name.
    pub references: &'a dyn References,
    /// The coordinates of its geometries (`filter-crs`).
    pub crs: FilterCrs,
    /// The day that records are asked for: ages are counted on it.
    pub day: Day,
}

/// A coordinate system with the order of its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterCrs {
    crs: Crs,
    /// Whether the first number goes north: so it is in the EPSG's definitions of geographic systems
    /// and of the Gauss-Krüger zones.
    northing_first: bool,
}

impl Default for FilterCrs {
    /// CRS84: longitude, latitude.
    fn default() -> FilterCrs {
        FilterCrs {
            crs: Crs::Crs84,
            northing_first: false,
        }
    }
}

impl FilterCrs {
    /// The system of a name or URI; none where it is not known.
    pub fn of_name(name: &str) -> Option<FilterCrs> {
        let crs = Crs::from_name(name).ok()?;
        let northing_first = crs.axis_order() == AxisOrder::NorthEast;
        Some(FilterCrs {
            crs,
            northing_first,
        })
    }

    /// Reads well-known text.
    pub fn wkt(self, text: &str) -> Result<Shape, GeometryError> {
        if self.northing_first {
            Shape::from_wkt_in(&turned(text), self.crs)
        } else {
            Shape::from_wkt_in(text, self.crs)
        }
    }

    /// Reads GeoJSON.
    pub fn geojson(self, value: &Value) -> Result<Shape, GeometryError> {
        if !self.northing_first {
            return Shape::from_geojson_in(value, self.crs);
        }
        let mut value = value.clone();
        turn(&mut value);
        Shape::from_geojson_in(&value, self.crs)
    }

    /// The shape of a box, given by its corners, two and two. One whose western edge lies east of its
    /// eastern one goes across the antimeridian, and is two.
    pub fn polygon(self, corners: [f64; 4]) -> Result<Shape, GeometryError> {
        let ring = |[a, b, c, d]: [f64; 4]| format!("(({a} {b},{c} {b},{c} {d},{a} {d},{a} {b}))");
        let [a, b, c, d] = corners;
        let (west, east) = if self.northing_first { (b, d) } else { (a, c) };
        if west <= east || self.crs.is_projected() {
            return self.wkt(&format!("POLYGON{}", ring(corners)));
        }
        let halves = if self.northing_first {
            [[a, b, c, 180.0], [a, -180.0, c, d]]
        } else {
            [[a, b, 180.0, d], [-180.0, b, c, d]]
        };
        self.wkt(&format!(
            "MULTIPOLYGON({},{})",
            ring(halves[0]),
            ring(halves[1])
        ))
    }

    /// Whether it is CRS84, in which boxes need no transformation.
    pub fn is_plain(self) -> bool {
        self == FilterCrs::default() || (!self.northing_first && self.crs == Crs::Cgcs2000)
    }
}

/// Well-known text with the first two numbers of each position exchanged.
fn turned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(['(', ')', ',']) {
        let (body, end) = match part.char_indices().next_back() {
            Some((at, '(' | ')' | ',')) => part.split_at(at),
            _ => (part, ""),
        };
        let words: Vec<&str> = body.split_whitespace().collect();
        match words.as_slice() {
            [first, second, rest @ ..] if first.parse::<f64>().is_ok() => {
                out.push_str(&[&[*second, *first], rest].concat().join(" "));
            }
            _ => out.push_str(body),
        }
        out.push_str(end);
    }
    out
}

/// GeoJSON with the first two numbers of each position exchanged.
fn turn(value: &mut Value) {
    match value {
        Value::Array(items) if items.len() > 1 && items[0].is_number() => items.swap(0, 1),
        Value::Array(items) => items.iter_mut().for_each(turn),
        Value::Object(members) => {
            for name in ["coordinates", "geometries"] {
                if let Some(member) = members.get_mut(name) {
                    turn(member);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitude_comes_first_where_the_system_says_so() {
        let plain = FilterCrs::default();
        let north =
            FilterCrs::of_name("http://www.opengis.net/def/crs/EPSG/0/4326").expect("known");
        let square = "POLYGON((116 39,117 39,117 40,116 39))";
        let turned = "POLYGON ((39 116, 39 117, 40 117, 39 116))";
        assert_eq!(plain.wkt(square), north.wkt(turned));
        let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(
            plain.geojson(&json(r#"{"type":"Point","coordinates":[116,39]}"#)),
            north.geojson(&json(r#"{"type":"Point","coordinates":[39,116]}"#))
        );
        let boxes = [
            plain.polygon([116.0, 39.0, 117.0, 40.0]).expect("a box"),
            north.polygon([39.0, 116.0, 40.0, 117.0]).expect("a box"),
        ];
        assert!(geometry::predicate::equals(&boxes[0], &boxes[1]));
        assert!(FilterCrs::of_name("EPSG:1").is_none());
    }
}
