//! A query resolved against the schemas: what the store will be asked.

use std::sync::Arc;
use std::time::Duration;

use record::{CompactString, Comparison, Day, EntityId, Predicate, Validity, prose};
use register::{After, Deadline, Sort, Store, View};
use schema::{Catalog, Collection, Field, FieldType, Sensitivity};
use serde_json::Value;

use crate::filter::condition::Step;
use crate::filter::{self, Condition, FilterCrs, Setting};
use crate::follow::Selected;
use crate::grouping::NamedGrouping;
use crate::links::{Followed, Resolver};
use crate::regroup::{self, Regrouping};
use crate::times::{self, Times};
use crate::value::{self, References, Scalar};
use crate::{Near, Query, QueryError, cursor, divisions, grouping, operators, order};

/// What one query may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many records a page has when nothing is said.
    pub default_page: usize,
    /// How many records a page has at most.
    pub page: usize,
    /// How many groups an answer has at most.
    pub groups: usize,
    /// How many ids a link may pass on.
    pub links: usize,
    /// How many places a link by distance may pass on.
    pub places: usize,
    /// How long a query may take.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            default_page: 10,
            page: 10_000,
            groups: 10_000,
            links: 5_000_000,
            places: 100_000,
            time: Duration::from_secs(10),
        }
    }
}

/// What a query is answered in: one frozen state, one day, one set of limits.
pub struct Context<'a> {
    /// The store.
    pub store: &'a dyn Store,
    /// The state every read of this query sees.
    pub view: Arc<dyn View>,
    /// The day it is.
    pub today: Day,
    /// What it may ask for.
    pub limits: Limits,
    /// Until when.
    pub deadline: Deadline,
}

impl<'a> Context<'a> {
    /// A context over the state last published, today, whose time begins now.
    pub fn new(store: &'a dyn Store, limits: Limits) -> Context<'a> {
        Context {
            store,
            view: store.view(),
            today: times::day_of(store.now()),
            limits,
            deadline: Deadline::within(limits.time),
        }
    }

    /// An error of the store in the terms of the request.
    pub fn error(&self, error: register::StoreError) -> QueryError {
        QueryError::of_store(error, self.limits.time)
    }

    /// The collection of this name.
    pub fn collection(&self, name: &str) -> Result<&'a Arc<Collection>, QueryError> {
        collection(self.store.catalog(), name)
    }

    /// The pair of times of a request.
    pub fn times(
        &self,
        valid_at: Option<&str>,
        known_at: Option<&str>,
    ) -> Result<Times, QueryError> {
        times::resolve(
            self.store,
            self.view.as_ref(),
            self.today,
            valid_at,
            known_at,
        )
    }
}

/// The collection of this name.
pub fn collection<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a Arc<Collection>, QueryError> {
    catalog.collection(name).ok_or_else(|| {
        let names = catalog.collections.iter().map(|one| one.name.as_str());
        QueryError::UnknownCollection {
            name: name.to_string(),
            known: crate::names::nearest(name, names),
        }
    })
}

/// What the store will be asked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Of which collection.
    pub collection: Arc<Collection>,
    /// Which records.
    pub predicate: Predicate,
    /// As of when.
    pub times: Times,
    /// In which order.
    pub sort: Vec<Sort>,
    /// From where on.
    pub after: Option<After>,
    /// How many.
    pub limit: usize,
    /// Around where: longitude, latitude, no farther than (metres), how many.
    pub nearest: Option<(f64, f64, f64, usize)>,
    /// Groups in place of records.
    pub grouping: Option<NamedGrouping>,
    /// Only these fields; empty means all.
    pub select: Vec<CompactString>,
    /// Values of linked records.
    pub linked: Vec<Selected>,
    /// What is done with the groups.
    pub regrouping: Regrouping,
    /// The links that were followed to find the predicate.
    pub followed: Vec<Followed>,
    /// References to follow: each a path of field names.
    pub expand: Vec<Vec<String>>,
    /// What cursors of this query carry.
    pub digest: u64,
    /// Say how it was answered.
    pub explain: bool,
}

