//! Statements in ledger blocks.
//!
//! A block's payload is postcard (its wire format is specified and frozen at 1.0): a `StoredHead`, a
//! list of the lengths of statements in bytes, and a `StoredStatement` for each. Kind 1 had a list of
//! `StoredStatement` in place of the latter two. Fields are named once a block, so that a block can be read whatever has become of the schema. The
//! order of struct fields and enum variants here is frozen: new ones go at the end, and
//! `BLOCK_KIND` says which form a block has.

use std::collections::HashMap;

use record::{
    Day, Decimal, DisputeState, EntityId, FieldNumber, PartialDate, Reference, RegisterLetter,
    Statement, StatementKind, StatementPosition, Validity, Value,
};
use schema::Collection;
use serde::{Deserialize, Serialize};

use crate::store::StoreError;

/// The kind of ledger blocks written by this module: with the lengths of statements.
pub const BLOCK_KIND: u8 = 2;
/// Blocks without the lengths, which must be read through.
const BLOCK_KIND_READ_THROUGH: u8 = 1;

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

/// What begins a block: where it comes from, and the names of its fields, of which statements use the
/// places. Its statements follow, with their count before them.
#[derive(Serialize, Deserialize)]
struct StoredHead {
    origin: Origin,
    fields: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredStatement<'a> {
    number: u64,
    line: u64,
    from: i32,
    to: i32,
    #[serde(borrow)]
    kind: StoredKind<'a>,
}

#[derive(Serialize, Deserialize)]
enum StoredKind<'a> {
    #[serde(borrow)]
    Assert(Vec<(u16, StoredValue<'a>)>),
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
    Dispute(u16, u8, &'a str),
}

#[derive(Serialize, Deserialize)]
enum StoredValue<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// Mantissa and scale.
    Decimal(i128, u32),
    Text(&'a str),
    /// Year, month or 0, day or 0.
    Date(i16, u8, u8),
    /// The key of the target.
    Reference(&'a str),
    Point(i32, i32),
    Geometry(&'a [u8]),
    #[serde(borrow)]
    List(Vec<StoredValue<'a>>),
}

/// A block, of which statements are read one by one: who asks for one of 256 does not pay for all.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where its statements come from.
    pub origin: Origin,
    register: RegisterLetter,
    /// The names of its fields, and their numbers in the collection as far as it still has them.
    names: Vec<String>,
    numbers: Vec<Option<FieldNumber>>,
    payload: Vec<u8>,
    /// Where in the payload each statement begins.
    starts: Vec<u32>,
}

impl Block {
    /// A statement; `None` past the last. Field numbers are the collection's; fields that the schema no
    /// longer has are left out.
    pub fn statement(&self, place: u32) -> Result<Option<Statement>, StoreError> {
        let Some(start) = self.starts.get(place as usize) else {
            return Ok(None);
        };
        let (stored, _) = postcard::take_from_bytes(&self.payload[*start as usize..])
            .map_err(|reason| damaged(&reason))?;
        self.read(stored).map(Some)
    }

    /// All statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = Result<Statement, StoreError>> {
        let places = 0..self.starts.len() as u32;
        places.filter_map(|place| self.statement(place).transpose())
    }

    fn read(&self, stored: StoredStatement<'_>) -> Result<Statement, StoreError> {
        let entity = |number| {
            EntityId::new(self.register, number)
                .ok_or_else(|| damaged(&"an entity number past 45 bits"))
        };
        let kind = read_kind(stored.kind, &self.names, &self.numbers, &entity)?;
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
    }
}

fn damaged(reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::Damaged(reason.to_string())
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
    let mut lengths: Vec<u32> = Vec::with_capacity(statements.len());
    let mut bodies = Vec::new();
    for statement in statements {
        let stored = StoredStatement {
            number: statement.entity.number(),
            line: statement.line,
            from: statement.validity.from.0,
            to: statement.validity.to.0,
            kind: stored_kind(&mut names, &statement.kind),
        };
        let before = bodies.len();
        bodies = postcard::to_extend(&stored, bodies).map_err(|reason| damaged(&reason))?;
        lengths.push((bodies.len() - before) as u32);
    }
    let head = StoredHead {
        origin: origin.clone(),
        fields: names.names,
    };
    let mut payload = postcard::to_stdvec(&(head, lengths)).map_err(|reason| damaged(&reason))?;
    payload.append(&mut bodies);
    Ok(payload)
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

fn stored_kind<'a>(names: &mut Names, kind: &'a StatementKind) -> StoredKind<'a> {
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
                note,
            )
        }
    }
}

fn stored(value: &Value) -> StoredValue<'_> {
    match value {
        Value::Null => StoredValue::Null,
        Value::Boolean(is) => StoredValue::Boolean(*is),
        Value::Integer(number) => StoredValue::Integer(*number),
        Value::Decimal(number) => StoredValue::Decimal(number.mantissa(), number.scale()),
        Value::Text(text) => StoredValue::Text(text),
        Value::Date(date) => StoredValue::Date(
            date.year(),
            date.month().unwrap_or(0),
            date.day().unwrap_or(0),
        ),
        Value::Reference(reference) => StoredValue::Reference(&reference.key),
        Value::Point { lon, lat } => StoredValue::Point(*lon, *lat),
        Value::Geometry(wkb) => StoredValue::Geometry(wkb),
        Value::List(values) => StoredValue::List(values.iter().map(stored).collect()),
    }
}

