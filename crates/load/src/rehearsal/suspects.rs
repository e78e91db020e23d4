//! Entities that may be one: `[[match]]` of the collection's schema, inside the file and against the
//! register.
//!
//! Inside the file, a hash of the values that must agree leads from a row to the first with the same,
//! in a table of bounded size. New entities are looked for in the register in lots: by the text of the
//! rule, as it is written and in its normal form, or by full text where it is long enough to be
//! selective; what is found is compared value by value. Both have a bound, and the report says where it
//! was reached.

use std::collections::HashMap;

use record::{CompactString, Day, Fields, Predicate, Value};
use register::rules::get;
use register::{Deadline, Search, StoreError, TimeScope, View};
use schema::{Collection, Field, FieldType, MatchRule};

use super::privacy::Writer;
use super::report::{EXAMPLES, FilePair, RegisterPair, Subject, Suspects};
use crate::profile::hash::{ByHash, hash};

/// Rows remembered for one rule: some 150 MB.
const REMEMBERED: usize = 4_000_000;
/// New entities looked for at once.
const LOT: usize = 256;
/// Texts of so many characters are looked for by full text.
const SELECTIVE: usize = 6;
/// Records read for one rule, at most.
const READ: u64 = 500_000;
/// Records found at once, at most.
const FOUND: usize = 20_000;
/// Between two values that must agree.
const SEPARATOR: char = '\u{1f}';

/// A value as it is compared.
fn normal(field: &Field, value: &Value) -> Option<CompactString> {
    Some(match value {
        Value::Text(text) if matches!(field.kind, FieldType::Text) => {
            text::normal::search(text).into()
        }
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string().into(),
        Value::Integer(number) => number.to_string().into(),
        Value::Decimal(number) => number.to_string().into(),
        Value::Boolean(is) => is.to_string().into(),
        Value::Reference(reference) => reference.key.clone(),
        _ => return None,
    })
}

/// What must agree in two entities, as one text; none where a value is missing.
fn agreement(
    collection: &Collection,
    rule: &MatchRule,
    value: impl Fn(&Field) -> Option<Value>,
) -> Option<CompactString> {
    let mut out = CompactString::default();
    for number in &rule.fields {
        let field = collection.at(*number);
        out.push_str(&normal(field, &value(field)?)?);
        out.push(SEPARATOR);
    }
    Some(out)
}

fn agreement_of_row(
    collection: &Collection,
    rule: &MatchRule,
    fields: &Fields,
) -> Option<CompactString> {
    agreement(collection, rule, |field| get(fields, field.number).cloned())
}

fn agreement_of_body(
    collection: &Collection,
    rule: &MatchRule,
    body: &serde_json::Value,
) -> Option<CompactString> {
    agreement(collection, rule, |field| {
        let json = &body["properties"][&*field.name];
        match json.as_str() {
            Some(text) => Some(Value::text(text)),
            None if json.is_null() => None,
            None => Some(Value::text(&json.to_string())),
        }
    })
}

/// The hashes of what must agree, one for each rule; 0 where a value is missing. Made by the threads
/// that map rows.
pub fn marks(collection: &Collection, fields: &Fields) -> Vec<u64> {
    let mark = |rule| {
        let agreement = agreement_of_row(collection, rule, fields);
        agreement.map_or(0, |text| hash(&text).max(1))
    };
    collection.matches.iter().map(mark).collect()
}

/// A new entity that is looked for in the register.
struct Sought {
    subject: Subject,
    agreement: CompactString,
    text: CompactString,
}

/// One rule at work.
struct AtWork {
    /// The first row with each mark: the hash of its key, and its line.
    rows: ByHash<(u64, u64)>,
    sought: Vec<Sought>,
    read: u64,
    report: Suspects,
}

/// All rules of a collection at work.
pub struct Matching {
    today: Day,
    /// Whether the register has any record to be compared with.
    populated: bool,
    rules: Vec<AtWork>,
}

impl Matching {
    /// For a collection; `populated` where its register has records.
    pub fn new(collection: &Collection, today: Day, populated: bool) -> Matching {
        let rules = collection.matches.iter().map(|rule| AtWork {
            rows: ByHash::default(),
            sought: Vec::new(),
            read: 0,
            report: Suspects {
                rule: rule.name.clone(),
                label: rule.label.clone(),
                in_file: 0,
                file_examples: Vec::new(),
                in_register: 0,
                register_examples: Vec::new(),
                compared: 0,
                capped: false,
            },
        });
        Matching {
            today,
            populated,
            rules: rules.collect(),
        }
    }

    /// A sound row with its marks and the hash of its key.
    pub fn row(&mut self, (line, key): (u64, u64), fields: &Fields, marks: &[u64], writer: Writer) {
        for (rule, mark) in self.rules.iter_mut().zip(marks) {
            if *mark == 0 {
                continue;
            }
            let Some((known, earlier)) = rule.rows.get(mark).copied() else {
                if rule.rows.len() < REMEMBERED {
                    rule.rows.insert(*mark, (key, line));
                } else {
                    rule.report.capped = true;
                }
                continue;
            };
            if known == key {
                continue;
            }
            rule.report.in_file += 1;
            if rule.report.file_examples.len() < EXAMPLES {
                let subject = subject(line, fields, writer);
                rule.report
                    .file_examples
                    .push(FilePair { subject, earlier });
            }
        }
    }

