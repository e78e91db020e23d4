//! The rules of the population register, one a file.
//!
//! A rule is a pure function over plain values: no clock (today is a parameter), no files, no
//! register. It answers with a value, or with an error that says what is wrong and what was expected,
//! and never repeats an identity number, since errors end in logs and reports.
//!
//! To add a rule:
//! 1. Make sure that a table cannot say it: required fields, code lists, lengths and patterns belong
//!    in `schemas/person/*.toml`.
//! 2. Write `src/rules/<rule>.rs`, named after what is checked. Its module doc names the standard and
//!    section. Its errors are one `enum` with a variant for each way of being wrong.
//! 3. Test at least one accepted and one rejected case for each variant; of a check digit, every
//!    single wrong character (see `identity_number/tests.rs`).
//! 4. Add the `pub mod` line below, in alphabetical order.
//! 5. Give each error variant its code and its two sentences in `schemas/problems.toml`, and name
//!    the rule in the collection's schema, so that loads run it.

pub mod identity_number;
pub mod life;
