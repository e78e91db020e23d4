//! What callers may do.

mod verb;

pub use verb::Verb;
