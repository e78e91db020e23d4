//! A profile of the columns of a file: how full they are, what occurs how often, in which forms, and
//! what lies far out.
//!
//! The threads that map rows make a [`BatchProfile`] of each batch; [`Profile::merge`] takes them in the
//! order of the file, so that the same file gives the same profile whatever the threads did. A cell is
//! hashed once; one whose value the batch has had before costs a look-up, and everything else is
//! computed once a distinct value of a batch. Memory is bounded: see [`distinct`], [`top`], [`mask`] and
//! [`spread`] for how.

use record::CompactString;

pub mod distinct;
pub mod hash;
pub mod mask;
pub mod spread;
pub mod top;

use distinct::Distinct;
use hash::{ByHash, hash};
use mask::Forms;
use spread::{Spread, Values};
use top::{BatchTop, Frequent, Top};

/// Most frequent values that are shown.
const VALUES_SHOWN: usize = 10;
/// Most frequent forms that are shown.
const FORMS_SHOWN: usize = 5;

/// So many bytes of a value are kept, or a little less.
const BYTES_KEPT: usize = 384;

/// A value, how often it occurs in a batch, and where first.
struct Counted {
    count: u64,
    line: u64,
    characters: u64,
    text: CompactString,
}

/// The beginning of a value, and all of one that is not long.
fn beginning(text: &str) -> CompactString {
    let mut end = text.len().min(BYTES_KEPT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    CompactString::new(&text[..end])
}

/// One column of a batch, while its rows are read.
#[derive(Default)]
struct BatchColumn {
    cells: u64,
    filled: u64,
    counts: ByHash<Counted>,
    values: Values,
}

/// The columns of a batch, while its rows are read.
pub struct BatchColumns {
    columns: Vec<BatchColumn>,
}

impl BatchColumns {
    /// For so many columns.
    pub fn new(width: usize) -> BatchColumns {
        BatchColumns {
            columns: std::iter::repeat_with(BatchColumn::default)
                .take(width)
                .collect(),
        }
    }

    /// Notes a cell, trimmed; none where it says that there is no value.
    pub fn cell(&mut self, place: usize, line: u64, text: Option<&str>) {
        let Some(column) = self.columns.get_mut(place) else {
            return;
        };
        column.cells += 1;
        let Some(text) = text else { return };
        column.filled += 1;
        let counted = column.counts.entry(hash(text)).or_insert_with(|| Counted {
            count: 0,
            line,
            characters: text.chars().count() as u64,
            text: beginning(text),
        });
        counted.count += 1;
    }

    /// Notes the number or day that a cell stands for.
    pub fn value(&mut self, place: usize, line: u64, value: f64) {
        if let Some(column) = self.columns.get_mut(place) {
            column.values.add(value, line);
        }
    }

    /// Sums the batch up.
    pub fn finish(self) -> BatchProfile {
        BatchProfile {
            columns: self.columns.into_iter().map(ColumnPart::of).collect(),
        }
    }
}

/// One column of a batch, summed up.
struct ColumnPart {
    cells: u64,
    filled: u64,
    hashes: Vec<u64>,
    top: BatchTop,
    forms: Forms,
    shortest: Option<Length>,
    longest: Option<Length>,
    values: Values,
}

/// The columns of a batch, summed up.
pub struct BatchProfile {
    columns: Vec<ColumnPart>,
}

/// A text, how many characters it has, and where it stands first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// Characters.
    pub characters: u64,
    /// The line.
    pub line: u64,
    /// The text, or its beginning.
    pub text: CompactString,
}

