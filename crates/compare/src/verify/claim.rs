//! One claimed value, read as its field's type has it.

use query::QueryError;
use query::value::{self, NoReferences, Scalar};
use record::{Decimal, EntityId, Reference, Value, prose};
use schema::{Field, FieldType};
use serde_json::Value as Json;

/// What is claimed of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Claimed {
    /// That it has no value.
    Nothing,
    /// That it has each of these.
    Values(Vec<Value>),
}

/// The most values claimed of one field.
const MOST: usize = 32;

impl Claimed {
    /// Reads a claim. `at` is where it stands.
    pub fn read(field: &Field, given: &Json, at: &str) -> Result<Claimed, QueryError> {
        if field.kind.is_spatial() {
            let expected = prose!(
                "可核验的字段：坐标与图形不能核验，请核验区划或地址",
                "a field that can be verified: places cannot, divisions and addresses can"
            );
            return Err(QueryError::bad(at, &field.name, expected));
        }
        match given {
            Json::Null => Ok(Claimed::Nothing),
            Json::Array(items) if field.many && (1..=MOST).contains(&items.len()) => {
                let each = items.iter().enumerate();
                let each = each.map(|(place, item)| one(field, item, &format!("{at}[{place}]")));
                Ok(Claimed::Values(each.collect::<Result<_, _>>()?))
            }
            Json::Array(_) if field.many => {
                let expected = prose!("1 至 {MOST} 个值", "1 to {MOST} values");
                Err(QueryError::bad(at, "[…]", expected))
            }
            one_value => Ok(Claimed::Values(vec![one(field, one_value, at)?])),
        }
    }
}

fn one(field: &Field, given: &Json, at: &str) -> Result<Value, QueryError> {
    // What was claimed may be personal: an answer repeats its kind only.
    let refused = |expected| QueryError::bad(at, kind(given), expected);
    let expected = || value::expected(&field.kind);
    let text = match given {
        Json::String(text) => text.trim(),
        Json::Number(number) => {
            let number: Decimal = number
                .to_string()
                .parse()
                .map_err(|_| refused(expected()))?;
            let scalar = Scalar::Number(number);
            return value::coerce(field, &scalar, &NoReferences).map_err(refused);
        }
        Json::Bool(is) => {
            let scalar = Scalar::Boolean(*is);
            return value::coerce(field, &scalar, &NoReferences).map_err(refused);
        }
        _ => return Err(refused(expected())),
    };
    if text.is_empty() {
        return Err(refused(expected()));
    }
    match &field.kind {
        FieldType::Reference { .. } => Ok(Value::Reference(Reference {
            key: text.into(),
            target: text.parse::<EntityId>().ok(),
        })),
        FieldType::Code(list) => match list.get(text).or_else(|| list.by_name(text)) {
            Some(entry) => Ok(Value::Text(entry.code.clone())),
            None => Err(refused(expected())),
        },
        _ => value::coerce(field, &Scalar::Loose(text), &NoReferences).map_err(refused),
    }
}

fn kind(given: &Json) -> &'static str {
    match given {
        Json::Null => "null",
        Json::Bool(_) => "true | false",
        Json::Number(_) => "0…9",
        Json::String(_) => "\"…\"",
        Json::Array(_) => "[…]",
        Json::Object(_) => "{…}",
    }
}
