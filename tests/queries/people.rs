//! What the naive evaluator makes of values: comparisons, patterns, arithmetic, sets, distances, ages.

use super::naive::{V, related};

/// An operation on values that are there; with one that is not, unknown.
pub fn call(op: &str, values: &[V], today: i32) -> V {
    let of = |truth: Option<bool>| truth.map_or(V::Null, V::Is);
    match (op, values) {
        ("=" | "<>" | "<" | "<=" | ">" | ">=", [one, other]) => of(compare(op, one, other)),
        ("like", [text, V::Text(pattern)]) => of(any(text, |text| {
            let V::Text(text) = text else { return None };
            let (text, pattern): (Vec<char>, Vec<char>) =
                (text.chars().collect(), pattern.chars().collect());
            Some(like(&pattern, &text))
        })),
        ("casei", [V::Text(text)]) => V::Text(text.to_lowercase()),
        ("accenti", [V::Text(text)]) => V::Text(text.replace('é', "e")),
        ("casei" | "accenti", [V::List(items)]) => V::List(
            items
                .iter()
                .map(|item| call(op, std::slice::from_ref(item), today))
                .collect(),
        ),
        ("+" | "-" | "*" | "/" | "%" | "^" | "div", [V::Number(one), V::Number(other)]) => {
            let number = match op {
                "+" => one + other,
                "-" => one - other,
                "*" => one * other,
                "/" => one / other,
                "%" => one % other,
                "^" => one.powf(*other),
                _ => (one / other).trunc(),
            };
            if number.is_finite() {
                V::Number(number)
            } else {
                V::Null
            }
        }
        ("distance", [V::Shape(one), V::Shape(other)]) => {
            V::Number(geometry::distance::between_metres(one, other))
        }
        ("near", [lon, lat, metres]) => panic!("{lon:?} {lat:?} {metres:?}"),
        ("age_at", [V::Day(born)]) => age(*born, today),
        ("age_at", [V::Day(born), V::Day(day)]) => age(*born, *day),
        (_, [V::Shape(one), V::Shape(other)]) if op.starts_with("s_") => {
            V::Is(related(op, one, other))
        }
        (_, [V::Null, _] | [_, V::Null]) if op.starts_with("a_") => V::Null,
        (_, [one, other]) if op.starts_with("a_") => V::Is(sets(op, one, other)),
        _ => V::Null,
    }
}

fn age(born: i32, day: i32) -> V {
    if born > day {
        return V::Null;
    }
    let calendar = |day: i32| record::Day(day).calendar().expect("a date");
    let (from, to) = (calendar(born), calendar(day));
    let mut years = to.0 - from.0;
    if (to.1, to.2) < (from.1, from.2) {
        years -= 1;
    }
    V::Number(f64::from(years))
}

/// Whether it holds for one of the values; unknown where there is none.
fn any(value: &V, mut holds: impl FnMut(&V) -> Option<bool>) -> Option<bool> {
    let known: Vec<bool> = match value {
        V::Null => Vec::new(),
        V::List(items) => items.iter().filter_map(&mut holds).collect(),
        one => holds(one).into_iter().collect(),
    };
    (!known.is_empty()).then(|| known.contains(&true))
}

fn compare(op: &str, one: &V, other: &V) -> Option<bool> {
    if op == "<>" {
        return compare("=", one, other).map(|is| !is);
    }
    any(one, |one| any(other, |other| ordered(op, one, other)))
}

fn ordered(op: &str, one: &V, other: &V) -> Option<bool> {
    let ordering = match (one, other) {
        (V::Number(one), V::Number(other)) => one.partial_cmp(other)?,
        (V::Text(one), V::Text(other)) => one.cmp(other),
        (V::Day(one), V::Day(other)) => one.cmp(other),
        (V::Is(one), V::Is(other)) => one.cmp(other),
        other => panic!("{op} {other:?}"),
    };
    Some(match op {
        "=" => ordering.is_eq(),
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        ">" => ordering.is_gt(),
        _ => ordering.is_ge(),
    })
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
        Some(('_', rest)) => !text.is_empty() && like(rest, &text[1..]),
        Some(('\\', rest)) if !rest.is_empty() => {
            text.first() == Some(&rest[0]) && like(&rest[1..], &text[1..])
        }
        Some((one, rest)) => text.first() == Some(one) && like(rest, &text[1..]),
    }
}

fn sets(op: &str, one: &V, other: &V) -> bool {
    let list = |value: &V| match value {
        V::List(items) => items.clone(),
        one => vec![one.clone()],
    };
    let (one, other) = (list(one), list(other));
    let within = |some: &[V], all: &[V]| some.iter().all(|item| all.contains(item));
    match op {
        "a_equals" => within(&one, &other) && within(&other, &one),
        "a_contains" => within(&other, &one),
        "a_containedby" => within(&one, &other),
        _ => one.iter().any(|item| other.contains(item)),
    }
}
