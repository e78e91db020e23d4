//! Keys of groups: each gives every document of a segment a small ordinal.

use std::collections::HashMap;
use std::sync::Arc;

use record::{CompactString, Day};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId};

use crate::error::IndexError;
use crate::group::GroupKey;
use crate::layout::{ColumnKind, ColumnLayout, Layout};
use crate::segments::OpenSegment;
use crate::snapshot::Keyed;
use crate::spatial::BOX_COLUMNS;

/// Ordinal 0 is "no value"; the others stand for values.
pub(super) enum OrdinalReader {
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
pub(super) struct Seen<V> {
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
pub(super) enum Print {
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
    pub(super) fn open(
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
            return OrdinalReader::text(name, column, digits, date, open);
        }
        if digits.is_some() || (date.is_some() && column.kind != ColumnKind::Day) {
            return Err(not_groupable(name, "it is neither a division nor a date"));
        }
        let found = open.columns.number(&column.name)?;
        if let GroupKey::Through { keys, .. } = key {
            if column.kind != ColumnKind::Entity {
                return Err(not_groupable(name, "it is no reference"));
            }
            let keys = keys.clone();
            return Ok(
                found.map_or(OrdinalReader::Absent, |column| OrdinalReader::Through {
                    column,
                    keys,
                }),
            );
        }
        let print = match (column.kind, date) {
            (_, Some(print)) => print,
            (ColumnKind::Day, None) => Print::Day,
            (ColumnKind::Float, None) => Print::Float,
            (ColumnKind::Boolean, None) => Print::Boolean,
            (ColumnKind::Integer, None) => Print::Signed,
            _ => Print::Unsigned,
        };
        Ok(
            found.map_or(OrdinalReader::Absent, |column| OrdinalReader::Numbered {
                column,
                print,
                seen: Seen::default(),
            }),
        )
    }

    fn text(
        name: &str,
        column: &ColumnLayout,
        digits: Option<usize>,
        date: Option<Print>,
        open: &OpenSegment,
    ) -> Result<OrdinalReader, IndexError> {
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
        Ok(OrdinalReader::Text {
            column: text,
            groups,
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
    pub(super) fn size(&self) -> Option<usize> {
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

    pub(super) fn ordinals(&mut self, block: &[DocId], out: &mut [u32]) {
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

    pub(super) fn value(&self, ordinal: u32) -> Result<Option<CompactString>, IndexError> {
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

pub(super) fn not_groupable(field: &str, reason: &str) -> IndexError {
    IndexError::NotSearchable {
        field: field.to_string(),
        reason: reason.to_string(),
    }
}
