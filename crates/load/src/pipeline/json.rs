//! JSON and GeoJSON: read whole, then as CSV. Where rows also end other entities, the endings of one
//! date are carried out before anything else of that date.

use std::io::Read;

use schema::FileFormat;

use super::{Job, Tally, check, rule};
use crate::desk::Desk;
use crate::error::LoadError;
use crate::header::Header;
use crate::input;
use crate::json_rows::{self, JsonError, JsonRow, JsonRows};
use crate::mapper::{MappedRow, Mapper};
use crate::rehearsal::survey::{FileFindings, FileSurvey};
use crate::rejects::JsonRejectWriter;

/// Reads a JSON file and rules on its rows.
pub fn read(job: &Job, desk: &mut Desk) -> Result<Tally, LoadError> {
    let mut file = input::open(job.path).map_err(|error| LoadError::input(job.path, error))?;
    let json = read_rows(job, &mut file.reader)?;
    let header = Header::new(&json.headers)
        .map_err(|error| LoadError::at(job.path, 1, &error.to_string()))?;
    let mapper = Mapper::new(job.source, &header)
        .map_err(|error| LoadError::at(job.path, 1, &error.to_string()))?;
    let catalog = register::Store::catalog(job.store);
    let mut rejects = JsonRejectWriter::new(&job.rejects, &catalog.problems);
    let content = match job.source.format {
        FileFormat::Geojson => "geojson",
        _ => "json",
    };
    let mut tally = Tally {
        format: file.packing.form(content),
        encoding: "UTF-8".to_string(),
        ..Tally::default()
    };
    let survey = job
        .survey
        .map(|survey| survey.of_file(header.names(), &mapper));
    let mut survey_of_rows = survey.as_ref().map(FileSurvey::begin);
    let mut mapped: Vec<(&JsonRow, MappedRow)> = Vec::new();
    for row in &json.rows {
        let skipped = mapper.map(&row.cells, |mut one| {
            check(job, mapper.changes(), &mut one);
            if let Some(survey) = &mut survey_of_rows {
                survey.row(row.line, &mut one);
            }
            mapped.push((row, one));
        });
        tally.skipped += u64::from(skipped);
        if let Some(survey) = survey_of_rows.as_mut().filter(|_| !skipped) {
            survey.cells(row.line, &row.cells);
        }
    }
    let mut found = FileFindings::default();
    if let Some(survey) = survey_of_rows {
        found.merge(survey.finish());
    }
    tally.surveyed = survey.map(|survey| survey.report(&found));
    if job.source.ends.is_some() {
        end_first(&mut mapped);
    }
    for (row, one) in mapped {
        if let Some(problems) = rule(desk, &mut tally, row.line, one)? {
            rejects
                .write(row.line, &row.raw, &problems)
                .map_err(|error| LoadError::file(&job.rejects, error))?;
        }
        job.advance(job.bytes, desk.counts.read)?;
    }
    tally.take_changes(&catalog.problems, mapper.changes());
    tally.hash = file.hash.hex();
    let finished = rejects
        .finish()
        .map_err(|error| LoadError::file(&job.rejects, error))?;
    tally.rejects = finished.map(|(path, _)| path);
    Ok(tally)
}

/// Reads the whole file, unless it is too large, and takes its rows from it.
fn read_rows(job: &Job, reader: &mut impl Read) -> Result<JsonRows, LoadError> {
    let mut bytes = Vec::new();
    reader
        .take(json_rows::LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| LoadError::file(job.path, error))?;
    let at = |error: JsonError| LoadError::at(job.path, 0, &error.to_string());
    if bytes.len() as u64 > json_rows::LARGEST {
        return Err(at(JsonError::TooLarge(bytes.len() as u64)));
    }
    let content = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    json_rows::read(job.source, content).map_err(at)
}

/// Within each date, moves the endings of all rows to the first of them, so that what begins on a
/// date is not ended by a row that happens to stand later in the file.
fn end_first(mapped: &mut Vec<(&JsonRow, MappedRow)>) {
    let mut ordered: Vec<(&JsonRow, MappedRow)> = Vec::with_capacity(mapped.len());
    let mut rest = std::mem::take(mapped).into_iter().peekable();
    while let Some(first) = rest.next() {
        let date = (first.1.from, first.1.to);
        let mut group = vec![first];
        while let Some(next) = rest.next_if(|(_, row)| (row.from, row.to) == date) {
            group.push(next);
        }
        // A row that both ends one entity and speaks of another keeps its place and its count: those
        // that only end come first, and among the others those whose own key no other row ends.
        let ended: Vec<_> = group
            .iter()
            .filter_map(|(_, row)| row.ends.clone())
            .collect();
        group.sort_by_key(|(_, row)| {
            let own = row.fields.first().map(|(_, value)| value);
            let is_ended = own.is_some_and(|own| ended.contains(own));
            (!row.only_ends, is_ended)
        });
        ordered.extend(group);
    }
    *mapped = ordered;
}
