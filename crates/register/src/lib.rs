//! From statements to records to the index: what every register does in the same way, and the traits
//! by which registers differ and by which everything above sees the data.
//!
//! - [`Register`]: what the crate of each register provides: checks and computed fields.
//! - [`Store`] and [`View`]: what the query layer and the loading desk see.
//! - [`Embedded`]: the store on this machine, on the ledger and the index.
//! - [`fold`]: statements become rectangles of validity × knowledge.
//! - [`late`]: what is learned late of an earlier day leaves what begins later as it is.

pub mod body;
pub mod codec;
pub mod directory;
pub mod embedded;
pub mod fold;
pub mod journal;
pub mod late;
pub mod marks;
pub mod rules;
pub mod standing;
pub mod store;

pub use directory::DataDirectory;
pub use embedded::key_of;
pub use embedded::{
    Disagreement, Embedded, Hashed, KeyMap, LoadSession, NewRow, Opening, OperationError, Slot,
    StartedLoad, StoreVerification, Stretch, Undone, now, today,
};
pub use fold::{Rectangle, Spoken, Target, TargetRectangle, TargetSpan, Targets};
pub use journal::{Counts, Journal, Link, LoadEntry, SilentEntity};
pub use rules::{CheckContext, Checker, Register};
pub use standing::Standing;
pub use store::*;
