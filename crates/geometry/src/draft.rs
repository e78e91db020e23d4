//! A geometry as read from some format, before its coordinates are checked.
//!
//! Every reader makes a [`Draft`]; [`Draft::assemble`] is the one place where coordinates are
//! brought to CGCS2000, checked and snapped to the grid.

use std::fmt::Write;

use geo::{Coord, Geometry, LineString, Point, Polygon};

use crate::crs::Crs;
use crate::error::{GeometryError, Place};
use crate::position::Position;

/// Coordinates in the order x, y of the traditional maps, in the system the input is in.
pub(crate) enum Draft {
    Point(Coord<f64>),
    MultiPoint(Vec<Coord<f64>>),
    Line(Vec<Coord<f64>>),
    MultiLine(Vec<Vec<Coord<f64>>>),
    Polygon(Vec<Vec<Coord<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Coord<f64>>>>),
    Collection(Vec<Draft>),
}

/// Where in a geometry one is: the members of collections on the way, then the indices in the
/// nested arrays of coordinates. Written out only when there is a fault.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    members: Vec<usize>,
    indices: Vec<usize>,
}

impl Trail {
    /// Runs a step inside the array element of this index.
    pub(crate) fn at<T>(&mut self, index: usize, step: impl FnOnce(&mut Trail) -> T) -> T {
        self.indices.push(index);
        let result = step(self);
        self.indices.pop();
        result
    }

    /// Runs a step inside the collection's member of this index.
    pub(crate) fn member<T>(&mut self, index: usize, step: impl FnOnce(&mut Trail) -> T) -> T {
        self.members.push(index);
        let result = step(self);
        self.members.pop();
        result
    }

    /// How many collections one is inside of.
    pub(crate) fn depth(&self) -> usize {
        self.members.len()
    }

    /// The path of the coordinates here: `geometries[1].coordinates[0][3]`.
    pub(crate) fn place(&self) -> Place {
        let mut path = self.member_path();
        path.push_str(if path.is_empty() {
            "coordinates"
        } else {
            ".coordinates"
        });
        for index in &self.indices {
            // Writing to a string cannot fail.
            let _ = write!(path, "[{index}]");
        }
        Place::Path(path)
    }

    /// The path of a member of the geometry object here: `geometries[1].type`.
    pub(crate) fn named(&self, name: &str) -> Place {
        let mut path = self.member_path();
        if !path.is_empty() && !name.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        if path.is_empty() {
            path.push_str("geometry");
        }
        Place::Path(path)
    }

    fn member_path(&self) -> String {
        let mut path = String::new();
        for index in &self.members {
            let dot = if path.is_empty() { "" } else { "." };
            let _ = write!(path, "{dot}geometries[{index}]");
        }
        path
    }
}

impl Draft {
    /// Checks, transforms and snaps; the result is in grid units.
    ///
    /// # Errors
    ///
    /// Coordinates that are not finite, out of range or outside the system; empty parts; lines
    /// with fewer than 2 and rings with fewer than 4 positions; rings that are not closed.
    pub(crate) fn assemble(self, crs: Crs) -> Result<Geometry<f64>, GeometryError> {
        assemble(self, &mut Assembler { crs }, &mut Trail::default())
    }
}

struct Assembler {
    crs: Crs,
}

type Assembled<T> = Result<T, GeometryError>;

