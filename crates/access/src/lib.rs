//! Who asks, what for, and what of the registers they may see.
//!
//! | module | what |
//! |---|---|
//! | [`caller`] | a department's system or user, and how it proved who it is |
//! | [`purpose`] | what a request is for: purpose, legal basis, case |
//! | [`asker`] | one request's caller, its purpose, and the store as it sees it |
//!
//! Everything above asks through [`register::Store`] and [`register::View`]. What a caller may not see
//! is not there in the store it is given: neither in the schemas nor in the data.

pub mod asker;
pub mod caller;
pub mod form;
pub mod grant;
pub mod policy;
pub mod purpose;

pub use asker::Asker;
pub use caller::{Caller, Means};
pub use form::Form;
pub use grant::{Grant, Grants};
pub use policy::Verb;
pub use purpose::Purpose;
