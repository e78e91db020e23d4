//! CQL2 JSON evaluated naively: every record is looked at, with every link followed one by one.

use std::collections::BTreeMap;
use std::sync::Arc;

use geometry::{Shape, predicate};
use record::{Day, PartialDate, Predicate};
use register::{Deadline, Search, TimeScope, View};
use schema::{Catalog, FieldType};
use serde_json::Value as Json;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum V {
    Null,
    Is(bool),
    Number(f64),
    Text(String),
    Day(i32),
    Shape(Arc<Shape>),
    List(Vec<V>),
}

/// A record with its values read.
pub struct Row {
    pub id: String,
    pub fields: BTreeMap<String, V>,
    pub shape: Option<Arc<Shape>>,
    pub validity: (Day, Day),
}

/// All records of a state, by collection.
pub struct Rows {
    pub catalog: Arc<Catalog>,
    pub day: i32,
    pub all: BTreeMap<String, Vec<Row>>,
    by_id: BTreeMap<String, (String, usize)>,
}

impl Rows {
    /// Reads everything as of a time.
    pub fn read(view: &dyn View, catalog: &Arc<Catalog>, time: TimeScope, day: Day) -> Rows {
        let mut rows = Rows {
            catalog: catalog.clone(),
            day: day.0,
            all: BTreeMap::new(),
            by_id: BTreeMap::new(),
        };
        for collection in &catalog.collections {
            let search = Search {
                predicate: &Predicate::All,
                time,
                sort: &[],
                after: None,
                limit: 1_000_000,
                deadline: Deadline::NONE,
            };
            let page = view.search(&collection.name, &search).expect("all");
            let mut list = Vec::new();
            for record in page.records {
                let body: Json = serde_json::from_str(&record.body).expect("JSON");
                let fields = collection.fields.iter().filter_map(|field| {
                    let value = body["properties"].get(field.name.as_str())?;
                    Some((field.name.to_string(), of_field(&field.kind, value)))
                });
                let id = record.id.to_string();
                rows.by_id
                    .insert(id.clone(), (collection.name.clone(), list.len()));
                list.push(Row {
                    id,
                    fields: fields.collect(),
                    shape: Shape::from_geojson(&body["geometry"]).ok().map(Arc::new),
                    validity: (record.validity.from, record.validity.to),
                });
            }
            rows.all.insert(collection.name.clone(), list);
        }
        rows
    }

    /// The records of a collection.
    pub fn of(&self, collection: &str) -> &[Row] {
        &self.all[collection]
    }

    /// The record that a reference names.
    pub fn target(&self, value: &V) -> Option<(&str, &Row)> {
        let V::Text(id) = value else { return None };
        let (collection, place) = self.by_id.get(id)?;
        Some((collection, &self.all[collection][*place]))
    }

    /// Whether a filter is true of a record.
    pub fn holds(&self, collection: &str, row: &Row, filter: &Json) -> bool {
        self.truth(collection, row, filter) == Some(true)
    }

    fn truth(&self, collection: &str, row: &Row, filter: &Json) -> Option<bool> {
        match self.value(collection, row, filter) {
            V::Is(is) => Some(is),
            V::Null => None,
            other => panic!("{filter} is {other:?}"),
        }
    }

    fn field(&self, collection: &str, row: &Row, name: &str) -> V {
        let schema = self.catalog.collection(collection).expect("a collection");
        let location = schema.location.map(|number| &schema.at(number).name);
        let is_own = schema.field(name).is_some();
        if location.is_some_and(|location| location == name) || (name == "geometry" && !is_own) {
            return row.shape.clone().map_or(V::Null, V::Shape);
        }
        let day = |day: Day| match day {
            Day::MIN | Day::MAX => V::Null,
            day => V::Day(day.0),
        };
        match name {
            "validFrom" => day(row.validity.0),
            "validTo" => day(row.validity.1),
            _ => row.fields.get(name).cloned().unwrap_or(V::Null),
        }
    }

