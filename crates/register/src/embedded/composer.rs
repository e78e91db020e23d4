//! The full way: an entity's statements are read back from the ledger and folded.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use index::{Deadline, Document, Part, Search, Snapshot, TimeScope, key_hash};
use record::{
    Day, EntityId, FieldNumber, Fields, Predicate, StatementKind, StatementPosition, Transaction,
    Validity, Value,
};
use schema::Collection;

use super::Shared;
use super::single::{held_term, key_of, row_digest, statement_digest};
use super::targets::{TargetTable, derived_values, wanted_fields};
use crate::fold::{Rectangle, Spoken, Target, TargetRectangle, Targets, fold};
use crate::journal::Journal;
use crate::store::StoreError;
use crate::{body, codec};

/// Decoded blocks held at once.
const BLOCKS_HELD: usize = 256;
/// Targets held at once.
const TARGETS_HELD: usize = 100_000;
/// The most rectangles of one target.
const MAXIMUM_RECTANGLES: usize = 10_000;

/// Targets looked for before, by collection and key; `None` where there was none.
type FoundTargets = HashMap<(String, String), Option<Arc<Target>>>;

/// Composes entities from the ledger and the committed state of the indexes.
pub struct Composer<'a> {
    shared: &'a Shared,
    journal: Arc<Journal>,
    snapshots: BTreeMap<String, Snapshot>,
    /// Numbers of targets that their index lacks as yet.
    keys: Option<&'a BTreeMap<String, TargetTable>>,
    blocks: RefCell<HashMap<(String, u64), Arc<codec::Block>>>,
    targets: RefCell<FoundTargets>,
}

