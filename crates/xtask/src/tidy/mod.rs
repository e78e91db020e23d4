//! The checks, one a file.
//!
//! To add one: write `tidy/<check>.rs` with a function `check(&Workspace) -> Vec<Finding>`, put it
//! into `CHECKS`, and give it a case in `tidy/tests.rs` that it finds.

use crate::workspace::{Finding, Workspace};

mod docs;
mod layers;
mod names;
mod sizes;
mod words;

#[cfg(test)]
mod tests;

type Check = fn(&Workspace) -> Vec<Finding>;

/// All checks.
const CHECKS: [Check; 5] = [
    layers::check,
    docs::check,
    sizes::check,
    names::check,
    words::check,
];

/// Everything that is wrong, by file and line.
pub fn tidy(workspace: &Workspace) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(workspace)).collect();
    findings.sort();
    findings
}
