//! Every stop, between any two states: a load goes on, or fails cleanly.
//!
//! Where a state lasts for moments only, it is made by hand: a book without workers leaves a load where
//! it is. A process of its own, killed at random moments, meets the others.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use load::book::{Announced, Book, BookError, Lane, Load, State};
use load::{LoadOptions, Quiet, RejectLimit};
use record::Predicate;
use register::{Deadline, Embedded, Store, TimeScope};

use super::served::file;
use crate::city;
use crate::random::{Random, seeds};

const DIRECTORY: &str = "JIKU_KILLED_DESK";
const TEST: &str = "loads::restarts::a_killed_desk_knows_what_it_did";
const KILLS: u32 = 25;

/// A data directory and its book, opened again and again.
struct Trial {
    folder: tempfile::TempDir,
    book: Option<Book>,
}

impl Trial {
    fn new() -> Trial {
        let folder = tempfile::tempdir().expect("a folder");
        let mut trial = Trial { folder, book: None };
        trial.restart();
        trial
    }

    /// Without closing anything but the store, as a kill would.
    fn restart(&mut self) {
        self.book = None;
        let (store, _) = city::open(&self.folder.path().join("data"), false);
        self.book = Some(Book::open(store).expect("a book"));
    }

    fn book(&self) -> &Book {
        self.book.as_ref().expect("it is open")
    }

    fn received(&self, code: &str) -> String {
        let rows = file(&[(code, "甲", "年度")]);
        receive(self.book(), rows.as_bytes())
            .expect("received")
            .id
            .clone()
    }

