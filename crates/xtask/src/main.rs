//! `cargo xtask tidy`: prints every finding as `file:line: message`; exit code 1 when there are any.

use std::path::Path;
use std::process::ExitCode;

use xtask::{Workspace, tidy};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments != ["tidy"] {
        eprintln!("usage: cargo xtask tidy");
        return ExitCode::from(2);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let findings = match Workspace::read(&root) {
        Ok(workspace) => tidy(&workspace),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("{} findings", findings.len());
    ExitCode::FAILURE
}
