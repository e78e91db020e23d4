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

use std::ops::Range;

use tantivy::DocId;
use tantivy::columnar::{Cardinality, Column};
use tantivy::directory::OwnedBytes;

const ASCENDING: u64 = 0;
const PERMUTED: u64 = 1;
const PAIRS: u64 = 2;

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
        let start = self.first_from(value, 0);
        let mut end = start;
        while end < self.items && self.value(end) == Some(value) {
            end += 1;
        }
        start..end
    }

    /// The first item, not before `low`, whose value is not below the one given.
    ///
    /// Hashes are spread evenly, so that a proportional guess comes close: every other step is such a
    /// guess, and the steps between halve what is left, whatever the values are.
    fn first_from(&self, value: u64, mut low: usize) -> usize {
        let mut high = self.items;
        // Values known to lie at or before `low`, and at or after `high`.
        let (mut least, mut most) = (0u64, u64::MAX);
        let mut guessing = true;
        while low < high {
            let middle = if guessing && value > least && value < most {
                let share = u128::from(value - least) * (high - low) as u128;
                low + (share / u128::from(most - least)) as usize
            } else {
                low.midpoint(high)
            };
            guessing = !guessing;
            match self.value(middle) {
                Some(one) if one < value => {
                    least = one;
                    low = middle + 1;
                }
                found => {
                    most = found.unwrap_or(most);
                    high = middle;
                }
            }
        }
        low
    }

    /// The document of an item.
    pub fn document(&self, item: usize) -> DocId {
        match &self.form {
            Form::Ascending => item as DocId,
            Form::Permuted(documents) | Form::Pairs { documents, .. } => {
                match documents.as_slice().get(item * 4..item * 4 + 4) {
                    Some(&[a, b, c, d]) => DocId::from_le_bytes([a, b, c, d]),
                    _ => DocId::MAX,
                }
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
