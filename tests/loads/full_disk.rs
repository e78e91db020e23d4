//! A disk that is full in the middle of an upload: nothing of it stays, and the next one is taken.
//!
//! The test starts its own binary again under a limit on the size of files, which fails writes as a full
//! disk does.

use std::path::Path;
use std::process::Command;

use load::book::{Announced, Book, BookError, Lane, State};

use super::served::file;
use crate::city;

const DIRECTORY: &str = "JIKU_FULL_DESK";
const TEST: &str = "loads::full_disk::a_full_disk_refuses_an_upload_and_nothing_else";

/// What the process does that has too little space.
fn fill(directory: &Path) {
    let (store, _) = city::open(&directory.join("data"), false);
    let book = Book::open(store).expect("a book");
    let _workers = book
        .work(&[Lane::Rehearse, Lane::Publish])
        .expect("threads");
    let announced = || Announced {
        source: Some("indicators".to_string()),
        ..Announced::default()
    };
    let mut upload = book.receive(announced()).expect("begun");
    let piece = vec![b'x'; 1 << 20];
    let refused = (0..64).find_map(|_| upload.write(&piece).err());
    assert!(
        matches!(refused, Some(BookError::DiskFull(_))),
        "{refused:?}"
    );
    drop(upload);
    let left = std::fs::read_dir(directory.join("data/loads")).expect("a folder");
    assert_eq!(left.count(), 0);
    let mut upload = book.receive(announced()).expect("begun");
    upload
        .write(file(&[("A", "甲", "年度")]).as_bytes())
        .expect("room");
    let load = upload.finish().expect("received");
    let rest = || loop {
        let load = book.get(&load.id).expect("a load").load;
        if !load.state.is_moving() {
            return load;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert_eq!(rest().state, State::Rehearsed);
    book.publish(&load.id, None, "").expect("taken up");
    assert_eq!(rest().state, State::Published);
    println!("\nwent on");
}

#[test]
fn a_full_disk_refuses_an_upload_and_nothing_else() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return fill(Path::new(&directory));
    }
    let folder = tempfile::tempdir().expect("a folder");
    // An ignored signal stays ignored: writes past the limit (in blocks of 512 bytes) fail with EFBIG.
    let script = "trap '' XFSZ; ulimit -f 40000; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().expect("this binary"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, folder.path())
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("\nwent on"), "{said}{errors}");
}
