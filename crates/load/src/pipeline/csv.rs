//! CSV: one thread splits, several map and check, this one rules in the order of the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use record::Problem;
use schema::Encoding;

use super::{Job, Tally, rule};
use crate::desk::Desk;
use crate::encoding::{TextEncoding, detect};
use crate::error::LoadError;
use crate::fields::{fields, recycled};
use crate::header::Header;
use crate::input;
use crate::mapper::{MappedRow, Mapper};
use crate::rehearsal::survey::{BatchFindings, BatchSurvey, FileFindings, FileSurvey};
use crate::rejects::{Form, RejectWriter};
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

/// Reads a CSV file and rules on its rows.
pub fn read(job: &Job, desk: &mut Desk) -> Result<Tally, LoadError> {
    let wrong = |error: std::io::Error| LoadError::file(job.path, error);
    let declared = declared(job.source.encoding);
    let first = input::open(job.path).map_err(wrong)?;
    let detection = detect(first.reader, declared)
        .map_err(|error| LoadError::at(job.path, 0, &error.to_string()))?;
    let mut file = input::open(job.path).map_err(wrong)?;
    let mut mark = vec![0u8; detection.byte_order_mark];
    file.reader.read_exact(&mut mark).map_err(wrong)?;
    let (hash, counter) = (file.hash_handle(), file.counter.clone());
    let dialect = Dialect {
        delimiter: job.source.delimiter,
        comment: job.source.comment,
        encoding: detection.encoding,
    };
    let mut splitter = Splitter::new(file.reader, dialect);
    let head = splitter.next_record().map_err(wrong)?;
    let head = head.ok_or_else(|| {
        LoadError::at(
            job.path,
            1,
            "the file is empty, expected a header row (文件为空，应有表头)",
        )
    })?;
    let (header, raw_header) = header(job, &head, detection.encoding)?;
    let mapper = Mapper::new(job.source, &header)
        .map_err(|error| LoadError::at(job.path, head.first_line, &error.to_string()))?;
    let form = Form {
        encoding: detection.encoding,
        marked: detection.byte_order_mark > 0,
        delimiter: job.source.delimiter,
        line_end: splitter
            .line_end()
            .map_or(b"\n", |line_end| line_end.bytes()),
        width: header.own_width(),
    };
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
        encoding: detection.encoding.name().to_string(),
        ..Tally::default()
    };
    let survey = job
        .survey
        .map(|survey| survey.of_file(header.names(), &mapper));
    let work = Work {
        job,
        mapper: &mapper,
        encoding: detection.encoding,
        survey: survey.as_ref(),
    };
    let mut found = FileFindings::default();
    run(&work, splitter, |batch| {
        if let Some(of_batch) = batch.found {
            found.merge(of_batch);
        }
        for worked in batch.rows {
            if worked.skipped {
                tally.skipped += 1;
                continue;
            }
            let refused = rule_all(desk, &mut tally, worked.line, worked.rows)?;
            if !refused.is_empty() {
                let raw = &batch.bytes[worked.range];
                rejects
                    .write(worked.line, raw, worked.damaged, &refused)
                    .map_err(wrong_reject(job))?;
            }
        }
        job.progress
            .advance(counter.bytes(), job.bytes, desk.counts.read);
        Ok(())
    })?;
    tally.surveyed = survey.map(|survey| survey.report(&found));
    tally.hash = input::Input::hash(&hash);
    tally.rejects = rejects
        .finish()
        .map_err(wrong_reject(job))?
        .map(|(path, _)| path);
    Ok(tally)
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

fn header(job: &Job, head: &Batch, encoding: TextEncoding) -> Result<(Header, Vec<u8>), LoadError> {
    let at = |what: &str| LoadError::at(job.path, head.first_line, what);
    let record = head
        .records
        .first()
        .ok_or_else(|| at("no header row (没有表头)"))?;
    if record.fault.is_some() {
        return Err(at(
            "the header row is damaged: a quote is not closed (表头的引号没有闭合)",
        ));
    }
    let raw = head.raw(record).to_vec();
    let text = encoding.decode(&raw).map_err(|error| {
        at(&format!(
            "the header row is no {} at byte {}",
            encoding.name(),
            error.offset
        ))
    })?;
    let mut cells = Vec::new();
    fields(&text, job.source.delimiter, &mut cells);
    let header = Header::new(&cells).map_err(|error| at(&error.to_string()))?;
    Ok((header, raw))
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
    mut splitter: Splitter<Box<dyn Read + Send>>,
    mut each: impl FnMut(WorkedBatch) -> Result<(), LoadError>,
) -> Result<(), LoadError> {
    let (to_workers, batches) = sync_channel::<(u64, Batch)>(WAITING);
    let (to_desk, worked) = sync_channel::<(u64, WorkedBatch)>(WAITING);
    let batches = Arc::new(Mutex::new(batches));
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || -> std::io::Result<()> {
            let mut number = 0;
            while let Some(batch) = splitter.next_batch()? {
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
    for record in &batch.records {
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
                let place = (error.offset + 1).to_string();
                let expected = work.encoding.name();
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
            worked.skipped = work.mapper.map(&row_cells, |mut row| {
                if !row.only_ends && !row.quarantined {
                    work.job.checker.check(&mut row.fields, &mut row.problems);
                }
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