    /// The value of an expression.
    pub fn value(&self, collection: &str, row: &Row, expression: &Json) -> V {
        match expression {
            Json::Null => V::Null,
            Json::Bool(is) => V::Is(*is),
            Json::Number(number) => V::Number(number.as_f64().expect("a number")),
            Json::String(text) => V::Text(text.clone()),
            Json::Array(items) => V::List(
                items
                    .iter()
                    .map(|item| self.value(collection, row, item))
                    .collect(),
            ),
            Json::Object(members) => {
                if let Some(op) = members.get("op") {
                    let args = members["args"].as_array().expect("arguments");
                    let op = op.as_str().expect("a name").to_lowercase();
                    return self.operation(collection, row, &op, args);
                }
                if let Some(name) = members.get("property") {
                    return self.field(collection, row, name.as_str().expect("a name"));
                }
                if let Some(date) = members.get("date").or(members.get("timestamp")) {
                    return V::Day(day_of(date.as_str().expect("a date"), true));
                }
                if let Some(corners) = members.get("bbox") {
                    let at: Vec<f64> = corners
                        .as_array()
                        .expect("corners")
                        .iter()
                        .map(|one| one.as_f64().expect("a number"))
                        .collect();
                    let at = match at.as_slice() {
                        [a, b, c, d] | [a, b, _, c, d, _] => [a, b, c, d],
                        _ => panic!("{expression}"),
                    };
                    let bounds = geometry::Bounds::of_degrees(*at[0], *at[1], *at[2], *at[3]);
                    return V::Shape(Arc::new(Shape::of_bounds(bounds.expect("a box"))));
                }
                V::Shape(Arc::new(
                    Shape::from_geojson(expression).expect("a geometry"),
                ))
            }
        }
    }

    /// The name of the first linked step of an expression, if there is one.
    fn linked_step(expression: &Json) -> Option<String> {
        match expression {
            Json::Object(members) => {
                if let Some(name) = members.get("property") {
                    return name
                        .as_str()?
                        .split_once('.')
                        .map(|(step, _)| step.to_string());
                }
                if members
                    .get("op")
                    .is_some_and(|op| op.as_str().is_some_and(|op| op.starts_with("linked")))
                {
                    return None;
                }
                members.values().find_map(Rows::linked_step)
            }
            Json::Array(items) => items.iter().find_map(Rows::linked_step),
            _ => None,
        }
    }

