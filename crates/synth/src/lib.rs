//! The synthetic city: departments' files as they come in life, with invented people in a real
//! city's divisions.
//!
//! Beijing's divisions, district boundaries and census populations are real; persons, households,
//! organizations, addresses, buildings, roads and places are invented. Identity numbers and credit
//! codes are valid but use region codes that were never assigned, so none can be a real one. Every
//! row says 合成数据 (synthetic data), and the source mappings are accepted only by a data
//! directory made for synthetic data.
//!
//! [`generate()`] writes the [`FILES`] with a `manifest.json`. They differ as departments do: in
//! encoding, line ends, date forms, units, code values and coordinate systems. With a share of
//! dirt it spoils rows, exactly one problem each, and lists them in `dirt-truth.csv` (file, line,
//! problem code of `schemas/problems.toml`); a spoiled row harms no other row.
//!
//! The same options write the same bytes, on one thread, with memory that does not grow with the
//! city. The population is that of the end of 2020 (UN pyramid, national census); those who died
//! later have a date of death.
//!
//! | module | what |
//! |---|---|
//! | `city`, `geography` | the tables, the districts' polygons, where villages lie |
//! | `families` | households matched from the age pyramid |
//! | `numbers` | identity numbers and credit codes, each given once |
//! | `divisions`, `spatial`, `people`, `organizations` | the rows of each file |
//! | `dirt` | what is spoiled |
//! | `table`, `files` | CSV writing, the manifest |

mod city;
mod dates;
mod dirt;
mod divisions;
mod error;
mod families;
mod files;
mod generate;
mod geography;
mod numbers;
mod organizations;
mod people;
mod pool;
mod random;
mod spatial;
mod table;

#[cfg(test)]
mod tests;

pub use error::{MOST_PERSONS, SynthError};
pub use files::{CityFile, FILES, Written};
pub use generate::{Options, Summary, generate};
pub use table::Encoding;
