//! What is noted of every row by the threads that map rows: the profile of its cells, the hashes by
//! which suspected duplicates are found, and where its coordinates lie.

use std::borrow::Cow;

use record::Value;
use register::rules::get;
use schema::{Catalog, Collection, FieldType, Sensitivity, Source};

use super::coordinates::{Coordinates, Seen, Surveyor};
use super::privacy::{Writer, is_restricted};
use super::report::{ColumnReport, Extent, Format, Outlier, SpreadReport, TopValue};
use super::suspects;
use crate::cell::trim;
use crate::mapper::{CellUse, MappedRow, Mapper};
use crate::profile::spread::Spread;
use crate::profile::{BatchColumns, BatchProfile, ColumnProfile, Profile};

/// Columns that are described; of a file with more, the first.
const COLUMNS: usize = 1_000;

/// What is noted, and of which source's rows.
pub struct Survey<'a> {
    catalog: &'a Catalog,
    source: &'a Source,
    surveyor: Option<Surveyor>,
}

/// A survey of one file, whose columns are known.
pub struct FileSurvey<'a> {
    survey: &'a Survey<'a>,
    headers: Vec<String>,
    columns: Vec<CellUse>,
}

/// What was noted of a batch of rows, while they are read.
pub struct BatchSurvey<'a> {
    survey: &'a FileSurvey<'a>,
    columns: BatchColumns,
    seen: Seen,
}

/// What was noted of a batch.
pub struct BatchFindings {
    profile: BatchProfile,
    seen: Seen,
}

/// What was noted of a file.
#[derive(Default)]
pub struct FileFindings {
    profile: Profile,
    seen: Seen,
}

impl<'a> Survey<'a> {
    /// A survey of a source's rows; `surveyor` where they claim places and divisions.
    pub fn new(catalog: &'a Catalog, source: &'a Source, surveyor: Option<Surveyor>) -> Survey<'a> {
        Survey {
            catalog,
            source,
            surveyor,
        }
    }

    /// For a file with these columns.
    pub fn of_file(&'a self, headers: &[String], mapper: &Mapper) -> FileSurvey<'a> {
        let mut columns = mapper.uses();
        columns.truncate(COLUMNS);
        FileSurvey {
            survey: self,
            headers: headers.iter().take(COLUMNS).cloned().collect(),
            columns,
        }
    }

    fn collection(&self) -> &'a Collection {
        &self.source.collection
    }

    fn writer(&self) -> Writer<'a> {
        Writer {
            catalog: self.catalog,
            collection: self.collection(),
        }
    }
}

impl FileSurvey<'_> {
    /// Begins a batch.
    pub fn begin(&self) -> BatchSurvey<'_> {
        BatchSurvey {
            survey: self,
            columns: BatchColumns::new(self.columns.len()),
            seen: Seen::default(),
        }
    }

    /// What is to be said of a file.
    pub fn report(&self, found: &FileFindings) -> (Vec<ColumnReport>, Option<Coordinates>) {
        let profiles = found.profile.columns.iter().zip(&self.columns);
        let columns = profiles
            .zip(&self.headers)
            .map(|((profile, used), header)| self.column(header, used, profile));
        let surveyor = self.survey.surveyor.as_ref();
        (
            columns.collect(),
            surveyor.map(|surveyor| surveyor.report(&found.seen)),
        )
    }

    fn column(&self, header: &str, used: &CellUse, profile: &ColumnProfile) -> ColumnReport {
        let (writer, collection) = (self.survey.writer(), self.survey.collection());
        let field = used.field.map(|number| collection.at(number));
        let masked = match field {
            Some(field) => is_restricted(self.survey.catalog, field),
            // Whatever a column holds that nobody has described.
            None => !used.known && collection.sensitivity == Sensitivity::Restricted,
        };
        let shown = |text: &str| match field {
            _ if masked => super::privacy::masked(text),
            Some(field) => writer.text(field, text),
            None => writer.any(&crate::cell::shortened(text)),
        };
        let summary = profile.summary();
        let extent = |length: Option<crate::profile::Length>| {
            length.map(|length| Extent {
                characters: length.characters,
                line: length.line,
                value: shown(&length.text),
            })
        };
        let is_day = field.is_some_and(|field| matches!(field.kind, FieldType::Date));
        ColumnReport {
            header: header.to_string(),
            field: field.map(|field| field.name.to_string()),
            masked,
            cells: summary.cells,
            filled: summary.filled,
            distinct: summary.distinct,
            distinct_exact: summary.distinct_exact,
            top: summary
                .top
                .into_iter()
                .map(|one| TopValue {
                    value: shown(&one.text),
                    count: one.count,
                })
                .collect(),
            top_error: summary.top_error,
            formats: summary
                .forms
                .into_iter()
                .map(|(form, count)| Format { form, count })
                .collect(),
            other_formats: summary.other_forms,
            shortest: extent(summary.shortest),
            longest: extent(summary.longest),
            spread: summary
                .spread
                .filter(|_| !masked)
                .map(|one| spread(&one, is_day)),
        }
    }
}

