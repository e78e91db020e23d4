//! The record as it is answered: JSON written once, when it is indexed.

use geometry::{Position, Shape};
use record::{Fields, Value};
use schema::Collection;

use crate::fold::Held;

/// Writes `{"geometry":…,"properties":{…}}`, and `"held"` where references do not resolve.
pub fn write(collection: &Collection, fields: &Fields, held: &[Held]) -> String {
    let mut out = String::with_capacity(384);
    out.push_str("{\"geometry\":");
    let location = collection
        .location
        .and_then(|number| crate::rules::get(fields, number));
    match location {
        Some(value) => push_value(&mut out, value),
        None => out.push_str("null"),
    }
    out.push_str(",\"properties\":{");
    let mut first = true;
    for (number, value) in fields {
        if Some(*number) == collection.location || value.is_null() || is_unresolved(value) {
            continue;
        }
        push_name(&mut out, &mut first, &collection.at(*number).name);
        push_value(&mut out, value);
    }
    out.push('}');
    push_held(&mut out, collection, held);
    out.push('}');
    out
}

fn is_unresolved(value: &Value) -> bool {
    match value {
        Value::Reference(reference) => reference.target.is_none(),
        Value::List(values) => values.iter().all(is_unresolved),
        _ => false,
    }
}

fn push_held(out: &mut String, collection: &Collection, held: &[Held]) {
    if held.is_empty() {
        return;
    }
    out.push_str(",\"held\":{");
    let mut first = true;
    let mut at = 0;
    while let Some(one) = held.get(at) {
        push_name(out, &mut first, &collection.at(one.field).name);
        out.push('[');
        let same = held[at..]
            .iter()
            .take_while(|other| other.field == one.field)
            .count();
        for (place, other) in held[at..at + same].iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            push_text(out, &other.key);
        }
        out.push(']');
        at += same;
    }
    out.push('}');
}

fn push_name(out: &mut String, first: &mut bool, name: &str) {
    if !*first {
        out.push(',');
    }
    *first = false;
    push_text(out, name);
    out.push(':');
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(is) => out.push_str(if *is { "true" } else { "false" }),
        Value::Integer(number) => push_display(out, number),
        Value::Decimal(number) => push_display(out, number),
        Value::Text(text) => push_text(out, text),
        Value::Date(date) => {
            out.push('"');
            push_display(out, date);
            out.push('"');
        }
        Value::Reference(reference) => match reference.target {
            Some(id) => {
                out.push('"');
                push_display(out, &id);
                out.push('"');
            }
            None => out.push_str("null"),
        },
        Value::Point { lon, lat } => {
            Shape::point(Position {
                lon: *lon,
                lat: *lat,
            })
            .write_geojson(out);
        }
        Value::Geometry(wkb) => match Shape::from_wkb(wkb) {
            Ok(shape) => shape.write_geojson(out),
            Err(_) => out.push_str("null"),
        },
        Value::List(values) => {
            out.push('[');
            for (place, value) in values
                .iter()
                .filter(|value| !is_unresolved(value))
                .enumerate()
            {
                if place > 0 {
                    out.push(',');
                }
                push_value(out, value);
            }
            out.push(']');
        }
    }
}

fn push_display(out: &mut String, value: &dyn std::fmt::Display) {
    // Writing to memory does not fail.
    let _ = std::fmt::Write::write_fmt(out, format_args!("{value}"));
}

/// A JSON string (RFC 8259): quotes, backslashes and control characters are escaped.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => push_display(out, &format_args!("\\u{control:04x}")),
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