fn assemble(draft: Draft, with: &mut Assembler, trail: &mut Trail) -> Assembled<Geometry<f64>> {
    Ok(match draft {
        Draft::Point(coord) => Geometry::Point(Point(with.coord(coord, trail)?)),
        Draft::MultiPoint(coords) => {
            let coords = with.positions(coords, 1, trail)?;
            Geometry::MultiPoint(coords.into_iter().map(Point).collect())
        }
        Draft::Line(coords) => Geometry::LineString(with.line(coords, trail)?),
        Draft::MultiLine(lines) => {
            Geometry::MultiLineString(each(lines, trail, |line, trail| with.line(line, trail))?)
        }
        Draft::Polygon(rings) => Geometry::Polygon(with.polygon(rings, trail)?),
        Draft::MultiPolygon(polygons) => {
            Geometry::MultiPolygon(each(polygons, trail, |rings, trail| {
                with.polygon(rings, trail)
            })?)
        }
        Draft::Collection(members) => {
            if members.is_empty() {
                return Err(GeometryError::Empty {
                    place: trail.named("geometries"),
                });
            }
            let members = members.into_iter().enumerate();
            Geometry::GeometryCollection(
                members
                    .map(|(index, member)| {
                        trail.member(index, |trail| assemble(member, with, trail))
                    })
                    .collect::<Assembled<_>>()?,
            )
        }
    })
}

/// Applies a step to the elements of an array, which must not be empty.
fn each<T, U, C: FromIterator<U>>(
    parts: Vec<T>,
    trail: &mut Trail,
    mut step: impl FnMut(T, &mut Trail) -> Assembled<U>,
) -> Assembled<C> {
    if parts.is_empty() {
        return Err(GeometryError::Empty {
            place: trail.place(),
        });
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| trail.at(index, |trail| step(part, trail)))
        .collect()
}

impl Assembler {
    fn coord(&self, coord: Coord<f64>, trail: &Trail) -> Assembled<Coord<f64>> {
        let Coord { x, y } = coord;
        if !(x.is_finite() && y.is_finite()) {
            return Err(GeometryError::NotFinite {
                place: trail.place(),
            });
        }
        let (longitude, latitude) = if self.crs.is_identity() {
            (x, y)
        } else {
            let degrees = self.crs.to_geographic(x, y);
            degrees.map_err(|source| GeometryError::Crs {
                place: trail.place(),
                source,
            })?
        };
        match Position::from_degrees(longitude, latitude) {
            Some(position) => Ok(position.coord()),
            None => Err(GeometryError::OutOfRange {
                place: trail.place(),
                longitude,
                latitude,
            }),
        }
    }

    /// Checks the coordinates in place, at least `needed` of them.
    fn positions(
        &self,
        mut coords: Vec<Coord<f64>>,
        needed: usize,
        trail: &mut Trail,
    ) -> Assembled<Vec<Coord<f64>>> {
        if coords.is_empty() {
            return Err(GeometryError::Empty {
                place: trail.place(),
            });
        }
        for (index, coord) in coords.iter_mut().enumerate() {
            *coord = trail.at(index, |trail| self.coord(*coord, trail))?;
        }
        if coords.len() < needed {
            return Err(GeometryError::TooFewPositions {
                place: trail.place(),
                found: coords.len(),
                needed,
            });
        }
        Ok(coords)
    }

    fn line(&self, coords: Vec<Coord<f64>>, trail: &mut Trail) -> Assembled<LineString<f64>> {
        self.positions(coords, 2, trail).map(LineString::new)
    }

    fn ring(&self, coords: Vec<Coord<f64>>, trail: &mut Trail) -> Assembled<LineString<f64>> {
        let coords = self.positions(coords, 4, trail)?;
        if coords.first() != coords.last() {
            return Err(GeometryError::RingNotClosed {
                place: trail.at(coords.len() - 1, |trail| trail.place()),
            });
        }
        Ok(LineString::new(coords))
    }

    fn polygon(&self, rings: Vec<Vec<Coord<f64>>>, trail: &mut Trail) -> Assembled<Polygon<f64>> {
        let mut rings: Vec<LineString<f64>> =
            each(rings, trail, |ring, trail| self.ring(ring, trail))?;
        let holes = rings.split_off(1);
        let shell = rings.pop().unwrap_or_else(|| LineString::new(Vec::new()));
        Ok(Polygon::new(shell, holes))
    }
}
