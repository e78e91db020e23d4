//! What is done with groups once they are found: others are put beside those with the same keys,
//! numbers are computed of them, some are kept, and they are put in order.

use std::collections::{BTreeMap, HashMap};

use ::cql2::Expr;
use record::{Prose, prose};
use serde_json::{Map, Value, json};

use crate::filter::{self, describe};
use crate::grouping::NamedGrouping;
use crate::plan::{Context, Plan};
use crate::{Query, QueryError};

/// The most queries beside one, and the most numbers computed.
const MOST: usize = 8;

/// What is done with groups.
#[derive(Clone, Debug, Default)]
pub struct Regrouping {
    /// Which are kept.
    having: Option<Expr>,
    /// What is computed, by name.
    compute: Vec<(String, Expr)>,
    /// What stands beside, by name.
    beside: Vec<(String, Plan)>,
    /// In which order: a name, and whether the large come first.
    sort: Vec<(String, bool)>,
}

/// Resolves what a query says of its groups.
pub fn resolve(
    context: &Context<'_>,
    query: &Query,
    grouping: Option<&NamedGrouping>,
) -> Result<Regrouping, QueryError> {
    let Some(grouping) = grouping else {
        return without_groups(query);
    };
    for (parameter, count) in [
        ("beside", query.beside.len()),
        ("compute", query.compute.len()),
    ] {
        if count > MOST {
            return Err(QueryError::Limit {
                parameter: parameter.to_string(),
                value: count.to_string(),
                limit: MOST.to_string().into(),
            });
        }
    }
    let beside = beside(context, query, grouping)?;
    let mut names = names(grouping);
    for (name, plan) in &beside {
        let own = plan.grouping.as_ref().map(|own| own.measures.clone());
        let own = own.unwrap_or_default();
        names.extend(own.iter().map(|measure| format!("{name}.{measure}")));
        names.push(format!("{name}.count"));
        let computed = plan.regrouping.compute.iter();
        names.extend(computed.map(|(own, _)| format!("{name}.{own}")));
    }
    let mut compute = Vec::new();
    for (name, text) in &query.compute {
        let expression = filter::parsed(&Value::String(text.clone()))?;
        check(&expression, "compute", &names)?;
        names.push(name.clone());
        compute.push((name.clone(), expression));
    }
    let having = match &query.having {
        None => None,
        Some(given) => {
            let expression = filter::parsed(given)?;
            check(&expression, "having", &names)?;
            Some(expression)
        }
    };
    let mut sort = Vec::new();
    for text in &query.sort {
        let (name, large_first) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        };
        known(name, "sort", &names)?;
        sort.push((name.to_string(), large_first));
    }
    Ok(Regrouping {
        having,
        compute,
        beside,
        sort,
    })
}

