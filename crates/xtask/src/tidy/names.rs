//! What the documents name exists: paths everywhere, crates and items in `crates/README.md`.

use std::collections::BTreeSet;

use crate::workspace::{File, Finding, Workspace};

/// The map of the crates.
const MAP: &str = "crates/README.md";
/// Documents whose paths are checked.
const DOCUMENTS: [&str; 3] = [MAP, "README.md", "README.zh.md"];
/// Endings by which a name without a slash is a file's.
const ENDINGS: [&str; 6] = [".rs", ".toml", ".md", ".csv", ".json", ".txt"];

/// A name in backticks, or the target of a link.
struct Named {
    line: usize,
    text: String,
    link: bool,
}

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in DOCUMENTS {
        let Some(document) = workspace.text_of(path) else {
            findings.push(Finding {
                path: path.to_owned(),
                line: 1,
                message: "the document is missing".to_owned(),
            });
            continue;
        };
        let names = named(&document.text);
        for name in &names {
            if name.link || is_path(&name.text) {
                findings.extend(missing_path(workspace, &document, name));
            }
        }
        if path == MAP {
            findings.extend(check_map(workspace, &document, &names));
        }
    }
    findings
}

/// Items and crates that the map names, and crates that it does not.
fn check_map(workspace: &Workspace, map: &File, names: &[Named]) -> Vec<Finding> {
    let words = words_of(workspace);
    let mut findings = Vec::new();
    for name in names
        .iter()
        .filter(|name| !name.link && is_item(&name.text))
    {
        let mut parts = name.text.trim_end_matches("()").split("::");
        if let Some(part) = parts.find(|part| !words.contains(*part)) {
            let message = format!("'{part}' is no crate, and no source has the word");
            findings.push(map.finding(name.line, message));
        }
    }
    for package in &workspace.packages {
        let (name, _) = &package.name;
        let folder = package.folder.rsplit('/').next().unwrap_or(name);
        if !names
            .iter()
            .any(|named| named.text == *name || named.text == folder)
        {
            findings.push(map.finding(1, format!("the map does not name the crate '{name}'")));
        }
    }
    findings
}

/// Every word of the sources and manifests.
fn words_of(workspace: &Workspace) -> BTreeSet<&str> {
    let part =
        |character: char| character.is_alphanumeric() || character == '_' || character == '-';
    let files = workspace.sources.iter().chain(&workspace.others);
    files
        .flat_map(|file| {
            let whole = file.text.split(move |character| !part(character));
            let single = file
                .text
                .split(|character: char| !character.is_alphanumeric() && character != '_');
            whole.chain(single)
        })
        .chain(
            workspace
                .packages
                .iter()
                .map(|package| package.folder.as_str()),
        )
        .collect()
}

/// The names in backticks and the links, outside fenced blocks.
fn named(text: &str) -> Vec<Named> {
    let mut names = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        let named = |text: &str, link| Named {
            line: number + 1,
            text: text.to_owned(),
            link,
        };
        names.extend(
            line.split('`')
                .skip(1)
                .step_by(2)
                .map(|text| named(text, false)),
        );
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                names.push(named(target, true));
            }
        }
    }
    names
}

/// Whether a name is meant as a path of the repository: not a route, a pattern or a placeholder.
fn is_path(name: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-./".contains(character);
    let shaped = name.contains('/') || ENDINGS.iter().any(|ending| name.ends_with(ending));
    let number = |name: &str| {
        name.chars()
            .all(|character| !character.is_ascii_lowercase())
    };
    shaped && name.chars().all(plain) && !name.starts_with('/') && !number(name)
}

/// Whether a name is meant as a crate, a type or a function.
fn is_item(name: &str) -> bool {
    let name = name.trim_end_matches("()");
    let word = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part
                .chars()
                .all(|rest| rest.is_ascii_alphanumeric() || rest == '_' || rest == '-')
    };
    name.split("::").all(word)
}

/// A path may be given from the root, or from the document's folder.
fn missing_path(workspace: &Workspace, document: &File, name: &Named) -> Option<Finding> {
    let path = name.text.trim_end_matches('/');
    let made = |ignored: &String| path == ignored || path.starts_with(&format!("{ignored}/"));
    if workspace.ignored.iter().any(made) {
        return None;
    }
    let folder = document
        .path
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let beside = workspace.root.join(folder).join(path);
    if workspace.root.join(path).exists() || beside.exists() {
        return None;
    }
    Some(document.finding(name.line, format!("there is no '{}'", name.text)))
}
