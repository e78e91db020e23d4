//! A register kept as a plain list of statements. Every answer is worked out from the list, for one
//! day and one transaction at a time; nothing is shared with the fold, the index or the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use record::{Comparison, Day, EntityId, PartialDate, Predicate, Validity, Value};
use schema::{Catalog, Collection};
use serde_json::json;

/// What one department says: by field, the order in which it was said and the value.
type DepartmentView = BTreeMap<String, (usize, Value)>;

/// What a statement does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Gives values, by field name.
    Assert(Vec<(String, Value)>),
    /// Ends the department's view.
    End,
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
}

/// All statements, in the order in which they were made.
#[derive(Clone)]
pub struct Naive {
    pub catalog: Arc<Catalog>,
    pub said: BTreeMap<&'static str, Vec<Said>>,
    pub keys: BTreeMap<(String, String), u64>,
    pub next_numbers: BTreeMap<String, u64>,
    pub last: u64,
}

impl Naive {
    pub fn new(catalog: Arc<Catalog>) -> Naive {
        Naive {
            catalog,
            said: BTreeMap::new(),
            keys: BTreeMap::new(),
            next_numbers: BTreeMap::new(),
            last: 0,
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
        let register = self.collection(collection).register_name.clone();
        let next = self.next_numbers.entry(register).or_insert(1);
        let number = *next;
        *next += 1;
        self.keys
            .insert((collection.to_string(), key.to_string()), number);
        number
    }

    pub fn id(&self, collection: &str, number: u64) -> EntityId {
        EntityId::new(self.collection(collection).register, number).expect("a small number")
    }

    /// The entities of a collection, by number.
    pub fn entities(&self, collection: &str) -> BTreeSet<u64> {
        self.on(collection).iter().map(|said| said.entity).collect()
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
        let mut view: Option<BTreeMap<String, (usize, Value)>> = None;
        for (place, said) in self.on(collection).iter().enumerate() {
            let bears = said.entity == number
                && said.department == department
                && said.known <= known
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
            }
        }
        view
    }

    /// The values as sources give them; `None` where the entity does not exist.
    fn given(
        &self,
        name: &str,
        number: u64,
        day: Day,
        known: u64,
    ) -> Option<BTreeMap<String, Value>> {
        let collection = self.collection(name);
        let departments: BTreeSet<&str> =
            self.on(name).iter().map(|said| said.department).collect();
        let views: Vec<(&str, DepartmentView)> = departments
            .into_iter()
            .filter_map(|one| Some((one, self.department_view(name, number, one, day, known)?)))
            .collect();
        if views.is_empty() {
            return None;
        }
        let mut values = BTreeMap::new();
        for field in &collection.fields {
            let said: Vec<(&str, &(usize, Value))> = views
                .iter()
                .filter_map(|(one, view)| Some((*one, view.get(field.name.as_str())?)))
                .collect();
            let responsible = said.iter().find(|(one, _)| *one == field.department);
            let winner = responsible.or_else(|| said.iter().max_by_key(|(_, (place, _))| *place));
            if let Some((_, (_, value))) = winner
                && !value.is_null()
            {
                values.insert(field.name.to_string(), value.clone());
            }
        }
        Some(values)
    }

    /// The entity of a key, if a transaction knew a day of it.
    fn target(&self, collection: &str, key: &str, known: u64) -> Option<u64> {
        let number = self.number(collection, key)?;
        let all = || self.on(collection).iter();
        let said = || all().filter(|said| said.entity == number && said.known <= known);
        let days: BTreeSet<Day> = said()
            .flat_map(|one| [one.validity.from, one.validity.to])
            .filter(|day| *day < Day::MAX)
            .collect();
        let lives = |said: &Said| {
            let on = |day: &Day| {
                let view =
                    self.department_view(collection, number, said.department, *day, said.known);
                view.is_some()
            };
            days.iter().any(on)
        };
        said().any(lives).then_some(number)
    }

    /// The record at one pair of times.
    pub fn record(&self, name: &str, number: u64, day: Day, known: u64) -> Option<Composed> {
        let collection = self.collection(name);
        let given = self.given(name, number, day, known)?;
        let mut composed = Composed::default();
        for field in &collection.fields {
            if let Some(rule) = &field.derived {
                let value = rule.through.iter().find_map(|through| {
                    let through = collection.at(*through);
                    let Some(Value::Reference(reference)) = given.get(through.name.as_str()) else {
                        return None;
                    };
                    let target = self.target(through.target()?, &reference.key, known)?;
                    self.given(through.target()?, target, day, known)?
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
            Predicate::Text { fields, query } => query.split(' ').all(|phrase| {
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
            }),
            Predicate::WithinDivision { field, code } => {
                let own = collection
                    .division
                    .map(|number| collection.at(number).name.as_str());
                let field = if field.is_empty() {
                    own.unwrap_or_default()
                } else {
                    field.as_str()
                };
                let found = record.values.get(field).and_then(Value::as_text);
                found.is_some_and(|found| found.starts_with(code.as_str()))
            }
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
            Predicate::Intersects(_) => panic!("not asked here"),
        }
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
