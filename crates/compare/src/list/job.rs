//! One comparison, as it is kept and shown.

use record::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::agreement::{Agreement, AsOfText, Column};

/// How far a comparison has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is answered as soon as those before it are.
    Waiting,
    /// It is being answered.
    Running,
    /// All is answered.
    Done,
    /// It was refused, and answers nothing.
    Refused,
    /// Something failed; it can be resumed.
    Failed,
    /// Its keys and answers are gone.
    Discarded,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Running => "running",
            State::Done => "done",
            State::Refused => "refused",
            State::Failed => "failed",
            State::Discarded => "discarded",
        }
    }

    /// Whether it goes on by itself.
    pub fn is_moving(self) -> bool {
        matches!(self, State::Waiting | State::Running)
    }
}

/// How often a column was answered how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Yes.
    pub yes: usize,
    /// No.
    pub no: usize,
    /// Unknown.
    pub unknown: usize,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Its name, which cannot be guessed.
    pub id: String,
    /// How far it has come.
    pub state: State,
    /// What was agreed when it was received.
    pub agreement: Agreement,
    /// The questions asked.
    pub columns: Vec<Column>,
    /// The names of the keys' fields.
    pub key: Vec<String>,
    /// How many keys it has.
    pub keys: usize,
    /// Of how many keys the answers are on the disk.
    pub answered: usize,
    /// The caller's name.
    pub caller: String,
    /// To whom it belongs: the caller's department, or the caller where it has none.
    pub owner: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// The case it is for.
    pub case: Option<String>,
    /// When it was received, microseconds since 1970 UTC.
    pub received: i64,
    /// When it came to rest.
    pub rested: Option<i64>,
    /// The first day of its period, as days since 1970.
    pub period: i32,
    /// The pair of times it is answered for.
    pub at: AsOfText,
    /// Whether records were found that it counts among the lists of its period.
    pub counts: bool,
    /// By column, once it is done.
    pub totals: Vec<Totals>,
    /// Why it answers nothing.
    pub problem: Option<Problem>,
}

impl Comparison {
    /// As it is shown; the texts of a problem are for the caller to add.
    pub fn to_json(&self) -> Json {
        let text = |instant: i64| query::times::instant_text(instant);
        let columns = self.columns.iter().enumerate().map(|(place, column)| {
            let mut out = json!({ "name": column.name, "label": column.label });
            if let Some(totals) = self.totals.get(place) {
                out["totals"] = json!(totals);
            }
            out
        });
        let columns: Vec<Json> = columns.collect();
        json!({
            "id": self.id,
            "state": self.state.name(),
            "grant": self.agreement.grant,
            "collection": self.agreement.collection,
            "columns": columns,
            "keys": self.keys,
            "answered": self.answered,
            "purpose": self.purpose,
            "case": self.case,
            "received": text(self.received),
            "rested": self.rested.and_then(text),
            "validAt": self.at.valid_at,
            "knownAt": self.at.known_at,
        })
    }
}

/// The answer to one question on one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// The record does not say, or there is none.
    Unknown,
}

impl Word {
    /// As it is answered.
    pub fn name(self) -> &'static str {
        match self {
            Word::Yes => "yes",
            Word::No => "no",
            Word::Unknown => "unknown",
        }
    }

    /// The byte on the disk.
    pub(super) fn byte(self) -> u8 {
        match self {
            Word::Yes => b'y',
            Word::No => b'n',
            Word::Unknown => b'u',
        }
    }

    pub(super) fn of_byte(byte: u8) -> Option<Word> {
        [Word::Yes, Word::No, Word::Unknown]
            .into_iter()
            .find(|word| word.byte() == byte)
    }
}
