//! The full way: an entity's statements are read back from the ledger and folded.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use index::{Deadline, Document, Part, Search, Snapshot, TimeScope, key_hash};
use record::{
    Day, EntityId, FieldNumber, Fields, Predicate, StatementKind, StatementPosition, Transaction,
    Validity, Value,
};
use roaring::RoaringTreemap;
use schema::Collection;

use super::Shared;
use super::single::{key_of, row_digest, statement_digest};
use super::spans::{Lacking, redirections};
use super::targets::{History, Snapshots, TargetReader, wanted_fields};
use crate::fold::{Rectangle, Spoken, Target, Targets, fold};
use crate::journal::Journal;
use crate::standing::Standing;
use crate::store::StoreError;
use crate::{body, codec, marks};

/// Opened blocks held at once.
const BLOCKS_HELD: usize = 256;
/// The most rectangles of one target.
const MAXIMUM_RECTANGLES: usize = 10_000;

/// Changed entities that are asked after at once.
const ASKED: usize = 100_000;

/// Composes entities from the ledger and frozen indexes.
pub struct Composer<'a> {
    shared: &'a Shared,
    journal: Arc<Journal>,
    snapshots: Snapshots,
    blocks: RefCell<HashMap<(String, u64), Arc<codec::Block>>>,
    targets: TargetReader<'a>,
    lacking: Option<&'a Lacking>,
    last_said: RefCell<Option<LastSaid>>,
}

/// What a department has said of the entity asked after last: a row that changes one asks several times.
struct LastSaid {
    collection: String,
    number: u64,
    department: String,
    spoken: Rc<Vec<Spoken>>,
}