/// Farther than any two places on Earth are apart, in metres.
pub const FARTHEST: f64 = 20_100_000.0;
/// The most records `k` may ask for.
const MOST_NEAREST: usize = 1000;

/// Resolves a query.
pub fn plan(context: &Context<'_>, query: &Query) -> Result<Plan, QueryError> {
    let collection = context.collection(query.collection_name()?)?;
    let mut times = context.times(query.valid_at.as_deref(), query.known_at.as_deref())?;
    if let Some(text) = &query.cursor {
        times = cursor::times(context, query, times, text)?;
    }
    if let Some(days) = query.during {
        times = times.during(days);
    }
    let condition = condition(context, collection, query, times)?;
    let day = counted_on(times);
    let grouping = grouping::resolve(context, collection, query, day)?;
    let regrouping = regroup::resolve(context, query, grouping.as_ref())?;
    let limit = limit(&context.limits, query.limit, grouping.is_some())?;
    let sort = if grouping.is_some() {
        Vec::new()
    } else {
        order::resolve(
            collection,
            &query.sort,
            query.name_of("sort"),
            query.q.is_some(),
            query.near.as_ref(),
        )?
    };
    let nearest = nearest(query)?;
    let (select, linked) = select(context, collection, query)?;
    let digest = cursor::digest(&(
        &collection.name,
        &condition,
        &sort,
        (&query.valid_at, query.during),
        &query.known_at,
    ));
    check_combination(query, grouping.is_some(), nearest.is_some())?;
    let after = match &query.cursor {
        Some(text) => Some(cursor::decode(text, digest, sort.len())?),
        None => None,
    };
    let expand = crate::expand::paths(context.store.catalog(), collection, &query.expand)?;
    let resolver = Resolver::new(context, times);
    let predicate = resolver.resolve(collection, &condition, &Predicate::All)?;
    let grouping = match grouping {
        Some(grouping) => Some(grouping.followed(&resolver, collection, &predicate)?),
        None => None,
    };
    Ok(Plan {
        predicate,
        times,
        sort,
        after,
        limit,
        nearest,
        grouping,
        select,
        linked,
        regrouping,
        followed: resolver.followed(),
        expand,
        digest,
        explain: query.explain,
        collection: collection.clone(),
    })
}

/// How many records, or groups.
fn limit(limits: &Limits, asked: Option<usize>, is_grouped: bool) -> Result<usize, QueryError> {
    let (default, most) = if is_grouped {
        (limits.groups, limits.groups)
    } else {
        (limits.default_page, limits.page)
    };
    match asked {
        Some(asked) if asked > most => Err(QueryError::Limit {
            parameter: "limit".to_string(),
            value: asked.to_string(),
            limit: most.to_string().into(),
        }),
        asked => Ok(asked.unwrap_or(default)),
    }
}

/// Refuses members that have no meaning beside groups, or beside the nearest.
fn check_combination(query: &Query, is_grouped: bool, is_nearest: bool) -> Result<(), QueryError> {
    if !is_grouped && !is_nearest {
        return Ok(());
    }
    let given = [
        ("cursor", query.cursor.is_some()),
        ("select", is_grouped && !query.select.is_empty()),
        ("expand", is_grouped && !query.expand.is_empty()),
        ("sort", is_nearest && !query.sort.is_empty()),
        ("near.k", is_grouped && is_nearest),
    ];
    let beside = if is_grouped {
        prose!("分组", "groups")
    } else {
        " near.k ".into()
    };
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => {
            let expected = prose!(
                "不给出：它不能与{beside}同用",
                "nothing: it does not go with {beside}"; beside
            );
            Err(QueryError::bad(name, "…", expected))
        }
        None => Ok(()),
    }
}

fn nearest(query: &Query) -> Result<Option<(f64, f64, f64, usize)>, QueryError> {
    let Some(near) = &query.near else {
        return Ok(None);
    };
    let Some(k) = near.k else { return Ok(None) };
    if k > MOST_NEAREST {
        return Err(QueryError::Limit {
            parameter: "near.k".to_string(),
            value: k.to_string(),
            limit: MOST_NEAREST.to_string().into(),
        });
    }
    let k = k.min(query.limit.unwrap_or(k));
    Ok(Some((
        near.lon,
        near.lat,
        near.metres.unwrap_or(FARTHEST),
        k,
    )))
}

