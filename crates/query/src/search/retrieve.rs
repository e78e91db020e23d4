//! The ways in which one collection is searched.
//!
//! Each way is a predicate, or names that the view lists and a predicate over them, so that the times
//! of a read count in all of them. The ways that cost more are tried only where others found little.

use std::collections::BTreeSet;

use record::{CompactString, Comparison, EntityId, Predicate, Value};
use register::{Direction, NameQuery, Record, Search, Sort, SortKey};
use schema::{Collection, Field, FieldType, Sensitivity};
use text::matching::{Wanted, fewest_in_any_order};
use text::name::Form;
use text::sound::Pattern;

use super::{Sought, spelling};
use crate::QueryError;
use crate::plan::Context;
use crate::times::Times;

/// So many names are taken from the view for one pattern.
const MOST_NAMES: usize = 60;
/// Where no more than this was found, slips are looked for.
const FEW: usize = 5;
/// Divisions of one name that are looked into.
const MOST_DIVISIONS: usize = 6;

/// What was found in a collection.
pub(super) struct Found {
    /// The records, each once, in the order in which they were found.
    pub candidates: Vec<Candidate>,
    /// How many match in one of the ways.
    pub total: u64,
}

/// A record that may be what is sought.
pub(super) struct Candidate {
    pub record: Record,
    /// It lies in the division that the query names before what is sought.
    pub in_division: bool,
}

/// A query, ready to be asked of any collection.
pub(super) struct Ask<'a> {
    context: &'a Context<'a>,
    pub wanted: &'a Wanted,
    times: Times,
    /// How many records are fetched for each way.
    page: usize,
    /// A division named at the beginning, and what is sought in it.
    pub inside: Option<Inside>,
}

/// What is sought inside a division.
pub(super) struct Inside {
    codes: Vec<CompactString>,
    pub rest: Wanted,
}

