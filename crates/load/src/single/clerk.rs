//! Who carries out calls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use record::{AsOf, Day, EntityId, Fields, Transaction, Validity, prose};
use register::{
    CheckContext, Checker, Counts, Embedded, LoadEntry, Record, StartedLoad, Store, StoreError,
    TimeScope, View, key_of,
};
use schema::Collection;

use super::SOURCE;
use super::answers::{Answers, Begun, Remembered, Running};
use super::body::{self, Members};
use super::call::{Call, Expected, Outcome, Verb, Written};
use super::carry::{Act, Carried, Said, Scene};
use super::error::{Located, WriteError};
use super::operations::{self, Operation};
use super::value::ValueReader;
use crate::desk::{cleared, missing_key, missing_values, unknown_divisions};
use crate::divisions::{self, StoredDivisions};

/// The header that names the department.
pub const DEPARTMENT: &str = "Jiku-Department";
/// The longest key of a call.
const LONGEST_KEY: usize = 255;

/// Carries out calls on the records of one store.
pub struct Clerk {
    store: Embedded,
    answers: Answers,
    /// By collection. Making one may mean reading the boundaries of a city.
    checkers: Mutex<HashMap<String, HeldChecker>>,
    /// The instant in the name of the last load.
    named: AtomicI64,
}

/// A checker, and the state and day over which it was made.
struct HeldChecker {
    checker: Arc<dyn Checker>,
    seen: Transaction,
    today: Day,
}

/// A call that has been understood: by whom, on what, in which state.
struct Understood<'a> {
    call: &'a Call,
    collection: Arc<Collection>,
    department: String,
    entity: Option<EntityId>,
    today: Day,
}

impl Clerk {
    /// A clerk of a store.
    ///
    /// # Errors
    ///
    /// What the store remembers cannot be read.
    pub fn open(store: Embedded) -> Result<Clerk, StoreError> {
        Ok(Clerk {
            answers: Answers::open(store.clone())?,
            store,
            checkers: Mutex::default(),
            named: AtomicI64::new(0),
        })
    }

    /// Carries out a call: all of it, or nothing. `patience` is how long it waits for other writers.
    /// When it returns, every read sees what it wrote.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from being carried out: nothing has changed then.
    pub fn write(&self, call: &Call, patience: Duration) -> Result<Written, WriteError> {
        let began = Instant::now();
        let understood = self.understand(call)?;
        let now = jiff::Timestamp::now().as_microsecond();
        let running = match &call.key {
            None => None,
            Some(key) => {
                check_key(key)?;
                match self.answers.begin(call, &understood.department, key, now)? {
                    Begun::New(running) => Some(running),
                    Begun::Known(known) => return self.replayed(&understood, &known),
                }
            }
        };
        let mut view = self.store.view();
        let mut act = self.prepare(&understood, view.as_ref())?;
        let started = self.started(&understood, now);
        let load = started.load.clone();
        let left = patience.saturating_sub(began.elapsed());
        let session = self
            .store
            .begin_load_within(left, started, understood.today)?;
        let mut session = session.ok_or(WriteError::Busy(patience))?;
        let before = self.store.view();
        if before.transaction() != view.transaction() {
            // Somebody wrote meanwhile: what was read may no longer be so.
            view = before;
            act = self.prepare(&understood, view.as_ref())?;
        }
        let scene = Scene {
            collection: &understood.collection,
            view: view.as_ref(),
            today: understood.today,
        };
        let carried = scene.carry(&mut session, act)?;
        let mut remembered = Remembered {
            call: running
                .as_ref()
                .map(|running| running.call().to_string())
                .unwrap_or_default(),
            at: now,
            load: None,
            transaction: view.transaction().0,
            entity: carried.number,
            outcome: carried.outcome,
            day: shown(carried.validity, understood.today).0,
        };
        if session.is_empty() {
            session.abandon()?;
            remembered.outcome = match carried.outcome {
                Outcome::Changed => Outcome::Unchanged,
                other => other,
            };
            if let Some(running) = &running {
                running.remember(&remembered)?;
            }
            return self.written(&understood, &remembered, false);
        }
        remembered.load = Some(load);
        remembered.transaction += 1;
        if let Some(running) = &running {
            running.remember(&remembered)?;
        }
        let published = session.publish(entry(&carried));
        let transaction = published.inspect_err(|_| take_back(running.as_ref()))?;
        remembered.transaction = transaction.0;
        self.written(&understood, &remembered, false)
    }