impl<'a> Composer<'a> {
    /// A composer over the committed state. `journal` must know every block that is read.
    pub fn new(
        shared: &'a Shared,
        journal: Arc<Journal>,
        keys: Option<&'a BTreeMap<String, TargetTable>>,
    ) -> Result<Composer<'a>, StoreError> {
        let snapshots = shared
            .indexes
            .iter()
            .map(|(name, index)| Ok((name.clone(), index.snapshot()?)))
            .collect::<Result<_, StoreError>>()?;
        Ok(Composer {
            shared,
            journal,
            snapshots,
            keys,
            blocks: RefCell::default(),
            targets: RefCell::default(),
        })
    }

    pub fn snapshot(&self, collection: &str) -> Result<&Snapshot, StoreError> {
        self.snapshots
            .get(collection)
            .ok_or_else(|| StoreError::UnknownCollection(collection.to_string()))
    }

    /// Where the statements on an entity stand, as far as the index knows them, and those that left it
    /// without a day.
    pub fn positions(
        &self,
        collection: &Collection,
        number: u64,
    ) -> Result<Vec<StatementPosition>, StoreError> {
        let Some(id) = EntityId::new(collection.register, number) else {
            return Ok(Vec::new());
        };
        let snapshot = self.snapshot(&collection.name)?;
        let predicate = Predicate::Ids(vec![id]);
        let found = snapshot.search(&all(&predicate))?;
        let mut positions = Vec::new();
        for hit in found.hits {
            positions.extend(codec::decode_positions(
                &snapshot.stored(hit.address)?.statements,
            )?);
        }
        positions.extend_from_slice(self.journal.silent_positions(&collection.name, number));
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    }

    /// The statements at these positions, oldest first.
    pub fn spoken(
        &self,
        collection: &Collection,
        mut positions: Vec<StatementPosition>,
    ) -> Result<Vec<Spoken>, StoreError> {
        positions.sort_unstable();
        positions.dedup();
        let log = &collection.register_name;
        let mut spoken = positions
            .into_iter()
            .map(|position| {
                let block = self.block(collection, position.block)?;
                let damaged =
                    || StoreError::Damaged(format!("{log} block {} is short", position.block));
                let statement = block
                    .statements
                    .get(position.place as usize)
                    .ok_or_else(damaged)?
                    .clone();
                let known = self.journal.transaction_of(log, position.block);
                Ok(Spoken {
                    position,
                    known: known.unwrap_or(Transaction(self.journal.last().0 + 1)),
                    department: Arc::from(block.origin.department.as_str()),
                    statement,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        spoken.sort_by_key(|spoken| (spoken.known, spoken.position));
        Ok(spoken)
    }

    /// Whether a department says these values of an entity on every day of the validity.
    pub fn says(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
        validity: Validity,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        let spoken = self.of_department(collection, number, department)?;
        Ok(department_views(&spoken, validity).iter().all(|view| {
            view.as_ref().is_some_and(|view| {
                fields.iter().all(|(number, value)| match view.get(number) {
                    Some(said) => *said == value || (said.is_null() && value.is_null()),
                    None => value.is_null(),
                })
            })
        }))
    }

    /// Whether values only add to what a department has ever said of an entity: each is of a field it
    /// has not spoken of, or is what it has always said.
    pub fn only_adds(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        let spoken = self.of_department(collection, number, department)?;
        let contradicts = |field: &FieldNumber, value: &Value| {
            spoken.iter().any(|one| match &one.statement.kind {
                StatementKind::Assert(said) => {
                    crate::rules::get(said, *field).is_some_and(|said| said != value)
                }
                _ => true,
            })
        };
        Ok(fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .all(|(field, value)| !contradicts(field, value)))
    }

    /// Whether a department says anything of an entity on any day of the validity and, where a source
    /// is given, has said so through it.
    pub fn claims(
        &self,
        collection: &Collection,
        number: u64,
        (department, source): (&str, Option<&str>),
        validity: Validity,
    ) -> Result<bool, StoreError> {
        let spoken = self.of_department(collection, number, department)?;
        if department_views(&spoken, validity)
            .iter()
            .all(Option::is_none)
        {
            return Ok(false);
        }
        let Some(source) = source else {
            return Ok(true);
        };
        for one in &spoken {
            let asserts = matches!(one.statement.kind, StatementKind::Assert(_));
            if asserts
                && one.statement.validity.intersection(validity).is_some()
                && self.block(collection, one.position.block)?.origin.source == source
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The fields to which a department gives a value on some day of the validity. Sorted.
    pub fn valued(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
        validity: Validity,
    ) -> Result<Vec<FieldNumber>, StoreError> {
        let spoken = self.of_department(collection, number, department)?;
        let views = department_views(&spoken, validity);
        let given = views.iter().flatten().flatten();
        let valued: BTreeSet<FieldNumber> = given
            .filter(|(_, value)| !value.is_null())
            .map(|(number, _)| *number)
            .collect();
        Ok(valued.into_iter().collect())
    }

    /// What a department has said of an entity, oldest first.
    pub fn of_department(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
    ) -> Result<Vec<Spoken>, StoreError> {
        let mut spoken = self.spoken(collection, self.positions(collection, number)?)?;
        spoken.retain(|spoken| &*spoken.department == department);
        Ok(spoken)
    }

    fn block(
        &self,
        collection: &Collection,
        sequence: u64,
    ) -> Result<Arc<codec::Block>, StoreError> {
        let log = &collection.register_name;
        let name = (log.clone(), sequence);
        if let Some(block) = self.blocks.borrow().get(&name) {
            return Ok(block.clone());
        }
        let block = self.shared.ledger.read(log, sequence)?;
        let decoded = codec::decode(&block.payload, collection.register, |_| Some(collection))?;
        let decoded = Arc::new(decoded);
        let mut blocks = self.blocks.borrow_mut();
        if blocks.len() >= BLOCKS_HELD {
            blocks.clear();
        }
        blocks.insert(name, decoded.clone());
        Ok(decoded)
    }

    /// The rectangles of an entity with these statements, ready to index.
    pub fn documents(
        &self,
        collection: &Collection,
        number: u64,
        spoken: &[Spoken],
    ) -> Result<Vec<(Part, Document)>, StoreError> {
        let register = self.shared.register(&collection.register_name)?;
        let compute = |fields: &mut Fields| register.compute(collection, fields);
        let rectangles = fold(collection, spoken, self, &compute)?;
        let digest = latest_digest(collection, spoken);
        let today = self.shared.today();
        Ok(rectangles
            .into_iter()
            .map(|rectangle| document(collection, number, rectangle, digest, today))
            .collect())
    }

    /// The records of other collections that must be composed anew because of entities of this
    /// collection: those that hold a reference to a new key, and those that derive values from one
    /// that changed.
    pub fn dependents(
        &self,
        collection: &Collection,
        new_keys: &mut dyn FnMut(&str) -> bool,
        changed: &[u64],
    ) -> Result<BTreeMap<String, Vec<u64>>, StoreError> {
        let mut dependents: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for other in &self.shared.catalog.collections {
            if !other
                .fields
                .iter()
                .any(|field| field.target() == Some(&collection.name))
            {
                continue;
            }
            let snapshot = self.snapshot(&other.name)?;
            let mut numbers = Vec::new();
            numbers.extend(snapshot.held(&format!("{}=", collection.name), new_keys)?);
            for field in &other.fields {
                let derives = |through| {
                    other
                        .fields
                        .iter()
                        .filter_map(|field| field.derived.as_ref())
                        .any(|rule| rule.through.contains(&through))
                };
                if field.target() == Some(&collection.name) && derives(field.number) {
                    numbers.extend(self.referring(snapshot, collection, &field.name, changed)?);
                }
            }
            numbers.sort_unstable();
            numbers.dedup();
            if !numbers.is_empty() {
                dependents.insert(other.name.clone(), numbers);
            }
        }
        Ok(dependents)
    }

    fn referring(
        &self,
        snapshot: &Snapshot,
        target: &Collection,
        field: &str,
        changed: &[u64],
    ) -> Result<Vec<u64>, StoreError> {
        let values: Vec<Value> = changed
            .iter()
            .filter_map(|number| EntityId::new(target.register, *number))
            .map(|id| Value::text(&id.to_string()))
            .collect();
        if values.is_empty() {
            return Ok(Vec::new());
        }
        Ok(snapshot.entities(&Predicate::In {
            field: field.into(),
            values,
        })?)
    }
}

impl Targets for Composer<'_> {
    fn target(&self, collection: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError> {
        let name = (collection.to_string(), key.to_string());
        if let Some(target) = self.targets.borrow().get(&name) {
            return Ok(target.clone());
        }
        let target = self.find(collection, key)?.map(Arc::new);
        let mut targets = self.targets.borrow_mut();
        if targets.len() >= TARGETS_HELD {
            targets.clear();
        }
        targets.insert(name, target.clone());
        Ok(target)
    }
}

impl Composer<'_> {
    fn find(&self, name: &str, key: &str) -> Result<Option<Target>, StoreError> {
        let collection = self.shared.collection(name)?;
        let snapshot = self.snapshot(name)?;
        let predicate = Predicate::Key(vec![Value::text(key)]);
        let wanted = wanted_fields(&self.shared.catalog, name);
        let mut target: Option<Target> = None;
        for hit in snapshot.search(&all(&predicate))?.hits {
            let Some(id) = EntityId::new(collection.register, hit.number) else {
                continue;
            };
            let target = target.get_or_insert(Target {
                id,
                known_from: Transaction::MAX,
                rectangles: Vec::new(),
            });
            target.known_from = target.known_from.min(hit.known.0);
            if !wanted.is_empty() {
                let values = derived_values(collection, &wanted, &snapshot.body(hit.address)?)?;
                let pairs = wanted.iter().cloned().zip(values);
                target.rectangles.push(TargetRectangle {
                    validity: hit.validity,
                    known: hit.known,
                    values: pairs.filter(|(_, value)| !value.is_null()).collect(),
                });
            }
        }
        if target.is_none()
            && let Some(table) = self.keys.and_then(|keys| keys.get(name))
            && let Some(entry) = table.get(key)
            && let Some(id) = table.id(entry)
        {
            target = Some(Target {
                id,
                known_from: entry.known_from,
                rectangles: Vec::new(),
            });
        }
        Ok(target)
    }
}

/// What one department says of an entity, on each stretch of days of the validity.
fn department_views(
    spoken: &[Spoken],
    validity: Validity,
) -> Vec<Option<BTreeMap<FieldNumber, &Value>>> {
    let mut days: Vec<Day> = vec![validity.from];
    for one in spoken.iter().map(|spoken| spoken.statement.validity) {
        days.extend(
            [one.from, one.to]
                .into_iter()
                .filter(|day| validity.contains(*day)),
        );
    }
    days.sort_unstable();
    days.dedup();
    let withdrawn: Vec<StatementPosition> = spoken
        .iter()
        .filter_map(|spoken| match spoken.statement.kind {
            StatementKind::Retract(position) => Some(position),
            _ => None,
        })
        .collect();
    let on = |day: &Day| {
        let mut view: Option<BTreeMap<FieldNumber, &Value>> = None;
        for spoken in spoken {
            if !spoken.statement.validity.contains(*day) || withdrawn.contains(&spoken.position) {
                continue;
            }
            match &spoken.statement.kind {
                StatementKind::Assert(fields) => view
                    .get_or_insert_default()
                    .extend(fields.iter().map(|(number, value)| (*number, value))),
                StatementKind::End => view = None,
                StatementKind::Retract(_) => {}
            }
        }
        view
    };
    days.iter().map(on).collect()
}

fn all(predicate: &Predicate) -> Search<'_> {
    Search {
        predicate,
        time: TimeScope::All,
        sort: &[],
        after: None,
        limit: MAXIMUM_RECTANGLES,
        deadline: Deadline::NONE,
    }
}

fn document(
    collection: &Collection,
    number: u64,
    rectangle: Rectangle,
    digest: u64,
    today: Day,
) -> (Part, Document) {
    let believed = rectangle.known_to == Transaction::MAX;
    let part = if believed && rectangle.validity.to > today {
        Part::Current
    } else {
        Part::Past
    };
    let document = Document {
        number,
        validity: rectangle.validity,
        known_from: rectangle.known_from,
        known_to: rectangle.known_to,
        key: key_hash(&key_of(collection, &rectangle.fields)),
        digest,
        held: rectangle.held.iter().map(held_term).collect(),
        body: body::write(collection, &rectangle.fields, &rectangle.held).into_bytes(),
        statements: codec::encode_positions(&rectangle.statements),
        fields: rectangle.fields,
    };
    (part, document)
}

/// The digest that recognises the latest row when it comes again; 0 where only a comparison of values
/// can tell.
fn latest_digest(collection: &Collection, spoken: &[Spoken]) -> u64 {
    let Some((last, before)) = spoken.split_last() else {
        return 0;
    };
    let StatementKind::Assert(fields) = &last.statement.kind else {
        return 0;
    };
    if before.is_empty() {
        return statement_digest(
            collection,
            &last.department,
            last.statement.validity,
            fields,
        );
    }
    let covered = before.iter().all(|one| {
        one.department == last.department
            && match &one.statement.kind {
                StatementKind::Assert(older) => older.iter().all(|(number, _)| {
                    fields
                        .binary_search_by_key(number, |(number, _)| *number)
                        .is_ok()
                }),
                _ => false,
            }
    });
    let open = last.statement.validity.to == Day::MAX;
    if covered && open {
        row_digest(collection, &last.department, None, fields)
    } else {
        0
    }
}
