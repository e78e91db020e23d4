//! Plans answered.

use std::time::Instant;

use record::{EntityId, prose};
use register::{Group, Measure, MeasureKind, MeasureValue, Record, Search, TimeScope};
use schema::Collection;
use serde::Serialize;
use serde_json::{Value, json};

use crate::body::Body;
use crate::cursor::Seen;
use crate::links::{Followed, Resolver};
use crate::plan::{Context, Plan};
use crate::times::Times;
use crate::{QueryError, cursor, expand, follow, nearest, order, regroup};

/// What a query answers.
#[derive(Debug)]
pub enum Answer {
    /// Records.
    Records(Records),
    /// Groups of records.
    Groups(Groups),
}

/// One record found.
#[derive(Debug)]
pub struct FoundRecord {
    /// The record; its body holds the fields selected, with references followed.
    pub record: Record,
    /// Metres from the point asked about, where the order is by distance.
    pub distance: Option<f64>,
    /// How well the full text matches, where the order is by score.
    pub score: Option<f64>,
}

/// A page of records.
#[derive(Debug)]
pub struct Records {
    /// The collection.
    pub collection: String,
    /// The records, in order.
    pub records: Vec<FoundRecord>,
    /// How many match in all.
    pub matched: u64,
    /// Where the next page begins, if there is one.
    pub cursor: Option<String>,
    /// As of when.
    pub times: Times,
    /// How it was answered, where that was asked.
    pub explanation: Option<Explanation>,
}

/// Groups of records.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Groups {
    /// The collection.
    pub collection: String,
    /// Each with `key` (by the names asked for), `count` and `measures`.
    pub groups: Vec<Value>,
    /// How many groups there are in all.
    pub number_matched: usize,
    /// How many stand here.
    pub number_returned: usize,
    /// As of when.
    #[serde(skip)]
    pub times: Option<Times>,
    /// How it was answered, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// How a query was answered.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The condition, as the store was asked.
    pub predicate: Value,
    /// As of when: the day, the transaction, and whether that is the present.
    pub time: Value,
    /// The order.
    pub sort: Vec<String>,
    /// The links followed to find that condition, each with what was expected and what was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Followed>,
    /// How many records were expected to match: never far too few.
    pub estimated: u64,
    /// How many match; of groups, how many there are.
    pub matched: u64,
    /// How long it took, in milliseconds, without the links.
    pub milliseconds: f64,
}

/// Answers a plan.
pub fn execute(context: &Context<'_>, plan: &Plan) -> Result<Answer, QueryError> {
    let begun = Instant::now();
    if plan.grouping.is_some() {
        let mut groups = groups(context, plan)?;
        let matched = groups.number_matched as u64;
        if plan.explain {
            groups.explanation = Some(explanation(context, plan, matched, begun)?);
        }
        return Ok(Answer::Groups(groups));
    }
    let mut records = records(context, plan)?;
    if plan.explain {
        records.explanation = Some(explanation(context, plan, records.matched, begun)?);
    }
    Ok(Answer::Records(records))
}

fn records(context: &Context<'_>, plan: &Plan) -> Result<Records, QueryError> {
    let page = match plan.nearest {
        Some(around) => nearest::search(context, plan, around)?,
        None => {
            let search = Search {
                predicate: &plan.predicate,
                time: plan.times.scope,
                sort: &plan.sort,
                after: plan.after.as_ref(),
                limit: plan.limit,
                deadline: context.deadline,
            };
            let found = context.view.search(&plan.collection.name, &search);
            found.map_err(|error| context.error(error))?
        }
    };
    // A page that holds all there is has no next one, even where it is full.
    let is_all = plan.after.is_none() && page.total <= page.records.len() as u64;
    let next = page.next.filter(|_| !is_all && plan.limit > 0);
    // Of a later page: the day of the first. Where the query names days, no other counts.
    let seen = Seen {
        known: plan.times.known,
        today: plan.times.valid.from.min(context.today),
    };
    let records = page.records.into_iter();
    let mut found: Vec<FoundRecord> = records
        .map(|record| order::found(&plan.sort, record))
        .collect();
    reshape(context, plan, &mut found)?;
    Ok(Records {
        collection: plan.collection.name.clone(),
        records: found,
        matched: page.total,
        cursor: next.map(|after| cursor::encode(&after, plan.digest, seen)),
        times: plan.times,
        explanation: None,
    })
}

/// Selects fields and follows references. Untouched bodies are not even read.
pub(crate) fn reshape(
    context: &Context<'_>,
    plan: &Plan,
    found: &mut [FoundRecord],
) -> Result<(), QueryError> {
    if plan.select.is_empty() && plan.expand.is_empty() && plan.linked.is_empty() {
        return Ok(());
    }
    let mut bodies = found
        .iter()
        .map(|one| Body::parse(&one.record.body))
        .collect::<Result<Vec<_>, _>>()?;
    if !plan.select.is_empty() || !plan.linked.is_empty() {
        bodies.iter_mut().for_each(|body| body.select(&plan.select));
    }
    let page: Vec<(EntityId, &str)> = found
        .iter()
        .map(|one| (one.record.id, one.record.body.as_str()))
        .collect();
    let time = plan.times.scope;
    let (collection, linked) = (&plan.collection, &plan.linked);
    follow::add(context, collection, time, &page, &mut bodies, linked)?;
    expand::expand(
        context,
        &plan.collection,
        plan.times.scope,
        &mut bodies,
        &plan.expand,
    )?;
    for (one, body) in found.iter_mut().zip(bodies) {
        one.record.body = body.text();
    }
    Ok(())
}

