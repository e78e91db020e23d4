//! The bodies of calls: JSON objects of which every member is used or refused by name.
//!
//! A record is a GeoJSON feature, as it is answered: `properties` holds its fields but the one that is
//! its geometry, which is `geometry`. `validFrom` and `validTo` say when the values hold: from the
//! former on, until before the latter. Without `validTo`, what the department has said to begin later
//! stands; `"validTo": ".."` is an end that is open whatever was said.

use std::fmt;

use record::{Day, FieldNumber, Fields, PartialDate, Problem, Prose, prose};
use register::{Checker, rules};
use schema::Collection;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::{Located, WriteError};
use super::value::ValueReader;
use crate::cell::shortened;

/// The members of a JSON object, each once.
pub struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if members.iter().any(|(other, _)| *other == name) {
                        let twice = format!("the member '{name}' occurs twice");
                        return Err(serde::de::Error::custom(twice));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

impl Members {
    /// Reads a body; an empty one has no members. `known` are those that mean something.
    pub fn read(body: &[u8], known: &[&str]) -> Result<Members, WriteError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Members(Vec::new()));
        }
        let members = serde_json::from_slice(body);
        let members: Members = members.map_err(|error| unreadable(&error, "", known))?;
        match members
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            Some((name, _)) => Err(WriteError::UnknownMember {
                name: name.clone(),
                known: known.join(", "),
            }),
            None => Ok(members),
        }
    }

    /// The JSON of a member; none where it is absent or null.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let found = self.0.iter().find(|(member, _)| member == name);
        found
            .map(|(_, value)| &**value)
            .filter(|value| value.get() != "null")
    }

    /// The text of a member; none where it is absent or null.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, WriteError> {
        let Some(raw) = self.get(name) else {
            return Ok(None);
        };
        let text = serde_json::from_str(raw.get()).map_err(|_| WriteError::Parameter {
            parameter: name,
            value: shortened(raw.get()).into_owned(),
            expected: prose!("字符串", "a string"),
        })?;
        Ok(Some(text))
    }

    /// The day of a member.
    pub fn day(
        &self,
        name: &'static str,
        problems: &mut Vec<Located>,
    ) -> Result<Option<Day>, WriteError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match text.parse::<PartialDate>() {
            Ok(date) => Ok(Some(date.first_day())),
            Err(fault) => {
                let code = match fault {
                    record::DateError::Form(_) => "not-a-date",
                    record::DateError::Calendar(_) => "no-such-day",
                };
                let found = shortened(&text);
                problems.push(Located {
                    pointer: format!("/{name}"),
                    problem: Problem::new(code, name, found.as_ref(), "2024-03-01"),
                });
                Ok(None)
            }
        }
    }
}

/// The members of a record, and of who says it.
pub const RECORD: &[&str] = &[
    "type",
    "id",
    "geometry",
    "properties",
    "validFrom",
    "validTo",
    "department",
];
/// The members of an end.
pub const END: &[&str] = &["from", "department"];

/// The days named in a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// From when it holds.
    pub from: Option<Day>,
    /// From when it no longer does; [`Day::MAX`] where the body says that the end is open.
    pub to: Option<Day>,
}

/// Reads `validFrom` and `validTo`.
pub fn days(members: &Members, problems: &mut Vec<Located>) -> Result<Days, WriteError> {
    let from = members.day("validFrom", problems)?;
    let to = match members.text("validTo")?.as_deref() {
        Some("..") => Some(Day::MAX),
        _ => members.day("validTo", problems)?,
    };
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        problems.push(Located {
            pointer: "/validTo".to_string(),
            problem: Problem::new("validity-empty", "", format!("{from} – {to}"), ""),
        });
    }
    Ok(Days { from, to })
}

