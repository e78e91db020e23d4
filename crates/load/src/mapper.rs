//! Rows of cells become checked field values, as the mapping says.

use std::borrow::Cow;
use std::sync::Arc;

use record::{CompactString, Day, FieldNumber, Fields, Problem, Prose, Value};
use schema::{Column, Skip, Source};

use crate::cell::changes::{Change, Changes};
use crate::cell::date::{DateFault, DateFormats};
use crate::cell::number::half_width;
use crate::cell::{CellError, CellReader, PointReader, shortened, trim};
use crate::header::{Header, HeaderError};
use crate::sheet::cell::ISO;

/// A mapping that does not fit a file.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// The header row.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The mapping itself.
    #[error("mapping '{source_name}': {error}")]
    Mapping {
        /// The mapping.
        source_name: String,
        /// What is wrong.
        error: CellError,
    },
    /// A constant of the mapping is no value of its field.
    #[error("mapping '{source_name}': the constant '{value}' is no value of field '{field}'")]
    Constant {
        /// The mapping.
        source_name: String,
        /// The field.
        field: String,
        /// The constant.
        value: String,
    },
}

/// One record that a row gave.
#[derive(Clone, Debug, Default)]
pub struct MappedRow {
    /// The values, sorted by field; null where the mapping has the field and the cell is empty.
    pub fields: Fields,
    /// The first day on which the row itself says that it holds.
    pub from: Option<Day>,
    /// The first day on which it says that it no longer does.
    pub to: Option<Day>,
    /// The natural key of another entity that the row ends.
    pub ends: Option<Value>,
    /// The row only ends another entity.
    pub only_ends: bool,
    /// All that is wrong with it.
    pub problems: Vec<Problem>,
    /// It is set aside, by the mapping's own word.
    pub quarantined: bool,
    /// In a rehearsal: hashes by which suspected duplicates are found, one for each rule.
    pub marks: Vec<u64>,
}

/// Which half of a point a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Longitude or easting.
    Longitude,
    /// Latitude or northing.
    Latitude,
}

/// What a mapping does with a column of a file.
#[derive(Clone, Debug, Default)]
pub struct CellUse {
    /// The field that it fills, alone or with another column.
    pub field: Option<FieldNumber>,
    /// Where it is half of a point: which.
    pub axis: Option<Axis>,
    /// The mapping reads it, for a field or to tell what rows mean.
    pub known: bool,
    nulls: Vec<String>,
}

impl CellUse {
    /// Whether a cell, trimmed, means no value.
    pub fn is_null(&self, cell: &str) -> bool {
        cell.is_empty() || self.nulls.iter().any(|null| null == cell)
    }
}

struct ColumnPlan {
    place: Option<usize>,
    unless_same: Option<usize>,
    field: FieldNumber,
    reader: CellReader,
}

struct PointPlan {
    lon: Option<usize>,
    lat: Option<usize>,
    field: FieldNumber,
    reader: PointReader,
}

struct UnpivotPlan {
    /// The columns, and the value their header stands for.
    cells: Vec<(usize, Result<Value, Problem>)>,
    name: FieldNumber,
    value: FieldNumber,
    reader: CellReader,
}

struct EndsPlan {
    place: usize,
    unless_same: Option<usize>,
    reader: CellReader,
}

struct SkipPlan {
    place: usize,
    same_as: Option<usize>,
    skip: Skip,
}

/// A mapping, made ready for the columns of one file. Shared by threads.
pub struct Mapper {
    source: Arc<Source>,
    width: usize,
    columns: Vec<ColumnPlan>,
    points: Vec<PointPlan>,
    unpivot: Option<UnpivotPlan>,
    constants: Fields,
    from: Option<usize>,
    to: Option<usize>,
    dates: DateFormats,
    ends: Option<EndsPlan>,
    skips: Vec<SkipPlan>,
    /// What each column is called in problems; none where nobody reads it.
    names: Vec<Option<CompactString>>,
    /// How dates are written in each column.
    date_forms: Vec<String>,
    changes: Arc<Changes>,
}

impl Mapper {
    /// Fits a mapping to a file's header.
    pub fn new(source: &Arc<Source>, header: &Header) -> Result<Mapper, MappingError> {
        header.refuse_misfit(source)?;
        let fit = Fit {
            source,
            header,
            changes: Arc::new(Changes::default()),
        };
        let mut mapper = Mapper {
            width: header.width(),
            columns: fit.columns()?,
            points: fit.points()?,
            unpivot: fit.unpivot()?,
            constants: constants(source, &fit.changes)?,
            from: fit.place(&source.validity.from)?,
            to: fit.place(&source.validity.to)?,
            dates: DateFormats::compile(&source.date_formats)
                .map_err(|error| fit.wrong(error.into()))?,
            ends: fit.ends()?,
            skips: fit.skips()?,
            names: Vec::new(),
            date_forms: Vec::new(),
            changes: fit.changes,
            source: source.clone(),
        };
        mapper.describe_columns(header);
        Ok(mapper)
    }