/// The day on which ages are counted: the one asked about, or the last of several.
fn counted_on(times: Times) -> Day {
    let Validity { from, to } = times.valid;
    if to == Day::MAX { from } else { Day(to.0 - 1) }
}

/// The fields selected, and the values of linked records.
fn select(
    context: &Context<'_>,
    collection: &Collection,
    query: &Query,
) -> Result<(Vec<CompactString>, Vec<Selected>), QueryError> {
    let parameter = query.name_of("select");
    let mut own = Vec::new();
    let mut linked = Vec::new();
    for name in &query.select {
        let Some((path, last)) = name.rsplit_once('.') else {
            own.push(field(collection, parameter, name)?.name.clone());
            continue;
        };
        let (path, end) = links_of(context, collection, parameter, path)?;
        linked.push(Selected {
            name: name.clone(),
            path,
            field: field(end, parameter, last)?.name.to_string(),
        });
    }
    Ok((own, linked))
}

/// The links of a path, and the collection at its end.
pub fn links_of<'a>(
    context: &Context<'a>,
    collection: &'a Collection,
    parameter: &str,
    path: &str,
) -> Result<(Vec<Step>, &'a Collection), QueryError> {
    const DEEPEST: usize = 4;
    let setting = Setting {
        catalog: context.store.catalog(),
        references: &value::NoReferences,
        crs: FilterCrs::default(),
        day: context.today,
    };
    let mut end = collection;
    let mut steps = Vec::new();
    for text in path.split('.') {
        let step = filter::Compiler::new(end, setting, None).step(text);
        let step = step.map_err(|error| match error {
            QueryError::Filter { expected, .. } => QueryError::bad(parameter, path, expected),
            QueryError::UnknownField { name, known, .. } => QueryError::UnknownField {
                parameter: parameter.to_string(),
                name,
                known,
            },
            other => other,
        })?;
        end = context.collection(step.collection())?;
        steps.push(step);
    }
    if steps.len() > DEEPEST {
        return Err(QueryError::Limit {
            parameter: parameter.to_string(),
            value: path.to_string(),
            limit: prose!("{DEEPEST} 级关联", "{DEEPEST} links"),
        });
    }
    Ok((steps, end))
}

/// The field of this name.
pub fn field<'a>(
    collection: &'a Collection,
    parameter: &str,
    name: &str,
) -> Result<&'a Field, QueryError> {
    collection
        .field(name)
        .map(|(_, field)| field)
        .ok_or_else(|| {
            let names = collection.fields.iter().map(|field| field.name.as_str());
            QueryError::UnknownField {
                parameter: parameter.to_string(),
                name: name.to_string(),
                known: crate::names::nearest(name, names),
            }
        })
}

/// All conditions of a query together.
fn condition(
    context: &Context<'_>,
    collection: &Collection,
    query: &Query,
    times: Times,
) -> Result<Condition, QueryError> {
    let references = StoreReferences {
        context,
        times,
        in_url: query.in_url,
    };
    let mut all = Predicate::All;
    for (name, text) in &query.equal {
        all = all.and(equality(collection, name, text, &references)?);
    }
    if !query.marked.is_empty() {
        let marks = query.marked.iter();
        let marks = marks.map(|mark| Predicate::Marked(mark.as_str().into()));
        all = all.and(Predicate::Or(marks.collect()));
    }
    if let Some(text) = &query.q {
        all = all.and(full_text(collection, text)?);
    }
    if let Some([west, south, east, north]) = query.bbox {
        all = all.and(match collection.location {
            Some(_) => within(west, south, east, north),
            // Every collection takes this parameter; a record without geometry is in no box.
            None => Predicate::Or(Vec::new()),
        });
    }
    if let Some(area) = &query.area {
        all = all.and(match collection.location {
            Some(_) => Predicate::Intersects(area.clone()),
            None => Predicate::Or(Vec::new()),
        });
    }
    if let Some(near) = &query.near {
        has_geometry(collection, "near")?;
        all = all.and(circle(near)?);
    }
    let filter = filter_condition(context, collection, query, times, &references)?;
    let whole = match filter {
        Some(filter) => Condition::Is(all).and(filter),
        None => Condition::Is(all),
    };
    if query.in_url {
        refuse_personal_keys(context, collection, &whole)?;
    }
    Ok(whole)
}

