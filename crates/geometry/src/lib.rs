//! Positions, shapes, coordinate systems and spatial predicates of the base-record platform.
//!
//! **One grid.** A [`Position`] is a pair of whole numbers of 1e-7 degree (about 1.1 cm) in
//! CGCS2000 longitude and latitude. A [`Shape`] is snapped to the same grid when it is made, so
//! that what is stored, indexed, tested and answered is the same geometry, and every
//! point-against-edge test is exact. CGCS2000 (EPSG:4490) and WGS 84 (EPSG:4326, CRS84) are
//! treated as identical: they differ by centimetres, less than any register's accuracy.
//!
//! | module | what |
//! |---|---|
//! | [`position`] | positions and boxes on the grid |
//! | [`shape`] | shapes, and their GeoJSON, WKT and WKB forms |
//! | [`validate`](mod@validate) | the rules of OGC Simple Features, with the place of the fault |
//! | [`predicate`] | intersects, contains and the other relations of two shapes |
//! | [`prepared`] | an area made ready for millions of point tests |
//! | [`distance`] | metres on the sphere, and safe boxes around circles |
//! | [`crs`] | CGCS2000 Gauss-Krüger, Web Mercator, GCJ-02, BD-09 |
//! | [`parts`] | coordinates as plain numbers, for encoders of other formats |
//! | [`hilbert`] | sort keys that keep neighbours together |
//! | [`grid`] | square cells for grouping |
//!
//! Edges are straight in longitude and latitude, as RFC 7946 (GeoJSON) says, and nothing wraps at
//! the antimeridian: a shape that crosses it must be cut there (RFC 7946, 3.1.9).
//!
//! No other crate depends on `geo` or `proj4rs`.

mod chinese;
pub mod crs;
pub mod distance;
mod draft;
pub mod error;
mod format;
pub mod grid;
pub mod hilbert;
pub mod parts;
pub mod position;
pub mod predicate;
pub mod prepared;
mod representative;
mod segment;
pub mod shape;
pub mod validate;

pub use crs::{AxisOrder, Crs, CrsError, transform};
pub use error::{GeometryError, Place};
pub use position::{Bounds, Position};
pub use prepared::{BoundsRelation, PositionRelation, PreparedArea};
pub use shape::Shape;
pub use validate::validate;
