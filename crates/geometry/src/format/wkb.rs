//! Well-Known Binary: read in the ISO form and in PostGIS's extended form, written in the ISO form.

use geo::{Coord, Geometry, LineString, Polygon};

use crate::crs::Crs;
use crate::draft::Draft;
use crate::error::{GeometryError, Place};
use crate::position::Position;
use crate::shape::MAXIMUM_DEPTH;

type Read<T> = Result<T, GeometryError>;

/// Flags of the extended form, in the high bits of the type.
const FLAG_Z: u32 = 0x8000_0000;
const FLAG_M: u32 = 0x4000_0000;
const FLAG_SRID: u32 = 0x2000_0000;

/// Bytes of the shortest geometry: byte order, type, and a count.
const SHORTEST_GEOMETRY: usize = 9;

pub(crate) fn read(bytes: &[u8], crs: Crs) -> Read<Draft> {
    let mut cursor = Cursor {
        bytes,
        offset: 0,
        crs,
    };
    let draft = cursor.geometry(None, 0)?;
    if cursor.offset < bytes.len() {
        return Err(cursor.expected("the end"));
    }
    Ok(draft)
}

/// How the numbers of the geometry being read are laid out.
#[derive(Clone, Copy)]
struct Layout {
    little_endian: bool,
    /// Numbers in a position, 2 to 4.
    ordinates: usize,
}

struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
    crs: Crs,
}

