//! What the desk finds out in a rehearsal, row by row in the order of the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{
    AsOf, CompactString, Day, EntityId, FieldNumber, Fields, Problem, Prose, Transaction, Validity,
    Value,
};
use register::{Embedded, LoadSession, StartedLoad, Store, StoreError, Stretch, TimeScope, View};
use schema::{Catalog, Collection, Field, Label, Source};
use xxhash_rust::xxh3::Xxh3;

use super::movement::{DivisionMove, Movement};
use super::privacy::{Writer, is_restricted, masked};
use super::report::{
    Change, Collision, Collisions, EXAMPLES, FieldChange, Missing, RejectedLine, Rejection,
    Subject, Suspects, Unresolved, UnresolvedExample,
};
use super::suspects::Matching;
use crate::desk::Ruling;

/// What is found out while rows are ruled on.
pub struct Findings {
    catalog: Arc<Catalog>,
    collection: Arc<Collection>,
    view: Arc<dyn View>,
    as_of: Day,
    today: Day,
    fields: BTreeMap<FieldNumber, FieldChange>,
    rejected: BTreeMap<(CompactString, CompactString), Rejection>,
    collisions: Collisions,
    references: BTreeMap<FieldNumber, Unresolved>,
    missing: Missing,
    matching: Matching,
    movement: Movement,
    corrected: u64,
    /// The row being ruled on says that the past was otherwise.
    corrects: bool,
    effect: Xxh3,
}

/// A row and what it says.
#[derive(Clone, Copy)]
pub struct Said<'r> {
    /// The line.
    pub line: u64,
    /// The hash of its natural key.
    pub key: u64,
    /// When it holds.
    pub validity: Validity,
    /// What it gives.
    pub fields: &'r Fields,
}

/// What the desk found out in all.
pub struct Found {
    /// Rows that correct the past.
    pub corrected: u64,
    /// By field.
    pub fields: Vec<FieldChange>,
    /// By reason.
    pub rejected: Vec<Rejection>,
    /// Keys that come again.
    pub collisions: Collisions,
    /// By field.
    pub references: Vec<Unresolved>,
    /// What a whole-set file lacks.
    pub missing: Missing,
    /// By rule.
    pub suspects: Vec<Suspects>,
    /// By county.
    pub divisions: Vec<DivisionMove>,
    /// The hash of the effect.
    pub effect: String,
}

/// What a row would do to one field of a known record.
struct Difference {
    before: Option<String>,
    after: Option<String>,
    from: Day,
    corrects: bool,
    /// A hash of both values.
    hash: u64,
}

