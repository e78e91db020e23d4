//! A register kept as a plain list of statements. Every answer is worked out from the list, for one
//! day and one transaction at a time; nothing is shared with the fold, the index or the ledger.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use record::{
    CompactString, Comparison, Day, DisputeState, EntityId, PartialDate, Predicate, Reference,
    Validity, Value,
};
use schema::{Catalog, Collection};
use serde_json::json;

/// What one department says: by field, the order in which it was said and the value.
type DepartmentView = BTreeMap<String, (usize, Value)>;
/// For whom each statement of a list counts; for nobody where it is withdrawn, or not known yet.
type Owners = Rc<Vec<Option<u64>>>;

/// What a statement does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Gives values, by field name.
    Assert(Vec<(String, Value)>),
    /// Ends the department's view.
    End,
    /// Withdraws the statement at a place of the list.
    Retract(usize),
    /// Hands everything on to another entity.
    Merge(u64),
    /// Hands the statements at some places of the list on to another entity.
    Split(u64, Vec<usize>),
    /// Doubts a field.
    Dispute(String, DisputeState),
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Said {
    pub known: u64,
    pub department: &'static str,
    pub entity: u64,
    pub line: u64,
    pub validity: Validity,
    pub kind: Kind,
}

/// A record at one pair of times: references resolved, derived values copied.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    pub values: BTreeMap<String, Value>,
    pub held: BTreeMap<String, Vec<String>>,
    /// By field: department, value, the first day for which it is said.
    pub conflicts: BTreeMap<String, Vec<(&'static str, Value, Day)>>,
    /// By field: state, department, on which day.
    pub disputes: BTreeMap<String, (DisputeState, &'static str, Day)>,
}

/// What is said of an entity on a day.
#[derive(Default)]
struct Told {
    /// By department and the entity of which it was said.
    views: BTreeMap<(&'static str, u64), DepartmentView>,
    /// What its own statements say last of its key.
    key: Option<Value>,
    /// By field: the place in the list, state, department, on which day.
    doubts: BTreeMap<String, (usize, DisputeState, &'static str, Day)>,
}

/// A record before references are followed.
#[derive(Clone, Debug, Default)]
struct Given {
    values: BTreeMap<String, Value>,
    conflicts: BTreeMap<String, Vec<(&'static str, Value, Day)>>,
    disputes: BTreeMap<String, (DisputeState, &'static str, Day)>,
}

/// All statements, in the order in which they were made.
#[derive(Clone)]
pub struct Naive {
    pub catalog: Arc<Catalog>,
    pub said: BTreeMap<&'static str, Vec<Said>>,
    pub keys: BTreeMap<(String, String), u64>,
    pub next_numbers: BTreeMap<String, u64>,
    pub last: u64,
    /// Worked out before, by collection, transaction and length of the list.
    owners: RefCell<HashMap<(String, u64, usize), Owners>>,
}

impl Naive {
    pub fn new(catalog: Arc<Catalog>) -> Naive {
        Naive {
            catalog,
            said: BTreeMap::new(),
            keys: BTreeMap::new(),
            next_numbers: BTreeMap::new(),
            last: 0,
            owners: RefCell::default(),
        }
    }

    pub fn collection(&self, name: &str) -> &Arc<Collection> {
        self.catalog.collection(name).expect("a collection")
    }

    pub fn number(&self, collection: &str, key: &str) -> Option<u64> {
        self.keys
            .get(&(collection.to_string(), key.to_string()))
            .copied()
    }

    /// Gives a new entity its number: registers count for all their collections.
    pub fn introduce(&mut self, collection: &str, key: &str) -> u64 {
        let number = self.take_number(collection);
        self.keys
            .insert((collection.to_string(), key.to_string()), number);
        number
    }

    /// The next free number.
    pub fn take_number(&mut self, collection: &str) -> u64 {
        let register = self.collection(collection).register_name.clone();
        let next = self.next_numbers.entry(register).or_insert(1);
        *next += 1;
        *next - 1
    }

    pub fn id(&self, collection: &str, number: u64) -> EntityId {
        EntityId::new(self.collection(collection).register, number).expect("a small number")
    }

    /// The entities of a collection, by number.
    pub fn entities(&self, collection: &str) -> BTreeSet<u64> {
        let mut all = BTreeSet::new();
        for said in self.on(collection) {
            all.insert(said.entity);
            if let Kind::Split(to, _) = &said.kind {
                all.insert(*to);
            }
        }
        all
    }

    /// Whether the statement at a place stands, as known by a transaction.
    fn stands(&self, collection: &str, place: usize, known: u64) -> bool {
        let all = self.on(collection);
        let later = all.iter().enumerate().skip(place + 1);
        let mut told = later.filter(|(_, said)| said.known <= known);
        !told.any(|(other, said)| {
            matches!(said.kind, Kind::Retract(which) if which == place)
                && self.stands(collection, other, known)
        })
    }

    /// Where merges, and splits of the statement at a place, lead from an entity.
    fn handed_on(&self, name: &str, entity: u64, place: Option<usize>, known: u64) -> u64 {
        let mut owner = entity;
        let moves: Vec<&Said> = (0..self.on(name).len())
            .filter(|at| self.on(name)[*at].known <= known && self.stands(name, *at, known))
            .map(|at| &self.on(name)[at])
            .filter(|said| matches!(said.kind, Kind::Merge(_) | Kind::Split(..)))
            .collect();
        for _ in 0..=moves.len() {
            for said in &moves {
                if said.entity != owner {
                    continue;
                }
                match &said.kind {
                    Kind::Merge(into) => owner = *into,
                    Kind::Split(to, some) if place.is_some_and(|at| some.contains(&at)) => {
                        owner = *to;
                    }
                    _ => {}
                }
            }
        }
        owner
    }

    /// For whom everything on an entity counts.
    pub fn successor(&self, collection: &str, entity: u64, known: u64) -> u64 {
        self.handed_on(collection, entity, None, known)
    }

    /// For whom each statement counts.
    pub fn owners(&self, collection: &str, known: u64) -> Owners {
        let all = self.on(collection);
        let name = (collection.to_string(), known, all.len());
        if let Some(owners) = self.owners.borrow().get(&name) {
            return owners.clone();
        }
        let owner = |(place, said): (usize, &Said)| {
            (said.known <= known && self.stands(collection, place, known))
                .then(|| self.handed_on(collection, said.entity, Some(place), known))
        };
        let owners: Owners = Rc::new(all.iter().enumerate().map(owner).collect());
        self.owners.borrow_mut().insert(name, owners.clone());
        owners
    }

    /// Whether an entity has any day, as known by a transaction.
    pub fn is_present(&self, collection: &str, number: u64, known: u64) -> bool {
        let days: BTreeSet<Day> = self
            .on(collection)
            .iter()
            .flat_map(|one| [one.validity.from, one.validity.to])
            .filter(|day| *day < Day::MAX)
            .chain([Day::MIN])
            .collect();
        let on = |day: &Day| self.given(collection, number, *day, known).is_some();
        days.iter().any(on)
    }

    /// Whether a store's index has ever had a rectangle of an entity.
    pub fn was_present(&self, collection: &str, number: u64) -> bool {
        (1..=self.last).any(|known| self.is_present(collection, number, known))
    }

    /// The latest word on a doubt that counts for an entity.
    pub fn doubt(&self, collection: &str, number: u64, field: &str) -> Option<DisputeState> {
        let owners = self.owners(collection, u64::MAX);
        let all = self.on(collection).iter().zip(owners.iter()).rev();
        all.filter(|(_, owner)| **owner == Some(number))
            .find_map(|(said, _)| match &said.kind {
                Kind::Dispute(about, state) if about == field => Some(*state),
                _ => None,
            })
    }

    pub fn on(&self, collection: &str) -> &[Said] {
        self.said.get(collection).map_or(&[], Vec::as_slice)
    }

    /// What one department says of an entity on a day, as known by a transaction, and at which place of
    /// the list it said each value; `None` where it says nothing.
    pub fn department_view(
        &self,
        collection: &str,
        number: u64,
        department: &str,
        day: Day,
        known: u64,
    ) -> Option<BTreeMap<String, (usize, Value)>> {
        let successor = self.successor(collection, number, known);
        let owners = self.owners(collection, known);
        let mut view: Option<BTreeMap<String, (usize, Value)>> = None;
        for (place, said) in self.on(collection).iter().enumerate() {
            // What was split off is said of the entity no longer.
            let bears = said.entity == number
                && owners[place] == Some(successor)
                && said.department == department
                && said.validity.from <= day
                && day < said.validity.to;
            if !bears {
                continue;
            }
            match &said.kind {
                Kind::End => view = None,
                Kind::Assert(fields) => {
                    let view = view.get_or_insert_default();
                    for (name, value) in fields {
                        view.insert(name.clone(), (place, value.clone()));
                    }
                }
                _ => {}
            }
        }
        view
    }

    /// What is said of an entity on a day.
    fn told(&self, name: &str, number: u64, day: Day, known: u64) -> Told {
        let key = &self
            .collection(name)
            .single_key()
            .expect("one key field")
            .name;
        let owners = self.owners(name, known);
        let mut told = Told::default();
        for (place, said) in self.on(name).iter().enumerate() {
            if owners[place] != Some(number) {
                continue;
            }
            let whose = (said.department, said.entity);
            let holds = said.validity.from <= day && day < said.validity.to;
            match &said.kind {
                Kind::End if holds => drop(told.views.remove(&whose)),
                Kind::Assert(fields) => {
                    let given = fields.iter().find(|(name, _)| name == key.as_str());
                    if let Some((_, value)) = given.filter(|_| said.entity == number) {
                        told.key = Some(value.clone());
                    }
                    if holds {
                        let view = told.views.entry(whose).or_default();
                        let said = |(name, value): &(String, Value)| {
                            (name.clone(), (place, value.clone()))
                        };
                        view.extend(fields.iter().map(said));
                    }
                }
                Kind::Dispute(field, state) => {
                    let doubt = (place, *state, said.department, said.validity.from);
                    told.doubts.insert(field.clone(), doubt);
                }
                _ => {}
            }
        }
        told
    }

    /// The record as sources give it; `None` where the entity does not exist.
    fn given(&self, name: &str, number: u64, day: Day, known: u64) -> Option<Given> {
        let collection = self.collection(name);
        let key = &collection.single_key().expect("one key field").name;
        let told = self.told(name, number, day, known);
        if told.views.is_empty() {
            return None;
        }
        let all = self.on(name);
        let mut given = Given::default();
        let mut places = BTreeMap::new();
        for field in collection.fields.iter().filter(|field| field.name != *key) {
            let rank = |one: &str| field.authority.rank(one).unwrap_or(usize::MAX);
            let mut said: Vec<(&'static str, &(usize, Value))> = told
                .views
                .iter()
                .filter_map(|((one, _), view)| Some((*one, view.get(field.name.as_str())?)))
                .collect();
            said.sort_by_key(|(one, (place, _))| (rank(one), std::cmp::Reverse(*place)));
            let Some((_, (place, winner))) = said.first().copied() else {
                continue;
            };
            places.insert(field.name.to_string(), *place);
            if !winner.is_null() {
                given.values.insert(field.name.to_string(), winner.clone());
            }
            let mut losers: Vec<(&'static str, Value, Day)> = Vec::new();
            for (department, (place, value)) in said {
                let again = losers
                    .iter()
                    .any(|one| one.0 == department && one.1 == *value);
                if value != winner && !value.is_null() && !again {
                    losers.push((department, value.clone(), all[*place].validity.from));
                }
            }
            if !losers.is_empty() {
                given.conflicts.insert(field.name.to_string(), losers);
            }
        }
        let own_key = told.key.map(|value| (key.to_string(), value));
        given.values.extend(own_key);
        for (field, (place, state, by, since)) in told.doubts {
            let shows = match state {
                DisputeState::Removed => false,
                DisputeState::Verified => places.get(&field).is_some_and(|winner| *winner < place),
                _ => true,
            };
            if shows {
                given.disputes.insert(field, (state, by, since));
            }
        }
        Some(given)
    }

    /// The entity that a key leads to, if a transaction knew a day of it.
    fn target(&self, collection: &str, key: &str, known: u64) -> Option<u64> {
        let number = self.number(collection, key)?;
        let number = self.successor(collection, number, known);
        self.is_present(collection, number, known).then_some(number)
    }

    /// The record at one pair of times.
    pub fn record(&self, name: &str, number: u64, day: Day, known: u64) -> Option<Composed> {
        let collection = self.collection(name);
        let given = self.given(name, number, day, known)?;
        let mut composed = Composed {
            conflicts: given.conflicts,
            disputes: given.disputes,
            ..Composed::default()
        };
        let given = given.values;
        for field in &collection.fields {
            if let Some(rule) = &field.derived {
                let value = rule.through.iter().find_map(|through| {
                    let through = collection.at(*through);
                    let Some(Value::Reference(reference)) = given.get(through.name.as_str()) else {
                        return None;
                    };
                    let target = self.target(through.target()?, &reference.key, known)?;
                    self.given(through.target()?, target, day, known)?
                        .values
                        .remove(&rule.field)
                });
                if let Some(value) = value {
                    composed.values.insert(field.name.to_string(), value);
                }
                continue;
            }
            let Some(value) = given.get(field.name.as_str()) else {
                continue;
            };
            let Value::Reference(reference) = value else {
                composed
                    .values
                    .insert(field.name.to_string(), value.clone());
                continue;
            };
            let target = field.target().expect("a reference");
            match self.target(target, &reference.key, known) {
                Some(number) => {
                    let id = self.id(target, number).to_string();
                    composed
                        .values
                        .insert(field.name.to_string(), Value::text(&id));
                }
                None => {
                    let held = composed.held.entry(field.name.to_string()).or_default();
                    held.push(reference.key.to_string());
                }
            }
        }
        Some(composed)
    }

    /// The records of a collection at one pair of times, by number.
    pub fn records(&self, name: &str, day: Day, known: u64) -> BTreeMap<u64, Composed> {
        self.entities(name)
            .into_iter()
            .filter_map(|number| Some((number, self.record(name, number, day, known)?)))
            .collect()
    }

    /// The body as it should be answered.
    pub fn body(&self, name: &str, composed: &Composed) -> serde_json::Value {
        let collection = self.collection(name);
        let location = collection
            .location
            .map(|number| collection.at(number).name.as_str());
        let mut body = json!({ "geometry": null, "properties": {} });
        for (name, value) in &composed.values {
            if Some(name.as_str()) == location {
                body["geometry"] = json_of(value);
            } else {
                body["properties"][name] = json_of(value);
            }
        }
        if !composed.held.is_empty() {
            body["held"] = json!(composed.held);
        }
        let day = |day: Day| day.calendar().map(|_| day.to_string());
        for (name, said) in &composed.conflicts {
            let all = said.iter().map(|(department, value, since)| {
                json!({ "department": department, "value": json_of(value), "since": day(*since) })
            });
            body["conflicts"][name] = all.collect();
        }
        for (name, (state, by, since)) in &composed.disputes {
            body["disputes"][name] =
                json!({ "state": state.name(), "by": by, "since": day(*since) });
        }
        body
    }

    /// Whether a record matches.
    pub fn matches(
        &self,
        name: &str,
        number: u64,
        record: &Composed,
        predicate: &Predicate,
    ) -> bool {
        let collection = self.collection(name);
        let again = |one: &Predicate| self.matches(name, number, record, one);
        match predicate {
            Predicate::All => true,
            Predicate::And(all) => all.iter().all(again),
            Predicate::Or(any) => any.iter().any(again),
            Predicate::Not(one) => !again(one),
            Predicate::Compare {
                field,
                comparison,
                value,
            } => record
                .values
                .get(field.as_str())
                .is_some_and(|found| compares(found, *comparison, value)),
            Predicate::In { field, values } => {
                record.values.get(field.as_str()).is_some_and(|found| {
                    values
                        .iter()
                        .any(|value| compares(found, Comparison::Equal, value))
                })
            }
            Predicate::IsNull { field } => !record.values.contains_key(field.as_str()),
            Predicate::Like { field, pattern } => record
                .values
                .get(field.as_str())
                .and_then(Value::as_text)
                .is_some_and(|text| is_like(text, pattern)),
            Predicate::Text { fields, query } => has_text(collection, record, fields, query),
            Predicate::WithinDivision { field, code } => is_within(collection, record, field, code),
            Predicate::Box([west, south, east, north]) => {
                degrees(collection, record).is_some_and(|(lon, lat)| {
                    *west <= lon && lon <= *east && *south <= lat && lat <= *north
                })
            }
            Predicate::Near { lon, lat, metres } => degrees(collection, record)
                .is_some_and(|place| metres_between(place, (*lon, *lat)) <= *metres),
            Predicate::Ids(ids) => ids.contains(&self.id(name, number)),
            Predicate::Key(values) => {
                let key = &collection.single_key().expect("one key field").name;
                record.values.get(key.as_str()) == values.first()
            }
            Predicate::Marked(mark) => is_marked(record, mark),
            Predicate::Intersects(_)
            | Predicate::Among { .. }
            | Predicate::NearAny { .. }
            | Predicate::Exact(_)
            | Predicate::Narrowed { .. } => panic!("not asked here"),
        }
    }
}

/// Whether every phrase of a query stands in some text of a record: in the named fields, or, where none is
/// named, in those that are searched for text.
fn has_text(
    collection: &Collection,
    record: &Composed,
    fields: &[CompactString],
    query: &str,
) -> bool {
    query.split(' ').all(|phrase| {
        record.values.iter().any(|(name, value)| {
            let sought = if fields.is_empty() {
                collection
                    .field(name)
                    .is_some_and(|(_, field)| field.search.text)
            } else {
                fields.iter().any(|field| field == name)
            };
            sought
                && value
                    .each()
                    .iter()
                    .filter_map(Value::as_text)
                    .any(|text| text.contains(phrase))
        })
    })
}

/// Whether a field, or the collection's own where none is named, has a code within a division.
fn is_within(collection: &Collection, record: &Composed, field: &str, code: &str) -> bool {
    let own = collection
        .division
        .map(|number| collection.at(number).name.as_str());
    let field = if field.is_empty() {
        own.unwrap_or_default()
    } else {
        field
    };
    let found = record.values.get(field).and_then(Value::as_text);
    found.is_some_and(|found| found.starts_with(code))
}

/// Whether a record has a conflict, or an open dispute, about the field that a mark names.
fn is_marked(record: &Composed, mark: &str) -> bool {
    match mark.split_once('=') {
        Some(("conflict", field)) => record.conflicts.contains_key(field),
        Some(("dispute", field)) => record
            .disputes
            .get(field)
            .is_some_and(|(state, _, _)| state.is_open()),
        _ => panic!("no such mark is asked for here"),
    }
}

/// Where a record with a point is.
pub fn degrees(collection: &Collection, record: &Composed) -> Option<(f64, f64)> {
    let name = &collection.at(collection.location?).name;
    match record.values.get(name.as_str())? {
        Value::Point { lon, lat } => Some((f64::from(*lon) / 1e7, f64::from(*lat) / 1e7)),
        _ => None,
    }
}

/// By the spherical law of cosines: another way than the product's.
pub fn metres_between((lon_a, lat_a): (f64, f64), (lon_b, lat_b): (f64, f64)) -> f64 {
    let unit = |lon: f64, lat: f64| {
        let (lon, lat) = (lon.to_radians(), lat.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    };
    let (a, b) = (unit(lon_a, lat_a), unit(lon_b, lat_b));
    let chord: f64 = a
        .iter()
        .zip(&b)
        .map(|(a, b)| (a - b) * (a - b))
        .sum::<f64>()
        .sqrt();
    2.0 * 6_371_008.8 * (chord / 2.0).asin()
}

fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => json!(text.as_str()),
        Value::Date(date) => json!(date.to_string()),
        Value::Integer(number) => json!(number),
        Value::List(values) => values.iter().map(json_of).collect(),
        Value::Point { lon, lat } => json!({
            "type": "Point",
            "coordinates": [f64::from(*lon) / 1e7, f64::from(*lat) / 1e7],
        }),
        Value::Reference(Reference { key, .. }) => json!({ "key": key.as_str() }),
        other => panic!("no such value is made here: {other:?}"),
    }
}

fn compares(found: &Value, comparison: Comparison, sought: &Value) -> bool {
    let ordering = match (found, sought) {
        (Value::Text(found), Value::Text(sought)) => found.cmp(sought),
        (Value::Date(found), Value::Date(sought)) => {
            let within = |found: PartialDate, sought: PartialDate| {
                sought.first_day() <= found.first_day() && found.first_day() < sought.end_day()
            };
            match comparison {
                Comparison::Equal => return within(*found, *sought),
                Comparison::NotEqual => return !within(*found, *sought),
                _ => found.first_day().cmp(&sought.first_day()),
            }
        }
        other => panic!("not asked here: {other:?}"),
    };
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

/// `%` any run, `_` one character; no escapes are asked here.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    fn rest(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', pattern)) => (0..=text.len()).any(|skip| rest(&text[skip..], pattern)),
            Some(('_', pattern)) => !text.is_empty() && rest(&text[1..], pattern),
            Some((one, pattern)) => text.first() == Some(one) && rest(&text[1..], pattern),
        }
    }
    rest(&text, &pattern)
}
