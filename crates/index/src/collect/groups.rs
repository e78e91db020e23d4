//! Groups of one segment. Each key gives every document a small ordinal; the ordinals together are a
//! cell, and the cells lie in a flat table where they are few, in a hash map where not.

use std::collections::HashMap;
use std::sync::Arc;

use record::{CompactString, Day};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, SegmentReader};

use crate::error::IndexError;
use crate::group::{GroupKey, Grouping, Measure, MeasureKind, MeasureValue};
use crate::layout::{ColumnKind, Layout};
use crate::segments::OpenSegment;
use crate::snapshot::Keyed;
use crate::spatial::BOX_COLUMNS;
use crate::time::Deadline;

/// The most keys a grouping may have: a cell packs their ordinals into 64 bits.
pub const MAXIMUM_KEYS: usize = 3;
const FLAT_CELLS: usize = 1 << 20;
const ORDINAL_BITS: u32 = 21;

/// Running measures of one group.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// How many records.
    pub count: u64,
    /// One a measure with a field.
    pub measures: Vec<Running>,
    /// All values, one list a measure, where percentiles are asked for.
    samples: Option<Box<Samples>>,
}

type Samples = Vec<Vec<f64>>;

/// A running measure. The sum is compensated (Neumaier), so that it does not depend on luck.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    count: u64,
    sum: f64,
    compensation: f64,
    minimum: f64,
    maximum: f64,
}

impl Default for Running {
    fn default() -> Running {
        Running {
            count: 0,
            sum: 0.0,
            compensation: 0.0,
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
        }
    }
}

impl Running {
    fn add(&mut self, value: f64) {
        self.count += 1;
        self.add_to_sum(value);
        self.minimum = self.minimum.min(value);
        self.maximum = self.maximum.max(value);
    }

    fn add_to_sum(&mut self, value: f64) {
        let sum = self.sum + value;
        self.compensation += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
    }

    fn merge(&mut self, other: &Running) {
        self.count += other.count;
        self.add_to_sum(other.sum);
        self.compensation += other.compensation;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
    }
}

impl Totals {
    /// Adds the totals of the same group in another segment.
    pub fn merge(&mut self, other: &Totals) {
        self.count += other.count;
        self.measures
            .resize(other.measures.len(), Running::default());
        self.measures
            .iter_mut()
            .zip(&other.measures)
            .for_each(|(one, other)| one.merge(other));
        if let Some(samples) = &other.samples {
            let own = self.samples.get_or_insert_default();
            own.resize(samples.len(), Vec::new());
            for (own, more) in own.iter_mut().zip(samples.iter()) {
                own.extend(more);
            }
        }
    }

    /// A percentile of a measure's values.
    fn percentile(&self, place: usize, thousandths: u16) -> Option<f64> {
        let mut values = self.samples.as_ref()?.get(place)?.clone();
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = last as f64 * f64::from(thousandths) / 1000.0;
        let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
        Some(low + (high - low) * at.fract())
    }

    /// The value of a measure, by its place.
    pub fn value(&self, place: usize, measure: &Measure, is_day: bool) -> MeasureValue {
        let Some(running) = self.measures.get(place).filter(|_| measure.field.is_some()) else {
            return MeasureValue::Count(self.count);
        };
        let number = |value: f64| {
            if is_day {
                MeasureValue::Day(Day(value as i32))
            } else {
                MeasureValue::Number(value)
            }
        };
        match measure.kind {
            MeasureKind::Count => MeasureValue::Count(running.count),
            _ if running.count == 0 => MeasureValue::Missing,
            MeasureKind::Sum => MeasureValue::Number(running.sum + running.compensation),
            MeasureKind::Mean => {
                MeasureValue::Number((running.sum + running.compensation) / running.count as f64)
            }
            MeasureKind::Min => number(running.minimum),
            MeasureKind::Max => number(running.maximum),
            MeasureKind::Percentile(thousandths) => self
                .percentile(place, thousandths)
                .map_or(MeasureValue::Missing, MeasureValue::Number),
        }
    }
}