    /// Notes what is read from which column, and how its dates are written.
    fn describe_columns(&mut self, header: &Header) {
        let source = self.source.clone();
        let name = |field: FieldNumber| source.collection.at(field).name.clone();
        let mut names: Vec<Option<CompactString>> = vec![None; self.width];
        let mut forms = vec![day_form(&source.date_formats); self.width];
        let readable = [
            self.from,
            self.to,
            self.ends.as_ref().map(|plan| plan.place),
        ];
        let skips = self.skips.iter().map(|plan| Some(plan.place));
        for place in readable.into_iter().chain(skips).flatten() {
            names[place] = Some(CompactString::from(header.names()[place].as_str()));
        }
        if let Some(unpivot) = &self.unpivot {
            for (place, _) in &unpivot.cells {
                names[*place] = Some(name(unpivot.value));
            }
        }
        for point in &self.points {
            for place in [point.lon, point.lat].into_iter().flatten() {
                names[place] = Some(name(point.field));
            }
        }
        for (plan, column) in self.columns.iter().zip(&source.columns) {
            let Some(place) = plan.place else { continue };
            names[place] = Some(name(plan.field));
            if let Some(formats) = &column.date_formats {
                forms[place] = day_form(formats);
            }
        }
        (self.names, self.date_forms) = (names, forms);
    }

