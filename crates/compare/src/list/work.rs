//! How a comparison is answered, step by step. Each step can be taken again after a stop: it is asked of
//! the same state, and gives the same.

use std::collections::HashSet;
use std::time::Duration;

use query::{Context, Limits, Times};
use record::{IdSet, Predicate};
use register::{Deadline, Listing, Store};
use schema::Collection;
use serde_json::Value as Json;

use super::agreement::{AsOfText, Asked, Column};
use super::areas;
use super::classes;
use super::error::ListError;
use super::job::{Comparison, Totals, Word};
use super::shelf::Shelf;
use crate::find;

/// How many keys are answered before their answers are on the disk.
const BATCH: usize = 1000;
/// How long one question may take: nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(3600);

/// What has been asked before in a period, by the same owner, of the same collection.
pub(super) struct Before {
    /// The lists' names.
    pub lists: Vec<String>,
    /// The questions, each once.
    pub columns: Vec<Column>,
}

/// What a comparison is answered in.
pub(super) struct Work<'a> {
    pub context: Context<'a>,
    pub collection: &'a Collection,
    pub times: Times,
    pub shelf: &'a Shelf,
    pub comparison: &'a Comparison,
}

/// The state in which comparisons are answered.
pub(super) fn context(store: &dyn Store) -> Context<'_> {
    let limits = Limits {
        time: PATIENCE,
        ..Limits::default()
    };
    Context {
        deadline: Deadline::NONE,
        ..Context::new(store, limits)
    }
}

impl<'a> Work<'a> {
    pub fn new(
        context: Context<'a>,
        shelf: &'a Shelf,
        comparison: &'a Comparison,
    ) -> Result<Work<'a>, ListError> {
        let collection = context.collection(&comparison.agreement.collection)?;
        let AsOfText { valid_at, known_at } = &comparison.at;
        let times = context.times(Some(valid_at), known_at.as_deref())?;
        Ok(Work {
            context,
            collection,
            times,
            shelf,
            comparison,
        })
    }

    /// The records of some keys that the agreement covers, by number; `None` where there is none.
    pub fn numbers(&self, keys: &[Json]) -> Result<Vec<Option<u64>>, ListError> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let one = find::find(&self.context, self.collection, key, self.times)?;
            found.push(one.map(|(record, _)| record.id.number()));
        }
        let rows = self.comparison.agreement.rows();
        if rows != Predicate::All {
            let covered = self.meeting(&found, &rows)?;
            for number in &mut found {
                *number = number.filter(|number| covered.contains(number));
            }
        }
        Ok(found)
    }

    /// Which of some records meet a predicate.
    fn meeting(
        &self,
        numbers: &[Option<u64>],
        predicate: &Predicate,
    ) -> Result<HashSet<u64>, ListError> {
        let ids = IdSet::new(numbers.iter().flatten().copied().collect());
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let field = "".into();
        let most = ids.len();
        let predicate = Predicate::Among { field, ids }.and(predicate.clone());
        let listing = Listing {
            predicate: &predicate,
            time: self.times.scope,
            deadline: self.context.deadline,
            most,
        };
        let name = &self.collection.name;
        let listed = self.context.view.numbers(name, &listing, None);
        let listed = listed.map_err(|error| self.context.error(error))?;
        Ok(listed.into_iter().collect())
    }

    /// The questions as the store is asked.
    pub fn asked(&self, columns: &[Column]) -> Result<Vec<Asked>, ListError> {
        let each = columns.iter();
        let each =
            each.map(|one| one.asked(&self.context, &self.collection.name, &self.comparison.at));
        Ok(each.collect::<Result<_, _>>()?)
    }

    /// Refuses a list or questions that single somebody out. `marks` are the list's.
    pub fn admit(
        &self,
        marks: &[u64],
        asked: &[Asked],
        before: &Before,
        minimum: usize,
    ) -> Result<(), ListError> {
        let lists = before.lists.iter().map(|id| self.shelf.marks(id));
        let lists: Vec<Vec<u64>> = lists.collect::<Result<_, _>>()?;
        classes::check(&lists, marks, minimum).map_err(|_| ListError::SinglesOut { minimum })?;
        let earlier = self.asked(&before.columns)?;
        let new: Vec<areas::Named<'_>> = pairs(&self.comparison.columns, asked);
        let earlier: Vec<areas::Named<'_>> = pairs(&before.columns, &earlier);
        let name = &self.collection.name;
        let checked = areas::check(&self.context, name, &new, &earlier, minimum)?;
        checked.map_err(|columns| ListError::Narrow { columns, minimum })
    }

    /// The marks of records: ascending, each once.
    pub fn marks(&self, numbers: &[Option<u64>]) -> Vec<u64> {
        let name = &self.collection.name;
        let each = numbers.iter().flatten();
        let mut marks: Vec<u64> = each.map(|number| self.shelf.mark(name, *number)).collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// Answers the rows that are not answered yet, a batch at a time, until `stops` says so: then the
    /// answer is `false`.
    pub fn answer(
        &self,
        numbers: &[Option<u64>],
        asked: &[Asked],
        mut each: impl FnMut(usize),
        stops: impl Fn() -> bool,
    ) -> Result<bool, ListError> {
        let id = &self.comparison.id;
        let columns = asked.len();
        let mut row = self.shelf.answered(id, columns)?;
        while row < numbers.len() {
            if stops() {
                return Ok(false);
            }
            let batch = &numbers[row..numbers.len().min(row + BATCH)];
            let words = self.words(batch, asked)?;
            self.shelf.append(id, columns, &words)?;
            row += batch.len();
            each(row);
        }
        Ok(true)
    }

    /// The answers of some rows, row by row.
    fn words(&self, numbers: &[Option<u64>], asked: &[Asked]) -> Result<Vec<Word>, ListError> {
        let mut found = Vec::with_capacity(asked.len());
        for one in asked {
            found.push((
                self.meeting(numbers, &one.yes)?,
                self.meeting(numbers, &one.no)?,
            ));
        }
        let word = |number: &Option<u64>, (yes, no): &(HashSet<u64>, HashSet<u64>)| match number {
            Some(number) if yes.contains(number) => Word::Yes,
            Some(number) if no.contains(number) => Word::No,
            _ => Word::Unknown,
        };
        let rows = numbers.iter();
        let words = rows.flat_map(|number| found.iter().map(move |sets| word(number, sets)));
        Ok(words.collect())
    }
}

fn pairs<'a>(columns: &'a [Column], asked: &'a [Asked]) -> Vec<areas::Named<'a>> {
    let names = columns.iter().map(|column| column.name.as_str());
    names.zip(asked).collect()
}

/// How often each column was answered how.
pub(super) fn totals(words: &[Word], columns: usize) -> Vec<Totals> {
    let mut totals = vec![Totals::default(); columns];
    for row in words.chunks_exact(columns.max(1)) {
        for (total, word) in totals.iter_mut().zip(row) {
            match word {
                Word::Yes => total.yes += 1,
                Word::No => total.no += 1,
                Word::Unknown => total.unknown += 1,
            }
        }
    }
    totals
}
