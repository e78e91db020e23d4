//! CQL2 JSON into the parser's expressions, with the path to what is wrong. (The derived reader of
//! the crate tries one form after the other and cannot say where it failed.)

use ::cql2::Expr;
use record::{Prose, prose};
use serde_json::{Map, Value};

use crate::QueryError;
use crate::error::Position;

/// A JSON pointer under construction.
#[derive(Default)]
pub struct Path(Vec<String>);

impl Path {
    fn refuse(&self, found: impl Into<Prose>, expected: impl Into<Prose>) -> QueryError {
        let pointer: String = self.0.iter().map(|step| format!("/{step}")).collect();
        let pointer = if pointer.is_empty() {
            "/".to_string()
        } else {
            pointer
        };
        QueryError::Filter {
            parameter: "filter".to_string(),
            position: Some(Position::Pointer(pointer)),
            found: found.into(),
            expected: expected.into(),
        }
    }
}

/// The beginning of what was given.
fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// One expression.
pub fn expression(value: &Value, path: &mut Path) -> Result<Expr, QueryError> {
    match value {
        Value::Null => Ok(Expr::Null),
        Value::Bool(is) => Ok(Expr::Bool(*is)),
        Value::Number(number) => match number.as_f64() {
            Some(float) => Ok(Expr::Float(float)),
            None => Err(path.refuse(number.to_string(), prose!("数字", "a number"))),
        },
        Value::String(text) => Ok(Expr::Literal(text.clone())),
        Value::Array(items) => list(items, path).map(Expr::Array),
        Value::Object(members) => object(members, value, path),
    }
}

// The parser's expressions hold boxes.
#[allow(clippy::vec_box)]
fn list(items: &[Value], path: &mut Path) -> Result<Vec<Box<Expr>>, QueryError> {
    let mut out = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        path.0.push(place.to_string());
        out.push(Box::new(expression(item, path)?));
        path.0.pop();
    }
    Ok(out)
}

fn object(
    members: &Map<String, Value>,
    whole: &Value,
    path: &mut Path,
) -> Result<Expr, QueryError> {
    let only = |allowed: &[&str]| match members.keys().find(|key| !allowed.contains(&key.as_str()))
    {
        Some(key) => Err(path.refuse(
            prose!("未知的成员“{}”", "unknown member '{}'", short(key)),
            forms(),
        )),
        None => Ok(()),
    };
    if let Some(op) = members.get("op") {
        only(&["op", "args"])?;
        return operation(op, members.get("args"), path);
    }
    if let Some(property) = members.get("property") {
        only(&["property"])?;
        let name = property.as_str().ok_or_else(|| {
            path.refuse(
                short(&property.to_string()),
                prose!("字段的名称", "the name of a field"),
            )
        })?;
        return Ok(Expr::Property {
            property: name.to_string(),
        });
    }
    if let Some(date) = members.get("date") {
        only(&["date"])?;
        return Ok(Expr::Date {
            date: Box::new(expression(date, path)?),
        });
    }
    if let Some(timestamp) = members.get("timestamp") {
        only(&["timestamp"])?;
        return Ok(Expr::Timestamp {
            timestamp: Box::new(expression(timestamp, path)?),
        });
    }
    if let Some(Value::Array(items)) = members.get("interval") {
        only(&["interval"])?;
        return list(items, path).map(|interval| Expr::Interval { interval });
    }
    if members.contains_key("type") {
        let geometry = serde_json::from_value(whole.clone());
        return geometry.map(Expr::Geometry).map_err(|error| {
            let error = short(&error.to_string());
            path.refuse(
                prose!("无法读取的图形", "{error}"),
                prose!("GeoJSON 图形", "a GeoJSON geometry"),
            )
        });
    }
    if let Some(Value::Array(items)) = members.get("bbox") {
        only(&["bbox"])?;
        return list(items, path).map(|bbox| Expr::BBox { bbox });
    }
    Err(path.refuse(
        prose!("不是表达式的对象", "an object that is no expression"),
        forms(),
    ))
}

/// An operator with its arguments.
fn operation(op: &Value, args: Option<&Value>, path: &mut Path) -> Result<Expr, QueryError> {
    let op = op.as_str().ok_or_else(|| {
        path.refuse(
            short(&op.to_string()),
            prose!("运算符的名称", "the name of an operator"),
        )
    })?;
    let Some(Value::Array(items)) = args else {
        return Err(path.refuse(
            prose!("“{}”没有 args", "'{}' without 'args'", short(op)),
            prose!("列表 args", "a list 'args'"),
        ));
    };
    path.0.push("args".to_string());
    let args = list(items, path)?;
    path.0.pop();
    Ok(Expr::Operation {
        op: op.to_string(),
        args,
    })
}

/// What an object can be.
fn forms() -> Prose {
    prose!(
        "含有 op 和 args，或 property、date、timestamp、interval、bbox 的对象，或 GeoJSON 图形",
        "an object with 'op' and 'args', or 'property', 'date', 'timestamp', 'interval', 'bbox', or a GeoJSON geometry"
    )
}