/// The groups of one segment, by their key values.
pub type SegmentGroups = HashMap<Vec<Option<CompactString>>, Totals>;

/// Groups the live documents of a segment that match.
pub fn segment(
    grouping: &Grouping,
    layout: &Layout,
    weight: &dyn Weight,
    (reader, open): (&SegmentReader, &OpenSegment),
    deadline: Deadline,
) -> Result<SegmentGroups, IndexError> {
    let mut keys = grouping
        .keys
        .iter()
        .map(|key| OrdinalReader::open(key, layout, open))
        .collect::<Result<Vec<_>, _>>()?;
    let measured = grouping
        .measures
        .iter()
        .map(|measure| MeasureReader::open(measure, layout, open))
        .collect::<Result<Vec<_>, _>>()?;
    let has_percentiles = measured.iter().any(|reader| reader.is_percentile);
    let mut cells = Cells::new(&keys);
    let mut ordinals = [[0u32; COLLECT_BLOCK_BUFFER_LEN]; MAXIMUM_KEYS];
    super::blocks(weight, reader, deadline, |block| {
        for (key, ordinals) in keys.iter_mut().zip(ordinals.iter_mut()) {
            key.ordinals(block, &mut ordinals[..block.len()]);
        }
        for (place, document) in block.iter().enumerate() {
            let cell = [ordinals[0][place], ordinals[1][place], ordinals[2][place]];
            let totals = cells.at(cell);
            totals.count += 1;
            if !measured.is_empty() {
                totals.measures.resize(measured.len(), Running::default());
                for (running, reader) in totals.measures.iter_mut().zip(&measured) {
                    if let Some(value) = reader.value(*document) {
                        running.add(value);
                    }
                }
                if has_percentiles {
                    let samples = totals.samples.get_or_insert_default();
                    samples.resize(measured.len(), Vec::new());
                    for (samples, reader) in samples.iter_mut().zip(&measured) {
                        samples.extend(reader.value(*document).filter(|_| reader.is_percentile));
                    }
                }
            }
        }
        Ok(())
    })?;
    let mut groups = SegmentGroups::new();
    cells.each(|cell, totals| {
        let key = keys
            .iter()
            .zip(cell)
            .map(|(key, ordinal)| key.value(ordinal))
            .collect::<Result<Vec<_>, _>>()?;
        groups.entry(key).or_default().merge(totals);
        if groups.len() > grouping.limit {
            return Err(IndexError::TooManyGroups(grouping.limit));
        }
        Ok(())
    })?;
    Ok(groups)
}

/// Whether a measure's extremes are days.
pub fn is_day(measure: &Measure, layout: &Layout) -> bool {
    let number = measure
        .field
        .as_ref()
        .and_then(|name| layout.collection.number(name));
    number.is_some_and(|number| {
        layout
            .field(number)
            .column
            .as_ref()
            .is_some_and(|column| column.kind == ColumnKind::Day)
    })
}

enum Cells {
    Flat {
        sizes: [usize; MAXIMUM_KEYS],
        totals: Vec<Totals>,
    },
    Hashed(HashMap<u64, Totals>),
}

impl Cells {
    fn new(keys: &[OrdinalReader]) -> Cells {
        let mut sizes = [1usize; MAXIMUM_KEYS];
        for (size, key) in sizes.iter_mut().zip(keys) {
            *size = key.size().unwrap_or(usize::MAX);
        }
        let product = sizes
            .iter()
            .try_fold(1usize, |product, size| product.checked_mul(*size));
        match product {
            Some(cells) if cells <= FLAT_CELLS => Cells::Flat {
                sizes,
                totals: vec![Totals::default(); cells],
            },
            _ => Cells::Hashed(HashMap::new()),
        }
    }

    fn at(&mut self, [a, b, c]: [u32; MAXIMUM_KEYS]) -> &mut Totals {
        match self {
            Cells::Flat { sizes, totals } => {
                &mut totals[(a as usize * sizes[1] + b as usize) * sizes[2] + c as usize]
            }
            Cells::Hashed(totals) => {
                let cell =
                    (u64::from(a) << ORDINAL_BITS | u64::from(b)) << ORDINAL_BITS | u64::from(c);
                totals.entry(cell).or_default()
            }
        }
    }

