//! CSV and workbooks: one thread reads rows, several map and check, this one rules in the order of the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use record::Problem;
use schema::Encoding;

use super::{Job, Tally, check, rule};
use crate::cell::shortened;
use crate::desk::Desk;
use crate::encoding::{EncodingError, TextEncoding, carried, detect};
use crate::error::LoadError;
use crate::fields::{fields, recycled};
use crate::header::{Header, HeaderError};
use crate::input::{self, Counter, InputHash, Packing};
use crate::mapper::{MappedRow, Mapper};
use crate::rehearsal::survey::{BatchFindings, BatchSurvey, FileFindings, FileSurvey};
use crate::rejects::{Form, RejectWriter};
use crate::rows::{CellFault, Flaw, Rows};
use crate::sheet::Workbook;
use crate::splitter::{Batch, Dialect, Splitter};

/// Batches of a megabyte that may wait between two stages.
const WAITING: usize = 4;

/// A row that was mapped and checked, and where its bytes are.
struct Worked {
    line: u64,
    range: Range<usize>,
    damaged: bool,
    rows: Vec<MappedRow>,
    skipped: bool,
}

struct WorkedBatch {
    bytes: Vec<u8>,
    rows: Vec<Worked>,
    found: Option<BatchFindings>,
}

/// What is known of a file besides its rows.
struct Layout {
    format: String,
    encoding: TextEncoding,
    /// It begins with a byte order mark.
    marked: bool,
    counter: Counter,
    hash: InputHash,
}

/// Reads a CSV file, or a workbook, and rules on its rows.
pub fn read(job: &Job, desk: &mut Desk) -> Result<Tally, LoadError> {
    let refused = |error| LoadError::input(job.path, error);
    if input::packing(job.path).map_err(refused)? == Packing::Workbook {
        return read_workbook(job, desk);
    }
    let first = input::open(job.path).map_err(refused)?;
    let declared = declared(job.source.encoding);
    let detection = detect(first.reader, declared).map_err(|error| match error {
        EncodingError::Io(error) => LoadError::file(job.path, error),
        other => LoadError::at(job.path, 0, &other.to_string()),
    })?;
    let file = input::open(job.path).map_err(refused)?;
    let layout = Layout {
        format: file.packing.form("csv"),
        encoding: detection.encoding,
        marked: detection.byte_order_mark > 0,
        counter: file.counter,
        hash: file.hash,
    };
    let mut reader = file.reader;
    let mut mark = vec![0u8; detection.byte_order_mark];
    reader
        .read_exact(&mut mark)
        .map_err(|error| LoadError::file(job.path, error))?;
    let dialect = Dialect {
        delimiter: job.source.delimiter,
        comment: job.source.comment,
        encoding: detection.encoding.carried(),
    };
    rule_rows(
        job,
        desk,
        Splitter::new(carried(reader, detection.encoding), dialect),
        layout,
        &|_, _| Ok(()),
    )
}

/// Reads the sheet of a workbook and rules on its rows.
fn read_workbook(job: &Job, desk: &mut Desk) -> Result<Tally, LoadError> {
    let refused = |error| LoadError::input(job.path, error);
    let layout = Layout {
        format: Packing::Workbook.form("csv"),
        encoding: TextEncoding::Utf8,
        marked: true,
        counter: Counter::default(),
        hash: InputHash::default(),
    };
    let hash = &layout.hash;
    input::hash_file(job.path, hash).map_err(|error| LoadError::file(job.path, error))?;
    let mut book = Workbook::open(job.path, &layout.counter).map_err(refused)?;
    let (sheet, hidden) = book.choose(job.source.sheet.as_deref()).map_err(refused)?;
    let formulas = book.formulas(&sheet).map_err(refused)?;
    let merged = book.merged(&sheet).map_err(refused)?;
    let rows = book.rows(&sheet, job.source.delimiter).map_err(refused)?;
    let approve = |line: u64, width: usize| merged.refuse(line, width).map_err(refused);
    let mut tally = rule_rows(job, desk, rows, layout, &approve)?;
    let problems = &register::Store::catalog(job.store).problems;
    tally.remark(problems, "formula-values", formulas, &sheet);
    let count = hidden.len() as u64;
    tally.remark(problems, "hidden-sheets", count, &hidden.join(", "));
    Ok(tally)
}

