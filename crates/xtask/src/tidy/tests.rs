//! Each check finds its case, and the workspace itself is tidy.

use std::fs;
use std::path::Path;

use super::tidy;
use crate::workspace::Workspace;

const ROOT: &str = "[workspace]\nmembers = [\"crates/*\"]\n";
const MAP: &str = "# Map\n\n`low`, `high` and `low::Thing` in `crates/low/src/lib.rs`.\n";

fn manifest(name: &str, layer: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\n\n[package.metadata.jiku]\n{layer}\n\n[dependencies]\n{dependencies}\n"
    )
}

/// A small workspace without findings, with some files replaced or added.
fn findings(changes: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let low = manifest("low", "layer = 0", "");
    let high = manifest("high", "layer = 1", "low = { path = \"../low\" }");
    let files = [
        ("Cargo.toml", ROOT),
        (".gitignore", "/target\n"),
        (
            "README.md",
            "See `crates/README.md`, `target/x` and [the map](crates/README.md).\n",
        ),
        ("README.zh.md", "见 `README.md`。\n"),
        ("crates/README.md", MAP),
        ("crates/low/Cargo.toml", &low),
        ("crates/low/src/lib.rs", "//! Low.\npub struct Thing;\n"),
        ("crates/high/Cargo.toml", &high),
        ("crates/high/src/lib.rs", "//! High.\n"),
    ];
    for (path, text) in files.iter().chain(changes) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let workspace = Workspace::read(folder.path()).unwrap();
    tidy(&workspace).iter().map(ToString::to_string).collect()
}

#[test]
fn the_workspace_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let found = tidy(&Workspace::read(&root).unwrap());
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn a_tidy_workspace_has_no_findings() {
    assert_eq!(findings(&[]), [""; 0]);
}

#[test]
fn layers_only_point_down() {
    let low = manifest("low", "layer = 1", "high.path = \"../high\"");
    assert_eq!(
        findings(&[("crates/low/Cargo.toml", &low)]),
        [
            "crates/high/Cargo.toml:8: 'high' (layer 1) depends on 'low' (layer 1): only lower layers",
            "crates/low/Cargo.toml:8: 'low' (layer 1) depends on 'high' (layer 1): only lower layers",
        ]
    );
    let top = manifest("low", "layer = 9", "");
    let also = manifest(
        "high",
        "layer = 9",
        "[dev-dependencies]\nlow = { path = \"../low\" }",
    );
    let changes = [
        ("crates/low/Cargo.toml", &*top),
        ("crates/high/Cargo.toml", &also),
    ];
    assert_eq!(findings(&changes), [""; 0]);
    let dev = manifest(
        "low",
        "layer = 0",
        "[dev-dependencies]\nhigh = { path = \"../high\" }",
    );
    let found = findings(&[("crates/low/Cargo.toml", &dev)]);
    assert_eq!(found.len(), 1, "{found:?}");
    let none = findings(&[("crates/low/Cargo.toml", &manifest("low", "", ""))]);
    assert_eq!(
        none,
        ["crates/low/Cargo.toml:2: 'low' has no [package.metadata.jiku] layer = N"]
    );
}

#[test]
fn empty_names_are_refused() {
    let found = findings(&[("crates/low/Cargo.toml", &manifest("utils", "layer = 0", ""))]);
    assert!(found[0].contains("'utils' says nothing"), "{found:?}");
}

#[test]
fn every_file_has_a_module_doc() {
    let found = findings(&[("crates/low/src/a.rs", "use std::fs;\n//! Late.\n")]);
    let expected = "crates/low/src/a.rs:1: begin the file with a module doc: //! what it is about";
    assert_eq!(found, [expected]);
}

#[test]
fn sizes_are_limited_and_only_fall() {
    let long = format!(
        "//! Long.\nfn long() {{\n{}}}\n",
        "    step();\n".repeat(80)
    );
    let path = "crates/low/src/a.rs";
    let over = "crates/low/src/a.rs:2: code lines of 'long': 82, at most 70: split it";
    assert_eq!(findings(&[(path, &long)]), [over]);
    let ratchet = |size: usize| format!("[functions]\n\"{path}::long\" = {size}\n");
    let list = "crates/xtask/ratchet.toml";
    assert_eq!(findings(&[(path, &long), (list, &ratchet(82))]), [""; 0]);
    let lower = "crates/xtask/ratchet.toml:2: 'crates/low/src/a.rs::long' has 82: lower it";
    assert_eq!(findings(&[(path, &long), (list, &ratchet(90))]), [lower]);
    assert_eq!(findings(&[(path, &long), (list, &ratchet(80))]).len(), 1);
    let gone =
        "crates/xtask/ratchet.toml:2: there is no 'crates/low/src/a.rs::long': remove the entry";
    assert_eq!(findings(&[(list, &ratchet(82))]), [gone]);
    let file = format!("//! Long.\n{}", "const A: u8 = 1;\n\n// b\n".repeat(601));
    let over = "crates/low/src/a.rs:1: the file's code lines: 601, at most 600: split it";
    assert_eq!(findings(&[(path, &file)]), [over]);
    let library = format!("//! Low.\nstruct Thing;\n{}", "// b\n".repeat(149));
    let over = "crates/low/src/lib.rs:1: the file's lines: 151, at most 150: split it";
    assert_eq!(findings(&[("crates/low/src/lib.rs", &library)]), [over]);
}

#[test]
fn unfinished_code_is_found() {
    let text = "//! A.\nfn a() { todo!(); x.unwrap() }\n#[ignore]\nfn b() {}\n// todo!()\n";
    let found = findings(&[("crates/low/src/a.rs", text)]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[0].starts_with("crates/low/src/a.rs:2: .unwrap()"),
        "{found:?}"
    );
    assert!(
        found[2].starts_with("crates/low/src/a.rs:3: #[ignore"),
        "{found:?}"
    );
}

#[test]
fn tests_may_unwrap() {
    let low = "//! Low.\nstruct Thing;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod more {\n fn a() { x.unwrap() }\n}\n";
    let tests = "//! Tests.\nfn a() { x.unwrap() }\n";
    let changes = [
        ("crates/low/src/lib.rs", low),
        ("crates/low/src/tests.rs", tests),
        ("crates/low/src/tests/inner.rs", tests),
        ("crates/low/examples/a.rs", tests),
    ];
    assert_eq!(findings(&changes), [""; 0]);
}

#[test]
fn documents_name_what_exists() {
    let map =
        "# Map\n\n`low`, `high`: `low::Gone`, `crates/gone.rs`, `nowhere`, `/route/x`, `a b`\n";
    let readme = "See `gone.md` and [it](gone/x.md#part), not `DIR/x/*`.\n```\n`gone/y`\n```\n";
    assert_eq!(
        findings(&[("crates/README.md", map), ("README.md", readme)]),
        [
            "README.md:1: there is no 'gone.md'",
            "README.md:1: there is no 'gone/x.md'",
            "crates/README.md:3: 'Gone' is no crate, and no source has the word",
            "crates/README.md:3: 'nowhere' is no crate, and no source has the word",
            "crates/README.md:3: there is no 'crates/gone.rs'",
        ]
    );
    let found = findings(&[("crates/README.md", "Only `low`.\n")]);
    assert_eq!(
        found,
        ["crates/README.md:1: the map does not name the crate 'high'"]
    );
}