fn filter_condition(
    context: &Context<'_>,
    collection: &Collection,
    query: &Query,
    times: Times,
    references: &dyn References,
) -> Result<Option<Condition>, QueryError> {
    let parameter = if query.in_url {
        "filter-crs"
    } else {
        "filterCrs"
    };
    let crs = match &query.filter_crs {
        None => FilterCrs::default(),
        Some(name) => FilterCrs::of_name(name).ok_or_else(|| {
            QueryError::bad(
                parameter,
                name,
                "http://www.opengis.net/def/crs/OGC/1.3/CRS84, http://www.opengis.net/def/crs/EPSG/0/4490, …/4326, …/3857, …/4491 – …/4554",
            )
        })?,
    };
    let setting = Setting {
        catalog: context.store.catalog(),
        references,
        crs,
        day: counted_on(times),
    };
    let Some(given) = &query.filter else {
        if let Some(name) = &query.filter_crs {
            let expected = prose!("同时给出 filter", "a 'filter' beside it");
            return Err(QueryError::bad(parameter, name, expected));
        }
        return Ok(None);
    };
    Ok(Some(match given {
        Value::String(text) => filter::from_text(collection, text, setting)?,
        Value::Object(_) | Value::Bool(_) => filter::from_json(collection, given, setting)?,
        other => {
            return Err(QueryError::bad(
                "filter",
                other,
                prose!("CQL2 文本，或 JSON 对象", "CQL2: a text, or a JSON object"),
            ));
        }
    }))
}

/// A box. One whose western edge lies east of its eastern one goes across the antimeridian.
fn within(west: f64, south: f64, east: f64, north: f64) -> Predicate {
    if west <= east {
        return Predicate::Box([west, south, east, north]);
    }
    Predicate::Or(vec![
        Predicate::Box([west, south, 180.0, north]),
        Predicate::Box([-180.0, south, east, north]),
    ])
}

/// The circle asked about. The nearest are looked for in growing circles instead.
fn circle(near: &Near) -> Result<Predicate, QueryError> {
    let Near { lon, lat, .. } = *near;
    if geometry::Position::from_degrees(lon, lat).is_none() {
        let place = format!("{lon},{lat}");
        return Err(QueryError::bad(
            "near",
            place,
            prose!(
                "以度为单位的经度和纬度",
                "longitude and latitude in degrees"
            ),
        ));
    }
    match (near.metres, near.k) {
        (None, None) => Err(QueryError::bad(
            "near",
            format!("{lon},{lat}"),
            prose!(
                "同时给出 metres、k 或两者",
                "'metres', 'k' or both beside it"
            ),
        )),
        (Some(metres), _) if !metres.is_finite() || metres < 0.0 => Err(QueryError::bad(
            "near.metres",
            metres,
            prose!("不小于 0 的距离", "a distance of 0 or more"),
        )),
        (_, Some(0)) => Err(QueryError::bad(
            "near.k",
            0,
            prose!("不小于 1 的整数", "a number from 1"),
        )),
        (Some(metres), None) => Ok(Predicate::Near { lon, lat, metres }),
        (_, Some(_)) => Ok(Predicate::All),
    }
}

/// Full text in all fields that have it.
pub fn full_text(collection: &Collection, text: &str) -> Result<Predicate, QueryError> {
    const LONGEST_TEXT: usize = 200;
    if collection.text_fields().next().is_none() {
        let name = &collection.name;
        let expected = prose!(
            "不给出：“{name}”没有全文字段",
            "nothing: '{name}' has no full text"
        );
        return Err(QueryError::bad("q", text, expected));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(QueryError::Limit {
            parameter: "q".to_string(),
            value: text.chars().count().to_string(),
            limit: prose!("{LONGEST_TEXT} 个字符", "{LONGEST_TEXT} characters"),
        });
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(QueryError::bad(
            "q",
            text,
            prose!(
                "至少一个汉字、字母或数字",
                "at least one letter, character or digit"
            ),
        ));
    }
    Ok(Predicate::Text {
        fields: Vec::new(),
        query: text.into(),
    })
}

