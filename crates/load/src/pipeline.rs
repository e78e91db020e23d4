//! A load from a file to its report: read, split, map and check on several threads, then rule on the
//! rows in the order of the file, then publish all or nothing.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use record::{Day, Predicate};
use register::{
    CheckContext, Checker, Deadline, Embedded, GroupKey, Grouping, LoadEntry, StartedLoad, Store,
    TimeScope,
};
use schema::{FileFormat, Source};

use crate::desk::{Desk, KnownDivisions, Ruling};
use crate::error::LoadError;
use crate::notices::NoticeTable;
use crate::report::{LoadReport, Outcome};

mod csv;
mod json;

/// How many refused rows a load may have and still be published. Rows set aside do not count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RejectLimit {
    /// So many rows.
    Rows(u64),
    /// So many in a hundred of the rows read.
    Percent(f64),
}

impl RejectLimit {
    fn allows(self, rejected: u64, read: u64) -> bool {
        match self {
            RejectLimit::Rows(rows) => rejected <= rows,
            RejectLimit::Percent(percent) => rejected as f64 * 100.0 <= percent * read as f64,
        }
    }
}

/// How a load is done.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The day from which changes hold where the file does not say.
    pub as_of: Day,
    /// How many rows may be refused.
    pub limit: RejectLimit,
    /// Where the reject file goes; none: the data directory's own folder.
    pub rejects: Option<PathBuf>,
    /// Threads that map and check rows.
    pub threads: usize,
}

impl Default for LoadOptions {
    fn default() -> LoadOptions {
        LoadOptions {
            as_of: register::today(),
            limit: RejectLimit::Rows(0),
            rejects: None,
            threads: 2,
        }
    }
}

/// Hears how a load goes on.
pub trait Progress: Sync {
    /// A stage begins: `read`, `publish`.
    fn stage(&self, name: &str);
    /// Bytes of the file read, of how many; rows ruled on so far.
    fn advance(&self, bytes: u64, of: u64, rows: u64);
}

/// Hears nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: &str) {}
    fn advance(&self, _: u64, _: u64, _: u64) {}
}

/// What mapping and ruling need.
struct Job<'a> {
    store: &'a Embedded,
    source: &'a Arc<Source>,
    path: &'a Path,
    bytes: u64,
    checker: Box<dyn Checker>,
    rejects: PathBuf,
    threads: usize,
    progress: &'a dyn Progress,
}

/// What reading a file came to, besides the desk's counts.
#[derive(Default)]
struct Tally {
    skipped: u64,
    quarantined: u64,
    problems: BTreeMap<String, u64>,
    rejects: Option<PathBuf>,
    encoding: String,
    hash: String,
}

impl Tally {
    fn note(&mut self, problems: &[record::Problem]) {
        for problem in problems {
            *self.problems.entry(problem.code.to_string()).or_default() += 1;
        }
    }
}

