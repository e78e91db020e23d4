//! The record as it is answered: JSON written once, when it is indexed.

use geometry::{Position, Shape};
use record::{Day, FieldNumber, Value};
use schema::Collection;

use crate::fold::{Conflict, Content, Dispute, Held};

/// Writes `{"geometry":…,"properties":{…}}`; then, each by field, `"held"` where references do not
/// resolve, `"conflicts"` where sources say different things, `"disputes"` where somebody doubts.
pub fn write(collection: &Collection, content: &Content) -> String {
    let fields = &content.fields;
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
    push_lists(
        &mut out,
        collection,
        "held",
        &content.held,
        |held| held.field,
        |out, held: &Held| push_text(out, &held.key),
    );
    push_lists(
        &mut out,
        collection,
        "conflicts",
        &content.conflicts,
        |conflict| conflict.field,
        push_conflict,
    );
    push_disputes(&mut out, collection, &content.disputes);
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

/// A member with a list for each field; nothing where there is nothing. `all` is ordered by field.
fn push_lists<T>(
    out: &mut String,
    collection: &Collection,
    name: &str,
    all: &[T],
    field: impl Fn(&T) -> FieldNumber,
    push: impl Fn(&mut String, &T),
) {
    if all.is_empty() {
        return;
    }
    out.push(',');
    push_text(out, name);
    out.push_str(":{");
    let mut first = true;
    for same in all.chunk_by(|one, other| field(one) == field(other)) {
        push_name(out, &mut first, &collection.at(field(&same[0])).name);
        out.push('[');
        for (place, one) in same.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            push(out, one);
        }
        out.push(']');
    }
    out.push('}');
}

fn push_conflict(out: &mut String, conflict: &Conflict) {
    out.push_str("{\"department\":");
    push_text(out, &conflict.department);
    out.push_str(",\"value\":");
    push_said(out, &conflict.value);
    out.push_str(",\"since\":");
    push_day(out, conflict.since);
    out.push('}');
}

fn push_disputes(out: &mut String, collection: &Collection, disputes: &[Dispute]) {
    if disputes.is_empty() {
        return;
    }
    out.push_str(",\"disputes\":{");
    let mut first = true;
    for one in disputes {
        push_name(out, &mut first, &collection.at(one.field).name);
        out.push_str("{\"state\":");
        push_text(out, one.state.name());
        out.push_str(",\"by\":");
        push_text(out, &one.by);
        out.push_str(",\"since\":");
        push_day(out, one.since);
        out.push('}');
    }
    out.push('}');
}

/// A day; null for an open end.
fn push_day(out: &mut String, day: Day) {
    match day.calendar() {
        Some(_) => {
            out.push('"');
            push_display(out, &day);
            out.push('"');
        }
        None => out.push_str("null"),
    }
}

/// A value as a source gives it: references are the keys of their targets.
fn push_said(out: &mut String, value: &Value) {
    match value {
        Value::Reference(reference) => {
            out.push_str("{\"key\":");
            push_text(out, &reference.key);
            out.push('}');
        }
        Value::List(values) => {
            out.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                push_said(out, value);
            }
            out.push(']');
        }
        other => push_value(out, other),
    }
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
