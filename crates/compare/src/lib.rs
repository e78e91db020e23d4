//! Answers without disclosure: whether what somebody claims of a record is so, and agreed questions on a
//! whole list of records, each answered by a word.
//!
//! | module | what |
//! |---|---|
//! | [`verify`] | claims on records: match, match under a variant, mismatch, no record, disputed |
//! | [`list`] | list comparisons: agreed questions on many keys, guarded against singling anybody out |
//! | [`find`] | records by key, also by one in another form |
//! | [`forms`] | numbers of identity in other forms than the register's |
//! | [`guesses`] | no value is found out by claiming one after another |
//!
//! What a caller may claim is what the schemas of the store it is given name; of which records, what that
//! store's view finds. Nothing here tells more than a word for each claim.

pub mod find;
pub mod forms;
pub mod guesses;
pub mod list;
pub mod verify;

pub use guesses::Guesses;
pub use verify::{Guard, May, Verification, Verified, VerifyError};

// The small store in memory that the tests of `query` use too.
#[cfg(test)]
#[path = "../../query/src/fake.rs"]
mod fake;
