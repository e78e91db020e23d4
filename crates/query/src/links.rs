//! Links followed: a condition on linked records becomes a set of ids, found once, and each link a
//! semi-join with that set, never a look-up for each record.
//!
//! Of `a AND link.b` either side may be the smaller. Where the records that meet `a` are by far fewer
//! than those that meet `b`, the link leads from them: only the records that they name are asked
//! about `b`. Otherwise `b` is asked of its whole collection first. Estimates decide, taken from the
//! lengths of lists and from trees without looking at a record; they are shown beside what was found
//! by `explain`. Every step sees the same state, at the same pair of times.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use record::{EntityId, IdSet, Places, Predicate, prose};
use register::{GroupKey, Keyed, Listing, StoreError};
use schema::{Collection, FieldType};
use serde::Serialize;
use serde_json::Value;

use crate::QueryError;
use crate::filter::Condition;
use crate::filter::condition::{Link, Step};
use crate::plan::Context;
use crate::times::Times;

/// How many times fewer the records on the near side of a link must be for it to lead from them.
const NARROWER: u64 = 4;

/// One link that was followed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// The way, such as `organization.legalRepresentative → person`.
    pub link: String,
    /// Which side was asked first: `far` the linked records, `near` those that they are linked with.
    pub first: &'static str,
    /// What the linked records had to meet, as the store was asked.
    pub predicate: Value,
    /// How many records were expected on the near side, without this link.
    pub estimated_near: u64,
    /// How many linked records were expected to meet the condition.
    pub estimated_far: u64,
    /// How many ids or places were passed on.
    pub found: u64,
    /// How long it took, in milliseconds, links further on included.
    pub milliseconds: f64,
}

/// Follows the links of one query.
pub struct Resolver<'a> {
    context: &'a Context<'a>,
    times: Times,
    followed: RefCell<Vec<Followed>>,
}

