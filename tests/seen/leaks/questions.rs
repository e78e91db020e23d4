//! Questions of every kind, by every field, whether it is seen or not.

use super::*;

/// What may be asked.
pub struct Questions<'a> {
    pub random: &'a mut Random,
    pub catalog: &'a Catalog,
    pub rows: &'a [Row],
    pub other: &'a [Row],
}

/// Questions of every collection.
const QUERIES: [&str; 21] = [
    "limit=3",
    "limit=0",
    "f=csv",
    "f=ndjson",
    "f=json",
    "f=html&limit=3",
    "f=fgb",
    "q=%E7%8E%8B&limit=2",
    "q=%E4%BC%9F",
    "q=27",
    "sortby=validFrom",
    "sortby=-knownFrom",
    "bbox=116.3,39.98,116.305,39.985",
    "bbox=0,0,1,1",
    "datetime=../2020-01-01T00:00:00%2B08:00",
    "knownAt=1970-01-01T00:00:03Z",
    "knownAt=1970-01-01T00:00:05Z&limit=4",
    "filter=validFrom%20%3E%20DATE('2020-01-01')",
    "filter=t_intersects(INTERVAL(validFrom,validTo),DATE('2020-01-01'))",
    "filter=s_intersects(geometry,POINT(116.3%2039.98))",
    "filter=within_division(division,'110108')",
];

/// One question.
#[derive(Clone, Debug)]
pub struct Question {
    method: &'static str,
    path: String,
    body: String,
}

fn get(path: String) -> Question {
    Question {
        method: "GET",
        path,
        body: String::new(),
    }
}

fn post(path: &str, body: serde_json::Value) -> Question {
    Question {
        method: "POST",
        path: path.to_string(),
        body: body.to_string(),
    }
}

impl Question {
    /// Asks both, and compares the answers; then the pages that follow.
    pub fn put(&self, stages: &[(Stage, String); 2], policy: &str) {
        let mut path = self.path.clone();
        for _ in 0..4 {
            let [one, other] = [0, 1].map(|place: usize| {
                let (stage, key) = &stages[place];
                comparable(stage.send(key, self.method, &path, &[], &self.body))
            });
            assert!(one.status < 500, "{self:?}: {}\n{policy}", one.text());
            if one != other {
                panic!(
                    "{self:?} at {path}\n{}\n{}\n{one:?}\n{other:?}\n{policy}",
                    one.text(),
                    other.text()
                );
            }
            let json = one.json();
            let links = json["links"].as_array().cloned().unwrap_or_default();
            let next = links.iter().find(|link| link["rel"] == "next");
            match next.and_then(|link| link["href"].as_str()) {
                Some(next) => path = next.to_string(),
                None => return,
            }
        }
    }
}

/// An answer without what differs from one moment to the next.
fn comparable(mut answer: Answer) -> Answer {
    for name in ["jiku-receipt", "date", "server-timing", "content-length"] {
        answer.headers.remove(name);
    }
    let Ok(text) = String::from_utf8(answer.body.clone()) else {
        return answer;
    };
    let mut text = text;
    for name in ["\"timeStamp\":\"", "\"milliseconds\":"] {
        while let Some(at) = text.find(name) {
            let rest = at + name.len();
            let end = text[rest..]
                .find(['"', ',', '}'])
                .map_or(text.len(), |end| rest + end);
            text.replace_range(at..end, "");
        }
    }
    answer.body = text.into_bytes();
    answer
}

