//! The forms in which geometries come and go. To add one: a file with a reader that makes a
//! [`crate::draft::Draft`] and a writer over the geometry in grid units, and a method each on
//! [`crate::Shape`].

pub(crate) mod geojson_reader;
pub(crate) mod geojson_writer;
pub(crate) mod wkb;
pub(crate) mod wkt;

#[cfg(test)]
mod tests;