    fn each(
        &self,
        mut each: impl FnMut([u32; MAXIMUM_KEYS], &Totals) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        match self {
            Cells::Flat { sizes, totals } => {
                for (cell, totals) in totals
                    .iter()
                    .enumerate()
                    .filter(|(_, totals)| totals.count > 0)
                {
                    let (rest, c) = (cell / sizes[2], cell % sizes[2]);
                    each(
                        [(rest / sizes[1]) as u32, (rest % sizes[1]) as u32, c as u32],
                        totals,
                    )?;
                }
            }
            Cells::Hashed(totals) => {
                let mask = (1u64 << ORDINAL_BITS) - 1;
                for (cell, totals) in totals {
                    let ordinal = |shift: u32| (cell >> (shift * ORDINAL_BITS) & mask) as u32;
                    each(
                        [(cell >> (2 * ORDINAL_BITS)) as u32, ordinal(1), ordinal(0)],
                        totals,
                    )?;
                }
            }
        }
        Ok(())
    }
}

/// Ordinal 0 is "no value"; the others stand for values.
enum OrdinalReader {
    /// Each text of the column, or the group its ordinal belongs to.
    Text {
        column: StrColumn,
        groups: Option<(Vec<u32>, Vec<CompactString>)>,
    },
    /// Values that are numbered as they come.
    Numbered {
        column: Column<u64>,
        print: Print,
        seen: Seen<u64>,
    },
    /// Grid cells, numbered as they come.
    Grid {
        lon: Column<u64>,
        lat: Column<u64>,
        metres: u32,
        seen: Seen<geometry::grid::Cell>,
    },
    /// What a list says of the entities of a column.
    Through {
        column: Column<u64>,
        keys: Arc<Keyed>,
    },
    /// The segment has no value at all.
    Absent,
}

/// Values by the order in which they were first seen; their ordinals begin at 1.
struct Seen<V> {
    ordinals: HashMap<V, u32>,
    values: Vec<V>,
}

impl<V> Default for Seen<V> {
    fn default() -> Seen<V> {
        Seen {
            ordinals: HashMap::new(),
            values: Vec::new(),
        }
    }
}

impl<V: Copy + Eq + std::hash::Hash> Seen<V> {
    fn ordinal(&mut self, value: V) -> u32 {
        let values = &mut self.values;
        *self.ordinals.entry(value).or_insert_with(|| {
            values.push(value);
            values.len() as u32
        })
    }
}

/// How a number is grouped and printed.
#[derive(Clone, Copy)]
enum Print {
    Unsigned,
    Signed,
    Float,
    Boolean,
    Day,
    Month,
    Quarter,
    Year,
    /// Bands of so many years of age on a day.
    Age(u16, Day),
}

impl Print {
    /// The value of the group a column's value belongs to, if it belongs to one.
    fn group(self, value: u64) -> Option<u64> {
        let day = Day(tantivy::u64_to_i64(value) as i32);
        let calendar = || day.calendar().unwrap_or_default();
        Some(match self {
            Print::Year => calendar().0 as u64,
            Print::Quarter => {
                let (year, month, _) = calendar();
                year as u64 * 4 + (u64::from(month) - 1) / 3
            }
            Print::Month => {
                let (year, month, _) = calendar();
                year as u64 * 12 + u64::from(month) - 1
            }
            Print::Age(years, at) => u64::from(record::age(day, at)? / years),
            _ => value,
        })
    }

    fn text(self, value: u64) -> CompactString {
        match self {
            Print::Unsigned => compact(value),
            Print::Signed => compact(tantivy::u64_to_i64(value)),
            Print::Float => compact(tantivy::u64_to_f64(value)),
            Print::Boolean => compact(value == 1),
            Print::Day => compact(Day(tantivy::u64_to_i64(value) as i32)),
            Print::Month => compact(format_args!("{:04}-{:02}", value / 12, value % 12 + 1)),
            Print::Quarter => compact(format_args!("{:04}-Q{}", value / 4, value % 4 + 1)),
            Print::Year => compact(format_args!("{value:04}")),
            Print::Age(years, _) => {
                let from = value * u64::from(years);
                compact(format_args!("{from}-{}", from + u64::from(years) - 1))
            }
        }
    }
}