    /// What a column is called in problems; none where nobody reads it.
    pub fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place)?.as_deref()
    }

    /// How dates are written in a column.
    pub fn date_form(&self, place: usize) -> &str {
        self.date_forms.get(place).map_or(ISO, String::as_str)
    }

    /// What has been taken otherwise than it was written.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// How many cells a row must have.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is done with each column of the file, in their order.
    pub fn uses(&self) -> Vec<CellUse> {
        let nulls = &self.source.null;
        let mut uses = vec![
            CellUse {
                nulls: nulls.clone(),
                ..CellUse::default()
            };
            self.width
        ];
        let mut fill = |place: Option<usize>, field, axis| {
            if let Some(one) = place.and_then(|place| uses.get_mut(place)) {
                (one.field, one.axis, one.known) = (field, axis, true);
            }
        };
        for plan in &self.columns {
            fill(plan.place, Some(plan.field), None);
        }
        for plan in &self.points {
            fill(plan.lon, Some(plan.field), Some(Axis::Longitude));
            fill(plan.lat, Some(plan.field), Some(Axis::Latitude));
        }
        for (place, _) in self.unpivot.iter().flat_map(|unpivot| &unpivot.cells) {
            fill(Some(*place), None, None);
        }
        let others = [
            self.from,
            self.to,
            self.ends.as_ref().map(|ends| ends.place),
        ];
        let skips = self.skips.iter().map(|skip| Some(skip.place));
        for place in others.into_iter().chain(skips).flatten() {
            if let Some(one) = uses.get_mut(place) {
                one.known = true;
            }
        }
        for (plan, column) in self.columns.iter().zip(&self.source.columns) {
            if let Some(one) = plan.place.and_then(|place| uses.get_mut(place)) {
                one.nulls.extend(column.null.iter().cloned());
            }
        }
        uses
    }

    /// Maps one row. `each` gets the records it gives: one as a rule, one a cell in a wide table, none
    /// where the row is no data. Returns whether the row was skipped.
    pub fn map(&self, cells: &[Cow<str>], mut each: impl FnMut(MappedRow)) -> bool {
        if self.skips.iter().any(|plan| plan.holds(cells)) {
            return true;
        }
        let mut row = MappedRow::default();
        self.read_columns(cells, &mut row);
        self.read_validity(cells, &mut row);
        self.read_ends(cells, &mut row);
        let Some(unpivot) = &self.unpivot else {
            self.finish(&mut row);
            each(row);
            return false;
        };
        let mut given = false;
        for (place, name) in &unpivot.cells {
            let cell = self.trimmed(cells, *place);
            if unpivot.reader.is_null(cell) {
                continue;
            }
            given = true;
            let mut one = row.clone();
            push(&mut one, unpivot.name, name.clone());
            push(&mut one, unpivot.value, unpivot.reader.read(cell));
            self.finish(&mut one);
            each(one);
        }
        !given
    }

    /// A cell without white space at its ends; that it had some is counted.
    fn trimmed<'a>(&self, cells: &'a [Cow<str>], place: usize) -> &'a str {
        let cell = cells.get(place).map_or("", |cell| cell);
        let text = trim(cell);
        if text.len() < cell.len() {
            self.changes.note(Change::Trimmed);
        }
        text
    }

    fn read_columns(&self, cells: &[Cow<str>], row: &mut MappedRow) {
        let cell = |place: usize| self.trimmed(cells, place);
        row.fields
            .reserve(self.columns.len() + self.points.len() + self.constants.len() + 2);
        for plan in &self.columns {
            let Some(place) = plan.place else { continue };
            let text = cell(place);
            let other = |place: usize| trim(cells.get(place).map_or("", |cell| cell));
            let same = plan.unless_same.is_some_and(|place| other(place) == text);
            push(
                row,
                plan.field,
                if same {
                    Ok(Value::Null)
                } else {
                    plan.reader.read(text)
                },
            );
        }
        for plan in &self.points {
            let (Some(lon), Some(lat)) = (plan.lon, plan.lat) else {
                continue;
            };
            let given = |place| Some(cell(place)).filter(|text| !self.is_null(text));
            push(row, plan.field, plan.reader.read(given(lon), given(lat)));
        }
        row.fields.extend(self.constants.iter().cloned());
    }

    fn is_null(&self, text: &str) -> bool {
        text.is_empty() || self.source.null.iter().any(|null| null == text)
    }

    fn read_validity(&self, cells: &[Cow<str>], row: &mut MappedRow) {
        let mut date = |place: Option<usize>| {
            let place = place?;
            let text = trim(cells.get(place)?);
            if self.is_null(text) {
                return None;
            }
            let narrow = half_width(text);
            if narrow != text {
                self.changes.note(Change::HalfWidth);
            }
            match self.dates.read(&narrow) {
                Ok(date) => Some(date.first_day()),
                Err(fault) => {
                    let code = match fault {
                        DateFault::Form => "not-a-date",
                        DateFault::Calendar => "no-such-day",
                    };
                    row.problems.push(Problem::new(
                        code,
                        "",
                        shortened(text).as_ref(),
                        self.dates.expected(),
                    ));
                    None
                }
            }
        };
        let (from, to) = (date(self.from), date(self.to));
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            let found = format!("{from} – {to}");
            row.problems
                .push(Problem::new("validity-empty", "", &found, ""));
        }
        (row.from, row.to) = (from, to);
    }

    fn read_ends(&self, cells: &[Cow<str>], row: &mut MappedRow) {
        let Some(plan) = &self.ends else { return };
        let cell = |place: usize| trim(cells.get(place).map_or("", |cell| cell));
        let text = cell(plan.place);
        if plan.reader.is_null(text) || plan.unless_same.is_some_and(|other| cell(other) == text) {
            return;
        }
        match plan.reader.read(text) {
            Ok(key) => row.ends = Some(key),
            Err(problem) => row.problems.push(problem),
        }
        let key = self.source.collection.key.first();
        row.only_ends = key.is_some_and(|key| {
            !row.fields
                .iter()
                .any(|(number, value)| number == key && !value.is_null())
        });
    }

    /// Sorts the fields and looks at quarantine.
    fn finish(&self, row: &mut MappedRow) {
        row.fields.sort_unstable_by_key(|(number, _)| *number);
        for rule in &self.source.quarantine {
            let value = row.fields.iter().find(|(number, _)| *number == rule.field);
            let Some(text) = value.and_then(|(_, value)| canonical(value)) else {
                continue;
            };
            if rule.applies(&text) {
                row.quarantined = true;
                let reason = Prose::new(rule.reason.zh.as_str(), rule.reason.en.as_str());
                row.problems
                    .push(Problem::new("quarantined", &rule.field_name, &text, reason));
            }
        }
    }
}

/// Makes the parts of a mapping ready for a header.
struct Fit<'a> {
    source: &'a Source,
    header: &'a Header,
    changes: Arc<Changes>,
}

