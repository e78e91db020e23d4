//! What may be shown of values. A value of a restricted field is masked, and so is the key of a
//! reference to a collection whose key is restricted.

use std::borrow::Cow;

use record::{Fields, Value};
use register::rules::get;
use schema::{Catalog, Collection, Field, FieldType, Sensitivity};

use super::report::Subject;
use crate::cell::shortened;

/// So many digits in a row may be an identity number that stands in the wrong place.
const DIGITS_OF_A_NUMBER: usize = 15;

/// Whether a field's values are masked.
pub fn is_restricted(catalog: &Catalog, field: &Field) -> bool {
    if field.sensitivity == Sensitivity::Restricted {
        return true;
    }
    let target = field.target().and_then(|target| catalog.collection(target));
    target.is_some_and(|target| {
        let mut key = target.key.iter();
        key.any(|number| target.at(*number).sensitivity == Sensitivity::Restricted)
    })
}

/// A value of which only its length and its ends are shown; of a short one nothing.
pub fn masked(text: &str) -> String {
    const SHOWN: usize = 2;
    let characters = text.chars().count();
    let hidden =
        |place: usize| characters < 6 * SHOWN || (place >= SHOWN && place + SHOWN < characters);
    let mask = |(place, character)| if hidden(place) { '*' } else { character };
    text.chars().enumerate().map(mask).collect()
}

/// A text for an example, with long runs of digits masked: a row whose cells have slipped may show an
/// identity number anywhere.
pub fn scrubbed(text: &str) -> Cow<'_, str> {
    let is_part = |byte: u8| byte.is_ascii_digit() || byte == b'X' || byte == b'x';
    let bytes = text.as_bytes();
    let mut out: Option<String> = None;
    let (mut done, mut start) = (0, 0);
    while start < bytes.len() {
        let run = bytes[start..]
            .iter()
            .take_while(|byte| is_part(**byte))
            .count();
        if run >= DIGITS_OF_A_NUMBER {
            let out = out.get_or_insert_default();
            out.push_str(&text[done..start]);
            out.push_str(&masked(&text[start..start + run]));
            done = start + run;
        }
        start += run.max(1);
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(&text[done..]);
            Cow::Owned(out)
        }
    }
}

/// Writes values for people, masked where they must be.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// The schemas.
    pub catalog: &'a Catalog,
    /// The collection whose values are written.
    pub collection: &'a Collection,
}

impl Writer<'_> {
    /// A value of a field; none for null.
    pub fn value(&self, field: &Field, value: &Value) -> Option<String> {
        if value.is_null() {
            return None;
        }
        let texts: Vec<String> = value.each().iter().map(|one| plain(field, one)).collect();
        Some(self.text(field, &texts.join("、")))
    }

    /// A text of a field.
    pub fn text(&self, field: &Field, text: &str) -> String {
        if is_restricted(self.catalog, field) {
            masked(text)
        } else {
            self.any(&shortened(text))
        }
    }

    /// A text that may be of any field.
    pub fn any(&self, text: &str) -> String {
        if self.collection.sensitivity == Sensitivity::Restricted {
            scrubbed(text).into_owned()
        } else {
            text.to_string()
        }
    }

    /// The natural key among field values.
    pub fn key(&self, fields: &Fields) -> String {
        let written = self.collection.key.iter().map(|number| {
            let value = get(fields, *number);
            value
                .and_then(|value| self.value(self.collection.at(*number), value))
                .unwrap_or_default()
        });
        written.collect::<Vec<_>>().join(" · ")
    }

    /// The title among field values.
    pub fn title(&self, fields: &Fields) -> String {
        let field = self.collection.at(self.collection.title);
        let value = get(fields, field.number);
        value
            .and_then(|value| self.value(field, value))
            .unwrap_or_default()
    }

    /// Which record a body is of.
    pub fn subject_of(&self, id: &str, body: &serde_json::Value) -> Subject {
        let of = |number: &u16| {
            let field = self.collection.at(*number);
            self.property(field, &body["properties"][&*field.name])
                .unwrap_or_default()
        };
        let key: Vec<String> = self.collection.key.iter().map(of).collect();
        Subject {
            line: 0,
            id: Some(id.to_string()),
            key: key.join(" · "),
            title: of(&self.collection.title),
        }
    }

    /// A property of a record's body, as [`Writer::value`] writes values.
    pub fn property(&self, field: &Field, json: &serde_json::Value) -> Option<String> {
        let one = |json: &serde_json::Value| match json {
            serde_json::Value::String(text) => coded(field, text),
            other => other.to_string(),
        };
        let text = match json {
            serde_json::Value::Null => return None,
            serde_json::Value::Array(values) if !field.kind.is_spatial() => {
                values.iter().map(one).collect::<Vec<_>>().join("、")
            }
            other => one(other),
        };
        Some(self.text(field, &text))
    }
}

/// A code with its name.
fn coded(field: &Field, code: &str) -> String {
    match field.codelist().and_then(|list| list.get(code)) {
        Some(entry) => format!("{code} {}", entry.name_zh),
        None => code.to_string(),
    }
}

fn plain(field: &Field, value: &Value) -> String {
    match value {
        Value::Null | Value::List(_) => String::new(),
        Value::Boolean(is) => is.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Text(text) if matches!(field.kind, FieldType::Code(_)) => coded(field, text),
        Value::Text(text) => text.to_string(),
        Value::Reference(reference) => reference.key.to_string(),
        Value::Point { lon, lat } => {
            let position = geometry::Position {
                lon: *lon,
                lat: *lat,
            };
            let (lon, lat) = position.degrees();
            format!("{lon}, {lat}")
        }
        Value::Geometry(wkb) => match geometry::Shape::from_wkb(wkb) {
            Ok(shape) => format!("{} ({} vertices)", shape.kind(), shape.vertices()),
            Err(_) => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_wherever_they_stand() {
        assert_eq!(masked("11013019900101123X"), "11**************3X");
        assert_eq!(masked("1101301"), "*******");
        assert_eq!(masked(""), "");
        assert_eq!(
            scrubbed("王伟 11013019900101123X 号"),
            "王伟 11**************3X 号"
        );
        assert_eq!(scrubbed("13800138000, X"), "13800138000, X");
        assert_eq!(
            scrubbed("110130900101123和110130900101124"),
            "11***********23和11***********24"
        );
    }

    #[test]
    fn what_leads_to_a_restricted_key_is_restricted() {
        let catalog = Catalog::embedded().expect("schemas");
        let restricted = |collection: &str, field: &str| {
            let collection = catalog.collection(collection).expect("it");
            is_restricted(&catalog, collection.field(field).expect("it").1)
        };
        assert!(restricted("person", "identityNumber"));
        assert!(restricted("organization", "legalRepresentative"));
        assert!(!restricted("person", "name"));
        assert!(!restricted("organization", "creditCode"));
    }
}
