//! Bodies masked: what stays is copied as it stands, what is gone is left out.

use super::json::{Members, quoted};
use super::{Rule, Seen};

/// A body as it is seen.
pub fn masked(seen: &Seen, body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut place = String::new();
    for (name, value) in Members::of(body) {
        match name {
            "geometry" => geometry(seen, value, &mut out, &mut place),
            "properties" => properties(seen, value, &place, &mut out),
            // Of what is shown in part, doubts are told: they say no value.
            "disputes" => members(seen, name, value, true, &mut out),
            other => members(seen, other, value, false, &mut out),
        }
    }
    out.push('}');
    out
}

/// The geometry, where it is seen as it is; a masked one becomes a property (`place`).
fn geometry(seen: &Seen, value: &str, out: &mut String, place: &mut String) {
    let rule = seen
        .whole
        .location
        .map(|number| (number, &seen.rules[usize::from(number)]));
    out.push_str("{\"geometry\":");
    match rule {
        Some((_, Rule::Open)) | None => out.push_str(value),
        Some((number, Rule::Masked(mask))) => {
            out.push_str("null");
            if value != "null" {
                place.push_str(&quoted(&seen.whole.at(number).name));
                place.push(':');
                mask.json(value, place);
            }
        }
        Some((_, Rule::Gone)) => out.push_str("null"),
    }
}

fn properties(seen: &Seen, object: &str, place: &str, out: &mut String) {
    out.push_str(",\"properties\":{");
    let begun = out.len();
    let mut next = 0;
    for (name, value) in Members::of(object) {
        match rule(seen, name, &mut next) {
            Rule::Gone => {}
            Rule::Open => {
                push_name(out, begun, name);
                out.push_str(value);
            }
            Rule::Masked(mask) => {
                push_name(out, begun, name);
                mask.json(value, out);
            }
        }
    }
    if !place.is_empty() {
        if out.len() > begun {
            out.push(',');
        }
        out.push_str(place);
    }
    out.push('}');
}

/// What is said of fields beside their values: of those seen as they are, and, where it says no value
/// (`shown`), of those shown in part. References that do not resolve, and those that lost, are given by
/// natural keys: they are told where these are seen. Nothing, where nothing is left.
fn members(seen: &Seen, name: &str, object: &str, shown: bool, out: &mut String) {
    let start = out.len();
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":{");
    let begun = out.len();
    let mut next = 0;
    for (field, value) in Members::of(object) {
        let is_told = match rule(seen, field, &mut next) {
            Rule::Open => shown || !seen.hides_keys(field),
            Rule::Masked(_) => shown,
            Rule::Gone => false,
        };
        if is_told {
            push_name(out, begun, field);
            out.push_str(value);
        }
    }
    if out.len() == begun {
        out.truncate(start);
    } else {
        out.push('}');
    }
}

fn push_name(out: &mut String, begun: usize, name: &str) {
    if out.len() > begun {
        out.push(',');
    }
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
}

/// The rule of a field. Members come in the schema's order, so that the next one is mostly near.
fn rule<'a>(seen: &'a Seen, name: &str, next: &mut usize) -> &'a Rule {
    let fields = &seen.whole.fields;
    let ahead = fields.iter().enumerate().skip(*next);
    let found = ahead
        .chain(fields.iter().enumerate().take(*next))
        .find(|(_, field)| field.name == name);
    match found {
        Some((number, _)) => {
            *next = number + 1;
            &seen.rules[number]
        }
        // Nobody has said what it is: it is kept back.
        None => &Rule::Gone,
    }
}