    /// A new entity, to be compared with the register.
    pub fn inserted(
        &mut self,
        line: u64,
        fields: &Fields,
        writer: Writer,
        view: &dyn View,
    ) -> Result<(), StoreError> {
        if !self.populated {
            return Ok(());
        }
        let collection = writer.collection;
        for (place, rule) in collection.matches.iter().enumerate() {
            let probe = collection.at(probe(collection, rule));
            let text = get(fields, probe.number).and_then(Value::as_text);
            let agreement = agreement_of_row(collection, rule, fields);
            let (Some(text), Some(agreement)) = (text, agreement) else {
                continue;
            };
            let at_work = &mut self.rules[place];
            if at_work.read >= READ {
                at_work.report.capped = true;
                continue;
            }
            at_work.report.compared += 1;
            at_work.sought.push(Sought {
                subject: subject(line, fields, writer),
                agreement,
                text: text.into(),
            });
            if at_work.sought.len() >= LOT {
                self.look(place, writer, view)?;
            }
        }
        Ok(())
    }

    /// Looks for one lot of new entities.
    fn look(&mut self, place: usize, writer: Writer, view: &dyn View) -> Result<(), StoreError> {
        let collection = writer.collection;
        let (Some(at_work), Some(rule)) =
            (self.rules.get_mut(place), collection.matches.get(place))
        else {
            return Ok(());
        };
        let sought = std::mem::take(&mut at_work.sought);
        let probe = collection.at(probe(collection, rule));
        let (long, short): (Vec<&Sought>, Vec<&Sought>) = sought.iter().partition(|one| {
            probe.search.text && (!probe.search.exact || one.text.chars().count() >= SELECTIVE)
        });
        let mut by_agreement: HashMap<&str, Vec<&Sought>> = HashMap::new();
        for one in &sought {
            by_agreement.entry(&one.agreement).or_default().push(one);
        }
        for predicate in [exactly(probe, &short), by_text(probe, &long)]
            .into_iter()
            .flatten()
        {
            let search = Search {
                predicate: &predicate,
                time: TimeScope::Present(self.today),
                sort: &[],
                after: None,
                limit: FOUND,
                deadline: Deadline::NONE,
            };
            let page = view.search(&collection.name, &search)?;
            at_work.read += page.records.len() as u64;
            at_work.report.capped |= page.next.is_some();
            for record in page.records {
                let body: serde_json::Value = serde_json::from_str(&record.body)
                    .map_err(|reason| StoreError::Damaged(format!("{}: {reason}", record.id)))?;
                let Some(agreement) = agreement_of_body(collection, rule, &body) else {
                    continue;
                };
                for one in by_agreement.get(&*agreement).into_iter().flatten() {
                    at_work.report.in_register += 1;
                    if at_work.report.register_examples.len() < EXAMPLES {
                        at_work.report.register_examples.push(RegisterPair {
                            subject: one.subject.clone(),
                            known: writer.subject_of(&record.id.to_string(), &body),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// Looks for what is left, and tells what was found.
    pub fn finish(mut self, writer: Writer, view: &dyn View) -> Result<Vec<Suspects>, StoreError> {
        for place in 0..self.rules.len() {
            self.look(place, writer, view)?;
        }
        Ok(self.rules.into_iter().map(|rule| rule.report).collect())
    }
}

/// The text by which the register is asked: one that is searched exactly, or else by full text.
fn probe(collection: &Collection, rule: &MatchRule) -> u16 {
    let texts = rule.fields.iter().copied().filter(|number| {
        let field = collection.at(*number);
        matches!(field.kind, FieldType::Text) && field.search.any()
    });
    let exact = texts
        .clone()
        .find(|number| collection.at(*number).search.exact);
    // The schema has one at least.
    exact.or_else(|| texts.clone().next()).unwrap_or_default()
}

fn exactly(probe: &Field, sought: &[&Sought]) -> Option<Predicate> {
    let texts = sought.iter().flat_map(|one| {
        let normal = text::normal::search(&one.text);
        [one.text.clone(), CompactString::from(normal)]
    });
    let mut values: Vec<CompactString> = texts.collect();
    values.sort_unstable();
    values.dedup();
    let values: Vec<Value> = values.into_iter().map(Value::Text).collect();
    (!values.is_empty()).then(|| Predicate::In {
        field: probe.name.clone(),
        values,
    })
}

fn by_text(probe: &Field, sought: &[&Sought]) -> Option<Predicate> {
    let phrase = |one: &&Sought| Predicate::Text {
        fields: vec![probe.name.clone()],
        query: one.text.clone(),
    };
    let phrases: Vec<Predicate> = sought.iter().map(phrase).collect();
    (!phrases.is_empty()).then_some(Predicate::Or(phrases))
}

fn subject(line: u64, fields: &Fields, writer: Writer) -> Subject {
    Subject {
        line,
        id: None,
        key: writer.key(fields),
        title: writer.title(fields),
    }
}
