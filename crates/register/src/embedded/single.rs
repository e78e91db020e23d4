//! The quick way for what most of a city is: an entity with one statement, whose targets have one
//! state in the world. It gives what the fold would.

use index::{Document, Part, digest};
use record::{Day, Fields, Reference, StatementPosition, Transaction, Validity, Value};
use schema::Collection;

use super::targets::{TargetTable, TargetTables};
use crate::fold::{Content, Held};
use crate::rules::{Register, get, set};
use crate::{body, codec, marks};

/// What one statement says, and where and when it was said.
pub struct Said<'a> {
    /// The entity's number.
    pub number: u64,
    /// Where the statement stands.
    pub position: StatementPosition,
    /// The transaction that publishes it.
    pub known: Transaction,
    /// The department that says it.
    pub department: &'a str,
    /// Its validity.
    pub validity: Validity,
    /// The values it gives.
    pub fields: &'a Fields,
    /// The hash of the natural key.
    pub key: u64,
}

/// Composes entities of one collection.
pub struct Single<'a> {
    /// The collection.
    pub collection: &'a Collection,
    /// Its register.
    pub register: &'a dyn Register,
    /// The targets of its references.
    pub tables: &'a TargetTables,
    /// The present day.
    pub today: Day,
}

impl Single<'_> {
    /// The documents of an entity with this one statement: one for each state of knowledge, since a
    /// target may have become known later; `None` where it must be folded.
    pub fn compose(&self, said: &Said) -> Option<Vec<(Part, Document)>> {
        let mut knowledge = vec![said.known];
        for reference in self.references(said.fields) {
            let entry = self
                .tables
                .get(reference.0)
                .and_then(|table| table.get(&reference.1.key));
            if entry.is_some_and(|entry| !entry.whole) {
                return None;
            }
            knowledge.extend(
                entry
                    .map(|entry| entry.known_from)
                    .filter(|known| *known > said.known),
            );
        }
        knowledge.sort_unstable();
        knowledge.dedup();
        let ends = knowledge.iter().skip(1).copied().chain([Transaction::MAX]);
        knowledge
            .iter()
            .zip(ends)
            .map(|(from, to)| self.rectangle(said, *from, to))
            .collect()
    }

    /// The references among field values, and the collections that they lead to.
    fn references<'f>(
        &'f self,
        fields: &'f Fields,
    ) -> impl Iterator<Item = (&'f str, &'f Reference)> {
        fields.iter().flat_map(|(number, value)| {
            let target = self.collection.at(*number).target();
            value.each().iter().filter_map(move |value| match value {
                Value::Reference(reference) => Some((target?, reference)),
                _ => None,
            })
        })
    }

    /// The document of one stretch of knowledge.
    fn rectangle(
        &self,
        said: &Said,
        from: Transaction,
        to: Transaction,
    ) -> Option<(Part, Document)> {
        let mut fields: Fields = said
            .fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .cloned()
            .collect();
        let mut held = Vec::new();
        for (number, value) in &mut fields {
            let Some(target) = self.collection.at(*number).target() else {
                continue;
            };
            let table = self.tables.get(target);
            let references: &mut [Value] = match value {
                Value::List(values) => values,
                one => std::slice::from_mut(one),
            };
            for value in references {
                let Value::Reference(reference) = value else {
                    continue;
                };
                if !resolve(table, reference, from) {
                    held.push(Held {
                        field: *number,
                        collection: target.to_string(),
                        key: reference.key.to_string(),
                    });
                }
            }
        }
        self.derive(&mut fields)?;
        self.register.compute(self.collection, &mut fields);
        let current = to == Transaction::MAX && said.validity.to > self.today;
        let content = Content {
            fields,
            held,
            ..Content::default()
        };
        let document = Document {
            number: said.number,
            validity: said.validity,
            known_from: from,
            known_to: to,
            key: said.key,
            digest: statement_digest(self.collection, said.department, said.validity, said.fields),
            body: body::write(self.collection, &content).into_bytes(),
            marks: marks::of(self.collection, &content),
            statements: codec::encode_positions(&[said.position]),
            fields: content.fields,
        };
        Some((if current { Part::Current } else { Part::Past }, document))
    }

    /// Copies derived values; `None` where a target's history must be folded.
    fn derive(&self, fields: &mut Fields) -> Option<()> {
        for field in &self.collection.fields {
            let Some(rule) = &field.derived else { continue };
            for through in &rule.through {
                let Some(Value::Reference(Reference {
                    key,
                    target: Some(_),
                })) = get(fields, *through)
                else {
                    continue;
                };
                let table = self.tables.get(self.collection.at(*through).target()?)?;
                let entry = table.get(key)?;
                entry.values?;
                if let Some(value) = table.value(entry, &rule.field) {
                    let value = value.clone();
                    set(fields, field.number, value);
                    break;
                }
            }
        }
        Some(())
    }
}

/// Whether the target is known by then.
fn resolve(table: Option<&TargetTable>, reference: &mut Reference, known: Transaction) -> bool {
    let found = table.and_then(|table| Some((table, table.get(&reference.key)?)));
    match found {
        Some((table, entry)) if entry.known_from <= known => {
            reference.target = table.id(entry);
            true
        }
        _ => false,
    }
}

/// The digest by which the same row is recognised when it comes again. A validity of its own is part
/// of what a row says.
pub fn statement_digest(
    collection: &Collection,
    department: &str,
    validity: Validity,
    fields: &Fields,
) -> u64 {
    row_digest(
        collection,
        department,
        (validity != Validity::ALWAYS).then_some(validity),
        fields,
    )
}

/// The digest of a row: `validity` only where the row itself gives it.
pub fn row_digest(
    collection: &Collection,
    department: &str,
    validity: Option<Validity>,
    fields: &Fields,
) -> u64 {
    let plain = digest(
        department,
        fields
            .iter()
            .map(|(number, value)| (collection.at(*number).name.as_str(), value)),
    );
    match validity {
        None => plain,
        Some(validity) => {
            let bounds = [
                Value::Integer(plain as i64),
                Value::Integer(i64::from(validity.from.0)),
                Value::Integer(i64::from(validity.to.0)),
            ];
            index::key_hash(&bounds)
        }
    }
}

/// The natural key of a record: one value a key field, null where it is absent.
pub fn key_of(collection: &Collection, fields: &Fields) -> Vec<Value> {
    collection
        .key
        .iter()
        .map(|number| match get(fields, *number) {
            // References count by their key, whatever they lead to.
            Some(Value::Reference(reference)) => Value::Reference(Reference {
                key: reference.key.clone(),
                target: None,
            }),
            Some(value) => value.clone(),
            None => Value::Null,
        })
        .collect()
}
