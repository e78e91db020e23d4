//! Counts, with their margins; small numbers withheld in all tables of a collection together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use record::{Day, Predicate};
use register::{Deadline, GroupKey, Grouping, StoreError, TimeScope, View};
use schema::{OpenForm, OpenKey, OpenResource};
use serde::{Deserialize, Serialize};

use super::suppress::{Cells, Line, withheld};

/// The most groups of a table.
const MOST_GROUPS: usize = 100_000;

/// A table of counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// By what is counted.
    pub keys: Vec<String>,
    /// Its cells: the parts, then the margins.
    pub rows: Vec<Row>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// A value for each key: `_T` for all of them, `_U` for records that have none.
    pub key: Vec<String>,
    /// How many; none where it is withheld.
    pub count: Option<u64>,
}

/// All values of a key, as SDMX writes it.
pub const TOTAL: &str = "_T";
/// Records without a value of a key, as SDMX writes it.
pub const UNKNOWN: &str = "_U";

/// A cell's place: the value of each key that it is about.
type Place = BTreeMap<String, String>;

/// A resource's name, the names of its keys, and how many there are in each place.
type Counted<'a> = (&'a str, Vec<String>, Vec<(Place, u64)>);

/// All tables of a collection that are counts; `None` where it holds nothing.
pub(super) fn tables(
    view: &dyn View,
    resources: &[&OpenResource],
    threshold: u64,
    day: Day,
    deadline: Deadline,
) -> Result<Option<BTreeMap<String, Table>>, StoreError> {
    let mut counted: Vec<Counted> = Vec::new();
    for resource in resources {
        let OpenForm::Counts { by, .. } = &resource.form else {
            continue;
        };
        let groups = groups(view, &resource.collection, by, day, deadline)?;
        let keys = by.iter().map(OpenKey::name).collect();
        counted.push((&resource.name, keys, groups));
    }
    let is_empty = |groups: &[(Place, u64)]| groups.iter().all(|(_, count)| *count == 0);
    if counted.iter().all(|(_, _, groups)| is_empty(groups)) {
        return Ok(None);
    }
    let mut all = All::default();
    for (_, keys, groups) in &counted {
        all.add(keys, groups)?;
    }
    let hidden = withheld(&all.cells, threshold);
    let tables = counted.iter().map(|(name, keys, _)| {
        let rows = all.rows(keys, &hidden);
        let keys = keys.clone();
        (name.to_string(), Table { keys, rows })
    });
    Ok(Some(tables.collect()))
}

fn groups(
    view: &dyn View,
    collection: &str,
    by: &[OpenKey],
    day: Day,
    deadline: Deadline,
) -> Result<Vec<(Place, u64)>, StoreError> {
    let key = |key: &OpenKey| match key {
        OpenKey::Code(field) => GroupKey::Field(field.clone()),
        OpenKey::Division { digits, .. } => GroupKey::Division {
            field: Default::default(),
            digits: *digits,
        },
        OpenKey::Age { years, field } => GroupKey::Age {
            field: field.clone(),
            years: *years,
            day,
        },
    };
    let grouping = Grouping {
        keys: by.iter().map(key).collect(),
        measures: Vec::new(),
        limit: MOST_GROUPS,
    };
    let scope = TimeScope::Present(day);
    let groups = view.group(collection, &Predicate::All, scope, &grouping, deadline)?;
    let place = |values: &[Option<record::CompactString>]| -> Place {
        let text = |value: &Option<record::CompactString>| match value {
            Some(value) => value.to_string(),
            None => UNKNOWN.to_string(),
        };
        by.iter()
            .map(OpenKey::name)
            .zip(values.iter().map(text))
            .collect()
    };
    Ok(groups
        .iter()
        .map(|group| (place(&group.key), group.count))
        .collect())
}

/// The cells of all tables, each once, and the lines between them.
#[derive(Default)]
struct All {
    cells: Cells,
    by_place: HashMap<Place, usize>,
    places: Vec<Place>,
}

impl All {
    /// Adds a table: its parts, its margins, and the lines that add the former up to the latter.
    fn add(&mut self, keys: &[String], groups: &[(Place, u64)]) -> Result<(), StoreError> {
        let mut sums: BTreeMap<Place, u64> = BTreeMap::new();
        // Every way to leave keys out: of two, the one, the other, both.
        let kept = (0..(1usize << keys.len()) - 1).map(|chosen| {
            let names = keys.iter().enumerate();
            let names = names.filter(move |(place, _)| chosen & (1 << place) != 0);
            names.map(|(_, name)| name).collect::<Vec<_>>()
        });
        let kept: Vec<Vec<&String>> = kept.collect();
        for (place, count) in groups {
            self.cell(place.clone(), *count, 0)?;
            for names in &kept {
                let margin: Place = names
                    .iter()
                    .map(|name| ((*name).clone(), place[*name].clone()))
                    .collect();
                *sums.entry(margin).or_default() += count;
            }
        }
        // Each margin is the sum of what has one key more, along each key that it lacks.
        let mut cells: Vec<(Place, u64)> = groups.to_vec();
        for (margin, sum) in &sums {
            let rank = u8::try_from(2usize.saturating_sub(margin.len())).unwrap_or(0);
            self.cell(margin.clone(), *sum, rank)?;
            cells.push((margin.clone(), *sum));
        }
        for margin in sums.keys() {
            for key in keys.iter().filter(|key| !margin.contains_key(*key)) {
                let is_part = |place: &Place| {
                    place.len() == margin.len() + 1
                        && place.contains_key(key)
                        && margin
                            .iter()
                            .all(|(name, value)| place.get(name) == Some(value))
                };
                let parts = cells.iter().filter(|(place, _)| is_part(place));
                let parts: BTreeSet<usize> = parts.map(|(place, _)| self.by_place[place]).collect();
                let mut line: Line = vec![self.by_place[margin]];
                line.extend(parts);
                if !self.cells.lines.contains(&line) {
                    self.cells.lines.push(line);
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, place: Place, value: u64, rank: u8) -> Result<(), StoreError> {
        match self.by_place.get(&place) {
            Some(known) if self.cells.values[*known] == value => {
                let rank = rank.max(self.cells.ranks[*known]);
                self.cells.ranks[*known] = rank;
            }
            Some(_) => {
                let reason = "two tables of one state count differently".to_string();
                return Err(StoreError::Damaged(reason));
            }
            None => {
                self.by_place.insert(place.clone(), self.places.len());
                self.places.push(place);
                self.cells.values.push(value);
                self.cells.ranks.push(rank);
            }
        }
        Ok(())
    }

    /// The cells of a table, parts first.
    fn rows(&self, keys: &[String], hidden: &BTreeSet<usize>) -> Vec<Row> {
        let own = self.places.iter().enumerate();
        let own = own.filter(|(_, place)| place.keys().all(|key| keys.contains(key)));
        let mut rows: Vec<(usize, Row)> = own
            .map(|(cell, place)| {
                let value = |key: &String| place.get(key).map_or(TOTAL, String::as_str);
                let row = Row {
                    key: keys.iter().map(|key| value(key).to_string()).collect(),
                    count: (!hidden.contains(&cell)).then_some(self.cells.values[cell]),
                };
                (keys.len() - place.len(), row)
            })
            .collect();
        rows.sort_by(|(one, left), (other, right)| {
            one.cmp(other).then_with(|| left.key.cmp(&right.key))
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests;
