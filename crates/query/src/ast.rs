//! The query as it is written: the body of `POST /query`, or the parameters of a page of items.

use std::collections::BTreeMap;

use record::{Validity, prose};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::QueryError;

/// A circle, or the nearest records.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// Only within this distance, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<f64>,
    /// Only so many, the nearest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<usize>,
}

/// A query. Members that are not named here are refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Query {
    /// The collection: a name, or a list of one.
    pub from: Value,
    /// Full text.
    pub q: Option<String>,
    /// CQL2: a string is text, an object JSON.
    pub filter: Option<Value>,
    /// The coordinate system of the filter's geometries: a name or URI; CRS84 where it is not given.
    pub filter_crs: Option<String>,
    /// A circle, or the nearest records.
    pub near: Option<Near>,
    /// Only these fields; empty means all. Also of linked records: `household.head.name`, and
    /// backwards `person:household.name`.
    pub select: Vec<String>,
    /// References to follow, `household` or `household.head`.
    pub expand: Vec<String>,
    /// Field names, `-` before one for descending; also `score`, `distance`, `validFrom`, `knownFrom`.
    /// Of groups: the names of keys, measures and what is computed, and `count`.
    pub sort: Vec<String>,
    /// Fields, also of linked records, `division:county`, `year:birthDate`, `quarter:birthDate`,
    /// `month:birthDate`, `age:10:birthDate`, `grid:1000`, or objects alike.
    pub group: Vec<Value>,
    /// `count`, `count:field`, `sum:field`, `min:field`, `max:field`, `mean:field`, `p50:field`.
    pub measures: Vec<String>,
    /// CQL2 over a group's `count`, keys, measures, and what is computed.
    pub having: Option<Value>,
    /// Other queries whose groups are put beside those with the same keys, by name.
    pub beside: BTreeMap<String, Query>,
    /// Numbers computed of each group: CQL2 over its measures and those beside it, by name.
    pub compute: BTreeMap<String, String>,
    /// How many records, or groups, at most.
    pub limit: Option<usize>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// A day: what is true on it.
    pub valid_at: Option<String>,
    /// A day or instant: what was known by then.
    pub known_at: Option<String>,
    /// Say how it was answered.
    pub explain: bool,
    /// West, south, east, north: only from the parameter `bbox`.
    #[serde(skip)]
    pub bbox: Option<[f64; 4]>,
    /// An area (well-known binary), with which a record has a point in common: what the parameter `bbox`
    /// is where its edges are no meridians and parallels.
    #[serde(skip)]
    pub area: Option<Vec<u8>>,
    /// Days, on some of which a record must hold: only from the parameter `datetime`.
    #[serde(skip)]
    pub during: Option<Validity>,
    /// Fields and the values they must equal: only from parameters.
    #[serde(skip)]
    pub equal: Vec<(String, String)>,
    /// Marks, of which a record must have one; none means that it need not.
    #[serde(skip)]
    pub marked: Vec<String>,
    /// The filter came in a URL, where no natural key of a person may stand.
    #[serde(skip)]
    pub in_url: bool,
}

/// The members of a query, for messages.
pub const MEMBERS: &str = "from, q, filter, filterCrs, near, select, expand, sort, group, measures, \
                           having, beside, compute, limit, cursor, validAt, knownAt, explain";

impl Query {
    /// Reads the body of `POST /query`.
    pub fn from_json(body: &[u8]) -> Result<Query, QueryError> {
        serde_json::from_slice(body).map_err(|error| body_error(&error, MEMBERS))
    }

    /// What a request calls a member: parameters have the names of OGC API - Features.
    pub fn name_of<'a>(&self, member: &'a str) -> &'a str {
        match member {
            "sort" if self.in_url => "sortby",
            "select" if self.in_url => "properties",
            same => same,
        }
    }

    /// The one collection it is about.
    pub fn collection_name(&self) -> Result<&str, QueryError> {
        let wrong = |value: &Value| {
            Err(QueryError::bad(
                "from",
                value,
                prose!("一个数据集的名称", "the name of one collection"),
            ))
        };
        match &self.from {
            Value::String(name) => Ok(name),
            Value::Array(names) => match names.as_slice() {
                [Value::String(name)] => Ok(name),
                _ => wrong(&self.from),
            },
            other => wrong(other),
        }
    }
}

/// What serde says of a body, in the terms of the request: an unknown member is named.
pub fn body_error(error: &serde_json::Error, members: &str) -> QueryError {
    let text = error.to_string();
    let unknown = text
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once('`'))
        .map(|(name, _)| name);
    match unknown {
        Some(name) => {
            // Of nested objects serde lists its own members, which are then the right ones.
            let known =
                text.split_once("expected one of ")
                    .map_or(members.to_string(), |(_, list)| {
                        let list = list.split(" at line").next().unwrap_or(list);
                        list.replace('`', "")
                    });
            QueryError::UnknownParameter {
                name: name.to_string(),
                known,
            }
        }
        None => {
            use serde_json::error::Category;
            let (line, column) = (error.line(), error.column());
            let fault = match error.classify() {
                Category::Eof => "内容不完整",
                Category::Data => "值的类型或内容不符",
                Category::Syntax | Category::Io => "不是正确的 JSON",
            };
            QueryError::BadBody {
                found: prose!("第 {line} 行第 {column} 列{fault}", "{text}"),
                expected: prose!(
                    "一个 JSON 对象，可用的成员：{members}",
                    "a JSON object with the members {members}"
                ),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_are_named() {
        let error = Query::from_json(br#"{"from":"person","filtre":"a=1"}"#).expect_err("refused");
        assert!(matches!(&error, QueryError::UnknownParameter { name, .. } if name == "filtre"));
        let nested = br#"{"from":"person","near":{"lon":1,"lat":2,"meters":3}}"#;
        let error = Query::from_json(nested).expect_err("refused");
        assert!(
            matches!(&error, QueryError::UnknownParameter { name, known }
            if name == "meters" && known.contains("metres")),
            "{error}"
        );
        assert!(Query::from_json(b"[").is_err());
    }

    #[test]
    fn one_collection_now() {
        let of = |from: Value| Query {
            from,
            ..Query::default()
        };
        assert_eq!(
            of("person".into()).collection_name().expect("one"),
            "person"
        );
        assert_eq!(
            of(serde_json::json!(["person"]))
                .collection_name()
                .expect("one"),
            "person"
        );
        assert!(
            of(serde_json::json!(["person", "road"]))
                .collection_name()
                .is_err()
        );
        assert!(Query::default().collection_name().is_err());
    }
}