    /// Lets workers run until a load has come to rest.
    fn settle(&self, id: &str, lane: Lane) -> Arc<Load> {
        let began = Instant::now();
        let book = self.book();
        let workers = book.work(&[lane]).expect("a thread");
        loop {
            let load = book.get(id).expect("a load").load;
            if !load.state.is_moving() {
                drop(workers);
                return load;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{load:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn rehearsed(&mut self, code: &str) -> String {
        let id = self.received(code);
        assert_eq!(self.settle(&id, Lane::Rehearse).state, State::Rehearsed);
        // The workers stopped the book.
        self.restart();
        id
    }

    fn published(&mut self, code: &str) -> String {
        let id = self.rehearsed(code);
        self.book().publish(&id, None, "").expect("it is taken up");
        assert_eq!(self.settle(&id, Lane::Publish).state, State::Published);
        self.restart();
        id
    }

    fn load(&self, id: &str) -> Arc<Load> {
        self.book().get(id).expect("a load").load
    }

    /// Puts a load back to a state that lasts for moments.
    fn pretend(&self, id: &str, state: State) {
        let mut load = (*self.load(id)).clone();
        load.step(state, "", None);
        let value = serde_json::to_vec(&load).expect("JSON");
        self.book().store().keep_load(id, &value).expect("kept");
    }
}

fn receive(book: &Book, bytes: &[u8]) -> Result<Arc<Load>, BookError> {
    let mut upload = book.receive(Announced {
        source: Some("indicators".to_string()),
        file: Some("a.csv".to_string()),
        ..Announced::default()
    })?;
    upload.write(bytes)?;
    upload.finish()
}

/// The codes of a load's steps' notes.
fn notes(load: &Load) -> Vec<&str> {
    let notes = load.history.iter().filter_map(|step| step.note.as_ref());
    notes.map(|note| note.code.as_str()).collect()
}

fn count(store: &dyn Store) -> u64 {
    let time = TimeScope::Present(register::today());
    let count = store
        .view()
        .count("indicator", &Predicate::All, time, Deadline::NONE);
    count.expect("a count")
}

#[test]
fn a_half_upload_is_gone_after_a_restart() {
    let mut trial = Trial::new();
    let mut upload = trial.book().receive(Announced::default()).expect("begun");
    upload.write(b"half").expect("written");
    let loads = trial.folder.path().join("data/loads");
    let copy = trial.folder.path().join("copy");
    // What a kill would leave.
    let id = std::fs::read_dir(&loads).expect("a folder").next();
    let id = id.expect("an upload").expect("an entry").file_name();
    drop(upload);
    assert_eq!(std::fs::read_dir(&loads).expect("a folder").count(), 0);
    std::fs::create_dir_all(loads.join(&id).join("upload")).expect("a folder");
    std::fs::write(loads.join(&id).join("upload/a.csv"), b"half").expect("a file");
    std::fs::write(copy, b"").expect("a file");
    trial.restart();
    assert_eq!(std::fs::read_dir(&loads).expect("a folder").count(), 0);
}

#[test]
fn received_and_rehearsing_loads_are_rehearsed_after_a_restart() {
    let mut trial = Trial::new();
    let (one, two) = (trial.received("A"), trial.received("B"));
    trial.pretend(&two, State::Rehearsing);
    trial.restart();
    assert_eq!(trial.load(&two).state, State::Received);
    assert_eq!(notes(&trial.load(&two)), ["rehearsal-restarted"]);
    assert_eq!(trial.settle(&two, Lane::Rehearse).state, State::Rehearsed);
    assert!(matches!(
        trial.load(&one).state,
        State::Rehearsed | State::Received
    ));
    assert_eq!(count(trial.book().store()), 0);
}

#[test]
fn an_upload_that_is_gone_fails_its_load() {
    let mut trial = Trial::new();
    let (one, two) = (trial.rehearsed("A"), trial.received("B"));
    std::fs::remove_dir_all(trial.folder.path().join("data/loads")).expect("removed");
    trial.restart();
    for id in [one, two] {
        let load = trial.load(&id);
        assert_eq!((load.state, load.kept()), (State::Failed, 0));
        assert_eq!(notes(&load), ["upload-missing"]);
    }
}

#[test]
fn a_publication_that_never_began_is_asked_for_again() {
    let mut trial = Trial::new();
    let id = trial.rehearsed("A");
    trial.book().publish(&id, None, "王芳").expect("taken up");
    assert_eq!(trial.load(&id).state, State::Publishing);
    trial.restart();
    let load = trial.load(&id);
    assert_eq!(load.state, State::Rehearsed);
    assert_eq!(notes(&load), ["not-published-before-restart"]);
    assert_eq!(count(trial.book().store()), 0);
    trial.book().publish(&id, None, "王芳").expect("taken up");
    assert_eq!(trial.settle(&id, Lane::Publish).state, State::Published);
}

#[test]
fn a_publication_that_the_journal_has_is_one() {
    let mut trial = Trial::new();
    let id = trial.rehearsed("A");
    trial.book().publish(&id, None, "").expect("taken up");
    let load = trial.load(&id);
    let store = trial.book().store();
    let source = store.catalog().source("indicators").expect("a source");
    let path = trial
        .folder
        .path()
        .join("data/loads")
        .join(&id)
        .join("upload/a.csv");
    let options = LoadOptions {
        load: Some(load.id.clone()),
        ..LoadOptions::default()
    };
    load::load(store, source, &path, &options, &Quiet).expect("published");
    trial.restart();
    let load = trial.load(&id);
    assert_eq!((load.state, load.transaction), (State::Published, Some(1)));
    assert_eq!(notes(&load), ["published-before-restart"]);
    assert_eq!(load.problem, None);
    assert_eq!(count(trial.book().store()), 1);
}

#[test]
fn an_undo_that_never_began_leaves_the_load_published() {
    let mut trial = Trial::new();
    let id = trial.published("A");
    let undo = trial.book().undo(&id, "").expect("taken up");
    assert_eq!(trial.load(&id).state, State::Undoing);
    trial.restart();
    let load = trial.load(&id);
    assert_eq!((load.state, &load.undone_by), (State::Published, &None));
    assert_eq!(trial.load(&undo.id).state, State::Failed);
    assert_eq!(count(trial.book().store()), 1);
    // It can be asked for again, and then stays.
    let undo = trial.book().undo(&id, "").expect("taken up");
    let settled = trial.settle(&undo.id, Lane::Publish);
    assert_eq!(settled.state, State::Published, "{settled:?}");
    assert_eq!(trial.load(&id).state, State::Undone);
    assert_eq!(count(trial.book().store()), 0);
    trial.restart();
    assert_eq!(trial.load(&id).state, State::Undone);
    assert_eq!(count(trial.book().store()), 0);
}

#[test]
fn loads_of_other_ways_are_in_the_book() {
    let mut trial = Trial::new();
    let path = trial.folder.path().join("b.csv");
    let bad = file(&[("A", "甲", "年度"), ("B", "乙", "often")]);
    std::fs::write(&path, bad).expect("a file");
    let store = trial.book().store().clone();
    // As earlier versions did.
    let report = city::load(&store, "indicators", &path, 1);
    let load = trial.load(&report.load);
    assert_eq!((load.state, load.transaction), (State::Published, Some(1)));
    // As `jiku load` does.
    let source = store.catalog().source("indicators").expect("a source");
    let load_file = |limit| {
        let options = LoadOptions {
            limit,
            ..LoadOptions::default()
        };
        let book = trial.book();
        book.load_file(source, &path, &options, "王芳", &Quiet)
            .expect("a report")
    };
    let refused = load_file(RejectLimit::NONE);
    let passed = load_file(RejectLimit::Percent(50.0));
    drop(store);
    trial.restart();
    let load = trial.load(&refused.load);
    assert_eq!(load.state, State::Failed);
    let problem = load.problem.as_ref().expect("a problem");
    assert_eq!(problem.code, "too-many-rejects");
    assert_eq!(trial.load(&passed.load).state, State::Published);
    // Nothing new was said: there is nothing to undo.
    assert!(matches!(
        trial.book().undo(&passed.load, ""),
        Err(BookError::NothingToUndo(_))
    ));
    assert!(trial.book().undo(&report.load, "").is_ok());
}

/// One line to the process that will kill this one.
fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "\n{line}").expect("heard");
    output.flush().expect("heard");
}

/// What the killed process does: uploads, publishes and undoes for ever, and says what it was told.
fn work_for_ever(directory: &Path) -> ! {
    let (store, _) = city::open(&directory.join("data"), false);
    let book = Book::open(store).expect("a book");
    let _workers = book
        .work(&[Lane::Rehearse, Lane::Publish])
        .expect("threads");
    let rest = |id: &str| loop {
        let load = book.get(id).expect("a load").load;
        if !load.state.is_moving() {
            return load;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    say("began");
    let clock = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("a clock");
    let mut random = Random::new(clock.as_nanos() as u64);
    loop {
        let code = format!("C{}", random.below(1 << 60));
        let body = file(&[(&code, "甲", "年度")]);
        let load = receive(&book, body.as_bytes()).expect("received");
        say(&format!("received {} {code}", load.id));
        assert_eq!(rest(&load.id).state, State::Rehearsed);
        book.publish(&load.id, None, "").expect("taken up");
        let published = rest(&load.id);
        assert_eq!(published.state, State::Published, "{published:?}");
        say(&format!("published {} {code}", load.id));
        if random.below(3) == 0 {
            let undo = book.undo(&load.id, "").expect("taken up");
            let undone = rest(&undo.id);
            assert_eq!(undone.state, State::Published, "{undone:?}");
            say(&format!("undone {} {code}", load.id));
        }
    }
}

/// Runs the process for a while after its first word, and kills it; what it said of each load last.
fn run_and_kill(directory: &Path, after: Duration) -> BTreeMap<String, (String, String)> {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let output = child.stdout.take().expect("its output");
    let (first_word, waiting) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut heard = BTreeMap::new();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["began"] => first_word.send(()).expect("somebody waits"),
                [what @ ("received" | "published" | "undone"), id, code] => {
                    heard.insert(id.to_string(), (what.to_string(), code.to_string()));
                }
                _ => {}
            }
        }
        heard
    });
    let silent = waiting.recv_timeout(Duration::from_secs(60)).is_err();
    std::thread::sleep(after);
    child.kill().expect("killed");
    let status = child.wait().expect("its end");
    assert!(!silent, "the process began nothing: {status}");
    assert_eq!(status.code(), None, "the process ended by itself: {status}");
    reader.join().expect("its words")
}

