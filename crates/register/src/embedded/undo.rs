//! Undoing a published load: each of its statements is withdrawn, and all withdrawals are published at
//! once. Nothing is rewritten: before the undo is known the load stands, from then on it is as if it had
//! not been; what other loads have said of the same stands.

use record::{StatementPosition, Transaction};
use roaring::RoaringTreemap;

use super::{Embedded, LoadSession, StartedLoad, clock};
use crate::codec;
use crate::journal::LoadEntry;
use crate::store::StoreError;

/// What an undo took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The transaction that published it.
    pub transaction: Transaction,
    /// Statements withdrawn.
    pub statements: u64,
    /// Entities that they were about.
    pub entities: u64,
}

impl Embedded {
    /// Withdraws everything that a published load has said, as a load of the name `undo`. `progress`
    /// hears of blocks done, of how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] where no load of this name was published, or it said nothing; the ledger,
    /// the index.
    pub fn undo_load(
        &self,
        load: &str,
        undo: &str,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Undone, StoreError> {
        let shared = &self.shared;
        let journal = self.journal();
        let mut entries = journal.entries().iter();
        let unknown = || StoreError::Refused(format!("no load '{load}' was published"));
        let entry = entries.find(|entry| entry.load.load == load);
        let entry = entry.ok_or_else(unknown)?;
        let collection = shared.collection(&entry.load.collection)?;
        let log = &collection.register_name;
        let silent = || StoreError::Refused(format!("load '{load}' said nothing"));
        let (first, last) = *entry.ranges.get(log).ok_or_else(silent)?;
        let mut session: Option<LoadSession> = None;
        let (mut statements, mut entities) = (0, RoaringTreemap::new());
        for block in shared.ledger.scan(log, first, last + 1) {
            let block = block?;
            let sequence = block.sequence;
            let opened = codec::open(block, collection.register, |_| Some(collection))?;
            let session = match &mut session {
                Some(session) => session,
                none => {
                    let started = StartedLoad {
                        load: undo.to_string(),
                        collection: collection.name.clone(),
                        department: opened.origin.department.clone(),
                        source: entry.load.source.clone(),
                        file: entry.load.file.clone(),
                    };
                    none.insert(self.begin_load(started, clock::today())?)
                }
            };
            for (place, statement) in (0..).zip(opened.statements()) {
                let entity = statement?.entity.number();
                let position = StatementPosition {
                    block: sequence,
                    place,
                };
                session.withdraw(entity, position)?;
                entities.insert(entity);
                statements += 1;
            }
            progress(sequence + 1 - first, last + 1 - first);
        }
        let session = session.ok_or_else(silent)?;
        Ok(Undone {
            transaction: session.publish(LoadEntry::default())?,
            statements,
            entities: entities.len(),
        })
    }
}
