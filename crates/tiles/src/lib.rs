//! Vector tiles of the records of a collection, in the Mapbox encoding, version 2.1.
//!
//! A tile shows everything that is in it: record by record while they are few, else as clusters with their
//! counts, which add up. Nothing is left out without being counted. The work of a tile is bounded by
//! [`render::MOST_FEATURES`] bodies read, or one pass over columns.
//!
//! | module | what |
//! |---|---|
//! | [`matrix`] | tile matrix sets: WebMercatorQuad and CGCS2000Quad |
//! | [`render`](mod@render) | what a tile shows |
//! | [`shape`] | geometries clipped, generalised and encoded |
//! | [`encoding`] | the messages of the Mapbox encoding |
//! | [`cache`] | tiles of one state, kept until the next |

pub mod cache;
pub mod encoding;
pub mod matrix;
pub mod render;
pub mod shape;

pub use cache::Cache;
pub use matrix::{MatrixSet, Tile};
pub use render::{Request, TileError, render};
