//! Statements: what one source says of one entity.

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

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StatementKind {
    /// The fields have these values throughout the validity. Fields not named are not touched.
    Assert(Fields),
    /// The source's view of the entity ends: throughout the validity it says nothing of it.
    End,
    /// A statement made before is withdrawn, as if it had not been made, from now on.
    Retract(StatementPosition),
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
