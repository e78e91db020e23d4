//! Files and functions stay small. Exceptions are listed with their present size in
//! `crates/xtask/ratchet.toml`, and may only fall.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::Code;
use crate::workspace::{File, Finding, Workspace};

/// Code lines of a file.
const FILE: usize = 600;
/// Code lines of a function, its signature and braces included.
const FUNCTION: usize = 70;
/// Lines of a `lib.rs`, docs and all.
const LIBRARY: usize = 150;

/// The list of exceptions.
pub(super) const RATCHET: &str = "crates/xtask/ratchet.toml";

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ratchet {
    /// Code lines (of a `lib.rs`: lines) by path.
    #[serde(default)]
    files: BTreeMap<String, usize>,
    /// Code lines by `path::function`.
    #[serde(default)]
    functions: BTreeMap<String, usize>,
}

/// What is measured, by the key of its exception.
struct Measure<'a> {
    file: &'a File,
    line: usize,
    what: String,
    size: usize,
    limit: usize,
}

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let list = workspace.text_of(RATCHET).unwrap_or(File {
        path: RATCHET.to_owned(),
        text: String::new(),
    });
    let ratchet: Ratchet = match toml::from_str(&list.text) {
        Ok(ratchet) => ratchet,
        Err(error) => {
            let line = error.span().map_or(1, |span| list.line_of(span.start));
            return vec![list.finding(line, error.message())];
        }
    };
    let (files, functions) = measure(workspace);
    let mut findings = compare(&list, &ratchet.files, &files);
    findings.extend(compare(&list, &ratchet.functions, &functions));
    findings
}

type Measures<'a> = BTreeMap<String, Measure<'a>>;

fn measure(workspace: &Workspace) -> (Measures<'_>, Measures<'_>) {
    let (mut files, mut functions) = (Measures::new(), Measures::new());
    for file in &workspace.sources {
        let code = Code::new(&file.text);
        let library = file.path.ends_with("/lib.rs");
        let (size, limit) = if library {
            (file.text.lines().count(), LIBRARY)
        } else {
            (code.all_code_lines(), FILE)
        };
        let what = if library {
            "the file's lines"
        } else {
            "the file's code lines"
        };
        files.insert(
            file.path.clone(),
            Measure {
                file,
                line: 1,
                what: what.to_owned(),
                size,
                limit,
            },
        );
        for function in code.functions() {
            let key = format!("{}::{}", file.path, function.name);
            let measure = Measure {
                file,
                line: function.line,
                what: format!("code lines of '{}'", function.name),
                size: function.code_lines,
                limit: FUNCTION,
            };
            // Of functions with one name in a file, the longest counts.
            let longest = functions
                .get(&key)
                .map_or(0, |other: &Measure<'_>| other.size);
            if measure.size > longest {
                functions.insert(key, measure);
            }
        }
    }
    (files, functions)
}

fn compare(list: &File, exceptions: &BTreeMap<String, usize>, all: &Measures<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, measure) in all {
        let Measure {
            file,
            line,
            what,
            size,
            limit,
        } = measure;
        let allowed = exceptions.get(key).copied().unwrap_or(*limit).max(*limit);
        if *size > allowed {
            let message = format!("{what}: {size}, at most {allowed}: split it");
            findings.push(file.finding(*line, message));
        }
    }
    for (key, listed) in exceptions {
        let line = list.text.lines().position(|line| line.contains(key));
        let at = |message: String| list.finding(line.map_or(1, |line| line + 1), message);
        match all.get(key) {
            None => findings.push(at(format!("there is no '{key}': remove the entry"))),
            Some(measure) if measure.size <= measure.limit => {
                findings.push(at(format!("'{key}' is within the limit: remove the entry")));
            }
            Some(measure) if measure.size < *listed => {
                findings.push(at(format!("'{key}' has {}: lower it", measure.size)));
            }
            Some(_) => (),
        }
    }
    findings
}