    /// The collection, the department and the record that a call names.
    fn understand<'a>(&self, call: &'a Call) -> Result<Understood<'a>, WriteError> {
        let catalog = self.store.catalog();
        let collection = catalog.collection(&call.collection).ok_or_else(|| {
            let names = catalog.collections.iter().map(|one| one.name.as_str());
            WriteError::UnknownCollection {
                name: call.collection.clone(),
                known: names.collect::<Vec<_>>().join(", "),
            }
        })?;
        let entity = match &call.id {
            None => None,
            Some(id) => {
                let entity = id.parse::<EntityId>().ok();
                let entity = entity.filter(|entity| entity.register() == collection.register);
                Some(entity.ok_or_else(|| WriteError::NotFound(id.clone()))?)
            }
        };
        let members = members(call)?;
        let named = members.text("department")?;
        if let (Some(body), Some(header)) = (&named, &call.department)
            && body != header
        {
            return Err(WriteError::Parameter {
                parameter: "department",
                value: body.clone(),
                expected: prose!("{header}，与请求头一致", "{header}, as the header says"),
            });
        }
        let department = named
            .or_else(|| call.department.clone())
            .unwrap_or_default();
        if !catalog.departments.contains_key(&department) {
            let known: Vec<&str> = catalog.departments.keys().map(String::as_str).collect();
            return Err(WriteError::Parameter {
                parameter: DEPARTMENT,
                value: department,
                expected: known.join(", ").into(),
            });
        }
        Ok(Understood {
            call,
            collection: collection.clone(),
            department,
            entity,
            today: register::today(),
        })
    }

    /// Reads a call's body and checks it, in one state of the store.
    fn prepare(&self, call: &Understood, view: &dyn View) -> Result<Act, WriteError> {
        let verb = call.call.verb;
        let Some(entity) = call.entity else {
            let said = self.said(call, view, &Fields::new())?;
            return Ok(Act::Create(said));
        };
        let name = &call.collection.name;
        let version = view
            .version(name, entity)?
            .ok_or_else(|| WriteError::NotFound(entity.to_string()))?;
        if verb.needs_version() && call.call.expected == Expected::Unsaid {
            return Err(WriteError::VersionMissing);
        }
        if !call.call.expected.allows(version) {
            return Err(WriteError::VersionMoved);
        }
        if verb != Verb::Retract
            && let Some(successor) = view.successor(name, entity, view.transaction())?
        {
            return Err(WriteError::Merged(entity, successor));
        }
        let number = entity.number();
        Ok(match verb {
            Verb::Create | Verb::Change => {
                let standing = self.standing(call, view, entity)?;
                Act::Change(number, self.said(call, view, &standing)?)
            }
            Verb::Replace => Act::Replace(number, self.said(call, view, &Fields::new())?),
            Verb::End => {
                let mut problems = Vec::new();
                let from = members(call.call)?.day("from", &mut problems)?;
                refuse(problems)?;
                Act::End(number, from.unwrap_or(call.today))
            }
            Verb::Retract | Verb::Merge | Verb::Split | Verb::Dispute => {
                Act::Operate(number, self.operation(call, view, entity)?)
            }
        })
    }

    /// Reads an operation on a record.
    fn operation(
        &self,
        call: &Understood,
        view: &dyn View,
        entity: EntityId,
    ) -> Result<Operation, WriteError> {
        let members = members(call.call)?;
        let collection = &call.collection;
        if matches!(call.call.verb, Verb::Merge | Verb::Split) {
            self.expect_keeper(call)?;
        }
        match call.call.verb {
            Verb::Retract => {
                let statements = view.statements(&collection.name, entity)?;
                operations::retract(&members, &call.department, &statements)
            }
            Verb::Merge => operations::merge(&members, collection.register),
            Verb::Split => {
                let statements = operations::split(&members)?;
                let is_named = members.get("properties").is_some();
                let said = is_named.then(|| self.said(call, view, &Fields::new()));
                Ok(Operation::Split(statements, said.transpose()?))
            }
            _ => operations::dispute(&members),
        }
    }

    /// Who makes one record of two, or two of one, answers for the keys by which they are told apart.
    fn expect_keeper(&self, call: &Understood) -> Result<(), WriteError> {
        let collection = &call.collection;
        let mut keys = collection.key.iter().map(|number| collection.at(*number));
        match keys.find(|field| field.authority.rank(&call.department).is_none()) {
            None => Ok(()),
            Some(field) => Err(WriteError::NotAnswering {
                department: call.department.clone(),
                collection: collection.name.clone(),
                responsible: field.authority.responsible.clone(),
            }),
        }
    }

    /// The values that a record has on the day from which a change holds, or else now, or had last.
    fn standing(
        &self,
        call: &Understood,
        view: &dyn View,
        entity: EntityId,
    ) -> Result<Fields, WriteError> {
        let versions = view.versions(&call.collection.name, entity)?;
        let by_age = |version: &&Record| (version.known.1, version.validity.to);
        let Some(last) = versions.iter().max_by_key(by_age) else {
            return Ok(Fields::new());
        };
        // Days that cannot be read are reported with the values.
        let from = body::days(&members(call.call)?, &mut Vec::new())?.from;
        let on = |day: Day| {
            versions.iter().find(|version| {
                version.known.1 == Transaction::MAX && version.validity.contains(day)
            })
        };
        let then = from.and_then(on).or_else(|| on(call.today));
        let reader = self.reader(view);
        Ok(reader.record_fields(&call.collection, &then.unwrap_or(last).body)?)
    }

    fn reader<'v>(&'v self, view: &'v dyn View) -> ValueReader<'v> {
        ValueReader {
            catalog: self.store.catalog(),
            view,
        }
    }

    /// Reads the values of a record and checks them as a file's row is checked, together with those that
    /// stand: what was wrong before is not held against the caller.
    fn said(
        &self,
        call: &Understood,
        view: &dyn View,
        standing: &Fields,
    ) -> Result<Said, WriteError> {
        let collection = &call.collection;
        let members = members(call.call)?;
        let is_new = call.call.verb == Verb::Split;
        let mut problems = Vec::new();
        let days = body::days(&members, &mut problems)?;
        let id = call.call.id.as_deref().filter(|_| !is_new);
        let reader = self.reader(view);
        let mut fields = body::fields(&reader, collection, id, &members, &mut problems)?;
        body::add_key(&mut fields, collection, standing);
        let checker = self.checker(call, view)?;
        let mut found = body::check_with(checker.as_ref(), &mut fields, standing);
        found.extend(unknown_divisions(
            &StoredDivisions {
                view,
                catalog: self.store.catalog(),
            },
            collection,
            &divisions::fields(collection),
            &fields,
        )?);
        // What could not be read is wrong, but not missing.
        if problems.is_empty() {
            found.extend(match call.call.verb {
                Verb::Change => cleared(collection, &fields),
                // The other values come with the statements.
                Verb::Split => missing_key(collection, &fields).into_iter().collect(),
                _ => missing_values(collection, &fields),
            });
        }
        problems.extend(found.into_iter().map(|problem| Located {
            pointer: body::pointer_of(collection, &problem.field),
            problem,
        }));
        refuse(problems)?;
        Ok(Said {
            key: index::key_hash(&key_of(collection, &fields)),
            fields,
            days,
        })
    }

    /// The checker of a collection. It is made anew when it is another day, or another collection of
    /// the register has changed: boundaries for places, indicators for observations.
    fn checker(&self, call: &Understood, view: &dyn View) -> Result<Arc<dyn Checker>, StoreError> {
        let collection = &call.collection;
        let journal = self.store.journal();
        let mut checkers = self.checkers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = checkers.get_mut(&collection.name) {
            let since = usize::try_from(held.seen.0).unwrap_or(usize::MAX);
            let mut later = journal.entries().iter().skip(since);
            let is_stale = later.any(|entry| {
                entry.load.register == collection.register_name
                    && entry.load.collection != collection.name
            });
            if held.today == call.today && !is_stale {
                held.seen = journal.last();
                return Ok(held.checker.clone());
            }
        }
        let context = CheckContext {
            today: call.today,
            synthetic: self.store.is_synthetic(),
            catalog: self.store.catalog(),
        };
        let held = HeldChecker {
            checker: Arc::from(self.store.checker(collection, context)?),
            seen: view.transaction(),
            today: call.today,
        };
        let checker = held.checker.clone();
        checkers.insert(collection.name.clone(), held);
        Ok(checker)
    }

    /// The answer to a call that was carried out before.
    fn replayed(&self, call: &Understood, known: &Remembered) -> Result<Written, WriteError> {
        self.written(call, known, true)
    }

    /// The record in the state that a call left.
    fn written(
        &self,
        call: &Understood,
        done: &Remembered,
        replayed: bool,
    ) -> Result<Written, WriteError> {
        let collection = &call.collection;
        let id = EntityId::new(collection.register, done.entity)
            .ok_or_else(|| StoreError::Damaged("an entity number past 45 bits".to_string()))?;
        let view = self.store.view();
        let (valid, known) = (Day(done.day), Transaction(done.transaction));
        let scope = TimeScope::At(AsOf { valid, known });
        let mut record = view.read(&collection.name, id, scope)?;
        if let Some(record) = &mut record {
            // In that state nobody knew that it would not last.
            record.known.1 = Transaction::MAX;
        }
        let version = view.version(&collection.name, id)?.unwrap_or(known);
        Ok(Written {
            collection: collection.name.clone(),
            id,
            outcome: done.outcome,
            transaction: known,
            // What somebody else wrote since is not what this caller has seen.
            version: version.min(known),
            record,
            day: valid,
            replayed,
        })
    }

    /// The load in which a call is carried out.
    fn started(&self, call: &Understood, now: i64) -> StartedLoad {
        StartedLoad {
            load: self.name(now),
            collection: call.call.collection.clone(),
            department: call.department.clone(),
            source: SOURCE.to_string(),
            file: String::new(),
        }
    }

    /// A name for a load, never the same twice.
    fn name(&self, now: i64) -> String {
        let last = |last: i64| Some(now.max(last + 1));
        let before = self
            .named
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, last);
        let instant = now.max(before.unwrap_or_else(|last| last) + 1);
        format!("{SOURCE}-{instant}")
    }
}

