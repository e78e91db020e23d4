//! Who answers for a collection or a field: `responsibility.toml`.

use serde::{Deserialize, Serialize};

/// How often something is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UpdateCycle {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Every year.
    Annual,
    /// When there is something new.
    Irregular,
}

impl UpdateCycle {
    /// The days that may pass between two publications, those of the longest month, quarter and year;
    /// none where there is no cycle.
    pub fn days(self) -> Option<i32> {
        match self {
            UpdateCycle::Daily => Some(1),
            UpdateCycle::Weekly => Some(7),
            UpdateCycle::Monthly => Some(31),
            UpdateCycle::Quarterly => Some(92),
            UpdateCycle::Annual => Some(366),
            UpdateCycle::Irregular => None,
        }
    }

    /// Whether a publication is overdue, so many days after the last; `None` where there was none ever.
    pub fn is_overdue(self, days_since: Option<i32>) -> bool {
        match (self.days(), days_since) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(days), Some(since)) => since > days,
        }
    }
}

/// Who answers for a collection or a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// The department whose value wins, a key of [`crate::Catalog::departments`].
    pub responsible: String,
    /// The departments whose values win where those before them say nothing, in their order.
    pub others: Vec<String>,
    /// How often the responsible department brings it up to date.
    pub update_cycle: UpdateCycle,
}

impl Authority {
    /// The place of a department: 0 for the responsible one, then the others; `None` without authority.
    pub fn rank(&self, department: &str) -> Option<usize> {
        if self.responsible == department {
            return Some(0);
        }
        let place = self.others.iter().position(|other| other == department)?;
        Some(place + 1)
    }
}
