//! What stands at one state of knowledge: which statements are withdrawn, and for whom each counts.
//!
//! A statement is made of one entity, for ever. Merges and splits say for whom it counts, in the order in
//! which they were said: a merge sends everything on the one entity, what is said later too, to the
//! other; a split sends some statements on. All of them can be withdrawn, so that what stood before
//! stands again.

use std::collections::{BTreeSet, HashSet};

use record::{StatementKind, StatementPosition, Transaction};

use crate::fold::Spoken;

/// What stands as known by one transaction.
#[derive(Debug, Default)]
pub struct Standing {
    withdrawn: HashSet<StatementPosition>,
    moves: Vec<Move>,
}

/// Sends statements from one entity to another.
#[derive(Debug)]
struct Move {
    from: u64,
    to: u64,
    /// Which; `None` for everything.
    only: Option<BTreeSet<StatementPosition>>,
}

impl Standing {
    /// What stands as known by a transaction, of statements sorted by transaction and position.
    pub fn at(spoken: &[Spoken], known: Transaction) -> Standing {
        let mut withdrawn = HashSet::new();
        let told = &spoken[..spoken.partition_point(|one| one.known <= known)];
        // The latest first: whether a withdrawal stands depends on later ones alone.
        for one in told.iter().rev() {
            if let StatementKind::Retract(position) = one.statement.kind
                && !withdrawn.contains(&one.position)
            {
                withdrawn.insert(position);
            }
        }
        let stands = told.iter().filter(|one| !withdrawn.contains(&one.position));
        let moves = stands
            .filter_map(|one| {
                let (to, only) = match &one.statement.kind {
                    StatementKind::Merge { into } => (into.number(), None),
                    StatementKind::Split { to, statements } => {
                        (to.number(), Some(statements.iter().copied().collect()))
                    }
                    _ => return None,
                };
                let from = one.statement.entity.number();
                Some(Move { from, to, only })
            })
            .collect();
        Standing { withdrawn, moves }
    }

    /// Whether a statement is withdrawn.
    pub fn is_withdrawn(&self, position: StatementPosition) -> bool {
        self.withdrawn.contains(&position)
    }

    /// The entity for which a statement made of an entity counts.
    pub fn owner(&self, entity: u64, position: StatementPosition) -> u64 {
        self.follow(entity, |only| only.contains(&position))
    }

    /// The entity for which everything said of an entity counts: itself, unless it is merged.
    pub fn successor(&self, entity: u64) -> u64 {
        self.follow(entity, |_| false)
    }

    /// Whether a statement made of an entity is parted from it by a split.
    pub fn is_parted(&self, entity: u64, position: StatementPosition) -> bool {
        self.owner(entity, position) != self.successor(entity)
    }

    /// Where moves lead from an entity, those of single statements only where `chosen` says so.
    fn follow(&self, entity: u64, chosen: impl Fn(&BTreeSet<StatementPosition>) -> bool) -> u64 {
        let mut owner = entity;
        // A merge that stands again after later ones leads on from where those ended: so many rounds
        // are enough.
        for _ in 0..self.moves.len() {
            let before = owner;
            for one in &self.moves {
                if one.from == owner && one.only.as_ref().is_none_or(&chosen) {
                    owner = one.to;
                }
            }
            if owner == before {
                break;
            }
        }
        owner
    }
}