/// The members of a call's body, of which those that mean nothing to its verb are refused.
fn members(call: &Call) -> Result<Members, WriteError> {
    let known = match call.verb {
        Verb::Create | Verb::Change | Verb::Replace => body::RECORD,
        Verb::End => body::END,
        Verb::Retract => operations::RETRACT,
        Verb::Merge => operations::MERGE,
        Verb::Split => operations::SPLIT,
        Verb::Dispute => operations::DISPUTE,
    };
    Members::read(&call.body, known)
}

fn check_key(key: &str) -> Result<(), WriteError> {
    if (1..=LONGEST_KEY).contains(&key.len()) {
        return Ok(());
    }
    Err(WriteError::Parameter {
        parameter: "Idempotency-Key",
        value: crate::cell::shortened(key).into_owned(),
        expected: prose!("1 至 {LONGEST_KEY} 个字符", "1 to {LONGEST_KEY} characters"),
    })
}

fn refuse(problems: Vec<Located>) -> Result<(), WriteError> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(WriteError::Invalid(problems))
    }
}

/// Today, or the nearest day of the validity.
fn shown(validity: Validity, today: Day) -> Day {
    let last = if validity.to == Day::MAX || validity.to == Day::MIN {
        validity.to
    } else {
        Day(validity.to.0 - 1)
    };
    today.max(validity.from).min(last)
}

/// What the journal says of a single write.
fn entry(carried: &Carried) -> LoadEntry {
    let created = u64::from(carried.outcome == Outcome::Created);
    LoadEntry {
        counts: Counts {
            read: 1,
            inserted: created,
            changed: 1 - created,
            ..Counts::default()
        },
        ..LoadEntry::default()
    }
}

/// Forgets the answer of a load that could not be published. What cannot be forgotten names a load that
/// never was, and so tells nothing.
fn take_back(running: Option<&Running<'_>>) {
    if let Some(running) = running {
        let _ = running.forget();
    }
}
