//! Operations on whole records and on what was said of them: withdraw, merge, split, doubt.

use record::{DisputeState, EntityId, Problem, StatementKind, StatementPosition, Validity, prose};
use register::{LoadSession, OperationError, SourcedStatement};
use serde_json::value::RawValue;

use super::body::Members;
use super::call::Outcome;
use super::carry::{Carried, Said, Scene};
use super::error::{Located, WriteError};

/// The members of a withdrawal.
pub const RETRACT: &[&str] = &["statement", "department"];
/// The members of a merge.
pub const MERGE: &[&str] = &["into", "department"];
/// The members of a split: the statements, and what is said of the new record.
pub const SPLIT: &[&str] = &[
    "statements",
    "type",
    "geometry",
    "properties",
    "validFrom",
    "validTo",
    "department",
];
/// The members of a doubt.
pub const DISPUTE: &[&str] = &["field", "state", "note", "department"];
/// The longest note.
const LONGEST_NOTE: usize = 1000;

/// What a call does to a record or to what was said of it.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A statement is withdrawn.
    Retract(StatementPosition),
    /// The record is another one.
    Merge(EntityId),
    /// Statements are of a new record, of which more may be said.
    Split(Vec<StatementPosition>, Option<Said>),
    /// A field is in doubt, or no longer.
    Dispute {
        /// Its name.
        field: String,
        /// How far the doubt has come.
        state: DisputeState,
        /// Why.
        note: String,
    },
}

fn wrong(
    pointer: &str,
    code: record::ProblemCode,
    found: &str,
    expected: record::Prose,
) -> WriteError {
    let field = pointer.trim_start_matches('/');
    WriteError::Invalid(vec![Located {
        pointer: pointer.to_string(),
        problem: Problem::new(code, field, found, expected),
    }])
}

/// Reads which statement is withdrawn: its block and place, or the last that the department made and
/// that stands. Departments withdraw only what they have said themselves.
pub fn retract(
    members: &Members,
    department: &str,
    statements: &[SourcedStatement],
) -> Result<Operation, WriteError> {
    let form = || {
        prose!(
            "last，或陈述的位置，如 [12, 0]",
            "last, or the position of a statement, such as [12, 0]"
        )
    };
    let raw = members.get("statement").map_or("\"last\"", RawValue::get);
    if raw == "\"last\"" {
        let withdrawn = withdrawn(statements);
        let last = statements.iter().rev().find(|one| {
            one.department == department
                && !withdrawn.contains(&one.position)
                && !matches!(one.statement.kind, StatementKind::Retract(_))
        });
        let last = last.ok_or(WriteError::NothingToEnd)?;
        return Ok(Operation::Retract(last.position));
    }
    let pair: (u64, u32) =
        serde_json::from_str(raw).map_err(|_| wrong("/statement", "wrong-type", raw, form()))?;
    let position = position(pair);
    match statements.iter().find(|one| one.position == position) {
        None => Err(wrong("/statement", "statement-unknown", raw, "".into())),
        Some(one) if one.department != department => {
            let theirs = one.department.as_str().into();
            Err(wrong("/statement", "statement-of-another", raw, theirs))
        }
        Some(_) => Ok(Operation::Retract(position)),
    }
}

fn position((block, place): (u64, u32)) -> StatementPosition {
    StatementPosition { block, place }
}

/// The statements that are withdrawn. Withdrawals can be withdrawn: the latest are looked at first.
fn withdrawn(statements: &[SourcedStatement]) -> Vec<StatementPosition> {
    let mut withdrawn = Vec::new();
    let mut by_age: Vec<&SourcedStatement> = statements.iter().collect();
    by_age.sort_by_key(|one| (one.known, one.position));
    for one in by_age.into_iter().rev() {
        if let StatementKind::Retract(position) = one.statement.kind
            && !withdrawn.contains(&one.position)
        {
            withdrawn.push(position);
        }
    }
    withdrawn
}

/// Reads into which record another is merged.
pub fn merge(members: &Members, register: record::RegisterLetter) -> Result<Operation, WriteError> {
    let text = members.text("into")?.unwrap_or_default();
    let id = text.parse::<EntityId>().ok();
    match id.filter(|id| id.register() == register) {
        Some(id) => Ok(Operation::Merge(id)),
        None => Err(wrong(
            "/into",
            "reference-unresolved",
            &text,
            prose!("记录的标识", "the id of a record"),
        )),
    }
}

