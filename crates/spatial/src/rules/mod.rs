//! The rules of the spatial register, one a file.
//!
//! A rule is a pure function over plain values: no clock, no files, no register. It answers with a
//! value in canonical form, or with an error or verdict that says what is wrong.
//!
//! To add a rule:
//! 1. Make sure that a table cannot say it: required fields, code lists, lengths and patterns belong
//!    in `schemas/spatial/*.toml`.
//! 2. Write `src/rules/<rule>.rs`, named after what is checked. Its module doc names the standard.
//!    Its errors are one `enum` with a variant for each way of being wrong.
//! 3. Anything about coordinates goes through `geometry`: a rule compares, it does not calculate.
//! 4. Test at least one accepted and one rejected case for each variant, in a sibling `tests.rs` where
//!    that gets long.
//! 5. Add the `pub mod` line below, in alphabetical order.
//! 6. Give each error variant its code and its two sentences in `schemas/problems.toml`, and name
//!    the rule in the collection's schema, so that loads run it.

pub mod division_code;
pub mod placement;
