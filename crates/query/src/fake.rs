//! A small store in memory for tests: it answers naively, by looking at every record.

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use geometry::Shape;
use record::{
    AsOf, Comparison, Day, EntityId, Predicate, RegisterLetter, Transaction, Validity, Value,
};
use register::{
    After, Deadline, Direction, Group, Grouping, MeasureValue, Page, Publication, Record, Search,
    SortKey, SortValue, SourcedStatement, Store, StoreError, TimeScope, View,
};
use schema::Catalog;
use serde_json::{Value as Json, json};

/// The store; cheap to copy.
#[derive(Clone)]
pub struct Fake {
    catalog: Arc<Catalog>,
    rows: Arc<Vec<(String, Record)>>,
}

/// The schemas, read once.
pub fn catalog() -> Arc<Catalog> {
    static CATALOG: LazyLock<Arc<Catalog>> =
        LazyLock::new(|| Arc::new(Catalog::embedded().expect("schemas")));
    CATALOG.clone()
}

/// The id of an entity.
pub fn id(register: RegisterLetter, number: u64) -> EntityId {
    EntityId::new(register, number).expect("small")
}

/// A record valid and known from the beginning on.
fn row(id: EntityId, lonlat: Option<(f64, f64)>, properties: Json) -> Record {
    let point = |(lon, lat)| json!({ "type": "Point", "coordinates": [lon, lat] });
    let geometry = lonlat.map_or(Json::Null, point);
    Record {
        id,
        body: json!({ "geometry": geometry, "properties": properties }).to_string(),
        validity: Validity {
            from: Day(0),
            to: Day::MAX,
        },
        known: (Transaction(1), Transaction::MAX),
        values: Vec::new(),
    }
}

/// Four persons with a place, and one without.
fn persons() -> Vec<(String, Record)> {
    let person = |number| id(RegisterLetter::Person, number);
    let household = person(100).to_string();
    let mut rows = Vec::new();
    for (number, name, sex, born, lon) in [
        (1, "王芳", "2", "1985-03-01", 116.30),
        (2, "王小明", "1", "1990", 116.31),
        (3, "李强", "1", "2001-12-31", 116.40),
        (4, "=cmd", "2", "1999-05", 116.50),
    ] {
        let properties = json!({
            "identityNumber": format!("11013019900101{number:03}X"), "name": name, "sex": sex,
            "birthDate": born, "household": household, "division": "110108001000",
        });
        rows.push((
            "person".to_string(),
            row(person(number), Some((lon, 39.9)), properties),
        ));
    }
    let properties = json!({ "identityNumber": "110130199001010058", "name": "赵云" });
    let mut disputed = row(person(5), None, properties);
    let mut body: Json = serde_json::from_str(&disputed.body).expect("JSON");
    body["conflicts"] = json!({
        "maritalStatus": [{ "department": "health", "value": "20", "since": null }],
    });
    body["disputes"] = json!({
        "name": { "state": "raised", "by": "civil-affairs", "since": "2024-01-01" },
    });
    disputed.body = body.to_string();
    rows.push(("person".to_string(), disputed));
    rows
}

impl Fake {
    /// A few persons, a household, divisions, an indicator and its observations.
    pub fn city() -> Fake {
        use RegisterLetter::{Macroeconomy, Person, Spatial};
        let mut rows = persons();
        let mut put = |collection: &str, register, number, properties| {
            let record = row(id(register, number), None, properties);
            rows.push((collection.to_string(), record));
        };
        let head = id(Person, 1).to_string();
        let household =
            json!({ "householdNumber": "H1", "head": head, "division": "110108001000" });
        put("household", Person, 100, household);
        let division = json!({ "code": "110108001000", "name": "万寿路街道" });
        put("division", Spatial, 1, division);
        // A place that moved: two rectangles, and then none.
        for (from, to, name) in [(100, 200, "旧址书店"), (200, 300, "新址书店")] {
            let record = Record {
                validity: Validity {
                    from: Day(from),
                    to: Day(to),
                },
                ..row(id(Spatial, 2), Some((116.3, 39.9)), json!({ "name": name }))
            };
            rows.push(("place".to_string(), record));
        }
        let mut put = |collection: &str, register, number, properties| {
            let record = row(id(register, number), None, properties);
            rows.push((collection.to_string(), record));
        };
        put(
            "indicator",
            Macroeconomy,
            1,
            json!({ "code": "GDP", "name": "地区生产总值" }),
        );
        let indicator = id(Macroeconomy, 1).to_string();
        for (number, period) in [(10, "2019"), (11, "2018"), (12, "2020")] {
            let observation = json!({
                "indicator": indicator, "region": "110000000000", "period": period, "value": 35371.5,
            });
            put("observation", Macroeconomy, number, observation);
        }
        let catalog = catalog();
        Fake {
            catalog,
            rows: Arc::new(rows),
        }
    }

