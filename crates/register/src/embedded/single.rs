//! The quick way for what most of a city is: an entity with one statement, whose targets have one
//! state in the world. It gives what the fold would.

use std::collections::BTreeMap;
use std::sync::Arc;

use index::{Document, Part, digest};
use record::{
    CompactString, Day, EntityId, FieldNumber, Fields, Reference, StatementPosition, Transaction,
    Validity, Value,
};
use schema::Collection;

use crate::fold::{Content, Held, Target, Targets};
use crate::rules::{Register, get, set};
use crate::store::StoreError;
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
    pub targets: &'a dyn Targets,
    /// The present day.
    pub today: Day,
}

impl Single<'_> {
    /// The documents of an entity with this one statement: one for each state of knowledge, since a
    /// target may have become known later; `None` where it must be folded.
    ///
    /// # Errors
    ///
    /// A target cannot be read.
    pub fn compose(&self, said: &Said) -> Result<Option<Vec<(Part, Document)>>, StoreError> {
        let found = self.find(said.fields)?;
        let mut targets = found.iter().filter_map(|one| one.target.as_ref());
        if !targets.all(|target| target.is_whole()) {
            return Ok(None);
        }
        let mut knowledge = vec![said.known];
        knowledge.extend(
            found
                .iter()
                .filter_map(|one| Some(one.target.as_ref()?.spans.first()?.known.0))
                .filter(|known| *known > said.known),
        );
        knowledge.sort_unstable();
        knowledge.dedup();
        let ends = knowledge.iter().skip(1).copied().chain([Transaction::MAX]);
        let documents = knowledge
            .iter()
            .zip(ends)
            .map(|(from, to)| self.rectangle(said, &found, *from, to));
        Ok(documents.collect())
    }

    /// What all references among field values lead to.
    fn find<'f>(&self, fields: &'f Fields) -> Result<Vec<Found<'f>>, StoreError> {
        let mut found = Vec::new();
        for (number, value) in fields {
            let Some(collection) = self.collection.at(*number).target() else {
                continue;
            };
            for value in value.each() {
                if let Value::Reference(Reference { key, .. }) = value {
                    let (field, target) = (*number, self.targets.target(collection, key)?);
                    found.push(Found { field, key, target });
                }
            }
        }
        Ok(found)
    }

    /// The document of one stretch of knowledge.
    fn rectangle(
        &self,
        said: &Said,
        found: &[Found],
        from: Transaction,
        to: Transaction,
    ) -> Option<(Part, Document)> {
        let mut fields: Fields = said
            .fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .cloned()
            .collect();
        let known: Vec<&Found> = found.iter().filter(|one| one.at(from).is_some()).collect();
        let mut held = Vec::new();
        for (number, value) in &mut fields {
            let Some(collection) = self.collection.at(*number).target() else {
                continue;
            };
            let references: &mut [Value] = match value {
                Value::List(values) => values,
                one => std::slice::from_mut(one),
            };
            for value in references {
                let Value::Reference(reference) = value else {
                    continue;
                };
                let same = |one: &&&Found| one.field == *number && *one.key == reference.key;
                match known.iter().find(same).and_then(|one| one.at(from)) {
                    Some(id) => reference.target = Some(id),
                    None => held.push(Held {
                        field: *number,
                        collection: collection.to_string(),
                        key: reference.key.to_string(),
                    }),
                }
            }
        }
        self.derive(&known, &mut fields)?;
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
    fn derive(&self, known: &[&Found], fields: &mut Fields) -> Option<()> {
        for field in &self.collection.fields {
            let Some(rule) = &field.derived else { continue };
            for through in &rule.through {
                let Some(Value::Reference(_)) = get(fields, *through) else {
                    continue;
                };
                let Some(one) = known.iter().find(|one| one.field == *through) else {
                    continue;
                };
                if let Some(value) = one.simple()?.get(&rule.field) {
                    let value = value.clone();
                    set(fields, field.number, value);
                    break;
                }
            }
        }
        Some(())
    }
}

/// What a reference leads to.
struct Found<'f> {
    field: FieldNumber,
    key: &'f CompactString,
    target: Option<Arc<Target>>,
}

impl Found<'_> {
    fn at(&self, known: Transaction) -> Option<EntityId> {
        self.target.as_ref()?.at(known)
    }

    /// The values that may be derived, where the target has one state in the world, for ever; `None`
    /// where its history must be folded.
    fn simple(&self) -> Option<&BTreeMap<String, Value>> {
        match self.target.as_ref()?.rectangles.as_slice() {
            [one] if one.validity == Validity::ALWAYS && one.known.1 == Transaction::MAX => {
                Some(&one.values)
            }
            _ => None,
        }
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