/// Reads `type`, `id`, `geometry` and `properties` into values; fields not named are in none.
pub fn fields(
    reader: &ValueReader,
    collection: &Collection,
    id: Option<&str>,
    members: &Members,
    problems: &mut Vec<Located>,
) -> Result<Fields, WriteError> {
    for (name, right) in [("type", Some("Feature")), ("id", id)] {
        if let Some(text) = members.text(name)?
            && Some(text.as_str()) != right
        {
            return Err(WriteError::Parameter {
                parameter: name,
                value: text,
                expected: right.map_or(prose!("不给", "none"), Into::into),
            });
        }
    }
    let mut fields = Fields::new();
    let named = members.0.iter().find(|(name, _)| name == "geometry");
    if let Some((_, raw)) = named {
        match collection.location.map(|number| collection.at(number)) {
            Some(field) if field.is_given() => {
                let value = reader.read(field, raw, "/geometry", problems)?;
                fields.extend(value.map(|value| (field.number, value)));
            }
            // As answers have it where there is none.
            _ if raw.get() == "null" => {}
            location => problems.push(not_given("/geometry", location.map(|one| &*one.name))),
        }
    }
    let Some(properties) = members.get("properties") else {
        return Ok(fields);
    };
    let properties = serde_json::from_str(properties.get());
    let properties: Members =
        properties.map_err(|error| unreadable(&error, "properties: ", &[]))?;
    for (name, raw) in &properties.0 {
        let pointer = format!("/properties/{}", name.replace('~', "~0").replace('/', "~1"));
        let field = collection.field(name).map(|(_, field)| field);
        match field.filter(|field| Some(field.number) != collection.location) {
            None => problems.push(unknown(collection, pointer, name)),
            Some(field) if !field.is_given() => {
                problems.push(not_given(&pointer, Some(&*field.name)));
            }
            Some(field) => {
                let value = reader.read(field, raw, &pointer, problems)?;
                fields.extend(value.map(|value| (field.number, value)));
            }
        }
    }
    fields.sort_unstable_by_key(|(number, _)| *number);
    Ok(fields)
}

/// A body, or a part of it, that is no JSON object.
fn unreadable(error: &serde_json::Error, part: &str, members: &[&str]) -> WriteError {
    use serde_json::error::Category;
    let (line, column) = (error.line(), error.column());
    let fault = match error.classify() {
        Category::Eof => "内容不完整",
        Category::Data => "不是 JSON 对象，或有重复的成员",
        _ => "不是 JSON",
    };
    let names = members.join(", ");
    let expected = if names.is_empty() {
        prose!("JSON 对象", "a JSON object")
    } else {
        prose!("JSON 对象，成员有 {names}", "a JSON object with {names}")
    };
    // The place is in the English already.
    let zh = format!("{part}{fault}（第 {line} 行第 {column} 列）");
    WriteError::Body {
        found: Prose::new(zh, format!("{part}{error}")),
        expected,
    }
}

fn unknown(collection: &Collection, pointer: String, name: &str) -> Located {
    let given = collection
        .fields
        .iter()
        .filter(|field| field.is_given() && Some(field.number) != collection.location);
    let known: Vec<&str> = given.map(|field| field.name.as_str()).collect();
    let problem = Problem::new("unknown-field", name, name, known.join(", "));
    Located { pointer, problem }
}

fn not_given(pointer: &str, field: Option<&str>) -> Located {
    Located {
        pointer: pointer.to_string(),
        problem: Problem::new("field-not-given", field.unwrap_or("geometry"), "", ""),
    }
}

/// Where a field stands in a body.
pub fn pointer_of(collection: &Collection, field: &str) -> String {
    match collection.number(field) {
        Some(number) if Some(number) == collection.location => "/geometry".to_string(),
        Some(_) => format!("/properties/{field}"),
        None => String::new(),
    }
}

/// Adds the fields of the natural key that a body does not name.
pub fn add_key(fields: &mut Fields, collection: &Collection, standing: &Fields) {
    for number in &collection.key {
        let named = fields.iter().any(|(other, _)| other == number);
        if let (false, Some(value)) = (named, rules::get(standing, *number)) {
            rules::set(fields, *number, value.clone());
        }
    }
}

/// Checks values together with those that stand and are not given anew. Returns what is wrong and was
/// not before; the given values are brought into normal form.
pub fn check_with(checker: &dyn Checker, fields: &mut Fields, standing: &Fields) -> Vec<Problem> {
    let mut whole = standing.clone();
    for (number, value) in fields.iter() {
        rules::set(&mut whole, *number, value.clone());
    }
    let mut found = Vec::new();
    checker.check(&mut whole, &mut found);
    if !standing.is_empty() {
        let mut before = Vec::new();
        checker.check(&mut standing.clone(), &mut before);
        found.retain(|problem| !before.contains(problem));
    }
    let stands = |number: &FieldNumber| standing.iter().any(|(other, _)| other == number);
    let given = |number: &FieldNumber| fields.iter().any(|(other, _)| other == number);
    whole.retain(|(number, _)| given(number) || !stands(number));
    *fields = whole;
    found
}