impl Questions<'_> {
    /// All of them.
    pub fn all(mut self) -> Vec<Question> {
        let mut all = Vec::new();
        for name in [
            "/collections",
            "/responsibility",
            "/search?q=%E7%8E%8B",
            "/search?q=%E7%8E%8B%E4%BC%9F",
            "/search?q=wangwei",
            "/suggest?q=%E7%8E%8B",
            "/suggest?q=w",
            "/search?q=%E5%AD%A6%E9%99%A2%E8%B7%AF27",
            "/search?q=K70X",
            "/search?q=N3",
        ] {
            all.push(get(name.to_string()));
        }
        for name in COLLECTIONS {
            let collection = self.catalog.collection(name).expect("a collection").clone();
            self.of_collection(&collection, &mut all);
            for field in &collection.fields {
                self.of_field(&collection, field, &mut all);
            }
            self.of_records(&collection, &mut all);
        }
        all
    }

    fn of_collection(&mut self, collection: &Collection, all: &mut Vec<Question>) {
        let here = format!("/collections/{}", collection.name);
        let items = format!("{here}/items");
        for below in [
            "",
            "/schema",
            "/queryables",
            "/conflicts",
            "/tiles",
            "/tiles/WebMercatorQuad",
            "/tiles/WebMercatorQuad/0/0/0",
            "/tiles/WebMercatorQuad/12/1551/3372",
        ] {
            all.push(get(format!("{here}{below}")));
        }
        for query in QUERIES {
            all.push(get(format!("{items}?{query}")));
        }
        for _ in 0..3 {
            let day = Day(register::today().0 + self.random.between(-25, 20));
            all.push(get(format!("{items}?validAt={day}&limit=20")));
            let to = Day(day.0 + 5);
            all.push(get(format!(
                "{items}?datetime={day}T00:00:00%2B08:00/{to}T00:00:00%2B08:00&limit=20"
            )));
        }
        let from = &collection.name;
        all.push(post("/query", json!({ "from": from, "explain": true })));
        all.push(post(
            "/query",
            json!({ "from": from, "measures": ["count"], "explain": true }),
        ));
        all.push(post(
            "/query",
            json!({ "from": from, "group": ["division:county"], "measures": ["count"] }),
        ));
        all.push(post(
            "/query",
            json!({ "from": from, "group": ["grid:1000"], "measures": ["count"] }),
        ));
        all.push(post(
            "/query",
            json!({ "from": from, "near": { "lon": 116.3, "lat": 39.98, "metres": 2000 } }),
        ));
        all.push(post(
            "/query",
            json!({ "from": from, "near": { "lon": 116.3, "lat": 39.98, "k": 3 } }),
        ));
    }

    fn of_field(&mut self, collection: &Collection, field: &Field, all: &mut Vec<Question>) {
        let (from, name) = (collection.name.as_str(), field.name.as_str());
        let items = format!("/collections/{from}/items");
        let values = self.values(from, name);
        by_value(collection, field, &values, all);
        all.push(get(format!(
            "{items}?limit=20&filter={}",
            escaped(&format!("{name} IS NULL"))
        )));
        for query in [
            format!("sortby={name}&limit=4"),
            format!("sortby=-{name}"),
            format!("properties={name}"),
            format!("limit=3&f=csv&properties={name}"),
        ] {
            all.push(get(format!("{items}?{query}")));
        }
        all.push(get(format!("/collections/{from}/conflicts?field={name}")));
        all.push(get(format!(
            "/collections/{from}/tiles/WebMercatorQuad/0/0/0?properties={name}"
        )));
        for group in [
            name.to_string(),
            format!("year:{name}"),
            format!("age:{name}:10"),
        ] {
            all.push(post(
                "/query",
                json!({ "from": from, "group": [group], "measures": ["count"] }),
            ));
        }
        for measure in [format!("min:{name}"), format!("count:{name}")] {
            all.push(post(
                "/query",
                json!({ "from": from, "measures": [measure] }),
            ));
        }
        all.push(post("/query", json!({ "from": from, "expand": [name] })));
        self.along_links(from, name, &values, all);
    }

    /// Questions of others that refer to the field's record.
    fn along_links(&self, from: &str, name: &str, values: &[String], all: &mut Vec<Question>) {
        for (other, way) in [
            ("person", "currentAddress"),
            ("person", "household"),
            ("household", "address"),
        ] {
            if self
                .catalog
                .collection(other)
                .and_then(|one| one.field(way))
                .and_then(|(_, one)| one.target())
                == Some(from)
            {
                all.push(post(
                    "/query",
                    json!({ "from": other, "select": [format!("{way}.{name}")] }),
                ));
                all.push(post("/query", json!({ "from": other, "group": [format!("{way}.{name}")], "measures": ["count"] })));
                let value = &values[values.len() - 1];
                all.push(post("/query", json!({ "from": other, "filter": format!("{way}.{name} = '{value}'"), "explain": true })));
                all.push(post(
                    "/query",
                    json!({ "from": from, "select": [format!("{other}:{way}.name")] }),
                ));
            }
        }
    }

    /// Values of a field, in either set, and such as no record has.
    fn values(&mut self, from: &str, name: &str) -> Vec<String> {
        let mut values: Vec<String> = vec!["王伟".to_string(), "K70X".to_string()];
        for rows in [self.rows, self.other] {
            let said = rows.iter().filter(|row| row.collection == from);
            let said: Vec<&Value> = said
                .flat_map(|row| &row.fields)
                .filter(|(of, _)| of == name)
                .map(|(_, value)| value)
                .collect();
            for _ in 0..2 {
                if !said.is_empty() {
                    values.extend(text_of(said[self.random.below(said.len() as u64) as usize]));
                }
            }
        }
        values
    }

    fn of_records(&mut self, collection: &Collection, all: &mut Vec<Question>) {
        let here = format!("/collections/{}", collection.name);
        for number in 1..13 {
            let id = EntityId::new(collection.register, number).expect("a number");
            let place = format!("{here}/items/{id}");
            all.push(get(place.clone()));
            for below in ["/versions", "/statements"] {
                all.push(get(format!("{place}{below}")));
            }
            let day = Day(register::today().0 + self.random.between(-22, 15));
            all.push(get(format!("{place}?validAt={day}")));
            all.push(get(format!(
                "{place}?validAt={day}&knownAt=1970-01-01T00:00:05Z"
            )));
            let references = collection
                .fields
                .iter()
                .filter(|field| field.target().is_some());
            for field in references {
                all.push(get(format!("{place}?expand={}", field.name)));
            }
        }
        let keys: Vec<String> = (0..4).map(|number| key(&collection.name, number)).collect();
        all.push(post(&format!("{here}/lookup"), json!({ "keys": keys })));
    }
}

/// Questions by a field's values.
fn by_value(collection: &Collection, field: &Field, values: &[String], all: &mut Vec<Question>) {
    let (from, name) = (collection.name.as_str(), field.name.as_str());
    let items = format!("/collections/{from}/items");
    for value in values {
        let quoted = if matches!(field.kind, FieldType::Date) {
            format!("DATE('{value}')")
        } else {
            format!("'{value}'")
        };
        for filter in [
            format!("{name} = {quoted}"),
            format!("{name} > {quoted}"),
            format!("NOT ({name} = {quoted})"),
            format!("casei({name}) = casei({quoted})"),
            format!("{name} LIKE '{}%'", value.chars().next().unwrap_or('x')),
        ] {
            all.push(get(format!("{items}?limit=20&filter={}", escaped(&filter))));
        }
        all.push(get(format!("{items}?{name}={}", escaped(value))));
        all.push(post(
            "/query",
            json!({ "from": from, "filter": format!("{name} = {quoted}"), "explain": true }),
        ));
    }
}

/// A value as a filter names it.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Reference(reference) => Some(reference.key.to_string()),
        Value::List(items) => items.first().and_then(text_of),
        _ => None,
    }
}