    fn stripped(expression: &Json) -> Json {
        match expression {
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| {
                    let value = match (name.as_str(), value.as_str()) {
                        ("property", Some(path)) => {
                            path.split_once('.').map_or(path, |(_, rest)| rest).into()
                        }
                        _ => Rows::stripped(value),
                    };
                    (name.clone(), value)
                })
                .collect(),
            Json::Array(items) => items.iter().map(Rows::stripped).collect(),
            other => other.clone(),
        }
    }

    fn operation(&self, collection: &str, row: &Row, op: &str, args: &[Json]) -> V {
        let of = |truth: Option<bool>| truth.map_or(V::Null, V::Is);
        if !matches!(op, "and" | "or" | "not") {
            let whole = serde_json::json!({ "op": op, "args": args });
            if let Some(step) = Rows::linked_step(&whole) {
                return of(self.linked(collection, row, &step, op, &Rows::stripped(&whole)));
            }
        }
        let value = |place: usize| self.value(collection, row, &args[place]);
        match op {
            "and" | "or" => {
                let unit = op == "and";
                let all: Vec<Option<bool>> = args
                    .iter()
                    .map(|arg| self.truth(collection, row, arg))
                    .collect();
                of(if all.contains(&Some(!unit)) {
                    Some(!unit)
                } else if all.contains(&None) {
                    None
                } else {
                    Some(unit)
                })
            }
            "not" => of(self.truth(collection, row, &args[0]).map(|is| !is)),
            "isnull" => V::Is(match value(0) {
                V::Null => true,
                V::List(items) => items.is_empty(),
                _ => false,
            }),
            "between" => self.operation(
                collection,
                row,
                "and",
                &[
                    serde_json::json!({ "op": ">=", "args": [args[0], args[1]] }),
                    serde_json::json!({ "op": "<=", "args": [args[0], args[2]] }),
                ],
            ),
            "in" => {
                let items = args[1].as_array().expect("a list").iter();
                let any: Vec<Json> = items
                    .map(|item| serde_json::json!({ "op": "=", "args": [args[0], item] }))
                    .collect();
                self.operation(collection, row, "or", &any)
            }
            "linked" | "linked_near" => self.joined(row, op, args),
            "within_division" => {
                let code = args[1].as_str().expect("a code");
                let digits = code.trim_end_matches('0').len();
                let level = [2, 4, 6, 9, 12].into_iter().find(|level| *level >= digits);
                let code = format!("{code:0<12}");
                let code = &code[..level.expect("a level")];
                match value(0) {
                    V::Text(own) => V::Is(own.starts_with(code)),
                    _ => V::Null,
                }
            }
            _ if op.starts_with("t_") => of(self.times(collection, row, op, args)),
            _ => {
                let values: Vec<V> = (0..args.len()).map(value).collect();
                super::people::call(op, &self.coerced(collection, args, values), self.day)
            }
        }
    }

    /// Each record of another collection is looked at.
    fn joined(&self, row: &Row, op: &str, args: &[Json]) -> V {
        let other = args[0].as_str().expect("a name");
        let fits = |one: &Row| {
            args.get(2)
                .is_none_or(|filter| self.holds(other, one, filter))
        };
        if op == "linked" {
            let field = args[1].as_str().expect("a name");
            let own = V::Text(row.id.clone());
            return V::Is(
                self.of(other)
                    .iter()
                    .any(|one| one.fields.get(field) == Some(&own) && fits(one)),
            );
        }
        let metres = args[1].as_f64().expect("metres");
        let Some(shape) = &row.shape else {
            return V::Null;
        };
        V::Is(self.of(other).iter().any(|one| {
            one.shape
                .as_ref()
                .is_some_and(|place| geometry::distance::between_metres(place, shape) <= metres)
                && fits(one)
        }))
    }

    /// Literals beside a field take its form: whole division codes, days.
    fn coerced(&self, collection: &str, args: &[Json], mut values: Vec<V>) -> Vec<V> {
        let schema = self.catalog.collection(collection).expect("a collection");
        let kind = args.iter().find_map(|arg| {
            let name = arg.get("property")?.as_str()?;
            schema.field(name).map(|(_, field)| field.kind.clone())
        });
        for (arg, value) in args.iter().zip(&mut values) {
            if let (Some(text), Some(kind)) = (arg.as_str(), &kind) {
                *value = of_field(kind, &text.into());
                if let (FieldType::Division, V::Text(code)) = (kind, &mut *value) {
                    *code = format!("{code:0<12}");
                }
            }
        }
        values
    }

    fn linked(
        &self,
        collection: &str,
        row: &Row,
        step: &str,
        op: &str,
        filter: &Json,
    ) -> Option<bool> {
        if let Some((other, field)) = step.split_once(':') {
            return Some(self.of(other).iter().any(|one| {
                one.fields.get(field) == Some(&V::Text(row.id.clone()))
                    && self.holds(other, one, filter)
            }));
        }
        match self.target(&self.field(collection, row, step)) {
            Some((target, one)) => self.truth(target, one, filter),
            None if op == "isnull" => Some(true),
            None => None,
        }
    }

    /// The temporal relations by the standard's table, over days.
    fn times(&self, collection: &str, row: &Row, op: &str, args: &[Json]) -> Option<bool> {
        let ends = |arg: &Json| -> [Option<i32>; 2] {
            let one = |arg: &Json, first: bool| match arg {
                Json::String(text) if text == ".." => Some(if first { i32::MIN } else { i32::MAX }),
                Json::String(text) => Some(day_of(text, first)),
                Json::Object(members) if members.contains_key("date") => {
                    Some(day_of(members["date"].as_str()?, first))
                }
                other => match self.value(collection, row, other) {
                    V::Day(day) => Some(day),
                    _ => {
                        let name = other.get("property").and_then(Json::as_str);
                        match name {
                            Some("validFrom") => Some(i32::MIN),
                            Some("validTo") => Some(i32::MAX),
                            _ => None,
                        }
                    }
                },
            };
            match arg.get("interval").and_then(Json::as_array) {
                Some(ends) => [one(&ends[0], true), one(&ends[1], false)],
                None => [one(arg, true), one(arg, false)],
            }
        };
        let ([a, b], [c, d]) = (ends(&args[0]), ends(&args[1]));
        let lt = |one: Option<i32>, other: Option<i32>| Some(one? < other?);
        let eq = |one: Option<i32>, other: Option<i32>| Some(one? == other?);
        let not = |one: Option<bool>| one.map(|is| !is);
        let and = |all: &[Option<bool>]| {
            if all.contains(&Some(false)) {
                Some(false)
            } else {
                all.iter()
                    .copied()
                    .collect::<Option<Vec<_>>>()
                    .map(|_| true)
            }
        };
        let or = |one, other| not(and(&[not(one), not(other)]));
        match op {
            "t_after" => lt(d, a),
            "t_before" => lt(b, c),
            "t_contains" => and(&[lt(a, c), lt(d, b)]),
            "t_disjoint" => or(lt(b, c), lt(d, a)),
            "t_during" => and(&[lt(c, a), lt(b, d)]),
            "t_equals" => and(&[eq(a, c), eq(b, d)]),
            "t_finishedby" => and(&[lt(a, c), eq(b, d)]),
            "t_finishes" => and(&[lt(c, a), eq(b, d)]),
            "t_intersects" => and(&[not(lt(b, c)), not(lt(d, a))]),
            "t_meets" => eq(b, c),
            "t_metby" => eq(a, d),
            "t_overlappedby" => and(&[lt(c, a), lt(a, d), lt(d, b)]),
            "t_overlaps" => and(&[lt(a, c), lt(c, b), lt(b, d)]),
            "t_startedby" => and(&[eq(a, c), lt(d, b)]),
            "t_starts" => and(&[eq(a, c), lt(b, d)]),
            other => panic!("{other}"),
        }
    }
}

