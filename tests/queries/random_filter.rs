//! Thousands of random filters: the store must find exactly what the naive evaluator finds.

use std::collections::BTreeSet;

use record::{AsOf, Day, Transaction};
use register::{Store, TimeScope};
use schema::{Collection, Field, FieldType};
use serde_json::{Value as Json, json};

use super::City;
use super::naive::{Rows, V};
use crate::random::Random;

/// All but indicators, and divisions: the naive evaluator would look at thousands of those each time.
const COLLECTIONS: [&str; 8] = [
    "person",
    "household",
    "organization",
    "address",
    "building",
    "road",
    "place",
    "observation",
];
const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];
const RELATIONS: [&str; 8] = [
    "s_intersects",
    "s_equals",
    "s_disjoint",
    "s_touches",
    "s_within",
    "s_overlaps",
    "s_crosses",
    "s_contains",
];
const TIMES: [&str; 15] = [
    "t_after",
    "t_before",
    "t_contains",
    "t_disjoint",
    "t_during",
    "t_equals",
    "t_finishedBy",
    "t_finishes",
    "t_intersects",
    "t_meets",
    "t_metBy",
    "t_overlappedBy",
    "t_overlaps",
    "t_startedBy",
    "t_starts",
];

/// Makes filters over the records of a city.
pub struct Maker<'a> {
    pub rows: &'a Rows,
    pub random: Random,
}

