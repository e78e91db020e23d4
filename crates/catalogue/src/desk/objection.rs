//! Objections: a department, or a subject through one, says that a value is wrong.
//!
//! ```text
//! raised ──> accepted ──> marked ──> verified ──> unmarked
//!    │           └──────────┴─> (withdrawn, by whoever raised it, until it is verified)
//!    └─> rejected
//! ```
//!
//! `marked`, `verified` and `unmarked` stand on the record as well, as statements of doubt by the
//! responsible department; who carries out a step writes there first. An objection holds no value of the
//! record: whether it was corrected, the record's statements tell.

use std::sync::Arc;

use record::{DisputeState, EntityId, FieldNumber, StatementKind, Transaction, prose};
use register::SourcedStatement;
use serde::{Deserialize, Serialize};

use super::clock::{Awaited, Clock};
use super::request::{Speaker, Step};
use super::steps::check_note;
use super::{Desk, OBJECTIONS, began, step};
use crate::error::{DeskError, Fault};
use crate::papers;

/// What an objection is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The collection.
    pub collection: String,
    /// The record's id.
    pub record: String,
    /// The field.
    pub field: String,
}

/// Who objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objector {
    /// The department that uses the value.
    #[default]
    Department,
    /// Whom the record is about, at a department's window.
    Subject,
}

/// What is objected to, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Objecting {
    /// The collection.
    pub collection: String,
    /// The record's id.
    pub record: String,
    /// The field.
    pub field: String,
    /// What is wrong with it, and how that is known.
    pub reason: String,
    /// Who objects.
    #[serde(default)]
    pub objector: Objector,
}

/// How far an objection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// The responsible department has not taken it on.
    Raised,
    /// It has.
    Accepted,
    /// The record says that the value is in doubt.
    Marked,
    /// It is known what is right.
    Verified,
    /// The record says nothing of it any more.
    Unmarked,
    /// It was not taken on.
    Rejected,
    /// It was taken back.
    Withdrawn,
}

impl Progress {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Progress::Raised => "raised",
            Progress::Accepted => "accepted",
            Progress::Marked => "marked",
            Progress::Verified => "verified",
            Progress::Unmarked => "unmarked",
            Progress::Rejected => "rejected",
            Progress::Withdrawn => "withdrawn",
        }
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The value was right.
    Confirmed,
    /// It was wrong, and has been corrected.
    Corrected,
}

/// What is done to an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The responsible department takes it on.
    Accept,
    /// It does not, and says why.
    Reject,
    /// The record says so.
    Mark,
    /// It is known what is right.
    Verify(Finding),
    /// The record says nothing of it any more.
    Unmark,
    /// Whoever raised it takes it back.
    Withdraw,
}

impl Act {
    /// The states in which it may be done, and the one that it leads to.
    fn way(self) -> (&'static [Progress], Progress) {
        use Progress::{Accepted, Marked, Raised, Rejected, Unmarked, Verified, Withdrawn};
        match self {
            Act::Accept => (&[Raised], Accepted),
            Act::Reject => (&[Raised], Rejected),
            Act::Mark => (&[Accepted], Marked),
            Act::Verify(_) => (&[Marked], Verified),
            Act::Unmark => (&[Verified], Unmarked),
            Act::Withdraw => (&[Raised, Accepted, Marked], Withdrawn),
        }
    }

    /// What is written on the record when it is done, in this order: a doubt is raised before it is accepted.
    pub fn written(self, objection: &Objection) -> &'static [DisputeState] {
        match self {
            Act::Mark => &[DisputeState::Raised, DisputeState::Accepted],
            Act::Verify(_) => &[DisputeState::Verified],
            Act::Unmark => &[DisputeState::Removed],
            Act::Withdraw if objection.state == Progress::Marked => &[DisputeState::Removed],
            Act::Accept | Act::Reject | Act::Withdraw => &[],
        }
    }
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Objection {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub about: About,
    /// What is wrong with it, and how that is known.
    pub reason: String,
    /// Who objects.
    pub objector: Objector,
    /// Who raised it at the desk.
    pub raised_by: Speaker,
    /// The department that answers for the field.
    pub responsible: String,
    /// How far it has come.
    pub state: Progress,
    /// The clock that runs.
    pub clock: Option<Clock>,
    /// What was found.
    pub finding: Option<Finding>,
    /// The last transaction before it was raised.
    pub since: u64,
    /// What was done, the first first.
    pub history: Vec<Step<Progress>>,
}

impl Objection {
    /// Whether a department has a part in it.
    pub fn concerns(&self, department: &str) -> bool {
        self.raised_by.department == department || self.responsible == department
    }
}

impl Desk {
    /// An objection that a department has a part in.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotFound`], also where it has none.
    pub fn objection(&self, id: &str, department: &str) -> Result<Arc<Objection>, DeskError> {
        let found = self.objections.get(id);
        let found = found.filter(|one| self.is_supervisor(department) || one.concerns(department));
        found.ok_or_else(|| DeskError::NotFound(id.to_string()))
    }

