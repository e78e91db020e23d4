//! What can be wrong with a geometry, and where.

use std::fmt;

use crate::crs::CrsError;

/// Where in the input a fault lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A path in GeoJSON terms, such as `coordinates[0][3]` or `geometries[1].coordinates`. Faults
    /// of coordinates and rings are told this way for WKT and WKB too, whose nesting is the same.
    Path(String),
    /// The byte offset in a WKT text, from 0.
    Text(usize),
    /// The byte offset in a WKB value, from 0.
    Byte(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Path(path) => formatter.write_str(path),
            Place::Text(offset) => write!(formatter, "character {offset}"),
            Place::Byte(offset) => write!(formatter, "byte {offset}"),
        }
    }
}

/// A geometry that cannot be read, is not valid, or does not suit the operation.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GeometryError {
    /// The text is not JSON at all.
    #[error("not JSON at line {line}, column {column}: {message}")]
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
        /// The parser's message.
        message: String,
    },
    /// Something else was expected at this place: wrong nesting, a missing member, bad syntax.
    #[error("{place}: expected {expected}")]
    Expected {
        /// Where.
        place: Place,
        /// What should have been there.
        expected: &'static str,
    },
    /// The geometry type is none of the seven of Simple Features.
    #[error("{place}: unknown geometry type {found:?}")]
    UnknownType {
        /// Where.
        place: Place,
        /// The type as written (a number in WKB).
        found: String,
    },
    /// Collections are nested deeper than [`crate::shape::MAXIMUM_DEPTH`].
    #[error("{place}: geometry collections are nested too deep")]
    TooDeep {
        /// Where.
        place: Place,
    },
    /// The geometry, or a part of it, has no positions.
    #[error("{place}: empty geometry")]
    Empty {
        /// Where.
        place: Place,
    },
    /// A coordinate is NaN or infinite.
    #[error("{place}: a coordinate is not a finite number")]
    NotFinite {
        /// Where.
        place: Place,
    },
    /// Longitude outside −180..180 or latitude outside −90..90.
    #[error("{place}: longitude {longitude}, latitude {latitude} is out of range")]
    OutOfRange {
        /// Where.
        place: Place,
        /// Longitude in degrees.
        longitude: f64,
        /// Latitude in degrees.
        latitude: f64,
    },
    /// A line has fewer than 2 positions, or a ring fewer than 4.
    #[error("{place}: {found} positions where at least {needed} are needed")]
    TooFewPositions {
        /// Where.
        place: Place,
        /// How many there are.
        found: usize,
        /// How many there must be.
        needed: usize,
    },
    /// The last position of a ring differs from its first.
    #[error("{place}: the ring is not closed: its last position differs from its first")]
    RingNotClosed {
        /// The last position of the ring.
        place: Place,
    },
    /// The geometry names another coordinate reference system than the one expected.
    #[error("{place}: the geometry says it is in {found:?}, expected {expected}")]
    CrsMismatch {
        /// Where.
        place: Place,
        /// The name or code as written.
        found: String,
        /// The system the caller expects.
        expected: String,
    },
    /// A coordinate could not be brought from its system to longitude and latitude.
    #[error("{place}: {source}")]
    Crs {
        /// Where.
        place: Place,
        /// Why.
        source: CrsError,
    },
    /// The geometry breaks a rule of Simple Features.
    #[error("{place}: {fault}")]
    Invalid {
        /// The ring, line or part at fault.
        place: Place,
        /// The rule broken, with the position where there is one.
        fault: crate::validate::Fault,
    },
    /// The operation needs polygons and nothing else.
    #[error("{place}: a polygon or multipolygon is needed")]
    NotAnArea {
        /// The part that is not a polygon.
        place: Place,
    },
    /// A grid cell size outside 1 m to 1,000 km, or a cell that does not exist.
    #[error("no such grid cell: {0}")]
    GridCell(String),
}
