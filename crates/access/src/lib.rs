//! Who asks, what for, and what of the registers they may see.
//!
//! | module | what |
//! |---|---|
//! | [`caller`] | a department's system or user, and how it proved who it is |
//! | [`callers`] | who is known: keys, their rates and quotas |
//! | [`purpose`] | what a request is for: purpose, legal basis, case |
//! | [`asker`] | one request's caller, its purpose, and the store as it sees it |
//!
//! Everything above asks through [`register::Store`] and [`register::View`]. What a caller may not see
//! is not there in the store it is given: neither in the schemas nor in the data.

pub mod asker;
pub mod caller;
pub mod callers;
pub mod purpose;

pub use asker::Asker;
pub use caller::{Caller, Means};
pub use callers::Callers;
pub use purpose::Purpose;