fn compact(value: impl std::fmt::Display) -> CompactString {
    let mut text = CompactString::default();
    // Writing to memory does not fail.
    let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{value}"));
    text
}

impl OrdinalReader {
    fn open(
        key: &GroupKey,
        layout: &Layout,
        open: &OpenSegment,
    ) -> Result<OrdinalReader, IndexError> {
        let (name, digits, date) = match key {
            GroupKey::Field(name) => (name.as_str(), None, None),
            GroupKey::Division { field, digits } => (field.as_str(), Some(*digits), None),
            GroupKey::Year(name) => (name.as_str(), None, Some(Print::Year)),
            GroupKey::Month(name) => (name.as_str(), None, Some(Print::Month)),
            GroupKey::Quarter(name) => (name.as_str(), None, Some(Print::Quarter)),
            GroupKey::Age { field, years, day } => {
                let print = Print::Age((*years).max(1), *day);
                (field.as_str(), None, Some(print))
            }
            GroupKey::Through { field, .. } => (field.as_str(), None, None),
            GroupKey::Grid(metres) => {
                if layout.collection.location.is_none() {
                    return Err(not_groupable("geometry", "the collection has no geometry"));
                }
                return OrdinalReader::grid(*metres, open);
            }
        };
        let collection = &layout.collection;
        let number = if name.is_empty() {
            collection.division
        } else {
            collection.number(name)
        };
        let number = number.ok_or_else(|| IndexError::UnknownField {
            collection: collection.name.clone(),
            field: name.to_string(),
        })?;
        let column = layout.field(number).column.as_ref();
        let column = column.ok_or_else(|| not_groupable(name, "it has no column to group by"))?;
        if column.kind == ColumnKind::Text {
            // A period begins with its year, and a month is its first seven characters.
            let digits = digits.or(match date {
                Some(Print::Year) => Some(4),
                Some(Print::Age(..)) => return Err(not_groupable(name, "it is no date")),
                Some(_) => Some(7),
                None => None,
            });
            let Some(text) = open.columns.text(&column.name)? else {
                return Ok(OrdinalReader::Absent);
            };
            let is_quarter = matches!(date, Some(Print::Quarter));
            let groups = digits
                .map(|digits| prefixes(&text, digits, is_quarter))
                .transpose()?;
            return Ok(OrdinalReader::Text {
                column: text,
                groups,
            });
        }
        if digits.is_some() || (date.is_some() && column.kind != ColumnKind::Day) {
            return Err(not_groupable(name, "it is neither a division nor a date"));
        }
        let print = match (column.kind, date) {
            (_, Some(print)) => print,
            (ColumnKind::Day, None) => Print::Day,
            (ColumnKind::Float, None) => Print::Float,
            (ColumnKind::Boolean, None) => Print::Boolean,
            (ColumnKind::Integer, None) => Print::Signed,
            _ => Print::Unsigned,
        };
        if let GroupKey::Through { keys, .. } = key {
            if column.kind != ColumnKind::Entity {
                return Err(not_groupable(name, "it is no reference"));
            }
            let keys = keys.clone();
            let column = open.columns.number(&column.name)?;
            return Ok(
                column.map_or(OrdinalReader::Absent, |column| OrdinalReader::Through {
                    column,
                    keys,
                }),
            );
        }
        Ok(match open.columns.number(&column.name)? {
            Some(column) => OrdinalReader::Numbered {
                column,
                print,
                seen: Seen::default(),
            },
            None => OrdinalReader::Absent,
        })
    }

    fn grid(metres: u32, open: &OpenSegment) -> Result<OrdinalReader, IndexError> {
        let [lon, lat] = [BOX_COLUMNS[0], BOX_COLUMNS[1]].map(|name| open.columns.number(name));
        Ok(match (lon?, lat?) {
            (Some(lon), Some(lat)) => OrdinalReader::Grid {
                lon,
                lat,
                metres,
                seen: Seen::default(),
            },
            _ => OrdinalReader::Absent,
        })
    }

