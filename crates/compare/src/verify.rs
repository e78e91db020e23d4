//! `POST /collections/{c}/verify`: claims on records, each answered by a word.
//!
//! | word | when |
//! |---|---|
//! | `match` | the record says just that |
//! | `match-under-variant` | it says that in another form, which is named: see [`judge`] |
//! | `unknown` | the record has no value there |
//! | `disputed` | the value is in doubt, or other departments say what is claimed |
//! | `mismatch` | it says something else |
//! | `no-record` | there is no such record, or none that the caller may know of |
//!
//! What a record says leaves this module in no other way. Claims are read, and refused where they make no
//! sense, before any record is looked at.

mod claim;
pub mod judge;

use std::time::Duration;

use query::body::{Body, raw};
use query::{Context, QueryError, Times};
use record::Problem;
use register::Record;
use schema::Collection;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::find;
use crate::guesses::{Guesses, Limit};
use claim::Claimed;
use judge::{Agreement, Judge};

/// The most claims of one request.
pub const MOST_CLAIMS: usize = 1000;
/// The most values of one claim.
pub const MOST_VALUES: usize = 64;
const MEMBERS: &str = "claims (key, values), validAt, knownAt";

/// The body of `POST /collections/{c}/verify`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Verification {
    /// The claims.
    pub claims: Vec<Claim>,
    /// A day.
    #[serde(default)]
    pub valid_at: Option<String>,
    /// A day or instant.
    #[serde(default)]
    pub known_at: Option<String>,
}

/// What is claimed of one record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its natural key, as a look-up takes it.
    pub key: Json,
    /// Values by field; null claims that there is none. Without any, that there is such a record.
    #[serde(default)]
    pub values: Map<String, Json>,
}

impl Verification {
    /// Reads the body.
    ///
    /// # Errors
    ///
    /// Not such a body, or too many claims.
    pub fn from_json(body: &[u8]) -> Result<Verification, QueryError> {
        let read: Verification = serde_json::from_slice(body)
            .map_err(|error| query::ast::body_error(&error, MEMBERS))?;
        let limit = |parameter: String, value: usize, most: usize| QueryError::Limit {
            parameter,
            value: value.to_string(),
            limit: most.to_string().into(),
        };
        if read.claims.len() > MOST_CLAIMS {
            return Err(limit("claims".into(), read.claims.len(), MOST_CLAIMS));
        }
        for (place, claim) in read.claims.iter().enumerate() {
            if claim.values.len() > MOST_VALUES {
                let parameter = format!("claims[{place}].values");
                return Err(limit(parameter, claim.values.len(), MOST_VALUES));
            }
        }
        Ok(read)
    }
}

/// Who asks, and how often it was wrong.
#[derive(Clone, Copy)]
pub struct Guard<'a> {
    /// The wrong claims so far.
    pub guesses: &'a Guesses,
    /// The caller's name.
    pub caller: &'a str,
}

/// Why claims are not answered.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The request makes no sense, or the store fails.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The caller has been wrong too often about the same.
    #[error("{parameter}: claimed wrongly too often")]
    TooManyGuesses {
        /// Where in the request.
        parameter: String,
        /// How long until it may claim something else.
        again: Duration,
    },
}

impl VerifyError {
    /// The problem of the table `schemas/problems.toml` that this is.
    pub fn problem(&self) -> Problem {
        match self {
            VerifyError::Query(error) => error.problem(),
            VerifyError::TooManyGuesses { parameter, again } => {
                let hours = again.as_secs().div_ceil(3600);
                Problem::new("too-many-guesses", parameter, "", hours.to_string())
            }
        }
    }
}

/// Which fields of which collections may be claimed. What may not is as if it did not exist.
pub type May<'a> = &'a (dyn Fn(&str, &str) -> bool + Sync);

/// What became of one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Of the record's key; `None` where there is no record.
    pub key: Option<Agreement>,
    /// Of each value, in the order of the claim.
    pub values: Vec<(String, Agreement)>,
}

impl Verified {
    /// The whole claim in one word: that of the worst of its parts.
    pub fn outcome(&self) -> &'static str {
        let Some(key) = &self.key else {
            return NO_RECORD;
        };
        let values = self.values.iter().map(|(_, agreement)| agreement);
        let worst = values.chain([key]).max_by_key(|one| one.rank());
        worst.unwrap_or(key).name()
    }

    /// As it is answered.
    pub fn to_json(&self) -> Json {
        let mut out = json!({ "outcome": self.outcome() });
        let Some(key) = &self.key else {
            return out;
        };
        out["key"] = key.to_json();
        let values = self.values.iter();
        let values: Map<String, Json> = values
            .map(|(name, agreement)| (name.clone(), agreement.to_json()))
            .collect();
        if !values.is_empty() {
            out["values"] = Json::Object(values);
        }
        out
    }
}

const NO_RECORD: &str = "no-record";

/// Answers claims on records of a collection, on fields that `may` be claimed. `guard` counts wrong ones;
/// nobody is counted without it.
///
/// # Errors
///
/// A claim that names no field or no value of its type; a caller that guesses; a store that fails.
pub fn verify(
    context: &Context<'_>,
    collection: &Collection,
    request: &Verification,
    times: Times,
    may: May<'_>,
    guard: Option<Guard<'_>>,
) -> Result<Vec<Verified>, VerifyError> {
    let key = collection.key.iter().map(|number| collection.at(*number));
    for field in key {
        if !may(&collection.name, &field.name) {
            return Err(unknown(collection, may, "claims.key", &field.name).into());
        }
    }
    let read: Vec<Read> = request
        .claims
        .iter()
        .enumerate()
        .map(|(place, claim)| read(collection, may, place, claim))
        .collect::<Result<_, _>>()?;
    // What a look-up refuses is refused before any other claim is answered.
    let keys: Vec<Json> = request.claims.iter().map(|one| one.key.clone()).collect();
    let found = query::lookup::lookup(context, collection, &keys, times)
        .map_err(|error| renamed(error, &request.claims))?;
    let mut answers = Vec::with_capacity(read.len());
    for (place, (claim, found)) in read.iter().zip(found).enumerate() {
        if context.deadline.passed() {
            return Err(QueryError::TimeLimit(context.limits.time).into());
        }
        let one = One {
            context,
            collection,
            times,
            may,
            guard,
            place,
        };
        answers.push(one.answer(claim, found)?);
    }
    Ok(answers)
}

