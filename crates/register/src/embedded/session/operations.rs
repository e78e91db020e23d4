//! Operations on single entities: withdraw a statement, merge, split, doubt. Each is staged as a statement
//! like any other, and published with the session.

use record::{
    CompactString, Day, DisputeState, EntityId, StatementKind, StatementPosition, Transaction,
    Validity,
};

use roaring::RoaringTreemap;
use std::sync::Arc;

use super::super::composer::Composer;
use super::super::spans::shakes;
use super::LoadSession;
use crate::fold::Spoken;
use crate::journal::{Journal, Link};
use crate::standing::Standing;
use crate::store::StoreError;

/// Why an operation on an entity cannot be done. Nothing was staged.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// The collection has never had a record of this number.
    #[error("the collection has no entity of number {0}")]
    UnknownEntity(u64),
    /// There is no such statement on the entity.
    #[error("block {} has no statement on the entity at place {}", .0.block, .0.place)]
    UnknownStatement(StatementPosition),
    /// The statement is withdrawn already.
    #[error("the statement is withdrawn already")]
    Withdrawn,
    /// The statement does not count for the entity: it was split off, or gives no values.
    #[error("the statement does not count for the entity, or says nothing of it")]
    NotCounted,
    /// Both are the same entity.
    #[error("an entity cannot be merged into itself")]
    Itself,
    /// An entity is merged into another already: what is meant is the other.
    #[error("{0} is merged into {1} already")]
    Merged(EntityId, EntityId),
    /// No statement is named.
    #[error("no statement is named to split off")]
    NothingChosen,
    /// The collection has no such field.
    #[error("the collection has no field '{0}'")]
    UnknownField(String),
    /// Nobody doubts the field: there is nothing to accept, verify or remove.
    #[error("nobody doubts the field '{0}'")]
    NotDisputed(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a session has staged of operations.
#[derive(Default)]
pub(super) struct Operations {
    /// The statements, oldest first.
    pub staged: Vec<Spoken>,
    /// Who is linked by them.
    pub links: Vec<Link>,
    /// Statements are withdrawn, so that a day may come back to entities that no row speaks of.
    pub takes_back: bool,
    /// The members of all families that the session speaks of, once it is to be published.
    pub family: RoaringTreemap,
}

impl<'a> LoadSession<'a> {
    /// Withdraws a statement that was made of the entity or counts for it, as if it had not been made,
    /// from now on. Merges, splits and withdrawals are withdrawn in the same way.
    pub fn retract(
        &mut self,
        number: u64,
        position: StatementPosition,
    ) -> Result<(), OperationError> {
        let family = self.family_spoken(number)?;
        let found = family.iter().find(|one| one.position == position);
        let unknown = OperationError::UnknownStatement(position);
        let entity = found.ok_or(unknown)?.statement.entity.number();
        let standing = Standing::at(&family, Transaction::MAX);
        if standing.is_withdrawn(position) {
            return Err(OperationError::Withdrawn);
        }
        if entity != number && standing.owner(entity, position) != number {
            return Err(OperationError::NotCounted);
        }
        self.stage(entity, Validity::ALWAYS, StatementKind::Retract(position))?;
        Ok(())
    }

    /// Withdraws a statement that is known to have been made of an entity and to stand: the quick way for
    /// a whole load's. What [`LoadSession::retract`] checks is left to the caller.
    pub fn withdraw(&mut self, number: u64, position: StatementPosition) -> Result<(), StoreError> {
        self.note(number)?;
        if self.silent.numbers.contains(&number) {
            self.ended_early.insert(number);
        }
        self.shaken.insert(number);
        self.operations.takes_back = true;
        self.push(
            number,
            0,
            Validity::ALWAYS,
            StatementKind::Retract(position),
        )
    }

    /// Merges one entity into another: from now on what is said of the one, before and later, counts for
    /// the other.
    pub fn merge(&mut self, from: u64, into: u64) -> Result<(), OperationError> {
        if from == into {
            return Err(OperationError::Itself);
        }
        for number in [from, into] {
            let (known, _) = self.composer.standing_in_index(&self.collection, number)?;
            if !known {
                // A key that never led to anybody would lead to the other one all at once.
                return Err(OperationError::UnknownEntity(number));
            }
            let standing = Standing::at(&self.family_spoken(number)?, Transaction::MAX);
            let successor = standing.successor(number);
            if successor != number {
                return Err(OperationError::Merged(
                    self.id(number)?,
                    self.id(successor)?,
                ));
            }
        }
        self.operations.links.push(Link { from, to: into });
        let into = self.id(into)?;
        self.stage(from, Validity::ALWAYS, StatementKind::Merge { into })
    }

    /// Splits statements off from the entity for which they count: from now on they count for a new one,
    /// whose number is returned. It has no natural key until somebody says one of it.
    pub fn split(
        &mut self,
        from: u64,
        statements: &[StatementPosition],
    ) -> Result<u64, OperationError> {
        if statements.is_empty() {
            return Err(OperationError::NothingChosen);
        }
        let family = self.family_spoken(from)?;
        let standing = Standing::at(&family, Transaction::MAX);
        for position in statements {
            let found = family.iter().find(|one| one.position == *position);
            let found = found.ok_or(OperationError::UnknownStatement(*position))?;
            let speaks = matches!(
                found.statement.kind,
                StatementKind::Assert(_) | StatementKind::End | StatementKind::Dispute { .. }
            );
            let owner = standing.owner(found.statement.entity.number(), *position);
            if standing.is_withdrawn(*position) {
                return Err(OperationError::Withdrawn);
            }
            if !speaks || owner != from {
                return Err(OperationError::NotCounted);
            }
        }
        let number = self.next_number;
        let to = self.id(number)?;
        self.next_number += 1;
        self.operations.links.push(Link { from, to: number });
        let statements = statements.to_vec();
        self.stage(
            from,
            Validity::ALWAYS,
            StatementKind::Split { to, statements },
        )?;
        Ok(number)
    }

    /// Doubts a field, or says how far a doubt has come.
    pub fn dispute(
        &mut self,
        number: u64,
        field: &str,
        state: DisputeState,
        note: &str,
    ) -> Result<(), OperationError> {
        if self.collection.field(field).is_none() {
            return Err(OperationError::UnknownField(field.to_string()));
        }
        let family = self.family_spoken(number)?;
        let standing = Standing::at(&family, Transaction::MAX);
        let said = family
            .iter()
            .rev()
            .find_map(|one| match &one.statement.kind {
                StatementKind::Dispute {
                    field: about,
                    state,
                    ..
                } if about == field
                    && !standing.is_withdrawn(one.position)
                    && standing.owner(one.statement.entity.number(), one.position) == number =>
                {
                    Some(*state)
                }
                _ => None,
            });
        let is_doubted = said.is_some_and(|said| said != DisputeState::Removed);
        if state != DisputeState::Raised && !is_doubted {
            return Err(OperationError::NotDisputed(field.to_string()));
        }
        let validity = Validity {
            from: self.shared.today(),
            to: Day::MAX,
        };
        let kind = StatementKind::Dispute {
            field: CompactString::new(field),
            state,
            note: CompactString::new(note),
        };
        self.stage(number, validity, kind)
    }

    fn id(&self, number: u64) -> Result<EntityId, OperationError> {
        EntityId::new(self.collection.register, number).ok_or(OperationError::UnknownEntity(number))
    }

    /// The statements published on the family of an entity that has a record, and the operations staged
    /// on it.
    fn family_spoken(&self, number: u64) -> Result<Vec<Spoken>, OperationError> {
        let family = self.planned().family(&self.collection.name, number);
        let mut positions = Vec::new();
        for member in &family {
            positions.extend(self.composer.positions(&self.collection, *member)?);
        }
        let mut spoken = self.composer.spoken(&self.collection, positions)?;
        let is_member = |one: &&Spoken| family.contains(&one.statement.entity.number());
        spoken.extend(self.operations.staged.iter().filter(is_member).cloned());
        let is_new = |link: &Link| link.to == number;
        if spoken.is_empty() && !self.operations.links.iter().any(is_new) {
            return Err(OperationError::UnknownEntity(number));
        }
        Ok(spoken)
    }

    /// Stages a statement.
    fn stage(
        &mut self,
        number: u64,
        validity: Validity,
        kind: StatementKind,
    ) -> Result<(), OperationError> {
        let entity = self.id(number)?;
        let (known, _) = self.composer.standing_in_index(&self.collection, number)?;
        if !known {
            self.ended_early.insert(number);
        }
        self.note(number)?;
        if shakes(&kind) {
            self.shaken.insert(number);
            self.operations.takes_back = true;
        }
        let position = self.position();
        let statement = record::Statement {
            entity,
            line: 0,
            validity,
            kind: kind.clone(),
        };
        self.operations.staged.push(Spoken {
            position,
            known: self.known,
            department: self.origin.department.as_str().into(),
            statement,
        });
        self.push(number, 0, validity, kind)?;
        Ok(())
    }

    /// The journal before the session, with its links.
    fn planned(&self) -> Journal {
        let mut planned = (**self.view.journal()).clone();
        planned.link(&self.collection.name, &self.operations.links);
        planned
    }

    /// Finds the families of all that the session speaks of; composes with its links, over the state
    /// before it.
    pub(super) fn plan_families(&mut self) -> Composer<'a> {
        let planned = self.planned();
        let name = &self.collection.name;
        if planned.linked(name).next().is_some() {
            for number in planned.linked(name) {
                if self.changed.numbers().contains(number) {
                    self.operations.family.extend(planned.family(name, number));
                }
            }
        }
        let snapshots = self.view.snapshots().clone();
        Composer::over(self.shared, Arc::new(planned), snapshots, None)
    }
}
