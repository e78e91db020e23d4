//! One frozen state as a caller sees it.

use std::sync::Arc;

use record::{
    AsOf, CompactString, Comparison, EntityId, IdSet, Predicate, StatementKind, Transaction, Value,
};
use register::{
    Deadline, Group, GroupKey, Grouping, Keyed, Listing, Name, NameQuery, Page, Record, Search,
    SortKey, SourcedStatement, StoreError, TimeScope, View,
};

use super::{History, Seen, Sight, body, history, predicate, statements};
use crate::policy::Verb;

/// So many names are looked through for those of records that are seen.
const MOST_NAMES: usize = 600;
/// So many records are fetched at once, where all are asked for.
const BATCH: usize = 1_000;
/// So many records may be asked for at once.
const MOST_LISTED: usize = 100_000_000;
/// So many records may be here now, where what is seen of the past follows the present.
const MOST_HERE: usize = 5_000_000;

/// One frozen state as a caller sees it.
pub(super) struct SeenView {
    pub sight: Arc<Sight>,
    pub view: Arc<dyn View>,
    pub history: Arc<History>,
}

impl SeenView {
    fn seen(&self, collection: &str) -> Result<&Seen, StoreError> {
        let seen = self.sight.seen(collection);
        seen.ok_or_else(|| StoreError::UnknownCollection(collection.to_string()))
    }

    /// What is seen of a collection, where the caller may do one of these.
    fn for_one_of(&self, collection: &str, verbs: &[Verb]) -> Result<&Seen, StoreError> {
        let seen = self.seen(collection)?;
        if verbs.iter().any(|verb| seen.may(*verb)) {
            return Ok(seen);
        }
        let what = verbs.first().map_or("", |verb| verb.name());
        Err(StoreError::NotPermitted {
            collection: collection.to_string(),
            what: what.to_string(),
        })
    }

    /// The condition, with the rows that are seen at these times.
    fn condition(
        &self,
        seen: &Seen,
        condition: &Predicate,
        time: TimeScope,
    ) -> Result<Predicate, StoreError> {
        let asked = predicate::rewritten(seen, condition)?;
        if seen.rows.is_all() {
            return Ok(asked);
        }
        let mut all = asked.and(seen.rows.predicate().clone());
        if seen.rows.follows_the_present() && !matches!(time, TimeScope::Present(_)) {
            all = all.and(Predicate::Among {
                field: CompactString::default(),
                ids: self.here(seen)?,
            });
        }
        Ok(all)
    }

    /// The records that are seen today.
    fn here(&self, seen: &Seen) -> Result<IdSet, StoreError> {
        let listing = Listing {
            predicate: seen.rows.predicate(),
            time: self.now(),
            deadline: Deadline::NONE,
            most: MOST_HERE,
        };
        let numbers = self.view.numbers(&seen.whole.name, &listing, None)?;
        Ok(IdSet::new(numbers))
    }

    /// Today, as known now.
    fn now(&self) -> TimeScope {
        TimeScope::At(AsOf {
            valid: register::today(),
            known: self.view.transaction(),
        })
    }

    /// Whether a record, found by its key or its id, is seen at these times.
    fn admits(&self, seen: &Seen, record: &Record, time: TimeScope) -> Result<bool, StoreError> {
        if !seen.rows.admits(record.id, &record.body) {
            return Ok(false);
        }
        if !seen.rows.follows_the_present() || matches!(time, TimeScope::Present(_)) {
            return Ok(true);
        }
        let now = self.view.read(&seen.whole.name, record.id, self.now())?;
        Ok(now.is_some_and(|now| seen.rows.admits(now.id, &now.body)))
    }

    /// A record as it is seen: masked, and with the days and the knowledge of what is seen of it.
    fn shown(&self, seen: &Seen, record: Record, time: TimeScope) -> Result<Record, StoreError> {
        if seen.all_fields {
            return Ok(record);
        }
        let name = &seen.whole.name;
        let view = self.view.as_ref();
        let whole = if self.history.is_flat(view, name, register::today())? {
            None
        } else {
            let all = history::of(view, seen, record.id)?;
            history::whole_of(all, &record, history::known_by(time, view))
        };
        Ok(match whole {
            Some(whole) => Record {
                values: record.values,
                ..whole
            },
            None => Record {
                body: body::masked(seen, &record.body),
                ..record
            },
        })
    }