impl<'a> Composer<'a> {
    /// A composer over the committed state. `journal` must know every block that is read; `lacking` has
    /// what is to be found although its index lacks it as yet.
    pub fn new(
        shared: &'a Shared,
        journal: Arc<Journal>,
        lacking: Option<&'a Lacking>,
    ) -> Result<Composer<'a>, StoreError> {
        let snapshots = super::view::snapshots(&shared.indexes)?;
        Ok(Composer::over(shared, journal, snapshots, lacking))
    }

    /// A composer over a state that is held already.
    pub fn over(
        shared: &'a Shared,
        journal: Arc<Journal>,
        snapshots: Snapshots,
        lacking: Option<&'a Lacking>,
    ) -> Composer<'a> {
        Composer {
            shared,
            journal,
            targets: TargetReader::new(&shared.catalog, snapshots.clone(), lacking),
            snapshots,
            lacking,
            blocks: RefCell::default(),
            last_said: RefCell::default(),
        }
    }

    pub fn snapshot(&self, collection: &str) -> Result<&Snapshot, StoreError> {
        self.snapshots
            .get(collection)
            .ok_or_else(|| StoreError::UnknownCollection(collection.to_string()))
    }

    /// The journal up to which statements are read.
    pub fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Where the statements on an entity and its family stand, as far as the index knows them, and those
    /// that left one of them without a day.
    pub fn positions(
        &self,
        collection: &Collection,
        number: u64,
    ) -> Result<Vec<StatementPosition>, StoreError> {
        let snapshot = self.snapshot(&collection.name)?;
        let family = self.journal.family(&collection.name, number);
        let ids = family
            .iter()
            .filter_map(|member| EntityId::new(collection.register, *member));
        let predicate = Predicate::Ids(ids.collect());
        let found = snapshot.search(&all(&predicate))?;
        let mut positions = Vec::new();
        for hit in found.hits {
            positions.extend(codec::decode_positions(
                &snapshot.stored(hit.address)?.statements,
            )?);
        }
        for member in family {
            positions.extend_from_slice(self.journal.silent_positions(&collection.name, member));
        }
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    }

    /// Whether the index has any rectangle of an entity, and whether one of them is still believed.
    pub fn standing_in_index(
        &self,
        collection: &Collection,
        number: u64,
    ) -> Result<(bool, bool), StoreError> {
        let Some(id) = EntityId::new(collection.register, number) else {
            return Ok((false, false));
        };
        let predicate = Predicate::Ids(vec![id]);
        let hits = self
            .snapshot(&collection.name)?
            .search(&all(&predicate))?
            .hits;
        let believed = hits.iter().any(|hit| hit.known.1 == Transaction::MAX);
        Ok((!hits.is_empty(), believed))
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
                let statement = block.statement(position.place)?.ok_or_else(damaged)?;
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
        Ok(department_views(&spoken, validity).iter().all(|(_, view)| {
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
                StatementKind::End => true,
                _ => false,
            })
        };
        // An empty cell contradicts a value: it takes one away, and adds nothing.
        Ok(fields
            .iter()
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
            .all(|(_, view)| view.is_none())
        {
            return Ok(false);
        }
        let Some(source) = source else {
            return Ok(true);
        };
        for one in spoken.iter() {
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

    /// What a department says of an entity on each stretch of days of the validity.
    pub fn said(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
        validity: Validity,
    ) -> Result<Vec<Stretch>, StoreError> {
        let spoken = self.of_department(collection, number, department)?;
        let views = department_views(&spoken, validity);
        let ends = views.iter().skip(1).map(|(from, _)| *from);
        let ends: Vec<Day> = ends.chain([validity.to]).collect();
        let stretch = |((from, view), to): (&(Day, Option<DepartmentView>), Day)| Stretch {
            validity: Validity { from: *from, to },
            fields: view.as_ref().map(|view| {
                let said = view
                    .iter()
                    .map(|(number, value)| (*number, (*value).clone()));
                said.collect()
            }),
        };
        Ok(views.iter().zip(ends).map(stretch).collect())
    }

    /// Whether any other department says anything of an entity on any day of the validity.
    pub fn others_claim(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
        validity: Validity,
    ) -> Result<bool, StoreError> {
        let mut departments: BTreeMap<Arc<str>, Vec<Spoken>> = BTreeMap::new();
        for one in self.spoken(collection, self.positions(collection, number)?)? {
            if &*one.department != department {
                departments
                    .entry(one.department.clone())
                    .or_default()
                    .push(one);
            }
        }
        Ok(departments.values().any(|spoken| {
            let views = department_views(spoken, validity);
            views.iter().any(|(_, view)| view.is_some())
        }))
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
        let given = views.iter().filter_map(|(_, view)| view.as_ref()).flatten();
        let valued: BTreeSet<FieldNumber> = given
            .filter(|(_, value)| !value.is_null())
            .map(|(number, _)| *number)
            .collect();
        Ok(valued.into_iter().collect())
    }

    /// What a department has said of an entity and not withdrawn, and what has not been split off from
    /// it, oldest first. For whom it counts besides makes no difference: a row is about whom its key
    /// names.
    pub fn of_department(
        &self,
        collection: &Collection,
        number: u64,
        department: &str,
    ) -> Result<Rc<Vec<Spoken>>, StoreError> {
        if let Some(last) = &*self.last_said.borrow()
            && (last.number, &*last.department, &*last.collection)
                == (number, department, &*collection.name)
        {
            return Ok(last.spoken.clone());
        }
        let mut spoken = self.spoken(collection, self.positions(collection, number)?)?;
        let standing = Standing::at(&spoken, Transaction::MAX);
        spoken.retain(|one| {
            &*one.department == department
                && one.statement.entity.number() == number
                && !standing.is_withdrawn(one.position)
                && !standing.is_parted(number, one.position)
        });
        let spoken = Rc::new(spoken);
        *self.last_said.borrow_mut() = Some(LastSaid {
            collection: collection.name.clone(),
            number,
            department: department.to_string(),
            spoken: spoken.clone(),
        });
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
        let opened = codec::open(block, collection.register, |_| Some(collection))?;
        let opened = Arc::new(opened);
        let mut blocks = self.blocks.borrow_mut();
        if blocks.len() >= BLOCKS_HELD {
            blocks.clear();
        }
        blocks.insert(name, opened.clone());
        Ok(opened)
    }

    /// The rectangles of an entity with these statements, which are all on its family, ready to index.
    pub fn documents(
        &self,
        collection: &Collection,
        number: u64,
        spoken: &[Spoken],
    ) -> Result<Vec<(Part, Document)>, StoreError> {
        let register = self.shared.register(&collection.register_name)?;
        let compute = |fields: &mut Fields| register.compute(collection, fields);
        let rectangles = fold(collection, number, spoken, self, &compute)?;
        // Where statements count for another entity than they were made of, only values tell.
        let linked = self.journal.is_linked(&collection.name, number);
        let digest = if linked {
            0
        } else {
            latest_digest(collection, spoken)
        };
        let today = self.shared.today();
        Ok(rectangles
            .into_iter()
            .map(|rectangle| document(collection, number, rectangle, digest, today))
            .collect())
    }

    /// The records of other collections that must be composed anew because of entities of this
    /// collection: those that hold a reference to a new key, those that derive values from one that
    /// changed, and those that refer to one of which the references may lead elsewhere from now on.
    pub fn dependents(
        &self,
        collection: &Collection,
        new_keys: &mut dyn FnMut(&str) -> bool,
        changed: &RoaringTreemap,
        shaken: &RoaringTreemap,
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
            numbers.extend(snapshot.marked(&marks::held_prefix(&collection.name), new_keys)?);
            for field in &other.fields {
                let derives = |through| {
                    other
                        .fields
                        .iter()
                        .filter_map(|field| field.derived.as_ref())
                        .any(|rule| rule.through.contains(&through))
                };
                if field.target() == Some(&collection.name) {
                    let derived = derives(field.number);
                    let of = if derived { changed } else { shaken };
                    numbers.extend(self.referring(snapshot, collection, &field.name, of)?);
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
        changed: &RoaringTreemap,
    ) -> Result<Vec<u64>, StoreError> {
        let mut referring = Vec::new();
        let mut ids = changed
            .iter()
            .filter_map(|number| EntityId::new(target.register, number))
            .map(|id| Value::text(&id.to_string()));
        loop {
            let values: Vec<Value> = ids.by_ref().take(ASKED).collect();
            if values.is_empty() {
                return Ok(referring);
            }
            referring.extend(snapshot.entities(&Predicate::In {
                field: field.into(),
                values,
            })?);
        }
    }
}

impl Targets for Composer<'_> {
    fn target(&self, collection: &str, key: &str) -> Result<Option<Arc<Target>>, StoreError> {
        let target = self.targets.target(collection, key)?;
        let linked = target.as_ref().is_some_and(|target| {
            let mut spans = target.spans.iter();
            spans.any(|span| self.journal.is_linked(collection, span.id.number()))
        });
        if linked {
            return Ok(self.redirected(collection, key)?.map(Arc::new));
        }
        Ok(target)
    }
}

/// What one department says of an entity on a stretch of days.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The days.
    pub validity: Validity,
    /// The values it gives; none where it says nothing of the entity.
    pub fields: Option<Fields>,
}

/// What one department says, by field.
type DepartmentView<'s> = BTreeMap<FieldNumber, &'s Value>;

impl Composer<'_> {
    /// Whom a key leads to whose entity was ever merged or split: while it is merged, to the other one.
    fn redirected(&self, name: &str, key: &str) -> Result<Option<Target>, StoreError> {
        let collection = self.shared.collection(name)?;
        let snapshot = self.snapshot(name)?;
        let wanted = wanted_fields(&self.shared.catalog, name);
        let mut history = History::new(collection, snapshot, &wanted);
        let hash = key_hash(&[Value::text(key)]);
        let mut owners = BTreeSet::new();
        snapshot.rows_of_key(hash, |row| {
            owners.insert(row.number);
        })?;
        let mut add = |number: u64, within: (Transaction, Transaction)| {
            let id = EntityId::new(collection.register, number);
            let predicate = Predicate::Ids(id.into_iter().collect());
            for hit in snapshot.search(&all(&predicate))?.hits {
                let known = (hit.known.0.max(within.0), hit.known.1.min(within.1));
                if known.0 < known.1 {
                    history.add(number, hit.validity, known, hit.address)?;
                }
            }
            Ok::<(), StoreError>(())
        };
        for number in owners {
            // While only statements on others count for it, its rectangles do not bear its key.
            add(number, (Transaction::ZERO, Transaction::MAX))?;
            let spoken = self.spoken(collection, self.positions(collection, number)?)?;
            for (known, successor) in redirections(number, &spoken) {
                add(successor, known)?;
            }
        }
        let lacking = self.lacking.and_then(|lacking| lacking.get(name));
        Ok(history.target(hash, lacking))
    }
}

/// What one department says of an entity by statements that stand, on each stretch of days of the
/// validity, by the first of them.
fn department_views(
    spoken: &[Spoken],
    validity: Validity,
) -> Vec<(Day, Option<DepartmentView<'_>>)> {
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
    let on = |day: &Day| {
        let mut view: Option<DepartmentView> = None;
        for spoken in spoken {
            if !spoken.statement.validity.contains(*day) {
                continue;
            }
            match &spoken.statement.kind {
                StatementKind::Assert(fields) => view
                    .get_or_insert_default()
                    .extend(fields.iter().map(|(number, value)| (*number, value))),
                StatementKind::End => view = None,
                _ => {}
            }
        }
        view
    };
    days.iter().map(|day| (*day, on(day))).collect()
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
        key: key_hash(&key_of(collection, &rectangle.content.fields)),
        digest,
        marks: marks::of(collection, &rectangle.content),
        body: body::write(collection, &rectangle.content).into_bytes(),
        statements: codec::encode_positions(&rectangle.statements),
        fields: rectangle.content.fields,
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