impl BatchSurvey<'_> {
    /// Notes the cells of a row.
    pub fn cells(&mut self, line: u64, cells: &[Cow<str>]) {
        for (place, used) in self.survey.columns.iter().enumerate() {
            let text = trim(cells.get(place).map_or("", |cell| cell));
            let text = Some(text).filter(|text| !used.is_null(text));
            self.columns.cell(place, line, text);
        }
    }

    /// Notes what a row was mapped to, and marks it.
    pub fn row(&mut self, line: u64, row: &mut MappedRow) {
        for (place, used) in self.survey.columns.iter().enumerate() {
            let value = used.field.and_then(|field| get(&row.fields, field));
            if let Some(value) = value.and_then(|value| number(value, used)) {
                self.columns.value(place, line, value);
            }
        }
        let survey = self.survey.survey;
        let collection = survey.collection();
        if !collection.matches.is_empty() && row.problems.is_empty() {
            row.marks = suspects::marks(collection, &row.fields);
        }
        if let Some(surveyor) = &survey.surveyor {
            surveyor.look(line, row, survey.writer(), &mut self.seen);
        }
    }

    /// Sums the batch up.
    pub fn finish(self) -> BatchFindings {
        BatchFindings {
            profile: self.columns.finish(),
            seen: self.seen,
        }
    }
}

impl FileFindings {
    /// Adds the next batch.
    pub fn merge(&mut self, batch: BatchFindings) {
        self.profile.merge(batch.profile);
        self.seen.merge(batch.seen);
    }
}

/// The number that a value is measured by.
fn number(value: &Value, used: &CellUse) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Decimal(number) => f64::try_from(*number).ok(),
        Value::Date(date) => Some(f64::from(date.first_day().0)),
        Value::Point { lon, lat } => {
            let (lon, lat) = geometry::Position {
                lon: *lon,
                lat: *lat,
            }
            .degrees();
            match used.axis {
                Some(crate::mapper::Axis::Longitude) => Some(lon),
                Some(crate::mapper::Axis::Latitude) => Some(lat),
                None => None,
            }
        }
        _ => None,
    }
}

fn spread(spread: &Spread, is_day: bool) -> SpreadReport {
    let written = |value: f64| {
        if is_day {
            return record::Day(value.round().clamp(-1e9, 1e9) as i32).to_string();
        }
        digits(value)
    };
    SpreadReport {
        count: spread.count,
        minimum: written(spread.minimum),
        maximum: written(spread.maximum),
        mean: written(spread.mean),
        median: written(spread.median),
        usual_from: written(spread.usual.0),
        usual_to: written(spread.usual.1),
        outliers: spread.outliers,
        examples: spread
            .examples
            .iter()
            .map(|(value, line)| Outlier {
                line: *line,
                value: written(*value),
            })
            .collect(),
    }
}

/// A number with at most nine digits that mean something.
fn digits(value: f64) -> String {
    const DIGITS: i32 = 9;
    if value == 0.0 || !value.is_finite() {
        return "0".to_string();
    }
    let whole = value.abs().log10().floor() as i32 + 1;
    let decimals = (DIGITS - whole).clamp(0, DIGITS) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_shortly() {
        for (value, text) in [
            (0.0, "0"),
            (116.3912346, "116.391235"),
            (-2.5, "-2.5"),
            (1e12, "1000000000000"),
            (1234567890.5, "1234567890"),
            (0.001, "0.001"),
        ] {
            assert_eq!(digits(value), text);
        }
    }
}