    /// The versions that are seen of a record.
    fn story(&self, seen: &Seen, id: EntityId) -> Result<Vec<Record>, StoreError> {
        let all = history::of(self.view.as_ref(), seen, id)?;
        match all.first() {
            Some(one) if seen.rows.follows_the_present() => {
                let is_here = self.admits(seen, one, TimeScope::All)?;
                Ok(if is_here { all } else { Vec::new() })
            }
            _ => Ok(all),
        }
    }

    /// A search through the sight: the order by score depends on how often words occur in records that
    /// are not seen, so that all that match score the same.
    fn found(&self, seen: &Seen, search: &Search<'_>) -> Result<Page, StoreError> {
        predicate::order(seen, search)?;
        let condition = self.condition(seen, search.predicate, search.time)?;
        let mut page = self.view.search(
            &seen.whole.name,
            &Search {
                predicate: &condition,
                ..search.clone()
            },
        )?;
        let records = std::mem::take(&mut page.records).into_iter();
        let shown = records.map(|record| self.shown(seen, record, search.time));
        page.records = shown.collect::<Result<_, _>>()?;
        Ok(page)
    }
}

impl SeenView {
    /// Every record that matches, by entity: the order in which the index has them tells of what is
    /// hidden.
    fn each_in_order(
        &self,
        seen: &Seen,
        predicate: &Predicate,
        time: TimeScope,
        each: &mut dyn FnMut(Record) -> bool,
    ) -> Result<(), StoreError> {
        let name = &seen.whole.name;
        let condition = self.condition(seen, predicate, time)?;
        let listing = Listing {
            predicate: &condition,
            time,
            deadline: Deadline::NONE,
            most: MOST_LISTED,
        };
        for batch in self.view.numbers(name, &listing, None)?.chunks(BATCH) {
            let among = Predicate::Among {
                field: CompactString::default(),
                ids: IdSet::new(batch.to_vec()),
            };
            let search = Search {
                predicate: &among.and(condition.clone()),
                time,
                sort: &[],
                after: None,
                limit: batch.len(),
                deadline: Deadline::NONE,
            };
            for record in self.view.search(name, &search)?.records {
                if !each(self.shown(seen, record, time)?) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Any way of seeing records one by one, or the numbers behind them.
const SEEING: [Verb; 2] = [Verb::Read, Verb::Lookup];
/// Any way of asking about records.
const ASKING: [Verb; 3] = [Verb::Read, Verb::Aggregate, Verb::Lookup];

impl View for SeenView {
    fn transaction(&self) -> Transaction {
        self.view.transaction()
    }

    fn search(&self, collection: &str, search: &Search) -> Result<Page, StoreError> {
        let verbs: &[Verb] = if search.limit == 0 {
            &ASKING
        } else {
            &[Verb::Read]
        };
        let seen = self.for_one_of(collection, verbs)?;
        if seen.is_whole() {
            return self.view.search(collection, search);
        }
        let scores = |sort: &register::Sort| sort.key == SortKey::Score;
        if !search.sort.iter().any(scores) {
            return self.found(seen, search);
        }
        let sort: Vec<_> = search
            .sort
            .iter()
            .filter(|one| !scores(one))
            .cloned()
            .collect();
        let place = search.sort.iter().position(scores).unwrap_or_default();
        let after = search.after.map(|after| {
            let mut after = after.clone();
            if place < after.values.len() {
                after.values.remove(place);
            }
            after
        });
        let mut page = self.found(
            seen,
            &Search {
                sort: &sort,
                after: after.as_ref(),
                ..search.clone()
            },
        )?;
        let score = index::search::even_score();
        for record in &mut page.records {
            record
                .values
                .insert(place.min(record.values.len()), score.clone());
        }
        if let Some(next) = &mut page.next {
            next.values.insert(place.min(next.values.len()), score);
        }
        Ok(page)
    }

    fn each(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        each: &mut dyn FnMut(Record) -> bool,
    ) -> Result<(), StoreError> {
        let seen = self.for_one_of(collection, &[Verb::Export])?;
        // Of those who see all as well, so that an answer that is given again has the same order.
        self.each_in_order(seen, predicate, time, each)
    }

    fn count(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        let seen = self.for_one_of(collection, &ASKING)?;
        let condition = self.condition(seen, predicate, time)?;
        self.view.count(collection, &condition, time, deadline)
    }

    fn group(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        deadline: Deadline,
    ) -> Result<Vec<Group>, StoreError> {
        let seen = self.for_one_of(collection, &[Verb::Aggregate])?;
        predicate::grouping(seen, grouping)?;
        let condition = self.condition(seen, predicate, time)?;
        let mut groups = self
            .view
            .group(collection, &condition, time, grouping, deadline)?;
        suppress(&mut groups, seen.least);
        Ok(groups)
    }

    fn names(
        &self,
        collection: &str,
        field: &str,
        asked: &NameQuery,
        time: TimeScope,
        limit: usize,
    ) -> Result<Vec<Name>, StoreError> {
        let seen = self.for_one_of(collection, &[Verb::Read])?;
        if seen.is_whole() {
            return self.view.names(collection, field, asked, time, limit);
        }
        predicate::field(seen, field)?;
        // Names are listed whoever bears them: each is looked for among the records seen.
        let listed = self
            .view
            .names(collection, field, asked, time, limit.max(MOST_NAMES))?;
        let mut names = Vec::new();
        for name in listed {
            let equal = Predicate::Compare {
                field: field.into(),
                comparison: Comparison::Equal,
                value: Value::Text(name.text.clone()),
            };
            let condition = self.condition(seen, &equal, time)?;
            let documents = self
                .view
                .count(collection, &condition, time, Deadline::NONE)?;
            if documents > 0 {
                names.push(Name {
                    text: name.text,
                    documents,
                });
            }
        }
        names.sort_by(|one, other| {
            let by_count = other.documents.cmp(&one.documents);
            by_count.then_with(|| one.text.cmp(&other.text))
        });
        names.truncate(limit);
        Ok(names)
    }

    fn estimate(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        deadline: Deadline,
    ) -> Result<u64, StoreError> {
        let seen = self.for_one_of(collection, &ASKING)?;
        if seen.is_whole() {
            return self.view.estimate(collection, predicate, time, deadline);
        }
        // An estimate is told where a query is explained, and rests on what is not seen.
        let condition = self.condition(seen, predicate, time)?;
        self.view.count(collection, &condition, time, deadline)
    }

    fn numbers(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        field: Option<&str>,
    ) -> Result<Vec<u64>, StoreError> {
        let seen = self.for_one_of(collection, &ASKING)?;
        if let Some(field) = field {
            predicate::field(seen, field)?;
        }
        let condition = self.condition(seen, listing.predicate, listing.time)?;
        let listing = Listing {
            predicate: &condition,
            ..*listing
        };
        self.view.numbers(collection, &listing, field)
    }

    fn keyed(
        &self,
        collection: &str,
        listing: &Listing<'_>,
        key: &GroupKey,
    ) -> Result<Keyed, StoreError> {
        let seen = self.for_one_of(collection, &ASKING)?;
        predicate::group_key(seen, key)?;
        let condition = self.condition(seen, listing.predicate, listing.time)?;
        let listing = Listing {
            predicate: &condition,
            ..*listing
        };
        self.view.keyed(collection, &listing, key)
    }

    fn shapes(&self, collection: &str, listing: &Listing<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
        let seen = self.for_one_of(collection, &ASKING)?;
        if let Some(number) = seen.whole.location {
            predicate::field(seen, &seen.whole.at(number).name)?;
        }
        let condition = self.condition(seen, listing.predicate, listing.time)?;
        let listing = Listing {
            predicate: &condition,
            ..*listing
        };
        self.view.shapes(collection, &listing)
    }

    fn read(
        &self,
        collection: &str,
        id: EntityId,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let seen = self.for_one_of(collection, &SEEING)?;
        match self.view.read(collection, id, time)? {
            Some(record) if self.admits(seen, &record, time)? => {
                self.shown(seen, record, time).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn successor(
        &self,
        collection: &str,
        id: EntityId,
        known: Transaction,
    ) -> Result<Option<EntityId>, StoreError> {
        let seen = self.seen(collection)?;
        match self.view.successor(collection, id, known)? {
            Some(other) if !self.story(seen, other)?.is_empty() => Ok(Some(other)),
            _ => Ok(None),
        }
    }

    fn lookup(
        &self,
        collection: &str,
        key: &[Value],
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let seen = self.seen(collection)?;
        let is_open = seen
            .whole
            .key
            .iter()
            .all(|number| seen.is_open(&seen.whole.at(*number).name));
        if !(seen.may(Verb::Lookup) || is_open && seen.may(Verb::Read)) {
            return Err(StoreError::NotPermitted {
                collection: collection.to_string(),
                what: Verb::Lookup.name().to_string(),
            });
        }
        match self.view.lookup(collection, key, time)? {
            Some(record) if self.admits(seen, &record, time)? => {
                self.shown(seen, record, time).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn versions(&self, collection: &str, id: EntityId) -> Result<Vec<Record>, StoreError> {
        let seen = self.seen(collection)?;
        self.story(seen, id)
    }

    fn version(&self, collection: &str, id: EntityId) -> Result<Option<Transaction>, StoreError> {
        let seen = self.seen(collection)?;
        if seen.is_whole() {
            return self.view.version(collection, id);
        }
        let all = self.story(seen, id)?;
        if (seen.all_fields || seen.may(Verb::Write)) && !all.is_empty() {
            // What a write is compared with is that of the whole record.
            return self.view.version(collection, id);
        }
        let ends = all.iter().flat_map(|one| [one.known.0, one.known.1]);
        Ok(ends.filter(|one| *one < Transaction::MAX).max())
    }

    fn bounds(&self, collection: &str) -> Result<Option<[f64; 4]>, StoreError> {
        let seen = self.seen(collection)?;
        if seen.is_whole() {
            return self.view.bounds(collection);
        }
        // It is around all that ever was, seen or not.
        Ok(None)
    }

    fn statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError> {
        let seen = self.for_one_of(collection, &[Verb::History])?;
        if seen.is_whole() {
            return self.view.statements(collection, id);
        }
        let visible = self.story(seen, id)?;
        if visible.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.view.statements(collection, id)?;
        let named = |one: &SourcedStatement| match &one.statement.kind {
            StatementKind::Merge { into } => Some(*into),
            StatementKind::Split { to, .. } => Some(*to),
            _ => None,
        };
        let mut others = Vec::new();
        for other in all.iter().filter_map(named) {
            if !self.story(seen, other)?.is_empty() {
                others.push(other);
            }
        }
        let sees = |other: EntityId| others.contains(&other);
        Ok(statements::seen_of(seen, all, &visible, &sees))
    }
}

/// Leaves out groups of few records. Where these are few together, so that what is missing from a total
/// would tell of them, the smallest of the others goes with them.
fn suppress(groups: &mut Vec<Group>, least: u64) {
    if least < 2 {
        return;
    }
    let few: Vec<u64> = groups
        .iter()
        .map(|group| group.count)
        .filter(|n| *n < least)
        .collect();
    groups.retain(|group| group.count >= least);
    if few.is_empty() || (few.len() > 1 && few.iter().sum::<u64>() >= least) {
        return;
    }
    let smallest = groups
        .iter()
        .enumerate()
        .min_by_key(|(_, group)| group.count);
    if let Some((place, _)) = smallest {
        groups.remove(place);
    }
}
