//! A load from a file to its report: read, split, map and check on several threads, then rule on the
//! rows in the order of the file, then publish all or nothing.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use record::{
    CompactString, Day, FieldNumber, Predicate, Problem, ProblemCode, Transaction, Value,
};
use register::rules::get;
use register::{
    CheckContext, Checker, Counts, Deadline, Embedded, GroupKey, Grouping, LoadEntry, LoadSession,
    StartedLoad, Store, TimeScope,
};
use schema::{FileFormat, Problems, Scope, Source};

use crate::cell::changes::{Change, Changes};
use crate::desk::{Desk, KnownDivisions, Ruling};
use crate::error::LoadError;
use crate::limit::RejectLimit;
use crate::mapper::MappedRow;
use crate::notices::NoticeTable;
use crate::rehearsal::Coordinates;
use crate::rehearsal::findings::{Findings, Found};
use crate::rehearsal::report::ColumnReport;
use crate::rehearsal::survey::Survey;
use crate::report::{LoadReport, Outcome, Remark};

mod csv;
mod json;

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
    /// The load's name, where it has one already.
    pub load: Option<String>,
    /// The state that the load must find; none: whichever there is.
    pub expects: Option<Transaction>,
}

impl Default for LoadOptions {
    fn default() -> LoadOptions {
        LoadOptions {
            as_of: register::today(),
            limit: RejectLimit::Rows(0),
            rejects: None,
            threads: 2,
            load: None,
            expects: None,
        }
    }
}

/// Hears how a load goes on.
pub trait Progress: Sync {
    /// A stage begins: `read`, `publish`.
    fn stage(&self, name: &str);
    /// Bytes of the file read, of how many; rows ruled on so far.
    fn advance(&self, bytes: u64, of: u64, rows: u64);
    /// Whether nobody wants the load any more: it then stops with [`LoadError::Cancelled`].
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Hears nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: &str) {}
    fn advance(&self, _: u64, _: u64, _: u64) {}
}

/// Why a whole-set file without rows is refused.
const NO_ROWS: &str = "the file holds no data row, and a whole-set file ends whatever it lacks: loading it would end everything this source has said (文件没有数据行，而全量文件中没有的对象会被终止：装载它将终止该来源的全部对象)";

/// What mapping and ruling need.
struct Job<'a> {
    store: &'a Embedded,
    source: &'a Arc<Source>,
    path: &'a Path,
    /// The file's name, without its folder.
    file: String,
    /// The load's name.
    load: String,
    bytes: u64,
    checker: Box<dyn Checker>,
    rejects: PathBuf,
    threads: usize,
    progress: &'a dyn Progress,
    /// What is noted besides, in a rehearsal.
    survey: Option<&'a Survey<'a>>,
}

/// What reading a file came to, besides the desk's counts.
#[derive(Default)]
struct Tally {
    skipped: u64,
    quarantined: u64,
    problems: BTreeMap<String, u64>,
    rejects: Option<PathBuf>,
    format: String,
    encoding: String,
    normalised: BTreeMap<String, u64>,
    remarks: Vec<Remark>,
    hash: String,
    /// What a rehearsal noted of the rows.
    surveyed: Option<(Vec<ColumnReport>, Option<Coordinates>)>,
}

impl Job<'_> {
    /// Tells how far the load has come.
    fn advance(&self, bytes: u64, rows: u64) -> Result<(), LoadError> {
        self.progress.advance(bytes, self.bytes, rows);
        if self.progress.is_cancelled() {
            return Err(LoadError::Cancelled);
        }
        Ok(())
    }
}

impl Tally {
    /// Adds what is to be known of some cells, sheets or rows, where there are any.
    fn remark(&mut self, problems: &Problems, code: ProblemCode, count: u64, value: &str) {
        if count > 0 {
            let text = problems.text(&Problem::new(code, "", value, count.to_string()));
            self.remarks.push(Remark {
                code: code.to_string(),
                count,
                zh: text.zh,
                en: text.en,
            });
        }
    }

    /// Adds what became of values.
    fn take_changes(&mut self, problems: &Problems, changes: &Changes) {
        self.normalised = changes.counted();
        self.remark(
            problems,
            "private-use-characters",
            changes.private_use(),
            "",
        );
    }

