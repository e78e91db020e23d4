//! Statements in ledger blocks.
//!
//! A block's payload is postcard (its wire format is specified and frozen at 1.0) of a `StoredBlock`.
//! Fields are named once a block, so that a block can be read whatever has become of the schema. The
//! order of struct fields and enum variants here is frozen: new ones go at the end, and
//! `BLOCK_KIND` says which form a block has.

use std::collections::HashMap;

use record::{
    CompactString, Day, Decimal, DisputeState, EntityId, FieldNumber, PartialDate, Reference,
    RegisterLetter, Statement, StatementKind, StatementPosition, Validity, Value,
};
use schema::Collection;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// The kind of ledger blocks written by this module.
pub const BLOCK_KIND: u8 = 1;

/// What all statements of a block have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The collection its statements speak of.
    pub collection: String,
    /// The department that says it.
    pub department: String,
    /// The source mapping it came through.
    pub source: String,
    /// The load it came with.
    pub load: String,
}

#[derive(Serialize, Deserialize)]
struct StoredBlock {
    origin: Origin,
    /// The names of the fields; statements use places in this list.
    fields: Vec<String>,
    statements: Vec<StoredStatement>,
}

#[derive(Serialize, Deserialize)]
struct StoredStatement {
    number: u64,
    line: u64,
    from: i32,
    to: i32,
    kind: StoredKind,
}

#[derive(Serialize, Deserialize)]
enum StoredKind {
    Assert(Vec<(u16, StoredValue)>),
    End,
    Retract {
        block: u64,
        place: u32,
    },
    /// The number of the entity for which all statements count from now on.
    Merge(u64),
    /// The number of the entity for which some count, and their blocks and places.
    Split(u64, Vec<(u64, u32)>),
    /// The place of the field's name, the place in [`DisputeState::ALL`], the note.
    Dispute(u16, u8, CompactString),
}

#[derive(Serialize, Deserialize)]
enum StoredValue {
    Null,
    Boolean(bool),
    Integer(i64),
    /// Mantissa and scale.
    Decimal(i128, u32),
    Text(CompactString),
    /// Year, month or 0, day or 0.
    Date(i16, u8, u8),
    /// The key of the target.
    Reference(CompactString),
    Point(i32, i32),
    Geometry(Vec<u8>),
    List(Vec<StoredValue>),
}

/// A block, read.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where its statements come from.
    pub origin: Origin,
    /// Its statements, in order. Field numbers are the collection's; fields that the schema no longer
    /// has are left out.
    pub statements: Vec<Statement>,
}

/// The payload of a block.
pub fn encode(
    collection: &Collection,
    origin: &Origin,
    statements: &[Statement],
) -> Result<Vec<u8>, StoreError> {
    let mut names = Names {
        places: HashMap::new(),
        names: Vec::new(),
        collection,
    };
    let statements = statements
        .iter()
        .map(|statement| StoredStatement {
            number: statement.entity.number(),
            line: statement.line,
            from: statement.validity.from.0,
            to: statement.validity.to.0,
            kind: stored_kind(&mut names, &statement.kind),
        })
        .collect();
    let block = StoredBlock {
        origin: origin.clone(),
        fields: names.names,
        statements,
    };
    postcard::to_stdvec(&block).map_err(|reason| StoreError::Damaged(reason.to_string()))
}

struct Names<'a> {
    places: HashMap<FieldNumber, u16>,
    names: Vec<String>,
    collection: &'a Collection,
}

impl Names<'_> {
    fn place(&mut self, number: FieldNumber) -> u16 {
        *self.places.entry(number).or_insert_with(|| {
            self.names.push(self.collection.at(number).name.to_string());
            (self.names.len() - 1) as u16
        })
    }

    /// The place of a name that need not be a field's.
    fn place_of_name(&mut self, name: &str) -> u16 {
        if let Some(number) = self.collection.number(name) {
            return self.place(number);
        }
        self.names.push(name.to_string());
        (self.names.len() - 1) as u16
    }
}