    fn matching(&self, collection: &str, predicate: &Predicate, time: TimeScope) -> Vec<&Record> {
        self.rows
            .iter()
            .filter(|(name, record)| name == collection && is_seen(record, time))
            .map(|(_, record)| record)
            .filter(|record| self.is_last(collection, record, time))
            .filter(|record| self.holds(collection, record, predicate))
            .collect()
    }

    /// Of several rectangles that hold during some days, the last of each record is seen.
    fn is_last(&self, collection: &str, record: &Record, time: TimeScope) -> bool {
        let follows = |(name, other): &(String, Record)| {
            name == collection
                && other.id == record.id
                && other.validity.from >= record.validity.to
                && is_seen(other, time)
        };
        !matches!(time, TimeScope::During(..)) || !self.rows.iter().any(follows)
    }

    fn holds(&self, collection: &str, record: &Record, predicate: &Predicate) -> bool {
        let body: Json = serde_json::from_str(&record.body).expect("JSON");
        let get = |field: &str| body["properties"][field].clone();
        let shape = || Shape::from_geojson(&body["geometry"]).ok();
        match predicate {
            Predicate::All => true,
            Predicate::And(all) => all.iter().all(|one| self.holds(collection, record, one)),
            Predicate::Or(any) => any.iter().any(|one| self.holds(collection, record, one)),
            Predicate::Not(one) => !self.holds(collection, record, one),
            Predicate::Compare {
                field,
                comparison,
                value,
            } => compare(&get(field), *comparison, value),
            Predicate::In { field, values } => values
                .iter()
                .any(|value| compare(&get(field), Comparison::Equal, value)),
            Predicate::IsNull { field } if field == "location" => shape().is_none(),
            Predicate::IsNull { field } => get(field).is_null(),
            Predicate::Like { field, pattern } => {
                let pattern: Vec<char> = pattern.chars().collect();
                let text: Vec<char> = get(field).as_str().unwrap_or_default().chars().collect();
                like(&pattern, &text)
            }
            Predicate::Text { query, .. } => {
                let words = query.split_whitespace();
                words.into_iter().all(|word| {
                    body["properties"]["name"]
                        .as_str()
                        .is_some_and(|name| name.contains(word))
                })
            }
            Predicate::WithinDivision { code, .. } => {
                let own = get("division");
                own.as_str()
                    .is_some_and(|own| own.starts_with(code.trim_end_matches('0')))
            }
            Predicate::Box([west, south, east, north]) => shape().is_some_and(|shape| {
                let area =
                    geometry::Bounds::of_degrees(*west, *south, *east, *north).expect("a box");
                area.intersects(&shape.bounds())
            }),
            Predicate::Intersects(wkb) => shape().is_some_and(|shape| {
                geometry::predicate::intersects(&Shape::from_wkb(wkb).expect("WKB"), &shape)
            }),
            Predicate::Near { lon, lat, metres } => {
                distance(record, *lon, *lat).is_some_and(|distance| distance <= *metres)
            }
            Predicate::Ids(ids) => ids.contains(&record.id),
            Predicate::Key(values) => self.has_key(collection, &body, values),
            Predicate::Marked(mark) => mark.split_once('=').is_some_and(|(kind, field)| {
                let member = if kind == "conflict" {
                    "conflicts"
                } else {
                    "disputes"
                };
                body[member].get(field).is_some()
            }),
        }
    }

    fn has_key(&self, collection: &str, body: &Json, values: &[Value]) -> bool {
        let collection = self.catalog.collection(collection).expect("a collection");
        collection.key.iter().zip(values).all(|(number, value)| {
            let given = &body["properties"][collection.at(*number).name.as_str()];
            given.as_str() == value.as_text()
        })
    }
}

