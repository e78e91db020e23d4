//! Geometries in grid units into GeoJSON.

use std::convert::Infallible;

use geo::{Coord, Geometry, LineString, Point, Polygon};
use serde_json::{Value, json};

use crate::crs::{AxisOrder, Crs, CrsError};
use crate::position::{Position, UNITS_PER_DEGREE};

/// Decimals of a degree: the grid's own.
const DEGREE_DECIMALS: u32 = 7;
/// Decimals of a metre.
const METRE_DECIMALS: u32 = 3;

/// The GeoJSON name of a geometry's type.
pub(crate) fn type_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::LineString(_) | Geometry::Line(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

/// The geometry object as a JSON value.
pub(crate) fn value(geometry: &Geometry<f64>) -> Value {
    let coordinates = match geometry {
        Geometry::Point(point) => position_value(&point.0),
        Geometry::MultiPoint(points) => points.iter().map(|at| position_value(&at.0)).collect(),
        Geometry::LineString(line) => line_value(line),
        Geometry::MultiLineString(lines) => lines.iter().map(line_value).collect(),
        Geometry::Polygon(polygon) => polygon_value(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().map(polygon_value).collect(),
        Geometry::GeometryCollection(members) => {
            let members: Vec<Value> = members.iter().map(value).collect();
            return json!({"type": type_name(geometry), "geometries": members});
        }
        // Shapes never hold these three.
        Geometry::Line(line) => line_value(&LineString::from(*line)),
        Geometry::Rect(rect) => polygon_value(&rect.to_polygon()),
        Geometry::Triangle(triangle) => polygon_value(&triangle.to_polygon()),
    };
    json!({"type": type_name(geometry), "coordinates": coordinates})
}

fn position_value(coord: &Coord<f64>) -> Value {
    let (lon, lat) = Position::of_coord(*coord).degrees();
    json!([lon, lat])
}

fn line_value(line: &LineString<f64>) -> Value {
    line.0.iter().map(position_value).collect()
}

fn polygon_value(polygon: &Polygon<f64>) -> Value {
    rings(polygon).map(line_value).collect()
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// Appends the geometry object in CGCS2000.
pub(crate) fn write(geometry: &Geometry<f64>, out: &mut String) {
    let mut writer = Writer {
        out,
        decimals: DEGREE_DECIMALS,
        convert: |coord: Coord<f64>| Ok::<_, Infallible>((coord.x as i64, coord.y as i64)),
    };
    match writer.geometry(geometry) {
        Ok(()) => {}
        Err(never) => match never {},
    }
}

/// Appends the geometry object in another system and axis order.
pub(crate) fn write_in(
    geometry: &Geometry<f64>,
    crs: Crs,
    order: AxisOrder,
    out: &mut String,
) -> Result<(), CrsError> {
    let decimals = if crs.is_projected() {
        METRE_DECIMALS
    } else {
        DEGREE_DECIMALS
    };
    let scale = f64::from(10_u32.pow(decimals));
    let convert = |coord: Coord<f64>| {
        let (lon, lat) = (coord.x / UNITS_PER_DEGREE, coord.y / UNITS_PER_DEGREE);
        let (x, y) = crs.from_geographic(lon, lat)?;
        let (x, y) = ((x * scale).round() as i64, (y * scale).round() as i64);
        Ok(match order {
            AxisOrder::EastNorth => (x, y),
            AxisOrder::NorthEast => (y, x),
        })
    };
    let mut writer = Writer {
        out,
        decimals,
        convert,
    };
    writer.geometry(geometry)
}

/// Writes with a conversion from grid units to whole numbers of the last decimal.
struct Writer<'a, F> {
    out: &'a mut String,
    decimals: u32,
    convert: F,
}

impl<E, F: Fn(Coord<f64>) -> Result<(i64, i64), E>> Writer<'_, F> {
    fn geometry(&mut self, geometry: &Geometry<f64>) -> Result<(), E> {
        self.out.push_str("{\"type\":\"");
        self.out.push_str(type_name(geometry));
        self.out.push_str(match geometry {
            Geometry::GeometryCollection(_) => "\",\"geometries\":",
            _ => "\",\"coordinates\":",
        });
        match geometry {
            Geometry::Point(point) => self.point(point)?,
            Geometry::MultiPoint(points) => self.array(points, Self::point)?,
            Geometry::LineString(line) => self.line(line)?,
            Geometry::MultiLineString(lines) => self.array(lines, Self::line)?,
            Geometry::Polygon(polygon) => self.polygon(polygon)?,
            Geometry::MultiPolygon(polygons) => self.array(polygons, Self::polygon)?,
            Geometry::GeometryCollection(members) => self.array(members, Self::geometry)?,
            // Shapes never hold these three.
            Geometry::Line(line) => self.line(&LineString::from(*line))?,
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon())?,
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon())?,
        }
        self.out.push('}');
        Ok(())
    }

    fn array<T>(
        &mut self,
        parts: impl IntoIterator<Item = T>,
        mut part: impl FnMut(&mut Self, T) -> Result<(), E>,
    ) -> Result<(), E> {
        self.out.push('[');
        for (index, element) in parts.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            part(self, element)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) -> Result<(), E> {
        self.array(rings(polygon), Self::line)
    }

    fn line(&mut self, line: &LineString<f64>) -> Result<(), E> {
        self.array(&line.0, |writer, coord| writer.position(*coord))
    }

    fn point(&mut self, point: &Point<f64>) -> Result<(), E> {
        self.position(point.0)
    }

    fn position(&mut self, coord: Coord<f64>) -> Result<(), E> {
        let (first, second) = (self.convert)(coord)?;
        self.out.push('[');
        write_decimal(first, self.decimals, self.out);
        self.out.push(',');
        write_decimal(second, self.decimals, self.out);
        self.out.push(']');
        Ok(())
    }
}

/// Appends a whole number of the last decimal as a decimal number without trailing zeros.
fn write_decimal(number: i64, decimals: u32, out: &mut String) {
    let mut digits = [0_u8; 24];
    let mut used = 0;
    let mut rest = number.unsigned_abs();
    let mut significant = false;
    for place in 0.. {
        let digit = (rest % 10) as u8;
        rest /= 10;
        significant |= digit != 0 || place >= decimals;
        if significant {
            if place == decimals && used > 0 {
                digits[used] = b'.';
                used += 1;
            }
            digits[used] = b'0' + digit;
            used += 1;
        }
        if rest == 0 && place >= decimals {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits[..used].iter().rev().map(|&digit| char::from(digit)));
}
