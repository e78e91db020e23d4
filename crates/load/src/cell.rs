//! One cell of a file becomes one value of a field. Types are never guessed: the field says what the
//! cell must be, and the mapping how it is written.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use geometry::{Crs, Position, Shape};
use record::{CompactString, Problem, Prose, Reference, Value, prose};
use schema::{CodeList, Column, Field, FieldType, GeometryEncoding, Period, Source};

use changes::{Change, Changes};
use date::{DateFault, DateFormats};
use number::{NumberFault, NumberForm};

pub mod changes;
pub mod date;
pub mod number;

/// Reads the cells of one column.
#[derive(Debug)]
pub struct CellReader {
    name: CompactString,
    kind: FieldType,
    many: bool,
    nulls: HashSet<String>,
    dates: DateFormats,
    number: NumberForm,
    codes: HashMap<String, CompactString>,
    by_name: Option<Arc<CodeList>>,
    split: Option<String>,
    strip_prefix: Option<String>,
    prefix: Option<String>,
    pad_right: Option<usize>,
    crs: Crs,
    geometry: GeometryEncoding,
    changes: Arc<Changes>,
}

/// A mapping that cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CellError {
    /// A date form that is none.
    #[error(transparent)]
    Dates(#[from] date::FormatError),
    /// A coordinate reference system that is not known.
    #[error("{0}")]
    Crs(String),
}

impl CellReader {
    /// The reader of a column; what it takes otherwise than written is counted in `changes`.
    pub fn new(
        source: &Source,
        column: &Column,
        field: &Field,
        changes: &Arc<Changes>,
    ) -> Result<CellReader, CellError> {
        let formats = column.date_formats.as_ref().unwrap_or(&source.date_formats);
        let crs =
            Crs::from_name(&source.crs).map_err(|reason| CellError::Crs(reason.to_string()))?;
        let codes = column
            .codes
            .iter()
            .map(|(from, to)| (from.clone(), CompactString::from(to.as_str())))
            .collect();
        Ok(CellReader {
            name: field.name.clone(),
            kind: field.kind.clone(),
            many: field.many,
            nulls: source.null.iter().chain(&column.null).cloned().collect(),
            dates: DateFormats::compile(formats)?,
            number: NumberForm {
                thousands: column.quoted_thousands,
                factor: column.factor,
            },
            codes,
            by_name: field.codelist().filter(|_| column.by_name).cloned(),
            split: column.split.clone(),
            strip_prefix: column.strip_prefix.clone(),
            prefix: column.prefix.clone(),
            pad_right: column.pad_right,
            crs,
            geometry: column.geometry.unwrap_or(GeometryEncoding::Geojson),
            changes: changes.clone(),
        })
    }

    /// The reader of values that no mapping shapes; of one value, also where the field takes several.
    pub fn plain(field: &Field) -> Result<CellReader, CellError> {
        Ok(CellReader {
            name: field.name.clone(),
            kind: field.kind.clone(),
            many: false,
            nulls: HashSet::new(),
            dates: DateFormats::compile(&schema::DATE_FORMATS.map(str::to_string))?,
            number: NumberForm::default(),
            codes: HashMap::new(),
            by_name: None,
            split: None,
            strip_prefix: None,
            prefix: None,
            pad_right: None,
            crs: Crs::Cgcs2000,
            geometry: GeometryEncoding::Geojson,
            changes: Arc::default(),
        })
    }

    /// The field's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a cell, trimmed, means no value.
    pub fn is_null(&self, cell: &str) -> bool {
        cell.is_empty() || self.nulls.contains(cell)
    }

    /// The value of a cell; [`Value::Null`] where it says that there is none.
    pub fn read(&self, cell: &str) -> Result<Value, Problem> {
        let cell = trim(cell);
        if self.is_null(cell) {
            return Ok(Value::Null);
        }
        let Some(separator) = self.split.as_ref().filter(|_| self.many) else {
            let value = self.read_one(cell)?;
            return Ok(if self.many {
                Value::List(vec![value])
            } else {
                value
            });
        };
        let values = cell
            .split(separator.as_str())
            .map(trim)
            .filter(|part| !self.is_null(part))
            .map(|part| self.read_one(part))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(if values.is_empty() {
            Value::Null
        } else {
            Value::List(values)
        })
    }