/// The first or last day that a text means; an instant is its day in China.
pub fn day_of(text: &str, first: bool) -> i32 {
    if let Ok(date) = text.parse::<PartialDate>() {
        return if first {
            date.first_day().0
        } else {
            date.end_day().0 - 1
        };
    }
    let (date, time) = text.split_once('T').expect("an instant");
    let day = date.parse::<Day>().expect("a day").0;
    let hour: i32 = time[..2].parse().expect("an hour");
    day + i32::from(hour >= 16)
}

fn of_field(kind: &FieldType, value: &Json) -> V {
    match (kind, value) {
        (FieldType::Date, Json::String(text)) => {
            V::Day(text.parse::<PartialDate>().expect("a date").first_day().0)
        }
        (_, Json::String(text)) => V::Text(text.clone()),
        (_, Json::Number(number)) => V::Number(number.as_f64().expect("a number")),
        (_, Json::Bool(is)) => V::Is(*is),
        (kind, Json::Array(items)) => {
            V::List(items.iter().map(|item| of_field(kind, item)).collect())
        }
        _ => V::Null,
    }
}

/// How two shapes lie.
pub fn related(op: &str, one: &Shape, other: &Shape) -> bool {
    match op {
        "s_intersects" => predicate::intersects(one, other),
        "s_equals" => predicate::equals(one, other),
        "s_disjoint" => predicate::disjoint(one, other),
        "s_touches" => predicate::touches(one, other),
        "s_within" => predicate::within(one, other),
        "s_overlaps" => predicate::overlaps(one, other),
        "s_crosses" => predicate::crosses(one, other),
        "s_contains" => predicate::contains(one, other),
        other => panic!("{other}"),
    }
}
