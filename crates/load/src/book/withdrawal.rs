//! Undoing a published load, by another load that takes its statements back.

use std::sync::Arc;

use record::Transaction;
use register::StoreError;

use super::load::{Kind, Load, State, Withdrawn};
use super::worker::Lane;
use super::{Book, BookError};
use crate::limit::RejectLimit;
use crate::pipeline::Progress;

impl Book {
    /// Has a published load undone. Returns the undo, a load of its own; it is `publishing` then, and
    /// the load `undoing`.
    ///
    /// # Errors
    ///
    /// A load that is not published, that changed nothing, or that is an undo.
    pub fn undo(&self, id: &str, by: &str) -> Result<Arc<Load>, BookError> {
        let undo = self.shelf().reserve();
        let undone = self.shelf().change(id, |load| {
            load.expect(&[State::Published])?;
            if load.kind == Kind::Undo || load.transaction.is_none() {
                return Err(BookError::NothingToUndo(load.id.clone()));
            }
            load.undone_by = Some(undo.clone());
            load.step(State::Undoing, by, None);
            Ok(())
        });
        let added = undone.and_then(|undone| self.shelf().add(of(&undone, &undo, by)));
        match &added {
            Ok(_) => self.queue(Lane::Publish).push(&undo),
            Err(_) => {
                self.shelf().release(&undo);
                self.take_back(id, &undo);
            }
        }
        added
    }

    /// Lets a load be published again whose undo could not be stored.
    fn take_back(&self, id: &str, undo: &str) {
        self.shelf().settle(id, |load| {
            if load.undone_by.as_deref() == Some(undo) {
                load.undone_by = None;
                load.note(State::Published, "", None);
            }
        });
    }

    /// Takes back what a load said.
    pub(super) fn withdraw(
        &self,
        load: &str,
        undo: &str,
        progress: &dyn Progress,
    ) -> Result<(Transaction, Withdrawn), StoreError> {
        progress.stage("undo");
        let done = |done, of| progress.advance(done, of, 0);
        let undone = self.store().undo_load(load, undo, &done)?;
        let withdrawn = Withdrawn {
            statements: undone.statements,
            entities: undone.entities,
        };
        Ok((undone.transaction, withdrawn))
    }
}

/// The undo of a load.
fn of(undone: &Load, id: &str, by: &str) -> Load {
    let mut undo = Load {
        id: id.to_string(),
        kind: Kind::Undo,
        upload: None,
        size: 0,
        hash: String::new(),
        limit: RejectLimit::NONE,
        counts: None,
        report: None,
        rehearsed_at: None,
        transaction: None,
        problem: None,
        undoes: Some(undone.id.clone()),
        undone_by: None,
        withdrawn: None,
        history: Vec::new(),
        ..undone.clone()
    };
    undo.step(State::Publishing, by, None);
    undo
}
