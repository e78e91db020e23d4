//! Whole sets of what matches, for joins: entities, what their references name, keys, geometries.

use geometry::Shape;
use record::{CompactString, FieldNumber, Predicate};
use tantivy::DocId;

use super::Snapshot;
use crate::collect::{self, groups};
use crate::error::IndexError;
use crate::exact::row::Reader;
use crate::group::GroupKey;
use crate::layout::ColumnKind;
use crate::segments::OpenSegment;
use crate::time::{Deadline, TimeScope};

/// Which records are listed.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Those that match.
    pub predicate: &'a Predicate,
    /// As of when.
    pub time: TimeScope,
    /// Until when the listing may take.
    pub deadline: Deadline,
    /// How many rows it may have.
    pub most: usize,
}

/// Records with a key each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keyed {
    /// The entity's number, and the place of its key among the names, from 1; 0 where it has none.
    pub rows: Vec<(u64, u32)>,
    /// The keys.
    pub names: Vec<CompactString>,
}

impl Keyed {
    /// The place of an entity's key, where the rows ascend.
    pub fn place(&self, number: u64) -> Option<u32> {
        let at = self.rows.binary_search_by_key(&number, |row| row.0).ok()?;
        Some(self.rows[at].1)
    }
}

impl Snapshot {
    /// About how many records match, without looking at any: never far too few.
    pub fn estimate(
        &self,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, IndexError> {
        let narrowed = without_expressions(predicate);
        let mut total = 0;
        for (part, query) in self.queries(&narrowed, time, deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for reader in searcher.segment_readers() {
                deadline.check()?;
                let hint = weight.scorer(reader, 1.0)?.size_hint();
                total += u64::from(hint.min(reader.num_docs()));
            }
        }
        Ok(total)
    }

    /// The entities of the records that match, or those that a reference field of theirs names:
    /// ascending, each once.
    pub fn numbers_listed(
        &self,
        listing: &Listing<'_>,
        field: Option<&str>,
    ) -> Result<Vec<u64>, IndexError> {
        let column = field.map(|name| self.reference(name)).transpose()?;
        let mut numbers: Vec<u64> = Vec::new();
        self.walk(listing, |open, block| {
            match column {
                None => numbers.extend(block.iter().map(|at| open.system.number(*at))),
                Some(name) => {
                    if let Some(column) = open.columns.number(name)? {
                        for document in block {
                            numbers.extend(column.values_for_doc(*document));
                        }
                    }
                }
            }
            if numbers.len() > listing.most.saturating_mul(2) {
                numbers.sort_unstable();
                numbers.dedup();
                too_many(numbers.len(), listing.most)?;
            }
            Ok(())
        })?;
        numbers.sort_unstable();
        numbers.dedup();
        too_many(numbers.len(), listing.most)?;
        Ok(numbers)
    }

    /// The records that match, ascending, each with its value of a key.
    pub fn keyed(&self, listing: &Listing<'_>, key: &GroupKey) -> Result<Keyed, IndexError> {
        let mut all = Keyed::default();
        let mut places = std::collections::HashMap::new();
        for (part, query) in self.queries(listing.predicate, listing.time, listing.deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for reader in searcher.segment_readers() {
                let (_, open) = self.open(reader)?;
                let mut ordinals = groups::KeyOrdinals::open(key, &self.layout, open)?;
                let mut rows: Vec<(u64, u32)> = Vec::new();
                collect::blocks(weight.as_ref(), reader, listing.deadline, |block| {
                    ordinals.each(block, |document, ordinal| {
                        rows.push((open.system.number(document), ordinal));
                    });
                    Ok(())
                })?;
                too_many(all.rows.len() + rows.len(), listing.most)?;
                let mut here: std::collections::HashMap<u32, u32> = Default::default();
                for (number, ordinal) in rows {
                    let place = match here.get(&ordinal) {
                        Some(place) => *place,
                        None => {
                            let place = match ordinals.value(ordinal)? {
                                None => 0,
                                Some(name) => {
                                    let names = &mut all.names;
                                    *places.entry(name.clone()).or_insert_with(|| {
                                        names.push(name);
                                        names.len() as u32
                                    })
                                }
                            };
                            here.insert(ordinal, place);
                            place
                        }
                    };
                    all.rows.push((number, place));
                }
            }
        }
        all.rows.sort_unstable();
        Ok(all)
    }

    /// The geometries of the records that match, as well-known binary.
    pub fn shapes(&self, listing: &Listing<'_>) -> Result<Vec<Vec<u8>>, IndexError> {
        let mut shapes: Vec<Vec<u8>> = Vec::new();
        for (part, query) in self.queries(listing.predicate, listing.time, listing.deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for segment in searcher.segment_readers() {
                let reader = Reader::new(&self.segments, segment.segment_id(), true)?;
                collect::blocks(weight.as_ref(), segment, listing.deadline, |block| {
                    for document in block {
                        let mut row = reader.row(*document);
                        if let Some(shape) = row.location() {
                            shapes.push(Shape::to_wkb(&shape));
                        }
                    }
                    Ok(())
                })?;
                too_many(shapes.len(), listing.most)?;
            }
        }
        Ok(shapes)
    }

    /// The column of a reference field.
    fn reference(&self, name: &str) -> Result<&str, IndexError> {
        let number: Option<FieldNumber> = self.layout.collection.number(name);
        let layout = number.map(|number| self.layout.field(number));
        let column = layout.and_then(|layout| layout.column.as_ref());
        match column.filter(|column| column.kind == ColumnKind::Entity) {
            Some(column) => Ok(&column.name),
            None => Err(IndexError::NotSearchable {
                field: name.to_string(),
                reason: "it is no reference".to_string(),
            }),
        }
    }

    fn walk(
        &self,
        listing: &Listing<'_>,
        mut each: impl FnMut(&OpenSegment, &[DocId]) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        for (part, query) in self.queries(listing.predicate, listing.time, listing.deadline)? {
            let searcher = self.searcher(part);
            let weight = collect::weight(searcher, &query, false)?;
            for reader in searcher.segment_readers() {
                let (_, open) = self.open(reader)?;
                let mut outcome = Ok(());
                collect::blocks(weight.as_ref(), reader, listing.deadline, |block| {
                    if outcome.is_ok() {
                        outcome = each(open, block);
                    }
                    Ok(())
                })?;
                outcome?;
            }
        }
        Ok(())
    }
}

fn too_many(rows: usize, most: usize) -> Result<(), IndexError> {
    if rows > most {
        return Err(IndexError::TooManyRows(most));
    }
    Ok(())
}

/// The conditions that indexes answer; what must be evaluated is taken to hold.
fn without_expressions(predicate: &Predicate) -> Predicate {
    let all = |several: &[Predicate]| several.iter().map(without_expressions).collect();
    match predicate {
        Predicate::Exact(_) => Predicate::All,
        Predicate::Narrowed { by, .. } => without_expressions(by),
        Predicate::And(several) => Predicate::And(all(several)),
        Predicate::Or(several) => Predicate::Or(all(several)),
        Predicate::Not(one) if has_expression(one) => Predicate::All,
        other => other.clone(),
    }
}

fn has_expression(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Exact(_) | Predicate::Narrowed { .. } => true,
        Predicate::And(several) | Predicate::Or(several) => several.iter().any(has_expression),
        Predicate::Not(one) => has_expression(one),
        _ => false,
    }
}