/// Rules on rows. `approve` is given the header's line and width before any row is read.
fn rule_rows(
    job: &Job,
    desk: &mut Desk,
    mut rows: impl Rows + Send,
    layout: Layout,
    approve: &dyn Fn(u64, usize) -> Result<(), LoadError>,
) -> Result<Tally, LoadError> {
    let head = rows
        .next_record()
        .map_err(|error| LoadError::file(job.path, error))?;
    let line = head.as_ref().map_or(1, |head| head.first_line);
    let refused = |what: String| LoadError::at(job.path, line, &what);
    let header = match &head {
        Some(head) => Header::read(head, layout.encoding, job.source.delimiter),
        None => Err(HeaderError::Empty),
    };
    let (header, raw_header) = header.map_err(|error| refused(error.to_string()))?;
    let mapper = Mapper::new(job.source, &header).map_err(|error| refused(error.to_string()))?;
    approve(line, header.width())?;
    rows.fit(&mapper);
    let form = form_of(job, &rows, &layout, &header);
    let catalog = register::Store::catalog(job.store);
    let collection = &job.source.collection;
    let mut rejects = RejectWriter::new(
        &job.rejects,
        form,
        &raw_header,
        &catalog.problems,
        collection,
    );
    let mut tally = Tally {
        format: layout.format,
        encoding: layout.encoding.name().to_string(),
        ..Tally::default()
    };
    let survey = job
        .survey
        .map(|survey| survey.of_file(header.names(), &mapper));
    let work = Work {
        job,
        mapper: &mapper,
        encoding: layout.encoding,
        survey: survey.as_ref(),
    };
    let mut found = FileFindings::default();
    run(&work, rows, |mut batch| {
        if let Some(of_batch) = batch.found.take() {
            found.merge(of_batch);
        }
        rule_batch(job, desk, &mut tally, &mut rejects, batch)?;
        let bytes = layout.counter.bytes().min(job.bytes);
        job.advance(bytes, desk.counts.read)
    })?;
    tally.surveyed = survey.map(|survey| survey.report(&found));
    tally.take_changes(&catalog.problems, mapper.changes());
    let empty = u64::from(desk.counts.read + tally.skipped == 0);
    tally.remark(&catalog.problems, "no-data-rows", empty, "");
    tally.hash = layout.hash.hex();
    tally.rejects = rejects
        .finish()
        .map_err(wrong_reject(job))?
        .map(|(path, _)| path);
    Ok(tally)
}

/// The form of the file, in which its rejected rows are written too.
fn form_of(job: &Job, rows: &impl Rows, layout: &Layout, header: &Header) -> Form {
    Form {
        encoding: layout.encoding,
        marked: layout.marked,
        delimiter: job.source.delimiter,
        line_end: rows.line_end().map_or(b"\n", |line_end| line_end.bytes()),
        width: header.own_width(),
    }
}

/// Rules on the rows of a batch.
fn rule_batch(
    job: &Job,
    desk: &mut Desk,
    tally: &mut Tally,
    rejects: &mut RejectWriter,
    batch: WorkedBatch,
) -> Result<(), LoadError> {
    for worked in batch.rows {
        if worked.skipped {
            tally.skipped += 1;
            continue;
        }
        let refused = rule_all(desk, tally, worked.line, worked.rows)?;
        if !refused.is_empty() {
            let raw = &batch.bytes[worked.range];
            rejects
                .write(worked.line, raw, worked.damaged, &refused)
                .map_err(wrong_reject(job))?;
        }
    }
    Ok(())
}

/// The encoding that a mapping declares; none where the file must tell.
fn declared(encoding: Encoding) -> Option<TextEncoding> {
    match encoding {
        Encoding::Auto => None,
        Encoding::Utf8 => Some(TextEncoding::Utf8),
        Encoding::Gb18030 => Some(TextEncoding::Gb18030),
    }
}

/// Rules on all that one row gave.
fn rule_all(
    desk: &mut Desk,
    tally: &mut Tally,
    line: u64,
    rows: Vec<MappedRow>,
) -> Result<Vec<Problem>, LoadError> {
    let mut refused = Vec::new();
    for row in rows {
        if let Some(problems) = rule(desk, tally, line, row)? {
            add(&mut refused, problems);
        }
    }
    Ok(refused)
}

/// Adds problems; cells of a wide table share what is wrong with their row.
fn add(all: &mut Vec<Problem>, more: Vec<Problem>) {
    for problem in more {
        if !all.contains(&problem) {
            all.push(problem);
        }
    }
}

fn wrong_reject<'a>(job: &'a Job) -> impl Fn(std::io::Error) -> LoadError + 'a {
    |error| LoadError::file(&job.rejects, error)
}

struct Work<'a> {
    job: &'a Job<'a>,
    mapper: &'a Mapper,
    encoding: TextEncoding,
    survey: Option<&'a FileSurvey<'a>>,
}