    /// How many ordinals there are, where that is known before the walk.
    fn size(&self) -> Option<usize> {
        match self {
            OrdinalReader::Absent => Some(1),
            OrdinalReader::Through { keys, .. } => Some(keys.names.len() + 1),
            OrdinalReader::Text {
                groups: Some((_, names)),
                ..
            } => Some(names.len() + 1),
            OrdinalReader::Text {
                column,
                groups: None,
            } => Some(column.num_terms() + 1),
            OrdinalReader::Numbered {
                column,
                print: Print::Boolean,
                ..
            } => Some(column.max_value() as usize + 2),
            _ => None,
        }
    }

    fn ordinals(&mut self, block: &[DocId], out: &mut [u32]) {
        let mut values = [None; COLLECT_BLOCK_BUFFER_LEN];
        let values = &mut values[..block.len()];
        match self {
            OrdinalReader::Absent => out.fill(0),
            OrdinalReader::Text { column, groups } => {
                column.ords().first_vals(block, values);
                for (out, value) in out.iter_mut().zip(values.iter()) {
                    *out = match (value, &groups) {
                        (None, _) => 0,
                        (Some(ordinal), None) => *ordinal as u32 + 1,
                        (Some(ordinal), Some((groups, _))) => groups[*ordinal as usize],
                    };
                }
            }
            OrdinalReader::Numbered {
                column,
                print,
                seen,
            } => {
                column.first_vals(block, values);
                for (out, value) in out.iter_mut().zip(values.iter()) {
                    *out = match (value, &print) {
                        (None, _) => 0,
                        (Some(value), Print::Boolean) => {
                            seen.ordinal(0);
                            seen.ordinal(1);
                            *value as u32 + 1
                        }
                        (Some(value), print) => {
                            print.group(*value).map_or(0, |group| seen.ordinal(group))
                        }
                    };
                }
            }
            OrdinalReader::Through { column, keys } => {
                column.first_vals(block, values);
                for (out, value) in out.iter_mut().zip(values.iter()) {
                    *out = value.and_then(|number| keys.place(number)).unwrap_or(0);
                }
            }
            OrdinalReader::Grid {
                lon,
                lat,
                metres,
                seen,
            } => {
                for (out, document) in out.iter_mut().zip(block) {
                    *out = match (lon.first(*document), lat.first(*document)) {
                        (Some(lon), Some(lat)) => {
                            let position = geometry::Position {
                                lon: tantivy::u64_to_i64(lon) as i32,
                                lat: tantivy::u64_to_i64(lat) as i32,
                            };
                            geometry::grid::cell(position, *metres)
                                .map_or(0, |cell| seen.ordinal(cell))
                        }
                        _ => 0,
                    };
                }
            }
        }
    }

    fn value(&self, ordinal: u32) -> Result<Option<CompactString>, IndexError> {
        let Some(place) = ordinal.checked_sub(1).map(|place| place as usize) else {
            return Ok(None);
        };
        Ok(match self {
            OrdinalReader::Absent => None,
            OrdinalReader::Through { keys, .. } => keys.names.get(place).cloned(),
            OrdinalReader::Text {
                groups: Some((_, names)),
                ..
            } => names.get(place).cloned(),
            OrdinalReader::Text {
                column,
                groups: None,
            } => {
                let mut text = String::new();
                column.ord_to_str(place as u64, &mut text)?;
                Some(text.into())
            }
            OrdinalReader::Numbered { print, seen, .. } => {
                seen.values.get(place).map(|value| print.text(*value))
            }
            OrdinalReader::Grid { seen, .. } => seen.values.get(place).map(compact),
        })
    }
}

/// One key, for each document.
pub struct KeyOrdinals(OrdinalReader);

impl KeyOrdinals {
    /// The key in a segment.
    pub fn open(
        key: &GroupKey,
        layout: &Layout,
        open: &OpenSegment,
    ) -> Result<KeyOrdinals, IndexError> {
        OrdinalReader::open(key, layout, open).map(KeyOrdinals)
    }

