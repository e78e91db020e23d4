//! Filters are measured before they are parsed: the parser recurses, and would overflow its stack.

use record::prose;
use serde_json::Value;

use super::{DEEPEST, LONGEST};
use crate::QueryError;
use crate::error::Position;

/// The most operators in a row that nest to one side (`a = b = c`, `a + b + c`).
const LONGEST_CHAIN: usize = 400;

/// Refuses text that is too long or nests too deep. Returns how much room its parsing takes: levels,
/// where sixteen operators in a row count as one more.
pub fn check_text(text: &str) -> Result<usize, QueryError> {
    if text.len() > LONGEST {
        return Err(too_long(text.len()));
    }
    let mut depth = 0usize;
    let mut deepest = 0usize;
    let mut prefixes = 0usize;
    let mut operators = 0usize;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            quote @ ('\'' | '"') => {
                for (_, inner) in characters.by_ref() {
                    if inner == quote {
                        break;
                    }
                }
                prefixes = 0;
            }
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '-' => {
                prefixes += 1;
                operators += 1;
            }
            '=' | '<' | '>' | '+' | '*' | '/' | '%' | '^' => {
                operators += 1;
                prefixes = 0;
            }
            letter if letter.is_alphabetic() => {
                let mut end = at + letter.len_utf8();
                while let Some((next, inner)) = characters.peek().copied() {
                    if !(inner.is_alphanumeric() || matches!(inner, '_' | '.' | ':')) {
                        break;
                    }
                    end = next + inner.len_utf8();
                    characters.next();
                }
                match text
                    .get(at..end)
                    .unwrap_or("")
                    .to_ascii_lowercase()
                    .as_str()
                {
                    "not" => prefixes += 1,
                    "and" | "or" | "like" | "in" | "div" | "between" => {
                        operators += 1;
                        prefixes = 0;
                    }
                    _ => prefixes = 0,
                }
            }
            space if space.is_whitespace() => {}
            _ => prefixes = 0,
        }
        deepest = deepest.max(depth + prefixes);
        if deepest > DEEPEST {
            let place = text.get(..at).unwrap_or("").chars().count();
            return Err(too_deep(Some(Position::Character(place))));
        }
        if operators > LONGEST_CHAIN {
            return Err(too_many_operators());
        }
    }
    Ok(deepest + operators / 16)
}

/// Refuses JSON that is too long or nests too deep. Geometries nest by themselves, a little.
pub fn check_json(value: &Value) -> Result<(), QueryError> {
    let mut bytes = 0usize;
    let mut open = vec![(value, 1usize)];
    while let Some((value, depth)) = open.pop() {
        if depth > 2 * DEEPEST {
            return Err(too_deep(None));
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => {
                bytes += members.keys().map(|key| key.len() + 4).sum::<usize>();
                open.extend(members.values().map(|member| (member, depth + 1)));
            }
            Value::String(text) => bytes += text.len() + 2,
            _ => bytes += 4,
        }
        // A polygon in a body may be long; it is no operator.
        if bytes > 64 * LONGEST {
            return Err(too_long(bytes));
        }
    }
    Ok(())
}

/// The error of a filter that is too long.
pub fn too_long(bytes: usize) -> QueryError {
    QueryError::Limit {
        parameter: "filter".to_string(),
        value: bytes.to_string(),
        limit: prose!("{LONGEST} 字节", "{LONGEST} bytes"),
    }
}

fn too_many_operators() -> QueryError {
    QueryError::Limit {
        parameter: "filter".to_string(),
        value: format!("> {LONGEST_CHAIN}"),
        limit: prose!("{LONGEST_CHAIN} 个运算符", "{LONGEST_CHAIN} operators"),
    }
}

fn too_deep(position: Option<Position>) -> QueryError {
    QueryError::Filter {
        parameter: "filter".to_string(),
        position,
        found: prose!("嵌套过深", "the filter nests too deep"),
        expected: prose!("最多 {DEEPEST} 层", "at most {DEEPEST} levels"),
    }
}
