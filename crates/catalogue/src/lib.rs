//! What the registers hold for whom: the catalogue, requests and grants, objections, open data.
//!
//! | module | what |
//! |---|---|
//! | [`entry`] | a collection as an entry of the catalogue (GB/T 21063) |
//! | [`lists`] | who answers for what, which databases there are, what is shared on which terms |
//! | [`dcat`] | the catalogue as DCAT-AP 3: JSON-LD and Turtle |
//! | [`desk`] | requests with their clocks, the grants that they end in, objections, the board |
//! | [`open`] | editions of what is published without a key, small cells withheld |
//! | [`papers`] | where requests, objections and editions are kept |
//! | [`clock`] | days and instants by China's civil time |
//! | [`error`] | why something asked of the desk is not done |
//!
//! The terms themselves are data: `schemas/catalogue/`.

pub mod clock;
pub mod dcat;
pub mod desk;
pub mod entry;
pub mod error;
pub mod lists;
pub mod open;
pub mod papers;

pub use desk::Desk;
pub use entry::{Entry, entries, find};
pub use error::{DeskError, Fault};
