//! Ruling on rows, one after the other: new, changed, unchanged, or refused.

use std::collections::{HashMap, HashSet};

use record::{Day, FieldNumber, Fields, Problem, Validity, Value};
use register::rules::get;
use register::{Counts, LoadSession, NewRow, Slot, StoreError, key_of};
use schema::{Collection, Duplicates, First, Scope, Source};

use crate::divisions::{self, DivisionCodes};
use crate::mapper::MappedRow;
use crate::notices::Notices;
use crate::rehearsal::findings::{Findings, Said};
use crate::saying::{self, Change};

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Ruling {
    /// It introduced an entity.
    Inserted,
    /// It changed one.
    Changed,
    /// It said nothing new.
    Unchanged,
    /// It is refused.
    Rejected(Vec<Problem>),
}

/// The divisions that rows may name.
pub struct KnownDivisions {
    codes: HashSet<String>,
}

impl KnownDivisions {
    /// From the codes of 12 digits of all divisions known, ended ones too.
    pub fn new(codes: HashSet<String>) -> KnownDivisions {
        KnownDivisions { codes }
    }
}

impl DivisionCodes for KnownDivisions {
    fn has(&self, code: &str) -> Result<bool, StoreError> {
        Ok(self.codes.contains(code))
    }

    fn has_towns(&self, county: &str) -> Result<bool, StoreError> {
        Ok(self.codes.contains(&format!("{county}+")))
    }
}

/// Rules on the rows of one load.
pub struct Desk<'a> {
    session: LoadSession<'a>,
    source: &'a Source,
    as_of: Day,
    divisions: KnownDivisions,
    division_fields: Vec<FieldNumber>,
    /// When rows hold, and their digests, by key and how many rows with it came before; kept where rows
    /// of one key must hold apart.
    said: HashMap<(u64, u32), (Validity, u64)>,
    /// Keys of refused rows of a whole-set file.
    refused: HashSet<u64>,
    /// Refused rows of a whole-set file may be about anybody.
    nameless: bool,
    /// Entities that a whole-set file lacks were not ended, because refused rows may be about them.
    pub ends_withheld: bool,
    /// What has been ruled so far.
    pub counts: Counts,
    /// What is found out besides, in a rehearsal.
    findings: Option<Findings>,
    /// What the source's department does not answer for.
    pub notices: Notices<'a>,
}

