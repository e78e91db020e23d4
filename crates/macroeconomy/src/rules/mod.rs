//! The rules of the macroeconomic register, one a file.
//!
//! A rule is a pure function over plain values: no clock (today is a parameter), no files, no
//! register. It answers that all is well, or with an error that says what was expected. How a period
//! is written is `schema`'s: see [`schema::Period`].
//!
//! To add a rule:
//! 1. Make sure that a table cannot say it: required fields, code lists, lengths and patterns belong
//!    in `schemas/macroeconomy/*.toml`.
//! 2. Write `src/rules/<rule>.rs`, named after what is checked. Its errors are one `enum` with a
//!    variant for each way of being wrong.
//! 3. Test at least one accepted and one rejected case for each variant.
//! 4. Add the `pub mod` line below, in alphabetical order.
//! 5. Give each error variant its code and its two sentences in `schemas/problems.toml`, and call the
//!    rule in `src/register.rs`, so that loads run it.

pub mod observation;
