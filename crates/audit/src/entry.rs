//! What one entry of the trail says.

use std::collections::BTreeMap;

use record::EntityId;
use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::receipt::Receipt;

/// What an entry is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A request and the whole of its answer.
    #[default]
    Answer,
    /// A request whose answer is written while it is sent: nothing of that has left yet.
    Begun,
    /// What the next bytes of such an answer tell of.
    Part,
    /// Such an answer has ended.
    Ended,
    /// The trail was opened, and its torn end cut off.
    Recovered,
}

/// Who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Who {
    /// Its name, which no other caller ever has.
    pub id: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Its department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The person behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Its roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The division it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// How it proved who it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
}

/// What for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatFor {
    /// The purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// What an exchange says of the request, by header.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exchange: BTreeMap<String, String>,
}

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The path, as it came.
    pub path: String,
    /// The query string, as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The body, where it was kept: text, of a caller that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The digest of a body that was not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_digest: Option<Hash>,
    /// The headers that the answer depends on, by name in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// The pair of times that "now" meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// The last transaction known.
    pub transaction: u64,
    /// The instant, in microseconds since 1970 UTC.
    pub instant: i64,
}

/// What the writer of an entry says. The trail adds the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// What it is about.
    pub kind: Kind,
    /// Of a part and of an end: the entry that began it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Who>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_for: Option<WhatFor>,
    /// What was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What "now" meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// The records that were handed out, by collection.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<String, Vec<EntityId>>,
    /// How many records were counted, grouped or compared, by collection.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counted: BTreeMap<String, u64>,
    /// The policy under which it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The answer's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The answer's media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// SHA-256 of the answer's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Hash>,
    /// The length of the answer's body; of a torn end, of what was cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Of an end: whether all was sent, or it was broken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<bool>,
}

/// An entry as it stands in the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its place, from 0.
    pub sequence: u64,
    /// The leaf hash of the entry before.
    pub previous: Hash,
    /// Its name outside.
    pub receipt: Receipt,
    /// When, RFC 3339 in UTC.
    pub instant: String,
    /// What it says.
    #[serde(flatten)]
    pub note: Note,
}

/// What chains an entry and is listed of it; read without the rest.
#[derive(Deserialize)]
pub(crate) struct Outline<'a> {
    pub(crate) sequence: u64,
    pub(crate) previous: Hash,
    #[serde(borrow)]
    pub(crate) instant: std::borrow::Cow<'a, str>,
    #[serde(default)]
    pub(crate) of: Option<u64>,
    #[serde(default)]
    pub(crate) caller: Option<Named>,
    #[serde(default)]
    pub(crate) records: BTreeMap<String, Vec<EntityId>>,
}

/// A caller's name.
#[derive(Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
}

/// Under what an entry is listed: a record, a caller, or the entry that it goes on from. One number each:
/// the kind in the upper byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark(pub(crate) u64);

const LOWER: u64 = (1 << 56) - 1;

impl Mark {
    pub(crate) fn record(id: EntityId) -> Mark {
        Mark((id.register() as u64) << 56 | id.number())
    }

    /// Callers whose hashes agree in 56 bits share a list: who reads it looks at the entry.
    pub(crate) fn caller(id: &str) -> Mark {
        let hash = blake3::hash(id.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        Mark(u64::from(b'@') << 56 | u64::from_be_bytes(first) & LOWER)
    }

    pub(crate) fn of(sequence: u64) -> Mark {
        Mark(u64::from(b'#') << 56 | sequence & LOWER)
    }

    /// Under what an entry is listed.
    pub(crate) fn all<'a>(
        records: &'a BTreeMap<String, Vec<EntityId>>,
        caller: Option<&str>,
        of: Option<u64>,
    ) -> impl Iterator<Item = Mark> + use<'a> {
        let records = records.values().flatten().map(|id| Mark::record(*id));
        let caller = caller.map(Mark::caller);
        records.chain(caller).chain(of.map(Mark::of))
    }
}
