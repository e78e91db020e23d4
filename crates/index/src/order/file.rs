//! The file: for each column, in the layout's order, its documents sorted by value.
//!
//! A column's part begins with its form and the number of its items, each a little-endian `u64`, and is
//! padded to eight bytes:
//!
//! | form | what follows |
//! |---|---|
//! | 0 | nothing: every document has one value, and they ascend as the documents do |
//! | 1 | the documents, `u32` each, sorted by their value |
//! | 2 | the values, `u64` each, sorted, then their documents, `u32` each |
//! | 3 | the upper halves of the values, `u32` each, then the documents, `u32` each, both sorted by value |
//!
//! Form 3 is for hashes. They are spread evenly, so that a value's place is known nearly without looking,
//! and its neighbourhood is one or two lines of memory; a load looks up every key of its file.

use std::ops::Range;

use tantivy::DocId;
use tantivy::columnar::{Cardinality, Column};
use tantivy::directory::OwnedBytes;

const ASCENDING: u64 = 0;
const PERMUTED: u64 = 1;
const PAIRS: u64 = 2;
const HASHED: u64 = 3;

/// How far from its probable place a hash is looked for at first; twice as far each time it is not there.
const NEAR: usize = 32;

/// A file that is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the order of a segment's documents is damaged")]
pub struct Damaged;

/// Appends the part of a column; `documents` is how many the segment has.
pub fn push(out: &mut Vec<u8>, column: Option<&Column<u64>>, documents: u32) {
    let Some(column) = column else {
        push_head(out, PERMUTED, 0);
        return;
    };
    match column.get_cardinality() {
        Cardinality::Full => {
            let value = |document: DocId| column.values.get_val(document);
            let ascends = (1..documents).all(|document| value(document - 1) <= value(document));
            if ascends {
                push_head(out, ASCENDING, u64::from(documents));
                return;
            }
            let mut pairs: Vec<(u64, DocId)> = (0..documents)
                .map(|document| (value(document), document))
                .collect();
            push_permutation(out, &mut pairs);
        }
        Cardinality::Optional => {
            let mut pairs: Vec<(u64, DocId)> = (0..documents)
                .filter_map(|document| Some((column.first(document)?, document)))
                .collect();
            push_permutation(out, &mut pairs);
        }
        Cardinality::Multivalued => {
            let mut pairs: Vec<(u64, DocId)> = (0..documents)
                .flat_map(|document| {
                    let values = column.values_for_doc(document);
                    values.map(move |value| (value, document))
                })
                .collect();
            pairs.sort_unstable();
            pairs.dedup();
            push_head(out, PAIRS, pairs.len() as u64);
            for (value, _) in &pairs {
                out.extend_from_slice(&value.to_le_bytes());
            }
            push_documents(out, &pairs);
        }
    }
}

/// Appends the part of a column of hashes, of which each document has one.
pub fn push_hashes(out: &mut Vec<u8>, column: Option<&Column<u64>>, documents: u32) {
    let mut pairs: Vec<(u64, DocId)> = (0..documents)
        .filter_map(|document| Some((column?.first(document)?, document)))
        .collect();
    pairs.sort_unstable();
    push_head(out, HASHED, pairs.len() as u64);
    for (value, _) in &pairs {
        out.extend_from_slice(&upper(*value).to_le_bytes());
    }
    out.resize(out.len().next_multiple_of(8), 0);
    push_documents(out, &pairs);
}

/// The upper half of a hash.
fn upper(value: u64) -> u32 {
    (value >> 32) as u32
}

fn push_permutation(out: &mut Vec<u8>, pairs: &mut [(u64, DocId)]) {
    pairs.sort_unstable();
    push_head(out, PERMUTED, pairs.len() as u64);
    push_documents(out, pairs);
}

fn push_head(out: &mut Vec<u8>, form: u64, items: u64) {
    out.extend_from_slice(&form.to_le_bytes());
    out.extend_from_slice(&items.to_le_bytes());
}

fn push_documents(out: &mut Vec<u8>, pairs: &[(u64, DocId)]) {
    for (_, document) in pairs {
        out.extend_from_slice(&document.to_le_bytes());
    }
    out.resize(out.len().next_multiple_of(8), 0);
}

/// The documents of one segment by one column.
pub struct Order {
    column: Option<Column<u64>>,
    items: usize,
    form: Form,
}

enum Form {
    Ascending,
    Permuted(OwnedBytes),
    Pairs {
        values: OwnedBytes,
        documents: OwnedBytes,
    },
    Hashed {
        uppers: OwnedBytes,
        documents: OwnedBytes,
    },
}

impl Order {
    /// Reads the next column's part of a file, and leaves the rest.
    pub fn read(file: &mut OwnedBytes, column: Option<Column<u64>>) -> Result<Order, Damaged> {
        let form = word(file)?;
        let items = usize::try_from(word(file)?).map_err(|_| Damaged)?;
        let documents = |file: &mut OwnedBytes| {
            let bytes = items.checked_mul(4).ok_or(Damaged)?;
            take(file, bytes.next_multiple_of(8))
        };
        let form = match form {
            ASCENDING => Form::Ascending,
            PERMUTED => Form::Permuted(documents(file)?),
            PAIRS => Form::Pairs {
                values: take(file, items.checked_mul(8).ok_or(Damaged)?)?,
                documents: documents(file)?,
            },
            HASHED => Form::Hashed {
                uppers: documents(file)?,
                documents: documents(file)?,
            },
            _ => return Err(Damaged),
        };
        Ok(Order {
            column,
            items,
            form,
        })
    }