impl Fit<'_> {
    fn wrong(&self, error: CellError) -> MappingError {
        MappingError::Mapping {
            source_name: self.source.name.clone(),
            error,
        }
    }

    fn reader(&self, column: &Column) -> Result<CellReader, MappingError> {
        let field = self.source.collection.at(column.field);
        CellReader::new(self.source, column, field, &self.changes)
            .map_err(|error| self.wrong(error))
    }

    fn place(&self, name: &Option<String>) -> Result<Option<usize>, HeaderError> {
        let place = name.as_ref().map(|name| self.header.required(name));
        place.transpose()
    }

    fn columns(&self) -> Result<Vec<ColumnPlan>, MappingError> {
        let plan = |column: &Column| {
            Ok(ColumnPlan {
                place: self.header.first(&column.headers, column.optional)?,
                unless_same: self.place(&column.unless_same)?,
                field: column.field,
                reader: self.reader(column)?,
            })
        };
        self.source.columns.iter().map(plan).collect()
    }

    fn points(&self) -> Result<Vec<PointPlan>, MappingError> {
        let mut points = Vec::new();
        for point in &self.source.points {
            let [lon, lat] = [&point.lon, &point.lat].map(|name| {
                self.header
                    .first(std::slice::from_ref(name), point.optional)
            });
            points.push(PointPlan {
                lon: lon?,
                lat: lat?,
                field: point.field,
                reader: PointReader::new(self.source, &point.field_name, &self.changes)
                    .map_err(|error| self.wrong(error))?,
            });
        }
        Ok(points)
    }

    fn ends(&self) -> Result<Option<EndsPlan>, MappingError> {
        let (source, header) = (self.source, self.header);
        let Some(ends) = &source.ends else {
            return Ok(None);
        };
        let key = source.collection.key.first().copied().unwrap_or_default();
        let like = source.columns.iter().find(|column| column.field == key);
        let like = like.ok_or_else(|| HeaderError::Missing {
            expected: source.collection.at(key).name.to_string(),
            found: header.names().join(", "),
        })?;
        Ok(Some(EndsPlan {
            place: header.required(&ends.column)?,
            unless_same: self.place(&ends.unless_same)?,
            reader: self.reader(like)?,
        }))
    }

    fn skips(&self) -> Result<Vec<SkipPlan>, MappingError> {
        let plan = |skip: &Skip| {
            Ok(SkipPlan {
                place: self.header.required(&skip.column)?,
                same_as: self.place(&skip.same_as)?,
                skip: skip.clone(),
            })
        };
        self.source.skip.iter().map(plan).collect()
    }

    fn unpivot(&self) -> Result<Option<UnpivotPlan>, MappingError> {
        let Some(unpivot) = &self.source.unpivot else {
            return Ok(None);
        };
        let name = self.reader(&unpivot.name)?;
        let names = self.header.names().iter().enumerate();
        let cells = names
            .filter(|(_, header)| unpivot.columns.is_match(header))
            .map(|(place, header)| (place, name.read(header)))
            .collect();
        Ok(Some(UnpivotPlan {
            cells,
            name: unpivot.name.field,
            value: unpivot.value.field,
            reader: self.reader(&unpivot.value)?,
        }))
    }
}

fn push(row: &mut MappedRow, field: FieldNumber, value: Result<Value, Problem>) {
    match value {
        Ok(value) => row.fields.push((field, value)),
        Err(problem) => row.problems.push(problem),
    }
}

fn canonical(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Decimal(number) => Some(number.to_string()),
        Value::Reference(reference) => Some(reference.key.to_string()),
        _ => None,
    }
}

/// The form in which a date of a workbook is written for a column that reads these.
fn day_form(formats: &[String]) -> String {
    let dated = formats.iter().find(|form| form.contains("%d"));
    match dated {
        Some(form) if !formats.iter().any(|form| form == ISO) => form.clone(),
        _ => ISO.to_string(),
    }
}

fn constants(source: &Source, changes: &Arc<Changes>) -> Result<Fields, MappingError> {
    let mut fields = Fields::new();
    for (number, text) in &source.constants {
        let field = source.collection.at(*number);
        let column = Column {
            headers: Vec::new(),
            field: *number,
            field_name: field.name.clone(),
            optional: false,
            date_formats: None,
            null: Vec::new(),
            factor: None,
            codes: Default::default(),
            by_name: false,
            split: None,
            strip_prefix: None,
            prefix: None,
            pad_right: None,
            quoted_thousands: false,
            geometry: None,
            unless_same: None,
        };
        let value = CellReader::new(source, &column, field, changes)
            .map_err(|error| MappingError::Mapping {
                source_name: source.name.clone(),
                error,
            })?
            .read(text)
            .map_err(|_| MappingError::Constant {
                source_name: source.name.clone(),
                field: field.name.to_string(),
                value: text.clone(),
            })?;
        fields.push((*number, value));
    }
    Ok(fields)
}

impl SkipPlan {
    fn holds(&self, cells: &[Cow<str>]) -> bool {
        let cell = |place: usize| trim(cells.get(place).map_or("", |cell| cell));
        let (text, skip) = (cell(self.place), &self.skip);
        (skip.equals.is_empty() || skip.equals.iter().any(|one| one == text))
            && (skip.unless.is_empty() || !skip.unless.iter().any(|one| one == text))
            && (!skip.empty || text.is_empty())
            && skip
                .matches
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(text))
            && self.same_as.is_none_or(|other| cell(other) == text)
    }
}