impl ColumnPart {
    fn of(column: BatchColumn) -> ColumnPart {
        let mut forms = Forms::default();
        let (mut shortest, mut longest) = (None, None);
        let mut counted: Vec<(&u64, &Counted)> = column.counts.iter().collect();
        // In the order of the file: what is kept of forms must not depend on hashes.
        counted.sort_unstable_by_key(|(hash, counted)| (counted.line, **hash));
        for (_, counted) in &counted {
            forms.add(&counted.text, counted.count);
            let characters = counted.characters;
            let length = || Length {
                characters,
                line: counted.line,
                text: counted.text.clone(),
            };
            let is = |known: &Option<Length>, ordering| {
                known
                    .as_ref()
                    .is_none_or(|known| characters.cmp(&known.characters) == ordering)
            };
            if is(&shortest, std::cmp::Ordering::Less) {
                shortest = Some(length());
            }
            if is(&longest, std::cmp::Ordering::Greater) {
                longest = Some(length());
            }
        }
        let top = counted
            .iter()
            .map(|(hash, one)| (**hash, one.count, &one.text));
        ColumnPart {
            cells: column.cells,
            filled: column.filled,
            top: BatchTop::of(top),
            hashes: column.counts.keys().copied().collect(),
            forms,
            shortest,
            longest,
            values: column.values,
        }
    }
}

/// One column of a file.
#[derive(Default)]
pub struct ColumnProfile {
    cells: u64,
    filled: u64,
    distinct: Distinct,
    top: Top,
    forms: Forms,
    shortest: Option<Length>,
    longest: Option<Length>,
    values: Values,
}

/// What is to be said of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Cells.
    pub cells: u64,
    /// Cells with a value.
    pub filled: u64,
    /// Distinct values.
    pub distinct: u64,
    /// Whether that is exact.
    pub distinct_exact: bool,
    /// The most frequent values.
    pub top: Vec<Frequent>,
    /// By how much their counts may be too low.
    pub top_error: u64,
    /// The most frequent forms, and how many values have them.
    pub forms: Vec<(String, u64)>,
    /// Values of other forms.
    pub other_forms: u64,
    /// The shortest value.
    pub shortest: Option<Length>,
    /// The longest.
    pub longest: Option<Length>,
    /// How numbers or days are spread.
    pub spread: Option<Spread>,
}

impl ColumnProfile {
    fn merge(&mut self, batch: ColumnPart) {
        self.cells += batch.cells;
        self.filled += batch.filled;
        batch
            .hashes
            .iter()
            .for_each(|hash| self.distinct.insert(*hash));
        self.top.merge(batch.top);
        self.forms.merge(batch.forms);
        if let Some(new) = batch.shortest
            && self
                .shortest
                .as_ref()
                .is_none_or(|known| new.characters < known.characters)
        {
            self.shortest = Some(new);
        }
        if let Some(new) = batch.longest
            && self
                .longest
                .as_ref()
                .is_none_or(|known| new.characters > known.characters)
        {
            self.longest = Some(new);
        }
        self.values.merge(batch.values);
    }

    /// What is to be said of it.
    pub fn summary(&self) -> Summary {
        let (distinct, distinct_exact) = self.distinct.count();
        let (top, top_error) = self.top.best(VALUES_SHOWN);
        let (forms, other_forms) = self.forms.best(FORMS_SHOWN);
        Summary {
            cells: self.cells,
            filled: self.filled,
            distinct,
            distinct_exact,
            top,
            top_error,
            forms,
            other_forms,
            shortest: self.shortest.clone(),
            longest: self.longest.clone(),
            spread: self.values.spread(),
        }
    }
}

/// The columns of a file.
#[derive(Default)]
pub struct Profile {
    /// By place.
    pub columns: Vec<ColumnProfile>,
}

impl Profile {
    /// Adds the next batch.
    pub fn merge(&mut self, batch: BatchProfile) {
        if self.columns.len() < batch.columns.len() {
            self.columns
                .resize_with(batch.columns.len(), ColumnProfile::default);
        }
        for (column, part) in self.columns.iter_mut().zip(batch.columns) {
            column.merge(part);
        }
    }
}

#[cfg(test)]
mod tests;