/// A claim, read.
struct Read<'a> {
    key: &'a Json,
    values: Vec<(&'a schema::Field, Claimed, String)>,
}

/// There is no such field that may be claimed.
fn unknown(collection: &Collection, may: May<'_>, parameter: &str, name: &str) -> QueryError {
    let names = collection.fields.iter().map(|field| field.name.as_str());
    let names = names.filter(|name| may(&collection.name, name));
    QueryError::UnknownField {
        parameter: parameter.to_string(),
        name: name.to_string(),
        known: query::names::nearest(name, names),
    }
}

fn read<'a>(
    collection: &'a Collection,
    may: May<'_>,
    place: usize,
    claim: &'a Claim,
) -> Result<Read<'a>, QueryError> {
    let values = claim.values.iter().map(|(name, given)| {
        let at = format!("claims[{place}].values");
        let field = collection.field(name).map(|(_, field)| field);
        let Some(field) = field.filter(|field| may(&collection.name, &field.name)) else {
            return Err(unknown(collection, may, &at, name));
        };
        let claimed = Claimed::read(field, given, &format!("{at}.{name}"))?;
        Ok((field, claimed, given.to_string()))
    });
    Ok(Read {
        key: &claim.key,
        values: values.collect::<Result<_, _>>()?,
    })
}

/// `keys[3]` of the look-up is `claims[3].key` here.
fn renamed(error: QueryError, claims: &[Claim]) -> QueryError {
    let rename = |parameter: &str| {
        let place = parameter.strip_prefix("keys[")?.split(']').next()?;
        let rest = parameter.split_once(']').map_or("", |(_, rest)| rest);
        let place: usize = place.parse().ok().filter(|place| *place < claims.len())?;
        Some(format!("claims[{place}].key{rest}"))
    };
    match error {
        QueryError::BadParameter {
            parameter,
            value,
            expected,
        } => QueryError::BadParameter {
            parameter: rename(&parameter).unwrap_or(parameter),
            value,
            expected,
        },
        QueryError::UnknownField {
            parameter,
            name,
            known,
        } => QueryError::UnknownField {
            parameter: rename(&parameter).unwrap_or(parameter),
            name,
            known,
        },
        other => other,
    }
}

/// One claim, and what it is answered in.
struct One<'a> {
    context: &'a Context<'a>,
    collection: &'a Collection,
    times: Times,
    may: May<'a>,
    guard: Option<Guard<'a>>,
    place: usize,
}

impl One<'_> {
    fn answer(&self, claim: &Read<'_>, found: Option<Record>) -> Result<Verified, VerifyError> {
        let said = claim.key.to_string();
        let keys = self
            .guard
            .map(|guard| (guard, Limit::keys(guard.caller, &self.collection.name)));
        if let Some((guard, limit)) = keys
            && let Some(again) = guard.guesses.check(limit, &said)
        {
            let parameter = format!("claims[{}].key", self.place);
            return Err(VerifyError::TooManyGuesses { parameter, again });
        }
        let found = match found {
            Some(record) => Some((record, Agreement::Match)),
            None => find::in_another_form(self.context, self.collection, claim.key, self.times)?
                .map(|(record, differs)| (record, Agreement::Variant(vec![differs]))),
        };
        let Some((record, key)) = found else {
            if let Some((guard, limit)) = keys {
                guard.guesses.note(limit, &said);
            }
            return Ok(Verified {
                key: None,
                values: Vec::new(),
            });
        };
        let judge = Judge {
            context: self.context,
            collection: self.collection,
            times: self.times,
            may: self.may,
            id: record.id,
            body: Body::parse(&record.body)?,
        };
        let id = record.id.to_string();
        let mut values = Vec::with_capacity(claim.values.len());
        for (field, claimed, said) in &claim.values {
            let limit = self.guard.map(|guard| {
                let limit = Limit::field(guard.caller, &self.collection.name, &id, &field.name);
                (guard, limit)
            });
            if let Some((guard, limit)) = limit
                && let Some(again) = guard.guesses.check(limit, said)
            {
                let parameter = format!("claims[{}].values.{}", self.place, field.name);
                return Err(VerifyError::TooManyGuesses { parameter, again });
            }
            let agreement = judge.judge(field, claimed)?;
            if let Some((guard, limit)) = limit
                && agreement == Agreement::Mismatch
            {
                guard.guesses.note(limit, said);
            }
            values.push((field.name.to_string(), agreement));
        }
        let key = if self.collection.key.iter().any(|number| {
            let name = &self.collection.at(*number).name;
            judge.is_disputed(name)
        }) {
            Agreement::Disputed
        } else {
            key
        };
        Ok(Verified {
            key: Some(key),
            values,
        })
    }
}

/// JSON of the store, read as what it holds.
fn stored(text: &str) -> Result<Json, QueryError> {
    // Through the same reader as bodies: damage is the store's, never the caller's.
    let raw = raw(text.to_string())?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

#[cfg(test)]
mod tests;
