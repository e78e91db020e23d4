//! List comparisons: of up to 50,000 keys, agreed questions answered by yes, no or unknown.
//!
//! A [`Comparison`] is an object. It is received under an [`Agreement`], worked through by one thread, and
//! read when it is done; a restart goes on where it stopped (`shelf`). No key's answer tells whether there
//! is no such record or nothing is known of it: both are `unknown`.
//!
//! What keeps a list from being a look-up of one person:
//!
//! - **One state a period.** All lists of a department on a collection are answered as of the pair of times
//!   of the first of them, for [`Terms::period_days`]: to ask again tells nothing new.
//! - **No list that singles out.** All lists of a period divide the records that they name into classes of
//!   those that stand in the same lists. A list is refused that makes a class smaller than
//!   [`Terms::minimum`] (`classes`): no combination of lists is then about fewer.
//! - **No place that singles out.** Areas asked about hold at least as many records, and so do the
//!   differences between any two areas of a period (`areas`).
//! - **A quota** of keys a day, which refused lists use up as well.
//!
//! Questions are filters in CQL2 that the grant names, never the caller: `deathDate IS NOT NULL`,
//! `linked('organization', 'legalRepresentative')`. As a filter they are true, false, or unknown where the
//! record has no value: yes, no, unknown.

pub mod agreement;
mod areas;
mod classes;
mod desk;
pub mod error;
pub mod job;
pub mod request;
mod shelf;
mod work;

pub use agreement::{Agreement, Column, Terms};
pub use desk::{Answers, Asking, Comparisons, Row};
pub use error::ListError;
pub use job::{Comparison, State};
pub use request::Request;

/// The most keys of one list.
pub const MOST_KEYS: usize = 50_000;
/// The most columns of one list.
pub const MOST_COLUMNS: usize = 16;
