//! What the registers hold for whom: the catalogue, requests and grants, objections, open data.
//!
//! | module | what |
//! |---|---|
//! | [`entry`] | a collection as an entry of the catalogue (GB/T 21063) |
//! | [`lists`] | who answers for what, which databases there are, what is shared on which terms |
//! | [`dcat`] | the catalogue as DCAT-AP 3: JSON-LD and Turtle |
//! | [`clock`] | days and instants by China's civil time |
//!
//! The terms themselves are data: `schemas/catalogue/`.

pub mod clock;
pub mod dcat;
pub mod entry;
pub mod lists;

pub use entry::{Entry, entries, find};