impl<'a> Resolver<'a> {
    /// Everything is asked at this pair of times.
    pub fn new(context: &'a Context<'a>, times: Times) -> Resolver<'a> {
        Resolver {
            context,
            times,
            followed: RefCell::default(),
        }
    }

    /// The links followed, in the order in which their sets were complete.
    pub fn followed(self) -> Vec<Followed> {
        self.followed.into_inner()
    }

    /// The predicate of a condition. `outer` is what the records must meet besides.
    pub fn resolve(
        &self,
        collection: &Collection,
        condition: &Condition,
        outer: &Predicate,
    ) -> Result<Predicate, QueryError> {
        match condition {
            Condition::Is(predicate) => Ok(predicate.clone()),
            Condition::Not(one) => {
                let one = self.resolve(collection, one, outer)?;
                Ok(Predicate::Not(Box::new(one)))
            }
            Condition::Any(any) => {
                let any = any.iter().map(|one| self.resolve(collection, one, outer));
                Ok(Predicate::Or(any.collect::<Result<_, _>>()?))
            }
            Condition::All(all) => self.all(collection, all, outer),
            Condition::Link(link) => self.link(collection, link, outer),
        }
    }

    /// What needs no link narrows the links; conditions at the end of the same link are asked at once.
    fn all(
        &self,
        collection: &Collection,
        all: &[Condition],
        outer: &Predicate,
    ) -> Result<Predicate, QueryError> {
        let mut plain = Predicate::All;
        let mut links: Vec<Link> = Vec::new();
        let mut others = Vec::new();
        for one in all {
            match one {
                Condition::Is(predicate) => plain = plain.and(predicate.clone()),
                Condition::Link(link) => match links
                    .iter_mut()
                    .find(|known| known.step == link.step && is_single(collection, &link.step))
                {
                    Some(known) => {
                        let inner = std::mem::replace(&mut known.inner, Condition::ALL);
                        known.inner = inner.and(link.inner.clone());
                    }
                    None => links.push((**link).clone()),
                },
                other => others.push(other),
            }
        }
        let mut narrow = outer.clone().and(plain.clone());
        let mut whole = plain;
        for link in &links {
            let found = self.link(collection, link, &narrow)?;
            narrow = narrow.and(found.clone());
            whole = whole.and(found);
        }
        for other in others {
            let found = self.resolve(collection, other, &narrow)?;
            narrow = narrow.and(found.clone());
            whole = whole.and(found);
        }
        Ok(whole)
    }

    fn link(
        &self,
        collection: &Collection,
        link: &Link,
        outer: &Predicate,
    ) -> Result<Predicate, QueryError> {
        let begun = Instant::now();
        let far = self.context.collection(link.step.collection())?;
        let expected = plain_part(&link.inner);
        let estimated_near = self.estimate(&collection.name, outer)?;
        let estimated_far = self.estimate(&far.name, &expected)?;
        let leads = *outer != Predicate::All
            && estimated_near.saturating_mul(NARROWER) < estimated_far
            && !matches!(link.step, Step::Near { .. });
        let narrow = if leads {
            self.named(collection, &link.step, outer)?
        } else {
            Predicate::All
        };
        let inner = self.resolve(far, &link.inner, &narrow)?;
        let predicate = narrow.and(inner);
        let (found, count) = self.passed_on(&link.step, far, &predicate)?;
        self.followed.borrow_mut().push(Followed {
            link: describe(collection, &link.step),
            first: if leads { "near" } else { "far" },
            predicate: serde_json::to_value(&predicate).unwrap_or_default(),
            estimated_near,
            estimated_far,
            found: count as u64,
            milliseconds: begun.elapsed().as_secs_f64() * 1000.0,
        });
        Ok(found)
    }

    /// The records at the end of a link that those before it name, or that name them.
    fn named(
        &self,
        collection: &Collection,
        step: &Step,
        outer: &Predicate,
    ) -> Result<Predicate, QueryError> {
        let (reference, field) = match step {
            Step::To { field, .. } => (Some(field.as_str()), "".into()),
            Step::From { field, .. } => (None, field.clone()),
            Step::Near { .. } => return Ok(Predicate::All),
        };
        let numbers = self.numbers(&collection.name, outer, reference)?;
        Ok(Predicate::Among {
            field,
            ids: IdSet::new(numbers),
        })
    }

    /// What the records before a link must meet, given what those at its end do; and how many ids or
    /// places it holds.
    fn passed_on(
        &self,
        step: &Step,
        far: &Collection,
        predicate: &Predicate,
    ) -> Result<(Predicate, usize), QueryError> {
        let (field, reference) = match step {
            Step::To { field, .. } => (field.clone(), None),
            Step::From { field, .. } => ("".into(), Some(field.as_str())),
            Step::Near { metres, .. } => {
                let shapes = self.context.view.shapes(
                    &far.name,
                    &self.listing(predicate, self.context.limits.places),
                );
                let places = Places(shapes.map_err(|error| self.error(&far.name, error))?.into());
                let count = places.0.len();
                let metres = *metres;
                return Ok((Predicate::NearAny { places, metres }, count));
            }
        };
        let ids = IdSet::new(self.numbers(&far.name, predicate, reference)?);
        let count = ids.len();
        Ok((Predicate::Among { field, ids }, count))
    }

    fn listing<'p>(&self, predicate: &'p Predicate, most: usize) -> Listing<'p> {
        Listing {
            predicate,
            time: self.times.scope,
            deadline: self.context.deadline,
            most,
        }
    }

    fn numbers(
        &self,
        collection: &str,
        predicate: &Predicate,
        reference: Option<&str>,
    ) -> Result<Vec<u64>, QueryError> {
        let listing = self.listing(predicate, self.context.limits.links);
        let found = self.context.view.numbers(collection, &listing, reference);
        found.map_err(|error| self.error(collection, error))
    }

    fn estimate(&self, collection: &str, predicate: &Predicate) -> Result<u64, QueryError> {
        let (time, deadline) = (self.times.scope, self.context.deadline);
        let found = self
            .context
            .view
            .estimate(collection, predicate, time, deadline);
        found.map_err(|error| self.context.error(error))
    }

    /// About how many records meet a predicate, for explanations.
    pub fn expected(
        &self,
        collection: &Collection,
        predicate: &Predicate,
    ) -> Result<u64, QueryError> {
        self.estimate(&collection.name, predicate)
    }

    fn error(&self, collection: &str, error: StoreError) -> QueryError {
        match error {
            StoreError::Index(index::IndexError::TooManyRows(most)) => QueryError::Limit {
                parameter: "filter".to_string(),
                value: format!("> {most}"),
                limit: prose!(
                    "经由关联传递的“{collection}”记录 {most} 条：请对“{collection}”增加条件",
                    "{most} records of '{collection}' passed on by a link: narrow it by another condition on '{collection}'"
                ),
            },
            other => self.context.error(other),
        }
    }

    /// For every record that the references along a path lead to from those that match, what a key says
    /// of the record at the path's end.
    pub fn keys(
        &self,
        collection: &Collection,
        predicate: &Predicate,
        path: &[Step],
        key: &GroupKey,
    ) -> Result<Keyed, QueryError> {
        let Some((step, rest)) = path.split_first() else {
            return self.keyed(collection, predicate, key);
        };
        let Step::To { field, .. } = step else {
            return Err(QueryError::bad(
                "group",
                describe(collection, step),
                prose!("引用字段", "references"),
            ));
        };
        let target = self.context.collection(step.collection())?;
        let numbers = self.numbers(&collection.name, predicate, Some(field))?;
        let named = Predicate::Among {
            field: "".into(),
            ids: IdSet::new(numbers),
        };
        let Some(Step::To { field: next, .. }) = rest.first() else {
            return self.keyed(target, &named, key);
        };
        // From each record to the next one, and from there to the key.
        let ways = self.keyed(target, &named, &GroupKey::Field(next.clone()))?;
        let ends = self.keys(target, &named, rest, key)?;
        let places: Vec<u32> = ways
            .names
            .iter()
            .map(|name| {
                name.parse()
                    .ok()
                    .and_then(|number| ends.place(number))
                    .unwrap_or(0)
            })
            .collect();
        let of = |place: u32| match place.checked_sub(1) {
            Some(place) => places.get(place as usize).copied().unwrap_or(0),
            None => 0,
        };
        Ok(Keyed {
            rows: ways
                .rows
                .iter()
                .map(|(number, place)| (*number, of(*place)))
                .collect(),
            names: ends.names,
        })
    }

    fn keyed(
        &self,
        collection: &Collection,
        predicate: &Predicate,
        key: &GroupKey,
    ) -> Result<Keyed, QueryError> {
        let listing = self.listing(predicate, self.context.limits.links);
        let found = self.context.view.keyed(&collection.name, &listing, key);
        found.map_err(|error| self.error(&collection.name, error))
    }

    /// A group key that leads through references, ready for the store.
    pub fn group_key(
        &self,
        collection: &Collection,
        predicate: &Predicate,
        path: &[Step],
        key: &GroupKey,
    ) -> Result<GroupKey, QueryError> {
        let Some(Step::To { field, .. }) = path.first() else {
            return Ok(key.clone());
        };
        let begun = Instant::now();
        let mut keys = self.keys(collection, predicate, path, key)?;
        let last = self
            .context
            .collection(path.last().map_or("", Step::collection))?;
        if let GroupKey::Field(name) = key
            && let Some((_, field)) = last.field(name)
            && let FieldType::Reference { target } = &field.kind
        {
            let register = self.context.collection(target)?.register;
            for name in &mut keys.names {
                let id = name
                    .parse()
                    .ok()
                    .and_then(|number| EntityId::new(register, number));
                if let Some(id) = id {
                    *name = id.to_string().into();
                }
            }
        }
        let link: Vec<&str> = path.iter().map(Step::collection).collect();
        let count = keys.rows.len() as u64;
        self.followed.borrow_mut().push(Followed {
            link: format!("{}.{field} → {}", collection.name, link.join(" → ")),
            first: "near",
            predicate: format!("{key:?}").into(),
            estimated_near: self.estimate(&collection.name, predicate)?,
            estimated_far: count,
            found: count,
            milliseconds: begun.elapsed().as_secs_f64() * 1000.0,
        });
        Ok(GroupKey::Through {
            field: field.clone(),
            keys: Arc::new(keys),
        })
    }
}

/// Whether a step leads to one record at most: two conditions there are on the same one.
fn is_single(collection: &Collection, step: &Step) -> bool {
    match step {
        Step::To { field, .. } => collection
            .field(field)
            .is_some_and(|(_, field)| !field.many),
        _ => false,
    }
}

/// The part of a condition that needs no link.
fn plain_part(condition: &Condition) -> Predicate {
    match condition {
        Condition::Is(predicate) => predicate.clone(),
        Condition::All(all) => all
            .iter()
            .map(plain_part)
            .fold(Predicate::All, Predicate::and),
        _ => Predicate::All,
    }
}

fn describe(collection: &Collection, step: &Step) -> String {
    let near = &collection.name;
    match step {
        Step::To { field, collection } => format!("{near}.{field} → {collection}"),
        Step::From { collection, field } => format!("{near} ← {collection}.{field}"),
        Step::Near {
            collection, metres, ..
        } => format!("{near} ↔ {collection} ({metres} m)"),
    }
}