/// Refuses what has no meaning without groups.
fn without_groups(query: &Query) -> Result<Regrouping, QueryError> {
    let given = [
        ("having", query.having.is_some()),
        ("beside", !query.beside.is_empty()),
        ("compute", !query.compute.is_empty()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => {
            let expected = prose!(
                "同时给出 group 或 measures",
                "'group' or 'measures' beside it"
            );
            Err(QueryError::bad(name, "…", expected))
        }
        None => Ok(Regrouping::default()),
    }
}

fn names(grouping: &NamedGrouping) -> Vec<String> {
    let mut names = vec!["count".to_string()];
    names.extend(grouping.keys.iter().cloned());
    names.extend(grouping.measures.iter().cloned());
    names
}

/// The queries beside one, at its times unless they say otherwise.
fn beside(
    context: &Context<'_>,
    query: &Query,
    grouping: &NamedGrouping,
) -> Result<Vec<(String, Plan)>, QueryError> {
    let mut plans = Vec::new();
    for (name, other) in &query.beside {
        let parameter = format!("beside.{name}");
        if !other.beside.is_empty() || other.limit.is_some() || !other.sort.is_empty() {
            let expected = prose!(
                "不含 beside、sort 和 limit 的查询",
                "a query without 'beside', 'sort' and 'limit'"
            );
            return Err(QueryError::bad(&parameter, "…", expected));
        }
        let mut other = other.clone();
        other.valid_at = other.valid_at.or_else(|| query.valid_at.clone());
        other.known_at = other.known_at.or_else(|| query.known_at.clone());
        other.in_url = query.in_url;
        let plan = crate::plan(context, &other)?;
        let keys = plan.grouping.as_ref().map_or(0, |own| own.keys.len());
        if plan.grouping.is_none() || keys != grouping.keys.len() {
            let wanted = grouping.keys.len();
            let expected = prose!(
                "同样 {wanted} 个分组依据",
                "{wanted} keys in 'group', as the query itself"
            );
            return Err(QueryError::bad(&parameter, keys, expected));
        }
        plans.push((name.clone(), plan));
    }
    Ok(plans)
}

fn known(name: &str, parameter: &str, names: &[String]) -> Result<(), QueryError> {
    if names.iter().any(|one| one == name) {
        return Ok(());
    }
    Err(QueryError::UnknownField {
        parameter: parameter.to_string(),
        name: name.to_string(),
        known: crate::names::nearest(name, names.iter().map(String::as_str)),
    })
}

/// Refuses names that no group has, and operators that are not evaluated here.
fn check(expression: &Expr, parameter: &str, names: &[String]) -> Result<(), QueryError> {
    const OPERATORS: [&str; 19] = [
        "and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "between", "in", "isNull", "+", "-",
        "*", "/", "%", "^", "div",
    ];
    match expression {
        Expr::Property { property } => known(property, parameter, names),
        Expr::Operation { op, args } => {
            if !OPERATORS.iter().any(|one| one.eq_ignore_ascii_case(op)) {
                let list = OPERATORS.join(" ");
                return Err(QueryError::bad(
                    parameter,
                    op,
                    prose!("其中之一：{list}", "one of {list}"),
                ));
            }
            args.iter().try_for_each(|arg| check(arg, parameter, names))
        }
        Expr::Array(items) => items
            .iter()
            .try_for_each(|item| check(item, parameter, names)),
        Expr::Float(_) | Expr::Literal(_) | Expr::Bool(_) => Ok(()),
        other => {
            let expected: Prose = prose!(
                "数字、文本和组的名称",
                "numbers, texts and the names of groups' values"
            );
            Err(QueryError::bad(parameter, describe(other), expected))
        }
    }
}

/// The groups of a query, as they are answered: with `key`, `count`, `measures`, and where they are
/// asked for `beside` and `computed`.
pub fn apply(
    context: &Context<'_>,
    regrouping: &Regrouping,
    grouping: &NamedGrouping,
    mut groups: Vec<Value>,
) -> Result<Vec<Value>, QueryError> {
    for (name, plan) in &regrouping.beside {
        join(context, grouping, &mut groups, name, plan)?;
    }
    let mut valued: Vec<(Map<String, Value>, Value)> = Vec::with_capacity(groups.len());
    for mut group in groups {
        let mut values = values(&group);
        let mut computed = Map::new();
        for (name, expression) in &regrouping.compute {
            let value = evaluate(expression, &values);
            values.insert(name.clone(), value.clone());
            computed.insert(name.clone(), value);
        }
        if !computed.is_empty() {
            group["computed"] = computed.into();
        }
        let kept = regrouping
            .having
            .as_ref()
            .is_none_or(|having| evaluate(having, &values) == Value::Bool(true));
        if kept {
            valued.push((values, group));
        }
    }
    valued.sort_by(|(one, _), (other, _)| {
        let orderings = regrouping.sort.iter().map(|(name, large_first)| {
            ordered(&one[name.as_str()], &other[name.as_str()], *large_first)
        });
        orderings
            .into_iter()
            .find(|ordering| ordering.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(valued.into_iter().map(|(_, group)| group).collect())
}

/// Puts the groups of another query beside those with the same keys. Where only the other has a group,
/// it comes with a count of 0.
fn join(
    context: &Context<'_>,
    grouping: &NamedGrouping,
    groups: &mut Vec<Value>,
    name: &str,
    plan: &Plan,
) -> Result<(), QueryError> {
    let others = crate::execute::groups(context, plan)?.groups;
    let key_of = |group: &Value| -> Vec<Value> {
        let keys = group["key"].as_object();
        keys.map(|keys| keys.values().cloned().collect())
            .unwrap_or_default()
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, group) in groups.iter().enumerate() {
        places.insert(Value::from(key_of(group)).to_string(), place);
    }
    for other in others {
        let keys = key_of(&other);
        let place = *places
            .entry(Value::from(keys.clone()).to_string())
            .or_insert_with(|| {
                let key: Map<String, Value> = grouping.keys.iter().cloned().zip(keys).collect();
                let measures = grouping.measures.iter().map(|name| {
                    let is_count = name == "count" || name.starts_with("count:");
                    (name.clone(), if is_count { json!(0) } else { Value::Null })
                });
                let measures: Map<String, Value> = measures.collect();
                groups.push(json!({ "key": key, "count": 0, "measures": measures }));
                groups.len() - 1
            });
        let mut own = json!({ "count": other["count"], "measures": other["measures"] });
        if let Some(computed) = other.get("computed") {
            own["computed"] = computed.clone();
        }
        groups[place]["beside"][name] = own;
    }
    Ok(())
}

/// The values of a group by their names.
fn values(group: &Value) -> Map<String, Value> {
    let mut values = Map::new();
    let mut add = |prefix: &str, members: &Value| {
        for (name, value) in members.as_object().into_iter().flatten() {
            values.insert(format!("{prefix}{name}"), value.clone());
        }
    };
    add("", &group["key"]);
    add("", &group["measures"]);
    for (name, other) in group["beside"].as_object().into_iter().flatten() {
        let prefix = format!("{name}.");
        add(&prefix, &json!({ "count": other["count"] }));
        add(&prefix, &other["measures"]);
        add(&prefix, &other["computed"]);
    }
    values.insert("count".to_string(), group["count"].clone());
    values
}

/// Values without one come last in both directions.
fn ordered(one: &Value, other: &Value, large_first: bool) -> std::cmp::Ordering {
    let ordering = match (one, other) {
        (Value::Null, Value::Null) => return std::cmp::Ordering::Equal,
        (Value::Null, _) => return std::cmp::Ordering::Greater,
        (_, Value::Null) => return std::cmp::Ordering::Less,
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (one, other) => {
            let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            number(one).total_cmp(&number(other))
        }
    };
    if large_first {
        ordering.reverse()
    } else {
        ordering
    }
}

/// The value of an expression, in three-valued logic; null is unknown.
fn evaluate(expression: &Expr, values: &Map<String, Value>) -> Value {
    match expression {
        Expr::Property { property } => values.get(property).cloned().unwrap_or_default(),
        Expr::Float(number) => json!(number),
        Expr::Literal(text) => json!(text),
        Expr::Bool(is) => json!(is),
        Expr::Operation { op, args } => {
            let op = op.to_ascii_lowercase();
            let list = match (op.as_str(), args.get(1).map(AsRef::as_ref)) {
                ("in", Some(Expr::Array(items))) => Some(items),
                _ => None,
            };
            let mut given: Vec<Value> = args
                .iter()
                .take(if list.is_some() { 1 } else { args.len() })
                .map(|arg| evaluate(arg, values))
                .collect();
            given.extend(
                list.into_iter()
                    .flatten()
                    .map(|item| evaluate(item, values)),
            );
            operate(&op, &given)
        }
        _ => Value::Null,
    }
}

fn operate(op: &str, given: &[Value]) -> Value {
    let truth = |known: Option<bool>| known.map_or(Value::Null, Value::Bool);
    match (op, given) {
        ("and", all) => truth(kleene(all, true)),
        ("or", any) => truth(kleene(any, false)),
        ("not", [one]) => truth(one.as_bool().map(|is| !is)),
        ("isnull", [one]) => Value::Bool(one.is_null()),
        ("between", [one, low, high]) => {
            let both = [
                operate(">=", &[one.clone(), low.clone()]),
                operate("<=", &[one.clone(), high.clone()]),
            ];
            truth(kleene(&both, true))
        }
        ("in", [one, list @ ..]) => {
            let any: Vec<Value> = list
                .iter()
                .map(|item| operate("=", &[one.clone(), item.clone()]))
                .collect();
            truth(kleene(&any, false))
        }
        ("=" | "<>" | "<" | "<=" | ">" | ">=", [one, other]) => truth(compare(op, one, other)),
        (_, [one, other]) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => {
                let number = match op {
                    "+" => one + other,
                    "-" => one - other,
                    "*" => one * other,
                    "/" => one / other,
                    "%" => one % other,
                    "^" => one.powf(other),
                    _ => (one / other).trunc(),
                };
                if number.is_finite() {
                    json!(number)
                } else {
                    Value::Null
                }
            }
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

fn kleene(all: &[Value], unit: bool) -> Option<bool> {
    let mut outcome = Some(unit);
    for one in all {
        match one.as_bool() {
            Some(is) if is != unit => return Some(is),
            None => outcome = None,
            Some(_) => {}
        }
    }
    outcome
}

fn compare(op: &str, one: &Value, other: &Value) -> Option<bool> {
    let ordering = match (one, other) {
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?)?,
    };
    Some(match op {
        "=" => ordering.is_eq(),
        "<>" => ordering.is_ne(),
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        ">" => ordering.is_gt(),
        _ => ordering.is_ge(),
    })
}

/// The plans beside, by name, for explanations.
pub fn plans(regrouping: &Regrouping) -> BTreeMap<&str, &Plan> {
    regrouping
        .beside
        .iter()
        .map(|(name, plan)| (name.as_str(), plan))
        .collect()
}
