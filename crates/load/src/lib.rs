//! The loading desk: a department's file to published statements.
//!
//! [`load`] runs the stages: [`input`] opens, [`encoding`] tells the encoding, [`splitter`] finds the
//! records, [`header`] and [`mapper`] carry out the source's mapping cell by cell ([`cell`]), the
//! register's checker looks at each row, the [`desk`] rules on it, [`rejects`] keeps what was
//! refused, and [`notices`] what the department does not answer for. [`single`] writes one record at a
//! time, under the same checks. To add a key to the mappings: parse it in crate `schema`, carry it out in [`mapper`] or
//! [`cell`], describe it in `schemas/README.md`.

pub mod cell;
pub mod desk;
pub mod divisions;
pub mod encoding;
pub mod error;
pub mod fields;
pub mod header;
pub mod input;
pub mod json_rows;
pub mod mapper;
pub mod notices;
pub mod pipeline;
pub mod rejects;
pub mod report;
pub mod saying;
pub mod single;
pub mod splitter;

pub use error::LoadError;
pub use pipeline::{LoadOptions, Progress, Quiet, RejectLimit, load};
pub use report::{LoadReport, Outcome};
pub use single::{Call, Clerk, Expected, Located, Verb, WriteError, Written};
