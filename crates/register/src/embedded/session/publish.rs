//! Publishing: the journal entry first, then the index, then the new state for all to see.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use index::{Writer, key_hash};
use ledger::NewEntry;
use record::{StatementPosition, Transaction, Value};

use super::{BUCKET, FORGOTTEN, LoadSession, Output, STAGED_HELD};
use crate::codec;
use crate::embedded::clock;
use crate::embedded::composer::Composer;
use crate::embedded::crew::{Crew, Job, Statements};
use crate::embedded::replay::{self, with_families};
use crate::fold::Spoken;
use crate::journal::{Journal, LoadEntry, SilentEntity};
use crate::store::StoreError;

impl LoadSession<'_> {
    /// Makes the load durable and visible, in that order. `entry` gives counts and the file; the rest
    /// is filled in here.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a rehearsal; the ledger, the index.
    pub fn publish(mut self, mut entry: LoadEntry) -> Result<Transaction, StoreError> {
        self.write_block()?;
        let shared = self.shared;
        let before = self.view.journal().clone();
        let planned = self.plan_families();
        let dependents = self.dependents(&planned)?;
        entry.load = self.started.load.clone();
        entry.source = self.started.source.clone();
        entry.file = self.started.file.clone();
        entry.department = self.started.department.clone();
        entry.register = self.collection.register_name.clone();
        entry.collection = self.collection.name.clone();
        entry.next_number = self.next_number;
        entry.held = self.held;
        entry.ended = self.ended;
        entry.rederived = dependents.keys().cloned().collect();
        entry.silent = self.silenced(&planned)?;
        drop(planned);
        entry.links = std::mem::take(&mut self.operations.links);
        let payload =
            serde_json::to_vec(&entry).map_err(|reason| StoreError::Damaged(reason.to_string()))?;
        let rehearsed = || StoreError::Refused("a rehearsal cannot be published".to_string());
        let Output {
            appender,
            mut writer,
            _lock,
        } = self.output.take().ok_or_else(rehearsed)?;
        let published = appender.publish(NewEntry {
            payload,
            instant_micros: clock::now(),
        })?;
        let known = Transaction(published.number);
        let mut journal = (*before).clone();
        journal.push(&published)?;
        shared
            .ledger
            .state_delete(BUCKET, self.started.load.as_bytes())?;
        // From here on the load is a fact: what fails below is made good by the next start.
        let journal = Arc::new(journal);
        self.index_changes(&journal, &mut writer)?;
        writer.commit(known.0)?;
        replay::rederive(shared, &journal, &dependents, known)?;
        shared.journal.store(journal);
        shared.publish_view()?;
        writer.finish()?;
        shared.publish_view()?;
        Ok(known)
    }

    /// Composes what changed anew, once the journal knows of it.
    fn index_changes(
        &mut self,
        journal: &Arc<Journal>,
        writer: &mut Writer,
    ) -> Result<(), StoreError> {
        let changed = self.changed.numbers() | &self.operations.family;
        let mut numbers = changed.iter();
        loop {
            let some: Vec<u64> = numbers.by_ref().take(FORGOTTEN).collect();
            if some.is_empty() {
                break;
            }
            writer.forget(some)?;
        }
        let collection = self.collection.clone();
        let crew = Crew {
            shared: self.shared,
            journal: journal.clone(),
            snapshots: self.view.snapshots().clone(),
            lacking: None,
            collection: &collection,
        };
        let mut linked: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
        let job = |number, positions| Job {
            number,
            statements: Statements::Besides(positions),
        };
        crew.compose(writer, |give| {
            self.changed.each(|number, positions| {
                if journal.is_linked(&collection.name, number) {
                    linked.insert(number, positions);
                    return Ok(());
                }
                give(job(number, positions))
            })?;
            for (number, positions) in with_families(journal, &collection, linked) {
                give(job(number, positions))?;
            }
            Ok(())
        })
    }

    /// The entities that the statements before this load and in it leave without a day.
    fn silenced(&mut self, planned: &Composer) -> Result<Vec<SilentEntity>, StoreError> {
        let mut silenced = Vec::new();
        if self.ended_early.is_empty() {
            return Ok(silenced);
        }
        let mut early: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
        let ended_early = std::mem::take(&mut self.ended_early);
        let family = self.operations.family.clone();
        self.changed.each(|number, positions| {
            if ended_early.contains(&number) || family.contains(number) {
                early.insert(number, positions);
            }
            Ok::<(), StoreError>(())
        })?;
        let mut blocks = HashMap::new();
        for number in ended_early {
            let before = planned.positions(&self.collection, number)?;
            let mut spoken = planned.spoken(&self.collection, before)?;
            let members = planned.journal().family(&self.collection.name, number);
            let staged = members.iter().filter_map(|member| early.get(member));
            let mut staged: Vec<StatementPosition> = staged.flatten().copied().collect();
            staged.sort_unstable();
            for position in staged {
                spoken.push(self.staged(position, &mut blocks)?);
            }
            let documents = planned.documents(&self.collection, number, &spoken)?;
            if documents.is_empty() {
                let positions = early.get(&number).cloned().unwrap_or_default();
                silenced.push(SilentEntity { number, positions });
            }
        }
        Ok(silenced)
    }

    /// A statement of this load.
    fn staged(
        &self,
        position: StatementPosition,
        blocks: &mut HashMap<u64, codec::Block>,
    ) -> Result<Spoken, StoreError> {
        let damaged = || StoreError::Damaged(format!("staged block {}", position.block));
        if blocks.len() >= STAGED_HELD && !blocks.contains_key(&position.block) {
            blocks.clear();
        }
        let block = match blocks.entry(position.block) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                let output = self.output.as_ref().ok_or_else(damaged)?;
                let block = output.appender.read(position.block)?;
                let register = self.collection.register;
                place.insert(codec::open(block, register, |_| Some(&*self.collection))?)
            }
        };
        let statement = block.statement(position.place)?;
        Ok(Spoken {
            position,
            known: self.known,
            department: self.origin.department.as_str().into(),
            statement: statement.ok_or_else(damaged)?,
        })
    }

    /// Records of other collections that this load makes wrong.
    fn dependents(&self, planned: &Composer) -> Result<BTreeMap<String, Vec<u64>>, StoreError> {
        let mut changed = self.changed.numbers() | &self.operations.family;
        changed.remove_range(self.first_number..);
        // A reference is held whose target nobody knew: it leads somewhere once somebody speaks of it,
        // or what took it away is taken back.
        let looks_back = self.operations.takes_back || !self.operations.family.is_empty();
        let is_new = |key: &str| {
            let hash = key_hash(&[Value::text(key)]);
            let slot = match self.keys.get(hash)? {
                None if looks_back => self.slot_before(hash)?,
                slot => slot,
            };
            let Some(slot) = slot else {
                return Ok(false);
            };
            if slot.number >= self.first_number {
                return Ok(true);
            }
            if !changed.contains(slot.number) {
                return Ok(false);
            }
            let (_, believed) = self
                .composer
                .standing_in_index(&self.collection, slot.number)?;
            Ok(!believed || self.renamed.contains(&hash))
        };
        let mut failed = None;
        let mut asked = |key: &str| {
            is_new(key).unwrap_or_else(|error: StoreError| {
                failed = Some(error);
                false
            })
        };
        let shaken = &self.shaken | &self.operations.family;
        let dependents = planned.dependents(&self.collection, &mut asked, &changed, &shaken)?;
        match failed {
            Some(error) => Err(error),
            None => Ok(dependents),
        }
    }
}
