//! Words that no source may hold: unfinished code, tests that do not run, `unwrap` in libraries.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::Code;
use crate::workspace::{File, Finding, Workspace};

/// Nowhere.
const NOWHERE: [(&str, &str); 3] = [
    ("todo!(", "unfinished: write it, or leave the feature out"),
    (
        "unimplemented!(",
        "unfinished: write it, or leave the feature out",
    ),
    ("#[ignore", "a test that does not run: mend it or remove it"),
];

/// Not in code that users run.
const UNWRAP: (&str, &str) = (
    ".unwrap()",
    "in a library: handle it, or say why with expect",
);

/// Folders of a package whose sources are no library.
const NO_LIBRARY: [&str; 3] = ["tests", "benches", "examples"];

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tests = test_modules(workspace);
    for file in &workspace.sources {
        let code = Code::new(&file.text);
        let text = code.text();
        for (word, why) in NOWHERE {
            for (at, _) in text.match_indices(word) {
                findings.push(file.finding(code.line_of(at), format!("{word}: {why}")));
            }
        }
        if is_library(file) && !tests.iter().any(|stem| belongs_to(&file.path, stem)) {
            let (bodies, _) = code.test_items();
            let outside = |at: &usize| !bodies.iter().any(|body: &Range<usize>| body.contains(at));
            for at in text
                .match_indices(UNWRAP.0)
                .map(|(at, _)| at)
                .filter(outside)
            {
                findings
                    .push(file.finding(code.line_of(at), format!("{}: {}", UNWRAP.0, UNWRAP.1)));
            }
        }
    }
    findings
}

fn is_library(file: &File) -> bool {
    let mut parts = file.path.split('/');
    let top = parts.next();
    let package = parts.next();
    let folder = parts.next();
    top == Some("crates")
        && package != Some("testkit")
        && folder.is_some_and(|folder| !NO_LIBRARY.contains(&folder))
}

/// The paths, without `.rs`, of modules declared under `#[cfg(test)]`.
fn test_modules(workspace: &Workspace) -> BTreeSet<String> {
    let mut stems = BTreeSet::new();
    for file in &workspace.sources {
        let (_, modules) = Code::new(&file.text).test_items();
        let Some((folder, name)) = file.path.rsplit_once('/') else {
            continue;
        };
        let inner = match name.trim_end_matches(".rs") {
            "lib" | "main" | "mod" => folder.to_owned(),
            stem => format!("{folder}/{stem}"),
        };
        stems.extend(modules.iter().map(|module| format!("{inner}/{module}")));
    }
    stems
}

/// Whether a file is a module or lies below it.
fn belongs_to(path: &str, stem: &str) -> bool {
    path.strip_prefix(stem)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}