    /// The objections that a department has a part in, the newest first.
    pub fn objections(&self, department: &str) -> Vec<Arc<Objection>> {
        let mut all = self.objections.all();
        all.retain(|one| self.is_supervisor(department) || one.concerns(department));
        all.sort_by(|one, other| began(&other.history).cmp(began(&one.history)));
        all
    }

    /// Somebody objects to a value of a record, which the caller has seen. `known` is the last transaction.
    ///
    /// # Errors
    ///
    /// [`DeskError::Invalid`]; it cannot be kept.
    pub fn object(
        &self,
        objecting: Objecting,
        record: EntityId,
        known: Transaction,
        by: &Speaker,
    ) -> Result<Arc<Objection>, DeskError> {
        let Objecting {
            collection,
            field,
            reason,
            objector,
            ..
        } = objecting;
        let found = self.catalog.collection(&collection);
        let found = found.and_then(|one| one.field(&field));
        let mut faults = Vec::new();
        let Some((_, known_field)) = found else {
            return Err(DeskError::Invalid(vec![Fault::new("/field", &field, "")]));
        };
        if !known_field.is_given() {
            let expected = prose!(
                "由来源给出的字段：由别处得来的值，应向其出处提出",
                "a field that sources give: to one that comes from elsewhere, object there"
            );
            faults.push(Fault::new("/field", &field, expected));
        }
        if let Err(DeskError::Invalid(wrong)) = check_note(&reason, true) {
            let wrong = wrong.into_iter().map(|fault| Fault {
                pointer: "/reason".to_string(),
                ..fault
            });
            faults.extend(wrong);
        }
        if !faults.is_empty() {
            return Err(DeskError::Invalid(faults));
        }
        let _changing = self.objections.lock();
        let objection = Objection {
            id: papers::new_name('Y')?,
            responsible: known_field.authority.responsible.clone(),
            about: About {
                collection,
                record: record.to_string(),
                field,
            },
            reason,
            objector,
            raised_by: by.clone(),
            state: Progress::Raised,
            clock: Some(self.begin(Awaited::Acceptance)),
            finding: None,
            since: known.0,
            history: vec![step(by, Progress::Raised, "")],
        };
        let id = objection.id.clone();
        Ok(self
            .objections
            .keep(self.papers.as_ref(), OBJECTIONS, &id, objection)?)
    }

    /// Whether something may be done to an objection now, by a department: what must be so before anything
    /// is written on the record. `statements` are those of the record.
    ///
    /// # Errors
    ///
    /// Its state, or the department, does not allow it; what is said to be corrected was not.
    pub fn may(
        &self,
        id: &str,
        act: Act,
        note: &str,
        by: &Speaker,
        statements: &[SourcedStatement],
    ) -> Result<Arc<Objection>, DeskError> {
        let objection = self.objection(id, &by.department)?;
        let (states, _) = act.way();
        if !states.contains(&objection.state) {
            let names: Vec<&str> = states.iter().map(|one| one.name()).collect();
            return Err(DeskError::State {
                found: objection.state.name(),
                expected: names.join(", "),
            });
        }
        let actor = match act {
            Act::Withdraw => &objection.raised_by.department,
            _ => &objection.responsible,
        };
        if *actor != by.department {
            return Err(DeskError::NotYours(actor.clone()));
        }
        check_note(note, matches!(act, Act::Reject | Act::Verify(_)))?;
        if act == Act::Verify(Finding::Corrected) && !self.is_corrected(&objection, statements) {
            return Err(DeskError::NotCorrected);
        }
        Ok(objection)
    }

    /// Does something to an objection, once what it says of the record is written there.
    ///
    /// # Errors
    ///
    /// As [`Desk::may`].
    pub fn act(
        &self,
        id: &str,
        act: Act,
        note: &str,
        by: &Speaker,
        statements: &[SourcedStatement],
    ) -> Result<Arc<Objection>, DeskError> {
        let _changing = self.objections.lock();
        let mut objection = self.may(id, act, note, by, statements)?.as_ref().clone();
        let (_, state) = act.way();
        objection.state = state;
        objection.clock = match state {
            Progress::Accepted => Some(self.begin(Awaited::Verification)),
            // The clock of the acceptance runs on until it is known what is right.
            Progress::Marked => objection.clock,
            _ => None,
        };
        if let Act::Verify(finding) = act {
            objection.finding = Some(finding);
        }
        objection.history.push(step(by, state, note));
        Ok(self
            .objections
            .keep(self.papers.as_ref(), OBJECTIONS, id, objection)?)
    }

    /// Whether anything was said of the field, or withdrawn of the record, since the objection was raised.
    fn is_corrected(&self, objection: &Objection, statements: &[SourcedStatement]) -> bool {
        let about = &objection.about;
        let collection = self.catalog.collection(&about.collection);
        let number: Option<FieldNumber> = collection.and_then(|one| one.number(&about.field));
        let later = statements
            .iter()
            .filter(|one| one.known.0 > objection.since);
        later.into_iter().any(|one| match &one.statement.kind {
            StatementKind::Assert(fields) => {
                number.is_some_and(|number| fields.iter().any(|(field, _)| *field == number))
            }
            StatementKind::End | StatementKind::Retract(_) => true,
            _ => false,
        })
    }
}