/// Runs the stages; `each` gets the batches in the order of the file.
fn run(
    work: &Work,
    mut rows: impl Rows + Send,
    mut each: impl FnMut(WorkedBatch) -> Result<(), LoadError>,
) -> Result<(), LoadError> {
    let (to_workers, batches) = sync_channel::<(u64, Batch)>(WAITING);
    let (to_desk, worked) = sync_channel::<(u64, WorkedBatch)>(WAITING);
    let batches = Arc::new(Mutex::new(batches));
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || -> std::io::Result<()> {
            let mut number = 0;
            while let Some(batch) = rows.next_batch()? {
                // The desk hung up: it has found an error of its own.
                if to_workers.send((number, batch)).is_err() {
                    break;
                }
                number += 1;
            }
            Ok(())
        });
        for _ in 0..work.job.threads {
            let (batches, to_desk) = (batches.clone(), to_desk.clone());
            scope.spawn(move || map_batches(work, &batches, &to_desk));
        }
        drop((to_desk, batches));
        let mut early: BTreeMap<u64, WorkedBatch> = BTreeMap::new();
        let mut next = 0;
        let mut outcome = Ok(());
        for (number, batch) in &worked {
            early.insert(number, batch);
            while let Some(batch) = early.remove(&next) {
                next += 1;
                outcome = outcome.and_then(|()| each(batch));
            }
            if outcome.is_err() {
                break;
            }
        }
        drop(worked);
        outcome?;
        match reading.join() {
            Ok(read) => read.map_err(|error| LoadError::file(work.job.path, error)),
            Err(_) => Err(LoadError::Panicked),
        }
    })
}

fn map_batches(
    work: &Work,
    batches: &Mutex<Receiver<(u64, Batch)>>,
    to_desk: &SyncSender<(u64, WorkedBatch)>,
) {
    loop {
        let Ok(receiver) = batches.lock() else { return };
        let Ok((number, batch)) = receiver.recv() else {
            return;
        };
        drop(receiver);
        if to_desk.send((number, map_batch(work, batch))).is_err() {
            return;
        }
    }
}

fn map_batch(work: &Work, batch: Batch) -> WorkedBatch {
    let mut survey = work.survey.map(FileSurvey::begin);
    let mut cells: Vec<Cow<str>> = Vec::new();
    let mut rows = Vec::with_capacity(batch.records.len());
    for (number, record) in batch.records.iter().enumerate() {
        let mut worked = Worked {
            line: record.line,
            range: record.range.clone(),
            damaged: false,
            rows: Vec::with_capacity(1),
            skipped: false,
        };
        let refused = |problem| MappedRow {
            problems: vec![problem],
            ..MappedRow::default()
        };
        if let Some(fault) = record.fault {
            worked.damaged = true;
            worked
                .rows
                .push(refused(Problem::new(fault.code(), "", "", "")));
            rows.push(worked);
            continue;
        }
        let text = match work.encoding.decode(batch.raw(record)) {
            Ok(text) => text,
            Err(error) => {
                let raw = batch.raw(record);
                let place = work.encoding.outward_offset(raw, error.offset) + 1;
                let (place, expected) = (place.to_string(), work.encoding.name());
                worked
                    .rows
                    .push(refused(Problem::new("undecodable", "", &place, expected)));
                rows.push(worked);
                continue;
            }
        };
        let mut row_cells = recycled(std::mem::take(&mut cells));
        fields(&text, work.job.source.delimiter, &mut row_cells);
        if row_cells.len() == work.mapper.width() {
            let damaged = take_flaws(work.mapper, batch.flaws(number), &mut row_cells);
            worked.skipped = work.mapper.map(&row_cells, |mut row| {
                row.problems.extend_from_slice(&damaged);
                check(work.job, work.mapper.changes(), &mut row);
                if let Some(survey) = &mut survey {
                    survey.row(record.line, &mut row);
                }
                worked.rows.push(row);
            });
            if let Some(survey) = survey.as_mut().filter(|_| !worked.skipped) {
                survey.cells(record.line, &row_cells);
            }
        } else {
            worked.damaged = true;
            let (found, expected) = (row_cells.len().to_string(), work.mapper.width().to_string());
            worked
                .rows
                .push(refused(Problem::new("column-count", "", &found, &expected)));
        }
        cells = recycled(row_cells);
        rows.push(worked);
    }
    WorkedBatch {
        bytes: batch.bytes,
        rows,
        found: survey.map(BatchSurvey::finish),
    }
}

/// Empties damaged cells that somebody reads, and says what is wrong with them.
fn take_flaws(mapper: &Mapper, flaws: &[Flaw], cells: &mut [Cow<str>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for flaw in flaws {
        if let (Some(name), Some(cell)) = (mapper.name(flaw.place), cells.get_mut(flaw.place)) {
            // Digits that Excel has altered may be those of a person.
            let found = match flaw.fault {
                CellFault::Digits => String::new(),
                _ => shortened(cell).into_owned(),
            };
            problems.push(Problem::new(flaw.fault.code(), name, found, ""));
            *cell = Cow::Borrowed("");
        }
    }
    problems
}
