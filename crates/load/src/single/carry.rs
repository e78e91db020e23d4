//! What each operation does, under the write lock.

use record::{Day, EntityId, FieldNumber, Fields, Transaction, Validity, Value};
use register::{LoadSession, NewRow, View};
use schema::Collection;

use super::body::Days;
use super::call::Outcome;
use super::error::WriteError;
use super::operations::Operation;
use crate::saying::{self, Change};

/// What a call says, read and checked.
#[derive(Clone, Debug)]
pub enum Act {
    /// A new record.
    Create(Said),
    /// Some fields of a record.
    Change(u64, Said),
    /// All that the department says of a record.
    Replace(u64, Said),
    /// Nothing any more, from a day on.
    End(u64, Day),
    /// An operation on a record.
    Operate(u64, Operation),
}

/// Values, and when they hold.
#[derive(Clone, Debug)]
pub struct Said {
    /// The values; null where the call says that there is none. Sorted.
    pub fields: Fields,
    /// The hash of the natural key.
    pub key: u64,
    /// When they hold, as far as the call says.
    pub days: Days,
}

/// What carrying out came to.
pub struct Carried {
    /// The record's number.
    pub number: u64,
    /// What was done.
    pub outcome: Outcome,
    /// When what was said holds.
    pub validity: Validity,
}

impl Said {
    /// When the values hold: as the call says, or else from `otherwise` on.
    pub fn validity(&self, otherwise: Day) -> Validity {
        let from = match (self.days.from, self.days.to) {
            (Some(from), _) => from,
            // Known until a day, since nobody knows when.
            (None, Some(to)) if to != Day::MAX => Day::MIN,
            _ => otherwise,
        };
        Validity {
            from,
            to: self.days.to.unwrap_or(Day::MAX),
        }
    }

    /// The row that says them.
    pub fn row(self, validity: Validity) -> NewRow {
        NewRow {
            line: 0,
            validity,
            key: self.key,
            fields: self.fields,
        }
    }
}

/// Where and when a call is carried out.
pub struct Scene<'a> {
    /// The collection.
    pub collection: &'a Collection,
    /// The state before.
    pub view: &'a dyn View,
    /// The present day.
    pub today: Day,
}

impl Scene<'_> {
    /// Carries out what a call says; nothing is published yet.
    pub fn carry(&self, session: &mut LoadSession, act: Act) -> Result<Carried, WriteError> {
        match act {
            Act::Create(said) => self.create(session, said),
            Act::Change(number, said) => self.change(session, number, said),
            Act::Replace(number, said) => self.replace(session, number, said),
            Act::End(number, from) => end(session, number, from),
            Act::Operate(number, operation) => self.operate(session, number, operation),
        }
    }

    fn create(&self, session: &mut LoadSession, said: Said) -> Result<Carried, WriteError> {
        let validity = said.validity(Day::MIN);
        let (key, open) = (said.key, said.days.to.is_none());
        let row = said.row(validity);
        let number = match session.slot(key)? {
            None => {
                session.insert(row)?;
                let slot = session.slot(key)?;
                slot.map_or(0, |slot| slot.number)
            }
            Some(slot) => {
                // Whoever has ended may come again.
                self.refuse_living(slot.number, validity)?;
                let change = Change {
                    number: slot.number,
                    row,
                    first: None,
                    open,
                };
                saying::change(session, &change)?;
                slot.number
            }
        };
        Ok(Carried {
            number,
            outcome: Outcome::Created,
            validity,
        })
    }

    /// Refuses to create what exists on some of the days.
    fn refuse_living(&self, number: u64, validity: Validity) -> Result<(), WriteError> {
        let Some(id) = EntityId::new(self.collection.register, number) else {
            return Ok(());
        };
        let (name, known) = (&self.collection.name, self.view.transaction());
        if let Some(successor) = self.view.successor(name, id, known)? {
            return Err(WriteError::KeyTaken(successor));
        }
        let versions = self.view.versions(name, id)?;
        let lives = versions.iter().any(|version| {
            version.known.1 == Transaction::MAX && version.validity.intersection(validity).is_some()
        });
        if lives {
            return Err(WriteError::KeyTaken(id));
        }
        Ok(())
    }

    /// Refuses the natural key of another record.
    pub fn refuse_taken(
        &self,
        session: &LoadSession,
        number: u64,
        key: u64,
    ) -> Result<(), WriteError> {
        let other = session.slot(key)?.filter(|slot| slot.number != number);
        let id = other.and_then(|slot| EntityId::new(self.collection.register, slot.number));
        id.map_or(Ok(()), |id| Err(WriteError::KeyTaken(id)))
    }

    fn change(
        &self,
        session: &mut LoadSession,
        number: u64,
        said: Said,
    ) -> Result<Carried, WriteError> {
        self.refuse_taken(session, number, said.key)?;
        let validity = said.validity(self.today);
        let silent = said.days == Days::default();
        let change = Change {
            number,
            first: silent.then_some(Validity::ALWAYS),
            open: said.days.to.is_none(),
            row: said.row(validity),
        };
        let is_news = saying::change(session, &change)?;
        Ok(carried(number, is_news, validity))
    }

    fn replace(
        &self,
        session: &mut LoadSession,
        number: u64,
        mut said: Said,
    ) -> Result<Carried, WriteError> {
        self.refuse_taken(session, number, said.key)?;
        let validity = said.validity(self.today);
        let named = |number: &FieldNumber| said.fields.iter().any(|(other, _)| other == number);
        let mut gone = session.valued(number, validity)?;
        gone.retain(|number| !named(number));
        said.fields
            .extend(gone.into_iter().map(|number| (number, Value::Null)));
        said.fields.sort_unstable_by_key(|(number, _)| *number);
        let change = Change {
            number,
            first: None,
            open: said.days.to.is_none(),
            row: said.row(validity),
        };
        let is_news = saying::change(session, &change)?;
        Ok(carried(number, is_news, validity))
    }
}

fn carried(number: u64, is_news: bool, validity: Validity) -> Carried {
    let outcome = if is_news {
        Outcome::Changed
    } else {
        Outcome::Unchanged
    };
    Carried {
        number,
        outcome,
        validity,
    }
}

/// Ends what the department says. The record is shown as it was on the last day.
fn end(session: &mut LoadSession, number: u64, from: Day) -> Result<Carried, WriteError> {
    let validity = Validity { from, to: Day::MAX };
    if !session.is_claimed(number, validity, false)? {
        return Err(WriteError::NothingToEnd);
    }
    session.end(number, 0, validity)?;
    let until = Validity {
        from: Day::MIN,
        to: from,
    };
    Ok(carried(number, true, until))
}
