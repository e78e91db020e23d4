//! Every source file begins with what it is about.

use crate::workspace::{Finding, Workspace};

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace
        .sources
        .iter()
        .filter(|file| {
            let first = file.text.lines().next().unwrap_or_default();
            first
                .strip_prefix("//!")
                .is_none_or(|doc| doc.trim().is_empty())
        })
        .map(|file| file.finding(1, "begin the file with a module doc: //! what it is about"))
        .collect()
}
