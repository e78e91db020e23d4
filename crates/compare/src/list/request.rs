//! What is asked: a grant, some of its columns, and keys, as JSON or as a CSV file.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Cursor;

use load::encoding::{self, TextEncoding};
use query::QueryError;
use record::{Prose, prose};
use schema::Collection;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::MOST_KEYS;

/// The body of `POST /comparisons`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The grant under which it is asked.
    pub grant: String,
    /// The columns asked for, by name; all that are agreed where none is named.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The keys: texts, or objects with a member for each field of the key.
    pub keys: Vec<Json>,
}

/// The longest value of a key, in bytes.
const LONGEST: usize = 200;
/// The name that stands for the field of a key that has but one.
const KEY: &str = "key";

impl Request {
    /// Reads a body of JSON.
    ///
    /// # Errors
    ///
    /// Not such a body, or too many keys.
    pub fn from_json(body: &[u8]) -> Result<Request, QueryError> {
        let read: Request = serde_json::from_slice(body)
            .map_err(|error| query::ast::body_error(&error, "grant, columns, keys"))?;
        check_number(read.keys.len())?;
        Ok(read)
    }

    /// Brings every key into the form in which it is kept: a text of a single key, an object otherwise.
    /// A key that stands there twice is answered twice.
    ///
    /// # Errors
    ///
    /// A key that is none of the collection's.
    pub(super) fn read_keys(&self, collection: &Collection) -> Result<Vec<Json>, QueryError> {
        if self.keys.is_empty() {
            let expected = prose!("至少一个主键", "at least one key");
            return Err(QueryError::bad("keys", "[]", expected));
        }
        let names = key_names(collection);
        let each = self.keys.iter().enumerate();
        each.map(|(place, key)| read_key(&names, place, key))
            .collect()
    }
}

/// The names of the fields of a collection's natural key.
pub fn key_names(collection: &Collection) -> Vec<String> {
    let fields = collection.key.iter().map(|number| collection.at(*number));
    fields.map(|field| field.name.to_string()).collect()
}

fn check_number(keys: usize) -> Result<(), QueryError> {
    if keys <= MOST_KEYS {
        return Ok(());
    }
    Err(QueryError::Limit {
        parameter: "keys".to_string(),
        value: keys.to_string(),
        limit: MOST_KEYS.to_string().into(),
    })
}

fn read_key(names: &[String], place: usize, key: &Json) -> Result<Json, QueryError> {
    let at = format!("keys[{place}]");
    let text = |value: &Json| match value {
        Json::String(text) if !text.trim().is_empty() && text.len() <= LONGEST => {
            Some(text.trim().to_string())
        }
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    // What was given may be personal: it is not repeated.
    let refused = || {
        let names = names.join(", ");
        let expected = prose!(
            "主键（{names}），每个值至多 {LONGEST} 字节",
            "a key ({names}), each value of at most {LONGEST} bytes"
        );
        QueryError::bad(&at, "…", expected)
    };
    match (key, names) {
        (Json::Object(members), _) => {
            let is_known = |name: &String| names.contains(name);
            if members.len() != names.len() || !members.keys().all(is_known) {
                return Err(refused());
            }
            let mut out = Map::new();
            for name in names {
                let value = members.get(name).and_then(text).ok_or_else(refused)?;
                out.insert(name.clone(), Json::String(value));
            }
            match names {
                [only] => Ok(out.remove(only).unwrap_or_default()),
                _ => Ok(Json::Object(out)),
            }
        }
        (one, [_]) => text(one).map(Json::String).ok_or_else(refused),
        _ => Err(refused()),
    }
}

/// The keys of a CSV file in UTF-8 or GB18030: a header with the names or the Chinese labels of the key's
/// fields, or `key` where there is but one, and no other column; then a line a key.
///
/// # Errors
///
/// No such file, with the line that is wrong.
pub fn keys_of_csv(collection: &Collection, file: &[u8]) -> Result<Vec<Json>, QueryError> {
    let text = text_of(file)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let of_line = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let found = prose!("第 {line} 行", "line {line}");
        let expected = prose!("列数与表头相同的行", "as many cells as the header has");
        QueryError::BadBody { found, expected }
    };
    let header = reader.headers().map_err(of_line)?.clone();
    let names = key_columns(collection, &header)?;
    let mut keys = Vec::new();
    for row in reader.records() {
        let row = row.map_err(of_line)?;
        let cell = |(name, cell): (&String, &str)| (name.clone(), Json::from(cell));
        let members: Map<String, Json> = names.iter().zip(&row).map(cell).collect();
        keys.push(Json::Object(members));
        check_number(keys.len())?;
    }
    Ok(keys)
}

/// A file's text, without its byte order mark.
fn text_of(file: &[u8]) -> Result<Cow<'_, str>, QueryError> {
    let refused = |found: Prose| QueryError::BadBody {
        found,
        expected: prose!(
            "UTF-8 或 GB18030 编码的 CSV 文件",
            "a CSV file in UTF-8 or GB18030"
        ),
    };
    let detected = encoding::detect(Cursor::new(file), None)
        .map_err(|reason| refused(prose!("无法识别的文件", "{reason}")))?;
    let name = detected.encoding.name();
    if !matches!(
        detected.encoding,
        TextEncoding::Utf8 | TextEncoding::Gb18030
    ) {
        return Err(refused(name.into()));
    }
    let rest = file.get(detected.byte_order_mark..).unwrap_or_default();
    let undecodable = || prose!("{name} 之外的字节", "bytes that are not {name}");
    let text = detected.encoding.decode(rest);
    text.map_err(|_| refused(undecodable()))
}

/// The field of each column of a header that has just those of the natural key.
fn key_columns(
    collection: &Collection,
    header: &csv::StringRecord,
) -> Result<Vec<String>, QueryError> {
    let fields = collection.key.iter().map(|number| collection.at(*number));
    let fields: Vec<_> = fields.collect();
    let named = header.iter().map(|cell| {
        let is_meant = |name: &str, label: &str| {
            cell == name || cell == label || (cell == KEY && fields.len() == 1)
        };
        let field = fields
            .iter()
            .find(|field| is_meant(&field.name, &field.label.zh));
        field.map(|field| field.name.to_string())
    });
    let named: Option<Vec<String>> = named.collect();
    let is_whole = |names: &Vec<String>| {
        let distinct: BTreeSet<&String> = names.iter().collect();
        names.len() == fields.len() && distinct.len() == fields.len()
    };
    named.filter(is_whole).ok_or_else(|| {
        let columns: Vec<&str> = header.iter().collect();
        let columns = shortened(&columns.join(","));
        let wanted = key_names(collection).join(",");
        QueryError::BadBody {
            found: prose!("表头“{columns}”", "the header '{columns}'"),
            expected: prose!(
                "只含主键列的表头：{wanted}",
                "a header with the key's columns only: {wanted}"
            ),
        }
    })
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
