//! Clocks of working days that run while somebody must act.

use record::Day;
use schema::Workdays;
use serde::{Deserialize, Serialize};

/// What a clock waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// The supervisor's check of a request.
    Conformity,
    /// The providers' answers.
    Answer,
    /// The publication of what was granted and not published before.
    Publication,
    /// The responsible department takes an objection on.
    Acceptance,
    /// It says what was right.
    Verification,
}

/// A clock: it began on a day and runs for so many working days after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// What it waits for.
    pub awaited: Awaited,
    /// The day on which it began.
    pub began: Day,
    /// How many working days it runs.
    pub days: u16,
}

/// How urgent something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Its time is over.
    Overdue,
    /// Its time ends within the days at which it is said.
    DueSoon,
    /// There is time.
    Running,
}

/// A clock as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What it waits for.
    pub awaited: Awaited,
    /// Since when.
    pub since: String,
    /// How many working days it runs.
    pub working_days: u16,
    /// The last day of them.
    pub due: String,
    /// How many working days are left; negative once it is over.
    pub left: i32,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Whether it reaches into days of which holidays are not announced yet.
    pub provisional: bool,
}

impl Clock {
    /// The clock as it stands on a day. `reminder` is how many working days before its end it is due soon.
    pub fn read(&self, workdays: &Workdays, today: Day, reminder: u16) -> Reading {
        let due = workdays.after(self.began, self.days);
        let left = workdays.between(today, due.day);
        let urgency = if today > due.day {
            Urgency::Overdue
        } else if left <= i32::from(reminder) {
            Urgency::DueSoon
        } else {
            Urgency::Running
        };
        Reading {
            awaited: self.awaited,
            since: self.began.to_string(),
            working_days: self.days,
            due: due.day.to_string(),
            left,
            urgency,
            provisional: due.is_provisional,
        }
    }
}
