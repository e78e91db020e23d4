//! The board: what waits for whom, the overdue first.

use record::Day;
use serde::Serialize;

use super::Desk;
use super::clock::{Clock, Reading, Urgency};
use super::request::State;

/// A paper whose clock runs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// `request` or `objection`.
    pub kind: &'static str,
    /// Its name.
    pub id: String,
    /// Where it is.
    pub href: String,
    /// What it is about.
    pub collection: String,
    /// Who began it.
    pub by: String,
    /// The departments that must act.
    pub waits_for: Vec<String>,
    /// The clock.
    pub clock: Reading,
}

/// What waits.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// The day.
    pub today: String,
    /// How many clocks have run out.
    pub overdue: usize,
    /// How many soon will.
    pub due_soon: usize,
    /// What waits, the most urgent first.
    pub waiting: Vec<Waiting>,
    /// Grants that end within the days of the longest clock.
    pub ending: Vec<Ending>,
}

/// A grant that ends soon.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// The request.
    pub id: String,
    /// The department that has it.
    pub applicant: String,
    /// The collection.
    pub collection: String,
    /// The first day on which it no longer holds.
    pub until: String,
}

/// How many days before its end a grant is told of.
const ENDING_WITHIN: i32 = 14;

impl Desk {
    /// What waits on a day, of the papers that a department has a part in; the supervisor sees all.
    pub fn board(&self, department: &str, today: Day) -> Board {
        let mut waiting = Vec::new();
        let mut ending = Vec::new();
        for one in self.requests(department) {
            if let Some(clock) = &one.clock {
                let waits_for: Vec<String> = match one.state {
                    State::Applied => vec![self.rules.supervisor.clone()],
                    State::Publishing => one.answers.keys().cloned().collect(),
                    _ => one.waits_for().map(str::to_string).collect(),
                };
                waiting.push(Waiting {
                    kind: "request",
                    id: one.id.clone(),
                    href: format!("/requests/{}", one.id),
                    collection: one.wish.collection.clone(),
                    by: one.applicant.clone(),
                    waits_for,
                    clock: self.reading(clock, today),
                });
            }
            if let (State::Granted, Some(term)) = (one.state_on(today), one.term)
                && term.until.0 - today.0 <= ENDING_WITHIN
            {
                ending.push(Ending {
                    id: one.id.clone(),
                    applicant: one.applicant.clone(),
                    collection: one.wish.collection.clone(),
                    until: term.until.to_string(),
                });
            }
        }
        for one in self.objections(department) {
            if let Some(clock) = &one.clock {
                waiting.push(Waiting {
                    kind: "objection",
                    id: one.id.clone(),
                    href: format!("/objections/{}", one.id),
                    collection: one.about.collection.clone(),
                    by: one.raised_by.department.clone(),
                    waits_for: vec![one.responsible.clone()],
                    clock: self.reading(clock, today),
                });
            }
        }
        let order = |one: &Waiting| (one.clock.urgency, one.clock.left, one.id.clone());
        waiting.sort_by_key(order);
        let count = |urgency| {
            waiting
                .iter()
                .filter(|one| one.clock.urgency == urgency)
                .count()
        };
        Board {
            today: today.to_string(),
            overdue: count(Urgency::Overdue),
            due_soon: count(Urgency::DueSoon),
            waiting,
            ending,
        }
    }

    /// What a department must do soon, or should have done: its reminders.
    pub fn reminders(&self, department: &str, today: Day) -> Vec<Waiting> {
        let mut all = self.board(department, today).waiting;
        all.retain(|one| {
            let is_urgent = one.clock.urgency < Urgency::Running;
            is_urgent && one.waits_for.iter().any(|waited| waited == department)
        });
        all
    }

    /// A clock as it stands on a day.
    pub fn reading(&self, clock: &Clock, today: Day) -> Reading {
        clock.read(&self.rules.workdays, today, self.rules.requests.reminder)
    }
}