/// Only the origin of a block, without its statements.
pub fn origin(payload: &[u8]) -> Result<Origin, StoreError> {
    postcard::take_from_bytes::<Origin>(payload)
        .map(|(origin, _)| origin)
        .map_err(|reason| StoreError::Damaged(reason.to_string()))
}

/// Opens a block. `collections` gives the schema of the collection the block names.
pub fn open<'a>(
    block: ledger::Block,
    register: RegisterLetter,
    collections: impl FnOnce(&str) -> Option<&'a Collection>,
) -> Result<Block, StoreError> {
    let payload = block.payload;
    let (head, rest) =
        postcard::take_from_bytes::<StoredHead>(&payload).map_err(|reason| damaged(&reason))?;
    let collection = collections(&head.origin.collection)
        .ok_or_else(|| StoreError::UnknownCollection(head.origin.collection.clone()))?;
    let names = head.fields.iter();
    let numbers = names.map(|name| collection.number(name)).collect();
    let at = payload.len() - rest.len();
    let starts = match block.header.kind {
        BLOCK_KIND => starts_by_length(&payload, at)?,
        BLOCK_KIND_READ_THROUGH => starts_by_reading(&payload, at)?,
        other => return Err(damaged(&format_args!("a block of kind {other}"))),
    };
    Ok(Block {
        origin: head.origin,
        register,
        names: head.fields,
        numbers,
        payload,
        starts,
    })
}

/// Where statements begin, by the list of their lengths, which begins at `at`.
fn starts_by_length(payload: &[u8], at: usize) -> Result<Vec<u32>, StoreError> {
    let (mut places, rest) =
        postcard::take_from_bytes::<Vec<u32>>(&payload[at..]).map_err(|reason| damaged(&reason))?;
    let mut start = (payload.len() - rest.len()) as u32;
    for place in &mut places {
        let length = std::mem::replace(place, start);
        start = start.saturating_add(length);
    }
    if start as usize == payload.len() {
        Ok(places)
    } else {
        Err(damaged(&"a block whose lengths do not fit"))
    }
}

/// Where statements begin, by reading them; their count is at `at`.
fn starts_by_reading(payload: &[u8], at: usize) -> Result<Vec<u32>, StoreError> {
    let (count, mut rest) =
        postcard::take_from_bytes::<u64>(&payload[at..]).map_err(|reason| damaged(&reason))?;
    let mut starts = Vec::new();
    for _ in 0..count {
        starts.push((payload.len() - rest.len()) as u32);
        let (_, after) = postcard::take_from_bytes::<StoredStatement<'_>>(rest)
            .map_err(|reason| damaged(&reason))?;
        rest = after;
    }
    Ok(starts)
}

/// What a statement does. `names` and `numbers` are of the block's fields, `entity` makes ids of numbers.
fn read_kind(
    stored: StoredKind<'_>,
    names: &[String],
    numbers: &[Option<FieldNumber>],
    entity: &dyn Fn(u64) -> Result<EntityId, StoreError>,
) -> Result<StatementKind, StoreError> {
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
                .ok_or_else(|| damaged(&"a dispute about no field"))?
                .into(),
            state: *DisputeState::ALL
                .get(usize::from(state))
                .ok_or_else(|| damaged(&"a dispute in no state"))?,
            note: note.into(),
        },
    })
}

fn read(stored: StoredValue<'_>) -> Value {
    match stored {
        StoredValue::Null => Value::Null,
        StoredValue::Boolean(is) => Value::Boolean(is),
        StoredValue::Integer(number) => Value::Integer(number),
        StoredValue::Decimal(mantissa, scale) => {
            Decimal::try_from_i128_with_scale(mantissa, scale).map_or(Value::Null, Value::Decimal)
        }
        StoredValue::Text(text) => Value::text(text),
        StoredValue::Date(year, month, day) => {
            let part = |number: u8| (number > 0).then_some(number);
            PartialDate::new(year, part(month), part(day)).map_or(Value::Null, Value::Date)
        }
        StoredValue::Reference(key) => {
            let key = key.into();
            Value::Reference(Reference { key, target: None })
        }
        StoredValue::Point(lon, lat) => Value::Point { lon, lat },
        StoredValue::Geometry(wkb) => Value::Geometry(wkb.to_vec()),
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
        let block = |kind, payload| {
            let header = ledger::BlockHeader { kind, count: 7 };
            let block = ledger::Block {
                sequence: 1,
                header,
                payload,
                previous: ledger::Hash::ORIGIN,
                hash: ledger::Hash::ORIGIN,
            };
            open(block, RegisterLetter::Person, |_| Some(&**person))
        };
        assert!(block(7, payload.clone()).is_err(), "of an unknown kind");
        let block = block(BLOCK_KIND, payload).expect("a block");
        let read: Result<Vec<_>, _> = block.statements().collect();
        assert_eq!(read.expect("statements"), statements);
        assert_eq!(
            block.statement(3).expect("read").as_ref(),
            statements.get(3)
        );
        assert_eq!(block.statement(7).expect("read"), None);
    }
}