    /// Calls `each` with every document of a block and its ordinal; 0 where it has no value.
    pub fn each(&mut self, block: &[DocId], mut each: impl FnMut(DocId, u32)) {
        let mut ordinals = [0u32; COLLECT_BLOCK_BUFFER_LEN];
        let ordinals = &mut ordinals[..block.len()];
        self.0.ordinals(block, ordinals);
        block
            .iter()
            .zip(ordinals)
            .for_each(|(document, ordinal)| each(*document, *ordinal));
    }

    /// The value of an ordinal.
    pub fn value(&self, ordinal: u32) -> Result<Option<CompactString>, IndexError> {
        self.0.value(ordinal)
    }
}

/// For each ordinal of the column the group of its prefix, and the groups' names. Months count to
/// their quarter where those are asked for.
fn prefixes(
    column: &StrColumn,
    length: usize,
    is_quarter: bool,
) -> Result<(Vec<u32>, Vec<CompactString>), IndexError> {
    let mut groups = Vec::with_capacity(column.num_terms());
    let mut names: Vec<CompactString> = Vec::new();
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        let text = String::from_utf8_lossy(terms.key());
        let quarter = is_quarter.then(|| quarter_of(&text));
        if quarter == Some(None) {
            groups.push(0);
            continue;
        }
        let prefix = match &quarter {
            Some(Some(quarter)) => quarter.as_str(),
            _ => text.get(..length).unwrap_or(&text),
        };
        if names.last().is_none_or(|last| last != prefix) {
            names.push(prefix.into());
        }
        groups.push(names.len() as u32);
    }
    Ok((groups, names))
}

/// The quarter that a period of a quarter or a month lies in.
fn quarter_of(period: &str) -> Option<CompactString> {
    let (year, part) = period.split_once('-')?;
    if part.starts_with('Q') {
        return Some(period.into());
    }
    let month: u8 = part.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some(compact(format_args!("{year}-Q{}", (month - 1) / 3 + 1)))
}

fn not_groupable(field: &str, reason: &str) -> IndexError {
    IndexError::NotSearchable {
        field: field.to_string(),
        reason: reason.to_string(),
    }
}

/// Reads the number a measure is computed of.
struct MeasureReader {
    column: Option<(Column<u64>, ColumnKind)>,
    is_percentile: bool,
}

impl MeasureReader {
    fn open(
        measure: &Measure,
        layout: &Layout,
        open: &OpenSegment,
    ) -> Result<MeasureReader, IndexError> {
        let Some(name) = &measure.field else {
            return Ok(MeasureReader {
                column: None,
                is_percentile: false,
            });
        };
        let collection = &layout.collection;
        let number = collection
            .number(name)
            .ok_or_else(|| IndexError::UnknownField {
                collection: collection.name.clone(),
                field: name.to_string(),
            })?;
        let column = layout.field(number).column.as_ref();
        let column = column.ok_or_else(|| not_groupable(name, "it has no column to measure"))?;
        let numeric = match measure.kind {
            MeasureKind::Count => true,
            MeasureKind::Min | MeasureKind::Max => {
                matches!(
                    column.kind,
                    ColumnKind::Day | ColumnKind::Integer | ColumnKind::Float
                )
            }
            _ => matches!(column.kind, ColumnKind::Integer | ColumnKind::Float),
        };
        if !numeric {
            return Err(not_groupable(name, "it is no number"));
        }
        let open = open.columns.number(&column.name)?;
        Ok(MeasureReader {
            column: open.map(|open| (open, column.kind)),
            is_percentile: matches!(measure.kind, MeasureKind::Percentile(_)),
        })
    }

    fn value(&self, document: DocId) -> Option<f64> {
        let (column, kind) = self.column.as_ref()?;
        let value = column.first(document)?;
        Some(match kind {
            ColumnKind::Float => tantivy::u64_to_f64(value),
            ColumnKind::Day | ColumnKind::Integer => tantivy::u64_to_i64(value) as f64,
            _ => value as f64,
        })
    }
}