    fn read_one(&self, text: &str) -> Result<Value, Problem> {
        if let Some(code) = self.codes.get(text) {
            return self.typed(code);
        }
        if let Some(list) = &self.by_name
            && let Some(entry) = list.by_name(text)
        {
            return Ok(Value::Text(entry.code.clone()));
        }
        if self.strip_prefix.is_none() && self.prefix.is_none() && self.pad_right.is_none() {
            return self.typed(text);
        }
        let stripped = self
            .strip_prefix
            .as_ref()
            .and_then(|prefix| text.strip_prefix(prefix.as_str()));
        let mut shaped = self.prefix.clone().unwrap_or_default() + stripped.unwrap_or(text);
        if let Some(width) = self.pad_right {
            shaped.extend(std::iter::repeat_n(
                '0',
                width.saturating_sub(shaped.chars().count()),
            ));
        }
        self.typed(&shaped)
    }

    fn typed(&self, text: &str) -> Result<Value, Problem> {
        match &self.kind {
            FieldType::Text => self.text(text).map(Value::Text),
            FieldType::Code(list) => {
                let text = self.half_width(text);
                match list.get(&text) {
                    Some(entry) => Ok(Value::Text(entry.code.clone())),
                    None => Err(self.problem("code-unknown", &text, &list.name)),
                }
            }
            FieldType::Date => self
                .dates
                .read(&self.half_width(text))
                .map(Value::Date)
                .map_err(|fault| match fault {
                    DateFault::Form => self.problem("not-a-date", text, self.dates.expected()),
                    DateFault::Calendar => self.problem("no-such-day", text, self.dates.expected()),
                }),
            FieldType::Integer => self
                .number
                .integer(&self.half_width(text))
                .map(Value::Integer)
                .map_err(|fault| self.number_problem(fault, text)),
            FieldType::Decimal => self
                .number
                .decimal(&self.half_width(text))
                .map(Value::Decimal)
                .map_err(|fault| self.number_problem(fault, text)),
            FieldType::Boolean => match text {
                "true" | "1" | "是" | "Y" => Ok(Value::Boolean(true)),
                "false" | "0" | "否" | "N" => Ok(Value::Boolean(false)),
                _ => Err(self.problem("not-a-boolean", text, "true | false | 是 | 否 | 1 | 0")),
            },
            FieldType::Period => text
                .parse::<Period>()
                .map(|period| Value::text(&period.to_string()))
                .map_err(|_| self.problem("period-form", text, "2019 | 2019-Q1 | 2019-03")),
            FieldType::Division => self.division(text),
            FieldType::Reference { .. } => {
                let key = self.text(text)?;
                Ok(Value::Reference(Reference { key, target: None }))
            }
            FieldType::Geometry => self.shape(text),
            FieldType::Point => match self.shape(text)? {
                Value::Point { lon, lat } => Ok(Value::Point { lon, lat }),
                _ => {
                    let found = prose!("这里应为一个点", "a point is expected here");
                    Err(Problem::new("geometry-invalid", &self.name, found, ""))
                }
            },
        }
    }