/// One record at a pair of times, with references followed.
///
/// # Errors
///
/// [`QueryError::Merged`] where it was merged into another one.
pub fn item(
    context: &Context<'_>,
    collection: &str,
    id: &str,
    times: Times,
    expansions: &[String],
) -> Result<Record, QueryError> {
    let collection = context.collection(collection)?;
    let paths = expand::paths(context.store.catalog(), collection, expansions)?;
    let entity: EntityId = id
        .parse()
        .map_err(|_| QueryError::NotFound(id.to_string()))?;
    let read = context.view.read(&collection.name, entity, times.scope);
    let mut record = match read.map_err(|error| context.error(error))? {
        Some(record) => record,
        None => return Err(absent(context, collection, entity, times)),
    };
    if !paths.is_empty() {
        let mut bodies = [Body::parse(&record.body)?];
        expand::expand(context, collection, times.scope, &mut bodies, &paths)?;
        record.body = bodies[0].text();
    }
    Ok(record)
}

/// Why there is no record of an entity: it was merged into another, or there is none.
fn absent(
    context: &Context<'_>,
    collection: &Collection,
    entity: EntityId,
    times: Times,
) -> QueryError {
    let id = entity.to_string();
    match context
        .view
        .successor(&collection.name, entity, times.known)
    {
        Ok(Some(successor)) => QueryError::Merged { id, successor },
        Ok(None) => QueryError::NotFound(id),
        Err(error) => context.error(error),
    }
}

/// The groups of a plan.
pub fn groups(context: &Context<'_>, plan: &Plan) -> Result<Groups, QueryError> {
    let Some(named) = &plan.grouping else {
        return Err(QueryError::bad("group", "", prose!("分组的依据", "a key")));
    };
    let found = context
        .view
        .group(
            &plan.collection.name,
            &plan.predicate,
            plan.times.scope,
            &named.grouping,
            context.deadline,
        )
        .map_err(|error| context.error(error))?;
    let mut found = found;
    if found.is_empty() && named.keys.is_empty() {
        // Measures of everything, where there is nothing.
        let none = |measure: &Measure| match measure.kind {
            MeasureKind::Count => MeasureValue::Count(0),
            _ => MeasureValue::Missing,
        };
        let measures = named.grouping.measures.iter().map(none).collect();
        found.push(Group {
            key: Vec::new(),
            count: 0,
            measures,
        });
    }
    let groups = found.into_iter().map(|group| {
        let key: serde_json::Map<String, Value> = named
            .keys
            .iter()
            .cloned()
            .zip(group.key.iter().map(|value| json!(value.as_deref())))
            .collect();
        let measures: serde_json::Map<String, Value> = named
            .measures
            .iter()
            .cloned()
            .zip(group.measures.iter().map(measure))
            .collect();
        json!({ "key": key, "count": group.count, "measures": measures })
    });
    let mut groups = regroup::apply(context, &plan.regrouping, named, groups.collect())?;
    let matched = groups.len();
    groups.truncate(plan.limit);
    Ok(Groups {
        collection: plan.collection.name.clone(),
        number_matched: matched,
        number_returned: groups.len(),
        groups,
        times: Some(plan.times),
        explanation: None,
    })
}

fn measure(value: &MeasureValue) -> Value {
    match value {
        MeasureValue::Missing => Value::Null,
        MeasureValue::Count(count) => json!(count),
        MeasureValue::Number(number) => json!(number),
        MeasureValue::Day(day) => json!(day.to_string()),
    }
}

fn explanation(
    context: &Context<'_>,
    plan: &Plan,
    matched: u64,
    begun: Instant,
) -> Result<Explanation, QueryError> {
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    let resolver = Resolver::new(context, plan.times);
    let estimated = resolver.expected(&plan.collection, &plan.predicate)?;
    let mut links = plan.followed.clone();
    for beside in regroup::plans(&plan.regrouping).values() {
        links.extend(beside.followed.iter().cloned());
    }
    let part = match plan.times.scope {
        TimeScope::Present(_) => "present",
        TimeScope::At(_) => "at",
        TimeScope::During(..) => "during",
        TimeScope::All => "all",
    };
    Ok(Explanation {
        predicate: serde_json::to_value(&plan.predicate).unwrap_or_default(),
        time: json!({
            "scope": part,
            "validAt": plan.times.valid_text(),
            "transaction": plan.times.known.0,
        }),
        sort: plan
            .sort
            .iter()
            .map(|sort| format!("{:?} {:?}", sort.key, sort.direction))
            .collect(),
        links,
        estimated,
        matched,
        milliseconds,
    })
}