    /// The items with a value in a range; [`Order::document`] gives their documents.
    pub fn items(&self, values: &Range<u64>) -> Range<usize> {
        let start = self.first_from(values.start, 0);
        start..self.first_from(values.end, start)
    }

    /// The items with a value.
    pub fn items_of(&self, value: u64) -> Range<usize> {
        let start = match &self.form {
            Form::Hashed { uppers, .. } => {
                let uppers = uppers.as_slice();
                let mut start = first_upper(uppers, self.items, upper(value));
                while number_at(uppers, start) == Some(upper(value))
                    && self.value(start).is_some_and(|one| one < value)
                {
                    start += 1;
                }
                start
            }
            _ => self.first_from(value, 0),
        };
        let mut end = start;
        while end < self.items && self.value(end) == Some(value) {
            end += 1;
        }
        start..end
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items
    }

    /// The documents whose value is among ascending ones: one walk through both.
    pub fn among<'o>(&'o self, values: &'o [u64]) -> impl Iterator<Item = DocId> + 'o {
        let mut place = 0;
        (0..self.items).filter_map(move |item| {
            let value = self.value(item)?;
            while values.get(place).is_some_and(|sought| *sought < value) {
                place += 1;
            }
            (values.get(place) == Some(&value)).then(|| self.document(item))
        })
    }

    /// The first item, not before `low`, whose value is not below the one given.
    fn first_from(&self, value: u64, mut low: usize) -> usize {
        let mut high = self.items;
        while low < high {
            let middle = low.midpoint(high);
            if self.value(middle).is_some_and(|one| one < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The document of an item.
    pub fn document(&self, item: usize) -> DocId {
        match &self.form {
            Form::Ascending => item as DocId,
            Form::Permuted(documents)
            | Form::Pairs { documents, .. }
            | Form::Hashed { documents, .. } => {
                number_at(documents.as_slice(), item).unwrap_or(DocId::MAX)
            }
        }
    }

    fn value(&self, item: usize) -> Option<u64> {
        if let Form::Pairs { values, .. } = &self.form {
            let bytes = values.as_slice().get(item * 8..item * 8 + 8)?;
            return Some(u64::from_le_bytes(bytes.try_into().ok()?));
        }
        let column = self.column.as_ref()?;
        let document = self.document(item);
        match column.get_cardinality() {
            Cardinality::Full => Some(column.values.get_val(document)),
            _ => column.first(document),
        }
    }
}

/// The first of so many sorted upper halves of hashes that is not below the one given.
fn first_upper(uppers: &[u8], items: usize, wanted: u32) -> usize {
    let below = |item: usize| number_at(uppers, item).is_some_and(|one| one < wanted);
    let probable = ((u64::from(wanted) * items as u64) >> 32) as usize;
    let (mut low, mut high, mut step) = (probable, probable, NEAR);
    while low > 0 && !below(low - 1) {
        high = low;
        low = low.saturating_sub(step);
        step *= 2;
    }
    step = NEAR;
    while high < items && below(high) {
        low = high + 1;
        high = (high + step).min(items);
        step *= 2;
    }
    while low < high {
        let middle = low.midpoint(high);
        if below(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// One of a row of numbers.
fn number_at(numbers: &[u8], item: usize) -> Option<u32> {
    let bytes = numbers.get(item * 4..item * 4 + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn take(file: &mut OwnedBytes, bytes: usize) -> Result<OwnedBytes, Damaged> {
    if bytes > file.len() {
        return Err(Damaged);
    }
    let (taken, rest) = file.clone().split(bytes);
    *file = rest;
    Ok(taken)
}

fn word(file: &mut OwnedBytes) -> Result<u64, Damaged> {
    let bytes = take(file, 8)?;
    Ok(u64::from_le_bytes(
        bytes.as_slice().try_into().map_err(|_| Damaged)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_found_wherever_they_are() {
        let spread: Vec<u32> = (0..5_000)
            .map(|n: u32| n.wrapping_mul(0x9E37_79B9))
            .collect();
        let crowded: Vec<u32> = (0..5_000).map(|n: u32| n / 7).collect();
        let high: Vec<u32> = (0..300).map(|n: u32| u32::MAX - n / 2).collect();
        for mut uppers in [spread, crowded, high, vec![0], vec![u32::MAX], vec![]] {
            uppers.sort_unstable();
            let bytes: Vec<u8> = uppers.iter().flat_map(|one| one.to_le_bytes()).collect();
            let wanted = uppers
                .iter()
                .flat_map(|one| [one.saturating_sub(1), *one, one.saturating_add(1)]);
            for wanted in wanted.chain([0, 1, u32::MAX / 2, u32::MAX]) {
                assert_eq!(
                    first_upper(&bytes, uppers.len(), wanted),
                    uppers.partition_point(|one| *one < wanted),
                    "{wanted} of {} hashes",
                    uppers.len()
                );
            }
        }
    }
}
