//! Statements: what one source says of one entity.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::{EntityId, FieldNumber, Validity, Value};

/// Field values of one entity, sorted by field number, each field at most once.
pub type Fields = Vec<(FieldNumber, Value)>;

/// Where a statement stands: block sequence in its register's log, and place in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatementPosition {
    /// The block's sequence number in the log of its register.
    pub block: u64,
    /// The place inside the block, from 0.
    pub place: u32,
}

/// How far a doubt about a field has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DisputeState {
    /// Somebody doubts the value.
    Raised,
    /// The responsible department looks into it.
    Accepted,
    /// The value was looked into, and holds.
    Verified,
    /// The mark is taken back.
    Removed,
}

impl DisputeState {
    /// All of them, in their order.
    pub const ALL: [DisputeState; 4] = [
        DisputeState::Raised,
        DisputeState::Accepted,
        DisputeState::Verified,
        DisputeState::Removed,
    ];

    /// Its name in answers and requests.
    pub fn name(self) -> &'static str {
        match self {
            DisputeState::Raised => "raised",
            DisputeState::Accepted => "accepted",
            DisputeState::Verified => "verified",
            DisputeState::Removed => "removed",
        }
    }

    /// The state of this name.
    pub fn from_name(name: &str) -> Option<DisputeState> {
        DisputeState::ALL
            .into_iter()
            .find(|state| state.name() == name)
    }

    /// Whether the value is in doubt.
    pub fn is_open(self) -> bool {
        matches!(self, DisputeState::Raised | DisputeState::Accepted)
    }
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StatementKind {
    /// The fields have these values throughout the validity. Fields not named are not touched.
    Assert(Fields),
    /// The source's view of the entity ends: throughout the validity it says nothing of it.
    End,
    /// A statement made before is withdrawn, as if it had not been made, from now on. A withdrawal can
    /// be withdrawn as well.
    Retract(StatementPosition),
    /// From now on everything said of the entity, before and later, counts for another one.
    Merge {
        /// The other one.
        into: EntityId,
    },
    /// From now on some statements that counted for the entity count for another one.
    Split {
        /// The other one.
        to: EntityId,
        /// Which.
        statements: Vec<StatementPosition>,
    },
    /// A doubt about a field, or how far it has come. It marks the field on all days: its validity
    /// begins on the day on which it was said.
    Dispute {
        /// The field's name.
        field: CompactString,
        /// How far.
        state: DisputeState,
        /// Why, in the words of whoever said it.
        note: CompactString,
    },
}

/// What one source says of one entity. When it became known follows from the ledger entry that
/// published it; who said it, from the block it stands in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Whom it speaks of.
    pub entity: EntityId,
    /// The line of the source's file, from 1; 0 where it did not come from a file.
    pub line: u64,
    /// When it is true in the world.
    pub validity: Validity,
    /// What it says.
    pub kind: StatementKind,
}