impl<'a> Maker<'a> {
    fn collection(&self, name: &str) -> &'a Collection {
        self.rows.catalog.collection(name).expect("a collection")
    }

    /// A field of one of some types, searched.
    fn field(&mut self, collection: &str, fits: impl Fn(&Field) -> bool) -> Option<&'a Field> {
        let fields: Vec<&Field> = self
            .collection(collection)
            .fields
            .iter()
            .filter(|field| field.search.any() && fits(field))
            .collect();
        (!fields.is_empty()).then(|| fields[self.random.below(fields.len() as u64) as usize])
    }

    /// A value that some record has in a field.
    fn sample(&mut self, collection: &str, field: &Field) -> Option<Json> {
        let rows = self.rows.of(collection);
        for _ in 0..20 {
            let row = rows.get(self.random.below(rows.len().max(1) as u64) as usize)?;
            let value = match row.fields.get(field.name.as_str()) {
                Some(V::List(items)) => items.first(),
                other => other,
            };
            match value {
                Some(V::Text(text)) => return Some(json!(text)),
                Some(V::Number(number)) => return Some(json!(number)),
                Some(V::Day(day)) => {
                    return Some(json!({ "date": record::Day(*day).to_string() }));
                }
                Some(V::Is(is)) => return Some(json!(is)),
                _ => {}
            }
        }
        None
    }

    fn place(&mut self, collection: &str) -> Option<(f64, f64)> {
        let rows = self.rows.of(collection);
        for _ in 0..20 {
            let row = rows.get(self.random.below(rows.len().max(1) as u64) as usize)?;
            if let Some(shape) = &row.shape {
                return Some(shape.representative_point().degrees());
            }
        }
        None
    }

    /// A filter, so many operators deep at most.
    pub fn filter(&mut self, collection: &str, depth: u32) -> Json {
        if depth > 0 && self.random.percent(55) {
            let op = self.random.one(&["and", "and", "or", "not"]);
            let count = if op == "not" {
                1
            } else {
                2 + self.random.below(2)
            };
            let args: Vec<Json> = (0..count)
                .map(|_| self.filter(collection, depth - 1))
                .collect();
            return json!({ "op": op, "args": args });
        }
        for _ in 0..50 {
            if let Some(leaf) = self.leaf(collection, depth) {
                return leaf;
            }
        }
        json!(true)
    }

    fn leaf(&mut self, collection: &str, depth: u32) -> Option<Json> {
        match self.random.below(16) {
            0 | 1 => self.comparison(collection),
            2 => self.among(collection),
            3 => self.pattern(collection),
            4 => {
                let field = self.field(collection, |_| true)?;
                Some(json!({ "op": "isNull", "args": [{ "property": field.name.as_str() }] }))
            }
            5 => self.fields_compared(collection),
            6 => self.arithmetic(collection),
            7 => self.relation(collection),
            8 | 9 => self.times(collection),
            10 => self.array(collection),
            11 => self.division(collection),
            12 => self.measured(collection),
            13 => self.forward(collection, depth),
            14 => self.backward(collection, depth),
            _ => self.near(collection, depth),
        }
    }

    fn comparison(&mut self, collection: &str) -> Option<Json> {
        let field = self.field(collection, |field| !field.kind.is_spatial())?;
        let value = self.sample(collection, field)?;
        let has_order = !matches!(field.kind, FieldType::Reference { .. } | FieldType::Boolean);
        let op = self.random.one(if has_order {
            &COMPARISONS
        } else {
            &COMPARISONS[..2]
        });
        let mut args = vec![json!({ "property": field.name.as_str() }), value];
        if self.random.percent(20) {
            args.reverse();
        }
        Some(json!({ "op": op, "args": args }))
    }

    fn among(&mut self, collection: &str) -> Option<Json> {
        let field = self.field(collection, |field| !field.kind.is_spatial())?;
        let has_order = !matches!(field.kind, FieldType::Reference { .. } | FieldType::Boolean);
        let property = json!({ "property": field.name.as_str() });
        if has_order && self.random.percent(40) {
            let (low, high) = (
                self.sample(collection, field)?,
                self.sample(collection, field)?,
            );
            return Some(json!({ "op": "between", "args": [property, low, high] }));
        }
        let count = 1 + self.random.below(4);
        let values: Option<Vec<Json>> =
            (0..count).map(|_| self.sample(collection, field)).collect();
        Some(json!({ "op": "in", "args": [property, values?] }))
    }

    fn pattern(&mut self, collection: &str) -> Option<Json> {
        let field = self.field(collection, |field| {
            matches!(
                field.kind,
                FieldType::Text | FieldType::Code(_) | FieldType::Period
            )
        })?;
        let text = self.sample(collection, field)?.as_str()?.to_string();
        let characters: Vec<char> = text.chars().collect();
        let at = self.random.below(characters.len().max(1) as u64) as usize;
        let head: String = characters.iter().take(at).collect();
        let pattern = match self.random.below(4) {
            0 => format!("{head}%"),
            1 => format!("%{}%", characters.get(at)?),
            2 => format!("{head}_%"),
            _ => text.clone(),
        };
        let property = json!({ "property": field.name.as_str() });
        Some(match self.random.below(3) {
            0 => json!({ "op": "like", "args": [
                { "op": "casei", "args": [property] }, { "op": "casei", "args": [pattern] }] }),
            1 => json!({ "op": "=", "args": [
                { "op": "accenti", "args": [property] }, { "op": "accenti", "args": [text] }] }),
            _ => json!({ "op": "like", "args": [property, pattern] }),
        })
    }

    fn fields_compared(&mut self, collection: &str) -> Option<Json> {
        let kind = |field: &Field| match &field.kind {
            FieldType::Reference { target } => format!("→{target}"),
            FieldType::Date => "date".to_string(),
            FieldType::Integer | FieldType::Decimal => "number".to_string(),
            FieldType::Boolean | FieldType::Point | FieldType::Geometry => "-".to_string(),
            _ => "text".to_string(),
        };
        let one = self.field(collection, |field| kind(field) != "-")?;
        let other = self.field(collection, |other| kind(other) == kind(one))?;
        let has_order = !matches!(one.kind, FieldType::Reference { .. });
        let op = self.random.one(if has_order {
            &COMPARISONS
        } else {
            &COMPARISONS[..2]
        });
        let property = |field: &Field| json!({ "property": field.name.as_str() });
        Some(json!({ "op": op, "args": [property(one), property(other)] }))
    }

    fn arithmetic(&mut self, collection: &str) -> Option<Json> {
        let is_number =
            |field: &Field| matches!(field.kind, FieldType::Integer | FieldType::Decimal);
        let one = self.field(collection, is_number)?;
        let other = self.field(collection, is_number)?;
        let operator = self.random.one(&["+", "-", "*", "/", "%", "div"]);
        let property = |field: &Field| json!({ "property": field.name.as_str() });
        let by = if self.random.percent(50) {
            property(other)
        } else {
            json!(self.random.below(5))
        };
        let than = self.sample(collection, one)?;
        let op = self.random.one(&COMPARISONS);
        Some(json!({ "op": op, "args": [{ "op": operator, "args": [property(one), by] }, than] }))
    }

    /// A shape about the records of a collection.
    pub fn shape(&mut self, collection: &str) -> Option<Json> {
        let (lon, lat) = self.place(collection)?;
        let (other_lon, other_lat) = self.place(collection)?;
        let size = self.random.one(&[0.0001, 0.001, 0.01, 0.1]);
        let rounded = |number: f64| (number * 1e7).round() / 1e7;
        let (west, south) = (rounded(lon - size), rounded(lat - size));
        let (east, north) = (rounded(lon + size), rounded(lat + size));
        Some(match self.random.below(5) {
            0 => json!({ "type": "Point", "coordinates": [lon, lat] }),
            1 if (lon, lat) != (other_lon, other_lat) => {
                json!({ "type": "LineString", "coordinates": [[lon, lat], [other_lon, other_lat]] })
            }
            2 => json!({ "bbox": [west, south, east, north] }),
            // A corner on the record.
            3 => json!({ "type": "Polygon", "coordinates": [
                [[lon, lat], [east, lat], [east, north], [lon, lat]]] }),
            _ => json!({ "type": "Polygon", "coordinates": [
                [[west, south], [east, south], [east, north], [west, north], [west, south]]] }),
        })
    }

    fn relation(&mut self, collection: &str) -> Option<Json> {
        self.collection(collection).location?;
        let mut args = vec![json!({ "property": "geometry" }), self.shape(collection)?];
        if self.random.percent(30) {
            args.reverse();
        }
        Some(json!({ "op": self.random.one(&RELATIONS), "args": args }))
    }

    fn times(&mut self, collection: &str) -> Option<Json> {
        let is_date = |field: &Field| matches!(field.kind, FieldType::Date);
        let operand = |maker: &mut Maker| -> Option<Json> {
            let property = |field: &Field| json!({ "property": field.name.as_str() });
            match maker.random.below(5) {
                0 => Some(
                    json!({ "interval": [{ "property": "validFrom" }, { "property": "validTo" }] }),
                ),
                1 => Some(property(maker.field(collection, is_date)?)),
                2 => {
                    let (one, other) = (
                        maker.field(collection, is_date)?,
                        maker.field(collection, is_date)?,
                    );
                    Some(json!({ "interval": [property(one), property(other)] }))
                }
                3 => {
                    let field = maker.field(collection, is_date)?;
                    maker.sample(collection, field)
                }
                _ => {
                    let from = 1900 + maker.random.below(130);
                    let to = from + maker.random.below(30);
                    Some(match maker.random.below(4) {
                        0 => json!({ "interval": ["..", format!("{to}-05-01")] }),
                        1 => json!({ "interval": [format!("{from}-05-01"), ".."] }),
                        2 => json!({ "interval": [format!("{from}"), format!("{to}-07")] }),
                        _ => {
                            json!({ "interval": [format!("{from}-01-01T00:00:00Z"), format!("{to}-12-31T20:00:00Z")] })
                        }
                    })
                }
            }
        };
        let (one, other) = (operand(self)?, operand(self)?);
        Some(json!({ "op": self.random.one(&TIMES), "args": [one, other] }))
    }

    fn array(&mut self, collection: &str) -> Option<Json> {
        let field = self.field(collection, |field| {
            field.many || matches!(field.kind, FieldType::Code(_))
        })?;
        let count = 1 + self.random.below(3);
        let values: Option<Vec<Json>> =
            (0..count).map(|_| self.sample(collection, field)).collect();
        let op = self
            .random
            .one(&["a_equals", "a_contains", "a_containedBy", "a_overlaps"]);
        Some(json!({ "op": op, "args": [{ "property": field.name.as_str() }, values?] }))
    }

    fn division(&mut self, collection: &str) -> Option<Json> {
        let field = self.field(collection, |field| {
            matches!(field.kind, FieldType::Division) && !field.many
        })?;
        let code = self.sample(collection, field)?.as_str()?.to_string();
        let code = &code[..self.random.one(&[2, 4, 6, 9, 12])];
        Some(
            json!({ "op": "within_division", "args": [{ "property": field.name.as_str() }, code] }),
        )
    }

    fn measured(&mut self, collection: &str) -> Option<Json> {
        let op = self.random.one(&COMPARISONS);
        if self.random.percent(50) {
            self.collection(collection).location?;
            let (lon, lat) = self.place(collection)?;
            let metres = self.random.one(&[0.0, 50.0, 500.0, 5000.0]);
            let point = json!({ "type": "Point", "coordinates": [lon, lat] });
            let distance = json!({ "op": "distance", "args": [{ "property": "geometry" }, point] });
            return Some(json!({ "op": op, "args": [distance, metres] }));
        }
        let field = self.field(collection, |field| matches!(field.kind, FieldType::Date))?;
        let mut args = vec![json!({ "property": field.name.as_str() })];
        if self.random.percent(30) {
            args.push(json!({ "date": format!("{}-02-28", 1960 + self.random.below(80)) }));
        }
        let age = json!({ "op": "age_at", "args": args });
        Some(json!({ "op": op, "args": [age, self.random.below(100)] }))
    }

    /// A leaf about the record that a reference names.
    fn forward(&mut self, collection: &str, depth: u32) -> Option<Json> {
        let field = self.field(collection, |field| {
            matches!(field.kind, FieldType::Reference { .. })
        })?;
        let leaf = self.leaf(field.target()?, depth)?;
        // The location of the other end has to be named there.
        (!leaf.to_string().contains("linked")).then(|| prefixed(&leaf, &field.name))
    }

    fn backward(&mut self, collection: &str, depth: u32) -> Option<Json> {
        let references: Vec<(&str, &str)> = COLLECTIONS
            .iter()
            .flat_map(|other| {
                let fields = self
                    .rows
                    .catalog
                    .collection(other)
                    .expect("one")
                    .fields
                    .iter();
                fields
                    .filter(|field| field.target() == Some(collection))
                    .map(|field| (*other, field.name.as_str()))
            })
            .collect();
        if references.is_empty() {
            return None;
        }
        let (other, field) = self.random.one(&references);
        if self.random.percent(50) {
            let leaf = self.leaf(other, depth)?;
            let is_plain = !leaf.to_string().contains("linked");
            return is_plain.then(|| prefixed(&leaf, &format!("{other}:{field}")));
        }
        let filter = self.filter(other, depth.min(1));
        Some(json!({ "op": "linked", "args": [other, field, filter] }))
    }

    fn near(&mut self, collection: &str, depth: u32) -> Option<Json> {
        self.collection(collection).location?;
        // The naive evaluator measures each pair: places are few, and boundaries long.
        if collection == "division" {
            return None;
        }
        let filter = self.filter("place", depth.min(1));
        let metres = self.random.one(&[0, 100, 1000]);
        Some(json!({ "op": "linked_near", "args": ["place", metres, filter] }))
    }
}