fn has_geometry(collection: &Collection, parameter: &str) -> Result<(), QueryError> {
    match collection.location {
        Some(_) => Ok(()),
        None => {
            let name = &collection.name;
            let expected = prose!(
                "不给出：“{name}”没有图形",
                "nothing: '{name}' has no geometry"
            );
            Err(QueryError::bad(parameter, "…", expected))
        }
    }
}

/// `?field=value`: equality; of codes, dates and the like also with one of several, by commas.
fn equality(
    collection: &Collection,
    name: &str,
    text: &str,
    references: &dyn References,
) -> Result<Predicate, QueryError> {
    let field = field(collection, name, name)?;
    refuse_personal_key(collection, field)?;
    if !(field.search.exact || field.search.column) {
        let expected = prose!(
            "改用 filter 或 q：此字段不能整体比较",
            "a filter or q: it cannot be compared as a whole"
        );
        return Err(QueryError::bad(name, text, expected));
    }
    let coerce = |text: &str| {
        value::coerce(field, &Scalar::Loose(text), references)
            .map_err(|expected| QueryError::bad(name, text, expected))
    };
    let several = !matches!(field.kind, FieldType::Text) && text.contains(',');
    if several {
        let values = text.split(',').map(coerce).collect::<Result<_, _>>()?;
        return Ok(Predicate::In {
            field: field.name.clone(),
            values,
        });
    }
    let (field, comparison) = (field.name.clone(), Comparison::Equal);
    Ok(Predicate::Compare {
        field,
        comparison,
        value: coerce(text)?,
    })
}

fn refuse_personal_keys(
    context: &Context<'_>,
    collection: &Collection,
    condition: &Condition,
) -> Result<(), QueryError> {
    let mut outcome = Ok(());
    condition.visit(&collection.name, &mut |at, predicate| {
        let Some(at) = context.store.catalog().collection(at) else {
            return;
        };
        operators::visit_fields(predicate, &mut |name, _| {
            if let (Ok(()), Some((_, field))) = (&outcome, at.field(name)) {
                outcome = refuse_personal_key(at, field);
            }
        });
    });
    outcome
}

/// URLs are written to logs: no natural key of a person may stand in one.
fn refuse_personal_key(collection: &Collection, field: &Field) -> Result<(), QueryError> {
    let is_key = collection.key.contains(&field.number);
    let is_restricted = field.sensitivity >= Sensitivity::Restricted;
    if is_restricted || (is_key && field.sensitivity >= Sensitivity::Personal) {
        let name = &collection.name;
        let expected = prose!(
            "写在 POST /collections/{name}/lookup 的请求内容中：它能识别个人，不得写在网址里",
            "the body of POST /collections/{name}/lookup: it identifies a person and must not stand in a URL"
        );
        return Err(QueryError::bad(&field.name, "…", expected));
    }
    Ok(())
}

/// References by the natural keys of their targets, looked up at the query's own times.
struct StoreReferences<'a> {
    context: &'a Context<'a>,
    times: Times,
    in_url: bool,
}

impl References for StoreReferences<'_> {
    fn resolve(&self, collection: &str, key: &str) -> Option<EntityId> {
        let target = self.context.store.catalog().collection(collection)?;
        let field = target.single_key()?;
        if self.in_url && field.sensitivity >= Sensitivity::Personal {
            return None;
        }
        let key = value::coerce(field, &Scalar::Loose(key), &value::NoReferences).ok()?;
        let found = self
            .context
            .view
            .lookup(collection, &[key], self.times.scope);
        found.ok().flatten().map(|record| record.id)
    }

    fn successors(&self, code: &str, day: Day) -> Result<Vec<CompactString>, QueryError> {
        divisions::successors(self.context, code, day)
    }
}
