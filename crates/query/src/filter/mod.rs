//! Filters: CQL2 (OGC 21-065r2), text and JSON, made into conditions over one collection and those
//! linked with it.
//!
//! The text is parsed by the crate `cql2`; its evaluator and its SQL are not used. What the filter
//! means is decided in [`crate::operators`]. A condition on a value that is not there is unknown, and
//! so is its negation (see [`record::expression`]); only records match of which the whole is true.

mod bounds;
mod compile;
pub mod condition;
mod json;
mod links;
pub mod setting;
pub mod typed;

use ::cql2::Expr;
use record::{Prose, prose};
use schema::Collection;
use serde_json::Value;

use crate::QueryError;
use crate::error::Position;

pub use compile::{Compiler, describe};
pub use condition::Condition;
pub use setting::{FilterCrs, Setting};

/// The longest filter, in bytes.
pub const LONGEST: usize = 4096;
/// How deep parentheses, operators, lists and objects may nest.
pub const DEEPEST: usize = 64;

/// Reads CQL2 text.
pub fn from_text(
    collection: &Collection,
    text: &str,
    setting: Setting<'_>,
) -> Result<Condition, QueryError> {
    let expression = expression_of_text(text)?;
    Compiler::new(collection, setting, Some(text)).condition(&expression)
}

/// Reads CQL2 JSON.
pub fn from_json(
    collection: &Collection,
    value: &Value,
    setting: Setting<'_>,
) -> Result<Condition, QueryError> {
    let expression = parsed(value)?;
    Compiler::new(collection, setting, None).condition(&expression)
}

/// An expression in either encoding, measured and parsed, and nothing else.
pub fn parsed(given: &Value) -> Result<Expr, QueryError> {
    match given {
        Value::String(text) => expression_of_text(text),
        other => {
            bounds::check_json(other)?;
            json::expression(other, &mut json::Path::default())
        }
    }
}

fn expression_of_text(text: &str) -> Result<Expr, QueryError> {
    if bounds::check_text(text)? > PLAIN_WEIGHT {
        parse_deep(text)
    } else {
        parse(text)
    }
}

/// CQL2 JSON in a text, such as a parameter.
pub fn json_of_text(text: &str) -> Result<Value, QueryError> {
    if text.len() > LONGEST {
        return Err(bounds::too_long(text.len()));
    }
    let refused = |position, found| QueryError::Filter {
        parameter: "filter".to_string(),
        position,
        found,
        expected: prose!(
            "CQL2 JSON 对象，或改用 filter-lang=cql2-text",
            "a CQL2 JSON object, or filter-lang=cql2-text"
        ),
    };
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let at = Position::Character(error.column().saturating_sub(1));
        refused(Some(at), prose!("不是正确的 JSON", "{error}"))
    })?;
    match value {
        Value::Object(_) | Value::Bool(_) => Ok(value),
        other => {
            let found: String = other.to_string().chars().take(40).collect();
            Err(refused(None, found.into()))
        }
    }
}

/// The steps the parser may take: its grammar tries nested parentheses twice at each level, which
/// doubles the work with each; nothing short of this stops it. A long sensible filter takes some
/// thousands.
const STEPS: usize = 500_000;

/// Filters that nest more than this are parsed on a stack of their own.
const PLAIN_WEIGHT: usize = 6;
/// Room for the parser's recursion at [`DEEPEST`] levels, many times over. Only what is touched of it
/// is ever backed by memory.
const STACK_BYTES: usize = 64 << 20;

fn parse_deep(text: &str) -> Result<Expr, QueryError> {
    let failed = || {
        QueryError::bad(
            "filter",
            "…",
            prose!(
                "较简单的条件：内存不足，无法解析",
                "a simpler filter: there is no room to read this one"
            ),
        )
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let parser = thread
            .spawn_scoped(scope, || parse(text))
            .map_err(|_| failed())?;
        parser.join().unwrap_or_else(|_| Err(failed()))
    })
}

fn parse(text: &str) -> Result<Expr, QueryError> {
    pest::set_call_limit(std::num::NonZeroUsize::new(STEPS));
    ::cql2::parse_text(text).map_err(|error| {
        let refused = |position, found: Prose| QueryError::Filter {
            parameter: "filter".to_string(),
            position,
            found,
            expected: prose!(
                "CQL2 文本，如 name LIKE '王%' AND birthDate >= DATE('1990-01-01')",
                "CQL2 text, such as name LIKE '王%' AND birthDate >= DATE('1990-01-01')"
            ),
        };
        match error {
            ::cql2::Error::Pest(error) => {
                let at = match error.location {
                    pest::error::InputLocation::Pos(at) => at,
                    pest::error::InputLocation::Span((at, _)) => at,
                };
                if matches!(&error.variant, pest::error::ErrorVariant::CustomError { message }
                    if message.contains("limit"))
                {
                    return refused(
                        None,
                        prose!("嵌套过于复杂", "the filter is nested too intricately"),
                    );
                }
                let before = text.get(..at).unwrap_or(text);
                let rest: String = text.get(at..).unwrap_or("").chars().take(20).collect();
                let found = if rest.is_empty() {
                    prose!("未写完就结束了", "it ends early")
                } else {
                    prose!("无法理解“{rest}”", "'{rest}'")
                };
                refused(Some(Position::Character(before.chars().count())), found)
            }
            other => refused(None, prose!("无法解析", "{other}")),
        }
    })
}

#[cfg(test)]
mod tests;