    /// The text in half width; that it was not is counted.
    fn half_width<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let narrow = number::half_width(text);
        if narrow != text {
            self.changes.note(Change::HalfWidth);
        }
        narrow
    }

    fn number_problem(&self, fault: NumberFault, text: &str) -> Problem {
        match fault {
            NumberFault::Form => self.problem("not-a-number", text, "1234.5"),
            NumberFault::NotWhole => self.problem("not-an-integer", text, "1234"),
            NumberFault::Range => self.problem("number-out-of-range", text, ""),
        }
    }

    fn text(&self, text: &str) -> Result<CompactString, Problem> {
        let normal = text::normal::display(text);
        if let Cow::Owned(_) = &normal {
            self.changes.note(Change::Composed);
        }
        let mut private = false;
        for character in normal.chars() {
            if character.is_control() && !matches!(character, '\t' | '\n' | '\r') {
                let found = format!("U+{:04X}", u32::from(character));
                return Err(self.problem("text-control-character", &found, ""));
            }
            if character == char::REPLACEMENT_CHARACTER {
                return Err(self.problem("text-lost-character", text, ""));
            }
            private |= is_private_use(character);
        }
        if private {
            self.changes.note_private_use();
        }
        Ok(CompactString::from(normal))
    }

    fn division(&self, text: &str) -> Result<Value, Problem> {
        let digits = self.half_width(text);
        let fits = matches!(digits.len(), 2 | 4 | 6 | 9 | 12)
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            return Err(self.problem("not-a-division-code", text, "2 | 4 | 6 | 9 | 12"));
        }
        let mut code = CompactString::from(digits);
        while code.len() < 12 {
            code.push('0');
        }
        Ok(Value::Text(code))
    }

    fn shape(&self, text: &str) -> Result<Value, Problem> {
        let read = match self.geometry {
            GeometryEncoding::Wkt => Shape::from_wkt_in(text, self.crs),
            GeometryEncoding::Geojson => serde_json::from_str(text)
                .map_err(|error| geometry::GeometryError::Json {
                    line: error.line(),
                    column: error.column(),
                    message: error.to_string(),
                })
                .and_then(|json| Shape::from_geojson_in(&json, self.crs)),
        };
        let invalid = |reason: geometry::GeometryError| {
            let found = Prose::new(reason.chinese(), reason.to_string());
            Problem::new("geometry-invalid", &self.name, found, "")
        };
        let shape = read.map_err(invalid)?;
        geometry::validate(&shape).map_err(invalid)?;
        Ok(match shape.position() {
            Some(Position { lon, lat }) => Value::Point { lon, lat },
            None => Value::Geometry(shape.to_wkb()),
        })
    }

    fn problem(&self, code: record::ProblemCode, value: &str, expected: &str) -> Problem {
        Problem::new(code, &self.name, shortened(value).as_ref(), expected)
    }
}

/// Characters that mean what a font says: rare names in systems older than the standard's characters.
fn is_private_use(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// White space of any width at both ends.
pub fn trim(cell: &str) -> &str {
    cell.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

/// A long text cut for a message.
pub fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Reads pairs of cells as points.
#[derive(Debug)]
pub struct PointReader {
    name: CompactString,
    crs: Crs,
    number: NumberForm,
    changes: Arc<Changes>,
}

impl PointReader {
    /// The reader of a point field; what it takes otherwise than written is counted in `changes`.
    pub fn new(
        source: &Source,
        name: &str,
        changes: &Arc<Changes>,
    ) -> Result<PointReader, CellError> {
        let crs =
            Crs::from_name(&source.crs).map_err(|reason| CellError::Crs(reason.to_string()))?;
        Ok(PointReader {
            name: name.into(),
            crs,
            number: NumberForm::default(),
            changes: changes.clone(),
        })
    }

    /// The point; [`Value::Null`] where both cells are empty.
    pub fn read(&self, lon: Option<&str>, lat: Option<&str>) -> Result<Value, Problem> {
        let (lon, lat) = match (lon, lat) {
            (None, None) => return Ok(Value::Null),
            (Some(lon), Some(lat)) => (lon, lat),
            (one, other) => {
                let found = one.or(other).unwrap_or_default();
                return Err(Problem::new("point-incomplete", &self.name, found, ""));
            }
        };
        let coordinate = |text: &str| {
            if number::half_width(text) != text {
                self.changes.note(Change::HalfWidth);
            }
            self.number.coordinate(text).map_err(|_| {
                Problem::new(
                    "not-a-number",
                    &self.name,
                    shortened(text).as_ref(),
                    "116.3913",
                )
            })
        };
        let (x, y) = (coordinate(lon)?, coordinate(lat)?);
        let out_of_range =
            || Problem::new("coordinate-range", &self.name, format!("{lon}, {lat}"), "");
        let (lon, lat) = self.crs.to_geographic(x, y).map_err(|_| out_of_range())?;
        let Position { lon, lat } = Position::from_degrees(lon, lat).ok_or_else(out_of_range)?;
        Ok(Value::Point { lon, lat })
    }
}