fn is_seen(record: &Record, time: TimeScope) -> bool {
    let is_known = |known| record.known.0 <= known && known < record.known.1;
    let at = |as_of: AsOf| record.validity.contains(as_of.valid) && is_known(as_of.known);
    match time {
        TimeScope::Present(today) => at(AsOf {
            valid: today,
            known: Transaction(u64::MAX - 1),
        }),
        TimeScope::At(as_of) => at(as_of),
        TimeScope::During(days, known) => {
            record.validity.intersection(days).is_some() && is_known(known)
        }
        TimeScope::All => true,
    }
}

fn compare(given: &Json, comparison: Comparison, value: &Value) -> bool {
    let ordering = match (given, value) {
        (Json::String(given), Value::Reference(reference)) => given.cmp(
            &reference
                .target
                .map(|id| id.to_string())
                .unwrap_or_default(),
        ),
        (Json::String(given), Value::Date(date)) if comparison == Comparison::Equal => {
            let own: record::PartialDate = given.parse().expect("a date");
            let day = own.first_day();
            return date.first_day() <= day && day < date.end_day();
        }
        (Json::String(given), Value::Date(date)) => {
            let own: record::PartialDate = given.parse().expect("a date");
            own.first_day().cmp(&date.first_day())
        }
        (Json::String(given), Value::Text(text)) => given.as_str().cmp(text.as_str()),
        (Json::Number(given), Value::Decimal(number)) => given
            .as_f64()
            .expect("a number")
            .total_cmp(&f64::try_from(*number).expect("a number")),
        _ => return false,
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

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
        Some(('_', rest)) => !text.is_empty() && like(rest, &text[1..]),
        Some((one, rest)) => text.first() == Some(one) && like(rest, &text[1..]),
    }
}

/// Metres, near enough for tests.
fn distance(record: &Record, lon: f64, lat: f64) -> Option<f64> {
    let body: Json = serde_json::from_str(&record.body).expect("JSON");
    let own = (
        body["geometry"]["coordinates"][0].as_f64()?,
        body["geometry"]["coordinates"][1].as_f64()?,
    );
    let (x, y) = ((own.0 - lon) * lat.to_radians().cos(), own.1 - lat);
    Some(x.hypot(y).to_radians() * 6_371_008.8)
}

fn sort_value(record: &Record, key: &SortKey) -> SortValue {
    let body: Json = serde_json::from_str(&record.body).expect("JSON");
    // The order of unsigned numbers is that of the positive floating ones.
    let float = |number: f64| SortValue::Number(number.to_bits() ^ (1 << 63));
    match key {
        SortKey::Field(field) => match &body["properties"][field.as_str()] {
            Json::String(text) => SortValue::Text(text.as_str().into()),
            Json::Number(number) => float(number.as_f64().expect("a number")),
            _ => SortValue::Missing,
        },
        SortKey::Distance(lon, lat) => {
            distance(record, *lon, *lat).map_or(SortValue::Missing, float)
        }
        _ => float(1.0),
    }
}