/// The expression with every field named at the end of a link.
fn prefixed(expression: &Json, step: &str) -> Json {
    match expression {
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let value = match (name.as_str(), value.as_str()) {
                    ("property", Some(path)) => format!("{step}.{path}").into(),
                    _ => prefixed(value, step),
                };
                (name.clone(), value)
            })
            .collect(),
        Json::Array(items) => items.iter().map(|item| prefixed(item, step)).collect(),
        other => other.clone(),
    }
}

/// Compares so many filters at a pair of times: now, where none is given.
fn compare(city: &City, seed: u64, count: u32, times: Option<(Day, Transaction)>) {
    let view = city.store.view();
    let today = register::today();
    let (time, day) = match times {
        None => (TimeScope::Present(today), today),
        Some((valid, known)) => (TimeScope::At(AsOf { valid, known }), valid),
    };
    let catalog = city.store.catalog().clone();
    let rows = Rows::read(view.as_ref(), &catalog, time, day);
    let mut maker = Maker {
        rows: &rows,
        random: Random::new(seed),
    };
    let mut query = json!({});
    if let Some((valid, known)) = times {
        query["validAt"] = valid.to_string().into();
        query["knownAt"] = instant(city, known).into();
    }
    let (mut hits, mut found_some) = (0usize, 0u32);
    for nth in 0..count {
        let collection = maker.random.one(&COLLECTIONS);
        let filter = maker.filter(collection, 2);
        query["from"] = collection.into();
        query["filter"] = filter.clone();
        let found = city
            .ids(&query)
            .unwrap_or_else(|error| panic!("seed {seed}, {nth}: {query}: {error}"));
        let expected: BTreeSet<String> = rows
            .of(collection)
            .iter()
            .filter(|row| rows.holds(collection, row, &filter))
            .map(|row| row.id.clone())
            .collect();
        let missing: Vec<_> = expected.difference(&found).take(3).collect();
        let excess: Vec<_> = found.difference(&expected).take(3).collect();
        assert!(
            missing.is_empty() && excess.is_empty(),
            "seed {seed}, {nth}: {query}: missing {missing:?}, too many {excess:?}"
        );
        hits += found.len();
        found_some += u32::from(!found.is_empty());
    }
    println!(
        "seed {seed}, {times:?}: {count} filters, {found_some} find something, {hits} records"
    );
    assert!(found_some * 4 > count, "most filters find nothing");
}

/// When a transaction was published, as a query says it.
fn instant(city: &City, known: Transaction) -> String {
    let micros = city.store.instant_of(known).expect("it was published");
    let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let day = Day(i32::try_from(seconds.div_euclid(86_400)).expect("a day of ours"));
    let second = seconds.rem_euclid(86_400);
    format!(
        "{day}T{:02}:{:02}:{:02}.{micros:06}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

fn fresh_seed() -> u64 {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let fresh = clock.expect("after 1970").as_nanos() as u64;
    println!("the fresh seed is {fresh}");
    fresh
}

#[test]
fn random_filters_find_what_is_there() {
    for (seed, count) in [(1, 800), (2, 800), (fresh_seed(), 400)] {
        compare(City::shared(), seed, count, None);
    }
}

/// Other days, and states in which a part of the city was not yet known.
#[test]
fn random_filters_find_what_was_there() {
    let city = City::shared();
    let mut random = Random::new(fresh_seed());
    let last = city.store.view().transaction();
    for _ in 0..4 {
        let valid = Day(register::today().0 - random.below(12_000) as i32);
        let known = Transaction(last.0 - random.below(3));
        compare(city, random.bits(), 150, Some((valid, known)));
    }
}