/// Every load is at rest or waits for its rehearsal, and is published exactly if the journal says so.
fn check_book(book: &Book, heard: &BTreeMap<String, (String, String)>) {
    let journal = book.store().journal();
    let filter = load::book::Filter {
        state: None,
        source: None,
        among: None,
        before: None,
        limit: usize::MAX,
    };
    let (loads, _) = book.list(&filter);
    let mut standing = 0;
    for one in &loads {
        let load = &one.load;
        let is_at_rest = !load.state.is_moving() || load.state == State::Received;
        assert!(is_at_rest, "{load:?}");
        let mut entries = journal.entries().iter();
        let in_journal = entries.any(|entry| entry.load.load == load.id);
        let was_published = matches!(load.state, State::Published | State::Undone);
        assert_eq!(was_published, in_journal, "{load:?}");
        assert_eq!(load.history.last().map(|step| step.state), Some(load.state));
        if load.kind == load::book::Kind::File {
            standing += u64::from(load.state == State::Published);
        }
    }
    assert_eq!(count(book.store()), standing);
    for (id, (what, _)) in heard {
        let state = book.get(id).expect("it was acknowledged").load.state;
        match what.as_str() {
            "undone" => assert_eq!(state, State::Undone),
            "published" => assert!(matches!(state, State::Published | State::Undone)),
            _ => assert_ne!(state, State::Failed),
        }
    }
    let folders = std::fs::read_dir(book.store().directory().loads()).expect("a folder");
    for entry in folders.flatten() {
        let id = entry.file_name().to_string_lossy().into_owned();
        assert!(book.get(&id).is_ok(), "{id} lies about");
    }
}

#[test]
fn a_killed_desk_knows_what_it_did() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        work_for_ever(&PathBuf::from(directory));
    }
    let clock = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("a clock");
    let seed = seeds(&[clock.as_nanos() as u64])[0];
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let folder = tempfile::tempdir().expect("a folder");
    let mut heard = BTreeMap::new();
    let mut met = BTreeMap::new();
    for _ in 0..KILLS {
        let after = Duration::from_millis(random.below(900));
        heard.append(&mut run_and_kill(folder.path(), after));
        let (store, opening) = city::open(&folder.path().join("data"), false);
        store.told(&opening).expect("noted");
        let kept = kept_states(&store);
        let book = Book::open(store).expect("a book");
        check_book(&book, &heard);
        for state in kept {
            *met.entry(state).or_insert(0) += 1;
        }
    }
    println!("states met: {met:?}");
    assert!(heard.len() >= 5, "too little was done: {}", heard.len());
    let moving = ["received", "rehearsing", "publishing", "undoing"];
    let cut_off: u32 = moving.iter().filter_map(|state| met.get(*state)).sum();
    assert!(cut_off >= 3, "too few kills fell into something: {met:?}");
}

/// The states of loads as the killed process left them.
fn kept_states(store: &Embedded) -> Vec<String> {
    let kept = store.kept_loads().expect("loads").into_iter();
    kept.map(|bytes| {
        let load: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        load["state"].as_str().expect("a state").to_string()
    })
    .collect()
}