fn stored_kind(names: &mut Names, kind: &StatementKind) -> StoredKind {
    match kind {
        StatementKind::Assert(fields) => StoredKind::Assert(
            fields
                .iter()
                .map(|(number, value)| (names.place(*number), stored(value)))
                .collect(),
        ),
        StatementKind::End => StoredKind::End,
        StatementKind::Retract(position) => StoredKind::Retract {
            block: position.block,
            place: position.place,
        },
        StatementKind::Merge { into } => StoredKind::Merge(into.number()),
        StatementKind::Split { to, statements } => {
            let pairs = statements.iter().map(|one| (one.block, one.place));
            StoredKind::Split(to.number(), pairs.collect())
        }
        StatementKind::Dispute { field, state, note } => {
            let place = DisputeState::ALL.iter().position(|one| one == state);
            StoredKind::Dispute(
                names.place_of_name(field),
                place.unwrap_or_default() as u8,
                note.clone(),
            )
        }
    }
}

fn stored(value: &Value) -> StoredValue {
    match value {
        Value::Null => StoredValue::Null,
        Value::Boolean(is) => StoredValue::Boolean(*is),
        Value::Integer(number) => StoredValue::Integer(*number),
        Value::Decimal(number) => StoredValue::Decimal(number.mantissa(), number.scale()),
        Value::Text(text) => StoredValue::Text(text.clone()),
        Value::Date(date) => StoredValue::Date(
            date.year(),
            date.month().unwrap_or(0),
            date.day().unwrap_or(0),
        ),
        Value::Reference(reference) => StoredValue::Reference(reference.key.clone()),
        Value::Point { lon, lat } => StoredValue::Point(*lon, *lat),
        Value::Geometry(wkb) => StoredValue::Geometry(wkb.clone()),
        Value::List(values) => StoredValue::List(values.iter().map(stored).collect()),
    }
}

/// Only the origin of a block, without its statements.
pub fn origin(payload: &[u8]) -> Result<Origin, StoreError> {
    postcard::take_from_bytes::<Origin>(payload)
        .map(|(origin, _)| origin)
        .map_err(|reason| StoreError::Damaged(reason.to_string()))
}

