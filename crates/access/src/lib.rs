//! Who asks, what for, and what of the registers they may see.
//!
//! | module | what |
//! |---|---|
//! | [`caller`] | a department's system or user, and how it proved who it is |
//! | [`callers`] | who is known: keys, their rates and quotas |
//! | [`purpose`] | what a request is for: purpose, legal basis, case |
//! | [`policy`] | roles, purposes, masks and routes, as `schemas/access/` says them; the one decision |
//! | [`grant`] | what is seen beyond roles, for a purpose and a time |
//! | [`form`], [`mask`] | in which form a field is seen; what is left of a value |
//! | [`sight`] | what one caller sees for one purpose, and the store through it |
//! | [`asker`] | one request's caller, its purpose, and the store as it sees it |
//! | [`deferral`] | what the subject's own log keeps back for a time |
//! | [`as_of`] | a store as it stood, for answers that are given again |
//! | [`trace`] | what a request has read: a store that notes what it hands out |
//!
//! Everything above asks through [`register::Store`] and [`register::View`]. What a caller may not see
//! is not there in the store it is given: neither in the schemas nor in the data.

pub mod as_of;
pub mod asker;
pub mod caller;
pub mod callers;
pub mod deferral;
pub mod form;
pub mod grant;
pub mod mask;
pub mod policy;
pub mod purpose;
pub mod sight;
pub mod trace;

pub use as_of::{Earlier, Moment};
pub use asker::Asker;
pub use caller::{Caller, Means};
pub use callers::Callers;
pub use form::Form;
pub use grant::{Grant, Grants};
pub use policy::{Policy, Rules, Verb};
pub use purpose::Purpose;
pub use sight::Sight;
pub use trace::{Touched, Touches, Traced};
