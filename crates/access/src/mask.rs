//! Masks: what is left of a value that is shown in part.

use geometry::Position;
use record::Value;
use schema::{FieldType, Label};
use text::name::divisions;

/// What a mask leaves of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaskKind {
    /// The first and last characters; a sign for each of the others. Of a text no longer than that,
    /// fewer of the first and none of the last, so that one is hidden always.
    Keep {
        /// How many at the beginning.
        first: usize,
        /// How many at the end.
        last: usize,
    },
    /// The divisions that an address begins with.
    Divisions,
    /// A division code of so many digits, filled with zeros.
    Level(usize),
    /// The middle of a square cell of about so many metres.
    Grid(u32),
    /// The year of a date.
    Year,
    /// Numbers rounded down to a multiple.
    Step(u64),
    /// Always the same text.
    Nothing,
}

/// A mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Label,
    /// What is left.
    pub kind: MaskKind,
}

/// In place of a character, and of what is hidden altogether.
const SIGN: char = '*';
/// In place of a text of which nothing is left.
const NOTHING: &str = "***";

impl Mask {
    /// Whether it is for values of a type.
    pub fn fits(&self, kind: &FieldType) -> bool {
        match self.kind {
            MaskKind::Keep { .. } | MaskKind::Divisions => matches!(kind, FieldType::Text),
            MaskKind::Level(_) => matches!(kind, FieldType::Division),
            MaskKind::Grid(_) => matches!(kind, FieldType::Point),
            MaskKind::Year => matches!(kind, FieldType::Date),
            MaskKind::Step(_) => matches!(kind, FieldType::Integer | FieldType::Decimal),
            MaskKind::Nothing => !matches!(kind, FieldType::Reference { .. }),
        }
    }

    /// What is left of a text, a code, a date or a number as it is printed.
    pub fn text(&self, value: &str) -> String {
        match self.kind {
            MaskKind::Keep { first, last } => keep(value, first, last),
            MaskKind::Divisions => {
                let folded = text::normal::search(value);
                let named: String = divisions(&folded).collect();
                if named.is_empty() {
                    NOTHING.to_string()
                } else {
                    named
                }
            }
            MaskKind::Level(digits) => {
                let kept = value.chars().take(digits);
                let width = value.chars().count();
                let zeros = width.saturating_sub(digits);
                kept.chain(std::iter::repeat_n('0', zeros)).collect()
            }
            MaskKind::Year => value.chars().take(4).collect(),
            MaskKind::Step(step) => step_below(value, step),
            MaskKind::Grid(_) | MaskKind::Nothing => NOTHING.to_string(),
        }
    }

    /// What is left of a point: `longitude,latitude` of the middle of its cell, in degrees.
    pub fn point(&self, lon: f64, lat: f64) -> String {
        let MaskKind::Grid(metres) = self.kind else {
            return NOTHING.to_string();
        };
        let place = Position::from_degrees(lon, lat);
        let cell = place.and_then(|place| geometry::grid::cell(place, metres).ok());
        let bounds = cell.and_then(|cell| geometry::grid::cell_bounds(cell).ok());
        let Some(bounds) = bounds else {
            return NOTHING.to_string();
        };
        let middle = |one: i32, other: i32| {
            f64::from(((i64::from(one) + i64::from(other)) / 2) as i32) / 1e7
        };
        let lon = middle(bounds.min.lon, bounds.max.lon);
        let lat = middle(bounds.min.lat, bounds.max.lat);
        format!("{lon:.5},{lat:.5}")
    }

    /// What is left of a value in JSON, as a JSON text or a list of them.
    pub fn json(&self, value: &str, out: &mut String) {
        // A text without escapes is most of them.
        if let Some(plain) = plain_text(value) {
            push_text(out, &self.text(plain));
            return;
        }
        match serde_json::from_str::<serde_json::Value>(value) {
            Ok(value) => {
                let masked = self.of_json(&value);
                out.push_str(&masked.to_string());
            }
            Err(_) => push_text(out, NOTHING),
        }
    }

    fn of_json(&self, value: &serde_json::Value) -> serde_json::Value {
        use serde_json::Value as Json;
        match value {
            Json::Null => Json::Null,
            Json::String(text) => Json::String(self.text(text)),
            Json::Array(items) => items.iter().map(|item| self.of_json(item)).collect(),
            Json::Object(members) => {
                let degrees = members.get("coordinates").and_then(Json::as_array);
                let at = |place: usize| degrees.and_then(|all| all.get(place)?.as_f64());
                Json::String(match (at(0), at(1)) {
                    (Some(lon), Some(lat)) => self.point(lon, lat),
                    _ => NOTHING.to_string(),
                })
            }
            other => Json::String(self.text(&other.to_string())),
        }
    }

    /// What is left of a value as a statement has it.
    pub fn value(&self, value: &Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Text(text) => Value::text(&self.text(text)),
            Value::Date(date) => Value::text(&self.text(&date.to_string())),
            Value::Integer(number) => Value::text(&self.text(&number.to_string())),
            Value::Decimal(number) => Value::text(&self.text(&number.to_string())),
            Value::Boolean(is) => Value::text(&self.text(&is.to_string())),
            Value::Point { lon, lat } => {
                let place = Position {
                    lon: *lon,
                    lat: *lat,
                }
                .degrees();
                Value::text(&self.point(place.0, place.1))
            }
            Value::List(items) => Value::List(items.iter().map(|one| self.value(one)).collect()),
            Value::Reference(_) | Value::Geometry(_) => Value::text(NOTHING),
        }
    }
}

fn keep(value: &str, first: usize, last: usize) -> String {
    let characters: Vec<char> = value.chars().collect();
    let count = characters.len();
    let (first, last) = if count > first + last {
        (first, last)
    } else {
        (first.min(count.saturating_sub(1)), 0)
    };
    let shown = |(at, c): (usize, &char)| {
        if at < first || at >= count - last {
            *c
        } else {
            SIGN
        }
    };
    characters.iter().enumerate().map(shown).collect()
}

/// A number rounded down to a multiple, without its fraction.
fn step_below(value: &str, step: u64) -> String {
    let whole = value.split('.').next().unwrap_or(value);
    match (whole.parse::<i128>(), i128::from(step)) {
        (Ok(number), step) if step > 0 => (number.div_euclid(step) * step).to_string(),
        _ => NOTHING.to_string(),
    }
}

/// The characters of a JSON text that has no escapes.
fn plain_text(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('\\')).then_some(inner)
}

/// A JSON text. What masks leave was in one before, so that few characters need an escape.
fn push_text(out: &mut String, text: &str) {
    if text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests;