/// Reads a block. `collections` gives the schema of the collection the block names.
pub fn decode<'a>(
    payload: &[u8],
    register: RegisterLetter,
    collections: impl FnOnce(&str) -> Option<&'a Collection>,
) -> Result<Block, StoreError> {
    let damaged = |reason: &dyn std::fmt::Display| StoreError::Damaged(reason.to_string());
    let block: StoredBlock = postcard::from_bytes(payload).map_err(|reason| damaged(&reason))?;
    let collection = collections(&block.origin.collection)
        .ok_or_else(|| StoreError::UnknownCollection(block.origin.collection.clone()))?;
    let numbers: Vec<Option<FieldNumber>> = block
        .fields
        .iter()
        .map(|name| collection.number(name))
        .collect();
    let statements = block
        .statements
        .into_iter()
        .map(|stored| {
            let entity = |number| {
                EntityId::new(register, number)
                    .ok_or_else(|| damaged(&"an entity number past 45 bits"))
            };
            let kind = read_kind(stored.kind, &block.fields, &numbers, &entity)?;
            let validity = Validity {
                from: Day(stored.from),
                to: Day(stored.to),
            };
            Ok(Statement {
                entity: entity(stored.number)?,
                line: stored.line,
                validity,
                kind,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Block {
        origin: block.origin,
        statements,
    })
}

/// What a statement does. `names` and `numbers` are of the block's fields, `entity` makes ids of numbers.
fn read_kind(
    stored: StoredKind,
    names: &[String],
    numbers: &[Option<FieldNumber>],
    entity: &dyn Fn(u64) -> Result<EntityId, StoreError>,
) -> Result<StatementKind, StoreError> {
    let damaged = |reason: &str| StoreError::Damaged(reason.to_string());
    Ok(match stored {
        StoredKind::Assert(fields) => {
            let mut fields: Vec<(FieldNumber, Value)> = fields
                .into_iter()
                .filter_map(|(place, value)| {
                    let number = numbers.get(usize::from(place)).copied().flatten()?;
                    Some((number, read(value)))
                })
                .collect();
            fields.sort_unstable_by_key(|(number, _)| *number);
            StatementKind::Assert(fields)
        }
        StoredKind::End => StatementKind::End,
        StoredKind::Retract { block, place } => {
            StatementKind::Retract(StatementPosition { block, place })
        }
        StoredKind::Merge(into) => StatementKind::Merge {
            into: entity(into)?,
        },
        StoredKind::Split(to, statements) => StatementKind::Split {
            to: entity(to)?,
            statements: statements
                .into_iter()
                .map(|(block, place)| StatementPosition { block, place })
                .collect(),
        },
        StoredKind::Dispute(field, state, note) => StatementKind::Dispute {
            field: names
                .get(usize::from(field))
                .ok_or_else(|| damaged("a dispute about no field"))?
                .into(),
            state: *DisputeState::ALL
                .get(usize::from(state))
                .ok_or_else(|| damaged("a dispute in no state"))?,
            note,
        },
    })
}

fn read(stored: StoredValue) -> Value {
    match stored {
        StoredValue::Null => Value::Null,
        StoredValue::Boolean(is) => Value::Boolean(is),
        StoredValue::Integer(number) => Value::Integer(number),
        StoredValue::Decimal(mantissa, scale) => {
            Decimal::try_from_i128_with_scale(mantissa, scale).map_or(Value::Null, Value::Decimal)
        }
        StoredValue::Text(text) => Value::Text(text),
        StoredValue::Date(year, month, day) => {
            let part = |number: u8| (number > 0).then_some(number);
            PartialDate::new(year, part(month), part(day)).map_or(Value::Null, Value::Date)
        }
        StoredValue::Reference(key) => Value::Reference(Reference { key, target: None }),
        StoredValue::Point(lon, lat) => Value::Point { lon, lat },
        StoredValue::Geometry(wkb) => Value::Geometry(wkb),
        StoredValue::List(values) => Value::List(values.into_iter().map(read).collect()),
    }
}

/// Positions of statements, as documents of the index carry them: block and place in LEB128.
pub fn encode_positions(positions: &[StatementPosition]) -> Vec<u8> {
    let pairs: Vec<(u64, u32)> = positions
        .iter()
        .map(|position| (position.block, position.place))
        .collect();
    // Numbers only: this cannot fail.
    postcard::to_stdvec(&pairs).unwrap_or_default()
}

/// Reads what [`encode_positions`] wrote.
pub fn decode_positions(bytes: &[u8]) -> Result<Vec<StatementPosition>, StoreError> {
    let pairs: Vec<(u64, u32)> =
        postcard::from_bytes(bytes).map_err(|reason| StoreError::Damaged(reason.to_string()))?;
    Ok(pairs
        .into_iter()
        .map(|(block, place)| StatementPosition { block, place })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::Catalog;

    #[test]
    fn every_kind_of_statement_comes_back() {
        let catalog = Catalog::embedded().expect("schemas");
        let person = catalog.collection("person").expect("persons");
        let id = |number| EntityId::new(RegisterLetter::Person, number).expect("small");
        let position = |block| StatementPosition { block, place: 7 };
        let name = person.number("name").expect("a field");
        let kinds = [
            StatementKind::Assert(vec![(name, Value::text("王伟"))]),
            StatementKind::End,
            StatementKind::Retract(position(1)),
            StatementKind::Merge { into: id(2) },
            StatementKind::Split {
                to: id(3),
                statements: vec![position(1), position(2)],
            },
            StatementKind::Dispute {
                field: "name".into(),
                state: DisputeState::Verified,
                note: "已核实".into(),
            },
            // A field that the schema has no more.
            StatementKind::Dispute {
                field: "height".into(),
                state: DisputeState::Raised,
                note: "".into(),
            },
        ];
        let statements: Vec<Statement> = kinds
            .into_iter()
            .map(|kind| Statement {
                entity: id(1),
                line: 2,
                validity: Validity::ALWAYS,
                kind,
            })
            .collect();
        let origin = Origin {
            collection: "person".to_string(),
            department: "health".to_string(),
            source: "api".to_string(),
            load: "1".to_string(),
        };
        let payload = encode(person, &origin, &statements).expect("a payload");
        let block = decode(&payload, RegisterLetter::Person, |_| Some(&**person));
        assert_eq!(block.expect("a block").statements, statements);
    }
}
