//! The loading desk: a department's file to published statements.
//!
//! [`load`] runs the stages: [`input`] opens, [`encoding`] tells the encoding, [`splitter`] finds the
//! records ([`sheet`] those of workbooks; [`rows`] is what both give), [`header`] and [`mapper`] carry
//! out the source's mapping cell by cell ([`cell`]), the register's checker looks at each row, the
//! [`desk`] rules on it, [`rejects`] keeps what was refused, and [`notices`] what the department does
//! not answer for. [`rehearse`] runs the same stages and publishes nothing: [`profile`] and
//! [`rehearsal`] say what the load would do. [`recognise()`] tells of which sources a file may be. The
//! [`book`] keeps loads as objects that are received, rehearsed, published and undone. [`single`] writes
//! one record at a time, under the same checks. To add a key to the mappings: parse it in crate
//! `schema`, carry it out in [`mapper`] or
//! [`cell`], describe it in `schemas/README.md`.

pub mod book;
pub mod cell;
pub mod desk;
pub mod divisions;
pub mod encoding;
pub mod error;
pub mod fields;
pub mod header;
pub mod input;
pub mod json_rows;
pub mod limit;
pub mod mapper;
pub mod notices;
pub mod pipeline;
mod priority;
pub mod profile;
pub mod recognise;
pub mod rehearsal;
pub mod rejects;
pub mod report;
pub mod rows;
pub mod saying;
pub mod sheet;
pub mod single;
pub mod splitter;

pub use error::LoadError;
pub use limit::RejectLimit;
pub use pipeline::{LoadOptions, Progress, Quiet, load};
pub use recognise::{Near, Recognition, recognise};
pub use rehearsal::{Rehearsal, page, rehearse};
pub use report::{LoadReport, Outcome, Remark};
pub use single::{Call, Clerk, Expected, Located, Verb, WriteError, Written};
