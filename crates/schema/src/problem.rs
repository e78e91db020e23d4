//! The table of problems: one code, its texts in Chinese and English, its HTTP status.

use std::collections::BTreeMap;

use record::Problem;
use serde::Deserialize;

use crate::Label;

/// One entry of `schemas/problems.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemText {
    /// The HTTP status; none for problems of rows only.
    pub http: Option<u16>,
    /// Chinese, with the placeholders `{field}`, `{value}`, `{expected}` and `{line}`.
    pub zh: String,
    /// English, likewise.
    pub en: String,
}

/// The table of problems.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// By code.
    pub by_code: BTreeMap<String, ProblemText>,
}

impl Problems {
    /// The entry of a code.
    pub fn get(&self, code: &str) -> Option<&ProblemText> {
        self.by_code.get(code)
    }

    /// The HTTP status of a code; 500 for a code without one or unknown.
    pub fn status(&self, code: &str) -> u16 {
        self.get(code).and_then(|entry| entry.http).unwrap_or(500)
    }

    /// A problem's text in both languages; the field is named as the problem names it.
    pub fn text(&self, problem: &Problem) -> Label {
        self.text_with(problem, &problem.field, &problem.field, 0)
    }

    /// A problem's text with the field's labels in place of its name, and the line of the file.
    pub fn text_with(&self, problem: &Problem, field_zh: &str, field_en: &str, line: u64) -> Label {
        let Some(entry) = self.get(&problem.code) else {
            return Label {
                zh: format!("{}: {}", problem.code, problem.value.zh),
                en: format!("{}: {}", problem.code, problem.value.en),
            };
        };
        let line = line.to_string();
        let fill = |template: &str, field: &str, value: &str, expected: &str| {
            fill(template, |name| match name {
                "field" => Some(field),
                "value" => Some(value),
                "expected" => Some(expected),
                "line" => Some(&line),
                _ => None,
            })
        };
        let (value, expected) = (&problem.value, &problem.expected);
        Label {
            zh: fill(&entry.zh, field_zh, &value.zh, &expected.zh),
            en: fill(&entry.en, field_en, &value.en, &expected.en),
        }
    }
}

/// The names of the placeholders a template may hold.
pub const PLACEHOLDERS: [&str; 4] = ["field", "value", "expected", "line"];

/// Replaces `{name}` by what `value_of` says, in one pass: what is put in is never looked at again.
fn fill<'a>(template: &str, value_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        match after
            .find('}')
            .map(|end| (&after[..end], &after[end + 1..]))
        {
            Some((name, tail)) => {
                match value_of(name) {
                    Some(value) => out.push_str(value),
                    None => out.push_str(&rest[start..start + name.len() + 2]),
                }
                rest = tail;
            }
            None => {
                out.push_str(&rest[start..]);
                return out;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The placeholders of a template, in order.
pub(crate) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}
