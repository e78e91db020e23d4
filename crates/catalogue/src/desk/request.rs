//! Requests: what a department asks another one to share with it, and what became of it.
//!
//! ```text
//! applied ── check ──> conforming ── answers ──> granted ── its day comes ──> expired
//!    ↑ │                    │            ↓             ↑ └── revoke ──> revoked
//!    │ └─> returned         └─> refused  publishing ───┘
//!    └─ resubmit ─┘     (withdraw: from any state before it is granted)
//! ```

use std::collections::BTreeMap;

use access::Form;
use record::Day;
use schema::SharingMode;
use serde::{Deserialize, Serialize};

use super::clock::Clock;

/// What a department asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wish {
    /// The collection.
    pub collection: String,
    /// Of which fields what is to be seen.
    pub fields: BTreeMap<String, Form>,
    /// How it is to be had.
    pub modes: Vec<SharingMode>,
    /// For which purpose, of `schemas/access/purposes.toml`.
    pub purpose: String,
    /// The law or rule by which the department needs it.
    pub legal_basis: String,
    /// The matter, in the department's words.
    pub reason: String,
    /// For how many days.
    pub days: u16,
    /// Only for this caller of the department, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// Only records within this division.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// How many records a day, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<u64>,
    /// The columns of list comparisons, as `POST /comparisons` reads them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<serde_json::Value>,
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The supervisor has not checked it yet.
    Applied,
    /// It did not conform: the applicant may mend it.
    Returned,
    /// It conforms; the providers have not all answered.
    Conforming,
    /// It is granted once the resource is published.
    Publishing,
    /// It is granted.
    Granted,
    /// The providers refused it.
    Refused,
    /// The applicant took it back.
    Withdrawn,
    /// The grant was taken back.
    Revoked,
    /// The grant has ended.
    Expired,
}

impl State {
    /// All of them.
    pub const ALL: [State; 9] = [
        State::Applied,
        State::Returned,
        State::Conforming,
        State::Publishing,
        State::Granted,
        State::Refused,
        State::Withdrawn,
        State::Revoked,
        State::Expired,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            State::Applied => "applied",
            State::Returned => "returned",
            State::Conforming => "conforming",
            State::Publishing => "publishing",
            State::Granted => "granted",
            State::Refused => "refused",
            State::Withdrawn => "withdrawn",
            State::Revoked => "revoked",
            State::Expired => "expired",
        }
    }
}

/// What a provider says to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// Whether it shares.
    pub agree: bool,
    /// What of its fields, where that is less than was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, Form>>,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub note: String,
}

/// Somebody who acts at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Speaker {
    /// For which department.
    pub department: String,
    /// The caller's id.
    pub caller: String,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step<S> {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// By whom.
    pub by: Speaker,
    /// What it is since.
    pub state: S,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// From when to when a grant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The first day.
    pub from: Day,
    /// The first day on which it no longer does.
    pub until: Day,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Its name.
    pub id: String,
    /// The department that asks.
    pub applicant: String,
    /// What for.
    pub wish: Wish,
    /// How far it has come. A grant whose last day is over is still `granted` here: see
    /// [`Request::state_on`].
    pub state: State,
    /// The clock that runs, and whom it waits for.
    pub clock: Option<Clock>,
    /// The departments that answer for the fields asked for, and what they said.
    pub answers: BTreeMap<String, Option<Answer>>,
    /// What was granted.
    pub granted: Option<BTreeMap<String, Form>>,
    /// From when to when.
    pub term: Option<Term>,
    /// What was done, the first first.
    pub history: Vec<Step<State>>,
}

impl Request {
    /// How far it has come, on a day.
    pub fn state_on(&self, day: Day) -> State {
        match (self.state, self.term) {
            (State::Granted, Some(term)) if day >= term.until => State::Expired,
            (state, _) => state,
        }
    }

    /// The providers that have not answered.
    pub fn waits_for(&self) -> impl Iterator<Item = &str> {
        let open = self.answers.iter().filter(|(_, answer)| answer.is_none());
        open.map(|(department, _)| department.as_str())
    }

    /// Whether a department has a part in it.
    pub fn concerns(&self, department: &str) -> bool {
        self.applicant == department || self.answers.contains_key(department)
    }
}