    fn note(&mut self, problems: &[Problem]) {
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
    let (report, _) = run(store, source, path, (options, progress), None)?;
    Ok(report)
}

/// What a rehearsal found besides the report.
pub(crate) struct Rehearsed {
    /// What the desk found out.
    pub found: Found,
    /// The columns.
    pub columns: Vec<ColumnReport>,
    /// Where coordinates lie.
    pub coordinates: Option<Coordinates>,
    /// The last transaction of the state that was rehearsed against.
    pub against: Transaction,
}

/// Runs a file through all stages, in threads that give way to those that answer; with a survey, it is
/// rehearsed.
pub(crate) fn run(
    store: &Embedded,
    source: &Arc<Source>,
    path: &Path,
    (options, progress): (&LoadOptions, &dyn Progress),
    survey: Option<&Survey>,
) -> Result<(LoadReport, Option<Rehearsed>), LoadError> {
    std::thread::scope(|scope| {
        let stages = scope.spawn(|| {
            crate::priority::give_way();
            run_stages(store, source, path, (options, progress), survey)
        });
        stages.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn run_stages(
    store: &Embedded,
    source: &Arc<Source>,
    path: &Path,
    (options, progress): (&LoadOptions, &dyn Progress),
    survey: Option<&Survey>,
) -> Result<(LoadReport, Option<Rehearsed>), LoadError> {
    let began = Instant::now();
    if source.synthetic && !store.is_synthetic() {
        return Err(LoadError::Synthetic(source.name.clone()));
    }
    let (file, bytes) = name_and_size(path)?;
    let load = options.load.clone().unwrap_or_else(load_name);
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
    let (session, findings) = match survey {
        None => (begin(store, started, options)?, None),
        Some(_) => {
            let (session, findings) = Findings::begin(store, source, started, options.as_of)?;
            (session, Some(findings))
        }
    };
    let rejects = folder.join(format!("{load}.{}", reject_name(&file, source.format)));
    let notices = folder.join(format!("{load}.notices.csv"));
    let job = Job {
        store,
        source,
        path,
        file,
        load,
        bytes,
        checker: store.checker(&source.collection, context)?,
        rejects,
        threads: options.threads.max(1),
        progress,
        survey,
    };
    let desk = Desk::new(session, source, options.as_of, known_divisions(store)?);
    let mut desk = desk.watched(findings);
    desk.notices.write_to(NoticeTable {
        path: notices,
        catalog: store.catalog(),
    });
    progress.stage("read");
    let tally = match source.format {
        FileFormat::Csv => csv::read(&job, &mut desk)?,
        FileFormat::Json | FileFormat::Geojson => json::read(&job, &mut desk)?,
    };
    let (mut report, rehearsed) = conclude(job, desk, tally, options.limit)?;
    // Milliseconds: as much as means anything, and JSON keeps it as it is.
    report.seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    Ok((report, rehearsed))
}

/// Begins a load, unless the state is not the one that it must find.
fn begin<'a>(
    store: &'a Embedded,
    started: StartedLoad,
    options: &LoadOptions,
) -> Result<LoadSession<'a>, LoadError> {
    let session = store.begin_load(started, options.as_of)?;
    // Nobody else publishes while the session lives.
    let found = store.view().transaction();
    if options.expects.is_some_and(|expected| expected != found) {
        session.abandon()?;
        return Err(LoadError::Moved);
    }
    Ok(session)
}

/// Ends what the file lacks, and publishes or undoes what was read.
fn conclude(
    job: Job,
    mut desk: Desk,
    tally: Tally,
    limit: RejectLimit,
) -> Result<(LoadReport, Option<Rehearsed>), LoadError> {
    let counts = desk.counts;
    refuse_empty_set(job.source, job.path, counts)?;
    let allowed = limit.allows(&counts, tally.quarantined);
    // A rehearsal tells who would be ended even where too many rows are refused as yet.
    let missing = match allowed || job.survey.is_some() {
        true => desk.end_missing()?,
        false => 0,
    };
    let ends_withheld = desk.ends_withheld;
    let notices = desk.notices.finish()?;
    let not_responsible = std::mem::take(&mut desk.notices.counts);
    let (session, findings) = desk.into_parts();
    let mut report = LoadReport {
        load: job.load.clone(),
        source: job.source.name.clone(),
        collection: job.source.collection.name.clone(),
        file: job.file.clone(),
        outcome: Outcome::Refused,
        counts,
        skipped: tally.skipped,
        quarantined: tally.quarantined,
        ended: if allowed { missing } else { 0 },
        ends_withheld,
        held: session.held(),
        problems: tally.problems,
        not_responsible,
        notices,
        rejects: tally.rejects,
        transaction: None,
        format: tally.format,
        encoding: tally.encoding,
        normalised: tally.normalised,
        remarks: tally.remarks,
        seconds: 0.0,
    };
    report.outcome = match (allowed, session.is_empty(), job.survey.is_some()) {
        (false, ..) => Outcome::Refused,
        (true, true, _) => Outcome::Unchanged,
        (true, false, true) => Outcome::Rehearsed,
        (true, false, false) => Outcome::Published,
    };
    report.transaction = settle(&job, session, &report, tally.hash)?;
    let rehearsed = findings.map(|findings| -> Result<Rehearsed, LoadError> {
        let (columns, coordinates) = tally.surveyed.unwrap_or_default();
        Ok(Rehearsed {
            against: findings.against(),
            found: findings.finish(job.store)?,
            columns,
            coordinates,
        })
    });
    Ok((report, rehearsed.transpose()?))
}

/// Publishes a load, or leaves the state as it was. Returns the transaction that published it.
fn settle(
    job: &Job,
    session: LoadSession,
    report: &LoadReport,
    file_hash: String,
) -> Result<Option<u64>, LoadError> {
    if report.outcome == Outcome::Published {
        job.progress.stage("publish");
        let entry = LoadEntry {
            counts: report.counts,
            file_hash,
            ..LoadEntry::default()
        };
        return Ok(Some(session.publish(entry)?.0));
    }
    let started = session.started().clone();
    session.abandon()?;
    let confirms = report.outcome == Outcome::Unchanged && report.counts.unchanged > 0;
    if confirms && job.survey.is_none() {
        job.store.confirm(&started)?;
    }
    Ok(None)
}

/// A file's own name, and how many bytes it has.
fn name_and_size(path: &Path) -> Result<(String, u64), LoadError> {
    let about = fs::metadata(path).map_err(|error| LoadError::file(path, error))?;
    let name = path.file_name().unwrap_or_default();
    Ok((name.to_string_lossy().into_owned(), about.len()))
}

/// Refuses a whole-set file that has no row of data.
fn refuse_empty_set(source: &Source, path: &Path, counts: Counts) -> Result<(), LoadError> {
    if source.scope == Scope::Whole && counts.read == 0 {
        return Err(LoadError::at(path, 0, NO_ROWS));
    }
    Ok(())
}

/// A name for a load: the instant it began, UTC, to the microsecond.
pub(crate) fn load_name() -> String {
    jiff::Timestamp::now()
        .strftime("%Y%m%dT%H%M%S%.6f")
        .to_string()
        .replace('.', "-")
}

fn reject_name(file: &str, format: FileFormat) -> String {
    let packed = [".gz", ".xz", ".zip"].iter();
    let plain = packed.fold(file, |name, ending| {
        name.strip_suffix(ending).unwrap_or(name)
    });
    match format {
        FileFormat::Csv => {
            let tables = [".csv", ".xlsx"].iter();
            let name = tables.fold(plain, |name, ending| {
                name.strip_suffix(ending).unwrap_or(name)
            });
            format!("{name}.rejects.csv")
        }
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

/// Has the register's checker look at a mapped row; what it brings to a canonical form is counted.
fn check(job: &Job, changes: &Changes, row: &mut MappedRow) {
    if row.only_ends || row.quarantined {
        return;
    }
    let collection = &job.source.collection;
    let ruled = |(number, value): &(FieldNumber, Value)| match value {
        Value::Text(text) if collection.at(*number).rule.is_some() => Some((*number, text.clone())),
        _ => None,
    };
    let before: Vec<(FieldNumber, CompactString)> = row.fields.iter().filter_map(ruled).collect();
    job.checker.check(&mut row.fields, &mut row.problems);
    for (number, text) in before {
        let after = get(&row.fields, number).and_then(Value::as_text);
        if after.is_some_and(|after| after != text) {
            changes.note(Change::Canonical);
        }
    }
}

/// Rules on a mapped row and tells what to write to the reject file.
fn rule(
    desk: &mut Desk,
    tally: &mut Tally,
    line: u64,
    row: MappedRow,
) -> Result<Option<Vec<Problem>>, LoadError> {
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
