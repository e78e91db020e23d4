//! Groups of one segment. Each key gives every document a small ordinal; the ordinals together are a
//! cell, and the cells lie in a flat table where they are few, in a hash map where not.

use std::collections::HashMap;

use record::{CompactString, Day};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, SegmentReader};

use crate::error::IndexError;
use crate::group::{Grouping, Measure, MeasureKind, MeasureValue};
use crate::layout::{ColumnKind, Layout};
use crate::segments::OpenSegment;
use crate::time::Deadline;

mod keys;

pub use keys::KeyOrdinals;
use keys::{OrdinalReader, not_groupable};

/// The most keys a grouping may have: a cell packs their ordinals into 64 bits.
pub const MAXIMUM_KEYS: usize = 3;
const FLAT_CELLS: usize = 1 << 20;
const ORDINAL_BITS: u32 = 21;

/// The ordinals of a block of documents.
type Ordinals = [u32; COLLECT_BLOCK_BUFFER_LEN];

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
    // Records are counted whatever else is asked for.
    let counts_only = grouping.measures.iter().all(|one| one.field.is_none());
    let measures = grouping.measures.iter().filter(|_| !counts_only);
    let measured = measures
        .map(|measure| MeasureReader::open(measure, layout, open))
        .collect::<Result<Vec<_>, _>>()?;
    let has_percentiles = measured.iter().any(|reader| reader.is_percentile);
    let mut cells = Cells::new(&keys);
    let mut ordinals: [Ordinals; MAXIMUM_KEYS] = [[0; COLLECT_BLOCK_BUFFER_LEN]; MAXIMUM_KEYS];
    super::blocks(weight, reader, deadline, |block| {
        for (key, ordinals) in keys.iter_mut().zip(ordinals.iter_mut()) {
            key.ordinals(block, &mut ordinals[..block.len()]);
        }
        if measured.is_empty() && cells.count(&ordinals, block.len()) {
            return Ok(());
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

    /// Counts the documents of a block in a flat table; `false` where there is none.
    fn count(&mut self, [a, b, c]: &[Ordinals; MAXIMUM_KEYS], documents: usize) -> bool {
        let Cells::Flat { sizes, totals } = self else {
            return false;
        };
        let keys = a.iter().zip(b).zip(c).take(documents);
        for ((a, b), c) in keys {
            let cell = (*a as usize * sizes[1] + *b as usize) * sizes[2] + *c as usize;
            totals[cell].count += 1;
        }
        true
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