impl<'a> Desk<'a> {
    /// A desk for a load; changes hold from `as_of` where rows do not say.
    pub fn new(
        session: LoadSession<'a>,
        source: &'a Source,
        as_of: Day,
        divisions: KnownDivisions,
    ) -> Desk<'a> {
        let division_fields = divisions::fields(&source.collection);
        Desk {
            session,
            source,
            as_of,
            divisions,
            division_fields,
            said: HashMap::new(),
            refused: HashSet::new(),
            nameless: false,
            ends_withheld: false,
            counts: Counts::default(),
            findings: None,
            notices: Notices::new(source),
        }
    }

    /// The same, for a rehearsal.
    pub fn watched(mut self, findings: Option<Findings>) -> Desk<'a> {
        self.findings = findings;
        self
    }

    /// Rules on one row and carries it out.
    pub fn rule(&mut self, line: u64, mut row: MappedRow) -> Result<Ruling, StoreError> {
        self.counts.read += 1;
        let unknown = unknown_divisions(
            &self.divisions,
            &self.source.collection,
            &self.division_fields,
            &row.fields,
        )?;
        row.problems.extend(unknown);
        let ruling = if row.problems.is_empty() {
            let foreign = self.notices.of(&row.fields);
            let ruling = self.carry_out(line, row)?;
            if !matches!(ruling, Ruling::Rejected(_)) {
                self.notices.note(line, &foreign)?;
            }
            ruling
        } else {
            self.note_refused(&row);
            Ruling::Rejected(row.problems)
        };
        match &ruling {
            Ruling::Inserted => self.counts.inserted += 1,
            Ruling::Changed => self.counts.changed += 1,
            Ruling::Unchanged => self.counts.unchanged += 1,
            Ruling::Rejected(_) => self.counts.rejected += 1,
        }
        if let Some(findings) = &mut self.findings {
            findings.ruled(line, &ruling);
        }
        Ok(ruling)
    }

    /// Remembers whom a refused row is about: it is wrong, but not missing.
    fn note_refused(&mut self, row: &MappedRow) {
        if self.source.scope != Scope::Whole {
            return;
        }
        let collection = &self.source.collection;
        let is_key = |name: &str| {
            let mut key = collection.key.iter();
            key.any(|number| collection.at(*number).name == name)
        };
        let unknown = row.fields.is_empty()
            || missing_key(collection, &row.fields).is_some()
            || row.problems.iter().any(|problem| is_key(&problem.field));
        if unknown {
            self.nameless = true;
        } else {
            let key = key_of(collection, &row.fields);
            self.refused.insert(index::key_hash(&key));
        }
    }

    fn carry_out(&mut self, line: u64, row: MappedRow) -> Result<Ruling, StoreError> {
        if row.only_ends {
            return Ok(match self.end(line, &row)? {
                true => Ruling::Changed,
                false => Ruling::Unchanged,
            });
        }
        let collection = &self.source.collection;
        if let Some(problem) = missing_key(collection, &row.fields) {
            self.nameless = true;
            return Ok(Ruling::Rejected(vec![problem]));
        }
        let key = index::key_hash(&key_of(collection, &row.fields));
        let slot = self.session.slot(key)?;
        let explicit = row.from.is_some() || row.to.is_some();
        let validity = self.validity(&row, slot.is_none());
        let digest = self
            .session
            .digest(explicit.then_some(validity), &row.fields);
        let problems = match slot {
            None => missing_values(collection, &row.fields),
            // What a record must have, an empty cell does not take away.
            Some(slot) => match cleared(collection, &row.fields) {
                problems if problems.is_empty() => self.contradiction(key, slot, validity, digest),
                problems => problems,
            },
        };
        let said = Said {
            line,
            key,
            validity,
            fields: &row.fields,
        };
        if !problems.is_empty() {
            if let (Some(findings), Some(slot)) = (&mut self.findings, slot) {
                findings.contradicting(said, slot.line);
            }
            return Ok(Ruling::Rejected(problems));
        }
        if let Some(findings) = &mut self.findings {
            findings.sound(said, &row.marks);
        }
        // A refused row changes nothing: whom this one ends is ended only now.
        let ended = self.end(line, &row)?;
        let ruling = self.say(line, row, key, digest)?;
        self.session.set_digest(key, digest)?;
        if self.source.duplicates == Duplicates::Refuse && self.is_dated() {
            let count = (0..).find(|place| !self.said.contains_key(&(key, *place)));
            self.said
                .insert((key, count.unwrap_or(0)), (validity, digest));
        }
        Ok(match ruling {
            Ruling::Unchanged if ended => Ruling::Changed,
            ruling => ruling,
        })
    }

    /// Whether rows can say when they hold.
    fn is_dated(&self) -> bool {
        self.source.validity.from.is_some() || self.source.validity.to.is_some()
    }

    /// What the file has said before under a key, where that is kept.
    fn said(&self, key: u64) -> impl Iterator<Item = &(Validity, u64)> {
        (0..).map_while(move |place| self.said.get(&(key, place)))
    }

    /// What is wrong with a row where the file has had others with its key. The same row once more says
    /// nothing new and is let pass.
    fn contradiction(&self, key: u64, slot: Slot, validity: Validity, digest: u64) -> Vec<Problem> {
        if slot.line == 0 || self.source.duplicates != Duplicates::Refuse {
            return Vec::new();
        }
        let contradicts = if self.is_dated() {
            self.said(key)
                .filter(|(_, other)| *other != digest)
                .any(|(other, _)| other.intersection(validity).is_some())
        } else {
            slot.digest != digest
        };
        if !contradicts {
            return Vec::new();
        }
        let collection = &self.source.collection;
        let name = collection
            .key
            .first()
            .map_or("", |number| &collection.at(*number).name);
        let found = format!("{}", slot.line);
        vec![Problem::new("duplicate-key", name, &found, "")]
    }

    /// Says what a sound row says.
    fn say(
        &mut self,
        line: u64,
        row: MappedRow,
        key: u64,
        digest: u64,
    ) -> Result<Ruling, StoreError> {
        let Some(slot) = self.session.slot(key)? else {
            let validity = self.validity(&row, true);
            if let Some(findings) = &mut self.findings {
                let fields = &row.fields;
                let said = Said {
                    line,
                    key,
                    validity,
                    fields,
                };
                findings.inserting(&self.session, said)?;
            }
            self.session.insert(NewRow {
                line,
                validity,
                key,
                fields: row.fields,
            })?;
            return Ok(Ruling::Inserted);
        };
        let validity = self.validity(&row, false);
        let is_known = slot.digest == digest || self.said(key).any(|(_, said)| *said == digest);
        let silent = row.from.is_none() && row.to.is_none() && slot.line == 0;
        let change = Change {
            number: slot.number,
            first: silent.then(|| self.validity(&row, true)),
            open: row.to.is_none(),
            row: NewRow {
                line,
                validity,
                key,
                fields: row.fields,
            },
        };
        let news = match is_known {
            true => Vec::new(),
            false => saying::news(&self.session, &change)?,
        };
        if news.is_empty() {
            self.session.touch(key, line)?;
            if let Some(findings) = &mut self.findings {
                findings.unchanged(line, slot.number, slot.line);
            }
            return Ok(Ruling::Unchanged);
        }
        if let Some(findings) = &mut self.findings {
            let mut earlier = slot.line;
            for (validity, fields) in &news {
                let validity = *validity;
                let said = Said {
                    line,
                    key,
                    validity,
                    fields,
                };
                findings.changing(&self.session, said, (slot.number, earlier))?;
                earlier = 0;
            }
        }
        saying::say(&mut self.session, &change, news)?;
        Ok(Ruling::Changed)
    }

    /// Ends the entity that a row ends, if it does; whether that is news.
    fn end(&mut self, line: u64, row: &MappedRow) -> Result<bool, StoreError> {
        let Some(key) = &row.ends else {
            return Ok(false);
        };
        let key = index::key_hash(std::slice::from_ref(key));
        let Some(slot) = self.session.slot(key)? else {
            return Ok(false);
        };
        let validity = self.validity(row, false);
        if !self.session.has_changed(slot.number)
            && !self.session.is_claimed(slot.number, validity, false)?
        {
            return Ok(false);
        }
        if let Some(findings) = &mut self.findings {
            findings.ending(&self.session, line, slot.number, validity)?;
        }
        self.session.end(slot.number, line, validity)?;
        self.session.set_digest(key, 0)?;
        Ok(true)
    }

    /// When a row holds: as it says itself, or else a new entity as the mapping says, a known one from
    /// the load's date.
    fn validity(&self, row: &MappedRow, new: bool) -> Validity {
        let from = match (row.from, row.to) {
            (Some(from), _) => from,
            (None, Some(_)) => Day::MIN,
            (None, None) if new && self.source.validity.first == First::Open => Day::MIN,
            (None, None) => self.as_of,
        };
        Validity {
            from,
            to: row.to.unwrap_or(Day::MAX),
        }
    }

    /// Ends what a whole-set file lacks: entities that the department still claims through this source
    /// and that no row has named. Where refused rows may be about anybody, nobody is ended.
    pub fn end_missing(&mut self) -> Result<u64, StoreError> {
        let validity = Validity::new(self.as_of, Day::MAX);
        let Some(validity) = validity.filter(|_| self.source.scope == Scope::Whole) else {
            return Ok(0);
        };
        let mut refused: HashSet<u64> = HashSet::new();
        for key in &self.refused {
            refused.extend(self.session.slot(*key)?.map(|slot| slot.number));
        }
        let mut ended = 0;
        for number in self.session.untouched()? {
            if !refused.contains(&number) && self.session.is_claimed(number, validity, true)? {
                if self.nameless {
                    self.ends_withheld = true;
                    return Ok(0);
                }
                if let Some(findings) = &mut self.findings {
                    findings.ending(&self.session, 0, number, validity)?;
                }
                self.session.end(number, 0, validity)?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// The session, to publish or abandon, and what a rehearsal found out.
    pub fn into_parts(self) -> (LoadSession<'a>, Option<Findings>) {
        (self.session, self.findings)
    }
}

/// What is wrong with the divisions that values name.
pub fn unknown_divisions(
    codes: &dyn DivisionCodes,
    collection: &Collection,
    numbers: &[FieldNumber],
    fields: &Fields,
) -> Result<Vec<Problem>, StoreError> {
    let mut problems = Vec::new();
    for number in numbers {
        let Some(value) = get(fields, *number) else {
            continue;
        };
        for code in value.each().iter().filter_map(Value::as_text) {
            if !divisions::knows(codes, code)? {
                let name = &collection.at(*number).name;
                problems.push(Problem::new("division-unknown", name, code, ""));
            }
        }
    }
    Ok(problems)
}

/// What is missing of a natural key, the first field of it.
pub fn missing_key(collection: &Collection, fields: &Fields) -> Option<Problem> {
    let missing = collection
        .key
        .iter()
        .find(|number| collection.at(**number).required && get(fields, **number).is_none())?;
    Some(Problem::new(
        "missing-value",
        &collection.at(*missing).name,
        "",
        "",
    ))
}

/// What an entity must have and is not given.
pub fn missing_values(collection: &Collection, fields: &Fields) -> Vec<Problem> {
    collection
        .fields
        .iter()
        .filter(|field| field.required && field.is_given())
        .filter(|field| get(fields, field.number).is_none())
        .map(|field| Problem::new("missing-value", &field.name, "", ""))
        .collect()
}

/// What a row or a request takes the value from, though every record must have it.
pub fn cleared(collection: &Collection, fields: &Fields) -> Vec<Problem> {
    let is_cleared =
        |number: FieldNumber, value: &Value| value.is_null() && collection.at(number).required;
    fields
        .iter()
        .filter(|(number, value)| is_cleared(*number, value))
        .map(|(number, _)| Problem::new("missing-value", &collection.at(*number).name, "", ""))
        .collect()
}