impl Findings {
    /// Begins the rehearsal of a load, and what is found out besides, over one state.
    pub fn begin<'a>(
        store: &'a Embedded,
        source: &Source,
        started: StartedLoad,
        as_of: Day,
    ) -> Result<(LoadSession<'a>, Findings), StoreError> {
        let session = store.begin_rehearsal(started, as_of)?;
        let findings = Findings::new(store, session.view(), source, as_of)?;
        Ok((session, findings))
    }

    /// The last transaction of the state before the load.
    pub fn against(&self) -> Transaction {
        self.view.transaction()
    }

    /// For a load of a source into a state.
    fn new(
        store: &Embedded,
        view: Arc<dyn View>,
        source: &Source,
        as_of: Day,
    ) -> Result<Findings, StoreError> {
        let (collection, today) = (source.collection.clone(), register::today());
        let populated = view.count(
            &collection.name,
            &record::Predicate::All,
            TimeScope::Present(today),
            register::Deadline::NONE,
        )? > 0;
        Ok(Findings {
            catalog: store.catalog().clone(),
            matching: Matching::new(&collection, today, populated),
            movement: Movement::new(&collection, today),
            collection,
            view,
            as_of,
            today,
            fields: BTreeMap::new(),
            rejected: BTreeMap::new(),
            collisions: Collisions::default(),
            references: BTreeMap::new(),
            missing: Missing::default(),
            corrected: 0,
            corrects: false,
            effect: Xxh3::new(),
        })
    }

    fn writer(&self) -> Writer<'_> {
        Writer {
            catalog: &self.catalog,
            collection: &self.collection,
        }
    }

    fn note(&mut self, kind: u8, line: u64, number: u64) {
        self.effect.update(&[kind]);
        self.effect.update(&line.to_le_bytes());
        self.effect.update(&number.to_le_bytes());
    }

    /// A sound row, before it is compared with anything.
    pub fn sound(&mut self, said: Said, marks: &[u64]) {
        let writer = Writer {
            catalog: &self.catalog,
            collection: &self.collection,
        };
        self.matching
            .row((said.line, said.key), said.fields, marks, writer);
    }

    /// What the references lead to of a row that says something new.
    fn references(&mut self, session: &LoadSession, said: Said) -> Result<(), StoreError> {
        let collection = self.collection.clone();
        for (number, value) in said.fields {
            let Some(target) = collection.at(*number).target() else {
                continue;
            };
            for value in value.each() {
                let Value::Reference(reference) = value else {
                    continue;
                };
                let known = session.target(target, &reference.key)?.is_some();
                self.reference(*number, said.line, &reference.key, known);
            }
        }
        Ok(())
    }

    fn reference(&mut self, number: FieldNumber, line: u64, key: &str, known: bool) {
        let field = self.collection.at(number);
        let entry = self.references.entry(number).or_insert_with(|| Unresolved {
            field: field.name.to_string(),
            label: field.label.clone(),
            target: field.target().unwrap_or_default().to_string(),
            all: 0,
            count: 0,
            examples: Vec::new(),
        });
        entry.all += 1;
        if known {
            return;
        }
        entry.count += 1;
        if entry.examples.len() < EXAMPLES {
            let writer = Writer {
                catalog: &self.catalog,
                collection: &self.collection,
            };
            let key = writer.text(field, key);
            entry.examples.push(UnresolvedExample { line, key });
        }
        self.note(b'r', line, u64::from(number));
    }

    /// A row that introduces an entity.
    pub fn inserting(&mut self, session: &LoadSession, said: Said) -> Result<(), StoreError> {
        self.note(b'i', said.line, 0);
        self.references(session, said)?;
        self.movement
            .inserted(session, said.fields, said.validity)?;
        let writer = Writer {
            catalog: &self.catalog,
            collection: &self.collection,
        };
        self.matching
            .inserted(said.line, said.fields, writer, self.view.as_ref())
    }

    /// A row that says nothing new, of an entity of which the file may have spoken on a line before.
    pub fn unchanged(&mut self, line: u64, number: u64, earlier: u64) {
        self.note(b'u', line, number);
        self.collisions.repeated += u64::from(earlier > 0);
    }

    /// A row that contradicts an earlier one.
    pub fn contradicting(&mut self, said: Said, earlier: u64) {
        self.collisions.refused += 1;
        if self.collisions.examples.len() < EXAMPLES {
            self.collisions.examples.push(Collision {
                line: said.line,
                earlier,
                key: self.writer().key(said.fields),
            });
        }
    }

    /// A row that says something new of an entity that is known.
    pub fn changing(
        &mut self,
        session: &LoadSession,
        said: Said,
        (number, earlier): (u64, u64),
    ) -> Result<(), StoreError> {
        self.collisions.continued += u64::from(earlier > 0);
        self.references(session, said)?;
        if session.is_new(number) {
            // The file itself introduces it: there is no state before to compare with.
            self.note(b'n', said.line, 0);
            return Ok(());
        }
        self.note(b'c', said.line, number);
        let stretches = session.said(number, said.validity)?;
        for (field, value) in said.fields {
            let difference = self.difference(session, number, (*field, value), &stretches)?;
            if let Some(difference) = difference {
                self.changed_field(said, number, *field, difference)?;
            }
        }
        if self
            .movement
            .concerns(&self.collection, said.fields, said.validity)
        {
            let before = self.record(number, self.today)?;
            let view = self.view.as_ref();
            self.movement
                .changed(session, view, said.fields, before.as_ref())?;
        }
        Ok(())
    }

    /// How a value differs from what holds before, on the first days where it does.
    fn difference(
        &self,
        session: &LoadSession,
        number: u64,
        (field, value): (FieldNumber, &Value),
        stretches: &[Stretch],
    ) -> Result<Option<Difference>, StoreError> {
        let of = self.collection.at(field);
        let mut first: Option<Difference> = None;
        for stretch in stretches {
            let own = stretch.fields.as_ref().and_then(|said| {
                said.iter()
                    .find(|(number, _)| *number == field)
                    .map(|(_, value)| value)
            });
            let spoken = own.is_some_and(|own| !own.is_null());
            let corrects = spoken && stretch.validity.from < self.as_of;
            let before = match own {
                Some(own) if same(own, value) => continue,
                Some(own) => self.writer().value(of, own),
                // The department has not spoken of it: others may have.
                None => match self.others_value(session, number, (of, value), stretch)? {
                    Some(before) => before,
                    None => continue,
                },
            };
            match &mut first {
                Some(first) => first.corrects |= corrects,
                None => {
                    let values = [own.cloned().unwrap_or(Value::Null), value.clone()];
                    first = Some(Difference {
                        hash: index::key_hash(&values),
                        before,
                        after: self.writer().value(of, value),
                        from: stretch.validity.from,
                        corrects,
                    });
                }
            }
        }
        Ok(first)
    }

    /// The value that the record has from others; `None` where a row's value is no change of it.
    fn others_value(
        &self,
        session: &LoadSession,
        number: u64,
        (field, value): (&Field, &Value),
        stretch: &Stretch,
    ) -> Result<Option<Option<String>>, StoreError> {
        if value.is_null() {
            return Ok(None);
        }
        let Some(body) = self.record(number, stretch.validity.from)? else {
            // The entity does not exist on these days: it comes back, which is no change of a value.
            return Ok(None);
        };
        let json = if self.collection.location == Some(field.number) {
            &body["geometry"]
        } else {
            &body["properties"][&*field.name]
        };
        if let (Some(target), Value::Reference(reference), Some(id)) =
            (field.target(), value, json.as_str())
        {
            let named = session.target(target, &reference.key)?;
            // Whom it leads to now: the last stretch, if it has no end.
            let now = named.as_ref().and_then(|named| named.spans.last());
            let same = now
                .is_some_and(|span| span.known.1 == Transaction::MAX && span.id.to_string() == id);
            return Ok((!same).then(|| Some(id.to_string())));
        }
        let before = self.writer().property(field, json);
        let after = self.writer().value(field, value);
        Ok((before != after).then_some(before))
    }

    fn changed_field(
        &mut self,
        said: Said,
        number: u64,
        field: FieldNumber,
        difference: Difference,
    ) -> Result<(), StoreError> {
        let of = self.collection.at(field);
        // What others say is known by its text alone.
        let before = difference.before.as_deref().unwrap_or_default();
        self.effect.update(before.as_bytes());
        self.effect.update(&difference.hash.to_le_bytes());
        self.effect.update(&difference.from.0.to_le_bytes());
        self.corrects |= difference.corrects;
        let entry = self.fields.entry(field).or_insert_with(|| FieldChange {
            field: of.name.to_string(),
            label: of.label.clone(),
            changed: 0,
            corrected: 0,
            filled: 0,
            emptied: 0,
            examples: Vec::new(),
        });
        match difference.corrects {
            true => entry.corrected += 1,
            false => entry.changed += 1,
        }
        entry.filled += u64::from(difference.before.is_none());
        entry.emptied += u64::from(difference.after.is_none());
        if entry.examples.len() >= EXAMPLES {
            return Ok(());
        }
        let known = self.record(number, self.today)?;
        let subject = self.subject(said, number, known.as_ref());
        let change = Change {
            subject,
            before: difference.before,
            after: difference.after,
            from: (difference.from > Day::MIN).then(|| difference.from.to_string()),
            corrects: difference.corrects,
        };
        if let Some(entry) = self.fields.get_mut(&field) {
            entry.examples.push(change);
        }
        Ok(())
    }

    fn subject(&self, said: Said, number: u64, known: Option<&serde_json::Value>) -> Subject {
        let writer = self.writer();
        let id = EntityId::new(self.collection.register, number);
        let id = id.map(|id| id.to_string());
        let of_row = Subject {
            line: said.line,
            key: writer.key(said.fields),
            title: writer.title(said.fields),
            id: id.clone(),
        };
        match known {
            // The title by which the record is known, not the one that it would get.
            Some(body) => Subject {
                title: writer.subject_of("", body).title,
                ..of_row
            },
            None => of_row,
        }
    }

    /// The body of a record on a day, as it is believed before the load.
    fn record(&self, number: u64, day: Day) -> Result<Option<serde_json::Value>, StoreError> {
        let Some(id) = EntityId::new(self.collection.register, number) else {
            return Ok(None);
        };
        let known: Transaction = self.view.transaction();
        let time = if day == self.today {
            TimeScope::Present(day)
        } else {
            TimeScope::At(AsOf { valid: day, known })
        };
        let record = self.view.read(&self.collection.name, id, time)?;
        record
            .map(|record| serde_json::from_str(&record.body))
            .transpose()
            .map_err(|reason| StoreError::Damaged(format!("{id}: {reason}")))
    }

    /// A row that ends another entity, or the lack of a row that ends one (`line` 0).
    pub fn ending(
        &mut self,
        session: &LoadSession,
        line: u64,
        number: u64,
        validity: Validity,
    ) -> Result<(), StoreError> {
        self.note(b'e', line, number);
        if session.is_new(number) {
            return Ok(());
        }
        if line > 0 {
            let past = Validity::new(validity.from, validity.to.min(self.as_of));
            let said = past.map(|past| session.said(number, past)).transpose()?;
            self.corrects |= said.is_some_and(|said| said.iter().any(|one| one.fields.is_some()));
        }
        let record = self.record(number, self.today)?;
        let stays = session.others_claim(
            number,
            Validity {
                from: self.today,
                to: self.today.next(),
            },
        )?;
        if validity.contains(self.today) && !stays {
            self.movement.ended(&self.collection, record.as_ref());
        }
        if line == 0 {
            self.missing.count += 1;
            if self.missing.examples.len() < EXAMPLES {
                let id = EntityId::new(self.collection.register, number);
                let id = id.map(|id| id.to_string()).unwrap_or_default();
                let body = record.unwrap_or_default();
                let subject = self.writer().subject_of(&id, &body);
                self.missing.examples.push(subject);
            }
        }
        Ok(())
    }

    /// What became of a row in the end.
    pub fn ruled(&mut self, line: u64, ruling: &Ruling) {
        let corrects = std::mem::take(&mut self.corrects);
        match ruling {
            Ruling::Rejected(problems) => self.refused(line, problems),
            Ruling::Changed => self.corrected += u64::from(corrects),
            Ruling::Inserted | Ruling::Unchanged => {}
        }
    }

    fn refused(&mut self, line: u64, problems: &[Problem]) {
        self.note(b'x', line, problems.len() as u64);
        for problem in problems {
            self.effect.update(problem.code.as_bytes());
            let name = (problem.code.clone(), problem.field.clone());
            let shown = self.rejected.get(&name).map_or(0, |one| one.lines.len());
            let text = (shown < EXAMPLES).then(|| self.text(line, problem));
            let entry = self.rejected.entry(name).or_insert_with(|| Rejection {
                code: problem.code.to_string(),
                field: problem.field.to_string(),
                count: 0,
                lines: Vec::new(),
            });
            entry.count += 1;
            entry
                .lines
                .extend(text.map(|text| RejectedLine { line, text }));
        }
    }

    /// A problem in the words of the table, without values that may not be shown.
    fn text(&self, line: u64, problem: &Problem) -> Label {
        let field = self
            .collection
            .field(&problem.field)
            .map(|(_, field)| field);
        let name = problem.field.as_str();
        let (zh, en) = field.map_or((name, name), |field| (&field.label.zh, &field.label.en));
        let mut shown = problem.clone();
        // What is found of a key that comes again is a line.
        let is_value = problem.code != "duplicate-key";
        if is_value && field.is_some_and(|field| is_restricted(&self.catalog, field)) {
            let value = &problem.value;
            shown.value = Prose::new(masked(&value.zh), masked(&value.en));
        }
        let text = self.catalog.problems.text_with(&shown, zh, en, line);
        Label {
            zh: self.writer().any(&text.zh),
            en: self.writer().any(&text.en),
        }
    }

    /// The desk's findings in all.
    pub fn finish(self, store: &Embedded) -> Result<Found, StoreError> {
        let writer = Writer {
            catalog: &self.catalog,
            collection: &self.collection,
        };
        let view = self.view.as_ref();
        let mut rejected: Vec<Rejection> = self.rejected.into_values().collect();
        rejected.sort_by_key(|one| std::cmp::Reverse(one.count));
        let references = self.references.into_values();
        Ok(Found {
            corrected: self.corrected,
            fields: self.fields.into_values().collect(),
            rejected,
            collisions: self.collisions,
            references: references.filter(|one| one.count > 0).collect(),
            missing: self.missing,
            suspects: self.matching.finish(writer, view)?,
            divisions: self.movement.report(store, view, &self.collection)?,
            effect: format!("{:032x}", self.effect.digest128()),
        })
    }
}

/// Whether a department already says what a row says: an empty cell and no word are the same there.
fn same(said: &Value, value: &Value) -> bool {
    said == value || (said.is_null() && value.is_null())
}