/// Loads a file through a source mapping: all of it, or nothing.
///
/// # Errors
///
/// A wrong file or mapping: nothing is changed. Rows that are refused are no error but an outcome,
/// [`Outcome::Refused`] where they are more than the options allow.
pub fn load(
    store: &Embedded,
    source: &Arc<Source>,
    path: &Path,
    options: &LoadOptions,
    progress: &dyn Progress,
) -> Result<LoadReport, LoadError> {
    let began = Instant::now();
    if source.synthetic && !store.is_synthetic() {
        return Err(LoadError::Synthetic(source.name.clone()));
    }
    let bytes = fs::metadata(path)
        .map_err(|error| LoadError::file(path, error))?
        .len();
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let load = load_name();
    let context = CheckContext {
        today: register::today(),
        synthetic: store.is_synthetic(),
        catalog: store.catalog(),
    };
    let folder = options
        .rejects
        .clone()
        .unwrap_or_else(|| store.directory().rejects());
    let started = StartedLoad {
        load: load.clone(),
        collection: source.collection.name.clone(),
        department: source.department.clone(),
        source: source.name.clone(),
        file: file.clone(),
    };
    let session = store.begin_load(started, options.as_of)?;
    let job = Job {
        store,
        source,
        path,
        bytes,
        checker: store.checker(&source.collection, context)?,
        rejects: folder.join(format!("{load}.{}", reject_name(&file, source.format))),
        threads: options.threads.max(1),
        progress,
    };
    let mut desk = Desk::new(session, source, options.as_of, known_divisions(store)?);
    desk.notices.write_to(NoticeTable {
        path: folder.join(format!("{load}.notices.csv")),
        catalog: store.catalog(),
    });
    progress.stage("read");
    let tally = match source.format {
        FileFormat::Csv => csv::read(&job, &mut desk)?,
        FileFormat::Json | FileFormat::Geojson => json::read(&job, &mut desk)?,
    };
    let counts = desk.counts;
    let allowed = options
        .limit
        .allows(counts.rejected - tally.quarantined, counts.read);
    let ended = if allowed { desk.end_missing()? } else { 0 };
    let ends_withheld = desk.ends_withheld;
    let notices = desk.notices.finish()?;
    let not_responsible = std::mem::take(&mut desk.notices.counts);
    let session = desk.into_session();
    let mut report = LoadReport {
        load,
        source: source.name.clone(),
        collection: source.collection.name.clone(),
        file,
        outcome: Outcome::Refused,
        counts,
        skipped: tally.skipped,
        quarantined: tally.quarantined,
        ended,
        ends_withheld,
        held: session.held(),
        problems: tally.problems,
        not_responsible,
        notices,
        rejects: tally.rejects,
        transaction: None,
        encoding: tally.encoding,
        seconds: 0.0,
    };
    if !allowed {
        session.abandon()?;
    } else if session.is_empty() {
        session.abandon()?;
        report.outcome = Outcome::Unchanged;
    } else {
        progress.stage("publish");
        let entry = LoadEntry {
            counts,
            file_hash: tally.hash,
            ..LoadEntry::default()
        };
        report.transaction = Some(session.publish(entry)?.0);
        report.outcome = Outcome::Published;
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// A name for a load: the instant it began, UTC, to the microsecond.
fn load_name() -> String {
    jiff::Timestamp::now()
        .strftime("%Y%m%dT%H%M%S%.6f")
        .to_string()
        .replace('.', "-")
}

fn reject_name(file: &str, format: FileFormat) -> String {
    let plain = file.trim_end_matches(".gz").trim_end_matches(".xz");
    match format {
        FileFormat::Csv => format!("{}.rejects.csv", plain.trim_end_matches(".csv")),
        _ => format!("{plain}.rejects.ndjson"),
    }
}

/// The codes of all divisions that the store or the list of ended codes knows.
fn known_divisions(store: &Embedded) -> Result<KnownDivisions, LoadError> {
    const MOST: usize = 5_000_000;
    let mut codes = HashSet::new();
    if store.catalog().collection("division").is_some() {
        let grouping = Grouping {
            keys: vec![GroupKey::Field("code".into())],
            measures: Vec::new(),
            limit: MOST,
        };
        let view = store.view();
        let groups = view.group(
            "division",
            &Predicate::All,
            TimeScope::All,
            &grouping,
            Deadline::NONE,
        )?;
        for code in groups
            .into_iter()
            .filter_map(|mut group| group.key.pop().flatten())
        {
            // Marks a county that has towns: below it, a code that is not known is a mistake.
            if code
                .get(6..)
                .is_some_and(|rest| rest.bytes().any(|digit| digit != b'0'))
            {
                codes.insert(format!("{}+", &code[..6]));
            }
            codes.insert(code.to_string());
        }
    }
    if let Some(list) = store.catalog().codelist("region-history") {
        codes.extend(
            list.entries
                .iter()
                .map(|entry| format!("{:0<12}", entry.code)),
        );
    }
    codes.extend(crate::divisions::OUTSIDE.map(str::to_string));
    Ok(KnownDivisions::new(codes))
}

/// Rules on a mapped row and tells what to write to the reject file.
fn rule(
    desk: &mut Desk,
    tally: &mut Tally,
    line: u64,
    row: crate::mapper::MappedRow,
) -> Result<Option<Vec<record::Problem>>, LoadError> {
    let quarantined = row.quarantined;
    match desk.rule(line, row)? {
        Ruling::Rejected(problems) => {
            tally.quarantined += u64::from(quarantined);
            tally.note(&problems);
            Ok(Some(problems))
        }
        _ => Ok(None),
    }
}