impl Cursor<'_> {
    fn expected(&self, expected: &'static str) -> GeometryError {
        GeometryError::Expected {
            place: Place::Byte(self.offset),
            expected,
        }
    }

    fn take<const N: usize>(&mut self) -> Read<[u8; N]> {
        let taken = self.bytes[self.offset..].first_chunk::<N>();
        let taken = *taken.ok_or_else(|| self.expected("more bytes"))?;
        self.offset += N;
        Ok(taken)
    }

    fn integer(&mut self, little_endian: bool) -> Read<u32> {
        let bytes = self.take::<4>()?;
        Ok(if little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn float(&mut self, little_endian: bool) -> Read<f64> {
        let bytes = self.take::<8>()?;
        Ok(if little_endian {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }

    /// A geometry, of the type given when it is a part of a multiple.
    fn geometry(&mut self, of_type: Option<u32>, depth: usize) -> Read<Draft> {
        let start = self.offset;
        let little_endian = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => {
                self.offset = start;
                return Err(self.expected("a byte order of 0 or 1"));
            }
        };
        let type_offset = self.offset;
        let code = self.integer(little_endian)?;
        let (kind, ordinates) = self.kind(code, type_offset)?;
        if of_type.is_some_and(|wanted| wanted != kind) {
            self.offset = type_offset;
            return Err(self.expected("a part of the multiple's own type"));
        }
        if code & FLAG_SRID != 0 {
            self.check_srid(little_endian)?;
        }
        let layout = Layout {
            little_endian,
            ordinates,
        };
        match kind {
            1 => self.position(layout).map(Draft::Point),
            2 => self.positions(layout).map(Draft::Line),
            3 => self.rings(layout).map(Draft::Polygon),
            4 => self.multi_point(layout, depth),
            5 => self.multi_line(layout, depth),
            6 => self.multi_polygon(layout, depth),
            _ if depth >= MAXIMUM_DEPTH => Err(GeometryError::TooDeep {
                place: Place::Byte(start),
            }),
            _ => self
                .parts(layout, |cursor| cursor.geometry(None, depth + 1))
                .map(Draft::Collection),
        }
    }

    /// The type, 1 to 7, and the numbers in a position.
    fn kind(&self, code: u32, type_offset: usize) -> Read<(u32, usize)> {
        let unknown = || GeometryError::UnknownType {
            place: Place::Byte(type_offset),
            found: code.to_string(),
        };
        let flags = usize::from(code & FLAG_Z != 0) + usize::from(code & FLAG_M != 0);
        let iso = code & !(FLAG_Z | FLAG_M | FLAG_SRID);
        let more = match iso / 1000 {
            0 => flags,
            1 | 2 if flags == 0 => 1,
            3 if flags == 0 => 2,
            _ => return Err(unknown()),
        };
        match iso % 1000 {
            kind @ 1..=7 => Ok((kind, 2 + more)),
            _ => Err(unknown()),
        }
    }

    fn check_srid(&mut self, little_endian: bool) -> Read<()> {
        let place = Place::Byte(self.offset);
        let srid = self.integer(little_endian)?;
        let agrees = match Crs::from_epsg(srid) {
            Some(named) => named == self.crs || (named.is_identity() && self.crs.is_identity()),
            None => srid == 0,
        };
        if agrees {
            return Ok(());
        }
        Err(GeometryError::CrsMismatch {
            place,
            found: format!("SRID {srid}"),
            expected: self.crs.to_string(),
        })
    }

    /// A count of parts that are at least so many bytes long each, so that a false count cannot
    /// ask for more memory than the input has.
    fn count(&mut self, little_endian: bool, shortest: usize) -> Read<usize> {
        let start = self.offset;
        let count = self.integer(little_endian)? as usize;
        if count > (self.bytes.len() - self.offset) / shortest {
            self.offset = start;
            return Err(self.expected("a count that the remaining bytes can hold"));
        }
        Ok(count)
    }

    fn position(&mut self, layout: Layout) -> Read<Coord<f64>> {
        let x = self.float(layout.little_endian)?;
        let y = self.float(layout.little_endian)?;
        for _ in 2..layout.ordinates {
            self.take::<8>()?;
        }
        Ok(Coord { x, y })
    }

    fn positions(&mut self, layout: Layout) -> Read<Vec<Coord<f64>>> {
        let count = self.count(layout.little_endian, layout.ordinates * 8)?;
        (0..count).map(|_| self.position(layout)).collect()
    }

    fn rings(&mut self, layout: Layout) -> Read<Vec<Vec<Coord<f64>>>> {
        let count = self.count(layout.little_endian, 4)?;
        (0..count).map(|_| self.positions(layout)).collect()
    }

    fn parts<T>(
        &mut self,
        layout: Layout,
        mut part: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let count = self.count(layout.little_endian, SHORTEST_GEOMETRY)?;
        (0..count).map(|_| part(self)).collect()
    }

    fn multi_point(&mut self, layout: Layout, depth: usize) -> Read<Draft> {
        let parts = self.parts(layout, |cursor| match cursor.geometry(Some(1), depth)? {
            Draft::Point(coord) => Ok(coord),
            _ => Err(cursor.expected("a point")),
        });
        parts.map(Draft::MultiPoint)
    }

    fn multi_line(&mut self, layout: Layout, depth: usize) -> Read<Draft> {
        let parts = self.parts(layout, |cursor| match cursor.geometry(Some(2), depth)? {
            Draft::Line(coords) => Ok(coords),
            _ => Err(cursor.expected("a line")),
        });
        parts.map(Draft::MultiLine)
    }

    fn multi_polygon(&mut self, layout: Layout, depth: usize) -> Read<Draft> {
        let parts = self.parts(layout, |cursor| match cursor.geometry(Some(3), depth)? {
            Draft::Polygon(rings) => Ok(rings),
            _ => Err(cursor.expected("a polygon")),
        });
        parts.map(Draft::MultiPolygon)
    }
}

pub(crate) fn write(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut out = Vec::new();
    write_geometry(geometry, &mut out);
    out
}

fn write_geometry(geometry: &Geometry<f64>, out: &mut Vec<u8>) {
    match geometry {
        Geometry::Point(point) => {
            write_head(1, out);
            write_position(point.0, out);
        }
        Geometry::LineString(line) => write_line(line, out),
        Geometry::Polygon(polygon) => write_polygon(polygon, out),
        Geometry::MultiPoint(points) => {
            write_head(4, out);
            write_count(points.0.len(), out);
            for point in points {
                write_head(1, out);
                write_position(point.0, out);
            }
        }
        Geometry::MultiLineString(lines) => {
            write_head(5, out);
            write_count(lines.0.len(), out);
            for line in lines {
                write_line(line, out);
            }
        }
        Geometry::MultiPolygon(polygons) => {
            write_head(6, out);
            write_count(polygons.0.len(), out);
            for polygon in polygons {
                write_polygon(polygon, out);
            }
        }
        Geometry::GeometryCollection(members) => {
            write_head(7, out);
            write_count(members.0.len(), out);
            for member in members {
                write_geometry(member, out);
            }
        }
        // Shapes never hold these three.
        Geometry::Line(line) => write_line(&LineString::from(*line), out),
        Geometry::Rect(rect) => write_polygon(&rect.to_polygon(), out),
        Geometry::Triangle(triangle) => write_polygon(&triangle.to_polygon(), out),
    }
}

fn write_head(kind: u32, out: &mut Vec<u8>) {
    out.push(1);
    out.extend_from_slice(&kind.to_le_bytes());
}

/// A count; a shape of four thousand million parts cannot exist in memory that a `u32` counts.
fn write_count(count: usize, out: &mut Vec<u8>) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_le_bytes());
}

fn write_position(coord: Coord<f64>, out: &mut Vec<u8>) {
    let (lon, lat) = Position::of_coord(coord).degrees();
    out.extend_from_slice(&lon.to_le_bytes());
    out.extend_from_slice(&lat.to_le_bytes());
}

fn write_positions(line: &LineString<f64>, out: &mut Vec<u8>) {
    write_count(line.0.len(), out);
    for coord in &line.0 {
        write_position(*coord, out);
    }
}

fn write_line(line: &LineString<f64>, out: &mut Vec<u8>) {
    write_head(2, out);
    write_positions(line, out);
}

fn write_polygon(polygon: &Polygon<f64>, out: &mut Vec<u8>) {
    write_head(3, out);
    write_count(1 + polygon.interiors().len(), out);
    for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
        write_positions(ring, out);
    }
}
