//! The rules of the register of legal entities, one a file.
//!
//! A rule is a pure function over plain values: no clock, no files, no register. It answers with a
//! value in canonical form, or with an error that says what is wrong and what was expected.
//!
//! To add a rule:
//! 1. Make sure that a table cannot say it: required fields, code lists, lengths and patterns belong
//!    in `schemas/organization/*.toml`.
//! 2. Write `src/rules/<rule>.rs`, named after what is checked. Its module doc names the standard and
//!    the formula. Its errors are one `enum` with a variant for each way of being wrong.
//! 3. Test a known answer, a rejected case for each variant, and of a check character every single
//!    wrong character and every adjacent transposition: what gets through is asserted, not ignored.
//! 4. Add the `pub mod` line below, in alphabetical order.
//! 5. Give each error variant its code and its two sentences in `schemas/problems.toml`, and name
//!    the rule in the collection's schema, so that loads run it.

pub mod business_number;
pub mod credit_code;
pub mod lei;
pub mod name;
pub mod organization_code;

mod character;
#[cfg(test)]
mod mutation;
