//! A disk that is full in the middle of an entry: nothing of the entry stays, what was written is read on,
//! and when there is room again the trail goes on.
//!
//! The test starts its own binary again under a limit on the size of files, which fails writes as a full
//! disk does.

use std::path::Path;
use std::process::Command;

use audit::{Asked, AuditError, Note, Options, Trail, verify};

const DIRECTORY: &str = "JIKU_FULL_TRAIL";
const TEST: &str = "audit::full_disk::an_entry_is_written_whole_or_not_at_all";

fn note(number: u64) -> Note {
    Note {
        asked: Some(Asked {
            path: format!("/{number}/{}", "x".repeat(3_000)),
            ..Asked::default()
        }),
        ..Note::default()
    }
}

/// What the process does that has too little space.
fn fill(directory: &Path) {
    let trail = Trail::open(directory, Options::default()).expect("a trail");
    let refused = (0..10_000).find_map(|number| trail.append(&note(number)).err());
    assert!(
        matches!(refused, Some(AuditError::Io { .. })),
        "{refused:?}"
    );
    let size = trail.size();
    assert!(size > 10);
    trail.entry(size - 1).expect("the last that was written");
    // Still full, and still nothing of it.
    assert!(trail.append(&note(0)).is_err());
    // What is smaller has room.
    let small = trail.append(&Note::default());
    println!("\nwrote {} {}", size, small.is_ok());
}

#[test]
fn an_entry_is_written_whole_or_not_at_all() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return fill(Path::new(&directory));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this binary");
    // 400 blocks of 512 or 1024 bytes, as the shell counts.
    let script = format!(
        "trap '' XFSZ; ulimit -f 400; exec '{}' {TEST} --exact --nocapture --test-threads=1",
        program.display()
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .env(DIRECTORY, folder.path())
        .output()
        .expect("a process");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    let wrote = text.lines().find_map(|line| line.strip_prefix("wrote "));
    let (size, small) = wrote
        .and_then(|wrote| wrote.split_once(' '))
        .expect("a word");
    let size: u64 = size.parse::<u64>().expect("a number") + u64::from(small == "true");
    let found = verify(folder.path(), &|_, _| ()).expect("walked");
    assert_eq!((found.entries, found.faults), (size, Vec::new()));
    let trail = Trail::open(folder.path(), Options::default()).expect("a trail");
    assert_eq!(trail.append(&note(1)).expect("room again").sequence, size);
}