/// Reads which statements are split off.
pub fn split(members: &Members) -> Result<Vec<StatementPosition>, WriteError> {
    let raw = members.get("statements").map_or("[]", RawValue::get);
    let pairs: Vec<(u64, u32)> = serde_json::from_str(raw).unwrap_or_default();
    if pairs.is_empty() {
        let form = prose!(
            "陈述的位置，如 [[12, 0], [15, 3]]",
            "positions of statements, such as [[12, 0], [15, 3]]"
        );
        return Err(wrong(
            "/statements",
            "wrong-type",
            &crate::cell::shortened(raw),
            form,
        ));
    }
    Ok(pairs.into_iter().map(position).collect())
}

/// Reads a doubt.
pub fn dispute(members: &Members) -> Result<Operation, WriteError> {
    let field = members.text("field")?.unwrap_or_default();
    let state = members
        .text("state")?
        .unwrap_or_else(|| "raised".to_string());
    let note = members.text("note")?.unwrap_or_default();
    if note.chars().count() > LONGEST_NOTE {
        let length = note.chars().count().to_string();
        let most = prose!("{LONGEST_NOTE} 个字符", "{LONGEST_NOTE} characters");
        return Err(wrong("/note", "too-long", &length, most));
    }
    let Some(known) = DisputeState::from_name(&state) else {
        let names: Vec<&str> = DisputeState::ALL.iter().map(|one| one.name()).collect();
        return Err(wrong(
            "/state",
            "wrong-type",
            &state,
            names.join(" | ").into(),
        ));
    };
    Ok(Operation::Dispute {
        field,
        state: known,
        note,
    })
}

impl Scene<'_> {
    /// Carries out an operation on a record.
    pub fn operate(
        &self,
        session: &mut LoadSession,
        number: u64,
        operation: Operation,
    ) -> Result<Carried, WriteError> {
        let (number, outcome) = match operation {
            Operation::Retract(position) => {
                let done = session.retract(number, position);
                done.map_err(|error| self.refused(error, "/statement"))?;
                (number, Outcome::Changed)
            }
            Operation::Merge(into) => {
                let done = session.merge(number, into.number());
                done.map_err(|error| self.refused(error, "/into"))?;
                (into.number(), Outcome::Changed)
            }
            Operation::Split(statements, said) => {
                let new = session.split(number, &statements);
                let new = new.map_err(|error| self.refused(error, "/statements"))?;
                if let Some(said) = said {
                    self.name(session, new, said)?;
                }
                (new, Outcome::Created)
            }
            Operation::Dispute { field, state, note } => {
                let done = session.dispute(number, &field, state, &note);
                done.map_err(|error| self.refused(error, "/field"))?;
                (number, Outcome::Changed)
            }
        };
        Ok(Carried {
            number,
            outcome,
            validity: Validity::ALWAYS,
        })
    }

    /// Says something of a record that was split off, its natural key as a rule.
    fn name(&self, session: &mut LoadSession, number: u64, said: Said) -> Result<(), WriteError> {
        self.refuse_taken(session, number, said.key)?;
        let validity = said.validity(record::Day::MIN);
        session.change(number, said.row(validity))?;
        Ok(())
    }

    /// What the session refuses, as a problem of the call. `pointer` is the member that names what the
    /// session looks for.
    fn refused(&self, error: OperationError, pointer: &'static str) -> WriteError {
        let at = |code, found: String| wrong(pointer, code, &found, "".into());
        let place = |one: StatementPosition| format!("[{}, {}]", one.block, one.place);
        match error {
            OperationError::UnknownEntity(number) => {
                let id = EntityId::new(self.collection.register, number);
                let id = id.map(|id| id.to_string()).unwrap_or_default();
                at("reference-unresolved", id)
            }
            OperationError::UnknownStatement(position) => at("statement-unknown", place(position)),
            OperationError::Withdrawn => at("statement-withdrawn", String::new()),
            OperationError::NotCounted => at("statement-elsewhere", String::new()),
            OperationError::Itself => at("merged-with-itself", String::new()),
            OperationError::Merged(id, successor) => wrong(
                pointer,
                "merged-already",
                &id.to_string(),
                successor.to_string().into(),
            ),
            OperationError::NothingChosen => at("missing-value", String::new()),
            OperationError::UnknownField(field) => {
                let names = self
                    .collection
                    .fields
                    .iter()
                    .map(|field| field.name.as_str());
                let names = names.collect::<Vec<_>>().join(", ");
                wrong(pointer, "unknown-field", &field, names.into())
            }
            OperationError::NotDisputed(field) => at("not-disputed", field),
            OperationError::Store(error) => WriteError::Store(error),
        }
    }
}