fn order(search: &Search<'_>, left: (&[SortValue], u64), right: (&[SortValue], u64)) -> Ordering {
    for ((one, other), sort) in left.0.iter().zip(right.0).zip(search.sort) {
        let ordering = match (one, other) {
            (SortValue::Missing, SortValue::Missing) => Ordering::Equal,
            (SortValue::Missing, _) => return Ordering::Greater,
            (_, SortValue::Missing) => return Ordering::Less,
            (SortValue::Number(one), SortValue::Number(other)) => one.cmp(other),
            (SortValue::Text(one), SortValue::Text(other)) => one.cmp(other),
            _ => Ordering::Equal,
        };
        let ordering = if sort.direction == Direction::Descending {
            ordering.reverse()
        } else {
            ordering
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    left.1.cmp(&right.1)
}

impl View for Fake {
    fn transaction(&self) -> Transaction {
        Transaction(7)
    }

    fn search(&self, collection: &str, search: &Search) -> Result<Page, StoreError> {
        if search.deadline.passed() {
            return Err(StoreError::Index(index::IndexError::TimeLimit));
        }
        let mut found: Vec<Record> = self
            .matching(collection, search.predicate, search.time)
            .into_iter()
            .cloned()
            .map(|record| Record {
                values: search
                    .sort
                    .iter()
                    .map(|sort| sort_value(&record, &sort.key))
                    .collect(),
                ..record
            })
            .collect();
        let total = found.len() as u64;
        found.sort_by(|one, other| {
            order(
                search,
                (&one.values, one.id.number()),
                (&other.values, other.id.number()),
            )
        });
        if let Some(After { values, number }) = search.after {
            found.retain(|one| {
                order(search, (&one.values, one.id.number()), (values, *number)).is_gt()
            });
        }
        found.truncate(search.limit);
        let next = found
            .last()
            .filter(|_| found.len() == search.limit)
            .map(|last| After {
                values: last.values.clone(),
                number: last.id.number(),
            });
        Ok(Page {
            records: found,
            total,
            next,
        })
    }

    fn count(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        _: Deadline,
    ) -> Result<u64, StoreError> {
        Ok(self.matching(collection, predicate, time).len() as u64)
    }

    fn group(
        &self,
        collection: &str,
        predicate: &Predicate,
        time: TimeScope,
        grouping: &Grouping,
        _: Deadline,
    ) -> Result<Vec<Group>, StoreError> {
        let count = self.count(collection, predicate, time, Deadline::NONE)?;
        let measures = grouping
            .measures
            .iter()
            .map(|_| MeasureValue::Number(1.5))
            .collect();
        Ok(vec![Group {
            key: grouping.keys.iter().map(|_| Some("1".into())).collect(),
            count,
            measures,
        }])
    }

    fn read(
        &self,
        collection: &str,
        id: EntityId,
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        Ok(self
            .matching(collection, &Predicate::Ids(vec![id]), time)
            .first()
            .map(|one| (*one).clone()))
    }

    fn lookup(
        &self,
        collection: &str,
        key: &[Value],
        time: TimeScope,
    ) -> Result<Option<Record>, StoreError> {
        let found = self.matching(collection, &Predicate::Key(key.to_vec()), time);
        Ok(found.first().map(|one| (*one).clone()))
    }

    fn successor(
        &self,
        _: &str,
        id: EntityId,
        _: Transaction,
    ) -> Result<Option<EntityId>, StoreError> {
        // Number 9 was merged into number 1.
        Ok(EntityId::new(id.register(), 1).filter(|_| id.number() == 9))
    }

    fn versions(&self, collection: &str, id: EntityId) -> Result<Vec<Record>, StoreError> {
        Ok(self
            .read(collection, id, TimeScope::All)?
            .into_iter()
            .collect())
    }

    fn bounds(&self, collection: &str) -> Result<Option<[f64; 4]>, StoreError> {
        let shapes = self
            .matching(collection, &Predicate::All, TimeScope::All)
            .into_iter()
            .filter_map(|record| {
                let body: Json = serde_json::from_str(&record.body).expect("JSON");
                Shape::from_geojson(&body["geometry"]).ok()
            });
        let bounds = shapes
            .map(|shape| shape.bounds())
            .reduce(|one, other| one.union(&other));
        Ok(bounds.map(|bounds| {
            let ((west, south), (east, north)) = (bounds.min.degrees(), bounds.max.degrees());
            [west, south, east, north]
        }))
    }

    fn statements(
        &self,
        collection: &str,
        id: EntityId,
    ) -> Result<Vec<SourcedStatement>, StoreError> {
        let number = self
            .catalog
            .collection(collection)
            .and_then(|one| one.number("name"));
        let statement = |record: Record, number| SourcedStatement {
            position: record::StatementPosition { block: 3, place: 4 },
            known: Transaction(1),
            collection: collection.to_string(),
            department: "public-security".to_string(),
            source: "residents".to_string(),
            load: "1".to_string(),
            statement: record::Statement {
                entity: record.id,
                line: 2,
                validity: record.validity,
                kind: record::StatementKind::Assert(vec![(number, Value::text("王芳"))]),
            },
        };
        let found = self.read(collection, id, TimeScope::All)?;
        Ok(found
            .zip(number)
            .map(|(record, number)| statement(record, number))
            .into_iter()
            .collect())
    }
}

impl Store for Fake {
    fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    fn view(&self) -> Arc<dyn View> {
        Arc::new(self.clone())
    }

    fn transaction_at(&self, instant: i64) -> Transaction {
        Transaction(if instant < 0 { 0 } else { 7 })
    }

    fn instant_of(&self, transaction: Transaction) -> Option<i64> {
        (transaction.0 > 0).then_some(1_700_000_000_000_000 + transaction.0 as i64)
    }

    fn is_synthetic(&self) -> bool {
        true
    }

    fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        Ok(vec![Publication {
            collection: "person".to_string(),
            source: "synth-persons".to_string(),
            department: "public-security".to_string(),
            instant: 1_700_000_000_000_000,
        }])
    }

    fn size_on_disk(&self) -> (u64, u64) {
        (10, 20)
    }
}