/// What has been found so far.
#[derive(Default)]
struct Collected {
    candidates: Vec<Candidate>,
    seen: BTreeSet<EntityId>,
    /// The ways that found anything, and how much.
    ways: Vec<(Predicate, u64)>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        wanted: &'a Wanted,
        sought: &Sought<'_>,
    ) -> Result<Ask<'a>, QueryError> {
        let mut ask = Ask {
            context,
            wanted,
            times: sought.times,
            page: (2 * sought.limit).clamp(20, 200),
            inside: None,
        };
        ask.inside = ask.inside()?;
        Ok(ask)
    }

    /// Searches a collection in every way that fits the query.
    pub(super) fn retrieve(&self, collection: &Collection) -> Result<Found, QueryError> {
        let mut collected = Collected::default();
        let names = fields(collection, is_name);
        let addresses = fields(collection, |field| field.name_of == Some(Form::Address));
        if let Some(predicate) = self.by_code(collection) {
            self.collect(collection, predicate, false, &mut collected)?;
        }
        if !names.is_empty() {
            self.by_names(collection, &names, &mut collected)?;
        }
        // A name of a division may be short: 海淀复兴路27号.
        for dropped in [0, 2, 3] {
            let found = collected.candidates.len();
            if !addresses.is_empty()
                && let Some(predicate) = self.by_address(&addresses, dropped)
            {
                self.collect(collection, predicate, false, &mut collected)?;
            }
            if collected.candidates.len() > found {
                break;
            }
        }
        if let Some(inside) = &self.inside
            && collection.division.is_some()
            && !names.is_empty()
        {
            let within = inside.codes.iter().map(|code| Predicate::WithinDivision {
                field: CompactString::default(),
                code: code.clone(),
            });
            let predicate =
                text_in(&names, inside.rest.text()).and(Predicate::Or(within.collect()));
            self.collect(collection, predicate, true, &mut collected)?;
        }
        if collected.candidates.len() < self.page {
            // Words of several fields, and fields that are no names.
            let predicate = text_in(&[], self.wanted.text());
            self.collect(collection, predicate, false, &mut collected)?;
        }
        // Who finds one 王小明 may have meant 王晓明.
        if collected.candidates.len() < FEW {
            self.by_slip(collection, &mut collected)?;
        }
        let total = self.total(collection, &collected.ways)?;
        Ok(Found {
            candidates: collected.candidates,
            total,
        })
    }

    /// Names that hold it, are called so, are read so, or have its characters.
    fn by_names(
        &self,
        collection: &Collection,
        names: &[&Field],
        collected: &mut Collected,
    ) -> Result<(), QueryError> {
        let wanted = self.wanted;
        self.collect(collection, text_in(names, wanted.text()), false, collected)?;
        let core = wanted.core();
        let has_core = names
            .iter()
            .any(|field| field.name_of != Some(Form::Person));
        if has_core && core != wanted.characters().iter().collect::<String>() {
            self.collect(collection, text_in(names, &core), false, collected)?;
        }
        if !wanted.patterns().is_empty() {
            for field in names {
                // Whole names first: of those that only begin so there may be very many.
                for whole in [true, false] {
                    for pattern in wanted.patterns() {
                        let asked = NameQuery::Fits(Pattern {
                            whole,
                            ..pattern.clone()
                        });
                        self.by_listed(collection, field, &asked, collected)?;
                    }
                    if collected.candidates.len() >= self.page {
                        break;
                    }
                }
            }
        }
        let few = collected.candidates.len() < self.page;
        let characters = wanted.characters();
        let has_han = characters.iter().any(|c| !c.is_ascii());
        let fewest = names.iter().filter_map(|field| field.name_of);
        let fewest = fewest.map(fewest_in_any_order).min().unwrap_or(2);
        if few && has_han && (fewest..=8).contains(&characters.len()) {
            let each = characters.iter().collect::<BTreeSet<_>>();
            let all = each.into_iter().map(|c| text_in(names, &c.to_string()));
            self.collect(collection, Predicate::And(all.collect()), false, collected)?;
        }
        if collected.candidates.is_empty()
            && let Some(pattern) = Pattern::of_characters(characters)
        {
            // Signs between: 买买提艾力 is 买买提·艾力.
            for field in names {
                let asked = NameQuery::Fits(pattern.clone());
                self.by_listed(collection, field, &asked, collected)?;
            }
        }
        Ok(())
    }

    /// Records whose name is one of those that the view lists.
    fn by_listed(
        &self,
        collection: &Collection,
        field: &Field,
        asked: &NameQuery,
        collected: &mut Collected,
    ) -> Result<(), QueryError> {
        let listed = self.context.view.names(
            &collection.name,
            &field.name,
            asked,
            self.times.scope,
            MOST_NAMES,
        );
        let listed = listed.map_err(|error| self.context.error(error))?;
        if listed.is_empty() {
            return Ok(());
        }
        let values = listed.into_iter().map(|name| Value::Text(name.text));
        self.collect(
            collection,
            one_of(field, values.collect()),
            false,
            collected,
        )
    }

    /// Names that are nearly it.
    fn by_slip(
        &self,
        collection: &Collection,
        collected: &mut Collected,
    ) -> Result<(), QueryError> {
        let names = spelling::near(self.context, self.wanted, collection, self.times)?;
        for (field, near) in names {
            let values = near.into_iter().map(|near| Value::Text(near.text));
            let predicate = one_of(field, values.collect());
            self.collect(collection, predicate, false, collected)?;
        }
        Ok(())
    }

    /// The record of a code: digits and letters of a natural key that identifies no person.
    fn by_code(&self, collection: &Collection) -> Option<Predicate> {
        let text = self.wanted.text().to_ascii_uppercase();
        let is_code = (2..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_code {
            return None;
        }
        let is_open =
            |field: &&Field| field.search.exact && field.sensitivity <= Sensitivity::Internal;
        let mut any = Vec::new();
        for field in collection.fields.iter().filter(is_open) {
            let is_key = collection.key.contains(&field.number);
            match field.kind {
                FieldType::Division if is_key => {
                    let digits = text.bytes().all(|b| b.is_ascii_digit());
                    if digits && matches!(text.len(), 2 | 4 | 6 | 9 | 12) {
                        any.push(equal(field, &format!("{text:0<12}")));
                    }
                }
                FieldType::Text if !is_name(field) && field.name_of.is_none() => {
                    any.push(equal(field, &text));
                    let written = self.wanted.text();
                    if written != text {
                        any.push(equal(field, written));
                    }
                }
                _ => {}
            }
        }
        (!any.is_empty()).then_some(Predicate::Or(any))
    }

    /// Addresses with its road and its numbers, however they are written; without so many characters
    /// before the road.
    fn by_address(&self, addresses: &[&Field], dropped: usize) -> Option<Predicate> {
        let address = self.wanted.address();
        let divisions = text::name::leading_divisions(&address.text);
        if address.parts.is_empty() && divisions == 0 {
            return None;
        }
        let mut all = Vec::new();
        let after = &address.text[divisions..];
        let after = match after.char_indices().nth(dropped) {
            Some((at, _)) if dropped > 0 && after[at..].chars().count() >= 2 => &after[at..],
            _ if dropped > 0 => return None,
            _ => after,
        };
        if after.chars().any(text::name::counts) {
            all.push(text_in(addresses, after));
        }
        for part in &address.parts {
            let spellings = part.spellings();
            let any = spellings.iter().map(|text| text_in(addresses, text));
            all.push(Predicate::Or(any.collect()));
        }
        // A number alone, or a division alone, is no address.
        (all.len() >= 2 || !after.is_empty() && !all.is_empty()).then_some(Predicate::And(all))
    }

    /// The divisions of the name that the query begins with, and what comes after it.
    fn inside(&self) -> Result<Option<Inside>, QueryError> {
        let text = self.wanted.text();
        let length = text::name::leading_divisions(text);
        let (divisions, rest) = text.split_at(length);
        let rest = rest.trim();
        if length == 0 || rest.chars().filter(|c| text::name::counts(*c)).count() < 2 {
            return Ok(None);
        }
        // 北京市海淀区: the last of them.
        let catalog = self.context.store.catalog();
        let (Some(last), Some(collection)) = (
            text::name::divisions(divisions).last(),
            catalog.collection("division"),
        ) else {
            return Ok(None);
        };
        let names = fields(collection, is_name);
        let mut codes = Vec::new();
        for record in self.page(collection, &text_in(&names, last))?.0 {
            let body = crate::body::Body::parse(&record.body)?;
            let value = |name: &str| {
                let value = body.get(name).map(crate::body::texts).unwrap_or_default();
                value.into_iter().next().unwrap_or_default()
            };
            let own = text::normal::search(&value("name")).into_owned();
            let is_it = own == last
                || own
                    .strip_prefix(last)
                    .is_some_and(|end| end.chars().count() == 1);
            if is_it && codes.len() < MOST_DIVISIONS {
                codes.push(value("code").into());
            }
        }
        Ok((!codes.is_empty()).then(|| Inside {
            codes,
            rest: Wanted::new(rest),
        }))
    }

    fn collect(
        &self,
        collection: &Collection,
        predicate: Predicate,
        in_division: bool,
        collected: &mut Collected,
    ) -> Result<(), QueryError> {
        if collected.ways.iter().any(|(known, _)| *known == predicate) {
            return Ok(());
        }
        let (records, total) = self.page(collection, &predicate)?;
        if total == 0 {
            return Ok(());
        }
        collected.ways.push((predicate, total));
        for record in records {
            if collected.seen.insert(record.id) {
                collected.candidates.push(Candidate {
                    record,
                    in_division,
                });
            } else if in_division
                && let Some(known) = collected
                    .candidates
                    .iter_mut()
                    .find(|known| known.record.id == record.id)
            {
                known.in_division = true;
            }
        }
        Ok(())
    }

    /// The best records, and how many match.
    fn page(
        &self,
        collection: &Collection,
        predicate: &Predicate,
    ) -> Result<(Vec<Record>, u64), QueryError> {
        let sort = [Sort {
            key: SortKey::Score,
            direction: Direction::Descending,
        }];
        let search = Search {
            predicate,
            time: self.times.scope,
            sort: &sort,
            after: None,
            limit: self.page,
            deadline: self.context.deadline,
        };
        let page = self.context.view.search(&collection.name, &search);
        let page = page.map_err(|error| self.context.error(error))?;
        Ok((page.records, page.total))
    }

    /// How many records match in one of the ways.
    fn total(&self, collection: &Collection, ways: &[(Predicate, u64)]) -> Result<u64, QueryError> {
        match ways {
            [] => Ok(0),
            [(_, total)] => Ok(*total),
            several => {
                let any = several.iter().map(|(predicate, _)| predicate.clone());
                let count = self.context.view.count(
                    &collection.name,
                    &Predicate::Or(any.collect()),
                    self.times.scope,
                    self.context.deadline,
                );
                count.map_err(|error| self.context.error(error))
            }
        }
    }
}

/// Whether a field holds names that are listed by sound.
pub(super) fn is_name(field: &Field) -> bool {
    field.name_of.is_some_and(|form| form != Form::Address)
}

/// The fields of a collection that may be searched in a URL.
pub(super) fn fields(collection: &Collection, is_wanted: impl Fn(&Field) -> bool) -> Vec<&Field> {
    let open = |field: &&Field| field.sensitivity < Sensitivity::Restricted && is_wanted(field);
    collection.fields.iter().filter(open).collect()
}

fn text_in(fields: &[&Field], query: &str) -> Predicate {
    Predicate::Text {
        fields: fields.iter().map(|field| field.name.clone()).collect(),
        query: query.into(),
    }
}

fn equal(field: &Field, text: &str) -> Predicate {
    Predicate::Compare {
        field: field.name.clone(),
        comparison: Comparison::Equal,
        value: Value::text(text),
    }
}

/// Records whose name is one of these.
pub(super) fn one_of(field: &Field, values: Vec<Value>) -> Predicate {
    Predicate::In {
        field: field.name.clone(),
        values,
    }
}
