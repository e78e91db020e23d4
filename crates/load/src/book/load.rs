//! A load as an object: what came, in which state it is, and how it got there.

use std::fmt;
use std::str::FromStr;

use record::{Day, Problem};
use register::Counts;
use serde::{Deserialize, Serialize};

use super::BookError;
use crate::limit::RejectLimit;
use crate::report::LoadReport;

/// Where a load stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its file is here whole, and waits for its rehearsal.
    Received,
    /// It is being rehearsed.
    Rehearsing,
    /// What it would do is known; somebody has to say whether it shall.
    Rehearsed,
    /// It is being published, or waits for its turn.
    Publishing,
    /// The state of the registers is the one with it.
    Published,
    /// It is being undone, or waits for its turn.
    Undoing,
    /// It was published, and a later load took it back.
    Undone,
    /// It could not be done, and never will: [`Load::problem`] says why.
    Failed,
    /// Somebody threw it away before it was published.
    Discarded,
}

impl State {
    /// All states, in the order in which a load comes to them.
    pub const ALL: [State; 9] = [
        State::Received,
        State::Rehearsing,
        State::Rehearsed,
        State::Publishing,
        State::Published,
        State::Undoing,
        State::Undone,
        State::Failed,
        State::Discarded,
    ];

    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            State::Received => "received",
            State::Rehearsing => "rehearsing",
            State::Rehearsed => "rehearsed",
            State::Publishing => "publishing",
            State::Published => "published",
            State::Undoing => "undoing",
            State::Undone => "undone",
            State::Failed => "failed",
            State::Discarded => "discarded",
        }
    }

    /// Whether the load goes on by itself.
    pub fn is_moving(self) -> bool {
        use State::{Publishing, Received, Rehearsing, Undoing};
        matches!(self, Received | Rehearsing | Publishing | Undoing)
    }

    /// Whether nothing will come of it any more, unless it is undone.
    pub fn is_final(self) -> bool {
        !self.is_moving() && self != State::Rehearsed
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(text: &str) -> Result<State, ()> {
        let found = State::ALL.into_iter().find(|state| state.name() == text);
        found.ok_or(())
    }
}

/// What a load is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A file.
    File,
    /// The undoing of another load.
    Undo,
}

/// One change of state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The state it led to.
    pub state: State,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// Who asked for it, as they called themselves; empty where it came by itself.
    #[serde(default)]
    pub by: String,
    /// What there is to say of it.
    #[serde(default)]
    pub note: Option<Problem>,
}

/// What an undo took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Statements retracted.
    pub statements: u64,
    /// Entities that they were about.
    pub entities: u64,
}

/// A load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Its name, in the ledger too.
    pub id: String,
    /// What it is made of.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The source mapping; of an undo: that of the load undone.
    pub source: String,
    /// The collection.
    pub collection: String,
    /// The department that speaks.
    pub department: String,
    /// The file's name, as it was given.
    pub file: String,
    /// The file's size in bytes; 0 where nobody knows.
    pub size: u64,
    /// The file's BLAKE3 hash, in hexadecimal digits; empty where nobody knows.
    pub hash: String,
    /// What the upload is called in the load's folder; none where the file is not kept.
    pub upload: Option<String>,
    /// The day from which its rows hold where they do not say.
    pub as_of: Option<Day>,
    /// How many rows may be refused.
    pub limit: RejectLimit,
    /// Rows by outcome, as far as known.
    pub counts: Option<Counts>,
    /// What the rehearsal found, later what the publication did.
    pub report: Option<LoadReport>,
    /// The transaction that the rehearsal saw.
    pub rehearsed_at: Option<u64>,
    /// The transaction that published it.
    pub transaction: Option<u64>,
    /// Why it failed, or why the last thing asked of it was not done.
    pub problem: Option<Problem>,
    /// Of an undo: the load undone.
    pub undoes: Option<String>,
    /// Of a load undone, or being so: the load that undoes it.
    pub undone_by: Option<String>,
    /// Of an undo: what it took back.
    pub withdrawn: Option<Withdrawn>,
    /// How it came to where it stands; the last step's state is the load's.
    pub history: Vec<Step>,
}

impl Load {
    /// Goes to a state. What there is to say of it becomes the load's problem where `problem` is given.
    pub fn step(&mut self, state: State, by: &str, problem: Option<Problem>) {
        self.problem.clone_from(&problem);
        self.note(state, by, problem);
    }

    /// Goes to a state, with a remark that is no problem. The load's problem stays what it was.
    pub fn note(&mut self, state: State, by: &str, note: Option<Problem>) {
        self.state = state;
        let at = now();
        let by = by.to_string();
        self.history.push(Step {
            state,
            at,
            by,
            note,
        });
    }

    /// Refuses what may only be done in some states.
    ///
    /// # Errors
    ///
    /// [`BookError::State`].
    pub fn expect(&self, states: &[State]) -> Result<(), BookError> {
        if states.contains(&self.state) {
            return Ok(());
        }
        Err(BookError::State {
            load: self.id.clone(),
            state: self.state,
            expected: states.to_vec(),
        })
    }

    /// Takes over what a rehearsal or a publication reports.
    pub fn heed(&mut self, report: LoadReport) {
        self.counts = Some(report.counts);
        self.report = Some(report);
    }

    /// Bytes of the upload that are kept.
    pub fn kept(&self) -> u64 {
        self.upload.as_ref().map_or(0, |_| self.size)
    }
}

/// Now, in microseconds since 1970 UTC.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_written_as_they_are_stored() {
        for state in State::ALL {
            assert_eq!(state.name().parse(), Ok(state));
            assert_eq!(
                serde_json::to_string(&state).expect("JSON"),
                format!("\"{state}\"")
            );
        }
        assert_eq!("done".parse::<State>(), Err(()));
    }
}
